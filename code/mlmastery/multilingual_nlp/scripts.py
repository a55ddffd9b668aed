"""Scripts and directions of writing."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

import regex

from mlmastery.multilingual_nlp.characters import check_text

__all__ = [
    "DIRECTIONS",
    "SCRIPTS",
    "direction",
    "main_script",
    "script_of",
    "script_shares",
]

SCRIPTS = (
    "Latin",
    "Greek",
    "Cyrillic",
    "Armenian",
    "Hebrew",
    "Arabic",
    "Ethiopic",
    "Devanagari",
    "Bengali",
    "Tamil",
    "Telugu",
    "Thai",
    "Georgian",
    "Hangul",
    "Hiragana",
    "Katakana",
    "Han",
)
DIRECTIONS = ("ltr", "rtl", "neutral")
_LETTER = regex.compile("|".join(rf"(?P<{s}>\p{{Script={s}}})" for s in SCRIPTS))
_ISOLATE, _END_ISOLATE = {"LRI", "RLI", "FSI"}, "PDI"


def script_shares(text: str) -> dict[str, float]:
    """Return which share of a text's letters belongs to which script.

    Punctuation, digits and marks that several scripts share count for none.

    Parameters
    ----------
    text : str

    Returns
    -------
    dict of str to float
        Largest first; empty without letters. Scripts outside `SCRIPTS` are "other".

    Examples
    --------
    >>> script_shares("Tokyo 東京!")
    {'Latin': 0.714..., 'Han': 0.285...}
    """
    check_text(text)
    counts = Counter(script_of(c) for c in text if c.isalpha())
    total = sum(counts.values())
    return {name: n / total for name, n in counts.most_common()}


@lru_cache(maxsize=65536)
def script_of(letter: str) -> str:
    """Return the script of a letter, "other" if `SCRIPTS` does not have it."""
    match = _LETTER.match(letter)
    return (match.lastgroup if match else None) or "other"


def main_script(text: str) -> str:
    """Return the script of most letters, "none" without letters.

    Examples
    --------
    >>> main_script("Привет, world"), main_script("2 + 2")
    ('Cyrillic', 'none')
    """
    return next(iter(script_shares(text)), "none")


def direction(text: str) -> str:
    """Return the direction of a paragraph: that of its first strong character.

    Characters inside isolates, which have a direction of their own, are passed over.

    Parameters
    ----------
    text : str

    Returns
    -------
    {"ltr", "rtl", "neutral"}

    References
    ----------
    .. [1] Unicode Standard Annex 9, "Unicode Bidirectional Algorithm", rules P2 and P3.

    Examples
    --------
    >>> direction("123 שלום"), direction("abc שלום"), direction("1, 2!")
    ('rtl', 'ltr', 'neutral')
    """
    depth = 0
    for character in check_text(text):
        kind = unicodedata.bidirectional(character)
        if kind in _ISOLATE:
            depth += 1
        elif kind == "B":
            depth = 0  # a new paragraph: an isolate ends with its own
        elif kind == _END_ISOLATE:
            depth = max(0, depth - 1)
        elif not depth and kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return "neutral"
