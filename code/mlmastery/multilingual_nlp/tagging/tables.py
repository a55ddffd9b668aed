"""Turn a table of tagged words into sentences, of words or of characters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from .checks import check_columns, check_complete, check_sentences

__all__ = [
    "CLAUSE_ENDS",
    "Sentences",
    "cut_after",
    "split_characters",
    "split_sentences",
]

CLAUSE_ENDS = "。！？；：，、"
Sentences = tuple[list[list[str]], list[list[str]]]


def split_sentences(table: pd.DataFrame) -> Sentences:
    """Return the tokens and the tags of each sentence.

    Parameters
    ----------
    table : DataFrame
        Columns ``sentence``, ``token`` and ``tag``.

    Raises
    ------
    ValueError
        If a column or a cell is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"sentence": [1, 1, 2], "token": list("abc"), "tag": "O"})
    >>> split_sentences(table)
    ([['a', 'b'], ['c']], [['O', 'O'], ['O']])
    """
    check_columns(table, ["sentence", "token", "tag"])
    check_complete(table, ["sentence", "token", "tag"])
    groups = table.groupby("sentence", sort=False)
    return groups["token"].agg(list).tolist(), groups["tag"].agg(list).tolist()


def split_characters(table: pd.DataFrame) -> Sentences:
    """Return the characters of each sentence and their tags, without word borders.

    Parameters
    ----------
    table : DataFrame
        As for `split_sentences`.

    Examples
    --------
    >>> words = pd.DataFrame({"sentence": 1, "token": ["在", "北京"]})
    >>> split_characters(words.assign(tag=["O", "B-LOC"]))
    ([['在', '北', '京']], [['O', 'B-LOC', 'I-LOC']])
    """
    words, tags = split_sentences(table)
    spread = [
        [
            _inner(tag, n)
            for word, tag in zip(*sentence, strict=True)
            for n in range(len(word))
        ]
        for sentence in zip(words, tags, strict=True)
    ]
    return [list("".join(sentence)) for sentence in words], spread


def _inner(tag: str, position: int) -> str:
    """Return the tag of a character: only the first may begin an entity."""
    return f"I-{tag[2:]}" if position and tag != "O" else tag


def cut_after(
    sentences: Sequence[Sequence[str]],
    tags: Sequence[Sequence[str]],
    ends: str = CLAUSE_ENDS,
) -> Sentences:
    """Cut sequences after each of these signs.

    A perceptron learns once from each sequence that it tags wrongly, so that short
    sequences teach it more.

    Parameters
    ----------
    sentences, tags : sequence of sequence of str
    ends : str, default="。！？；：，、"
        Tokens that end a sequence.

    Returns
    -------
    tokens, tags : list of list of str

    Raises
    ------
    ValueError
        If a sentence and its tags differ in length.

    Examples
    --------
    >>> cut_after([list("来，去")], [["O", "O", "O"]])
    ([['来', '，'], ['去']], [['O', 'O'], ['O']])
    """
    check_sentences(sentences, tags)
    parts: Sentences = ([], [])
    for tokens, row in zip(sentences, tags, strict=True):
        cuts = [n for n, token in enumerate(tokens, start=1) if token in set(ends)]
        for low, high in pairwise([0, *cuts, len(tokens)]):
            if low < high:
                parts[0].append(list(tokens[low:high]))
                parts[1].append(list(row[low:high]))
    return parts
