"""No setting is ignored: it changes the run, or it is refused by name."""

import re
from dataclasses import fields

import numpy as np
import pytest

from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.engine import run_local
from mlmastery.distributed_training.settings import changeable_on_resume

HERE = "mlmastery.distributed_training.examples:"
RUNS = {
    "federated": {},
    "data_parallel": {"mode": "data_parallel"},
    "dirichlet": {"partition": "dirichlet"},
    "quantise": {"compression": "quantise"},
    "loader": {"loader": f"{HERE}digits_of"},
    "model": {"model": f"{HERE}small_network"},
}
OTHER = {
    "data": "mnist",
    "framework": "tensorflow",
    "layers": (64, 16, 10),
    "activation": "tanh",
    "random_state": 1,
    "mode": "data_parallel",
    "n_clients": 2,
    "partition": "dirichlet",
    "alpha": 5.0,
    "client_fraction": 0.5,
    "strategy": "fedavgm",
    "strategy_options": {"learning_rate": 0.5},
    "rounds": 3,
    "epochs": 2,
    "batch_size": 64,
    "learning_rate": 0.2,
    "compression": {"method": "quantise", "bits": 2},
    "bits": 4,
    "secure": True,
    "privacy": {"clip": 0.1, "noise_multiplier": 0.0},
    "stragglers": {"policy": "drop", "after": 1.0},
    "parallel": "ring",
    "staleness": 2,
    "micro_batches": 2,
    "model": f"{HERE}small_network",
    "loader": f"{HERE}digits_of",
    "files": "client.npz",
}
CASES = [
    pytest.param(run, name, marks=[pytest.mark.slow] * (name == "framework"))
    for run in RUNS
    for name in OTHER
    if name not in RUNS[run]
]


def learn(directory, **changes):
    shape = {
        "engine": "local",
        "n_clients": 4,
        "rounds": 2,
        "directory": str(directory),
    }
    return run_local(DistributedMLConfig(**shape | changes))


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return {run: learn(tmp_path_factory.mktemp(run), **RUNS[run]) for run in RUNS}


def test_every_setting_of_what_is_learnt_has_another_value():
    names = {field.name for field in fields(DistributedMLConfig)}
    unlearnt = changeable_on_resume(DistributedMLConfig) - {"rounds"}
    assert set(OTHER) == names - unlearnt


NAMED = {"data": "data 'mnist'|row of mnist", "framework": "Keras model"}


@pytest.mark.parametrize(("run", "name"), CASES)
def test_a_setting_counts_or_is_refused(plain, run, name, tmp_path):
    error = None
    try:
        other = learn(tmp_path, **RUNS[run] | {name: OTHER[name]})
    except (TypeError, ValueError) as caught:
        error = caught
    if error is not None:
        assert re.search(NAMED.get(name, rf"\b{name}\b"), str(error))
    else:
        same = np.array_equal(other.parameters, plain[run].parameters)
        assert not (same and other.history == plain[run].history)


@pytest.mark.parametrize(
    ("section", "changed"),
    [
        ({"method": "top_k", "ratio": 0.2}, {"ratio": 0.1}),
        ({"method": "top_k", "ratio": 0.2}, {"memory": False}),
        ({"method": "quantise"}, {"bits": 4}),
        ({"method": "quantise", "bits": 2}, {"memory": True}),
        ({"method": "power_sgd", "rank": 1}, {"rank": 2}),
        ({"method": "power_sgd", "rank": 1}, {"memory": False}),
    ],
)
def test_an_option_of_a_compression_counts(section, changed, tmp_path):
    one, other = (
        learn(tmp_path / name, compression=compression)
        for name, compression in {"one": section, "other": section | changed}.items()
    )
    assert not np.array_equal(one.parameters, other.parameters)


@pytest.mark.parametrize(
    "section",
    [
        {"bits": 4},
        {"method": "none", "bits": 4},
        {"method": "quantise", "ratio": 0.5},
        {"method": "top_k", "ratio": 0.1, "rank": 2},
        {"method": "power_sgd", "rank": 2, "bits": 8},
    ],
)
def test_an_option_of_another_compression_is_refused(section):
    with pytest.raises(ValueError, match=r"compression must name a method.*got"):
        DistributedMLConfig(compression=section)


@pytest.mark.parametrize("engine", ["torchrun", "ray"])
def test_data_that_must_stay_are_not_dealt_to_engines_that_move_clients(engine):
    with pytest.raises(ValueError, match="reassign: false and engine"):
        DistributedMLConfig(engine=engine, reassign=False)
