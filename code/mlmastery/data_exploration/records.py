"""Make a table of records, or say why a source holds none.

What every way of loading needs, whether from a file, a database or an API.
"""

from typing import Any

import pandas as pd


class TableError(ValueError):
    """A source cannot be read as a table; the message names it and says why."""


class TableTooLargeError(TableError):
    """A file would not fit into memory; read a sample of it instead."""


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
        lists = [v for v in content.values() if _is_records(v)]
        if len(lists) == 1:
            content = lists[0]
        elif content and all(isinstance(v, list) for v in content.values()):
            return _frame_of_columns(content, where)
    if not _is_records(content):
        raise TableError(
            f"{where} holds no table: expected a list of records such as "
            f'[{{"name": "tea"}}], found {type(content).__name__}'
        )
    return pd.json_normalize(content)


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def _frame_of_columns(content: dict[str, list[Any]], where: str) -> pd.DataFrame:
    try:
        return pd.DataFrame(content)
    except ValueError as error:
        raise TableError(f"{where} holds no table: {error}") from error
