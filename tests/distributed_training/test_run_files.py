"""Nothing that a run has done is lost, and nothing is saved that cannot be loaded."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from mlmastery.distributed_training.checkpoint import CheckpointError, CheckpointManager
from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.engine import run_local, train
from mlmastery.distributed_training.run_files import (
    SHOWN,
    DirectoryLock,
    Journal,
    RunFiles,
    RunLockedError,
    run_directory,
)
from mlmastery.distributed_training.server import TrainingServer
from mlmastery.distributed_training.wire import MAX_HEADER


@pytest.fixture
def config(tmp_path):
    return DistributedMLConfig(
        engine="local", n_clients=2, layers=(64, 10), directory=str(tmp_path / "run")
    )


def line(number):
    figures = {"loss": 2.3025850929940455, "accuracy": 0.1002785515320334}
    counts = {"clients": 12, "missing": 0, "bytes": 115680, "seconds": 0.1234}
    return {"round": number, **figures, **counts}


def test_what_could_not_be_loaded_is_not_saved(tmp_path):
    manager = CheckpointManager(tmp_path, keep=1)
    manager.save(1, {"small": True}, {"x": np.ones(2)})
    with pytest.raises(CheckpointError, match="may have 1048576 bytes, got"):
        manager.save(2, {"long": "x" * MAX_HEADER}, {"x": np.ones(2)})
    assert manager.load_latest().step == 1  # and the one before it was not deleted


def test_ten_thousand_rounds_are_resumed(config):
    config = config.replace(rounds=10_001)
    files = RunFiles(config)
    files.resume()
    lines = [line(number) for number in range(10_000)]
    files.history.extend(lines)
    files._history.rewrite(lines)
    files.save(10_000, {"parameters": np.zeros(650, np.float32)})
    for number in range(60):
        files.fault(number, "lost", "w", "killed")
    files.write_status("running")
    status = run_directory(config) / "status.json"
    assert status.stat().st_size < 50_000
    found = json.loads(status.read_text())
    assert found["done"] == 10_000
    assert len(found["history"]) == len(found["faults"]) == SHOWN
    result = train(config)
    assert [r["round"] for r in result.history] == list(range(10_001))
    assert result.history[:10_000] == lines
    assert len(result.faults) == 60
    assert files.checkpoints.path(10_001).stat().st_size < 5_000


@pytest.mark.parametrize("engine", ["local", "processes"])
def test_rounds_lowered_and_raised_keep_what_was_done(config, engine):
    config = config.replace(engine=engine, keep=1, workers=0, join_timeout=0.2)
    ends = {}
    for rounds in (2, 1, 3):
        config = config.replace(rounds=rounds)
        if engine == "processes" and rounds != 1:  # the server's files, cheaply filled
            local = run_local(config.replace(engine="local"))
            files = RunFiles(config)
            files.resume()
            for done in local.history[len(files.history) :]:
                files.note(done)
            files.save(rounds, {"parameters": local.parameters})
        result = train(config)
        ends[rounds] = result
    assert [r["round"] for r in ends[1].history] == [0, 1]  # two rounds were done
    np.testing.assert_array_equal(ends[1].parameters, ends[2].parameters)
    assert [r["round"] for r in ends[3].history] == [0, 1, 2]
    whole = run_local(config.replace(rounds=3, engine="local"))
    np.testing.assert_array_equal(ends[3].parameters, whole.parameters)
    saved = CheckpointManager(run_directory(config))
    assert saved.steps() == [3]


def test_a_run_goes_on_where_it_stopped(config):
    whole = run_local(config.replace(rounds=4, strategy="fedadam"))
    half = train(config.replace(rounds=2, strategy="fedadam"))
    again = train(config.replace(rounds=4, strategy="fedadam"))
    assert again.history[:2] == half.history
    assert again.history == whole.history
    np.testing.assert_array_equal(again.parameters, whole.parameters)


def test_memory_of_compressors_is_resumed_too(config):
    config = config.replace(compression={"method": "top_k", "ratio": 0.05})
    whole = run_local(config.replace(rounds=4))
    train(config.replace(rounds=2))
    again = train(config.replace(rounds=4))
    np.testing.assert_array_equal(again.parameters, whole.parameters)


def test_lines_after_the_checkpoint_are_done_again(config):
    config = config.replace(rounds=4, checkpoint_every=2)
    files = RunFiles(config)
    whole = train(config)
    files.checkpoints.path(4).unlink()
    journal = run_directory(config) / "history.jsonl"
    journal.write_bytes(journal.read_bytes()[:-10])  # and the last one was cut off
    again = train(config)
    assert again.history == whole.history
    assert Journal(journal).read() == whole.history


def test_a_checkpoint_that_holds_its_history_itself_is_still_read(config):
    config = config.replace(rounds=2)
    meta = {"config": config.to_dict(), "history": [line(0), line(1)], "faults": []}
    arrays = {"parameters": np.ones(650, np.float32)}
    CheckpointManager(run_directory(config)).save(2, meta, arrays)
    assert train(config).history == [line(0), line(1)]


def test_another_run_is_refused(config):
    train(config.replace(rounds=1))
    with pytest.raises(CheckpointError, match=r"holds a run with learning_rate=0.1"):
        train(config.replace(rounds=1, learning_rate=0.2))


@pytest.mark.parametrize("engine", ["local", "processes"])
def test_another_run_leaves_the_status_of_the_first_alone(config, engine):
    config = config.replace(engine=engine, workers=0, rounds=1)
    files = RunFiles(config)
    files.resume()
    files.note(line(0))
    files.save(1, {"parameters": np.ones(650, np.float32)})
    files.write_status("finished")
    before = (run_directory(config) / "status.json").read_bytes()
    with pytest.raises(CheckpointError, match="holds a run with"):
        train(config.replace(learning_rate=0.2))
    assert (run_directory(config) / "status.json").read_bytes() == before


def test_a_run_that_fails_says_so_in_its_status(config):
    config = config.replace(files="nowhere-{client}.npz")
    with pytest.raises(OSError, match=r"nowhere-test\.npz"):
        train(config)
    status = json.loads((run_directory(config) / "status.json").read_text())
    assert (status["phase"], status["done"]) == ("failed", 0)


def test_a_private_round_is_counted_though_its_checkpoint_is_lost(config):
    private = {"privacy": {"clip": 1.0, "noise_multiplier": 1.0}, "n_clients": 4}
    config = config.replace(rounds=3, **private)
    before = train(config).history[-1]["epsilon"]
    newest = CheckpointManager(run_directory(config)).path(3)
    content = bytearray(newest.read_bytes())
    content[-3] ^= 1
    newest.write_bytes(content)
    again = train(config).history  # the third round was told of, and is done anew
    four = train(config.replace(directory=config.directory + "4", rounds=4))
    assert [r["round"] for r in again] == [0, 1, 2]
    assert before < again[-1]["epsilon"] == four.history[-1]["epsilon"]


def test_two_runs_in_one_directory(config):
    with RunFiles(config):
        with pytest.raises(RunLockedError, match=rf"run/local/lock .*{os.getpid()}"):
            train(config)
    train(config.replace(rounds=1))  # the lock is gone with its holder


def test_a_second_server_leaves_the_first_one_alone(config):
    config = config.replace(engine="processes")
    with RunFiles(config) as first:
        first.write_status("running")
        with pytest.raises(RunLockedError, match="lock is held by process"):
            TrainingServer(config, b"s").run()
        status = json.loads((first.directory / "status.json").read_text())
        assert status["phase"] == "running"


def test_a_lock_of_a_process_that_was_killed_is_taken_over(tmp_path):
    code = f"""
import os, signal
from mlmastery.distributed_training.run_files import DirectoryLock
DirectoryLock({str(tmp_path)!r}).__enter__()
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", code], timeout=60)
    assert killed.returncode == -9
    assert (tmp_path / "lock").exists()
    with DirectoryLock(tmp_path) as lock:
        assert lock.path.read_text() == str(os.getpid())


def test_a_finished_run_stays_finished(config):
    config = config.replace(engine="processes", workers=0, join_timeout=0.1, rounds=2)
    files = RunFiles(config)
    files.resume()
    for number in range(2):
        files.note(line(number))
    files.save(2, {"parameters": np.ones(650, np.float32)})
    result = train(config)  # nobody joins, and nobody is needed
    assert len(result.history) == 2
    status = json.loads((run_directory(config) / "status.json").read_text())
    assert status["phase"] == "finished"
