"""Several metrics at once: p-values that are adjusted for how many there are."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlmastery import inference
from mlmastery.validation import as_sample

__all__ = ["benjamini_hochberg", "bonferroni", "holm"]


def bonferroni(p_values: Any) -> np.ndarray:
    """Return p-values multiplied by their number, at most 1.

    Examples
    --------
    >>> bonferroni([0.01, 0.04]).tolist()
    [0.02, 0.08]
    """
    p = _as_p_values(p_values)
    return np.minimum(1, p * len(p))


def holm(p_values: Any) -> np.ndarray:
    """Return Holm's adjusted p-values: never larger than Bonferroni's.

    They are those of `mlmastery.inference.holm`, of p-values that are checked.

    Raises
    ------
    ValueError
        If there is none, or one is not between 0 and 1.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    return inference.holm(_as_p_values(p_values))


def benjamini_hochberg(p_values: Any) -> np.ndarray:
    """Return p-values adjusted for the share of false alarms among the alarms.

    Parameters
    ----------
    p_values : array of shape (m,)

    Returns
    -------
    ndarray of shape (m,)
        In the order given.

    References
    ----------
    .. [1] Benjamini and Hochberg (1995), "Controlling the False Discovery Rate",
       Journal of the Royal Statistical Society B 57(1).

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.04, 0.04]
    """
    p = _as_p_values(p_values)
    order = np.argsort(p)[::-1]  # from the largest down
    steps = p[order] * len(p) / np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(1, np.minimum.accumulate(steps))
    return adjusted


def _as_p_values(p_values: Any) -> np.ndarray:
    try:
        p = as_sample(p_values, "p_values", 1)
    except ValueError:
        p = np.array([])
    if len(p) and ((p >= 0) & (p <= 1)).all():
        return p
    raise ValueError(f"p_values must be a row of numbers from 0 to 1, got {p_values!r}")
