"""Say how sure a score is: intervals, paired comparisons, tests, required sizes.

>>> from mlmastery.inference import paired_interval
>>> gain = paired_interval([0.9, 0.8, 0.9, 0.8], [0.8, 0.8, 0.8, 0.8], 1 / 9)
>>> gain.low < 0 < gain.high  # these four folds cannot tell the models apart
True
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from mlmastery.validation import as_sample, check_count, check_number, check_share

__all__ = [
    "Interval",
    "PairedDifference",
    "PairedInterval",
    "accuracy_intervals",
    "bootstrap",
    "disagreements",
    "holm",
    "mcnemar",
    "mean_intervals",
    "newcombe_interval",
    "paired_difference",
    "paired_interval",
    "percentile_interval",
    "required_test_size",
    "t_interval",
    "wilson_interval",
]


class Interval(NamedTuple):
    """Lower and upper end of an interval.

    Examples
    --------
    >>> Interval(0.25, 0.75).high
    0.75
    """

    low: float
    high: float


def wilson_interval(hits: int, n: int, confidence: float = 0.95) -> Interval:
    """Return the shares that could well have produced ``hits`` out of ``n``.

    Parameters
    ----------
    hits, n : int
        Successes and trials, ``0 <= hits <= n``.
    confidence : float, default=0.95
        Between 0 and 1.

    Raises
    ------
    ValueError
        If a number is out of its range.

    References
    ----------
    .. [1] Wilson (1927), "Probable Inference, the Law of Succession, and Statistical
       Inference", Journal of the American Statistical Association 22(158).

    Examples
    --------
    >>> low, high = wilson_interval(147, 150)
    >>> round(low, 3), round(high, 3)
    (0.943, 0.993)
    """
    if n < 1 or not 0 <= hits <= n:
        raise ValueError(
            f"hits must lie between 0 and n, n at least 1; got {hits}, {n}"
        )
    check_share(confidence, "confidence")
    z = stats.norm.ppf((1 + confidence) / 2)
    share, shrink = hits / n, 1 + z**2 / n
    centre = (share + z**2 / (2 * n)) / shrink
    half = z / shrink * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    # At no hits, or nothing but hits, an end is exact; rounding must not move it.
    low = float(centre - half) if hits else 0.0
    high = float(centre + half) if hits < n else 1.0
    return Interval(low, high)


def newcombe_interval(
    hits_a: int, n_a: int, hits_b: int, n_b: int, confidence: float = 0.95
) -> Interval:
    """Return the interval of a difference of shares, from each one's Wilson interval.

    Parameters
    ----------
    hits_a, n_a, hits_b, n_b : int
        Successes and trials of two independent groups.
    confidence : float, default=0.95

    Returns
    -------
    Interval
        Of ``hits_b / n_b - hits_a / n_a``.

    References
    ----------
    .. [1] Newcombe (1998), "Interval Estimation for the Difference between Independent
       Proportions", Statistics in Medicine 17(8), method 10.

    Examples
    --------
    >>> low, high = newcombe_interval(0, 100, 5, 100)
    >>> round(low, 4), round(high, 4)
    (0.0033, 0.1118)
    """
    for arm, hits, n in (("a", hits_a, n_a), ("b", hits_b, n_b)):
        check_count(n, f"n_{arm}")
        check_count(hits, f"hits_{arm}", 0, n)
    low_a, high_a = wilson_interval(hits_a, n_a, confidence)
    low_b, high_b = wilson_interval(hits_b, n_b, confidence)
    rate_a, rate_b = hits_a / n_a, hits_b / n_b
    below = math.hypot(rate_b - low_b, high_a - rate_a)
    above = math.hypot(high_b - rate_b, rate_a - low_a)
    return Interval(float(rate_b - rate_a - below), float(rate_b - rate_a + above))


def accuracy_intervals(correct: pd.DataFrame) -> pd.DataFrame:
    """Summarise which model was right about which row: accuracy and Wilson interval.

    Parameters
    ----------
    correct : DataFrame of bool, shape (n_samples, n_models)

    Returns
    -------
    DataFrame
        ``accuracy``, ``low``, ``high`` (95 %), best first.

    Examples
    --------
    >>> accuracy_intervals(pd.DataFrame({"a": [True] * 9 + [False]})).round(2)
       accuracy  low  high
    a       0.9  0.6  0.98
    """
    n = len(correct)
    rows = {}
    for name, hits in correct.sum().items():
        rows[name] = {"accuracy": hits / n, **wilson_interval(int(hits), n)._asdict()}
    return pd.DataFrame(rows).T.sort_values("accuracy", ascending=False)


def t_interval(
    mean: float, standard_error: float, df: float, confidence: float = 0.95
) -> Interval:
    """Return the interval of a mean by Student's t.

    Parameters
    ----------
    mean, standard_error : float
    df : float
        Degrees of freedom: one less than the number of independent values.
    confidence : float, default=0.95

    Examples
    --------
    >>> low, high = t_interval(2.0, 3**-0.5, df=2)
    >>> round(low, 2), round(high, 2)
    (-0.48, 4.48)
    """
    check_share(confidence, "confidence")
    half = float(stats.t.ppf((1 + confidence) / 2, df) * standard_error)
    return Interval(mean - half, mean + half)


def mean_intervals(values: pd.DataFrame) -> pd.DataFrame:
    """Summarise repeated measurements: their mean with its interval by Student's t.

    Parameters
    ----------
    values : DataFrame of shape (n_repeats, n_quantities)
        At least two repeats, independent of each other.

    Returns
    -------
    DataFrame
        ``mean``, ``low``, ``high`` (95 %), one row per column of ``values``.

    Raises
    ------
    ValueError
        If there are fewer than two repeats.

    Examples
    --------
    >>> mean_intervals(pd.DataFrame({"a": [1.0, 2.0, 3.0]})).round(2)
       mean   low  high
    a   2.0 -0.48  4.48
    """
    n = len(values)
    if n < 2:
        raise ValueError(f"values must have at least two rows, got {n}")
    rows = {}
    for name in values:
        mean, error = values[name].mean(), values[name].std() / n**0.5
        rows[name] = {"mean": mean, **t_interval(mean, error, n - 1)._asdict()}
    return pd.DataFrame(rows).T


class PairedDifference(NamedTuple):
    """Mean difference of two models over the same folds, with its standard error.

    Examples
    --------
    >>> PairedDifference(0.01, 0.02).mean
    0.01
    """

    mean: float
    standard_error: float


def paired_difference(
    first: Any, second: Any, test_to_train: float
) -> PairedDifference:
    """Compare two models fold by fold, allowing for folds that share training rows.

    The variance of the mean is not ``s² / n``, as for independent differences, but
    ``(1 / n + test_to_train) s²``: training sets overlap, so that the uncertainty does
    not go to zero however often the folds are drawn again.

    Parameters
    ----------
    first, second : array of shape (n_folds,)
        Scores on the same folds, in the same order.
    test_to_train : float
        Size of a test fold divided by that of a training fold: 1/4 for five folds;
        0 where the scores are independent, such as those of seeds.

    Raises
    ------
    ValueError
        If the arrays differ in length or hold fewer than two scores.

    References
    ----------
    .. [1] Nadeau and Bengio (2003), "Inference for the Generalization Error", Machine
       Learning 52(3).

    Examples
    --------
    >>> paired_difference([0.9, 1.0, 0.8], [0.8, 0.9, 0.7], 0.5).mean.__round__(3)
    0.1
    """
    check_number(test_to_train, "test_to_train")
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if a.shape != b.shape or a.ndim != 1 or len(a) < 2:
        raise ValueError(
            "first and second must hold the scores of the same folds, at least two; "
            f"got shapes {a.shape} and {b.shape}"
        )
    differences = a - b
    variance = (1 / len(a) + test_to_train) * differences.var(ddof=1)
    return PairedDifference(float(differences.mean()), float(math.sqrt(variance)))


class PairedInterval(NamedTuple):
    """A mean difference, its interval, and the p-value of "no difference".

    Examples
    --------
    >>> PairedInterval(0.01, -0.01, 0.03, 0.3).p_value
    0.3
    """

    mean: float
    low: float
    high: float
    p_value: float


def paired_interval(
    first: Any, second: Any, test_to_train: float, confidence: float = 0.95
) -> PairedInterval:
    """Test by how much one model scores above another on the same resamples.

    Student's t on the difference and standard error of `paired_difference`.

    Parameters
    ----------
    first, second : array of shape (n_scores,)
        Scores on the same resamples, in the same order.
    test_to_train : float
        Size of a test part divided by that of a training part: 1/9 for ten folds.
    confidence : float, default=0.95

    Raises
    ------
    ValueError
        If the arrays differ in length or hold fewer than two scores, or a number is
        out of its range.

    References
    ----------
    .. [1] Nadeau and Bengio (2003), "Inference for the Generalization Error", Machine
       Learning 52(3).
    .. [2] Bouckaert and Frank (2004), "Evaluating the Replicability of Significance
       Tests for Comparing Learning Algorithms", PAKDD.

    Examples
    --------
    >>> test = paired_interval([0.9, 0.8, 0.9, 0.8], [0.8, 0.8, 0.8, 0.8], 1 / 9)
    >>> round(test.mean, 3), round(test.p_value, 3)
    (0.05, 0.245)
    """
    mean, error = paired_difference(first, second, test_to_train)
    df = len(first) - 1
    low, high = t_interval(mean, error, df, confidence)
    # Equal differences have no spread: the test is then certain, whichever way.
    p_value = 2 * stats.t.sf(abs(mean) / error, df) if error else mean == 0
    return PairedInterval(mean, low, high, float(p_value))


def disagreements(y_true: Any, first: Any, second: Any) -> tuple[int, int]:
    """Count the rows that only the first model gets right, and only the second.

    Parameters
    ----------
    y_true, first, second : array of shape (n_samples,)
        The truth and both predictions.

    Raises
    ------
    ValueError
        If the lengths differ.

    Examples
    --------
    >>> disagreements([1, 1, 1, 1], [1, 1, 1, 0], [0, 0, 1, 1])
    (2, 1)
    """
    truth, a, b = (np.asarray(y) for y in (y_true, first, second))
    if not truth.shape == a.shape == b.shape:
        raise ValueError(
            "y_true, first and second must have one label per row each, "
            f"got {len(truth)}, {len(a)} and {len(b)}"
        )
    right_a, right_b = a == truth, b == truth
    return int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())


def mcnemar(y_true: Any, first: Any, second: Any) -> float:
    """Return the p-value for "both models err equally often" on the same rows.

    Only rows that exactly one of them gets right say anything; under the hypothesis
    each of these is a fair coin.

    Parameters
    ----------
    y_true, first, second : array of shape (n_samples,)
        The truth and both predictions.

    Raises
    ------
    ValueError
        If the lengths differ.

    References
    ----------
    .. [1] McNemar (1947), "Note on the Sampling Error of the Difference between
       Correlated Proportions or Percentages", Psychometrika 12(2).

    Examples
    --------
    >>> mcnemar([1, 1, 1, 1], [1, 1, 1, 1], [0, 0, 0, 1])
    0.25
    """
    only_first, only_second = disagreements(y_true, first, second)
    if not only_first + only_second:
        return 1.0
    return float(stats.binomtest(only_first, only_first + only_second).pvalue)


def holm(p_values: Any) -> np.ndarray:
    """Adjust p-values for their number, by Holm's step-down procedure.

    The smallest is multiplied by m, the next by m − 1, and so on; an adjusted value is
    never below that of a smaller p-value. Those of at most α keep the probability of
    any false alarm at α.

    Parameters
    ----------
    p_values : array of shape (m,)

    Returns
    -------
    ndarray of shape (m,)
        In the order given, at most 1.

    Raises
    ------
    ValueError
        If they are not one row of numbers from 0 to 1.

    References
    ----------
    .. [1] Holm (1979), "A Simple Sequentially Rejective Multiple Test Procedure",
       Scandinavian Journal of Statistics 6(2).

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    p = as_sample(p_values, "p_values", 0)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"p_values must be from 0 to 1, got {p_values!r}")
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, steps)
    return adjusted


def bootstrap(
    statistic: Callable[..., Any],
    *columns: Any,
    n_resamples: int = 2000,
    random_state: int | None = 0,
) -> np.ndarray:
    """Return a statistic of rows drawn with replacement, again and again.

    Parameters
    ----------
    statistic : callable
        Called with the drawn rows of each column; returns a number or an array.
    *columns : array of shape (n_samples, ...)
        Drawn together, so that what belongs to one row stays together.
    n_resamples : int, default=2000
    random_state : int or None, default=0
        Seed of the draws.

    Returns
    -------
    ndarray of shape (n_resamples, ...)

    Raises
    ------
    ValueError
        If there is no column, or their lengths differ.

    References
    ----------
    .. [1] Efron (1979), "Bootstrap Methods: Another Look at the Jackknife", Annals of
       Statistics 7(1).

    Examples
    --------
    >>> errors = np.array([1.0, 2.0, 3.0, 4.0])
    >>> means = bootstrap(np.mean, errors)
    >>> means.shape, round(float(means.std()), 1)
    ((2000,), 0.5)
    """
    check_count(n_resamples, "n_resamples")
    rows = [np.asarray(column) for column in columns]
    lengths = {len(column) for column in rows}
    if len(lengths) != 1:
        raise ValueError(
            f"columns must have one length, got {sorted(lengths) or 'no column'}"
        )
    n = lengths.pop()
    draws = np.random.default_rng(random_state).integers(0, n, (n_resamples, n))
    return np.array([statistic(*(column[draw] for column in rows)) for draw in draws])


def percentile_interval(values: Any, confidence: float = 0.95) -> Interval:
    """Return the interval that leaves equal shares of the values on both sides.

    Parameters
    ----------
    values : array of shape (n_resamples,)
        Such as `bootstrap` gives them.
    confidence : float, default=0.95

    Examples
    --------
    >>> percentile_interval(np.arange(101), confidence=0.9)
    Interval(low=5.0, high=95.0)
    """
    check_share(confidence, "confidence")
    tail = round((1 - confidence) / 2, 12)  # 1 - 0.95 is not quite 0.05
    low, high = np.quantile(np.asarray(values, dtype=float), [tail, 1 - tail])
    return Interval(float(low), float(high))


def required_test_size(first: float, second: float, power: float = 0.8) -> int:
    """Return how many test rows each model needs for two accuracies to be told apart.

    Each model is tested on that many rows of its own; the test is two-sided at 5 %.

    Parameters
    ----------
    first, second : float
        The two accuracies, between 0 and 1 and different.
    power : float, default=0.8
        Probability of detecting the difference.

    Raises
    ------
    ValueError
        If a number is out of its range or the two are equal.

    References
    ----------
    .. [1] Fleiss, Levin and Paik (2003), Statistical Methods for Rates and
       Proportions, 3rd edition, section 4.2.

    Examples
    --------
    >>> required_test_size(0.5, 0.6)
    388
    """
    for value, name in ((first, "first"), (second, "second"), (power, "power")):
        check_share(value, name)
    if first == second:
        raise ValueError(f"first and second must differ, both are {first}")
    pooled = (first + second) / 2
    # The critical value under "no difference", and the distance that the power asks for.
    null = stats.norm.ppf(0.975) * math.sqrt(2 * pooled * (1 - pooled))
    alternative = stats.norm.ppf(power) * math.sqrt(
        first * (1 - first) + second * (1 - second)
    )
    return math.ceil(((null + alternative) / (first - second)) ** 2)
