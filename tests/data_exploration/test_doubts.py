"""Chapter 1: what a reader of files cannot know, it says, and what it leaves out."""

import gc
from pathlib import Path

import pandas as pd
import pytest

from mlmastery.data_exploration import comprehensive_eda, load_table
from mlmastery.data_exploration.columns import column_kind


def read(tmp_path: Path, text: str, name: str = "x.csv", **options) -> pd.DataFrame:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return load_table(path, **options)


SAID = {
    "two tables": (
        "day,sum\n2024-01-01,1\n2024-01-02,2\n\nname,city,age\nA,B,3\nC,D,4\n",
        "look like another table",
    ),
    "total kept": ("item,sum\ntea,1\nrice,2\nTotal,3\n", "may be a total"),
    "nameless total kept": ("item,sum\ntea,1\nrice,2\n,3\n", "may be a total"),
    "header again": (
        "a,b\n1,2\na,b\n3,4\n",
        "1 row repeats the header, such as line 3",
    ),
    "German months": (
        "day;x\n5. März 2024;1\n12. Mai 2024;2\n",
        "no known format of dates reads '5. März 2024'; months",
    ),
    "two kinds of dates": (
        "day,x\n2024-01-02,1\n03.04.2024,2\n05.04.2024,3\n",
        "no format of dates fits both '2024-01-02' and '03.04.2024'",
    ),
    "one odd date": (
        "day,x\n2024-01-02,1\n2024-01-03,1\n2024-01-04,1\npending,1\n",
        "most cells are dates, but 'pending' is none",
    ),
    "decimal commas but one": (
        "a;x\n1;1,50\n2;2,50\n3;7,25\n4;1.200,50\n5;3,5\n6;open\n",
        "most cells are numbers, but 'open' is none",
    ),
    "two kinds of numbers": (
        "a;x\n1;1.234,50\n2;1,234.50\n",
        "no one format fits them all",
    ),
    "no separator": ("a   b\n1   2\n3   4\n", "aligned by spaces"),
    "one column": ("a\nx\ny\n", "one column only"),
    "telephones": ("a,b\n+4917612345678,1\n+4917612345679,2\n", "telephone"),
    "brackets": ('a,b\n"(1,234.00)",1\n5.00,2\n', "brackets negative"),
    "debits": ('a,b\n"1,234.00 Dr",1\n5.00 Cr,2\n', "Dr negative"),
}


@pytest.mark.parametrize("name", SAID)
def test_a_doubt_is_said(name: str, tmp_path: Path):
    text, note = SAID[name]
    notes = read(tmp_path, text).attrs["notes"]
    assert any(note in said for said in notes), notes


def test_rows_behind_nrows_do_not_matter(tmp_path: Path):
    text, _ = SAID["two tables"]
    assert read(tmp_path, text, nrows=2, skiprows=0)["sum"].tolist() == [1, 2]
    notes = read(tmp_path, "a,b\n1,2\n3\n", nrows=1).attrs["notes"]
    assert not any("shorter" in note for note in notes)


def test_repeated_header_is_no_record(tmp_path: Path):
    frame = read(tmp_path, "a,b\n1,2\na,b\n3,4\na,b\n5,6\n")
    assert frame["a"].tolist() == [1, 3, 5]


def test_key_and_value_lines_are_no_table(tmp_path: Path):
    head = "Date from:;01.01.2024\nDate to:;31.01.2024\nAccount:;12\n\n"
    frame = read(tmp_path, head + "day;sum;for\n1.2.2024;1,5;tea\n2.2.2024;2;rice\n")
    assert not any("another table" in note for note in frame.attrs["notes"])


def test_account_numbers_are_no_dates(tmp_path: Path):
    frame = read(tmp_path, "acct,x\n20-00-00 12345678,1\n20-00-00 12345679,2\n")
    assert not any("acct" in note for note in frame.attrs["notes"])


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["١٢٣٫٥", "٢٠٫٢٥"], [123.5, 20.25]),
        (["١٬١٢٣٫٥", "٢٠٫٢٥"], [1123.5, 20.25]),
        (["１２３", "４５６"], [123, 456]),
        (["\u200e-1,234.50", "5.00"], [-1234.5, 5]),
        (["1`234.50", "12.00"], [1234.5, 12]),
    ],
)
def test_digits_of_other_scripts(cells: list[str], values: list[float], tmp_path: Path):
    text = "day;x\n" + "".join(f"2024-01-0{i};{c}\n" for i, c in enumerate(cells, 1))
    assert read(tmp_path, text)["x"].tolist() == values


def test_tab_files_are_read(tmp_path: Path):
    assert read(tmp_path, "a\tb\n1\t2\n", "x.tab")["b"].tolist() == [2]


def test_amounts_in_json_are_found():
    frame = pd.DataFrame({"sum": ["1.234,50", "-2,00", "7,25"], "x": [1, 2, 3]})
    found = [str(f) for f in comprehensive_eda(frame).findings]
    assert any("numbers in another format, such as '1.234,50'" in f for f in found)


@pytest.mark.parametrize(
    ("kind", "times"),
    [
        ("number", {0: 608, 1: 209, 2: 28, 3: 16, 4: 18, 5: 5, 8: 7}),  # siblings
        ("number", {0: 175, 1: 65, 2: 38, 3: 20, 4: 5}),
        ("code", {1: 216, 2: 184, 3: 491}),  # classes of passengers
        ("code", {0: 50, 1: 50, 2: 3}),
        ("code", {0: 50, 1: 50, 2: 50, 3: 40}),
        ("code", {0: 50, 1: 50, 2: 50, 3: 5}),
        ("code", {1: 50, 2: 30, 3: 9, 4: 4}),
        ("code", {0: 50, 1: 50, 2: 50, 3: 50}),
        ("binary", {0: 990, 1: 10}),
    ],
)
def test_counts_are_numbers_and_codes_are_not(kind: str, times: dict[int, int]):
    values = pd.Series([value for value, n in times.items() for _ in range(n)])
    assert column_kind(values) == kind
    assert column_kind(values.astype(float)) == kind


@pytest.mark.parametrize("options", [{}, {"header": None}])
def test_blank_lines_are_no_repeated_header(options, tmp_path: Path):
    frame = read(tmp_path, "1,x\n\n2,y\n\n3,z\n", **options)
    assert frame.shape == (3 if options else 2, 2)
    assert not any("repeats" in note for note in frame.attrs["notes"])


def test_drawing_leaves_the_search_for_unused_objects_on(tmp_path: Path):
    assert gc.isenabled()
    comprehensive_eda(pd.DataFrame({"a": range(9)})).to_html(tmp_path / "r.html")
    assert gc.isenabled()


def test_report_counts_one_row_as_one():
    text = str(comprehensive_eda(pd.DataFrame({"a": [1]})))
    assert text.startswith("1 row and 1 column,")
