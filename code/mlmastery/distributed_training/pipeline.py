"""Model parallelism: each worker holds some layers, and micro-batches flow through.

A stage runs a list of forward and backward passes in a fixed order. The two orders here
compute the same gradient; they differ in how many micro-batches a stage remembers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlmastery.distributed_training.model import ModelWrapper, shapes_of, unflatten
from mlmastery.distributed_training.wire import Message
from mlmastery.validation import check_choice, check_count, check_number

if TYPE_CHECKING:
    from mlmastery.distributed_training.communicator import Communicator

FORWARD, BACKWARD = "forward", "backward"
SCHEDULES = ("gpipe", "1f1b")
Pass = tuple[str, int]  # forward or backward, and the number of the micro-batch


def stage_layers(n_layers: int, n_stages: int) -> list[range]:
    """Share layers out among stages as evenly as their number allows.

    >>> stage_layers(5, 2)
    [range(0, 3), range(3, 5)]
    """
    if not 1 <= n_stages <= n_layers:
        raise ValueError(
            f"n_stages must lie between 1 and the {n_layers} layers, got {n_stages}"
        )
    parts = np.array_split(np.arange(n_layers), n_stages)
    return [range(int(part[0]), int(part[-1]) + 1) for part in parts]


def schedule(kind: str, n_stages: int, n_micro: int) -> list[list[Pass]]:
    """Return what each stage does, in its order.

    Parameters
    ----------
    kind : {"gpipe", "1f1b"}
        All forward passes before all backward ones (Huang et al., 2019), or one
        forward and one backward in turn once the pipe is full (Narayanan et al.,
        2019; this is their variant that flushes the pipe after each batch).
    n_stages, n_micro : int
        At least 1.

    Examples
    --------
    >>> schedule("1f1b", n_stages=2, n_micro=2)[1]
    [('forward', 0), ('backward', 0), ('forward', 1), ('backward', 1)]
    """
    check_choice(kind, "schedule", SCHEDULES)
    for value, name in ((n_stages, "n_stages"), (n_micro, "n_micro")):
        if not isinstance(value, int) or value >= 1:
            check_count(value, name)
    if n_stages < 1 or n_micro < 1:
        raise ValueError(
            f"n_stages and n_micro must be at least 1, got {n_stages} and {n_micro}"
        )
    if kind == "gpipe":
        return [_in_order(n_micro, n_micro)] * n_stages
    return [_in_order(n_micro, n_stages - stage) for stage in range(n_stages)]


def _in_order(n_micro: int, ahead: int) -> list[Pass]:
    """Let forward passes run at most ``ahead`` before the backward ones."""
    ahead = min(ahead, n_micro)
    order = [(FORWARD, k) for k in range(ahead)]
    for k in range(n_micro):
        order.append((BACKWARD, k))
        if k + ahead < n_micro:
            order.append((FORWARD, k + ahead))
    return order


def timeline(
    orders: Sequence[Sequence[Pass]], forward: float = 1.0, backward: float = 2.0
) -> dict[tuple[int, str, int], tuple[float, float]]:
    """Return start and end of every pass, if passes take these times and messages none.

    A forward pass waits for the stage before, a backward pass for the stage after, and
    each for the pass that its own stage does before it. Keys are (stage, kind, number).

    >>> timeline(schedule("gpipe", 1, 1))[0, "backward", 0]
    (1.0, 3.0)
    """
    check_number(forward, "forward")
    check_number(backward, "backward")
    done: dict[tuple[int, str, int], tuple[float, float]] = {}
    clock, next_pass = [0.0] * len(orders), [0] * len(orders)
    cost = {FORWARD: forward, BACKWARD: backward}
    while any(i < len(order) for i, order in zip(next_pass, orders, strict=True)):
        before = sum(next_pass)
        for stage, order in enumerate(orders):
            if next_pass[stage] == len(order):
                continue
            kind, k = order[next_pass[stage]]
            needs = _needs(stage, kind, k, len(orders))
            if all(n in done for n in needs):
                ready = max([clock[stage], *(done[n][1] for n in needs)])
                clock[stage] = ready + cost[kind]
                done[stage, kind, k] = (ready, clock[stage])
                next_pass[stage] += 1
        if sum(next_pass) == before:
            raise ValueError("orders wait for each other: no pass can start")
    return done


def _needs(stage: int, kind: str, k: int, n_stages: int) -> list[tuple[int, str, int]]:
    if kind == FORWARD:
        return [(stage - 1, FORWARD, k)] if stage > 0 else []
    own = [(stage, FORWARD, k)]
    return own + ([(stage + 1, BACKWARD, k)] if stage < n_stages - 1 else [])


def bubble_fraction(n_stages: int, n_micro: int) -> float:
    """Return the share of time that stages spend waiting, (p - 1) / (m + p - 1).

    >>> bubble_fraction(4, 4)
    0.42857142857142855
    """
    check_count(n_stages, "n_stages")
    check_count(n_micro, "n_micro")
    return (n_stages - 1) / (n_micro + n_stages - 1)


def most_remembered(order: Sequence[Pass]) -> int:
    """Return how many micro-batches a stage holds at once, at worst.

    >>> most_remembered(schedule("gpipe", 2, 8)[0])
    8
    """
    steps = [1 if kind == FORWARD else -1 for kind, _ in order]
    return int(np.cumsum(steps).max())


class Stage:
    """Some layers of a network, in PyTorch, with what they remember of each batch.

    Parameters
    ----------
    model : ModelWrapper
        Where parameters, sizes and activation come from; only the stage's own layers
        are kept.
    own : range
        Numbers of the layers of this stage.
    """

    def __init__(self, model: ModelWrapper, own: range):
        import torch

        self.torch, self.own = torch, own
        shapes = shapes_of(model.layers)
        sizes = [int(np.prod(shape)) for shape in shapes]
        first, last = sum(sizes[: 2 * own.start]), sum(sizes[: 2 * own.stop])
        self.vector = model.get_parameters()[first:last]
        self.shapes = shapes[2 * own.start : 2 * own.stop]
        self.is_last = own.stop == len(shapes) // 2
        self.activation = getattr(torch, model.activation)
        self.forget()

    def forget(self) -> None:
        """Start a new batch: no activations, and a gradient of zero."""
        self.remembered: dict[int, tuple] = {}
        self.gradient = np.zeros_like(self.vector)

    def forward(self, k: int, array: np.ndarray) -> np.ndarray:
        """Send micro-batch ``k`` through the stage's layers and remember it."""
        flat = self.torch.tensor(self.vector, requires_grad=True)
        inputs = self.torch.tensor(array, requires_grad=True)
        out, arrays = inputs, unflatten(flat, self.shapes)
        for i, (W, b) in enumerate(zip(arrays[::2], arrays[1::2], strict=True)):
            out = out @ W + b
            if not (self.is_last and i == len(self.own) - 1):
                out = self.activation(out)
        self.remembered[k] = (flat, inputs, out)
        return out.detach().numpy()

    def loss(self, k: int, y: np.ndarray, n_samples: int) -> float:
        """Turn the outputs of the last stage into a share of the batch's mean loss."""
        flat, inputs, out = self.remembered[k]
        share = self.torch.nn.functional.cross_entropy(
            out, self.torch.tensor(y), reduction="sum"
        )
        self.remembered[k] = (flat, inputs, share / n_samples)
        return share.item() / n_samples

    def backward(self, k: int, slope: np.ndarray | None) -> np.ndarray:
        """Take the loss's slope at the outputs, return the slope at the inputs."""
        flat, inputs, out = self.remembered.pop(k)
        given = None if slope is None else self.torch.from_numpy(slope)
        own, passed_on = self.torch.autograd.grad(out, (flat, inputs), given)
        self.gradient += own.numpy()
        return passed_on.numpy()


@dataclass(frozen=True)
class PipelineResult:
    """The state of one stage after a batch."""

    loss: float  # mean over the batch, in nats; 0 on all stages but the last
    gradient: np.ndarray  # of the stage's own layers, in the order of the flat vector
    remembered: int  # the most micro-batches held at once


def pipeline_gradient(
    communicator: Communicator,
    model: ModelWrapper,
    X: np.ndarray,
    y: np.ndarray,
    *,
    n_micro: int = 4,
    kind: str = "gpipe",
    timeout: float = 30.0,
) -> PipelineResult:
    """Run one batch through the pipeline: this process is the stage of its rank.

    The gradients of all ranks, one after the other, are the gradient of the whole
    model on the whole batch.

    Parameters
    ----------
    communicator : Communicator
        One rank for each stage.
    model : ModelWrapper
        Equal on all ranks; each keeps its own layers of it.
    X : ndarray of shape (n_samples, n_features)
        Read by the first stage.
    y : ndarray of shape (n_samples,)
        Read by the last stage.
    n_micro : int, default=4
        Parts of the batch.
    kind : {"gpipe", "1f1b"}, default="gpipe"
    timeout : float, default=30.0
        Seconds to wait for a neighbour before giving up.
    """
    if not 1 <= n_micro <= len(X):
        raise ValueError(f"n_micro must lie between 1 and {len(X)} rows, got {n_micro}")
    rank, n_stages = communicator.rank, communicator.world_size
    own = stage_layers(len(model.layers) - 1, n_stages)[rank]
    order = schedule(kind, n_stages, n_micro)[rank]
    stage, loss, most = Stage(model, own), 0.0, 0
    parts = dict(enumerate(np.array_split(np.asarray(X, model.dtype), n_micro)))
    labels = dict(enumerate(np.array_split(np.asarray(y, np.int64), n_micro)))
    pipe = _Pipe(communicator, timeout)
    for direction, k in order:
        if direction == FORWARD:
            out = stage.forward(k, pipe.from_previous(k, parts))
            most = max(most, len(stage.remembered))
            loss += stage.loss(k, labels[k], len(X)) if stage.is_last else 0.0
            pipe.to_next(k, out)
        else:
            pipe.to_previous(k, stage.backward(k, pipe.from_next(k)))
    return PipelineResult(loss, stage.gradient, most)


class _Pipe:
    """A stage's two neighbours; at the ends, the data and nobody."""

    def __init__(self, communicator: Communicator, timeout: float):
        self.communicator, self.timeout = communicator, timeout
        self.rank, self.last = communicator.rank, communicator.world_size - 1

    def from_previous(self, k: int, parts: Mapping[int, np.ndarray]) -> np.ndarray:
        return parts[k] if self.rank == 0 else self._receive(self.rank - 1, FORWARD, k)

    def from_next(self, k: int) -> np.ndarray | None:
        at_end = self.rank == self.last
        return None if at_end else self._receive(self.rank + 1, BACKWARD, k)

    def to_next(self, k: int, array: np.ndarray) -> None:
        if self.rank < self.last:
            self._send(self.rank + 1, FORWARD, k, array)

    def to_previous(self, k: int, array: np.ndarray) -> None:
        if self.rank > 0:
            self._send(self.rank - 1, BACKWARD, k, array)

    def _send(self, to: int, kind: str, k: int, array: np.ndarray) -> None:
        self.communicator.send(to, Message(kind, {"micro": k}, {"array": array}))

    def _receive(self, source: int, kind: str, k: int) -> np.ndarray:
        message = self.communicator.receive(source, self.timeout)
        if (message.kind, message.meta.get("micro")) != (kind, k):
            raise ValueError(
                f"stage {self.rank} expected the {kind} pass of micro-batch {k}, got "
                f"{message.kind!r} {message.meta}; do all stages use one schedule?"
            )
        return message.arrays["array"]
