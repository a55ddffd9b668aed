"""Why a customer is expected to leave, and what could be offered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from mlmastery.validation import check_count

__all__ = ["ACTIONS", "Reason", "contributions", "customer_reasons"]

# What each column could lead to. Columns that no offer changes are not listed.
ACTIONS = {
    "contract": "offer a yearly contract",
    "new_and_unbound": "offer a yearly contract",
    "first_half_year": "make a welcome call",
    "log_tenure": "make a welcome call",
    "tenure": "make a welcome call",
    "tech_support": "add technical support free for three months",
    "online_security": "add online security free for three months",
    "protections": "add online security free for three months",
    "fibre_unprotected": "add online security free for three months",
    "internet_service": "check the quality of the line",
    "monthly_charges": "review the tariff",
    "charge_per_service": "review the tariff",
    "charge_rise": "explain the last change of price",
    "payment_method": "offer a discount for automatic payment",
    "pays_automatically": "offer a discount for automatic payment",
}


@dataclass(frozen=True)
class Reason:
    """One column's part in a customer's score.

    Parameters
    ----------
    feature : str
        The column of the table, with the words' columns joined.
    effect : float
        Logarithm of the odds that it adds, against the average training customer.
    action : str
        What could be offered; empty where no offer changes the column.
    """

    feature: str
    effect: float
    action: str


def contributions(model: Any, customers: pd.DataFrame) -> pd.DataFrame:
    """Return SHAP values of a fitted boosting pipeline, by column of the table.

    Columns of zeros and ones that come from one word column are added up.

    Parameters
    ----------
    model : Pipeline
        From ``make_model("boosting")``, fitted.
    customers : DataFrame of shape (n, n_columns)

    Returns
    -------
    DataFrame of shape (n, n_features + 1)
        Logarithms of odds; ``base`` is the average, and a row's sum the score.
    """
    if not isinstance(model, Pipeline) or not hasattr(model[-1], "booster_"):
        raise ValueError(
            'model must be make_model("boosting"), fitted, '
            f"got {type(getattr(model, 'steps', [(0, model)])[-1][1]).__name__}"
        )
    features = model["features"].transform(customers)
    table = model["scale"].transform(features)
    values = np.asarray(model["model"].predict(table, pred_contrib=True))
    names = [name.split("=")[0] for name in features] + ["base"]
    frame = pd.DataFrame(values, columns=names, index=customers.index)
    return frame.T.groupby(level=0, sort=False).sum().T


def customer_reasons(
    model: Any, customer: pd.DataFrame, n_reasons: int = 3
) -> list[Reason]:
    """Return what raises one customer's probability of leaving most.

    Parameters
    ----------
    model : Pipeline
        From ``make_model("boosting")``, fitted.
    customer : DataFrame of one row
    n_reasons : int, default=3

    Returns
    -------
    list of Reason
        Largest first; fewer if fewer raise it.

    Raises
    ------
    ValueError
        If ``customer`` is not one row.
    """
    check_count(n_reasons, "n_reasons")
    if not isinstance(customer, pd.DataFrame):
        raise ValueError(f"customer must be a DataFrame, got {type(customer).__name__}")
    if len(customer) != 1:
        raise ValueError(f"customer must be one row, got {len(customer)}")
    effects = contributions(model, customer).iloc[0].drop("base")
    raising = effects[effects > 0].nlargest(n_reasons)
    return [Reason(n, float(v), ACTIONS.get(str(n), "")) for n, v in raising.items()]
