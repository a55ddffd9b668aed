"""Check sentences and tags before anything is counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

__all__ = ["check_columns", "check_complete", "check_pairs", "check_sentences"]


def check_columns(table: pd.DataFrame, names: Iterable[str]) -> None:
    """Raise unless the table has these columns.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> check_columns(pd.DataFrame({"token": []}), ["token", "tag"])
    Traceback (most recent call last):
        ...
    ValueError: table must have the columns token, tag, got token
    """
    wanted = list(names)
    if not isinstance(table, pd.DataFrame):
        raise ValueError(f"table must be a DataFrame, got a {type(table).__name__}")
    if not set(wanted) <= set(table.columns):
        raise ValueError(
            f"table must have the columns {', '.join(wanted)}, "
            f"got {', '.join(map(str, table.columns))}"
        )


def check_complete(table: pd.DataFrame, names: Iterable[str]) -> None:
    """Raise if a cell of these columns is empty.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> check_complete(pd.DataFrame({"token": ["a", None]}, index=[4, 7]), ["token"])
    Traceback (most recent call last):
        ...
    ValueError: token must be known in each row, got none in row 7
    """
    for name in names:
        missing = table.index[table[name].isna()]
        if len(missing):
            raise ValueError(
                f"{name} must be known in each row, got none in row {missing[0]}"
            )


def check_sentences(sentences: Any, tags: Any) -> None:
    """Raise unless there is a token, and one tag for each.

    Raises
    ------
    ValueError
        If there is no token at all, or a sentence and its tags differ in length.
    TypeError
        If a sentence is a text, whose tokens would be single characters.

    Examples
    --------
    >>> check_sentences([["a", "b"]], [["O"]])
    Traceback (most recent call last):
        ...
    ValueError: tags of sentence 0 must be 2, one a token, got 1
    """
    check_pairs(sentences, tags, "sentences", "tags")
    for n, (tokens, row) in enumerate(zip(sentences, tags, strict=True)):
        if isinstance(tokens, str) or isinstance(row, str):
            raise TypeError(f"sentence {n} and its tags must be lists, got a text")
        if len(tokens) != len(row):
            raise ValueError(
                f"tags of sentence {n} must be {len(tokens)}, one a token, "
                f"got {len(row)}"
            )
    if not any(map(len, sentences)):
        raise ValueError("sentences must hold at least one token, got none")


def check_pairs(first: Sequence, second: Sequence, name: str, other: str) -> None:
    """Raise unless both have one length.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> check_pairs([1], [], "gold", "predicted")
    Traceback (most recent call last):
        ...
    ValueError: gold and predicted must have one length, got 1 and 0
    """
    if len(first) != len(second):
        raise ValueError(
            f"{name} and {other} must have one length, "
            f"got {len(first)} and {len(second)}"
        )
