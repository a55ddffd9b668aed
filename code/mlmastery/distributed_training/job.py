"""The work of a run, cut into pieces that anybody may do: one client in one round.

A piece depends on the configuration, the round, the client and the parameters, and on
nothing else: no matter which process does it, when, or how often, the result is the
same to the last bit. Everything the system does about failures rests on this.
"""

from __future__ import annotations

import math
import pkgutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from mlmastery.distributed_training.compression import GradientCompressor, n_bytes
from mlmastery.distributed_training.config import ROOM, DistributedMLConfig
from mlmastery.distributed_training.federated import (
    ClientPrivacy,
    client_generator,
    local_update,
    round_generator,
    sample_clients,
)
from mlmastery.distributed_training.grid import Grid, clipped_grid
from mlmastery.distributed_training.model import ModelWrapper, shapes_of
from mlmastery.distributed_training.own_model import OwnModel
from mlmastery.distributed_training.partition import dirichlet, iid
from mlmastery.distributed_training.privacy import (
    PrivacyAccountant,
    clip,
    noisy_mean,
    sample_poisson,
    secret_generator,
    within_ball,
)
from mlmastery.distributed_training.strategies import Strategy, make_strategy

TEST_SHARE = 0.2
MAX_WEIGHT = 2.0**53
REMEMBERED = 3  # rounds whose memory of a compressor is kept
Arrays = dict[str, np.ndarray]
Rows = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Update:
    """One client's contribution to one round."""

    vector: np.ndarray  # of shape (n_parameters,)
    weight: float  # rows it was computed on
    loss: float  # mean cross-entropy, in nats; nan or inf if training diverged
    n_bytes: int = 0  # of the arrays that travel

    @property
    def diverged(self) -> bool:
        """Whether the vector holds numbers that nobody can use."""
        return not np.isfinite(self.vector).all()


@dataclass(frozen=True)
class Parcel:
    """An update as it travels."""

    arrays: Arrays  # its vector, perhaps compressed; empty if training diverged
    weight: float
    loss: float

    @property
    def diverged(self) -> bool:
        """Whether the client's training came to numbers that are not finite."""
        return not self.arrays


@dataclass(frozen=True)
class Closed:
    """A round that is over."""

    parameters: np.ndarray
    state: Arrays
    n_clients: int  # whose updates counted
    loss: float | None  # their mean; None if it is not known
    diverged: tuple[int, ...] = ()  # clients whose training diverged
    why_not: str = ""  # why the parameters stayed, if they did


class Job:
    """Data, parts and model of a configuration.

    Parameters
    ----------
    config : DistributedMLConfig

    Attributes
    ----------
    model : ModelWrapper
        With the first parameters of the run.
    parts : list of ndarray
        Row numbers of each client, of data that the package brings.
    X_test, y_test : ndarray
        Rows that no client holds: a fifth of those that the package brings.
    noise : Generator
        Draws the noise of differential privacy, and who takes part then. Seeded by the
        operating system, unlike all else: it must not follow from what clients know.

    Raises
    ------
    ValueError
        If model, data and configuration do not fit together.
    """

    def __init__(self, config: DistributedMLConfig):
        self.config = config
        self.strategy: Strategy = make_strategy(
            config.strategy, **config.strategy_options
        )
        if config.built_in:
            self._deal()
        self.model = make_model(config)
        _check_frame(config, self.model)
        self.privacy = _privacy(config)
        self.grid = _grid(config, self.model.n_parameters)
        self.noise = secret_generator()
        self.memory: dict[int, dict[int, Arrays]] = {}  # of compressors: client, round

    # --- data ------------------------------------------------------------------------

    def _deal(self) -> None:
        config = self.config
        X, y = load_data(config.data)
        order = np.random.default_rng(config.random_state).permutation(len(X))
        test, train = np.split(order, [round(TEST_SHARE * len(X))])
        self.X, self.y, self.X_test, self.y_test = X[train], y[train], X[test], y[test]
        self.parts = self._parts()

    def _parts(self) -> list[np.ndarray]:
        config = self.config
        rng = np.random.default_rng([config.random_state, 1])
        if config.partition == "iid":
            return iid(len(self.X), config.n_clients, rng)
        return dirichlet(self.y, config.n_clients, config.alpha, rng)

    def rows(self, client: int) -> Rows:
        """Return one client's rows, loading no others of data of one's own."""
        if self.config.built_in:
            rows = self.parts[client]
            return self.X[rows], self.y[rows]
        return _load_rows(self.config.loader, self.config.files, client)

    @cached_property
    def test_rows(self) -> Rows:
        """The rows that no client holds."""
        if self.config.built_in:
            return self.X_test, self.y_test
        return _load_rows(self.config.loader, self.config.files, None)

    # --- who takes part --------------------------------------------------------------

    def clients(self, round_number: int) -> list[int]:
        """Return the clients of a round, in order.

        With differential privacy each takes part by a coin of its own, thrown here and
        told to nobody: that others do not know it is part of what is counted.
        """
        config = self.config
        if config.mode == "data_parallel":
            return list(range(config.n_clients))
        if self.privacy is not None:
            n, share = config.n_clients, config.client_fraction
            return sample_poisson(n, share, self.noise).tolist()
        rng = round_generator(config.random_state, round_number)
        chosen = sample_clients(config.n_clients, config.client_fraction, rng)
        return [int(client) for client in chosen]

    def idle_partners(self, clients: list[int]) -> list[int]:
        """Return clients that join a secure sum with zeros, so that two are in it."""
        others = (c for c in range(self.config.n_clients) if c not in clients)
        return list(islice(others, max(0, 2 - len(clients))))

    # --- one client's work -----------------------------------------------------------

    def update(self, parameters: np.ndarray, round_number: int, client: int) -> Update:
        """Do one client's work, and receive it as if it had travelled."""
        parcel = self.work(parameters, round_number, client)
        if parcel.diverged:
            lost = np.full(self.model.n_parameters, np.nan, self.model.dtype)
            return Update(lost, parcel.weight, math.nan)
        return self.unpack(parcel, client)

    def work(self, parameters: np.ndarray, round_number: int, client: int) -> Parcel:
        """Do one client's work of one round, from the round's parameters."""
        vector, weight, loss = self.trained(parameters, round_number, client)
        if not np.isfinite(vector).all():
            return Parcel({}, weight, math.nan)
        if self.config.secure:
            return Parcel({"values": vector}, weight, loss)
        return Parcel(self._compress(vector, round_number, client), weight, loss)

    def trained(self, parameters, round_number: int, client: int):
        """Return vector, weight and loss of one client, before anything is packed."""
        with np.errstate(over="ignore", invalid="ignore"):  # it may diverge
            if self.config.mode == "data_parallel":
                rows = self.batch(round_number, client)
                vector, loss = self.gradient_step(parameters, rows)
                return vector, float(len(rows)), loss
            X, y = self.rows(client)
            vector, loss = self._train(parameters, X, y, round_number, client)
        if self.privacy is None:
            return vector, float(len(X)), loss
        if np.isfinite(vector).all():
            vector = clip(vector[None], self._longest(self.privacy))[0]
        return vector, 1.0, math.nan  # a loss would tell of the rows, uncounted

    def _longest(self, privacy: ClientPrivacy) -> float:
        """Return how long a client's update may be, so that rounding keeps the bound."""
        rounding = self.grid.rounding(self.model.n_parameters)
        return privacy.max_norm - (rounding if self.config.secure else 0.0)

    def _train(self, parameters, X, y, round_number: int, client: int):
        config = self.config
        return local_update(
            self.model,
            parameters,
            X,
            y,
            epochs=config.epochs,
            batch_size=config.batch_size,
            learning_rate=config.learning_rate,
            proximal=self.strategy.proximal,
            generator=client_generator(config.random_state, round_number, client),
            enough=self._stop(),
        )

    def _stop(self) -> Callable[[], bool] | None:
        """Return what tells a straggler after an epoch that its time is over."""
        stragglers = self.config.stragglers
        if stragglers.get("policy") != "partial":
            return None
        end = monotonic() + stragglers.get("after", math.inf)
        return lambda: monotonic() > end

    def gradient_step(self, parameters: np.ndarray, rows: np.ndarray):
        """Return one step against the gradient of these rows, and their loss."""
        self.model.set_parameters(parameters)
        loss, gradient = self.model.loss_and_gradient(self.X[rows], self.y[rows])
        return self.model.step(gradient, self.config.learning_rate), loss

    def batch(self, round_number: int, client: int | None = None) -> np.ndarray:
        """Return the rows of a round's batch, or those of one client of it."""
        config = self.config
        rng = round_generator(config.random_state, round_number)
        rows = rng.choice(len(self.X), config.batch_size, replace=False)
        return rows if client is None else np.split(rows, config.n_clients)[client]

    # --- compression -----------------------------------------------------------------

    def compressor(self, round_number: int, client: int) -> GradientCompressor:
        """Return the compressor of one piece of work, its rounding seeded by it."""
        config, shapes = self.config, None
        seed = client_generator(config.random_state + 1, round_number, client)
        if not config.model:
            shapes = shapes_of(config.layers)
        return GradientCompressor(
            **config.compressor, shapes=shapes, random_state=int(seed.integers(2**31))
        )

    def _compress(self, vector: np.ndarray, round_number: int, client: int) -> Arrays:
        """Compress by what the client remembers of earlier rounds, and remember.

        The memory of a round stays, so that the same work done again is the same.
        """
        compressor = self.compressor(round_number, client)
        if not self.config.remembers:
            return compressor.encode(vector)
        memory = self.memory.setdefault(client, {})
        earlier = self.memory_before(round_number, client)
        if earlier is not None:
            compressor.set_state(memory[earlier])
        arrays = compressor.encode(vector)
        memory[round_number] = compressor.get_state()
        for old in sorted(memory)[:-REMEMBERED]:
            del memory[old]
        return arrays

    def memory_before(self, round_number: int, client: int) -> int | None:
        """Return the last earlier round that a client's compressor remembers."""
        rounds = [r for r in self.memory.get(client, {}) if r < round_number]
        return max(rounds, default=None)

    def get_memory(self) -> Arrays:
        """Return the newest memory of all clients, for a checkpoint."""
        return {
            f"memory/{client}/{max(memory)}/{name}": array
            for client, memory in self.memory.items()
            for name, array in memory[max(memory)].items()
        }

    def set_memory(self, arrays: Arrays) -> None:
        """Take back what `get_memory` returned."""
        self.memory = {}
        for key, array in arrays.items():
            _, client, number, name = key.split("/")
            memory = self.memory.setdefault(int(client), {})
            memory.setdefault(int(number), {})[name] = array

    # --- the end of a round ----------------------------------------------------------

    def start(self) -> Arrays:
        """Return the state before the first round."""
        state = self.strategy.start(self.model.n_parameters, self.model.dtype)
        if self.privacy is not None:
            state["privacy"] = PrivacyAccountant().divergence
        return state

    def close(
        self, parameters: np.ndarray, state: Arrays, updates: Mapping[int, Update]
    ) -> Closed:
        """End a round: what cannot be aggregated changes nothing, and is said."""
        diverged = tuple(sorted(c for c, u in updates.items() if u.diverged))
        kept = {c: u for c, u in updates.items() if c not in diverged}
        state, why = self.charge(state), ""
        try:
            parameters, state = self.combine(parameters, state, kept)
        except ValueError as error:
            why = str(error)
        return Closed(parameters, state, len(kept), mean_loss(kept), diverged, why)

    def close_sum(
        self,
        parameters: np.ndarray,
        state: Arrays,
        total: np.ndarray | None,
        n_clients: int,
        why: str = "",
    ) -> Closed:
        """End a round of which only a secure sum is known; None if it failed.

        Under privacy the parameters move then too, by the noise: a round that is
        counted looks like every other.
        """
        state, loss = self.charge(state), None
        most = max(n_clients, 1) * self.grid.bound * (1 + 1e-6)
        if total is not None and np.abs(total).max() > most:
            total, why = None, "a sum that large has no meaning: some client lied"
        if total is None and self.privacy is not None:
            total, n_clients = np.zeros(parameters.size + 2), 0
        if total is None:
            return Closed(parameters, state, 0, None, (), why)
        try:
            parameters, state = self.combine_sum(parameters, state, total, n_clients)
        except ValueError as error:
            why = str(error)
        if total[-2] > 0 and self.privacy is None:
            loss = float(total[-1] / total[-2])
        return Closed(parameters, state, n_clients, loss, (), why)

    def charge(self, state: Arrays) -> Arrays:
        """Count the privacy that a round spends, before anything is published."""
        if self.privacy is None:
            return state
        accountant = PrivacyAccountant()
        accountant.divergence = state["privacy"]
        accountant.step(
            noise_multiplier=self.privacy.noise_multiplier,
            sample_rate=self.config.client_fraction,
        )
        return state | {"privacy": accountant.divergence}

    def epsilon(self, state: Arrays) -> float | None:
        """Return the epsilon spent so far; None without differential privacy."""
        if self.privacy is None:
            return None
        accountant = PrivacyAccountant()
        accountant.divergence = state["privacy"]
        return accountant.epsilon(self.privacy.delta)

    def combine(
        self, parameters: np.ndarray, state: Arrays, updates: Mapping[int, Update]
    ) -> tuple[np.ndarray, Arrays]:
        """Return parameters and state after a round, whatever order updates came in.

        Raises
        ------
        ValueError
            If there is no update, one has another shape than the parameters, there are
            too few for the strategy, or the new parameters would not be finite.
        """
        inputs = [updates[client] for client in sorted(updates)]
        if self.privacy is not None:
            total = np.zeros(parameters.size)
            for update in inputs:  # clipped again: nobody has to be believed
                total += clip(update.vector[None], self.privacy.max_norm)[0]
            return self._move(parameters, self._noisy(total, self.privacy), state)
        if not updates:
            raise ValueError("a round needs the update of at least one client")
        vectors = np.stack([update.vector for update in inputs])
        weights = np.array([update.weight for update in inputs])
        with np.errstate(over="ignore", invalid="ignore"):
            mean = self.strategy.aggregate(vectors, weights)
        return self._move(parameters, mean, state)

    def combine_sum(
        self, parameters: np.ndarray, state: Arrays, total: np.ndarray, n_clients: int
    ) -> tuple[np.ndarray, Arrays]:
        """Do the same with a secure sum of `summand`, of which single ones are unknown.

        A client that lies may have sent any vector. With a clipping bound, what a sum
        can be is known at least: it is brought back to that length.
        """
        vector, weight = total[:-2], total[-2]
        if self.privacy is not None:
            vector = within_ball(vector, n_clients * self.privacy.max_norm)
            return self._move(parameters, self._noisy(vector, self.privacy), state)
        if not weight > 0:
            raise ValueError(f"the weights of a secure sum add up to {weight:g}")
        return self._move(parameters, vector / weight, state)

    def summand(self, update: Update | None) -> np.ndarray:
        """Return a client's term of a secure sum: update, weight and loss together.

        Of one that only makes up the number it is zero. Under privacy neither weight
        nor loss is told.
        """
        if update is None:
            return np.zeros(self.model.n_parameters + 2)
        if self.privacy is not None:
            return np.append(update.vector, [0.0, 0.0])
        loss = 0.0 if math.isnan(update.loss) else update.loss
        return update.weight * np.append(update.vector, [1.0, loss])

    def _noisy(self, total: np.ndarray, privacy: ClientPrivacy) -> np.ndarray:
        return noisy_mean(
            total,
            max_norm=privacy.max_norm,
            noise_multiplier=privacy.noise_multiplier,
            expected=self.config.client_fraction * self.config.n_clients,
            rng=self.noise,
        )

    def _move(self, parameters: np.ndarray, update: np.ndarray, state: Arrays):
        own = {name: state[name] for name in self.strategy.slots}
        with np.errstate(over="ignore", invalid="ignore"):
            update = update.astype(parameters.dtype, copy=False)
            moved, own = self.strategy.move_by(parameters, update, own)
        if not all(np.isfinite(array).all() for array in (moved, *own.values())):
            raise ValueError("the new parameters would not be finite")
        return moved, state | own

    def unpack(self, parcel: Parcel, client: int) -> Update:
        """Return the update in a parcel, or say in a ValueError why it holds none."""
        size, arrays = self.model.n_parameters, parcel.arrays
        try:
            if self.config.secure:  # it is written on the grid later
                vector = arrays["values"]
            else:
                vector = self.compressor(0, client).decode(arrays, size)
        except (LookupError, TypeError, AttributeError, ArithmeticError) as error:
            raise ValueError(f"client {client} sent no update: {error!r}") from None
        if vector.shape != (size,) or vector.dtype != self.model.dtype:
            raise ValueError(
                f"client {client} sent an update of shape {vector.shape} and dtype "
                f"{vector.dtype}, the model has {size} parameters of {self.model.dtype}"
            )
        if not 0 < parcel.weight <= MAX_WEIGHT:
            raise ValueError(f"client {client} sent the weight {parcel.weight}")
        return Update(vector, parcel.weight, parcel.loss, n_bytes(arrays))

    # --- what a round came to --------------------------------------------------------

    def line(
        self, number: int, closed: Closed, n_missing: int, sent: int
    ) -> dict[str, Any]:
        """Return a round's line of the history."""
        line = {
            "round": number,
            "loss": self._loss(closed),
            "accuracy": self.accuracy(closed.parameters),
            "clients": closed.n_clients,
            "missing": n_missing,
            "bytes": sent,
        }
        epsilon = self.epsilon(closed.state)
        return line if epsilon is None else line | {"epsilon": epsilon}

    def _loss(self, closed: Closed) -> float | None:
        """Return the clients' mean loss; under privacy that of the held-out rows."""
        if self.privacy is not None:
            self.model.set_parameters(closed.parameters)
            return self.model.loss(*self.test_rows)
        return closed.loss

    def accuracy(self, parameters: np.ndarray) -> float:
        """Return the share of held-out rows that these parameters classify rightly."""
        self.model.set_parameters(parameters)
        return self.model.score(*self.test_rows)


def mean_loss(updates: Mapping[int, Update]) -> float | None:
    """Return the mean loss of updates, weighted; None where there is none."""
    ordered = [updates[client] for client in sorted(updates)]
    losses = np.array([update.loss for update in ordered])
    weights = np.array([update.weight for update in ordered])
    known = np.isfinite(losses)
    if not known.any():
        return None
    return float(np.average(losses[known], weights=weights[known]))


def make_model(config: DistributedMLConfig) -> ModelWrapper:
    """Return the model of a configuration, with the first parameters."""
    if config.model:
        return OwnModel(
            _imported("model", config.model),
            framework=config.framework,
            random_state=config.random_state,
            device=config.device,
        )
    return ModelWrapper(
        config.framework,
        layers=config.layers,
        activation=config.activation,
        random_state=config.random_state,
        device=config.device,
    )


def _privacy(config: DistributedMLConfig) -> ClientPrivacy | None:
    if not config.privacy:
        return None
    given = config.privacy
    return ClientPrivacy(
        max_norm=given.get("clip", 1.0),
        noise_multiplier=given.get("noise_multiplier", 1.0),
        delta=given.get("delta", 1e-5),
    )


def _grid(config: DistributedMLConfig, n_parameters: int) -> Grid:
    """Return the whole numbers of secure sums, coarse ones if they are quantised."""
    options = config.compressor
    if not config.secure or options["method"] == "none":
        return Grid()
    clip_at, bits = config.privacy.get("clip", 1.0), options.get("bits", 8)
    grid = clipped_grid(clip_at, max(bits, 2), config.n_clients)
    if bits < 2 or grid.rounding(n_parameters) > clip_at / 2:
        raise ValueError(
            f"compression to {bits} bits is too coarse for {n_parameters} parameters "
            "in a secure sum: rounding could make a clipped update longer by half"
        )
    return grid


def _check_frame(config: DistributedMLConfig, model: ModelWrapper) -> None:
    n_numbers = model.n_parameters + 2
    needed = n_numbers * (8 if config.secure else model.dtype.itemsize) + ROOM
    if config.engine == "processes" and config.max_frame < needed:
        raise ValueError(
            f"max_frame must be at least {needed} for a model of "
            f"{model.n_parameters} parameters, got {config.max_frame}"
        )


@lru_cache(maxsize=16)
def _load_rows(loader: str, files: str, client: int | None) -> Rows:
    """Load the rows of one client, or those held out, and check what came."""
    name = "test" if client is None else str(client)
    X, y = map(np.asarray, _called(loader, client) if loader else _read(files, name))
    rows = X.ndim > 0 and len(X) > 0 and X.dtype.kind in "biuf"
    if not rows or y.shape != (len(X),) or y.dtype.kind not in "iu":
        raise ValueError(
            f"{loader or files} gives client {name} X of shape {X.shape} and dtype "
            f"{X.dtype}, y of shape {y.shape} and dtype {y.dtype}; it must give rows "
            "of numbers, and one whole number for each"
        )
    if client is None and not np.isfinite(X).all():
        raise ValueError(f"{loader or files} gives held-out rows that are not finite")
    with np.errstate(over="ignore"):  # a client with such rows will diverge
        return np.asarray(X, np.float32), y.astype(np.int64)


def _called(loader: str, client: int | None):
    """Return the two that a loader returns; what goes wrong names loader and client."""
    function = _imported("loader", loader)
    try:
        found = function(client)
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        raise ValueError(
            f"loader {loader!r} fails for client {client}: {why}"
        ) from error
    if not isinstance(found, tuple | list) or len(found) != 2:
        raise TypeError(
            f"loader {loader!r} must return (X, y) for client {client}, "
            f"got {type(found).__name__}"
        )
    return found


def _read(files: str, name: str):
    path = Path(files.replace("{client}", name)).expanduser()
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return arrays["X"], arrays["y"]
    except (KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} must be a .npz with X and y: {error}") from error


def _imported(field: str, path: str) -> Callable:
    """Return what a field of the configuration names."""
    try:
        found = pkgutil.resolve_name(path)
    except (ImportError, AttributeError) as error:
        raise ImportError(
            f"{field} {path!r} cannot be imported: {error}; its folder must be on "
            "PYTHONPATH, for every process"
        ) from error
    if not callable(found):
        raise TypeError(f"{field} must name a function, {path!r} is {found!r}")
    return found


@lru_cache(maxsize=2)
def load_data(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return images of digits as rows of numbers from 0 to 1, and their digits."""
    if name == "digits":
        from sklearn.datasets import load_digits

        X, y = load_digits(return_X_y=True)
        return (X / 16).astype(np.float32), y.astype(np.int64)
    from mlmastery.datasets import load_mnist

    table = load_mnist()
    X, y = table.drop(columns="digit").to_numpy(), table["digit"].to_numpy()
    return (X / 255).astype(np.float32), y.astype(np.int64)
