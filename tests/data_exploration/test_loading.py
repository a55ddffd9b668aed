"""Chapter 1: what a file says, whichever way it is read; nothing dropped in silence."""

import datetime as dt
import gzip
import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mlmastery.data_exploration import (
    TableError,
    load_table,
    sample_rows,
    summarise_file,
)
from mlmastery.data_exploration.columns import overview_table
from mlmastery.data_exploration.textfile import TextTable
from mlmastery.datasets import load_ames, load_penguins


def notes(frame: pd.DataFrame) -> str:
    return "\n".join(frame.attrs["notes"])


def agree(path: Path, **options: object) -> pd.DataFrame:
    """Return the table, after the sample and the summary have told the same of it."""
    whole = load_table(path, **options)
    pd.testing.assert_frame_equal(sample_rows(path, 10**6, **options), whole)
    summary = summarise_file(path, **options)
    assert summary["missing"].tolist() == whole.isna().sum().tolist()
    assert summary["rows"].iloc[0] == len(whole)
    numbers = whole.select_dtypes("number").columns
    means = summary.loc[numbers, "mean"].to_numpy(float)
    np.testing.assert_allclose(means, whole[numbers].mean())
    assert summary.drop(index=numbers)["mean"].isna().all()
    return whole


@pytest.fixture
def csv(tmp_path: Path):
    def write(text: str | bytes) -> Path:
        path = tmp_path / "a.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


# --- one file, one truth ------------------------------------------------------------


def test_na_is_a_gap_for_every_reader(tmp_path: Path):
    penguins = load_penguins()
    penguins.to_csv(tmp_path / "p.csv", index=False, na_rep="NA")
    whole = agree(tmp_path / "p.csv")
    assert whole.isna().sum().sum() == penguins.isna().sum().sum() == 19


def test_none_of_ames_stays_a_word(tmp_path: Path):
    ames = load_ames()
    ames.to_csv(tmp_path / "ames.csv", index=False)
    whole = load_table(tmp_path / "ames.csv")
    assert whole.isna().sum().sum() == ames.isna().sum().sum()
    assert pd.read_csv(tmp_path / "ames.csv").isna().sum().sum() > 10_000


@pytest.mark.parametrize(
    "text",
    [
        "zip,n\n01234,1\n99999,2\n",
        "when,n\n2024-04-19,1\n2024-05-01,2\n",
        "when,n\n2024-04-19 05:00:00,1\n,2\n",
        "a;b\n1,5;x\n;NA\n2.000,25;y\n",
        "a,b\n1,x\nNA,NaN\n3,null\n",
        "a\tb\n1\tTrue\n2\tFalse\n3\t\n",
        "a,b\n1,\n2,\n",
        "a|b\n1|2\n",
        "id,v\n9223372036854775807,1\n1,2\n",
        "id,v\n12345678901234567890123,1\n1,2\n",
        "id,v\n1234567890123456789,1\n,2\n",
        'a,b\n"x, y","line\nbreak"\nz,w\n',
        "a,b\n 1 , x\n 2 , NA\n 3, y\n",
        "x\n1e5\n-2.5E-3\ninf\n",
    ],
)
def test_readers_agree(csv, text):
    agree(csv(text))


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("a;b\n1,5;2\n", {"sep": ";", "decimal": ","}),
        ("a;b\n1.500;2\n", {"thousands": "."}),
        ("x\ny\na,b\n1,2\n", {"skiprows": 2}),
        ("1,2\n3,4\n", {"header": None}),
        ("1,2\n3,4\n", {"names": ["p", "q"]}),
        ("a,b\n1,?!\n2,3\n", {"na_values": "?!"}),
        ("a,b\n1,NA\n2,x\n", {"keep_default_na": False}),
        ("a,b\n1,2\n2,x\n3,4\n", {"nrows": 1}),
        ("a,b,c\n1,2,3\n", {"usecols": ["a", "c"]}),
        ("a,b\n1,2\n", {"dtype": str}),
        ("a,b\n1,2\n", {"dtype": {"b": str}}),
        ("a\n01/02/2024\n", {"dayfirst": True}),
        ("a\n01/02/2024\n", {"date_format": "%m/%d/%Y"}),
        ("a\n2024-04-19\n", {"parse_dates": False}),
        ("a,b\n1,2\n1,2,3\n", {"on_bad_lines": "skip"}),
        ("a,b\n# note\n1,2\n", {"comment": "#"}),
        ("a,b\n1,'x,y'\n", {"quotechar": "'"}),
        ("a,b\n1,2\n3,4\n", {"skipfooter": 1}),
    ],
)
def test_every_option_reaches_every_reader(csv, text, options):
    agree(csv(text), **options)


@pytest.mark.parametrize(
    ("text", "options", "column"),
    [
        ("a\n1\n2\n", {"dtype": float}, pd.Series([1.0, 2.0])),
        (
            "a\n2024/13/01\n2024/02/03\n",
            {"date_format": "%Y/%d/%m"},
            pd.Series(pd.to_datetime(["2024-01-13", "2024-03-02"])),
        ),
    ],
)
def test_types_and_formats_are_as_they_were_asked_for(csv, text, options, column):
    found = agree(csv(text), **options)["a"]
    pd.testing.assert_series_equal(found, column, check_names=False)


def test_encoding_reaches_every_reader(csv):
    whole = agree(csv("name,x\nMüller,1\n".encode("cp1252")), encoding="cp1252")
    assert whole["name"].tolist() == ["Müller"]


@pytest.mark.parametrize("n_rows", [3, 25])
@pytest.mark.parametrize("footer", [0, 2, 12])
def test_skipfooter_leaves_out_the_last_rows_and_no_others(csv, n_rows, footer):
    path = csv("a,b\n" + "".join(f"{i},x\n" for i in range(n_rows)))
    n = max(0, n_rows - footer)
    assert load_table(path, skipfooter=footer)["a"].tolist() == [*range(n)]
    parts = TextTable(path, skipfooter=footer).blocks(size=10)
    assert [int(row[0]) for part in parts for row in part] == [*range(n)]
    first = load_table(path, skipfooter=footer, nrows=2)["a"]
    assert first.tolist() == [*range(min(2, n))]


def test_a_row_left_out_by_skipfooter_is_not_said_to_be_short(csv):
    assert "shorter" not in notes(load_table(csv("a,b\n1,2\n3\n"), skipfooter=1))


def test_an_option_that_there_is_not_is_refused(csv, tmp_path):
    path = csv("a\n1\n")
    for call in (load_table, summarise_file):
        with pytest.raises(TypeError, match="takes no option 'chunksize'"):
            call(path, chunksize=5)
    (tmp_path / "a.json").write_text("[]")
    with pytest.raises(TypeError, match="takes no option 'decimal'"):
        load_table(tmp_path / "a.json", decimal=",")


# --- gaps --------------------------------------------------------------------------


def test_namibia_keeps_its_code(csv):
    frame = agree(csv("code,country,n\nNA,Namibia,NA\nDE,Germany,5\n"))
    assert frame["code"].tolist() == ["NA", "DE"]
    assert frame["n"].isna().tolist() == [True, False]
    assert "code: 'NA' kept as text" in notes(frame)
    assert "n: 'NA' taken as missing in 1 cell" in notes(frame)


def test_na_values_overrule(csv):
    path = csv("code,country\nNA,Namibia\nDE,Germany\n")
    assert load_table(path, na_values="NA")["code"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    "gap", ["NA", " NA", "None", "-", "--", "?", "n/a", "#N/A", "."]
)
def test_a_gap_among_numbers_leaves_them_numbers(csv, gap):
    frame = agree(csv(f"a,b\n1.5,x\n{gap},y\n3,z\n"))
    assert frame["a"].dtype == float
    assert frame["a"].isna().tolist() == [False, True, False]
    assert "taken as missing" in notes(frame)


def test_a_cell_that_is_no_number_keeps_the_column_text_and_is_quoted(csv):
    rows = "".join(f"{i},x\n" for i in range(20))
    frame = agree(csv(f"a,b\n{rows}lost,x\n"))
    assert not pd.api.types.is_numeric_dtype(frame["a"].dtype)
    assert "1 cell is not a number, such as 'lost'" in notes(frame)


# --- encodings ---------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_unicode_is_seen_or_named(csv, encoding):
    path = csv("name,x\nanna,1\nbob,2\n".encode(encoding))
    assert agree(path)["x"].tolist() == [1, 2]
    with pytest.raises(TableError, match=r"UTF-(16|32)|is not a table") as error:
        load_table(path, encoding="ascii" if "be" in encoding else "utf-8")
    assert "cp1252" not in str(error.value)


def test_unknown_encoding_is_named(csv):
    with pytest.raises(TableError, match="unknown encoding: utf-99"):
        load_table(csv("a\n1\n"), encoding="utf-99")


# --- rows that do not fit ----------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["a,b\n1,2,3\n4,5,6\n", "a,b\n1,2\n1,2,3\n", "a,b\n1,2\n\n" + "1,2,3\n"]
)
def test_a_row_too_long_never_shifts_in_silence(csv, text):
    path = csv(text)
    line = text.split("\n").index(next(x for x in text.split("\n") if len(x) == 5)) + 1
    for call in (load_table, summarise_file, lambda p: sample_rows(p, 5)):
        with pytest.raises(
            TableError, match=rf"line {line} has 3 cells and the header 2"
        ):
            call(path)


def test_the_line_is_right_behind_a_cell_of_two_lines(csv):
    with pytest.raises(TableError, match="line 4 has 3 cells"):
        load_table(csv('a,b\n"x\ny",2\n1,2,3\n'))


def test_short_rows_are_filled_and_said(csv):
    frame = agree(csv("a,b,c\n1,2\n3,4,5\n6,7,8\n"))
    assert frame["c"].isna().tolist() == [True, False, False]
    assert "1 row is shorter than the header, as in line 2" in notes(frame)


def test_a_column_of_text_with_commas_is_one_column_or_an_error(csv):
    with pytest.raises(TableError, match="line 2 has 2 cells"):
        load_table(csv("comment\nhello, world\nfoo, bar\n"))


def test_a_short_file_is_not_cut(csv):
    assert len(load_table(csv("day,text,n\n2024-04-19,total,5\n"))) == 1
    assert len(load_table(csv("k,n\na,1\ntotal,5\n"))) == 2


# --- amounts and dates in doubt ------------------------------------------------------


def test_dates_of_two_orders_stay_text_and_say_so(csv, caplog):
    path = csv("d,x\n01/02/2024,1\n03/04/2024,2\n")
    frame = agree(path)
    assert frame["d"].tolist() == ["01/02/2024", "03/04/2024"]
    assert "two formats fit" in notes(frame)
    assert "two formats fit" in caplog.text
    assert load_table(path, dayfirst=True)["d"].dt.month.tolist() == [2, 4]
    assert load_table(path, dayfirst=False)["d"].dt.day.tolist() == [2, 4]


def test_one_impossible_date_keeps_the_column_text(csv):
    frame = agree(csv("d\n01.02.2024\n31.02.2024\n"))
    assert frame["d"].tolist() == ["01.02.2024", "31.02.2024"]


def test_amounts_of_two_readings_stay_text_with_semicolons(csv):
    path = csv("k;a\nx;1.234\ny;2.500\n")
    assert agree(path)["a"].tolist() == ["1.234", "2.500"]
    assert load_table(path, thousands=".")["a"].tolist() == [1234, 2500]
    assert load_table(path, decimal=".")["a"].tolist() == [1.234, 2.5]


def test_several_currencies_stay_text(csv):
    frame = agree(csv("k;a\nx;1,50 €\ny;2,50 $\n"))
    assert frame["a"].tolist() == ["1,50 €", "2,50 $"]
    assert "several units" in notes(frame)


def test_product_codes_are_no_amounts(csv):
    frame = agree(csv("k,c\nx,AB 12\ny,AB 13\n"))
    assert frame["c"].tolist() == ["AB 12", "AB 13"]


def test_digits_that_no_float_holds_stay_text(csv):
    frame = agree(csv("id,v\n1234567890123456789,1\n,2\n"))
    assert frame["id"].iloc[0] == "1234567890123456789"


@pytest.mark.parametrize("n_before", [0, 30_000])
def test_what_a_later_part_shows_counts_for_the_whole(csv, n_before):
    """The file passes by in parts; the last cell decides as much as the first."""
    rows = "1234;2024-04-19;1\n" * n_before
    frame = agree(csv(f"a;d;z\n{rows}18,25;19.04.2024;01\n"))
    assert frame["a"].dtype == float
    assert frame["a"].iloc[-1] == 18.25
    assert frame["z"].iloc[-1] == "01"
    assert (frame["d"].dtype.kind == "M") == (n_before == 0)


# --- JSON ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        (b'\xef\xbb\xbf[{"a": 1}]', ["a"]),
        ('[{"a": "ü"}]'.encode("utf-16"), ["a"]),
        (b'{"meta": {"n": 1}, "data": [{"a": 1}]}', ["a"]),
        (b'{"response": {"items": [{"a": 1}, {"a": 2}]}}', ["a"]),
        (b'{"a": {"0": 1, "1": 2}, "b": {"0": 3, "1": 4}}', ["a", "b"]),
        (b'{"columns": ["a", "b"], "index": [0], "data": [[1, 2]]}', ["a", "b"]),
        (b'{"a": 1}\n{"a": 2}\n', ["a"]),
        (b'[{"a": NaN}, {"a": 1.5}, {"a": -Infinity}]', ["a"]),
        (b'[{"a": {"b": {"c": 1}}}]', ["a.b.c"]),
    ],
)
def test_json_of_many_shapes(tmp_path, content, columns):
    (tmp_path / "a.json").write_bytes(content)
    assert list(load_table(tmp_path / "a.json")) == columns


def test_a_line_separator_inside_a_string_ends_no_record(tmp_path):
    path = tmp_path / "a.jsonl"
    records = [{"t": "one\u2028two\u2029three\x85"}, {"t": "x"}]
    text = "\r\n".join(json.dumps(r, ensure_ascii=False) for r in records)
    path.write_bytes(("\ufeff" + text).encode())
    assert load_table(path)["t"].tolist() == ["one\u2028two\u2029three\x85", "x"]


def test_long_numbers_beside_a_gap_keep_their_digits(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('[{"id": 1234567890123456789}, {"id": null}]')
    assert load_table(path)["id"].iloc[0] == 1234567890123456789
    path.write_text('[{"id": 123456789012345678901234}, {"id": 1}]')
    assert load_table(path)["id"].iloc[0] == 123456789012345678901234


def test_options_of_json_are_passed_on(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"k": [{"id": 1, "x": {"y": 2}, "l": [{"m": 3}, {"m": 4}]}]}')
    assert list(load_table(path, sep="_"))[:2] == ["id", "l"]
    lines = load_table(path, record_path=["l"], meta=["id"])
    assert lines.to_dict("list") == {"m": [3, 4], "id": [1, 1]}
    assert "x" in load_table(path, max_level=0)
    path.write_text('{"r1": {"a": 1}, "r2": {"a": 2}}')
    assert load_table(path, orient="index")["a"].tolist() == [1, 2]


# --- Parquet -------------------------------------------------------------------------


def test_decimals_and_dates_of_parquet_are_numbers_and_dates(tmp_path):
    path = tmp_path / "a.parquet"
    frame = pd.DataFrame(
        {
            "price": [Decimal("1.50"), None, Decimal("2.25")],
            "day": [dt.date(2024, 4, 1), dt.date(2024, 5, 1), None],
            "list": [[1, 2], [], None],
            "n": [1, 2, 3],
        }
    )
    frame.to_parquet(path)
    whole = load_table(path)
    assert whole["price"].mean() == 1.875
    assert whole["day"].dt.month.tolist()[:2] == [4, 5]
    pd.testing.assert_frame_equal(load_table(path, sample=10), whole)
    summary = summarise_file(path)
    assert summary["missing"].tolist() == whole.isna().sum().tolist()
    assert float(summary.loc["price", "mean"]) == 1.875
    kinds = overview_table(whole)["kind"].to_dict()
    assert kinds["price"] == "number"
    assert kinds["day"] == "date"


def test_a_sample_of_parquet_is_random_and_keeps_its_order(tmp_path):
    path = tmp_path / "a.parquet"
    pd.DataFrame({"i": range(10_000)}).to_parquet(path)
    drawn = sample_rows(path, 500, seed=1)["i"]
    assert drawn.is_monotonic_increasing
    assert drawn.nunique() == 500
    assert abs(drawn.mean() - 5000) < 5 * 2900 / 500**0.5
    assert load_table(path, sample=3, columns=["i"]).shape == (3, 1)


def test_odd_names_are_names_only(csv):
    agree(csv('"a ""b""",{x},x\'y\n1,2,3\n4,5,6\n'))


# --- options that point at nothing -------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"skiprows": 50},
            r"a\.csv has only 3 lines .* nothing is left with skiprows=50",
        ),
        ({"header": 9}, "nothing is left with skiprows=0 and header=9"),
        ({"header": -1}, "header must be a whole number of at least 0, got -1"),
        ({"header": True}, "header must be a whole number of at least 0, got True"),
        ({"names": ["x", "x"]}, "names must be a list of different names"),
        ({"names": "xy"}, "names must be a list of different names, got 'xy'"),
        ({"dtype": {"z": str}}, "dtype names 'z', which is not a column"),
        ({"parse_dates": ["z"]}, "parse_dates names 'z', which is not a column"),
        ({"on_bad_lines": "banana"}, "on_bad_lines must be one of error, skip, warn"),
        ({"decimal": ",", "thousands": ","}, "thousands must differ from decimal"),
        ({"encoding": 5}, "encoding must be a text such as 'cp1252', got 5"),
        ({"sample": 0}, "sample must be a whole number of at least 1, got 0"),
        ({"sample": 2.5}, "sample must be a whole number of at least 1, got 2.5"),
        ({"sample": "3"}, "sample must be a whole number of at least 1, got '3'"),
    ],
)
def test_options_that_cannot_be_meant(csv, options: dict, message: str):
    path = csv("a,b\n1,2\n3,4\n")
    with pytest.raises((ValueError, TypeError), match=message):
        load_table(path, **options)


@pytest.mark.parametrize("way", ["skiprows", "header"])
def test_a_header_far_down_is_found(csv, way: str):
    before = "".join(f"{i},x\n" for i in range(500))
    table = load_table(csv(before + "a,b\n1,2\n3,4\n"), **{way: 500})
    assert table.to_dict("list") == {"a": [1, 3], "b": [2, 4]}


def test_infinite_whole_numbers_are_numbers(csv):
    table = load_table(csv("x,y\ninf,1\n-inf,2\n1,3\n"))
    assert table["x"].tolist() == [np.inf, -np.inf, 1]
    long = load_table(csv("x,y\ninf,1\n9007199254740993,2\n"))["x"]
    assert long.tolist() == ["inf", "9007199254740993"]
    digits = "1" * 5000
    assert load_table(csv(f"x,y\n{digits},1\n2,3\n"))["x"].tolist() == [digits, "2"]


def test_numbers_that_mean_missing_in_any_notation(csv):
    table = load_table(csv("x,y\n-999.0,1\n-999,2\n5,3\n"), na_values=-999)
    assert table["x"].isna().tolist() == [True, True, False]
    assert (
        load_table(csv("x,y\n-999,1\n5,2\n"), na_values=np.int64(-999))["x"][0] != -999
    )


def test_two_formats_of_dates_are_not_called_none(csv):
    with pytest.raises(TableError, match="two formats of dates fit every cell of 'd'"):
        load_table(csv("d,x\n1/2/2020,1\n"), parse_dates=["d"])


@pytest.mark.parametrize("damage", [slice(0, 60), None])
def test_a_damaged_archive_is_named(tmp_path: Path, damage: slice | None):
    packed = bytearray(gzip.compress(b"a,b\n" + b"1,2\n35,46\n7890,8\n" * 500))
    if damage is None:
        packed[20:40] = bytes(20)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(bytes(packed[damage]) if damage else bytes(packed))
    with pytest.raises(TableError, match=r"a\.csv\.gz is not a table"):
        load_table(path)


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("[]", {}, "its records have no fields"),
        ("[{}, {}]", {}, "its records have no fields"),
        ('[{"a": 1}, null]', {}, "found a list whose item 1 is null"),
        ('[{"a": 1}]', {"nrows": -1}, "nrows must be a whole number of at least 0"),
        ('[{"a": 1}]', {"orient": "banana"}, "orient must be one of split, records"),
        (
            '[{"a.b": 1, "a": {"b": 2}}]',
            {},
            "has a field 'a.b' and the same one nested",
        ),
        ('[{"a": 1, "b": {"c": 1, "c": 2}}]', {}, "a record has two fields 'c'"),
        (r'[{"a": "\ud800"}]', {}, "'.ud800' is half of a character"),
    ],
)
def test_json_loses_nothing_in_silence(tmp_path, content, options, message):
    path = tmp_path / "a.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=message):
        load_table(path, **options)


def test_a_double_name_in_a_record_of_lines_is_found_in_its_line(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n{"a": 1, "a": 2}\n')
    with pytest.raises(TableError, match="line 2: a record has two fields 'a'"):
        load_table(tmp_path / "a.jsonl")


def test_two_halves_of_a_character_are_one(tmp_path):
    (tmp_path / "a.json").write_text(r'[{"a": "\ud83c\udf75"}]')
    assert load_table(tmp_path / "a.json")["a"].tolist() == [
        "\N{TEACUP WITHOUT HANDLE}"
    ]


# --- summaries of files ------------------------------------------------------------------


def test_names_that_differ_in_capitals_are_kept_apart(csv, tmp_path):
    path = csv("a,A\n1,\n2,4\n")
    assert agree(path).columns.tolist() == ["a", "A"]
    load_table(path).to_parquet(tmp_path / "a.parquet")
    for file in (path, tmp_path / "a.parquet"):
        summary = summarise_file(file)
        assert summary.index.tolist() == ["a", "A"]
        assert summary["missing"].tolist() == [0, 1]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Berlin"])
def test_parquet_with_instants_is_summarised(tmp_path, unit: str, zone: str | None):
    days = pd.date_range("2020-01-01", periods=4, tz=zone).as_unit(unit)
    path = tmp_path / "a.parquet"
    pd.DataFrame({"t": days, "x": range(4)}).to_parquet(path)
    summary = summarise_file(path)
    assert summary["missing"].tolist() == [0, 0]
    assert pd.Timestamp(summary.loc["t", "min"]) == pd.Timestamp(days[0])


def test_a_summary_counts_no_more_values_than_cells(csv):
    summary = summarise_file(csv("x,y\n" + "".join(f"{i},\n" for i in range(190))))
    assert summary.loc["x", "distinct"] <= 190
    assert summary.loc["y", "distinct"] == 0
    with pytest.raises(ValueError, match="memory_limit must be a size"):
        summarise_file(csv("x,y\n1,2\n"), memory_limit="banana")


def test_columns_of_parquet_that_are_not_there(tmp_path):
    path = tmp_path / "a.parquet"
    pd.DataFrame({"x": range(4)}).to_parquet(path)
    for options in ({}, {"sample": 2}):
        with pytest.raises(TableError, match="has no column 'z'; there are x"):
            load_table(path, columns=["z"], **options)


@pytest.mark.parametrize(
    ("text", "n"),
    [("x\n1\n\n3\n\n\n4\n\n", 3), ("x\n1\n3\n\n", 0), ("x,y\n1,2\n\n3,4\n", 0)],
)
def test_empty_lines_that_may_be_gaps_are_counted(csv, text: str, n: int):
    said = notes(load_table(csv(text)))
    assert (f"{n} empty lines are left out" in said) == bool(n)
