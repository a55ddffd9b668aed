"""Record the chapter's headline protocol on the competition's own files."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

from mlmastery.datasets import DataError, fingerprint, load_titanic, titanic
from mlmastery.inference import paired_interval
from mlmastery.ledger import Recorded, cpu_timed
from mlmastery.spread import Spread
from mlmastery.titanic_survival.features import COLUMNS
from mlmastery.titanic_survival.models import SexOnly, make_model

__all__ = ["fates_of", "published_table", "record"]

FATES = "fitted on train.csv; fates of test.csv from the public list"
FOLDS = "10 stratified folds of train.csv in file order"


def record(data_dir: Path) -> list[Recorded]:
    """Repeat the published figures on train.csv, then measure ours beside them.

    Parameters
    ----------
    data_dir : Path
        Holds ``train.csv`` and ``test.csv`` of the competition, or a folder
        ``titanic`` with them.

    Returns
    -------
    list of Recorded
        Accuracies: the published forest and support vector classifier, sex only and
        our vote under the same folds, the paired difference, and three figures for
        the 418 passengers of test.csv.

    Raises
    ------
    DataError
        If a file is missing or is not the original.
    """
    train, test = load_titanic(), _test_file(data_dir)
    sha = fingerprint("titanic")
    return [*_on_folds(train, sha), *_on_test_file(train, test, sha)]


def published_table(passengers: pd.DataFrame) -> np.ndarray:
    """Return the seven columns as the published notebook prepares them.

    Medians, scales and categories come from *all* rows, before any fold is cut, as in
    the published protocol.

    Parameters
    ----------
    passengers : DataFrame of shape (n, ...)

    Returns
    -------
    ndarray of shape (n, 12)

    References
    ----------
    .. [1] Géron (2022), Hands-On Machine Learning, 3rd edition, notebook of chapter 3.
    """
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    words = make_pipeline(
        SimpleImputer(strategy="most_frequent"), OneHotEncoder(sparse_output=False)
    )
    parts = make_column_transformer(
        (numbers, ["Age", "SibSp", "Parch", "Fare"]),
        (words, ["Pclass", "Sex", "Embarked"]),
    )
    return parts.fit_transform(passengers)


def fates_of(test: pd.DataFrame) -> pd.Series:
    """Look up in the public passenger list who of ``test`` survived; NaN if not found.

    No model is involved, which is the point of the page's section on leaderboards.

    Parameters
    ----------
    test : DataFrame
        With ``Name``, ``Ticket`` and ``Age``.

    Returns
    -------
    Series of float
        1, 0 or NaN, indexed as ``test``.
    """
    known = titanic.read_embedded([file.read() for file in titanic.CARD.embedded])
    register = dict(zip(_keys(known), known["Survived"], strict=True))
    return pd.Series([register.get(key) for key in _keys(test)], test.index, float)


def _keys(people: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the letters of each name, and the ticket: quotation marks differ."""
    return [
        (re.sub(r"[^a-z]", "", name.lower()), str(ticket))
        for name, ticket in zip(people["Name"], people["Ticket"], strict=True)
    ]


def _on_folds(train: pd.DataFrame, sha: str) -> list[Recorded]:
    """Score the published models on their own table, and ours on the raw columns."""
    published, raw = published_table(train), train[list(COLUMNS)]
    forest = RandomForestClassifier(n_estimators=100, random_state=42)
    runs = {
        "published forest, repeated": (forest, published),
        "published SVC, repeated": (SVC(gamma="auto"), published),
        "sex only": (SexOnly(), raw),
        "ours (vote)": (make_model("vote"), raw),
    }
    scores, figures = {}, []
    for name, (model, X) in runs.items():
        scores[name], seconds = cpu_timed(partial(_scores, model, X, train["Survived"]))
        figures.append(_fold_figure(name, scores[name], seconds, sha))
    differences = [
        _difference(scores["ours (vote)"], scores[name], name, sha)
        for name in list(runs)[:2]
    ]
    return figures + differences


def _on_test_file(train: pd.DataFrame, test: pd.DataFrame, sha: str) -> list[Recorded]:
    """Score the rule and our vote by the fates in the public list."""
    X, y, y_test = train[list(COLUMNS)], train["Survived"], fates_of(test)
    known = float(y_test.notna().mean())
    figures = [_test_figure("fates found in the public list", known, None, 0.0, sha)]
    predictions = {}
    for name, model in (("sex only", SexOnly()), ("ours (vote)", make_model("vote"))):
        fitted, seconds = cpu_timed(partial(model.fit, X, y))
        predictions[name] = fitted.predict(test)
        share = float((predictions[name] == y_test).mean())
        error = Spread.standard_error(np.sqrt(share * (1 - share) / len(test)))
        figures.append(_test_figure(f"{name}, on test.csv", share, error, seconds, sha))
    changed = float((predictions["sex only"] != predictions["ours (vote)"]).sum())
    name = "answers that ours changes"
    return [
        *figures,
        Recorded(name, changed, None, "passengers", FATES, 0.0, sha),
    ]


def _scores(model: Any, X: Any, y: pd.Series) -> np.ndarray:
    return cross_val_score(model, X, y, cv=StratifiedKFold(10))


def _fold_figure(name: str, scores: np.ndarray, seconds: float, sha: str) -> Recorded:
    spread = Spread.sd(scores.std(ddof=1))
    return Recorded(name, float(scores.mean()), spread, "accuracy", FOLDS, seconds, sha)


def _difference(ours: np.ndarray, theirs: np.ndarray, name: str, sha: str) -> Recorded:
    test = paired_interval(ours, theirs, 1 / 9)
    spread, protocol = Spread.interval(test.low, test.high), f"paired; {FOLDS}"
    return Recorded(
        f"ours − {name}", test.mean, spread, "accuracy gained", protocol, 0.0, sha
    )


def _test_figure(
    name: str, value: float, spread: Spread | None, seconds: float, sha: str
) -> Recorded:
    return Recorded(name, value, spread, "share of 418", FATES, seconds, sha)


def _test_file(data_dir: Path) -> pd.DataFrame:
    paths = [data_dir / "titanic" / "test.csv", data_dir / "test.csv"]
    for path in paths:
        if path.is_file():
            return pd.read_csv(path)
    raise DataError(f"neither {paths[0]} nor {paths[1]} exists; see {titanic.CARD.url}")
