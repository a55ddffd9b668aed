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
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from mlmastery.distributed_training.communicator import host_and_port
from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.group import exchanges, run_group
from mlmastery.distributed_training.job import Job
from mlmastery.distributed_training.model import torch_device
from mlmastery.distributed_training.packing import Update
from mlmastery.distributed_training.rounds import TrainingResult, rounds
from mlmastery.distributed_training.run_files import (
    DirectoryLock,
    Record,
    RunFiles,
    run_directory,
)
from mlmastery.distributed_training.server import TrainingServer

COMMAND = [sys.executable, "-m", "mlmastery.distributed_training"]
MAX_RESTARTS = 5  # of each worker
OnChange = Callable[[dict], None]


def train(
    config: DistributedMLConfig, on_change: OnChange | None = None
) -> TrainingResult:
    """Run a configuration on the engine that it names.

    Every engine goes on from the last checkpoint in the directory, if there is one.

    Parameters
    ----------
    config : DistributedMLConfig
    on_change : callable, optional
        Called with the status whenever something happened, where this process knows
        it: not with engine "torchrun", nor where workers exchange messages.

    Raises
    ------
    ModuleNotFoundError
        If the engine is Ray and Ray is not installed.
    RunLockedError
        If another process runs in the directory.
    NotADirectoryError
        If the directory is a file.
    RuntimeError
        If processes of the engine fail.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> config = DistributedMLConfig(engine="local", rounds=1, directory=folder.name)
    >>> train(config).parameters.shape
    (2410,)
    >>> len(train(config.replace(rounds=3)).history)
    3
    >>> folder.cleanup()
    """
    start = time.monotonic()
    if run_directory(config).is_file() or Path(config.directory).is_file():
        raise NotADirectoryError(
            f"directory must be a folder, {config.directory} is a file"
        )
    result = _train(config, on_change)
    return replace(result, seconds=time.monotonic() - start)


def _train(config: DistributedMLConfig, on_change: OnChange | None) -> TrainingResult:
    if config.engine == "torchrun":
        return run_torchrun(config)
    if config.engine == "processes" and not exchanges(config):
        return run_processes(config, on_change)
    run = {"local": run_local, "processes": run_group, "ray": run_ray}[config.engine]
    with RunFiles(config, on_change) as files:
        try:
            return run(config, files)
        except BaseException:
            files.write_failure()
            raise


# --- this process --------------------------------------------------------------------


def run_local(
    config: DistributedMLConfig, files: RunFiles | None = None
) -> TrainingResult:
    """Do all work here, one client after the other: what the others must equal.

    Without files nothing is read or written.
    """
    if exchanges(config):
        return run_group(config, files)
    job = Job(config)

    def work(parameters: np.ndarray, number: int, clients: list[int]):
        return {c: job.update(parameters, number, c) for c in clients}

    return rounds(job, work, files)


# --- our own processes ---------------------------------------------------------------


def run_processes(
    config: DistributedMLConfig, on_change: Callable[[dict], None] | None = None
) -> TrainingResult:
    """Be the server, with workers as processes of this machine beside those that join."""
    secret_file = secret_of(config.directory)
    server = TrainingServer(config, read_secret(secret_file), on_change=on_change)
    n_workers = 0 if server.is_finished() else config.workers
    try:
        with server.files, Workers(server.address, secret_file, n_workers):
            return server.run()
    finally:
        server.close()


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


def read_secret(path: str | Path) -> bytes:
    """Return the secret in a file, without the line break that an editor adds."""
    secret = Path(path).expanduser().read_bytes().strip()
    if not secret:
        raise ValueError(f"{path} must hold a secret, it is empty")
    return secret


class Workers:
    """Worker processes that are started again when they die, and end with this one.

    Each holds the end of a pipe whose other end is ours: when this process goes, in
    whatever way, the pipe breaks and the worker leaves too.
    """

    def __init__(self, address: tuple[str, int], secret_file: Path, n: int):
        every = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # listening everywhere
        host = every.get(address[0], address[0])
        self._where = host_and_port((host, address[1]))
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


def run_torchrun(
    config: DistributedMLConfig, timeout: float | None = None
) -> TrainingResult:
    """Start ``torchrun`` on this machine, every process of it running `torch_rank`.

    With several nodes the same is done on each; they meet at the configuration's host
    and port. After ``timeout`` seconds, as many as the configuration allows for joining
    and all rounds if left to itself, the run is ended.
    """
    directory = run_directory(config)
    if timeout is None:
        timeout = config.join_timeout + config.rounds * config.round_timeout
    with DirectoryLock(directory) as lock:
        if _rounds_saved(config) < config.rounds:
            _launch(config, lock, timeout)
        files = RunFiles(config)
        found = files.resume()
    if found is None:
        raise RuntimeError(f"torchrun ended without a result in {directory}")
    return TrainingResult(found[0]["parameters"], files.history, files.faults)


def _rounds_saved(config: DistributedMLConfig) -> int:
    found = RunFiles(config).resume()
    return 0 if found is None else found[1]


def _launch(config: DistributedMLConfig, lock: DirectoryLock, timeout: float) -> None:
    """Run torchrun to its end; it holds the lock too, should it outlive this process."""
    directory = lock.path.parent
    path, reason = directory / "torchrun.yaml", directory / "failed"
    config.to_yaml(path)
    reason.unlink(missing_ok=True)
    process = subprocess.Popen(
        [*_torchrun(config), "-m", "mlmastery.distributed_training.engine", str(path)],
        env=_torch_environment(config),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        pass_fds=[lock.fileno()],
    )
    try:
        output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"torchrun did not end within {timeout:g} s") from None
    finally:
        if process.poll() is None:
            _kill_family(process)
    if process.returncode:
        why = reason.read_text() if reason.exists() else output[-2000:]
        raise RuntimeError(f"torchrun failed:\n{why}")


def _kill_family(process: subprocess.Popen) -> None:
    """Kill a process and all that it has started, which may lead groups of their own."""
    import psutil

    parent = psutil.Process(process.pid)
    for one in [*parent.children(recursive=True), parent]:
        try:
            one.kill()
        except psutil.NoSuchProcess:
            continue
    process.communicate()


def _torchrun(config: DistributedMLConfig) -> list[str]:
    alone = config.nodes == 1
    host = "127.0.0.1" if alone else config.host
    port = _free_port() if alone else config.port
    return [
        *(sys.executable, "-m", "torch.distributed.run", f"--nnodes={config.nodes}"),
        *(f"--nproc-per-node={config.workers}", "--rdzv-backend=c10d"),
        *("--rdzv-id=mlmastery", f"--rdzv-endpoint={host_and_port((host, port))}"),
        f"--rdzv-conf=join_timeout={max(1, int(config.join_timeout))}",
        *(["--local-addr=127.0.0.1"] if _on_loopback(host) else []),
    ]


def _torch_environment(config: DistributedMLConfig) -> dict[str, str]:
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    if config.nodes == 1 or _on_loopback(config.host):
        loopback = "lo" if sys.platform == "linux" else "lo0"
        environment["GLOO_SOCKET_IFNAME"] = loopback
    return environment


def _on_loopback(host: str) -> bool:
    return host in ("127.0.0.1", "localhost")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def torch_rank(config: DistributedMLConfig) -> TrainingResult:
    """Be one process of a ``torchrun``: join the group, train, return the result.

    Of each machine the first process writes the files. All go on from the newest
    checkpoint that any of them has, and draw the noise of differential privacy from
    one secret seed: these processes see each other's updates anyway.
    """
    from torch import distributed

    distributed.init_process_group("gloo")
    try:
        job, files = Job(config), _RankFiles(config)
        job.aggregation.noise = np.random.default_rng(
            _from_rank(0, secrets.randbits(256))
        )
        work = _ddp(job) if _uses_ddp(config) else partial(_share_out, job)
        return rounds(job, work, files)
    finally:
        distributed.destroy_process_group()


def _from_rank(rank: int, value: Any) -> Any:
    """Return one rank's value on all ranks."""
    from torch import distributed

    box = [value]
    distributed.broadcast_object_list(box, src=rank)
    return box[0]


class _RankFiles(Record):
    """The files of the machine, for its first process; for the others, none."""

    def __init__(self, config: DistributedMLConfig):
        super().__init__()
        first = os.environ["LOCAL_RANK"] == "0"
        self._files = RunFiles(config) if first else Record()
        self.history, self.faults = self._files.history, self._files.faults

    def resume(self) -> tuple[dict[str, np.ndarray], int] | None:
        """Return on all ranks what the rank with the newest checkpoint has."""
        from torch import distributed

        found = self._files.resume()
        steps: list[Any] = [None] * distributed.get_world_size()
        distributed.all_gather_object(steps, -1 if found is None else found[1])
        newest = int(np.argmax(steps))
        found, history = _from_rank(newest, (found, self._files.history))
        if steps[distributed.get_rank()] < max(steps):
            for line in history[len(self._files.history) :]:
                self._files.note(line)
        self.history = self._files.history
        return found

    def note(self, line: dict[str, Any]) -> None:
        """Add a round to the history."""
        self._files.note(line)

    def fault(self, number: int | None, kind: str, worker: str, why: str) -> None:
        """Write down what went wrong."""
        self._files.fault(number, kind, worker, why)

    def save(self, step: int, arrays: dict[str, np.ndarray]) -> None:
        """Write a checkpoint."""
        self._files.save(step, arrays)

    def write_status(self, phase: str) -> None:
        """Write the status."""
        self._files.write_status(phase)


def _share_out(job: Job, parameters, number: int, clients: list[int]):
    """Do this rank's share of the clients and exchange updates with the others."""
    import torch
    from torch import distributed

    rank, size = distributed.get_rank(), distributed.get_world_size()
    vectors = np.zeros((len(clients), parameters.size), parameters.dtype)
    figures, reasons = np.zeros((len(clients), 3)), {}
    for row, client in enumerate(clients):
        if row % size == rank:
            update = job.update(parameters, number, client)
            vectors[row] = update.vector
            figures[row] = update.weight, update.loss, update.n_bytes
            reasons[client] = update.why
    for array in (vectors, figures):  # every row is zero on all ranks but one
        distributed.all_reduce(torch.from_numpy(array))
    if not np.isfinite(vectors).all():
        reasons = _from_all(reasons)
    return {
        client: Update(vector, weight, loss, int(n_bytes), reasons.get(client, ""))
        for client, vector, (weight, loss, n_bytes) in zip(
            clients, vectors, figures.tolist(), strict=True
        )
    }


def _from_all(own: dict[int, str]) -> dict[int, str]:
    """Return what all ranks know, each of its own clients."""
    from torch import distributed

    found: list[Any] = [None] * distributed.get_world_size()
    distributed.all_gather_object(found, own)
    return {client: why for each in found for client, why in each.items()}


def _uses_ddp(config: DistributedMLConfig) -> bool:
    """Whether PyTorch's data parallelism does just what is configured."""
    plain = config.compressor["method"] == "none" and not config.model
    own = plain and config.framework == "pytorch"
    return config.mode == "data_parallel" and own


def _ddp(job: Job) -> Callable[[np.ndarray, int, list[int]], dict[int, Update]]:
    """Return the work of PyTorch's own data parallelism, on the same rows.

    What it returns is one update, by which the parameters move.
    """
    import torch
    from torch import distributed
    from torch.nn.parallel import DistributedDataParallel

    from mlmastery.distributed_training.model import as_module, from_module, load_module

    rank, size = distributed.get_rank(), distributed.get_world_size()
    network = as_module(job.model).to(torch_device(job.config.device))
    model = DistributedDataParallel(network)
    optimiser = torch.optim.SGD(model.parameters(), lr=job.config.learning_rate)
    device = next(network.parameters()).device

    def work(parameters: np.ndarray, number: int, clients: list[int]):
        load_module(network, parameters)
        rows = np.split(job.data.batch(number), size)[rank]
        X, y = (torch.from_numpy(a[rows]).to(device) for a in (job.data.X, job.data.y))
        loss = torch.nn.functional.cross_entropy(model(X), y)
        optimiser.zero_grad()
        loss.backward()  # here the gradients of all ranks are averaged
        optimiser.step()
        mean = loss.detach().cpu() / size
        distributed.all_reduce(mean)
        moved = from_module(network) - parameters
        return {c: Update(moved, 1.0, mean.item(), moved.nbytes) for c in clients}

    return work


# --- Ray -----------------------------------------------------------------------------


def run_ray(
    config: DistributedMLConfig, files: RunFiles | None = None
) -> TrainingResult:
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

        return rounds(job, work, files)
    finally:
        if started:
            ray.shutdown()


def main(path: str) -> None:
    """Be one rank; one that fails leaves its reason beside the configuration."""
    config = DistributedMLConfig.from_yaml(path)
    try:
        torch_rank(config)
    except Exception as error:
        why = f"rank {os.environ['RANK']}: {type(error).__name__}: {error}\n"
        with (Path(path).parent / "failed").open("a") as file:
            file.write(why)
        raise


if __name__ == "__main__":
    main(sys.argv[1])
