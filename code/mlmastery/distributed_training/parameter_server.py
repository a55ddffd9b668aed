"""A parameter server: one rank keeps the parameters, the others send gradients.

How far apart workers may be is one number, the staleness. At 0 all wait for all, and
the result is that of one process with the large batch. Above it a fast worker may be
that many steps ahead of the slowest, and computes on parameters that others have moved
meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlmastery.distributed_training.communicator import TIMEOUT, Communicator
from mlmastery.distributed_training.wire import Message, PeerLost
from mlmastery.validation import check_count, check_number

SERVER = 0  # its rank
Gradient = Callable[[np.ndarray, int], Any]  # of parameters and step; perhaps a loss


@dataclass
class ServerResult:
    """The server's state at the end.

    Attributes
    ----------
    parameters : ndarray of shape (n_parameters,)
    steps : dict of int to int
        Steps that each worker has done.
    ages : list of int
        For each gradient that was applied, how many others were applied between the
        sending of the parameters that it was computed on and its arrival.
    leads : list of int
        For each gradient, how many steps its worker was ahead of the slowest.
    lost : list of int
        Workers that left before the end.
    """

    parameters: np.ndarray
    steps: dict[int, int]
    ages: list[int] = field(default_factory=list)
    leads: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)


def run_parameter_server(
    communicator: Communicator,
    parameters: np.ndarray,
    gradient: Gradient,
    *,
    n_steps: int,
    learning_rate: float = 0.1,
    staleness: int = 0,
    timeout: float = TIMEOUT,
    on_round: Callable[[int, np.ndarray, float], None] | None = None,
) -> ServerResult | None:
    """Be the server if this is rank 0, else a worker.

    Parameters
    ----------
    communicator : Communicator
        Two or more ranks.
    parameters : ndarray of shape (n_parameters,)
        Where rank 0 starts; of the same shape on all ranks.
    gradient : callable
        ``gradient(parameters, step)`` of this worker's part of the data.
    n_steps : int
        Steps of each worker.
    learning_rate : float, default=0.1
    staleness : int, default=0
        Steps that a worker may be ahead of the slowest one.
    timeout : float, default=30.0
        Seconds to wait for any message.
    on_round : callable, optional
        Called on rank 0 with the number of steps that all workers have done, each time
        it grows, the parameters, and the mean loss that came with the gradients: what
        ``gradient`` returns may be a pair of gradient and loss.

    Returns
    -------
    ServerResult on rank 0, None on the workers

    Raises
    ------
    ValueError
        If there is no worker, n_steps is below 1, staleness or learning rate is
        negative, or a gradient has another shape than the parameters.
    PeerLost
        If all workers, or the server, are gone.

    References
    ----------
    .. [1] Li et al. (2014), "Scaling Distributed Machine Learning with the Parameter
       Server", OSDI.
    .. [2] Ho et al. (2013), "More Effective Distributed ML via a Stale Synchronous
       Parallel Parameter Server", NeurIPS.

    Examples
    --------
    >>> from mlmastery.distributed_training.communicator import run_ranks
    >>> def work(communicator):
    ...     pull = lambda parameters, step: parameters - communicator.rank
    ...     return run_parameter_server(communicator, np.zeros(1), pull, n_steps=50)
    >>> run_ranks(work, 3)[0].parameters.round(2)  # the mean of 1 and 2
    array([1.49])
    """
    if communicator.world_size < 2:
        raise ValueError("a parameter server needs at least one worker, got none")
    if isinstance(staleness, int) and staleness < 0:
        raise ValueError(f"staleness must be at least 0, got {staleness}")
    check_count(staleness, "staleness", minimum=0)
    check_count(n_steps, "n_steps")
    check_number(learning_rate, "learning_rate")
    if communicator.rank == SERVER:
        server = _Server(communicator, parameters, n_steps, learning_rate, staleness)
        server.on_round = on_round
        return server.run(timeout)
    for step in range(n_steps):
        communicator.send(SERVER, Message("pull", {"step": step}))
        current = communicator.receive(SERVER, timeout).arrays["parameters"]
        found = gradient(current, step)
        own, loss = found if isinstance(found, tuple) else (found, np.nan)
        arrays = {"gradient": np.asarray(own), "loss": np.array(loss)}
        communicator.send(SERVER, Message("push", {"step": step}, arrays))
    communicator.receive(SERVER, timeout)  # stay until all have finished
    return None


class _Server:
    def __init__(self, communicator, parameters, n_steps, learning_rate, staleness):
        self.communicator, self.n_steps = communicator, n_steps
        self.learning_rate, self.staleness = learning_rate, staleness
        self.clocks = {rank: 0 for rank in communicator.others}
        self.sent_at = dict.fromkeys(communicator.others, 0)
        self.asking: set[int] = set()
        self.pushed: dict[int, np.ndarray] = {}  # of the present step, if synchronous
        self.n_applied, self.n_done = 0, 0
        self.losses: list[float] = []  # since the slowest worker's last step
        self.on_round: Callable[[int, np.ndarray, float], None] | None = None
        self.result = ServerResult(np.array(parameters), self.clocks)

    def run(self, timeout: float) -> ServerResult:
        deadline = time.monotonic() + timeout
        while min(self.clocks.values()) < self.n_steps:
            try:
                source, message = self.communicator.receive_any(0.1)
            except TimeoutError:
                if time.monotonic() > deadline:
                    raise
                self._forget_the_lost()
                continue
            self._hear(source, message)
            deadline = time.monotonic() + timeout
        for worker in self.clocks:
            self._send(worker, Message("end"))
        return self.result

    def _hear(self, source: int, message: Message) -> None:
        if message.kind == "pull":
            self.asking.add(source)
        else:
            self.losses.append(float(message.arrays["loss"]))
            self._take(source, message.arrays["gradient"])
            self._tell()
        self._answer()

    def _send(self, worker: int, message: Message) -> None:
        try:
            self.communicator.send(worker, message)
        except PeerLost:
            return  # it is forgotten as soon as all that it has sent is taken

    def _tell(self) -> None:
        """Say how far the slowest worker is, when it has gone further."""
        if self.on_round is not None and min(self.clocks.values()) > self.n_done:
            self.n_done = min(self.clocks.values())
            mean = float(np.mean(self.losses)) if self.losses else float("nan")
            self.on_round(self.n_done, self.result.parameters, mean)
            self.losses = []

    def _forget_the_lost(self) -> None:
        for worker in self.communicator.lost & set(self.clocks):
            del self.clocks[worker]
            self.asking.discard(worker)
            self.pushed.pop(worker, None)
            self.result.lost.append(worker)
        if not self.clocks:
            raise PeerLost("all workers are gone")
        self._step_if_complete()
        self._tell()
        self._answer()

    def _take(self, worker: int, gradient: np.ndarray) -> None:
        if gradient.shape != self.result.parameters.shape:
            raise ValueError(
                f"worker {worker} sent a gradient of shape {gradient.shape}, the "
                f"parameters have {self.result.parameters.shape}"
            )
        self.result.leads.append(self.clocks[worker] - min(self.clocks.values()))
        self.result.ages.append(self.n_applied - self.sent_at[worker])
        self.clocks[worker] += 1
        if self.staleness == 0:
            self.pushed[worker] = gradient
            self._step_if_complete()
        else:
            self._apply(gradient / len(self.clocks))

    def _step_if_complete(self) -> None:
        """Apply the mean of all gradients, added in order of rank."""
        if self.pushed and self.pushed.keys() == self.clocks.keys():
            gradients = [self.pushed[worker] for worker in sorted(self.pushed)]
            self._apply(np.mean(gradients, axis=0))
            self.pushed = {}

    def _apply(self, gradient: np.ndarray) -> None:
        self.result.parameters -= self.learning_rate * gradient
        self.n_applied += 1

    def _answer(self) -> None:
        """Give parameters to those who ask and are not too far ahead."""
        slowest = min(self.clocks.values())
        for worker in sorted(self.asking):
            if self.clocks[worker] - slowest <= self.staleness:
                message = Message(
                    "parameters", {}, {"parameters": self.result.parameters}
                )
                self._send(worker, message)
                self.sent_at[worker] = self.n_applied
                self.asking.discard(worker)
