"""Short pieces of texts, to see whether an identifier is right as often as it says."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from mlmastery.multilingual_nlp.characters import check_texts, words
from mlmastery.validation import check_count

__all__ = ["cut_pieces"]


def cut_pieces(
    texts: Iterable[str], labels: Iterable[str], sizes: Iterable[int] = (1, 2, 5, 15)
) -> pd.DataFrame:
    """Cut texts into pieces of a few words, as short texts to calibrate and test on.

    Parameters
    ----------
    texts : iterable of str
    labels : iterable of str
    sizes : iterable of int, default=(1, 2, 5, 15)
        Words per piece. One piece of each size begins at the first word of a text,
        then the next after it, as long as there are words.

    Returns
    -------
    DataFrame
        ``text``, ``label``, ``size``.

    Examples
    --------
    >>> cut_pieces(["one two three"], ["en"], sizes=[2])["text"].tolist()
    ['one two']
    """
    sizes = [check_count(size, "sizes") for size in sizes]
    texts, labels = check_texts(texts), list(labels)
    if len(texts) != len(labels):
        raise ValueError(
            "texts and labels must have one entry per text, "
            f"got {len(texts)} and {len(labels)}"
        )
    rows = []
    for text, label in zip(texts, labels, strict=True):
        found = words(text)
        for size in sizes:
            for i in range(0, len(found) - size + 1, size):
                start, end = found[i][0], found[i + size - 1][1]
                rows.append((text[start:end], label, size))
    return pd.DataFrame(rows, columns=["text", "label", "size"])
