"""The uncertainty of a figure, which says what kind it is.

>>> from mlmastery.spread import Spread
>>> Spread.standard_error(0.012).beside(0.9671)
'0.967 ± 0.012 (SE)'
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Spread", "check_spread"]

SD, SE, INTERVAL = "standard deviation", "standard error", "interval"
SHORT = {SD: "sd", SE: "SE"}


@dataclass(frozen=True)
class Spread:
    """A standard deviation, a standard error, or an interval at a confidence level.

    Made by `sd`, `standard_error` and `interval`, never by a bare number: "± 0.01" has
    been read as each of the three.

    Parameters
    ----------
    kind : {"standard deviation", "standard error", "interval"}
    size : float, optional
        The number that follows ±; of an interval, None.
    low, high, level : float, optional
        Ends of an interval and its confidence, between 0 and 1; else None.

    Raises
    ------
    ValueError
        If the kind is unknown, a number is not finite or negative where it cannot be,
        or the ends are in the wrong order.

    Examples
    --------
    >>> Spread.sd(-1.0)
    Traceback (most recent call last):
        ...
    ValueError: standard deviation must be finite and at least 0, got -1.0
    """

    kind: str
    size: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None

    def __post_init__(self) -> None:
        if self.kind == INTERVAL:
            _check_interval(self.low, self.high, self.level)
        elif self.kind in SHORT:
            _check_size(self.kind, self.size)
        else:
            kinds = ", ".join((*SHORT, INTERVAL))
            raise ValueError(f"kind must be one of {kinds}, got {self.kind!r}")

    @classmethod
    def sd(cls, value: float) -> Spread:
        """Return the standard deviation of single values: folds, seeds, rows.

        Examples
        --------
        >>> Spread.sd(2.0).half_width
        2.0
        """
        return cls(SD, float(value))

    @classmethod
    def standard_error(cls, value: float) -> Spread:
        """Return the standard deviation of the figure itself, as of a mean.

        Examples
        --------
        >>> Spread.standard_error(0.5).kind
        'standard error'
        """
        return cls(SE, float(value))

    @classmethod
    def interval(cls, low: float, high: float, level: float = 0.95) -> Spread:
        """Return the interval that holds the figure with a confidence of ``level``.

        Examples
        --------
        >>> Spread.interval(0.943, 0.993).beside(0.98)
        '0.980 (95 %: 0.943 to 0.993)'
        """
        return cls(INTERVAL, low=float(low), high=float(high), level=level)

    @classmethod
    def read(cls, fields: dict[str, Any]) -> Spread:
        """Return what `fields` gave.

        Raises
        ------
        ValueError
            If the fields are others, or not of a spread.

        Examples
        --------
        >>> Spread.read({"kind": "standard error", "size": 0.1}).size
        0.1
        """
        try:
            return cls(**fields)
        except TypeError:
            raise ValueError(
                "spread must have a kind, and a size or low, high and level; "
                f"got {fields!r}"
            ) from None

    def fields(self) -> dict[str, Any]:
        """Return what there is of the spread, as for JSON.

        Examples
        --------
        >>> Spread.sd(2.0).fields()
        {'kind': 'standard deviation', 'size': 2.0}
        """
        return {key: value for key, value in asdict(self).items() if value is not None}

    @property
    def half_width(self) -> float:
        """Half the interval, or the number that follows ±."""
        if self.low is None or self.high is None:
            return self.size or 0.0
        return (self.high - self.low) / 2

    def beside(self, value: float) -> str:
        """Return the figure with the digits that this spread supports, and the spread.

        Parameters
        ----------
        value : float
            In the unit of the spread.

        Examples
        --------
        >>> Spread.sd(0.0123).beside(0.81234)
        '0.812 ± 0.012 (sd)'
        """
        digits = f".{decimals(self.half_width)}f"
        if self.kind in SHORT:
            return f"{value:{digits}} ± {self.size:{digits}} ({SHORT[self.kind]})"
        ends = f"{self.low:{digits}} to {self.high:{digits}}"
        return f"{value:{digits}} ({self.level:.0%}: {ends})".replace("%", " %")


def check_spread(spread: object) -> None:
    """Raise unless an uncertainty says its kind.

    Raises
    ------
    TypeError
        If it is not a `Spread`.

    Examples
    --------
    >>> check_spread(Spread.sd(0.1))
    """
    if not isinstance(spread, Spread):
        raise TypeError(
            f"spread must be a Spread, such as Spread.sd(2.0), got {spread!r}"
        )


def decimals(spread: float) -> int:
    """Return how many decimals show two digits of a spread.

    Examples
    --------
    >>> decimals(0.0123), decimals(12.3), decimals(0.0)
    (3, 0, 4)
    """
    return max(0, 1 - math.floor(math.log10(spread))) if spread else 4


def _check_size(kind: str, size: float | None) -> None:
    if size is None or not (math.isfinite(size) and size >= 0):
        raise ValueError(f"{kind} must be finite and at least 0, got {size}")


def _check_interval(low: float | None, high: float | None, level: float | None) -> None:
    if level is None or not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level}")
    ends = [end for end in (low, high) if end is not None and math.isfinite(end)]
    if len(ends) < 2 or ends[0] > ends[1]:
        raise ValueError(
            f"low and high must be finite and in this order, got {low} and {high}"
        )
