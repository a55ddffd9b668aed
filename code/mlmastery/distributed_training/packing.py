"""Updates on their way from a client to the server, perhaps compressed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mlmastery.distributed_training.compression import GradientCompressor, n_bytes
from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.federated import client_generator
from mlmastery.distributed_training.model import ModelWrapper, shapes_of

MAX_WEIGHT = 2.0**53
# Raised by rows, models and messages that do not fit.
UNFIT = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
DIVERGED = "its training diverged"
REMEMBERED = 3  # rounds whose memory of a compressor is kept
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Update:
    """One client's contribution to one round."""

    vector: np.ndarray  # of shape (n_parameters,)
    weight: float  # rows it was computed on
    loss: float  # mean cross-entropy, in nats; nan or inf if training diverged
    n_bytes: int = 0  # of the arrays that travel
    why: str = DIVERGED  # that the vector is not finite, if it is not

    @property
    def diverged(self) -> bool:
        """Whether the vector holds numbers that nobody can use."""
        return not np.isfinite(self.vector).all()


@dataclass(frozen=True)
class Parcel:
    """An update as it travels."""

    arrays: Arrays  # its vector, perhaps compressed; empty if there is none
    weight: float
    loss: float
    why: str = DIVERGED  # that it is empty, if it is

    @property
    def diverged(self) -> bool:
        """Whether the client's training came to no numbers that are finite."""
        return not self.arrays


class Packer:
    """Pack each client's updates by what the client remembers, and unpack them.

    Parameters
    ----------
    config : DistributedMLConfig
    model : ModelWrapper
        Says how many parameters there are, and of which type.

    Attributes
    ----------
    memory : dict of int to dict
        Of each client's compressor, by round, for the last few rounds.

    Examples
    --------
    >>> config = DistributedMLConfig(layers=(64, 10), compression="quantise")
    >>> packer = Packer(config, ModelWrapper(layers=config.layers))
    >>> parcel = packer.pack(np.ones(650, "float32"), 12.0, 0.5, 0, 3)
    >>> update = packer.unpack(parcel, 3)
    >>> update.n_bytes, float(update.vector.min())
    (670, 1.0)
    """

    def __init__(self, config: DistributedMLConfig, model: ModelWrapper):
        self.config, self.model = config, model
        self.memory: dict[int, dict[int, Arrays]] = {}

    def pack(
        self,
        vector: np.ndarray,
        weight: float,
        loss: float,
        round_number: int,
        client: int,
    ) -> Parcel:
        """Return the parcel of one client's update; empty where training diverged."""
        if not np.isfinite(vector).all():
            return Parcel({}, weight, math.nan)
        if self.config.secure:  # it is written on the grid later
            return Parcel({"values": vector}, weight, loss)
        return Parcel(self._compress(vector, round_number, client), weight, loss)

    def unpack(self, parcel: Parcel, client: int) -> Update:
        """Return the update in a parcel, or say in a ValueError why it holds none."""
        size, arrays = self.model.n_parameters, parcel.arrays
        try:
            if self.config.secure:
                vector = arrays["values"]
            else:
                vector = self.compressor(0, client).decode(arrays, size)
        except (LookupError, TypeError, AttributeError, ArithmeticError) as error:
            raise ValueError(f"client {client} sent no update: {error!r}") from None
        if vector.shape != (size,) or vector.dtype != self.model.dtype:
            raise ValueError(
                f"client {client} sent an update of shape {vector.shape} and dtype "
                f"{vector.dtype}, the model has {size} parameters of {self.model.dtype}"
            )
        if not 0 < parcel.weight <= MAX_WEIGHT:
            raise ValueError(f"client {client} sent the weight {parcel.weight}")
        return Update(vector, parcel.weight, parcel.loss, n_bytes(arrays))

    def compressor(self, round_number: int, client: int) -> GradientCompressor:
        """Return the compressor of one piece of work, its rounding seeded by it."""
        config, shapes = self.config, None
        seed = client_generator(config.random_state + 1, round_number, client)
        if not config.model:
            shapes = shapes_of(config.layers)
        return GradientCompressor(
            **config.compressor, shapes=shapes, random_state=int(seed.integers(2**31))
        )

    def _compress(self, vector: np.ndarray, round_number: int, client: int) -> Arrays:
        """Compress by what the client remembers of earlier rounds, and remember.

        The memory of a round stays, so that the same work done again is the same.
        """
        compressor = self.compressor(round_number, client)
        if not self.config.remembers:
            return compressor.encode(vector)
        memory = self.memory.setdefault(client, {})
        earlier = self.memory_before(round_number, client)
        if earlier is not None:
            compressor.set_state(memory[earlier])
        arrays = compressor.encode(vector)
        memory[round_number] = compressor.get_state()
        for old in sorted(memory)[:-REMEMBERED]:
            del memory[old]
        return arrays

    def memory_before(self, round_number: int, client: int) -> int | None:
        """Return the last earlier round that a client's compressor remembers."""
        rounds = [r for r in self.memory.get(client, {}) if r < round_number]
        return max(rounds, default=None)

    def get_memory(self) -> Arrays:
        """Return the newest memory of all clients, for a checkpoint."""
        return {
            f"memory/{client}/{max(memory)}/{name}": array
            for client, memory in self.memory.items()
            for name, array in memory[max(memory)].items()
        }

    def set_memory(self, arrays: Arrays) -> None:
        """Take back what `get_memory` returned."""
        self.memory = {}
        for key, array in arrays.items():
            _, client, number, name = key.split("/")
            memory = self.memory.setdefault(int(client), {})
            memory.setdefault(int(number), {})[name] = array
