"""Kinds, transformers, builder: by name, from training rows alone, no special cases."""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold
from sklearn.preprocessing import OneHotEncoder, TargetEncoder
from sklearn.utils.estimator_checks import parametrize_with_checks

import mlmastery.ml_pipeline
from mlmastery.datasets import load_ames, load_credit_data, load_penguins
from mlmastery.ml_pipeline import (
    CategoryIndicators,
    ColumnGate,
    DateParts,
    MedianFill,
    QuantileClipper,
    best_of_noise,
    build_pipeline,
    infer_kinds,
    infer_task,
    noise_selection,
    one_standard_error,
    out_of_fold_means,
    select_model,
    split_target,
)

TABLES = {"credit": (load_credit_data, "Status"), "ames": (load_ames, "price")}
TABLES["penguins"] = (load_penguins, "species")


@parametrize_with_checks(
    [
        QuantileClipper(),
        MedianFill(),
        CategoryIndicators(),
        DateParts(),
        ColumnGate(),
    ]
)
def test_transformers_follow_the_estimator_api(estimator, check):
    check(estimator)


def small(n=40):
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "a": rng.normal(size=n),
            "b": rng.normal(10, 2, n),
            "flag": rng.integers(0, 2, n),
            "job": rng.choice(["cook", "nurse"], n),
            "when": pd.date_range("2024-01-01", periods=n),
            "id": range(n),
            "same": 1,
            "note": [f"note {i}" for i in range(n)],
            "y": rng.normal(size=n),
        }
    )


# Kinds


def test_each_kind_is_recognised_and_each_drop_has_a_reason():
    kinds = infer_kinds(small(), "y")
    assert kinds.numeric == ("a", "b")
    assert (kinds.binary, kinds.category, kinds.date) == (
        ("flag",),
        ("job",),
        ("when",),
    )
    assert kinds.dropped == {
        "id": "identifier: every value is different",
        "same": "constant: one value in every row",
        "note": "identifier: every value is different",
    }
    assert kinds.used == ("a", "b", "flag", "job", "when")
    assert set(kinds.table()["kind"]) == {
        "numeric",
        "binary",
        "category",
        "date",
        "dropped",
    }


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([None] * 30, "dropped"),
        ([1.0, None] * 15, "binary"),
        (list(range(19)), "numeric"),
        ([*range(29), 0], "numeric"),
        ([True, False] * 15, "binary"),
        ([f"t {i // 1.5}" for i in range(30)], "dropped"),
        (["a", "b", None] * 10, "category"),
    ],
)
def test_kinds_at_their_limits(values, kind):
    df = pd.DataFrame(
        {"x": values, "y": [0, 1] * (len(values) // 2) + [0] * (len(values) % 2)}
    )
    assert infer_kinds(df, "y").table()["kind"].tolist() == [kind]


@pytest.mark.parametrize(
    ("df", "error", "words"),
    [
        (pd.DataFrame(), ValueError, "at least one row"),
        (pd.DataFrame({"x": []}), ValueError, "at least one row"),
        (pd.DataFrame([[1, 2]], columns=["x", "x"]), ValueError, r"got twice: \['x'\]"),
        (pd.DataFrame({3: [1]}), TypeError, "texts as column names, got 3"),
        (
            pd.DataFrame({"x": [1, 2]}),
            ValueError,
            "target must be a column of df, got 'y'",
        ),
        ([[1]], TypeError, "df must be a DataFrame, got list"),
        (
            pd.DataFrame({"x": [1, 2], "y": [1.0, None]}),
            ValueError,
            "got 1 missing of 2",
        ),
        (
            pd.DataFrame({"x": [1, 2], "y": ["a", "a"]}),
            ValueError,
            "at least two values",
        ),
        (
            pd.DataFrame({"x": [1, 1], "y": [1, 2]}),
            ValueError,
            "no column of df can be used",
        ),
    ],
)
def test_tables_that_cannot_be_used(df, error, words):
    with pytest.raises(error, match=words):
        build_pipeline(df, "y")


def test_options_that_do_not_exist():
    for wrong in ({"model": "deep"}, {"extra": "maybe"}, {"select": 0}):
        with pytest.raises(ValueError, match="must be"):
            build_pipeline(small(), "y", **wrong)


def test_tasks():
    assert infer_task(pd.Series([0, 1, 1])) == "classification"
    assert infer_task(pd.Series([True, False])) == "classification"
    assert infer_task(pd.Series(range(20))) == "classification"
    assert infer_task(pd.Series(range(21))) == "regression"
    assert infer_task(pd.Series([0.0, 1.0])) == "regression"


# One builder, three tables


@pytest.mark.parametrize("name", TABLES)
def test_one_builder_serves_each_table(name):
    load, target = TABLES[name]
    df = load()
    X, y = split_target(df, target)
    pipeline = build_pipeline(df, target).fit(X, y)
    assert len(pipeline.predict(X.head(7))) == 7
    assert pipeline.score(X, y) > 0.75


def test_no_column_of_the_three_tables_is_in_the_package():
    folder = Path(mlmastery.ml_pipeline.__file__).parent
    text = "\n".join(p.read_text("utf-8") for p in folder.glob("*.py"))
    common = {
        "order",
        "latitude",
        "longitude",
        "street",
        "alley",
        "price",
        "year",
        "sex",
    }
    for load, _ in TABLES.values():
        names = set(load().columns) - common
        assert [n for n in names if f'"{n}"' in text or f"'{n}'" in text] == []


def test_the_built_pipeline_takes_dates_flags_and_nullable_numbers():
    df = small().assign(
        flag=lambda t: t["flag"].astype(bool),
        b=lambda t: t["b"].round().astype("Int64"),
    )
    df.loc[3, "b"] = pd.NA
    X, y = split_target(df, "y")
    pipeline = build_pipeline(df, "y").fit(X, y)
    names = pipeline[:-1].get_feature_names_out().tolist()
    assert {"a", "b", "b_missing", "flag", "job_cook", "when_days", "when_sin"} <= set(
        names
    )
    assert np.isfinite(pipeline.predict(X)).all()


@pytest.mark.parametrize("model", ["linear", "forest", "boosting"])
def test_models_for_both_tasks(model):
    df = small(60)
    for target in ("y", "job"):
        X, y = split_target(df, target)
        first = build_pipeline(df, target, model=model, select=3).fit(X, y)
        again = clone(first).fit(X, y)
        assert (first.predict(X) == again.predict(X)).all()
        assert first[:-1].transform(X).shape[1] == 3


# By name (scikit-learn #14223)


def test_columns_are_taken_by_name():
    df = small()
    X, y = split_target(df, "y")
    pipeline = build_pipeline(df, "y").fit(X, y)
    right = pipeline.predict(X)
    assert (pipeline.predict(X[X.columns[::-1]]) == right).all()
    lenient = build_pipeline(df, "y", extra="ignore").fit(X, y)
    assert (
        lenient.predict(X.assign(extra=1)[["extra", *X.columns[::-1]]]) == right
    ).all()
    with pytest.raises(ValueError, match="X has 1 columns that were not fitted: extra"):
        pipeline.predict(X.assign(extra=1))
    with pytest.raises(ValueError, match="X lacks 2 of 8 columns: a, job"):
        pipeline.predict(X.drop(columns=["job", "a"]))
    with pytest.raises(
        TypeError, match="must be a DataFrame with the 8 fitted columns, got ndarray"
    ):
        pipeline.predict(X.to_numpy())
    with pytest.raises(ValueError, match="got twice"):
        pipeline.predict(pd.concat([X, X[["a"]]], axis=1))
    with pytest.raises(ValueError, match="extra must be one of refuse, ignore"):
        ColumnGate("perhaps").fit(X)


# From training rows alone


def test_test_rows_change_nothing():
    df = small()
    X, y = split_target(df, "y")
    pipeline = build_pipeline(df, "y").fit(X, y)
    right = pipeline.predict(X.head(3))
    strange = X.assign(a=1e6, job="astronaut")
    assert (pipeline.predict(pd.concat([X.head(3), strange]))[:3] == right).all()


def test_clipping_by_hand():
    clip = QuantileClipper(0.25, 0.75).fit([[1.0], [2.0], [3.0], [4.0], [100.0]])
    assert (clip.low_[0], clip.high_[0]) == (2, 4)
    np.testing.assert_array_equal(
        clip.transform([[50.0], [0.0], [np.nan]]), [[4], [2], [np.nan]]
    )
    empty = QuantileClipper().fit([[np.nan], [np.nan]])
    assert empty.transform([[7.0]])[0, 0] == 7
    for low, high in ((0.5, 0.5), (0.9, 0.1), (-0.1, 1), (0, 1.1)):
        with pytest.raises(ValueError, match=r"low must be|high must be"):
            QuantileClipper(low, high).fit([[1.0]])


def test_gaps_are_filled_and_told():
    fill = MedianFill().fit(
        [[1.0, 5.0, np.nan], [4.0, np.nan, np.nan], [3.0, 7.0, np.nan]]
    )
    assert fill.medians_.tolist() == [3, 6, 0]
    assert fill.transform([[np.nan, np.nan, np.nan]]).tolist() == [[3, 6, 0, 1, 1]]
    assert fill.get_feature_names_out(["a", "b", "c"]).tolist() == [
        "a", "b", "c", "b_missing", "c_missing",
    ]  # fmt: skip


def test_unknown_categories_join_the_rare_ones():
    pool = CategoryIndicators(2).fit([["a"], ["a"], ["b"], ["b"], ["c"], [None]])
    assert pool.get_feature_names_out(["x"]).tolist() == [
        "x_(missing)",
        "x_(rare)",
        "x_a",
        "x_b",
    ]
    rows = pool.transform([["a"], ["c"], ["new"], [np.nan]]).tolist()
    assert rows == [[0, 0, 1, 0], [0, 1, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0]]
    assert not CategoryIndicators(1).fit([["a"], ["b"]]).transform([["new"]]).any()
    with pytest.raises(ValueError, match="min_count must be a whole number"):
        CategoryIndicators(0).fit([["a"]])


def test_gaps_are_filled_as_the_library_does():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 4))
    X[rng.random(X.shape) < 0.2] = np.nan
    X[:, 3] = np.nan
    library = SimpleImputer(
        strategy="median", add_indicator=True, keep_empty_features=True
    )
    ours, theirs = MedianFill().fit(X), library.fit(X)
    np.testing.assert_array_equal(ours.transform(X), theirs.transform(X))
    np.testing.assert_array_equal(ours.medians_, theirs.statistics_)


def test_categories_are_encoded_as_the_library_does():
    rng = np.random.default_rng(0)
    names = np.array([*"aabbccdef", None], dtype=object)
    X = rng.choice(names, (200, 2))
    X[:3, 0] = ["rare 1", "rare 2", "rare 3"]
    library = OneHotEncoder(
        min_frequency=10, handle_unknown="infrequent_if_exist", sparse_output=False
    )
    new = np.array([["a", "zzz"], ["zzz", None], ["rare 1", "b"]], dtype=object)
    ours, theirs = CategoryIndicators(10).fit(X), library.fit(X)

    def plain(names):
        words = {"(rare)": "infrequent_sklearn", "(missing)": "None"}
        for ours_, theirs_ in words.items():
            names = [n.replace(ours_, theirs_) for n in names]
        return names

    columns = plain(ours.get_feature_names_out(["x", "y"]))
    order = [columns.index(n) for n in theirs.get_feature_names_out(["x", "y"])]
    assert sorted(order) == list(range(len(columns)))
    for rows in (X, new):
        np.testing.assert_array_equal(
            ours.transform(rows)[:, order], theirs.transform(rows)
        )


def test_a_rare_gap_is_a_category_of_its_own():
    X = np.array([["a"]] * 20 + [[None]] * 3 + [["b"]] * 2, dtype=object)
    assert CategoryIndicators(10).fit(X).kept_[0].tolist() == [
        "(missing)", "(rare)", "a",
    ]  # fmt: skip
    library = OneHotEncoder(min_frequency=10, handle_unknown="infrequent_if_exist")
    assert library.fit(X).get_feature_names_out(["x"]).tolist() == [
        "x_a", "x_infrequent_sklearn",
    ]  # fmt: skip


def test_date_parts_by_hand():
    dates = pd.DataFrame(
        {
            "d": pd.to_datetime(
                ["1970-01-01", "1969-12-31", None, "2024-02-29T12:00"], format="ISO8601"
            )
        }
    )
    out = DateParts().fit_transform(dates)
    assert out[0].tolist() == [0, 0, 1, 3]  # a Thursday
    assert (out[1, 0], out[1, 3]) == (-1, 2)
    assert np.isnan(out[2]).all()
    assert (out[3, 0], out[3, 3]) == (19782.5, 3)
    aware = dates.assign(d=dates["d"].dt.tz_localize("UTC"))
    np.testing.assert_array_equal(DateParts().fit_transform(aware), out)
    assert DateParts().fit(dates).get_feature_names_out().tolist() == [
        "d_days",
        "d_sin",
        "d_cos",
        "d_weekday",
    ]


# Inside the folds


def test_codes_out_of_fold_equal_the_references():
    rng = np.random.default_rng(1)
    names, y = rng.integers(0, 30, 200), rng.normal(size=200)
    ours, theirs = out_of_fold_means(names, y, KFold(4), smooth=3.0), np.empty(200)
    for train, test in KFold(4).split(names):
        encoder = TargetEncoder(target_type="continuous", smooth=3.0)
        encoder.fit(names[train, None], y[train])
        theirs[test] = encoder.transform(names[test, None])[:, 0]
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_a_single_row_does_not_see_its_own_target():
    y = np.array([0, 1, 1, 0, 1.0])
    codes = out_of_fold_means(list("abcde"), y, KFold(5))
    np.testing.assert_allclose(codes, [(y.sum() - own) / 4 for own in y])
    with pytest.raises(ValueError, match="one length, got 2 and 3"):
        out_of_fold_means([1, 2], [1, 2, 3], KFold(2))
    with pytest.raises(ValueError, match="smooth must be a number above 0"):
        out_of_fold_means([1, 2], [1, 2], KFold(2), smooth=0)


def test_the_leak_of_target_means_and_its_cure():
    rng = np.random.default_rng(0)
    names, y = rng.integers(0, 200, 400), rng.integers(0, 2, 400).astype(float)
    naive = pd.Series(y).groupby(names).transform("mean")
    assert np.corrcoef(naive, y)[0, 1] > 0.6
    assert abs(np.corrcoef(out_of_fold_means(names, y, KFold(5)), y)[0, 1]) < 0.15


def test_selection_outside_the_folds_sees_signal_in_noise():
    found = pd.DataFrame([noise_selection(5000, random_state=s) for s in range(5)])
    assert found["outside"].mean() > 0.9
    assert 0.35 < found["inside"].mean() < 0.65
    few = noise_selection(20)
    assert few["outside"] == few["inside"]  # nothing to choose
    with pytest.raises(
        ValueError, match="n_features must be a whole number of at least 20"
    ):
        noise_selection(10)


def test_the_best_of_many_is_too_good():
    found = pd.DataFrame([best_of_noise(200, random_state=s) for s in range(15)])
    assert found["seen"].mean() > 0.62
    assert 0.42 < found["nested"].mean() < 0.58
    one = best_of_noise(1)
    assert one["seen"] == one["nested"]


def test_one_standard_error_by_hand():
    scores = pd.DataFrame({"a": [5.0, 6], "b": [7.2, 7.2], "c": [7.0, 9]})
    assert one_standard_error(scores) == "b"
    assert one_standard_error(scores[["a", "c"]]) == "c"


def test_select_model_scores_the_choosing():
    df = small(80)
    X, y = split_target(df, "y")
    models = {m: build_pipeline(df, "y", model=m) for m in ("linear", "boosting")}
    found = select_model(models, X, y, outer=KFold(3), inner=KFold(4))
    assert found.scores.shape == (3,)
    assert found.inner.shape == (4, 2)
    assert found.final == one_standard_error(found.inner)
    train, test = next(iter(KFold(3).split(X)))
    model = clone(models[found.chosen[0]]).fit(X.iloc[train], y.iloc[train])
    assert found.scores[0] == pytest.approx(model.score(X.iloc[test], y.iloc[test]))
    with pytest.raises(ValueError, match="at least one estimator"):
        select_model({}, X, y, outer=KFold(3), inner=KFold(3))


def test_nothing_warns_on_odd_columns():
    df = small().assign(gap=[1.5, None] * 20)
    X, y = split_target(df, "y")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        build_pipeline(df, "y").fit(X, y).predict(X.assign(gap=np.nan))
