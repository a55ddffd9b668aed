"""Silhouettes of ten animals, 28 x 28 pixels."""

import gzip
import pickle
from collections.abc import Sequence

import numpy as np
import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame

FILES = (
    PackageFile(
        "animal-shape-mnist",
        "0.39",
        "animal_shape_mnist/data/Animal Shape/animal_data_version_3.gz",
        "68a30346781a0984f839463a4615d2decb899d1ce65091bb92586311754a34ce",
    ),
    PackageFile(
        "animal-shape-mnist",
        "0.39",
        "animal_shape_mnist/data/Animal Shape/animal_label_version_3.gz",
        "dec8dba7c469830989fbab46825021a08a38470753a512f27ada847eced97b57",
    ),
)


ANIMALS = (
    *("bear", "bird", "cat", "cow", "dog"),
    *("elephant", "giraffe", "horse", "sheep", "zebra"),
)


CARD = DataCard(
    name="animal_shapes",
    title="Silhouettes of ten animals",
    source="The Python package animal-shape-mnist, version 0.39; where its makers had "
    "the pictures from is not documented",
    url="https://pypi.org/project/animal-shape-mnist/",
    licence="MIT (the package).",
    row="One animal, white on black, 28 × 28 pixels.",
    shape=(9716, 2),
    columns=(
        Column("animal", "", "bear, bird, cat, …, zebra", "str"),
        Column("image", "", "array of 28 × 28 numbers from 0 to 255", "object"),
    ),
    faults=(
        "These are outlines, not photographs: no colour and no texture, except the "
        "stripes of the zebras. A figure measured on them says nothing of photographs.",
        "Of the 10,000 pictures 284 repeat another exactly; the loader keeps the first.",
        "Near copies of one drawing remain; how many is unknown.",
        "The files are pickles, which run code when read. The loader checks their "
        "hashes first, and never imports the package, which would import TensorFlow.",
    ),
    chapters=("image_classifier", "gan"),
    citation="animalshape2024",
    embedded=FILES,
)


def load_animal_shapes() -> pd.DataFrame:
    """Load 9,716 silhouettes of ten animals, 28 x 28 pixels, without repeats.

    Returns
    -------
    DataFrame of shape (9716, 2)
        ``animal`` and ``image``, an array of shape (28, 28), uint8, white on black.

    Raises
    ------
    DataError
        If a file is missing or altered, or MLMASTERY_DATA asks for another tier.

    Examples
    --------
    >>> shapes = load_animal_shapes()
    >>> shapes["image"].iloc[0].shape, shapes["animal"].nunique()
    ((28, 28), 10)
    """
    return load_frame(CARD, unique_shapes)


def unique_shapes(contents: Sequence[bytes]) -> pd.DataFrame:
    """Read the silhouettes and keep the first of those that are equal."""
    # Their hashes have been checked: unpickling these contents runs no foreign code.
    images, labels = (pickle.loads(gzip.decompress(content)) for content in contents)
    flat = images.reshape(len(images), -1)
    first = np.sort(np.unique(flat, axis=0, return_index=True)[1])
    names = [ANIMALS[label] for label in labels[first]]
    return pd.DataFrame({"animal": names, "image": list(images[first])})
