"""Chapter 1: numbers with the signs of many countries."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.data_exploration import fetch_pages, load_table
from mlmastery.data_exploration.amounts import (
    FORMATS,
    NumberEvidence,
    NumberFormat,
    parse_number,
    split_amount,
)
from mlmastery.data_exploration.practice import served_pages
from mlmastery.data_exploration.statements import (
    COUNTRIES,
    make_statement,
    write_statement,
)

COMMA, POINT = NumberFormat(",", "."), NumberFormat(".", ",")


@pytest.mark.parametrize(
    ("cell", "form", "value"),
    [
        ("1.815,97", COMMA, 1815.97),
        ("-1.815,97", COMMA, -1815.97),
        ("1.815,97-", COMMA, -1815.97),
        ("+1.815,97", COMMA, 1815.97),
        ("(1,234.00)", POINT, -1234),
        ("($1,234.00)", POINT, -1234),
        ("-$5.00", POINT, -5),
        ("$-5.00", POINT, -5),
        ("1,234.00 Dr", POINT, -1234),
        ("1,234.00 CR", POINT, 1234),
        ("€ 12,50", COMMA, 12.5),
        ("12,50€", COMMA, 12.5),
        ("\u221212,50", COMMA, -12.5),
        (".5", NumberFormat("."), 0.5),
        ("1.5e3", NumberFormat("."), 1500),
        ("12,34,567.89", NumberFormat(".", ",", indian=True), 1234567.89),
        ("1\u202f234,5", NumberFormat(",", " "), 1234.5),
        ("1'234.5", NumberFormat(".", "'"), 1234.5),
        ("12.34,5", COMMA, None),
        ("1.2345,6", COMMA, None),
        ("0.123,4", COMMA, None),
        ("1,23", POINT, None),
        ("--5", POINT, None),
        ("(5", POINT, None),
        ("5 $ €", POINT, None),
        ("tea", POINT, None),
        ("", POINT, None),
        ("AB 12", POINT, None),
        (".", POINT, None),
    ],
)
def test_a_cell_in_a_format(cell, form, value):
    found = parse_number(cell, form)
    assert found == (None if value is None else pytest.approx(value))


def evidence(*cells: str) -> NumberEvidence:
    found = NumberEvidence()
    found.update(cells)
    return found


@pytest.mark.parametrize(
    ("cells", "readings"),
    [
        (["18,25", "1.815,97"], [COMMA]),
        (["1.234"], [NumberFormat("."), COMMA]),
        (["1.234", "0.5"], [NumberFormat(".")]),
        (["1.234", "12345.1"], [NumberFormat(".")]),
        (["1.234", "1.234.567"], [COMMA]),
        (["€ 1.234"], [COMMA]),
        (["¥1,200"], [POINT]),
        (["KWD 1.234"], [NumberFormat("."), COMMA]),
        (["1,5", "2.5"], []),
        (["1", "2"], [NumberFormat(".")]),
        (["1", "tea"], []),
    ],
)
def test_readings_that_all_cells_allow(cells, readings):
    assert evidence(*cells).readings() == readings
    assert evidence(*reversed(cells)).readings() == readings


def test_a_cell_is_the_same_in_every_format_that_writes_it():
    rng = np.random.default_rng(0)
    for value in np.round(rng.normal(0, 1e5, 200), 2):
        for form in FORMATS[:-1]:
            text = f"{value:,.2f}".replace(",", "t").replace(".", form.decimal)
            assert parse_number(text.replace("t", form.thousands), form) == value


def test_the_odd_cell_is_kept():
    found = evidence("1,5", "2,5", "lost", "3,5")
    assert found.odd == "lost"
    assert split_amount("lost") is None


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_synthetic_statement_comes_back(country, tmp_path):
    rows = write_statement(tmp_path / "a.csv", country, 300, random_state=7)
    frame = load_table(tmp_path / "a.csv", encoding="auto")
    frame.columns = rows.columns
    pd.testing.assert_frame_equal(frame, rows, check_dtype=False)


def test_statements_repeat_and_refuse_other_countries(tmp_path):
    pd.testing.assert_frame_equal(make_statement(20), make_statement(20))
    assert not make_statement(20).equals(make_statement(20, random_state=1))
    with pytest.raises(ValueError, match="country must be one of"):
        write_statement(tmp_path / "a.csv", "xx")


def test_pages_are_served_and_fail_once():
    table = pd.DataFrame({"id": range(7)})
    with served_pages(table, per_page=3) as (address, log):
        fetched = fetch_pages(address, per_second=1e6, pause=0)
    assert fetched["id"].tolist() == [*range(7)]
    assert [status for _, status in log] == [200, 503, 200, 200]
    with served_pages(table, per_page=7, failing_page=None) as (address, log):
        assert len(fetch_pages(address)) == 7
    assert log == [("/items", 200)]
