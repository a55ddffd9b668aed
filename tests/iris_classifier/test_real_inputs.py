"""What people pass to the tools of chapter 2."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from sklearn.feature_selection import f_classif
from sklearn.impute import SimpleImputer
from sklearn.model_selection import (
    LeaveOneOut,
    RepeatedStratifiedKFold,
    StratifiedKFold,
)

from mlmastery.iris_classifier import (
    LeakError,
    best_cut,
    check_split,
    check_training_ignores_test,
    classification_summary,
    confusion_table,
    explore,
    grid_scores,
    knn_predict,
    load,
    make_classifier,
    nested_scores,
    parameter_impact,
    shared_rows,
    split,
)

STATISTICS = {
    "mean": np.mean,
    "median": np.median,
    "max": np.max,
    "min": np.min,
    "quartile": lambda x, axis: np.quantile(x, 0.25, axis=axis),
}


@pytest.mark.parametrize("name", STATISTICS)
@pytest.mark.parametrize("columns", [slice(0, 1), slice(1, 2), slice(None)])
def test_any_statistic_of_all_rows_is_caught_with_every_seed(name, columns):
    X, y = (part.to_numpy() for part in load("iris"))
    X = X[:, columns]

    def leaky(X, y, train, test):
        return X[train] - STATISTICS[name](X, axis=0)

    def honest(X, y, train, test):
        return X[train] - STATISTICS[name](X[train], axis=0)

    for seed in range(8):
        rng = np.random.default_rng(seed)
        order = rng.permutation(len(X))
        train, test = order[:120], order[120:]
        check_training_ignores_test(honest, X, y, train, test, rng)
        with pytest.raises(LeakError, match="changed"):
            check_training_ignores_test(leaky, X, y, train, test, rng)


def test_gaps_in_honest_tables_are_no_leak_and_leaks_are_found_beside_them():
    X, y = (part.to_numpy().copy() for part in load("iris"))
    X[::7, 1] = np.nan
    train, test = np.arange(0, 150, 2), np.arange(1, 150, 2)
    rng = np.random.default_rng(0)
    check_training_ignores_test(lambda X, y, a, b: X[a], X, y, train, test, rng)

    def fill_from_all(X, y, train, test):
        return SimpleImputer(strategy="median").fit(X).transform(X[train])

    with pytest.raises(LeakError):
        check_training_ignores_test(fill_from_all, X, y, train, test, rng)


def test_labels_of_the_test_rows_that_are_used_are_found():
    X, y = (part.to_numpy() for part in load("iris"))
    train, test = np.arange(0, 150, 2), np.arange(1, 150, 2)

    def by_class(X, y, train, test):
        return X[train] - X[train].mean(axis=0) + (y == "setosa").mean()

    rng = np.random.default_rng(0)
    with pytest.raises(LeakError):
        check_training_ignores_test(by_class, X, y, train, test, rng)


FOLDS = list(StratifiedKFold(3).split(*load("iris")))
GRIDS = [
    {"model__max_depth": [None, 2]},
    {"model__min_samples_leaf": [1, 0.2]},
    {"model__max_depth": [None, 1], "model__criterion": ["gini", "entropy"]},
    {"model__max_features": ["sqrt", None, 1, 0.5]},
    {"model__class_weight": [None, "balanced", {"setosa": 2}]},
]


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("min_samples_leaf", [1, 2], "i"),
        ("min_samples_leaf", [1, 0.5], "f"),
        ("max_depth", [None, 2], "O"),
    ],
)
def test_settings_that_are_numbers_make_a_column_of_numbers(name, values, kind):
    name = f"model__{name}"
    scores = grid_scores(make_classifier("tree"), {name: values}, *load("iris"), FOLDS)
    assert scores[name].dtype.kind == kind


@pytest.mark.parametrize("grid", GRIDS)
def test_settings_of_any_kind_go_through_a_grid_as_they_are(grid):
    model = make_classifier("tree")
    scores = grid_scores(model, grid, *load("iris"), FOLDS)
    for name, values in grid.items():
        seen = scores[name].tolist()
        assert all(value in seen for value in values)
        assert all(value in values for value in seen)
    nested = nested_scores(model, grid, *load("iris"))
    for settings in nested.chosen:
        assert all(settings[name] in grid[name] for name in grid)
        assert all(
            type(settings[name]) in {type(v) for v in grid[name]} for name in grid
        )


def test_one_setting_keeps_its_values_too():
    values = [None, 1, 2]
    impact = parameter_impact(
        make_classifier("tree"), "model__max_depth", values, *load("iris")
    )
    assert impact.index.tolist() == values
    leaves = parameter_impact(
        make_classifier("tree"), "model__min_samples_leaf", [1, 0.999], *load("iris")
    )
    assert len(leaves) == 2  # one row, and a share of them


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.uint16, np.float16, bool])
def test_neighbours_are_found_among_numbers_of_any_kind(kind):
    X = np.array([[0], [1 if kind is bool else 100]]).astype(kind)
    new = np.array([[1 if kind is bool else 90]]).astype(kind)
    assert knn_predict(X, np.array(["low", "high"]), new, k=1).tolist() == ["high"]


def test_bytes_do_not_wrap_around():
    X = np.array([[0], [255]], dtype=np.uint8)
    new = np.array([[200], [50]], dtype=np.uint8)
    assert knn_predict(X, np.array([0, 255]), new, k=1).tolist() == [255, 0]


def test_tables_of_unequal_width_or_with_gaps_are_named():
    X, y = (part.to_numpy() for part in load("iris"))
    with pytest.raises(ValueError, match="as many columns as X_train, got 1 and 4"):
        knn_predict(X, y, X[:, :1], k=3)
    holes = X.copy()
    holes[3, 2] = np.nan
    with pytest.raises(ValueError, match="Input X_new contains NaN"):
        knn_predict(X, y, holes, k=3)
    with pytest.raises(ValueError, match="Input X contains NaN"):
        best_cut(holes, y)


def test_separation_of_a_feature_with_gaps_is_that_of_its_known_rows():
    X, y = load("iris")
    X = X.copy()
    X.iloc[::3, 0] = np.nan
    X.iloc[1:60, 2] = np.nan
    seen = explore(X, y)["separation"]
    for name in X:
        known = X[name].notna()
        expected = f_classif(X.loc[known, [name]], y[known])[0][0]
        assert seen[name] == pytest.approx(expected)


def test_dates_stay_dates_and_numbers_are_not_texts():
    days = np.array(["2026-01-01", "2026-01-02", "2026-01-02"], dtype="datetime64[ns]")
    table = confusion_table(days, days)
    assert table.index.tolist() == [
        pd.Timestamp("2026-01-01"),
        pd.Timestamp("2026-01-02"),
    ]
    assert table.to_numpy().tolist() == [[1, 0], [0, 2]]
    with pytest.raises(ValueError, match="labels must be of one kind, got int and str"):
        confusion_table([1, "a"], ["1", "a"])
    with pytest.raises(ValueError, match="labels must be of one kind"):
        confusion_table([1, 2], ["1", "2"])


@pytest.mark.parametrize(
    "y", [["mean", "b", "mean"], ["weighted mean", "mean", "x"], ["a", "b", "mean"]]
)
def test_a_class_may_be_called_as_the_averages_are(y):
    summary = classification_summary(y, y)
    plain = classification_summary(
        np.unique(y, return_inverse=True)[1], np.unique(y, return_inverse=True)[1]
    )
    np.testing.assert_array_equal(summary.to_numpy(), plain.to_numpy())
    assert summary.index[-2:].tolist() == ["mean", "weighted mean"]
    assert summary.index[:-2].tolist() == sorted(set(y))


def test_a_column_of_ones_hides_no_leak():
    # The test rows cancel: numbers near zero in their place would leave the mean.
    X = np.array([[1.0], [1.0], [-1.0], [-1.0], [1.0], [-1.0]])
    y = np.array([0, 0, 0, 1, 1, 1])

    def leaky(X, y, train, test):
        return X[train] - X.mean(axis=0)

    train, test = np.arange(4), np.arange(4, 6)
    for seed in range(5):
        rng = np.random.default_rng(seed)
        with pytest.raises(LeakError, match="changed 4 of 4 numbers"):
            check_training_ignores_test(leaky, X, y, train, test, rng)


@pytest.mark.parametrize(
    ("shared", "named"),
    [(1, r"\(0\)"), (3, r"\(0, 1, 2\)"), (4, r"\(0, 1, 2, \.\.\.\)")],
)
def test_the_first_three_shared_labels_are_named(shared, named):
    table = pd.DataFrame({"x": np.arange(20.0)})
    with pytest.raises(LeakError, match=rf"{shared} of 10 test rows ha\w+ .* {named}"):
        check_split(table.iloc[:shared], table.iloc[:10])


def test_two_rows_of_a_class_can_be_halved():
    X, y = (part.iloc[[0, 1, 50, 51]] for part in load("iris"))
    held = split(X, y, test_size=0.5, random_state=0)
    assert sorted(held.y_train) == ["setosa", "versicolor"]


@pytest.mark.parametrize("n_labels", [3, 149, 151])
def test_one_label_belongs_to_each_row(n_labels):
    X, y = load("iris")
    labels = y.iloc[np.arange(n_labels) % 150]
    message = rf"one label for each of 150 rows, got shape \({n_labels},\)"
    with pytest.raises(ValueError, match="y_train must hold " + message):
        knn_predict(X, labels, X, k=1)
    with pytest.raises(ValueError, match="y must hold " + message):
        best_cut(X, labels)


@pytest.mark.parametrize("gap", [None, np.nan])
def test_missing_labels_are_counted(gap):
    y = np.array(["a", gap, gap], dtype=object)
    with pytest.raises(ValueError, match="y_train must have no missing labels, got 2"):
        knn_predict(np.eye(3), y, np.eye(3), k=1)
    with pytest.raises(ValueError, match="y must have no missing labels, got 2"):
        best_cut(np.eye(3), y)


def test_cuts_lie_between_huge_numbers():
    cut = best_cut([[-1.6e308], [1.2e308], [1.7e308]], ["a", "a", "b"])
    assert 1.2e308 < cut.threshold < 1.7e308
    assert cut.impurity == 0


def test_facts_of_arrays_and_lists_are_those_of_the_frame():
    X, y = load("iris")
    ours = explore(X.to_numpy(), list(y))
    np.testing.assert_array_equal(ours.to_numpy(), explore(X, y).to_numpy())
    with pytest.raises(ValueError, match="numbers only, got others in colour, spot"):
        explore(X.assign(colour="blue", spot=None), y)


def test_folds_may_be_a_generator_and_must_be_there():
    model, grid, (X, y) = (
        make_classifier("tree"),
        {"model__max_depth": [1, 2]},
        load("iris"),
    )
    once = (fold for fold in FOLDS)
    pd.testing.assert_frame_equal(
        grid_scores(model, grid, X, y, once), grid_scores(model, grid, X, y, FOLDS)
    )
    with pytest.raises(ValueError, match="at least one pair of row numbers, got none"):
        grid_scores(model, grid, X, y, [])


@pytest.mark.parametrize("name", ["_merge", "_", "left_only", 0])
def test_columns_may_have_any_name(name):
    train, test = pd.DataFrame({name: [1, 2]}), pd.DataFrame({name: [2, 3]})
    assert shared_rows(train, test).tolist() == [True, False]


def test_parts_without_an_index_are_named():
    X, _ = load("iris")
    with pytest.raises(TypeError, match="train must be a DataFrame, got ndarray"):
        check_split(X.to_numpy(), X)
    with pytest.raises(TypeError, match="test must be a DataFrame, got list"):
        check_split(X, [[1.0]])


def scaled(X, rows):
    return (X - X[rows].mean(axis=0)) / X[rows].std(axis=0)


@pytest.mark.parametrize(
    "give",
    [
        lambda X, y: (X, y),
        lambda X, y: [X, y],
        lambda X, y: csr_array(np.nan_to_num(X)),
        lambda X, y: pd.DataFrame(X),
    ],
    ids=["tuple", "list", "sparse", "frame"],
)
@pytest.mark.parametrize("mask", [True, False], ids=["mask", "numbers"])
def test_training_data_may_be_given_in_any_container(give, mask):
    X, y = load("iris")
    codes = pd.factorize(y)[0]
    inside = np.random.default_rng(0).random(150) < 0.7
    parts = (inside, ~inside) if mask else map(np.flatnonzero, (inside, ~inside))
    train, test = parts

    def honest(X, y, train, test):
        out = give(scaled(X, train)[train], y[train])
        return out if not isinstance(out, list) else np.column_stack(out)

    def leaky(X, y, train, test):
        out = give(scaled(X, np.arange(150))[train], y[train])
        return out if not isinstance(out, list) else np.column_stack(out)

    rng = np.random.default_rng(0)
    check_training_ignores_test(honest, X, codes, train, test, rng)
    with pytest.raises(LeakError, match="numbers that training sees"):
        check_training_ignores_test(leaky, X, codes, train, test, rng)


def test_parts_that_share_rows_are_a_leak_by_themselves():
    X, y = (part.to_numpy() for part in load("iris"))
    rng = np.random.default_rng(0)
    with pytest.raises(LeakError, match="2 of 50 test rows have a row number"):
        check_training_ignores_test(
            lambda X, y, a, b: X[a], X, y, np.arange(102), np.arange(100, 150), rng
        )


@pytest.mark.parametrize("top", [1e307, 1e308, np.inf])
def test_huge_and_infinite_numbers_hide_no_leak(top):
    X, y = (part.to_numpy().copy() for part in load("iris"))
    X[0, 0] = top
    train, test, rng = np.arange(100), np.arange(100, 150), np.random.default_rng(0)
    check_training_ignores_test(lambda X, y, a, b: X[a], X, y, train, test, rng)

    def leaky(X, y, train, test):
        return X[train] - np.median(X, axis=0)

    with pytest.raises(LeakError, match="changed"):
        check_training_ignores_test(leaky, X, y, train, test, rng)


@pytest.mark.parametrize("n_test", [1, 2, 10, 20])
def test_counts_of_classes_in_all_rows_are_caught_with_every_seed(n_test: int):
    X, y = np.random.default_rng(0).normal(size=(60, 2)), np.arange(60) % 2
    train, test = np.arange(n_test, 60), np.arange(n_test)

    def with_prior(X, y, train, test):
        return np.array([y.mean()])

    for seed in range(30):
        with pytest.raises(LeakError):
            check_training_ignores_test(
                with_prior, X, y, train, test, np.random.default_rng(seed)
            )


def test_rows_that_count_back_are_the_rows_they_mean():
    X, y, rng = (
        np.arange(20.0).reshape(10, 2),
        np.arange(10) % 2,
        np.random.default_rng(0),
    )
    with pytest.raises(LeakError, match="1 of 1 test rows has a row number"):
        check_training_ignores_test(
            lambda X, y, a, b: X[a], X, y, np.arange(10), np.array([-1]), rng
        )


@pytest.mark.parametrize("unit", [1e-300, 1e-200, 1.0, 1e200, 1e300])
def test_neighbours_do_not_depend_on_the_unit(unit: float):
    X, y = unit * np.array([[1.0], [2.0], [-3.0]]), np.array(["a", "b", "c"])
    new = unit * np.array([[1.9], [-2.9], [0.1]])
    assert knn_predict(X, y, new, k=1).tolist() == ["b", "c", "a"]


def test_a_cut_between_neighbouring_floats():
    for low in (1.0, np.nextafter(1, 2)):
        X = np.array([[low], [np.nextafter(low, 2)]])
        assert best_cut(X, np.array([0, 1])) == (0, low, 0.0)


@pytest.mark.parametrize(
    ("outer", "n"),
    [
        (LeaveOneOut(), 25),
        (RepeatedStratifiedKFold(n_splits=4, n_repeats=3, random_state=0), 12),
    ],
)
def test_nested_search_takes_any_splitter(outer, n: int):
    X, y = load("iris")
    grid = {"model__n_neighbors": [1]}
    scores = nested_scores(make_classifier("knn"), grid, X[::6], y[::6], outer=outer)
    assert len(scores.outer) == n


def test_settings_may_come_one_by_one():
    impact = parameter_impact(
        make_classifier("tree"), "model__max_depth", iter([1, 2]), *load("iris")
    )
    assert impact.index.tolist() == [1, 2]


def test_rows_in_another_order_are_refused():
    X, y = load("iris")
    for call in (explore, lambda X, y: split(X, y, random_state=0)):
        with pytest.raises(ValueError, match="same order"):
            call(X, y.sample(frac=1, random_state=0))
    explore(X.sample(frac=1, random_state=0).reset_index(drop=True), y)  # other labels
    with pytest.raises(ValueError, match="X must name each column once"):
        explore(pd.concat([X, X], axis=1), y)


def test_a_ratio_that_is_no_number_is_refused():
    with pytest.raises(
        ValueError, match="zero_division must be 0, 1 or nan, got 'warn'"
    ):
        classification_summary([1, 2], [1, 2], zero_division="warn")
