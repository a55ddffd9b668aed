"""One description of a training run: what is trained, by whom, and what is kept."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import yaml

from mlmastery.distributed_training.model import ACTIVATIONS, FRAMEWORKS
from mlmastery.distributed_training.settings import (
    check,
    layer_sizes,
    non_empty,
    number,
    of_type,
    one_of,
    options,
    setting,
    whole,
)
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

    data: str = setting("digits", one_of(*DATA))
    framework: str = setting("pytorch", one_of(*FRAMEWORKS))
    layers: tuple[int, ...] = setting((64, 32, 10), layer_sizes)
    activation: str = setting("relu", one_of(*ACTIVATIONS))
    random_state: int = setting(0, whole(0))
    mode: str = setting("federated", one_of(*MODES))
    n_clients: int = setting(8, whole(1, 100_000))
    partition: str = setting("iid", one_of(*PARTITIONS))
    alpha: float = setting(0.5, number(0))
    client_fraction: float = setting(1.0, number(0, 1))
    strategy: str = setting("fedavg", one_of(*STRATEGIES))
    strategy_options: dict[str, float] = setting(dict, options)  # noqa: RUF009
    rounds: int = setting(10, whole(1), may_change_on_resume=True)
    epochs: int = setting(1, whole(1))
    batch_size: int = setting(32, whole(1))
    learning_rate: float = setting(0.1, number(0))
    compression: str = setting("none", one_of(*COMPRESSIONS))
    bits: int = setting(8, one_of(1, 2, 4, 8))
    engine: str = setting("processes", one_of(*ENGINES), may_change_on_resume=True)
    workers: int = setting(2, whole(0, 64), may_change_on_resume=True)
    min_workers: int = setting(1, whole(1), may_change_on_resume=True)
    host: str = setting("127.0.0.1", non_empty, may_change_on_resume=True)
    port: int = setting(0, whole(0, 65_535), may_change_on_resume=True)
    join_timeout: float = setting(60.0, number(0), may_change_on_resume=True)
    round_timeout: float = setting(120.0, number(0), may_change_on_resume=True)
    task_timeout: float = setting(20.0, number(0), may_change_on_resume=True)
    heartbeat: float = setting(0.5, number(0), may_change_on_resume=True)
    silence: float = setting(3.0, number(0), may_change_on_resume=True)
    reassign: bool = setting(
        True, of_type(bool, "true or false"), may_change_on_resume=True
    )
    max_frame: int = setting(1 << 28, whole(1 << 12), may_change_on_resume=True)
    directory: str = setting("run", non_empty, may_change_on_resume=True)
    checkpoint_every: int = setting(1, whole(1), may_change_on_resume=True)
    keep: int = setting(3, whole(1), may_change_on_resume=True)

    def __post_init__(self):
        if isinstance(self.layers, list):  # as YAML has it
            object.__setattr__(self, "layers", tuple(self.layers))
        check(self)
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
            raise ValueError(f"{path} is not valid YAML: {error}") from None
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
