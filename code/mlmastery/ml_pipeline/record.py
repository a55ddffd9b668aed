"""Record the builder's pipelines on the German credit data, beside a benchmark's figures."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sklearn.model_selection import StratifiedKFold, cross_val_score

from mlmastery.datasets import fingerprint, load_amlb_2019, load_german_credit
from mlmastery.ledger import Recorded, cpu_timed
from mlmastery.spread import Spread

from .builder import MODELS, build_pipeline

__all__ = ["record"]

TARGET = "credit"
PUBLISHED = ("randomforest", "autosklearn", "tpot", "h2oautoml")


def record(data_dir: Path) -> list[Recorded]:
    """Cross-validate each model on ten folds, and copy the benchmark's means.

    Parameters
    ----------
    data_dir : Path
        Not read: the loaders know where the data are.

    Returns
    -------
    list of Recorded
    """
    df, sha = load_german_credit(), fingerprint("german_credit")
    table = df.assign(**{TARGET: df[TARGET].map({1: "good", 2: "bad"})})
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    figures = []
    for model in MODELS:
        pipeline = build_pipeline(table, TARGET, model=model)
        X, y = table.drop(columns=TARGET), table[TARGET] == "bad"
        work = partial(cross_val_score, pipeline, X, y, cv=folds, scoring="roc_auc")
        scores, seconds = cpu_timed(work)
        spread = Spread.sd(float(scores.std(ddof=1)))
        protocol = "10 stratified folds of our own"
        figures.append(
            Recorded(
                f"credit-g, {model}",
                float(scores.mean()),
                spread,
                "AUC",
                protocol,
                seconds,
                sha,
            )
        )
    return figures + _published()


def _published() -> list[Recorded]:
    frame = load_amlb_2019()
    folds = frame[frame["task"] == "credit-g"].groupby("framework")["auc"]
    sha = fingerprint("amlb_2019")
    return [
        Recorded(
            f"AMLB credit-g, {name}",
            float(folds.mean()[name]),
            Spread.sd(float(folds.std()[name])),
            "AUC",
            "published: 10 folds of OpenML, an hour each on eight cores",
            0.0,
            sha,
        )
        for name in PUBLISHED
    ]
