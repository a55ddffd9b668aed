"""The chapter's generators, and what each is judged by.

``STEPS`` holds the steps that each entrant makes in about ten CPU seconds of the machine
on which the race was recorded, so that a race repeats exactly on any machine.

>>> entrant("DCGAN", 10, random_state=3).n_steps
1000
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.gan.baseline import PCAGaussian
from mlmastery.gan.classifier import DigitClassifier
from mlmastery.gan.images import check_labels
from mlmastery.gan.metrics import frechet_distance, precision_recall
from mlmastery.gan.training import GAN
from mlmastery.inference import PairedInterval, paired_interval
from mlmastery.ledger import cpu_timed
from mlmastery.validation import check_choice, check_number

__all__ = ["ENTRANTS", "STEPS", "Judge", "compare", "draw", "entrant", "race"]

WASSERSTEIN: dict[str, Any] = {
    "objective": "wasserstein",
    "discriminator_steps": 3,
    "penalty": 10.0,
    "learning_rates": (1e-3, 1e-3),
    "betas": (0.0, 0.9),
}
ENTRANTS: dict[str, dict[str, Any]] = {
    "MLP GAN": {"architecture": "mlp"},
    "DCGAN": {},
    "WGAN-GP": WASSERSTEIN,
    "cGAN, planes": {"labels": "planes"},
    "cGAN, projection": {"labels": "projection"},
}
STEPS = {
    "MLP GAN": 2000,
    "DCGAN": 1000,
    "WGAN-GP": 290,
    "cGAN, planes": 800,
    "cGAN, projection": 1000,
}
N_SAMPLES = 1000


def entrant(name: str, seconds: float, random_state: int = 0) -> GAN:
    """Return an untrained entrant with the steps of about so many CPU seconds.

    Parameters
    ----------
    name : str
        One of ``ENTRANTS``.
    seconds : float
    random_state : int, default=0
    """
    check_choice(name, "name", ENTRANTS)
    check_number(seconds, "seconds", open=True)
    n_steps = max(round(STEPS[name] * seconds / 10), 1)
    return GAN(n_steps=n_steps, random_state=random_state, **ENTRANTS[name])


class Judge:
    """Distance, precision, recall and classes of samples, against one set of real digits.

    Parameters
    ----------
    classifier : DigitClassifier
        Fitted; its features are the space of the distance.
    reference : array of shape (n, 28, 28)
        Real digits that neither it nor a generator was trained on.
    """

    def __init__(self, classifier: DigitClassifier, reference: Any):
        self.classifier = classifier
        self.reference_ = classifier.features(reference)
        self.n_scored = 0

    def distance(self, images: Any) -> float:
        """Return the Fréchet distance of images from the reference."""
        self.n_scored += 1
        return frechet_distance(self.classifier.features(images), self.reference_)

    def report(self) -> str:
        """Say how often the reference was used, since each look is a chance to choose."""
        n = len(self.reference_)
        return f"The {n:,} reference images were compared {self.n_scored} times."

    def measure(self, images: Any, y: Any = None) -> dict[str, float]:
        """Return all measures of images, and of the classes that were asked for.

        Returns
        -------
        dict
            ``FD``, ``precision``, ``recall``, ``classes`` (those that at least 1 % of
            the images are read as) and ``as asked`` (NaN without ``y``).
        """
        if y is not None:
            y = check_labels(y, "y", len(images))
        self.n_scored += 1
        features = self.classifier.features(images)
        read = self.classifier.predict(images)
        shares = np.bincount(read, minlength=10) / len(read)
        asked = float("nan") if y is None else float((read == y).mean())
        return {
            "FD": frechet_distance(features, self.reference_),
            **precision_recall(self.reference_, features)._asdict(),
            "classes": int((shares >= 0.01).sum()),
            "as asked": asked,
        }


def compare(
    table: pd.DataFrame, first: str, second: str, column: str, budget: float
) -> PairedInterval:
    """Return the paired interval over the seeds of one model's figure less another's.

    Parameters
    ----------
    table : DataFrame
        From `race`.
    first, second : str
        Models.
    column : str
        The figure, such as ``"FD"``.
    budget : float
    """
    check_choice(budget, "budget", table["budget"].unique().tolist())
    at = table[table["budget"] == budget]
    for name in (first, second):
        check_choice(name, "model", at["model"].unique().tolist())
    wide = at.pivot(index="seed", columns="model", values=column)
    return paired_interval(wide[first], wide[second], 0)


def draw(model: GAN | PCAGaussian, n: int = N_SAMPLES, random_state: int = 0) -> Any:
    """Return samples and the classes asked for: each equally often, or None."""
    if isinstance(model, GAN) and model.labels is not None:
        y = np.arange(n) % 10
        return model.sample(n, y=y, random_state=random_state), y
    return model.sample(n, random_state=random_state), None


def race(
    names: Any,
    X: Any,
    y: Any,
    judges: Mapping[str, Judge],
    *,
    budgets: Any = (5, 10, 20, 30),
    random_state: int = 0,
) -> pd.DataFrame:
    """Train entrants for the steps of several budgets, and judge each at each budget.

    Parameters
    ----------
    names : iterable of str
    X, y : arrays
        Training images and classes.
    judges : dict of str to Judge
        The first gives all measures, the others their distance alone.
    budgets : sequence of float
        CPU seconds, ascending; training goes on from one to the next.
    random_state : int, default=0

    Returns
    -------
    DataFrame
        One row per entrant and budget.
    """
    rows = []
    first, *others = judges
    for name in names:
        model, spent, done = entrant(name, budgets[-1], random_state), 0.0, 0
        for budget in budgets:
            n_steps = entrant(name, budget).n_steps - done
            _, seconds = cpu_timed(partial(model.partial_fit, X, y, n_steps=n_steps))
            spent, done = spent + seconds, done + n_steps
            images, asked = draw(model)
            rows.append(
                {
                    "model": name,
                    "seed": random_state,
                    "budget": budget,
                    "seconds": spent,
                    **judges[first].measure(images, asked),
                    **{key: judges[key].distance(images) for key in others},
                }
            )
    return pd.DataFrame(rows)
