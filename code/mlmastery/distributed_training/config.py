"""One description of a training run: what is trained, by whom, and what is kept."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from math import inf
from pathlib import Path
from typing import Any

import yaml

from mlmastery.distributed_training.model import ACTIVATIONS, FRAMEWORKS
from mlmastery.distributed_training.strategies import STRATEGIES, make_strategy

DATA = {"digits": (64, 10), "mnist": (784, 10)}  # inputs and classes
MODES = ("federated", "data_parallel")
PARTITIONS = ("iid", "dirichlet")
ENGINES = ("local", "processes", "torchrun", "ray")
COMPRESSIONS = ("none", "quantise")


@dataclass(frozen=True)
class DistributedMLConfig:
    """Everything a run needs to know, checked field by field.

    Attributes
    ----------
    data : {"digits", "mnist"}
    framework : {"pytorch", "tensorflow"}
    layers : tuple of int
        Inputs, hidden units, classes; inputs and classes must be those of the data.
    activation : {"relu", "tanh", "sigmoid"}
    random_state : int
        Of the first parameters, the partition, and every client's shuffling.
    mode : {"federated", "data_parallel"}
        Whether a client trains for some epochs, or computes the gradient of its part
        of one batch.
    n_clients : int
        Parts of the data; workers take them over one at a time.
    partition : {"iid", "dirichlet"}
    alpha : float
        Concentration of the Dirichlet partition; small means skewed.
    client_fraction : float
        Share of the clients that take part in a round, above 0, at most 1.
    strategy : str
        One of `strategies.STRATEGIES`.
    strategy_options : dict
        Its keywords.
    rounds, epochs, batch_size : int
    learning_rate : float
    compression : {"none", "quantise"}
        Of the updates on their way to the server. Only the unbiased method: it keeps
        no memory at the sender, so that any worker may stand in for another.
    bits : {1, 2, 4, 8}
    engine : {"local", "processes", "torchrun", "ray"}
        Who runs it: this process, our own server and workers, ``torch.distributed``,
        or Ray.
    workers : int
        Processes started on this machine; 0 if all come from elsewhere.
    min_workers : int
        Workers needed to begin, and to go on.
    host : str
    port : int
        Where the server listens; 0 lets the system choose.
    join_timeout : float
        Seconds to wait for workers, at the start or when all are gone.
    round_timeout : float
        Seconds after which a round ends with what has arrived.
    task_timeout : float
        Seconds after which a client's work is given to a second worker as well.
    heartbeat : float
        Seconds between signs of life.
    silence : float
        Seconds without one after which a worker counts as lost.
    reassign : bool
        Whether another worker takes over the clients of one that is lost. False
        where the data may not leave it.
    max_frame : int
        Bytes that a peer may send at once.
    directory : str
        For checkpoints, status and secret.
    checkpoint_every : int
        Rounds between checkpoints.
    keep : int
        Checkpoints kept.

    Raises
    ------
    TypeError, ValueError
        Naming the field, what it must be and what came.

    Examples
    --------
    >>> DistributedMLConfig(rounds=0)
    Traceback (most recent call last):
        ...
    ValueError: rounds must be a whole number from 1, got 0
    >>> DistributedMLConfig.from_dict({"round": 5})
    Traceback (most recent call last):
        ...
    ValueError: unknown field 'round'; did you mean 'rounds'?
    """

    data: str = "digits"
    framework: str = "pytorch"
    layers: tuple[int, ...] = (64, 32, 10)
    activation: str = "relu"
    random_state: int = 0
    mode: str = "federated"
    n_clients: int = 8
    partition: str = "iid"
    alpha: float = 0.5
    client_fraction: float = 1.0
    strategy: str = "fedavg"
    strategy_options: dict[str, float] = field(default_factory=dict)
    rounds: int = 10
    epochs: int = 1
    batch_size: int = 32
    learning_rate: float = 0.1
    compression: str = "none"
    bits: int = 8
    engine: str = "processes"
    workers: int = 2
    min_workers: int = 1
    host: str = "127.0.0.1"
    port: int = 0
    join_timeout: float = 60.0
    round_timeout: float = 120.0
    task_timeout: float = 20.0
    heartbeat: float = 0.5
    silence: float = 3.0
    reassign: bool = True
    max_frame: int = 1 << 28
    directory: str = "run"
    checkpoint_every: int = 1
    keep: int = 3

    def __post_init__(self):
        if isinstance(self.layers, list):  # as YAML has it
            object.__setattr__(self, "layers", tuple(self.layers))
        for name, rule in RULES.items():
            rule(name, getattr(self, name))
        for broken, words in self._conflicts():
            if broken:
                raise ValueError(words)
        make_strategy(self.strategy, **self.strategy_options)

    def _conflicts(self):
        """Yield what no field can be blamed for alone."""
        ends = DATA[self.data]
        yield (
            (self.layers[0], self.layers[-1]) != ends,
            f"layers must begin with {ends[0]} and end with {ends[1]} for data "
            f"{self.data!r}, got {self.layers}",
        )
        yield (
            self.mode == "data_parallel" and self.batch_size % self.n_clients > 0,
            f"batch_size must be a multiple of n_clients={self.n_clients} in mode "
            f"'data_parallel', got {self.batch_size}",
        )
        yield (
            self.mode == "data_parallel" and self.strategy != "fedavg",
            f"mode 'data_parallel' averages gradients, so strategy must be 'fedavg', "
            f"got {self.strategy!r}",
        )
        yield (
            self.silence <= 2 * self.heartbeat,
            f"silence must be above two heartbeats of {self.heartbeat} s, "
            f"got {self.silence}",
        )

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> DistributedMLConfig:
        """Return the configuration of these fields, the others at their defaults."""
        if not isinstance(values, Mapping):
            raise TypeError(f"a configuration maps fields to values, got {values!r}")
        known = [f.name for f in fields(cls)]
        for name in values:
            if name not in known:
                near = difflib.get_close_matches(str(name), known, 1)
                hint = f"; did you mean {near[0]!r}?" if near else f"; known: {known}"
                raise ValueError(f"unknown field {name!r}{hint}")
        return cls(**values)

    @classmethod
    def from_yaml(cls, path: str | Path) -> DistributedMLConfig:
        """Read a configuration from a YAML file; errors begin with the file's name."""
        try:
            text = Path(path).read_text(encoding="utf-8")
            _check_named_once(text)
            return cls.from_dict(yaml.safe_load(text) or {})
        except yaml.YAMLError as error:
            raise ValueError(f"{path} is no YAML: {error}") from None
        except (TypeError, ValueError) as error:
            kind = TypeError if isinstance(error, TypeError) else ValueError
            raise kind(f"{path}: {error}") from None

    def to_dict(self) -> dict[str, Any]:
        """Return all fields as plain values, as JSON and YAML know them."""
        return asdict(self) | {"layers": list(self.layers)}

    def to_yaml(self, path: str | Path) -> None:
        """Write all fields to a YAML file."""
        text = yaml.safe_dump(self.to_dict(), sort_keys=False)
        Path(path).write_text(text, encoding="utf-8")

    def replace(self, **changes: Any) -> DistributedMLConfig:
        """Return a configuration with some fields changed, checked again."""
        return replace(self, **changes)


def _check_named_once(text: str) -> None:
    """Refuse a field that is there twice; YAML would take the last without a word."""
    node = yaml.compose(text, yaml.SafeLoader)
    if isinstance(node, yaml.MappingNode):
        names = [key.value for key, _ in node.value]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"{twice[0]} is there {names.count(twice[0])} times")


Rule = Callable[[str, Any], None]


def _one_of(*known: Any) -> Rule:
    def rule(name: str, value: Any) -> None:
        if not any(value == k and type(value) is type(k) for k in known):
            words = ", ".join(map(repr, known))
            raise ValueError(f"{name} must be one of {words}, got {value!r}")

    return rule


def _whole(low: int, high: int | None = None) -> Rule:
    def rule(name: str, value: Any) -> None:
        words = f"a whole number from {low}" + (f" to {high}" if high else "")
        if type(value) is not int:
            raise TypeError(f"{name} must be {words}, got {value!r}")
        if value < low or (high is not None and value > high):
            raise ValueError(f"{name} must be {words}, got {value!r}")

    return rule


def _number(above: float, at_most: float = inf) -> Rule:
    def rule(name: str, value: Any) -> None:
        words = f"a number above {above:g}"
        words += " and finite" if at_most == inf else f" and at most {at_most:g}"
        if type(value) not in (int, float):
            raise TypeError(f"{name} must be {words}, got {value!r}")
        if not above < value <= at_most or value == inf:
            raise ValueError(f"{name} must be {words}, got {value!r}")

    return rule


def _of_type(kind: type, words: str) -> Rule:
    def rule(name: str, value: Any) -> None:
        if type(value) is not kind:
            raise TypeError(f"{name} must be {words}, got {value!r}")

    return rule


def _layers(name: str, value: Any) -> None:
    if type(value) is not tuple or not all(type(n) is int for n in value):
        raise TypeError(f"{name} must be a list of whole numbers, got {value!r}")
    if len(value) < 2 or min(value) < 1:
        raise ValueError(f"{name} must hold two or more numbers from 1, got {value!r}")


def _options(name: str, value: Any) -> None:
    if type(value) is not dict or not all(type(key) is str for key in value):
        raise TypeError(f"{name} must map names to numbers, got {value!r}")
    for key, number in value.items():
        if type(number) not in (int, float):
            raise TypeError(f"{name}[{key!r}] must be a number, got {number!r}")


def _filled(name: str, value: Any) -> None:
    if type(value) is not str or not value:
        raise TypeError(f"{name} must be a string that is not empty, got {value!r}")


RULES: Mapping[str, Rule] = {
    "data": _one_of(*DATA),
    "framework": _one_of(*FRAMEWORKS),
    "layers": _layers,
    "activation": _one_of(*ACTIVATIONS),
    "random_state": _whole(0),
    "mode": _one_of(*MODES),
    "n_clients": _whole(1, 100_000),
    "partition": _one_of(*PARTITIONS),
    "alpha": _number(0),
    "client_fraction": _number(0, 1),
    "strategy": _one_of(*STRATEGIES),
    "strategy_options": _options,
    "rounds": _whole(1),
    "epochs": _whole(1),
    "batch_size": _whole(1),
    "learning_rate": _number(0),
    "compression": _one_of(*COMPRESSIONS),
    "bits": _one_of(1, 2, 4, 8),
    "engine": _one_of(*ENGINES),
    "workers": _whole(0, 64),
    "min_workers": _whole(1),
    "host": _filled,
    "port": _whole(0, 65_535),
    "join_timeout": _number(0),
    "round_timeout": _number(0),
    "task_timeout": _number(0),
    "heartbeat": _number(0),
    "silence": _number(0),
    "reassign": _of_type(bool, "true or false"),
    "max_frame": _whole(1 << 12),
    "directory": _filled,
    "checkpoint_every": _whole(1),
    "keep": _whole(1),
}
