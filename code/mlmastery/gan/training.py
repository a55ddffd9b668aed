"""One training loop for every GAN of images: both players, in turn.

>>> import numpy as np
>>> X = np.random.default_rng(0).uniform(-1, 1, size=(40, 28, 28))
>>> model = GAN("mlp", n_steps=3, batch_size=8).fit(X)
>>> model.sample(2).shape, len(model.history_)
((2, 28, 28), 3)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mlmastery.checkpoints import CheckpointError, load_checkpoint, save_checkpoint
from mlmastery.gan.averaging import averaged_copy, update_average
from mlmastery.gan.images import check_images, check_labels
from mlmastery.gan.losses import (
    OBJECTIVES,
    generator_loss,
    gradient_norms,
    penalised_loss,
)
from mlmastery.gan.networks import N_CLASSES, make_networks
from mlmastery.validation import as_numbers, check_choice, check_count, check_number

__all__ = ["GAN"]

SETTINGS = (
    *("architecture", "labels", "objective", "n_steps", "batch_size", "n_latent"),
    *("learning_rates", "betas", "discriminator_steps", "generator_steps"),
    *("penalty", "decay", "grow", "random_state"),
)

KIND = "GAN"  # of the files
STATE = ("networks", "optimisers", "rng", "losses")


class GAN:
    """A generator and a discriminator that train each other on images of 28 x 28.

    Parameters
    ----------
    architecture : {"conv", "mlp", "growing"}
    labels : {None, "planes", "projection"}
        None for images without a class; else how the discriminator is told the class:
        as ten more input planes, or by an inner product with its features.
    objective : {"minimax", "saturating", "wasserstein"}
        ``minimax`` trains the generator with the non-saturating loss.
    n_steps : int, default=1000
        Steps of `fit`; one step is one round of both players.
    batch_size, n_latent : int, default=32
    learning_rates : pair of float, default=(1e-3, 5e-4)
        Of the generator and the discriminator, for Adam.
    betas : pair of float, default=(0.5, 0.999)
        Decay rates of Adam's moving averages.
    discriminator_steps, generator_steps : int, default=1
        Updates of each player in one step.
    penalty : float, default=0
        Factor of the gradient penalty (``wasserstein``) or of R1 (the others).
    decay : float, default=0.99
        Of the average of the generator's weights, from which `sample` draws.
    grow : pair of float, default=(0, 0)
        For ``growing``: share of the steps at 14 x 14, and share that fades in 28 x 28.
    random_state : int, default=0

    Attributes
    ----------
    generator_, discriminator_, average_ : Module
    history_ : DataFrame
        ``discriminator`` and ``generator`` loss of every step.
    n_steps_done_ : int

    Raises
    ------
    ValueError
        From `fit`, if a setting, the images or the labels are out of range.

    Examples
    --------
    >>> images = np.random.default_rng(0).uniform(-1, 1, size=(20, 28, 28))
    >>> model = GAN(labels="projection", n_steps=1, batch_size=4)
    >>> model.fit(images, np.arange(20) % 10).sample(3, y=7).shape
    (3, 28, 28)
    """

    def __init__(
        self,
        architecture: str = "conv",
        *,
        labels: str | None = None,
        objective: str = "minimax",
        n_steps: int = 1000,
        batch_size: int = 32,
        n_latent: int = 32,
        learning_rates: tuple[float, float] = (1e-3, 5e-4),
        betas: tuple[float, float] = (0.5, 0.999),
        discriminator_steps: int = 1,
        generator_steps: int = 1,
        penalty: float = 0.0,
        decay: float = 0.99,
        grow: tuple[float, float] = (0.0, 0.0),
        random_state: int = 0,
    ):
        self.architecture = architecture
        self.labels = labels
        self.objective = objective
        self.n_steps = n_steps
        self.batch_size = batch_size
        self.n_latent = n_latent
        self.learning_rates = learning_rates
        self.betas = betas
        self.discriminator_steps = discriminator_steps
        self.generator_steps = generator_steps
        self.penalty = penalty
        self.decay = decay
        self.grow = grow
        self.random_state = random_state

    def __repr__(self) -> str:
        settings = f"labels={self.labels!r}, n_steps={self.n_steps}"
        return (
            f"GAN({self.architecture!r}, {settings}), {self.n_steps_done_} steps done"
        )

    # --- training -----------------------------------------------------------------

    def fit(
        self,
        X: Any,
        y: Any = None,
        *,
        watch: Callable[[GAN], object] | None = None,
    ) -> GAN:
        """Train from new weights for ``n_steps`` steps.

        Parameters
        ----------
        X : array of shape (n, 28, 28) or (n, 784)
            Images in [-1, 1].
        y : array of shape (n,), optional
            Classes 0 to 9, needed if ``labels`` is set.
        watch : callable, optional
            Called with the model after every step.
        """
        self._start()
        return self.partial_fit(X, y, n_steps=self.n_steps, watch=watch)

    def partial_fit(
        self,
        X: Any,
        y: Any = None,
        *,
        n_steps: int = 1,
        watch: Callable[[GAN], object] | None = None,
    ) -> GAN:
        """Train further; from a file that `save` wrote, with the same images.

        Parameters
        ----------
        X, y, watch
            As for `fit`.
        n_steps : int, default=1
        """
        check_count(n_steps, "n_steps")
        images, classes = self._training_data(X, y)
        if not hasattr(self, "generator_"):
            self._start()
        for _ in range(n_steps):
            self._step(images, classes)
            if watch is not None:
                watch(self)
        return self

    def _training_data(self, X: Any, y: Any) -> tuple[Tensor, Tensor | None]:
        images = torch.from_numpy(check_images(X, "X", minimum=2)[:, None])
        if self.labels is None:
            return images, None
        if y is None:
            raise ValueError(f"y must be given for labels={self.labels!r}")
        return images, torch.from_numpy(check_labels(y, "y", len(images)))

    def _start(self) -> None:
        self._check_settings()
        self.generator_, self.discriminator_ = make_networks(
            self.architecture,
            n_latent=self.n_latent,
            labels=self.labels,
            seed=self.random_state,
        )
        self.average_ = averaged_copy(self.generator_)
        self._optimisers = [
            torch.optim.Adam(
                network.parameters(), lr=rate, betas=(self.betas[0], self.betas[1])
            )
            for network, rate in zip(
                (self.generator_, self.discriminator_), self.learning_rates, strict=True
            )
        ]
        self._rng = torch.Generator().manual_seed(self.random_state)
        self._losses: list[tuple[float, float]] = []

    def _check_settings(self) -> None:
        check_choice(self.objective, "objective", OBJECTIVES)
        for name in ("n_steps", "n_latent", "discriminator_steps", "generator_steps"):
            check_count(getattr(self, name), name)
        # Batch normalisation has no variance to divide by in a batch of one.
        check_count(self.batch_size, "batch_size", minimum=2)
        check_count(self.random_state, "random_state", minimum=0)
        check_number(self.penalty, "penalty")
        check_number(self.decay, "decay", 0, 1)
        for rate in _pair(self.learning_rates, "learning_rates"):
            check_number(rate, "learning_rates", open=True)
        for beta in _pair(self.betas, "betas"):
            check_number(beta, "betas", 0, 0.9999)
        shares = [check_number(g, "grow", 0, 1) for g in _pair(self.grow, "grow")]
        if sum(shares) > 1 or (any(shares) and self.architecture != "growing"):
            raise ValueError(
                "grow must be two shares of at most 1 together, and (0, 0) unless "
                f"architecture='growing', got {self.grow!r}"
            )

    def _step(self, images: Tensor, classes: Tensor | None) -> None:
        self._grow(self.n_steps_done_)
        self.generator_.train()
        for _ in range(self.discriminator_steps):
            d_loss = self._update_discriminator(*self._batch(images, classes))
        for _ in range(self.generator_steps):
            g_loss = self._update_generator()
        update_average(self.average_, self.generator_, self.decay)
        self._losses.append((d_loss, g_loss))

    def _batch(
        self, images: Tensor, classes: Tensor | None
    ) -> tuple[Tensor, Tensor | None]:
        rows = torch.randint(len(images), (self.batch_size,), generator=self._rng)
        x = images[rows]
        if getattr(self.generator_, "small", False):
            x = F.avg_pool2d(x, 2)
        return x, None if classes is None else classes[rows]

    def _update_discriminator(self, real: Tensor, y: Tensor | None) -> float:
        with torch.no_grad():  # no gradient reaches the generator
            fake = self.generator_(self._noise(), y)
        score = partial(self.discriminator_, y=y)
        loss = penalised_loss(
            score, real, fake, self.objective, self.penalty, self._rng
        )
        self._descend(loss, 1)
        return loss.item()

    def _update_generator(self) -> float:
        y = self._classes()
        fake = self.generator_(self._noise(), y)
        # Only the generator's own weights collect a gradient.
        self.discriminator_.requires_grad_(False)
        loss = generator_loss(self.discriminator_(fake, y), self.objective)
        self._descend(loss, 0)
        self.discriminator_.requires_grad_(True)
        return loss.item()

    def _descend(self, loss: Tensor, player: int) -> None:
        self._optimisers[player].zero_grad()
        loss.backward()
        self._optimisers[player].step()

    def _noise(self) -> Tensor:
        return torch.randn(self.batch_size, self.n_latent, generator=self._rng)

    def _classes(self) -> Tensor | None:
        if self.labels is None:
            return None
        return torch.randint(N_CLASSES, (self.batch_size,), generator=self._rng)

    def _grow(self, step: int) -> None:
        """Set the resolution and the blend of growing networks for a step."""
        if self.architecture != "growing":
            return
        done, (small, fade) = step / self.n_steps, self.grow
        alpha = 1.0 if not fade else min(max((done - small) / fade, 0.0), 1.0)
        for network in (self.generator_, self.discriminator_, self.average_):
            network.alpha = alpha  # type: ignore[assignment]
            network.small = done < small  # type: ignore[assignment]

    @property
    def n_steps_done_(self) -> int:
        """Steps trained so far."""
        return len(self._losses) if hasattr(self, "_losses") else 0

    @property
    def history_(self) -> pd.DataFrame:
        """Losses of both players, one row a step."""
        self._check_fitted()
        return pd.DataFrame(self._losses, columns=["discriminator", "generator"])

    # --- use ------------------------------------------------------------------------

    def sample(
        self,
        n: int,
        *,
        y: Any = None,
        random_state: int | None = None,
        averaged: bool = True,
    ) -> np.ndarray:
        """Draw images.

        Parameters
        ----------
        n : int
        y : int or array of shape (n,), optional
            The class or classes asked for; drawn at random if a conditional model is
            asked for none.
        random_state : int, optional
            Seed of the noise; None for other noise at every call.
        averaged : bool, default=True
            Whether the averaged weights draw, or the last ones.

        Returns
        -------
        ndarray of shape (n, 28, 28), float32 in [-1, 1]

        Raises
        ------
        ValueError
            If a class is unknown, or asked of a model without classes.
        """
        rng = torch.Generator()
        if random_state is None:
            rng.seed()
        else:
            rng.manual_seed(check_count(random_state, "random_state", 0, 2**63 - 1))
        z = torch.randn(check_count(n, "n"), self.n_latent, generator=rng)
        return self.draw(z, y=self._asked(y, n, rng), averaged=averaged)

    def draw(self, z: Any, *, y: Any = None, averaged: bool = True) -> np.ndarray:
        """Return the images of given noise, of shape (n, n_latent), and classes."""
        self._check_fitted()
        z = torch.from_numpy(as_numbers(z, "z")).float()
        if z.ndim != 2 or z.shape[1] != self.n_latent or not len(z):
            raise ValueError(
                f"z must have shape (n, {self.n_latent}), got {tuple(z.shape)}"
            )
        if not torch.isfinite(z).all():
            raise ValueError("z must be finite, got NaN or infinity")
        network = self.average_ if averaged else self.generator_
        classes = self._asked(y, len(z), self._rng)
        return draw_images(network, z, classes)

    def _check_fitted(self) -> None:
        if not hasattr(self, "generator_"):
            raise ValueError("this GAN is not fitted: call fit first")

    def _asked(self, y: Any, n: int, rng: torch.Generator) -> Tensor | None:
        if self.labels is None:
            if y is not None:
                raise ValueError("y must be None: this GAN was built without labels")
            return None
        if y is None:
            return torch.randint(N_CLASSES, (n,), generator=rng)
        y = np.full(n, y) if np.ndim(y) == 0 else y
        return torch.from_numpy(check_labels(y, "y", n))

    def score(self, X: Any, y: Any = None) -> np.ndarray:
        """Return the discriminator's logits of images, shape (n,)."""
        self._check_fitted()
        images, classes = self._training_data(X, y)
        with torch.no_grad():
            return self.discriminator_(images, classes)[:, 0].numpy()

    def slopes(self, X: Any, y: Any = None) -> np.ndarray:
        """Return the length of the discriminator's gradient at each image, shape (n,)."""
        self._check_fitted()
        images, classes = self._training_data(X, y)
        norms = gradient_norms(partial(self.discriminator_, y=classes), images)
        return norms.detach().numpy()

    # --- files ----------------------------------------------------------------------

    def save(self, path: str | Path) -> None:
        """Write all that training needs to go on as if it had not stopped."""
        self._check_fitted()
        save_checkpoint(
            path,
            {
                "settings": {name: getattr(self, name) for name in SETTINGS},
                "networks": [n.state_dict() for n in self._networks()],
                "optimisers": [o.state_dict() for o in self._optimisers],
                "rng": self._rng.get_state(),
                "losses": self._losses,
            },
            KIND,
        )

    def restore(self, path: str | Path) -> GAN:
        """Take over the state of a file, which a GAN of the same settings wrote.

        Raises
        ------
        CheckpointError
            If the file is truncated, altered, or of other settings; the message names
            both.
        """
        state = load_checkpoint(path, KIND)
        mine = {name: getattr(self, name) for name in SETTINGS}
        for name, value in _settings(state, path).items():
            # More steps may follow, unless growth was planned over all of them.
            planned = name != "n_steps" or self.architecture == "growing"
            if value != mine[name] and planned:
                raise CheckpointError(
                    f"{path} holds a GAN with {name}={value!r}, "
                    f"this one has {name}={mine[name]!r}"
                )
        self._start()
        for network, saved in zip(self._networks(), state["networks"], strict=True):
            network.load_state_dict(saved)
        for optimiser, saved in zip(self._optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)
        self._rng.set_state(state["rng"])
        self._losses = list(state["losses"])
        self._grow(max(self.n_steps_done_ - 1, 0))  # as the last step left it
        return self

    @classmethod
    def load(cls, path: str | Path) -> GAN:
        """Return a GAN with the settings and the state of a file that `save` wrote.

        Raises
        ------
        CheckpointError
            If the file is truncated, altered, or of another kind.
        """
        return cls(**_settings(load_checkpoint(path, KIND), path)).restore(path)

    def _networks(self) -> tuple[nn.Module, nn.Module, nn.Module]:
        return self.generator_, self.discriminator_, self.average_


def _pair(values: Any, name: str) -> tuple[Any, Any]:
    if not isinstance(values, tuple | list) or len(values) != 2:
        raise ValueError(f"{name} must be a pair of numbers, got {values!r}")
    return values[0], values[1]


def _settings(state: dict[str, Any], path: str | Path) -> dict[str, Any]:
    settings = state.get("settings", {})
    if set(settings) != set(SETTINGS) or not set(STATE) <= set(state):
        raise CheckpointError(f"{path} holds a GAN of another version")
    return dict(settings)


@torch.no_grad()
def draw_images(network: nn.Module, z: Tensor, y: Tensor | None) -> np.ndarray:
    """Return images of shape (n, 28, 28), each independent of its batch mates."""
    training = network.training
    network.eval()  # batch normalisation by running statistics
    images = torch.cat(
        [
            network(z[k : k + 500], None if y is None else y[k : k + 500])
            for k in range(0, len(z), 500)
        ]
    )
    network.train(training)
    if images.shape[-1] == 14:  # a growing network in its first stage
        images = F.interpolate(images, scale_factor=2)
    return images[:, 0].numpy()
