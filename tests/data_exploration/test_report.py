"""Reports on tables of odd types, names and sizes: no crash, no box for a letter."""

import datetime as dt
import warnings
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from mlmastery.data_exploration import (
    compare_imputation,
    comprehensive_eda,
    impute,
    iqr_fences,
    outlier_table,
    zscore_outliers,
)
from mlmastery.data_exploration.figures import families, literal

N = 60
X = np.random.default_rng(0).normal(size=N)
AB = list("ab") * (N // 2)
LISTS = pd.array([[1], None, [2, 3]] * 20, dtype=pd.ArrowDtype(pa.list_(pa.int64())))

ODD: dict[str, tuple[pd.DataFrame, object]] = {
    "repeated labels": (
        pd.concat([pd.DataFrame({"x": [1.0, None, 3.0], "g": list("xyz")})] * 20),
        "g",
    ),
    "number target beyond the hundredth": (
        pd.DataFrame(np.random.default_rng(0).normal(size=(N, 130))),
        129,
    ),
    "names that are numbers": (pd.DataFrame({2013: X, 2014: AB}), 2014),
    "names that are truth values": (pd.DataFrame({True: X, False: AB}), True),
    "empty target": (pd.DataFrame({"x": X, "y": [None] * N}), "y"),
    "float16": (pd.DataFrame({"x": X.astype(np.float16), "y": X}), "x"),
    "huge": (pd.DataFrame({"x": np.sin(X) * 1.7e308, "y": X, "g": AB}), "x"),
    "huge by class": (pd.DataFrame({"x": np.sin(X) * 1.7e308, "g": AB}), "g"),
    "tiny": (pd.DataFrame({"x": X * 1e-310, "y": X}), "x"),
    "lists from Arrow": (pd.DataFrame({"a": LISTS, "x": X}), "x"),
    "unused levels": (
        pd.DataFrame({"c": pd.Categorical(AB, list("abcdef")), "x": X}),
        "c",
    ),
    "zoned dates": (
        pd.DataFrame({"d": pd.date_range("2020", periods=N, tz="Asia/Tokyo"), "x": X}),
        "x",
    ),
    "date, time, Period": (
        pd.DataFrame(
            {
                "d": [dt.date(2020, 1, 1) + dt.timedelta(i) for i in range(N)],
                "t": [dt.time(i % 24) for i in range(N)],
                "p": pd.period_range("2020-01", periods=N, freq="M"),
                "s": pd.to_timedelta(range(N), unit="h"),
            }
        ),
        "d",
    ),
    "one row": (pd.DataFrame({"a": [1], "b": ["x"], "d": [pd.Timestamp("2020")]}), "a"),
    "one column": (pd.DataFrame({"a": X}), "a"),
    "all rows equal": (pd.DataFrame({"a": [1.0] * 30, "b": ["x"] * 30}), "b"),
    "infinite": (pd.DataFrame({"x": np.where(X > 0, np.inf, -np.inf), "y": X}), "x"),
    "decimals": (pd.DataFrame({"x": [Decimal(i) / 7 for i in range(N)], "y": X}), "x"),
    "complex": (pd.DataFrame({"x": X + 1j, "y": X}), "x"),
    "large integers": (pd.DataFrame({"x": [10**30 + i for i in range(N)]}), "x"),
    "impossible dates": (
        pd.DataFrame({"d": ["9999-12-31", "0001-01-01"] * (N // 2), "x": X}),
        "d",
    ),
    "names": (
        pd.DataFrame(
            {
                "$x_1^2$": X,
                "<b>&": AB,
                "年龄": X**2,
                "한국": ["가", "$나$"] * 30,
                "a`b": X,
            }
        ),
        "年龄",
    ),
    "control characters": (pd.DataFrame({"a\nb": X, "c\td": AB, "x" * 300: X}), "c\td"),
}


@pytest.mark.parametrize("what", ODD)
def test_odd_tables_get_a_report_with_their_target(what: str, tmp_path: Path):
    table, target = ODD[what]
    before = table.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = comprehensive_eda(table, target)
        page = report.to_html(tmp_path / "r.html").read_text(encoding="utf-8")
    assert f"{len(table):,} row" in page
    assert "nan" not in str(report)
    pd.testing.assert_frame_equal(table, before)


def test_letters_without_a_font_are_escaped():
    assert literal("価格") == ("価格" if len(families()) > 1 else r"\u4fa1\u683c")
    assert literal("a\tb$") == r"a b\$"
    assert literal(chr(0xE123)) == r" "


def test_outliers_of_repeated_labels_are_counted():
    table = pd.DataFrame({"a": [1.0, 2, 3, 4, 50]}, index=[0, 0, 1, 1, 1])
    assert outlier_table(table, ["a"]).loc["a", "iqr"] == 1


def test_page_folds_what_is_not_read_first(tmp_path: Path):
    table = pd.DataFrame({"x": X, "g": AB, "d": pd.date_range("2020", periods=N)})
    report = comprehensive_eda(table)
    page = report.to_html(tmp_path / "r.html").read_text()
    for heading in (
        "Extreme values",
        "Dates",
        "Texts and categories",
        "Rows over time",
    ):
        assert f"<details><summary>{heading}" in page
    assert "<details open><summary>How the numbers are distributed" in page


def test_page_replaces_a_file_only_when_it_is_complete(tmp_path: Path, monkeypatch):
    from mlmastery.data_exploration import page

    path = tmp_path / "r.html"
    path.write_text("old")
    report = comprehensive_eda(pd.DataFrame({"x": X}))
    monkeypatch.setattr(page, "_figures", lambda report: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        report.to_html(path)
    assert path.read_text() == "old"


# --- impute -----------------------------------------------------------------------------

HOLES = pd.DataFrame(
    {"x": [1.0, 2.0, None, 4.0] * 5, "i": pd.array([1, None] * 10, dtype="Int64")}
)


@pytest.mark.parametrize("strategy", ["mean", "median", "neighbours", "regression"])
@pytest.mark.parametrize(
    "table",
    [
        HOLES,
        HOLES.assign(t=pd.array(["a", None] * 10, dtype="string")),
        HOLES.assign(b=pd.array([True, None] * 10, dtype="boolean")),
        HOLES.assign(z=[np.inf, -np.inf, 1.0, 2.0] * 5),
        HOLES[["x"]],
        HOLES[["x"]].assign(e=np.nan),
        pd.DataFrame({"x": [1.0, None, 3.0], "y": [1, 2, 3]}),
        pd.DataFrame({"x": [1.0, None], "y": [1, 2]}),
        pd.DataFrame({"x": [1.0, None, np.inf, 3.0], "y": [1, 2, 3, 4]}),
        pd.DataFrame({"x": pd.array([1, None, 4], dtype="Int64"), "y": [1, 2, 3]}),
        HOLES.set_axis([7] * 20),
    ],
    ids=range(11),
)
def test_imputing_fills_every_gap_with_a_finite_number(table, strategy: str):
    filled = impute(table, "x", strategy)
    gone = table["x"].isna().to_numpy()
    assert np.isfinite(filled["x"].to_numpy(float)[gone]).all()
    known = filled["x"].to_numpy(float)[~gone]
    np.testing.assert_array_equal(
        known, table["x"].to_numpy(float, na_value=np.nan)[~gone]
    )


# --- what else a table may hold ----------------------------------------------------------


@pytest.mark.parametrize(
    "cells",
    [
        [Fraction(i, 7) for i in range(40)],
        [10**400 + i for i in range(40)],
        [10**30 + i for i in range(40)],
    ],
)
def test_numbers_of_python_are_explored(cells: list, tmp_path):
    table = pd.DataFrame({"x": pd.Series(cells, dtype=object), "y": ["a", "b"] * 20})
    for target in (None, "x", "y"):
        report = comprehensive_eda(table, target=target)
        assert report.overview.loc["x", "distinct"] == 40
        report.to_html(tmp_path / "report.html")


@pytest.mark.parametrize("strategy", ["mean", "median", "neighbours", "regression"])
def test_fills_of_the_largest_numbers_are_finite(strategy: str):
    table = pd.DataFrame({"x": [1.2e308, 1.4e308, np.nan, 1.6e308], "y": range(4)})
    assert impute(table, "x", strategy)["x"][2] == pytest.approx(1.4e308)


def test_impute_refuses_what_it_would_pass_over():
    full = pd.DataFrame({"x": [1.0, 2.0], "y": [1, 2]})
    with pytest.raises(ValueError, match="strategy must be one of"):
        impute(full, "x", "magic")
    twice = pd.DataFrame([[1.0, 2.0], [None, 3.0]], columns=["x", "x"])
    with pytest.raises(ValueError, match="2 columns named 'x'"):
        impute(twice, "x")
    with pytest.raises(ValueError, match="repeats must be a whole number"):
        compare_imputation(full, "x", by="y", repeats=0)


def test_groups_of_half_precision_fill():
    table = pd.DataFrame({"x": [1.0, np.nan, 5.0], "g": [0.5, 0.5, 1.5]})
    filled = impute(table.astype({"g": "float16"}), "x", "group", by="g")
    assert filled["x"].tolist() == [1.0, 1.0, 5.0]


@pytest.mark.parametrize("unit", [1e-300, 1e-200, 1.0, 1e200, 1e300])
@pytest.mark.parametrize("robust", [False, True])
def test_outliers_do_not_depend_on_the_unit(unit: float, robust: bool):
    values = pd.Series([*np.linspace(-1, 1, 40), 1e4]) * unit
    assert zscore_outliers(values, robust=robust).tolist() == [False] * 40 + [True]
    counts = outlier_table(pd.DataFrame({"x": values}), ["x"]).loc["x"]
    assert counts[["iqr", "zscore", "robust"]].tolist() == [1, 1, 1]
    low, high = iqr_fences(values)
    assert counts[["low", "high"]].tolist() == pytest.approx([low, high])


def test_a_comparison_of_fills_hides_and_leaves_some():
    table = pd.DataFrame({"x": [*map(float, range(40)), np.inf], "g": ["a"] * 41})
    errors = compare_imputation(table, "x", by="g", share=0.5, repeats=2)
    assert np.isfinite(errors.to_numpy()).all()
    with pytest.raises(ValueError, match="share must hide some of the 40 known values"):
        compare_imputation(table, "x", by="g", share=1e-9)
