"""Make a table of records, or say why a source holds none.

What every way of loading needs, whether from a file, a database or an API.
"""

import io
import json
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from mlmastery.validation import check_choice, check_count


class TableError(ValueError):
    """A source cannot be read as a table; the message names it and says why."""


class TableTooLargeError(TableError):
    """A file would not fit into memory; read a sample of it instead."""


NORMALIZE = "record_path meta meta_prefix record_prefix errors sep max_level".split()
ORIENTS = ("split", "records", "index", "columns", "values", "table")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")  # one half of a character beyond 16 bits
_EXACT = 2**53  # whole numbers that a float still tells apart


def parsed(text: str, where: str) -> Any:
    """Read JSON of which nothing is lost: Python keeps the last of two equal names.

    Raises
    ------
    JSONDecodeError
        If the text is not JSON.
    TableError
        If an object has a name twice, or a text half of a character.

    Examples
    --------
    >>> parsed('{"a": 1, "a": 2}', "tea.json")
    Traceback (most recent call last):
    mlmastery.data_exploration.records.TableError: tea.json: a record has two fields 'a'
    """

    def record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        if doubled := [n for n in names if names.count(n) > 1]:
            raise TableError(f"{where}: a record has two fields {doubled[0]!r}")
        return dict(pairs)

    content = json.loads(text, object_pairs_hook=record)
    if _SURROGATE.search(text):
        try:
            json.dumps(content, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            half = error.object[error.start]
            raise TableError(f"{where}: {half!r} is half of a character") from error
    return content


def frame_of_json(
    content: Any, where: str, options: Mapping[str, Any] | None = None
) -> pd.DataFrame:
    """Return a table of what a JSON file holds.

    Parameters
    ----------
    content : object
        Records, records under a key, or columns.
    where : str
        For messages.
    options : mapping, optional
        ``orient`` for `pandas.read_json`, or options of `pandas.json_normalize`.

    Examples
    --------
    >>> frame_of_json({"a": {"x": [{"id": 1}]}}, "x.json", {"record_path": ["a", "x"]})
       id
    0   1
    """
    options = dict(options or {})
    odd = [name for name in options if name not in (*NORMALIZE, "orient", "nrows")]
    if odd:
        known = ", ".join((*NORMALIZE, "orient", "nrows"))
        raise TypeError(f"a JSON file takes no option {odd[0]!r}; there are {known}")
    nrows, orient = options.pop("nrows", None), options.pop("orient", None)
    if nrows is not None:
        check_count(nrows, "nrows", 0)
    if orient is not None:
        check_choice(orient, "orient", ORIENTS)
        frame = pd.read_json(io.StringIO(json.dumps(content)), orient=orient)
    elif options:
        frame = _normalized(content, where, options)
    else:
        frame = frame_of_records(content, where)
    if frame.columns.empty:
        raise TableError(f"{where} holds no table: its records have no fields")
    return frame if nrows is None else frame.head(nrows)


def _normalized(content: Any, where: str, options: dict[str, Any]) -> pd.DataFrame:
    path = options.get("record_path")
    first = path[0] if isinstance(path, list | tuple) else path
    if isinstance(content, dict) and first not in content:
        content = _records_in(content, where) or content
    try:
        return pd.json_normalize(content, **options)
    except (KeyError, TypeError, NotImplementedError) as error:
        raise TableError(f"{where} holds no such records: {error}") from error


def frame_of_records(content: Any, where: str) -> pd.DataFrame:
    """Return a table of a list of records, which may lie inside an object.

    Nested objects become columns such as ``owner.name``.

    Examples
    --------
    >>> frame_of_records({"items": [{"id": 1, "owner": {"name": "Ana"}}]}, "x.json")
       id owner.name
    0   1        Ana
    """
    if isinstance(content, dict):
        records = _records_in(content, where)
        if records is not None:
            content = records
        elif _is_split(content):
            return pd.DataFrame(content["data"], columns=content["columns"])
        elif content and all(isinstance(v, list | dict) for v in content.values()):
            return _frame_of_columns(content, where)
    if _is_grid(content):
        return pd.DataFrame(content[1:], columns=content[0])
    if not _is_records(content):
        raise TableError(
            f"{where} holds no table: expected a list of records such as "
            f'[{{"name": "tea"}}], found {_description(content)}'
        )
    _refuse_double_names(content, where)
    return _exact(pd.json_normalize(content), content)


def _description(content: Any) -> str:
    """Say what stands where records should: the first item that is none, in a list."""
    if not isinstance(content, list):
        return type(content).__name__
    odd = next(i for i, row in enumerate(content) if not isinstance(row, dict))
    return f"a list whose item {odd} is {json.dumps(content[odd])[:40]}"


def _refuse_double_names(records: list[dict[str, Any]], where: str) -> None:
    """Raise where a field "a.b" and a field "b" inside "a" would share a column."""
    for record in records:
        odd = [n for n in record if "." in n and _at(record, n) is not None]
        if odd:
            raise TableError(
                f"{where} has a field {odd[0]!r} and the same one nested; both would "
                "be one column: choose another sep="
            )


def _records_in(content: Any, where: str) -> list[Any] | None:
    """Return the only list of records inside an object, however deep."""
    found: list[Any] = []
    names: list[str] = []
    level = [content]
    while level and not found:
        items = [kv for c in level if isinstance(c, dict) for kv in c.items()]
        values = [value for _, value in items]
        found = [v for v in values if _is_records(v) and v]
        names = [str(key) for key, v in items if _is_records(v) and v]
        empty = [v for v in values if v == []]
        if not found and len(level) == 1 and len(empty) == 1 and len(values) > 1:
            return []
        level = values
    if len(found) > 1:
        raise TableError(
            f"{where} holds {len(found)} lists of records, "
            f"{', '.join(map(repr, names[:5]))}: choose one by record_path="
        )
    return found[0] if found else None


def _is_grid(content: Any) -> bool:
    """Return whether these are rows of equal length, the first of names."""
    if not (isinstance(content, list) and len(content) > 1):
        return False
    if not all(
        isinstance(row, list) and len(row) == len(content[0]) for row in content
    ):
        return False
    return bool(content[0]) and all(isinstance(name, str) for name in content[0])


def _is_split(content: dict[str, Any]) -> bool:
    return isinstance(content.get("columns"), list) and isinstance(
        content.get("data"), list
    )


def _exact(frame: pd.DataFrame, records: list[Any]) -> pd.DataFrame:
    """Put whole numbers back that a float cannot hold: a gap makes floats of them."""
    for name in frame.select_dtypes(float).columns:
        if not frame[name].abs().max() >= _EXACT:
            continue
        cells = [_at(record, str(name)) for record in records]
        if all(cell is None or type(cell) is int for cell in cells):
            fits = all(abs(cell or 0) < 2**63 for cell in cells)
            frame[name] = pd.Series(cells, dtype="Int64" if fits else object)
    return frame


def _at(record: Any, path: str) -> Any:
    for key in path.split("."):
        record = record.get(key) if isinstance(record, dict) else None
    return record


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _frame_of_columns(content: dict[str, Any], where: str) -> pd.DataFrame:
    try:
        return pd.DataFrame(content)
    except (ValueError, AttributeError) as error:
        raise TableError(f"{where} holds no table: {error}") from error
