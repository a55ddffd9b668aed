"""Unicode normal forms, with a map from each new character back to the original."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

from mlmastery.multilingual_nlp.characters import check_text, graphemes
from mlmastery.validation import check_choice

__all__ = ["Normalised", "fold_case", "normalise"]

FORMS = ("NFC", "NFD", "NFKC", "NFKD")


@dataclass(frozen=True)
class Normalised:
    r"""A normalised text that knows where each of its characters comes from.

    Parameters
    ----------
    original, text : str
        Before and after.
    starts, ends : tuple of int
        For each character of ``text`` the part of ``original`` that it comes from.

    Examples
    --------
    >>> form = normalise("e\u0301t\u0301", "NFC")
    >>> len(form.original), len(form.text), form.span(1, 3)
    (4, 3, (2, 4))
    """

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``text[start:end]`` lies in the original.

        A span that cuts a cluster of characters returns the whole cluster.

        Parameters
        ----------
        start, end : int
            ``0 <= start < end <= len(text)``.

        Returns
        -------
        tuple of int
            Start and end in ``original``.

        Raises
        ------
        ValueError
            If the span is empty or outside the text.

        Examples
        --------
        >>> normalise("ﬁn", "NFKC").span(0, 1)
        (0, 1)
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(
                f"start and end must satisfy 0 <= start < end <= {len(self.text)}, "
                f"got {start} and {end}"
            )
        return self.starts[start], self.ends[end - 1]


def normalise(text: str, form: str = "NFC") -> Normalised:
    r"""Bring a text into a normal form and remember where its characters come from.

    A grapheme cluster is normalised as a whole, since its code points may join or
    change places. NFKC may also join letters of two clusters, such as the two
    compatibility letters of a Korean syllable; these clusters stay together.

    Parameters
    ----------
    text : str
    form : {"NFC", "NFD", "NFKC", "NFKD"}, default="NFC"

    Returns
    -------
    Normalised

    Raises
    ------
    ValueError
        If ``text`` is no text or ``form`` is unknown.

    References
    ----------
    .. [1] Unicode Standard Annex 15, "Unicode Normalization Forms".

    Examples
    --------
    >>> len(normalise("\u0958").text)  # one code point becomes two, under NFC
    2
    >>> normalise("İstanbul ﬁn", "NFKC").text
    'İstanbul fin'
    """
    chosen: Any = check_choice(form, "form", FORMS)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for cluster in _clusters(text, chosen):
        piece = unicodedata.normalize(chosen, cluster)
        for first, last in _sources(cluster, piece, position):
            starts.append(first)
            ends.append(last)
        pieces.append(piece)
        position += len(cluster)
    return Normalised(text, "".join(pieces), tuple(starts), tuple(ends))


def _clusters(text: str, form: Any) -> list[str]:
    """Cut a text into the smallest runs of graphemes that normalise by themselves."""
    found = graphemes(text)
    pieces = [unicodedata.normalize(form, cluster) for cluster in found]
    if "".join(pieces) == unicodedata.normalize(form, text):
        return found
    runs, normal = found[:1], pieces[:1]
    for cluster, piece in zip(found[1:], pieces[1:], strict=True):
        both = unicodedata.normalize(form, runs[-1] + cluster)
        if both == normal[-1] + piece:
            runs.append(cluster)
            normal.append(piece)
        else:
            runs[-1] += cluster
            normal[-1] = both
    return runs


def _sources(cluster: str, piece: str, position: int) -> list[tuple[int, int]]:
    """Return the part of the original of each character of a normalised cluster."""
    if piece == cluster:
        return [(position + i, position + i + 1) for i in range(len(cluster))]
    return [(position, position + len(cluster))] * len(piece)


def fold_case(text: str) -> str:
    """Return a text in which capitals and small letters are the same.

    Upper case comes first: ``"ß".upper()`` is ``"SS"`` and ``"ı".upper()`` is ``"I"``,
    so that a text and its capitals meet only there.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        In NFC. Its length may differ from that of ``text``.

    Examples
    --------
    >>> fold_case("Straße") == fold_case("STRASSE")
    True
    """
    check_text(text)
    return unicodedata.normalize("NFC", text.upper().casefold())
