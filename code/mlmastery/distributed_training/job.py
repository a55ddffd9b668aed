"""The work of a run, cut into pieces that anybody may do: one client in one round.

A piece depends on the configuration, the round, the client and the parameters, and on
nothing else: no matter which process does it, when, or how often, the result is the
same to the last bit. Everything the system does about failures rests on this.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from time import monotonic
from typing import Any

import numpy as np

from mlmastery.distributed_training.aggregation import Aggregation, Closed
from mlmastery.distributed_training.config import ROOM, DistributedMLConfig
from mlmastery.distributed_training.federated import (
    client_generator,
    local_update,
    partners,
    round_generator,
    sample_clients,
)
from mlmastery.distributed_training.importing import imported
from mlmastery.distributed_training.model import ModelWrapper, one_thread
from mlmastery.distributed_training.own_model import OwnModel
from mlmastery.distributed_training.packing import Packer, Parcel, Update
from mlmastery.distributed_training.privacy import clip, sample_poisson
from mlmastery.distributed_training.run_data import RunData
from mlmastery.distributed_training.strategies import make_strategy


class Job:
    """The rows, the model and the pieces of work of a configuration.

    Parameters
    ----------
    config : DistributedMLConfig

    Attributes
    ----------
    data : RunData
    model : ModelWrapper
        With the first parameters of the run.
    packer : Packer
        Of updates that travel.
    aggregation : Aggregation
        Of the updates of a round.

    Raises
    ------
    ValueError
        If model, data and configuration do not fit together.
    """

    def __init__(self, config: DistributedMLConfig):
        self.config = config
        self.strategy = make_strategy(config.strategy, **config.strategy_options)
        self.data = RunData(config)
        self.model = make_model(config)
        _check_frame(config, self.model)
        self.packer = Packer(config, self.model)
        self.aggregation = Aggregation(config, self.model, self.strategy)

    def check(self) -> None:
        """Try the model on held-out rows, so that nobody works for a run that cannot be.

        Raises
        ------
        ValueError
            If the model cannot take a row, or knows fewer classes than there are.
        """
        config, (X, y) = self.config, self.data.test_rows
        model = config.model or f"the network of layers {config.layers}"
        rows = config.loader or config.files or config.data
        try:
            n_classes = self.model.predict_proba(X[:1]).shape[1]
        except Exception as error:
            raise ValueError(
                f"{model} cannot take a row of {rows}, of shape {X.shape[1:]}: "
                f"{type(error).__name__}: {error}"
            ) from error
        if not 0 <= y.min() <= y.max() < n_classes:
            raise ValueError(
                f"{rows} has classes from {y.min()} to {y.max()}, {model} tells "
                f"{n_classes} apart, from 0"
            )

    # --- who takes part --------------------------------------------------------------

    def clients(self, round_number: int) -> list[int]:
        """Return the clients of a round, in order.

        With differential privacy each takes part by a coin of its own, thrown here and
        told to nobody: that others do not know it is part of what is counted.
        """
        config = self.config
        if config.mode == "data_parallel":
            return list(range(config.n_clients))
        if self.aggregation.privacy is not None:
            n, share = config.n_clients, config.client_fraction
            return sample_poisson(n, share, self.aggregation.noise).tolist()
        rng = round_generator(config.random_state, round_number)
        chosen = sample_clients(config.n_clients, config.client_fraction, rng)
        return [int(client) for client in chosen]

    def idle_partners(self, clients: list[int]) -> list[int]:
        """Return who else joins a secure sum: under privacy it may have one client."""
        if self.aggregation.privacy is None:
            return []
        return partners(clients, self.config.n_clients)

    # --- one client's work -----------------------------------------------------------

    def update(self, parameters: np.ndarray, round_number: int, client: int) -> Update:
        """Do one client's work, and receive it as if it had travelled."""
        parcel = self.work(parameters, round_number, client)
        if parcel.diverged:
            lost = np.full(self.model.n_parameters, np.nan, self.model.dtype)
            return Update(lost, parcel.weight, math.nan, why=parcel.why)
        return self.packer.unpack(parcel, client)

    def work(self, parameters: np.ndarray, round_number: int, client: int) -> Parcel:
        """Do one client's work of one round, from the round's parameters.

        Rows that cannot be loaded, or that the model cannot take, cost this client's
        update and nothing else.
        """
        try:
            with one_thread(self.config.framework):
                vector, weight, loss = self.trained(parameters, round_number, client)
        except Exception as error:  # of a loader or a model that somebody else wrote
            why = f"{type(error).__name__}: {error}"[:300]
            return Parcel({}, 1.0, math.nan, why)
        return self.packer.pack(vector, weight, loss, round_number, client)

    def trained(self, parameters, round_number: int, client: int):
        """Return vector, weight and loss of one client, before anything is packed."""
        with np.errstate(over="ignore", invalid="ignore"):  # it may diverge
            if self.config.mode == "data_parallel":
                rows = self.data.batch(round_number, client)
                vector, loss = self.gradient_step(parameters, rows)
                return vector, float(len(rows)), loss
            X, y = self.data.rows(client)
            vector, loss = self._train(parameters, X, y, round_number, client)
        if self.aggregation.privacy is None:
            return vector, float(len(X)), loss
        vector[self.model.n_parameters - self.model.n_fixed :] = 0
        if np.isfinite(vector).all():
            vector = clip(vector[None], self.aggregation.longest)[0]
        return vector, 1.0, math.nan  # a loss would tell of the rows, uncounted

    def _train(self, parameters, X, y, round_number: int, client: int):
        config = self.config
        return local_update(
            self.model,
            parameters,
            X,
            y,
            epochs=config.epochs,
            batch_size=config.batch_size,
            learning_rate=config.learning_rate,
            proximal=self.strategy.proximal,
            generator=client_generator(config.random_state, round_number, client),
            enough=self._stop(),
        )

    def _stop(self) -> Callable[[], bool] | None:
        """Return what tells a straggler after an epoch that its time is over."""
        stragglers = self.config.stragglers
        if stragglers.get("policy") != "partial":
            return None
        end = monotonic() + stragglers["after"]
        return lambda: monotonic() > end

    def gradient_step(self, parameters: np.ndarray, rows: np.ndarray):
        """Return one step against the gradient of these rows, and their loss."""
        X, y = self.data.X[rows], self.data.y[rows]
        self.model.set_parameters(parameters)
        loss, gradient = self.model.loss_and_gradient(X, y)
        return self.model.step(gradient, self.config.learning_rate), loss

    # --- what a round came to --------------------------------------------------------

    def line(
        self, number: int, closed: Closed, n_missing: int, sent: int
    ) -> dict[str, Any]:
        """Return a round's line of the history."""
        line = {
            "round": number,
            "loss": self._loss(closed),
            "accuracy": self.accuracy(closed.parameters),
            "clients": closed.n_clients,
            "missing": n_missing,
            "bytes": sent,
        }
        epsilon = self.aggregation.epsilon(closed.state)
        return line if epsilon is None else line | {"epsilon": epsilon}

    def _loss(self, closed: Closed) -> float | None:
        """Return the clients' mean loss; under privacy that of the held-out rows."""
        if self.aggregation.privacy is not None:
            self.model.set_parameters(closed.parameters)
            return self.model.loss(*self.data.test_rows)
        return closed.loss

    def accuracy(self, parameters: np.ndarray) -> float:
        """Return the share of held-out rows that these parameters classify rightly."""
        self.model.set_parameters(parameters)
        return self.model.score(*self.data.test_rows)


def make_model(config: DistributedMLConfig) -> ModelWrapper:
    """Return the model of a configuration, with the first parameters."""
    if config.model:
        return _own_model(config)
    return ModelWrapper(
        config.framework,
        layers=config.layers,
        activation=config.activation,
        random_state=config.random_state,
        device=config.device,
    )


def _own_model(config: DistributedMLConfig) -> OwnModel:
    factory = imported("model", config.model)
    try:
        return OwnModel(
            factory,
            framework=config.framework,
            random_state=config.random_state,
            device=config.device,
        )
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        raise ValueError(f"model {config.model!r} cannot be used: {why}") from error


def _check_frame(config: DistributedMLConfig, model: ModelWrapper) -> None:
    n_numbers = model.n_parameters + 2
    needed = n_numbers * (8 if config.secure else model.dtype.itemsize) + ROOM
    if config.engine == "processes" and config.max_frame < needed:
        raise ValueError(
            f"max_frame must be at least {needed} for a model of "
            f"{model.n_parameters} parameters, got {config.max_frame}"
        )
