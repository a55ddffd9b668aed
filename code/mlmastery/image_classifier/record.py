"""The race on photographs: recorded once, as they cannot be shipped with the book."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedKFold, StratifiedShuffleSplit

from mlmastery.datasets import fingerprint, load_cats_dogs
from mlmastery.image_classifier.networks import CNNClassifier
from mlmastery.image_classifier.transfer import (
    FineTunedClassifier,
    LiteNet,
    backbone,
    linear_probe,
)
from mlmastery.record import Recorded, ledger

FROZEN_STEPS, TUNED_EPOCHS = 12, 2
SIZE, SMALL_SIZE = 224, 112
CNN_SIZE, CNN_EPOCHS = 64, 15
FEW, DRAWS = 50, 20
REPEATS = 2


def record(data_dir: Path) -> list[Recorded]:
    """Measure the chapter's entrants on the user's photographs.

    Parameters
    ----------
    data_dir : Path
        The folder that MLMASTERY_DATA names.

    Returns
    -------
    list of Recorded
        Accuracies with their standard deviation over folds, seeds or draws, and
        processor seconds.
    """
    animals = load_cats_dogs(size=CNN_SIZE)["animal"]
    y = (animals == "dog").to_numpy()
    folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(y, y))
    n, net = f"{len(y):,} photographs", "EfficientNet-Lite0"
    races = {
        "frozen features": (
            f"{n}, {SIZE} pixels, {net} and logistic regression, 5 folds",
            _frozen(SIZE, y, folds),
        ),
        "fine-tuned": (
            f"{n}, {SIZE} pixels, {net}, last 6 of 18 steps trained for "
            f"{TUNED_EPOCHS} epochs, {REPEATS} of the folds, {REPEATS} seeds",
            _fine_tuned(y, folds[:REPEATS]),
        ),
        "frozen features, small": (
            f"{n}, {SMALL_SIZE} pixels, {net} and logistic regression, 5 folds",
            _frozen(SMALL_SIZE, y, folds),
        ),
        f"frozen features, {FEW} photographs": (
            f"{SMALL_SIZE} pixels, {FEW} photographs to learn from, {DRAWS} draws, "
            "tested on all others",
            _few(y),
        ),
        "network from scratch": (
            f"{n}, {CNN_SIZE} pixels, 16, 32 and 64 filters, augmented, up to "
            f"{CNN_EPOCHS} epochs, {REPEATS} of the folds, {REPEATS} seeds",
            _scratch(y, folds[:REPEATS]),
        ),
    }
    digest = fingerprint("cats_dogs")
    return [_recorded(name, *race, digest) for name, race in races.items()]


def recorded_race() -> pd.DataFrame:
    """Return the figures that `record` measured when it last ran.

    Returns
    -------
    DataFrame
        The fields of `Recorded`, with ``value`` renamed to ``accuracy``.

    Raises
    ------
    RecordError
        If the ledger is not there.
    """
    return pd.DataFrame(ledger("image_classifier")["figures"]).rename(
        columns={"value": "accuracy"}
    )


def _recorded(
    name: str, protocol: str, scores: Iterator[float], digest: str
) -> Recorded:
    start = time.process_time()
    found = np.array(list(scores))
    seconds = round(time.process_time() - start, 1)
    value, spread = float(found.mean()), float(found.std(ddof=1))
    return Recorded(name, value, spread, "accuracy", protocol, seconds, digest)


def _images(size: int) -> np.ndarray:
    return np.stack(load_cats_dogs(size=size)["image"])


def _frozen(size: int, y: np.ndarray, splits) -> Iterator[float]:
    features = backbone(size=size).features(_images(size))
    for train, test in splits:
        probe = linear_probe().fit(features[train], y[train])
        yield probe.score(features[test], y[test])


def _few(y: np.ndarray) -> Iterator[float]:
    draws = StratifiedShuffleSplit(DRAWS, train_size=FEW, random_state=0)
    yield from _frozen(SMALL_SIZE, y, draws.split(y, y))


def _fine_tuned(y: np.ndarray, folds) -> Iterator[float]:
    network = backbone(size=SIZE)
    assert isinstance(network, LiteNet)  # the only one that is cut into steps
    trunk = network.until(_images(SIZE), FROZEN_STEPS)
    for seed, (train, test) in enumerate(folds):
        model = FineTunedClassifier(
            network, FROZEN_STEPS, epochs=TUNED_EPOCHS, random_state=seed
        )
        p = model.fit_trunk(trunk[train], y[train]).proba_trunk(trunk[test])[:, 1]
        yield float(np.mean((p > 0.5) == y[test]))


def _scratch(y: np.ndarray, folds) -> Iterator[float]:
    images = _images(CNN_SIZE)
    for seed, (train, test) in enumerate(folds):
        model = CNNClassifier(
            augment=1.0, epochs=CNN_EPOCHS, patience=8, random_state=seed
        )
        yield model.fit(images[train], y[train]).score(images[test], y[test])
