"""The race on photographs: recorded once, as they cannot be shipped with the book."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from sklearn.model_selection import StratifiedKFold, StratifiedShuffleSplit

from mlmastery.datasets import fingerprint, load_cats_dogs
from mlmastery.image_classifier.networks import CNNClassifier
from mlmastery.image_classifier.transfer import (
    FineTunedClassifier,
    backbone,
    linear_probe,
    pooled,
)
from mlmastery.record import Recorded, default_path

FROZEN_STEPS = 12
CNN_SIZE = 64
CNN_EPOCHS = 20
TUNED_EPOCHS = 2
FEW, DRAWS = 50, 20


def record(data_dir: Path) -> list[Recorded]:
    """Measure the chapter's entrants on the user's photographs.

    Parameters
    ----------
    data_dir : Path
        The folder that MLMASTERY_DATA names.

    Returns
    -------
    list of Recorded
        Accuracy over five folds: frozen features, fine-tuned; over three of the folds
        the network from scratch; and frozen features from 50 photographs.
    """
    photographs = load_cats_dogs(size=224)
    digest = fingerprint("cats_dogs")
    y = (photographs["animal"] == "dog").to_numpy()
    folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(y, y))
    start = time.perf_counter()
    network = backbone(size=224)
    trunk = network.until(np.stack(photographs["image"]), FROZEN_STEPS)
    with torch.inference_mode():
        parts = [pooled(network(b, start=FROZEN_STEPS)) for b in trunk.split(64)]
    features = torch.cat(parts).numpy()
    shared = time.perf_counter() - start
    n = f"{len(y):,} photographs"
    races = (
        (
            "frozen features",
            f"{n}, 224 pixels, EfficientNet-Lite0 and logistic regression, 5 folds",
            shared,
            _frozen(features, y, folds),
        ),
        (
            "fine-tuned",
            f"{n}, 224 pixels, EfficientNet-Lite0, last 6 of 18 steps trained for "
            f"{TUNED_EPOCHS} epochs, 5 folds with 5 seeds",
            shared,
            _fine_tuned(network, trunk, y, folds),
        ),
        (
            f"frozen features, {FEW} photographs",
            f"{FEW} photographs to learn from, {DRAWS} draws, tested on the others",
            shared,
            _few(features, y),
        ),
        (
            "network from scratch",
            f"{n}, {CNN_SIZE} pixels, 16, 32 and 64 filters, augmented, up to "
            f"{CNN_EPOCHS} epochs, 3 of the 5 folds with 3 seeds",
            0.0,
            _scratch(y, folds[:3]),
        ),
    )
    return [_recorded(*race, digest) for race in races]


def recorded_race() -> pd.DataFrame:
    """Return the figures that `record` measured when it last ran.

    Returns
    -------
    DataFrame
        The fields of `Recorded`, with ``value`` renamed to ``accuracy``.

    Raises
    ------
    FileNotFoundError
        If the ledger is not there: it lies in the repository.
    """
    ledger = json.loads(default_path("image_classifier").read_text(encoding="utf-8"))
    return pd.DataFrame(ledger["figures"]).rename(columns={"value": "accuracy"})


def _recorded(
    name: str, protocol: str, before: float, scores: Iterator[float], digest: str
) -> Recorded:
    start = time.perf_counter()
    found = np.array(list(scores))
    seconds = round(before + time.perf_counter() - start, 1)
    value, spread = float(found.mean()), float(found.std(ddof=1))
    return Recorded(name, value, spread, "accuracy", protocol, seconds, digest)


def _frozen(features, y, folds) -> Iterator[float]:
    for train, test in folds:
        yield (
            linear_probe().fit(features[train], y[train]).score(features[test], y[test])
        )


def _fine_tuned(network, trunk, y, folds) -> Iterator[float]:
    for seed, (train, test) in enumerate(folds):
        model = FineTunedClassifier(
            network, FROZEN_STEPS, epochs=TUNED_EPOCHS, random_state=seed
        )
        model.fit_trunk(trunk[train], y[train])
        p = model.proba_trunk(trunk[test])[:, 1]
        yield float(np.mean((p > 0.5) == y[test]))


def _few(features, y) -> Iterator[float]:
    draws = StratifiedShuffleSplit(DRAWS, train_size=FEW, random_state=0)
    yield from _frozen(features, y, draws.split(features, y))


def _scratch(y, folds) -> Iterator[float]:
    images = np.stack(load_cats_dogs(size=CNN_SIZE)["image"])
    for seed, (train, test) in enumerate(folds):
        model = CNNClassifier(
            augment=1.0, epochs=CNN_EPOCHS, patience=8, random_state=seed
        )
        yield model.fit(images[train], y[train]).score(images[test], y[test])
