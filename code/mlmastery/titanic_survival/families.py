"""Survival of companions as a feature: cross-fitted, and leaked in two ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from mlmastery.titanic_survival.encoders import LeakingTargetEncoder, TargetEncoder
from mlmastery.titanic_survival.features import (
    COLUMNS,
    ENGINEERED,
    STANDARD,
    TitanicFeatures,
)
from mlmastery.titanic_survival.models import make_encoder
from mlmastery.validation import check_choice

__all__ = ["PARTY", "party_model"]

# The encoder of the survival on a ticket, and the column that it reads.
PARTY: Mapping[str, tuple[Callable[[], Any], str]] = MappingProxyType(
    {
        "before splitting": (FunctionTransformer, "PartyRate"),
        "leaking": (lambda: LeakingTargetEncoder(smooth=1.0), "Ticket"),
        "cross-fitted": (lambda: TargetEncoder(smooth=1.0), "Ticket"),
    }
)


def party_model(party: str = "none") -> Pipeline:
    """Return a logistic regression that may also use the survival on each ticket.

    Parameters
    ----------
    party : {"none", "before splitting", "leaking", "cross-fitted"}, default="none"
        "before splitting" reads a column ``PartyRate`` that was computed beforehand;
        "leaking" encodes each training row by its own outcome too; "cross-fitted" by
        its companions in other folds only.

    Raises
    ------
    ValueError
        If ``party`` is none of them.

    Examples
    --------
    >>> from mlmastery.datasets import load_titanic
    >>> people = load_titanic()
    >>> model = party_model("leaking").fit(people, people["Survived"])
    >>> model.score(people, people["Survived"]) > 0.9
    True
    """
    check_choice(party, "party", ("none", *PARTY))
    features = (*STANDARD, *ENGINEERED)
    passenger = make_pipeline(TitanicFeatures(), make_encoder(features))
    parts: list[tuple[str, Any, list[str]]] = [("passenger", passenger, list(COLUMNS))]
    if party != "none":
        make, column = PARTY[party]
        parts.append(("party", make(), [column]))
    model = LogisticRegression(max_iter=1000)
    return Pipeline([("features", ColumnTransformer(parts)), ("model", model)])
