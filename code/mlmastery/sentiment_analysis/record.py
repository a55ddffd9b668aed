"""Record the chapter's figures on the review sets that the book cannot ship."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import (
    PredefinedSplit,
    StratifiedKFold,
    train_test_split,
)

from mlmastery.datasets import (
    fingerprint,
    load_imdb,
    load_review_polarity,
    load_rt_polarity,
    load_sst2,
)
from mlmastery.inference import paired_interval, wilson_interval
from mlmastery.ledger import Recorded, cpu_timed
from mlmastery.spread import Spread

from .naive_bayes import MultinomialNaiveBayes
from .nbsvm import NBSVM
from .preprocessing import preprocess_text
from .race import dense_model, run_race, word_models
from .rules import vader_scores
from .sentences import MiniLMVectors

__all__ = ["record"]

TEN = StratifiedKFold(10, shuffle=True, random_state=0)


def record(data_dir: Path) -> list[Recorded]:
    """Measure the published protocols and ours on the originals.

    Parameters
    ----------
    data_dir : Path
        Holds the folders ``rt_polarity``, ``review_polarity``, ``sst2`` and ``imdb``.

    Returns
    -------
    list of Recorded
    """
    return [*_snippets(), *_reviews(), *_sentences(), *_imdb(), *_minilm()]


def _count(texts: Any, longest: int = 2) -> tuple[CountVectorizer, Any]:
    """Count which n-grams of white-space tokens each text has."""
    bag = CountVectorizer(
        token_pattern=r"\S+", ngram_range=(1, longest), binary=True, lowercase=True
    )
    return bag, bag.fit_transform(texts).astype(float)


def _folds(
    data: str, models: dict[str, Any], X: Any, y: Any, cv: Any, protocol: str
) -> list[Recorded]:
    contest = run_race({name: (model, X) for name, model in models.items()}, y, cv)
    return [
        Recorded(
            f"{data}, {name}",
            float(scores.mean()),
            Spread.sd(scores.std()),
            "accuracy",
            protocol,
            float(contest.seconds[name]),
            fingerprint(data),
        )
        for name, scores in contest.scores.items()
    ]


def _snippets() -> list[Recorded]:
    table = load_rt_polarity()
    y = table["positive"].to_numpy()
    _, X = _count(table["text"])
    models = {
        "NB-SVM, published settings": NBSVM(),
        "naive Bayes": MultinomialNaiveBayes(),
    }
    figures = _folds(
        "rt_polarity", models, X, y, TEN, "10 stratified folds (seed 0), 1–2-grams"
    )
    right, seconds = cpu_timed(lambda: (vader_scores(table["text"]) > 0) == y)
    return [
        *figures,
        _share("rt_polarity, VADER", right, "all", "rt_polarity", seconds),
    ]


def _share(name: str, right: Any, protocol: str, data: str, seconds: float) -> Recorded:
    spread = Spread.interval(*wilson_interval(int(right.sum()), len(right)))
    share, sha = float(np.mean(right)), fingerprint(data)
    return Recorded(name, share, spread, "accuracy", protocol, seconds, sha)


def _reviews() -> list[Recorded]:
    table = load_review_polarity()
    _, X = _count(table["text"])
    models = {
        "NB-SVM, published settings": NBSVM(),
        "NB-SVM, beta 1": NBSVM(beta=1.0),
        "naive Bayes": MultinomialNaiveBayes(),
    }
    folds = PredefinedSplit(table["fold"])
    y = table["positive"].to_numpy()
    protocol = "the ten folds of the file, 1–2-grams"
    return _folds("review_polarity", models, X, y, folds, protocol)


def _sentences() -> list[Recorded]:
    table = load_sst2()
    train, test = (table[table["part"] == part] for part in ("train", "test"))
    bag, X = _count(train["text"])
    models = {"NB-SVM": NBSVM(), "naive Bayes": MultinomialNaiveBayes()}
    figures = []
    for name, model in models.items():
        fitted, seconds = cpu_timed(lambda m=model: m.fit(X, train["positive"]))  # type: ignore[misc]
        right = fitted.predict(bag.transform(test["text"]).astype(float))
        right = right == test["positive"].to_numpy()
        protocol = "trained on train's sentences, not phrases; test"
        figures.append(_share(f"sst2, {name}", right, protocol, "sst2", seconds))
    return figures


def _imdb() -> list[Recorded]:
    table = load_imdb()
    train, test = (table[table["part"] == part] for part in ("train", "test"))
    y, y_test = (part["positive"].to_numpy() for part in (train, test))
    bag, X = _count([preprocess_text(text) for text in train["text"]])
    X_test = bag.transform([preprocess_text(t) for t in test["text"]]).astype(float)
    figures = []
    published, seconds = cpu_timed(lambda: NBSVM().fit(X, y))
    right_published = published.predict(X_test) == y_test
    protocol = "official split, 1–2-grams"
    figures.append(
        _share(
            "imdb, NB-SVM, published settings",
            right_published,
            protocol,
            "imdb",
            seconds,
        )
    )
    (C, beta), seconds = cpu_timed(lambda: _choose(X, y))
    ours, fitting = cpu_timed(lambda: NBSVM(C=C, beta=beta).fit(X, y))
    right = ours.predict(X_test) == y_test
    protocol = f"official split, 1–2-grams; C {C:g}, beta {beta:g} chosen on training"
    figures.append(
        _share("imdb, NB-SVM, ours", right, protocol, "imdb", seconds + fitting)
    )
    gain = right.astype(float) - right_published
    half = 1.96 * gain.std() / len(gain) ** 0.5
    spread = Spread.interval(gain.mean() - half, gain.mean() + half)
    figures.append(
        Recorded(
            "imdb, ours − published settings",
            float(gain.mean()),
            spread,
            "accuracy gained",
            "paired, official test set",
            0.0,
            fingerprint("imdb"),
        )
    )
    return figures


def _choose(X: Any, y: np.ndarray) -> tuple[float, float]:
    """Return the C and beta that do best on a fifth of the training reviews."""
    rows, watched = train_test_split(
        np.arange(len(y)), test_size=0.2, random_state=0, stratify=y
    )
    pairs = list(product([0.01, 0.1, 1.0, 10.0], [0.25, 1.0]))
    scores = [
        np.mean(NBSVM(C, beta).fit(X[rows], y[rows]).predict(X[watched]) == y[watched])
        for C, beta in pairs
    ]
    return pairs[int(np.argmax(scores))]


def _minilm() -> list[Recorded]:
    """Compare MiniLM's vectors with NB-SVM, each with one setting chosen of four."""
    table = load_rt_polarity()
    y = table["positive"].to_numpy()
    vectors, seconds = cpu_timed(lambda: MiniLMVectors().transform(table["text"]))
    _, X = _count(table["text"])
    nb_svm = ("NB-SVM, ours", word_models()["NB-SVM"], X, 0.0)
    minilm = ("MiniLM, logistic", dense_model(), vectors, seconds)
    protocol, sha = "the same ten folds, one setting tuned", fingerprint("rt_polarity")
    figures, scores = [], []
    for name, model, rows, extra in (nb_svm, minilm):
        contest = run_race({name: (model, rows)}, y, TEN)
        scores.append(contest.scores[name])
        figures.append(
            Recorded(
                f"rt_polarity, {name}",
                float(scores[-1].mean()),
                Spread.sd(scores[-1].std()),
                "accuracy",
                protocol,
                float(contest.seconds[name]) + extra,
                sha,
            )
        )
    gain = paired_interval(scores[1], scores[0], 1 / 9)
    spread = Spread.interval(gain.low, gain.high)
    label = "rt_polarity, MiniLM − NB-SVM"
    last = Recorded(label, gain.mean, spread, "accuracy gained", protocol, 0.0, sha)
    return [*figures, last]
