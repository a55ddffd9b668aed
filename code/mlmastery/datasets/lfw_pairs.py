"""Labeled Faces in the Wild: pairs of news photographs, of one person or of two."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="lfw_pairs",
    title="Labeled Faces in the Wild, 1,130 of its pairs",
    source="Gary Huang, Manu Ramesh, Tamara Berg and Erik Learned-Miller, University "
    "of Massachusetts, Amherst",
    url="https://vis-www.cs.umass.edu/lfw/",
    licence="News photographs of public figures, for research. They do not come with "
    "the book, which shows figures recorded on them and none of the photographs.",
    row="Two photographs: of one person, or of two people.",
    shape=(1130, 4),
    columns=(
        Column("fold", "", "1 to 10, as the makers drew them", "int64"),
        Column("same", "", "1 for one person, 0 for two people", "int64"),
        Column("first", "", "array of 250 × 250 grey levels", "object"),
        Column("second", "", "array of 250 × 250 grey levels", "object"),
    ),
    faults=(
        "These are 565 + 565 of the 6,000 pairs of the makers' second view: those of "
        "which a public copy had both photographs. Folds hold 92 to 136 pairs.",
        "The photographs are grey and were aligned by funnelling; published figures "
        "are mostly on the colour originals.",
        "A detector found every one of these faces when they were collected, and most "
        "look into the camera.",
        "Networks trained on faces from the web may have seen these people.",
    ),
    chapters=("face_recognition",),
    citation="huang2007labeled",
    embedded=(),
    original=Original(
        path="lfw_pairs",
        about="A folder with `pairs.csv` (columns `fold`, `image_a`, `image_b`, "
        "`same`) and `images.zip`, which holds the photographs named there.",
        shape=(1130, 4),
        url="https://vis-www.cs.umass.edu/lfw/",
    ),
)


def load_lfw_pairs() -> pd.DataFrame:
    """Load 1,130 pairs of photographs from the reader's own copy.

    Returns
    -------
    DataFrame of shape (1130, 4)
        ``fold`` (1 to 10), ``same`` (1 or 0), and the photographs ``first`` and
        ``second``, arrays of shape (250, 250), uint8.

    Raises
    ------
    DataError
        If MLMASTERY_DATA names no folder with the files, or a photograph is missing
        or of another size.

    Examples
    --------
    >>> load_lfw_pairs()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
        ...
    DataMissingError: The data set 'lfw_pairs' has no 'embedded' tier, only ...
    """
    return load_frame(CARD, read_original=_read_original)


def _read_original(path: Path) -> pd.DataFrame:
    pairs = pd.read_csv(path / "pairs.csv")
    missing = {"fold", "image_a", "image_b", "same"} - set(pairs)
    if missing:
        raise ValueError(f"pairs.csv has no column {', '.join(sorted(missing))}")
    photographs = _photographs(path / "images.zip")
    unknown = {*pairs["image_a"], *pairs["image_b"]} - set(photographs)
    if unknown:
        raise ValueError(f"images.zip does not hold {min(unknown)}")
    pairs["first"] = pairs.pop("image_a").map(photographs)
    pairs["second"] = pairs.pop("image_b").map(photographs)
    return pairs[["fold", "same", "first", "second"]]


def _photographs(path: Path) -> dict[str, np.ndarray]:
    """Return each photograph of an archive by its name."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {
                Path(name).name: _grey(name, archive.read(name))
                for name in archive.namelist()
                if name.endswith(".jpg")
            }
    except zipfile.BadZipFile as error:
        raise ValueError(f"{path.name}: {error}") from error


def _grey(name: str, content: bytes) -> np.ndarray:
    # Only this reader needs Pillow.
    from PIL import Image

    image = np.array(Image.open(io.BytesIO(content)).convert("L"))
    if image.shape != (250, 250):
        raise ValueError(f"{name}: expected 250 x 250 pixels, found {image.shape}")
    return image
