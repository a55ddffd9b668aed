"""Daily rates of a booster and a detector in service, and the alarms on them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import check_count

from .drift import AlarmRate, precision_by_day
from .features import FEATURES
from .one_class import one_class
from .prequential import day_of
from .updating import fit_boosted

__all__ = ["KINDS", "LABEL_FREE", "daily_rates", "watch_world"]

LABEL_FREE: tuple[str, ...] = tuple(f for f in FEATURES if "risk" not in f)
KINDS = {"alerts": "count", "odd": "count", "precision": "share", "found": "share"}


def daily_rates(
    transactions: pd.DataFrame,
    features: pd.DataFrame,
    alerts_a_day: int = 100,
    day: Any = None,
) -> pd.DataFrame:
    """Return four daily rates of a booster and a detector in service from day 49.

    Thresholds come from days 49 to 55.

    Parameters
    ----------
    transactions, features : DataFrame
    alerts_a_day : int, default=100
    day : array of int, shape (n_rows,), optional
        Day of each row; without it, counted from the first row's day.

    Returns
    -------
    DataFrame
        Indexed by day 56 to 97: ``alerts`` and ``odd`` (counts), ``precision`` of
        alerts and ``found``, the share of confirmed frauds that were alerted, as they
        are known on the day.
    """
    day = day_of(transactions["time"]) if day is None else np.asarray(day)
    n_days = int(day.max()) + 1
    fraud = transactions["fraud"].to_numpy()
    train = np.flatnonzero((day >= 42) & (day < 49))
    served = np.flatnonzero(day >= 49)
    booster = fit_boosted(features.iloc[train].to_numpy(), fraud[train])
    score = _in_parts(booster, features, served)
    free = features[list(LABEL_FREE)]
    few = np.random.default_rng(0).choice(train, 2000, replace=False)
    svm = one_class(0.02, 0.03).fit(free.iloc[few].to_numpy())
    odd = -_in_parts(svm.decision_function, free, served)
    when, fraud = day[served], fraud[served].astype(bool)
    alerts = 7 * check_count(alerts_a_day, "alerts_a_day")
    limit, strange = (np.sort(s[when < 56])[-alerts - 1] for s in (score, odd))
    rates = {}
    rates["alerts"] = np.bincount(when[score > limit], minlength=n_days)
    rates["odd"] = np.bincount(when[odd > strange], minlength=n_days)
    rates["precision"] = precision_by_day(when, score > limit, fraud, n_days)
    rates["found"] = precision_by_day(when, fraud, score > limit, n_days)
    return pd.DataFrame(rates).loc[56:]


def _in_parts(score: Any, table: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    """Return scores of rows of a table, of which few are copied at a time."""
    parts = np.array_split(rows, 1 + len(rows) // 20_000)
    return np.concatenate([score(table.iloc[part].to_numpy()) for part in parts])


def watch_world(
    transactions: pd.DataFrame, features: pd.DataFrame, false_alarm: float = 0.01
) -> pd.DataFrame:
    """Count alarms of each rate from day 70 on; days 56 to 69 are the reference.

    What is known of precision on days 56 to 69 concerns alerts of days 49 to 62.

    Parameters
    ----------
    transactions, features : DataFrame
    false_alarm : float, default=0.01
        Of each chart, on a stable day.

    Returns
    -------
    DataFrame
        ``rate``, ``days`` watched, ``alarms`` and ``first``, the days until the first
        alarm, -1 where there was none.
    """
    rates = daily_rates(transactions, features)
    rows = []
    for name, kind in KINDS.items():
        chart = AlarmRate(rates[name].loc[56:69], false_alarm, kind)
        watched = rates[name].loc[70:]
        rang = [d for d, value in watched.items() if chart.update(value)]
        rows.append((name, len(watched), len(rang), rang[0] - 70 if rang else -1))
    return pd.DataFrame(rows, columns=["rate", "days", "alarms", "first"])
