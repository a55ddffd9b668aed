"""The configuration of the stream: one YAML file, checked when it is read.

>>> FraudStreamConfig(folder="state").partitions
2
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from mlmastery.validation import (
    check_choice,
    check_count,
    check_number,
    check_share,
)

from .brokers import KINDS, Broker, open_broker

__all__ = ["FraudStreamConfig", "read_config"]

EXAMPLE = """\
# FraudStream: python -m mlmastery.fraud_detection run config.yaml
folder: .            # where the log, the alert store and the processes' logs lie
events: events.jsonl # what the producer sends, one event a line
model: model         # the first model; `swap` asks for another
broker: sqlite       # sqlite, redis or kafka
address: ""          # redis://host:6379/0, or host:9092; not needed for sqlite
partitions: 2        # one scorer each
rate: 500            # events a second from the producer; 0: as fast as it can
batch: 100           # events in one transaction of the store
threshold: 0.5       # scores from here on are alerts
port: 8019           # of the live page
"""


@dataclass(frozen=True)
class FraudStreamConfig:
    """All settings of the stream; paths are relative to the file's folder.

    Parameters
    ----------
    folder : str or Path
        Where the log, the store and the processes' logs lie.
    events, model, places : str
        Files and folders within ``folder``: the events, the first model, and places of
        cards and terminals (left out where the file does not exist).
    broker : {"sqlite", "redis", "kafka"}
    address : str
    partitions : int
    rate : float
        Events a second; 0 means as fast as the broker takes them.
    batch : int
        Events that a scorer reads and writes together.
    capacity : int
        Events that may wait in a partition before the producer has to.
    checkpoint : int
        Events from one saved state to the next.
    threshold : float
    lateness, ahead : int
        Seconds, as `Pipeline` takes them.
    lease : float
        Seconds after which a silent scorer loses its partition.
    delay_days : int
        Days from a transaction to its label.
    online, watch : bool
        Whether scorers learn from labels, and watch daily rates.
    durable : bool
        Whether each transaction waits for the disk.
    room : int
        Pages of 4 kB that the store may take, 0 without limit.
    port : int

    Raises
    ------
    ValueError
        If a value cannot be.

    Examples
    --------
    >>> FraudStreamConfig(folder="x", batch=0)
    Traceback (most recent call last):
        ...
    ValueError: batch must be a whole number of at least 1, got 0
    """

    folder: str | Path
    events: str = "events.jsonl"
    model: str = "model"
    places: str = "places.npz"
    broker: str = "sqlite"
    address: str = ""
    partitions: int = 2
    rate: float = 0.0
    batch: int = 100
    capacity: int = 10_000
    checkpoint: int = 2_000
    threshold: float = 0.5
    lateness: int = 3600
    ahead: int = 300
    lease: float = 5.0
    delay_days: int = 7
    online: bool = False
    watch: bool = True
    durable: bool = False
    room: int = 0
    port: int = 8019

    def __post_init__(self) -> None:
        check_choice(self.broker, "broker", KINDS)
        for name in ("partitions", "batch", "capacity", "checkpoint"):
            check_count(getattr(self, name), name)
        for name in ("lateness", "ahead", "room"):
            check_count(getattr(self, name), name, 0)
        check_count(self.port, "port", 0, 65_535)
        check_count(self.delay_days, "delay_days", 0)
        _check_kinds(self)
        check_number(self.rate, "rate")
        check_number(self.lease, "lease", open=True)
        check_share(self.threshold, "threshold")
        if self.capacity < self.checkpoint + self.batch:
            # The broker learns of positions at checkpoints only.
            raise ValueError(
                f"capacity must be at least checkpoint + batch, got {self.capacity} "
                f"for {self.checkpoint} + {self.batch}"
            )
        if self.broker != "sqlite" and not self.address:
            raise ValueError(f"address must name the {self.broker} server")

    def path(self, name: str) -> Path:
        """Return a path within the folder.

        Examples
        --------
        >>> str(FraudStreamConfig(folder="state").path("log.db"))
        'state/log.db'
        """
        return Path(self.folder) / name

    def open_broker(self) -> Broker:
        """Return a connection to the broker."""
        address = self.address or str(self.path("log.db"))
        return open_broker(
            self.broker, address, capacity=self.capacity, partitions=self.partitions
        )


def _check_kinds(config: FraudStreamConfig) -> None:
    for name in ("events", "model", "places", "address"):
        if not isinstance(getattr(config, name), str):
            raise ValueError(f"{name} must be a text, got {getattr(config, name)!r}")
    for name in ("online", "watch", "durable"):
        if not isinstance(getattr(config, name), bool):
            raise ValueError(
                f"{name} must be true or false, got {getattr(config, name)!r}"
            )


def read_config(path: str | Path) -> FraudStreamConfig:
    r"""Read a YAML file.

    Raises
    ------
    ValueError
        If the file is no mapping, or a key is unknown; the nearest known one is named.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "config.yaml"
    >>> _ = path.write_text("broker: sqlite\npartition: 4\n")
    >>> read_config(path)
    Traceback (most recent call last):
        ...
    ValueError: the key partition is unknown; did you mean partitions?
    """
    import yaml

    path = Path(path)
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"{path} must be YAML: {error}") from error
    if not isinstance(found, dict):
        raise ValueError(f"{path} must hold keys and values")
    _check_keys(found)
    folder = found.pop("folder", ".")
    if not isinstance(folder, str):
        raise ValueError(f"folder must be a text, got {folder!r}")
    folder = path.parent / folder
    return FraudStreamConfig(folder=folder, **found)


def _check_keys(found: Mapping[str, Any]) -> None:
    known = [field.name for field in fields(FraudStreamConfig)]
    for key in found:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, 1, 0)
            raise ValueError(f"the key {key} is unknown; did you mean {near[0]}?")
