"""The same answers from every engine, and tasks that raise, hang or crash."""

import os
import pickle
import subprocess
import sys
import time

import cloudpickle
import numpy as np
import psutil
import pytest

from mlmastery.automl import KillableWorker, run_trials

# Other processes cannot import a test: its functions are sent whole.
cloudpickle.register_pickle_by_value(sys.modules[__name__])
LOCAL = [{"engine": "serial"}, {"engine": "joblib", "n_jobs": 2}]


def seeded(task):
    """A result that depends on the task alone: its seed is the task's number."""
    time.sleep(0.02 if task == 0 else 0)  # the first ends after the second
    return task, np.random.default_rng(task).normal()


def troubled(task):
    sys.stdout.write("a line that must not get between the answers\n")
    if task == "raise":
        raise KeyError("missing")
    if task == "hang":
        time.sleep(60)
    if task == "crash":
        os._exit(3)
    return task


def raising_on_two(task):
    if task == 2:
        raise ValueError("two")
    return task


class Unreadable(Exception):
    def __init__(self, one, two):
        super().__init__(one)


def raising_unreadable(task):
    raise Unreadable(1, 2)


def pid(_):
    return os.getpid()


WANT = [(i, (i, np.random.default_rng(i).normal())) for i in range(8)]


@pytest.mark.parametrize("engine", LOCAL, ids=str)
def test_results_and_order_do_not_depend_on_the_engine(engine):
    assert list(run_trials(seeded, range(8), **engine)) == WANT


@pytest.fixture(scope="module")
def dask_answers():
    """What Dask answers in a process of its own, where it may look up its address."""
    pytest.importorskip("distributed")
    command = [sys.executable, __file__]
    answer = subprocess.run(command, capture_output=True, timeout=120, check=True)
    return pickle.loads(answer.stdout)


def ask_dask():
    """Run as a script: cluster of its own, then the client that is current."""
    import distributed

    answers = {"own": list(run_trials(seeded, range(8), engine="dask", n_jobs=2))}
    left = psutil.Process().children(recursive=True)
    answers["left"] = sum("spawn_main" in " ".join(p.cmdline()) for p in left)
    with distributed.Client(
        processes=False, n_workers=1, threads_per_worker=2, dashboard_address=":0"
    ):
        tasks = ["a", "raise", "hang", "b", "crash", "c"]
        results = run_trials(troubled, tasks, engine="dask", timeout=0.5)
        answers["troubled"] = [repr(value) for _, value in results]
        clock = run_trials(lambda _: time.perf_counter(), [1, 1, 1], engine="dask")
        answers["equal"] = len({value for _, value in clock})
        answers["pids"] = {p for _, p in run_trials(pid, range(4), engine="dask")}
        answers["pid"] = os.getpid()
    sys.stdout.buffer.write(pickle.dumps(answers))


def test_dask_gives_the_same_from_processes_that_end(dask_answers):
    assert dask_answers["own"] == WANT
    assert dask_answers["left"] == 0


def test_dask_takes_the_client_that_is_current(dask_answers):
    assert dask_answers["pids"] == {dask_answers["pid"]}


def test_dask_runs_equal_tasks_each(dask_answers):
    assert dask_answers["equal"] == 3


def test_a_troubled_task_of_dask_leaves_the_others(dask_answers):
    assert dask_answers["troubled"] == [
        "'a'",
        "KeyError('missing')",
        "TimeoutError('the task was stopped after 0.5 s')",
        "'b'",
        """RuntimeError("the task's process died with exit status 3")""",
        "'c'",
    ]


def test_ray_gives_the_same():
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        assert list(run_trials(seeded, range(8), engine="ray", n_jobs=2)) == WANT
    finally:
        ray.shutdown()


@pytest.mark.parametrize("engine", LOCAL, ids=str)
def test_a_task_that_raises_leaves_the_others(engine):
    results = dict(run_trials(raising_on_two, [1, 2, 3], **engine))
    assert (results[0], results[2]) == (1, 3)
    assert isinstance(results[1], ValueError)
    assert str(results[1]) == "two"


def check_troubled(**engine):
    start = time.monotonic()
    tasks = ["a", "raise", "hang", "b", "crash", "c"]
    results = dict(run_trials(troubled, tasks, timeout=0.5, **engine))
    assert time.monotonic() - start < 30
    assert [results[i] for i in (0, 3, 5)] == ["a", "b", "c"]
    assert repr(results[1]) == "KeyError('missing')"
    assert isinstance(results[2], TimeoutError)
    assert str(results[2]) == "the task was stopped after 0.5 s"
    assert str(results[4]) == "the task's process died with exit status 3"


@pytest.mark.parametrize("engine", LOCAL, ids=str)
def test_one_slow_and_one_crashing_task_leave_the_others(engine):
    check_troubled(**engine)


def test_results_come_one_by_one():
    """A search can look at the first result before the last task has begun."""
    done = []
    results = run_trials(lambda task: done.append(task), [0, 1])
    next(results)
    assert done == [0]


def test_tasks_after_the_first_use_the_same_process():
    worker = KillableWorker()
    first, second = (worker.run(lambda _: os.getpid(), 0, 30) for _ in range(2))
    assert first == second != os.getpid()
    assert worker.run(abs, -2, 30) == 2
    worker.close()
    assert not psutil.pid_exists(first)


def test_a_stopped_task_is_gone():
    worker = KillableWorker()
    pid = worker.run(lambda _: os.getpid(), 0, 30)
    with pytest.raises(TimeoutError):
        worker.run(time.sleep, 60, timeout=0.1)
    assert not psutil.pid_exists(pid)


def test_large_messages_arrive_whole():
    worker = KillableWorker()
    sent = np.arange(300_000.0)
    np.testing.assert_array_equal(worker.run(lambda x: x + 1, sent, 30), sent + 1)
    worker.close()


def test_an_error_that_cannot_be_sent_is_named():
    worker = KillableWorker()
    with pytest.raises(RuntimeError, match="Unreadable"):
        worker.run(raising_unreadable, 0, 30)
    worker.close()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"engine": "spark"}, "engine must be one of serial, joblib, dask, ray"),
        ({"n_jobs": 0}, "n_jobs must be a whole number of at least 1, got 0"),
        ({"timeout": 0}, "timeout must be"),
    ],
)
def test_settings_out_of_range_are_refused_at_once(arguments, message):
    with pytest.raises(ValueError, match=message):
        run_trials(abs, [1], **arguments)


def test_no_tasks_give_no_results():
    for engine in LOCAL:
        assert list(run_trials(abs, [], **engine)) == []


if __name__ == "__main__":
    ask_dask()
