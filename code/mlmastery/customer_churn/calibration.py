"""Whether probabilities mean what they say, and how to repair resampled ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mlmastery.customer_churn.checks import check_flags, check_probabilities
from mlmastery.inference import wilson_interval
from mlmastery.validation import check_count, check_share

__all__ = ["calibration_table", "undo_resampling"]


def calibration_table(left: Any, probability: Any, n_bins: int = 10) -> pd.DataFrame:
    """Compare predicted and observed shares of leavers, in bins of equal count.

    Parameters
    ----------
    left : array of 0/1, shape (n_customers,)
    probability : array of shape (n_customers,)
    n_bins : int, default=10

    Returns
    -------
    DataFrame
        ``predicted``, ``observed``, ``low``, ``high`` (Wilson, 95 %), ``n``; one row
        per bin, in order of the prediction.

    Examples
    --------
    >>> calibration_table([0, 1, 1, 1], [0.5, 0.5, 0.9, 0.9], n_bins=2).round(2)
       predicted  observed   low  high  n
    0        0.5       0.5  0.09  0.91  2
    1        0.9       1.0  0.34  1.00  2
    """
    p, y = check_probabilities(probability), check_flags(left, "left").astype(float)
    if len(p) != len(y):
        raise ValueError(
            "left and probability must have one entry per customer, "
            f"got {len(y)} and {len(p)}"
        )
    check_count(n_bins, "n_bins", maximum=len(p))
    rows = []
    for part in np.array_split(np.argsort(p, kind="stable"), n_bins):
        interval = wilson_interval(int(y[part].sum()), len(part))
        rows.append((p[part].mean(), y[part].mean(), *interval, len(part)))
    return pd.DataFrame(rows, columns=["predicted", "observed", "low", "high", "n"])


def undo_resampling(
    probability: Any, true_share: float, resampled_share: float = 0.5
) -> np.ndarray:
    """Turn probabilities learned at one share of leavers into those of another.

    Resampling multiplies the odds of every customer by the same factor; dividing by
    it undoes that.

    Parameters
    ----------
    probability : array of shape (n_customers,)
        From a model that was fitted on resampled or balanced rows.
    true_share : float
        Share of leavers in the original training rows.
    resampled_share : float, default=0.5
        Share of leavers that the model saw.

    Returns
    -------
    ndarray of shape (n_customers,)

    References
    ----------
    .. [1] Elkan (2001), "The Foundations of Cost-Sensitive Learning", IJCAI, theorem 2.

    Examples
    --------
    >>> undo_resampling([0.5], true_share=0.2).tolist()
    [0.2]
    """
    p = check_probabilities(probability)
    check_share(true_share, "true_share")
    check_share(resampled_share, "resampled_share")
    seen = resampled_share / (1 - resampled_share)
    true = true_share / (1 - true_share)
    ratio = true / seen
    return p * ratio / (p * ratio + (1 - p))
