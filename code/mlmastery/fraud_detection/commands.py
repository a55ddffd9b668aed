"""What the command line does, action by action."""

from __future__ import annotations

import argparse
import json
import logging
import sqlite3
import sys
import threading
from pathlib import Path
from typing import Any

from mlmastery.validation import check_count

from .config import EXAMPLE, FraudStreamConfig, read_config

__all__ = ["do", "write_example"]

FENCED = 3  # exit status of a scorer whose partition was taken
ALERTS = 0.01  # share of transactions that the analysts can look at


def do(args: argparse.Namespace) -> int:
    """Do one action; return the exit status.

    Parameters
    ----------
    args : Namespace
        As the command line's parser gives it.
    """
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    try:
        if args.action == "init":
            write_example(Path(args.folder), days=args.days, cards=args.cards)
            _say(f"wrote {args.folder}/config.yaml")
            return 0
        return ACTIONS[args.action](read_config(args.config), args)
    except sqlite3.Error as error:
        sys.stderr.write(f"error: log or store cannot be used: {error}\n")
        return 1
    except (ValueError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1


def write_example(folder: Path, days: int = 60, cards: int = 500) -> None:
    """Write events, places, a model and a configuration.

    The model learns from the first 40 % of the days; the threshold makes one in a
    hundred transactions of the next days an alert.

    Parameters
    ----------
    folder : Path
    days, cards : int
        Size of the simulated world.

    Raises
    ------
    FileExistsError
        If the folder holds a configuration.
    ValueError
        If the world is too small to train a model.
    """
    check_count(days, "days", 10)
    check_count(cards, "cards", 20)
    from .features import batch_features
    from .models import train_model
    from .scorer import write_places
    from .simulator import simulate

    if (folder / "config.yaml").exists():
        raise FileExistsError(f"{folder} holds a config.yaml; init writes over nothing")
    folder.mkdir(parents=True, exist_ok=True)
    world = simulate(cards, 2 * cards, days)
    rows = world.transactions
    features = batch_features(
        rows, customers=world.customers, terminals=world.terminals
    )
    age = (rows["time"] - rows["time"].min().normalize()).dt.days.to_numpy()
    early = age < 0.4 * days
    model = train_model(rows[early], features[early], random_state=0)
    model.save(folder / "model")
    unseen = (age >= 0.4 * days) & (age < 0.5 * days)
    threshold = _quantile(model.score(features[unseen].to_numpy()), 1 - ALERTS)
    write_events(folder / "events.jsonl", rows)
    write_places(folder / "places.npz", world.customers, world.terminals)
    text = EXAMPLE.replace("threshold: 0.5 ", f"threshold: {threshold:.4f} ")
    (folder / "config.yaml").write_text(text, encoding="utf-8")


def write_events(path: Path, transactions, delay_days: float = 7) -> int:
    """Write events, one a line; return how many there are."""
    from .events import events_of, to_json

    lines = [to_json(event) for event in events_of(transactions, delay_days)]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return len(lines)


def _quantile(values, share: float) -> float:
    import numpy as np

    return float(np.quantile(values, share))


def _run(config: FraudStreamConfig, args: argparse.Namespace) -> int:
    from .live import serving
    from .processes import stop_with_parent
    from .stream import FraudStream

    stopping = threading.Event()
    stop_with_parent(stopping)
    stream = FraudStream(config, args.config)
    with serving(stream) as address, stream:  # a taken port starts no process
        _say(f"live page: {address}  (Ctrl-C ends the stream)")
        while not stopping.wait(0.2):
            if args.until_done and stream.wait(0.01):
                break
    _say("stopped")
    return 0


def _produce(config: FraudStreamConfig, _: argparse.Namespace) -> int:
    from .brokers import BrokerDown
    from .processes import stop_with_parent
    from .producer import Producer

    stopping = threading.Event()
    stop_with_parent(stopping)
    while not stopping.is_set():
        try:
            with config.open_broker() as broker:
                Producer(config, broker, stopping).run()
            break
        except BrokerDown as error:
            logging.warning("%s; trying again", error)
            stopping.wait(0.5)
    return 0


def _score(config: FraudStreamConfig, args: argparse.Namespace) -> int:
    from .processes import stop_with_parent

    stopping = threading.Event()
    stop_with_parent(stopping)
    return score(config, args.partition, stopping)


def score(config: FraudStreamConfig, partition: int, stopping: threading.Event) -> int:
    """Be a scorer until told to stop, or until another one has the partition."""
    from .brokers import BrokerDown
    from .scorer import Scorer
    from .store import FencedError, Store

    while not stopping.is_set():
        try:
            with (
                config.open_broker() as broker,
                Store(config.path("store.db"), config.durable) as store,
            ):
                if config.room:
                    store.connection.execute(f"PRAGMA max_page_count = {config.room}")
                Scorer(config, partition, store, broker, stopping).run()
            break
        except BrokerDown as error:
            logging.warning("%s; trying again", error)
            stopping.wait(0.5)
        except FencedError as error:
            logging.warning("%s", error)
            return FENCED
    return 0


def _store_of(config: FraudStreamConfig) -> Any:
    """Return the store of a stream that has run; to ask must not create one."""
    from .store import Store

    path = config.path("store.db")
    if not path.exists():
        raise FileNotFoundError(f"no stream has run yet: there is no {path}")
    return Store(path)


def _swap(config: FraudStreamConfig, args: argparse.Namespace) -> int:
    from .scoring_models import load_model

    model = load_model(args.model)  # a bad one is refused here already
    with _store_of(config) as store:
        store.point(Path(args.model).resolve())
    _say(f"the scorers will change to version {model.version}")
    return 0


def _status(config: FraudStreamConfig, _: argparse.Namespace) -> int:
    with _store_of(config) as store:
        found: dict[str, Any] = {**store.counts(), "alerts": store.size("alerts")}
        found["positions"] = [row[1] for row in store.table("positions")]
    _say(json.dumps(found, indent=1))
    return 0


def _dead_letters(config: FraudStreamConfig, _: argparse.Namespace) -> int:
    with _store_of(config) as store:
        for partition, offset, payload, reason in store.table("dead_letters"):
            text = payload.decode(errors="replace")
            _say(f"{partition}:{offset}: {reason}: {text:.120}")
    return 0


def _replay(config: FraudStreamConfig, args: argparse.Namespace) -> int:
    from .store import Store

    check_count(args.start, "--from", 0)
    folder = Path(args.into)
    if (folder / "store.db").exists():
        raise FileExistsError(f"--into must be a new folder, {folder} holds a store")
    folder.mkdir(parents=True, exist_ok=True)
    with config.open_broker() as broker, Store(folder / "store.db") as store:
        n = replay(config, broker, store, args.start)
    _say(f"scored {n} events of the log again, into {folder}/store.db")
    return 0


def replay(config: FraudStreamConfig, broker, store, start: int = 0) -> int:
    """Score what the log holds, into another store; return the number of events.

    Events up to ``start`` fill the state only.
    """
    from .brokers import BrokerDown
    from .scorer import Scorer
    from .store import Effects

    total = 0
    for partition in range(config.partitions):
        reader: Any = _ReadOnly(broker)
        scorer = Scorer(config, partition, store, reader)
        scorer.start()
        assert scorer.pipeline is not None
        assert scorer.fence is not None
        end, at = broker.end(partition), 0
        while at < min(start, end):
            part = broker.read(partition, at, min(1000, start - at), 1.0)
            if not part:
                raise BrokerDown(f"the log ends at {at}, before offset {end}")
            scorer.pipeline.run(part)
            at = part[-1].offset
        scorer.offset = scorer.saved = at
        if at:
            store.write(partition, scorer.fence, Effects(offset=at))
        while scorer.offset < end:
            total += scorer.step(1.0)
    return total


class _ReadOnly:
    """A broker that notes no positions: those of the running scorers must stay."""

    def __init__(self, broker) -> None:
        self.read = broker.read

    def commit(self, partition: int, offset: int) -> None:
        """Do nothing."""


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


ACTIONS = {
    "run": _run,
    "produce": _produce,
    "score": _score,
    "swap": _swap,
    "status": _status,
    "dead-letters": _dead_letters,
    "replay": _replay,
}
