"""The AutoML estimators: scikit-learn's contract, budgets, failures, kills."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_diabetes, load_iris
from sklearn.exceptions import NotFittedError
from sklearn.metrics import log_loss
from sklearn.utils.estimator_checks import parametrize_with_checks

from mlmastery.automl.models import TREES, ModelSpace, as_frame
from mlmastery.automl.regret import run_search
from mlmastery.automl.search.tpe import TPESearch
from mlmastery.automl.space import Choice, Integer, Space
from mlmastery.automl.store import StoreError
from mlmastery.automl.system import AutoMLClassifier, AutoMLRegressor, BudgetError

SMALL = {"max_trials": 1, "cv": 2, "searcher": "random"}


@parametrize_with_checks(
    [
        AutoMLClassifier(search_space=TREES["classes"], **SMALL),
        AutoMLRegressor(search_space=TREES["numbers"], **SMALL),
    ]
)
def test_follows_the_estimator_contract(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def iris():
    return load_iris(return_X_y=True)


def test_an_incumbent_never_gets_worse_with_budget(iris):
    X, y = iris
    small = {"search_space": TREES["classes"], "searcher": "tpe", "cv": 3}
    short = AutoMLClassifier(max_trials=10, **small).fit(X, y)
    long = AutoMLClassifier(max_trials=14, **small).fit(X, y)
    before = short.trials_["config"].tolist()
    assert long.trials_["config"].tolist()[: len(before)] == before
    assert long.incumbents().iloc[-1] <= short.incumbents().iloc[-1]
    assert long.incumbents().is_monotonic_decreasing


def test_the_number_of_workers_changes_nothing(iris):
    X, y = iris
    runs = [
        AutoMLClassifier(
            search_space=TREES["classes"], max_trials=7, engine=engine, n_jobs=n_jobs
        ).fit(X, y)
        for engine, n_jobs in (("serial", 1), ("joblib", 2))
    ]
    first, second = (run.trials_.drop(columns="seconds") for run in runs)
    pd.testing.assert_frame_equal(first, second)
    np.testing.assert_array_equal(*(run.predict_proba(X) for run in runs))


def test_a_validation_loss_is_that_of_unseen_rows(iris):
    """Deep trees know their training rows by heart: such a loss would be 0."""
    X, y = iris
    noise = np.random.default_rng(0).normal(size=X.shape)
    automl = AutoMLClassifier(
        search_space=TREES["classes"], max_trials=1, metric="error"
    ).fit(noise, y)
    assert automl.trials_["loss"].iloc[0] > 0.4


def test_the_ensemble_is_never_worse_than_the_best_on_validation(iris):
    X, y = iris
    automl = AutoMLClassifier(search_space=TREES["classes"], max_trials=8).fit(X, y)
    assert automl.validation_loss_ <= automl.trials_["loss"].min()
    assert sum(automl.weights_.values()) == pytest.approx(1)


def test_an_ensemble_of_one_is_the_best_trial_and_the_default_is_listed(iris):
    X, y = iris
    small = {"search_space": TREES["classes"], "searcher": "random", "max_trials": 6}
    automl = AutoMLClassifier(ensemble_size=1, **small).fit(X, y)
    best = automl.trials_.set_index("number")["loss"].idxmin()
    assert automl.weights_ == {best: 1.0}
    assert best != 0  # else the next line would prove nothing
    assert automl.leaderboard(n_models=1).index.tolist() == ["ensemble", best, 0]


def test_the_loss_of_the_ensemble_is_that_of_its_weights(iris, tmp_path):
    X, y = iris
    automl = AutoMLClassifier(
        search_space=TREES["classes"], max_trials=8, store=tmp_path / "a.db"
    ).fit(X, y)
    mean = sum(
        w * np.load(tmp_path / "a.db.predictions" / f"{n}.npy")
        for n, w in automl.weights_.items()
    )
    assert automl.validation_loss_ == pytest.approx(log_loss(y, mean), rel=1e-6)
    assert len(set(automl.weights_.values())) > 1 or len(automl.weights_) < 8


def test_the_loop_tells_the_searcher_every_loss(iris):
    trees = TREES["classes"]
    automl = AutoMLClassifier(
        search_space=trees, searcher="tpe", max_trials=16, cv=2
    ).fit(*iris)
    losses = {trees.space.key(r.config): r.loss for r in automl.trials_.itertuples()}
    alone = TPESearch(trees.space, random_state=0)
    alone.enqueue([trees.default])
    configs, _ = run_search(
        alone, lambda config: losses[trees.space.key(config)], 16, batch_size=4
    )
    assert automl.trials_["config"].tolist() == configs


def test_text_columns_and_missing_cells_are_taken():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(
        {
            "a": np.where(rng.random(80) < 0.2, np.nan, rng.normal(size=80)),
            "b": rng.choice(["x", "y", None], 80),
            "c": rng.random(80) < 0.5,
        }
    )
    y = np.where(X["b"] == "x", "yes", "no")
    automl = AutoMLClassifier(search_space=TREES["classes"], max_trials=2).fit(X, y)
    new = X.head(3).assign(b=["x", "never seen", None])
    assert automl.predict(new)[0] == "yes"
    with pytest.raises(TypeError, match="'d' holds dates"):
        as_frame(pd.DataFrame({"d": pd.to_datetime(["2020-01-01"])}))


def failing_space(kind):
    """A space of trees in which every second depth fails in its own way."""

    def build(config, random_state):
        import time

        import numpy as np
        from sklearn.dummy import DummyClassifier
        from sklearn.tree import DecisionTreeClassifier

        class Bad(DummyClassifier):
            def predict_proba(self, X):
                return np.full((len(X), len(self.classes_)), np.nan)

            def fit(self, X, y):
                if kind == "raises":
                    raise ArithmeticError("the objective broke")
                if kind == "sleeps":
                    time.sleep(60)
                return super().fit(X, y)

        if config["kind"] == "bad":
            return Bad()
        return DecisionTreeClassifier(max_depth=config["depth"])

    space = Space({"kind": Choice("bad", "tree"), "depth": Integer(1, 8)})
    return ModelSpace(space, build, {"kind": "bad", "depth": 1})


@pytest.mark.parametrize(
    ("kind", "why"), [("raises", "ArithmeticError: the objective"), ("nan", "finite")]
)
def test_a_failing_objective_is_explained_and_the_search_goes_on(iris, kind, why):
    X, y = iris
    automl = AutoMLClassifier(
        search_space=failing_space(kind), max_trials=5, searcher="random"
    ).fit(X, y)
    states = automl.trials_["state"].value_counts()
    assert states["complete"] == 5  # the budget counts these alone
    board = automl.leaderboard()
    reasons = board.loc[board["state"] == "failed", "why"]
    assert len(reasons) == states["failed"] >= 1
    assert reasons.str.contains(why).all()


def test_a_slow_fit_is_stopped_and_the_others_go_on(iris):
    X, y = iris
    began = time.monotonic()
    automl = AutoMLClassifier(
        3, search_space=failing_space("sleeps"), trial_seconds=1, max_trials=4
    ).fit(X, y)
    assert time.monotonic() - began < 3 + 10
    assert automl.trials_["why"].iloc[0] == "stopped after 1.0 s"
    assert (automl.trials_["state"] == "complete").any()


def test_nothing_but_slow_fits_ends_in_an_error_that_says_so(iris):
    def build(config, random_state):
        import time

        from sklearn.dummy import DummyClassifier

        class Slow(DummyClassifier):
            def fit(self, X, y):
                time.sleep(60)

        return Slow()

    began = time.monotonic()
    with pytest.raises(BudgetError, match=r"stopped after .* give more time_budget"):
        AutoMLClassifier(
            1.5, search_space=ModelSpace(Space({"a": Integer(1, 99)}), build)
        ).fit(*iris)
    assert time.monotonic() - began < 1.5 + 10


def test_a_search_in_which_everything_fails_ends(iris):
    def build(config, random_state):
        raise ValueError("no model")

    with pytest.raises(BudgetError, match="ValueError: no model"):
        AutoMLClassifier(
            search_space=ModelSpace(Space({"a": Integer(1, 99)}), build), max_trials=3
        ).fit(*iris)


def test_a_finite_space_is_used_up_without_a_repeat(iris):
    trees = TREES["classes"]
    space = ModelSpace(
        Space({"max_depth": Integer(1, 3), "min_samples_leaf": Choice(1, 5)}),
        trees.build,
    )
    automl = AutoMLClassifier(search_space=space).fit(*iris)
    assert len(automl.trials_) == 6
    assert automl.trials_["config"].map(json.dumps).is_unique
    assert "all 6 configurations" in automl.why_ended_


SCRIPT = """
import sys
from sklearn.datasets import load_iris
from mlmastery.automl.models import TREES
from mlmastery.automl.system import AutoMLClassifier
AutoMLClassifier(
    search_space=TREES["classes"], max_trials=40, store=sys.argv[1], searcher="tpe"
).fit(*load_iris(return_X_y=True))
"""


def test_a_search_goes_on_after_a_kill(iris, tmp_path):
    X, y = iris
    path = tmp_path / "trials.db"
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(path)])
    folder = tmp_path / "trials.db.predictions"
    limit = time.monotonic() + 60
    while len(list(folder.glob("*.npy"))) < 6 and time.monotonic() < limit:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    done = len(list(folder.glob("*.npy")))
    assert 6 <= done < 40, "the kill came too late to test anything"
    options = {"search_space": TREES["classes"], "searcher": "tpe", "max_trials": 12}
    resumed = AutoMLClassifier(store=path, **options).fit(X, y)
    whole = AutoMLClassifier(**options).fit(X, y)
    columns = ["number", "state", "config", "loss", "why"]
    both = [run.trials_[columns] for run in (resumed, whole)]
    n = min(map(len, both))
    pd.testing.assert_frame_equal(both[0][:n], both[1][:n])
    assert not resumed.trials_["state"].isin(["running"]).any()


def test_another_space_or_other_data_are_refused(iris, tmp_path):
    X, y = iris
    path = tmp_path / "trials.db"
    AutoMLClassifier(search_space=TREES["classes"], max_trials=1, store=path).fit(X, y)
    other = ModelSpace(Space({"max_depth": Integer(1, 9)}), TREES["classes"].build)
    with pytest.raises(StoreError) as caught:
        AutoMLClassifier(search_space=other, max_trials=1, store=path).fit(X, y)
    for space in (other.space, TREES["classes"].space):
        assert space.fingerprint() in str(caught.value)
    with pytest.raises(ValueError, match="holds another search: data was"):
        AutoMLClassifier(search_space=TREES["classes"], max_trials=1, store=path).fit(
            X[::-1], y
        )


def test_the_leaderboard_counts_looks_at_test_rows(iris):
    X, y = iris
    automl = AutoMLClassifier(search_space=TREES["classes"], max_trials=3).fit(
        X[::2], y[::2]
    )
    assert automl.leaderboard()["test"].isna().all()
    assert automl.test_looks_ == 0
    board = automl.leaderboard(X[1::2], y[1::2])
    assert automl.test_looks_ == 1
    expected = automl._evaluation.loss(automl.predict_proba(X[1::2]), y[1::2])
    assert board.loc["ensemble", "test"] == pytest.approx(expected)
    with pytest.raises(ValueError, match="classes that training had not"):
        automl.leaderboard(X[:2], [0, 7])


def test_a_regression_is_searched_by_its_own_losses():
    X, y = load_diabetes(return_X_y=True)
    automl = AutoMLRegressor(
        search_space=TREES["numbers"], max_trials=6, metric="mae", searcher="evolution"
    ).fit(X, y)
    error = np.abs(automl.predict(X) - y).mean()
    assert error < np.abs(y - np.median(y)).mean()
    assert automl.best_config_["max_depth"] >= 1


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("time_budget", 0),
        ("max_trials", 0),
        ("searcher", "grid"),
        ("metric", "rmse"),
        ("cv", 1),
        ("engine", "threads"),
        ("random_state", "a"),
        ("trial_seconds", -1),
    ],
)
def test_a_wrong_argument_is_named(iris, argument, value):
    with pytest.raises(ValueError, match=argument):
        AutoMLClassifier(**{"search_space": TREES["classes"], argument: value}).fit(
            *iris
        )


def test_infinite_cells_one_class_and_no_fit_are_refused(iris):
    X, _ = iris
    with pytest.raises(ValueError, match="no infinity"):
        AutoMLClassifier().fit(pd.DataFrame({"a": [1.0, np.inf]}), [0, 1])
    with pytest.raises(ValueError, match="one class"):
        AutoMLClassifier().fit(X, np.zeros(len(X), int))
    with pytest.raises(NotFittedError):
        AutoMLClassifier().leaderboard()
