"""Alert rules in Prometheus' own file, and their states over time.

>>> rules = load_rules()
>>> rules[0].name, rules[0].severity
('LateShareShifted', 'page')
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

__all__ = ["RULES", "AlertBook", "AlertRule", "load_rules", "replay_rules"]

RULES = Path(__file__).with_name("alerts.yml")
COMPARE = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
EXPRESSION = re.compile(r"([a-zA-Z_:][\w:]*)\s*(>=|<=|==|!=|>|<)\s*([-+.\deE]+)")
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass(frozen=True)
class AlertRule:
    """One rule: a metric, a comparison, and how long it must hold.

    Parameters
    ----------
    name, metric : str
    comparison : {">", "<", ">=", "<=", "==", "!="}
    limit : float
    wait : timedelta
        For which the comparison must hold before the alert fires.
    severity : str, default="ticket"
    annotations : dict of str to str

    Examples
    --------
    >>> rule = AlertRule("High", "x", ">", 1.0, timedelta(0))
    >>> rule.holds(2.0), rule.holds(float("nan"))
    (True, False)
    """

    name: str
    metric: str
    comparison: str
    limit: float
    wait: timedelta
    severity: str = "ticket"
    annotations: Mapping[str, str] = field(default_factory=dict)

    def holds(self, value: float) -> bool:
        """Return whether a value satisfies the comparison; a missing one does not."""
        return not math.isnan(value) and COMPARE[self.comparison](value, self.limit)


def load_rules(path: str | Path = RULES) -> list[AlertRule]:
    """Read rules of the form ``metric > number`` from a Prometheus file.

    Parameters
    ----------
    path : str or Path, optional
        The chapter's own rules where not given.

    Raises
    ------
    ValueError
        If an expression has another form, or a duration is not one.
    """
    groups = yaml.safe_load(Path(path).read_text(encoding="utf-8"))["groups"]
    return [_rule(entry) for group in groups for entry in group["rules"]]


def _rule(entry: dict[str, Any]) -> AlertRule:
    match = EXPRESSION.fullmatch(entry["expr"].strip())
    if match is None:
        raise ValueError(
            "expr must compare one metric with a number, got " + repr(entry["expr"])
        )
    metric, comparison, limit = match.groups()
    return AlertRule(
        entry["alert"],
        metric,
        comparison,
        float(limit),
        _duration(entry.get("for", "0s")),
        entry.get("labels", {}).get("severity", "ticket"),
        entry.get("annotations", {}),
    )


def _duration(text: str) -> timedelta:
    parts = re.findall(r"(\d+)([smhdw])", text)
    if not parts or "".join(n + unit for n, unit in parts) != text:
        raise ValueError(f"for must be a duration such as 3s or 2d, got {text!r}")
    return timedelta(seconds=sum(int(n) * UNITS[unit] for n, unit in parts))


class AlertBook:
    """States of all rules: inactive, pending, firing.

    Parameters
    ----------
    rules : iterable of AlertRule

    Attributes
    ----------
    firing : dict of str to datetime
        Alerts that fire, and since when.

    Examples
    --------
    >>> book = AlertBook([AlertRule("High", "x", ">", 1.0, timedelta(days=2))])
    >>> noon = datetime(2013, 4, 1)
    >>> [book.evaluate(noon + timedelta(days=d), {"x": 2.0}) for d in range(3)]
    [[], [], [('firing', 'High')]]
    """

    def __init__(self, rules: Iterable[AlertRule]) -> None:
        self.rules = list(rules)
        self.pending: dict[str, datetime] = {}
        self.firing: dict[str, datetime] = {}

    def evaluate(
        self, now: datetime, metrics: Mapping[str, float]
    ) -> list[tuple[str, str]]:
        """Compare the metrics of one moment; return the changes.

        Parameters
        ----------
        now : datetime
        metrics : mapping of str to float
            A metric that is missing ends its alert, as in Prometheus.

        Returns
        -------
        list of tuple
            ``("firing", name)`` or ``("resolved", name)``.
        """
        changes = []
        for rule in self.rules:
            if not rule.holds(metrics.get(rule.metric, math.nan)):
                self.pending.pop(rule.name, None)
                if self.firing.pop(rule.name, None) is not None:
                    changes.append(("resolved", rule.name))
                continue
            since = self.pending.setdefault(rule.name, now)
            if rule.name not in self.firing and now - since >= rule.wait:
                self.firing[rule.name] = now
                changes.append(("firing", rule.name))
        return changes


def replay_rules(rules: Iterable[AlertRule], metrics: pd.DataFrame) -> pd.DataFrame:
    """Evaluate rules over a table of metrics.

    Parameters
    ----------
    rules : iterable of AlertRule
    metrics : DataFrame
        Indexed by time, one column a metric.

    Returns
    -------
    DataFrame
        ``time``, ``change``, ``alert``, ``severity``.

    Examples
    --------
    >>> rule = AlertRule("High", "x", ">", 1.0, timedelta(0))
    >>> table = pd.DataFrame({"x": [0, 2]}, index=pd.date_range("2013", periods=2))
    >>> replay_rules([rule], table)[["change", "alert"]].values.tolist()
    [['firing', 'High']]
    """
    book = AlertBook(rules)
    severity = {rule.name: rule.severity for rule in book.rules}
    rows = []
    for now, row in metrics.iterrows():
        for change, name in book.evaluate(now, row.to_dict()):
            rows.append((now, change, name, severity[name]))
    return pd.DataFrame(rows, columns=["time", "change", "alert", "severity"])
