"""Population stability index: binned shares of two samples, and its chance level.

>>> reference = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
>>> psi(reference, reference)
0.0
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mlmastery.validation import check_count, check_number, check_share

__all__ = [
    "Bins",
    "psi",
    "psi_from_counts",
    "psi_null_mean",
    "psi_threshold",
    "simulate_psi",
]

MISSING, NEW = "missing", "new"


class Bins:
    """Categories of one feature, learned from a reference sample.

    Numbers are cut at quantiles of the reference, unless it holds fewer different
    values than bins. Everything else keeps its categories. What the reference did not
    hold is counted as ``new``; missing values are a category of their own.

    Parameters
    ----------
    reference : array or Series of shape (n,)
        Numbers, text or booleans.
    n_bins : int, default=10
        Quantile bins of numbers, at least 2.

    Attributes
    ----------
    labels : list of str
        The bins in order; the last two are ``new`` and ``missing``.
    reference_counts : ndarray of shape (n_labels,)

    Raises
    ------
    ValueError
        If the reference is empty.

    Examples
    --------
    >>> bins = Bins(["a", "a", "b", None])
    >>> bins.labels, bins.counts(["b", "c", None]).tolist()
    (['a', 'b', 'new', 'missing'], [0, 1, 1, 1])
    """

    def __init__(self, reference: Any, n_bins: int = 10) -> None:
        check_count(n_bins, "n_bins", 2)
        values = _as_series(reference, "reference")
        present = values.dropna()
        self.categories: pd.Index | None = None
        self.edges = np.array([])
        numeric = pd.api.types.is_numeric_dtype(values.dtype)
        numeric = numeric and not pd.api.types.is_bool_dtype(values.dtype)
        if numeric and present.nunique() > n_bins:
            inner = np.arange(1, n_bins) / n_bins
            self.edges = np.unique(np.quantile(present.to_numpy(float), inner))
            self.labels = [f"bin {i}" for i in range(1, len(self.edges) + 2)]
        else:
            self.categories = pd.Index(present.unique()).sort_values()
            self.labels = [str(category) for category in self.categories]
        self.labels += [NEW, MISSING]
        self.reference_counts = self.counts(values)

    def counts(self, values: Any) -> np.ndarray:
        """Count the values of a sample in each bin.

        Parameters
        ----------
        values : array or Series of shape (n,)

        Returns
        -------
        ndarray of shape (n_labels,)
        """
        series = _as_series(values, "values")
        missing = series.isna().to_numpy()
        if self.categories is None:
            codes = np.searchsorted(self.edges, series.to_numpy(float), side="left")
        else:
            codes = self.categories.get_indexer(pd.Index(series))
            codes = np.where(codes < 0, len(self.labels) - 2, codes)
        codes = np.where(missing, len(self.labels) - 1, codes)
        return np.bincount(codes, minlength=len(self.labels))


def psi(reference: Any, current: Any, n_bins: int = 10, floor: float = 1e-4) -> float:
    """Return the population stability index of two samples of one feature.

    Parameters
    ----------
    reference, current : array or Series of shape (n,) and (m,)
        Bins come from the reference.
    n_bins : int, default=10
    floor : float, default=1e-4
        Smallest share of a bin that one sample fills and the other does not.

    Returns
    -------
    float
        At least 0; 0 for equal shares.

    Raises
    ------
    ValueError
        If a sample is empty.

    Examples
    --------
    >>> round(psi(["a"] * 5 + ["b"] * 5, ["a"] * 8 + ["b"] * 2), 4)
    0.4159
    """
    bins = Bins(reference, n_bins)
    return psi_from_counts(bins.reference_counts, bins.counts(current), floor)


def psi_from_counts(reference: Any, current: Any, floor: float = 1e-4) -> float:
    """Return the population stability index of two rows of counts.

    Parameters
    ----------
    reference, current : array of shape (n_bins,)
        Counts; bins that are empty in both are left out.
    floor : float, default=1e-4
        Smallest share.

    Raises
    ------
    ValueError
        If the rows differ in length, or one has no count.

    Examples
    --------
    >>> round(psi_from_counts([50, 50], [80, 20]), 4)
    0.4159
    """
    check_number(floor, "floor", open=True)
    a, b = np.asarray(reference, float), np.asarray(current, float)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(
            f"reference and current must have the same bins, got {a.shape} and "
            f"{b.shape}"
        )
    if a.sum() <= 0 or b.sum() <= 0:
        raise ValueError("reference and current must hold at least one value each")
    used = a + b > 0
    p, q = a[used] / a.sum(), b[used] / b.sum()
    # An empty bin would make the logarithm infinite; leaving it out would hide it.
    p, q = np.maximum(p, floor), np.maximum(q, floor)
    return float(np.sum((q - p) * np.log(q / p)))


def psi_null_mean(n: int, m: int, n_bins: int = 10) -> float:
    """Return the index that two samples without any drift have on average.

    Parameters
    ----------
    n, m : int
        Sizes of the samples.
    n_bins : int, default=10

    Examples
    --------
    >>> round(psi_null_mean(100, 100), 3)
    0.18
    """
    return (check_count(n_bins, "n_bins", 2) - 1) * _sum_of_inverses(n, m)


def psi_threshold(n: int, m: int, n_bins: int = 10, level: float = 0.05) -> float:
    """Return the index that samples without drift exceed with a stated probability.

    Parameters
    ----------
    n, m : int
        Sizes of the samples, rows independent of each other.
    n_bins : int, default=10
    level : float, default=0.05
        Probability of a false alarm.

    References
    ----------
    .. [1] Yurdakul (2018), "Statistical Properties of Population Stability Index",
       Western Michigan University.

    Examples
    --------
    >>> round(psi_threshold(100, 100), 3), round(psi_threshold(5000, 5000), 4)
    (0.338, 0.0068)
    """
    check_share(level, "level")
    df = check_count(n_bins, "n_bins", 2) - 1
    return float(stats.chi2.isf(level, df)) * _sum_of_inverses(n, m)


def simulate_psi(
    n: int,
    m: int,
    n_runs: int = 1000,
    n_bins: int = 10,
    shift: float = 0.0,
    random_state: int | None = None,
) -> np.ndarray:
    """Return the index of pairs of normal samples, without drift or with a shift.

    Parameters
    ----------
    n, m : int
        Sizes of reference and current sample.
    n_runs : int, default=1000
    n_bins : int, default=10
    shift : float, default=0
        Of the current mean, in standard deviations.
    random_state : int, optional

    Returns
    -------
    ndarray of shape (n_runs,)

    Examples
    --------
    >>> simulate_psi(500, 500, 20, random_state=0).shape
    (20,)
    """
    rng = np.random.default_rng(random_state)
    runs = []
    for _ in range(check_count(n_runs, "n_runs")):
        bins = Bins(rng.normal(size=check_count(n, "n")), n_bins)
        current = bins.counts(rng.normal(shift, 1, size=check_count(m, "m")))
        runs.append(psi_from_counts(bins.reference_counts, current))
    return np.array(runs)


def _sum_of_inverses(n: int, m: int) -> float:
    return 1 / check_count(n, "n") + 1 / check_count(m, "m")


def _as_series(values: Any, name: str) -> pd.Series:
    series = values if isinstance(values, pd.Series) else pd.Series(values)
    if not len(series):
        raise ValueError(f"{name} must hold at least one value, got none")
    return series
