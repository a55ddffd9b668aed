"""From raw text to tokens: each step is a switch, so that its cost can be measured.

>>> preprocess_text("<b>Don't</b> miss it :-)")
"don't miss it emo_pos"
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from mlmastery.validation import check_choice

from .features import check_texts

__all__ = ["NEGATIONS", "mark_negations", "preprocess_text", "stop_words", "tokenize"]

NEGATIONS = frozenset(
    "no not nor never none nobody nothing nowhere neither without cannot".split()
)
STOP = ("none", "keep negations", "all")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
POSITIVE = re.compile(r"(?<!\w)[:;=8]-?[)\]D]+(?!\w)|<3+|[😀-😄😊😍🙂❤👍]")
NEGATIVE = re.compile(r"(?<!\w)[:;=8]'?-?[(\[]+(?!\w)|[😞😠😡😢😭🙁👎]")
WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
NOT_A_LETTER = re.compile(r"[^a-zA-Z\s]")
ENDS_NEGATION = re.compile(r"[.,:;!?()]")


def tokenize(text: str) -> list[str]:
    """Cut a text into words, with their apostrophes, and single signs.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str

    Examples
    --------
    >>> tokenize("Isn't it well-acted?")
    ["Isn't", 'it', 'well', '-', 'acted', '?']
    """
    return WORD.findall(_check_text(text))


def stop_words(kind: str) -> frozenset[str]:
    """Return scikit-learn's list, or the list without negations, or nothing.

    Parameters
    ----------
    kind : {"none", "keep negations", "all"}

    Raises
    ------
    ValueError
        If ``kind`` is none of these.

    Examples
    --------
    >>> "not" in stop_words("all"), "not" in stop_words("keep negations")
    (True, False)
    """
    check_choice(kind, "kind", STOP)
    if kind == "none":
        return frozenset()
    return ENGLISH_STOP_WORDS - NEGATIONS if kind != "all" else ENGLISH_STOP_WORDS


def mark_negations(tokens: list[str]) -> list[str]:
    """Prefix the words between a negation and the next punctuation with ``not_``.

    Parameters
    ----------
    tokens : list of str

    References
    ----------
    .. [1] Pang, Lee and Vaithyanathan (2002), "Thumbs up? Sentiment Classification
       using Machine Learning Techniques", EMNLP.

    Examples
    --------
    >>> mark_negations(["not", "a", "good", "idea", ",", "sorry"])
    ['not', 'not_a', 'not_good', 'not_idea', ',', 'sorry']
    """
    marked, negated = [], False
    tokens = check_texts(tokens, "tokens")
    for token in tokens:
        if ENDS_NEGATION.fullmatch(token):
            negated = False
        marked.append(f"not_{token}" if negated else token)
        if _negates(token):
            negated = True
    return marked


def _negates(token: str) -> bool:
    lower = token.lower()
    return lower in NEGATIONS or lower.endswith(("n't", "n’t"))


def preprocess_text(
    text: str,
    *,
    markup: bool = True,
    lowercase: bool = True,
    symbols: bool = True,
    letters_only: bool = False,
    negations: bool = False,
    stop: str = "none",
    forms: str = "none",
) -> str:
    """Return the tokens of a text, joined by spaces.

    Null bytes and other control characters always become spaces.

    Parameters
    ----------
    text : str
    markup : bool, default=True
        Remove HTML tags and decode entities such as ``&amp;``.
    lowercase : bool, default=True
    symbols : bool, default=True
        Replace web addresses by ``url``, emoticons by ``emo_pos`` and ``emo_neg``.
    letters_only : bool, default=False
        Delete all but letters and white space: "don't" becomes "dont".
    negations : bool, default=False
        Mark words after a negation, as `mark_negations` does.
    stop : {"none", "keep negations", "all"}, default="none"
        Words to remove, by `stop_words`.
    forms : {"none", "stem", "lemma"}, default="none"
        Cut each word to its stem (Snowball) or look up its lemma (simplemma).

    Returns
    -------
    str

    Raises
    ------
    TypeError
        If ``text`` is not a str.
    ValueError
        If ``stop`` or ``forms`` is unknown.

    Examples
    --------
    >>> preprocess_text("The films weren't <i>bad</i>")
    "the films weren't bad"
    >>> preprocess_text("The films weren't bad", forms="lemma")  # a negation is lost
    'the film be bad'
    >>> preprocess_text("not a good idea", stop="all")
    'good idea'
    """
    removed, cut = stop_words(check_choice(stop, "stop", STOP)), _form(forms)
    cleaned = _clean(_check_text(text), markup, symbols, letters_only)
    tokens = tokenize(cleaned.lower() if lowercase else cleaned)
    if negations:
        tokens = mark_negations(tokens)
    return " ".join(cut(t) for t in tokens if t.lower() not in removed)


def _check_text(text: Any) -> str:
    if isinstance(text, str):
        return text
    raise TypeError(f"text must be a str, got {type(text).__name__}: {str(text)[:60]}")


def _clean(text: str, markup: bool, symbols: bool, letters_only: bool) -> str:
    text = "".join(c if c.isprintable() else " " for c in text)
    if markup:
        text = html.unescape(TAG.sub(" ", text))
    if symbols:
        text = URL.sub(" url ", text)
        text = NEGATIVE.sub(" emo_neg ", POSITIVE.sub(" emo_pos ", text))
    return NOT_A_LETTER.sub("", text) if letters_only else text


def _form(kind: str) -> Callable[[str], str]:
    check_choice(kind, "forms", ("none", "stem", "lemma"))
    forms: dict[str, Callable[[str], str]] = {
        "none": _same,
        "stem": stem,
        "lemma": lemma,
    }
    return forms[kind]


def _same(token: str) -> str:
    return token


@lru_cache(maxsize=100_000)
def stem(token: str) -> str:
    """Return the stem of an English word, by the Snowball rules.

    Examples
    --------
    >>> stem("studies"), stem("universal"), stem("university")
    ('studi', 'univers', 'univers')
    """
    return str(_stemmer().stem(token))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    from nltk.stem.snowball import SnowballStemmer

    return SnowballStemmer("english")


@lru_cache(maxsize=100_000)
def lemma(token: str) -> str:
    """Return the dictionary form of an English word, as simplemma lists it.

    Examples
    --------
    >>> lemma("studies"), lemma("mice"), lemma("university")
    ('study', 'mouse', 'university')
    """
    import simplemma

    return str(simplemma.lemmatize(token, lang="en"))


def step_function(**steps: Any) -> Callable[[str], str]:
    """Return `preprocess_text` with these switches set, to hand to a vectoriser."""
    return partial(preprocess_text, **steps)
