"""Find names in a text as it was typed, with a tagger of tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import regex

from mlmastery.multilingual_nlp.characters import check_text

from .spans import Entity, entities_in_text
from .tables import CLAUSE_ENDS

__all__ = ["EntityFinder", "Tagger", "split_words"]

# Of sentences in Latin, Arabic and Devanagari, of clauses in Chinese: as in training.
ENDS = ".!?؟।" + CLAUSE_ENDS
# A joiner inside a word belongs to it: Persian needs U+200C, Hindi U+200D.
# Up to eight marks, joiners or hyphens stand before a letter: a longer run of them
# is no word, and would be read again from each of its signs.
_SIGNS = r"[\p{M}\u200c\u200d'’-]"
WORD = regex.compile(rf"(?:{_SIGNS}{{0,8}}+[\p{{L}}\p{{N}}]\p{{M}}*+)+|\S")


class Tagger(Protocol):
    """Predicts the tags of tokens, as the perceptron and CRFsuite do."""

    def predict(self, sentences: Iterable[Sequence[str]]) -> list[list[str]]:
        """Return one tag a token for each sentence."""


def split_words(text: str) -> list[str]:
    """Return words and signs, each as it is spelled in the text.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> split_words("L'Aquila, (Italia)")
    ["L'Aquila", ',', '(', 'Italia', ')']
    >>> len(split_words("مشکل‌ها"))  # one word, joined by U+200C
    1
    """
    return WORD.findall(check_text(text))


class EntityFinder:
    """Split a text, tag its tokens and return names by their place in the text.

    Parameters
    ----------
    tagger : object with ``predict``
        Trained on tokens of the same kind.
    split : callable, default=split_words
        Takes a sentence and returns tokens that occur in it, in order. ``list`` suits
        a tagger of characters.
    ends : str, default=".!?؟।。！？；：，、"
        Signs after which a new sequence begins; a new line always begins one.

    Examples
    --------
    >>> class Capitals:
    ...     def predict(self, sentences):
    ...         return [["B-X" if t.istitle() else "O" for t in s] for s in sentences]
    >>> EntityFinder(Capitals()).find("to Lima.  From Lima")[1:]
    [Entity(label='X', start=10, end=14, text='From'),
     Entity(label='X', start=15, end=19, text='Lima')]
    """

    def __init__(
        self,
        tagger: Tagger,
        split: Callable[[str], Sequence[str]] = split_words,
        ends: str = ENDS,
    ) -> None:
        self.tagger = tagger
        self.split = split
        self.ends = ends

    def find(self, text: str) -> list[Entity]:
        """Return the names in their order.

        Parameters
        ----------
        text : str
            Of any length; sentences are tagged one by one.

        Returns
        -------
        list of Entity
            ``text[entity.start:entity.end]`` is the name.
        """
        check_text(text)
        ends = regex.escape(self.ends + "\n", special_only=False)
        sentence = regex.compile(rf"[^{ends}]*[{ends}]+|[^{ends}]+")
        places = [match.span() for match in sentence.finditer(text)]
        tokens = [list(self.split(text[low:high])) for low, high in places]
        entities = []
        for (low, high), row, tags in zip(
            places, tokens, self.tagger.predict(tokens), strict=True
        ):
            for label, start, end, name in entities_in_text(text[low:high], row, tags):
                entities.append(Entity(label, low + start, low + end, name))
        return entities
