"""Randomise by hashing: the same user meets the same arm, with nothing stored.

>>> from mlmastery.ab_testing.assignment import assign
>>> halves = {"control": 0.5, "treatment": 0.5}
>>> [assign(f"user-{i}", "checkout", halves) for i in range(3)]
['control', 'treatment', 'treatment']
"""

from __future__ import annotations

import bisect
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from types import MappingProxyType

import numpy as np
from scipy import stats

from mlmastery.validation import check_count, check_number

__all__ = [
    "Layer",
    "assign",
    "check_identifier",
    "check_weights",
    "hash_to_unit",
    "independence_p_value",
    "is_covered",
    "uniformity_p_value",
]

MAX_LENGTH = 200  # characters of a name or a user's identifier
MAX_KEY = 64  # bytes that BLAKE2b takes as its key
RESOLUTION = 2**53  # whole numbers up to here are exact as floats


def check_identifier(value: object, name: str) -> str:
    """Return a name or a user's identifier, or raise.

    Raises
    ------
    ValueError
        If it is not a text of 1 to 200 characters that every database can hold.

    Examples
    --------
    >>> check_identifier("user-1", "unit")
    'user-1'
    >>> check_identifier(7, "unit")
    Traceback (most recent call last):
        ...
    ValueError: unit must be a text of 1 to 200 characters, got 7
    """
    if not isinstance(value, str) or not 0 < len(value) <= MAX_LENGTH:
        shown = repr(value) if len(repr(value)) <= 60 else f"{repr(value)[:60]}…"
        raise ValueError(
            f"{name} must be a text of 1 to {MAX_LENGTH} characters, got {shown}"
        )
    # PostgreSQL stores neither NUL nor half of a surrogate pair.
    if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise ValueError(f"{name} must be printable Unicode, got {value!r}")
    return value


def check_weights(weights: Mapping[str, float], name: str) -> dict[str, float]:
    """Return the shares of at least two arms, or raise.

    Raises
    ------
    ValueError
        If there are fewer than two, if one is not above 0, or if they do not add up
        to 1.

    Examples
    --------
    >>> check_weights({"a": 0.95, "b": 0.5}, "allocation")
    Traceback (most recent call last):
        ...
    ValueError: allocation must add up to 1, got 1.45
    """
    if not isinstance(weights, Mapping) or len(weights) < 2:
        raise ValueError(f"{name} must name at least two arms, got {weights!r}")
    shares = {
        check_identifier(arm, f"{name}: an arm"): check_number(
            share, f"{name}[{arm!r}]", maximum=1, open=True
        )
        for arm, share in weights.items()
    }
    if abs(sum(shares.values()) - 1) > 1e-9:
        raise ValueError(f"{name} must add up to 1, got {sum(shares.values()):g}")
    return shares


def hash_to_unit(unit: str, salt: str, purpose: str = "arm") -> float:
    """Return a number in [0, 1) that unit, salt and purpose determine.

    Two salts, or two purposes, give a unit two independent numbers, as two throws of
    a die do.

    Parameters
    ----------
    unit : str
        Who is randomised: a user, a session, a shop.
    salt : str
        At most 64 bytes in UTF-8: the key of the hash, so that the salt "a" with the
        unit "bc" and "ab" with "c" have nothing to do with each other.
    purpose : {"arm", "ramp", "layer"}, default="arm"
        What the number decides. Were one number to decide both who takes part and in
        which arm, the first 5 % would all be in the first arm.

    Raises
    ------
    ValueError
        If either is empty or too long.

    References
    ----------
    .. [1] Aumasson et al. (2013), "BLAKE2: Simpler, Smaller, Fast as MD5", ACNS.

    Examples
    --------
    >>> round(hash_to_unit("user-1", "checkout-2026"), 4)
    0.3169
    >>> round(hash_to_unit("user-1", "checkout-2027"), 4)
    0.8108
    """
    key = check_identifier(salt, "salt").encode()
    if len(key) > MAX_KEY:
        raise ValueError(f"salt must have at most {MAX_KEY} bytes, got {len(key)}")
    data = check_identifier(unit, "unit").encode()
    digest = hashlib.blake2b(
        data, digest_size=8, key=key, person=purpose.encode()
    ).digest()
    return (int.from_bytes(digest) >> 11) / RESOLUTION  # 64 bits, the first 53 used


def is_covered(unit: str, salt: str, coverage: float) -> bool:
    """Return whether a unit takes part while a share ``coverage`` of all does.

    Covered at 5 % is covered at 20 %: the unit's number stays, the limit rises.

    Examples
    --------
    >>> sum(is_covered(f"user-{i}", "checkout-2026", 0.05) for i in range(10_000))
    490
    """
    check_number(coverage, "coverage", maximum=1)
    return hash_to_unit(unit, salt, "ramp") < coverage


def assign(
    unit: str, salt: str, weights: Mapping[str, float], coverage: float = 1.0
) -> str | None:
    """Return the arm of a unit, or None if the ramp has not reached it yet.

    Parameters
    ----------
    unit, salt : str
        As for `hash_to_unit`.
    weights : mapping of str to float
        The share of each arm, in order; together 1.
    coverage : float, default=1.0
        The share of all units that takes part, from 0 to 1. It decides whether a unit
        has an arm, never which.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> thirds = {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}
    >>> assign("user-1", "colour", thirds), assign("user-1", "colour", thirds, 0.0)
    ('c', None)
    """
    shares = check_weights(weights, "weights")
    if not is_covered(unit, salt, coverage):
        return None
    return _interval_of(hash_to_unit(unit, salt), shares)


def _interval_of(number: float, shares: Mapping[str, float]) -> str:
    """Return the name whose part of [0, 1) holds the number."""
    ends = list(accumulate(shares.values()))
    # Ten tenths add up to a little less than 1: the last name takes what is left.
    return list(shares)[min(bisect.bisect_right(ends, number), len(ends) - 1)]


@dataclass(frozen=True)
class Layer:
    """Experiments that exclude one another: a unit is in at most one of them.

    Two layers are independent: each has its own salt.

    Parameters
    ----------
    name : str
        The salt of the layer.
    shares : mapping of str to float
        Of each experiment, together at most 1. The rest is in none. One added at the
        end takes from the rest and moves no unit.

    Examples
    --------
    >>> layer = Layer("checkout", {"button": 0.5, "price": 0.3})
    >>> [layer.experiment_of(name) for name in ("ana", "ben", "eva", "kim")]
    ['price', 'button', None, 'button']
    """

    name: str
    shares: Mapping[str, float] = field(hash=False)

    def __post_init__(self) -> None:
        check_identifier(self.name, "name")
        for experiment, share in self.shares.items():
            check_number(share, f"shares[{experiment!r}]", maximum=1, open=True)
        total = sum(self.shares.values())
        if total > 1 + 1e-9:
            raise ValueError(f"shares must add up to at most 1, got {total:g}")
        object.__setattr__(self, "shares", MappingProxyType(dict(self.shares)))

    def experiment_of(self, unit: str) -> str | None:
        """Return the one experiment of this layer that a unit may enter, or None."""
        number = hash_to_unit(unit, self.name, "layer")
        ends = accumulate(self.shares.values())
        inside = (e for e, end in zip(self.shares, ends, strict=True) if number < end)
        return next(inside, None)

    def agrees(self, other: Layer) -> bool:
        """Return whether both put each unit of their experiments into the same one.

        Examples
        --------
        >>> Layer("page", {"a": 0.5}).agrees(Layer("page", {"a": 0.5, "b": 0.2}))
        True
        >>> Layer("page", {"a": 0.5}).agrees(Layer("page", {"b": 0.2, "a": 0.5}))
        False
        """
        pairs = zip(self.shares.items(), other.shares.items(), strict=False)
        return self.name == other.name and all(a == b for a, b in pairs)


def uniformity_p_value(units: Iterable[str], salt: str, bins: int = 100) -> float:
    """Test that the hash spreads units evenly, by chi-square over equal bins.

    Returns
    -------
    float
        Small if the numbers are not uniform.

    Raises
    ------
    ValueError
        If a bin expects fewer than 5 units, where chi-square does not hold.

    Examples
    --------
    >>> uniformity_p_value((f"user-{i}" for i in range(10_000)), "checkout-2026") > 0.001
    True
    """
    check_count(bins, "bins", minimum=2)
    counts, _ = np.histogram([hash_to_unit(u, salt) for u in units], bins, (0, 1))
    if counts.sum() < 5 * bins:
        raise ValueError(
            f"units must number at least {5 * bins} for {bins} bins, got {counts.sum()}"
        )
    return float(stats.chisquare(counts).pvalue)


def independence_p_value(
    units: Iterable[str], salt: str, other: str, bins: int = 10
) -> float:
    """Test that the arms of one salt say nothing about those of another.

    Returns
    -------
    float
        Of the chi-square test on the table of shape (bins, bins).

    Examples
    --------
    >>> users = [f"user-{i}" for i in range(10_000)]
    >>> independence_p_value(users, "button", "price") > 0.001
    True
    >>> independence_p_value(users, "button", "button")
    0.0
    """
    check_count(bins, "bins", minimum=2)
    pairs = [(hash_to_unit(u, salt), hash_to_unit(u, other)) for u in units]
    first, second = np.array(pairs).T
    table, *_ = np.histogram2d(first, second, bins, ((0, 1), (0, 1)))
    return float(stats.chi2_contingency(table).pvalue)
