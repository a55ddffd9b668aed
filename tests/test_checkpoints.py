"""Files of trainings: whole, of their kind, and never a program."""

import hashlib
import io
import os
from typing import NamedTuple

import numpy as np
import pytest
import torch

from mlmastery.checkpoints import (
    CheckpointError,
    _magic,
    load_checkpoint,
    save_checkpoint,
)


class Point(NamedTuple):
    x: int
    y: int


@pytest.fixture
def path(tmp_path):
    save_checkpoint(tmp_path / "run.pt", {"name": "DQN", "q": np.zeros(900)}, "agent")
    return tmp_path / "run.pt"


def test_state_comes_back(tmp_path):
    state = {
        "tensor": torch.arange(3),
        "array": np.eye(2),
        "scalar": np.float64(1.5),
        "nested": [{"pair": (1, 2)}, "text", None],
        7: Point(3, 4),
    }
    save_checkpoint(tmp_path / "s.pt", state, "agent")
    back = load_checkpoint(tmp_path / "s.pt", "agent")
    assert torch.equal(back["tensor"], state["tensor"])
    np.testing.assert_array_equal(back["array"], np.eye(2))
    assert (back["scalar"], type(back["scalar"])) == (1.5, float)
    assert back["nested"] == state["nested"]
    assert back[7] == (3, 4)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda content: content[:-1], "is truncated or altered"),
        (lambda content: content[:500], "is truncated or altered"),
        (lambda content: content[:25], "is truncated or altered"),
        (lambda content: content.replace(b"DQN", b"dqn", 1), "truncated or altered"),
        (lambda content: b"PK\x03\x04 else", "is not a checkpoint of kind agent"),
        (lambda content: b"", "is not a checkpoint of kind agent"),
    ],
)
def test_damaged_and_foreign_files_are_named(path, change, message):
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(
        CheckpointError, match=rf"run\.pt .*{message}|run\.pt {message}"
    ):
        load_checkpoint(path, "agent")


def test_another_kind_and_a_missing_file_are_named(path):
    with pytest.raises(CheckpointError, match="is not a checkpoint of kind GAN"):
        load_checkpoint(path, "GAN")
    with pytest.raises(FileNotFoundError):
        load_checkpoint(path.with_name("none.pt"), "agent")


def write_unpacked(path, state):
    """Write what `save_checkpoint` would not, with a checksum that is right."""
    buffer = io.BytesIO()
    torch.save(state, buffer)
    digest = hashlib.sha256(buffer.getvalue()).hexdigest().encode()
    path.write_bytes(_magic("agent") + digest + b"\n" + buffer.getvalue())


def test_what_is_no_state_is_refused(path):
    write_unpacked(path, [1, 2])
    with pytest.raises(CheckpointError, match="is not a checkpoint of kind agent"):
        load_checkpoint(path, "agent")


class Trap:
    def __reduce__(self):
        return os.mkdir, ("trap",)


def test_code_in_a_file_does_not_run(path, monkeypatch):
    monkeypatch.chdir(path.parent)
    write_unpacked(path, {"x": Trap()})
    with pytest.raises(CheckpointError, match="more than numbers and texts"):
        load_checkpoint(path, "agent")
    assert not path.with_name("trap").exists()


def test_a_failed_write_keeps_the_old_file(path):
    before = path.read_bytes()
    with pytest.raises(Exception, match="pickle"):
        save_checkpoint(path, {"x": lambda: 0}, "agent")
    assert path.read_bytes() == before
