"""The Handbook's published table, repeated on its own transactions."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.ledger import cpu_timed

from .features import HANDBOOK, batch_features
from .prequential import Fold, day_of, split_at
from .ranking import average_precision, card_precision, card_precision_oracle
from .simulator import simulate

__all__ = [
    "MODELS",
    "PUBLISHED",
    "boosting_defaults",
    "compare_features",
    "compare_sizes",
    "handbook_fold",
    "handbook_table",
]

# AUC, average precision and card precision of section 3.4 of the Handbook.
PUBLISHED = {
    "logistic": (0.871, 0.606, 0.291),
    "tree, depth 2": (0.763, 0.496, 0.241),
    "tree": (0.788, 0.309, 0.243),
    "forest": (0.867, 0.658, 0.287),
    "boosted": (0.862, 0.639, 0.273),
}
MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "logistic": ("logistic", {"max_iter": 100}),
    "tree, depth 2": ("tree", {"max_depth": 2}),
    "tree": ("tree", {}),
    "forest": ("forest", {}),
    "boosted": ("boosted", {}),
}
FIRST_DAY = 115  # 25 July 2018
OURS = {"NB_TX": "count", "AVG_AMOUNT": "mean", "RISK": "risk"}


def handbook_fold(transactions: pd.DataFrame) -> Fold:
    """Return the Handbook's rows: a week of training, a week's delay, a week's test.

    Parameters
    ----------
    transactions : DataFrame
        From ``load_fraud_handbook``.
    """
    return split_at(transactions, FIRST_DAY)


def compare_features(
    transactions: pd.DataFrame, published: pd.DataFrame
) -> pd.DataFrame:
    """Compare our features with the Handbook's, row by row.

    Parameters
    ----------
    transactions : DataFrame
        All of ``load_fraud_handbook``.
    published : DataFrame
        From ``load_fraud_handbook_features``.

    Returns
    -------
    DataFrame
        For each column: rows, rows that differ, and the largest difference of the others.
    """
    ours = batch_features(transactions).loc[published["TRANSACTION_ID"]]
    rows = []
    for theirs, name in zip(published.columns[1:], HANDBOOK[1:], strict=True):
        gap = np.abs(ours[name].to_numpy() - published[theirs].to_numpy())
        off = gap > 1e-6
        rows.append((name, len(gap), int(off.sum()), float(gap[~off].max())))
    return pd.DataFrame(rows, columns=["feature", "rows", "differ", "largest"])


def compare_sizes(transactions: pd.DataFrame, n_worlds: int = 10) -> pd.DataFrame:
    """Compare the Handbook's counts with those of worlds that we simulate.

    Parameters
    ----------
    transactions : DataFrame
    n_worlds : int, default=10

    Returns
    -------
    DataFrame
        For each count: the Handbook's, our mean and our standard deviation.
    """
    theirs = _counts(transactions)
    ours = [_counts(simulate(random_state=i).transactions) for i in range(n_worlds)]
    table = pd.DataFrame({"handbook": theirs, "mean": pd.DataFrame(ours).mean()})
    table["sd"] = pd.DataFrame(ours).std(ddof=1)
    return table.rename_axis("what").reset_index()


def _counts(transactions: pd.DataFrame) -> pd.Series:
    kinds = transactions["scenario"].value_counts()
    counts = {"transactions": len(transactions)}
    counts["frauds, %"] = 100 * transactions["fraud"].mean()
    return pd.Series(counts | {f"scenario {k}": kinds[k] for k in (1, 2, 3)})


def _score(
    name: str, settings: dict[str, Any], x: np.ndarray, y: np.ndarray, fold: Fold
) -> np.ndarray:
    from sklearn.preprocessing import StandardScaler

    from .models import candidate

    scale = StandardScaler().fit(x[fold.train])
    model = candidate(name, **settings).fit(
        scale.transform(x[fold.train]), y[fold.train]
    )
    return model.predict_proba(scale.transform(x[fold.test]))[:, 1]


def _judge(transactions: pd.DataFrame, fold: Fold, scores: np.ndarray) -> list[float]:
    from sklearn.metrics import roc_auc_score

    test = transactions.iloc[fold.test]
    day = day_of(transactions["time"])[fold.test]
    cards = card_precision(day, test["customer"], test["fraud"], scores).mean()
    area = roc_auc_score(test["fraud"], scores)
    return [area, average_precision(test["fraud"], scores), float(cards)]


def handbook_table(transactions: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Train the Handbook's five models with their defaults, and return the oracle too.

    Parameters
    ----------
    transactions : DataFrame
        All of ``load_fraud_handbook``.

    Returns
    -------
    table : DataFrame
        AUC, average precision and card precision at 100, published and ours.
    oracle : float
        The card precision of a ranking by the labels.
    """
    fold = handbook_fold(transactions)
    x = batch_features(transactions)[list(HANDBOOK)].to_numpy()
    y = transactions["fraud"].to_numpy()
    rows = []
    for model, (name, settings) in MODELS.items():
        scores, seconds = cpu_timed(partial(_score, name, settings, x, y, fold))
        rows.append(
            (model, *PUBLISHED[model], *_judge(transactions, fold, scores), seconds)
        )
    columns = ["model", "AUC pub.", "AP pub.", "CP pub.", "AUC", "AP", "CP", "cpu_s"]
    test = transactions.iloc[fold.test]
    day = day_of(transactions["time"])[fold.test]
    oracle = card_precision_oracle(day, test["customer"], test["fraud"]).mean()
    return pd.DataFrame(rows, columns=columns), float(oracle)


def boosting_defaults(transactions: pd.DataFrame) -> pd.DataFrame:
    """Vary two defaults of XGBoost, each with and without the other.

    Parameters
    ----------
    transactions : DataFrame
        All of ``load_fraud_handbook``.

    Returns
    -------
    DataFrame
        tree_method, base_score, AUC, AP, CP.
    """
    fold = handbook_fold(transactions)
    x = batch_features(transactions)[list(HANDBOOK)].to_numpy()
    y = transactions["fraud"].to_numpy()
    rows = []
    for method in ("hist", "exact"):
        for start in ("estimated", "0.5"):
            settings: dict[str, Any] = {"tree_method": method}
            settings |= {"base_score": 0.5} if start == "0.5" else {}
            scores = _score("boosted", settings, x, y, fold)
            rows.append((method, start, *_judge(transactions, fold, scores)))
    return pd.DataFrame(rows, columns=["tree_method", "base_score", "AUC", "AP", "CP"])
