"""Fields of a configuration, each with the rule for its values beside its default."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, fields
from math import inf
from typing import Any

Rule = Callable[[str, Any], None]


def setting(default: Any, rule: Rule, *, may_change_on_resume: bool = False) -> Any:
    """Return a field of a dataclass that knows what its value must be.

    Parameters
    ----------
    default : object
        A type, such as ``dict``, makes a new default for each instance.
    rule : callable
        Called with the field's name and value; raises TypeError or ValueError.
    may_change_on_resume : bool, default=False
        Whether a run that is resumed with another value is still the same run.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Config:
    ...     rounds: int = setting(10, whole(1), may_change_on_resume=True)
    >>> check(Config(rounds=0))
    Traceback (most recent call last):
    ValueError: rounds must be a whole number from 1, got 0
    """
    metadata = {"rule": rule, "may_change_on_resume": may_change_on_resume}
    if isinstance(default, type):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


def check(config: Any) -> None:
    """Check the value of every setting of a dataclass, in order.

    Raises
    ------
    TypeError, ValueError
        Naming the first field that breaks its rule, what it must be and what came.
    """
    for each in fields(config):
        each.metadata["rule"](each.name, getattr(config, each.name))


def changeable_on_resume(config: Any) -> frozenset[str]:
    """Return the names of the settings that a resumed run may change.

    Parameters
    ----------
    config : dataclass or instance of one
    """
    marked = (f for f in fields(config) if f.metadata["may_change_on_resume"])
    return frozenset(f.name for f in marked)


def one_of(*known: Any) -> Rule:
    """Return the rule that a value is one of these, and of its type."""

    def rule(name: str, value: Any) -> None:
        if not any(value == k and type(value) is type(k) for k in known):
            words = ", ".join(map(repr, known))
            raise ValueError(f"{name} must be one of {words}, got {value!r}")

    return rule


def whole(low: int, high: int | None = None) -> Rule:
    """Return the rule that a value is a whole number in this range."""

    def rule(name: str, value: Any) -> None:
        words = f"a whole number from {low}" + (f" to {high}" if high else "")
        if type(value) is not int:
            raise TypeError(f"{name} must be {words}, got {value!r}")
        if value < low or (high is not None and value > high):
            raise ValueError(f"{name} must be {words}, got {value!r}")

    return rule


def number(low: float, high: float = inf, *, open: bool = True) -> Rule:
    """Return the rule that a value is a number in a range, open at its lower end."""

    def rule(name: str, value: Any) -> None:
        words = f"a number {'above' if open else 'from'} {low:g}"
        words += " and finite" if high == inf else f" and at most {high:g}"
        if type(value) not in (int, float):
            raise TypeError(f"{name} must be {words}, got {value!r}{_hint(value)}")
        inside = low < value <= high or (value == low and not open)
        if not inside or value == inf:
            raise ValueError(f"{name} must be {words}, got {value!r}")

    return rule


def _hint(value: Any) -> str:
    """Return what to write for a string that was meant as a number.

    >>> _hint("1e-3")
    ', a string: YAML wants 0.001'
    """
    try:
        return f", a string: YAML wants {float(value)!r}"
    except (TypeError, ValueError):
        return ""


def of_type(kind: type, words: str) -> Rule:
    """Return the rule that a value is of one type, which the words describe."""

    def rule(name: str, value: Any) -> None:
        if type(value) is not kind:
            raise TypeError(f"{name} must be {words}, got {value!r}")

    return rule


def layer_sizes(name: str, value: Any) -> None:
    """Check that a value is a tuple of two or more whole numbers from 1."""
    if type(value) is not tuple or not all(type(n) is int for n in value):
        raise TypeError(f"{name} must be a list of whole numbers, got {value!r}")
    if len(value) < 2 or min(value) < 1:
        raise ValueError(f"{name} must hold two or more numbers from 1, got {value!r}")


def options(name: str, value: Any) -> None:
    """Check that a value maps names to numbers."""
    if type(value) is not dict or not all(type(key) is str for key in value):
        raise TypeError(f"{name} must map names to numbers, got {value!r}")
    for key, number in value.items():
        if type(number) not in (int, float):
            raise TypeError(f"{name}[{key!r}] must be a number, got {number!r}")


def section(**rules: Rule) -> Rule:
    """Return the rule that a value maps some of these names to what their rules allow.

    >>> section(ratio=number(0, 1))("compression", {"ratio": 2})
    Traceback (most recent call last):
    ValueError: compression.ratio must be a number above 0 and at most 1, got 2
    """

    def rule(name: str, value: Any) -> None:
        if type(value) is not dict:
            known = ", ".join(rules)
            raise TypeError(f"{name} must map {known} to values, got {value!r}")
        for key, given in value.items():
            if key not in rules:
                known = ", ".join(rules)
                raise ValueError(f"{name} knows {known}, got {key!r}")
            rules[key](f"{name}.{key}", given)

    return rule


def path_to_name(name: str, value: Any) -> None:
    """Check that a value names something to import: "package.module:name", or ""."""
    module, _, attribute = value.partition(":") if type(value) is str else ("", "", "")
    words = f"{name} must be 'package.module:name', got {value!r}"
    if type(value) is not str:
        raise TypeError(words)
    parts = [*module.split("."), *attribute.split(".")]
    if value and not all(part.isidentifier() for part in parts):
        raise ValueError(words)


def text(name: str, value: Any) -> None:
    """Check that a value is a string; it may be empty."""
    if type(value) is not str:
        raise TypeError(f"{name} must be a string, got {value!r}")


def non_empty(name: str, value: Any) -> None:
    """Check that a value is a string that is not empty."""
    if type(value) is not str or not value:
        raise TypeError(f"{name} must be a string that is not empty, got {value!r}")
