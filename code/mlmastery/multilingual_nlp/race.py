"""Our identifier beside three libraries, on the same texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from mlmastery.calibration import expected_calibration_error
from mlmastery.ledger import cpu_timed
from mlmastery.multilingual_nlp.identification import LanguageIdentifier

__all__ = [
    "langdetect",
    "lingua",
    "ours",
    "py3langid",
    "race_identifiers",
    "summarise",
]

Answer = tuple[str, float]
Identify = Callable[[str], Answer]
Answers: TypeAlias = pd.DataFrame


def ours(model: LanguageIdentifier) -> Identify:
    """Return our identifier as a function from a text to language and probability."""

    def identify(text: str) -> Answer:
        guess = model.identify(text)
        return (guess.language, guess.probability) if guess else ("", 0.0)

    return identify


def py3langid(languages: Sequence[str]) -> Identify:
    """Return py3langid, choosing among these languages."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model: Any = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(["no" if name == "nb" else name for name in languages])

    def identify(text: str) -> Answer:
        name, probability = model.classify(text)
        return _code(name), float(probability)

    return identify


def langdetect(languages: Sequence[str], seed: int = 0) -> Identify:
    """Return langdetect, choosing among these languages as far as it knows them."""
    from langdetect import DetectorFactory
    from langdetect.detector_factory import PROFILES_DIRECTORY
    from langdetect.lang_detect_exception import LangDetectException

    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    factory.set_seed(seed)
    prior = {_library_code(name): 1.0 for name in languages}
    prior = {name: p for name, p in prior.items() if name in factory.langlist}

    def identify(text: str) -> Answer:
        detector = factory.create()
        detector.set_prior_map(prior)
        detector.append(text)
        try:
            best = detector.get_probabilities()[0]
        except (LangDetectException, IndexError):
            return "", 0.0
        return _code(best.lang), float(best.prob)

    return identify


def lingua(languages: Sequence[str]) -> Identify:
    """Return lingua, choosing among these languages."""
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [getattr(IsoCode639_1, name.upper()) for name in languages]
    model = LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()

    def identify(text: str) -> Answer:
        best = model.compute_language_confidence_values(text)[0]
        return best.language.iso_code_639_1.name.lower(), float(best.value)

    return identify


def _library_code(name: str) -> str:
    return {"nb": "no", "zh": "zh-cn"}.get(name, name)


def _code(name: str) -> str:
    """Return the code of ISO 639-1 for the spellings of the libraries."""
    return {"no": "nb", "zh-cn": "zh", "zh-tw": "zh"}.get(name, name)


def race_identifiers(
    rivals: Mapping[str, Identify], texts: Sequence[str]
) -> tuple[Answers, pd.Series]:
    """Ask each rival about each text.

    Parameters
    ----------
    rivals : mapping of str to callable
        From a text to language and probability.
    texts : sequence of str

    Returns
    -------
    answers : DataFrame of shape (n_texts, 2 * n_rivals)
        Columns ``(rival, "language")`` and ``(rival, "probability")``.
    milliseconds : Series of shape (n_rivals,)
        CPU time per text.

    Examples
    --------
    >>> answers, _ = race_identifiers({"all en": lambda text: ("en", 1.0)}, ["a", "b"])
    >>> answers["all en"]["language"].tolist()
    ['en', 'en']
    """
    columns: dict[tuple[str, str], list] = {}
    milliseconds = {}
    for name, identify in rivals.items():
        found, seconds = cpu_timed(partial(_ask_all, identify, texts))
        columns[name, "language"] = [language for language, _ in found]
        columns[name, "probability"] = [p for _, p in found]
        milliseconds[name] = 1000 * seconds / max(len(texts), 1)
    return pd.DataFrame(columns), pd.Series(milliseconds, name="ms")


def _ask_all(identify: Identify, texts: Sequence[str]) -> list[Answer]:
    return [identify(text) for text in texts]


def summarise(answers: Answers, languages: Sequence[str]) -> pd.DataFrame:
    """Return accuracy, mean confidence and calibration error of each rival.

    Parameters
    ----------
    answers : DataFrame
        As `race_identifiers` gives them.
    languages : sequence of str
        The truth.

    Returns
    -------
    DataFrame
        ``accuracy``, ``confidence`` and ``ECE``, one row per rival.

    Examples
    --------
    >>> answers, _ = race_identifiers({"all en": lambda text: ("en", 1.0)}, ["a", "b"])
    >>> summarise(answers, ["en", "de"])["accuracy"].tolist()
    [0.5]
    """
    truth, rows = np.asarray(languages), {}
    for name in answers.columns.unique(level=0):
        correct = answers[name, "language"].to_numpy() == truth
        confidence = answers[name, "probability"].to_numpy().clip(0, 1)
        rows[name] = {
            "accuracy": correct.mean(),
            "confidence": confidence.mean(),
            "ECE": expected_calibration_error(correct, confidence),
        }
    return pd.DataFrame(rows).T
