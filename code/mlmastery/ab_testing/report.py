"""The end of an experiment: checks, effect, and a verdict in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.ab_testing.adjustment import cuped
from mlmastery.ab_testing.comparison import Comparison
from mlmastery.ab_testing.design import minimum_effect as smallest_effect
from mlmastery.ab_testing.design import sample_size
from mlmastery.ab_testing.means import t_test
from mlmastery.ab_testing.proportions import ChiSquare, sample_ratio_check
from mlmastery.validation import as_sample, check_choice, check_number

__all__ = ["Analysis", "analyse"]

RATIO_ALARM = 0.0005  # below it, the split itself is broken; usual in the trade
WORDS = {
    "invalid": "Do not read the effect: the arms do not have the sizes that were planned.",
    "ship": "Ship: the effect is larger than the smallest that matters.",
    "better": "Better, but the effect may be smaller than the smallest that matters.",
    "worse": "Do not ship: the treatment does harm.",
    "negligible": "Do not ship: whatever the effect is, it is too small to matter.",
    "undecided": "No decision: the data allow both an effect that matters and none.",
}


@dataclass(frozen=True)
class Analysis:
    """The result of an experiment.

    Parameters
    ----------
    metric : str
    sizes : dict of int
        Units of control and treatment, by arm, in this order.
    ratio : ChiSquare
        Of the sample-ratio check.
    effect : Comparison
        Treatment minus control.
    minimum_effect : float
        The smallest effect that matters, above 0, in the metric's unit.
    sd : float
        Standard deviation of the metric within the arms.
    goal : {"increase", "decrease"}, default="increase"
        What of the metric is good.
    others : dict of int
        Units in other arms, which were left out.
    """

    metric: str
    sizes: dict[str, int]
    ratio: ChiSquare
    effect: Comparison
    minimum_effect: float
    sd: float
    goal: str = "increase"
    others: Mapping[str, int] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """One of the keys of ``WORDS``, from the checks and the interval."""
        low, high, small = self.effect.low, self.effect.high, self.minimum_effect
        if self.goal == "decrease":
            low, high = -high, -low
        if self.ratio.p_value < RATIO_ALARM:
            return "invalid"
        if low > 0:
            return "ship" if low >= small else "better"
        if high < 0:
            return "worse"
        return "negligible" if high < small else "undecided"

    def report(self) -> str:
        """Return the verdict and its grounds, as text."""
        sizes = ", ".join(f"{n:,} in {arm}" for arm, n in self.sizes.items())
        lines = [
            WORDS[self.verdict],
            f"Units: {sizes}; sample ratio p = {self.ratio.p_value:.3g}.",
        ]
        if self.others:
            left_out = ", ".join(f"{n:,} in {arm}" for arm, n in self.others.items())
            lines.append(f"Left out: {left_out}.")
        if self.verdict != "invalid":
            lines.append(f"Effect on {self.metric}, {self.effect}.")
        if self.verdict == "undecided":
            lines.append(self._missing_units())
        return "\n".join(lines)

    def _missing_units(self) -> str:
        n = 2 / sum(1 / size for size in self.sizes.values())  # per arm, if equal
        needed = math.ceil(sample_size(self.minimum_effect, self.sd))
        return (
            f"With these units an effect of {smallest_effect(n, self.sd):.3g} is found "
            f"four times in five; for {self.minimum_effect:g} it takes {needed:,} units "
            "in each arm."
        )


def analyse(
    table: pd.DataFrame,
    *,
    metric: str,
    minimum_effect: float,
    arms: tuple[str, str],
    weights: Mapping[str, float] | None = None,
    covariate: str | None = None,
    goal: str = "increase",
    unit: str = "unit",
    arm: str = "arm",
    confidence: float = 0.95,
) -> Analysis:
    """Compare two arms of an experiment on one metric.

    Parameters
    ----------
    table : DataFrame
        One row per unit.
    metric : str
        A numeric column; a conversion is 0 or 1.
    minimum_effect : float
        The smallest effect that matters, above 0, fixed beforehand.
    arms : tuple of str
        Control and treatment.
    weights : dict of float, optional
        Planned shares of the two arms; equal by default.
    covariate : str, optional
        A column from before the experiment, for CUPED.
    goal : {"increase", "decrease"}, default="increase"
        Whether more of the metric is good, or less.
    unit, arm : str
        Names of these columns.
    confidence : float, default=0.95

    Returns
    -------
    Analysis

    Raises
    ------
    ValueError
        If a unit occurs twice, a unit or an arm is missing, an arm holds fewer than two
        units, a column is missing or no number, the covariate is the metric itself, or
        weights do not name both arms. Rows of other arms are left out, and the report
        says how many.

    Examples
    --------
    >>> table = pd.DataFrame({"unit": range(8), "arm": list("aaaabbbb"),
    ...                       "value": [1.0, 2, 3, 2, 8, 9, 8, 9]})
    >>> done = analyse(table, metric="value", minimum_effect=1.0, arms=("a", "b"))
    >>> done.verdict
    'ship'
    """
    check_number(minimum_effect, "minimum_effect", open=True)
    check_choice(goal, "goal", ("increase", "decrease"))
    _check_arms(arms)
    _check_table(table, metric, covariate, unit, arm)
    planned = _planned_shares(weights, arms)
    counts = table[arm].value_counts()
    sizes = {name: int(counts.get(name, 0)) for name in arms}
    if min(sizes.values()) < 2:
        raise ValueError(f"each arm must hold at least two units, got {sizes}")
    parts = [table[table[arm] == name] for name in arms]
    y_a, y_b = (as_sample(part[metric], metric) for part in parts)
    if covariate:
        x_a, x_b = (as_sample(part[covariate], covariate) for part in parts)
        effect = cuped(y_a, y_b, x_a, x_b, confidence)
    else:
        effect = t_test(y_a, y_b, confidence)
    ratio = sample_ratio_check(list(sizes.values()), planned)
    sd = float(np.sqrt((y_a.var(ddof=1) + y_b.var(ddof=1)) / 2))
    others = {name: int(n) for name, n in counts.items() if name not in arms}
    return Analysis(metric, sizes, ratio, effect, minimum_effect, sd, goal, others)


def _check_arms(arms: Any) -> None:
    if isinstance(arms, str) or len(arms) != 2 or arms[0] == arms[1]:
        raise ValueError(f"arms must name control and treatment, got {arms!r}")


def _check_table(
    table: pd.DataFrame, metric: str, covariate: str | None, unit: str, arm: str
) -> None:
    """Raise unless each row is a known unit in a known arm, once."""
    if not isinstance(table, pd.DataFrame):
        raise ValueError(f"table must be a DataFrame, got {type(table).__name__}")
    wanted = [unit, arm, metric, *([covariate] if covariate else [])]
    missing = [column for column in wanted if column not in table]
    if missing:
        raise ValueError(f"table must have the columns {wanted}, lacks {missing}")
    if covariate == metric:
        raise ValueError(
            f"covariate must be another column than metric, got {metric!r}"
        )
    unknown = int(table[[unit, arm]].isna().sum().sum())
    if unknown:
        raise ValueError(
            f"{unit} and {arm} must be known in each row, got {unknown} missing"
        )
    twice = int(table[unit].duplicated().sum())
    if twice:
        raise ValueError(
            f"table must have one row per unit, got {twice} rows of units already seen; "
            "sum up each unit's rows first"
        )


def _planned_shares(weights: Any, arms: tuple[str, str]) -> list[float] | None:
    if weights is None:
        return None
    named = isinstance(weights, (Mapping, pd.Series))
    if not named or not all(name in weights for name in arms):
        raise ValueError(
            f"weights must give a share to each of {list(arms)}, got {weights!r}"
        )
    return [weights[name] for name in arms]
