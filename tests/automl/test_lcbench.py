"""The race on learning curves: equal epochs, a known best, and its recorded result."""

import numpy as np
import pytest

from mlmastery.automl import lcbench
from mlmastery.automl.halving import hyperband
from mlmastery.ledger import figures_table, recorded_table


def noisy_curve(config, epochs):
    """A loss that falls towards the configuration's own; early epochs rank it well."""
    return config["learning_rate"] * (1 + 1 / epochs)


def test_the_strategies_pay_the_same_epochs():
    paid = []

    def loss(config, epochs):
        paid.append(epochs)
        return noisy_curve(config, epochs)

    hyper = int(hyperband(lcbench.SPACE, loss, lcbench.EPOCHS)["budget"].sum())
    paid.clear()
    halved = list(lcbench._halvings(loss, hyper, np.random.default_rng(0)))
    assert hyper - sum(paid) < sum(paid) / len(halved)  # not one bracket more fits
    assert sum(paid) <= hyper


def test_where_early_epochs_rank_alike_halving_finds_better_than_random():
    chosen = lcbench._choices(noisy_curve, seed=0)
    rates = {name: config["learning_rate"] for name, config in chosen.items()}
    assert rates["halving"] < rates["random"]


def test_the_surrogate_reads_settings_in_its_order():
    # As the surrogate's makers list them; another order is silently another network.
    assert lcbench.SPACE.names == [
        "batch_size", "learning_rate", "momentum", "weight_decay", "num_layers",
        "max_units", "max_dropout",
    ]  # fmt: skip


def test_a_folder_without_the_surrogate_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"model\.onnx"):
        lcbench.Surrogate(tmp_path)


def test_the_recorded_gains_exclude_zero():
    table = recorded_table("automl", "lcbench").set_index("strategy")
    assert (table.loc[["halving", "Hyperband"], "low"] > 0).all()
    recorded = figures_table("automl")["value"]
    assert recorded["LCBench, halving"] == pytest.approx(
        table.loc["halving", "regret"], abs=1e-4
    )
