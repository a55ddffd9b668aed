"""Record the chapter's figures on Telco with identities, bank churn and Hillstrom."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split

from mlmastery.contest import cross_validate_models
from mlmastery.customer_churn.models import make_model, published_model
from mlmastery.customer_churn.uplift import (
    TransformedOutcome,
    TwoModels,
    qini_area,
    qini_curve,
)
from mlmastery.datasets import (
    fingerprint,
    load_bank_churn,
    load_hillstrom,
    load_telco_churn,
)
from mlmastery.inference import bootstrap, paired_interval, percentile_interval
from mlmastery.ledger import Recorded, cpu_timed, write_recorded_table
from mlmastery.spread import Spread

__all__ = ["hillstrom_arms", "record"]

TELCO = "5 shuffled folds (seed 1) of the 80 % kept by a split with seed 1"
BANK = "5 stratified folds (seed 0) of all rows, identities dropped"
EMAIL = "men's e-mail against none; fitted on one half, judged on the other (seed 0)"
BEFORE = ["recency", "history", "mens", "womens", "newbie"]


def record(data_dir: Path) -> list[Recorded]:
    """Measure the published protocol and ours on the originals.

    Also writes the Qini curves to ``recorded/customer_churn/qini.csv``.

    Parameters
    ----------
    data_dir : Path
        Holds the folders ``telco_churn``, ``bank_churn`` and ``hillstrom``.

    Returns
    -------
    list of Recorded
    """
    return [*_telco(), *_bank(), *_hillstrom()]


def _telco() -> list[Recorded]:
    customers, sha = load_telco_churn(), fingerprint("telco_churn")
    train, _ = train_test_split(customers, test_size=0.2, random_state=1)
    y = (train["churn"] == "Yes").astype(int).to_numpy()
    X, cv = train.drop(columns="churn"), KFold(5, shuffle=True, random_state=1)
    runs = {
        "Telco, published model": (published_model(), X),
        "Telco, ours (logistic)": (make_model("logistic"), X),
        "Telco, ours (boosting)": (make_model("boosting"), X),
    }
    return _race(runs, y, cv, TELCO, sha)


def _bank() -> list[Recorded]:
    customers, sha = load_bank_churn(), fingerprint("bank_churn")
    y = customers["exited"].to_numpy()
    known = customers.drop(columns=["row_number", "customer_id", "surname", "exited"])
    X = pd.get_dummies(known, columns=["geography", "gender"]).astype(float)
    doubtful = X.drop(columns=["products", "active"]).to_numpy()
    runs = {
        "bank, boosting": (_boosting(LGBMClassifier), X.to_numpy()),
        "bank, boosting without products and active": (
            _boosting(LGBMClassifier),
            doubtful,
        ),
        "bank, logistic": (LogisticRegression(max_iter=5000), X / X.std()),
    }
    cv = StratifiedKFold(5, shuffle=True, random_state=0)
    return _race(runs, y, cv, BANK, sha)


def _boosting(kind: Callable[..., Any]) -> Any:
    return kind(
        n_estimators=100,
        num_leaves=8,
        learning_rate=0.05,
        min_child_samples=100,
        random_state=0,
        n_jobs=1,
        verbose=-1,
    )


def _race(runs: dict, y: np.ndarray, cv: Any, protocol: str, sha: str) -> list:
    """Score each on the same folds, and the others against the first."""
    scores, figures = {}, []
    for name, (model, X) in runs.items():
        contest = cross_validate_models(
            {name: model},
            X,
            y,
            cv,
            roc_auc_score,
            method="predict_proba",
        )
        scores[name] = contest.scores[name]
        spread = Spread.sd(scores[name].std())
        figures.append(
            Recorded(
                name,
                float(scores[name].mean()),
                spread,
                "AUC",
                protocol,
                float(contest.seconds[name]),
                sha,
            )
        )
    first, *others = runs
    for name in others:
        gain = paired_interval(scores[name], scores[first], 1 / 4)
        spread = Spread.interval(gain.low, gain.high)
        label = f"{name} − {first}"
        figures.append(
            Recorded(label, gain.mean, spread, "AUC gained", protocol, 0.0, sha)
        )
    return figures


def hillstrom_arms(customers: pd.DataFrame) -> tuple[pd.DataFrame, Any, Any]:
    """Return what was known before, the visits, and who got the men's e-mail.

    Customers with the women's e-mail are left out.
    """
    two = customers[customers["segment"] != "Womens E-Mail"]
    words = pd.get_dummies(two[["zip_code", "channel"]]).astype(float)
    X = two[BEFORE].astype(float).join(words)
    return X, two["visit"].to_numpy(float), (two["segment"] == "Mens E-Mail").to_numpy()


def _hillstrom() -> list[Recorded]:
    sha = fingerprint("hillstrom")
    X, visit, treated = hillstrom_arms(load_hillstrom())
    parts = train_test_split(
        X.to_numpy(), visit, treated, test_size=0.5, random_state=0, stratify=treated
    )
    X, X_test, y, y_test, w, w_test = parts
    learners: dict[str, Any] = {
        "two models": TwoModels(_boosting(LGBMClassifier)),
        "transformed outcome": TransformedOutcome(_boosting(LGBMRegressor)),
    }
    effect = y_test[w_test].mean() - y_test[~w_test].mean()
    draws = bootstrap(_effect, y_test, w_test, n_resamples=1000)
    spread = Spread.interval(*percentile_interval(draws))
    figures = [
        Recorded("e-mail, all", effect, spread, "visits gained", EMAIL, 0.0, sha)
    ]
    scores, curves = {}, []
    for name, learner in learners.items():
        fitted, seconds = cpu_timed(partial(learner.fit, X, y, w))
        scores[name] = fitted.predict(X_test)
        figures.append(_area(name, y_test, w_test, scores[name], seconds, sha))
        curves.append(_thinned(name, qini_curve(y_test, w_test, scores[name])))
    outcome = _boosting(LGBMClassifier).fit(X[~w], y[~w]).predict_proba(X_test)[:, 1]
    figures.append(_area("likely visitors first", y_test, w_test, outcome, 0.0, sha))
    curves.append(
        _thinned("likely visitors first", qini_curve(y_test, w_test, outcome))
    )
    figures.append(_gap(y_test, w_test, scores["two models"], outcome, sha))
    write_recorded_table(pd.concat(curves).round(6), "customer_churn", "qini")
    return figures


def _effect(y: np.ndarray, w: np.ndarray) -> float:
    return float(y[w].mean() - y[~w].mean())


def _area(
    name: str, y: Any, w: Any, score: np.ndarray, seconds: float, sha: str
) -> Recorded:
    draws = bootstrap(qini_area, y, w, score, n_resamples=300)
    spread = Spread.interval(*percentile_interval(draws))
    area = qini_area(y, w, score)
    label = f"e-mail, {name}"
    return Recorded(label, area, spread, "Qini area", EMAIL, seconds, sha)


def _gap(y: Any, w: Any, first: Any, second: Any, sha: str) -> Recorded:
    """Compare two rankings on the same resamples of the customers."""

    def gap(y: Any, w: Any, a: Any, b: Any) -> float:
        return qini_area(y, w, a) - qini_area(y, w, b)

    draws = bootstrap(gap, y, w, first, second, n_resamples=300)
    spread = Spread.interval(*percentile_interval(draws))
    label = "e-mail, two models − likely visitors first"
    area = gap(y, w, first, second)
    return Recorded(label, area, spread, "Qini area gained", EMAIL, 0.0, sha)


def _thinned(name: str, curve: pd.DataFrame) -> pd.DataFrame:
    rows = np.linspace(0, len(curve) - 1, 101).round().astype(int)
    return curve.iloc[rows].assign(ranking=name)
