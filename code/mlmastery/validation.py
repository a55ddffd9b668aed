"""Check arguments: one wording for what was expected and what came.

>>> from mlmastery.validation import check_choice
>>> check_choice("huber", "loss", ("squared", "absolute"))
Traceback (most recent call last):
    ...
ValueError: loss must be one of squared, absolute, got 'huber'
"""

import math
from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

__all__ = [
    "as_numbers",
    "as_sample",
    "check_choice",
    "check_count",
    "check_number",
    "check_share",
]

LARGEST = 1e100  # of a value: its square and the sums of squares stay finite


def check_count(
    value: Any, name: str, minimum: int = 1, maximum: int | None = None
) -> int:
    """Return a whole number in its range as an int, or raise.

    Parameters
    ----------
    value : int
        ``True`` and ``2.0`` are not taken for numbers of things.
    name : str
        The argument, for the message.
    minimum : int, default=1
    maximum : int, optional
        The largest value allowed.

    Raises
    ------
    ValueError
        If it is not a whole number, or outside the range.

    Examples
    --------
    >>> check_count(3, "n_splits", minimum=2)
    3
    >>> check_count(1, "n_splits", minimum=2)
    Traceback (most recent call last):
        ...
    ValueError: n_splits must be a whole number of at least 2, got 1
    """
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if whole and minimum <= value and (maximum is None or value <= maximum):
        return int(value)
    limits = f"of at least {minimum}"
    if maximum is not None:
        limits = f"from {minimum} to {maximum}"
    raise ValueError(f"{name} must be a whole number {limits}, got {value!r}")


def check_number(
    value: Any,
    name: str,
    minimum: float = 0,
    maximum: float = math.inf,
    *,
    open: bool = False,
) -> float:
    """Return a finite number in its range as a float, or raise.

    Parameters
    ----------
    value : float
    name : str
        The argument, for the message.
    minimum : float, default=0
    maximum : float, optional
        The largest value allowed.
    open : bool, default=False
        Whether the minimum itself is refused.

    Raises
    ------
    ValueError
        If it is not a finite number in the range.

    Examples
    --------
    >>> check_number(0, "alpha")
    0.0
    >>> check_number(0, "learning_rate", open=True)
    Traceback (most recent call last):
        ...
    ValueError: learning_rate must be a number above 0, got 0
    """
    number = isinstance(value, Real) and not isinstance(value, bool)
    if number and math.isfinite(value) and float(value) <= maximum:
        if value > minimum or (value == minimum and not open):
            return float(value)
    limit = f"above {minimum:g}" if open else f"of at least {minimum:g}"
    if maximum < math.inf:
        limit += f" and at most {maximum:g}"
    raise ValueError(f"{name} must be a number {limit}, got {value!r}")


def check_share(value: Any, name: str) -> float:
    """Return a number strictly between 0 and 1 as a float, or raise.

    Raises
    ------
    ValueError
        If it is anything else.

    Examples
    --------
    >>> check_share(95, "confidence")
    Traceback (most recent call last):
        ...
    ValueError: confidence must lie between 0 and 1, got 95
    """
    if isinstance(value, Real) and 0 < float(value) < 1:
        return float(value)
    raise ValueError(f"{name} must lie between 0 and 1, got {value!r}")


def check_choice(value: Any, name: str, choices: Iterable[Any]) -> Any:
    """Return the value if it is one of the choices, or raise and list them.

    Raises
    ------
    ValueError
        If it is none of them.

    Examples
    --------
    >>> check_choice("l2", "penalty", ("l1", "l2"))
    'l2'
    """
    known = list(choices)
    # True equals 1, and an array compares to an array: both are other kinds of answer.
    same_kind = (k for k in known if isinstance(value, _kind(k)))
    if any(
        value == k and isinstance(value, bool) == isinstance(k, bool) for k in same_kind
    ):
        return value
    listed = ", ".join(map(str, known))
    raise ValueError(f"{name} must be one of {listed}, got {value!r}")


def _kind(choice: Any) -> type:
    """Return the type that a choice shares with its equals: 8 of NumPy is 8."""
    return Integral if isinstance(choice, Integral) else type(choice)


def as_numbers(values: Any, name: str) -> np.ndarray:
    """Return an array of float, or raise and name the argument.

    Raises
    ------
    ValueError
        If a value is not a number; a missing one becomes NaN.

    Examples
    --------
    >>> as_numbers(["high"], "score")
    Traceback (most recent call last):
        ...
    ValueError: score must be numbers, got 'high'
    """
    array = np.asarray(values)
    if array.dtype.kind in "biuf":
        return array.astype(float)
    if array.dtype.kind in "mM":  # a list of them may hold whole numbers of nanoseconds
        raise ValueError(f"{name} must be numbers, got {array.dtype}")
    for value in array.ravel().tolist():
        if not (isinstance(value, Real) or value is None or value is pd.NA):
            raise ValueError(f"{name} must be numbers, got {value!r}")
    return np.where(pd.isna(array), np.nan, array).astype(float)


def as_sample(values: Any, name: str, minimum: int = 2) -> np.ndarray:
    """Return one row of finite numbers as an array of floats, or raise.

    Raises
    ------
    ValueError
        If there are too few values, more than one axis, one that is not finite or too
        large to be squared, or values that are not numbers: texts, dates, complex ones.

    Examples
    --------
    >>> as_sample([3.0], "a")
    Traceback (most recent call last):
        ...
    ValueError: a must hold at least 2 finite numbers in one row, got shape (1,)
    """
    try:
        raw = np.asarray(values)
        # NumPy would read "3" as 3 and a date as nanoseconds, without a word.
        texts = raw.dtype == object and any(isinstance(v, str) for v in raw.flat)
        number = raw.dtype.kind in "biufO" and not texts
        sample = np.asarray(values, dtype=float) if number else None
    except (TypeError, ValueError):  # rows of different lengths, a generator, a dict
        sample = None
    if sample is None:
        shown = repr(values)
        raise ValueError(
            f"{name} must hold at least {minimum} finite numbers in one row, "
            f"got {shown if len(shown) <= 60 else shown[:60] + '…'}"
        )
    finite = np.abs(sample) <= LARGEST
    if sample.ndim == 1 and len(sample) >= minimum and finite.all():
        return sample
    broken = int((~finite).sum())
    raise ValueError(
        f"{name} must hold at least {minimum} finite numbers in one row, "
        f"got shape {sample.shape}" + (f", {broken} not finite" if broken else "")
    )
