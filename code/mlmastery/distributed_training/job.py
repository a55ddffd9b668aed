"""The work of a run, cut into pieces that anybody may do: one client in one round.

A piece depends on the configuration, the round, the client and the parameters, and on
nothing else: no matter which process does it, when, or how often, the result is the
same to the last bit. Everything the system does about failures rests on this.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mlmastery.distributed_training.compression import GradientCompressor
from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.federated import (
    client_generator,
    local_update,
    round_generator,
    sample_clients,
)
from mlmastery.distributed_training.model import ModelWrapper
from mlmastery.distributed_training.partition import dirichlet, iid
from mlmastery.distributed_training.strategies import Strategy, make_strategy

TEST_SHARE = 0.2
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Update:
    """One client's contribution to one round."""

    vector: np.ndarray  # of shape (n_parameters,)
    weight: float  # rows it was computed on
    loss: float  # mean cross-entropy, in nats; nan or inf if training diverged


@dataclass(frozen=True)
class Parcel:
    """An update as it travels."""

    arrays: Arrays  # its vector, perhaps compressed
    weight: float
    loss: float


class Job:
    """Data, parts and model of a configuration.

    Parameters
    ----------
    config : DistributedMLConfig

    Attributes
    ----------
    model : ModelWrapper
        With the first parameters of the run.
    parts : list of ndarray
        Row numbers of each client.
    X_test, y_test : ndarray
        A fifth of the rows, which no client holds.
    """

    def __init__(self, config: DistributedMLConfig):
        self.config = config
        X, y = load_data(config.data)
        order = np.random.default_rng(config.random_state).permutation(len(X))
        test, train = np.split(order, [round(TEST_SHARE * len(X))])
        self.X, self.y, self.X_test, self.y_test = X[train], y[train], X[test], y[test]
        self.parts = self._parts()
        self.model = ModelWrapper(
            config.framework,
            layers=config.layers,
            activation=config.activation,
            random_state=config.random_state,
        )
        self.strategy: Strategy = make_strategy(
            config.strategy, **config.strategy_options
        )

    def _parts(self) -> list[np.ndarray]:
        config = self.config
        rng = np.random.default_rng([config.random_state, 1])
        if config.partition == "iid":
            return iid(len(self.X), config.n_clients, rng)
        return dirichlet(self.y, config.n_clients, config.alpha, rng)

    def clients(self, round_number: int) -> list[int]:
        """Return the clients of a round, in order."""
        config = self.config
        if config.mode == "data_parallel":
            return list(range(config.n_clients))
        rng = round_generator(config.random_state, round_number)
        chosen = sample_clients(config.n_clients, config.client_fraction, rng)
        return [int(client) for client in chosen]

    def update(self, parameters: np.ndarray, round_number: int, client: int) -> Update:
        """Do one client's work, and receive it as if it had travelled."""
        return self.unpack(self.work(parameters, round_number, client), client)

    def work(self, parameters: np.ndarray, round_number: int, client: int) -> Parcel:
        """Do one client's work of one round, from the round's parameters."""
        if self.config.mode == "data_parallel":
            rows = self.batch(round_number, client)
            vector, loss = self.gradient_step(parameters, rows)
        else:
            rows = self.parts[client]
            vector, loss = self._train(parameters, rows, round_number, client)
        compressor = self.compressor(round_number, client)
        return Parcel(compressor.encode(vector), float(len(rows)), loss)

    def _train(self, parameters, rows, round_number: int, client: int):
        config = self.config
        return local_update(
            self.model,
            parameters,
            self.X[rows],
            self.y[rows],
            epochs=config.epochs,
            batch_size=config.batch_size,
            learning_rate=config.learning_rate,
            proximal=self.strategy.proximal,
            generator=client_generator(config.random_state, round_number, client),
        )

    def gradient_step(self, parameters: np.ndarray, rows: np.ndarray):
        """Return one step against the gradient of these rows, and their loss."""
        self.model.set_parameters(parameters)
        loss, gradient = self.model.loss_and_gradient(self.X[rows], self.y[rows])
        return (-self.config.learning_rate * gradient).astype(gradient.dtype), loss

    def batch(self, round_number: int, client: int | None = None) -> np.ndarray:
        """Return the rows of a round's batch, or those of one client of it."""
        config = self.config
        rng = round_generator(config.random_state, round_number)
        rows = rng.choice(len(self.X), config.batch_size, replace=False)
        return rows if client is None else np.split(rows, config.n_clients)[client]

    def compressor(self, round_number: int, client: int) -> GradientCompressor:
        """Return the compressor of one piece of work, its rounding seeded by it."""
        config = self.config
        seed = client_generator(config.random_state + 1, round_number, client)
        return GradientCompressor(
            config.compression,
            bits=config.bits,
            random_state=int(seed.integers(2**31)),
        )

    def combine(
        self, parameters: np.ndarray, state: Arrays, updates: dict[int, Update]
    ) -> tuple[np.ndarray, Arrays]:
        """Return parameters and state after a round, whatever order updates came in.

        Raises
        ------
        ValueError
            If there is no update, or one has another shape than the parameters.
        """
        if not updates:
            raise ValueError("a round needs the update of at least one client")
        inputs = [updates[client] for client in sorted(updates)]
        vectors = np.stack([update.vector for update in inputs])
        weights = np.array([update.weight for update in inputs])
        return self.strategy.step(parameters, vectors, weights, state)

    def unpack(self, parcel: Parcel, client: int) -> Update:
        """Return the update in a parcel, or say in a ValueError why it holds none."""
        try:
            vector = self.compressor(0, client).decode(parcel.arrays)
        except (LookupError, TypeError, AttributeError) as error:
            raise ValueError(f"client {client} sent no update: {error!r}") from None
        if vector.shape != (self.model.n_parameters,):
            raise ValueError(
                f"client {client} sent an update of shape {vector.shape}, the model "
                f"has {self.model.n_parameters} parameters"
            )
        if not 0 < parcel.weight < np.inf:
            raise ValueError(f"client {client} sent the weight {parcel.weight}")
        return Update(vector, parcel.weight, parcel.loss)

    def accuracy(self, parameters: np.ndarray) -> float:
        """Return the share of held-out rows that these parameters classify rightly."""
        self.model.set_parameters(parameters)
        return self.model.score(self.X_test, self.y_test)


@lru_cache(maxsize=2)
def load_data(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return images of digits as rows of numbers from 0 to 1, and their digits."""
    if name == "digits":
        from sklearn.datasets import load_digits

        X, y = load_digits(return_X_y=True)
        return (X / 16).astype(np.float32), y.astype(np.int64)
    from mlmastery.datasets import load_mnist

    table = load_mnist()
    X, y = table.drop(columns="digit").to_numpy(), table["digit"].to_numpy()
    return (X / 255).astype(np.float32), y.astype(np.int64)
