"""Record the chapter's figures on the originals that the book cannot show."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score

from mlmastery.datasets import (
    fingerprint,
    load_afrisenti,
    load_lingua_test,
    load_tatoeba,
    load_ud_pud,
    load_udhr,
    load_umsab,
)
from mlmastery.inference import bootstrap, percentile_interval
from mlmastery.ledger import RECORDED, Recorded, cpu_timed
from mlmastery.multilingual_nlp.encoder import encode_texts
from mlmastery.multilingual_nlp.identification import LanguageIdentifier
from mlmastery.multilingual_nlp.race import (
    langdetect,
    lingua,
    ours,
    py3langid,
    race_identifiers,
    summarise,
)
from mlmastery.multilingual_nlp.retrieval import is_found
from mlmastery.multilingual_nlp.training import make_identifier
from mlmastery.multilingual_nlp.transfer import SentenceClassifier, tfidf_classifier
from mlmastery.spread import Spread
from mlmastery.storage import replacing

__all__ = ["record"]

FOLDER = RECORDED / "multilingual_nlp"
KINDS = ("single-words", "word-pairs", "sentences")
PER_CELL = 150  # texts per language and kind: the slowest rival takes milliseconds
IDENTIFY = "20 languages, all choosing among them; 150 texts a language (seed 0)"
RETRIEVE = "English to the language, nearest cosine; equal targets are right"
TWEETS = "character and word TF-IDF, logistic, C = 3; the official parts"
ZERO_SHOT = "trained on English tweets only; the official parts"


def record(data_dir: Path) -> list[Recorded]:
    """Measure identifier, retrieval and classification on the originals.

    Writes the tables ``identifiers``, ``reliability``, ``retrieval`` and ``tweets``
    to ``recorded/multilingual_nlp``.

    Parameters
    ----------
    data_dir : Path
        Holds the folders of the originals.

    Returns
    -------
    list of Recorded
    """
    figures = [*_identifiers(), *_retrieval(), *_umsab(), *_afrisenti()]
    name = "mlmastery.multilingual_nlp.tagging.record"
    if find_spec(name) is not None:
        figures += import_module(name).record(data_dir)
    return figures


def _identifiers() -> list[Recorded]:
    model = make_identifier(load_udhr())
    rivals = {"ours": ours(model), **_libraries(model)}
    texts = load_lingua_test()
    texts = texts[texts["language"].isin(model.languages_)]
    figures, cells, answers_of = [], [], {}
    for kind in KINDS:
        part = _sample(texts[texts["kind"] == kind])
        answers, ms = race_identifiers(rivals, part["text"].tolist())
        answers_of[kind] = (answers, part["language"].to_numpy())
        table = summarise(answers, part["language"].tolist()).join(ms)
        for name, row in table.iterrows():
            figures.append(_identified(str(name), kind, row, len(part)))
        cells.append(_by_language(answers, part, kind))
    _write(pd.concat(cells), "identifiers")
    _write(_reliability(answers_of), "reliability")
    return figures


def _libraries(model: LanguageIdentifier) -> dict[str, Any]:
    makers = {"py3langid": py3langid, "langdetect": langdetect, "lingua": lingua}
    return {name: make(model.languages_) for name, make in makers.items()}


def _sample(texts: pd.DataFrame) -> pd.DataFrame:
    shuffled = texts.sample(frac=1, random_state=0)
    return shuffled.groupby("language").head(PER_CELL).sort_values("language")


def _identified(name: str, kind: str, row: pd.Series, n: int) -> Recorded:
    error = float(np.sqrt(row["accuracy"] * (1 - row["accuracy"]) / n))
    note = f"{IDENTIFY}; {row['ms']:.2f} ms a text; ECE {row['ECE']:.3f}"
    seconds = float(row["ms"] * n / 1000)
    return Recorded(
        f"{kind}, {name}",
        float(row["accuracy"]),
        Spread.standard_error(error),
        "accuracy",
        note,
        seconds,
        fingerprint("lingua_test"),
    )


def _by_language(answers: pd.DataFrame, part: pd.DataFrame, kind: str) -> pd.DataFrame:
    truth = part["language"].to_numpy()
    names = answers.columns.unique(level=0)
    right = pd.DataFrame({n: answers[n, "language"].to_numpy() == truth for n in names})
    means = right.groupby(truth).mean().round(4)
    return means.rename_axis("language").reset_index().assign(kind=kind)


def _reliability(answers_of: dict[str, Any]) -> pd.DataFrame:
    from mlmastery.multilingual_nlp.calibration import reliability_table

    rows = []
    for name in next(iter(answers_of.values()))[0].columns.unique(level=0):
        right = [a[name, "language"].to_numpy() == y for a, y in answers_of.values()]
        p = [a[name, "probability"].to_numpy() for a, _ in answers_of.values()]
        table = reliability_table(np.concatenate(right), np.concatenate(p).clip(0, 1))
        rows.append(table.round(4).assign(rival=name))
    return pd.concat(rows)


def _retrieval() -> list[Recorded]:
    figures, rows = [], []
    tatoeba = load_tatoeba()
    known = sorted(set(load_udhr()["language"]) & set(tatoeba["language"]))
    for language in known:
        part = tatoeba[tatoeba["language"] == language]
        rows.append(_found("Tatoeba", language, part["english"], part["text"]))
    pud = load_ud_pud().drop_duplicates(["language", "sentence"])
    wide = pud.pivot(index="sentence", columns="language", values="text")
    for language in sorted(set(wide) - {"en"}):
        rows.append(_found("UD-PUD", language, wide["en"], wide[language]))
    table = pd.DataFrame(rows)
    _write(table.round(4), "retrieval")
    for (name, trained), part in table.groupby(["data", "trained"]):
        kind = "in training" if trained else "not in training"
        spread = Spread.sd(part["recall"].std())
        label = f"{name}, {len(part)} languages {kind} of the encoder"
        seconds, sha = part["seconds"].sum(), fingerprint(_module(str(name)))
        value = float(part["recall"].mean())
        figures.append(
            Recorded(label, value, spread, "recall@1", RETRIEVE, seconds, sha)
        )
    return figures


def _module(name: str) -> str:
    return name.lower().replace("-", "_")


def _found(data: str, language: str, english: Any, texts: Any) -> dict[str, Any]:
    from mlmastery.multilingual_nlp.encoder import ENCODER_LANGUAGES

    english, texts = list(english), list(texts)
    vectors, seconds = cpu_timed(lambda: (encode_texts(english), encode_texts(texts)))
    return {
        "data": data,
        "language": language,
        "trained": language in ENCODER_LANGUAGES,
        "n": len(texts),
        "own": is_found(*vectors).mean(),
        "recall": is_found(*vectors, texts).mean(),
        "seconds": seconds,
    }


def _umsab() -> list[Recorded]:
    tweets, sha = load_umsab(), fingerprint("umsab")
    figures, rows = [], []
    zero_shot, english_only = SentenceClassifier(), tfidf_classifier()
    train = _part(tweets, "en", "train")
    for model in (zero_shot, english_only):
        model.fit(train["text"].tolist(), train["label"].tolist())
    for language in sorted(set(tweets["language"])):
        own, test = (_part(tweets, language, p) for p in ("train", "test"))
        fitted, seconds = cpu_timed(
            partial(tfidf_classifier().fit, list(own["text"]), list(own["label"]))
        )
        for name, model, protocol in (
            ("TF-IDF, own language", fitted, TWEETS),
            ("encoder, zero-shot", zero_shot, ZERO_SHOT),
            ("TF-IDF, zero-shot", english_only, ZERO_SHOT),
        ):
            value, interval = _macro_f1(model, test)
            rows.append((language, name, value, *interval))
            spread = Spread.interval(*interval)
            label = f"UMSAB {language}, {name}"
            spent = seconds if model is fitted else 0.0
            figures.append(
                Recorded(label, value, spread, "macro-F1", protocol, spent, sha)
            )
    columns = ["language", "model", "f1", "low", "high"]
    _write(pd.DataFrame(rows, columns=columns).round(4), "tweets")
    return figures


def _part(tweets: pd.DataFrame, language: str, part: str) -> pd.DataFrame:
    return tweets[(tweets["language"] == language) & (tweets["part"] == part)]


def _macro_f1(model: Any, test: pd.DataFrame) -> tuple[float, Any]:
    truth, predicted = test["label"].to_numpy(), model.predict(list(test["text"]))
    score = partial(f1_score, average="macro", zero_division=0)
    draws = bootstrap(score, truth, predicted, n_resamples=200)
    return float(score(truth, predicted)), percentile_interval(draws)


def _afrisenti() -> list[Recorded]:
    tweets, sha = load_afrisenti(), fingerprint("afrisenti")
    figures, shares = [], []
    for language in sorted(set(tweets.loc[tweets["part"] == "train", "language"])):
        train, test = (_part(tweets, language, p) for p in ("train", "test"))
        model, seconds = cpu_timed(
            partial(tfidf_classifier().fit, list(train["text"]), list(train["label"]))
        )
        value, interval = _macro_f1(model, test)
        spread = Spread.interval(*interval)
        label = f"AfriSenti {language}, TF-IDF"
        figures.append(Recorded(label, value, spread, "macro-F1", TWEETS, seconds, sha))
        neutral = {
            part: (rows["label"] == "neutral").mean()
            for part, rows in (("train", train), ("test", test))
        }
        accuracy = float(np.mean(model.predict(list(test["text"])) == test["label"]))
        shares.append(
            {"language": language, "f1": value, "accuracy": accuracy, **neutral}
        )
    _write(pd.DataFrame(shares).round(4), "afrisenti")
    return figures


def _write(table: pd.DataFrame, name: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with replacing(FOLDER / f"{name}.csv", "w") as file:
        table.to_csv(file, index=False)
