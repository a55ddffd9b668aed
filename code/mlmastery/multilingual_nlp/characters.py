"""The units of a text: code points, bytes, graphemes, words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import regex

__all__ = [
    "Token",
    "check_text",
    "check_texts",
    "describe_text",
    "graphemes",
    "sentences",
    "words",
]

# Letters and digits with their marks; joiners and apostrophes inside a word only.
# Chinese and Japanese write no blanks, so that each ideograph stands alone.
_WORD = regex.compile(
    r"\p{Han}\p{M}*"
    r"|(?:(?!\p{Han})[\p{L}\p{N}]\p{M}*)"
    r"(?:[\u200c\u200d'’]?(?!\p{Han})[\p{L}\p{N}]\p{M}*|[\u200c\u200d]\p{M}*(?=\p{L}))*"
)
_END = regex.compile(r"(?<=[.!?؟…])\s+|(?<=[。！？।])\s*|\n+")

Token = tuple[int, int]


def check_text(text: Any) -> str:
    """Return a text, or raise.

    Raises
    ------
    ValueError
        If it is anything else, or holds half of a surrogate pair, which no encoding
        can write.

    Examples
    --------
    >>> check_text(b"abc")
    Traceback (most recent call last):
        ...
    ValueError: text must be a str, got bytes
    """
    if not isinstance(text, str):
        raise ValueError(f"text must be a str, got {type(text).__name__}")
    surrogate = next((i for i, c in enumerate(text) if "\ud800" <= c <= "\udfff"), None)
    if surrogate is not None:
        raise ValueError(
            "text must consist of whole characters, "
            f"got the half surrogate U+{ord(text[surrogate]):04X} at {surrogate}"
        )
    return text


def check_texts(texts: Any, name: str = "texts") -> list[str]:
    """Return texts as a list, or raise.

    Raises
    ------
    ValueError
        If ``texts`` is one text, a table or no sequence, or an entry is no text.

    Examples
    --------
    >>> check_texts("abc")
    Traceback (most recent call last):
        ...
    ValueError: texts must be a sequence of texts, got a str
    """
    if isinstance(texts, str | bytes | Mapping | pd.DataFrame) or not isinstance(
        texts, Iterable
    ):
        raise ValueError(
            f"{name} must be a sequence of texts, got a {type(texts).__name__}"
        )
    return [check_text(text) for text in texts]


def graphemes(text: str) -> list[str]:
    r"""Cut a text into what readers see as characters: extended grapheme clusters.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str
        Joined, they are the text.

    References
    ----------
    .. [1] Unicode Standard Annex 29, "Unicode Text Segmentation".

    Examples
    --------
    >>> graphemes("e\u0301a") == ["e\u0301", "a"]
    True
    """
    return regex.findall(r"\X", check_text(text))


def describe_text(text: str) -> dict[str, int]:
    """Count the units of a text, and the code points of its four normal forms.

    Parameters
    ----------
    text : str

    Returns
    -------
    dict of str to int
        ``graphemes``, ``code points``, ``bytes`` (UTF-8), ``NFC``, ``NFD``, ``NFKC``,
        ``NFKD``.

    Examples
    --------
    >>> describe_text("é")["bytes"], describe_text("é")["NFD"]
    (2, 2)
    """
    return {
        "graphemes": len(graphemes(text)),
        "code points": len(text),
        "bytes": len(text.encode()),
        "NFC": len(unicodedata.normalize("NFC", text)),
        "NFD": len(unicodedata.normalize("NFD", text)),
        "NFKC": len(unicodedata.normalize("NFKC", text)),
        "NFKD": len(unicodedata.normalize("NFKD", text)),
    }


def words(text: str) -> list[Token]:
    """Find the words of a text.

    Joiners stay inside a word, and ideographs are words of one character each.
    Thai, Khmer and Lao, which write no blanks either, are not cut.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of (int, int)
        Start and end of each word in the text.

    Examples
    --------
    >>> [("don't go 東京")[a:b] for a, b in words("don't go 東京")]
    ["don't", 'go', '東', '京']
    """
    return [m.span() for m in _WORD.finditer(check_text(text))]


def sentences(text: str) -> list[Token]:
    """Cut a text after marks that end sentences, in several scripts.

    A rule, not a model: it also cuts after the full stop of an abbreviation.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of (int, int)
        Start and end of each sentence in the text; none is blank.

    Examples
    --------
    >>> sentences("One. Two!")
    [(0, 4), (5, 9)]
    """
    check_text(text)
    cuts = [m.span() for m in _END.finditer(text)]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(text)]
    return [
        _stripped(text, a, b)
        for a, b in zip(starts, ends, strict=True)
        if text[a:b].strip()
    ]


def _stripped(text: str, start: int, end: int) -> Token:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    return start + left, start + len(piece.rstrip())
