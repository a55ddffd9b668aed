"""Contests on equal terms: the same folds, unseen rows, one look at the test set."""

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, brier_score_loss
from sklearn.model_selection import (
    KFold,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    cross_val_predict,
    cross_val_score,
)
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from mlmastery.contest import ModelPanel, cross_validate_models

RNG = np.random.default_rng(0)
X = pd.DataFrame(RNG.normal(size=(60, 3)), columns=list("abc"), index=range(100, 160))
Y = X["a"].to_numpy() + RNG.normal(size=60)
LABELS = np.where(Y > 0, "yes", "no")


def mae(y, p):
    return float(np.abs(y - p).mean())


def test_scores_and_predictions_are_scikit_learns():
    folds = KFold(5, shuffle=True, random_state=0)
    contest = cross_validate_models({"line": LinearRegression()}, X, Y, folds, mae)
    expected = -cross_val_score(
        LinearRegression(), X, Y, cv=folds, scoring="neg_mean_absolute_error"
    )
    np.testing.assert_allclose(contest.scores["line"], expected)
    unseen = cross_val_predict(LinearRegression(), X, Y, cv=folds)
    np.testing.assert_allclose(contest.predictions["line"], unseen)
    assert contest.predictions.index.equals(X.index)


def test_only_what_the_model_has_not_seen_is_scored():
    # A tree that remembers every row is perfect where it has trained.
    tree = DecisionTreeRegressor(random_state=0)
    assert mae(Y, tree.fit(X, Y).predict(X)) == 0
    contest = cross_validate_models({"tree": tree}, X, Y, KFold(4), mae)
    assert contest.scores["tree"].min() > 0.3


def test_models_meet_on_the_same_folds_and_are_not_changed():
    model = DummyRegressor()
    folds = ShuffleSplit(4, random_state=None)  # other folds at each call of split
    contest = cross_validate_models({"a": model, "b": model}, X, Y, folds, mae)
    assert contest.scores["a"].equals(contest.scores["b"].rename("a"))
    assert not hasattr(model, "constant_")


def test_probabilities_and_labels_as_words():
    models = {"logistic": LogisticRegression()}
    folds = RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=0)
    labels = cross_validate_models(models, X, LABELS, folds, accuracy_score)
    expected = cross_val_score(LogisticRegression(), X, LABELS, cv=folds)
    np.testing.assert_allclose(labels.scores["logistic"], expected)
    assert set(labels.predictions["logistic"]) == {"yes", "no"}

    def brier(y, p):
        return brier_score_loss(y, p, pos_label="yes")

    stated = cross_validate_models(
        models, X, LABELS, folds, brier, method="predict_proba"
    )
    expected = -cross_val_score(
        LogisticRegression(), X, LABELS == "yes", cv=folds, scoring="neg_brier_score"
    )
    np.testing.assert_allclose(stated.scores["logistic"], expected, rtol=1e-6)


def test_an_average_of_models_is_not_fitted_again():
    fitted = []

    class Counted(LinearRegression):
        def fit(self, X, y):
            fitted.append(len(X))
            return super().fit(X, y)

    models = {"line": Counted(), "mean": DummyRegressor()}
    averages = {"both": ("line", "mean"), "line alone": ("line",)}
    contest = cross_validate_models(models, X, Y, KFold(3), mae, averages=averages)
    assert len(fitted) == 3
    assert contest.scores["line alone"].tolist() == contest.scores["line"].tolist()
    mean = contest.predictions[["line", "mean"]].mean(axis=1)
    np.testing.assert_allclose(contest.predictions["both"], mean)
    assert contest.scores["both"][0] == pytest.approx(mae(Y[:20], mean[:20]))
    assert contest.seconds["both"] == contest.seconds[["line", "mean"]].sum()
    with pytest.raises(ValueError, match=r"averages\['x'\] must be one of line, mean"):
        cross_validate_models(
            models, X, Y, KFold(3), mae, averages={"x": ("line", "tree")}
        )


def test_rows_of_no_test_fold_have_no_prediction():
    folds = ShuffleSplit(1, test_size=6, random_state=0)
    contest = cross_validate_models({"a": DummyRegressor()}, X, Y, folds, mae)
    assert contest.predictions["a"].notna().sum() == 6


def test_cpu_time_is_counted_per_model():
    class Slow(DummyRegressor):
        def fit(self, X, y):
            sum(i * i for i in range(300_000))
            return super().fit(X, y)

    models = {"slow": Slow(), "quick": DummyRegressor()}
    seconds = cross_validate_models(models, X, Y, KFold(3), mae).seconds
    assert seconds["slow"] > 3 * seconds["quick"] > 0


def test_contest_refuses_what_cannot_be_compared():
    with pytest.raises(ValueError, match="models must hold at least one"):
        cross_validate_models({}, X, Y, KFold(3), mae)
    with pytest.raises(
        ValueError, match="method must be one of predict, predict_proba"
    ):
        cross_validate_models(
            {"a": DummyRegressor()}, X, Y, KFold(3), mae, method="transform"
        )


def test_panel_is_each_model_alone():
    models = {"mean": DummyRegressor(), "line": LinearRegression()}
    both = ModelPanel(models).fit(X, Y).predict(X)
    for i, model in enumerate(models.values()):
        np.testing.assert_allclose(both[:, i], model.fit(X, Y).predict(X))


def test_panel_of_fitted_models_answers_in_its_columns():
    models = {
        "tree": DecisionTreeClassifier(max_depth=1).fit(X, LABELS),
        "prior": DummyClassifier().fit(X, LABELS),
    }
    panel = ModelPanel(models)
    p = panel.predict_proba(X)
    for i, model in enumerate(models.values()):
        np.testing.assert_allclose(p[:, i], model.predict_proba(X)[:, 1])
    metrics = panel.metrics(lambda y, p: float(((p > 0.5) == (y == "yes")).mean()))
    assert metrics["tree"](LABELS, p) == models["tree"].score(X, LABELS)
    assert metrics["prior"](LABELS, p) == models["prior"].score(X, LABELS)
