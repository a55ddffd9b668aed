"""Count each user once, whatever is delivered twice, late or in the wrong order.

>>> from mlmastery.ab_testing.database import open_database
>>> store = EventStore(open_database("sqlite://"), clock=lambda: 100.0)
>>> store.expose("price", "ana", "control", at=10)
'stored'
>>> [store.convert("price", "ana", "order-1", at=20) for _ in range(2)]
['stored', 'duplicate']
>>> store.counts("price").loc["control"].tolist()
[1.0, 1.0, 1.0]
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa

from mlmastery.ab_testing.assignment import check_identifier
from mlmastery.ab_testing.database import (
    conversions,
    exposures,
    insert_once,
    refusals,
)
from mlmastery.validation import check_number

__all__ = ["Audit", "EventStore"]

MAX_VALUE = 1e12  # of one conversion: a sum of many stays finite
OF_UNIT = (exposures.c.experiment == sa.bindparam("in_experiment")) & (
    exposures.c.unit == sa.bindparam("of_unit")
)
ARM_OF = sa.select(exposures.c.arm).where(OF_UNIT)
TIME: sa.BindParameter[float] = sa.bindparam("time")
EARLIER = sa.update(exposures).where(OF_UNIT, exposures.c.at > TIME).values(at=TIME)


@dataclass(frozen=True)
class Audit:
    """The faults found in the events of an experiment.

    Attributes
    ----------
    contradicting_exposures : int
        Refused: they claim another arm than the one stored for the user.
    reused_keys : int
        Refused: a conversion's key came again with another user or value.
    conversions_before_exposure : int
        Stored and not counted: the treatment cannot have caused them.
    conversions_without_exposure : int
        Stored and not counted: their users are in no arm.
    skewed_clocks : int
        Events dated in the future; they have the time of their arrival.
    """

    contradicting_exposures: int
    reused_keys: int
    conversions_before_exposure: int
    conversions_without_exposure: int
    skewed_clocks: int


class EventStore:
    """Exposures and conversions, each counted once.

    A user has one exposure, the first: its arm stays, and so does its earliest time.
    A conversion has a key, an order's number say: a delivery repeated after a timeout
    is the same conversion.

    Parameters
    ----------
    engine : sqlalchemy.Engine
        As `open_database` returns it.
    tolerance : float, default=60.0
        Seconds by which a client's clock may be ahead of ours.
    clock : callable, default=time.time
        Returns the present, in seconds since 1970; tests replace it.
    """

    def __init__(
        self,
        engine: sa.Engine,
        tolerance: float = 60.0,
        clock: Callable[[], float] = time.time,
    ):
        self.engine = engine
        self.tolerance = check_number(tolerance, "tolerance")
        self.clock = clock

    def expose(
        self, experiment: str, unit: str, arm: str, at: float | None = None
    ) -> str:
        """Record that a user met an arm.

        Parameters
        ----------
        experiment, unit, arm : str
        at : float, optional
            When, in seconds since 1970 by the client's clock; by default now.

        Returns
        -------
        {"stored", "duplicate", "refused"}
            Refused is an arm that contradicts the one stored; it is counted.

        Raises
        ------
        ValueError
            If a name or the time is not one.
        """
        check_identifier(experiment, "experiment")
        row = {
            "experiment": experiment,
            "unit": check_identifier(unit, "unit"),
            "arm": check_identifier(arm, "arm"),
            **self._dated(at),
        }
        with self.engine.begin() as connection:
            if insert_once(connection, exposures, row):
                return "stored"
            here = {"in_experiment": experiment, "of_unit": unit}
            if connection.scalar(ARM_OF, here) != arm:
                return _refuse(connection, experiment, "exposure", unit, arm)
            # Delivered late is not exposed late: the earliest time counts.
            connection.execute(EARLIER, here | {"time": row["at"]})
            return "duplicate"

    def arm_of(self, experiment: str, unit: str) -> str | None:
        """Return the arm stored for a user, or None before any exposure."""
        with self.engine.connect() as connection:
            here = {"in_experiment": experiment, "of_unit": unit}
            return connection.scalar(ARM_OF, here)

    def convert(
        self,
        experiment: str,
        unit: str,
        key: str,
        value: float = 1.0,
        at: float | None = None,
    ) -> str:
        """Record a conversion, once for each key.

        Parameters
        ----------
        experiment, unit : str
        key : str
            The same at each delivery of this conversion, another for every other.
        value : float, default=1.0
            In units of the metric: 1 for a purchase, or its amount.
        at : float, optional
            When, in seconds since 1970 by the client's clock; by default now.

        Returns
        -------
        {"stored", "duplicate", "refused"}
            Refused is a key that came before with another user or value.

        Raises
        ------
        ValueError
            If a name, the value or the time is not one.
        """
        check_identifier(experiment, "experiment")
        row = {
            "experiment": experiment,
            "key": check_identifier(key, "key"),
            "unit": check_identifier(unit, "unit"),
            "value": check_number(value, "value", -MAX_VALUE, MAX_VALUE),
            **self._dated(at),
        }
        with self.engine.begin() as connection:
            if insert_once(connection, conversions, row):
                return "stored"
            table = conversions.c
            here = (table.experiment == experiment) & (table.key == key)
            stored = connection.execute(sa.select(table.unit, table.value).where(here))
            if tuple(stored.one()) == (unit, row["value"]):
                return "duplicate"
            return _refuse(connection, experiment, "conversion", key, f"{unit} {value}")

    def _dated(self, at: float | None) -> dict[str, Any]:
        """Return the time of an event and whether the client's was in the future."""
        now = self.clock()
        if at is None:
            return {"at": now, "skewed": False}
        claimed = check_number(at, "at")
        skewed = claimed > now + self.tolerance
        return {"at": now if skewed else claimed, "skewed": skewed}

    def outcomes(self, experiment: str) -> pd.DataFrame:
        """Return one row per exposed user: the table that a test compares.

        Parameters
        ----------
        experiment : str

        Returns
        -------
        DataFrame of shape (n_users, 4)
            Columns unit, arm, conversions (how many since the exposure) and value
            (their sum, 0 for a user without any).
        """
        counted = sa.and_(
            conversions.c.experiment == exposures.c.experiment,
            conversions.c.unit == exposures.c.unit,
            conversions.c.at >= exposures.c.at,
        )
        query = (
            sa.select(
                exposures.c.unit,
                exposures.c.arm,
                sa.func.count(conversions.c.key).label("conversions"),
                sa.func.coalesce(sa.func.sum(conversions.c.value), 0.0).label("value"),
            )
            .join_from(exposures, conversions, counted, isouter=True)
            .where(exposures.c.experiment == experiment)
            .group_by(exposures.c.unit, exposures.c.arm)
            .order_by(exposures.c.unit)
        )
        with self.engine.connect() as connection:
            rows = connection.execute(query)
            return pd.DataFrame(rows.all(), columns=list(rows.keys()))

    def counts(self, experiment: str) -> pd.DataFrame:
        """Return one row per arm that has users.

        Parameters
        ----------
        experiment : str

        Returns
        -------
        DataFrame of shape (n_arms, 3)
            Columns users, converted (users with at least one conversion) and value
            (the sum over all users).
        """
        table = self.outcomes(experiment)
        table["converted"] = table["conversions"] > 0
        return table.groupby("arm").agg(
            users=("unit", "size"),
            converted=("converted", "sum"),
            value=("value", "sum"),
        )

    def audit(self, experiment: str) -> Audit:
        """Return how many events of each fault there are.

        Parameters
        ----------
        experiment : str
        """
        of_user = (conversions.c.experiment == exposures.c.experiment) & (
            conversions.c.unit == exposures.c.unit
        )
        joined = conversions.outerjoin(exposures, of_user)
        mine = conversions.c.experiment == experiment
        early = conversions.c.at < exposures.c.at
        with self.engine.connect() as connection:

            def count(table: sa.FromClause, *conditions: Any) -> int:
                query = sa.select(sa.func.count()).select_from(table)
                return connection.scalar(query.where(*conditions)) or 0

            def refused(kind: str) -> int:
                here = refusals.c.experiment == experiment
                return count(refusals, here, refusals.c.kind == kind)

            return Audit(
                contradicting_exposures=refused("exposure"),
                reused_keys=refused("conversion"),
                conversions_before_exposure=count(joined, mine, early),
                conversions_without_exposure=count(
                    joined, mine, exposures.c.unit.is_(None)
                ),
                skewed_clocks=count(conversions, mine, conversions.c.skewed)
                + count(
                    exposures, exposures.c.experiment == experiment, exposures.c.skewed
                ),
            )


def _refuse(
    connection: sa.Connection, experiment: str, kind: str, key: str, claim: str
) -> str:
    """Count a refused event, once however often it comes."""
    row = {"experiment": experiment, "kind": kind, "key": key, "claim": claim}
    insert_once(connection, refusals, row)
    return "refused"
