"""Findings on tables like those that readers bring: true, ranked, nothing left unsaid."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.data_exploration import EDAReport, comprehensive_eda, correlation_table
from mlmastery.data_exploration.content import PRINTED
from mlmastery.data_exploration.findings import cell
from mlmastery.datasets import load_flights, load_penguins, load_titanic

N = 174


def topics(report: EDAReport) -> set[str]:
    return {finding.topic for finding in report.findings}


def texts(report: EDAReport, topic: str) -> list[str]:
    return [str(f) for f in report.findings if f.topic == topic]


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


# --- binary and code columns -------------------------------------------------------------


def test_binary_columns_have_no_outliers():
    table = pd.DataFrame({"hf": [1] * 2 + [0] * 398, "death": [1] * 78 + [0] * 322})
    report = comprehensive_eda(table)
    assert not topics(report) & {"far values", "many outliers", "long tail"}
    assert "`hf` is 0 in 99.5 %" in texts(report, "one value")[0]


@pytest.mark.parametrize("codes", [[0, 1], [1, 2, 3], [2, 4], ["a", "b"]])
def test_reversal_is_found_however_the_group_is_coded(codes: list):
    group = np.repeat(np.arange(len(codes)), 150)
    x = rng().normal(size=len(group))
    y = (
        x
        + rng().normal(size=len(group)) * 0
        + np.random.default_rng(1).normal(size=len(group))
    )
    table = pd.DataFrame(
        {"x": x + 6 * group, "y": y - 6 * group, "g": np.array(codes)[group]}
    )
    found = [
        f.columns for f in comprehensive_eda(table).findings if f.topic == "reversal"
    ]
    assert found == [("x", "y", "g")]


def test_titanic_names_sex_first_and_then_the_class():
    report = comprehensive_eda(load_titanic(), "Survived")
    closest = [f for f in report.findings if f.topic == "target"][1]
    assert closest.columns[:3] == ("Survived", "Sex", "Pclass")


def test_shares_of_outliers_are_of_the_known_rows():
    values = np.concatenate(
        [rng().normal(size=90), np.full(10, 50.0), np.full(100, np.nan)]
    )
    report = comprehensive_eda(pd.DataFrame({"x": values, "y": rng().normal(size=200)}))
    assert "10 %" in texts(report, "many outliers")[0]


def test_zeros_apart_from_all_other_values_are_found():
    rate = rng().integers(48, 140, N).astype(float)
    rate[:51] = 0
    report = comprehensive_eda(pd.DataFrame({"heart_rate": rate}))
    assert "`heart_rate` is 0 in 51 rows" in texts(report, "zeros")[0]


def test_midnight_is_a_time_of_day():
    minutes = np.arange(0, 1440, 5)
    report = comprehensive_eda(
        pd.DataFrame({"t": 100 * (minutes // 60) + minutes % 60})
    )
    assert "`t` looks like times of day" in texts(report, "clock times")[0]


@pytest.mark.parametrize(("n", "said"), [(1, "1 infinite value."), (2, "2 infinite v")])
def test_infinite_values_are_counted(n: int, said: str):
    values = np.concatenate([np.full(n, np.inf), rng().normal(size=30)])
    report = comprehensive_eda(pd.DataFrame({"x": values}))
    assert texts(report, "infinite")[0].startswith(f"`x` holds {said}")


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(0).poisson(3, 500),
        np.random.default_rng(0).exponential(size=500).round(1),
        np.random.default_rng(0).integers(0, 100, 500),
        np.random.default_rng(0).negative_binomial(1, 0.05, 500),
    ],
)
def test_zeros_that_are_counts_are_not(values):
    assert "zeros" not in topics(comprehensive_eda(pd.DataFrame({"n": values})))


@pytest.mark.parametrize("sign", [" NA", "n/a", "-", "?", "NULL ", " "])
@pytest.mark.parametrize("share", [0.05, 0.5])
def test_numbers_with_signs_for_missing_are_named(sign: str, share: float):
    cells = [str(v) for v in rng().normal(size=100).round(2)]
    cells[: int(100 * share)] = [sign] * int(100 * share)
    report = comprehensive_eda(pd.DataFrame({"x": cells}))
    assert repr(sign) in texts(report, "numbers as text")[0]


def test_identifiers_take_no_place_of_a_finding():
    ids = {f"{name}_id": rng().permutation(500) * 7 for name in "abcdefgh"}
    table = pd.DataFrame({**ids, "x": rng().normal(size=500)})
    table["y"] = table["x"] * 2 + 0.01 * rng().normal(size=500)
    report = comprehensive_eda(table)
    assert [f.columns for f in report.findings if f.topic == "near copies"] == [
        ("x", "y")
    ]
    assert len(texts(report, "identifier")) == 7  # six, and one that counts the others


# --- relations --------------------------------------------------------------------------


def test_two_shared_rows_make_no_correlation():
    table = pd.DataFrame({"a": [1.0, 2] + [np.nan] * 38, "b": [3.0, 5] + [1.0] * 38})
    assert np.isnan(correlation_table(table).loc["a", "b"])
    assert not topics(comprehensive_eda(table)) & {"near copies", "correlated"}


@pytest.mark.parametrize(
    ("noise", "topic"), [(0.02, "near copies"), (0.3, "correlated"), (1.0, None)]
)
def test_strong_is_not_nearly_identical(noise: float, topic: str | None):
    x = rng().normal(size=300)
    y = x + noise * np.random.default_rng(1).normal(size=300)
    found = topics(comprehensive_eda(pd.DataFrame({"x": x, "y": y})))
    assert found & {"near copies", "correlated"} == ({topic} if topic else set())


def test_equal_columns_are_named_once():
    x = rng().normal(size=50)
    report = comprehensive_eda(pd.DataFrame({"x": x, "y": x, "z": -x}))
    assert texts(report, "duplicate columns") == ["`y` equals `x` in all 50 rows."]
    pairs = {f.columns for f in report.findings if f.topic == "near copies"}
    assert pairs == {("x", "z"), ("y", "z")}


def test_gaps_that_meet_by_chance_are_not_reported():
    table = pd.DataFrame(rng().normal(size=(200, 3)), columns=list("abc"))
    table = table.mask(rng().random(table.shape) < 0.35)
    report = comprehensive_eda(table)
    together = table[["a", "b"]].isna().all(axis=1).sum()
    assert together > 10
    assert texts(report, "missing together") == []


def test_gaps_that_meet_more_often_say_what_chance_would_make():
    table = pd.DataFrame(rng().normal(size=(200, 2)), columns=list("ab"))
    table.iloc[:40] = np.nan
    (text,) = texts(comprehensive_eda(table), "missing together")
    assert "40 rows" in text
    assert "about 8" in text  # 200 * 0.2 * 0.2


def test_gaps_that_meet_hardly_more_often_are_not_reported():
    """In 2,000 rows 560 are surely more than the 500 of chance, and yet no news."""
    row = np.arange(2000)
    gone = {"a": row < 1000, "b": (row < 560) | (row >= 1560)}
    table = pd.DataFrame({"a": rng().normal(size=2000), "b": row[::-1] % 7.5})
    table = table.mask(pd.DataFrame(gone))
    assert texts(comprehensive_eda(table), "missing together") == []


@pytest.mark.parametrize("shared", [9, 10])
def test_a_group_needs_ten_shared_rows_to_turn_a_sign_round(shared: int):
    group = np.repeat([0, 1, 2], [150, 150, 20])
    x, noise = rng().normal(size=320), np.random.default_rng(1).normal(size=320)
    table = pd.DataFrame(
        {"x": x + 6 * group, "y": noise - x + 6 * group, "g": group.astype(str)}
    )
    table.loc[300 + shared :, "y"] = np.nan
    assert ("reversal" in topics(comprehensive_eda(table))) == (shared == 10)


def test_group_differences_are_found():
    text = " ".join(texts(comprehensive_eda(load_penguins()), "group differences"))
    assert "`flipper_length_mm` differs between the groups of `species`" in text


# --- wide tables ------------------------------------------------------------------------


def test_target_is_compared_with_every_column():
    genes = pd.DataFrame(rng().normal(size=(200, 500))).add_prefix("gene_")
    outcome = 2 * genes["gene_499"] + np.random.default_rng(1).normal(size=200)
    report = comprehensive_eda(genes.assign(outcome=outcome), "outcome")
    assert report.findings[0].columns[1] == "gene_499"
    limits = " ".join(texts(report, "limits"))
    assert "first 100 of 501" in limits
    assert "first 24 columns" in limits
    assert "first 100 of 501" in str(report)


def test_page_says_which_drawings_are_cut(tmp_path):
    wide = pd.DataFrame(rng().normal(size=(40, 30))).add_prefix("x")
    page = comprehensive_eda(wide).to_html(tmp_path / "r.html").read_text()
    assert "How the numbers are distributed: the first 24 of 30 columns" in page


# --- dates ------------------------------------------------------------------------------


def test_format_of_dates_is_advised():
    days = [f"{day:02}.01.2021" for day in range(1, 29)]
    (text,) = texts(comprehensive_eda(pd.DataFrame({"d": days})), "dates as text")
    assert "format='%d.%m.%Y'" in text
    table = pd.DataFrame({"d": [f"{d:02}/{d % 12 + 1:02}/2021" for d in range(1, 12)]})
    (text,) = texts(comprehensive_eda(table), "dates as text")
    assert "'%d/%m/%Y'" in text
    assert "'%m/%d/%Y'" in text


def test_advice_on_dates_of_two_offsets_converts_them():
    days = ["2013-01-01T05:00+01:00", "2013-07-01T05:00+02:00"]
    (text,) = texts(comprehensive_eda(pd.DataFrame({"d": days})), "dates as text")
    assert "format='%Y-%m-%dT%H:%M%z' and utc=True converts them" in text
    dates = pd.to_datetime(days, format="%Y-%m-%dT%H:%M%z", utc=True)
    assert dates.hour.tolist() == [4, 3]


# --- target -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("y", "said"), [(np.nan, "is empty in all 60 rows"), (1, "has one value only")]
)
def test_target_without_values_is_said(y, said: str):
    table = pd.DataFrame({"x": rng().normal(size=60), "y": y})
    report = comprehensive_eda(table, "y")
    assert said in str(report.findings[0])
    assert "target" not in report.figures()


def test_target_that_goes_with_nothing_is_said():
    table = pd.DataFrame(rng().normal(size=(60, 4)), columns=list("abcy"))
    text = str(comprehensive_eda(table, "y").findings[0])
    assert text.startswith("None of 3 columns goes with the target `y`")


def test_target_named_by_a_number():
    table = pd.DataFrame({2013: np.arange(60.0), 2014: np.arange(60.0) ** 2})
    assert comprehensive_eda(table, 2013).findings[0].columns == (2013, 2014)


# --- grouping and ranking ----------------------------------------------------------------


@pytest.fixture(scope="module")
def flights_report():
    return comprehensive_eda(load_flights())


def test_at_most_twelve_findings_are_printed_and_the_rest_counted(flights_report):
    report = flights_report
    lines = str(report).splitlines()
    assert sum(line.startswith("- ") for line in lines) == PRINTED
    left = len(report.findings) - PRINTED
    assert lines[-1] == f"{left} further findings in `.findings`."
    order = [f.group for f in report.findings]
    assert order == sorted(order, key=list(dict.fromkeys(order)).index)


def test_findings_are_ranked_within_their_group(flights_report):
    report = flights_report
    for group in {f.group for f in report.findings}:
        severities = [f.severity for f in report.findings if f.group == group]
        assert severities == sorted(severities, reverse=True)


def test_only_numbers_longer_than_a_year_get_a_comma():
    assert [cell(n) for n in (2024, 9999, -9999, 10000)] == [
        "2024",
        "9999",
        "-9999",
        "10,000",
    ]


def test_far_value_names_its_row_by_the_callers_label():
    values = np.concatenate([rng().normal(size=99), [80.0]])
    table = pd.DataFrame({"x": values}, index=[f"r{i}" for i in range(100)])
    assert "look at row r99" in texts(comprehensive_eda(table), "far values")[0]


def test_rare_values_are_not_tied_by_one_row():
    said = 0
    for seed in range(20):
        g = np.random.default_rng(seed)
        columns = {f"c{i}": np.where(g.random(25) < 0.03, "r", "c") for i in range(8)}
        report = comprehensive_eda(pd.DataFrame(columns).assign(y=range(25)))
        said += bool(texts(report, "tied categories"))
    assert said <= 1


def test_three_outliers_of_a_bell_curve_are_no_shape():
    normal = [np.random.default_rng(seed).normal(size=(25, 8)) for seed in range(20)]
    reports = [comprehensive_eda(pd.DataFrame(table)) for table in normal]
    assert not any(texts(report, "many outliers") for report in reports)
    long_tail = pd.DataFrame({"x": rng().lognormal(size=500)})
    assert texts(comprehensive_eda(long_tail), "many outliers")


def test_categories_that_no_row_holds_are_not_counted():
    cells = pd.Categorical(["a", "b"] * 30, categories=list("abcdef"))
    report = comprehensive_eda(pd.DataFrame({"c": cells, "x": range(60)}), target="c")
    assert report.overview.loc["c", "distinct"] == 2
    assert "`c` has 2 values" in texts(report, "target")[0]


def test_numbers_kept_as_categories_are_not_called_text():
    table = pd.DataFrame({"level": pd.Categorical([1, 2, 3] * 20)})
    assert not texts(comprehensive_eda(table), "numbers as text")
