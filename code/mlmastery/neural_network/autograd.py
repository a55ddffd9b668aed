"""Automatic differentiation of scalars: the chain rule, and nothing else.

A :class:`Value` is a number that remembers which numbers it was made of, and the slope
of itself with respect to each. ``backward`` walks from the end to the beginning.
"""

from __future__ import annotations

import math
from numbers import Real
from typing import Any


class Value:
    """A number that can say how a later result depends on it.

    Parameters
    ----------
    data : float
        A real number; texts and arrays are refused.
    parents : tuple of Value
        What it was computed from.
    slopes : tuple of float
        Its derivative with respect to each parent.

    Attributes
    ----------
    grad : float
        After ``result.backward()``: the derivative of ``result`` by this value.

    References
    ----------
    .. [1] Linnainmaa (1976), "Taylor expansion of the accumulated rounding error",
       BIT Numerical Mathematics 16(2).

    Examples
    --------
    >>> x, y = Value(3.0), Value(2.0)
    >>> (x * y + x * x).backward()
    >>> x.grad, y.grad
    (8.0, 3.0)
    """

    def __init__(
        self,
        data: float,
        parents: tuple[Value, ...] = (),
        slopes: tuple[float, ...] = (),
    ) -> None:
        self.data, self.grad = real(data), 0.0
        self.parents, self.slopes = parents, slopes

    def __repr__(self) -> str:
        return f"Value({self.data:.4g}, grad={self.grad:.4g})"

    def __add__(self, other: Value | float) -> Value:
        other = as_value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Value | float) -> Value:
        other = as_value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n: Value | float) -> Value:
        if isinstance(n, Value):
            return variable_power(self, n)
        result = power(self.data, n)
        slope = n * power(self.data, n - 1) if n else 0.0  # x**0 is constant
        return Value(result, (self,), (slope,))

    def __rpow__(self, base: float) -> Value:
        return as_value(base) ** self

    def __neg__(self) -> Value:
        return Value(-self.data, (self,), (-1.0,))

    def __sub__(self, other: Value | float) -> Value:
        other = as_value(other)
        return Value(self.data - other.data, (self, other), (1.0, -1.0))

    def __truediv__(self, other: Value | float) -> Value:
        return self * as_value(other) ** -1

    def __rsub__(self, other: float) -> Value:
        return -self + other

    def __rtruediv__(self, other: float) -> Value:
        return self**-1 * other

    __radd__, __rmul__ = __add__, __mul__

    def exp(self) -> Value:
        """Return e to the power of this value."""
        try:
            e = math.exp(self.data)
        except OverflowError:
            raise ValueError(f"exp of {self.data:g} is too large a number") from None
        return Value(e, (self,), (e,))

    def log(self) -> Value:
        """Return the natural logarithm of a positive value."""
        if self.data <= 0:
            raise ValueError(f"log needs a value above 0, got {self.data:g}")
        return Value(math.log(self.data), (self,), (1 / self.data,))

    def tanh(self) -> Value:
        """Return the hyperbolic tangent."""
        a = math.tanh(self.data)
        return Value(a, (self,), (1 - a**2,))

    def relu(self) -> Value:
        """Return this value if it is positive, else zero."""
        return Value(max(self.data, 0.0), (self,), (float(self.data > 0),))

    def backward(self) -> None:
        """Set ``grad`` of every value that this one was computed from."""
        order = ancestors(self)
        for value in order:
            value.grad = 0.0
        self.grad = 1.0
        for value in reversed(order):  # a value comes after all that depend on it
            for parent, slope in zip(value.parents, value.slopes, strict=True):
                parent.grad += slope * value.grad


def real(x: Any) -> float:
    """Return a real number as a float, or raise: a text would be read as a number.

    Examples
    --------
    >>> real(3)
    3.0
    """
    if not isinstance(x, Real):
        raise ValueError(f"Value needs a real number, got {x!r}")
    return float(x)


def as_value(x: Value | float) -> Value:
    """Wrap a plain number.

    Examples
    --------
    >>> as_value(2.0)
    Value(2, grad=0)
    """
    return x if isinstance(x, Value) else Value(x)


def power(base: float, n: float) -> float:
    """Return ``base**n`` for numbers, or raise where it is not a finite real one.

    Raises
    ------
    ValueError
        For zero to a negative power, a root of a negative number, an overflow.

    Examples
    --------
    >>> power(2.0, 3)
    8.0
    >>> power(0.0, -1)
    Traceback (most recent call last):
        ...
    ValueError: 0**-1 is not a finite real number, so Value has no power or slope here
    """
    try:
        result = base**n
    except (ZeroDivisionError, OverflowError):
        result = None
    if result is None or isinstance(result, complex) or not math.isfinite(result):
        raise ValueError(
            f"{base:g}**{n:g} is not a finite real number, "
            "so Value has no power or slope here"
        )
    return float(result)


def variable_power(base: Value, n: Value) -> Value:
    """Return ``base**n`` where both may be differentiated: the base must be positive.

    Raises
    ------
    ValueError
        If the base is not positive: its logarithm is the slope of the exponent.

    Examples
    --------
    >>> variable_power(Value(2.0), Value(3.0))
    Value(8, grad=0)
    """
    if base.data <= 0:
        raise ValueError(
            "a power with a Value as exponent needs a base above 0, "
            f"got {base.data:g}**{n.data:g}"
        )
    result = power(base.data, n.data)
    slopes = (n.data * power(base.data, n.data - 1), result * math.log(base.data))
    return Value(result, (base, n), slopes)


def ancestors(result: Value) -> list[Value]:
    """Return all values behind ``result`` in topological order, parents first.

    Examples
    --------
    >>> x = Value(1.0)
    >>> [v.data for v in ancestors(x + x * 2.0)]
    [1.0, 2.0, 2.0, 3.0]
    """
    order: list[Value] = []
    seen: set[int] = set()
    waiting = [(result, False)]
    while waiting:  # a stack of our own: a long chain would exceed the recursion limit
        value, parents_done = waiting.pop()
        if parents_done:
            order.append(value)
        elif id(value) not in seen:
            seen.add(id(value))
            waiting.append((value, True))
            waiting += [(parent, False) for parent in reversed(value.parents)]
    return order
