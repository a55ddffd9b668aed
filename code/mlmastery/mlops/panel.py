"""Drift of each feature and the metrics of the alerts, day by day.

>>> days = pd.date_range("2013-01-01", periods=40).repeat(4)
>>> tables = {"x": DayCounts(pd.Series([1, 2, 3, 4] * 40), days)}
>>> drift_panel(tables, ["x"], "2013-01-01", "2013-02-01", "2013-02-08", 7).round(2)
   psi  threshold  drifting
x  0.0        0.0     False
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from .days import DayCounts, day_threshold
from .psi import psi_from_counts

__all__ = ["daily_metrics", "drift_panel", "false_alarm_rates"]

DAY = pd.Timedelta(days=1)


def drift_panel(
    tables: Mapping[str, DayCounts],
    columns: Iterable[str],
    start: str | pd.Timestamp,
    stop: str | pd.Timestamp,
    now: str | pd.Timestamp,
    days: int = 28,
) -> pd.DataFrame:
    """Compare the last days with those of the training, feature by feature.

    Parameters
    ----------
    tables : mapping of str to DayCounts
    columns : iterable of str
        Features to show.
    start, stop : str or Timestamp
        First day of the training, and the day after its last.
    now : str or Timestamp
        The day after the last one that is compared.
    days : int, default=28

    Returns
    -------
    DataFrame
        Indexed by feature: ``psi``, ``threshold`` (95 % quantile when days of the
        training are dealt out), ``drifting``.
    """
    start, stop, now = map(pd.Timestamp, (start, stop, now))
    rows = {}
    for column in columns:
        reference = tables[column].between(start, stop)
        current = tables[column].between(now - days * DAY, now)
        index = psi_from_counts(reference.sum(axis=0), current.sum(axis=0))
        window = min(len(current), len(reference) - 1)
        limit = day_threshold(reference, window, random_state=0)
        rows[column] = {"psi": index, "threshold": limit, "drifting": index > limit}
    return pd.DataFrame(rows).T.astype(
        {"psi": float, "threshold": float, "drifting": bool}
    )


def false_alarm_rates(
    tables: Mapping[str, DayCounts],
    columns: Iterable[str],
    start: str | pd.Timestamp,
    stop: str | pd.Timestamp,
    spans: Mapping[int, float] = MappingProxyType({28: 0.95, 7: 0.99}),
) -> pd.DataFrame:
    """Count how often neighbouring days of the training exceed their own threshold.

    Parameters
    ----------
    tables : mapping of str to DayCounts
    columns : iterable of str
    start, stop : str or Timestamp
        First day of the training, and the day after its last.
    spans : mapping of int to float
        Days of a span, and the quantile of its threshold; by default those of
        `drift_panel` and `daily_metrics`.

    Returns
    -------
    DataFrame
        One row a span, one column a feature: the share of the spans whose index against
        all other days exceeds the threshold; last ``any``, of at least one feature.

    Examples
    --------
    >>> days = pd.date_range("2013-01-01", periods=40).repeat(4)
    >>> tables = {"x": DayCounts(pd.Series([1, 2, 3, 4] * 40), days)}
    >>> rates = false_alarm_rates(tables, ["x"], "2013-01-01", "2013-02-10")
    >>> rates["any"].tolist()
    [0.0, 0.0]
    """
    start, stop = map(pd.Timestamp, (start, stop))
    rows = {}
    for days, quantile in spans.items():
        over = {}
        for column in columns:
            counts = tables[column].between(start, stop)
            total = counts.sum(axis=0)
            limit = day_threshold(counts, days, quantile, random_state=0)
            parts = [
                counts[i : i + days].sum(axis=0) for i in range(len(counts) - days + 1)
            ]
            index = [psi_from_counts(total - part, part) for part in parts]
            over[column] = np.array(index) > limit
        table = pd.DataFrame(over)
        rows[f"{days} days"] = {**table.mean(), "any": table.any(axis=1).mean()}
    return pd.DataFrame(rows).T


def daily_metrics(
    tables: Mapping[str, DayCounts],
    columns: Iterable[str],
    chart: pd.Series,
    frame: pd.DataFrame,
    start: str,
    days: int = 7,
    quantile: float = 0.99,
) -> pd.DataFrame:
    """Compute the metrics of the alert rules for each day.

    Parameters
    ----------
    tables : mapping of str to DayCounts
    columns : iterable of str
        Features to watch.
    chart : Series
        Level of the chart as a share of its limit, indexed by day.
    frame : DataFrame
        Rows with ``date`` and the columns: a feature is frozen on a day on which it
        has one value, unless that happened in the reference too.
    start : str
        First day in service; all earlier days are the reference.
    days : int, default=7
        Length of the window that is compared.
    quantile : float, default=0.99
        Of the index within the reference, above which a feature drifts.

    Returns
    -------
    DataFrame
        Indexed by day: ``delays_cusum``, ``delays_features_drifting``,
        ``delays_features_frozen``.

    Examples
    --------
    >>> day = pd.date_range("2013-01-01", periods=20)
    >>> frame = pd.DataFrame({"date": day.repeat(2), "x": [1, 2] * 20})
    >>> tables = {"x": DayCounts(frame["x"], frame["date"])}
    >>> chart = pd.Series(0.0, day)
    >>> daily_metrics(tables, ["x"], chart, frame, "2013-01-11").shape
    (10, 3)
    """
    first = pd.Timestamp(start)
    table = pd.DataFrame({"delays_cusum": chart[chart.index >= first]})
    table["delays_features_drifting"] = 0
    constant = frame.groupby("date")[list(columns)].nunique() == 1
    # Rain, zero all day on dry days, cannot be watched so.
    watched = ~constant[constant.index < first].any()
    frozen = constant.loc[:, watched].sum(axis=1)
    table["delays_features_frozen"] = frozen.reindex(table.index, fill_value=0)
    for column in columns:
        counts = tables[column]
        before = counts.counts[counts.days < first]
        total = before.sum(axis=0)
        limit = day_threshold(before, days, quantile, random_state=0)
        for day in table.index:
            window = counts.between(day - (days - 1) * DAY, day + DAY)
            drifts = psi_from_counts(total, window.sum(axis=0)) > limit
            table.loc[day, "delays_features_drifting"] += int(drifts)
    return table
