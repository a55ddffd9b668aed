"""Pipelines from passengers to predictions: encodings, models, baselines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    GradientBoostingClassifier,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.svm import SVC

from mlmastery.titanic_survival.encoders import TargetEncoder
from mlmastery.titanic_survival.features import (
    ENGINEERED,
    STANDARD,
    TitanicFeatures,
    as_passengers,
)
from mlmastery.titanic_survival.imputers import GroupImputer
from mlmastery.validation import check_choice

__all__ = [
    "CATEGORIES",
    "MODELS",
    "SexOnly",
    "make_encoder",
    "make_model",
    "standard_model",
]

CATEGORIES = ("Pclass", "Sex", "Embarked", "Title", "Deck", "AgeGroup")
ENCODERS: Mapping[str, Callable[[], Any]] = MappingProxyType(
    {
        "onehot": lambda: OneHotEncoder(handle_unknown="ignore", sparse_output=False),
        "ordinal": lambda: make_pipeline(
            OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1),
            StandardScaler(),
        ),
        "target": lambda: make_pipeline(TargetEncoder(), StandardScaler()),
    }
)


def make_encoder(columns: Sequence[str], encoding: str = "onehot") -> ColumnTransformer:
    """Return a transformer that encodes the categories and scales the numbers.

    Parameters
    ----------
    columns : sequence of str
        The features, as `TitanicFeatures` names them.
    encoding : {"onehot", "ordinal", "target"}, default="onehot"
        Encoding of the categories.

    Raises
    ------
    ValueError
        If ``encoding`` is none of them.

    Examples
    --------
    >>> [name for name, _, _ in make_encoder(["Sex", "Age"]).transformers]
    ['categories', 'numbers']
    """
    check_choice(encoding, "encoding", ENCODERS)
    categories = [name for name in columns if name in CATEGORIES]
    numbers = [name for name in columns if name not in CATEGORIES]
    return ColumnTransformer(
        [
            ("categories", ENCODERS[encoding](), categories),
            ("numbers", StandardScaler(), numbers),
        ],
        verbose_feature_names_out=False,
    )


def _logistic(random_state: int) -> Any:
    return LogisticRegression(max_iter=1000)


def _svc(random_state: int) -> Any:
    return SVC()


def _forest(random_state: int) -> Any:
    return RandomForestClassifier(50, min_samples_leaf=5, random_state=random_state)


def _boosting(random_state: int) -> Any:
    return GradientBoostingClassifier(
        n_estimators=50, learning_rate=0.1, subsample=0.7, random_state=random_state
    )


def _members(random_state: int) -> list[tuple[str, Any]]:
    return [
        ("logistic", _logistic(random_state)),
        ("forest", _forest(random_state)),
        ("boosting", _boosting(random_state)),
    ]


def _vote(random_state: int) -> Any:
    """Average the probabilities of three models that err differently."""
    return VotingClassifier(_members(random_state), voting="soft")


def _stack(random_state: int) -> Any:
    """Let a logistic regression learn the weight of each of the three."""
    folds = StratifiedKFold(2, shuffle=True, random_state=random_state)
    return StackingClassifier(_members(random_state), LogisticRegression(), cv=folds)


MODELS: Mapping[str, Callable[[int], Any]] = MappingProxyType(
    {
        "logistic": _logistic,
        "svc": _svc,
        "forest": _forest,
        "boosting": _boosting,
        "vote": _vote,
        "stack": _stack,
    }
)


def make_model(
    kind: str = "logistic",
    columns: Sequence[str] = (*STANDARD, *ENGINEERED),
    encoding: str = "onehot",
    age_imputer: Any = None,
    random_state: int = 0,
) -> Pipeline:
    """Return the pipeline from a table of passengers to a prediction.

    Parameters
    ----------
    kind : {"logistic", "svc", "forest", "boosting", "vote", "stack"}, default="logistic"
    columns, age_imputer
        For `TitanicFeatures`.
    encoding : {"onehot", "ordinal", "target"}, default="onehot"
        For `make_encoder`.
    random_state : int, default=0

    Returns
    -------
    Pipeline
        With the steps ``features``, ``encoder`` and ``model``.

    Raises
    ------
    ValueError
        If ``kind`` or ``encoding`` is none of those listed.

    Examples
    --------
    >>> from mlmastery.datasets import load_titanic
    >>> people = load_titanic()
    >>> model = make_model("logistic").fit(people, people["Survived"])
    >>> model.predict(people.head(2)).tolist()
    [1, 1]
    """
    check_choice(kind, "kind", MODELS)
    return Pipeline(
        [
            ("features", TitanicFeatures(list(columns), age_imputer)),
            ("encoder", make_encoder(columns, encoding)),
            ("model", MODELS[kind](random_state)),
        ]
    )


def standard_model(kind: str) -> Pipeline:
    """Return a usual first attempt: seven columns, median age, default settings.

    Parameters
    ----------
    kind : {"forest", "svc"}
        scikit-learn's default forest, or its default support vector classifier.

    Examples
    --------
    >>> [name for name, _ in standard_model("svc").steps]
    ['features', 'encoder', 'model']
    """
    models = {"forest": RandomForestClassifier(random_state=42), "svc": SVC()}
    check_choice(kind, "kind", models)
    features = TitanicFeatures(list(STANDARD), GroupImputer("Age"))
    steps = [("features", features), ("encoder", make_encoder(STANDARD))]
    return Pipeline([*steps, ("model", models[kind])])


class SexOnly(ClassifierMixin, BaseEstimator):
    """Predict that women survive and men do not; nothing is learned.

    Examples
    --------
    >>> from mlmastery.datasets import load_titanic
    >>> people = load_titanic()
    >>> model = SexOnly().fit(people, people["Survived"])
    >>> round(model.score(people, people["Survived"]), 3)
    0.78
    """

    def fit(self, X: Any, y: Any) -> SexOnly:
        """Store the two classes; nothing is learned from ``X`` and ``y``."""
        self.classes_ = np.array([0, 1])
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Return 1 for women and 0 for men, shape (n_passengers,)."""
        return (as_passengers(X)["Sex"] == "female").to_numpy().astype(int)
