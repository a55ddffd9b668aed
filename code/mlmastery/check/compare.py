"""Say in a sentence how a value differs from the one expected.

Values are compared, not containers: whatever NumPy makes an equal array of is equal.
"""

import reprlib
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

import numpy as np

# A result that was computed in single precision carries its rounding.
_SINGLE = 1e-5
_shorter = reprlib.Repr()
_shorter.maxother = _shorter.maxstring = 160
_shorter.maxlist = _shorter.maxtuple = _shorter.maxdict = 10


def difference(
    got: Any,
    want: Any,
    rtol: float = 1e-6,
    atol: float = 1e-9,
    container: type | tuple[type, ...] | None = None,
) -> str:
    """Return how ``got`` differs from ``want``, or an empty string if it does not.

    Numbers agree within the tolerances, as in ``numpy.isclose``, but two integers only
    if equal; NaN agrees with NaN. Lists, tuples, arrays, tensors, series and frames
    agree where their values and their shapes do, and 1.0 agrees with True.

    Parameters
    ----------
    got, want : object
    rtol, atol : float
        Tolerances for numbers; single precision gets at least 1e-5 and 1e-6.
    container : type or tuple of types, optional
        What ``got`` must be, where the container matters. The labels of a pandas object
        that is asked for are then compared too.

    Examples
    --------
    >>> difference([0.1 + 0.2], np.array([0.3]))
    ''
    >>> difference(np.ones((2, 1)), np.ones(2))
    'expected shape (2,), got shape (2, 1)'
    >>> difference([1.0], np.ones(1), container=np.ndarray)
    'the values are right, but the result must be a ndarray; got a list'
    """
    if container is None:
        return _difference(_plain(got), _plain(want), rtol, atol)
    if isinstance(got, container):
        return _labels(got, want) or _difference(_plain(got), _plain(want), rtol, atol)
    types = container if isinstance(container, tuple) else (container,)
    needed = " or ".join(f"a {t.__name__}" for t in types)
    found = difference(got, want, rtol, atol)
    right = found or "the values are right"
    return f"{right}, but the result must be {needed}; got a {type(got).__name__}"


def _difference(got: Any, want: Any, rtol: float, atol: float) -> str:
    """Compare values whose scalars are Python's; dispatch on what is wanted."""
    if isinstance(want, Mapping):
        return _mapping_difference(got, want, rtol, atol)
    if isinstance(want, Set):
        agrees = isinstance(got, Set | Mapping) and set(got) == set(want)
        return "" if agrees else unlike(got, want)
    if isinstance(want, list | tuple):
        return _items_difference(got, want, rtol, atol)
    if _is_array(want):
        return _array_difference(got, want, rtol, atol)
    if isinstance(got, Iterable) and not isinstance(got, str):
        return f"expected {_kind(want)}, {show(want)}, got {_kind(got)}, {show(got)}"
    return _scalar_difference(got, want, rtol, atol)


def _mapping_difference(
    got: Any, want: Mapping[Any, Any], rtol: float, atol: float
) -> str:
    if hasattr(got, "to_dict"):  # a Series maps its labels to its values
        got = got.to_dict()
    if not isinstance(got, Mapping):
        return f"expected a dictionary, {show(want)}, got {_kind(got)}, {show(got)}"
    if got.keys() != want.keys():
        return f"expected the keys {show(list(want))}, got {show(list(got))}"
    pairs = ((f"under {key!r}: ", got[key], want[key]) for key in want)
    return _first_difference(pairs, rtol, atol)


def _items_difference(got: Any, want: Any, rtol: float, atol: float) -> str:
    items = _items(got)
    if items is None:
        return f"expected {_kind(want)}, {show(want)}, got {_kind(got)}, {show(got)}"
    if len(items) != len(want):
        return f"expected {len(want)} items, {show(want)}, got {show(got)}"
    pairs = enumerate(zip(items, want, strict=True))
    return _first_difference(((f"item {i}: ", *pair) for i, pair in pairs), rtol, atol)


def _array_difference(got: Any, want: Any, rtol: float, atol: float) -> str:
    wanted, found = _array(want), _array(got)
    if wanted is None:  # an array of objects
        return _items_difference(got, list(want), rtol, atol)
    if found is None or not _comparable(found, wanted):
        return f"expected {_kind(want)}, {show(want)}, got {_kind(got)}, {show(got)}"
    if found.shape != wanted.shape:
        return f"expected shape {wanted.shape}, got shape {found.shape}"
    close = np.asarray(_close(found, wanted, rtol, atol))
    if close.all():
        return ""
    if close.size <= 12:
        return unlike(found, wanted)
    at = tuple(int(i) for i in np.argwhere(~close)[0])
    return f"at index {at}: {unlike(_plain(found[at]), _plain(wanted[at]))}"


def _comparable(found: np.ndarray, wanted: np.ndarray) -> bool:
    texts = {array.dtype.kind in "US" for array in (found, wanted)}
    return len(texts) == 1 and bool(found.ndim or not wanted.ndim)


def _scalar_difference(got: Any, want: Any, rtol: float, atol: float) -> str:
    number = complex | float | int | np.number
    numbers = isinstance(got, number), isinstance(want, number)
    if all(numbers):
        agrees = bool(_close(np.asarray(got), np.asarray(want), rtol, atol))
    elif any(numbers) or type(got) is not type(want):
        return f"expected {_kind(want)}, {show(want)}, got {_kind(got)}, {show(got)}"
    else:
        agrees = bool(got == want)
    return "" if agrees else unlike(got, want)


def _close(got: np.ndarray, want: np.ndarray, rtol: float, atol: float) -> Any:
    """Compare two arrays of one shape."""
    kinds = {got.dtype.kind, want.dtype.kind}
    if kinds <= set("biufc") and not kinds <= set("biu"):
        if "float32" in (got.dtype, want.dtype):
            rtol, atol = max(rtol, _SINGLE), max(atol, _SINGLE / 10)
        return np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True)
    return got == want


def _items(value: Any) -> list[Any] | None:
    """Return what a list-like value holds, in order, or None if it has no order."""
    if isinstance(value, list | tuple) or getattr(value, "dtype", "") == "O":
        return list(value)
    array = _array(value)
    return None if array is None or array.ndim == 0 else list(array)


def _is_array(value: Any) -> bool:
    library = type(value).__module__.partition(".")[0]
    tensor = hasattr(value, "__array__") or hasattr(value, "toarray")
    return isinstance(value, np.ndarray) or library == "pandas" or tensor


def _array(value: Any) -> np.ndarray | None:
    """Return the array of numbers, truth values or texts in a value, or None."""
    if isinstance(value, str | Mapping | Set) or value is None:
        return None
    value = value.toarray() if hasattr(value, "toarray") else value
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O":  # pandas keeps texts, and gaps among numbers, so
            array = np.array([_gap(x) for x in array.ravel()]).reshape(array.shape)
    except (TypeError, ValueError):  # ragged, or nothing of ours
        return None
    if array.dtype.kind == "U" and not _only_texts(value):
        return None  # NumPy turns the numbers in ["a", 1] into texts
    return array if array.dtype.kind in "biufcUSmM" else None


def _gap(value: Any) -> Any:
    """Return NaN for pandas' other words for a missing value."""
    return float("nan") if value is None or str(value) in ("<NA>", "NaT") else value


def _only_texts(value: Any) -> bool:
    """Tell whether an array of texts was one before NumPy made it."""
    if isinstance(value, list | tuple):
        return all(map(_only_texts, value))
    if getattr(value, "dtype", "") == "O":
        return all(map(_only_texts, np.asarray(value).ravel()))
    return not isinstance(value, int | float | complex)


def _plain(value: Any) -> Any:
    """Turn NumPy scalars and tensors of no dimension into Python's, tensors into arrays."""
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    elif hasattr(value, "numpy") and not isinstance(value, type):
        value = value.numpy()
    if isinstance(value, np.generic):
        single = value.dtype == "float32"
        return value if single else value.item()
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return _plain(value[()])
    if isinstance(value, Iterator):
        return value
    if type(value) in (list, tuple):
        return type(value)(map(_plain, value))
    return value


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
    elif isinstance(value, float | np.floating):
        value = float(value)
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


def _kind(value: Any) -> str:
    """Return what a value is, in words."""
    kinds: dict[str, Any] = {
        "None": type(None),
        "True or False": bool,
        "a number": int | float | complex | np.number,
        "a text": str,
        "a list or tuple": list | tuple,
        "a dictionary": Mapping,
        "an iterator, not yet a list": Iterator,
    }
    for words, types in kinds.items():
        if isinstance(value, types):
            return words
    if isinstance(value, np.ndarray):
        what = {"b": "truth values", "U": "texts", "O": "objects"}
        return f"an array of {what.get(value.dtype.kind, 'numbers')}"
    return f"a {type(value).__name__}"


def _labels(got: Any, want: Any) -> str:
    """Return how the labels of two pandas objects differ."""
    for name in ("columns", "index"):
        if hasattr(got, name) and hasattr(want, name) and not callable(want.index):
            ours, theirs = list(getattr(got, name)), list(getattr(want, name))
            if ours != theirs:
                return f"expected the {name} {show(theirs)}, got {show(ours)}"
    return ""


def _first_difference(
    pairs: Iterable[tuple[str, Any, Any]], rtol: float, atol: float
) -> str:
    for where, got, want in pairs:
        if found := _difference(_plain(got), _plain(want), rtol, atol):
            return where + found
    return ""
