"""AutoML: models, settings and an ensemble, chosen within a time budget.

>>> from sklearn.datasets import load_iris
>>> X, y = load_iris(return_X_y=True)
>>> automl = AutoMLClassifier(time_budget=60, max_trials=2).fit(X, y)
>>> automl.score(X, y) > 0.9, len(automl.leaderboard())
(True, 3)
"""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from numbers import Integral
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import assert_all_finite
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from mlmastery.storage import replacing
from mlmastery.validation import check_choice, check_count, check_number

from .ensemble import select_ensemble
from .loop import TrialLoop
from .models import DEFAULTS, ModelSpace, as_frame
from .search.base import Searcher
from .search.evolution import EvolutionSearch
from .search.gaussian_process import GaussianProcessSearch
from .search.random import RandomSearch
from .search.tpe import TPESearch
from .store import TrialStore
from .trial import LOSSES, Evaluation, fold_rows

__all__ = ["SEARCHERS", "AutoML", "AutoMLClassifier", "AutoMLRegressor", "BudgetError"]

GRACE = 10.0  # seconds after the budget, for the last process and the final fits
SEARCHERS: dict[str, type[Searcher]] = {
    "random": RandomSearch,
    "gaussian_process": GaussianProcessSearch,
    "tpe": TPESearch,
    "evolution": EvolutionSearch,
}


class BudgetError(RuntimeError):
    """No trial was completed within the budget; the message says why not."""


class AutoML(BaseEstimator):
    """Search, resumption and ensemble, shared by classifier and regressor; see there.

    Parameters
    ----------
    time_budget : float, default=60
        Seconds for the search. Starting a process and the final fits may take up to
        `GRACE` seconds more.
    max_trials : int, optional
        Completed trials after which the search ends earlier.
    searcher : {"gaussian_process", "tpe", "evolution", "random"}
    engine : {"serial", "joblib", "dask", "ray"}, default="serial"
        Where trials run; the result does not depend on it.
    n_jobs : int, default=1
    store : str or Path, optional
        File for the trials: a fit that was killed goes on where it was.
    search_space : ModelSpace, optional
        The models; four families by default.
    metric : str, optional
        Loss to be minimised, by default ``"log_loss"`` or ``"rmse"``; also
        ``"one_minus_auc"``, ``"error"``, ``"mae"``.
    cv : int, default=4
        Folds of each trial.
    batch_size : int, default=4
        Trials that are proposed before the first of them is told.
    trial_seconds : float, optional
        Most seconds of one trial, by default half of the budget.
    ensemble_size : int, default=10
        Best trials of which an ensemble is made; 1 for the best alone.
    warm_configs : list of dict, optional
        Configurations that are tried after the default.
    random_state : int, default=0
    """

    _kind = ""

    def __init__(
        self,
        time_budget: float = 60,
        *,
        max_trials: int | None = None,
        searcher: str = "gaussian_process",
        engine: str = "serial",
        n_jobs: int = 1,
        store: str | Path | None = None,
        search_space: ModelSpace | None = None,
        metric: str | None = None,
        cv: int = 4,
        batch_size: int = 4,
        trial_seconds: float | None = None,
        ensemble_size: int = 10,
        warm_configs: list[dict[str, Any]] | None = None,
        random_state: int | None = 0,
    ) -> None:
        self.time_budget = time_budget
        self.max_trials = max_trials
        self.searcher = searcher
        self.engine = engine
        self.n_jobs = n_jobs
        self.store = store
        self.search_space = search_space
        self.metric = metric
        self.cv = cv
        self.batch_size = batch_size
        self.trial_seconds = trial_seconds
        self.ensemble_size = ensemble_size
        self.warm_configs = warm_configs
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> AutoML:
        """Search, choose an ensemble, and fit its members on all rows.

        Parameters
        ----------
        X : DataFrame or array of shape (n, d)
            Missing cells are allowed; texts and categories in a DataFrame only.
        y : array of shape (n,)

        Raises
        ------
        ValueError
            If a parameter or the data are out of range, or the store is of another
            search on other data.
        StoreError
            If the store is of another search space; both are named.
        BudgetError
            If no trial was completed.
        """
        began = time.monotonic()
        self._check_parameters()
        X, y = self._check_data(X, y)
        models = self.search_space or DEFAULTS[self._kind]
        self._evaluation = self._make_evaluation(X, y, models)
        with self._opened(models) as (store, folder):
            loop = self._make_loop(models, store, folder, began)
            loop.run()
            self.why_ended_ = loop.why_ended
            self.trials_ = store.trials()
            self._choose(folder)
        self._fit_members(began + self.time_budget + GRACE)
        self.test_looks_ = 0
        return self

    def leaderboard(
        self, X_test: Any = None, y_test: Any = None, n_models: int = 10
    ) -> pd.DataFrame:
        """Return the best trials, the ensemble, and why trials failed.

        Parameters
        ----------
        X_test, y_test : optional
            Rows that no trial has seen. Each call with them is counted in
            ``test_looks_``: a model chosen by this column would need new test rows.
        n_models : int, default=10
            Completed trials to list, best first; trial 0, the default, is always there.

        Returns
        -------
        DataFrame
            ``model``, ``state``, ``validation`` and ``test`` (losses), ``weight`` in
            the ensemble, ``seconds``, ``why``. Indexed by trial; the ensemble first.
            The validation loss of a chosen trial is optimistic, since it was chosen by
            it; that of the ensemble more so.

        Raises
        ------
        ValueError
            If one of ``X_test`` and ``y_test`` is missing or they do not pair up.
        """
        check_is_fitted(self)
        if (X_test is None) != (y_test is None):
            raise ValueError(
                "X_test and y_test must be given together, got one of them"
            )
        check_count(n_models, "n_models")
        table = self._listed_trials(n_models)
        table.loc["ensemble"] = {
            "model": "ensemble",
            "state": "complete",
            "validation": self.validation_loss_,
            "weight": 1.0,
            "why": "",
        }
        if X_test is not None:
            table["test"] = self._test_losses(table, X_test, y_test)
            self.test_looks_ += 1
        order = ["ensemble", *(i for i in table.index if i != "ensemble")]
        columns = ["model", "state", "validation", "test", "weight", "seconds", "why"]
        return table.loc[order, columns]

    def incumbents(self) -> pd.Series:
        """Return the smallest validation loss after each trial; it never rises."""
        check_is_fitted(self)
        losses = self.trials_.set_index("number")["loss"]
        return losses.cummin().ffill()

    @property
    def best_config_(self) -> dict[str, Any]:
        """Configuration of the trial with the smallest validation loss."""
        check_is_fitted(self)
        return dict(self.trials_.loc[self.trials_["loss"].idxmin(), "config"])

    def _predict_mean(self, X: Any) -> np.ndarray:
        check_is_fitted(self)
        frame = self._check_rows(X)
        parts = [
            weight * self._evaluation.predict(self.models_[number], frame)
            for number, weight in self.weights_.items()
        ]
        return np.sum(parts, axis=0)

    def _check_parameters(self) -> None:
        check_number(self.time_budget, "time_budget", open=True)
        if self.max_trials is not None:
            check_count(self.max_trials, "max_trials")
        if self.trial_seconds is not None:
            check_number(self.trial_seconds, "trial_seconds", open=True)
        check_choice(self.searcher, "searcher", SEARCHERS)
        check_choice(self.metric or self._metric, "metric", LOSSES[self._kind])
        for name, least in (("n_jobs", 1), ("cv", 2), ("batch_size", 1)):
            check_count(getattr(self, name), name, minimum=least)
        check_count(self.ensemble_size, "ensemble_size")
        if not isinstance(self.search_space or DEFAULTS[self._kind], ModelSpace):
            kind = type(self.search_space).__name__
            raise TypeError(f"search_space must be a ModelSpace, got {kind}")

    @property
    def _metric(self) -> str:
        return next(iter(LOSSES[self._kind]))

    def _check_data(self, X: Any, y: Any) -> tuple[pd.DataFrame, np.ndarray]:
        if y is None:
            raise ValueError(
                f"{type(self).__name__} requires y to be passed, but the target y is None"
            )
        y = column_or_1d(y, warn=True)
        if y.dtype.kind == "f":
            assert_all_finite(y, input_name="y")
        elif pd.isna(y).any():
            raise ValueError("y must have no missing value, got None or NaN")
        frame = self._check_rows(X, reset=True)
        if len(frame) != len(y):
            raise ValueError(
                f"X and y must have the same number of rows, got {len(frame)} and "
                f"{len(y)}: inconsistent numbers of samples"
            )
        return frame, self._encode(y)

    def _check_rows(self, X: Any, reset: bool = False) -> pd.DataFrame:
        if isinstance(X, pd.DataFrame):
            validate_data(self, X, skip_check_array=True, reset=reset)
        else:
            X = validate_data(self, X, reset=reset, ensure_all_finite="allow-nan")
        frame = as_frame(X)
        if len(frame) == 0 or frame.shape[1] == 0:
            raise ValueError(f"X must have rows and columns, got shape {frame.shape}")
        numbers = frame.select_dtypes("number").to_numpy(float)
        if np.isinf(numbers).any():
            raise ValueError("X must hold no infinity; missing cells are NaN")
        return frame

    def _encode(self, y: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def _make_evaluation(
        self, X: pd.DataFrame, y: np.ndarray, models: ModelSpace
    ) -> Evaluation:
        classes = self._kind == "classes"
        self._seed = _seed(self.random_state)
        return Evaluation(
            X=X,
            y=y,
            folds=fold_rows(y, classes, self.cv, self._seed),
            build=models.build,
            loss=LOSSES[self._kind][self.metric or self._metric],
            n_classes=int(y.max()) + 1 if classes else 0,
            random_state=self._seed,
        )

    def _make_loop(
        self, models: ModelSpace, store: TrialStore, folder: Path, began: float
    ) -> TrialLoop:
        searcher = SEARCHERS[self.searcher](models.space, random_state=self._seed)
        first = [] if models.default is None else [models.default]
        searcher.enqueue([*first, *(self.warm_configs or [])])
        return TrialLoop(
            searcher=searcher,
            store=store,
            folder=folder,
            evaluate=self._evaluation,
            deadline=began + self.time_budget,
            trial_seconds=self.trial_seconds or self.time_budget / 2,
            max_trials=self.max_trials,
            batch_size=self.batch_size,
            engine=self.engine,
            n_jobs=self.n_jobs,
        )

    @contextmanager
    def _opened(self, models: ModelSpace) -> Iterator[tuple[TrialStore, Path]]:
        """Open the store and its folder, or temporary ones."""
        if self.store is None:
            with tempfile.TemporaryDirectory() as place:
                with TrialStore(Path(place) / "trials.db", models.space) as store:
                    yield store, Path(place)
            return
        folder = Path(f"{self.store}.predictions")
        with TrialStore(self.store, models.space) as store:
            folder.mkdir(exist_ok=True)
            self._check_same_search(folder / "search.json")
            yield store, folder

    def _check_same_search(self, path: Path) -> None:
        now = self._description()
        if not path.exists():
            with replacing(path, "w") as file:
                json.dump(now, file)
        before = json.loads(path.read_text())
        changed = [key for key in now if before.get(key) != now[key]]
        if changed:
            what = "; ".join(f"{k} was {before.get(k)}, is {now[k]}" for k in changed)
            raise ValueError(f"{self.store} holds another search: {what}")

    def _description(self) -> dict[str, Any]:
        """Return what must be the same for a search to go on."""
        X, y = self._evaluation.X, self._evaluation.y
        digest = hashlib.sha256(pd.util.hash_pandas_object(X).to_numpy().tobytes())
        digest.update(str(list(X.columns)).encode() + np.asarray(y).tobytes())
        return {
            "data": digest.hexdigest(),
            "metric": self.metric or self._metric,
            "searcher": self.searcher,
            "cv": self.cv,
            "batch_size": self.batch_size,
            "random_state": self._seed,
        }

    def _choose(self, folder: Path) -> None:
        """Select an ensemble of the best trials by their out-of-fold predictions."""
        complete = self.trials_[self.trials_["state"] == "complete"]
        if complete.empty:
            raise BudgetError(self._why_nothing())
        best = complete.nsmallest(self.ensemble_size, "loss")["number"].tolist()
        predictions = np.array([np.load(folder / f"{number}.npy") for number in best])
        loss, y = self._evaluation.loss, self._evaluation.y
        weights = select_ensemble(predictions, lambda p: loss(p, y))
        self.weights_ = {n: float(w) for n, w in zip(best, weights, strict=True) if w}
        self.validation_loss_ = loss(np.tensordot(weights, predictions, 1), y)

    def _why_nothing(self) -> str:
        failed = self.trials_[self.trials_["state"] == "failed"]
        if failed.empty:
            return (
                f"time_budget of {self.time_budget} s was over before the first trial: "
                "give more time"
            )
        first = failed.iloc[0]
        return (
            f"no trial was completed in {self.time_budget} s, {len(failed)} failed; the "
            f"first, {first['config']}, because: {first['why']}. If it was stopped, "
            "give more time_budget, or a search_space with faster models"
        )

    def _fit_members(self, deadline: float) -> None:
        """Fit the ensemble on all rows; leave out what would take too long."""
        seconds = self.trials_.set_index("number")["seconds"]
        self.models_: dict[int, Any] = {}
        for number in sorted(self.weights_, key=lambda n: -self.weights_[n]):
            expected = seconds[number] / (len(self._evaluation.folds) - 1)
            if not self.models_ or time.monotonic() + expected < deadline:
                self.models_[number] = self._fit_trial(number)
        kept = {n: w for n, w in self.weights_.items() if n in self.models_}
        self.weights_ = {n: w / math.fsum(kept.values()) for n, w in kept.items()}

    def _fit_trial(self, number: int) -> Any:
        config = self.trials_.set_index("number").at[number, "config"]
        return self._evaluation.fit(number, config)

    def _listed_trials(self, n_models: int) -> pd.DataFrame:
        trials = self.trials_.set_index("number")
        complete = trials[trials["state"] == "complete"].sort_values("loss")
        # The first trial is the default: what a search must be compared with.
        complete = complete[
            (np.arange(len(complete)) < n_models) | (complete.index == 0)
        ]
        failed = trials[trials["state"] == "failed"]
        listed = pd.concat([complete, failed])
        table = listed.rename(columns={"loss": "validation"})
        table["model"] = [_described(config) for config in listed["config"]]
        table["weight"] = [self.weights_.get(number, 0.0) for number in listed.index]
        table["test"] = np.nan
        table.index = table.index.astype(object)
        return table.drop(columns=["config", "test_score"])

    def _test_losses(self, table: pd.DataFrame, X: Any, y: Any) -> list[float]:
        frame, codes = self._check_rows(X), self._codes(column_or_1d(y))
        if len(frame) != len(codes):
            raise ValueError(
                f"X_test and y_test must have the same number of rows, got {len(frame)} "
                f"and {len(codes)}"
            )
        losses = []
        for number, state in table["state"].items():
            if number == "ensemble":
                predictions = self._predict_mean(X)
            elif state == "complete":
                model = self.models_.get(number) or self._fit_trial(number)
                predictions = self._evaluation.predict(model, frame)
            else:
                losses.append(math.nan)
                continue
            losses.append(self._evaluation.loss(predictions, codes))
        return losses

    def _codes(self, y: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


class AutoMLClassifier(ClassifierMixin, AutoML):
    """Choose models, settings and an ensemble for a classification.

    Parameters are those of `AutoML`.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    trials_ : DataFrame
        All trials, as `TrialStore.trials` gives them.
    weights_ : dict of int to float
        Weight in the ensemble, by number of trial.
    models_ : dict of int to estimator
        Members, fitted on all rows.
    validation_loss_ : float
        Of the ensemble, on out-of-fold predictions: optimistic.
    test_looks_ : int
        How often `leaderboard` was given test rows.
    why_ended_ : str
        What ended the search.
    """

    _kind = "classes"

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return the ensemble's mean probabilities.

        Returns
        -------
        ndarray of shape (n, n_classes)
        """
        mean = self._predict_mean(X)
        return mean / mean.sum(axis=1, keepdims=True)

    def predict(self, X: Any) -> np.ndarray:
        """Return the class with the largest probability, shape (n,)."""
        likely = self.predict_proba(X).argmax(axis=1)
        return self.classes_[likely]

    def _encode(self, y: np.ndarray) -> np.ndarray:
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(
                f"y must hold at least two classes, got one class: {self.classes_[0]!r}"
            )
        return codes

    def _codes(self, y: np.ndarray) -> np.ndarray:
        unknown = sorted(set(np.asarray(y).tolist()) - set(self.classes_.tolist()))
        if unknown:
            raise ValueError(f"y holds classes that training had not: {unknown[:5]}")
        return np.searchsorted(self.classes_, y)


class AutoMLRegressor(RegressorMixin, AutoML):
    """Choose models, settings and an ensemble for a regression.

    Parameters are those of `AutoML`, attributes those of `AutoMLClassifier` without
    the classes.
    """

    _kind = "numbers"

    def predict(self, X: Any) -> np.ndarray:
        """Return the ensemble's mean prediction, shape (n,)."""
        return self._predict_mean(X)[:, 0]

    def _encode(self, y: np.ndarray) -> np.ndarray:
        return np.asarray(y, float)

    def _codes(self, y: np.ndarray) -> np.ndarray:
        return np.asarray(y, float)


def _seed(random_state: Any) -> int:
    if random_state is None:
        return int(np.random.SeedSequence().generate_state(1)[0])
    if isinstance(random_state, Integral) and not isinstance(random_state, bool):
        return check_count(int(random_state), "random_state", minimum=0)
    raise ValueError(
        f"random_state must be a whole number or None, got {random_state!r}"
    )


def _described(config: dict[str, Any]) -> str:
    """Return the configuration on one line, the model's name first."""
    settings = {k.rpartition(".")[2]: v for k, v in config.items() if k != "model"}
    shown = ", ".join(
        f"{k} {v:.3g}" if isinstance(v, float) else f"{k} {v}"
        for k, v in settings.items()
    )
    return f"{config['model']}: {shown}" if "model" in config else shown
