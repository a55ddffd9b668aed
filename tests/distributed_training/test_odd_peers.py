"""Peers that know the secret and still do what they should not: one costs itself alone."""

import threading

import numpy as np
import pytest

from mlmastery.distributed_training import wire
from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.engine import run_local
from mlmastery.distributed_training.job import Job
from mlmastery.distributed_training.packing import Parcel
from mlmastery.distributed_training.server import TrainingServer
from mlmastery.distributed_training.wire import Message, PeerLost
from mlmastery.distributed_training.worker import RefusedError, Worker

SECRET = b"of the tests"


class Hall:
    """A server in a thread, and workers as threads."""

    def __init__(self, config):
        self.server = TrainingServer(config, SECRET)
        self.result = self.error = None
        self.threads = []
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        try:
            self.result = self.server.run()
        except Exception as error:
            self.error = error

    def add(self, name="friend", worker=Worker):
        made = worker(self.server.address, SECRET, name=name, patience=5.0)
        self.threads.append(threading.Thread(target=made.run, daemon=True))
        self.threads[-1].start()
        return made

    def connect(self, **identity):
        return wire.connect(self.server.address, SECRET, identity=identity)

    def peer(self, name="odd"):
        """Return the channel of a peer that has been told what the run is about."""
        channel = self.connect(worker=name, token=name)
        assert channel.receive(5.0).kind == "config"
        return channel

    def ready(self, name="odd"):
        channel = self.peer(name)
        n_parameters = self.server.job.model.n_parameters
        channel.send(Message("ready", {"n_parameters": n_parameters}), 5.0)
        work = channel.receive(5.0)
        assert work.kind == "work"
        return channel, work.meta

    def finish(self):
        self.thread.join(30)
        for thread in self.threads:
            thread.join(10)
        assert not self.thread.is_alive(), "the server hangs"
        if self.error:
            raise self.error
        return self.result

    def faults(self, kind):
        return [fault["why"] for fault in self.server.faults if fault["kind"] == kind]


@pytest.fixture
def config(tmp_path):
    return DistributedMLConfig(
        rounds=2, n_clients=4, layers=(64, 10), directory=str(tmp_path / "run")
    )


@pytest.fixture
def hall(config):
    halls = []

    def start(**changes):
        halls.append(Hall(config.replace(**changes)))
        return halls[-1]

    yield start
    for each in halls:
        each.thread.join(10)


def refusal(channel):
    """Return why a peer was sent away."""
    while (message := channel.receive(5.0)).kind != "refused":
        continue
    channel.close()
    return message.meta["why"]


def undisturbed(hall):
    expected = run_local(hall.server.config).parameters
    np.testing.assert_array_equal(hall.finish().parameters, expected)


@pytest.mark.parametrize("kind", ["update", "diverged", "masked", "keys", "hello"])
def test_a_message_before_ready_sends_the_peer_away(hall, kind):
    run = hall()
    odd = run.peer()
    odd.send(Message(kind, {"round": 0, "client": 0}), 5.0)
    assert f"it sent {kind!r} before it was ready" in refusal(odd)
    run.add()
    undisturbed(run)


BOMBS = {
    "top_k": (
        {"method": "top_k", "ratio": 0.1, "memory": False},
        {"size": np.array([4_000_000_000], np.uint32),
         "places": np.zeros(1, np.uint32), "values": np.zeros(1, np.float32)},
    ),
    "quantise": (
        {"method": "quantise", "bits": 1},
        {"size": np.array([4_000_000_000, 256], np.uint32),
         "codes": np.zeros(1, np.uint8), "scales": np.zeros(1, np.float32)},
    ),
    "quantise, right size": (
        {"method": "quantise", "bits": 1},
        {"size": np.array([650, 4_000_000_000], np.uint32),
         "codes": np.zeros(82, np.uint8), "scales": np.zeros(9, np.float32)},
    ),
    "power_sgd": (
        {"method": "power_sgd", "rank": 1},
        {"size": np.array([4_000_000_000], np.uint32),
         "rest": np.zeros(1, np.float32)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_is_made(hall, name):
    compression, arrays = BOMBS[name]
    run = hall(compression=compression)
    odd, meta = run.ready()
    odd.send(Message("update", meta | {"weight": 1.0, "remembers": -1}, arrays), 5.0)
    why = refusal(odd)
    assert "declared" in why or "scales" in why
    run.add()
    assert len(run.finish().history) == 2


def test_a_frame_larger_than_any_answer_is_not_read(hall):
    run = hall()
    odd, meta = run.ready()
    huge = Message("update", meta, {"values": np.zeros(1 << 20)})
    try:
        odd.send(huge, 5.0)
    except PeerLost:
        pass  # the server did not wait for the end
    run.add()
    undisturbed(run)
    odd.close()
    assert "were announced" in run.faults("lost")[0]


ODD_UPDATES = {
    "no client": ({"client": None}, {}),
    "a list for a client": ({"client": [1]}, {}),
    "a weight of text": ({"weight": "1"}, {}),
    "a weight of zero": ({"weight": 0.0}, {}),
    "an enormous weight": ({"weight": 1e300}, {}),
    "complex numbers": ({}, {"values": np.zeros(650, np.complex64)}),
    "doubles": ({}, {"values": np.zeros(650)}),
    "too many": ({}, {"values": np.zeros(651, np.float32)}),
    "a matrix": ({}, {"values": np.zeros((65, 10), np.float32)}),
    "nothing": ({}, {}),
    "two losses": ({}, {"values": np.zeros(650, np.float32), "loss": np.zeros(2)}),
}


@pytest.mark.parametrize("name", ODD_UPDATES)
def test_an_update_without_sense_sends_the_peer_away(hall, name):
    changes, arrays = ODD_UPDATES[name]
    if changes:
        arrays = {"values": np.zeros(650, np.float32)} | arrays
    run = hall()
    odd, meta = run.ready()
    odd.send(Message("update", meta | {"weight": 1.0} | changes, arrays), 5.0)
    refusal(odd)
    run.add()
    undisturbed(run)


def test_a_second_worker_of_one_name_is_turned_away(hall):
    run = hall(rounds=3)
    first, _ = run.ready("twin")
    second = Worker(run.server.address, SECRET, name="twin")
    with pytest.raises(RefusedError, match="of the name 'twin' is here already"):
        second.run()
    assert run.server.members.alive == ["twin"]
    first.close()
    run.add("twin")  # its name is free again
    undisturbed(run)


def test_a_peer_without_a_token_takes_nobodys_place(hall):
    run = hall()
    first, _ = run.ready("twin")
    second = run.connect(worker="twin")
    assert "is here already" in refusal(second)
    first.close()
    run.add()
    undisturbed(run)


NAMES = ["", "x" * 101, "two\nlines", 3, None, ["w"], "\x1b[31mred"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_short_and_printable(hall, name):
    run = hall()
    odd = run.connect(worker=name)
    assert "a name has 1 to 100 printable characters" in refusal(odd)
    run.add()
    undisturbed(run)


def test_an_identity_is_an_object(hall):
    run = hall()
    with pytest.raises((PeerLost, wire.WireError)):
        connect_as(run, ["worker"])
    run.add()
    undisturbed(run)


def connect_as(run, identity):
    """Greet the server as somebody who does not say who it is in an object."""
    import socket

    channel = wire.Channel(socket.create_connection(run.server.address))
    channel.rekey(b"", SECRET)
    nonce = channel.receive(5.0).meta["nonce"]
    channel.rekey(wire._derive(SECRET, nonce, "greeting"), b"")
    channel.send(Message("hello", {"nonce": "00", "identity": identity}), 5.0)
    try:
        channel.receive(5.0)
    finally:
        channel.close()


def test_names_with_markup_do_not_break_the_table(hall, capsys):
    from rich.console import Console

    from mlmastery.distributed_training.__main__ import show

    run = hall()
    run.add("gpu[/b]1")
    run.finish()
    run.server._fault("lost", "gpu[/b]1", "why [/not]")
    Console(width=120).print(show(run.server.status("running")))
    shown = capsys.readouterr().out
    assert "gpu[/b]1" in shown
    assert "why [/not]" in shown


class Diverging(Worker):
    def work(self, parameters, number, client):
        parcel = super().work(parameters, number, client)
        return Parcel({}, parcel.weight, float("nan")) if client == 2 else parcel


@pytest.mark.parametrize("secure", [False, True])
def test_a_client_that_diverges_is_left_out_and_said(hall, secure):
    run = hall(secure=secure)
    run.add(worker=Diverging)
    result = run.finish()
    assert [line["missing"] for line in result.history] == [1, 1]
    assert [line["clients"] for line in result.history] == [3, 3]
    assert len(run.faults("diverged")) == 2
    assert "client 2" in run.faults("diverged")[0]
    assert run.faults("lost") == run.faults("missing") == []
    assert np.isfinite(result.parameters).all()


def test_a_sum_of_half_the_clients_stays_hidden(hall, config):
    class Half(Worker):
        def work(self, parameters, number, client):
            parcel = super().work(parameters, number, client)
            return parcel if client < 2 else Parcel({}, parcel.weight, float("nan"))

    run = hall(secure=True, rounds=1)
    run.add(worker=Half)
    result = run.finish()
    (why,) = run.faults("round")
    assert "only 2 clients sent their masked, and the threshold is 3" in why
    start = Job(config).model.get_parameters()
    np.testing.assert_array_equal(result.parameters, start)


@pytest.mark.parametrize("engine", ["local", "processes"])
@pytest.mark.parametrize("secure", [False, True])
def test_training_that_diverges_everywhere_keeps_the_parameters(
    hall, config, engine, secure
):
    config = config.replace(layers=(64, 16, 10))
    changes = {"learning_rate": 1e30, "epochs": 3, "secure": secure}
    if engine == "local":
        result = run_local(config.replace(**changes))
    else:
        run = hall(layers=config.layers, **changes)
        run.add()
        result = run.finish()
    start = Job(config).model.get_parameters()
    np.testing.assert_array_equal(result.parameters, start)
    kinds = [fault["kind"] for fault in result.faults]
    assert kinds.count("diverged") == 8
    assert kinds.count("round") == 2
    assert [line["loss"] for line in result.history] == [None, None]


@pytest.mark.parametrize(
    ("strategy", "options", "words"),
    [
        ("krum", {"n_byzantine": 1}, "among more than 4 clients, got 4"),
        ("multi_krum", {"n_byzantine": 2}, "more than 6 clients, got 4"),
        ("trimmed_mean", {"trim": 0.49}, "leaves none"),
    ],
)
@pytest.mark.parametrize("engine", ["local", "processes"])
def test_a_round_that_cannot_be_aggregated_changes_nothing(
    hall, config, strategy, options, words, engine
):
    changes = {"strategy": strategy, "strategy_options": options}
    if engine == "local":
        result = run_local(config.replace(**changes))
    else:
        run = hall(**changes)
        run.add()
        result = run.finish()
    start = Job(config).model.get_parameters()
    np.testing.assert_array_equal(result.parameters, start)
    assert [fault["round"] for fault in result.faults] == [0, 1]
    assert words in result.faults[0]["why"]


class Huge(Worker):
    def work(self, parameters, number, client):
        parcel = super().work(parameters, number, client)
        if client != 1:
            return parcel
        values = np.full_like(parcel.arrays["values"], 1e9)
        return Parcel({"values": values}, parcel.weight, parcel.loss)


def test_a_secure_client_above_the_bound_is_left_out(hall):
    run = hall(secure=True)
    run.add(worker=Huge)
    result = run.finish()
    assert [line["clients"] for line in result.history] == [3, 3]
    assert "client 1" in run.faults("diverged")[0]
    assert np.abs(result.parameters).max() < 10


def test_secure_rounds_equal_those_of_one_process(hall):
    run = hall(secure=True, n_clients=6, min_workers=3, strategy="fedadam")
    for i in range(3):
        run.add(f"w{i}")
    undisturbed(run)
    assert run.server.faults == []


def test_private_secure_rounds_are_counted(hall, config):
    privacy = {"clip": 0.5, "noise_multiplier": 1.0, "delta": 1e-3}
    run = hall(secure=True, privacy=privacy, client_fraction=0.5, rounds=4)
    run.add()
    result = run.finish()
    epsilons = [line["epsilon"] for line in result.history]
    assert epsilons == sorted(epsilons)
    assert epsilons[0] > 0
    local = run_local(config.replace(privacy=privacy, client_fraction=0.5, rounds=4))
    assert [line["epsilon"] for line in local.history] == epsilons
    assert np.abs(local.parameters - result.parameters).max() > 1e-3  # other noise


def test_a_wrong_answer_in_a_secure_round_costs_its_sender(hall):
    run = hall(secure=True, min_workers=2)
    odd = run.peer()
    n_parameters = run.server.job.model.n_parameters
    odd.send(Message("ready", {"n_parameters": n_parameters}), 5.0)
    run.add()
    asked = odd.receive(10.0)
    assert asked.kind == "keys"
    arrays = {"clients": np.array([99]), "keys": np.zeros((1, 64), np.uint8)}
    odd.send(Message("keys", {"round": 0}, arrays), 5.0)
    assert "keys must be those of clients" in refusal(odd)
    run.add("second")
    assert len(run.finish().history) == 2


def test_max_frame_must_hold_the_model(config):
    words = r"max_frame must be at least 6704 for a model of layers \(64, 10\), got"
    with pytest.raises(ValueError, match=words):
        config.replace(max_frame=4096)
    own = "mlmastery.distributed_training.examples:small_network"
    with pytest.raises(ValueError, match=r"max_frame must be at least \d+ for a model"):
        TrainingServer(DistributedMLConfig(max_frame=4096, model=own), SECRET)


@pytest.mark.parametrize("host", ["::1", "127.0.0.1", "localhost"])
def test_hosts_of_both_families(hall, host):
    run = hall(host=host, rounds=1)
    run.add()
    undisturbed_local = run_local(run.server.config.replace(host="127.0.0.1"))
    np.testing.assert_array_equal(run.finish().parameters, undisturbed_local.parameters)


def test_stragglers_are_left_out_by_policy(hall):
    class Slow(Worker):
        def work(self, parameters, number, client):
            if client == 0:
                threading.Event().wait(1.0)
            return super().work(parameters, number, client)

    policy = {"policy": "drop", "after": 0.5}
    run = hall(stragglers=policy, rounds=1, min_workers=2)
    run.add("slow", worker=Slow)
    run.add("other")
    result = run.finish()
    assert result.history[0]["seconds"] < 0.95


@pytest.mark.parametrize(("after", "epochs"), [(1e-9, 1), (60.0, 3)])
def test_a_straggler_may_send_what_it_has(config, after, epochs):
    """Its time is over after the first epoch, or not even after the last."""
    config = config.replace(epochs=3, rounds=1)
    policy = {"policy": "partial", "after": after}
    partial = run_local(config.replace(stragglers=policy))
    done = run_local(config.replace(epochs=epochs))
    np.testing.assert_array_equal(partial.parameters, done.parameters)


def test_a_clients_memory_stays_with_its_worker(hall):
    run = hall(compression={"method": "top_k", "ratio": 0.05}, rounds=4, min_workers=2)
    run.add("a")
    run.add("b")
    undisturbed(run)
    assert run.faults("memory") == []


class Mortal(Worker):
    """A worker that ends in the third round, and may leave nothing behind."""

    forgets = False

    def work(self, parameters, number, client):
        if number == 2:
            raise KeyboardInterrupt("dies")
        return super().work(parameters, number, client)

    def _save_memory(self, client):
        if not self.forgets:
            super()._save_memory(client)


@pytest.mark.parametrize("forgets", [False, True])
def test_a_memory_is_taken_over_on_one_machine_or_its_loss_is_said(hall, forgets):
    run = hall(compression={"method": "top_k", "ratio": 0.05}, rounds=4)
    mortal = Mortal(run.server.address, SECRET, name="mortal", patience=5.0)
    mortal.forgets = forgets
    with pytest.raises(KeyboardInterrupt, match="dies"):
        mortal.run()
    run.add("heir")
    if not forgets:
        undisturbed(run)
        assert run.faults("memory") == []
        return
    assert len(run.finish().history) == 4
    assert "left out before round 2 is lost" in run.faults("memory")[0]
    assert len(run.faults("memory")) == 4


def test_memories_are_resumed_with_the_run_by_new_workers(hall):
    for rounds in (2, 4):
        run = hall(compression={"method": "power_sgd", "rank": 1}, rounds=rounds)
        run.add(f"w{rounds}")
        undisturbed(run)
        assert run.faults("memory") == []


class WithoutRows(Job):
    def trained(self, parameters, round_number, client):
        if client == 3:
            raise FileNotFoundError("part-3.npz is not here")
        return super().trained(parameters, round_number, client)


class Unable(Worker):
    def make_job(self, config):
        return WithoutRows(config)


@pytest.mark.parametrize("secure", [False, True])
def test_a_client_whose_rows_are_missing_is_left_out_and_said(hall, secure):
    run = hall(secure=secure)
    run.add(worker=Unable)
    result = run.finish()
    assert [line["clients"] for line in result.history] == [3, 3]
    expected = "client 3 is left out: FileNotFoundError: part-3.npz is not here"
    assert run.faults("diverged") == [expected] * 2
    assert run.faults("lost") == []


def test_a_worker_that_cannot_load_the_model_says_so(hall):
    class Without(Worker):
        def make_job(self, config):
            raise ModuleNotFoundError("No module named 'nets'")

    run = hall()
    lame = Without(run.server.address, SECRET, name="lame", patience=5.0)
    with pytest.raises(ModuleNotFoundError):
        lame.run()
    run.add()
    undisturbed(run)
    (why,) = run.faults("refused")
    assert why == "it cannot: ModuleNotFoundError: No module named 'nets'"
