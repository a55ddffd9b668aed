"""Associations corrected for chance, and p values corrected for many comparisons."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats


class Association(NamedTuple):
    """Strength of an association, with the chance of so strong a one among noise.

    Parameters
    ----------
    effect : float
        What the measure says, in [-1, 1]; NaN where a column does not vary.
    p_value : float
        Probability of an effect at least as large if the columns are independent.
    n : int
        Rows in which both columns are known.
    """

    effect: float
    p_value: float
    n: int


FEW = 5000  # rows up to which single values can carry a test of means
EXPECTED = 5  # rows expected in a cell below which chi-squared is not trusted
DRAWS = 1000  # tables of chance beside a table with such cells
NOTHING = Association(float("nan"), 1.0, 0)


def epsilon_squared(codes: np.ndarray, values: np.ndarray) -> Association:
    """Measure how far a number depends on a group, by the corrected share of variance.

    Parameters
    ----------
    codes : int array of shape (n,)
        Group of each row; -1 where it is missing.
    values : float array of shape (n,)

    Returns
    -------
    Association
        The effect is epsilon squared: the share of the variance between the groups,
        less what chance puts there. It is at most 0 for about half of all independent
        columns. The p value is that of the analysis of variance; up to `FEW` rows it
        is the larger one of the values and of their ranks, since in small samples one
        value far out can make a group differ.

    References
    ----------
    .. [1] Kelley (1935), "An Unbiased Correlation Ratio Measure", PNAS 21(9).

    Examples
    --------
    >>> groups, values = np.array([0, 0, 0, 1, 1, 1]), np.array([1.0, 2, 3, 2, 3, 4])
    >>> round(epsilon_squared(groups, values).effect, 3)
    0.091
    """
    both = (codes >= 0) & np.isfinite(values)
    codes, values = codes[both], values[both]
    if not len(values):
        return NOTHING
    effect, p_value = _variance_between(codes, values)
    if len(values) <= FEW and p_value < 0.05:
        p_value = max(p_value, _variance_between(codes, stats.rankdata(values))[1])
    return Association(effect, p_value, len(values))


def _variance_between(codes: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """Return epsilon squared and the p value of the F test."""
    largest = np.abs(values).max()
    values = values / largest if largest > 0 else values
    values = values - values.mean()
    sizes = np.bincount(codes)
    n, k = len(values), int((sizes > 0).sum())
    total = float(values @ values)
    if k < 2 or n <= k or not total > 1e-24 * n:
        return float("nan"), 1.0
    sums = np.bincount(codes, weights=values)[sizes > 0]
    eta2 = min(1.0, float((sums**2 / sizes[sizes > 0]).sum()) / total)
    within = (1 - eta2) / (n - k)
    f = eta2 / (k - 1) / within if within > 1e-15 else np.inf
    epsilon2 = 1 - (1 - eta2) * (n - 1) / (n - k)
    return epsilon2, float(stats.f.sf(f, k - 1, n - k))


def cramers_association(counts: np.ndarray) -> Association:
    """Measure the association of two categories from their table of counts.

    Parameters
    ----------
    counts : array of shape (r, c)
        Rows and columns without a count do not matter.

    Returns
    -------
    Association
        The effect is Cramér's V with Bergsma's correction, the p value that of the
        chi-squared test. Where that is small and a cell is expected to hold fewer than
        `EXPECTED` rows, the statistic is compared with random tables of the same
        margins: two rare values that meet once are no association.

    References
    ----------
    .. [1] Bergsma (2013), "A Bias-Correction for Cramér's V and Tschuprow's T",
       Journal of the Korean Statistical Society 42(3).

    Examples
    --------
    >>> cramers_association(np.array([[50, 0], [0, 50]])).effect
    1.0
    """
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0].astype(float)
    n, (r, c) = counts.sum(), counts.shape
    if min(r, c) < 2 or n < 2:
        return NOTHING
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    chi2 = float(((counts - expected) ** 2 / expected).sum())
    freedom = (r - 1) * (c - 1)
    phi2 = max(0.0, chi2 / n - freedom / (n - 1))
    size = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    if not size > 0:
        return NOTHING
    effect = float(round(min(1.0, np.sqrt(phi2 / size)), 12))
    p_value = float(stats.chi2.sf(chi2, freedom))
    if p_value < 0.05 and expected.min() < EXPECTED:
        p_value = max(p_value, _p_among_random_tables(counts, expected, chi2))
    return Association(effect, p_value, int(n))


def _p_among_random_tables(
    counts: np.ndarray, expected: np.ndarray, chi2: float
) -> float:
    """Return how often random tables with these margins have so large a statistic.

    Where too few of them do for a share, the tail is that of a Pearson III curve
    through the mean, deviation and skewness of theirs.
    """
    rows, columns = counts.sum(axis=1).astype(int), counts.sum(axis=0).astype(int)
    n_draws = max(100, min(DRAWS, 2_000_000 // counts.size))
    tables = stats.random_table(rows, columns).rvs(n_draws, random_state=0)
    drawn = ((tables - expected) ** 2 / expected).sum(axis=(1, 2))
    reached = int((drawn >= chi2 * (1 - 1e-9)).sum())
    if reached >= 10 or drawn.std() < 1e-9 * chi2:
        return (reached + 1) / (n_draws + 1)
    skewness = max(float(stats.skew(drawn)), 0.0)
    return float(stats.pearson3.sf(chi2, skewness, drawn.mean(), drawn.std()))


def crossed(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Count each pair of codes; -1 is missing, and its rows are left out.

    Examples
    --------
    >>> crossed(np.array([0, 0, 1, -1]), np.array([0, 1, 1, 0])).tolist()
    [[1, 1], [0, 1]]
    """
    both = (first >= 0) & (second >= 0)
    r, c = (int(codes.max(initial=-1)) + 1 for codes in (first, second))
    flat = np.bincount(first[both] * c + second[both], minlength=r * c)
    return flat.reshape(r, c)


def correlation_p(r: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Return the two-sided p value of correlations of ``n`` rows; 1 below four rows.

    Examples
    --------
    >>> correlation_p(np.array([0.5]), np.array([30])).round(4).tolist()
    [0.0049]
    """
    r, n = np.broadcast_arrays(np.asarray(r, float), np.asarray(n, float))
    freedom = np.maximum(n - 2, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(r) * np.sqrt(freedom / (1 - r**2))
    p = 2 * stats.t.sf(t, freedom)
    return np.where((n < 4) | np.isnan(r), 1.0, p)


def together_p(n_rows: int, shares: np.ndarray, count: int) -> Association:
    """Say how far cells of several columns are missing together beyond chance.

    Parameters
    ----------
    n_rows : int
    shares : array of shape (n_columns,)
        Share of missing cells of each column.
    count : int
        Rows in which all of them are missing.

    Returns
    -------
    Association
        The effect is the *expected* number of rows if the columns lose their cells
        independently; the p value is that of ``count`` rows or more.

    Examples
    --------
    >>> round(together_p(100, np.array([0.1, 0.2]), 10).effect, 3)
    2.0
    """
    chance = float(np.prod(shares))
    p = float(stats.binom.sf(count - 1, n_rows, chance))
    return Association(n_rows * chance, p, n_rows)


def group_codes(values: pd.Series, smallest: int = 1) -> tuple[np.ndarray, pd.Index]:
    """Return the code of each row's value, and the values; -1 where it is missing or rare.

    Parameters
    ----------
    values : Series of shape (n,)
    smallest : int, default=1
        Rows that a value needs, or it counts as missing.

    Examples
    --------
    >>> codes, names = group_codes(pd.Series(["b", "a", None, "b"]), smallest=2)
    >>> codes.tolist(), list(names)
    ([0, -1, -1, 0], ['b'])
    """
    codes, names = pd.factorize(values)
    sizes = np.bincount(codes[codes >= 0], minlength=len(names))
    kept = sizes >= smallest
    renamed = np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)
    return renamed[codes], pd.Index(names)[kept]
