"""L1 and L2 penalties: their strengths and the proximal step."""

from __future__ import annotations

import numpy as np

from mlmastery.validation import check_choice, check_number

__all__ = ["PENALTIES", "penalty_strengths", "sklearn_alpha", "soft_threshold"]

PENALTIES = (None, "l1", "l2", "elasticnet")


def soft_threshold(z: np.ndarray, threshold: float) -> np.ndarray:
    """Move each number towards zero by ``threshold`` and stop there (Eq. 3.17).

    This is the proximal step of the L1 penalty: the exact minimiser of
    ``(v - z)**2 / 2 + threshold * abs(v)``.

    Raises
    ------
    ValueError
        If ``threshold`` is not a number of at least 0.

    References
    ----------
    .. [1] Donoho (1995), "De-noising by soft-thresholding", IEEE Transactions on
       Information Theory 41(3).

    Examples
    --------
    >>> soft_threshold(np.array([3.0, -0.5, -2.0]), 1.0)
    array([ 2., -0., -1.])
    """
    check_number(threshold, "threshold")
    return np.sign(z) * np.maximum(np.abs(z) - threshold, 0.0)


def sklearn_alpha(alpha: float, n_samples: int, penalty: str) -> float:
    """Translate our ``alpha`` into scikit-learn's for the same minimum.

    ``Ridge`` minimises the sum of squares plus ``alpha * sum(w**2)``, which is 2m
    times our objective; ``Lasso``, ``ElasticNet`` and ``SGDRegressor`` minimise ours.

    Parameters
    ----------
    alpha : float
    n_samples : int
    penalty : {"l1", "l2", "elasticnet"}

    Examples
    --------
    >>> sklearn_alpha(0.5, n_samples=100, penalty="l2")
    50.0
    >>> sklearn_alpha(0.5, n_samples=100, penalty="l1")
    0.5
    """
    check_choice(penalty, "penalty", PENALTIES[1:])
    return alpha * n_samples if penalty == "l2" else alpha


def penalty_strengths(
    penalty: str | None, alpha: float, l1_ratio: float
) -> tuple[float, float]:
    """Split ``alpha`` into the factors of the L1 and the L2 term.

    Parameters
    ----------
    penalty : {None, "l1", "l2", "elasticnet"}
    alpha : float
    l1_ratio : float
        Share of L1 in the elastic net.

    Returns
    -------
    l1, l2 : float

    Examples
    --------
    >>> penalty_strengths("elasticnet", 2.0, l1_ratio=0.25)
    (0.5, 1.5)
    """
    if penalty is None:
        return 0.0, 0.0
    ratio = {"l1": 1.0, "l2": 0.0, "elasticnet": l1_ratio}[penalty]
    return alpha * ratio, alpha * (1 - ratio)
