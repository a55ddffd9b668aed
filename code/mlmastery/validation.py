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

__all__ = ["check_choice", "check_count", "check_number", "check_share"]


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
    same_kind = (k for k in known if isinstance(value, type(k)))
    if any(
        value == k and isinstance(value, bool) == isinstance(k, bool) for k in same_kind
    ):
        return value
    listed = ", ".join(map(str, known))
    raise ValueError(f"{name} must be one of {listed}, got {value!r}")
