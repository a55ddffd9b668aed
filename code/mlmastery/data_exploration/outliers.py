"""Three rules that call a value an outlier, and where each of them is wrong."""

import numpy as np
import pandas as pd

from mlmastery.data_exploration.columns import finite
from mlmastery.data_exploration.findings import as_floats

KEYS = ["iqr", "zscore", "robust", "low", "high"]
MAD_TO_STD = 1.4826  # 1 / the 0.75 quantile of the standard normal


def iqr_outliers(values: pd.Series, k: float = 1.5) -> pd.Series:
    """Mark values further than ``k`` box lengths from the box.

    Wrong where the distribution is skewed: the long side is full of "outliers".

    Parameters
    ----------
    values : Series of shape (n,)
        Numbers; missing and infinite cells are never marked.
    k : float, default=1.5
        Tukey's choice.

    Returns
    -------
    Series of bool, shape (n,)

    References
    ----------
    .. [1] Tukey (1977), "Exploratory Data Analysis", Addison-Wesley.

    Examples
    --------
    >>> iqr_outliers(pd.Series([1.0, 2.0, 3.0, 4.0, 50.0])).tolist()
    [False, False, False, False, True]
    """
    low, high = iqr_fences(values, k)
    return _outside(values, low, high)


def iqr_fences(values: pd.Series, k: float = 1.5) -> tuple[float, float]:
    """Return the two limits of :func:`iqr_outliers`.

    Examples
    --------
    >>> iqr_fences(pd.Series([1.0, 2.0, 3.0, 4.0, 50.0]))
    (-1.0, 7.0)
    """
    if k < 0:
        raise ValueError(f"k must be at least 0, got {k}")
    known = finite(values)
    if known.empty:
        return float("-inf"), float("inf")
    q25, q75 = np.quantile(known, [0.25, 0.75])
    with np.errstate(over="ignore"):  # a box as long as the largest number
        return float(q25 - k * (q75 - q25)), float(q75 + k * (q75 - q25))


def zscore_outliers(
    values: pd.Series, threshold: float = 3.0, *, robust: bool = False
) -> pd.Series:
    """Mark values more than ``threshold`` standard deviations from the middle.

    Plain, the middle is the mean. Wrong where there are few values, for no score can
    exceed (n - 1) / sqrt(n), and where outliers are large, for they stretch the
    standard deviation that is to catch them. With ``robust``, the middle is the
    median and the deviation the median absolute one; wrong where more than half of
    the values are equal, for then it is zero, and nothing is marked here.

    Parameters
    ----------
    values : Series of shape (n,)
        Numbers; missing and infinite cells are never marked.
    threshold : float, default=3.0
    robust : bool, default=False

    Returns
    -------
    Series of bool, shape (n,)

    References
    ----------
    .. [1] Iglewicz and Hoaglin (1993), "How to Detect and Handle Outliers", ASQC.

    Examples
    --------
    >>> ages = pd.Series([31.0, 33.0, 34.0, 36.0, 340.0])
    >>> bool(zscore_outliers(ages).any()), int(zscore_outliers(ages, robust=True).sum())
    (False, 1)
    """
    if threshold <= 0:
        raise ValueError(f"threshold must be above 0, got {threshold}")
    known, exponent = _in_range(finite(values))
    if robust:
        middle = known.median()
        spread = MAD_TO_STD * (known - middle).abs().median()
    else:
        middle, spread = known.mean(), known.std()
    if not spread > 0:
        return pd.Series(False, index=values.index)
    limits = np.array([middle - threshold * spread, middle + threshold * spread])
    with np.errstate(over="ignore"):  # beyond the largest number lies no value
        return _outside(values, *np.ldexp(limits, exponent))


def _in_range(known: pd.Series) -> tuple[pd.Series, int]:
    """Divide by a power of two, which rounds nothing: squares stay finite and above 0."""
    exponent = int(np.frexp(known.abs().max())[1]) if len(known) else 0
    return np.ldexp(known, -exponent), exponent


def _outside(values: pd.Series, low: float, high: float) -> pd.Series:
    numbers = as_floats(values)
    with np.errstate(invalid="ignore"):
        marked = (numbers < low) | (numbers > high)
    return pd.Series(marked, index=values.index, name=values.name)


def largest_zscore(n: int) -> float:
    """Return the largest z-score that any one of ``n`` values can have.

    References
    ----------
    .. [1] Shiffler (1988), "Maximum Z Scores and Outliers", The American Statistician.

    Examples
    --------
    >>> largest_zscore(10) < 3 < largest_zscore(12)
    True
    """
    if n < 2:
        raise ValueError(f"n must be at least 2, got {n}")
    return float((n - 1) / np.sqrt(n))


def outlier_table(df: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Count the outliers of each column by the three rules.

    Returns
    -------
    DataFrame
        One row per column: the counts ``iqr``, ``zscore``, ``robust``, and the
        limits ``low`` and ``high`` of the first rule.

    Examples
    --------
    >>> outlier_table(pd.DataFrame({"a": [1, 2, 3, 4, 50]}), ["a"])["iqr"].to_dict()
    {'a': 1}
    """
    rows = [_outlier_counts(finite(df[name])) for name in columns]
    return pd.DataFrame(rows, index=pd.Index(columns, name="column"), columns=KEYS)


def _outlier_counts(known: pd.Series) -> dict[str, float]:
    """Count by the three rules, with the median and the quartiles found once."""
    if known.empty:
        return dict(zip(KEYS, (0, 0, 0, -np.inf, np.inf), strict=True))
    known, exponent = _in_range(known)
    values = known.to_numpy()
    q25, median, q75 = np.quantile(values, [0.25, 0.5, 0.75])
    with np.errstate(over="ignore", invalid="ignore"):
        low, high = q25 - 1.5 * (q75 - q25), q75 + 1.5 * (q75 - q25)
        std = float(known.std())
        mad = MAD_TO_STD * float(np.median(np.abs(values - median)))
        limits = [
            (low, high),
            (known.mean() - 3 * std, known.mean() + 3 * std),
            (median - 3.5 * mad, median + 3.5 * mad),
        ]
        counts = [int(((values < a) | (values > b)).sum()) for a, b in limits]
        low, high = np.ldexp([low, high], exponent)
    for i, spread in ((1, std), (2, mad)):
        counts[i] = counts[i] if spread > 0 else 0
    return dict(zip(KEYS, (*counts, float(low), float(high)), strict=True))
