"""Say in a sentence how a value differs from the one expected."""

import reprlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

_shorter = reprlib.Repr()
_shorter.maxother = _shorter.maxstring = 160
_shorter.maxlist = _shorter.maxtuple = _shorter.maxdict = 10


def difference(got: Any, want: Any, rtol: float = 1e-6, atol: float = 1e-9) -> str:
    """Return how ``got`` differs from ``want``, or an empty string if it does not.

    Numbers agree within the tolerances, as in ``numpy.isclose``, but two integers only
    if equal; NaN agrees with NaN. A list agrees with a tuple and a Torch tensor with
    an array, but a list is no array.

    Examples
    --------
    >>> difference(0.1 + 0.2, 0.3)
    ''
    >>> difference(np.ones((2, 1)), np.ones(2))
    'expected an array of shape (2,), got shape (2, 1)'
    """
    got, want = _plain(got), _plain(want)
    if (wanted := _kind(want)) != _kind(got):
        return f"expected {wanted}, {show(want)}, got {_kind(got)}, {show(got)}"
    if type(want).__module__.startswith("pandas"):
        return _pandas_difference(got, want, rtol, atol)
    if isinstance(want, Mapping):
        if got.keys() != want.keys():
            return f"expected the keys {show(list(want))}, got {show(list(got))}"
        pairs = ((f"under {key!r}: ", got[key], want[key]) for key in want)
        return _first_difference(pairs, rtol, atol)
    if isinstance(want, list | tuple):
        if len(got) != len(want):
            return f"expected {len(want)} items, {show(want)}, got {show(got)}"
        items = enumerate(zip(got, want, strict=True))
        return _first_difference(
            ((f"item {i}: ", *pair) for i, pair in items), rtol, atol
        )
    if isinstance(want, np.ndarray) and got.shape != want.shape:
        return f"expected an array of shape {want.shape}, got shape {got.shape}"
    close = np.asarray(_close(got, want, rtol, atol))
    if close.all():
        return ""
    if close.size <= 12:
        return unlike(got, want)
    at = tuple(int(i) for i in np.argwhere(~close)[0])
    return f"at index {at}: {unlike(got[at], want[at])}"


def show(value: Any, digits: int = 6) -> str:
    """Return a short text on one line for a value.

    Examples
    --------
    >>> show(1 / 3), show(np.array([0.5, 1.0]))
    ('0.333333', 'array [0.5, 1]')
    """
    value = _plain(value)
    if isinstance(value, np.ndarray):
        text = "array " + np.array2string(
            value,
            separator=", ",
            threshold=20,
            edgeitems=3,
            formatter={"float_kind": lambda number: f"{number:.{digits}g}"},
        )
    elif isinstance(value, float):
        text = repr(value) if value.is_integer() else f"{value:.{digits}g}"
    else:
        text = _shorter.repr(value)
    return " ".join(text.split())


def unlike(got: Any, want: Any) -> str:
    """Say what was expected and what came, with digits enough to tell them apart.

    Examples
    --------
    >>> unlike(0.1 + 0.2, 0.3)
    'expected 0.29999999999999999, got 0.30000000000000004'
    """
    digits = 6 if show(got) != show(want) else 17
    return f"expected {show(want, digits)}, got {show(got, digits)}"


def _plain(value: Any) -> Any:
    """Turn NumPy scalars into Python's, tensors into arrays."""
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    if isinstance(value, np.number | np.bool | np.str_):
        return value.item()
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return value.item()
    if isinstance(value, list | tuple):
        return (
            type(value)(map(_plain, value)) if type(value) in (list, tuple) else value
        )
    return value


def _kind(value: Any) -> str:
    """Return what a value is, in words; values of different kinds never agree."""
    kinds: dict[str, Any] = {
        "None": type(None),
        "True or False": bool,
        "a number": int | float | complex,
        "a text": str,
        "a list or tuple": list | tuple,
        "a dictionary": Mapping,
    }
    for words, types in kinds.items():
        if isinstance(value, types):
            return words
    if isinstance(value, np.ndarray):
        what = {"b": "truth values", "U": "texts", "O": "objects"}
        return f"an array of {what.get(value.dtype.kind, 'numbers')}"
    return f"a {type(value).__name__}"


def _close(got: Any, want: Any, rtol: float, atol: float) -> Any:
    """Compare two numbers, texts, arrays or other things of one kind and shape."""
    kinds = {np.asarray(got).dtype.kind, np.asarray(want).dtype.kind}
    if kinds <= set("iufc") and not kinds <= set("iu"):
        return np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True)
    return got == want


def _pandas_difference(got: Any, want: Any, rtol: float, atol: float) -> str:
    from pandas import testing

    name = type(want).__name__
    assert_equal = {
        "DataFrame": testing.assert_frame_equal,
        "Series": testing.assert_series_equal,
    }.get(name, testing.assert_index_equal)
    loose = {} if assert_equal is testing.assert_index_equal else {"check_dtype": False}
    try:
        assert_equal(got, want, rtol=rtol, atol=atol, **loose)
    except AssertionError as error:
        return f"expected another {name}: " + "; ".join(str(error).split("\n"))
    return ""


def _first_difference(
    pairs: Iterable[tuple[str, Any, Any]], rtol: float, atol: float
) -> str:
    for where, got, want in pairs:
        if found := difference(got, want, rtol, atol):
            return where + found
    return ""
