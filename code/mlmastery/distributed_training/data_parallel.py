"""Data parallelism: every worker holds the whole model and a part of each batch."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from mlmastery.distributed_training.collectives import all_gather, ring_all_reduce
from mlmastery.distributed_training.model import ModelWrapper
from mlmastery.distributed_training.wire import Message
from mlmastery.validation import check_choice, check_count

if TYPE_CHECKING:
    from mlmastery.distributed_training.communicator import Communicator

Summing = Callable[["Communicator", np.ndarray], np.ndarray]


def server_all_reduce(
    communicator: Communicator, array: np.ndarray, timeout: float = 30.0
) -> np.ndarray:
    """Add the arrays of all ranks at rank 0, which sends the sum back to each.

    The way of a parameter server: rank 0 receives and sends n - 1 arrays, every other
    rank one of each. All arrays have one shape and dtype.
    """
    array = np.asarray(array)
    others = range(1, communicator.world_size)
    if communicator.rank != 0:
        communicator.send(0, Message("part", {}, {"array": array}))
        return communicator.receive(0, timeout).arrays["array"]
    total = array.copy()
    for rank in others:
        part = communicator.receive(rank, timeout).arrays["array"]
        if (part.dtype, part.shape) != (array.dtype, array.shape):
            raise ValueError(
                f"rank 0 adds an array of {array.dtype} and shape {array.shape}, "
                f"rank {rank} sent one of {part.dtype} and shape {part.shape}"
            )
        total += part
    for rank in others:
        communicator.send(rank, Message("sum", {}, {"array": total}))
    return total


SUMS: dict[str, Summing] = {"ring": ring_all_reduce, "server": server_all_reduce}


class DataParallelTrainer:
    """Train one model on several workers that add up their gradients.

    Every worker runs this same code. A batch is cut into one part for each; the sum of
    their gradients, weighted by rows, is the gradient of the whole batch, so that the
    workers stay equal to each other and to one process that sees the whole batch.

    Parameters
    ----------
    model : ModelWrapper
        Equal on all ranks at the start, as data and seed are; ``fit`` checks that.
    communicator : Communicator
    learning_rate : float, default=0.1
    method : {"ring", "server"}, default="ring"
        Who adds: neighbours in a ring, or rank 0.

    Raises
    ------
    ValueError
        If the method is unknown, or from ``fit`` if the ranks' models, data, seeds or
        batches differ.

    Examples
    --------
    >>> from mlmastery.distributed_training.communicator import run_ranks
    >>> X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1])
    >>> def work(communicator):
    ...     trainer = DataParallelTrainer(ModelWrapper(layers=(1, 2)), communicator)
    ...     return trainer.fit(X, y, epochs=2, batch_size=4)
    >>> losses = run_ranks(work, 2)
    >>> losses[0] == losses[1]
    True
    """

    def __init__(
        self,
        model: ModelWrapper,
        communicator: Communicator,
        *,
        learning_rate: float = 0.1,
        method: str = "ring",
    ):
        check_choice(method, "method", SUMS)
        self.model, self.communicator = model, communicator
        self.learning_rate, self.method = learning_rate, method

    def gradient(self, X: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
        """Return loss and gradient of the whole batch, having computed one part of it.

        X and y are the whole batch on every rank; each takes its own rows of it.
        """
        rank, size = self.communicator.rank, self.communicator.world_size
        rows = np.array_split(np.arange(len(X)), size)[rank]
        packed = np.zeros(self.model.n_parameters + 1, self.model.dtype)
        if len(rows):  # a batch may have fewer rows than there are workers
            loss, gradient = self.model.loss_and_gradient(X[rows], y[rows])
            packed[0], packed[1:] = loss, gradient
            packed *= len(rows) / len(X)
        total = SUMS[self.method](self.communicator, packed)
        return float(total[0]), total[1:]

    def step(self, X: np.ndarray, y: np.ndarray) -> float:
        """Take one step on the whole batch and return its loss before the step."""
        loss, gradient = self.gradient(X, y)
        moved = self.model.get_parameters() - self.learning_rate * gradient
        self.model.set_parameters(moved)
        return loss

    def fit(
        self,
        X: np.ndarray,
        y: np.ndarray,
        *,
        epochs: int = 1,
        batch_size: int = 64,
        random_state: int = 0,
    ) -> list[float]:
        """Train on shuffled batches and return the loss of every step.

        All ranks shuffle by the same seed, so they agree on every batch without a
        message.
        """
        check_count(epochs, "epochs")
        check_count(batch_size, "batch_size")
        X, y = np.asarray(X), np.asarray(y)
        if X.ndim != 2 or not len(X) or y.shape != (len(X),):
            raise ValueError(
                "X must be a table with at least one row and y hold one class for "
                f"each, got shapes {X.shape} and {y.shape}"
            )
        self.check_equal(X, y, epochs, batch_size, random_state)
        rng, losses = np.random.default_rng(random_state), []
        for _ in range(epochs):
            order = rng.permutation(len(X))
            for rows in np.split(order, range(batch_size, len(X), batch_size)):
                losses.append(self.step(X[rows], y[rows]))
        return losses

    def check_equal(self, *others: Any) -> None:
        """Raise a ValueError unless all ranks hold the same parameters.

        ``others``, arrays and numbers such as the data and the seed of the shuffling,
        must be equal as well: ranks that shuffle differently take parts of different
        batches, which no error would show.
        """
        own = self.model.get_parameters().astype(np.float64)
        mark = np.array([own.size, own.sum(), np.abs(own).sum()])
        marks = np.array(all_gather(self.communicator, mark))
        if not (marks == marks[0]).all():
            raise ValueError(
                "all ranks must start from one model; number of parameters on each: "
                f"{marks[:, 0].astype(int).tolist()}, their sums {marks[:, 1].tolist()}"
            )
        for position, other in enumerate(others):
            self._check_same(np.asarray(other), position)

    def _check_same(self, value: np.ndarray, position: int) -> None:
        rows = len(value) if value.ndim else value.item()
        mark = np.array([rows, zlib.crc32(value.tobytes())], np.float64)
        marks = np.array(all_gather(self.communicator, mark))
        if not (marks == marks[0]).all():
            name = ("X", "y", "epochs", "batch_size", "random_state")[position]
            what = "rows" if value.ndim else "values"
            raise ValueError(
                f"all ranks must have the same {name}; {what} on each: "
                f"{marks[:, 0].tolist()}, checksums {marks[:, 1].astype(int).tolist()}"
            )
