"""Record the race over five seeds, and two generators on the full MNIST."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from sklearn.decomposition import PCA

from mlmastery.datasets import fingerprint, load_animal_shapes, load_mnist
from mlmastery.datasets.kit.tiers import embedded_tier
from mlmastery.gan.baseline import PCAGaussian
from mlmastery.gan.classifier import DigitClassifier
from mlmastery.gan.images import split_digits, to_images
from mlmastery.gan.metrics import frechet_distance
from mlmastery.gan.race import ENTRANTS, Judge, draw, entrant, race
from mlmastery.gan.ring import RECIPES, covered_modes, train_ring
from mlmastery.gan.training import GAN
from mlmastery.ledger import Recorded, cpu_timed, write_recorded_table
from mlmastery.spread import Spread

__all__ = ["record"]

SEEDS = range(101, 106)
FULL_STEPS = 6000
FULL = "60,000 training images; 5,000 samples against half of the test digits"
GROWING_STEPS = 1400


def record(data_dir: Path) -> list[Recorded]:
    """Measure the race, the ring and augmentation on five seeds, and the full MNIST.

    Writes the tables ``race``, ``floor``, ``ring``, ``growing``, ``augmentation``,
    ``silhouettes`` and ``full`` to ``recorded/gan``.

    Parameters
    ----------
    data_dir : Path
        Holds the folder ``mnist`` of the original.

    Returns
    -------
    list of Recorded
    """
    torch.set_num_threads(1)
    record_race()
    record_ring()
    record_growing()
    record_augmentation()
    record_silhouettes()
    return full_figures(record_full())


def _embedded() -> list[Any]:
    """Return the parts of the 5,000 digits, whatever the tier in force."""
    with embedded_tier():
        return split_digits(load_mnist())


class PixelSpace(DigitClassifier):
    """The first 64 principal components of the pixels, instead of a classifier's layer."""

    def fit(self, X: Any, y: Any = None) -> PixelSpace:
        """Find the components."""
        self.pca_ = PCA(64, random_state=0).fit(np.reshape(X, (len(X), -1)))
        return self

    def features(self, X: Any) -> np.ndarray:
        """Return the scores of the components."""
        return self.pca_.transform(np.reshape(X, (len(X), -1)))


def _judges(X: Any, y: Any, reference: Any) -> dict[str, Judge]:
    spaces = {
        "FD": DigitClassifier().fit(X, y),
        "second FD": DigitClassifier(random_state=1, n_features=32).fit(X, y),
        "pixel FD": PixelSpace().fit(X),
    }
    return {name: Judge(space, reference) for name, space in spaces.items()}


def record_race() -> pd.DataFrame:
    """Race all entrants at four budgets on five seeds; judge floor and baseline too."""
    X, y, reference, _, other, _ = _embedded()
    judges = _judges(X, y, reference)
    rows = [{"model": "real", **_distances(judges, other)}]
    for seed in SEEDS:
        model, seconds = cpu_timed(partial(PCAGaussian().fit, X))
        images = model.sample(1000, random_state=seed)
        row = {"model": "PCA + Gaussian", "seed": seed, "seconds": seconds}
        rows.append({**row, **_distances(judges, images)})
    write_recorded_table(pd.DataFrame(rows).round(4), "gan", "floor")
    tables = []
    for seed in SEEDS:
        tables.append(race(ENTRANTS, X, y, judges, random_state=seed))
        write_recorded_table(pd.concat(tables).round(4), "gan", "race")
    return pd.concat(tables)


def _distances(judges: dict[str, Judge], images: Any) -> dict[str, float]:
    distances = {name: judge.distance(images) for name, judge in judges.items()}
    return {**judges["FD"].measure(images), **distances}


def record_ring() -> pd.DataFrame:
    """Count the modes of each recipe on five seeds."""
    rows = []
    for seed in SEEDS:
        for recipe in RECIPES:
            run, seconds = cpu_timed(partial(train_ring, recipe, random_state=seed))
            modes, near = covered_modes(run.points)
            row = {"recipe": recipe, "seed": seed, "modes": modes, "near": near}
            rows.append({**row, "seconds": seconds})
    return write_recorded_table(pd.DataFrame(rows).round(4), "gan", "ring")


def record_growing() -> pd.DataFrame:
    """Train growing networks and the same at full size, for equal steps and seconds."""
    X, y, reference, *_ = _embedded()
    judge = Judge(DigitClassifier().fit(X, y), reference)
    runs: dict[str, dict[str, Any]] = {
        "growing": {"grow": (0.4, 0.3)},
        "direct": {},
    }
    rows = []
    for seed in SEEDS:
        for name, settings in runs.items():
            model = GAN("growing", n_steps=GROWING_STEPS, random_state=seed, **settings)
            _, seconds = cpu_timed(partial(model.fit, X))
            report = judge.measure(draw(model)[0])
            rows.append({"run": name, "seed": seed, "seconds": seconds, **report})
    return write_recorded_table(pd.DataFrame(rows).round(4), "gan", "growing")


def record_augmentation(n_labelled: int = 500) -> pd.DataFrame:
    """Train a classifier on few labels, with and without a conditional GAN's digits.

    The generator sees the same few labelled digits and no others.
    """
    X, y, reference, reference_y, other, other_y = _embedded()
    test, truth = np.concatenate([reference, other]), np.r_[reference_y, other_y]
    rows = []
    for seed in SEEDS:
        few = np.random.default_rng(seed).choice(len(X), n_labelled, replace=False)
        model = entrant("cGAN, projection", 15, random_state=seed).fit(X[few], y[few])
        images, asked = draw(model, 2 * n_labelled, random_state=seed)
        sets = {
            "real": (X[few], y[few]),
            "real and generated": (
                np.concatenate([X[few], images]),
                np.r_[y[few], asked],
            ),
        }
        for name, (images, labels) in sets.items():
            # Equal numbers of updates: three times the images, a third of the epochs.
            epochs = 30 if name == "real" else 10
            net = DigitClassifier(n_epochs=epochs, random_state=seed)
            accuracy = (net.fit(images, labels).predict(test) == truth).mean()
            rows.append({"training": name, "seed": seed, "accuracy": accuracy})
    return write_recorded_table(pd.DataFrame(rows).round(4), "gan", "augmentation")


def record_silhouettes() -> pd.DataFrame:
    """Judge the projection GAN, the baseline and the floor on silhouettes of animals."""
    with embedded_tier():
        table = load_animal_shapes()
    pixels = np.stack(table["image"].to_list()).astype(np.float32)
    images, classes = pixels / 127.5 - 1, pd.factorize(table["animal"], sort=True)[0]
    order = np.random.default_rng(0).permutation(len(table))
    train, reference, other = order[:-2000], order[-2000:-1000], order[-1000:]
    classifier = DigitClassifier().fit(images[train], classes[train])
    judge = Judge(classifier, images[reference])
    right = classifier.predict(images[other]) == classes[other]
    measured = judge.measure(images[other])
    rows = [{"model": "real", "accuracy": right.mean(), **measured}]
    pca = PCAGaussian().fit(images[train])
    rows.append({"model": "PCA + Gaussian", **judge.measure(*draw(pca))})
    model = entrant("cGAN, projection", 30, random_state=SEEDS[0])
    _, seconds = cpu_timed(partial(model.fit, images[train], classes[train]))
    measured = judge.measure(*draw(model))
    rows.append({"model": "cGAN, projection", "seconds": seconds, **measured})
    return write_recorded_table(pd.DataFrame(rows).round(4), "gan", "silhouettes")


def record_full() -> pd.DataFrame:
    """Train two generators on 60,000 digits and judge them by the official test part."""
    table = load_mnist()
    images, labels = to_images(table), table["digit"].to_numpy()
    X, y, test, truth = images[:60000], labels[:60000], images[60000:], labels[60000:]
    classifier = DigitClassifier(n_epochs=2).fit(X, y)
    half = np.random.default_rng(0).permutation(10000)
    reference, other = test[half[:5000]], test[half[5000:]]
    judge = Judge(classifier, reference)
    accuracy = float((classifier.predict(test) == truth).mean())
    rows: list[dict[str, Any]] = [
        {"model": "real", "accuracy": accuracy, **_full_row(judge, other, None)}
    ]
    pca = PCAGaussian().fit(X)
    rows.append({"model": "PCA + Gaussian", **_full_row(judge, *draw(pca, 5000))})
    for name in ("DCGAN", "cGAN, projection"):
        model = GAN(n_steps=FULL_STEPS, random_state=101, **ENTRANTS[name])
        _, seconds = cpu_timed(partial(model.fit, X, y))
        row = {"model": name, "seconds": seconds}
        rows.append({**row, **_full_row(judge, *draw(model, 5000))})
    return write_recorded_table(pd.DataFrame(rows).round(4), "gan", "full")


def _full_row(judge: Judge, images: Any, asked: Any) -> dict[str, float]:
    features = judge.classifier.features(images)
    rng, reference = np.random.default_rng(0), judge.reference_
    draws = []
    for _ in range(20):  # both sets drawn again
        a, b = (f[rng.integers(0, len(f), len(f))] for f in (features, reference))
        draws.append(frechet_distance(a, b))
    return {**judge.measure(images, asked), "sd": float(np.std(draws, ddof=1))}


def full_figures(table: pd.DataFrame) -> list[Recorded]:
    """Return the distances on the full MNIST."""
    sha = fingerprint("mnist")
    return [
        Recorded(
            f"full MNIST, {row.model}",
            float(row.FD),
            Spread.sd(float(row.sd)),
            "Fréchet distance",
            FULL,
            float(np.nan_to_num(row.seconds)),
            sha,
        )
        for row in table.itertuples()
    ]
