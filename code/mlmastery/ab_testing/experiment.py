"""An experiment as it is planned, and what may change once it runs.

>>> from mlmastery.ab_testing.experiment import Experiment
>>> plan = Experiment("one-page-checkout", "One page sells more", "purchase", 0.01)
>>> running = plan.start(coverage=0.05)
>>> running.ramp(0.2).coverage
0.2
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from mlmastery.ab_testing.assignment import (
    Layer,
    assign,
    check_identifier,
    check_weights,
    hash_to_unit,
)
from mlmastery.validation import check_choice, check_number

__all__ = ["RAMP", "STATES", "Experiment", "ExperimentStateError"]

RAMP = (0.05, 0.2, 0.5, 1.0)  # shares of all users, one after the other
STATES = ("draft", "running", "stopped")
NAME = re.compile(r"[A-Za-z0-9._-]+")
HALVES = {"control": 0.5, "treatment": 0.5}


class ExperimentStateError(RuntimeError):
    """A request that the experiment's state does not allow."""


@dataclass(frozen=True)
class Experiment:
    """A plan: the treatment, its users, the reason, and the measure of success.

    It does not change; `start`, `ramp`, `stop` and `change` return the next one.

    Parameters
    ----------
    name : str
        Unique among experiments: letters, digits, ".", "_" and "-", for it is a part
        of addresses.
    hypothesis : str
        What is expected and why, in a sentence.
    metric : str
        The event, or the quantity per user, that decides.
    minimum_effect : float
        The smallest difference worth having, absolute, in units of the metric.
    allocation : mapping of str to float
        The share of each arm, the control first; together 1.
    salt : str, optional
        Of the hash, at most 64 bytes; by default the name. An experiment repeated
        under a new salt draws its arms anew.
    coverage : float, default=1.0
        The share of all users that takes part, from 0 to 1.
    excluded : iterable of str, default=()
        Units that never take part: staff, test accounts, robots.
    layer : Layer, optional
        Of experiments that exclude one another; it must hold this one's name.
    state : {"draft", "running", "stopped"}, default="draft"

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> plan = Experiment("price", "9 € sells as often as 8 €", "purchase", 0.005)
    >>> plan.assign("user-1"), plan.start().change(salt="again")
    Traceback (most recent call last):
        ...
    mlmastery.ab_testing.experiment.ExperimentStateError: salt must not change while \
price runs: it would move users from one arm to another
    """

    name: str
    hypothesis: str
    metric: str
    minimum_effect: float
    allocation: Mapping[str, float] = field(default_factory=lambda: HALVES, hash=False)
    salt: str = ""
    coverage: float = 1.0
    excluded: Iterable[str] = ()
    layer: Layer | None = None
    state: str = "draft"

    def __post_init__(self) -> None:
        if not NAME.fullmatch(check_identifier(self.name, "name")):
            raise ValueError(
                f'name must hold letters, digits, ".", "_" and "-", got {self.name!r}'
            )
        check_identifier(self.metric, "metric")
        if not isinstance(self.hypothesis, str) or not self.hypothesis.strip():
            raise ValueError(f"hypothesis must be a sentence, got {self.hypothesis!r}")
        check_number(self.minimum_effect, "minimum_effect", open=True)
        check_number(self.coverage, "coverage", maximum=1)
        check_choice(self.state, "state", STATES)
        shares = check_weights(self.allocation, "allocation")
        self._set(allocation=MappingProxyType(shares), salt=self.salt or self.name)
        hash_to_unit("any", self.salt)  # refuses a salt that it cannot use
        if isinstance(self.excluded, str):
            raise ValueError(f"excluded must list units, got {self.excluded!r}")
        self._set(excluded=frozenset(self.excluded))
        if self.layer is not None and self.name not in self.layer.shares:
            raise ValueError(
                f"layer must hold the experiment {self.name!r}, "
                f"got {', '.join(self.layer.shares) or 'none'}"
            )

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def arms(self) -> tuple[str, ...]:
        """The names of the arms, the control first."""
        return tuple(self.allocation)

    @property
    def control(self) -> str:
        """The arm that the others are compared with."""
        return self.arms[0]

    def assign(self, unit: str) -> str | None:
        """Return the arm of a unit, or None if it takes no part.

        Parameters
        ----------
        unit : str
            A user's identifier, the same at each visit.

        Raises
        ------
        ValueError
            If it is not an identifier.

        Examples
        --------
        >>> plan = Experiment("price", "A reason", "purchase", 0.01, excluded=["ana"])
        >>> plan.assign("ben"), plan.assign("ana")
        ('control', None)
        """
        check_identifier(unit, "unit")
        if unit in self.excluded:
            return None
        if self.layer is not None and self.layer.experiment_of(unit) != self.name:
            return None
        return assign(unit, self.salt, self.allocation, self.coverage)

    def start(self, coverage: float | None = None) -> Experiment:
        """Return the running experiment; it cannot be started twice.

        Raises
        ------
        ExperimentStateError
            If it is not a draft.
        """
        self._must_be("draft", "start")
        share = self.coverage if coverage is None else coverage
        return replace(self, state="running", coverage=share)

    def ramp(self, coverage: float) -> Experiment:
        """Return the experiment with a larger share of all users.

        Those inside keep their arms. A smaller share would show users the old page
        again after the new one: `stop` instead.

        Raises
        ------
        ExperimentStateError
            If it does not run.
        ValueError
            If the share is smaller than now, or above 1.

        Examples
        --------
        >>> plan = Experiment("price", "A reason", "purchase", 0.01)
        >>> plan.start(coverage=0.5).ramp(0.2)
        Traceback (most recent call last):
            ...
        ValueError: coverage must be a number of at least 0.5 and at most 1, got 0.2
        """
        self._must_be("running", "ramp")
        check_number(coverage, "coverage", minimum=self.coverage, maximum=1)
        return replace(self, coverage=coverage)

    def stop(self) -> Experiment:
        """Return the experiment at its end: it assigns no new users.

        Raises
        ------
        ExperimentStateError
            If it does not run.
        """
        self._must_be("running", "stop")
        return replace(self, state="stopped")

    def change(self, **changes: Any) -> Experiment:
        """Return a draft with other values.

        Raises
        ------
        ExperimentStateError
            If it is no longer a draft: what is measured and who is in which arm was
            fixed when it started.
        ValueError
            If a value is outside its range.
        TypeError
            If there is no such value.
        """
        known = {f.name for f in fields(self)}
        if unknown := changes.keys() - known:
            raise TypeError(f"unknown: {', '.join(sorted(unknown))}")
        if self.state == "draft" and "state" not in changes:
            return replace(self, **changes)
        first = next(iter(changes), "nothing")
        reason = "it would move users from one arm to another"
        if first in {"hypothesis", "metric", "minimum_effect"}:
            reason = "it was to be fixed before the data came"
        if first == "state":
            reason = "use start and stop"
        state = "runs" if self.state == "running" else f"is {self.state}"
        raise ExperimentStateError(
            f"{first} must not change while {self.name} {state}: {reason}"
        )

    def _must_be(self, state: str, action: str) -> None:
        if self.state != state:
            raise ExperimentStateError(
                f"{self.name} must be {state} to {action}, got {self.state}"
            )

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold; `from_dict` reads it.

        Examples
        --------
        >>> plan = Experiment("price", "A reason", "purchase", 0.01)
        >>> Experiment.from_dict(plan.to_dict()) == plan
        True
        """
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values["allocation"] = dict(self.allocation)
        values["excluded"] = sorted(self.excluded)
        if self.layer is not None:
            values["layer"] = {
                "name": self.layer.name,
                "shares": dict(self.layer.shares),
            }
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Experiment:
        """Return the experiment that `to_dict` wrote.

        Raises
        ------
        ValueError
            If a value is outside its range.
        TypeError
            If one is missing or unknown.
        """
        return cls(**_with_layer(values))

    def change_from_dict(self, values: Mapping[str, Any]) -> Experiment:
        """Return a draft with other values, as `change` does and `to_dict` writes them.

        Raises
        ------
        ExperimentStateError, ValueError, TypeError
            As `change` does.
        """
        return self.change(**_with_layer(values))


def _with_layer(values: Mapping[str, Any]) -> dict[str, Any]:
    layer = values.get("layer")
    return {**values, "layer": Layer(**layer)} if layer else dict(values)
