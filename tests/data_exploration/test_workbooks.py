"""Chapter 1: Excel workbooks as people make them."""

import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from mlmastery.data_exploration import TableError, load_table

ROWS = [["day", "item", "price"]] + [
    [dt.datetime(2024, 4, d), "tea", d + 0.5] for d in range(1, 13)
]


def book(path: Path, **sheets: list[list[object]]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return made


def notes(frame: pd.DataFrame) -> str:
    return "\n".join(frame.attrs["notes"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.xlsx"


def test_a_cover_sheet_is_not_taken_for_the_table(path):
    book(path, Cover=[["Report", "2024"], ["by", "Ana"]], Data=ROWS)
    frame = load_table(path)
    assert list(frame) == ["day", "item", "price"]
    assert "2 sheets, 'Cover', 'Data': read 'Data'" in notes(frame)


def test_the_first_of_two_tables_is_read_and_said_loudly(path, caplog):
    book(path, May=ROWS, June=[*ROWS, *ROWS[1:]])
    assert len(load_table(path)) == 12
    assert "'May', 'June': read 'May'" in caplog.text


@pytest.mark.parametrize("sheet", ["June", 1, "1"])
def test_a_sheet_is_chosen_by_name_or_number(path, sheet):
    book(path, May=ROWS, June=[["a"], [1]])
    assert load_table(path, sheet=sheet)["a"].tolist() == [1]


def test_a_sheet_that_is_not_there_is_named_with_the_others(path):
    book(path, May=ROWS)
    with pytest.raises(TableError, match=r"no sheet 'July'; there are 'May'"):
        load_table(path, sheet="July")
    with pytest.raises(TableError, match="choose one sheet"):
        load_table(path, sheet_name=None)


def test_the_old_name_of_the_option_works(path):
    book(path, May=ROWS, June=[["a"], [1]])
    assert list(load_table(path, sheet_name="June")) == ["a"]


def test_rows_above_the_names_are_left_out_and_said(path):
    book(path, S=[["Statement"], ["Account", "12"], [], *ROWS])
    frame = load_table(path)
    assert (list(frame), len(frame)) == (["day", "item", "price"], 12)
    assert "3 rows before the header" in notes(frame)


def test_a_table_that_begins_in_the_middle_of_the_sheet(path):
    book(path, S=[[], [], *[[None, None, *row] for row in ROWS]])
    frame = load_table(path)
    assert (list(frame), len(frame)) == (["day", "item", "price"], 12)


def test_merged_names_above_names_are_joined(path):
    made = book(path, S=[["", "2013", None], ["origin", "n", "delay"], ["JFK", 5, 2.5]])
    made["S"]["A1"] = None
    made["S"].merge_cells("B1:C1")
    made.save(path)
    frame = load_table(path)
    assert list(frame) == ["origin", "2013 / n", "2013 / delay"]
    assert frame["2013 / n"].tolist() == [5]


def test_a_merged_title_above_the_whole_table_is_no_name(path):
    made = book(path, S=[["Sales", None, None], *ROWS])
    made["S"].merge_cells("A1:C1")
    made.save(path)
    assert list(load_table(path)) == ["day", "item", "price"]


@pytest.mark.parametrize(
    "below", [[], [[], ["b", 4, 1, 0]], [["Total", None, None, 3]]]
)
def test_merged_cells_among_the_rows_are_said(path, below):
    rows = [["k", "v", "w", "x"], ["a", 1, 1, 0], [None, 2, 2, 0], ["b", 3, 1, 0]]
    made = book(path, S=[*rows, *below])
    made["S"].merge_cells("A2:A3")
    made.save(path)
    assert "merged cells among the rows" in notes(load_table(path))


def test_numeric_names_become_text(path):
    book(path, S=[["country", 2013, 2014.0], ["Chad", 1, 2]])
    assert list(load_table(path)) == ["country", "2013", "2014"]


def test_dates_per_cent_and_times_keep_their_meaning(path):
    made = book(
        path, S=[["d", "t", "share"], [dt.date(2024, 4, 1), dt.time(5, 30), 0.25]]
    )
    made["S"]["C2"].number_format = "0.00%"
    made.save(path)
    frame = load_table(path)
    assert frame["d"].dtype.kind == "M"
    assert frame["t"].tolist() == [dt.time(5, 30)]
    assert frame["share"].tolist() == [0.25]
    assert "share: per cent" in notes(frame)


def test_formulas_without_a_stored_value_are_said(path):
    book(path, S=[["a", "b"], [1, "=A2*2"], [2, "=A3*2"]])
    frame = load_table(path)
    assert "2 cells hold formulas without a value, such as B2" in notes(frame)


def test_gaps_as_texts_leave_a_column_of_numbers(path):
    book(path, S=[["a", "b"], [1, "NA"], ["NA", "x"], [3.5, "#N/A"]])
    frame = load_table(path)
    assert frame["a"].dtype == float
    assert frame.isna().sum().tolist() == [1, 2]


def test_amounts_typed_as_text_are_read_as_in_a_text_file(path):
    book(
        path, S=[["day", "amount"], ["19.04.2024", "1.815,97"], ["20.04.2024", "-7,50"]]
    )
    frame = load_table(path)
    assert frame["amount"].tolist() == [1815.97, -7.5]
    assert frame["day"].dt.day.tolist() == [19, 20]


def test_digits_typed_as_text_stay_text(path):
    book(path, S=[["account", "zip"], ["123", "01234"], ["456", "99999"]])
    assert load_table(path).iloc[0].tolist() == ["123", "01234"]


def test_a_total_below_the_table_is_left_out_and_said(path):
    book(path, S=[*ROWS, ["Total", None, 90.0]])
    frame = load_table(path)
    assert len(frame) == 12
    assert "'Total'" in notes(frame)
    assert len(load_table(path, skipfooter=0)) == 13
    assert len(load_table(path, skipfooter=None)) == 12


def test_a_footer_longer_than_the_table_leaves_no_rows(path):
    book(path, S=ROWS)
    assert load_table(path, skipfooter=20).empty
    for name in ("nrows", "skipfooter"):
        with pytest.raises(ValueError, match=f"{name} must be a whole number"):
            load_table(path, **{name: -1})


@pytest.mark.parametrize(
    ("sheets", "complaint"),
    [
        ({"A": []}, "all 1 sheets are empty|holds no table"),
        ({"A": [], "B": []}, "all 2 sheets are empty"),
    ],
)
def test_an_empty_workbook_is_said(path, sheets, complaint):
    book(path, **sheets)
    with pytest.raises(TableError, match=complaint):
        load_table(path)


def test_an_empty_sheet_that_was_asked_for_is_said(path):
    book(path, A=ROWS, B=[])
    with pytest.raises(TableError, match="'B' is empty"):
        load_table(path, sheet="B")


@pytest.mark.parametrize("suffix", [".xls", ".ods", ".xlsb"])
def test_other_spreadsheets_are_refused_with_a_way_out(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"\x00\x01\x02")
    with pytest.raises(TableError, match=r"save it as \.xlsx or \.csv"):
        load_table(path)


def test_a_workbook_with_a_password_is_said(path):
    inside = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\x00" * 600 + inside)
    with pytest.raises(TableError, match="protected by a password"):
        load_table(path)
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\x00" * 600)
    with pytest.raises(TableError, match="format of Excel before 2007"):
        load_table(path)


def test_a_text_file_named_as_a_workbook_is_read_and_said(path):
    path.write_text("a;b\n1;2,5\n2;3,5\n")
    frame = load_table(path)
    assert frame["b"].tolist() == [2.5, 3.5]
    assert "a text file, though named .xlsx" in notes(frame)


def test_a_workbook_named_as_a_text_file_is_read_and_said(tmp_path):
    path = tmp_path / "a.csv"
    book(tmp_path / "b.xlsx", S=ROWS)
    (tmp_path / "b.xlsx").rename(path)
    frame = load_table(path)
    assert len(frame) == 12
    assert "an Excel workbook, though named .csv" in notes(frame)


def test_options_reach_the_sheet(path):
    book(path, S=[["x", "y"], ["9", "z"], *ROWS])
    frame = load_table(path, skiprows=2, nrows=3, usecols=["price"])
    assert frame["price"].tolist() == [1.5, 2.5, 3.5]
    with pytest.raises(TypeError, match="takes no option 'sep'"):
        load_table(path, sep=";")


def test_every_type_of_dtype_str(path):
    book(path, S=[["a", "b"], [1, 2.5], [None, "x"]])
    assert load_table(path, dtype=str)["a"].tolist()[0] == "1"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"header": -1}, "header must be a whole number of at least 0, got -1"),
        ({"skiprows": -1}, "skiprows must be a whole number of at least 0, got -1"),
        ({"names": ["a", "a", "b"]}, "names must be a list of different names"),
        ({"names": ["a"]}, "names must hold a name for each of the 3 columns"),
    ],
)
def test_options_that_cannot_be_meant(tmp_path: Path, options: dict, message: str):
    book(tmp_path / "a.xlsx", Data=ROWS)
    with pytest.raises(ValueError, match=message):
        load_table(tmp_path / "a.xlsx", **options)


def test_a_total_that_is_kept_is_mentioned(tmp_path: Path):
    rows = [["item", "price"], ["tea", 1], ["rice", 2], ["Total", 3]]
    book(tmp_path / "a.xlsx", Data=rows)
    table = load_table(tmp_path / "a.xlsx")
    assert len(table) == 3
    assert "'Total', may be a total; it is kept" in notes(table)


def test_empty_rows_between_are_mentioned(tmp_path: Path):
    book(tmp_path / "a.xlsx", Data=[["x"], [1], [None], [3]])
    said = notes(load_table(tmp_path / "a.xlsx"))
    assert "1 empty row left out, though a gap would look so" in said
