"""Two-sample tests written out: Kolmogorov–Smirnov for numbers, χ² for counts.

>>> ks_test([1, 2, 3], [4, 5, 6]).statistic
1.0
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy import stats

from mlmastery.validation import as_numbers

__all__ = ["SampleTest", "chi_square_test", "ks_test"]

TERMS = 100  # of Kolmogorov's series, which alternates and falls very fast


class SampleTest(NamedTuple):
    """A statistic and the probability of one as large where nothing has changed.

    Examples
    --------
    >>> SampleTest(0.1, 0.4).p_value
    0.4
    """

    statistic: float
    p_value: float


def ks_test(reference: Any, current: Any) -> SampleTest:
    """Compare two samples by the largest distance of their distribution functions.

    Parameters
    ----------
    reference, current : array of shape (n,) and (m,)
        Numbers; missing values are left out.

    Returns
    -------
    SampleTest
        The p-value is Kolmogorov's limit, for independent rows.

    Raises
    ------
    ValueError
        If no number is left in a sample.

    Examples
    --------
    >>> result = ks_test([1, 2, 3, 4], [3, 4, 5, 6])
    >>> result.statistic, round(result.p_value, 2)
    (0.5, 0.7)
    """
    a, b = _present(reference, "reference"), _present(current, "current")
    both = np.concatenate([a, b])
    # Both step functions just after each observed value.
    below_a = np.searchsorted(a, both, side="right") / len(a)
    below_b = np.searchsorted(b, both, side="right") / len(b)
    statistic = float(np.abs(below_a - below_b).max())
    effective = len(a) * len(b) / (len(a) + len(b))
    return SampleTest(statistic, _kolmogorov(np.sqrt(effective) * statistic))


def _kolmogorov(x: float) -> float:
    """Return the probability that a Brownian bridge leaves the band from -x to x."""
    if x < 0.2:  # there the series needs more terms, and the answer is 1 to 1e-12
        return 1.0
    k = np.arange(1, TERMS + 1)
    terms = (-1.0) ** (k - 1) * np.exp(-2 * (k * x) ** 2)
    return float(np.clip(2 * terms.sum(), 0, 1))


def chi_square_test(reference: Any, current: Any) -> SampleTest:
    """Compare two rows of counts.

    Parameters
    ----------
    reference, current : array of shape (n_bins,)
        Counts; bins that are empty in both are left out.

    Raises
    ------
    ValueError
        If the rows differ in length, or one has no count.

    Examples
    --------
    >>> result = chi_square_test([50, 50], [80, 20])
    >>> round(result.statistic, 2), result.p_value < 0.001
    (19.78, True)
    """
    table = np.array([reference, current], float)
    if table.ndim != 2 or (table.sum(axis=1) <= 0).any():
        raise ValueError("reference and current must hold at least one value each")
    table = table[:, table.sum(axis=0) > 0]
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    df = table.shape[1] - 1
    p_value = float(stats.chi2.sf(statistic, df)) if df else 1.0
    return SampleTest(statistic, p_value)


def _present(values: Any, name: str) -> np.ndarray:
    numbers = as_numbers(values, name)
    numbers = np.sort(numbers[~np.isnan(numbers)])
    if not len(numbers):
        raise ValueError(f"{name} must hold at least one number, got none")
    return numbers
