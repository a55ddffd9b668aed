"""Cats and dogs: silhouettes, or photographs of the reader's own."""

from pathlib import Path
from typing import Any

import pandas as pd

from mlmastery.datasets.animal_shapes import FILES, unique_shapes
from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.frames import with_types
from mlmastery.datasets.kit.originals import original_path
from mlmastery.datasets.kit.tiers import EMBEDDED, tier

CARD = DataCard(
    name="cats_dogs",
    title="Cats and dogs",
    source="Embedded: the cats and dogs among the silhouettes of animal-shape-mnist. "
    "Local: photographs of your own, such as those of the Dogs vs. Cats competition, "
    "which were made for Asirra by Microsoft Research with Petfinder.com",
    url="https://www.kaggle.com/c/dogs-vs-cats",
    licence="MIT for the silhouettes. The photographs may not be passed on.",
    row="One cat or one dog.",
    shape=(1989, 3),
    columns=(
        Column("file", "", "name inside your folder; empty for a silhouette", "str"),
        Column("animal", "", "cat or dog", "str"),
        Column("image", "", "28 × 28 numbers, or size × size × 3", "object"),
    ),
    faults=(
        "The embedded pictures are silhouettes, not photographs. Results on them "
        "cannot be compared with results on the competition's photographs.",
        "11 of the 2,000 silhouettes repeat another exactly and were removed.",
        "Among the photographs some are collages, carry captions, show both animals, "
        "or neither.",
        "Photographs of the competition have circulated since 2007; a network "
        "pretrained on pictures from the web may have seen some of them.",
    ),
    chapters=("image_classifier",),
    citation="elson2007asirra",
    embedded=FILES,
    original=Original(
        path=".",
        about="A folder of photographs, `cats_dogs` or any other, in which files or "
        "subfolders are named after what they show: `cat.0.jpg`, `dogs/rex.png`. Any "
        "number, any size, any colour mode; what cannot be read is listed.",
        shape=(25000, 3),
        url="https://www.kaggle.com/c/dogs-vs-cats",
    ),
)


def load_cats_dogs(size: int = 224, progress: Any = None) -> pd.DataFrame:
    """Load cats and dogs: silhouettes, or your own photographs.

    Without ``MLMASTERY_DATA`` these are 1,989 silhouettes of 28 x 28 pixels. With it,
    the photographs in that folder (or its subfolder ``cats_dogs``), whose files or
    subfolders are named after what they show.

    Parameters
    ----------
    size : int, default=224
        Side of a photograph's square; silhouettes stay as they are.
    progress : callable, optional
        ``tqdm``, say: called with the iterable and ``total=``.

    Returns
    -------
    DataFrame with the columns ``file``, ``animal`` and ``image``
        A silhouette has shape (28, 28), a photograph (size, size, 3), uint8.
        ``attrs["skipped"]`` lists the files that were left out, each with its reason;
        ``attrs["note"]`` says whether a damaged cache was built anew.

    Raises
    ------
    DataError
        If a file is missing or altered, or a class has no photograph.

    Examples
    --------
    >>> load_cats_dogs()["animal"].value_counts().to_dict()
    {'dog': 997, 'cat': 992}
    """
    chosen = tier()
    if chosen.name == EMBEDDED:
        shapes = unique_shapes([file.read() for file in CARD.embedded])
        pair = shapes[shapes["animal"].isin(["cat", "dog"])].reset_index(drop=True)
        pair.insert(0, "file", "")
        frame = with_types(pair, CARD)
        frame.attrs.update(skipped=[], note="")
        return frame
    return _photographs(original_path(CARD, chosen), size, progress)


def _photographs(folder: Path, size: int, progress: Any) -> pd.DataFrame:
    # Only this tier needs Pillow.
    from mlmastery.datasets.images import read_folder
    from mlmastery.datasets.kit.download import cache_folder

    found = read_folder(folder, size, cache=cache_folder(CARD.name), progress=progress)
    columns = {
        "file": found.files,
        "animal": found.labels,
        "image": list(found.images),
    }
    frame = with_types(pd.DataFrame(columns), CARD)
    frame.attrs.update(skipped=list(found.skipped), note=found.note)
    return frame
