"""Chapter 1: kinds of columns, dates of any type, and numbers near the largest."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from mlmastery.data_exploration.columns import (
    KINDS,
    as_dates,
    column_kind,
    describe_numbers,
    overview_table,
    plain,
)


def arrow(values: list[object], kind: pa.DataType) -> pd.Series:
    return pd.Series(values, dtype=pd.ArrowDtype(kind))


DAYS = [dt.date(2020, 1, 1), dt.date(2021, 1, 1), None]
COLUMNS = [
    ("number", pd.Series([1.5, None, 2.0])),
    ("number", pd.Series([1, 2.5, np.nan], dtype="float16")),
    ("number", pd.Series([Decimal("1.5"), None, Decimal("2.25")])),
    ("number", arrow([Decimal("1.5"), None, Decimal("2.25")], pa.decimal128(10, 2))),
    ("number", pd.Series([1, None, 3], dtype="Int64")),
    ("number", pd.Series([2**70, 1, 3], dtype=object)),
    ("number", pd.Series([Fraction(i, 7) for i in range(30)])),
    ("category", pd.Series([10**30 + i for i in range(30)], dtype=object)),
    ("category", pd.Series([10**400 + i for i in range(30)], dtype=object)),
    ("number", pd.Series(range(13))),
    ("number", pd.Series([0, 1, -999] * 9)),
    ("number", pd.Series([1, 2, 3])),
    ("number", pd.Series([10, 20, 30] * 20)),
    ("number", pd.Series([0.5, 1.5] * 9)),
    ("number", pd.Series([0, np.inf] * 9)),
    ("binary", pd.Series([0, 1] * 3)),
    ("binary", pd.Series([1, 2, None] * 3)),
    ("binary", pd.Series([0] * 99 + [1])),
    ("binary", pd.Series([0, 1, None] * 3, dtype="Int64")),
    ("code", pd.Series([1, 2, 3] * 10)),
    ("code", pd.Series([*range(1, 13)] * 5)),
    ("code", pd.Series([0, 1, 2, 3, 4, 5, 8] * 9)),
    ("code", pd.Series(["01234", "99999", "00001"])),
    ("category", pd.Series(["a", "b", "a"])),
    ("category", pd.Series(["a", "b", "a"], dtype="category")),
    ("category", pd.Series([1, 2, 1], dtype="category")),
    ("category", arrow(["a", "b", "a"], pa.string())),
    ("category", arrow([[1, 2], [3], None], pa.list_(pa.int64()))),
    ("category", pd.Series([b"a", b"b", None])),
    ("category", pd.Series([{"a": 1}, {"a": 2}, None])),
    ("category", pd.Series([np.array([1, 2]), np.array([1]), None])),
    ("category", pd.Series([1, pd.NA, "x"], dtype=object)),
    ("text", pd.Series([1j, 2, 3])),
    ("text", pd.Series([f"word {i}" for i in range(60)])),
    ("boolean", pd.Series([True, None, False], dtype=object)),
    ("boolean", pd.Series([True, None, False], dtype="boolean")),
    ("date", pd.Series(DAYS)),
    ("date", arrow(DAYS, pa.date32())),
    ("date", pd.Series(pd.date_range("2020-01-01", periods=3, tz="Europe/Berlin"))),
    ("date", pd.Series(pd.period_range("2020-01", periods=3, freq="M"))),
    (
        "date",
        pd.Series([*pd.period_range("2020-01", periods=3, freq="M")], dtype=object),
    ),
    ("date", pd.Series(["19.04.2024", "1.5.2024"])),
    ("date", pd.Series(["19-Apr-2024", "01-May-2024"])),
    ("date", pd.Series(["20240419", "20240501"])),
    ("date", pd.Series(["04/19/24", "05/01/24"])),
    ("duration", pd.Series(pd.to_timedelta([1, 2, None], unit="h"))),
    ("duration", pd.Series([dt.time(1, 2), dt.time(3), None])),
    ("duration", pd.Series([dt.timedelta(1), dt.timedelta(2)], dtype=object)),
    ("duration", arrow([dt.time(1), dt.time(2), None], pa.time64("us"))),
    ("constant", pd.Series([7, 7, None])),
    ("empty", pd.Series([None, None])),
]


@pytest.mark.parametrize(
    ("kind", "values"), COLUMNS, ids=lambda v: v if isinstance(v, str) else ""
)
def test_kind_of_a_column(kind, values):
    assert kind in KINDS
    assert column_kind(values) == kind
    overview = overview_table(pd.DataFrame({0: values}))
    assert overview.loc[0, "kind"] == kind
    numbers = kind in ("number", "binary") or (kind == "code" and values.dtype != "str")
    assert np.isnan(overview.loc[0, "mean"]) != numbers
    assert pd.isna(overview.loc[0, "earliest"]) == (kind != "date")
    assert pd.isna(overview.loc[0, "longest"]) == (kind not in ("category", "text"))


@pytest.mark.parametrize("values", [v for _, v in COLUMNS])
def test_plain_columns_can_be_counted_and_compared(values):
    frame = plain(pd.DataFrame({"a": values}))
    assert frame["a"].value_counts().sum() == values.notna().sum()
    assert frame["a"].isna().tolist() == values.isna().tolist()


def test_earliest_and_latest_of_every_type_of_date():
    days = ["2020-01-01", "2021-01-01"]
    forms = [
        pd.Series(days),
        pd.Series(pd.to_datetime(days)),
        pd.Series(pd.to_datetime(days)).dt.tz_localize("Asia/Tokyo"),
        pd.Series([dt.date(2020, 1, 1), dt.date(2021, 1, 1)]),
        pd.Series(pd.PeriodIndex(days, freq="D")),
        pd.Series(["01.01.2020", "01.01.2021"]),
        pd.Series(["20200101", "20210101"]),
    ]
    for values in forms:
        row = overview_table(pd.DataFrame({"d": values})).iloc[0]
        assert (str(row["earliest"])[:10], str(row["latest"])[:10]) == tuple(days)


def test_an_odd_cell_among_dates_is_no_date():
    values = pd.Series(["01.02.2020"] * 60 + ["02.02.2020"] * 60 + ["unknown"])
    assert column_kind(values) == "date"
    assert as_dates(values).notna().sum() == 120
    assert as_dates(values).dt.month.max() == 2


def test_numbers_near_the_largest_have_a_mean_and_a_spread():
    numbers = describe_numbers(pd.Series([1e308, -1e308, 1.5e308]))
    assert numbers.mean == pytest.approx(5e307)
    assert numbers.std == pytest.approx(1.3228756555322954e308)
    assert (numbers.minimum, numbers.maximum) == (-1e308, 1.5e308)


def test_lengths_of_texts():
    row = overview_table(pd.DataFrame({"t": ["a", "bbb", "", None]})).iloc[0]
    assert (row["shortest"], row["longest"]) == (0, 3)
