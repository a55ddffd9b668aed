"""Keep experiments in a database, and let none change its arms while it runs.

>>> from mlmastery.ab_testing.database import open_database
>>> from mlmastery.ab_testing.experiment import Experiment
>>> registry = Registry(open_database("sqlite://"))
>>> plan = registry.create(Experiment("price", "A reason", "purchase", 0.01))
>>> registry.update("price", lambda experiment: experiment.start(0.05)).coverage
0.05
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache

import sqlalchemy as sa

from mlmastery.ab_testing.database import experiments, insert_once
from mlmastery.ab_testing.experiment import Experiment, ExperimentStateError

__all__ = ["Registry", "UnknownExperimentError"]


DEFINITION = sa.select(experiments.c.definition).where(
    experiments.c.name == sa.bindparam("name")
)


class UnknownExperimentError(LookupError):
    """There is no experiment of that name."""


class Registry:
    """The experiments of a database.

    Parameters
    ----------
    engine : sqlalchemy.Engine
        As `open_database` returns it.
    """

    def __init__(self, engine: sa.Engine):
        self.engine = engine

    def names(self) -> list[str]:
        """Return the names of all experiments, sorted."""
        with self.engine.connect() as connection:
            return sorted(connection.scalars(sa.select(experiments.c.name)))

    def create(self, experiment: Experiment) -> Experiment:
        """Store a new experiment; the same once more changes nothing.

        Raises
        ------
        ExperimentStateError
            If another experiment has this name.
        ValueError
            If its layer divides the users otherwise than an earlier experiment says.
        """
        definition = _to_text(experiment)
        values = {"name": experiment.name, "definition": definition}
        with self.engine.begin() as connection:
            self._check_layer(connection, experiment)
            new = insert_once(connection, experiments, values)
        if not new and _to_text(self.get(experiment.name)) != definition:
            raise ExperimentStateError(
                f"name must be new, got {experiment.name!r}, which exists and differs"
            )
        return experiment

    def get(self, name: str) -> Experiment:
        """Return an experiment.

        Raises
        ------
        UnknownExperimentError
            If there is none of this name.
        """
        with self.engine.connect() as connection:
            return _from_text(self._definition(connection, name))

    def update(
        self, name: str, transition: Callable[[Experiment], Experiment]
    ) -> Experiment:
        """Put an experiment into its next state and return it.

        Parameters
        ----------
        name : str
        transition : callable
            Takes the experiment and returns the next, or raises: say
            ``lambda e: e.ramp(0.5)``.

        Raises
        ------
        UnknownExperimentError
            If there is none of this name.
        ExperimentStateError
            If its state does not allow this, or if it changed meanwhile.
        """
        with self.engine.begin() as connection:
            before = self._definition(connection, name)
            after = transition(_from_text(before))
            self._check_layer(connection, after)
            # Only if it is still what was read: of two at once, one wins.
            where = (experiments.c.name == name) & (experiments.c.definition == before)
            statement = sa.update(experiments).where(where)
            done = connection.execute(statement.values(definition=_to_text(after)))
        if done.rowcount != 1:
            raise ExperimentStateError(f"{name} was changed by another at this moment")
        return after

    def _check_layer(self, connection: sa.Connection, experiment: Experiment) -> None:
        """Refuse a layer cut at other places than an earlier experiment cuts it."""
        layer = experiment.layer
        if layer is None:
            return
        others = map(
            _from_text, connection.scalars(sa.select(experiments.c.definition))
        )
        for other in (e.layer for e in others if e.name != experiment.name):
            if other and other.name == layer.name and not layer.agrees(other):
                raise ValueError(
                    f"layer {layer.name!r} must begin with {dict(other.shares)}, "
                    f"got {dict(layer.shares)}"
                )

    def _definition(self, connection: sa.Connection, name: str) -> str:
        definition = connection.scalar(DEFINITION, {"name": name})
        if definition is None:
            known = ", ".join(sorted(connection.scalars(sa.select(experiments.c.name))))
            raise UnknownExperimentError(
                f"experiment must be one of {known or 'none yet'}, got {name!r}"
            )
        return definition


def _to_text(experiment: Experiment) -> str:
    return json.dumps(experiment.to_dict())


@lru_cache(maxsize=1024)  # an experiment does not change, so its text is its key
def _from_text(definition: str) -> Experiment:
    return Experiment.from_dict(json.loads(definition))
