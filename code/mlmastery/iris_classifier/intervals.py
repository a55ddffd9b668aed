"""How sure a score is: intervals, paired comparisons, and the price of many looks."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

__all__ = [
    "Interval",
    "PairedDifference",
    "expected_best",
    "flips_to_tell",
    "mcnemar",
    "paired_difference",
    "reuse_optimism",
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
    _check_share(confidence, "confidence")
    z = stats.norm.ppf((1 + confidence) / 2)
    share, shrink = hits / n, 1 + z**2 / n
    centre = (share + z**2 / (2 * n)) / shrink
    half = z / shrink * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    # At no hits, or nothing but hits, an end is exact; rounding must not move it.
    low = float(centre - half) if hits else 0.0
    high = float(centre + half) if hits < n else 1.0
    return Interval(low, high)


def _check_share(value: float, argument: str) -> None:
    if not 0 < value < 1:
        raise ValueError(f"{argument} must lie between 0 and 1, got {value}")


def flips_to_tell(first: float, second: float, power: float = 0.8) -> int:
    """Count the independent test rows that would tell two accuracies apart.

    Each model is tested on that many rows of its own; the test is two-sided at 5 %.

    Parameters
    ----------
    first, second : float
        The two accuracies, between 0 and 1 and different.
    power : float, default=0.8
        Chance to notice the difference.

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
    >>> flips_to_tell(0.5, 0.6)
    388
    """
    for value, name in ((first, "first"), (second, "second"), (power, "power")):
        _check_share(value, name)
    if first == second:
        raise ValueError(f"first and second must differ, both are {first}")
    middle = (first + second) / 2
    alike = stats.norm.ppf(0.975) * math.sqrt(2 * middle * (1 - middle))
    apart = stats.norm.ppf(power) * math.sqrt(
        first * (1 - first) + second * (1 - second)
    )
    return math.ceil(((alike + apart) / (first - second)) ** 2)


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

    Parameters
    ----------
    first, second : array of shape (n_folds,)
        Scores on the same folds, in the same order.
    test_to_train : float
        Size of a test fold divided by that of a training fold: 1/4 for five folds.

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
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if a.shape != b.shape or a.ndim != 1 or len(a) < 2:
        raise ValueError(
            "first and second must hold the scores of the same folds, at least two; "
            f"got shapes {a.shape} and {b.shape}"
        )
    differences = a - b
    variance = (1 / len(a) + test_to_train) * differences.var(ddof=1)
    return PairedDifference(float(differences.mean()), float(math.sqrt(variance)))


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
    truth, a, b = (np.asarray(y) for y in (y_true, first, second))
    if not truth.shape == a.shape == b.shape:
        raise ValueError(
            "y_true, first and second must have one label per row each, "
            f"got {len(truth)}, {len(a)} and {len(b)}"
        )
    only_first = int(((a == truth) & (b != truth)).sum())
    only_second = int(((a != truth) & (b == truth)).sum())
    if not only_first + only_second:
        return 1.0
    return float(stats.binomtest(only_first, only_first + only_second).pvalue)


def expected_best(n_candidates: int, n_test: int, accuracy: float) -> float:
    """Return the expected highest score of equally good models on one test set.

    Exact, for models that err independently of each other.

    Parameters
    ----------
    n_candidates, n_test : int
        How many models were scored, on how many rows.
    accuracy : float
        What each of them is really worth, in [0, 1].

    Raises
    ------
    ValueError
        If a number is out of its range.

    Examples
    --------
    >>> expected_best(1, 30, 0.5), round(expected_best(100, 30, 0.5), 2)
    (0.5, 0.73)
    """
    _check_contest(n_candidates, n_test, accuracy)
    # E[max] is the sum over x of P(max > x), and max <= x only if all are.
    below = stats.binom.cdf(np.arange(n_test), n_test, accuracy)
    return float((1 - below**n_candidates).sum() / n_test)


def reuse_optimism(
    n_candidates: int,
    n_test: int,
    accuracy: float,
    repeats: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Simulate how far the best of many scores lies above what the winner is worth.

    Returns
    -------
    ndarray of shape (repeats,)
        Highest score minus ``accuracy``, for each imagined test set.

    Examples
    --------
    >>> gaps = reuse_optimism(100, 30, 0.5, 2000, np.random.default_rng(0))
    >>> round(float(gaps.mean()), 2)
    0.23
    """
    _check_contest(n_candidates, n_test, accuracy)
    hits = rng.binomial(n_test, accuracy, size=(repeats, n_candidates))
    return hits.max(axis=1) / n_test - accuracy


def _check_contest(n_candidates: int, n_test: int, accuracy: float) -> None:
    if n_candidates < 1 or n_test < 1:
        raise ValueError(
            "n_candidates and n_test must be at least 1, "
            f"got {n_candidates} and {n_test}"
        )
    if not 0 <= accuracy <= 1:
        raise ValueError(f"accuracy must lie between 0 and 1, got {accuracy}")
