"""Turn BIO tags into spans and back, and find spans in the text that was typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mlmastery.validation import check_choice

from .checks import check_pairs

__all__ = [
    "MODES",
    "Entity",
    "Span",
    "bio_spans",
    "bio_tags",
    "entities_in_text",
    "token_offsets",
]

MODES = ("strict", "conlleval")


class Span(NamedTuple):
    """A label and the tokens that it covers, the end not included.

    Examples
    --------
    >>> Span("LOC", 2, 4).end
    4
    """

    label: str
    start: int
    end: int


class Entity(NamedTuple):
    """A name in a text: its label and its characters ``text[start:end]``.

    Examples
    --------
    >>> Entity("LOC", 3, 7, "Lima").text
    'Lima'
    """

    label: str
    start: int
    end: int
    text: str


def bio_spans(tags: Sequence[str], mode: str = "strict") -> list[Span]:
    """Return the spans that tags mark.

    Parameters
    ----------
    tags : sequence of str
        ``O``, ``B-label`` or ``I-label``.
    mode : {"strict", "conlleval"}
        Whether an I-X that follows neither B-X nor I-X is no part of any span, or, as
        the program of the CoNLL shared tasks has it, begins one.

    Returns
    -------
    list of Span

    Raises
    ------
    ValueError
        If a tag is malformed, or the mode unknown.

    Examples
    --------
    >>> bio_spans(["I-PER", "B-PER", "I-PER"])
    [Span(label='PER', start=1, end=3)]
    >>> len(bio_spans(["I-PER", "B-PER", "I-PER"], "conlleval"))
    2
    """
    check_choice(mode, "mode", MODES)
    spans: list[Span] = []
    for position, tag in enumerate(tags):
        prefix, label = _parse(tag)
        goes_on = spans and spans[-1].end == position and spans[-1].label == label
        if prefix == "I" and goes_on:
            spans[-1] = spans[-1]._replace(end=position + 1)
        elif prefix == "B" or (prefix == "I" and mode == "conlleval"):
            spans.append(Span(label, position, position + 1))
    return spans


def _parse(tag: str) -> tuple[str, str]:
    if not isinstance(tag, str):
        raise ValueError(f"a tag must be O, B-label or I-label, got {tag!r}")
    prefix, hyphen, label = tag.partition("-")
    if tag == "O" or (prefix in ("B", "I") and hyphen and label):
        return prefix, label
    raise ValueError(f"a tag must be O, B-label or I-label, got {tag!r}")


def bio_tags(spans: Iterable[Span], n_tokens: int) -> list[str]:
    """Return the tags of a sentence with these spans.

    Parameters
    ----------
    spans : iterable of Span
    n_tokens : int
        Of the sentence.

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        If a span is empty, leaves the sentence, or overlaps another.

    Examples
    --------
    >>> bio_tags([Span("LOC", 1, 3)], 4)
    ['O', 'B-LOC', 'I-LOC', 'O']
    """
    tags = ["O"] * n_tokens
    for label, start, end in spans:
        if not 0 <= start < end <= n_tokens or set(tags[start:end]) != {"O"}:
            raise ValueError(
                f"spans must lie apart in 0 to {n_tokens}, got {label} {start}:{end}"
            )
        tags[start:end] = [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
    return tags


def token_offsets(text: str, tokens: Sequence[str]) -> list[tuple[int, int]]:
    """Return where each token stands in the text.

    Parameters
    ----------
    text : str
    tokens : sequence of str
        In the order of the text, each as it is spelled there.

    Returns
    -------
    list of tuple of int
        Start and end, so that ``text[start:end]`` is the token.

    Raises
    ------
    ValueError
        If a token does not occur after the one before: it was normalised, say.

    Examples
    --------
    >>> token_offsets("to be, to", ["to", "be", ",", "to"])
    [(0, 2), (3, 5), (5, 6), (7, 9)]
    """
    offsets, end = [], 0
    for token in tokens:
        start = text.find(token, end)
        if start < 0:
            raise ValueError(f"tokens must occur in the text in order, got {token!r}")
        end = start + len(token)
        offsets.append((start, end))
    return offsets


def entities_in_text(
    text: str, tokens: Sequence[str], tags: Sequence[str]
) -> list[Entity]:
    """Return the entities that tags mark, with their place in the text as typed.

    Parameters
    ----------
    text : str
    tokens, tags : sequence of str
        Tokens as in `token_offsets`, one tag each.

    Returns
    -------
    list of Entity

    Raises
    ------
    ValueError
        If the lengths differ, a tag is malformed, or a token is not in the text.

    Examples
    --------
    >>> entities_in_text("في  مصر", ["في", "مصر"], ["O", "B-LOC"])[0][:3]
    ('LOC', 4, 7)
    """
    check_pairs(tokens, tags, "tokens", "tags")
    offsets = token_offsets(text, tokens)
    entities = []
    for label, first, last in bio_spans(tags, "conlleval"):
        start, end = offsets[first][0], offsets[last - 1][1]
        entities.append(Entity(label, start, end, text[start:end]))
    return entities
