"""Record how models are kept current on several worlds, not on one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.ledger import Recorded, write_recorded_table

from .anomaly_record import simulated_weeks
from .features import FEATURES
from .prequential import day_of
from .ranking import average_precision, daily_average_precision
from .updating import Feedback, PolicyRun, Refit, follow_feedback, follow_refits, weekly

__all__ = ["policies_table", "policy_runs", "policy_scores", "record_updating"]

FIRST, END, CHANGE = Refit(56, 42, 49), 98, 70
FED = ("alerts, rest genuine", "alerts", "alerts and audit")


def record_updating(data_dir: Path, seeds: Any = range(200, 208)) -> list[Recorded]:
    """Write the table of policies; it needs no original.

    Parameters
    ----------
    data_dir : Path
        Not read.
    seeds : iterable of int
        Of the simulated worlds.
    """
    table = policies_table(seeds).round(4)
    write_recorded_table(table, "fraud_detection", "anomalies_policies")
    return []


def policies_table(seeds: Any, n_customers: int = 3000) -> pd.DataFrame:
    """Return `policy_scores` of simulated worlds, one after the other.

    Parameters
    ----------
    seeds : iterable of int
    n_customers : int, default=3000
        Cards; there are twice as many terminals.
    """
    parts = []
    for seed in seeds:
        size = n_customers, 2 * n_customers
        world = simulated_weeks(seed, CHANGE, *size)
        parts.append(policy_scores(*world, random_state=seed).assign(world=seed))
    return pd.concat(parts, ignore_index=True)


def policy_runs(
    X: np.ndarray, fraud: np.ndarray, day: np.ndarray, random_state: int = 0
) -> dict[str, PolicyRun]:
    """Return the scores of days 56 to 97 by a fixed model and five that are refitted.

    Parameters
    ----------
    X : array of shape (n_rows, n_columns)
    fraud, day : array of shape (n_rows,)
    random_state : int, default=0
        Seed of the audit.
    """
    plans = {
        "fixed": [FIRST],
        "weekly, 7 days": weekly(FIRST.day, END, window=7),
        "weekly, 14 days": weekly(FIRST.day, END, window=14),
    }
    runs = {name: follow_refits(X, fraud, day, plan) for name, plan in plans.items()}
    for labels in FED:
        feedback = Feedback(labels, alerts_a_day=150)
        runs[labels] = follow_feedback(
            X, fraud, day, feedback, start=FIRST, end=END, random_state=random_state
        )
    return runs


def policy_scores(
    transactions: pd.DataFrame, features: pd.DataFrame, random_state: int = 0
) -> pd.DataFrame:
    """Return, for each policy, the mean daily average precision of each week.

    Parameters
    ----------
    transactions, features : DataFrame
        From `simulated_weeks`.
    random_state : int, default=0

    Returns
    -------
    DataFrame
        ``policy``, ``week 0`` to ``week 5``, and ``scenario 4``: average precision on
        the new scenario against genuine rows, days 84 to 97.
    """
    day = day_of(transactions["time"])
    kept = day >= FIRST.first - 7
    X, day = features.loc[kept, list(FEATURES)].to_numpy(), day[kept]
    fraud = transactions["fraud"].to_numpy()[kept]
    scenario = transactions["scenario"].to_numpy()[kept]
    served = day >= FIRST.day
    late = (day >= CHANGE + 14) & np.isin(scenario, (0, 4))
    rows = []
    for policy, run in policy_runs(X, fraud, day, random_state).items():
        daily = daily_average_precision(day[served], fraud[served], run.scores[served])
        weeks = daily.groupby((daily.index - FIRST.day) // 7).mean()
        row: dict[str, Any] = {f"week {k}": weeks[k] for k in weeks.index}
        new = average_precision(scenario[late] == 4, run.scores[late])
        rows.append({"policy": policy, **row, "scenario 4": new})
    return pd.DataFrame(rows)
