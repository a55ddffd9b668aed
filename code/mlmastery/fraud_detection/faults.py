"""Faults on real processes, and what each one costs: rows lost, rows doubled.

python -m mlmastery.fraud_detection.faults score CONFIG PARTITION
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from .brokers.base import Broker, Delivery
from .config import FraudStreamConfig, read_config
from .events import parse, route
from .pipeline import Pipeline
from .processes import Child
from .producer import Producer
from .scorer import make_pipeline, write_places
from .scoring_models import LinearModel, load_model
from .servers import LocalRedis, kafka_mock, local_redis
from .spoil import spoil
from .store import Store
from .stream import FraudStream

__all__ = [
    "CONTROLS",
    "FAULTS",
    "FaultRow",
    "Setting",
    "fault_table",
    "prepare",
    "run_engine_fault",
    "run_fault",
]

WAIT = 60.0  # seconds until a stream counts as stuck
PLACES = ("write", "append", "position-first", "position-last")
SETTINGS = {
    "partitions": 2,
    "batch": 50,
    "checkpoint": 400,
    "capacity": 2000,
    "rate": 6000,
    "lease": 1.0,
}


class FaultRow(NamedTuple):
    """Result of one trial: strikes, losses, repetitions.

    Parameters
    ----------
    fault, broker : str
    struck : int
        How often the fault came in mid-stream.
    lost, doubled : int
        Transactions without a row; effects that came twice.
    same : bool
        Whether all tables equal those of a run without the fault.
    seconds : float

    Examples
    --------
    >>> FaultRow("none", "sqlite", 0, 0, 0, True, 1.5).lost
    0
    """

    fault: str
    broker: str
    struck: int
    lost: int
    doubled: int
    same: bool
    seconds: float


@dataclass
class Setting:
    """A folder with events, a model and a configuration.

    Parameters
    ----------
    config : FraudStreamConfig
    path : Path
        Of the configuration.
    redis : LocalRedis, optional
    """

    config: FraudStreamConfig
    path: Path
    redis: LocalRedis | None = None

    def expected(self) -> str:
        """Return the hash of all tables after a run that nothing disturbs."""
        folder = self.path.parent / "expected"
        folder.mkdir(exist_ok=True)
        model = load_model(self.config.path(self.config.model))
        logs = self.logs()
        with Store(folder / "store.db") as store:
            for partition, payloads in enumerate(logs):
                pipeline = make_pipeline(self.config, model, partition)
                fill(store, partition, pipeline, payloads)
            return store.results()

    def logs(self) -> list[list[bytes]]:
        """Return the payloads of each partition."""
        lines = self.config.path(self.config.events).read_bytes().splitlines()
        return route(lines, self.config.partitions)

    def truth(self) -> set[int]:
        """Return the ids of the transactions that must have a row."""
        ids = set()
        for payload in (p for log in self.logs() for p in log):
            try:
                event = parse(payload)
            except ValueError:
                continue
            if event["kind"] == "transaction" and event["id"] < 10**9:
                ids.add(event["id"])
        return ids


def fill(
    store: Store, partition: int, pipeline: Pipeline, payloads: Sequence[bytes]
) -> None:
    """Write what a partition's events give, without broker and without processes."""
    fence = store.take(partition, "reference", 60)
    assert fence is not None
    deliveries = [Delivery(i, p) for i, p in enumerate(payloads, start=1)]
    for start in range(0, len(deliveries), 1000):
        effects = pipeline.run(
            deliveries[start : start + 1000],
            lambda kind, ids: store.seen(partition, kind, ids),
        )
        store.write(partition, fence, effects)


def prepare(
    folder: Path,
    broker: str = "sqlite",
    address: str = "",
    *,
    cards: int = 60,
    days: int = 20,
    bad: int = 0,
    random_state: int = 0,
    **settings: Any,
) -> Setting:
    """Write a small simulated world, a model and a configuration.

    Parameters
    ----------
    folder : Path
    broker, address : str
    cards, days : int
        Size of the world.
    bad : int, default=0
        Bad events of each kind.
    random_state : int, default=0
    **settings
        Of `FraudStreamConfig`, in place of those of the trials.
    """
    import yaml

    from .commands import write_events
    from .simulator import simulate

    folder.mkdir(parents=True, exist_ok=True)
    world = simulate(cards, 2 * cards, days, random_state=random_state)
    write_events(folder / "events.jsonl", world.transactions)
    if bad:
        lines = (folder / "events.jsonl").read_bytes().splitlines()
        lines, _ = spoil(lines, bad)
        (folder / "events.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    write_places(folder / "places.npz", world.customers, world.terminals)
    LinearModel({"amount": 0.02}, -5.0, "v1").save(folder / "model")
    chosen = SETTINGS | {"broker": broker, "address": address} | settings
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump({"folder": ".", **chosen}), encoding="utf-8")
    return Setting(read_config(path), path)


# The faults: each takes a running stream and returns how often it struck.


def _kill(name: str, times: int = 3) -> Callable[[FraudStream, Setting], int]:
    def strike(stream: FraudStream, setting: Setting) -> int:
        size = sum(len(log) for log in setting.logs())
        struck = 0
        for k in range(times):
            stream.wait(WAIT, events=(k + 1) * size // (times + 2))
            if stream.children[name].status is None:
                stream.kill(name)
                struck += 1
        return struck

    return strike


def _kill_broker(stream: FraudStream, setting: Setting) -> int:
    if setting.redis is None:
        return _crash_marks(setting)
    size = sum(len(log) for log in setting.logs())
    for k in range(2):
        stream.wait(WAIT, events=(k + 1) * size // 4)
        setting.redis.kill()
        time.sleep(0.3)
        setting.redis.start()
    return 2


def _freeze(stream: FraudStream, setting: Setting) -> int:
    """Stop a scorer until another one has its partition; then let it go on."""
    size = sum(len(log) for log in setting.logs())
    stream.wait(WAIT, events=size // 3)
    frozen = stream.children["scorer-0"]
    stream.kill("scorer-0", signal.SIGSTOP)
    deadline = time.monotonic() + WAIT
    while stream.children["scorer-0"] is frozen and time.monotonic() < deadline:
        time.sleep(0.05)
    # The new one must own the partition before the old one wakes up.
    before = stream.positions()[0]
    while stream.positions()[0] == before and time.monotonic() < deadline:
        time.sleep(0.02)
    frozen.send(signal.SIGCONT)
    return int(frozen.wait(WAIT) == 3)  # fenced


def _two(stream: FraudStream, setting: Setting) -> int:
    """Let a second scorer take the partition of one that works."""
    size = sum(len(log) for log in setting.logs())
    stream.wait(WAIT, events=size // 3)
    first = stream.children["scorer-0"]
    with Store(setting.config.path("store.db")) as store:
        store.connection.execute("UPDATE leases SET until = 0 WHERE partition = 0")
        taken = store.take(0, "second claimer", 0.5)
    deadline = time.monotonic() + WAIT
    while first.status is None and time.monotonic() < deadline:
        time.sleep(0.02)
    return int(taken is not None and first.status == 3)


def _no_room(stream: FraudStream, setting: Setting) -> int:
    """Let a scorer's files grow no more for a while."""
    resource = _limits()
    size = sum(len(log) for log in setting.logs())
    stream.wait(WAIT, events=size // 3)
    pid = stream.children["scorer-0"].pid
    limits = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, limits[1]))
    time.sleep(0.2)
    before = stream.positions()[0]
    time.sleep(0.6)
    struck = int(stream.positions()[0] == before and stream.lag()[0] > 0)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
    return struck


def _limits() -> Any:
    try:
        import resource
    except ImportError:
        resource = None  # type: ignore[assignment]
    if not hasattr(resource, "prlimit"):
        raise OSError("the fault disk full needs Linux: it sets another process' limit")
    return resource


def _refused(stream: FraudStream, setting: Setting) -> int:
    stream.wait(WAIT)
    log = setting.config.path("producer.log").read_text(encoding="utf-8")
    return log.count("exceed its capacity")


def _bad_events(stream: FraudStream, setting: Setting) -> int:
    stream.wait(WAIT)
    with Store(setting.config.path("store.db")) as store:
        counts = store.counts()
    return counts["dead letters"] + counts["duplicates"]


def _crash_marks(setting: Setting) -> int:
    return len(list(setting.path.parent.glob("crashed-*")))


def _mid_transaction(stream: FraudStream, setting: Setting) -> int:
    stream.wait(WAIT)
    return _crash_marks(setting)


OWN = (sys.executable, "-m", "mlmastery.fraud_detection.faults")
FAULTS: dict[str, tuple[Callable[[FraudStream, Setting], int], dict[str, Any]]] = {
    "kill producer": (_kill("producer"), {}),
    "kill scorer": (_kill("scorer-0"), {}),
    "kill in transaction": (_mid_transaction, {"command": OWN}),
    "kill broker": (_kill_broker, {"command": OWN}),
    "freeze scorer": (_freeze, {"rate": 1500}),
    "two claimers": (_two, {"rate": 3000}),
    "broker full": (_refused, {"rate": 0, "capacity": 450}),
    "disk full": (_no_room, {"rate": 3000}),
    "bad events": (_bad_events, {"bad": 10}),
}
# The same kills with the position in a transaction of its own: what the table would
# show if the stream were wrong.
CONTROLS: dict[str, tuple[Callable[[FraudStream, Setting], int], dict[str, Any]]] = {
    "position first": (_mid_transaction, {"command": OWN, "checkpoint": 1900}),
    "position last": (_mid_transaction, {"command": OWN, "checkpoint": 1900}),
}


def run_fault(
    fault: str, folder: Path, broker: str = "sqlite", **world: Any
) -> FaultRow:
    """Run a stream, let a fault strike, and compare with an undisturbed run.

    Parameters
    ----------
    fault : str
        One of `FAULTS`, or ``"none"``.
    folder : Path
        New; takes everything.
    broker : {"sqlite", "redis", "kafka"}
    **world
        As `prepare` takes them.
    """
    strike, settings = (FAULTS | CONTROLS).get(fault, (lambda *_: 0, {}))
    settings = dict(settings)
    command = settings.pop("command", None)
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        redis, address = None, ""
        if broker == "redis":
            (folder / "redis").mkdir()
            redis = stack.enter_context(local_redis(folder / "redis"))
            address = redis.url
        elif broker == "kafka":
            address = stack.enter_context(kafka_mock())
        setting = prepare(folder, broker, address, **(settings | world))
        setting.redis = redis
        words = {}
        if command is not None and not (fault == "kill broker" and redis):
            places = {"kill broker": "append", "kill in transaction": "write"}
            what = places.get(fault, fault.replace(" ", "-"))
            words = {"command": (*command, "--crash", what)}
        return _measured(fault, setting, strike, words)


def _measured(
    fault: str, setting: Setting, strike: Callable, words: dict[str, Any]
) -> FaultRow:
    expected, truth = setting.expected(), setting.truth()
    began = time.monotonic()
    with FraudStream(setting.config, setting.path, **words) as stream:
        struck = strike(stream, setting)
        if not stream.wait(WAIT):
            raise TimeoutError(f"{fault}: the stream did not end: {stream.status()}")
        seconds = time.monotonic() - began
        if fault == "kill broker" and setting.redis is None:
            struck = _crash_marks(setting)
    with Store(setting.config.path("store.db")) as store:
        rows = {row[0] for row in store.table("scores")}
        # Numbers that are added up betray an effect that came twice, rows with a
        # primary key would hide it.
        doubled = store.counts()["scored"] - len(rows)
        same = store.results() == expected
    name = setting.config.broker
    lost = len(truth - rows)
    return FaultRow(fault, name, struck, lost, doubled, same, seconds)


def fault_table(
    folder: Path,
    faults: Sequence[str] = tuple(FAULTS),
    brokers: Sequence[str] = ("sqlite",),
    **world: Any,
) -> Any:
    """Return a row for each fault and broker; the Kafka mock cannot be restarted."""
    import pandas as pd

    rows = [
        run_fault(
            fault, folder / f"{fault}-{broker}".replace(" ", "-"), broker, **world
        )
        for broker in brokers
        for fault in faults
        if not (fault == "kill broker" and broker == "kafka")
    ]
    return pd.DataFrame(rows)


def run_engine_fault(folder: Path, epoch: float, kills: int = 3) -> FaultRow:
    """Kill the dataflow of bytewax, and compare with an undisturbed run.

    Parameters
    ----------
    folder : Path
        New.
    epoch : float
        Seconds from one saved state to the next; a long one means that every kill comes
        before the first.
    kills : int, default=3
    """
    setting = prepare(folder, capacity=10**6, lease=60.0)
    with setting.config.open_broker() as broker:
        Producer(setting.config, broker).run()
    module = "mlmastery.fraud_detection.bytewax_flow"
    words = [sys.executable, "-m", module, str(setting.path), str(epoch)]
    began, struck = time.monotonic(), 0
    while (child := Child(words)).status is None:
        if struck < kills and _grown(setting, child):
            child.kill()
            struck += 1
            continue
        child.wait(WAIT)
        break
    path, tables = setting.config.path("store.db"), ("scores", "alerts", "labels")
    setting.expected()
    with Store(path) as store, Store(folder / "expected" / "store.db") as truth:
        same = all(store.table(name) == truth.table(name) for name in tables)
        rows = [row[0] for row in store.table("scores")]
    lost, doubled = len(setting.truth() - set(rows)), len(rows) - len(set(rows))
    seconds = time.monotonic() - began
    name = "engine: no checkpoint" if epoch > WAIT else "engine: checkpoints"
    return FaultRow(name, "bytewax", struck, lost, doubled, same, seconds)


def _grown(setting: Setting, child: Child) -> bool:
    """Wait until the dataflow has written some rows; return False where it has ended."""
    with Store(setting.config.path("store.db")) as store:
        before = store.size("scores")
        while child.status is None:
            if store.size("scores") > before + 150:
                return True
            time.sleep(0.005)
    return False


# Processes that kill themselves at the worst moment


def _die_once(name: str, folder: Path, times: int = 3) -> None:
    """End this process as kill −9 does, in the first few of its lives."""
    marks = len(list(folder.glob(f"crashed-{name}-*")))
    if marks < times:
        (folder / f"crashed-{name}-{marks}").touch()
        os.kill(os.getpid(), signal.SIGKILL)


def _plant(what: str, config: FraudStreamConfig, name: str) -> None:
    """Plant a kill between the inserts and the commit."""
    folder, calls = Path(config.folder), [0]

    def strike() -> None:
        calls[0] += 1
        if calls[0] % 7 == 0:
            _die_once(name, folder)

    if what in ("position-first", "position-last"):
        _plant_naive_order(what, strike)
        return
    if what == "write":
        original = Store._set_position

        def patched(self: Store, *arguments: Any) -> None:
            original(self, *arguments)
            strike()

        Store._set_position = patched  # type: ignore[assignment,method-assign]
        return
    _plant_in_append(config.broker, strike)


def _plant_naive_order(what: str, strike: Callable[[], None]) -> None:
    """Write the position in a transaction of its own, before or after the effects."""
    original = Store.write

    def alone(self: Store, partition: int, offset: int) -> None:
        self.connection.execute(
            "INSERT OR REPLACE INTO positions VALUES (?, ?, 'v1')", (partition, offset)
        )

    def patched(
        self: Store, partition: int, fence: int, effects: Any, *rest: Any
    ) -> None:
        before, after = self.position(partition), effects.offset
        if what == "position-first":
            alone(self, partition, after)
            strike()
        else:
            effects.offset = before
        original(self, partition, fence, effects, *rest)
        if what == "position-last":
            strike()
            alone(self, partition, after)
            effects.offset = after

    Store.write = patched  # type: ignore[assignment,method-assign]


def _plant_in_append(broker: str, strike: Callable[[], None]) -> None:
    if broker != "sqlite":
        raise ValueError(f"appends of {broker} are not this process' own")
    from .brokers.sqlite_log import SqliteLog

    original = SqliteLog.check_room

    def patched(self: Broker, *arguments: Any) -> None:
        original(self, *arguments)
        connection = self._connection  # type: ignore[attr-defined]
        connection.execute(
            "INSERT INTO log VALUES (?, 1000000000, 'half')", arguments[:1]
        )
        strike()
        connection.execute("DELETE FROM log WHERE offset = 1000000000")

    SqliteLog.check_room = patched  # type: ignore[assignment,method-assign]


def main(arguments: Sequence[str] | None = None) -> int:
    """Be a producer or a scorer that dies at a planted place."""
    from .commands import do

    parser = argparse.ArgumentParser(prog="faults")
    parser.add_argument("--crash", choices=PLACES, required=True)
    parser.add_argument("action", choices=("produce", "score"))
    parser.add_argument("config")
    parser.add_argument("partition", type=int, nargs="?", default=0)
    args = parser.parse_args(arguments)
    name = f"{args.action}{args.partition}"
    is_mine = (args.crash == "append") == (args.action == "produce")
    if is_mine:
        _plant(args.crash, read_config(args.config), name)
    return int(do(args))


if __name__ == "__main__":
    sys.exit(main())
