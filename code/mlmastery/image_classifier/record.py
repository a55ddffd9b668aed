"""The contest on photographs: recorded once, as they cannot be shipped."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, StratifiedShuffleSplit
from sklearn.neighbors import KNeighborsClassifier
from torch import Tensor

from mlmastery.datasets import fingerprint, load_cats_dogs
from mlmastery.image_classifier.networks import CNNClassifier
from mlmastery.image_classifier.transfer import (
    FineTunedClassifier,
    LiteNet,
    backbone,
    linear_probe,
)
from mlmastery.inference import t_interval
from mlmastery.ledger import Recorded, cpu_timed, figures_table
from mlmastery.spread import Spread
from mlmastery.storage import replacing

FOLDS = 5
SIZE, SMALL_SIZE, PIXEL_SIZE = 224, 112, 28
FROZEN_STEPS, TUNED_EPOCHS = 15, 2
CNN_SIZE, CNN_EPOCHS, CNN_FILTERS, CNN_FOLDS = 96, 30, (16, 32, 64, 64), 3
FEW, DRAWS = (10, 50, 200), 20
PLAIN = {
    "pixels, logistic regression": LogisticRegression(C=0.01, max_iter=500),
    "pixels, 3 neighbours": KNeighborsClassifier(3),
    "pixels, random forest": RandomForestClassifier(200, random_state=0),
}
Splits = list[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Entrant:
    """A model in the contest: its protocol, its repeats, and how it is scored."""

    name: str
    protocol: str
    repeats: int
    scores: Callable[["Photos"], Iterator[float]]


class Photos:
    """The user's photographs, their folds, and a pretrained network's activations."""

    @cached_property
    def y(self) -> np.ndarray:
        """Whether each is a dog."""
        return (load_cats_dogs(size=PIXEL_SIZE)["animal"] == "dog").to_numpy()

    @cached_property
    def folds(self) -> Splits:
        """Training and test rows; the same for every entrant."""
        splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
        return list(splitter.split(self.y, self.y))

    @cached_property
    def network(self) -> LiteNet:
        """The backbone, for pictures of full size."""
        network = backbone(size=SIZE)
        assert isinstance(network, LiteNet)  # the only one that is cut into steps
        return network

    @cached_property
    def activations(self) -> Tensor:
        """The activations after the frozen steps."""
        return self.network.forward_to(images(SIZE), FROZEN_STEPS)

    @cached_property
    def features(self) -> np.ndarray:
        """The frozen features, at full size."""
        return self.network.forward_from(self.activations, FROZEN_STEPS)


def images(size: int) -> np.ndarray:
    """Return the photographs as squares, (n, size, size, 3)."""
    return np.stack(load_cats_dogs(size=size)["image"])


def score_frozen(photos: Photos) -> Iterator[float]:
    """Score logistic regression on the frozen features."""
    yield from _score_probe(photos.features, photos.y, photos.folds)


def score_frozen_small(photos: Photos) -> Iterator[float]:
    """Score logistic regression on the features of pictures of half the side."""
    features = backbone(size=SMALL_SIZE).features(images(SMALL_SIZE))
    yield from _score_probe(features, photos.y, photos.folds)


def score_frozen_keras(name: str) -> Callable[[Photos], Iterator[float]]:
    """Return a function that scores the frozen features of VGG16 or ResNet50."""

    def scores(photos: Photos) -> Iterator[float]:
        features = backbone(name, SIZE).features(images(SIZE))
        yield from _score_probe(features, photos.y, photos.folds)

    return scores


def score_few(n: int) -> Callable[[Photos], Iterator[float]]:
    """Return a function that scores frozen features after n photographs."""
    draws = StratifiedShuffleSplit(DRAWS, train_size=n, random_state=0)
    return lambda photos: _score_probe(
        photos.features, photos.y, draws.split(photos.y, photos.y)
    )


def _score_probe(features: np.ndarray, y: np.ndarray, splits: Any) -> Iterator[float]:
    for train, test in splits:
        probe = linear_probe().fit(features[train], y[train])
        yield probe.score(features[test], y[test])


def score_tuned(photos: Photos) -> Iterator[float]:
    """Score a network whose last steps were fine-tuned."""
    activations, y = photos.activations, photos.y
    for seed, (train, test) in enumerate(photos.folds):
        model = FineTunedClassifier(
            photos.network, FROZEN_STEPS, epochs=TUNED_EPOCHS, random_state=seed
        )
        model.fit_activations(activations[train], y[train])
        p = model.predict_proba_activations(activations[test])
        yield float(np.mean((p[:, 1] > 0.5) == y[test]))


def score_scratch(photos: Photos) -> Iterator[float]:
    """Score the chapter's own network, from random weights."""
    squares, y = images(CNN_SIZE), photos.y
    model = CNNClassifier(CNN_FILTERS, augment=1.0, epochs=CNN_EPOCHS, patience=10)
    train_again = model.fit
    for seed, (train, test) in enumerate(photos.folds[:CNN_FOLDS]):
        model.set_params(random_state=seed)
        train_again(squares[train], y[train])
        yield model.score(squares[test], y[test])
        train_again = model.refit  # other weights, the same compiled graph


def score_pixels(model: Any) -> Callable[[Photos], Iterator[float]]:
    """Return a function that scores a classifier of small grey pictures."""

    def scores(photos: Photos) -> Iterator[float]:
        pixels = images(PIXEL_SIZE).mean(axis=3).reshape(len(photos.y), -1) / 255
        for train, test in photos.folds:
            fitted = clone(model).fit(pixels[train], photos.y[train])
            yield fitted.score(pixels[test], photos.y[test])

    return scores


NET = "EfficientNet-Lite0"
ENTRANTS = (
    *(
        Entrant(
            name, f"{PIXEL_SIZE} grey pixels, {FOLDS} folds", FOLDS, score_pixels(model)
        )
        for name, model in PLAIN.items()
    ),
    Entrant(
        "network from scratch",
        f"{CNN_SIZE} pixels, convolutions of {CNN_FILTERS} filters, augmented, up to "
        f"{CNN_EPOCHS} epochs, {CNN_FOLDS} of the {FOLDS} folds, a seed for each",
        CNN_FOLDS,
        score_scratch,
    ),
    *(
        Entrant(
            f"frozen features, {n} photographs",
            f"{SIZE} pixels, {NET} and logistic regression, {n} photographs to learn "
            f"from, {DRAWS} draws, tested on all others",
            DRAWS,
            score_few(n),
        )
        for n in FEW
    ),
    Entrant(
        "frozen features, half the side",
        f"{SMALL_SIZE} pixels, {NET} and logistic regression, {FOLDS} folds",
        FOLDS,
        score_frozen_small,
    ),
    Entrant(
        "frozen features",
        f"{SIZE} pixels, {NET} and logistic regression, {FOLDS} folds",
        FOLDS,
        score_frozen,
    ),
    Entrant(
        "fine-tuned",
        f"{SIZE} pixels, {NET}, first the head, then the last {18 - FROZEN_STEPS} of 18 steps "
        f"for {TUNED_EPOCHS} epochs, {FOLDS} folds, a seed for each",
        FOLDS,
        score_tuned,
    ),
)


# Files of ImageNet weights that Keras keeps once they have been fetched.
KERAS_WEIGHTS = {
    name: f"{name}_weights_tf_dim_ordering_tf_kernels_notop.h5"
    for name in ("vgg16", "resnet50")
}


def entrants_with_weights() -> tuple[Entrant, ...]:
    """Return the entrants of ``keras.applications`` whose weights are here."""
    home = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")) / "models"
    return tuple(
        Entrant(
            f"frozen features, {name}",
            f"{SIZE} pixels, {name} and logistic regression, {FOLDS} folds",
            FOLDS,
            score_frozen_keras(name),
        )
        for name, file in KERAS_WEIGHTS.items()
        if (home / file).is_file()
    )


def record(data_dir: Path) -> list[Recorded]:
    """Measure the chapter's entrants on the user's photographs.

    Each score is kept in the cache until all are there, so that a run that was cut
    off goes on where it stopped.

    Parameters
    ----------
    data_dir : Path
        The folder that MLMASTERY_DATA names.

    Returns
    -------
    list of Recorded
        Accuracies with their standard deviation over folds or draws, and processor
        seconds. The pass through the pretrained network is counted where it is needed
        first.
    """
    # The page reads this module too, and what downloads needs it does not.
    from mlmastery.datasets.kit.download import cache_folder

    photos, digest = Photos(), fingerprint("cats_dogs")
    parts = cache_folder("image_classifier_parts") / digest[:16]
    parts.mkdir(parents=True, exist_ok=True)
    figures = [
        _measure_once(parts, entrant, photos, digest)
        for entrant in (*ENTRANTS, *entrants_with_weights())
    ]
    shutil.rmtree(parts)
    return figures


def _measure_once(
    parts: Path, entrant: Entrant, photos: Photos, digest: str
) -> Recorded:
    """Measure an entrant, unless a run that was cut off did so by the same protocol."""
    part = parts / f"{entrant.name}.json"
    protocol = f"{len(photos.y):,} photographs, {entrant.protocol}"
    if part.is_file():
        kept = Recorded.read(json.loads(part.read_text(encoding="utf-8")))
        if (kept.protocol, kept.data_sha256) == (protocol, digest):
            return kept
    scores, seconds = cpu_timed(lambda: np.array(list(entrant.scores(photos))))
    measured = Recorded(
        entrant.name,
        float(scores.mean()),
        Spread.sd(scores.std(ddof=1)),
        "accuracy",
        protocol,
        round(seconds, 1),
        digest,
    )
    with replacing(part, "w") as file:
        json.dump(measured.fields(), file)
    return measured


def recorded_race() -> pd.DataFrame:
    """Return the figures that `record` measured when it last ran.

    Returns
    -------
    DataFrame
        One row per entrant, in the order of the accuracies: ``accuracy``, ``low`` and
        ``high`` (95 %, by Student's t over its folds or draws, which share
        photographs, so that the true interval is somewhat wider), ``seconds`` and
        ``protocol``.

    Raises
    ------
    LedgerError
        If the ledger is not there.
    """
    race = figures_table("image_classifier")
    repeats = pd.Series({entrant.name: entrant.repeats for entrant in ENTRANTS})
    repeats = repeats.reindex(race.index, fill_value=FOLDS)  # those with weights
    n = repeats[race.index]
    errors = race["spread"] / n**0.5
    race[["low", "high"]] = [
        t_interval(*row) for row in zip(race["value"], errors, n - 1, strict=True)
    ]
    race = race.rename(columns={"value": "accuracy", "cpu_seconds": "seconds"})
    order = ["accuracy", "low", "high", "seconds", "protocol"]
    return race[order].sort_values("accuracy")
