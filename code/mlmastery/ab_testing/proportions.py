"""Compare rates: the z-test, the chi-square test, and the sample-ratio check."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from mlmastery.ab_testing.comparison import Comparison
from mlmastery.inference import newcombe_interval

__all__ = [
    "ChiSquare",
    "chi_square",
    "sample_ratio_check",
    "two_proportion_test",
]


class ChiSquare(NamedTuple):
    """A chi-square statistic, its degrees of freedom and its p-value.

    Examples
    --------
    >>> ChiSquare(3.84, 1, 0.05).df
    1
    """

    statistic: float
    df: int
    p_value: float


def chi_square(table: Any, *, yates: bool = False) -> ChiSquare:
    """Test whether the shares of the columns are the same in every row.

    Parameters
    ----------
    table : array of shape (n_arms, n_outcomes)
        Counts of units.
    yates : bool, default=False
        Whether to move each count half a unit towards its expectation, for 2 × 2.

    Returns
    -------
    ChiSquare

    Raises
    ------
    ValueError
        If the table has fewer than two rows or columns, a negative or fractional
        count, an empty arm, or margins among its counts.

    References
    ----------
    .. [1] Pearson (1900), "On the Criterion that a Given System of Deviations ...",
       Philosophical Magazine 50(302).

    Examples
    --------
    >>> round(chi_square([[20, 180], [30, 170]]).p_value, 4)
    0.1306
    """
    counts = _as_counts(table, "table")
    if min(counts.shape) >= 3 and all(
        (c[-1] == c[:-1].sum(axis=0)).all() for c in (counts, counts.T)
    ):
        raise ValueError(
            "table must hold counts without margins, got a last row and column that "
            f"are the sums of the others: {counts.tolist()}"
        )
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    if not rows.all():
        raise ValueError(f"table must hold a unit in each arm, got row sums {rows}")
    counts, columns = counts[:, columns > 0], columns[columns > 0]
    df = (len(rows) - 1) * (len(columns) - 1)
    if df == 0:  # every unit has the same outcome: nothing speaks for a difference
        return ChiSquare(0.0, 0, 1.0)
    expected = np.outer(rows, columns) / rows.sum()
    distance = np.abs(counts - expected)
    if yates and df == 1:
        distance -= np.minimum(0.5, distance)
    statistic = float((distance**2 / expected).sum())
    return ChiSquare(statistic, df, float(stats.chi2.sf(statistic, df)))


def two_proportion_test(
    hits_a: int, n_a: int, hits_b: int, n_b: int, confidence: float = 0.95
) -> Comparison:
    """Compare two rates: p-value of the pooled z-test, interval of Newcombe.

    Parameters
    ----------
    hits_a, n_a, hits_b, n_b : int
        Conversions and units of each arm.
    confidence : float, default=0.95

    Returns
    -------
    Comparison
        ``estimate`` is the rate of B minus that of A; ``statistic`` is z.

    Raises
    ------
    ValueError
        If an arm is empty or has more conversions than units.

    References
    ----------
    .. [1] Newcombe (1998), "Interval Estimation for the Difference between Independent
       Proportions", Statistics in Medicine 17(8).

    Examples
    --------
    >>> result = two_proportion_test(20, 200, 30, 200)
    >>> round(result.statistic, 3), round(result.p_value, 4)
    (1.512, 0.1306)
    """
    low, high = newcombe_interval(hits_a, n_a, hits_b, n_b, confidence)
    hits_a, n_a, hits_b, n_b = int(hits_a), int(n_a), int(hits_b), int(n_b)
    rate_a, rate_b = hits_a / n_a, hits_b / n_b
    pooled = (hits_a + hits_b) / (n_a + n_b)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b))
    z = (rate_b - rate_a) / error if error else 0.0  # no conversion, or only these
    p_value = float(2 * stats.norm.sf(abs(z)))
    return Comparison("z-test", rate_b - rate_a, low, high, p_value, z, confidence)


def sample_ratio_check(
    counts: Sequence[int] | Mapping[str, int],
    weights: Sequence[float] | Mapping[str, float] | None = None,
) -> ChiSquare:
    """Test whether the arms have the sizes that the allocation promised.

    Parameters
    ----------
    counts : sequence, dict or Series of int
        Units in each arm; by arm in a dict or a Series.
    weights : sequence, dict or Series of float, optional
        Planned shares, any positive numbers; equal by default. Where counts and
        weights both name the arms, they are matched by name, not by place.

    Returns
    -------
    ChiSquare

    Raises
    ------
    ValueError
        If there are fewer than two arms, no units, or weights that do not fit.

    References
    ----------
    .. [1] Fabijan et al. (2019), "Diagnosing Sample Ratio Mismatch in Online Controlled
       Experiments", KDD.

    Examples
    --------
    >>> round(sample_ratio_check([19_020, 980], [0.95, 0.05]).p_value, 4)
    0.5164
    """
    named = isinstance(counts, (Mapping, pd.Series))
    if isinstance(weights, (Mapping, pd.Series)):
        arms = list(counts.keys()) if named else []  # type: ignore[union-attr]
        if set(arms) != set(weights.keys()) or len(arms) != len(weights):
            raise ValueError(
                "counts and weights must name the same arms, "
                f"got {arms or counts!r} and {list(weights.keys())}"
            )
        weights = [weights[arm] for arm in arms]
    if named:
        counts = list(counts.values()) if isinstance(counts, Mapping) else list(counts)
    units = _as_counts([counts, counts], "counts")[0]
    shares = np.ones(len(units)) if weights is None else _as_floats(weights)
    good = (
        shares.shape == units.shape and (shares > 0).all() and np.isfinite(shares).all()
    )
    if not good or not units.any():
        raise ValueError(
            "counts must hold units, and weights one positive number for each arm; "
            f"got {counts!r} and {weights!r}"
        )
    expected = shares / shares.sum() * units.sum()
    statistic = float(((units - expected) ** 2 / expected).sum())
    df = len(units) - 1
    return ChiSquare(statistic, df, float(stats.chi2.sf(statistic, df)))


def _as_counts(table: Any, name: str) -> np.ndarray:
    counts = _as_floats(table)
    good = counts.ndim == 2 and min(counts.shape) >= 2 and np.isfinite(counts).all()
    if good and (counts >= 0).all() and (counts == np.floor(counts)).all():
        return counts
    where = "two or more rows and columns" if name == "table" else "two or more arms"
    came = table if name == "table" else table[0]
    raise ValueError(
        f"{name} must hold whole numbers of at least 0 in {where}, got {came!r}"
    )


def _as_floats(values: Any) -> np.ndarray:
    """Return an array of floats; a scalar NaN where they are not numbers."""
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        return np.array(math.nan)
