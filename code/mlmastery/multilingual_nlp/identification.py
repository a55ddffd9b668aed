"""Language identification by naive Bayes on character n-grams, with calibration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import regex
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.exceptions import NotFittedError

from mlmastery.multilingual_nlp.characters import check_text, check_texts
from mlmastery.multilingual_nlp.normal_forms import fold_case
from mlmastery.multilingual_nlp.scripts import script_of
from mlmastery.validation import check_count, check_number

__all__ = ["Guess", "LanguageIdentifier", "character_ngrams"]


_RUN = regex.compile(r"(?:\p{L}[\p{M}\u200c\u200d'’]*)+")


def character_ngrams(
    text: str, longest: int = 4, fold: Callable[[str], str] = fold_case
) -> list[str]:
    """Return the n-grams of a text's words, of 1 to ``longest`` characters.

    Each run of letters gets a blank on both sides, so that its beginning and its end
    count; digits and punctuation give no n-gram. The script of each letter is one
    more feature, such as ``<Han>``, which an unknown letter has too.

    Parameters
    ----------
    text : str
    longest : int, default=4
    fold : callable, default=fold_case
        Applied to the text first.

    Returns
    -------
    list of str

    Examples
    --------
    >>> character_ngrams("So 2!", longest=2)
    ['s', 'o', ' s', 'so', 'o ', '<Latin>', '<Latin>']
    """
    check_count(longest, "longest")
    folded = fold(check_text(text))
    grams: list[str] = []
    for match in _RUN.finditer(folded):
        grams += _ngrams_of(f" {match.group()} ", longest)
    return grams + [f"<{script_of(c)}>" for c in folded if c.isalpha()]


def _ngrams_of(padded: str, longest: int) -> list[str]:
    sizes = range(1, longest + 1)
    found = [padded[i : i + n] for n in sizes for i in range(len(padded) - n + 1)]
    return [gram for gram in found if gram != " "]


@dataclass(frozen=True)
class Guess:
    """A language and the calibrated probability of being right.

    Examples
    --------
    >>> Guess("de", 0.9).language
    'de'
    """

    language: str
    probability: float


class LanguageIdentifier:
    r"""Multinomial naive Bayes on character n-grams, calibrated by a temperature.

    Naive Bayes takes overlapping n-grams for independent evidence, so that its
    probabilities go to 0 and 1 as a text grows. `calibrate` divides the logits by
    :math:`\tau n^\gamma` for a text of n known n-grams.

    Parameters
    ----------
    longest : int, default=4
        Characters of the longest n-gram.
    alpha : float, default=0.1
        Added to each count, above 0.
    fold : callable, default=fold_case
        Applied to each text first.

    Attributes
    ----------
    languages_ : list of str
        Sorted.
    log_likelihood_ : ndarray of shape (n_grams, n_languages)
        Log-probability of each n-gram in each language.
    tau_, gamma_ : float
        The temperature; 1 and 0 before `calibrate`.

    Raises
    ------
    ValueError
        From ``fit``, if texts and languages differ in number, or a language has no
        letter to learn from.

    References
    ----------
    .. [1] Cavnar and Trenkle (1994), "N-Gram-Based Text Categorization", SDAIR.
    .. [2] Guo, Pleiss, Sun and Weinberger (2017), "On Calibration of Modern Neural
       Networks", ICML.

    Examples
    --------
    >>> model = LanguageIdentifier().fit(["der die das", "the this that"], ["de", "en"])
    >>> model.predict(["that thing", "die Welt"])
    ['en', 'de']
    """

    def __init__(
        self,
        longest: int = 4,
        alpha: float = 0.1,
        fold: Callable[[str], str] = fold_case,
    ) -> None:
        self.longest = longest
        self.alpha = alpha
        self.fold = fold

    def fit(self, texts: Iterable[str], languages: Iterable[str]) -> LanguageIdentifier:
        """Count the n-grams of each language and return self."""
        check_count(self.longest, "longest")
        check_number(self.alpha, "alpha", open=True)
        counts = self._count(check_texts(texts), _names(languages))
        self.languages_ = sorted(counts)
        grams = sorted(set().union(*counts.values()))
        self.column_of_ = {gram: i for i, gram in enumerate(grams)}
        table = np.array([[counts[k][g] for k in self.languages_] for g in grams])
        smoothed = table + self.alpha
        self.log_likelihood_ = np.log(smoothed / smoothed.sum(axis=0))
        self.tau_, self.gamma_ = 1.0, 0.0
        return self

    def _count(self, texts: list[str], languages: list[str]) -> dict[str, Counter[str]]:
        _check_pairs(texts, languages)
        counts: dict[str, Counter[str]] = {name: Counter() for name in languages}
        for text, name in zip(texts, languages, strict=True):
            counts[name].update(self._ngrams(text))
        empty = sorted(name for name, found in counts.items() if not found)
        if empty:
            raise ValueError(f"texts must have letters, got none for {empty[0]}")
        return counts

    def _check_fitted(self) -> None:
        if not hasattr(self, "log_likelihood_"):
            raise NotFittedError("the identifier knows no language yet: call fit first")

    def _ngrams(self, text: str) -> list[str]:
        return character_ngrams(text, self.longest, self.fold)

    def _evidence(self, text: str) -> tuple[np.ndarray, int]:
        """Return the log-likelihood in each language, and the number of known n-grams."""
        known = [self.column_of_[g] for g in self._ngrams(text) if g in self.column_of_]
        return self.log_likelihood_[known].sum(axis=0), len(known)

    def predict_log_proba(self, texts: Sequence[str]) -> np.ndarray:
        """Return log-probabilities, shape (n_texts, n_languages).

        All languages are equally probable before a text is seen, and remain so where
        none of its n-grams is known.
        """
        self._check_fitted()
        evidence = [self._evidence(text) for text in check_texts(texts)]
        scores = np.array([e for e, _ in evidence]).reshape(-1, len(self.languages_))
        n = np.array([n for _, n in evidence], dtype=float)
        logits = scores / _temperature(n, self.tau_, self.gamma_)[:, None]
        return logits - logsumexp(logits, axis=1, keepdims=True)

    def predict_proba(self, texts: Sequence[str]) -> np.ndarray:
        """Return probabilities, shape (n_texts, n_languages); each row sums to 1."""
        return np.exp(self.predict_log_proba(texts))

    def predict(self, texts: Sequence[str]) -> list[str]:
        """Return the most probable language of each text; of equals the first by name."""
        best = self.predict_proba(texts).argmax(axis=1)
        return [self.languages_[i] for i in best]

    def known_share(self, text: str) -> float:
        """Return the share of a text's n-grams that occur in the training texts.

        Examples
        --------
        >>> model = LanguageIdentifier(longest=1).fit(["ab"], ["xx"])
        >>> model.known_share("abcd")
        0.5
        """
        self._check_fitted()
        grams = [g for g in self._ngrams(text) if not g.startswith("<")]
        return sum(g in self.column_of_ for g in grams) / len(grams) if grams else 0.0

    def identify(self, text: str) -> Guess | None:
        """Return the most probable language of a text, None if nothing speaks for any.

        Parameters
        ----------
        text : str

        Returns
        -------
        Guess or None
            None where no n-gram is known: digits, punctuation, an unknown script.

        Examples
        --------
        >>> model = LanguageIdentifier().fit(["der die", "the this"], ["de", "en"])
        >>> model.identify("this").language, model.identify("12!") is None
        ('en', True)
        """
        self._check_fitted()
        scores, n = self._evidence(text)
        if not n:
            return None
        logits = scores / _temperature(np.array(n), self.tau_, self.gamma_)
        probability = np.exp(logits - logsumexp(logits))
        best = int(probability.argmax())
        return Guess(self.languages_[best], float(probability[best]))

    def calibrate(self, texts: Sequence[str], languages: Sequence[str]) -> None:
        """Fit the temperature to texts that were not used in `fit`.

        Minimises the mean negative log-probability of the right language.

        Raises
        ------
        ValueError
            If a language is unknown, there is no text, or the numbers differ.
        """
        self._check_fitted()
        texts, languages = check_texts(texts), _names(languages)
        _check_pairs(texts, languages)
        unknown = sorted(set(languages) - set(self.languages_))
        if unknown:
            raise ValueError(f"languages must be known, got {unknown[0]!r}")
        evidence = [self._evidence(text) for text in texts]
        scores = np.array([e for e, _ in evidence])
        n = np.array([n for _, n in evidence], dtype=float)
        right = [self.languages_.index(name) for name in languages]

        def loss(parameters: np.ndarray) -> float:
            log_tau, gamma = parameters
            logits = scores / _temperature(n, np.exp(log_tau), gamma)[:, None]
            rows = np.arange(len(right))
            return float(np.mean(logsumexp(logits, axis=1) - logits[rows, right]))

        log_tau, gamma = minimize(loss, [1.0, 0.3], method="Nelder-Mead").x
        self.tau_, self.gamma_ = float(np.exp(log_tau)), float(gamma)


def _names(languages: Any) -> list[str]:
    """Return names of languages as a list, or raise."""
    if isinstance(languages, str):
        raise ValueError("languages must be a sequence of names, got a str")
    names = list(languages)
    for name in names:
        if not isinstance(name, str):
            raise ValueError(f"languages must be names such as 'en', got {name!r}")
    return names


def _check_pairs(texts: list[str], languages: list[str]) -> None:
    if len(texts) != len(languages) or not texts:
        raise ValueError(
            "texts and languages must have one entry per text, at least one, "
            f"got {len(texts)} and {len(languages)}"
        )


def _temperature(n: np.ndarray, tau: Any, gamma: float) -> np.ndarray:
    return tau * np.maximum(n, 1.0) ** gamma
