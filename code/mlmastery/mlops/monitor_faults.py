"""Faults of monitor and retraining, each made to happen and looked at.

>>> frozen_columns(pd.DataFrame({"temp": [60.0, 60.0], "hour": [5, 6]}), ["temp"])
['temp']
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import check_number

from .flight_rows import FEATURES
from .monitor import Monitor, MonitorError
from .psi import psi
from .story import Story
from .training import probabilities

__all__ = ["TrainingError", "frozen_columns", "run_faults", "run_training"]

Rows = list[tuple[Any, ...]]


class TrainingError(RuntimeError):
    """A retraining ended without a model."""


def frozen_columns(frame: pd.DataFrame, columns: Iterable[str]) -> list[str]:
    """Return the columns that hold a single value, missing ones apart.

    Parameters
    ----------
    frame : DataFrame
        Rows of one day.
    columns : iterable of str
    """
    return [c for c in columns if frame[c].nunique() == 1 and len(frame) > 1]


def run_training(command: Sequence[str], seconds: float) -> str:
    """Run a training in a process of its own; return what it printed.

    Parameters
    ----------
    command : sequence of str
    seconds : float
        After which the process is killed.

    Raises
    ------
    TrainingError
        If it takes longer, or ends with another status than 0.

    Examples
    --------
    >>> run_training([sys.executable, "-c", "print('done')"], 60).strip()
    'done'
    """
    check_number(seconds, "seconds", open=True)
    try:
        done = subprocess.run(
            list(command), capture_output=True, text=True, timeout=seconds
        )
    except subprocess.TimeoutExpired as error:
        raise TrainingError(f"stopped after {seconds:g} s") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise TrainingError(last)
    return done.stdout


def run_faults(frame: pd.DataFrame, model: Any) -> pd.DataFrame:
    """Make each fault happen once.

    Parameters
    ----------
    frame : DataFrame
        Departures of about forty days.
    model : estimator
        The champion.

    Returns
    -------
    DataFrame
        One row a fault: ``what came``, ``counted``, ``said``, ``kept`` (whether
        nothing was lost or counted twice, and the champion stayed).
    """
    few = frame.iloc[:2000]
    p = probabilities(model, few)
    scheduled, known = few["scheduled"], few["known_at"]
    predictions: Rows = list(zip(few["id"], scheduled, p, [1] * len(few), strict=True))
    labels: Rows = list(zip(few["id"], few["late"], known, strict=True))
    rows = {
        "monitor stopped": _stopped(predictions, labels),
        "labels repeated": _repeated(predictions, labels),
        "labels first": _early(predictions, labels),
        "label changed": _contradicted(predictions, labels),
        "disk full": _full(predictions, labels),
        "clock back": _clock(few),
        "feed frozen": _frozen(few),
        "values missing": _missing(few, model),
        "training raises": _raises(frame),
        "training hangs": _hangs(),
    }
    columns = ["what came", "counted", "said", "kept"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return table.rename_axis("fault")


Outcome = tuple[str, str, str, bool]


def _stopped(predictions: Rows, labels: Rows) -> Outcome:
    """Break off in mid-batch, open the file again, send everything again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "monitor.db"

        def broken(rows: Rows) -> Iterable[tuple[Any, ...]]:
            yield from rows[:700]
            raise KeyboardInterrupt

        with Monitor(path) as monitor:
            monitor.take_predictions(predictions)
            monitor.take_labels(labels[:500])
            try:
                monitor.take_labels(broken(labels[500:]))
            except KeyboardInterrupt:
                pass
        with Monitor(path) as monitor:
            taken = monitor.take_labels(labels)
            joined = monitor.counts()["joined"]
    whole = joined == len(labels) and taken.repeated == 500
    return f"{len(labels)} labels", f"{joined}", f"{taken.repeated} repeated", whole


def _repeated(predictions: Rows, labels: Rows) -> Outcome:
    with Monitor(":memory:") as monitor:
        monitor.take_predictions(predictions)
        taken = monitor.take_labels(labels * 3)
        joined = monitor.counts()["joined"]
    kept = joined == len(labels) == taken.new
    return f"{3 * len(labels)} labels", f"{joined}", f"{taken.repeated} repeated", kept


def _early(predictions: Rows, labels: Rows) -> Outcome:
    with Monitor(":memory:") as monitor:
        monitor.take_labels(labels[::-1])
        before = monitor.counts()["joined"]
        monitor.take_predictions(predictions)
        joined = monitor.counts()["joined"]
    kept = before == 0 and joined == len(labels)
    return f"{len(labels)} labels", f"{joined}", f"{before} joined before", kept


def _contradicted(predictions: Rows, labels: Rows) -> Outcome:
    changed = [(key, not late, known) for key, late, known in labels[:100]]
    with Monitor(":memory:") as monitor:
        monitor.take_predictions(predictions)
        monitor.take_labels(labels)
        observed = int(monitor.days()["observed"].sum())
        taken = monitor.take_labels(changed)
        same = observed == int(monitor.days()["observed"].sum())
        joined = monitor.counts()["joined"]
    kept = taken.refused == 100 and same and joined == len(labels)
    return "100 changed", f"{joined}", f"{taken.refused} refused", kept


def _full(predictions: Rows, labels: Rows) -> Outcome:
    """Let the file not grow, as on a full disk; then make room and send again."""
    with tempfile.TemporaryDirectory() as folder:
        with Monitor(Path(folder) / "monitor.db") as monitor:
            monitor.take_predictions(predictions)
            pages = monitor.limit_pages()
            said = "nothing"
            try:
                monitor.take_labels(labels)
            except MonitorError as error:
                said = str(error.__cause__)
            during = monitor.counts()["joined"]
            monitor.limit_pages(pages * 1000)
            monitor.take_labels(labels)
            joined = monitor.counts()["joined"]
    kept = during == 0 and joined == len(labels) and said != "nothing"
    return f"{len(labels)} labels", f"{joined}", said, kept


def _clock(frame: pd.DataFrame) -> Outcome:
    now = frame["scheduled"].max()
    with Monitor(":memory:") as monitor:
        monitor.advance(now)
        taken = monitor.advance(now - pd.Timedelta(hours=2))
        again = monitor.advance(now + pd.Timedelta(hours=1))
    return "2 h back", "not taken", "clock went back", not taken and again


def _frozen(frame: pd.DataFrame) -> Outcome:
    stuck = frame.assign(temp=frame["temp"].iloc[0])
    found = frozen_columns(stuck, FEATURES)
    quiet = frozen_columns(frame, FEATURES)
    said = ", ".join(found) + " frozen"
    return "one value", f"{len(found)} column", said, found == ["temp"] and not quiet


def _missing(frame: pd.DataFrame, model: Any) -> Outcome:
    rng = np.random.default_rng(0)
    holes = frame.assign(temp=frame["temp"].mask(rng.random(len(frame)) < 0.3))
    index = psi(frame["temp"], holes["temp"])
    answered = np.isfinite(probabilities(model, holes)).all()
    said = f"PSI {index:.2f}"
    return "30 % missing", f"{len(holes)} answers", said, bool(answered and index > 0.2)


def _raises(frame: pd.DataFrame) -> Outcome:
    from .training import train

    made: list[Any] = []

    def fails_later(part: pd.DataFrame) -> Any:
        if made:
            raise MemoryError("no memory left")
        made.append(train(part, max_rows=5000))
        return made[0]

    first, last = frame["date"].min(), frame["date"].max()
    begin, broken = first + pd.Timedelta(days=20), first + pd.Timedelta(days=24)
    told = Story(
        frame,
        train=fails_later,
        predict=probabilities,
        judge=lambda *_: SimpleNamespace(passed=True),
        controller=_never,
    ).run(str(first), str(begin), str(last), {str(broken): lambda recent: recent})
    failed = told.events[told.events["what"] == "retraining failed"]
    said = failed["detail"].iloc[0] if len(failed) else "nothing"
    kept = set(told.days["version"]) == {1} and len(failed) > 0
    served = len(told.days) == (last - begin).days
    return "an exception", f"{len(told.days)} days served", said, kept and served


def _never() -> Any:
    raise AssertionError("no challenger should come this far")


def _hangs() -> Outcome:
    command = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]
    try:
        run_training(command, 0.5)
    except TrainingError as error:
        return "60 s of 0.5 s", "no model", str(error), True
    return "60 s of 0.5 s", "a model", "nothing", False
