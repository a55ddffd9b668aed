"""Describe a token by its spelling and its neighbours: eighteen features each."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

__all__ = ["character_features", "character_kind", "word_features", "word_shape"]

EDGE = "<>"  # stands before the first token and after the last


def word_features(tokens: Sequence[str]) -> list[list[str]]:
    """Return the 18 features of each word: itself, its shape, ends and neighbours.

    Parameters
    ----------
    tokens : sequence of str
        The words of one sentence.

    Returns
    -------
    list of list of str
        One list a word, in one order of templates; ``name=value``.

    Examples
    --------
    >>> rows = word_features(["In", "Lima", "today"])
    >>> len(rows[1]), rows[1][0], rows[1][8], rows[1][10]
    (18, 'word=Lima', 'shape=Xx', 'end3=ima')
    """
    words = _padded([token.lower() for token in tokens])
    shapes = _padded([word_shape(token) for token in tokens])
    rows = []
    for i, token in enumerate(tokens, start=2):
        before2, before, word, after, after2 = words[i - 2 : i + 3]
        left, shape, right = shapes[i - 1 : i + 2]
        rows.append(
            [
                f"word={token}",
                f"lower={word}",
                f"lower-1={before}",
                f"lower-2={before2}",
                f"lower+1={after}",
                f"lower+2={after2}",
                f"lower-1,0={before}|{word}",
                f"lower0,+1={word}|{after}",
                f"shape={shape}",
                f"start3={word[:3]}",
                f"end3={word[-3:]}",
                f"end2={word[-2:]}",
                f"end4={word[-4:]}",
                f"end3-1={before[-3:]}",
                f"end3+1={after[-3:]}",
                f"shapes={left}|{shape}|{right}",
                f"lower-1,shape={before}|{shape}",
                f"shape,lower+1={shape}|{after}",
            ]
        )
    return rows


def character_features(characters: Sequence[str]) -> list[list[str]]:
    """Return the 14 features of each character: itself, its neighbours, pairs, kinds.

    For scripts that put no space between words. Full-width digits and letters count as
    the usual ones.

    Parameters
    ----------
    characters : sequence of str
        Those of one sentence; a text will do.

    Returns
    -------
    list of list of str
        One list a character, in one order of templates.

    Examples
    --------
    >>> len(character_features("北京市")[0]), character_features("北京市")[1][0]
    (14, 'c0=京')
    """
    padded = _padded([_folded(character) for character in characters])
    kinds = _padded([character_kind(character) for character in characters])
    rows = []
    for i in range(2, len(padded) - 2):
        before2, before, own, after, after2 = padded[i - 2 : i + 3]
        left, kind, right = kinds[i - 1 : i + 2]
        rows.append(
            [
                f"c0={own}",
                f"c-1={before}",
                f"c-2={before2}",
                f"c+1={after}",
                f"c+2={after2}",
                f"c-2,c-1={before2}{before}",
                f"c-1,c0={before}{own}",
                f"c0,c+1={own}{after}",
                f"c+1,c+2={after}{after2}",
                f"c-1,c+1={before}{after}",
                f"kind={kind}",
                f"kinds={left}|{kind}|{right}",
                f"same-1={own == before}",
                f"same+1={own == after}",
            ]
        )
    return rows


def _padded(values: list[str]) -> list[str]:
    return [EDGE, EDGE, *values, EDGE, EDGE]


@lru_cache(maxsize=100_000)
def word_shape(word: str) -> str:
    """Return the kinds of a word's characters in their order, each run once.

    ``X`` is a capital, ``x`` another letter, ``9`` a digit; other characters stay.

    Parameters
    ----------
    word : str

    Examples
    --------
    >>> [word_shape(word) for word in ["Lima", "UNESCO", "B-52s", "मुंबई"]]
    ['Xx', 'X', 'X-9x', 'x']
    """
    return "".join(kind for kind, _ in groupby(map(_character_shape, word)))


def _character_shape(character: str) -> str:
    if character.isdigit():
        return "9"
    category = unicodedata.category(character)
    if category[0] in "LM":  # marks, as Hindi's vowel signs, belong to their letter
        return "X" if category in ("Lu", "Lt") else "x"
    return character


@lru_cache(maxsize=20_000)
def character_kind(character: str) -> str:
    """Return whether a character is Han, a letter, a digit, a space or a sign.

    Parameters
    ----------
    character : str
        A single one.

    Examples
    --------
    >>> [character_kind(c) for c in "京Ａ１。"]
    ['han', 'letter', 'digit', 'sign']
    """
    if unicodedata.name(character, "").startswith("CJK UNIFIED"):
        return "han"
    if character.isdigit():
        return "digit"
    if character.isalpha():
        return "letter"
    return "space" if character.isspace() else "sign"


@lru_cache(maxsize=20_000)
def _folded(character: str) -> str:
    return unicodedata.normalize("NFKC", character).lower()
