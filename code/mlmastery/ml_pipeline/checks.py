"""Tests of a pipeline as its owner writes them, and planted bugs that they must catch.

A *project* is what a team hands over: how it trains and how it measures itself. Each
check takes a project and raises AssertionError with one sentence.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

from .artefact import ALLOWED, dump_bytes, load_bytes
from .builder import build_pipeline

__all__ = ["BUGS", "CHECKS", "Project", "bug_table", "caught_by", "practice_table"]

FOLDS = 5


@dataclass(frozen=True)
class Project:
    """A team's way to train a model and to measure it.

    Parameters
    ----------
    fit : callable
        ``fit(X, y)`` returns a model with ``predict`` and ``predict_proba``.
    evaluate : callable
        ``evaluate(X, y)`` returns the accuracy that the team would report.
    """

    fit: Callable[[pd.DataFrame, pd.Series], Any]
    evaluate: Callable[[pd.DataFrame, pd.Series], float]


def practice_table(
    n_samples: int = 200, random_state: int = 0
) -> tuple[pd.DataFrame, pd.Series]:
    """Return a small table with numbers, gaps and categories, and two classes.

    Examples
    --------
    >>> X, y = practice_table(50)
    >>> X.shape, sorted(y.unique())
    ((50, 5), ['no', 'yes'])
    """
    rng = np.random.default_rng(random_state)
    X = pd.DataFrame(rng.normal(size=(n_samples, 3)), columns=["a", "b", "c"])
    X["job"] = rng.choice(["cook", "nurse", "pilot"], n_samples)
    X["town"] = rng.choice([f"town {i}" for i in range(12)], n_samples)
    signal = X["a"] - X["b"] + 1.5 * (X["job"] == "cook") - 0.5
    y = pd.Series(np.where(signal + rng.normal(size=n_samples) > 0, "yes", "no"))
    X.loc[rng.random(n_samples) < 0.1, "c"] = np.nan
    return X, y


# The checks


def check_row_order(project: Project, X: pd.DataFrame, y: pd.Series) -> None:
    """Check that rows in another order get the same answers."""
    model = project.fit(X, y)
    turned = np.asarray(model.predict_proba(X[::-1]))[::-1]
    assert np.allclose(turned, model.predict_proba(X)), "answers depend on row order"


def check_one_row(project: Project, X: pd.DataFrame, y: pd.Series) -> None:
    """Check that a row alone gets the answer that it gets in a batch."""
    model = project.fit(X, y)
    batch = model.predict_proba(X)
    for i in range(5):
        alone = model.predict_proba(X.iloc[[i]])
        assert np.allclose(alone[0], batch[i]), "a row alone gets another answer"


def check_column_order(project: Project, X: pd.DataFrame, y: pd.Series) -> None:
    """Check that columns in another order change nothing, or are refused."""
    model = project.fit(X, y)
    numbers = list(X.select_dtypes("number"))
    texts = [name for name in X if name not in numbers]
    for order in (X.columns[::-1], [*numbers[::-1], *texts]):
        try:
            turned = model.predict_proba(X[list(order)])
        except (TypeError, ValueError):
            continue
        assert np.allclose(turned, model.predict_proba(X)), (
            "answers depend on column order"
        )


def check_repeatable(project: Project, X: pd.DataFrame, y: pd.Series) -> None:
    """Check that two trainings, and two questions to one model, agree."""
    model = project.fit(X, y)
    first = model.predict_proba(X)
    assert np.array_equal(first, model.predict_proba(X)), "the second answer differs"
    again = project.fit(X, y).predict_proba(X)
    assert np.array_equal(first, again), "the second training differs"


def check_round_trip(project: Project, X: pd.DataFrame, y: pd.Series) -> None:
    """Check that a saved and loaded model gives equal answers."""
    model = project.fit(X, y)
    try:
        loaded = load_bytes(dump_bytes(model), (*ALLOWED, *OWN))
    except Exception as error:
        raise AssertionError(f"it cannot be saved and loaded: {error}") from error
    assert np.array_equal(loaded.predict_proba(X), model.predict_proba(X)), (
        "the loaded model answers differently"
    )


def check_shuffled_target(project: Project, X: pd.DataFrame, y: pd.Series) -> None:
    """Check that on a target without relation to the rows chance is reported."""
    rng = np.random.default_rng(0)
    wide = X.assign(
        **{f"noise {i}": rng.normal(size=len(X)) for i in range(60)},
        shop=rng.choice([f"shop {i}" for i in range(len(X) // 3)], len(X)),
    )
    halves = pd.Series(np.where(np.arange(len(X)) % 2, "yes", "no"))
    scores = [
        project.evaluate(wide, halves.sample(frac=1, random_state=s, ignore_index=True))
        for s in range(3)
    ]
    # Three times the standard deviation of an accuracy of one half on these rows.
    limit = 0.5 + 1.5 / np.sqrt(len(X))
    assert np.mean(scores) < limit, (
        f"it reports {np.mean(scores):.2f} where 0.50 is true"
    )


def check_beats_dummy(project: Project, X: pd.DataFrame, y: pd.Series) -> None:
    """Check that new rows of the easy table are told apart better than by guessing."""
    model = project.fit(X, y)
    X_new, y_new = practice_table(400, random_state=99)
    guess = DummyClassifier().fit(X, y).score(X_new, y_new)
    accuracy = float(np.mean(np.asarray(model.predict(X_new)) == y_new.to_numpy()))
    assert accuracy > guess + 0.1, f"accuracy {accuracy:.2f}, guessing {guess:.2f}"


def check_unknown_category(project: Project, X: pd.DataFrame, y: pd.Series) -> None:
    """Check that an unknown category is not scored as a known one."""
    model = project.fit(X, y)
    try:
        new = model.predict_proba(X.assign(job="astronaut"))
    except ValueError:
        return
    for job in sorted(X["job"].unique()):
        known = model.predict_proba(X.assign(job=job))
        assert not np.allclose(new, known), f"an unknown job is scored as {job!r}"


def check_missing_values(project: Project, X: pd.DataFrame, y: pd.Series) -> None:
    """Check that each row gets an answer, one with gaps too."""
    model = project.fit(X, y)
    third = np.arange(len(X)) % 3 == 0
    gaps = X.mask(np.broadcast_to(third[:, None], X.shape))
    answer = np.asarray(model.predict_proba(gaps))
    assert len(answer) == len(X), f"{len(answer)} answers for {len(X)} rows"
    assert np.isfinite(answer).all(), "an answer is not a number"


def check_latency(
    project: Project, X: pd.DataFrame, y: pd.Series, limit: float = 15
) -> None:
    """Check that one row takes less than ``limit`` times what a plain pipeline takes."""
    model, plain = project.fit(X, y), _fit(X, y)
    # Turn about, and the best of three: a busy machine slows both.
    took = [(_seconds(model, X), _seconds(plain, X)) for _ in range(3)]
    ratio = min(a for a, _ in took) / min(b for _, b in took)
    assert ratio < limit, f"one row takes {ratio:.0f} times the plain pipeline's time"


def _seconds(model: Any, X: pd.DataFrame) -> float:
    began = time.perf_counter()
    model.predict_proba(X.iloc[[0]])
    return time.perf_counter() - began


CHECKS: dict[str, Callable[[Project, pd.DataFrame, pd.Series], None]] = {
    "row order": check_row_order,
    "one row": check_one_row,
    "column order": check_column_order,
    "repeatable": check_repeatable,
    "round trip": check_round_trip,
    "shuffled": check_shuffled_target,
    "dummy": check_beats_dummy,
    "unknown": check_unknown_category,
    "missing": check_missing_values,
    "latency": check_latency,
}


# A project without a bug, and projects with one each


def _fit(X: pd.DataFrame, y: pd.Series) -> Pipeline:
    return build_pipeline(X.assign(target=y), "target", extra="ignore").fit(X, y)


def _evaluate(X: pd.DataFrame, y: pd.Series) -> float:
    pipeline = build_pipeline(X.assign(target=y), "target")
    return float(cross_val_score(pipeline, X, y, cv=FOLDS).mean())


GOOD = Project(_fit, _evaluate)


class _Wrapped(BaseEstimator):
    """A good model, with something done to its input or its output."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def before(self, X: pd.DataFrame) -> pd.DataFrame:
        return X

    def after(self, p: np.ndarray) -> np.ndarray:
        return p

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        return self.after(self.model.predict_proba(self.before(X)))

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        return self.model.classes_[self.predict_proba(X).argmax(axis=1)]


class _BatchScale(_Wrapped):
    def before(self, X: pd.DataFrame) -> pd.DataFrame:
        numbers = X[["a", "b"]]
        return X.assign(**(numbers - numbers.mean()))


class _DropGaps(_Wrapped):
    def before(self, X: pd.DataFrame) -> pd.DataFrame:
        return X.dropna()


class _Swapped(_Wrapped):
    def after(self, p: np.ndarray) -> np.ndarray:
        return p[:, ::-1]


class _Slow(_Wrapped):
    """Each request waits for another service; batches are rare."""

    def before(self, X: pd.DataFrame) -> pd.DataFrame:
        if len(X) == 1:
            time.sleep(0.8)
        return X


class _Remembers(_Wrapped):
    def before(self, X: pd.DataFrame) -> pd.DataFrame:
        self.seen = getattr(self, "seen", 0) + 1
        return X.assign(a=X["a"] + 0.01 * self.seen)


class _ByPosition(_Wrapped):
    """Columns are taken by their place."""

    def before(self, X: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame(X.to_numpy(), columns=self.model.feature_names_in_).astype(
            {"a": float, "b": float, "c": float}, errors="ignore"
        )


class _Hushed(_Wrapped):
    """scikit-learn warns of the unknown category; here nobody reads the log."""

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self.model.predict_proba(X)


class _CodesByAppearance(TransformerMixin, BaseEstimator):
    """Number the jobs in the order in which they appear in the batch."""

    def fit(self, X: pd.DataFrame, y: Any = None) -> _CodesByAppearance:
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        return X[["a", "b"]].assign(job=pd.factorize(X["job"])[0])


OWN = tuple(
    f"{__name__}.{kind.__name__}"
    for kind in (*_Wrapped.__subclasses__(), _CodesByAppearance)
)


def _wrap(kind: type[_Wrapped]) -> Project:
    return Project(lambda X, y: kind(_fit(X, y)), _evaluate)


def _codes(X: pd.DataFrame, y: pd.Series) -> Pipeline:
    return make_pipeline(_CodesByAppearance(), LogisticRegression()).fit(X, y)


def _unseeded(X: pd.DataFrame, y: pd.Series) -> Pipeline:
    pipeline = build_pipeline(X.assign(target=y), "target", model="forest")
    forest = RandomForestClassifier(20, random_state=None)
    return pipeline.set_params(model=forest).fit(X, y)


def _with_lambda(X: pd.DataFrame, y: pd.Series) -> Pipeline:
    good = _fit(X, y)
    same = FunctionTransformer(lambda table: table)
    return Pipeline([("same", same), *good.steps]).fit(X, y)


def _drop_first(X: pd.DataFrame, y: pd.Series) -> _Hushed:
    good = build_pipeline(X.assign(target=y), "target")
    hot = OneHotEncoder(drop="first", handle_unknown="ignore", sparse_output=False)
    features = ColumnTransformer(
        [("job", hot, ["job"]), *good.named_steps["features"].transformers[:1]]
    )
    return _Hushed(good.set_params(features=features).fit(X, y))


def _selected_outside(X: pd.DataFrame, y: pd.Series) -> float:
    numbers = X.select_dtypes("number").fillna(0)
    chosen = SelectKBest(f_classif, k=5).fit_transform(numbers, y)
    return float(cross_val_score(LogisticRegression(), chosen, y, cv=FOLDS).mean())


def _encoded_outside(X: pd.DataFrame, y: pd.Series) -> float:
    codes = (
        (y == "yes")
        .groupby(X.select_dtypes(exclude="number").iloc[:, -1])
        .transform("mean")
    )
    return float(
        cross_val_score(LogisticRegression(), codes.to_frame(), y, cv=FOLDS).mean()
    )


BUGS: dict[str, Project] = {
    "no bug": GOOD,
    "scales by the batch": _wrap(_BatchScale),
    "codes by appearance": Project(_codes, _evaluate),
    "columns by place": _wrap(_ByPosition),
    "no seed": Project(_unseeded, _evaluate),
    "remembers questions": _wrap(_Remembers),
    "holds a lambda": Project(_with_lambda, _evaluate),
    "selects outside folds": Project(_fit, _selected_outside),
    "encodes outside folds": Project(_fit, _encoded_outside),
    "classes swapped": _wrap(_Swapped),
    "unknown is baseline": Project(_drop_first, _evaluate),
    "drops rows with gaps": _wrap(_DropGaps),
    "sleeps": _wrap(_Slow),
}


def caught_by(project: Project) -> list[str]:
    """Return the names of the checks that a project fails.

    Examples
    --------
    >>> caught_by(BUGS["classes swapped"])
    ['dummy']
    """
    X, y = practice_table()
    failed = []
    for name, check in CHECKS.items():
        try:
            check(project, X, y)
        except Exception:  # a model that breaks under a check fails it too
            failed.append(name)
    return failed


def bug_table() -> pd.DataFrame:
    """Return a row per planted bug and a column per check: "caught" or empty."""
    rows = {}
    for bug, project in BUGS.items():
        failed = caught_by(project)
        rows[bug] = {name: "caught" if name in failed else "" for name in CHECKS}
    return pd.DataFrame(rows).T
