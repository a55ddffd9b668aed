r"""Rounds of federated learning: choose clients, train at theirs, aggregate, move on.

What a server and a worker on the wire do as well is in functions here
(`sample_clients`, `local_update`, the two generators), so that a run in one process
and a run over sockets give equal numbers. Every random choice of a round comes from a
generator made of the seed, the round and the client: nothing is left over from earlier
rounds, and a run that is resumed repeats itself to the bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice

import numpy as np
import pandas as pd

from mlmastery.distributed_training.compression import GradientCompressor, n_bytes
from mlmastery.distributed_training.model import ModelWrapper
from mlmastery.distributed_training.privacy import (
    PrivacyAccountant,
    clip,
    noisy_mean,
    sample_poisson,
    secret_generator,
)
from mlmastery.distributed_training.secure import (
    BOUND,
    SecureAggregationError,
    SecureAggregator,
)
from mlmastery.distributed_training.strategies import (
    Strategy,
    make_strategy,
)
from mlmastery.validation import check_choice

__all__ = [
    "STRAGGLER_POLICIES",
    "ClientPrivacy",
    "FederatedLearning",
    "Round",
    "client_generator",
    "flip_sign",
    "local_update",
    "partners",
    "round_generator",
    "sample_clients",
    "send_noise",
]

STRAGGLER_POLICIES = ("wait", "drop", "partial")
Corruption = Callable[[np.ndarray, np.random.Generator], np.ndarray]


# --- shared by every way to run a round ----------------------------------------------


def round_generator(random_state: int, round_number: int) -> np.random.Generator:
    """Return the generator of one round's choices on the server."""
    return np.random.default_rng([random_state, round_number])


def client_generator(
    random_state: int, round_number: int, client: int
) -> np.random.Generator:
    """Return the generator of one client's training in one round.

    The last word is never 0: NumPy takes seeds that differ in trailing zeros alone for
    equal, and client 0 would repeat the server's choices.
    """
    return np.random.default_rng([random_state, round_number, client + 1])


def sample_clients(
    n_clients: int, fraction: float, rng: np.random.Generator
) -> np.ndarray:
    """Choose a share of the clients without repetition, at least one, in order.

    Examples
    --------
    >>> sample_clients(10, 0.3, np.random.default_rng(0))
    array([5, 6, 9])
    """
    if not 0 < fraction <= 1:
        raise ValueError(f"fraction must be above 0 and at most 1, got {fraction!r}")
    size = max(1, round(fraction * n_clients))
    return np.sort(rng.choice(n_clients, size=size, replace=False))


def partners(chosen: Sequence[int], n_clients: int) -> list[int]:
    """Return clients that join a secure sum with zeros, so that two are in it.

    >>> partners([], 5), partners([0], 5), partners([0, 3], 5)
    ([0, 1], [1], [])
    """
    others = (client for client in range(n_clients) if client not in chosen)
    return list(islice(others, max(0, 2 - len(chosen))))


def local_update(
    model: ModelWrapper,
    parameters: np.ndarray,
    X: np.ndarray,
    y: np.ndarray,
    *,
    epochs: int = 1,
    batch_size: int = 32,
    learning_rate: float = 0.1,
    proximal: float = 0.0,
    generator: np.random.Generator | None = None,
    enough: Callable[[], bool] | None = None,
) -> tuple[np.ndarray, float]:
    """Train from the given parameters and return by how much they moved, and the loss.

    ``enough`` is asked after each epoch, and ends the training early.

    Examples
    --------
    >>> X, y = np.array([[-1.0], [1.0]]), np.array([0, 1])
    >>> model = ModelWrapper(layers=(1, 2))
    >>> update, loss = local_update(model, np.zeros(4), X, y, batch_size=2)
    >>> update.tolist(), round(loss, 4)
    ([-0.05..., 0.05..., 0.0, 0.0], 0.6931)
    """
    model.set_parameters(parameters)
    loss = model.train(
        X,
        y,
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        proximal=proximal,
        generator=generator,
        enough=enough,
    )
    return model.get_parameters() - parameters.astype(model.dtype), loss


# --- clients that lie ----------------------------------------------------------------


def flip_sign(
    update: np.ndarray, rng: np.random.Generator, *, strength: float = 10.0
) -> np.ndarray:
    """Answer with the opposite of what was learnt, exaggerated."""
    return -strength * update


def send_noise(
    update: np.ndarray, rng: np.random.Generator, *, strength: float = 3.0
) -> np.ndarray:
    """Answer with nothing but noise."""
    return strength * rng.normal(size=update.size).astype(update.dtype)


# --- the orchestrator ----------------------------------------------------------------


@dataclass(frozen=True)
class ClientPrivacy:
    """Differential privacy for whole clients: DP-FedAvg.

    Attributes
    ----------
    max_norm : float
        To which every client's update is clipped.
    noise_multiplier : float
        Standard deviation of the noise on the sum, in units of ``max_norm``.
    delta : float
        At which epsilon is reported.
    rng : Generator, optional
        Draws who takes part, and the noise. Left to itself it is seeded by the
        operating system: clients know every other seed of a run, and could subtract
        noise that follows from one. Anything else is for tests.
    """

    max_norm: float
    noise_multiplier: float
    delta: float = 1e-5
    rng: np.random.Generator | None = None

    def clipped_sum(self, updates: Iterable[np.ndarray], size: int) -> np.ndarray:
        """Return the sum of updates, each clipped here: nobody has to be believed.

        >>> ClientPrivacy(1.0, 0.0).clipped_sum([np.array([3.0, 4.0])], 2)
        array([0.6, 0.8])
        """
        total = np.zeros(size)
        for update in updates:  # one after the other: a run must repeat to the last bit
            total += clip(update[None], self.max_norm)[0]
        return total

    def noisy_mean(
        self, total: np.ndarray, expected: float, rng: np.random.Generator
    ) -> np.ndarray:
        """Return a sum with noise, over the number of clients that is expected."""
        return noisy_mean(
            total,
            max_norm=self.max_norm,
            noise_multiplier=self.noise_multiplier,
            expected=expected,
            rng=rng,
        )


@dataclass(frozen=True)
class Round:
    """One round: a row of the history."""

    round: int
    chosen: int  # clients asked to train
    received: int  # whose update counted
    rejected: int  # updates with numbers that are not finite
    done: bool  # False: too few were left, and the parameters stayed
    loss: float  # of the clients' last epoch, weighted by size; nan if nobody came
    accuracy: float  # on what `run` was given to evaluate; nan without
    bytes_up: int  # from clients to the server, without frames and headers
    bytes_down: int
    epsilon: float  # spent so far; nan without privacy


@dataclass(frozen=True)
class _Reply:
    client: int
    update: np.ndarray
    weight: float
    loss: float
    n_bytes: int


class FederatedLearning:
    """Run rounds of federated learning over clients in one process.

    Parameters
    ----------
    model : ModelWrapper
        Gives the first parameters, and trains every client in turn.
    clients : sequence of (X, y)
        The rows of each client.
    strategy : str or Strategy, default="fedavg"
        See `make_strategy`.
    fraction : float, default=1.0
        Share of the clients chosen in each round. With ``privacy`` each client is
        chosen with this probability, independently.
    epochs, batch_size, learning_rate
        Of the clients' training.
    compressor : callable, optional
        From a client's number to the `GradientCompressor` of its updates.
    secure : bool, default=False
        Whether the server sees only the sum of the updates, by `SecureAggregator`.
        Needs a strategy that averages.
    privacy : ClientPrivacy, optional
        Clip every update and add noise; all clients then weigh the same.
    dropout : float, default=0.0
        Probability that a chosen client never answers.
    stragglers : float, default=0.0
        Probability that a chosen client is too slow for the whole work.
    straggler_policy : {"wait", "drop", "partial"}, default="wait"
        Let stragglers finish; or leave them out; or take what they have done by then,
        a number of epochs drawn between 1 and all.
    corrupt : mapping of int to callable, optional
        What clients that lie make of their update, for instance `flip_sign`.
    random_state : int, default=0

    Attributes
    ----------
    parameters : ndarray of shape (n_parameters,)
    state : dict of str to ndarray
        Of the strategy.
    round_number : int
        Rounds run so far.
    history : DataFrame
        One row for each `Round`.

    Raises
    ------
    ValueError
        If a parameter is out of range, or two do not go together.

    Examples
    --------
    >>> X, y = np.array([[-1.0], [1.0]] * 8), np.array([0, 1] * 8)
    >>> clients = [(X[:4], y[:4]), (X[4:], y[4:])]
    >>> learning = FederatedLearning(ModelWrapper(layers=(1, 2)), clients, epochs=5)
    >>> history = learning.run(3, evaluate=(X, y))
    >>> history[["round", "received", "accuracy"]]
       round  received  accuracy
    0      0         2       1.0
    1      1         2       1.0
    2      2         2       1.0
    """

    def __init__(
        self,
        model: ModelWrapper,
        clients: Sequence[tuple[np.ndarray, np.ndarray]],
        *,
        strategy: str | Strategy = "fedavg",
        fraction: float = 1.0,
        epochs: int = 1,
        batch_size: int = 32,
        learning_rate: float = 0.1,
        compressor: Callable[[int], GradientCompressor] | None = None,
        secure: bool = False,
        privacy: ClientPrivacy | None = None,
        dropout: float = 0.0,
        stragglers: float = 0.0,
        straggler_policy: str = "wait",
        corrupt: Mapping[int, Corruption] | None = None,
        random_state: int = 0,
    ):
        strategy = make_strategy(strategy) if isinstance(strategy, str) else strategy
        self.model, self.clients, self.strategy = model, list(clients), strategy
        self.fraction, self.dropout, self.stragglers = fraction, dropout, stragglers
        self.straggler_policy, self.secure = straggler_policy, secure
        self.privacy, self.corrupt = privacy, dict(corrupt or {})
        self.random_state, self.epochs = random_state, epochs
        self._train = partial(
            local_update,
            model,
            batch_size=batch_size,
            learning_rate=learning_rate,
            proximal=strategy.proximal,
        )
        self._check(compressor)
        make = compressor or (lambda client: GradientCompressor())
        self.compressors = [make(client) for client in range(len(self.clients))]
        self.parameters = model.get_parameters()
        self.state = strategy.start(model.n_parameters, model.dtype)
        self.accountant = PrivacyAccountant()
        self._noise = (privacy and privacy.rng) or secret_generator()
        self.rounds: list[Round] = []
        self.round_number = 0

    @property
    def history(self) -> pd.DataFrame:
        """One row for each round that this object ran."""
        return pd.DataFrame([asdict(done) for done in self.rounds])

    def run(
        self, n_rounds: int, evaluate: tuple[np.ndarray, np.ndarray] | None = None
    ) -> pd.DataFrame:
        """Run more rounds and return the whole history.

        Parameters
        ----------
        n_rounds : int
        evaluate : (X, y), optional
            Rows on which the accuracy after each round is measured.
        """
        for _ in range(n_rounds):
            self.rounds.append(self._round(evaluate))
        return self.history

    def get_state(self) -> dict[str, np.ndarray]:
        """Return all that the next round depends on, as arrays for a checkpoint."""
        state = {"parameters": self.parameters, "round": np.array([self.round_number])}
        state |= {f"strategy/{name}": array for name, array in self.state.items()}
        state["divergence"] = self.accountant.divergence
        for client, compressor in enumerate(self.compressors):
            memory = compressor.get_state().items()
            state |= {f"compressor/{client}/{name}": array for name, array in memory}
        return state

    def set_state(self, state: Mapping[str, np.ndarray]) -> None:
        """Go on where `get_state` was called; the history before is not kept."""
        self.parameters = state["parameters"]
        self.model.set_parameters(self.parameters)
        self.round_number = int(state["round"][0])
        self.accountant.divergence = state["divergence"]
        self.state = _within(state, "strategy/")
        for client, compressor in enumerate(self.compressors):
            compressor.set_state(_within(state, f"compressor/{client}/"))

    # --- one round -------------------------------------------------------------------

    def _round(self, evaluate) -> Round:
        rng = round_generator(self.random_state, self.round_number)
        chosen = self._choose(rng)
        gone = chosen[rng.random(len(chosen)) < self.dropout]
        late = chosen[rng.random(len(chosen)) < self.stragglers]
        if self.straggler_policy == "drop":
            gone = np.union1d(gone, late)
        came = np.setdiff1d(chosen, gone)
        replies = [self._reply(client, client in late) for client in came]
        kept = [reply for reply in replies if self._usable(reply)]
        up, down, done = self._aggregate(chosen, kept)
        self.round_number += 1
        self.model.set_parameters(self.parameters)
        return Round(
            round=self.round_number - 1,
            chosen=len(chosen),
            received=len(kept),
            rejected=len(replies) - len(kept),
            done=done,
            loss=_weighted_loss(kept),
            accuracy=self.model.score(*evaluate) if evaluate else math.nan,
            bytes_up=up + sum(reply.n_bytes for reply in replies),
            bytes_down=down + len(chosen) * self.parameters.nbytes,
            epsilon=self._epsilon(),
        )

    def _choose(self, rng: np.random.Generator) -> np.ndarray:
        if self.privacy is None:
            return sample_clients(len(self.clients), self.fraction, rng)
        # Without noise nothing is promised, and the run may be repeated.
        secret = self._noise if self.privacy.noise_multiplier > 0 else rng
        return sample_poisson(len(self.clients), self.fraction, secret)

    def _reply(self, client: int, late: bool) -> _Reply:
        """Train at one client and return what the server decodes."""
        rng = client_generator(self.random_state, self.round_number, client)
        epochs = self.epochs
        if late and self.straggler_policy == "partial":
            epochs = int(rng.integers(1, epochs, endpoint=True))
        X, y = self.clients[client]
        with np.errstate(over="ignore", invalid="ignore"):  # it may diverge
            update, loss = self._train(
                self.parameters, X, y, epochs=epochs, generator=rng
            )
        if client in self.corrupt:
            update = self.corrupt[client](update, rng)
        weight = 1.0 if self.privacy else float(len(X))
        if not np.isfinite(update).all():  # nothing that a compressor could carry
            return _Reply(client, update, weight, loss, update.nbytes)
        if self.privacy:
            update = clip(update[None], self.privacy.max_norm)[0]
        compressor = self.compressors[client]
        arrays = compressor.encode(update)
        sent = 0 if self.secure else n_bytes(arrays)  # the masked vector counts itself
        return _Reply(client, compressor.decode(arrays), weight, loss, sent)

    def _usable(self, reply: _Reply) -> bool:
        """Whether an update can be added up: finite, and in a secure sum small enough."""
        bound = BOUND if self.secure else math.inf
        sent = np.append(reply.weight * reply.update, reply.weight)
        return bool(np.isfinite(sent).all() and np.abs(sent).max() <= bound)

    def _aggregate(self, chosen, replies) -> tuple[int, int, bool]:
        """Move the parameters; return bytes of the protocol, and whether it worked."""
        if self.privacy:
            self.accountant.step(
                noise_multiplier=self.privacy.noise_multiplier,
                sample_rate=self.fraction,
            )
        if self.secure:
            return self._aggregate_masked(chosen, replies)
        if self.privacy:
            sent = (reply.update for reply in replies)
            total = self.privacy.clipped_sum(sent, self.parameters.size)
            self._move(self._noisy(total, self.privacy))
            return 0, 0, True
        if not replies:
            return 0, 0, False
        updates = np.stack([reply.update for reply in replies])
        weights = np.array([reply.weight for reply in replies])
        try:
            self.parameters, self.state = self.strategy.step(
                self.parameters, updates, weights, self.state
            )
        except ValueError:  # too few for a robust rule: the parameters stay
            return 0, 0, False
        return 0, 0, True

    def _aggregate_masked(self, chosen, replies) -> tuple[int, int, bool]:
        """Sum ``weight * update`` and the weights, without seeing any of them."""
        taking_part = self._partners(chosen.tolist())
        if len(taking_part) < 2:  # the sum over one client is that client
            return 0, 0, False
        nothing = np.zeros(self.parameters.size + 1)
        vectors = dict.fromkeys(taking_part, nothing)
        for reply in replies:
            vectors[reply.client] = np.append(reply.weight * reply.update, reply.weight)
        came = {reply.client for reply in replies}
        lost = {u: "mask" for u in chosen.tolist() if u not in came}
        try:
            result = SecureAggregator(len(vectors)).sum(vectors, lost)
        except SecureAggregationError:
            if self.privacy:  # the round is counted, so it looks like every other
                self._move(self._noisy(nothing[:-1], self.privacy))
            return 0, 0, False
        total, weight = result.total[:-1], result.total[-1]
        if self.privacy:
            self._move(self._noisy(total, self.privacy))
        else:
            self._move(total / weight)
        return result.bytes_up, result.bytes_down, True

    def _partners(self, chosen: list[int]) -> list[int]:
        """Return who joins a secure sum.

        Under privacy noise is added in every round, and a client that was chosen alone,
        or nobody, is joined by others that send zeros: they hide who was chosen.
        """
        idle = partners(chosen, len(self.clients)) if self.privacy else []
        return [*chosen, *idle]

    def _noisy(self, total: np.ndarray, privacy: ClientPrivacy) -> np.ndarray:
        expected = self.fraction * len(self.clients)
        return privacy.noisy_mean(total, expected, self._noise)

    def _move(self, update: np.ndarray) -> None:
        update = update.astype(self.parameters.dtype)
        self.parameters, self.state = self.strategy.move_by(
            self.parameters, update, self.state
        )

    def _epsilon(self) -> float:
        if self.privacy is None:
            return math.nan
        return self.accountant.epsilon(self.privacy.delta)

    def _check(self, compressor) -> None:
        if not self.clients or any(len(X) == 0 for X, _ in self.clients):
            raise ValueError(
                "clients must hold at least one client, and each at least one row, "
                f"got sizes {[len(X) for X, _ in self.clients]}"
            )
        for name in ("fraction", "dropout", "stragglers"):
            value = getattr(self, name)
            if not 0 <= value <= 1 or (name == "fraction" and value == 0):
                raise ValueError(f"{name} must be a probability, got {value!r}")
        check_choice(self.straggler_policy, "straggler_policy", STRAGGLER_POLICIES)
        unknown = set(self.corrupt) - set(range(len(self.clients)))
        if unknown:
            raise ValueError(
                f"corrupt names clients {sorted(unknown)}, but there are only "
                f"{len(self.clients)}"
            )
        if (self.secure or self.privacy) and not self.strategy.averages:
            raise ValueError(
                f"strategy {self.strategy.name!r} compares single updates, which "
                "secure aggregation and privacy do not show: use one that averages"
            )
        if self.secure and self.privacy and len(self.clients) < 2:
            raise ValueError("secure needs at least two clients, got 1")
        if self.secure and compressor is not None:
            raise ValueError(
                "secure and compressor do not go together: a masked vector is dense "
                "and has no structure left to compress"
            )


def _weighted_loss(replies: Sequence[_Reply]) -> float:
    if not replies:
        return math.nan
    weights = [reply.weight for reply in replies]
    return float(np.average([reply.loss for reply in replies], weights=weights))


def _within(state: Mapping[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    """Return the entries whose names start so, without that start."""
    return {
        name.removeprefix(prefix): array
        for name, array in state.items()
        if name.startswith(prefix)
    }
