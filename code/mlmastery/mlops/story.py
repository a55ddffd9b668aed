"""Drift, alarm, retraining, gate, canary: replayed over flights in their order.

>>> chart = DayChart(spread=0.1, limit=3)
>>> chart.update(0.3), chart.update(0.3)
(False, True)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pandas as pd

from mlmastery.inference import PairedInterval, paired_interval
from mlmastery.validation import check_count, check_number, check_share

from .monitor import daily_performance
from .operating import (
    limit_for_days,
    resample_blocks,
    run_length,
    two_sided_path,
)
from .sequential import Cusum

__all__ = [
    "DayChart",
    "Story",
    "StoryResult",
    "fit_chart",
    "follow_schedule",
    "known",
    "paired_over_blocks",
    "rate_on_other_weeks",
]

K = 0.25  # allowance of the chart, in standard deviations of a day
DAY = pd.Timedelta(days=1)
MORNING = pd.Timedelta(hours=9)  # UTC: before New York's first departure at 5 o'clock
Train = Callable[[pd.DataFrame], Any]
Predict = Callable[[Any, pd.DataFrame], np.ndarray]


class Controller(Protocol):
    """A decision about a canary, from single predictions and their labels."""

    decision: str

    def observe(self, arm: str, probability: float, label: bool) -> Any:
        """Take one labelled prediction of an arm."""


@dataclass
class DayChart:
    """A two-sided CUSUM of the daily difference of observed and expected share.

    Parameters
    ----------
    spread : float
        Standard deviation of a day's difference without drift.
    limit : float
        Of the sums, in standard deviations.
    mean : float, default=0
        Of a day's difference without drift.

    Attributes
    ----------
    level : float
        The larger sum as a share of the limit: above 1 is an alarm.
    """

    spread: float
    limit: float
    mean: float = 0.0
    chart: Cusum = field(init=False, repr=False)

    def __post_init__(self) -> None:
        check_number(self.spread, "spread", open=True)
        self.chart = Cusum(K, check_number(self.limit, "limit", open=True), True)

    def update(self, difference: float) -> bool:
        """Take one day's observed minus expected share; return whether it alarms."""
        return self.chart.update((difference - self.mean) / self.spread)

    @property
    def level(self) -> float:
        """The larger of both sums, divided by the limit."""
        return max(self.chart.high, self.chart.low) / self.limit


def fit_chart(
    differences: Any,
    days: int = 90,
    probability: float = 0.1,
    n_runs: int = 1000,
    random_state: int | None = None,
) -> DayChart:
    """Set a chart from days without drift and a stated rate of false alarms.

    Parameters
    ----------
    differences : array of shape (n_days,)
        Observed minus expected share of days without drift.
    days : int, default=90
    probability : float, default=0.1
        Of at least one false alarm within ``days``, by resampling weeks.
    n_runs : int, default=1000
    random_state : int, optional

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> chart = fit_chart(rng.normal(0, 0.1, 60), random_state=0)
    >>> 5 < chart.limit < 20
    True
    """
    values = np.asarray(differences, float)
    spread = float(values.std(ddof=1))
    mean = float(values.mean())
    standardised = (values - mean) / check_number(spread, "spread", open=True)
    streams = resample_blocks(standardised, days, n_runs, 7, random_state)
    limit = limit_for_days(two_sided_path(streams, K), days, probability)
    return DayChart(spread, limit, mean)


def rate_on_other_weeks(
    differences: Any,
    days: int = 90,
    probability: float = 0.1,
    n_splits: int = 50,
    n_runs: int = 300,
    centre: bool = False,
    random_state: int | None = None,
) -> np.ndarray:
    """Set charts on half of the weeks; measure their false alarms on the other half.

    Parameters
    ----------
    differences : array of shape (n_days,)
        Observed minus expected share of days without drift, in order; at least four
        weeks.
    days : int, default=90
    probability : float, default=0.1
        Of at least one false alarm within ``days``, for which the limit is set.
    n_splits : int, default=50
        Random halves of the weeks.
    n_runs : int, default=300
        Streams of resampled weeks for each half.
    centre : bool, default=False
        Whether the chart gets the mean of the other weeks from these themselves.
    random_state : int, optional

    Returns
    -------
    ndarray of shape (n_splits,)
        Share of the other weeks' streams with a false alarm within ``days``.

    Examples
    --------
    >>> calm = np.random.default_rng(0).normal(size=91)
    >>> rate_on_other_weeks(calm, n_splits=2, n_runs=20, random_state=0).shape
    (2,)
    """
    values = np.asarray(differences, float)
    week = np.arange(len(values)) // 7
    n_weeks = check_count(len(values) // 7, "the number of weeks", 4)
    rng = np.random.default_rng(random_state)
    rates = []
    for _ in range(check_count(n_splits, "n_splits")):
        ours = np.isin(week, rng.permutation(n_weeks)[: (n_weeks + 1) // 2])
        seed = int(rng.integers(2**31))
        chart = fit_chart(values[ours], days, probability, n_runs, seed)
        mean = values[~ours].mean() if centre else chart.mean
        other = (values[~ours] - mean) / chart.spread
        paths = two_sided_path(resample_blocks(other, days, n_runs, 7, seed), K)
        rates.append(np.mean(run_length(paths, chart.limit) <= days))
    return np.array(rates)


def paired_over_blocks(
    first: pd.Series, second: pd.Series, days: int = 28
) -> PairedInterval:
    """Compare two daily series by the means of blocks of neighbouring days.

    Neighbouring days resemble each other: an interval that takes them for independent
    is too narrow. Means of long blocks depend less on each other.

    Parameters
    ----------
    first, second : Series
        Indexed by the same days.
    days : int, default=28
        Length of a block; a shorter one at the end counts as one.

    Returns
    -------
    PairedInterval
        Of the mean of first minus second, by Student's t over blocks.

    Raises
    ------
    ValueError
        If the days differ, or there are fewer than two blocks.

    Examples
    --------
    >>> day = pd.date_range("2013-04-01", periods=4)
    >>> a, b = pd.Series([1.0, 2, 3, 4], day), pd.Series(0.0, day)
    >>> paired_over_blocks(a, b, days=2).mean
    2.5
    """
    if not first.index.equals(second.index):
        raise ValueError("first and second must have the same days in the same order")
    check_count(days, "days")
    block = (first.index - first.index[0]).days // days
    one, other = first.groupby(block).mean(), second.groupby(block).mean()
    return paired_interval(one, other, 0)


def follow_schedule(
    frame: pd.DataFrame,
    first: pd.Timestamp,
    trainings: Iterable[tuple[pd.Timestamp, pd.Timestamp, pd.Timestamp]],
    train: Train,
    predict: Predict,
) -> pd.Series:
    """Return the daily log loss of models that are retrained at fixed dates.

    Parameters
    ----------
    frame : DataFrame
        Departures, with ``date`` and ``late``.
    first : Timestamp
        First day in service.
    trainings : iterable of (day, start, stop)
        The model trained on the days from start up to stop serves from day
        on; labels are taken as they stand in the frame (see `known`).
    train : callable
        Takes a frame, returns a model.
    predict : callable
        Takes a model and a frame, returns probabilities.

    Returns
    -------
    Series
        Indexed by day.
    """
    plan = sorted(trainings)
    ends = [day for day, _, _ in plan[1:]] + [frame["date"].max() + DAY]
    losses = []
    for (day, start, stop), end in zip(plan, ends, strict=True):
        model = train(_between(frame, start, stop))
        served = _between(frame, max(day, first), end)
        if len(served):
            p = predict(model, served)
            losses.append(daily_performance(served["late"], p, served["date"])["loss"])
    return pd.concat(losses)


@dataclass(frozen=True)
class StoryResult:
    """Events and days of a story.

    Parameters
    ----------
    events : DataFrame
        ``day``, ``what``, ``detail``.
    days : DataFrame
        Indexed by day: ``loss``, ``expected``, ``observed``, ``n``, ``version``,
        ``level`` (of the chart, 1 is the alarm).
    trainings : int
        Challengers trained.
    """

    events: pd.DataFrame
    days: pd.DataFrame
    trainings: int


class Story:
    """One model in service, watched and replaced.

    Parameters
    ----------
    frame : DataFrame
        Departures in order.
    train : callable
        Takes a frame, returns a model. It may raise: the champion then stays.
    predict : callable
        Takes a model and a frame, returns probabilities.
    judge : callable
        Takes champion, challenger and a frame; its answer has ``passed``.
    controller : callable
        Takes nothing, returns a fresh `Controller`.
    share : float, default=0.2
        Flights that the canary answers.
    window, holdout : int
        Days before an alarm on which a challenger is trained, and, after those, days
        on which it is judged.
    canary_days : int, default=14
        The longest time without a decision; then the challenger is rolled back.
    pause : int, default=7
        Days after a refused challenger before the chart starts again.
    random_state : int, default=0

    Attributes
    ----------
    models : dict of int to estimator
        Every champion so far, by version.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        train: Train,
        predict: Predict,
        judge: Callable[[Any, Any, pd.DataFrame], Any],
        controller: Callable[[], Controller],
        share: float = 0.2,
        window: int = 60,
        holdout: int = 14,
        canary_days: int = 14,
        pause: int = 7,
        random_state: int = 0,
    ) -> None:
        self.frame, self.share = frame, check_share(share, "share")
        self.train, self.predict = train, predict
        self.judge, self.controller = judge, controller
        self.window = check_count(window, "window", 2)
        self.holdout = check_count(holdout, "holdout", 1, window - 1)
        self.canary_days = check_count(canary_days, "canary_days")
        self.pause = check_count(pause, "pause", 0)
        self.random_state = random_state
        self.version, self.trainings = 1, 0
        self.models: dict[int, Any] = {}
        self.events: list[tuple[pd.Timestamp, str, str]] = []

    def run(
        self,
        start: str,
        first: str,
        end: str,
        surprises: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] | None = None,
    ) -> StoryResult:
        """Train on the days from ``start``, serve from ``first`` up to ``end``.

        Parameters
        ----------
        start, first, end : str
            Days.
        surprises : dict of str to callable, optional
            On that day a challenger is trained whatever the chart says, on what the
            callable makes of the recent days.

        Returns
        -------
        StoryResult
        """
        day, last = pd.Timestamp(first), pd.Timestamp(end)
        planned = {pd.Timestamp(d): f for d, f in (surprises or {}).items()}
        training = known(_between(self.frame, pd.Timestamp(start), day), day)
        self._serve(self._fit(training), training)
        self._note(day, "in service", f"version 1, limit {self.chart.limit:.1f} sd")
        rows, quiet_until = [], day
        while day < last:
            flights = _between(self.frame, day, day + DAY)
            rows.append(self._one_day(day, flights))
            alarm = rows[-1]["level"] > 1
            day += DAY  # before the first departure of the next day
            if day in planned:
                recent = planned[day](self._recent(day))
                self._challenge(day, recent, rows, last)
            elif alarm and day >= quiet_until:
                self._note(day, "alarm", f"{rows[-1]['level']:.2f} of the limit")
                promoted = self._challenge(day, self._recent(day), rows, last)
                if not promoted:
                    quiet_until = day + self.pause * DAY
                    self.chart.chart.reset()
            day = rows[-1]["day"] + DAY
        events = pd.DataFrame(self.events, columns=["day", "what", "detail"])
        return StoryResult(events, pd.DataFrame(rows).set_index("day"), self.trainings)

    def _fit(self, frame: pd.DataFrame) -> Any:
        self.trainings += 1
        return self.train(frame)

    def _serve(self, model: Any, known: pd.DataFrame) -> None:
        """Put a model into service; its chart is set from days that it knows."""
        self.champion = self.models[self.version] = model
        table = daily_performance(
            known["late"], self.predict(model, known), known["date"]
        )
        shares = (table["observed"] - table["expected"]) / table["n"]
        self.chart = fit_chart(shares, random_state=self.random_state)

    def _one_day(
        self, day: pd.Timestamp, flights: pd.DataFrame, answers: Any = None
    ) -> dict[str, Any]:
        if answers is None:
            answers = self.predict(self.champion, flights)
        row = daily_performance(flights["late"], answers, flights["date"]).iloc[0]
        seen = known(flights, day + DAY)
        p = np.asarray(answers)[flights.index.isin(seen.index)]
        if len(seen):  # else the chart waits
            self.chart.update(float((seen["late"] - p).mean()))
        level = self.chart.level
        return {"day": day, "version": self.version, "level": level, **row}

    def _recent(self, day: pd.Timestamp) -> pd.DataFrame:
        return known(_between(self.frame, day - self.window * DAY, day), day)

    def _challenge(
        self,
        day: pd.Timestamp,
        recent: pd.DataFrame,
        rows: list[dict[str, Any]],
        last: pd.Timestamp,
    ) -> bool:
        """Train, judge and try a challenger; return whether it was promoted."""
        split = day - self.holdout * DAY
        training, judged = _between(recent, day - self.window * DAY, split), None
        try:
            challenger = self._fit(training)
            judged = self.judge(self.champion, challenger, _between(recent, split, day))
        except Exception as error:  # whatever a retraining raises, the champion stays
            self._note(day, "retraining failed", f"{type(error).__name__}: {error}")
            return False
        self._note(day, "gate", "passed" if judged.passed else "refused")
        if not judged.passed:
            return False
        return self._canary(day, challenger, recent, rows, last)

    def _canary(
        self,
        day: pd.Timestamp,
        challenger: Any,
        recent: pd.DataFrame,
        rows: list[dict[str, Any]],
        last: pd.Timestamp,
    ) -> bool:
        controller, began = self.controller(), day
        rng = np.random.default_rng(self.random_state)
        self._note(day, "canary", f"{self.share:.0%} of the flights")
        while day < last and day < began + self.canary_days * DAY:
            flights = _between(self.frame, day, day + DAY)
            old = self.predict(self.champion, flights)
            new = self.predict(challenger, flights)
            canary = rng.random(len(flights)) < self.share
            answers = np.where(canary, new, old)
            rows.append(self._one_day(day, flights, answers))
            seen = flights.index.isin(known(flights, day + DAY).index)
            arms = np.where(canary, "challenger", "champion")
            for arm, p, late in zip(
                arms[seen], answers[seen], flights["late"][seen], strict=True
            ):
                controller.observe(str(arm), float(p), bool(late))
            day += DAY
            if controller.decision != "continue":
                break
        if controller.decision != "promote":
            self._note(day, "rolled back", f"after {(day - began).days} days")
            return False
        self.version += 1
        self._serve(challenger, self._recent(day))
        self._note(
            day,
            "promoted",
            f"version {self.version} after {(day - began).days} days",
        )
        return True

    def _note(self, day: pd.Timestamp, what: str, detail: str) -> None:
        self.events.append((day, what, detail))


def known(frame: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the rows whose label has come by the morning of a day.

    Parameters
    ----------
    frame : DataFrame
        With ``known_at`` in UTC; without that column all labels count as known.
    day : Timestamp
        Decisions are taken at `MORNING` of this day, before its first departure.

    Examples
    --------
    >>> evening = pd.Timestamp("2013-04-01 22:00")
    >>> frame = pd.DataFrame({"known_at": [evening, evening + DAY]})
    >>> len(known(frame, pd.Timestamp("2013-04-02")))
    1
    """
    if "known_at" not in frame:
        return frame
    return frame[frame["known_at"] < day + MORNING]


def _between(frame: pd.DataFrame, start: Any, stop: Any) -> pd.DataFrame:
    return frame[(frame["date"] >= start) & (frame["date"] < stop)]
