"""Checkpoints: a crash at any moment loses nothing, and damage is noticed."""

import os
import subprocess
import sys
import time

import numpy as np
import pytest
from kit.servers import kill

from mlmastery.distributed_training.checkpoint import CheckpointError, CheckpointManager

ARRAYS = {"parameters": np.arange(5, dtype="float32"), "mean": np.zeros((2, 0))}


@pytest.fixture
def manager(tmp_path):
    return CheckpointManager(tmp_path / "new" / "folder", keep=2)


def test_what_was_saved_comes_back_bit_for_bit(manager):
    special = np.array([np.nan, -0.0, np.inf, 5e-324])
    manager.save(7, {"loss": 0.1 + 0.2, "history": [{"a": None}]}, {"x": special})
    found = manager.load_latest()
    assert (found.step, found.meta) == (
        7,
        {"loss": 0.1 + 0.2, "history": [{"a": None}]},
    )
    assert found.arrays["x"].tobytes() == special.tobytes()
    found.arrays["x"][0] = 1.0  # the caller may go on with it


def test_only_the_newest_are_kept(manager):
    for step in (1, 2, 10, 9):
        manager.save(step, {}, ARRAYS)
    assert manager.steps() == [9, 10]
    assert len(list(manager.directory.iterdir())) == 2


def test_nothing_there(manager):
    assert manager.load_latest() is None
    with pytest.raises(CheckpointError, match="there is no checkpoint"):
        manager.load(3)


def damage(path, kind):
    content = path.read_bytes()
    path.write_bytes(
        {
            "truncated": content[: len(content) // 2],
            "empty": b"",
            "flipped": content[:-3] + bytes([content[-3] ^ 16]) + content[-2:],
            "other": b"not ours at all" * 20,
        }[kind]
    )


@pytest.mark.parametrize("kind", ["truncated", "empty", "flipped", "other"])
def test_a_damaged_file_is_passed_over_for_the_one_before(manager, kind):
    for step in (1, 2):
        manager.save(step, {"step": step}, ARRAYS)
    damage(manager.path(2), kind)
    assert manager.load_latest().step == 1
    assert "checkpoint-00000002.mlmw is damaged" in manager.damaged[0]
    damage(manager.path(1), kind)
    with pytest.raises(CheckpointError, match=r"00000002.* is damaged.*00000001.* is"):
        manager.load_latest()


def test_every_flipped_byte_is_noticed(manager):
    path = manager.save(1, {"a": 1}, {"x": np.arange(3, dtype="int8")})
    whole = path.read_bytes()
    for position in range(len(whole)):
        broken = bytearray(whole)
        broken[position] ^= 1
        path.write_bytes(broken)
        with pytest.raises(CheckpointError, match="is damaged"):
            manager.load(1)


def test_a_crash_between_writing_and_renaming_leaves_the_old_one(manager, monkeypatch):
    manager.save(1, {}, ARRAYS)
    for name in ("fsync", "replace"):
        with monkeypatch.context() as patch:

            def crash(*arguments):
                raise KeyboardInterrupt

            patch.setattr(os, name, crash)
            with pytest.raises(KeyboardInterrupt):
                manager.save(2, {}, ARRAYS)
        assert manager.load_latest().step == 1


WRITER = """
import sys, numpy as np
from mlmastery.distributed_training.checkpoint import CheckpointManager
manager = CheckpointManager(sys.argv[1], keep=2)
for step in range(1, 10**6):
    manager.save(step, {}, {"x": np.full(200_000, step, "float64")})
    print(step, flush=True)
"""


def test_kill_9_while_writing_never_loses_the_previous_one(tmp_path):
    for pause in (0.003, 0.011, 0.023):
        folder = tmp_path / str(pause)
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE
        )
        for _ in range(3):
            process.stdout.readline()
        time.sleep(pause)
        safe = 3 + len(kill(process).splitlines())
        found = CheckpointManager(folder).load_latest()
        assert found.step >= safe
        assert (found.arrays["x"] == found.step).all()


@pytest.mark.parametrize("step", [-1, 1.5, "1", None])
def test_a_step_that_could_not_be_found_again_is_refused(tmp_path, step):
    with pytest.raises(
        ValueError, match="step must be a whole number of at least 0, got"
    ):
        CheckpointManager(tmp_path / "run").save(step, {}, {})
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_what_was_just_written_stays_though_higher_steps_are_there(tmp_path, keep):
    manager = CheckpointManager(tmp_path, keep=keep)
    for step in (7, 8, 9, 2):
        manager.save(step, {}, {})
    assert manager.steps() == [2, *[7, 8, 9][4 - keep :]]
    assert manager.load(2).step == 2


def test_keep_must_be_positive(tmp_path):
    with pytest.raises(ValueError, match="keep must be at least 1, got 0"):
        CheckpointManager(tmp_path, keep=0)
