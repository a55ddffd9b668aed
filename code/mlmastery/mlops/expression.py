"""A logistic pipeline as a plain expression: a sum of looked-up numbers.

The pipeline turns one row into a table, the table into an array, and multiplies; the
expression looks each category up and adds. Both give the same probability.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from .flight_rows import CATEGORIES, NUMBERS

__all__ = ["Expression", "as_expression"]


class Expression:
    """A fitted logistic pipeline without its library.

    Parameters
    ----------
    intercept : float
    categories : mapping of str to mapping of str to float
        For each column the weight of each known value; others weigh nothing.
    numbers : mapping of str to (weight, mean, fill)
        A missing value is replaced by ``fill``; then ``weight * (x - mean)`` is added.

    Examples
    --------
    >>> model = Expression(0.0, {"carrier": {"UA": 1.0}}, {"hour": (2.0, 12.0, 12.0)})
    >>> model.probability({"carrier": "XX", "hour": None})
    0.5
    """

    def __init__(
        self,
        intercept: float,
        categories: Mapping[str, Mapping[str, float]],
        numbers: Mapping[str, tuple[float, float, float]],
    ):
        self.intercept = intercept
        self.categories = list(categories.items())
        self.numbers = [(name, *terms) for name, terms in numbers.items()]

    def probability(self, row: Mapping[str, Any]) -> float:
        """Return the probability for one row."""
        z = self.intercept
        for name, weights in self.categories:
            z += weights.get(row[name], 0.0)
        for name, weight, mean, fill in self.numbers:
            x = row[name]
            missing = x is None or x != x  # NaN alone differs from itself
            z += weight * ((fill if missing else x) - mean)
        # The exponential of a large number would overflow.
        return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))

    def probabilities(self, rows: Sequence[Mapping[str, Any]]) -> list[float]:
        """Return the probability of each row."""
        return [self.probability(row) for row in rows]


def as_expression(pipeline: Any) -> Expression:
    """Take the weights out of a pipeline that ``logistic`` describes.

    Raises
    ------
    TypeError
        If its last step is another model.
    """
    columns, model = pipeline[0], pipeline[-1]
    if not isinstance(model, LogisticRegression):
        raise TypeError(
            f"the last step must be a LogisticRegression, got {type(model).__name__}"
        )
    encoder, numeric = (columns.transformers_[i][1] for i in (0, 1))
    weights = model.coef_[0]
    categories, start = {}, 0
    for index, name in enumerate(CATEGORIES):
        table, width = _weights_of(encoder, index, weights[start:])
        categories[name] = table
        start += width
    fills, scaler = numeric[0].statistics_, numeric[1]
    slopes = weights[start:] / scaler.scale_
    terms = zip(slopes.tolist(), scaler.mean_.tolist(), fills.tolist(), strict=True)
    return Expression(
        float(model.intercept_[0]),
        categories,
        dict(zip(NUMBERS, terms, strict=True)),
    )


def _weights_of(
    encoder: Any, index: int, weights: np.ndarray
) -> tuple[dict[str, float], int]:
    rare = encoder.infrequent_categories_[index]
    rare = set() if rare is None else set(rare)
    common = [c for c in encoder.categories_[index] if c not in rare]
    table = {c: float(w) for c, w in zip(common, weights, strict=False)}
    # Rare categories share the column after the common ones.
    table |= {c: float(weights[len(common)]) for c in rare}
    return table, len(common) + bool(rare)
