"""The store: several writers, killed processes, foreign and damaged files."""

import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from mlmastery.automl import StoreError, TrialStore


def space(name="a1", **parts):
    return SimpleNamespace(fingerprint=lambda: name, describe=lambda: parts)


@pytest.fixture
def store(tmp_path):
    with TrialStore(tmp_path / "trials.db", space()) as store:
        yield store


def states(store):
    return store.trials()["state"].tolist()


def python(code, *arguments):
    """Start a process with the store opened as in the tests."""
    head = """
        import sys, time
        from types import SimpleNamespace
        from mlmastery.automl.store import TrialStore
        space = SimpleNamespace(fingerprint=lambda: "a1", describe=lambda: {})
        store = TrialStore(sys.argv[1], space)
    """
    text = textwrap.dedent(head) + textwrap.dedent(code)
    command = [sys.executable, "-c", text, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_trial_goes_through_its_states(store):
    store.add(0, {"depth": np.int64(3), "rate": np.float64(0.1)}, budget=5)
    assert states(store) == ["waiting"]
    assert store.start(0)
    assert states(store) == ["running"]
    store.complete(0, 0.5, 2.0, test_score=0.9)
    row = store.trials().iloc[0]
    assert row["config"] == {"depth": 3, "rate": 0.1}
    assert (row["loss"], row["test_score"], row["seconds"]) == (0.5, 0.9, 2.0)
    assert row["why"] == ""


def test_trials_are_listed_by_number_not_by_arrival(store):
    for number in (2, 0, 1):
        store.add(number, {"x": number})
    assert store.trials()["number"].tolist() == [0, 1, 2]


def test_an_empty_store_has_its_columns(store):
    assert list(store.trials()) == [
        "number",
        "state",
        "config",
        "loss",
        "test_score",
        "seconds",
        "why",
    ]


def test_one_of_two_workers_gets_a_trial(store):
    store.add(0, {})
    assert [store.start(0), store.start(0)] == [True, False]


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), -np.inf])
def test_a_loss_that_is_not_finite_fails_the_trial_with_a_reason(store, loss):
    store.add(0, {})
    store.start(0)
    store.complete(0, loss, 1.0)
    row = store.trials().iloc[0]
    assert row["state"] == "failed"
    assert row["why"] == f"the loss is {loss}"
    assert np.isnan(row["loss"])


def test_a_failed_trial_says_why(store):
    store.add(0, {})
    store.start(0)
    store.fail(0, "ValueError: no rows")
    row = store.trials().iloc[0]
    assert (row["state"], row["why"]) == ("failed", "ValueError: no rows")


def test_adding_the_same_trial_again_changes_nothing(store):
    store.add(0, {"x": 1, "y": 2})
    store.start(0)
    store.add(0, {"y": 2, "x": 1})
    assert states(store) == ["running"]
    with pytest.raises(
        ValueError, match=r'trial 0 is \{"x": 1, "y": 2\}, got \{"x": 2'
    ):
        store.add(0, {"x": 2})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: s.complete(0, 1.0, 1.0), "trial 0 must be running, it is waiting"),
        (lambda s: s.fail(0, "x"), "trial 0 must be running, it is waiting"),
        (lambda s: s.start(7), "there is no trial 7"),
        (lambda s: s.add(-1, {}), "number must be a whole number of at least 0"),
        (lambda s: s.add(1, [1]), "config must be a dict, got list"),
        (lambda s: s.add(1, {"f": abs}), "config must hold what JSON can: builtin"),
        (lambda s: s.complete(0, 1.0, -1.0), "seconds must be"),
    ],
)
def test_calls_that_make_no_sense_are_refused(store, call, message):
    store.add(0, {})
    with pytest.raises(ValueError, match=message):
        call(store)
    assert states(store) == ["waiting"]


def test_a_result_is_noted_once(store):
    store.add(0, {})
    store.start(0)
    store.complete(0, 1.0, 1.0)
    with pytest.raises(ValueError, match="must be running, it is complete"):
        store.complete(0, 0.1, 1.0)
    assert store.trials()["loss"].tolist() == [1.0]


def test_a_store_opened_again_and_one_sent_to_a_worker_hold_the_trials(tmp_path, store):
    store.add(0, {"x": 0.1 + 0.2})
    again = TrialStore(tmp_path / "trials.db", space())
    sent = pickle.loads(pickle.dumps(store))
    for other in (again, sent):
        assert other.trials()["config"][0] == {"x": 0.1 + 0.2}
        other.close()


def test_another_space_is_refused_and_both_are_named(tmp_path):
    path = tmp_path / "trials.db"
    TrialStore(path, space("a1", depth=[1, 9])).close()
    before = path.read_bytes()
    with pytest.raises(StoreError) as error:
        TrialStore(path, space("b2", depth=[1, 5]))
    for part in ("a1", '{"depth": [1, 9]}', "b2", '{"depth": [1, 5]}'):
        assert part in str(error.value)
    assert path.read_bytes() == before


def foreign_database(path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE trials (number INTEGER)")
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "make",
    [
        foreign_database,
        lambda path: path.write_bytes(b"number,loss\n0,1.5\n" * 20),
        lambda path: path.write_bytes(b""),
    ],
    ids=["another database", "a text", "empty"],
)
def test_a_foreign_file_is_refused_and_left_as_it_was(tmp_path, make):
    path = tmp_path / "results.db"
    make(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"results\.db is not a store of trials"):
        TrialStore(path, space())
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["results.db"]


@pytest.mark.parametrize("damage", ["cut", "overwritten"])
def test_a_damaged_store_is_refused_and_left_as_it_was(tmp_path, damage):
    path = tmp_path / "trials.db"
    with TrialStore(path, space()) as store:
        for number in range(200):
            store.add(number, {"x": "y" * 100})
    whole = path.read_bytes()
    middle = len(whole) // 2
    if damage == "cut":
        path.write_bytes(whole[:middle])
    else:
        path.write_bytes(whole[:4096] + b"\xff" * (middle - 4096) + whole[middle:])
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"trials\.db is damaged"):
        TrialStore(path, space())
    assert path.read_bytes() == before


def test_a_folder_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        TrialStore(tmp_path / "none" / "trials.db", space())


def test_creating_leaves_no_other_file(tmp_path):
    TrialStore(tmp_path / "trials.db", space()).close()
    assert os.listdir(tmp_path) == ["trials.db"]


def test_four_processes_write_two_hundred_trials_without_an_error(tmp_path):
    path = tmp_path / "trials.db"  # created by whichever is first
    code = """
        first = int(sys.argv[2])
        for number in range(first, first + 50):
            store.add(number, {"x": number})
            assert store.start(number)
            store.complete(number, number / 7, 0.1)
    """
    processes = [python(code, path, 50 * k) for k in range(4)]
    assert [process.wait(60) for process in processes] == [0, 0, 0, 0]
    for process in processes:
        process.stdout.close()
    with TrialStore(path, space()) as store:
        table = store.trials()
    assert table["number"].tolist() == list(range(200))
    assert set(table["state"]) == {"complete"}
    np.testing.assert_array_equal(table["loss"], np.arange(200) / 7)


WORK = """
    store.requeue_stale()
    waiting = store.trials().query("state == 'waiting'")["number"]
    for number in waiting:
        if store.start(number):
            if number == int(sys.argv[2]):
                print("in the middle", flush=True)
                time.sleep(60)
            store.complete(number, float(number), 0.0)
"""


def killed_in(path, number):
    """Work through the queue; kill -9 in the middle of the trial."""
    process = python(WORK, path, number)
    assert process.stdout.readline() == "in the middle\n"
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()


def test_after_a_kill_every_trial_completes_once(tmp_path, store):
    for number in range(6):
        store.add(number, {})
    killed_in(store.path, 3)
    assert states(store) == ["complete"] * 3 + ["running"] + ["waiting"] * 2
    assert store.requeue_stale() == [3]
    assert states(store) == ["complete"] * 3 + ["waiting"] * 3
    process = python(WORK, store.path, -1)
    assert process.wait(30) == 0
    process.stdout.close()
    assert states(store) == ["complete"] * 6
    assert store.trials()["loss"].tolist() == [0, 1, 2, 3, 4, 5]


def test_a_trial_that_kills_its_process_twice_fails(tmp_path, store):
    for number in range(3):
        store.add(number, {})
    killed_in(store.path, 1)
    killed_in(store.path, 1)
    assert store.requeue_stale() == []
    assert states(store) == ["complete", "failed", "waiting"]
    assert store.trials()["why"][1] == "its process died 2 times"


def test_trials_of_a_living_process_are_not_stale(store):
    store.add(0, {})
    store.start(0)
    assert store.requeue_stale() == []
    process = python("store.add(1, {}); store.start(1); time.sleep(60)", store.path)
    try:
        while states(store) != ["running"] * 2:
            time.sleep(0.02)
        assert store.requeue_stale() == []
    finally:
        process.kill()
        process.stdout.close()
    deadline = time.time() + 10  # a zombie is dead, before anybody has waited for it
    while psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE:
        assert time.time() < deadline
        time.sleep(0.01)
    assert store.requeue_stale() == [1]
    process.wait(10)


def test_a_process_that_got_the_id_of_a_dead_one_is_not_taken_for_it(store):
    store.add(0, {})
    store.start(0)
    store._connection().execute("UPDATE trials SET born = born - 1000")
    assert store.requeue_stale() == [0]


def test_trials_of_another_machine_are_left_alone(store):
    store.add(0, {})
    store.start(0)
    store._connection().execute("UPDATE trials SET host = 'elsewhere', born = 0")
    assert store.requeue_stale() == []
    assert states(store) == ["running"]


def test_a_forked_child_opens_a_connection_of_its_own(store):
    store.add(0, {})
    mine = store._connection()
    child = os.fork()
    if child == 0:
        os._exit(int(store._connection() is mine))
    assert os.waitpid(child, 0)[1] == 0
    assert store._connection() is mine
