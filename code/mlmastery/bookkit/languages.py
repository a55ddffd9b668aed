"""Tables that hold words of several languages: the site knows which cell is in which."""

import unicodedata
from collections.abc import Sequence
from html import escape

import pandas as pd

from mlmastery.bookkit.tables import to_html, to_markdown


class LanguageTable:
    """A frame for display, some of whose cells are in the language of their row.

    Parameters
    ----------
    frame : DataFrame
        As printed.
    texts : sequence of str
        The columns in other languages.
    codes : Series
        Code of the language of each row, such as ``"ar"``.
    """

    def __init__(
        self, frame: pd.DataFrame, texts: Sequence[str], codes: pd.Series
    ) -> None:
        self.frame, self.texts, self.codes = frame, texts, codes

    def _repr_html_(self) -> str:
        words = self.frame.map(lambda cell: escape(cell) if type(cell) is str else cell)
        for name in self.texts:
            words[name] = [
                f'<bdi lang="{escape(code)}">{text}</bdi>'
                for code, text in zip(self.codes, words[name], strict=True)
            ]
        with pd.option_context("display.max_colwidth", None):
            return to_html(words, index=False, escape=False)

    def _repr_markdown_(self) -> str:
        closed = {name: self.frame[name].map(close_direction) for name in self.texts}
        return to_markdown(self.frame.assign(**closed), index=False)

    def __repr__(self) -> str:
        return self.frame.to_string(index=False)


def close_direction(text: str) -> str:
    """Add a mark of direction, so that a last full stop stays with its sentence.

    A stop belongs to the direction on both its sides. In print the words around a
    text from right to left run the other way, and would pull the stop to themselves.

    Examples
    --------
    >>> close_direction("سلام.").endswith("\u200f"), close_direction("Paris.")
    (True, 'Paris.')
    """
    strong = (unicodedata.bidirectional(character) for character in text)
    first = next((kind for kind in strong if kind in ("L", "R", "AL")), "L")
    return text if first == "L" else f"{text}\u200f"


def show_texts(
    frame: pd.DataFrame,
    *,
    texts: str | Sequence[str] = "text",
    language: str | Sequence[str] = "language",
) -> LanguageTable:
    """Show a frame with texts in several languages, in the direction of each.

    Parameters
    ----------
    frame : DataFrame
        As it shall be printed; its index is not.
    texts : str or sequence of str
        The column or columns that hold the texts.
    language : str or sequence of str
        The column with the languages' codes (ISO 639-1), or a code for each row.

    Returns
    -------
    LanguageTable
        Shown by a notebook. On the site each text stands in ``<bdi lang="ar">``; in
        print the characters choose font and direction themselves.

    Raises
    ------
    ValueError
        If a column is not there, or the codes are not as many as the rows.

    Examples
    --------
    >>> frame = pd.DataFrame({"language": ["ar"], "text": ["<b> سلام"]})
    >>> '<bdi lang="ar">&lt;b&gt;' in show_texts(frame)._repr_html_()
    True
    """
    columns = [texts] if isinstance(texts, str) else list(texts)
    _check_columns(frame, "texts", columns)
    if isinstance(language, str):
        _check_columns(frame, "language", [language])
        language = frame[language].tolist()
    if len(language) != len(frame):
        raise ValueError(
            f"language must hold a code for each of {len(frame)} rows, "
            f"got {len(language)}"
        )
    return LanguageTable(frame.reset_index(drop=True), columns, pd.Series(language))


def _check_columns(frame: pd.DataFrame, argument: str, names: Sequence[str]) -> None:
    missing = [name for name in names if name not in frame]
    if missing:
        raise ValueError(
            f"{argument} must name columns of the frame, got {missing[0]!r}; "
            f"it has {list(frame)}"
        )
