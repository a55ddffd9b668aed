"""Search spaces: scales, integers, choices, and settings that only some choices have.

>>> space = Space({"depth": Integer(1, 3), "criterion": Choice("gini", "entropy")})
>>> space.size
6
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlmastery.validation import check_count, check_number

__all__ = ["Choice", "Float", "Integer", "Parameter", "Space"]


@dataclass(frozen=True)
class Float:
    """A real number between two ends, on a plain or a logarithmic scale.

    Parameters
    ----------
    low, high : float
        Ends, both included; positive on a logarithmic scale.
    log : bool, default=False
        Whether equal factors, and not equal steps, count as equally far.

    Raises
    ------
    ValueError
        If ``low`` is not below ``high``, or not positive on a logarithmic scale.

    Examples
    --------
    >>> Float(0.001, 10, log=True).from_unit(0.5)
    0.1
    """

    low: float
    high: float
    log: bool = False

    size = math.inf

    def __post_init__(self) -> None:
        _check_ends(self.low, self.high, self.log)

    def from_unit(self, u: float) -> float:
        """Return the value at the share ``u`` of the way.

        Examples
        --------
        >>> Float(0, 10).from_unit(0.25)
        2.5
        """
        low, high = _ends(self.low, self.high, self.log)
        value = low + u * (high - low)
        value = math.exp(value) if self.log else value
        # Rounding to 12 digits keeps exp(log(x)) at x; the clip keeps it in range.
        return min(max(float(f"{value:.12g}"), float(self.low)), float(self.high))

    def to_unit(self, value: float) -> float:
        """Return the share of the way at which a value lies.

        Raises
        ------
        ValueError
            If the value is outside the ends.

        Examples
        --------
        >>> Float(1, 100, log=True).to_unit(10)
        0.5
        """
        check_number(value, "value", self.low, self.high)
        low, high = _ends(self.low, self.high, self.log)
        return ((math.log(value) if self.log else value) - low) / (high - low)

    def snap(self, u: np.ndarray) -> np.ndarray:
        """Return the shares as they are: every share is a value."""
        return u

    def grid(self, points: int) -> list[float]:
        """Return equally spaced values, ends included.

        Examples
        --------
        >>> Float(0.01, 1, log=True).grid(3)
        [0.01, 0.1, 1.0]
        """
        return [self.from_unit(u) for u in _even(points)]


@dataclass(frozen=True)
class Integer:
    """A whole number between two ends, on a plain or a logarithmic scale.

    Each whole number owns the interval of half a step on both sides, so that the ends
    are as likely as the others on a plain scale.

    Parameters
    ----------
    low, high : int
        Ends, both included; at least 1 on a logarithmic scale.
    log : bool, default=False

    Raises
    ------
    ValueError
        If an end is not whole, ``low`` is not below ``high``, or the scale is
        logarithmic and ``low`` below 1.

    Examples
    --------
    >>> [Integer(1, 4).from_unit(u) for u in (0.0, 0.3, 0.6, 1.0)]
    [1, 2, 3, 4]
    """

    low: int
    high: int
    log: bool = False

    def __post_init__(self) -> None:
        check_count(self.low, "low", minimum=1 if self.log else -(10**12))
        check_count(self.high, "high", minimum=self.low + 1)

    @property
    def size(self) -> int:
        """Number of values."""
        return self.high - self.low + 1

    def from_unit(self, u: float) -> int:
        """Return the whole number that owns the share ``u``."""
        return int(self._values(np.array([u]))[0])

    def to_unit(self, value: int) -> float:
        """Return the share at which a whole number lies.

        Raises
        ------
        ValueError
            If the value is not whole or outside the ends.

        Examples
        --------
        >>> Integer(1, 4).to_unit(1)
        0.125
        """
        check_count(value, "value", self.low, self.high)
        return float(self._shares(np.array([value]))[0])

    def snap(self, u: np.ndarray) -> np.ndarray:
        """Return for each share that of its whole number."""
        return self._shares(self._values(u))

    def grid(self, points: int) -> list[int]:
        """Return about equally spaced values, without repeats.

        Examples
        --------
        >>> Integer(1, 3).grid(5), Integer(1, 100, log=True).grid(3)
        ([1, 2, 3], [1, 10, 100])
        """
        low, high = _ends(self.low, self.high, self.log)
        at = [low + u * (high - low) for u in _even(points)]
        return sorted({round(math.exp(v) if self.log else v) for v in at})

    def _values(self, u: np.ndarray) -> np.ndarray:
        low, high = _ends(self.low - 0.5, self.high + 0.5, self.log)
        value = low + np.asarray(u, float) * (high - low)
        value = np.exp(value) if self.log else value
        return np.clip(np.rint(value), self.low, self.high)

    def _shares(self, values: np.ndarray) -> np.ndarray:
        low, high = _ends(self.low - 0.5, self.high + 0.5, self.log)
        values = np.log(values) if self.log else values
        return (values - low) / (high - low)


@dataclass(frozen=True, init=False)
class Choice:
    """One of several options without an order.

    Parameters
    ----------
    *options : str, int, float, bool or None
        At least two, all different.

    Raises
    ------
    ValueError
        If there are fewer than two options, or two are equal.
    TypeError
        If an option is none of these types, which a file of trials can hold.

    Examples
    --------
    >>> Choice("relu", "tanh").from_unit(0.7)
    'tanh'
    """

    options: tuple

    def __init__(self, *options: Any) -> None:
        for option in options:
            if not isinstance(option, str | int | float | bool | None):
                raise TypeError(
                    "options must be texts, numbers, True, False or None, "
                    f"got {option!r}"
                )
        if len(options) < 2 or len(set(options)) < len(options):
            raise ValueError(f"options must be two or more, all different: {options}")
        object.__setattr__(self, "options", options)

    @property
    def size(self) -> int:
        """Number of options."""
        return len(self.options)

    def from_unit(self, u: float) -> Any:
        """Return the option that owns the share ``u``."""
        return self.options[int(self.index(np.array([u]))[0])]

    def to_unit(self, value: Any) -> float:
        """Return the middle of the share that an option owns.

        Raises
        ------
        ValueError
            If it is none of the options.

        Examples
        --------
        >>> Choice("relu", "tanh").to_unit("relu")
        0.25
        """
        if value not in self.options:
            raise ValueError(f"value must be one of {self.options}, got {value!r}")
        return (self.options.index(value) + 0.5) / self.size

    def index(self, u: np.ndarray) -> np.ndarray:
        """Return for each share the place of its option."""
        return np.minimum((np.asarray(u) * self.size).astype(int), self.size - 1)

    def snap(self, u: np.ndarray) -> np.ndarray:
        """Return for each share the middle of its option."""
        return (self.index(u) + 0.5) / self.size

    def grid(self, points: int) -> list:
        """Return all options, whatever ``points`` says."""
        return list(self.options)


Parameter = Float | Integer | Choice


class Space:
    """Named parameters, some of which may depend on a choice.

    Parameters
    ----------
    parameters : mapping of str to Float, Integer or Choice
    conditions : mapping of str to (str, options), optional
        ``{"depth": ("model", ("tree",))}``: the first is a parameter of the
        configuration only where the second has one of the options. The second must be
        a `Choice` without a condition of its own.

    Attributes
    ----------
    parameters, conditions : dict
    names : list of str
    n_features : int
        Length of an encoded configuration.
    size : float
        Number of configurations, counted as if there were no conditions; infinite if a
        parameter is a `Float`.

    Raises
    ------
    ValueError
        If there is no parameter, or a condition names what is not there.
    TypeError
        If a parameter is none of the three kinds.

    Examples
    --------
    >>> space = Space({"rate": Float(0.01, 1, log=True), "kind": Choice("a", "b")})
    >>> space.encode({"rate": 0.1, "kind": "b"})
    array([0.5, 0. , 1. ])
    """

    def __init__(
        self,
        parameters: Mapping[str, Parameter],
        conditions: Mapping[str, tuple[str, tuple]] | None = None,
    ) -> None:
        if not parameters:
            raise ValueError("parameters must hold at least one parameter, got none")
        for name, parameter in parameters.items():
            if not isinstance(parameter, Parameter):
                raise TypeError(
                    f"parameter {name!r} must be a Float, an Integer or a Choice, "
                    f"got {type(parameter).__name__}"
                )
        self.parameters = dict(parameters)
        self.conditions = {
            name: (on, tuple(options))
            for name, (on, options) in (conditions or {}).items()
        }
        for name in self.conditions:
            self._check_condition(name)
        self.names = list(self.parameters)

    @property
    def size(self) -> float:
        """Number of configurations, or infinity."""
        return math.prod(p.size for p in self.parameters.values())

    @property
    def n_features(self) -> int:
        """Length of an encoded configuration."""
        return sum(_width(p) for p in self.parameters.values())

    def sample(self, rng: np.random.Generator) -> dict[str, Any]:
        """Draw a configuration, each parameter uniformly on its scale.

        Examples
        --------
        >>> space = Space({"kind": Choice("a", "b")})
        >>> space.sample(np.random.default_rng(0))
        {'kind': 'b'}
        """
        return self.decode(rng.random(len(self.names)))

    def grid(self, points: int) -> list[dict[str, Any]]:
        """Return every combination of equally spaced values.

        Parameters
        ----------
        points : int
            Values of each `Float` and, at most, of each `Integer`.

        Examples
        --------
        >>> len(Space({"a": Float(0, 1), "b": Choice(1, 2)}).grid(3))
        6
        """
        check_count(points, "points")
        values = [p.grid(points) for p in self.parameters.values()]
        combined = (
            dict(zip(self.names, row, strict=True))
            for row in itertools.product(*values)
        )
        # Without its inactive settings, one configuration may come several times.
        kept = {self.key(c): c for c in map(self._active_part, combined)}
        return list(kept.values())

    def enumerate(self) -> list[dict[str, Any]]:
        """Return all configurations of a finite space.

        Raises
        ------
        ValueError
            If a parameter is a `Float`.
        """
        if not math.isfinite(self.size):
            raise ValueError("a space with a Float has no end, so it has no list")
        return self.grid(int(max(p.size for p in self.parameters.values())))

    def decode(self, units: np.ndarray) -> dict[str, Any]:
        """Return the configuration at shares of the way, one for each parameter."""
        pairs = zip(self.parameters.items(), units, strict=True)
        config = {name: p.from_unit(float(u)) for (name, p), u in pairs}
        return self._active_part(config)

    def units(self, config: Mapping[str, Any]) -> np.ndarray:
        """Return the shares of a configuration; one half where it has no value.

        Raises
        ------
        ValueError
            If a parameter is missing, unknown, or has a value outside the space.
        """
        self.check(config)
        return np.array(
            [
                p.to_unit(config[name]) if name in config else 0.5
                for name, p in self.parameters.items()
            ]
        )

    def encode(self, config: Mapping[str, Any]) -> np.ndarray:
        """Return a configuration as a point in the unit cube.

        A number becomes its share of the way; a choice one coordinate for each option,
        so that all options are equally far from each other. What is not active stands
        at one half, or at zero for a choice.

        Returns
        -------
        ndarray of shape (n_features,)
        """
        return self.encode_units(self.units(config)[None])[0]

    def encode_units(self, units: np.ndarray) -> np.ndarray:
        """Encode many configurations, given by their shares.

        Parameters
        ----------
        units : ndarray of shape (n, n_parameters)

        Returns
        -------
        ndarray of shape (n, n_features)
        """
        active, columns = self.active(units), []
        for j, p in enumerate(self.parameters.values()):
            if isinstance(p, Choice):
                columns.append(np.eye(p.size)[p.index(units[:, j])] * active[:, [j]])
            else:
                column = np.where(active[:, j], p.snap(units[:, j]), 0.5)
                columns.append(column[:, None])
        return np.hstack(columns)

    def active(self, units: np.ndarray) -> np.ndarray:
        """Return which parameters are active, of many configurations.

        Returns
        -------
        ndarray of bool, shape (n, n_parameters)
        """
        active = np.ones(units.shape, bool)
        for name, (on, options) in self.conditions.items():
            parent = self.parameters[on]
            assert isinstance(parent, Choice)
            allowed = np.array([option in options for option in parent.options])
            at = parent.index(units[:, self.names.index(on)])
            active[:, self.names.index(name)] = allowed[at]
        return active

    def check(self, config: Mapping[str, Any]) -> None:
        """Raise if this is not a configuration of the space.

        Raises
        ------
        ValueError
            If a parameter is missing or unknown.
        """
        wanted = {name for name in self.parameters if self._holds(name, config)}
        if set(config) != wanted:
            raise ValueError(
                f"config must have the parameters {sorted(wanted)}, got {sorted(config)}"
            )

    def key(self, config: Mapping[str, Any]) -> str:
        """Return a text that two configurations share only if they are equal.

        Examples
        --------
        >>> Space({"a": Integer(1, 3)}).key({"a": 2})
        '{"a": 2}'
        """
        return json.dumps({name: config[name] for name in sorted(config)})

    def __repr__(self) -> str:
        conditions = f", conditions={self.conditions}" if self.conditions else ""
        return f"Space({self.parameters}{conditions})"

    def describe(self) -> dict[str, Any]:
        """Return the space in plain types, as a file of trials keeps it.

        Examples
        --------
        >>> Space({"a": Integer(1, 3)}).describe()["parameters"]
        {'a': {'kind': 'Integer', 'low': 1, 'high': 3, 'log': False}}
        """
        parameters = {
            name: {"kind": type(p).__name__, **_fields(p)}
            for name, p in self.parameters.items()
        }
        conditions = {n: [on, list(o)] for n, (on, o) in self.conditions.items()}
        return {"parameters": parameters, "conditions": conditions}

    def fingerprint(self) -> str:
        """Return the SHA-256 of the description, which changes with any end or option.

        Examples
        --------
        >>> len(Space({"a": Integer(1, 3)}).fingerprint())
        64
        """
        text = json.dumps(self.describe(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def _holds(self, name: str, config: Mapping[str, Any]) -> bool:
        if name not in self.conditions:
            return True
        on, options = self.conditions[name]
        return config.get(on) in options

    def _active_part(self, config: dict[str, Any]) -> dict[str, Any]:
        return {n: v for n, v in config.items() if self._holds(n, config)}

    def _check_condition(self, name: str) -> None:
        on, options = self.conditions[name]
        parent = self.parameters.get(on)
        offered = set(parent.options) if isinstance(parent, Choice) else set()
        known = name in self.parameters and on not in self.conditions
        if not known or not options or not set(options) <= offered:
            raise ValueError(
                f"the condition of {name!r} must name a parameter, a Choice without a "
                f"condition and options of it, got {(on, options)}"
            )


def _fields(parameter: Parameter) -> dict[str, Any]:
    if isinstance(parameter, Choice):
        return {"options": list(parameter.options)}
    return {"low": parameter.low, "high": parameter.high, "log": parameter.log}


def _width(parameter: Parameter) -> int:
    return parameter.size if isinstance(parameter, Choice) else 1


def _even(points: int) -> np.ndarray:
    return np.linspace(0, 1, points) if points > 1 else np.array([0.5])


def _ends(low: float, high: float, log: bool) -> tuple[float, float]:
    return (math.log(low), math.log(high)) if log else (low, high)


def _check_ends(low: float, high: float, log: bool) -> None:
    for name, value in (("low", low), ("high", high)):
        check_number(value, name, minimum=-1e300)
    if low >= high:
        raise ValueError(f"low must be below high, got {low} and {high}")
    if log and low <= 0:
        raise ValueError(f"low must be positive on a logarithmic scale, got {low}")
