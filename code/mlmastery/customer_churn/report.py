"""A churn report in one HTML file, for a manager."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.bookkit.tables import to_markdown
from mlmastery.customer_churn.campaign import Campaign, expected_gain
from mlmastery.customer_churn.checks import check_probabilities
from mlmastery.customer_churn.costs import CostMatrix
from mlmastery.customer_churn.reasons import customer_reasons
from mlmastery.validation import check_count

__all__ = ["call_list", "churn_report"]


def call_list(
    model: Any, customers: pd.DataFrame, costs: CostMatrix, n_rows: int = 10
) -> pd.DataFrame:
    """Return the customers whom it pays most to call, with reasons and offers.

    Parameters
    ----------
    model : Pipeline
        From ``make_model("boosting")``, fitted.
    customers : DataFrame
    costs : CostMatrix
    n_rows : int, default=10

    Returns
    -------
    DataFrame
        ``customer``, ``probability``, ``expected gain``, ``reasons``, ``offer``;
        those at or above the threshold only.
    """
    check_count(n_rows, "n_rows")
    p = check_probabilities(model.predict_proba(customers)[:, 1])
    order = np.argsort(-p, kind="stable")[:n_rows]
    rows = []
    for i in order[p[order] >= costs.threshold]:
        reasons = customer_reasons(model, customers.iloc[[i]])
        offers = list(dict.fromkeys(r.action for r in reasons if r.action))
        gain = float(expected_gain(p[[i]], costs)[0])
        words = ", ".join(r.feature for r in reasons)
        offer = offers[0] if offers else "ask"
        rows.append((customers.index[i], p[i], gain, words, offer))
    names = ["customer", "probability", "expected gain", "reasons", "offer"]
    return pd.DataFrame(rows, columns=names)


class ChurnReport(str):
    """A page of HTML that a notebook shows by its content, for print as Markdown."""

    text: str

    def _repr_html_(self) -> str:
        # Headings would stand in the outline of the page that shows it.
        body = self.split("</style>")[1].removesuffix("</html>")
        body = re.sub(r"<h\d>", "<p><strong>", body)
        return re.sub(r"</h\d>", "</strong></p>", body)

    def _repr_markdown_(self) -> str:
        return self.text


def churn_report(
    calls: pd.DataFrame,
    campaign: Campaign,
    costs: CostMatrix,
    notes: Sequence[str] = (),
) -> ChurnReport:
    """Return a page that needs no other file: verdict, money, whom to call.

    Parameters
    ----------
    calls : DataFrame
        From `call_list`.
    campaign : Campaign
        What the same rule earned on customers whose outcome is known.
    costs : CostMatrix
    notes : sequence of str, optional
        What the reader must know of the data.

    Returns
    -------
    ChurnReport
        The page as a string of HTML; the last line of a cell shows it.

    Examples
    --------
    >>> from mlmastery.customer_churn import run_campaign
    >>> costs = CostMatrix(150, -50)
    >>> campaign = run_campaign([1, 0], [1, 0], costs, n_resamples=10)
    >>> page = churn_report(pd.DataFrame({"customer": ["<7>"]}), campaign, costs)
    >>> "&lt;7&gt;" in page, "<script" in page
    (True, False)
    """
    if not isinstance(calls, pd.DataFrame):
        raise ValueError(f"calls must be a DataFrame, got {type(calls).__name__}")
    if isinstance(notes, str):
        raise ValueError(f"notes must be a list of sentences, got {notes!r}")
    table = calls.to_html(index=False, border=0, float_format="{:.2f}".format)
    items = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
    low, high = campaign.profit_interval
    verdict, money = (
        _verdict(campaign),
        (
            f"A call pays from a probability of {costs.threshold:.0%} on. "
            f"{campaign.calls:,} calls cost {campaign.spent:,.0f} and brought "
            f"{campaign.profit:,.0f} after costs (95 %: {low:,.0f} to {high:,.0f}), "
            f"{campaign.roi:.2f} for each unit spent."
        ),
    )
    page = ChurnReport(
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        "<title>Churn report</title><style>body{font-family:sans-serif;margin:2em}"
        "td,th{padding:.3em .8em;text-align:left}</style>"
        f"<h1>Whom to call</h1><p><strong>{verdict}</strong></p><p>{money}</p>"
        f"<h2>The next calls</h2>{table}<h2>What to know</h2><ul>{items}</ul></html>"
    )
    lines = [f"**{verdict}** {money}", to_markdown(calls.round(2), index=False)]
    page.text = "\n\n".join([*lines, "\n".join(f"- {note}" for note in notes)])
    return page


def _verdict(campaign: Campaign) -> str:
    if campaign.profit_interval.low > 0:
        return "The campaign pays."
    if campaign.profit_interval.high < 0:
        return "The campaign loses money."
    return "Whether the campaign pays cannot be told from these customers."
