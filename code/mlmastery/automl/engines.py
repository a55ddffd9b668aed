"""Run independent tasks here, in several processes, or on a cluster, with one call.

>>> list(run_trials(abs, [-1, 2, -3]))
[(0, 1), (1, 2), (2, 3)]
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from joblib import Parallel, delayed, parallel_config

from mlmastery.validation import check_choice, check_count, check_number

from .worker import KillableWorker

__all__ = ["ENGINES", "run_trials"]

ENGINES = ("serial", "joblib", "dask", "ray")
_local = threading.local()


def run_trials(
    function: Callable[[Any], Any],
    tasks: Iterable[Any],
    *,
    engine: str = "serial",
    n_jobs: int = 1,
    timeout: float | None = None,
) -> Iterator[tuple[int, Any]]:
    """Yield the index of each task and its result, in the order of the tasks.

    The results do not depend on the engine or the number of processes, as long as a
    task holds all that the function needs, such as its own seed.

    Parameters
    ----------
    function : callable
        Takes one task.
    tasks : iterable
    engine : {"serial", "joblib", "dask", "ray"}, default="serial"
        Dask takes the current ``distributed.Client``, and without one starts a cluster
        of ``n_jobs`` processes on this machine. Ray takes the cluster it is
        connected to.
    n_jobs : int, default=1
        Processes; serial has one.
    timeout : float, optional
        Seconds after which a task is stopped; it then runs in a process of its own.

    Yields
    ------
    (int, object)
        The index, and what the function returned, the exception that it raised, a
        `TimeoutError` if it was stopped or a `RuntimeError` if its process died.

    Raises
    ------
    ValueError
        If the engine is unknown, or a number is out of range.
    ModuleNotFoundError
        If the engine is not installed.
    """
    check_choice(engine, "engine", ENGINES)
    check_count(n_jobs, "n_jobs")
    if timeout is not None:
        check_number(timeout, "timeout", open=True)
    run = {"serial": _serial, "joblib": _joblib, "dask": _dask, "ray": _ray}[engine]
    return enumerate(run(_Guard(function, timeout), list(tasks), n_jobs))


class _Guard:
    """The function as a task calls it: returns an exception and knows the time."""

    def __init__(self, function: Callable[[Any], Any], timeout: float | None) -> None:
        self.function, self.timeout = function, timeout

    def __call__(self, task: Any) -> Any:
        try:
            if self.timeout is None:
                return self.function(task)
            return _worker().run(self.function, task, self.timeout)
        except Exception as error:
            return error


def _worker() -> KillableWorker:
    """Return this thread's process; tasks after the first do not wait for its start."""
    if not hasattr(_local, "worker"):
        _local.worker = KillableWorker()
    worker: KillableWorker = _local.worker
    return worker


def _serial(guard: _Guard, tasks: list[Any], _: int) -> Iterator[Any]:
    return map(guard, tasks)


def _joblib(guard: _Guard, tasks: list[Any], n_jobs: int) -> Iterator[Any]:
    results: Iterator[Any] = Parallel(n_jobs, backend="loky", return_as="generator")(
        delayed(guard)(task) for task in tasks
    )
    return results


def _dask(guard: _Guard, tasks: list[Any], n_jobs: int) -> Iterator[Any]:
    with _client(n_jobs) as client:
        # Not pure: two equal tasks are two tasks, as with the other engines.
        for future in client.map(guard, tasks, pure=False):
            yield _result(future)


def _result(future: Any) -> Any:
    try:
        return future.result()
    except Exception as error:  # the machine of this task was lost, again and again
        return error


@contextmanager
def _client(n_jobs: int) -> Iterator[Any]:
    from distributed import Client, LocalCluster, default_client

    try:
        yield default_client()
        return
    except ValueError:
        pass
    local = {"host": "127.0.0.1", "dashboard_address": ":0"}
    size = {"n_workers": n_jobs, "threads_per_worker": 1}
    with LocalCluster(**size, **local) as cluster, Client(cluster) as client:
        yield client


def _ray(guard: _Guard, tasks: list[Any], n_jobs: int) -> Iterator[Any]:
    from ray.util.joblib import register_ray

    register_ray()
    with parallel_config(backend="ray", n_jobs=n_jobs):
        return iter(Parallel()(delayed(guard)(task) for task in tasks))
