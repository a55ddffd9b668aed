"""Every engine returns what one process does; the command says what is wrong."""

import importlib.util
import itertools
import stat
import subprocess
import sys
import threading
import types

import numpy as np
import pytest

from mlmastery.distributed_training import engine as module
from mlmastery.distributed_training.__main__ import Progress, main
from mlmastery.distributed_training.checkpoint import CheckpointManager
from mlmastery.distributed_training.communicator import run_ranks
from mlmastery.distributed_training.config import ENGINES, DistributedMLConfig
from mlmastery.distributed_training.data_parallel import DataParallelTrainer
from mlmastery.distributed_training.engine import run_local, train
from mlmastery.distributed_training.job import Job
from mlmastery.distributed_training.packing import Update
from mlmastery.distributed_training.run_files import RunFiles, RunLockedError
from mlmastery.distributed_training.server import TrainingServer

SMALL = DistributedMLConfig(
    rounds=3, n_clients=4, layers=(64, 8, 10), client_fraction=0.75
)
PARALLEL = {"mode": "data_parallel", "batch_size": 40, "client_fraction": 1.0}


@pytest.fixture
def config(tmp_path):
    return SMALL.replace(directory=str(tmp_path / "run"))


@pytest.mark.slow
def test_federated_on_torchrun_is_equal_bit_for_bit(config):
    config = config.replace(compression="quantise", bits=4, strategy="fedadam")
    here = run_local(config)
    there = train(config.replace(engine="torchrun"))
    np.testing.assert_array_equal(there.parameters, here.parameters)
    assert there.history == here.history


@pytest.mark.slow
def test_ddp_is_equal_to_one_process_with_the_large_batch(config):
    config = config.replace(**PARALLEL)
    job = Job(config)
    model = job.model
    parameters = model.get_parameters()
    for number in range(3):
        step, _ = job.gradient_step(parameters, job.data.batch(number))
        parameters = parameters + step
    ddp, ours = train(config.replace(engine="torchrun")), run_local(config)
    np.testing.assert_allclose(ddp.parameters, parameters, atol=1e-5)
    np.testing.assert_allclose(ours.parameters, parameters, atol=1e-5)
    start = job.model.__class__(layers=(64, 8, 10)).get_parameters()
    assert np.abs(ours.parameters - start).max()
    losses = [[line["loss"] for line in run.history] for run in (ddp, ours)]
    np.testing.assert_allclose(*losses, rtol=1e-5)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"mode": "federated"}, False),
        ({"framework": "tensorflow"}, False),
        ({"compression": "quantise"}, False),
        ({"model": "mlmastery.distributed_training.examples:small_network"}, False),
    ],
)
def test_ddp_does_the_work_only_where_it_does_what_is_configured(changes, expected):
    config = DistributedMLConfig(**PARALLEL | changes)
    assert module._uses_ddp(config) is expected


def test_a_job_in_pieces_equals_the_trainer_on_ranks(config):
    config = config.replace(**PARALLEL, rounds=1)
    job = Job(config)
    rows = job.data.batch(0)

    def work(communicator):
        own = Job(config)
        trainer = DataParallelTrainer(own.model, communicator, learning_rate=0.1)
        trainer.step(own.data.X[rows], own.data.y[rows])
        return own.model.get_parameters()

    ours = run_local(config).parameters
    np.testing.assert_allclose(run_ranks(work, 4)[0], ours, atol=1e-6)


def test_torchrun_that_fails_says_why(config, monkeypatch):
    monkeypatch.setattr(module.sys, "executable", "false")
    with pytest.raises(RuntimeError, match="torchrun failed:"):
        train(config.replace(engine="torchrun"))


@pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="the optional extra ray"
)
@pytest.mark.filterwarnings("ignore")
def test_ray_is_equal_bit_for_bit(config):
    result = train(config.replace(engine="ray"))
    np.testing.assert_array_equal(result.parameters, run_local(config).parameters)


class Pool:
    """Ray's pool of actors, for a test: their work is done when it is asked for."""

    def __init__(self, actors):
        self.actors = actors

    def map(self, function, values):
        actors = itertools.cycle(self.actors)
        return [function(actor, value) for actor, value in zip(actors, values)]  # noqa: B905


def pretend_ray():
    """Return a module with the part of Ray that the engine uses."""
    ray, util = types.ModuleType("ray"), types.ModuleType("ray.util")
    util.ActorPool = Pool
    ray.util, ray.running = util, []
    ray.is_initialized = lambda: bool(ray.running)
    ray.init = lambda **options: ray.running.append(options)
    ray.shutdown = ray.running.clear
    ray.put = lambda value: value

    class Actor:
        def __init__(self, job):
            self.update = types.SimpleNamespace(remote=job.update)

    def remote(**options):
        return lambda kind: types.SimpleNamespace(
            remote=lambda config: Actor(kind(config))
        )

    ray.remote = remote
    return ray


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"privacy": {"clip": 1.0}},
        {"compression": "quantise", "bits": 4},
        PARALLEL,
    ],
)
def test_the_engine_ray_resumes_and_returns_what_was_trained(
    config, monkeypatch, changes
):
    ray = pretend_ray()
    monkeypatch.setitem(sys.modules, "ray", ray)
    config = config.replace(engine="ray", **changes)
    first = train(config.replace(rounds=2))
    result = train(config)
    assert result.history[:2] == first.history
    assert not ray.running
    assert CheckpointManager(f"{config.directory}/ray").steps()[-1] == 3
    if "privacy" not in changes:
        here = run_local(config.replace(engine="local"))
        np.testing.assert_array_equal(result.parameters, here.parameters)
        assert result.history == here.history


@pytest.mark.slow
def test_two_nodes_of_torchrun_meet(config, tmp_path):
    """Two launchers on one machine stand for two machines."""
    port, results = module._free_port(), {}

    def launch(node):
        own = {"directory": str(tmp_path / node), "nodes": 2, "port": port}
        there = config.replace(engine="torchrun", workers=1, **own)
        results[node] = train(there)

    nodes = [threading.Thread(target=launch, args=(node,)) for node in ("a", "b")]
    for node in nodes:
        node.start()
    for node in nodes:
        node.join(120)
    here = run_local(config)
    for node in ("a", "b"):
        np.testing.assert_array_equal(results[node].parameters, here.parameters)
        assert results[node].history == here.history


@pytest.mark.slow
def test_torchrun_resumes_and_says_why_it_fails(config):
    config = config.replace(engine="torchrun")
    first = train(config.replace(rounds=1))
    result = train(config)
    assert result.history[:1] == first.history
    assert result.history == run_local(config.replace(engine="local")).history
    options = {"engine": "torchrun", "directory": config.directory + "2"}
    missing = DistributedMLConfig(model="mlmastery.nowhere:network", **options)
    with pytest.raises(RuntimeError, match="cannot be imported: No module named"):
        train(missing)


def test_torchrun_ends_within_its_time(config, monkeypatch):
    quick = config.replace(engine="torchrun", join_timeout=0.2, round_timeout=0.1)
    with pytest.raises(RuntimeError, match=r"did not end within 0\.5 s"):
        train(quick)


@pytest.mark.slow
def test_torchrun_that_is_ended_leaves_no_process(config):
    import time

    import psutil

    known = set(psutil.pids())
    config = config.replace(engine="torchrun", rounds=2000)
    with pytest.raises(RuntimeError, match="did not end within 12 s"):
        module.run_torchrun(config, timeout=12.0)
    time.sleep(0.5)
    new = [p for p in psutil.process_iter(["cmdline"]) if p.pid not in known]
    left = [" ".join(p.info["cmdline"] or []) for p in new]
    assert not [line for line in left if config.directory in line]


def test_a_run_without_workers_of_its_own_says_where_to_join(tmp_path, capsys):
    config = SMALL.replace(workers=0, join_timeout=0.2, directory=str(tmp_path / "run"))
    config.to_yaml(tmp_path / "c.yaml")
    assert main(["run", str(tmp_path / "c.yaml")]) == 1
    captured = capsys.readouterr()
    assert captured.out.startswith("workers may join at 127.0.0.1:")
    assert "0 joined at" in captured.err


def test_a_second_command_starts_no_workers(config, monkeypatch):
    monkeypatch.setattr(
        module.Workers, "_start", lambda self, i: pytest.fail("started")
    )
    with RunFiles(config), pytest.raises(RunLockedError, match="held by process"):
        train(config)


def test_a_secret_has_no_line_break(tmp_path):
    (tmp_path / "secret").write_text("abc\n")
    assert module.read_secret(tmp_path / "secret") == b"abc"
    (tmp_path / "secret").write_text("\n")
    with pytest.raises(ValueError, match="must hold a secret, it is empty"):
        module.read_secret(tmp_path / "secret")


def test_a_batch_larger_than_the_data_is_refused():
    config = DistributedMLConfig(mode="data_parallel", batch_size=1440)
    with pytest.raises(
        ValueError, match=r"at most the 1438 rows of 'digits', got 1440"
    ):
        Job(config)


@pytest.mark.parametrize("parallel", ["ring", "pipeline"])
def test_ways_to_put_gradients_together_agree(config, parallel):
    config = config.replace(engine="local", parallel=parallel, **PARALLEL)
    here = run_local(config.replace(parallel="auto"))
    np.testing.assert_allclose(run_local(config).parameters, here.parameters, atol=1e-6)


def test_a_group_that_diverges_keeps_its_checkpoint(config):
    config = config.replace(engine="local", parallel="ring", **PARALLEL)
    train(config.replace(rounds=1))
    manager = CheckpointManager(f"{config.directory}/local")
    found = manager.load(1)
    spoilt = found.arrays | {
        "parameters": found.arrays["parameters"] * np.float32(1e38)
    }
    manager.save(1, found.meta, spoilt)
    with (
        np.errstate(all="ignore"),
        pytest.raises(ValueError, match="diverged in round 1"),
    ):
        train(config)
    assert manager.steps() == [1]


@pytest.mark.skipif(importlib.util.find_spec("ray") is not None, reason="Ray is there")
def test_ray_that_is_missing_is_named(config):
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'ray>=2.40'"):
        train(config.replace(engine="ray"))


def test_every_engine_has_its_function():
    for name in ENGINES:
        assert callable(getattr(module, f"run_{name}"))


def test_pieces_of_work_do_not_depend_on_order_or_repetition(config):
    first, second = Job(config), Job(config)
    parameters = first.model.get_parameters()
    forward = {c: first.update(parameters, 2, c) for c in range(4)}
    backward = {c: second.update(parameters, 2, c) for c in (3, 0, 2, 3, 1)}
    state = first.strategy.start(parameters.size)
    once, _ = first.aggregation.combine(parameters, state, forward)
    again, _ = second.aggregation.combine(parameters, state, backward)
    np.testing.assert_array_equal(once, again)


def test_updates_are_added_in_order_of_client_however_they_arrived(config):
    job = Job(config)
    ones = np.ones(job.model.n_parameters, "float32")
    updates = {c: Update(v * ones, 1.0, 0.0) for c, v in enumerate((1e17, -1e17, 1.0))}
    totals = [
        job.aggregation.combine(0 * ones, {}, {c: updates[c] for c in order})[0]
        for order in ((0, 1, 2), (0, 2, 1), (2, 0, 1))
    ]
    for total in totals:  # in another order the 1 would be rounded away
        np.testing.assert_array_equal(total, ones / 3)


def test_no_updates_is_an_error(config):
    job = Job(config)
    with pytest.raises(ValueError, match="at least one client"):
        job.aggregation.combine(job.model.get_parameters(), {}, {})


def test_the_secret_is_for_its_owner_only(tmp_path):
    path = module.secret_of(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_bytes()) == 64
    assert module.secret_of(tmp_path).read_bytes() == path.read_bytes()


def test_a_worker_that_dies_is_started_again_but_not_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "COMMAND", ["false"])
    monkeypatch.setattr(module, "MAX_RESTARTS", 2)
    import time

    with module.Workers(("127.0.0.1", 1), tmp_path, 1) as workers:
        deadline = time.monotonic() + 5
        while workers.restarts[0] < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)
        assert workers.restarts == [2]


STATUS = {
    "phase": "running",
    "pid": 1,
    "address": ["127.0.0.1", 4000],
    "rounds": 5,
    "history": [
        {"round": 0, "loss": 1.25, "accuracy": 0.5, "clients": 3, "missing": 1,
         "bytes": 2000, "seconds": 0.1},
        {"round": 1, "loss": None, "accuracy": 0.1, "clients": 3, "missing": 0,
         "bytes": 2000, "seconds": 0.1},
    ],
    "faults": [{"round": 1, "kind": "lost", "worker": "w1", "why": "killed"}],
    "workers": [{"name": "w1", "state": "lost", "updates": 3, "failures": 1,
                 "bytes_received": 2000, "why": "killed"}],
}  # fmt: skip


def test_the_table_shows_rounds_workers_bytes_and_failures(capsys):
    from rich.console import Console

    from mlmastery.distributed_training.__main__ import show

    Console(width=100).print(show(STATUS))
    shown = capsys.readouterr().out
    for part in ("2 of 5 rounds", "1.2500", "diverged", "w1", "lost", "killed", "4000"):
        assert part in shown


def test_progress_in_a_file_is_a_line_for_each_round(capsys):
    from rich.console import Console

    progress = Progress(Console(force_terminal=False))
    progress(STATUS)
    progress(STATUS)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("round 0: loss 1.2500, accuracy 0.500, 3 clients")
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "no-such.yaml"], "FileNotFoundError"),
        (["run", "bad.yaml"], "ValueError: bad.yaml: unknown field 'round'"),
        (["status", "good.yaml"], "no run has begun in"),
        (["worker", "nowhere", "--secret-file", "x"], "address must be HOST:PORT"),
        (["worker", "h:1", "--secret-file", "no-such"], "FileNotFoundError"),
        (
            ["worker", "127.0.0.1:9", "--secret-file", "key", "--patience", "0"],
            "no server at 127.0.0.1:9 within 0 s",
        ),
        (
            ["worker", "127.0.0.1:9", "--secret-file", "key", "--patience", "nan"],
            "patience must be seconds from 0, got nan",
        ),
        (["run", "loader.yaml"], "KeyError: 'no such office'"),
        (["run", "file.yaml"], "directory must be a folder, key is a file"),
        (["status", "torn.yaml"], "torn/status.json is damaged"),
        (["worker", "[::1]", "--secret-file", "x"], "address must be HOST:PORT"),
        (["run", "nobody.yaml"], "NoWorkersError: 1 worker(s) needed, 0 joined"),
        (["run", "taken.yaml"], "cannot listen at 127.0.0.1:"),
    ],
)
def test_the_command_says_what_is_wrong_in_one_line(
    arguments, words, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.yaml").write_text("round: 3")
    (tmp_path / "key").write_text("secret")
    SMALL.replace(directory="key").to_yaml("file.yaml")
    SMALL.replace(directory="torn").to_yaml("torn.yaml")
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "status.json").write_text('{"phase": "run')
    SMALL.replace(engine="local", loader=f"{__name__}:lost").to_yaml("loader.yaml")
    SMALL.to_yaml("good.yaml")
    SMALL.replace(workers=0, join_timeout=0.1).to_yaml("nobody.yaml")
    taken = TrainingServer(SMALL, b"s")
    SMALL.replace(port=taken.address[1]).to_yaml("taken.yaml")
    assert main(arguments) == 1
    error = capsys.readouterr().err
    taken.close()
    assert words in error
    assert len(error.splitlines()) == 1


def lost(client):
    raise KeyError("no such office")


def test_the_command_is_there():
    command = [*module.COMMAND, "--help"]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert shown.returncode == 0
    assert "{run,status,worker}" in shown.stdout
