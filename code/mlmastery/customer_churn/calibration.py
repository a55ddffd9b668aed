"""Repair the probabilities of a model that was fitted on resampled rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlmastery.customer_churn.checks import check_probabilities
from mlmastery.validation import check_share

__all__ = ["undo_resampling"]


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
