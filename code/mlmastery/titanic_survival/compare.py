"""Compare models and features on the same folds, with corrected intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.pipeline import make_pipeline

from mlmastery.contest import cross_validate_models
from mlmastery.inference import paired_interval
from mlmastery.titanic_survival.features import (
    ENGINEERED,
    STANDARD,
    TitanicFeatures,
    as_passengers,
)
from mlmastery.titanic_survival.models import MODELS, make_encoder, standard_model
from mlmastery.validation import check_choice

__all__ = [
    "ablation",
    "columns_by_model",
    "difference_table",
    "repeated_scores",
]


def repeated_scores(
    models: Mapping[str, Any],
    X: Any,
    y: Any,
    n_splits: int = 10,
    n_repeats: int = 3,
    random_state: int = 0,
    vote_of: Sequence[str] = (),
) -> pd.DataFrame:
    """Score every model on the same folds of repeated, stratified cross-validation.

    Parameters
    ----------
    models : dict of estimators
        Not fitted; each is cloned for each fold.
    X, y : table and labels of n_samples rows
    n_splits, n_repeats, random_state : int
    vote_of : sequence of str, default=()
        Models whose mean probability is scored too, as "vote": as ``make_model("vote")``
        is, without fitting its members again. All models must then give probabilities.

    Returns
    -------
    DataFrame of shape (n_splits * n_repeats, n_models)
        Accuracies; row i is the same fold for all. Its ``attrs["test_to_train"]`` is
        the size of a test part divided by that of a training part.

    Raises
    ------
    ValueError
        If a vote is asked for with other than two classes, or of one text.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> repeated_scores({"zero": DummyClassifier()}, [[0]] * 4, [0, 0, 1, 1], 2, 1)
       zero
    0   0.5
    1   0.5
    """
    folds = RepeatedStratifiedKFold(
        n_splits=n_splits, n_repeats=n_repeats, random_state=random_state
    )
    metric, vote = _voting(y, vote_of) if vote_of else (accuracy_score, {})
    scores = cross_validate_models(models, X, y, folds, metric, **vote).scores
    scores.attrs["test_to_train"] = 1 / (n_splits - 1)
    return scores


def _voting(y: Any, members: Sequence[str]) -> tuple[Callable, dict[str, Any]]:
    """Return the metric and arguments with which a mean of probabilities is scored."""
    if isinstance(members, str):
        raise ValueError(f"vote_of must be a list of names, got the text {members!r}")
    labels = np.unique(np.asarray(y))
    if len(labels) != 2:
        raise ValueError(f"vote_of needs two classes in y, got {len(labels)}")

    def metric(y_true: Any, p: np.ndarray) -> float:
        return accuracy_score(y_true, labels[(np.asarray(p) > 0.5).astype(int)])

    return metric, {"method": "predict_proba", "averages": {"vote": members}}


def difference_table(
    scores: pd.DataFrame, reference: str, test_to_train: float | None = None
) -> pd.DataFrame:
    """Compare every column of scores with the one named ``reference``.

    Parameters
    ----------
    scores : DataFrame of shape (n_scores, n_models)
        As `repeated_scores` gives it.
    reference : str
        The column to compare with.
    test_to_train : float, optional
        As for `paired_interval`; by default that of the folds of `repeated_scores`,
        which stands in ``scores.attrs``.

    Returns
    -------
    DataFrame
        One row per other model: its mean score, the mean difference, the ends of the
        95 % interval, and the p-value, all by `paired_interval`.

    Raises
    ------
    ValueError
        If there is no such column, a score is missing, or neither the argument nor the
        scores say how large the test parts were.

    Examples
    --------
    >>> scores = pd.DataFrame({"a": [0.8, 0.9], "b": [0.7, 0.9]})
    >>> difference_table(scores, "b", test_to_train=1)["difference"].round(2).tolist()
    [0.05]
    """
    if not isinstance(scores, pd.DataFrame):
        raise TypeError(f"scores must be a DataFrame, got {type(scores).__name__}")
    check_choice(reference, "reference", scores)
    if scores.isna().any(axis=None):
        gaps = scores.columns[scores.isna().any()].tolist()
        raise ValueError(f"scores must not be missing, as they are in {gaps}")
    if test_to_train is None:
        test_to_train = scores.attrs.get("test_to_train")
    if test_to_train is None:
        raise ValueError(
            "test_to_train must be given, such as 1/9 for ten folds: these scores do "
            "not say of which folds they are"
        )
    rows = {
        name: [
            scores[name].mean(),
            *paired_interval(scores[name], scores[reference], test_to_train),
        ]
        for name in scores.columns.drop(reference)
    }
    columns = ["accuracy", "difference", "low", "high", "p"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def ablation(
    X: Any,
    y: Any,
    kind: str = "logistic",
    base: Sequence[str] = STANDARD,
    extra: Sequence[str] = ENGINEERED,
    n_splits: int = 10,
    n_repeats: int = 2,
    random_state: int = 0,
) -> pd.DataFrame:
    """Measure each feature twice: added alone to the base, and left out of all.

    Parameters
    ----------
    X, y : table and labels of n_samples passengers
    kind : str, default="logistic"
        Of `make_model`.
    base, extra : sequence of str
        The features of every model in the first measurement, and those to add.
    n_splits, n_repeats, random_state : int
        As in `repeated_scores`.

    Raises
    ------
    ValueError
        If ``kind`` or a feature is unknown, or a feature stands in base and extra.

    Returns
    -------
    DataFrame
        One row per feature, columns (way, quantity): the difference in accuracy that
        its presence makes, with a 95 % interval. Features of the base have only the
        second measurement.

    Examples
    --------
    >>> from mlmastery.datasets import load_titanic
    >>> people = load_titanic()
    >>> table = ablation(people, people["Survived"], extra=["Title"], n_splits=3)
    >>> bool(table.loc["Title", ("added to the base", "difference")] > 0)
    True
    """
    check_choice(kind, "kind", MODELS)
    base, extra = tuple(base), tuple(extra)
    if twice := sorted(set(base) & set(extra)):
        raise ValueError(
            f"extra must hold other features than base, got {twice} in both"
        )
    X = as_passengers(X)
    full = (*base, *extra)
    subsets = {"base": tuple(base), "all": full}
    subsets |= {f"base + {name}": (*base, name) for name in extra}
    subsets |= {f"all - {name}": tuple(n for n in full if n != name) for name in full}
    cv = RepeatedStratifiedKFold(
        n_splits=n_splits, n_repeats=n_repeats, random_state=random_state
    )
    y = np.asarray(y)
    folds = cv.split(X, y)
    scores = pd.DataFrame(
        [_subset_scores(subsets, X, y, kind, *fold) for fold in folds]
    )
    test_to_train = 1 / (n_splits - 1)
    rows: dict[str, Sequence[float]] = {}
    for name in full:
        gain: Sequence[float] = (np.nan,) * 3
        if name in extra:
            gain = paired_interval(
                scores[f"base + {name}"], scores["base"], test_to_train
            )[:3]
        kept = paired_interval(scores["all"], scores[f"all - {name}"], test_to_train)[
            :3
        ]
        rows[name] = [*gain, *kept]
    ways = ["added to the base", "kept among all"]
    columns = pd.MultiIndex.from_product([ways, ["difference", "low", "high"]])
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def _subset_scores(
    subsets: Mapping[str, Sequence[str]],
    X: pd.DataFrame,
    y: np.ndarray,
    kind: str,
    train: np.ndarray,
    test: np.ndarray,
) -> dict[str, float]:
    """Score each subset of features on one fold, all from one encoded table."""
    full = subsets["all"]
    Z_train, Z_test, names = _encoded(full, X, train, test)
    # A one-hot column is named after its feature and its category: Title_Mr.
    source = [name.split("_")[0] for name in names]
    scores = {}
    for key, columns in subsets.items():
        use = np.isin(source, columns)
        model = MODELS[kind](0).fit(Z_train[:, use], y[train])
        scores[key] = float(model.score(Z_test[:, use], y[test]))
    return scores


def _encoded(
    columns: Sequence[str], X: pd.DataFrame, train: np.ndarray, test: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return both parts of a fold as numbers, and the names of their columns."""
    encode = make_pipeline(TitanicFeatures(list(columns)), make_encoder(columns))
    parts = encode.fit_transform(X.iloc[train]), encode.transform(X.iloc[test])
    return *parts, encode[-1].get_feature_names_out()


def columns_by_model(
    X: Any,
    y: Any,
    n_splits: int = 10,
    n_repeats: int = 2,
    random_state: int = 0,
) -> pd.DataFrame:
    """Score models with the seven columns and with all fifteen, on the same folds.

    Between two columns of the answer only one thing changes: the features of a model,
    or, between "default forest" and "forest", the settings on the same features. Ages
    are medians by title and class throughout.

    Parameters
    ----------
    X, y : table and labels of n_samples passengers
    n_splits, n_repeats, random_state : int
        As in `repeated_scores`.

    Returns
    -------
    DataFrame of shape (n_splits * n_repeats, 10)
        Accuracies, with columns (model, number of features).

    Examples
    --------
    >>> from mlmastery.datasets import load_titanic
    >>> people = load_titanic()
    >>> scores = columns_by_model(people, people["Survived"], 3, 1)
    >>> scores["logistic"].columns.tolist()
    [7, 15]
    """
    cv = RepeatedStratifiedKFold(
        n_splits=n_splits, n_repeats=n_repeats, random_state=random_state
    )
    X, y = as_passengers(X), np.asarray(y)
    scores = pd.DataFrame([_by_model(X, y, *fold) for fold in cv.split(X, y)])
    scores.columns = pd.MultiIndex.from_tuples(scores.columns)
    scores.attrs["test_to_train"] = 1 / (n_splits - 1)
    return scores


def _by_model(
    X: pd.DataFrame, y: np.ndarray, train: np.ndarray, test: np.ndarray
) -> dict[tuple[str, int], float]:
    """Score each model on one fold, with each set of features encoded once."""
    scores = {}
    models = {"default forest": lambda seed: standard_model("forest")[-1]}
    models |= {kind: MODELS[kind] for kind in ("forest", "boosting", "svc", "logistic")}
    for columns in (STANDARD, (*STANDARD, *ENGINEERED)):
        Z_train, Z_test, _ = _encoded(columns, X, train, test)
        for name, make in models.items():
            model = make(0).fit(Z_train, y[train])
            scores[name, len(columns)] = float(model.score(Z_test, y[test]))
    return scores
