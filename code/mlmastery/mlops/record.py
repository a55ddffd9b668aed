"""Record two public streams and one alert through real programs."""

from __future__ import annotations

import hashlib
import itertools
import json
import tempfile
import threading
import time
from collections.abc import Iterable
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.datasets import fingerprint, load_bike_sharing, load_elec2
from mlmastery.ledger import Recorded, cpu_timed, write_recorded_table
from mlmastery.spread import Spread

from .alerts import RULES
from .live import alerting
from .story import DayChart, fit_chart, paired_over_blocks

__all__ = ["bike_policies", "elec2_accuracies", "live_alert_seconds", "record"]

PREQUENTIAL = "each row is predicted, then learned; accuracy over the whole stream"
BIKES = "trained on 2011, served from 1 January 2012, by day"
COLUMNS = ["season", "mnth", "hr", "holiday", "weekday", "workingday"]
COLUMNS += ["weathersit", "temp", "atemp", "hum", "windspeed"]


def record(data_dir: Path) -> list[Recorded]:
    """Run online models on Elec2, policies on bike sharing, and one live alert.

    Parameters
    ----------
    data_dir : Path
        Holds the folders ``elec2`` and ``bike_sharing``.
    """
    return [*_elec2(), *_bikes(), _live()]


def elec2_accuracies(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the prequential accuracy of the naive rule and of four online models.

    Parameters
    ----------
    frame : DataFrame
        Elec2 in its order.
    """
    import river.compose  # noqa: F401
    from river import linear_model, naive_bayes, preprocessing, tree

    models: dict[str, Any] = {
        "logistic regression": preprocessing.StandardScaler()
        | linear_model.LogisticRegression(),
        "Gaussian naive Bayes": naive_bayes.GaussianNB(),
        "Hoeffding tree": tree.HoeffdingTreeClassifier(),
        "adaptive Hoeffding": tree.HoeffdingAdaptiveTreeClassifier(seed=0),
    }
    labels = frame["class"].astype(bool).tolist()
    rows = frame.drop(columns="class").to_dict("records")
    naive = np.mean([a == b for a, b in itertools.pairwise(labels)])
    table = [{"model": "repeat the last label", "accuracy": naive, "cpu_s": 0.0}]
    for name, model in models.items():
        right, seconds = cpu_timed(partial(_prequential, model, rows, labels))
        table.append({"model": name, "accuracy": right, "cpu_s": seconds})
    return pd.DataFrame(table)


def _prequential(model: Any, rows: list[dict], labels: list[bool]) -> float:
    right = 0
    for x, y in zip(rows, labels, strict=True):
        right += (model.predict_one(x) or False) == y
        model.learn_one(x, y)
    return right / len(labels)


def _elec2() -> list[Recorded]:
    table = elec2_accuracies(load_elec2())
    write_recorded_table(table.round({"accuracy": 5, "cpu_s": 1}), "mlops", "elec2")
    naive = float(table["accuracy"].iloc[0])
    spread = Spread.standard_error((naive * (1 - naive) / 45_311) ** 0.5)
    sha = fingerprint("elec2")
    label = "Elec2, last label"
    return [Recorded(label, naive, spread, "accuracy", PREQUENTIAL, 0.0, sha)]


def bike_policies(frame: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the error of five policies over 2012, and the days to the first alarm.

    Parameters
    ----------
    frame : DataFrame
        Bike sharing, by hour.
    """
    frame = frame.assign(day=pd.to_datetime(frame["dteday"]))
    old, new = frame[frame["yr"] == 0], frame[frame["yr"] == 1]
    start, first = old["day"].min(), new["day"].min()
    chart = fit_chart(_out_of_fold(old), random_state=0)
    months = pd.date_range(first, new["day"].max(), freq="MS")
    weeks = pd.date_range(first, new["day"].max(), freq="7D")
    back = pd.Timedelta(days=60)
    plans = {
        "never": [(first, start)],
        "monthly": [(d, d - back) for d in months],
        "monthly, all days": [(d, start) for d in months],
        "weekly": [(d, d - back) for d in weeks],
    }
    errors = {name: _follow(frame, plan) for name, plan in plans.items()}
    errors["on alarm"], trainings, days = _on_alarm(frame, first, chart)
    squared = pd.DataFrame(
        {n: (e**2).groupby(new["day"]).mean() for n, e in errors.items()}
    )
    rows = []
    for name in squared:
        gap = paired_over_blocks(squared[name], squared["on alarm"])
        retrained = trainings if name == "on alarm" else len(plans[name]) - 1
        rmsle = float(np.sqrt((errors[name] ** 2).mean()))
        rows.append((name, rmsle, retrained, gap.low, gap.high))
    columns = ["policy", "RMSLE", "retrained", "low", "high"]
    return pd.DataFrame(rows, columns=columns), days


def _fit(frame: pd.DataFrame) -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor

    model = HistGradientBoostingRegressor(random_state=0, max_iter=100)
    return model.fit(frame[COLUMNS], np.log1p(frame["cnt"]))


def _residuals(model: Any, frame: pd.DataFrame) -> pd.Series:
    return np.log1p(frame["cnt"]) - model.predict(frame[COLUMNS])


def _out_of_fold(frame: pd.DataFrame) -> np.ndarray:
    """Return the daily mean residual of models that have not seen the day."""
    fold = frame["day"].dt.dayofyear % 5
    parts = [_residuals(_fit(frame[fold != f]), frame[fold == f]) for f in range(5)]
    return pd.concat(parts).groupby(frame["day"]).mean().to_numpy()


def _follow(frame: pd.DataFrame, plan: list[tuple]) -> pd.Series:
    ends = [day for day, _ in plan[1:]] + [frame["day"].max() + pd.Timedelta(days=1)]
    parts = []
    for (day, start), end in zip(plan, ends, strict=True):
        known = frame[(frame["day"] >= start) & (frame["day"] < day)]
        served = frame[(frame["day"] >= day) & (frame["day"] < end)]
        parts.append(_residuals(_fit(known), served))
    return pd.concat(parts)


def _on_alarm(
    frame: pd.DataFrame, first: pd.Timestamp, chart: DayChart
) -> tuple[pd.Series, int, int]:
    """Retrain on the last 60 days when the chart rings; it then starts again."""
    model, parts, alarms = _fit(frame[frame["day"] < first]), [], []
    for day in pd.date_range(first, frame["day"].max()):
        served = frame[frame["day"] == day]
        if served.empty:
            continue
        parts.append(_residuals(model, served))
        if chart.update(float(parts[-1].mean())):
            alarms.append(day)
            back = day - pd.Timedelta(days=59)
            model = _fit(frame[(frame["day"] >= back) & (frame["day"] <= day)])
            chart.chart.reset()
    return pd.concat(parts), len(alarms), (alarms[0] - first).days + 1


def _bikes() -> list[Recorded]:
    frame, sha = load_bike_sharing(), fingerprint("bike_sharing")
    (table, days), seconds = cpu_timed(lambda: bike_policies(frame))
    write_recorded_table(table.round(5), "mlops", "bike_sharing")
    total = frame.groupby("yr")["cnt"].sum()
    growth = float(total[1] / total[0] - 1)
    exact = None
    return [
        Recorded(
            "bike sharing, growth of 2012", growth, exact, "share", BIKES, 0.0, sha
        ),
        Recorded(
            "bike sharing, days to first alarm",
            float(days),
            exact,
            "days",
            BIKES,
            seconds,
            sha,
        ),
    ]


class _Metrics(BaseHTTPRequestHandler):
    up, received = 1, threading.Event()

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer with one metric."""
        body = f"delays_service_up {type(self).up}\n".encode()
        self._answer(body)

    def do_POST(self) -> None:
        """Take an alert."""
        size = int(self.headers["Content-Length"])
        alerts = json.loads(self.rfile.read(size))["alerts"]
        if any(a["labels"]["alertname"] == "ServiceDown" for a in alerts):
            type(self).received.set()
        self._answer(b"")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def live_alert_seconds(timeout: float = 60) -> float:
    """Return the seconds from a metric's change until its alert is received.

    Raises
    ------
    FileNotFoundError
        If Prometheus or Alertmanager is not installed.
    TimeoutError
        If no alert comes in time.
    """

    class Own(_Metrics):
        up, received = 1, threading.Event()

    with (
        HTTPServer(("127.0.0.1", 0), Own) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        own = f"127.0.0.1:{server.server_port}"
        try:
            with alerting(folder, own, f"http://{own}/alert"):
                time.sleep(2)  # the metric is read once before it changes
                Own.up, began = 0, time.monotonic()
                if not Own.received.wait(timeout):
                    raise TimeoutError(f"no alert within {timeout:g} s")
                return time.monotonic() - began
        finally:
            server.shutdown()


def _live() -> Recorded:
    seconds: Iterable[float] = [live_alert_seconds() for _ in range(3)]
    values = np.array(list(seconds))
    return Recorded(
        "alert received, seconds",
        float(values.mean()),
        Spread.sd(float(values.std(ddof=1))),
        "s",
        "ServiceDown, for: 3s, through Prometheus 2.42 and Alertmanager 0.25; 3 runs",
        0.0,
        hashlib.sha256(RULES.read_bytes()).hexdigest(),
    )
