"""Who runs a configuration: this process, our processes, torch.distributed, or Ray.

All engines do the same pieces of work (see `job`) and put them together in the same
order, so what they return is equal; they differ in what they survive and how far they
reach. Ours is for reading. Beyond one machine a team would take the last two.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from mlmastery.distributed_training.checkpoint import CheckpointManager
from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.job import Job, Update
from mlmastery.distributed_training.server import TrainingResult, TrainingServer

COMMAND = [sys.executable, "-m", "mlmastery.distributed_training"]
MAX_RESTARTS = 5  # of each worker


def train(
    config: DistributedMLConfig, on_change: Callable[[dict], None] | None = None
) -> TrainingResult:
    """Run a configuration on the engine that it names.

    Parameters
    ----------
    config : DistributedMLConfig
    on_change : callable, optional
        Called with the status whenever something happened (engine "processes").

    Raises
    ------
    ModuleNotFoundError
        If the engine is Ray and Ray is not installed.
    RuntimeError
        If processes of the engine fail.

    Examples
    --------
    >>> result = train(DistributedMLConfig(engine="local", rounds=1, n_clients=2))
    >>> result.parameters.shape
    (2410,)
    """
    if config.engine == "local":
        return run_local(config)
    if config.engine == "processes":
        return run_processes(config, on_change)
    if config.engine == "torchrun":
        return run_torchrun(config)
    return run_ray(config)


# --- this process --------------------------------------------------------------------


def run_local(config: DistributedMLConfig) -> TrainingResult:
    """Do all work here, one client after the other: what the others must equal."""
    job = Job(config)

    def work(parameters: np.ndarray, number: int, clients: list[int]):
        return {c: job.update(parameters, number, c) for c in clients}

    return rounds(job, work)


Work = Callable[[np.ndarray, int, list[int]], dict[int, Update]]


def rounds(job: Job, work: Work) -> TrainingResult:
    """Run all rounds with a function that does the clients' work of one."""
    parameters = job.model.get_parameters()
    state, history = job.strategy.start(parameters.size), []
    for number in range(job.config.rounds):
        updates = work(parameters, number, job.clients(number))
        parameters, state = job.combine(parameters, state, updates)
        history.append(summary(job, number, updates, parameters))
    return TrainingResult(parameters, history)


def summary(job: Job, number: int, updates: dict[int, Update], parameters) -> dict:
    """Return a round's line of the history."""
    weights = [update.weight for update in updates.values()]
    losses = [update.loss for update in updates.values()]
    return {
        "round": number,
        "loss": float(np.average(losses, weights=weights)),
        "accuracy": job.accuracy(parameters),
        "clients": len(updates),
    }


# --- our own processes ---------------------------------------------------------------


def run_processes(
    config: DistributedMLConfig, on_change: Callable[[dict], None] | None = None
) -> TrainingResult:
    """Be the server, with workers as processes of this machine beside those that join."""
    secret_file = secret_of(config.directory)
    server = TrainingServer(config, secret_file.read_bytes(), on_change=on_change)
    with Workers(server.address, secret_file, config.workers):
        return server.run()


def secret_of(directory: str | Path) -> Path:
    """Return the file of a run's secret, made and readable for its owner only."""
    path = Path(directory) / "secret"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return path


class Workers:
    """Worker processes that are started again when they die, and end with this one.

    Each holds the end of a pipe whose other end is ours: when this process goes, in
    whatever way, the pipe breaks and the worker leaves too.
    """

    def __init__(self, address: tuple[str, int], secret_file: Path, n: int):
        host = "127.0.0.1" if address[0] == "0.0.0.0" else address[0]
        self._where = f"{host}:{address[1]}"
        self._secret_file = secret_file
        self._stopped = threading.Event()
        self.processes = [self._start(i) for i in range(n)]
        self.restarts = [0] * n
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _start(self, i: int) -> subprocess.Popen:
        options = ["--secret-file", str(self._secret_file), "--name", f"worker-{i}"]
        command = [*COMMAND, "worker", self._where, *options, "--with-parent"]
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        return subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)

    def _watch(self) -> None:
        while not self._stopped.wait(0.2):
            for i, process in enumerate(self.processes):
                died = process.poll() not in (None, 0)
                if died and self.restarts[i] < MAX_RESTARTS:
                    self.restarts[i] += 1
                    _reap(process)
                    self.processes[i] = self._start(i)

    def __enter__(self) -> Workers:
        self._thread.start()
        return self

    def __exit__(self, *exception) -> None:
        self._stopped.set()
        self._thread.join(5.0)
        deadline = time.monotonic() + 5.0
        for process in self.processes:
            _reap(process, max(deadline - time.monotonic(), 0.0))


def _reap(process: subprocess.Popen, patience: float = 0.0) -> None:
    """Let a process end, by force if need be, and leave nothing of it behind."""
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5.0)
    if process.stdin is not None:
        process.stdin.close()


# --- torch.distributed ---------------------------------------------------------------


def run_torchrun(config: DistributedMLConfig, timeout: float = 300.0) -> TrainingResult:
    """Start ``torchrun`` on this machine, every process of it running `torch_rank`.

    On several machines the same command is given on each, with ``--nnodes`` and
    ``--rdzv-endpoint``.
    """
    directory = Path(config.directory)
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / "torchrun.yaml"
    config.to_yaml(path)
    command = [
        *(sys.executable, "-m", "torch.distributed.run", "--nnodes=1"),
        *(f"--nproc-per-node={config.workers}", "--rdzv-backend=c10d"),
        *(f"--rdzv-endpoint=127.0.0.1:{_free_port()}", "--local-addr=127.0.0.1"),
        *("-m", "mlmastery.distributed_training.engine", str(path)),
    ]
    loopback = "lo" if sys.platform == "linux" else "lo0"
    environment = os.environ | {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": loopback}
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=timeout)
    except BaseException:
        os.killpg(process.pid, 9)
        process.communicate()
        raise
    if process.returncode:
        raise RuntimeError(f"torchrun failed:\n{output[-2000:]}")
    saved = CheckpointManager(directory / "torchrun").load(config.rounds)
    return TrainingResult(saved.arrays["parameters"], saved.meta["history"])


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def torch_rank(config: DistributedMLConfig) -> TrainingResult:
    """Be one process of a ``torchrun``: join the group, train, return the result."""
    from torch import distributed

    distributed.init_process_group("gloo")
    try:
        job = Job(config)
        if config.mode == "data_parallel":
            return _ddp(job)
        return rounds(job, lambda *round_: _share_out(job, *round_))
    finally:
        distributed.destroy_process_group()


def _share_out(job: Job, parameters, number: int, clients: list[int]):
    """Do this rank's share of the clients and exchange updates with the others."""
    import torch
    from torch import distributed

    rank, size = distributed.get_rank(), distributed.get_world_size()
    vectors = np.zeros((len(clients), parameters.size), parameters.dtype)
    figures = np.zeros((len(clients), 2))
    for row, client in enumerate(clients):
        if row % size == rank:
            update = job.update(parameters, number, client)
            vectors[row] = update.vector
            figures[row] = update.weight, update.loss
    for array in (vectors, figures):  # every row is zero on all ranks but one
        distributed.all_reduce(torch.from_numpy(array))
    return {
        client: Update(vector, *map(float, pair))
        for client, vector, pair in zip(clients, vectors, figures, strict=True)
    }


def _ddp(job: Job) -> TrainingResult:
    """Train with PyTorch's own data parallelism, from the same point on the same rows."""
    import torch
    from torch import distributed
    from torch.nn.parallel import DistributedDataParallel

    from mlmastery.distributed_training.model import as_module, from_module

    rank, size = distributed.get_rank(), distributed.get_world_size()
    network = as_module(job.model)
    model = DistributedDataParallel(network)
    optimiser = torch.optim.SGD(model.parameters(), lr=job.config.learning_rate)
    history: list[dict[str, Any]] = []
    for number in range(job.config.rounds):
        rows = np.split(job.batch(number), size)[rank]
        X, y = torch.from_numpy(job.X[rows]), torch.from_numpy(job.y[rows])
        loss = torch.nn.functional.cross_entropy(model(X), y)
        optimiser.zero_grad()
        loss.backward()  # here the gradients of all ranks are averaged
        optimiser.step()
        mean = loss.detach() / size
        distributed.all_reduce(mean)
        accuracy = job.accuracy(from_module(network))
        line = {"round": number, "loss": mean.item(), "accuracy": accuracy}
        history.append(line | {"clients": size})
    return TrainingResult(from_module(network), history)


# --- Ray -----------------------------------------------------------------------------


def run_ray(config: DistributedMLConfig) -> TrainingResult:
    """Let Ray's tasks do the clients' work, on this machine or the cluster it finds."""
    try:
        import ray
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "engine 'ray' needs the package ray: pip install 'ray>=2.40'"
        ) from None

    started = not ray.is_initialized()
    if started:
        ray.init(num_cpus=config.workers, include_dashboard=False, log_to_driver=False)
    try:
        actor = ray.remote(num_cpus=1)(Job)
        job = Job(config)
        pool = ray.util.ActorPool([actor.remote(config) for _ in range(config.workers)])

        def work(parameters: np.ndarray, number: int, clients: list[int]):
            stored = ray.put(parameters)
            updates = pool.map(
                lambda a, client: a.update.remote(stored, number, client), clients
            )
            return dict(zip(clients, updates, strict=True))

        return rounds(job, work)
    finally:
        if started:
            ray.shutdown()


def main(path: str) -> None:
    """Be one rank; the first one writes the result beside the configuration."""
    config = DistributedMLConfig.from_yaml(path)
    result = torch_rank(config)
    if os.environ["RANK"] == "0":
        folder = Path(config.directory) / "torchrun"
        arrays = {"parameters": result.parameters}
        CheckpointManager(folder).save(
            config.rounds, {"history": result.history}, arrays
        )


if __name__ == "__main__":
    main(sys.argv[1])
