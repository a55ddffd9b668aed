"""Thresholds from the number of alerts that can be checked, and what alerts cost."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mlmastery.validation import as_numbers, check_number

__all__ = ["Costs", "expected_cost", "threshold_for"]


class Costs(NamedTuple):
    """The price of an alert, and the share of its amount that a found fraud saves.

    Examples
    --------
    >>> Costs(alert=4.0).saved
    1.0
    """

    alert: float
    saved: float = 1.0


def threshold_for(scores: Any, n_days: float, alerts_a_day: float) -> float:
    """Return the lowest score above which there are at most so many alerts a day.

    An alert is a score greater than the threshold, so that ties at the threshold raise
    none of them.

    Parameters
    ----------
    scores : array of shape (n,)
        Scores of rows that the model was not trained on.
    n_days : float
        Days that the scores cover.
    alerts_a_day : float
        What the analysts can check.

    Raises
    ------
    ValueError
        If a number is not positive, there are no scores, or one is missing.

    Examples
    --------
    >>> threshold_for([0.1, 0.9, 0.5, 0.7], n_days=1, alerts_a_day=2)
    0.5
    """
    scores = np.sort(as_numbers(scores, "scores"))
    if not len(scores) or np.isnan(scores).any():
        raise ValueError("scores must hold at least one number, and none missing")
    check_number(n_days, "n_days", open=True)
    check_number(alerts_a_day, "alerts_a_day", open=True)
    allowed = int(n_days * alerts_a_day)
    if allowed >= len(scores):
        return float(np.nextafter(scores[0], -np.inf))
    return float(scores[len(scores) - 1 - allowed])


def expected_cost(fraud: Any, amount: Any, alerts: Any, costs: Costs) -> float:
    """Return the cost of a period: alerts checked and frauds not stopped.

    Parameters
    ----------
    fraud : array of shape (n,)
        0 or 1.
    amount : array of shape (n,)
    alerts : array of shape (n,)
        Whether each transaction raised an alert.
    costs : Costs

    Raises
    ------
    ValueError
        If the lengths differ, or an amount is negative or missing.

    Examples
    --------
    >>> expected_cost([1, 0, 1], [80, 20, 50], [1, 1, 0], Costs(alert=4))
    58.0
    """
    fraud, amount = as_numbers(fraud, "fraud"), as_numbers(amount, "amount")
    alerts = np.asarray(alerts, dtype=bool)
    if not fraud.shape == amount.shape == alerts.shape:
        raise ValueError(
            "fraud, amount and alerts must be of one length, "
            f"got {fraud.shape}, {amount.shape}, {alerts.shape}"
        )
    if not (amount >= 0).all():
        raise ValueError("amount must hold no negative and no missing numbers")
    lost = fraud * amount * (1 - costs.saved * alerts)
    return float(alerts.sum() * costs.alert + lost.sum())
