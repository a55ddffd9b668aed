"""Train the identifier on the Declaration, and calibrate it on held-out articles."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from mlmastery.multilingual_nlp.calibration import cut_pieces
from mlmastery.multilingual_nlp.identification import LanguageIdentifier

__all__ = ["hold_out_articles", "make_identifier", "without_placeholders"]

_PLACEHOLDER = re.compile(r"%(\(\w+\))?[a-z]|\{\w*\}|<[^>]*>")


def hold_out_articles(texts: pd.DataFrame) -> pd.Series:
    """Say which passages are held out: those of every fifth article.

    An article is held out in all languages, since it says the same in each.

    Parameters
    ----------
    texts : DataFrame
        With ``passage``, such as "4.1": article and paragraph.

    Returns
    -------
    Series of bool

    Examples
    --------
    >>> texts = pd.DataFrame({"passage": ["3.1", "4.1", "4.2", "5.1"]})
    >>> hold_out_articles(texts).tolist()
    [False, True, True, False]
    """
    article = texts["passage"].str.split(".").str[0].astype(int)
    return article % 5 == 4


def make_identifier(
    texts: pd.DataFrame,
    more: pd.DataFrame | None = None,
    *,
    sizes: Sequence[int] = (1, 2, 5, 15),
) -> LanguageIdentifier:
    """Fit on most articles, calibrate on pieces of the others.

    Parameters
    ----------
    texts : DataFrame
        ``language``, ``passage`` and ``text``.
    more : DataFrame, optional
        Further training texts, with ``language`` and ``text``.
    sizes : sequence of int, default=(1, 2, 5, 15)
        Words per piece.

    Returns
    -------
    LanguageIdentifier
    """
    held = hold_out_articles(texts)
    train = texts[~held] if more is None else pd.concat([texts[~held], more])
    model = LanguageIdentifier().fit(train["text"], train["language"])
    pieces = cut_pieces(texts["text"][held], texts["language"][held], sizes)
    model.calibrate(pieces["text"].tolist(), pieces["label"].tolist())
    return model


def without_placeholders(text: str) -> str:
    """Return a program's message without what the program fills in, and without tags.

    Examples
    --------
    >>> without_placeholders("%(name)s ist <b>kein</b> {kind}.").split()
    ['ist', 'kein', '.']
    """
    return _PLACEHOLDER.sub(" ", text)
