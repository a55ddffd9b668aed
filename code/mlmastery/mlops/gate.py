"""The gate: what a challenger must show on later days before it may serve."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from mlmastery.calibration import expected_calibration_error
from mlmastery.inference import paired_interval
from mlmastery.validation import as_sample, check_count, check_number, check_share

from .training import daily_losses, frame_hash, probabilities

__all__ = [
    "CHECKS",
    "Check",
    "GateReport",
    "behaviour_check",
    "calibration_check",
    "data_check",
    "judge",
    "latency_check",
    "loss_check",
    "non_inferior",
    "pass_rate",
    "slice_check",
]

MARGIN = 0.01  # nats of log loss
SLICE_MARGIN = 0.03
WRONG = 0.05  # how often a model worse by the margin may pass the first check


@dataclass(frozen=True)
class Check:
    """One number and the limit that it must not exceed.

    Parameters
    ----------
    value, limit : float

    Examples
    --------
    >>> Check(0.5, 1.0).passed, Check(float("nan"), 1.0).passed
    (True, False)
    """

    value: float
    limit: float

    @property
    def passed(self) -> bool:
        """Whether the value keeps to its limit; NaN does not."""
        return bool(self.value <= self.limit)


@dataclass(frozen=True)
class GateReport:
    """The outcome of all checks.

    Parameters
    ----------
    checks : DataFrame
        Columns ``value``, ``limit``, ``passed``, with one row for each ``check``.
    """

    checks: pd.DataFrame

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return bool(self.checks["passed"].all())


Judge = Callable[[Any, Any, pd.DataFrame], Check]


def judge(
    champion: Any,
    challenger: Any,
    frame: pd.DataFrame,
    checks: Mapping[str, Judge] | None = None,
) -> GateReport:
    """Compare a challenger with the champion on labelled days that neither has seen.

    Parameters
    ----------
    champion, challenger : estimator
    frame : DataFrame
        As ``departures`` returns it, of at least three days.
    checks : mapping of str to callable, optional
        Each gets champion, challenger and frame, and returns a ``Check``. Those of
        ``CHECKS`` by default. One that raises has failed, with the value NaN.

    Raises
    ------
    ValueError
        If there are fewer than three days, or no check.
    """
    checks = CHECKS if checks is None else checks
    days = frame["date"].nunique()
    if days < 3:
        raise ValueError(f"frame must hold at least three days, got {days}")
    if not checks:
        raise ValueError("checks must hold at least one check, got none")
    rows = {}
    for name, check in checks.items():
        try:
            found = check(champion, challenger, frame)
        except Exception:  # whatever a faulty model raises, it must not pass
            found = Check(float("nan"), float("nan"))
        rows[name] = (found.value, found.limit, found.passed)
    columns = ["value", "limit", "passed"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return GateReport(table.rename_axis("check"))


def non_inferior(differences: Any, wrong: float = WRONG) -> float:
    """Return the upper bound of a mean difference of losses, challenger − champion.

    A challenger whose true difference is the margin exceeds it with probability
    1 − ``wrong``: the bound is one-sided, by Student's t over days.

    Parameters
    ----------
    differences : array of shape (n_days,)
    wrong : float, default=0.05

    Examples
    --------
    >>> round(non_inferior([0.0, 0.01, -0.01]), 4)
    0.0169
    """
    check_share(wrong, "wrong")
    values = as_sample(differences, "differences", minimum=2)
    zeros = np.zeros_like(values)
    return float(paired_interval(values, zeros, 0.0, 1 - 2 * wrong).high)


def pass_rate(
    differences: Any,
    days: int,
    shift: float,
    *,
    margin: float = MARGIN,
    wrong: float = WRONG,
    runs: int = 2000,
    random_state: int = 0,
    block: int = 1,
) -> float:
    """Return how often the first check passes a challenger of known difference.

    Days are drawn with replacement from real daily differences, moved so that the true
    mean is ``shift``.

    Parameters
    ----------
    differences : array of shape (n_days,)
        Losses of two models, challenger − champion, day by day.
    days : int
        That the gate looks at.
    shift : float
        True mean difference, in nats; 0 for an equal challenger.
    margin, wrong : float
        As in ``loss_check``.
    runs : int, default=2000
    random_state : int, default=0
    block : int, default=1
        Days that are drawn together, as they followed each other; the first day
        follows the last. With 1 the days are independent.

    Examples
    --------
    >>> pass_rate([-0.01, 0.0, 0.01], 10, shift=0.5)
    0.0
    """
    check_count(days, "days", minimum=2)
    values = as_sample(differences, "differences", minimum=2)
    centred = values - values.mean() + shift
    check_count(block, "block", maximum=len(values))
    rng = np.random.default_rng(random_state)
    starts = rng.integers(
        len(values), size=(check_count(runs, "runs"), -(-days // block))
    )
    places = (starts[:, :, None] + np.arange(block)) % len(values)
    drawn = centred[places.reshape(runs, -1)[:, :days]]
    error = drawn.std(axis=1, ddof=1) / days**0.5
    bound = drawn.mean(axis=1) + stats.t.ppf(1 - wrong, days - 1) * error
    return float((bound <= margin).mean())


def loss_check(margin: float = MARGIN, wrong: float = WRONG) -> Judge:
    """Return the check that the log loss is not worse by more than a margin."""
    check_number(margin, "margin")

    def check(champion: Any, challenger: Any, frame: pd.DataFrame) -> Check:
        losses = _pair(champion, challenger, frame)
        gap = losses["challenger"] - losses["champion"]
        return Check(non_inferior(gap, wrong), margin)

    return check


def slice_check(
    column: str = "origin", margin: float = SLICE_MARGIN, wrong: float = WRONG
) -> Judge:
    """Return the check that no slice gets worse by more than a margin."""
    check_number(margin, "margin")

    def check(champion: Any, challenger: Any, frame: pd.DataFrame) -> Check:
        bounds = []
        for _, part in frame.groupby(column):
            losses = _pair(champion, challenger, part)
            gap = losses["challenger"] - losses["champion"]
            bounds.append(non_inferior(gap, wrong))
        return Check(max(bounds), margin)

    return check


def calibration_check(limit: float = 0.1) -> Judge:
    """Return the check that stated probabilities are near what happened."""

    def check(_: Any, challenger: Any, frame: pd.DataFrame) -> Check:
        stated = probabilities(challenger, frame)
        return Check(expected_calibration_error(frame["late"], stated), limit)

    return check


def latency_check(limit: float = 50.0, repeats: int = 20) -> Judge:
    """Return the check of the median milliseconds that one row takes."""

    def check(_: Any, challenger: Any, frame: pd.DataFrame) -> Check:
        times = []
        for number in range(repeats):
            row = frame.iloc[[number % len(frame)]]
            began = time.perf_counter()
            probabilities(challenger, row)
            times.append(time.perf_counter() - began)
        return Check(1000 * float(np.median(times)), limit)

    return check


STORM = {"precip": 0.4, "visib": 0.5, "wind_speed": 35.0, "humid": 95.0}
CALM = {"precip": 0.0, "visib": 10.0, "wind_speed": 5.0, "humid": 50.0}


def behaviour_check(rows: int = 200) -> Judge:
    """Return the check that counts broken rules of behaviour; none is allowed.

    Unknown categories and missing weather get a probability; the order of the rows
    changes nothing; a storm makes lateness more likely than a calm day, on average.
    """

    def check(_: Any, challenger: Any, frame: pd.DataFrame) -> Check:
        part = frame.head(rows)
        return Check(float(sum(not kept for kept in _rules(challenger, part))), 0.0)

    return check


def _rules(model: Any, frame: pd.DataFrame) -> list[bool]:
    base = probabilities(model, frame)
    foreign = probabilities(model, frame.assign(carrier="??", dest="???"))
    blind = probabilities(model, frame.assign(**dict.fromkeys(STORM, np.nan)))
    turned = probabilities(model, frame.iloc[::-1])[::-1]
    storm = probabilities(model, frame.assign(**STORM))
    calm = probabilities(model, frame.assign(**CALM))
    return [
        *(bool(np.all((p > 0) & (p < 1))) for p in (base, foreign, blind)),
        bool(np.allclose(base, turned)),
        bool(storm.mean() > calm.mean()),
    ]


def data_check(registered: str, training: pd.DataFrame) -> Judge:
    """Return the check that the registered data hash is that of the training data."""

    def check(*_: Any) -> Check:
        return Check(float(frame_hash(training) != registered), 0.0)

    return check


def _pair(champion: Any, challenger: Any, frame: pd.DataFrame) -> pd.DataFrame:
    return daily_losses({"champion": champion, "challenger": challenger}, frame)


CHECKS: Mapping[str, Judge] = {
    "log loss": loss_check(),
    "worst origin": slice_check(),
    "calibration": calibration_check(),
    "behaviour": behaviour_check(),
    "latency (ms)": latency_check(),
}
