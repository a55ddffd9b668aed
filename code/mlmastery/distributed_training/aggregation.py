"""The end of a round: what came of it is added up, and the parameters move."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.federated import ClientPrivacy
from mlmastery.distributed_training.grid import Grid, clipped_grid
from mlmastery.distributed_training.model import ModelWrapper
from mlmastery.distributed_training.packing import Arrays, Update
from mlmastery.distributed_training.privacy import (
    PrivacyAccountant,
    secret_generator,
    within_ball,
)
from mlmastery.distributed_training.strategies import Strategy


@dataclass(frozen=True)
class Closed:
    """A round that is over."""

    parameters: np.ndarray
    state: Arrays
    n_clients: int  # whose updates counted
    loss: float | None  # their mean; None if it is not known
    lost: dict[int, str] = field(default_factory=dict)  # clients left out, and why
    why_not: str = ""  # why the parameters stayed, if they did


class Aggregation:
    """Move parameters by the updates of a round, or by their secure sum.

    Parameters
    ----------
    config : DistributedMLConfig
    model : ModelWrapper
        Says how many parameters there are, and of which type.
    strategy : Strategy

    Attributes
    ----------
    privacy : ClientPrivacy or None
    grid : Grid
        Whole numbers of secure sums.
    noise : Generator
        Draws the noise of differential privacy, and who takes part then. Seeded by the
        operating system, unlike all else: it must not follow from what clients know.
    """

    def __init__(
        self, config: DistributedMLConfig, model: ModelWrapper, strategy: Strategy
    ):
        self.config, self.strategy = config, strategy
        self.n_parameters, self.dtype = model.n_parameters, model.dtype
        self._fixed = slice(model.n_parameters - model.n_fixed, None)
        self.privacy = _privacy(config)
        self.grid = _grid(config, model.n_parameters)
        self.noise = secret_generator()

    def start(self) -> Arrays:
        """Return the state before the first round."""
        state = self.strategy.start(self.n_parameters, self.dtype)
        if self.privacy is not None:
            state["privacy"] = PrivacyAccountant().divergence
        return state

    def close(
        self, parameters: np.ndarray, state: Arrays, updates: Mapping[int, Update]
    ) -> Closed:
        """End a round: what cannot be aggregated changes nothing, and is said."""
        lost = {c: u.why for c, u in sorted(updates.items()) if u.diverged}
        kept = {c: u for c, u in updates.items() if c not in lost}
        state, why = self.charge(state), ""
        try:
            parameters, state = self.combine(parameters, state, kept)
        except ValueError as error:
            why = str(error)
        return Closed(parameters, state, len(kept), mean_loss(kept), lost, why)

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
            return Closed(parameters, state, 0, None, {}, why)
        try:
            parameters, state = self.combine_sum(parameters, state, total, n_clients)
        except ValueError as error:
            why = str(error)
        if total[-2] > 0 and self.privacy is None:
            loss = float(total[-1] / total[-2])
        return Closed(parameters, state, n_clients, loss, {}, why)

    def charge(self, state: Arrays) -> Arrays:
        """Count the privacy that a round spends, before anything is published."""
        if self.privacy is None:
            return state
        accountant = _accountant(state)
        accountant.step(
            noise_multiplier=self.privacy.noise_multiplier,
            sample_rate=self.config.client_fraction,
        )
        return state | {"privacy": accountant.divergence}

    def epsilon(self, state: Arrays) -> float | None:
        """Return the epsilon spent so far; None without differential privacy."""
        if self.privacy is None:
            return None
        return _accountant(state).epsilon(self.privacy.delta)

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
            sent = (update.vector for update in inputs)
            total = self.privacy.clipped_sum(sent, parameters.size)
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

    @property
    def longest(self) -> float:
        """Length of a client's update, so that rounding keeps the bound of privacy."""
        if self.privacy is None:
            return math.inf
        rounding = self.grid.rounding(self.n_parameters) if self.config.secure else 0.0
        return self.privacy.max_norm - rounding

    def summand(self, update: Update | None) -> np.ndarray:
        """Return a client's term of a secure sum: update, weight and loss together.

        Of one that only makes up the number it is zero. Under privacy neither weight
        nor loss is told.
        """
        if update is None:
            return np.zeros(self.n_parameters + 2)
        if self.privacy is not None:
            return np.append(update.vector, [0.0, 0.0])
        loss = 0.0 if math.isnan(update.loss) else update.loss
        return update.weight * np.append(update.vector, [1.0, loss])

    def _noisy(self, total: np.ndarray, privacy: ClientPrivacy) -> np.ndarray:
        expected = self.config.client_fraction * self.config.n_clients
        mean = privacy.noisy_mean(total, expected, self.noise)
        mean[self._fixed] = 0  # noise would spoil counters, masks and frozen layers
        return mean

    def _move(self, parameters: np.ndarray, update: np.ndarray, state: Arrays):
        own = {name: state[name] for name in self.strategy.slots}
        with np.errstate(over="ignore", invalid="ignore"):
            update = update.astype(parameters.dtype, copy=False)
            moved, own = self.strategy.move_by(parameters, update, own)
        if not all(np.isfinite(array).all() for array in (moved, *own.values())):
            raise ValueError("the new parameters would not be finite")
        return moved, state | own


def _accountant(state: Arrays) -> PrivacyAccountant:
    """Return an accountant that goes on from what is spent."""
    accountant = PrivacyAccountant()
    accountant.divergence = state["privacy"]
    return accountant


def mean_loss(updates: Mapping[int, Update]) -> float | None:
    """Return the mean loss of updates, weighted; None where there is none."""
    ordered = [updates[client] for client in sorted(updates)]
    losses = np.array([update.loss for update in ordered])
    weights = np.array([update.weight for update in ordered])
    known = np.isfinite(losses)
    if not known.any():
        return None
    return float(np.average(losses[known], weights=weights[known]))


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
