"""One call for a text in any language: language, script, direction, names, tone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

from mlmastery.multilingual_nlp.characters import (
    check_text,
    graphemes,
    sentences,
    words,
)
from mlmastery.multilingual_nlp.encoder import ENCODER_LANGUAGES
from mlmastery.multilingual_nlp.identification import Guess, LanguageIdentifier
from mlmastery.multilingual_nlp.normal_forms import Normalised, normalise
from mlmastery.multilingual_nlp.scripts import direction, main_script
from mlmastery.validation import check_share

__all__ = ["Analysis", "MultilingualPipeline", "Name", "Part"]

MAX_LENGTH = 100_000  # characters
Finder = Callable[[str], Iterable[Any]]


@dataclass(frozen=True)
class Part:
    """A sentence: its place in the original text, and its language.

    Parameters
    ----------
    start, end : int
        ``text[start:end]`` is the sentence.
    language : str or None
        None where the identifier is not sure enough.
    probability : float
        Of the most probable language; 0 without a letter.
    script : str
    direction : {"ltr", "rtl", "neutral"}
    words : tuple of (int, int)
        Start and end of each word in the original text.
    """

    start: int
    end: int
    language: str | None
    probability: float
    script: str
    direction: str
    words: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Name:
    """A named entity and its place in the original text.

    Parameters
    ----------
    label, text : str
        ``text`` as it is spelled in the original.
    start, end : int
    """

    label: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Analysis:
    """All that `MultilingualPipeline.process` found in a text.

    Parameters
    ----------
    text : str
        The original.
    language, probability, script, direction
        As in `Part`, for the whole text.
    n_graphemes : int
    sentences : tuple of Part
    entities : tuple of Name
    positive : float or None
        Probability of a positive text; None where no model speaks the language.
    notes : tuple of str
        What could not be done, and why.
    """

    text: str
    language: str | None
    probability: float
    script: str
    direction: str
    n_graphemes: int
    sentences: tuple[Part, ...] = ()
    entities: tuple[Name, ...] = ()
    positive: float | None = None
    notes: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """Return the analysis as JSON takes it."""
        return asdict(self)


class MultilingualPipeline:
    """Identify, normalise, cut, tag and classify a text.

    Parameters
    ----------
    identifier : LanguageIdentifier
        Fitted and calibrated.
    finders : mapping of str to callable, default={}
        For a language, a function from a text to entities ``(label, start, end, ...)``
        in that text. One that fails leaves a note, and the rest of the answer.
    classifier : object, optional
        With ``predict_proba(texts)``, whose second column is "positive".
    least : float, default=0.5
        Probability below which no language is named.

    Raises
    ------
    ValueError
        If ``least`` does not lie between 0 and 1.

    Examples
    --------
    >>> model = LanguageIdentifier().fit(["שלום לכם", "good day"], ["he", "en"])
    >>> MultilingualPipeline(model).process("שלום!").direction
    'rtl'
    """

    def __init__(
        self,
        identifier: LanguageIdentifier,
        finders: Mapping[str, Finder] = MappingProxyType({}),
        classifier: Any = None,
        least: float = 0.5,
    ) -> None:
        self.identifier = identifier
        self.finders = dict(finders)
        self.classifier = classifier
        self.least = check_share(least, "least")

    def process(self, text: str) -> Analysis:
        """Analyse a text; all offsets point into the text as it was given.

        Parameters
        ----------
        text : str
            At most 100,000 characters; may be empty.

        Returns
        -------
        Analysis

        Raises
        ------
        ValueError
            If ``text`` is no text, too long, or holds half of a surrogate pair.
        """
        _check_length(check_text(text))
        form = normalise(text, "NFC")
        guess = self.identifier.identify(form.text)
        language = self._language(guess)
        positive, tone_note = self._positive(form.text, language)
        entities, names_note = self._entities(form, language)
        return Analysis(
            text,
            language,
            guess.probability if guess else 0.0,
            main_script(text),
            direction(text),
            len(graphemes(text)),
            tuple(self._part(form, *span) for span in sentences(form.text)),
            entities,
            positive,
            tuple(filter(None, (self._language_note(guess), names_note, tone_note))),
        )

    def _language(self, guess: Guess | None) -> str | None:
        return guess.language if guess and guess.probability >= self.least else None

    def _language_note(self, guess: Guess | None) -> str:
        if guess is None:
            return "language: no known letter"
        if guess.probability < self.least:
            return f"language: not sure enough, best guess {guess.language}"
        return ""

    def _part(self, form: Normalised, start: int, end: int) -> Part:
        piece = form.text[start:end]
        guess = self.identifier.identify(piece)
        return Part(
            *form.span(start, end),
            self._language(guess),
            guess.probability if guess else 0.0,
            main_script(piece),
            direction(piece),
            tuple(form.span(start + a, start + b) for a, b in words(piece)),
        )

    def _entities(
        self, form: Normalised, language: str | None
    ) -> tuple[tuple[Name, ...], str]:
        finder = self.finders.get(language or "")
        if finder is None:
            return (), ""
        try:
            return tuple(_names(form, finder(form.text))), ""
        except Exception as error:  # a finder is the caller's code: anything may come
            return (), f"names: the finder for {language} failed, {_told(error)}"

    def _positive(self, text: str, language: str | None) -> tuple[float | None, str]:
        if self.classifier is None or language is None:
            return None, ""
        if language not in ENCODER_LANGUAGES:
            return None, f"tone: the encoder was not trained on {language}"
        try:
            return float(self.classifier.predict_proba([text])[0, 1]), ""
        except Exception as error:
            return None, f"tone: the classifier failed, {_told(error)}"


def _names(form: Normalised, found: Iterable[Any]) -> Iterable[Name]:
    for label, start, end, *_ in found:
        first, last = form.span(start, end)
        yield Name(label, form.original[first:last], first, last)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _check_length(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise ValueError(
            f"text must have at most {MAX_LENGTH:,} characters, got {len(text):,}"
        )
