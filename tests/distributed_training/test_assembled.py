"""The assembled system: everything at once, disturbed, and what a liar can still do."""

import json

import numpy as np
import pytest

from mlmastery.distributed_training.__main__ import main
from mlmastery.distributed_training.assembled import (
    assembled_config,
    assembled_run,
    liar_table,
)
from mlmastery.distributed_training.engine import train


@pytest.mark.slow
def test_the_assembled_system_learns_though_a_worker_is_killed(tmp_path):
    result = assembled_run(tmp_path)
    summary = result.summary()
    assert summary["rounds"] == 12
    assert summary["accuracy"] > 0.75  # nine runs, their noise secret: .87, sd .024
    assert summary["epsilon"] == pytest.approx(5.959, abs=0.01)
    assert summary["missing"] > 0  # the clients of the worker that was killed
    assert [f["kind"] for f in result.faults if f["kind"] != "round"] == ["lost"]
    again = assembled_run(tmp_path)  # finished: nothing is done twice
    assert again.history == result.history
    np.testing.assert_array_equal(again.parameters, result.parameters)


def test_the_command_runs_the_same_file_on_another_engine(tmp_path, capsys):
    config = assembled_config(tmp_path, engine="local", n_clients=10, rounds=2)
    config.to_yaml(tmp_path / "a.yml")
    assert main(["run", str(tmp_path / "a.yml")]) == 0
    out = capsys.readouterr().out
    assert "finished 2 rounds, accuracy" in out
    assert "epsilon" in out.splitlines()[-1]
    assert main(["status", str(tmp_path / "a.yml")]) == 0
    shown = capsys.readouterr().out
    for word in ("finished", "2 of 2 rounds", "loss", "kB", "epsilon"):
        assert word in shown
    status = json.loads((tmp_path / "local" / "status.json").read_text())
    assert status["history"][-1]["epsilon"] == train(config).history[-1]["epsilon"]


def test_only_rules_that_see_single_updates_withstand_a_liar(tmp_path):
    config = assembled_config(tmp_path, n_clients=8, rounds=4, partition="iid")
    table = liar_table(config).set_index("way")
    drop = table["honest"] - table["lying"]
    for way in ("open, median", "open, clipped by the server"):
        assert drop[way] < 0.15
    for way in ("open", "secure"):
        assert drop[way] > 0.3
    bounded = table.loc["secure, sum brought back", "moved"]
    assert bounded <= 2 * 4  # no further than twice the bound a round
    assert table.loc["secure", "moved"] > 5 * bounded
    assert table.loc["open", "honest"] == pytest.approx(table.loc["secure", "honest"])
