r"""What a server does with the updates of its clients: small functions on arrays.

An *update* is a client's parameters after training minus the parameters it started
from. A strategy does two things with the updates of one round: it **aggregates** them
into one vector, and it **moves** the global parameters by that vector. The first is
where a poisoned client is outvoted, the second where momentum lives.

.. math::
    \bar\Delta = \sum_k \frac{n_k}{\sum_j n_j} \Delta_k ,
    \qquad x \leftarrow x + \bar\Delta

is FedAvg; every other strategy here changes one half of that line.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from numbers import Integral, Real
from typing import Any

import numpy as np

from mlmastery.validation import as_numbers, check_choice

__all__ = [
    "STRATEGIES",
    "Strategy",
    "adam_move",
    "fedavg",
    "krum",
    "krum_scores",
    "make_strategy",
    "median",
    "momentum_move",
    "multi_krum",
    "plain_move",
    "trimmed_mean",
]

State = dict[str, np.ndarray]
Aggregate = Callable[[np.ndarray, np.ndarray], np.ndarray]
Move = Callable[[np.ndarray, np.ndarray, State], tuple[np.ndarray, State]]


# --- aggregation: many updates to one ------------------------------------------------


def fedavg(updates: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Average the updates, each weighted by its client's number of samples.

    Parameters
    ----------
    updates : ndarray of shape (n_clients, n_parameters)
    weights : ndarray of shape (n_clients,)
        At least 0, not all 0; usually the number of samples of each client.

    Returns
    -------
    ndarray of shape (n_parameters,)
        Of the updates' dtype; summed in float64.

    Raises
    ------
    ValueError
        If shapes disagree, a number is not finite or no weight is above 0.

    References
    ----------
    .. [1] McMahan, Moore, Ramage, Hampson and Aguera y Arcas (2017),
       "Communication-Efficient Learning of Deep Networks from Decentralized Data",
       AISTATS.

    Examples
    --------
    >>> fedavg(np.array([[1.0, 0.0], [4.0, 3.0]]), np.array([200, 100]))
    array([2., 1.])
    """
    updates, weights = _checked(updates, weights)
    return (weights / weights.sum() @ updates).astype(updates.dtype)


def median(updates: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Take the middle value of each coordinate; weights are not used.

    A client's claim about its own size is something an attacker may set, so the robust
    aggregates count every client once.

    References
    ----------
    .. [1] Yin, Chen, Kannan and Bartlett (2018), "Byzantine-Robust Distributed
       Learning: Towards Optimal Statistical Rates", ICML.

    Examples
    --------
    >>> median(np.array([[1.0], [2.0], [1e9]]))
    array([2.])
    """
    updates, _ = _checked(updates, weights)
    return np.median(updates, axis=0).astype(updates.dtype)


def trimmed_mean(
    updates: np.ndarray, weights: np.ndarray | None = None, *, trim: float = 0.2
) -> np.ndarray:
    """Average each coordinate without its lowest and highest values.

    Parameters
    ----------
    trim : float, default=0.2
        Share of the clients cut off at each end, rounded up; at least 0, below 0.5.

    Raises
    ------
    ValueError
        If nothing would be left.

    Examples
    --------
    >>> trimmed_mean(np.array([[1.0], [2.0], [3.0], [1e9]]), trim=0.25)
    array([2.5])
    """
    updates, _ = _checked(updates, weights)
    cut = int(np.ceil(trim * len(updates) - 1e-9))  # 0.28 * 25 is not quite 7
    if not 0 <= trim < 0.5 or 2 * cut >= len(updates):
        raise ValueError(
            "trim must be at least 0 and leave a client: cutting "
            f"{cut} of {len(updates)} updates at each end leaves none (trim={trim})"
        )
    kept = np.sort(updates, axis=0)[cut : len(updates) - cut]
    return kept.mean(axis=0, dtype=np.float64).astype(updates.dtype)


def krum_scores(updates: np.ndarray, n_byzantine: int) -> np.ndarray:
    """Return for each update how far its closest n - f - 2 neighbours lie.

    The score is the sum of their squared distances: an update that stands alone scores
    high, however it is disguised coordinate by coordinate.

    Parameters
    ----------
    updates : ndarray of shape (n_clients, n_parameters)
    n_byzantine : int
        The number f of clients that may lie; needs n_clients > 2 f + 2.

    Returns
    -------
    ndarray of shape (n_clients,)

    References
    ----------
    .. [1] Blanchard, El Mhamdi, Guerraoui and Stainer (2017), "Machine Learning with
       Adversaries: Byzantine Tolerant Gradient Descent", NeurIPS.

    Examples
    --------
    >>> krum_scores(np.array([[0.0], [1.0], [2.0], [3.0], [9.0]]), 1)
    array([ 5.,  2.,  2.,  5., 85.])
    """
    updates, _ = _checked(updates, None)
    n_clients = len(updates)
    if n_byzantine < 0 or n_clients <= 2 * n_byzantine + 2:
        raise ValueError(
            f"krum withstands n_byzantine={n_byzantine} liars only among more than "
            f"{2 * n_byzantine + 2} clients, got {n_clients}"
        )
    updates = updates.astype(np.float64)
    distances = np.stack([((updates - row) ** 2).sum(axis=1) for row in updates])
    np.fill_diagonal(distances, np.inf)  # nobody is their own neighbour
    return np.sort(distances, axis=1)[:, : n_clients - n_byzantine - 2].sum(axis=1)


def krum(
    updates: np.ndarray, weights: np.ndarray | None = None, *, n_byzantine: int = 1
) -> np.ndarray:
    """Return the one update with the lowest score of `krum_scores`.

    Examples
    --------
    >>> krum(np.array([[0.0], [1.0], [2.0], [4.0], [90.0]]), n_byzantine=1)
    array([1.])
    """
    updates, _ = _checked(updates, weights)
    return updates[krum_scores(updates, n_byzantine).argmin()].copy()


def multi_krum(
    updates: np.ndarray, weights: np.ndarray | None = None, *, n_byzantine: int = 1
) -> np.ndarray:
    """Average the n - f updates with the lowest scores of `krum_scores`.

    Examples
    --------
    >>> multi_krum(np.array([[0.0], [1.0], [2.0], [5.0], [90.0]]), n_byzantine=1)
    array([2.])
    """
    updates, _ = _checked(updates, weights)
    order = np.argsort(krum_scores(updates, n_byzantine), kind="stable")
    kept = updates[order[: len(updates) - n_byzantine]]
    return kept.mean(axis=0, dtype=np.float64).astype(updates.dtype)


# --- the move: from the aggregate to the next parameters -----------------------------


def plain_move(
    parameters: np.ndarray,
    update: np.ndarray,
    state: State,
    *,
    learning_rate: float = 1.0,
) -> tuple[np.ndarray, State]:
    """Add the update; at a learning rate of 1 this is FedAvg.

    Examples
    --------
    >>> plain_move(np.array([1.0]), np.array([0.5]), {})
    (array([1.5]), {})
    """
    return parameters + learning_rate * update, state


def momentum_move(
    parameters: np.ndarray,
    update: np.ndarray,
    state: State,
    *,
    learning_rate: float = 1.0,
    momentum: float = 0.9,
) -> tuple[np.ndarray, State]:
    """Add a decaying sum of all updates so far: FedAvgM.

    References
    ----------
    .. [1] Hsu, Qi and Brown (2019), "Measuring the Effects of Non-Identical Data
       Distribution for Federated Visual Classification", arXiv:1909.06335.

    Examples
    --------
    >>> state = {"velocity": np.array([1.0])}
    >>> parameters, state = momentum_move(np.array([0.0]), np.array([1.0]), state)
    >>> parameters
    array([1.9])
    """
    velocity = momentum * state["velocity"] + update
    return parameters + learning_rate * velocity, {"velocity": velocity}


def adam_move(
    parameters: np.ndarray,
    update: np.ndarray,
    state: State,
    *,
    learning_rate: float = 0.01,
    beta_1: float = 0.9,
    beta_2: float = 0.99,
    tau: float = 1e-3,
) -> tuple[np.ndarray, State]:
    """Scale each coordinate's step by how much it usually moves: FedAdam.

    The update plays the part of the (negative) gradient. As in the paper there is no
    correction of the first steps' bias, and ``tau`` bounds the scaling.

    References
    ----------
    .. [1] Reddi et al. (2021), "Adaptive Federated Optimization", ICLR, algorithm 2.

    Examples
    --------
    >>> state = {"mean": np.zeros(1), "square": np.zeros(1)}
    >>> parameters, _ = adam_move(np.zeros(1), np.ones(1), state, learning_rate=1.0)
    >>> parameters.round(3)
    array([0.99])
    """
    mean = beta_1 * state["mean"] + (1 - beta_1) * update
    square = beta_2 * state["square"] + (1 - beta_2) * update**2
    moved = parameters + learning_rate * mean / (np.sqrt(square) + tau)
    return moved, {"mean": mean, "square": square}


# --- strategies by name --------------------------------------------------------------


@dataclass(frozen=True)
class Strategy:
    """An aggregate and a move under one name; made by `make_strategy`.

    Its state is a dictionary of arrays that the caller keeps, so that a checkpoint can
    hold it.
    """

    name: str
    aggregate: Aggregate
    move: Move
    slots: tuple[str, ...] = ()  # arrays of the state, all zero at first
    proximal: float = 0.0  # how strongly clients are held back while training

    @property
    def averages(self) -> bool:
        """Whether the strategy needs only the weighted sum of the updates."""
        return getattr(self.aggregate, "func", self.aggregate) is fedavg

    def start(self, n_parameters: int, dtype: Any = np.float32) -> State:
        """Return the state before the first round."""
        return {slot: np.zeros(n_parameters, dtype) for slot in self.slots}

    def step(
        self,
        parameters: np.ndarray,
        updates: np.ndarray,
        weights: np.ndarray,
        state: State,
    ) -> tuple[np.ndarray, State]:
        """Return the parameters and the state after one round."""
        return self.move_by(parameters, self.aggregate(updates, weights), state)

    def move_by(
        self, parameters: np.ndarray, update: np.ndarray, state: State
    ) -> tuple[np.ndarray, State]:
        """Move by an update that is aggregated already, as secure aggregation does."""
        if update.shape != parameters.shape:
            raise ValueError(
                f"updates must have the {parameters.size} coordinates of the "
                f"parameters, got {update.size}"
            )
        moved, state = self.move(parameters, update, state)
        return moved.astype(parameters.dtype, copy=False), state


@dataclass(frozen=True)
class _Recipe:
    aggregate: Callable[..., np.ndarray] = fedavg
    move: Callable[..., tuple[np.ndarray, State]] = plain_move
    slots: tuple[str, ...] = ()
    proximal: float | None = None


_RECIPES: Mapping[str, _Recipe] = {
    "fedavg": _Recipe(),
    "fedprox": _Recipe(proximal=0.1),
    "fedavgm": _Recipe(move=momentum_move, slots=("velocity",)),
    "fedadam": _Recipe(move=adam_move, slots=("mean", "square")),
    "median": _Recipe(median),
    "trimmed_mean": _Recipe(trimmed_mean),
    "krum": _Recipe(krum),
    "multi_krum": _Recipe(multi_krum),
}
STRATEGIES = tuple(_RECIPES)


def make_strategy(name: str, **options: float) -> Strategy:
    """Return the strategy of this name.

    Parameters
    ----------
    name : str
        One of `STRATEGIES`.
    **options : float
        Keywords of its aggregate and its move, for instance ``n_byzantine`` of
        ``krum`` or ``learning_rate`` and ``momentum`` of ``fedavgm``; ``proximal`` of
        ``fedprox`` (Li et al., 2020, "Federated Optimization in Heterogeneous
        Networks", MLSys).

    Raises
    ------
    ValueError
        If the name or an option is unknown, or an option is out of its range.

    Examples
    --------
    >>> strategy = make_strategy("fedavgm", momentum=0.5)
    >>> state = strategy.start(1)
    >>> updates, weights = np.array([[1.0], [3.0]]), np.array([1, 1])
    >>> parameters, state = strategy.step(np.zeros(1), updates, weights, state)
    >>> parameters, state = strategy.step(parameters, updates, weights, state)
    >>> parameters
    array([5.])
    """
    check_choice(name, "strategy", STRATEGIES)
    recipe = _RECIPES[name]
    of_aggregate, of_move = (_keywords(f) for f in (recipe.aggregate, recipe.move))
    known = of_aggregate | of_move
    known |= {"proximal"} if recipe.proximal is not None else set()
    for option, value in options.items():
        _check_option(name, option, value, known)
    return Strategy(
        name,
        partial(recipe.aggregate, **_only(options, of_aggregate)),
        partial(recipe.move, **_only(options, of_move)),
        recipe.slots,
        options.get("proximal", recipe.proximal or 0.0),
    )


_RANGES = {  # lowest, highest; the highest itself is out where it is a decay
    "learning_rate": (0.0, np.inf),
    "proximal": (0.0, np.inf),
    "tau": (1e-12, np.inf),
    "momentum": (0.0, 1.0),
    "beta_1": (0.0, 1.0),
    "beta_2": (0.0, 1.0),
    "trim": (0.0, 0.5),
    "n_byzantine": (0, np.inf),
}


def _check_option(name: str, option: str, value: float, known: set[str]) -> None:
    if option not in known:
        raise ValueError(
            f"{name} has no option {option!r}; it knows {', '.join(sorted(known))}"
        )
    kind, article = (Integral, "whole ") if option == "n_byzantine" else (Real, "")
    if isinstance(value, bool) or not isinstance(value, kind):
        raise ValueError(f"{option} of {name} must be a {article}number, got {value!r}")
    low, high = _RANGES[option]
    if not low <= value < high:
        raise ValueError(
            f"{option} of {name} must be at least {low:g} and below {high:g}, "
            f"got {value!r}"
        )


def _keywords(function: Callable[..., Any]) -> set[str]:
    parameters = inspect.signature(function).parameters.values()
    return {p.name for p in parameters if p.kind is p.KEYWORD_ONLY}


def _only(options: Mapping[str, float], names: set[str]) -> dict[str, float]:
    return {name: value for name, value in options.items() if name in names}


def _checked(
    updates: np.ndarray, weights: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    updates = np.asarray(updates)
    if updates.dtype.kind != "f":  # a mean of whole numbers is rarely whole
        updates = as_numbers(updates, "updates")
    if updates.ndim != 2 or len(updates) == 0:
        raise ValueError(
            "updates must have shape (n_clients, n_parameters) with at least one "
            f"client, got {updates.shape}"
        )
    if not np.isfinite(updates).all():
        row = int(np.flatnonzero(~np.isfinite(updates).all(axis=1))[0])
        raise ValueError(f"updates must be finite, row {row} is not")
    weights = np.ones(len(updates)) if weights is None else np.asarray(weights, float)
    if weights.shape != (len(updates),):
        raise ValueError(
            f"weights must hold one number for each of {len(updates)} updates, "
            f"got shape {weights.shape}"
        )
    if not np.isfinite(weights).all() or weights.min() < 0 or weights.sum() == 0:
        raise ValueError(
            f"weights must be finite, at least 0 and not all 0, got {weights}"
        )
    return updates, weights
