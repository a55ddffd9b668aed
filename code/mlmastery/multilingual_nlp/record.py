"""Record the chapter's figures on the originals that the book cannot show."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score

from mlmastery.calibration import expected_calibration_error, reliability_table
from mlmastery.datasets import (
    fingerprint,
    load_afrisenti,
    load_lingua_test,
    load_tatoeba,
    load_ud_pud,
    load_udhr,
    load_umsab,
)
from mlmastery.datasets.kit.tiers import embedded_tier
from mlmastery.inference import bootstrap, percentile_interval
from mlmastery.ledger import Recorded, cpu_timed, write_recorded_table
from mlmastery.multilingual_nlp.encoder import ENCODER_LANGUAGES, encode_texts
from mlmastery.multilingual_nlp.identification import LanguageIdentifier
from mlmastery.multilingual_nlp.race import (
    Identify,
    langdetect,
    lingua,
    ours,
    py3langid,
    race_identifiers,
    summarise,
)
from mlmastery.multilingual_nlp.retrieval import is_found
from mlmastery.multilingual_nlp.tagging.record import record_tagging
from mlmastery.multilingual_nlp.training import make_identifier
from mlmastery.multilingual_nlp.transfer import SentenceClassifier, tfidf_classifier
from mlmastery.spread import Spread

__all__ = ["record"]

KINDS = ("single-words", "word-pairs", "sentences")
PER_CELL = 150  # texts per language and kind: the slowest rival takes milliseconds
IDENTIFY = "20 languages, all choosing among them; 150 texts a language (seed 0)"
RETRIEVE = "English to the language, nearest cosine; equal targets are right"
TWEETS = "character and word TF-IDF, logistic, C = 3; the official parts"
AFRICAN = "as UMSAB; at most 2,000 training and 1,000 test tweets (seed 0)"
ZERO_SHOT = "trained on English tweets only; the official parts; without English"
OWN = "TF-IDF, own language"
# Our languages in Tatoeba's codes (ISO 639-3).
THREE_LETTERS = dict(
    ar="ara", cs="ces", da="dan", de="deu", es="spa", fr="fra", hi="hin", it="ita",
    ja="jpn", ko="kor", nb="nob", nl="nld", pl="pol", pt="por", ru="rus", sv="swe",
    sw="swh", tr="tur", zh="cmn",
)  # fmt: skip


def record(data_dir: Path) -> list[Recorded]:
    """Measure identifier, retrieval and classification on the originals.

    Writes the tables ``race``, ``identifiers``, ``reliability``, ``retrieval``,
    ``tweets`` and ``afrisenti`` to ``recorded/multilingual_nlp``.

    Parameters
    ----------
    data_dir : Path
        Holds the folders of the originals.

    Returns
    -------
    list of Recorded
    """
    return [
        *identifier_figures(_race_identifiers()),
        *retrieval_figures(_retrieve()),
        *tweet_figures(_classify_tweets()),
        *african_figures(_classify_african_tweets()),
        *record_tagging(data_dir),
    ]


def _race_identifiers() -> pd.DataFrame:
    model = make_identifier(_declaration())
    rivals = {"ours": ours(model), **_libraries(model)}
    texts = load_lingua_test()
    texts = texts[texts["language"].isin(model.languages_)]
    cells, summaries, answers_of = [], [], {}
    for kind in KINDS:
        part = _sample(texts[texts["kind"] == kind])
        answers, ms = race_identifiers(rivals, part["text"].tolist())
        answers_of[kind] = (answers, part["language"].to_numpy())
        table = summarise(answers, part["language"].tolist()).join(ms)
        table = table.join(_beside_ours(answers, part["language"].to_numpy()))
        table = table.rename_axis("rival").reset_index()
        summaries.append(table.assign(kind=kind, n=len(part)))
        cells.append(_by_language(answers, part, kind))
    write_recorded_table(pd.concat(cells).round(4), "multilingual_nlp", "identifiers")
    write_recorded_table(
        _reliability(answers_of).round(4), "multilingual_nlp", "reliability"
    )
    return write_recorded_table(
        pd.concat(summaries).round(4), "multilingual_nlp", "race"
    )


def _declaration() -> pd.DataFrame:
    """Return the embedded Declaration, whatever the tier in force."""
    with embedded_tier():
        return load_udhr()


def _libraries(model: LanguageIdentifier) -> dict[str, Identify]:
    makers = {"py3langid": py3langid, "langdetect": langdetect, "lingua": lingua}
    return {name: make(model.languages_) for name, make in makers.items()}


def _sample(texts: pd.DataFrame) -> pd.DataFrame:
    shuffled = texts.sample(frac=1, random_state=0)
    return shuffled.groupby("language").head(PER_CELL).sort_values("language")


def _beside_ours(answers: pd.DataFrame, truth: np.ndarray) -> pd.DataFrame:
    """Return the 95 % intervals of each rival's accuracy and ECE less ours, paired."""
    judged = {
        name: (
            answers[name, "language"].to_numpy() == truth,
            answers[name, "probability"].to_numpy().clip(0, 1),
        )
        for name in answers.columns.unique(level=0)
    }
    draws = {
        name: [
            bootstrap(score, *both, n_resamples=200)
            for score in (_accuracy, expected_calibration_error)
        ]
        for name, both in judged.items()
    }  # one seed: each rival is drawn on the same texts
    rows = {}
    for name, (hits, errors) in draws.items():
        more = percentile_interval(hits - draws["ours"][0])
        further = percentile_interval(errors - draws["ours"][1])
        rows[name] = [*more, *further]
    columns = ["accuracy low", "accuracy high", "ECE low", "ECE high"]
    return pd.DataFrame.from_dict(rows, "index", columns=columns)


def _accuracy(correct: np.ndarray, _: np.ndarray) -> float:
    return float(correct.mean())


def identifier_figures(table: pd.DataFrame) -> list[Recorded]:
    """Return the accuracy of each rival on each kind of text, from the table."""
    sha = fingerprint("lingua_test")
    figures = []
    for row in table.itertuples():
        error = float(np.sqrt(row.accuracy * (1 - row.accuracy) / row.n))
        figures.append(
            Recorded(
                f"{row.kind}, {row.rival}",
                float(row.accuracy),
                Spread.standard_error(error),
                "accuracy",
                IDENTIFY,
                float(row.ms * row.n / 1000),
                sha,
            )
        )
    return figures


def _by_language(answers: pd.DataFrame, part: pd.DataFrame, kind: str) -> pd.DataFrame:
    truth = part["language"].to_numpy()
    names = answers.columns.unique(level=0)
    right = pd.DataFrame({n: answers[n, "language"].to_numpy() == truth for n in names})
    means = right.groupby(truth).mean().round(4)
    return means.rename_axis("language").reset_index().assign(kind=kind)


def _reliability(answers_of: dict[str, Any]) -> pd.DataFrame:
    rows = []
    for name in next(iter(answers_of.values()))[0].columns.unique(level=0):
        right = [a[name, "language"].to_numpy() == y for a, y in answers_of.values()]
        p = [a[name, "probability"].to_numpy() for a, _ in answers_of.values()]
        table = reliability_table(np.concatenate(right), np.concatenate(p).clip(0, 1))
        rows.append(table.round(4).assign(rival=name))
    return pd.concat(rows)


def _retrieve() -> pd.DataFrame:
    rows = []
    tatoeba = load_tatoeba()
    for language, code in THREE_LETTERS.items():
        part = tatoeba[tatoeba["language"] == code]
        rows.append(_found("Tatoeba", language, part["english"], part["text"]))
    pud = load_ud_pud().drop_duplicates(["language", "sentence"])
    wide = pud.pivot(index="sentence", columns="language", values="text")
    for language in sorted(set(wide) - {"en"}):
        rows.append(_found("UD-PUD", language, wide["en"], wide[language]))
    return write_recorded_table(
        pd.DataFrame(rows).round(4), "multilingual_nlp", "retrieval"
    )


def retrieval_figures(table: pd.DataFrame) -> list[Recorded]:
    """Return the mean recall of languages in and out of the encoder's training."""
    figures = []
    for (name, trained), part in table.groupby(["data", "trained"]):
        kind = "in training" if trained else "not in training"
        spread = Spread.sd(part["recall"].std())
        label = f"{name}, {len(part)} languages {kind} of the encoder"
        seconds, sha = float(part["seconds"].sum()), fingerprint(_module(str(name)))
        value = float(part["recall"].mean())
        figures.append(
            Recorded(label, value, spread, "recall@1", RETRIEVE, seconds, sha)
        )
    return figures


def _module(name: str) -> str:
    return name.lower().replace("-", "_")


def _found(data: str, language: str, english: Any, texts: Any) -> dict[str, Any]:
    english, texts = list(english), list(texts)
    both, seconds = cpu_timed(lambda: (encode_texts(english), encode_texts(texts)))
    queries, targets = both
    return {
        "data": data,
        "language": language,
        "trained": language in ENCODER_LANGUAGES,
        "n": len(texts),
        "own": is_found(queries, targets).mean(),
        "recall": is_found(queries, targets, texts).mean(),
        "seconds": seconds,
    }


def _classify_tweets() -> pd.DataFrame:
    tweets, rows = load_umsab(), []
    zero_shot, english_only = SentenceClassifier(), tfidf_classifier()
    train = _part(tweets, "en", "train")
    for model in (zero_shot, english_only):
        model.fit(train["text"].tolist(), train["label"].tolist())
    for language in sorted(set(tweets["language"])):
        own, test = (_part(tweets, language, p) for p in ("train", "test"))
        fitted, seconds = _fitted(own)
        shares = _neutral(own, test)
        models = {
            OWN: fitted,
            "encoder, zero-shot": zero_shot,
            "TF-IDF, zero-shot": english_only,
        }
        for name, model in models.items():
            spent = seconds if name == OWN else 0.0
            rows.append(
                {
                    "language": language,
                    "model": name,
                    "seconds": spent,
                    **shares,
                    **_macro_f1(model, test),
                }
            )
    return write_recorded_table(
        pd.DataFrame(rows).round(4), "multilingual_nlp", "tweets"
    )


def tweet_figures(table: pd.DataFrame) -> list[Recorded]:
    """Return the mean F1 of each model on UMSAB; zero-shot without English."""
    sha = fingerprint("umsab")
    kept = table[(table["model"] == OWN) | (table["language"] != "en")]
    return [
        _mean_f1(f"UMSAB, {name}", part, TWEETS if name == OWN else ZERO_SHOT, sha)
        for name, part in kept.groupby("model")
    ]


def _mean_f1(name: str, part: pd.DataFrame, protocol: str, sha: str) -> Recorded:
    value, spread = float(part["f1"].mean()), Spread.sd(part["f1"].std())
    label = f"{name}, {len(part)} languages"
    seconds = float(part["seconds"].sum())
    return Recorded(label, value, spread, "macro-F1", protocol, seconds, sha)


def _fitted(train: pd.DataFrame) -> tuple[Any, float]:
    texts, labels = train["text"].tolist(), train["label"].tolist()
    return cpu_timed(partial(tfidf_classifier().fit, texts, labels))


def _part(tweets: pd.DataFrame, language: str, part: str) -> pd.DataFrame:
    return tweets[(tweets["language"] == language) & (tweets["part"] == part)]


def _macro_f1(model: Any, test: pd.DataFrame) -> dict[str, float]:
    truth, predicted = test["label"].to_numpy(), model.predict(list(test["text"]))
    score = partial(f1_score, average="macro", zero_division=0)
    draws = bootstrap(score, truth, predicted, n_resamples=200)
    interval = percentile_interval(draws)._asdict()
    return {"f1": float(score(truth, predicted)), **interval}


def _classify_african_tweets() -> pd.DataFrame:
    tweets, rows = load_afrisenti(), []
    for language in sorted(set(tweets.loc[tweets["part"] == "train", "language"])):
        train, test = (_part(tweets, language, p) for p in ("train", "test"))
        shares = _neutral(train, test)
        train, test = (_some(part, n) for part, n in ((train, 2000), (test, 1000)))
        model, seconds = _fitted(train)
        right = model.predict(list(test["text"])) == test["label"].to_numpy()
        rows.append(
            {
                "language": language,
                **shares,
                "accuracy": right.mean(),
                "majority": (test["label"] == train["label"].mode()[0]).mean(),
                "seconds": seconds,
                **_macro_f1(model, test),
            }
        )
    return write_recorded_table(
        pd.DataFrame(rows).round(4), "multilingual_nlp", "afrisenti"
    )


def _neutral(train: pd.DataFrame, test: pd.DataFrame) -> dict[str, float]:
    parts = {"train": train, "test": test}
    return {
        f"neutral, {name}": float((part["label"] == "neutral").mean())
        for name, part in parts.items()
    }


def _some(part: pd.DataFrame, most: int) -> pd.DataFrame:
    return part.sample(min(most, len(part)), random_state=0)


def african_figures(table: pd.DataFrame) -> list[Recorded]:
    """Return the mean F1 on AfriSenti."""
    return [_mean_f1("AfriSenti, TF-IDF", table, AFRICAN, fingerprint("afrisenti"))]
