"""Compare stated probabilities with what happened, bin by bin.

>>> from mlmastery.calibration import expected_calibration_error
>>> expected_calibration_error([True, True, True, False], [1.0, 1.0, 1.0, 1.0])
0.25
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.inference import wilson_interval
from mlmastery.validation import as_numbers, check_choice, check_count

__all__ = ["expected_calibration_error", "reliability_table"]

BINS = ("width", "count")


def reliability_table(
    outcomes: Any, probabilities: Any, n_bins: int = 10, bins_of_equal: str = "width"
) -> pd.DataFrame:
    """Compare mean predicted probabilities with observed shares, bin by bin.

    Parameters
    ----------
    outcomes : array of bool, shape (n,)
        Whether it happened; of a prediction's confidence, whether it was right.
    probabilities : array of shape (n,)
        Between 0 and 1.
    n_bins : int, default=10
    bins_of_equal : {"width", "count"}, default="width"
        Empty bins of equal width are left out.

    Returns
    -------
    DataFrame
        ``predicted``, ``observed``, ``low``, ``high`` (Wilson, 95 %) and ``n``; a row
        for each bin, in order of the prediction.

    Raises
    ------
    ValueError
        If the two differ in length, are empty, or hold other numbers.

    Examples
    --------
    >>> reliability_table([0, 1, 1, 1], [0.5, 0.5, 0.9, 0.9]).round(2)
       predicted  observed   low  high  n
    0        0.5       0.5  0.09  0.91  2
    1        0.9       1.0  0.34  1.00  2
    """
    y, p = _checked(outcomes, probabilities)
    check_count(n_bins, "n_bins")
    by_width = check_choice(bins_of_equal, "bins_of_equal", BINS) == "width"
    rows = []
    for part in _same_width(p, n_bins) if by_width else _same_count(p, n_bins):
        hits, n = int(y[part].sum()), len(part)
        rows.append((p[part].mean(), hits / n, *wilson_interval(hits, n), n))
    return pd.DataFrame(rows, columns=["predicted", "observed", "low", "high", "n"])


def expected_calibration_error(
    outcomes: Any, probabilities: Any, n_bins: int = 10
) -> float:
    """Return the mean distance of predicted and observed over bins of equal width.

    Parameters
    ----------
    outcomes : array of bool, shape (n,)
    probabilities : array of shape (n,)
    n_bins : int, default=10

    Returns
    -------
    float
        Between 0, where every bin keeps its word, and 1.

    References
    ----------
    .. [1] Guo, Pleiss, Sun and Weinberger (2017), "On Calibration of Modern Neural
       Networks", ICML.

    Examples
    --------
    >>> expected_calibration_error([0, 1], [0.9, 0.9])
    0.4
    """
    table = reliability_table(outcomes, probabilities, n_bins)
    gap = (table["predicted"] - table["observed"]).abs()
    return round(float((gap * table["n"]).sum() / table["n"].sum()), 12)


def _same_width(p: np.ndarray, n_bins: int) -> Iterable[np.ndarray]:
    bins = np.minimum((p * n_bins).astype(int), n_bins - 1)  # 1.0 is in the last bin
    return (np.flatnonzero(bins == number) for number in np.unique(bins))


def _same_count(p: np.ndarray, n_bins: int) -> Iterable[np.ndarray]:
    check_count(n_bins, "n_bins", maximum=len(p))
    return np.array_split(np.argsort(p, kind="stable"), n_bins)


def _checked(outcomes: Any, probabilities: Any) -> tuple[np.ndarray, np.ndarray]:
    y, p = as_numbers(outcomes, "outcomes"), as_numbers(probabilities, "probabilities")
    if y.shape != p.shape or y.ndim != 1 or not len(p):
        raise ValueError(
            "outcomes and probabilities must have one entry each, at least one, "
            f"got shapes {y.shape} and {p.shape}"
        )
    if not np.isin(y, (0, 1)).all():
        wrong = y[~np.isin(y, (0, 1))][0]
        raise ValueError(f"outcomes must be true or false, got {wrong}")
    if not ((p >= 0) & (p <= 1)).all():
        wrong = p[~((p >= 0) & (p <= 1))][0]
        raise ValueError(f"probabilities must lie between 0 and 1, got {wrong}")
    return y.astype(bool), p
