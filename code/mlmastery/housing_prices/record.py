"""Record California's figures on the original table: the published ones, then ours.

The protocol of the source: a fifth is set aside, stratified by income (seed 42); the
rest is scored by ten unshuffled folds. The features of its forest are rebuilt here from
their description.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer, make_column_transformer
from sklearn.ensemble import (
    HistGradientBoostingRegressor,
    RandomForestRegressor,
    VotingRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.metrics import root_mean_squared_error
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.model_selection import KFold, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    OneHotEncoder,
    OrdinalEncoder,
    StandardScaler,
)

from mlmastery.contest import cross_validate_models
from mlmastery.datasets import fingerprint, load_california_housing
from mlmastery.housing_prices.features import CaliforniaFeatures
from mlmastery.housing_prices.models import (
    house_pipeline,
    location_features,
    logs_then_scale,
)
from mlmastery.housing_prices.tuning import booster
from mlmastery.inference import bootstrap
from mlmastery.ledger import Recorded, cpu_timed
from mlmastery.spread import Spread

TARGET = "median_house_value"
FOLDS = "10 unshuffled folds of the 16,512 training rows"
TEST = "4,128 rows set aside by income, scored once; bootstrap of its rows"


def income_split(
    table: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray, np.ndarray]:
    """Return X_train, X_test, y_train, y_test: a fifth aside, stratified by income."""
    income = pd.cut(table["median_income"], [0, 1.5, 3, 4.5, 6, np.inf], labels=False)
    train, test = train_test_split(
        table, test_size=0.2, stratify=income, random_state=42
    )
    return (
        train.drop(columns=TARGET),
        test.drop(columns=TARGET),
        train[TARGET].to_numpy(),
        test[TARGET].to_numpy(),
    )


class NearCentres(TransformerMixin, BaseEstimator):
    """Similarity to cluster centres that are drawn towards expensive districts."""

    def __init__(self, n_clusters=10, gamma=1.0, random_state=42):
        self.n_clusters = n_clusters
        self.gamma = gamma
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> "NearCentres":
        """Cluster the places, weighted by the target."""
        cluster = KMeans(self.n_clusters, n_init=10, random_state=self.random_state)
        self.centres_ = cluster.fit(np.asarray(X), sample_weight=y).cluster_centers_
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Return Gaussian similarities, shape (n, n_clusters)."""
        return rbf_kernel(np.asarray(X), self.centres_, gamma=self.gamma)


def published_forest(n_clusters: int = 10, **settings: Any) -> Pipeline:
    """Return the forest of the source, from its description."""

    def filled(*steps: Any) -> Pipeline:
        return make_pipeline(SimpleImputer(strategy="median"), *steps, StandardScaler())

    ratio = FunctionTransformer(_first_by_second)
    pairs = {
        "bedrooms": ["total_bedrooms", "total_rooms"],
        "rooms": ["total_rooms", "households"],
        "people": ["population", "households"],
    }
    skewed = ["total_bedrooms", "total_rooms", "population", "households"]
    words = make_pipeline(
        SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore")
    )
    steps = [(name, filled(clone(ratio)), pair) for name, pair in pairs.items()]
    steps += [
        ("log", filled(FunctionTransformer(np.log)), [*skewed, "median_income"]),
        ("geo", NearCentres(n_clusters), ["latitude", "longitude"]),
        ("cat", words, ["ocean_proximity"]),
    ]
    columns = ColumnTransformer(steps, remainder=filled())
    return make_pipeline(columns, RandomForestRegressor(random_state=42, **settings))


def _first_by_second(X: np.ndarray) -> np.ndarray:
    return X[:, [0]] / X[:, [1]]


def published_boosting() -> Pipeline:
    """Return the histogram boosting of the source: raw columns, one of them ordinal."""
    columns = make_column_transformer(
        (OrdinalEncoder(), ["ocean_proximity"]), remainder="passthrough"
    )
    model = HistGradientBoostingRegressor(categorical_features=[0], random_state=42)
    return make_pipeline(columns, model)


def our_model(n_trees: int = 1500) -> Any:
    """Return the chapter's model with California's features: two boosters, averaged."""
    settings = {"learning_rate": 0.05, "n_estimators": n_trees, "subsample": 0.8}
    settings["colsample_bytree"] = 0.5
    both = [
        ("lightgbm", booster("lightgbm", num_leaves=31, subsample_freq=1, **settings)),
        ("xgboost", booster("xgboost", max_depth=6, **settings)),
    ]
    return house_pipeline(
        VotingRegressor(both),
        CaliforniaFeatures(),
        logs_then_scale(),
        location_features(n_clusters=30),
    )


def record(data_dir: Path, n_splits: int = 10) -> list[Recorded]:
    """Score the published models and ours on the user's California table.

    Parameters
    ----------
    data_dir : Path
        The folder of originals; the loader reads it through ``MLMASTERY_DATA``.
    n_splits : int, default=10
        Folds.
    """
    table = load_california_housing()
    digest = fingerprint("california_housing")
    X, X_test, y, y_test = income_split(table)
    models = {
        "random forest, as published": published_forest(),
        "histogram boosting, as published": published_boosting(),
        "ours: neighbour prices, LightGBM and XGBoost": our_model(),
    }
    contest = cross_validate_models(
        models, X, y, KFold(n_splits), root_mean_squared_error
    )
    folds = [
        Recorded(
            name,
            contest.scores[name].mean(),
            Spread.sd(contest.scores[name].std()),
            "RMSE (US$)",
            FOLDS,
            float(contest.seconds[name]),
            digest,
        )
        for name in models
    ]
    final = {
        "tuned forest, as published, on the test rows": published_forest(
            45, max_features=9
        ),
        "ours, on the test rows": our_model(),
    }
    return folds + [
        _on_test_rows(name, model, (X, y), (X_test, y_test), digest)
        for name, model in final.items()
    ]


def _on_test_rows(
    name: str, model: Any, train: tuple, test: tuple, digest: str
) -> Recorded:
    predicted, seconds = cpu_timed(lambda: model.fit(*train).predict(test[0]))
    error = predicted - test[1]
    resampled = bootstrap(_root_mean, error**2, n_resamples=1000)
    spread = Spread.standard_error(resampled.std())
    value = _root_mean(error**2)
    return Recorded(name, value, spread, "RMSE (US$)", TEST, seconds, digest)


def _root_mean(squares: np.ndarray) -> float:
    return float(np.sqrt(squares.mean()))
