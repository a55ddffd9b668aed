"""Labels, probabilities and numbers as arrays, or an error that names the argument."""

from __future__ import annotations

from numbers import Real
from typing import Any

import numpy as np

from mlmastery.validation import as_numbers

__all__ = ["check_flags", "check_probabilities", "is_flag"]


def check_probabilities(values: Any, name: str = "probability") -> np.ndarray:
    """Return probabilities as an array, or raise.

    Raises
    ------
    ValueError
        If there are none, or one is not between 0 and 1.

    Examples
    --------
    >>> check_probabilities([0.5, 1.2])
    Traceback (most recent call last):
        ...
    ValueError: probability must lie between 0 and 1, got 1.2
    """
    p = as_numbers(values, name)
    if p.ndim != 1 or not len(p):
        raise ValueError(f"{name} must be one number per customer, got {p.shape}")
    wrong = p[~((p >= 0) & (p <= 1))]
    if len(wrong):
        raise ValueError(f"{name} must lie between 0 and 1, got {wrong[0]}")
    return p


def check_flags(values: Any, name: str) -> np.ndarray:
    """Return an array of bool from one 0 or 1 per customer, or raise.

    Raises
    ------
    ValueError
        If one is anything else: a word, a missing value, a probability.

    Examples
    --------
    >>> check_flags(["Yes", "No"], "left")
    Traceback (most recent call last):
        ...
    ValueError: left must be 0 or 1 for every customer, got 'Yes'
    """
    flags = np.asarray(values)
    for value in flags.ravel()[~is_flag(flags.ravel())][:1].tolist():
        raise ValueError(f"{name} must be 0 or 1 for every customer, got {value!r}")
    if flags.ndim != 1:
        raise ValueError(f"{name} must be one entry per customer, got {flags.shape}")
    return flags.astype(bool)


def is_flag(values: np.ndarray) -> np.ndarray:
    """Say of each entry of a flat array whether it is 0 or 1."""
    if values.dtype.kind in "biuf":
        return np.isin(values, [0, 1])
    known = [isinstance(v, Real) and v in (0, 1) for v in values.tolist()]
    return np.array(known, dtype=bool)
