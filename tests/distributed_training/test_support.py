"""Each option on each engine: either it runs, or it is refused by both names."""

import numpy as np
import pytest

from mlmastery.distributed_training import support
from mlmastery.distributed_training.config import ENGINES, DistributedMLConfig
from mlmastery.distributed_training.engine import run_local, train
from mlmastery.distributed_training.engine_options import OPTIONS, RUNS, engine_table

TABLE = engine_table()
SMALL = {"rounds": 2, "n_clients": 4}
NETWORK = {"layers": (64, 8, 10)}  # but where a model has its own
CELLS = [(option, engine) for option in OPTIONS for engine in ENGINES]
REFUSED = [cell for cell in CELLS if TABLE.loc[cell] != RUNS]
DEAR = {"framework: tensorflow"}  # by what it takes to import
APART = {"workers: 0", "nodes"}  # have tests of their own


def run_of(option, engine):
    return [
        pytest.param(o, e, marks=[pytest.mark.slow] * (o in DEAR))
        for o, e in CELLS
        if TABLE.loc[o, e] == RUNS and o not in APART and e == engine
    ]


def test_most_cells_run_and_every_engine_refuses_something():
    assert (TABLE == RUNS).to_numpy().mean() > 0.6
    assert (TABLE.loc["federated"] == RUNS).all()
    assert (TABLE[["local", "torchrun", "ray"]] != RUNS).any().all()


@pytest.mark.parametrize(("option", "engine"), REFUSED)
def test_what_does_not_run_is_refused_by_both_names(option, engine):
    why = TABLE.loc[option, engine]
    assert "do not go together: " in why
    assert repr(engine) in why
    with pytest.raises(ValueError, match="do not go together"):
        DistributedMLConfig(engine=engine, **OPTIONS[option])


def small(option):
    own = "model" in OPTIONS[option]
    return SMALL | ({} if own else NETWORK) | OPTIONS[option]


def equal_to_one_process(config):
    """Run, run on, and compare with one process where chance has no part."""
    train(config)
    result = train(config.replace(rounds=3))
    assert [line["round"] for line in result.history] == [0, 1, 2]
    assert np.isfinite(result.parameters).all()
    if not config.privacy and not config.staleness:
        alone = {"engine": "local", "host": "127.0.0.1", "stragglers": {}}
        here = config.replace(rounds=3, **alone)
        expected = run_local(here).parameters
        np.testing.assert_allclose(result.parameters, expected, atol=1e-6)
    return result


@pytest.mark.parametrize(("option", "engine"), run_of(OPTIONS, "local"))
def test_it_runs_in_one_process(option, engine, tmp_path):
    changes = small(option)
    config = DistributedMLConfig(engine=engine, directory=str(tmp_path), **changes)
    equal_to_one_process(config)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["processes", "torchrun"])
@pytest.mark.parametrize("option", list(OPTIONS))
def test_it_runs_on_processes(option, engine, tmp_path):
    if option in APART or TABLE.loc[option, engine] != RUNS:
        pytest.skip("refused, or tested elsewhere")
    changes = small(option)
    config = DistributedMLConfig(engine=engine, directory=str(tmp_path), **changes)
    result = equal_to_one_process(config)
    assert [f for f in result.faults if f["kind"] not in ("lost", "memory")] == []


PAIRS = [
    ({"secure": True, "compression": "quantise"}, "secure", "compression 'quantise'"),
    ({"secure": True, "strategy": "krum"}, "secure", "strategy 'krum'"),
    ({"privacy": {"clip": 1.0}, "strategy": "median"}, "privacy", "strategy 'median'"),
    ({"privacy": {"clip": 1.0}, "checkpoint_every": 2}, "privacy", "checkpoint_every"),
    ({"secure": True, "n_clients": 1}, "secure", "n_clients 1"),
    ({"secure": True, "client_fraction": 0.1}, "secure", "client_fraction 0.1"),
    ({"mode": "data_parallel", "secure": True}, "secure", "mode 'data_parallel'"),
    ({"parallel": "ring"}, "parallel 'ring'", "mode 'federated'"),
    ({"mode": "data_parallel", "staleness": 2}, "staleness 2", "parallel 'auto'"),
    (
        {"mode": "data_parallel", "parallel": "pipeline", "framework": "tensorflow"},
        "parallel 'pipeline'",
        "framework 'tensorflow'",
    ),
    (
        {"mode": "data_parallel", "parallel": "pipeline", "workers": 3},
        "parallel 'pipeline'",
        "workers 3",
    ),
    (
        {"mode": "data_parallel", "engine": "torchrun", "workers": 3},
        "batch_size 32",
        "3 processes of engine 'torchrun'",
    ),
    ({"loader": "a:b", "mode": "data_parallel"}, "loader", "mode 'data_parallel'"),
    ({"loader": "a:b", "files": "{client}.npz"}, "loader", "files"),
    ({"engine": "torchrun", "nodes": 2}, "nodes", "port 0"),
    (
        {"stragglers": {"policy": "partial", "after": 120.0}},
        "stragglers after 120",
        "round_timeout 120",
    ),
]


@pytest.mark.parametrize(("changes", "first", "second"), PAIRS)
def test_pairs_that_do_not_go_together_are_named(changes, first, second):
    with pytest.raises(ValueError, match="do not go together: ") as caught:
        DistributedMLConfig(**changes)
    assert f"{first} and {second}" in str(caught.value)


def test_every_rule_gives_a_reason():
    config = DistributedMLConfig()
    for rules in (support._of_the_engine, support._of_parallel, support._of_own_data):
        assert all(why for _, _, _, why in rules(config))
