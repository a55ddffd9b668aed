"""Record detectors on the real cards, online models on the Handbook, alarms on worlds."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from mlmastery.datasets import (
    fingerprint,
    load_card_fraud,
    load_fraud_handbook,
    load_fraud_handbook_features,
)
from mlmastery.ledger import Recorded, cpu_timed, write_recorded_table
from mlmastery.spread import Spread

from .autoencoder import Autoencoder, pca_errors
from .features import batch_features
from .isolation import IsolationTrees
from .one_class import consistent_gamma, one_class
from .online import OnlineScorer, RiverScorer, follow_stream
from .prequential import day_of
from .ranking import average_precision, card_precision
from .simulator import simulate
from .updating import appears, fit_boosted
from .watching import LABEL_FREE, watch_world

__all__ = [
    "alarms_table",
    "cards_table",
    "online_table",
    "record_anomalies",
    "simulated_weeks",
    "world_scores",
    "worlds_table",
]

N_DAYS = 98
GAMMAS = (0.003, 0.01, 0.03, 0.1, 0.3)
WHOLE = "whole set, no labels, no split"
IN_TIME = "first 70 % of the time without labels, judged on the last 30 %"


def record_anomalies(data_dir: Path, seeds: Any = range(100, 120)) -> list[Recorded]:
    """Run what the page on anomalies shows as recorded, and write its tables.

    Parameters
    ----------
    data_dir : Path
        Holds the real cards and the Handbook's files.
    seeds : iterable of int
        Of the simulated worlds.
    """
    cards, payments = load_card_fraud(), load_fraud_handbook()
    features = load_fraud_handbook_features()
    hashes = {name: fingerprint(name) for name in ("card_fraud", "fraud_handbook")}
    table, seconds = cpu_timed(partial(cards_table, cards))
    write_recorded_table(table.round(4), "fraud_detection", "anomalies_cards")
    whole = table[(table["protocol"] == "whole") & (table["detector"] == "isolation")]
    online, online_seconds = cpu_timed(partial(online_table, payments, features))
    write_recorded_table(online.round(4), "fraud_detection", "anomalies_online")
    _write(worlds_table(seeds).round(4), "anomalies_worlds")
    _write(alarms_table(seeds), "anomalies_alarms")
    late = online.set_index("run").loc["logistic, 7 days"]
    return [
        Recorded(
            "isolation forest, real cards",
            float(whole["AP"].mean()),
            Spread.sd(float(whole["AP"].std(ddof=1))),
            "average precision",
            f"{WHOLE}; three seeds",
            seconds,
            hashes["card_fraud"],
        ),
        Recorded(
            "online logistic, labels after 7 days",
            float(late["AP"]),
            None,
            "average precision",
            "Handbook, 8 to 14 August, scored, then learned; from 25 July",
            online_seconds,
            hashes["fraud_handbook"],
        ),
    ]


def _write(table: pd.DataFrame, name: str) -> None:
    write_recorded_table(table, "fraud_detection", name)


def cards_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return AUC and AP of detectors on the real cards, by two protocols.

    Parameters
    ----------
    frame : DataFrame
        The real cards in their order.
    """
    from sklearn.ensemble import IsolationForest

    X = frame.drop(columns=["Time", "Class"]).to_numpy(float)
    fraud = frame["Class"].to_numpy()
    early = (frame["Time"] <= 0.7 * frame["Time"].max()).to_numpy()
    rows = []

    def add(detector: str, protocol: str, scores: np.ndarray, judged: Any) -> None:
        area = float(roc_auc_score(fraud[judged], scores[judged]))
        found = average_precision(fraud[judged], scores[judged])
        rows.append((detector, protocol, area, found))

    every = np.ones(len(X), bool)
    for seed in range(3):
        forest = IsolationForest(random_state=seed)
        add("isolation", "whole", -forest.fit(X).score_samples(X), every)
        add("isolation", "in time", -forest.fit(X[early]).score_samples(X), ~early)
        ours = IsolationTrees(random_state=seed).fit(X)
        add("isolation, ours", "whole", ours.score(X), every)
    rng = np.random.default_rng(0)
    for seed in range(3):
        drawn = rng.choice(np.flatnonzero(early), 4000, replace=False)
        gamma, _ = consistent_gamma(X[drawn], GAMMAS, 0.02)
        svm = one_class(0.02, gamma).fit(X[drawn])
        add("one-class SVM", "in time", -svm.decision_function(X), ~early)
        network = Autoencoder(random_state=seed).fit(X[early][::8])
        add("autoencoder", "in time", network.score(X), ~early)
    return pd.DataFrame(rows, columns=["detector", "protocol", "AUC", "AP"])


def online_table(payments: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    """Return AUC, AP and speed of online models on the Handbook's three weeks.

    The last week is judged.

    Parameters
    ----------
    payments, features : DataFrame
        The Handbook's transactions and its features.
    """
    from river import anomaly, tree

    rows = payments.merge(features, left_on="id", right_on="TRANSACTION_ID")
    names = ["amount", *(c for c in features if c != "TRANSACTION_ID")]
    X, fraud = rows[names].to_numpy(float), rows["fraud"].to_numpy()
    seconds = rows["time"].astype("datetime64[s]").astype("int64").to_numpy()
    # In the first week no label has come; the last one is the Handbook's test week.
    judged = seconds >= seconds[0] - seconds[0] % 86_400 + 14 * 86_400
    # Half-space trees want values between 0 and 1; the first rows give the scale.
    scale = np.maximum(X[:5000].max(axis=0), 1e-9)
    river_tree = tree.HoeffdingAdaptiveTreeClassifier(seed=0)
    models = {
        "logistic, at once": (OnlineScorer(names), X, 0),
        "logistic, 7 days": (OnlineScorer(names), X, 7),
        "adaptive tree, at once": (RiverScorer(river_tree, names), X, 0),
        "half-space trees": (
            RiverScorer(anomaly.HalfSpaceTrees(seed=0), names),
            X / scale,
            0,
        ),
    }
    table = []
    for name, (model, inputs, delay) in models.items():
        run = partial(follow_stream, model, inputs, fraud, seconds, delay)
        scores, took = cpu_timed(run)
        area = float(roc_auc_score(fraud[judged], scores[judged]))
        found = average_precision(fraud[judged], scores[judged])
        table.append((name, area, found, round(len(X) / took)))
    return pd.DataFrame(table, columns=["run", "AUC", "AP", "events a CPU s"])


def worlds_table(seeds: Any, n_worlds: int = 8) -> pd.DataFrame:
    """Return `world_scores` of the first worlds, one after the other."""
    few = list(seeds)[:n_worlds]
    parts = [world_scores(*simulated_weeks(seed)).assign(world=seed) for seed in few]
    return pd.concat(parts)


def alarms_table(seeds: Any) -> pd.DataFrame:
    """Return `watch_world` of each world, with the new scenario and without."""
    parts = [
        watch_world(*simulated_weeks(seed, begins)).assign(state=state, world=seed)
        for seed in seeds
        for state, begins in (("stable", N_DAYS), ("changed", 70))
    ]
    return pd.concat(parts)


def simulated_weeks(
    seed: int, begins: int = 70, n_customers: int = 5000, n_terminals: int = 10_000
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return fourteen simulated weeks in which scenario 4 begins on a day.

    Parameters
    ----------
    seed : int
    begins : int, default=70
        98: it never begins.
    n_customers, n_terminals : int

    Returns
    -------
    transactions, features : DataFrame
    """
    world = simulate(n_customers, n_terminals, N_DAYS, travel=3, random_state=seed)
    table = world.transactions
    table = appears(table, day_of(table["time"]), 4, begins)
    places = {"customers": world.customers, "terminals": world.terminals}
    return table, batch_features(table, **places)


def _detectors(X: np.ndarray, train: np.ndarray, seed: int) -> dict[str, Any]:
    from sklearn.ensemble import IsolationForest
    from sklearn.neighbors import LocalOutlierFactor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(seed)
    few = rng.choice(np.flatnonzero(train), 4000, replace=False)
    forest = IsolationForest(random_state=seed).fit(X[train])
    gamma, _ = consistent_gamma(X[few], GAMMAS, 0.02)
    svm = one_class(0.02, gamma).fit(X[few])
    lof = make_pipeline(StandardScaler(), LocalOutlierFactor(novelty=True)).fit(X[few])
    network = Autoencoder(random_state=seed).fit(X[np.flatnonzero(train)[::5]])
    large = IsolationForest(max_samples=len(few), random_state=seed).fit(X[few])
    scaler = StandardScaler().fit(X[few])
    plane = scaler.transform(X[few])
    return {
        "isolation forest": lambda new: -forest.score_samples(new),
        "forest, 4,000 rows": lambda new: -large.score_samples(new),
        "PCA, 4 axes": lambda new: pca_errors(plane, scaler.transform(new), 4).sum(1),
        "one-class SVM": lambda new: -svm.decision_function(new),
        "autoencoder": network.score,
        "LOF": lambda new: -lof.score_samples(new),
    }


def world_scores(transactions: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    """Return the average precision of detectors on a world, for each scenario.

    Scores of scenarios 1 to 3 together are ``all``, and card precision ``CP@100``.
    Trained on days 42 to 48; scenarios 1 to 3 are judged on days 56 to 69, scenario 4
    on days 70 to 83, which the booster could not have seen.

    Parameters
    ----------
    transactions, features : DataFrame
        From `simulated_weeks`.
    """
    day = day_of(transactions["time"])
    scenario = transactions["scenario"].to_numpy()
    train, served = (day >= 42) & (day < 49), np.flatnonzero((day >= 56) & (day < 84))
    X = features[list(LABEL_FREE)].to_numpy()
    scores = {k: f(X[served]) for k, f in _detectors(X, train, 0).items()}
    ratio = features["amount_ratio"].to_numpy()
    scores["amount ratio"] = ratio[served]
    whole = features.to_numpy()
    booster = fit_boosted(whole[train], transactions["fraud"].to_numpy()[train])
    scores["booster, labels"] = booster(whole[served])
    late = day[served] >= 70
    known = day[served][~late], transactions["customer"].to_numpy()[served][~late]
    rows = []
    for name, values in scores.items():
        row: dict[str, Any] = {"detector": name}
        for number in (1, 2, 3, 4):
            here = late if number == 4 else ~late
            kept = here & np.isin(scenario[served], (0, number))
            hit = (scenario[served][kept] == number).astype(int)
            row[f"scenario {number}"] = average_precision(hit, values[kept])
        hit = (scenario[served][~late] > 0).astype(int)
        row["all"] = average_precision(hit, values[~late])
        row["CP@100"] = card_precision(*known, hit, values[~late]).mean()
        rows.append(row)
    return pd.DataFrame(rows)
