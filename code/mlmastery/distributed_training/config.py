"""One description of a training run: what is trained, by whom, and what is kept."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import pairwise
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
    path_to_name,
    section,
    setting,
    text,
    whole,
)
from mlmastery.distributed_training.strategies import STRATEGIES, make_strategy
from mlmastery.distributed_training.support import conflicts

DATA = {"digits": (64, 10), "mnist": (784, 10)}  # inputs and classes
MODES = ("federated", "data_parallel")
PARTITIONS = ("iid", "dirichlet")
ENGINES = ("local", "processes", "torchrun", "ray")
COMPRESSIONS = ("none", "quantise")  # those that need no options
METHODS = ("none", "top_k", "quantise", "power_sgd")
PARALLEL = ("auto", "server", "ring", "pipeline")
DEVICES = ("cpu", "cuda", "auto")
ROOM = 1 << 12  # bytes of a frame beside its parameters

_PRIVACY = section(
    clip=number(0), noise_multiplier=number(0, 1e6, open=False), delta=number(0, 0.5)
)
_STRAGGLERS = section(policy=one_of("wait", "drop", "partial"), after=number(0))
_COMPRESSION = section(
    method=one_of(*METHODS),
    ratio=number(0, 1),
    bits=one_of(1, 2, 4, 8),
    rank=whole(1),
    memory=of_type(bool, "true or false"),
)


_OPTIONS = {
    "none": (),
    "top_k": ("ratio", "memory"),
    "quantise": ("bits", "memory"),
    "power_sgd": ("rank", "memory"),
}


def _stragglers(name: str, value: Any) -> None:
    """Check a policy for stragglers: two of the three need to know after what time."""
    _STRAGGLERS(name, value)
    if ("after" in value) != (value.get("policy", "wait") != "wait"):
        raise ValueError(
            f"{name} must have a policy and, but for 'wait', after how many seconds, "
            f"got {value!r}"
        )


def _compression(name: str, value: Any) -> None:
    """Check a compression: its name, or a section with the options of its method."""
    if type(value) is dict:
        _COMPRESSION(name, value)
        known = ("method", *_OPTIONS.get(value.get("method", ""), ()))
        if "method" not in value or any(option not in known for option in value):
            raise ValueError(
                f"{name} must name a method, with no options but its own "
                f"({', '.join(known)}), got {value!r}"
            )
        return
    if value not in COMPRESSIONS or type(value) is not str:
        words = ", ".join(map(repr, COMPRESSIONS))
        raise ValueError(
            f"{name} must be one of {words}, or for {METHODS[1]!r} and {METHODS[3]!r} "
            f"map method, ratio, bits, rank, memory to values, got {value!r}"
        )


yes_or_no = of_type(bool, "true or false")


@dataclass(frozen=True)
class DistributedMLConfig:
    """Everything a run needs to know, checked field by field.

    A field that says what is learnt is refused where nothing would read it.
    ``min_workers``, the timeouts, ``heartbeat``, ``silence`` and ``max_frame`` say how
    engine "processes" serves its workers; one file may hold them for every engine.

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
    compression : {"none", "quantise"} or dict
        Of the updates on their way to the server: a name, or
        ``{method: top_k, ratio: 0.05}``, ``{method: quantise, bits: 4}``,
        ``{method: power_sgd, rank: 2}``. The first and the last remember at each
        client what they left out, unless ``memory: false``. Such a client stays with
        one worker, which also writes the memory to its own disk: another worker of
        that machine takes it over, one elsewhere begins without.
    bits : {1, 2, 4, 8}
        Of ``compression: quantise``.
    secure : bool
        Whether the server sees only the sum of the updates, never a single one.
    privacy : dict
        ``{clip: 1.0, noise_multiplier: 1.0, delta: 1e-5}``: every client's update is
        clipped, noise is added to the sum, and epsilon is counted. Empty: none. Of an
        own model's buffers, running means and variances alone move then.
    stragglers : dict
        ``{policy: wait}``, or ``{policy: drop, after: 5.0}``: a client that has not
        delivered that many seconds after the round began is left out, or
        ``{policy: partial, after: 5.0}``: it stops after the epoch in which that time
        is over, and sends what it has.
    parallel : {"auto", "server", "ring", "pipeline"}
        How data-parallel workers put their gradients together; "auto" is the server
        of engine "processes", and PyTorch's own way on "torchrun". The pipeline gives
        each worker some layers.
    staleness : int
        Steps that a worker may be ahead of the slowest, with ``parallel: server``.
    micro_batches : int
        Parts of a batch in the pipeline.
    model : str
        ``package.module:factory``, to be called without arguments: a PyTorch module
        or Keras model that returns logits, in place of ``layers``. The processes that
        train must be able to import it.
    loader : str
        ``package.module:function``, called with the number of a client, and with None
        for the held-out rows, returns ``(X, y)``. A process loads only its clients'. A client
        whose rows cannot be loaded, or that the model cannot take, is left out of the
        round.
    files : str
        Path of a ``.npz`` with X and y for each client, ``{client}`` standing for its
        number and, for the held-out rows, for ``test``.
    device : {"cpu", "cuda", "auto"}
        Where models compute; "auto" is a GPU where there is one.
    nodes : int
        Machines that take part in a "torchrun"; the same command is given on each,
        ``host`` and ``port`` being those of the first.
    engine : {"local", "processes", "torchrun", "ray"}
        Who runs it: this process, our own server and workers, ``torch.distributed``,
        or Ray.
    workers : int
        Processes started on this machine. 0, with engine "processes" alone: none is
        started, and the run waits ``join_timeout`` for those that join by the command
        ``worker``, here or elsewhere.
    min_workers : int
        Workers needed to begin, and to go on.
    host : str
    port : int
        Where the server listens, over IPv4 or IPv6; port 0 lets the system choose.
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
        where the data may not leave it; engines whose processes take over clients in
        every round refuse that.
    max_frame : int
        Bytes that a peer may send at once; the parameters must fit in.
    directory : str
        For checkpoints, status and secret; ``~`` is the home directory. Engines other
        than "processes" use a folder of their name in it.
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
    compression: str | dict[str, Any] = setting("none", _compression)  # noqa: RUF009
    bits: int = setting(8, one_of(1, 2, 4, 8))
    secure: bool = setting(False, yes_or_no)
    privacy: dict[str, float] = setting(dict, _PRIVACY)  # noqa: RUF009
    stragglers: dict[str, Any] = setting(dict, _stragglers)  # noqa: RUF009
    parallel: str = setting("auto", one_of(*PARALLEL))
    staleness: int = setting(0, whole(0))
    micro_batches: int = setting(4, whole(1))
    model: str = setting("", path_to_name)
    loader: str = setting("", path_to_name)
    files: str = setting("", text)
    device: str = setting("cpu", one_of(*DEVICES), may_change_on_resume=True)
    nodes: int = setting(1, whole(1, 1000), may_change_on_resume=True)
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
    reassign: bool = setting(True, yes_or_no, may_change_on_resume=True)
    max_frame: int = setting(1 << 28, whole(1 << 12), may_change_on_resume=True)
    directory: str = setting("run", non_empty, may_change_on_resume=True)
    checkpoint_every: int = setting(1, whole(1), may_change_on_resume=True)
    keep: int = setting(3, whole(1), may_change_on_resume=True)

    def __post_init__(self):
        if isinstance(self.layers, list):  # as YAML has it
            object.__setattr__(self, "layers", tuple(self.layers))
        check(self)
        if self.directory.startswith("~"):
            object.__setattr__(self, "directory", _at_home(self.directory))
        for broken, words in self._conflicts():
            if broken:
                raise ValueError(words)
        strategy = make_strategy(self.strategy, **self.strategy_options)
        for words in conflicts(self, strategy):
            raise ValueError(words)

    @property
    def compressor(self) -> dict[str, Any]:
        """Keywords of the `GradientCompressor` that the compression names."""
        if isinstance(self.compression, str):
            return {"method": self.compression, "bits": self.bits}
        options = dict(self.compression)
        if "memory" in options:
            options["error_feedback"] = options.pop("memory")
        return options

    @property
    def remembers(self) -> bool:
        """Whether a client's compressor depends on its earlier updates."""
        options = self.compressor
        biased = options.get("method") in ("top_k", "power_sgd")
        warm = options.get("method") == "power_sgd"  # its guess is a memory as well
        return warm or options.get("error_feedback", biased)

    @property
    def built_in(self) -> bool:
        """Whether the data are those of this package."""
        return not (self.loader or self.files)

    def _conflicts(self):
        """Yield what no field can be blamed for alone."""
        ends = DATA[self.data]
        yield (
            self.built_in
            and not self.model
            and (self.layers[0], self.layers[-1]) != ends,
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
        needed = frame_bytes(self.layers, self.secure)
        yield (
            self.engine == "processes" and not self.model and self.max_frame < needed,
            f"max_frame must be at least {needed} for a model of layers "
            f"{self.layers}, got {self.max_frame}",
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


def _at_home(directory: str) -> str:
    try:
        return str(Path(directory).expanduser())
    except RuntimeError:
        raise ValueError(
            f"directory must begin with a home that exists, got {directory!r}"
        ) from None


def frame_bytes(layers: Sequence[int], secure: bool) -> int:
    """Return the bytes that a frame with the parameters of a network needs.

    >>> frame_bytes((64, 10), secure=False)
    6704
    """
    n_parameters = sum(n_in * n_out + n_out for n_in, n_out in pairwise(layers))
    return (n_parameters + 2) * (8 if secure else 4) + ROOM


def _check_named_once(text: str) -> None:
    """Refuse a field that is there twice; YAML would take the last without a word."""
    _check_keys(yaml.compose(text, yaml.SafeLoader), "")


def _check_keys(node: Any, inside: str) -> None:
    if not isinstance(node, yaml.MappingNode):
        return
    names = [f"{inside}{key.value}" for key, _ in node.value]
    if twice := [name for name in names if names.count(name) > 1]:
        raise ValueError(f"{twice[0]} is there {names.count(twice[0])} times")
    for name, (_, value) in zip(names, node.value, strict=True):
        _check_keys(value, f"{name}.")
