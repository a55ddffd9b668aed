"""How long customers stay: Kaplan-Meier by hand, and Cox's regression."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mlmastery.customer_churn.checks import is_flag
from mlmastery.validation import as_numbers, check_choice, check_number, check_share

__all__ = ["SurvivalCurve", "cox_log_likelihood", "cox_table", "kaplan_meier"]


@dataclass(frozen=True)
class SurvivalCurve:
    """Shares still there after each time, from `kaplan_meier`.

    Parameters
    ----------
    table : DataFrame
        One row per time with an event: ``at_risk``, ``events``, ``survival``, ``low``
        and ``high``, indexed by time.
    last : float
        The longest duration, beyond which the curve says nothing.
    """

    table: pd.DataFrame
    last: float

    def at(self, times: Any) -> np.ndarray:
        """Return S(t), the share that stays longer than t.

        Raises
        ------
        ValueError
            If a time is negative or beyond the longest duration.
        """
        t = as_numbers(times, "times")
        if not ((t >= 0) & (t <= self.last)).all():
            raise ValueError(
                f"times must lie between 0 and {self.last:g}, the longest duration; "
                f"got {t.min():g} to {t.max():g}"
            )
        steps = np.concatenate([[1.0], self.table["survival"]])
        return steps[np.searchsorted(self.table.index, t, side="right")]

    @property
    def median(self) -> float:
        """First time at which no more than half are left; infinite if there is none."""
        below = self.table.index[self.table["survival"] <= 0.5 + 1e-12]
        return float(below[0]) if len(below) else np.inf

    def restricted_mean(self, until: float | None = None) -> tuple[float, float]:
        """Return the mean time within ``until``, with its standard error.

        The area under the curve. Its variance sums, over the events, the squared area
        that is still to come times Greenwood's term.
        """
        end = self.last if until is None else check_number(until, "until", 0, self.last)
        rows = self.table[self.table.index < end]
        edges = np.concatenate([[0.0], rows.index.to_numpy(float), [end]])
        areas = np.diff(edges) * np.concatenate([[1.0], rows["survival"]])
        to_come = areas[::-1].cumsum()[::-1][1:]
        variance = (to_come**2 * _greenwood(rows)).sum()
        return float(areas.sum()), float(np.sqrt(variance))


def kaplan_meier(
    durations: Any, events: Any, confidence: float = 0.95, interval: str = "log-log"
) -> SurvivalCurve:
    """Estimate the share that stays longer than each time, leavers and others.

    Customers who are still there count as being at risk up to their duration and not
    afterwards. A duration of 0 is taken: it is at risk at time 0 only, so that one
    without an event changes nothing.

    Parameters
    ----------
    durations : array of shape (n,)
        At least 0, in any one unit.
    events : array of bool or 0/1, shape (n,)
        Whether the duration ended by the event; else it is censored.
    confidence : float, default=0.95
    interval : {"log-log", "log"}, default="log-log"
        Scale on which the interval is symmetric; R's ``survfit`` takes "log".

    Returns
    -------
    SurvivalCurve

    Raises
    ------
    ValueError
        If there is no row, a duration is negative or missing, or an event is not 0/1.

    References
    ----------
    .. [1] Kaplan and Meier (1958), "Nonparametric Estimation from Incomplete
       Observations", Journal of the American Statistical Association 53.

    Examples
    --------
    >>> curve = kaplan_meier([1, 2, 2, 3], [1, 0, 1, 0])
    >>> curve.at([0, 1, 2, 3]).tolist()
    [1.0, 0.75, 0.5, 0.5]
    """
    check_share(confidence, "confidence")
    check_choice(interval, "interval", ("log-log", "log"))
    time, event = _check_durations(durations, events)
    times = np.unique(time[event])
    table = pd.DataFrame(index=pd.Index(times, name="time"))
    table["at_risk"] = len(time) - np.searchsorted(np.sort(time), times, side="left")
    table["events"] = [int((time[event] == t).sum()) for t in times]
    table["survival"] = (1 - table["events"] / table["at_risk"]).cumprod()
    z = stats.norm.ppf((1 + confidence) / 2)
    table["low"], table["high"] = _limits(table, z, interval)
    return SurvivalCurve(table, float(time.max()))


def _greenwood(table: pd.DataFrame) -> pd.Series:
    """Return the terms d / (n (n - d)) of the variance of log S."""
    n, d = table["at_risk"], table["events"]
    # Where all leave, S is 0 from then on and the term has nothing to multiply.
    return (d / (n * (n - d))).where(n > d, 0.0)


def _limits(table: pd.DataFrame, z: float, interval: str) -> tuple[Any, Any]:
    """Return the ends of the interval; where S is 0 they are not defined."""
    s = table["survival"].where(table["survival"] > 0)
    error = np.sqrt(_greenwood(table).cumsum())
    if interval == "log":
        return s * np.exp(-z * error), (s * np.exp(z * error)).clip(upper=1)
    stretch = np.exp(z * error / np.log(s).abs())
    return s**stretch, s ** (1 / stretch)


def _check_durations(durations: Any, events: Any) -> tuple[np.ndarray, np.ndarray]:
    if np.asarray(durations).dtype.kind in "mM":
        raise ValueError("durations must be numbers in one unit, got times or dates")
    time, event = as_numbers(durations, "durations"), np.asarray(events)
    if time.ndim != 1 or time.shape != event.shape or not len(time):
        raise ValueError(
            "durations and events must have one entry per row, at least one; "
            f"got shapes {time.shape} and {event.shape}"
        )
    if not (time >= 0).all() or not np.isfinite(time).all():
        wrong = time[~((time >= 0) & np.isfinite(time))][0]
        raise ValueError(f"durations must be at least 0 and finite, got {wrong}")
    if not is_flag(event).all():
        kinds = list(dict.fromkeys(event.tolist()))[:5]
        raise ValueError(f"events must be 0 or 1, got {kinds}")
    return time, event.astype(bool)


def _check_columns(X: Any, n_rows: int) -> np.ndarray:
    """Return the columns as numbers, one row per duration, or raise."""
    frame = pd.DataFrame(X)
    columns = [as_numbers(frame.iloc[:, i], f"X[{n!r}]") for i, n in enumerate(frame)]
    if len(frame) != n_rows or not columns:
        raise ValueError(
            f"X must have a column and a row for each of {n_rows} durations, "
            f"got shape {frame.shape}"
        )
    for name, column in zip(frame, columns, strict=True):
        if not np.isfinite(column).all():
            raise ValueError(f"X must be finite, got a gap or infinity in {name!r}")
    return np.column_stack(columns)


def _check_rank(values: np.ndarray, names: list[Any]) -> None:
    """Refuse a column that is constant, or a sum of the columns before it."""
    for i, name in enumerate(names):
        part = np.column_stack([np.ones(len(values)), values[:, : i + 1]])
        if np.linalg.matrix_rank(part) < part.shape[1]:
            raise ValueError(
                f"X must not repeat itself, got {name!r}, "
                "which is constant or follows from the columns before it"
            )


def cox_log_likelihood(beta: Any, durations: Any, events: Any, X: Any) -> float:
    """Return Cox's partial log-likelihood, ties by Breslow.

    Each leaver is compared with all who were at risk when he or she left.

    Parameters
    ----------
    beta : array of shape (n_features,)
        Logarithms of hazard ratios.
    durations, events : array of shape (n,)
    X : array of shape (n, n_features)

    References
    ----------
    .. [1] Cox (1972), "Regression Models and Life-Tables", Journal of the Royal
       Statistical Society B 34(2).

    Examples
    --------
    >>> round(cox_log_likelihood([0.0], [1, 2], [1, 1], [[0], [1]]), 4)  # log(1/2 · 1)
    -0.6931
    """
    time, event = _check_durations(durations, events)
    values, beta = _check_columns(X, len(time)), as_numbers(beta, "beta")
    if beta.shape != values.shape[1:]:
        raise ValueError(
            f"beta must be one number per column of X, {values.shape[1]}, "
            f"got shape {beta.shape}"
        )
    score = values @ beta
    order = np.argsort(-time, kind="stable")
    # In order of falling duration, the risk set of a row is all rows up to it, ties
    # included.
    sums = np.logaddexp.accumulate(score[order])
    last_tie = np.searchsorted(-time[order], -time[event], side="right") - 1
    return float((score[event] - sums[last_tie]).sum())


def cox_table(
    durations: Any, events: Any, X: pd.DataFrame, ties: str = "efron"
) -> pd.DataFrame:
    """Fit Cox's regression with statsmodels and return the hazard ratios.

    Parameters
    ----------
    durations, events : array of shape (n,)
    X : DataFrame of shape (n, n_features)
    ties : {"efron", "breslow"}, default="efron"

    Returns
    -------
    DataFrame
        ``coef``, ``se``, ``hazard_ratio``, ``low``, ``high`` (95 %), one row per
        column; ``attrs["log_likelihood"]`` holds the maximum.
    """
    from statsmodels.duration.hazard_regression import PHReg

    check_choice(ties, "ties", ("efron", "breslow"))
    time, event = _check_durations(durations, events)
    X = pd.DataFrame(X)
    values = _check_columns(X, len(time))
    if not event.any():
        raise ValueError("events must hold at least one event, got none")
    _check_rank(values, list(X.columns))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # said below, with the column
        fitted = PHReg(time, values, status=event.astype(float), ties=ties).fit()
    endless = X.columns[~(np.abs(fitted.params * values.std(axis=0)) < 10)]
    if len(endless):
        raise ValueError(
            f"X must not order the events by a column alone, got {endless[0]!r}, "
            "whose hazard ratio has no finite estimate"
        )
    table = pd.DataFrame({"coef": fitted.params, "se": fitted.bse}, index=X.columns)
    z = stats.norm.ppf(0.975)
    table["hazard_ratio"] = np.exp(table["coef"])
    table["low"] = np.exp(table["coef"] - z * table["se"])
    table["high"] = np.exp(table["coef"] + z * table["se"])
    table.attrs["log_likelihood"] = float(fitted.llf)
    return table
