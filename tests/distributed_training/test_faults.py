"""Real processes, real faults: what is lost is time, never a result.

A run that nobody disturbs is the reference: after each fault the parameters must be
equal to its own to the last bit.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest
from kit.servers import free_port, kill, wait_until

from mlmastery.distributed_training import wire
from mlmastery.distributed_training.checkpoint import CheckpointError
from mlmastery.distributed_training.communicator import (
    TcpCommunicator,
    listen,
    run_ranks,
)
from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.engine import _torch_environment, run_local
from mlmastery.distributed_training.job import Job
from mlmastery.distributed_training.run_files import RunFiles
from mlmastery.distributed_training.secure import SecureAggregationError
from mlmastery.distributed_training.secure_sum import secure_sum
from mlmastery.distributed_training.server import NoWorkersError, TrainingServer
from mlmastery.distributed_training.wire import Message, PeerLost

SECRET = b"of the tests"
HERE = Path(__file__).parent


class Zygote:
    """A process that forks workers and servers in milliseconds."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "zygote.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        assert line, "the zygote died"
        return line.strip()

    def fork(self, role, log, **orders):
        line = {"role": role, "log": str(log), "secret": SECRET.hex(), **orders}
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        return psutil.Process(int(self.answer()))


@pytest.fixture(scope="module")
def zygote():
    made = Zygote()
    yield made
    left = psutil.Process(made.process.pid).children()
    made.process.stdin.close()
    made.process.wait(20)
    made.process.stdout.close()
    assert not left, f"processes left behind: {left}"


@pytest.fixture
def config(tmp_path):
    return DistributedMLConfig(
        rounds=3,
        n_clients=6,
        layers=(64, 16, 10),
        strategy="fedadam",
        join_timeout=20.0,
        heartbeat=0.1,
        silence=1.0,
        directory=str(tmp_path / "run"),
    )


@pytest.fixture(scope="module")
def table():
    """Return a function that adds a row to the table of faults, which the page shows.

    With FAULT_TABLE set to a path, the table is written there.
    """
    rows = []

    def add(injected, noticed, answer, lost):
        row = {"injected": injected, "noticed": noticed}
        rows.append(row | {"answer": answer, "lost": lost})

    yield add
    if "FAULT_TABLE" in os.environ:
        pd.DataFrame(rows).to_csv(os.environ["FAULT_TABLE"], index=False)


EQUAL = "nothing: parameters equal to the last bit"


@pytest.fixture(scope="module")
def undisturbed():
    """Return a function that gives the parameters of a run without faults."""
    known = {}

    def parameters(config):
        key = json.dumps(config.replace(directory="x", port=0).to_dict())
        if key not in known:
            known[key] = run_local(config).parameters
        return known[key]

    return parameters


class Run:
    """A server in a thread, and workers as processes that must all end."""

    def __init__(self, config, zygote, tmp_path):
        self.server = TrainingServer(config, SECRET)
        self.address, self.zygote = self.server.address, zygote
        self.log, self.result, self.error = tmp_path, None, None
        self.workers = {}
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def serve(self):
        try:
            self.result = self.server.run()
        except Exception as error:
            self.error = error

    def add(self, name, address=None, **orders):
        where = list(address or self.address)
        self.workers[name] = self.zygote.fork(
            "worker", self.log / name, address=where, name=name, **orders
        )
        return self.workers[name]

    def finish(self, timeout=40):
        self.thread.join(timeout)
        assert not self.thread.is_alive(), "the server hangs"
        if self.error is not None:
            raise self.error
        return self.result

    def faults(self, kind):
        return [fault for fault in self.server.faults if fault["kind"] == kind]

    def end_of(self, name):
        _, alive = psutil.wait_procs([self.workers[name]], timeout=10)
        assert not alive, f"{name} does not end"
        return (self.log / name).read_text() if (self.log / name).exists() else "killed"


@pytest.fixture
def start(config, zygote, tmp_path):
    runs = []

    def start(**changes):
        runs.append(Run(config.replace(**changes), zygote, tmp_path))
        runs[-1].thread.start()
        return runs[-1]

    yield start
    for run in runs:
        _, alive = psutil.wait_procs(list(run.workers.values()), timeout=8)
        for process in alive:
            process.kill()
        assert not alive, f"workers left behind: {alive}"
        assert not run.thread.is_alive()


def equal(run, undisturbed):
    expected = undisturbed(run.server.config)
    np.testing.assert_array_equal(run.result.parameters, expected)


@pytest.mark.parametrize("n_workers", [1, 2, 3])
def test_workers_return_what_one_process_does(start, undisturbed, n_workers):
    run = start(min_workers=n_workers)
    for i in range(n_workers):
        run.add(f"w{i}")
    run.finish()
    equal(run, undisturbed)
    assert run.server.faults == []
    assert [run.end_of(f"w{i}") for i in range(n_workers)] == ["done"] * n_workers


@pytest.mark.parametrize(
    "changes", [{}, {"mode": "data_parallel", "strategy": "fedavg", "batch_size": 24}]
)
def test_ranks_of_torch_return_what_one_process_does(zygote, config, tmp_path, changes):
    config = config.replace(engine="torchrun", **changes)
    where = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free_port())}
    ranks = [
        zygote.fork(
            "torch",
            tmp_path / str(rank),
            config=config.to_dict(),
            environment=_torch_environment(config)
            | where
            | {"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": "2"},
        )
        for rank in range(2)
    ]
    psutil.wait_procs(ranks, timeout=20)
    assert [(tmp_path / str(rank)).read_text() for rank in range(2)] == ["done"] * 2
    files = RunFiles(config)
    found, _ = files.resume()
    here = run_local(config.replace(engine="local"))
    np.testing.assert_allclose(found["parameters"], here.parameters, atol=1e-5)
    losses = [[line["loss"] for line in run.history] for run in (files, here)]
    np.testing.assert_allclose(*losses, rtol=1e-5)


def test_worker_killed_in_the_middle_of_its_work(start, undisturbed, table):
    run = start(min_workers=2)
    run.add("steady")
    run.add("victim", kill_at=2)
    wait_until(lambda: run.end_of("victim") == "killed")
    # one worker is left, and two are needed: the run waits until another one joins
    run.add("heir")
    run.finish()
    equal(run, undisturbed)
    (lost,) = run.faults("lost")
    assert lost["worker"] == "victim"
    assert "given to others" in lost["why"]
    assert run.end_of("steady") == "done"
    table(
        "worker killed (SIGKILL) in mid-work",
        "connection closed",
        "its client given to another worker",
        EQUAL,
    )


def test_worker_frozen_then_thawed(start, undisturbed, table):
    run = start(rounds=2)
    frozen = run.add("frozen", freeze_at=1)
    wait_until(lambda: frozen.status() == psutil.STATUS_STOPPED)
    run.add("awake", pause=0.15)
    wait_until(lambda: run.faults("lost"))
    assert "no sign of life for 1 s" in run.faults("lost")[0]["why"]
    frozen.send_signal(signal.SIGCONT)
    run.finish()
    equal(run, undisturbed)
    assert run.end_of("frozen") == "done"  # it came back and was told goodbye
    table(
        "worker frozen (SIGSTOP), later thawed",
        "no sign of life for 1 s",
        "its client given to another; it rejoined",
        EQUAL,
    )


def test_straggler_does_not_hold_up_the_others(start, undisturbed, table):
    run = start(min_workers=2, task_timeout=0.3, rounds=2)
    run.add("fast")
    run.add("slow", pause=4.0)
    begin = time.monotonic()
    run.finish()
    assert time.monotonic() - begin < 4.0
    equal(run, undisturbed)
    assert run.faults("straggler")[0]["worker"] == "slow"
    table(
        "worker 4 s late with each piece",
        "piece older than 0.3 s",
        "a second worker did it too; the first answer counted",
        EQUAL,
    )


class Cable:
    """A connection between workers and server that can be cut."""

    def __init__(self, target):
        self.target, self.pairs = target, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = self.listener.getsockname()
        threading.Thread(target=self.plug, daemon=True).start()

    def plug(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self.target)
            except OSError:
                near.close()
                continue
            self.pairs.append((near, far))
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=ends, daemon=True).start()

    def carry(self, source, target):
        try:
            while chunk := source.recv(65536):
                target.sendall(self.spoil(chunk))
        except OSError:
            pass
        for end in (source, target):
            end.close()

    def spoil(self, chunk):
        return chunk

    def cut(self):
        for pair in self.pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue
        self.pairs = []

    def close(self):
        self.listener.close()
        self.cut()


def test_connection_cut_and_restored(start, undisturbed, table):
    run = start()
    cable = Cable(run.address)
    run.add("far", address=cable.address, pause=0.05)
    wait_until(lambda: len(run.server.history) == 1)
    cable.cut()
    run.finish()
    equal(run, undisturbed)
    assert [fault["worker"] for fault in run.faults("lost")] == ["far"]
    assert run.end_of("far") == "done"
    table(
        "connection cut in mid-run",
        "connection closed",
        "the worker came back by itself",
        EQUAL,
    )
    cable.close()


def test_damaged_bytes_on_the_way(start, undisturbed, table):
    run = start()

    class Noisy(Cable):
        n_chunks = 0

        def spoil(self, chunk):
            self.n_chunks += 1
            if self.n_chunks % 40 == 0:
                return chunk[:-1] + bytes([chunk[-1] ^ 1])
            return chunk

    cable = Noisy(run.address)
    run.add("far", address=cable.address, patience=3.0)  # the goodbye may be damaged
    run.finish()
    equal(run, undisturbed)
    assert run.faults("lost")
    table(
        "single bits flipped on the way",
        "checksum",
        "connection closed and made anew",
        EQUAL,
    )
    cable.close()


STRANGERS = {
    "garbage": (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 4, "FrameError"),
    "another version": (
        wire.PREFIX.pack(wire.MAGIC, 99, 10, 0, 0, b""),
        "VersionError: this side speaks version 1, the peer 99",
    ),
    "a huge frame": (
        wire.PREFIX.pack(wire.MAGIC, wire.VERSION, 100, 1 << 40, 0, b""),
        "OversizedError",
    ),
    "a wrong key": (
        wire.encode(Message("hello", {"nonce": "00"}), b"guess"),
        "AuthenticationError",
    ),
    "half a frame": (wire.encode(Message("hello"))[:30], "PeerLost"),
    "nothing": (b"", "PeerLost"),
}


def test_strangers_on_the_port(start, undisturbed, table):
    run = start()
    for content, _ in STRANGERS.values():
        with socket.create_connection(run.address, timeout=5) as stranger:
            stranger.sendall(content)
            stranger.shutdown(socket.SHUT_WR)
            stranger.settimeout(5)
            while stranger.recv(4096):  # the challenge, then the end
                continue
    run.add("friend")
    run.finish()
    equal(run, undisturbed)
    reasons = [fault["why"] for fault in run.faults("stranger")]
    assert len(reasons) == len(STRANGERS)  # in an order that their threads decide
    for _, expected in STRANGERS.values():
        assert any(expected in why for why in reasons)
    assert run.faults("lost") == []
    table(
        "garbage, huge, half, foreign frames on the port",
        "first bytes of the frame",
        "turned away before anything was allocated",
        EQUAL,
    )


def test_a_peer_that_says_nothing_is_let_go(start, monkeypatch):
    run = start()
    with socket.create_connection(run.address) as silent:
        run.add("friend")
        run.finish()
        silent.settimeout(8)
        while silent.recv(4096):
            continue


def test_a_worker_with_another_secret_gets_nothing(start, table):
    run = start()
    run.add("impostor", secret=b"guess".hex())
    assert "AuthenticationError" in run.end_of("impostor")
    run.add("friend")
    run.finish()
    assert {member["name"] for member in run.result.members} == {"friend"}
    table(
        "worker without the secret", "tag of its first frame", "turned away", "nothing"
    )


def test_a_worker_of_another_version_is_told(start, table):
    run = start()
    run.add("old", version=7)
    assert "VersionError: this side speaks version 7, the peer 1" in run.end_of("old")
    run.add("friend")
    run.finish()
    table(
        "worker of another version",
        "version in the frame",
        "turned away; it says which two versions",
        "nothing",
    )


def test_a_worker_with_another_model_is_told(start, undisturbed, table):
    run = start()
    run.add("wide", layers=[64, 17, 10])
    end = run.end_of("wide")
    assert end == "RefusedError: its model has 1285 parameters, the run's 1210"
    run.add("friend")
    run.finish()
    equal(run, undisturbed)
    table(
        "worker with a model of another shape",
        "number of parameters",
        "refused; it is told why",
        EQUAL,
    )


def test_an_update_that_is_not_finite_is_left_out(start, table):
    run = start(rounds=1)
    run.add("mad", nan_at=2)
    result = run.finish()
    assert result.history[0]["missing"] == 1
    assert "not finite" in run.faults("refused")[0]["why"]
    assert run.faults("missing") == []  # it came in time
    assert np.isfinite(result.parameters).all()
    table(
        "update with NaN",
        "value of the update",
        "left out of its round",
        "one client's update in one round",
    )


@pytest.mark.parametrize("order", ["nonsense_at", "weightless_at"])
def test_a_worker_that_sends_nonsense_is_sent_away(start, undisturbed, order):
    run = start(min_workers=2, n_clients=12, rounds=2)
    run.add("sane", pause=0.05)
    run.add("odd", **{order: 2})
    wait_until(lambda: run.faults("refused"))
    run.add("heir")
    run.finish()
    equal(run, undisturbed)
    assert run.end_of("odd").startswith("RefusedError")
    assert run.end_of("sane") == "done"


def test_clients_whose_data_may_not_leave_are_left_out_with_their_worker(start, table):
    run = start(min_workers=1, reassign=False, rounds=2)
    run.add("victim", kill_at=2)
    wait_until(lambda: run.end_of("victim") == "killed")
    run.add("other")
    history = run.finish().history
    assert [line["missing"] for line in history] == [1, 0]
    table(
        "worker killed, its data may not leave it",
        "connection closed",
        "round went on without its client",
        "one client's update in one round",
    )


def test_server_killed_and_resumed(config, zygote, tmp_path, undisturbed, table):
    port = free_port()
    config = config.replace(port=port, rounds=6)
    orders = {"config": config.to_dict()}
    server = zygote.fork("server", tmp_path / "server-1", **orders)
    workers = [
        zygote.fork(
            "worker",
            tmp_path / name,
            address=("127.0.0.1", port),
            name=name,
            pause=0.05,
        )
        for name in ("a", "b")
    ]
    status = Path(config.directory) / "status.json"
    wait_until(
        lambda: status.exists() and len(json.loads(status.read_text())["history"]) > 1
    )
    server.kill()
    psutil.wait_procs([server], timeout=5)
    second = TrainingServer(config, SECRET)
    result = second.run()
    assert 0 < result.history[-1]["round"] == 5
    np.testing.assert_array_equal(result.parameters, undisturbed(config))
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not alive
    assert [(tmp_path / name).read_text() for name in ("a", "b")] == ["done"] * 2
    table(
        "server killed (SIGKILL) and started again",
        "workers lost the connection",
        "resumed from its checkpoint; workers came back",
        EQUAL,
    )


def test_a_client_that_diverges_is_left_out_and_its_worker_lives(start, table):
    run = start(rounds=2)
    run.add("mad", diverges=[2])
    result = run.finish()
    assert [line["clients"] for line in result.history] == [5, 5]
    assert len(run.faults("diverged")) == 2
    assert run.faults("lost") == []
    assert run.end_of("mad") == "done"
    table(
        "a client's training diverges",
        "the worker says so",
        "left out of its round; the worker goes on",
        "one client's update a round",
    )


def test_two_workers_of_one_name(start, undisturbed, table):
    run = start(rounds=2)
    run.add("twin", pause=0.1)
    wait_until(lambda: run.server.members.alive == ["twin"])
    first = run.workers["twin"]
    run.add("twin")  # its log takes the place of the first one's
    wait_until(lambda: run.faults("refused"))
    run.finish()
    equal(run, undisturbed)
    assert "the second is turned away" in run.faults("refused")[0]["why"]
    psutil.wait_procs([first], timeout=10)
    table(
        "second worker of one name",
        "token in its greeting",
        "the second is refused, by name",
        EQUAL,
    )


def test_two_servers_in_one_directory(config, zygote, tmp_path, table):
    orders = {"config": config.to_dict()}
    first = zygote.fork("server", tmp_path / "first", **orders)
    lock = Path(config.directory) / "lock"
    wait_until(lambda: lock.exists() and lock.read_text())
    second = zygote.fork("server", tmp_path / "second", **orders)
    psutil.wait_procs([second], timeout=10)
    said = (tmp_path / "second").read_text()
    assert said.startswith(f"RunLockedError: {lock} is held by process {first.pid}")
    first.kill()
    psutil.wait_procs([first], timeout=10)
    with pytest.raises(NoWorkersError):  # and not that it is locked
        TrainingServer(config.replace(join_timeout=0.1), SECRET).run()
    table(
        "second server in the directory of the first",
        "lock of the directory",
        "refused; the lock of one that was killed is taken over",
        "nothing",
    )


def test_worker_killed_in_a_secure_round(start, table):
    """The others' sum is right, and what the dead one's clients sent is not in it."""
    run = start(secure=True, n_clients=9, min_workers=3, rounds=2, strategy="fedavg")
    run.add("a")
    run.add("b")
    run.add("victim", kill_at=2)
    wait_until(lambda: run.end_of("victim") == "killed")
    wait_until(lambda: len(run.server.history) == 1)
    run.add("heir")
    result = run.finish()
    assert [line["clients"] for line in result.history] == [7, 9]
    assert "left out" in run.faults("lost")[0]["why"]
    job = Job(run.server.config)
    clients = [c for c in range(9) if c not in (5, 8)]  # 2 was sent before the kill
    start_at = job.model.get_parameters()
    updates = {c: job.update(start_at, 0, c) for c in clients}
    expected = job.aggregation.close(
        start_at, job.aggregation.start(), updates
    ).parameters
    found = run.server.checkpoints.load(1).arrays["parameters"]
    np.testing.assert_allclose(found, expected, atol=1e-6)
    table(
        "worker killed in a secure round",
        "connection closed",
        "its masks rebuilt from shares of the others",
        "the updates of its clients in one round",
    )


def test_a_secure_client_above_the_bound_is_left_out(start):
    run = start(secure=True, rounds=2)
    run.add("wild", huge=[1])
    result = run.finish()
    assert [line["clients"] for line in result.history] == [5, 5]
    assert "out of bounds" in run.faults("diverged")[0]["why"]
    assert run.end_of("wild") == "done"


def test_a_run_is_not_resumed_by_another_configuration(start, config):
    run = start(rounds=1)
    run.add("w")
    run.finish()
    other = TrainingServer(config.replace(learning_rate=0.2), SECRET)
    with pytest.raises(CheckpointError, match=r"holds a run with learning_rate=0.1"):
        other.run()


def test_more_rounds_go_on_where_fewer_ended(start, undisturbed):
    for rounds in (1, 3):
        run = start(rounds=rounds)
        run.add(f"w{rounds}")
        run.finish()
    equal(run, undisturbed)


@pytest.mark.parametrize(
    ("strategy", "options", "survives"),
    [
        ("fedavg", {}, False),
        ("median", {}, True),
        ("trimmed_mean", {"trim": 0.2}, True),
        ("krum", {"n_byzantine": 1}, True),
    ],
)
def test_poisoned_client(start, strategy, options, survives, table):
    run = start(
        strategy=strategy, strategy_options=options, rounds=5, learning_rate=0.3
    )
    run.add("a", poisoned=[2])
    accuracy = run.finish().history[-1]["accuracy"]
    assert (accuracy > 0.6) == survives, accuracy
    assert survives or accuracy < 0.4
    table(
        "one client of six sends its update times -20",
        "not noticed",
        f"aggregated by {strategy}",
        f"accuracy {accuracy:.2f} after 5 rounds",
    )


# messages of a client: keys, letters, masked vector, shares
HALF_LOST = [
    {1: "dies_at", 2: "dies_at", 3: "dies_at", 4: "dies_at"},
    {2: "dies_at", 3: "freezes_at", 5: "dies_at", 8: "freezes_at"},
]


def secure_run(zygote, tmp_path, faults, steps, threshold):
    """Sum 8 clients' vectors while some of them are lost; return sum and survivors."""
    listener = listen(("127.0.0.1", 0))
    where = listener.getsockname()[:2]
    clients = [
        zygote.fork(
            "secure",
            tmp_path / f"client-{rank}",
            address=where,
            rank=rank,
            n_ranks=9,
            threshold=threshold,
            **({faults[rank]: steps[rank]} if rank in faults else {}),
        )
        for rank in range(1, 9)
    ]
    try:
        with TcpCommunicator(0, 9, where, SECRET, listener=listener) as communicator:
            return secure_sum(communicator, threshold=threshold, timeout=1.0)
    finally:
        for rank, process in enumerate(clients, start=1):
            if faults.get(rank) == "freezes_at":
                process.kill()
        _, alive = psutil.wait_procs(clients, timeout=10)
        assert not alive


@pytest.mark.parametrize("faults", HALF_LOST)
def test_half_the_clients_lost_in_secure_aggregation(zygote, tmp_path, faults, table):
    steps = dict(zip(faults, [0, 1, 2, 3], strict=True))  # one before each message
    total, survivors = secure_run(zygote, tmp_path, faults, steps, threshold=4)
    vectors = {r: np.random.default_rng(r).normal(size=1000) for r in range(1, 9)}
    counted = [r for r in vectors if r not in faults or steps[r] == 3]
    assert survivors == counted
    plain = sum(vectors[rank] for rank in counted)
    words = {"dies_at": "killed", "freezes_at": "frozen"}
    kinds = sorted({words[kind] for kind in faults.values()}, reverse=True)
    np.testing.assert_allclose(total, plain, atol=8 * 2.0**-25)
    table(
        f"secure sum: 4 of 8 clients {' or '.join(kinds)}",
        "no message within 1 s",
        "masks of the lost rebuilt from shares",
        "their vectors; the sum of the others is right",
    )


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_too_many_clients_lost_in_secure_aggregation(zygote, tmp_path, step, table):
    faults = dict.fromkeys(range(1, 6), "dies_at")
    steps = dict.fromkeys(range(1, 6), step)
    with pytest.raises(SecureAggregationError, match=r"only 3 clients .* is 4"):
        secure_run(zygote, tmp_path, faults, steps, threshold=4)
    table(
        f"secure sum: 5 of 8 clients killed before message {step + 1}",
        "fewer than the threshold",
        "refused",
        "the sum; nobody learned anything",
    )


def test_silent_clients_have_the_time_of_a_step_together():
    def work(c):
        if c.rank > 0:
            with pytest.raises(PeerLost):
                c.receive(0, 10)
            return None
        begin = time.monotonic()
        with pytest.raises(SecureAggregationError, match="only 0 clients sent"):
            secure_sum(c, threshold=2, timeout=0.3)
        return time.monotonic() - begin

    assert run_ranks(work, 5)[0] < 1.0  # not 0.3 seconds for each of four


def test_no_worker_joins(start, table):
    run = start(join_timeout=0.3, min_workers=2)
    words = rf"2 worker\(s\) needed, 0 joined at 127.0.0.1:{run.address[1]}"
    with pytest.raises(NoWorkersError, match=words):
        run.finish()
    table("no worker joins", "deadline", "error that names the address", "nothing")


def test_port_in_use(config, table):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=f"cannot listen at 127.0.0.1:{port}"):
            TrainingServer(config.replace(port=port), SECRET)
    table("port in use", "at the start", "error that names the port", "nothing")


@pytest.mark.slow
def test_the_command_killed_and_given_again(config, tmp_path, undisturbed, table):
    config = config.replace(rounds=40, workers=1)
    path = tmp_path / "config.yaml"
    config.to_yaml(path)
    command = [sys.executable, "-m", "mlmastery.distributed_training"]
    first = subprocess.Popen([*command, "run", str(path)], stdout=subprocess.PIPE)
    assert first.stdout.readline().startswith(b"round 0: loss")
    family = psutil.Process(first.pid).children(recursive=True)
    kill(first)
    _, alive = psutil.wait_procs(family, timeout=10)
    assert not alive  # workers leave with whoever started them
    status = subprocess.run(
        [*command, "status", str(path)], capture_output=True, text=True, timeout=60
    )
    assert "killed; the same command resumes it" in status.stdout
    again = subprocess.run(
        [*command, "run", str(path)], capture_output=True, text=True, timeout=120
    )
    assert again.returncode == 0, again.stderr
    assert again.stderr == ""
    assert "finished 40 rounds" in again.stdout
    found = TrainingServer(config, SECRET)
    np.testing.assert_array_equal(found._resume()[0], undisturbed(config))
    table(
        "whole command killed (SIGKILL) and given again",
        "workers lost their parent",
        "workers left; resumed from the checkpoint",
        EQUAL,
    )
    found.close()
