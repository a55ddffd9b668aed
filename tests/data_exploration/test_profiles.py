"""Extreme values, dates, texts and sample rows of a report."""

import numpy as np
import pandas as pd

from mlmastery.data_exploration import (
    extreme_values,
    profile_dates,
    profile_texts,
    row_samples,
)
from mlmastery.datasets import load_diamonds


def test_extremes_are_those_of_pandas_with_their_labels():
    table = load_diamonds()
    found = extreme_values(table, ["y"], n=3).loc["y"]
    largest = table["y"].nlargest(3)
    assert [v for v, _ in found["largest"]] == largest.tolist()
    assert found["largest"][0] == (58.9, 24067)
    assert [v for v, _ in found["smallest"]] == [0.0, 0.0, 0.0]


def test_extremes_of_few_values_and_of_none():
    table = pd.DataFrame({"a": [np.nan, 2.0, np.inf], "b": [np.nan] * 3})
    found = extreme_values(table, ["a", "b"], pd.Index(["x", "y", "z"]))
    assert found.loc["a", "largest"] == found.loc["a", "smallest"] == [(2.0, "y")]
    assert found.loc["b", "largest"] == []


def test_dates_have_a_range_and_a_longest_gap():
    table = pd.DataFrame({"d": ["03.01.2020", "01.01.2020", "20.01.2020", None]})
    row = profile_dates(table, ["d"]).loc["d"]
    assert (row["earliest"], row["latest"]) == (
        pd.Timestamp("2020-01-01"),
        pd.Timestamp("2020-01-20"),
    )
    assert (row["days"], row["longest gap"], str(row["after"])) == (3, 17, "2020-01-03")


def test_texts_have_lengths_words_and_odd_characters():
    table = pd.DataFrame({"t": ["Red tea", "red\u00a0", "tea, tea", None]})
    row = profile_texts(table, ["t"]).loc["t"]
    assert (row["shortest"], row["longest"]) == (4, 8)
    assert row["words"].startswith("tea (3), red (2)")
    assert "no-break space (1)" in row["characters"]


def test_rows_are_sampled_once_each():
    table = pd.DataFrame({"a": range(100)})
    rows = row_samples(table, n=5)
    assert rows["a"].is_unique
    assert rows["a"]["first"].tolist() == [0, 1, 2, 3, 4]
    assert rows["a"]["last"].tolist() == [95, 96, 97, 98, 99]
    assert len(row_samples(table.head(7), n=5)) == 7
    assert len(row_samples(table.head(1), n=5)) == 1
