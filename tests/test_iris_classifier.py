import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.impute import SimpleImputer
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    precision_recall_fscore_support,
)
from sklearn.model_selection import (
    GridSearchCV,
    KFold,
    StratifiedKFold,
    cross_val_score,
    train_test_split,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from mlmastery import iris_classifier
from mlmastery.bookkit import HoldOut, HoldOutError
from mlmastery.bookkit.plots import plot_confusion
from mlmastery.iris_classifier import (
    LeakError,
    NestedScores,
    accuracy,
    best_cut,
    check_split,
    check_training_ignores_test,
    class_counts,
    classification_summary,
    confusion_table,
    evaluate,
    expected_best,
    explore,
    fit,
    fold_scores,
    gini,
    grid_scores,
    knn_predict,
    load,
    make_classifier,
    nested_scores,
    parameter_impact,
    plot_regions,
    reuse_optimism,
    score_once,
    shared_rows,
    split,
    workflow,
)


@pytest.fixture(scope="module")
def iris():
    return load("iris")


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


# --- metrics: equal to scikit-learn's on any labels ----------------------------------

CLASSES = ["setosa", "versicolor", "virginica", "never seen"]
PAIRS = st.lists(
    st.tuples(st.sampled_from(CLASSES[:3]), st.sampled_from(CLASSES[:3])),
    min_size=1,
    max_size=30,
)


@settings(deadline=None)
@given(PAIRS)
def test_confusion_table_and_accuracy_equal_sklearn(pairs):
    truth, guess = zip(*pairs, strict=True)
    table = confusion_table(truth, guess, CLASSES)  # one class is always absent
    reference = confusion_matrix(truth, guess, labels=CLASSES)
    np.testing.assert_array_equal(table, reference)
    assert accuracy(table) == pytest.approx(accuracy_score(truth, guess))


@settings(deadline=None)
@given(PAIRS)
def test_counts_of_each_class_add_up_to_all_rows(pairs):
    truth, guess = zip(*pairs, strict=True)
    counts = class_counts(confusion_table(truth, guess))
    assert (counts.sum(axis=1) == len(pairs)).all()
    assert counts["fp"].sum() == counts["fn"].sum()  # each error is made of both


@settings(deadline=None)
@given(PAIRS, st.sampled_from([0.0, 1.0, np.nan]), st.booleans())
def test_summary_equals_sklearn(pairs, zero_division, with_absent):
    truth, guess = zip(*pairs, strict=True)
    labels = CLASSES if with_absent else sorted({*truth, *guess})
    ours = classification_summary(truth, guess, labels, zero_division)
    for average, row in ((None, labels), ("macro", "mean"), ("weighted", None)):
        reference = precision_recall_fscore_support(
            truth, guess, labels=labels, average=average, zero_division=zero_division
        )
        averaged = ours.loc["weighted mean" if row is None else row]
        for name, values in zip(ours.columns[:3], reference, strict=False):
            np.testing.assert_allclose(
                averaged[name], values, rtol=1e-12, equal_nan=True
            )
    assert ours.loc["mean", "support"] == len(pairs)


@settings(deadline=None)
@given(PAIRS, st.permutations(range(3)))
def test_order_of_rows_and_names_of_classes_do_not_matter(pairs, order):
    truth, guess = zip(*pairs, strict=True)
    renamed = dict(zip(CLASSES[:3], [f"z{i}" for i in order], strict=True))
    ours = classification_summary(truth, guess, CLASSES[:3])
    other = classification_summary(
        [renamed[t] for t in truth[::-1]], [renamed[g] for g in guess[::-1]],
        [renamed[c] for c in CLASSES[:3]],
    )  # fmt: skip
    np.testing.assert_allclose(ours, other)


def test_a_worked_table():
    # 3 of 4 cats found, one dog called a cat: precision 3/4, recall 3/4 by hand.
    truth = ["cat"] * 4 + ["dog"] * 6
    guess = ["cat"] * 3 + ["dog"] + ["cat"] + ["dog"] * 5
    cat = classification_summary(truth, guess).loc["cat"]
    assert cat[["precision", "recall", "f1"]].tolist() == [0.75, 0.75, 0.75]
    assert confusion_table(truth, guess).loc["dog", "cat"] == 1  # truth is the row


@pytest.mark.parametrize(
    ("y_true", "y_pred", "labels", "message"),
    [
        ([], [], None, "y_true must hold at least one label, got none"),
        (["a"], [], None, "y_pred must hold at least one label, got none"),
        (["a", "b"], ["a"], None, "one label per row each, got 2 and 1"),
        (["a", None], ["a", "a"], None, "y_true must have no missing labels, got 1"),
        ([1.0, 2.0], [1.0, np.nan], None, "y_pred must have no missing labels, got 1"),
        ([["a"]], [["a"]], None, "y_true must be one-dimensional, got shape (1, 1)"),
        ([1, 2], ["1", "2"], None, "labels must be of one kind, got int and str"),
        (["a"], ["rose"], ["a", "b"], "must hold only ['a', 'b'], also got rose"),
        (["a"], ["a"], ["a", "a"], "labels must name each class once"),
    ],
)
def test_bad_labels_are_refused_in_words(y_true, y_pred, labels, message):
    for function in (confusion_table, classification_summary, evaluate):
        with pytest.raises(ValueError, match=re.escape(message)):
            function(y_true, y_pred, labels)


def test_zero_division_is_one_of_three():
    with pytest.raises(ValueError, match=r"zero_division must be 0, 1 or nan, got 0.5"):
        classification_summary(["a"], ["a"], zero_division=0.5)


def test_labels_may_be_series_numbers_or_booleans(iris):
    y = iris[1]
    assert evaluate(y, y.to_numpy()).accuracy == 1
    assert confusion_table([True, False], [True, True]).loc[False, True] == 1
    assert confusion_table(np.array([3, 1]), np.array([3, 3])).loc[1, 3] == 1


# --- intervals -----------------------------------------------------------------------


@pytest.mark.parametrize(("candidates", "rows", "skill"), [(1, 30, 0.5), (50, 30, 0.9)])
def test_simulated_optimism_agrees_with_the_exact_one(candidates, rows, skill):
    gaps = reuse_optimism(candidates, rows, skill, 20_000, np.random.default_rng(1))
    exact = expected_best(candidates, rows, skill) - skill
    assert abs(gaps.mean() - exact) < 4 * gaps.std() / np.sqrt(20_000)


def test_contest_refuses_numbers_out_of_range():
    with pytest.raises(
        ValueError, match="n_candidates must be a whole number of at least 1, got 0"
    ):
        expected_best(0, 30, 0.5)
    with pytest.raises(ValueError, match="accuracy must lie between 0 and 1"):
        reuse_optimism(3, 30, 1.2, 5, np.random.default_rng(0))


# --- classifiers by hand -------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_knn_equals_sklearn(seed, k):
    rng = np.random.default_rng(seed)  # continuous features: no tied distances
    X, y = rng.normal(size=(40, 3)), rng.integers(0, 3, 40)
    new = rng.normal(size=(25, 3))
    reference = KNeighborsClassifier(k, algorithm="brute").fit(X, y).predict(new)
    np.testing.assert_array_equal(knn_predict(X, y, new, k), reference)


def test_knn_refuses_more_neighbours_than_rows():
    with pytest.raises(ValueError, match="k must be a whole number from 1 to 3, got 4"):
        knn_predict(np.zeros((3, 1)), np.zeros(3), np.zeros((1, 1)), 4)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_best_cut_is_the_root_of_sklearns_tree(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(30, 2)), rng.integers(0, 3, 30)
    tree = DecisionTreeClassifier(max_depth=1, random_state=0).fit(X, y).tree_
    ours = best_cut(X, y)
    weights = tree.n_node_samples[1:] / 30
    assert ours.impurity == pytest.approx(float(weights @ tree.impurity[1:]))


def test_best_cut_of_iris_is_the_published_one(iris):
    X, y = iris
    cut = best_cut(X.to_numpy(), y.to_numpy())
    assert X.columns[cut.feature].startswith("petal")
    assert cut.impurity == pytest.approx(1 / 3)


def test_nothing_to_cut_and_nothing_to_weigh_are_said():
    with pytest.raises(ValueError, match="a column that is not constant"):
        best_cut(np.ones((4, 2)), np.arange(4))
    with pytest.raises(ValueError, match="at least one label"):
        gini(np.array([]))


# --- the workflow --------------------------------------------------------------------


def test_load_gives_features_and_classes(iris):
    X, y = load("wine")
    assert X.shape == (178, 13)
    assert y.value_counts(sort=False).tolist() == [59, 71, 48]
    assert "species" not in iris[0]
    with pytest.raises(ValueError, match="one of iris, wine, got 'tulips'"):
        load("tulips")


def test_separation_is_the_f_statistic(iris):
    X, y = iris
    groups = [X[y == name] for name in y.unique()]
    reference = stats.f_oneway(*groups).statistic
    np.testing.assert_allclose(explore(X, y)["separation"], reference)
    assert explore(X, y)["mean setosa"].iloc[0] == pytest.approx(5.006)


def test_split_is_stratified_locked_and_repeatable(iris):
    for seed in range(5):  # by chance alone, one seed may give equal classes
        held = split(*iris, random_state=seed)
        assert held.y_train.value_counts().tolist() == [40, 40, 40]
    assert isinstance(held, HoldOut)
    pd.testing.assert_frame_equal(held.X_train, split(*iris, random_state=4).X_train)
    with pytest.raises(HoldOutError, match="stays closed"):
        _ = held.X_test


@pytest.mark.parametrize(
    ("rows", "change", "message"),
    [
        (slice(0, 0), {}, "at least one row, got none"),
        (slice(0, 50), {}, "at least two classes, got only 'setosa'"),
        (slice(0, 51), {}, "class 'versicolor' has 1 rows, too few to be in both"),
        (slice(0, 52), {}, "class 'versicolor' has 2 rows, too few to be in both"),
        (slice(0, 150), {"test_size": 1.0}, "test_size must lie between 0 and 1"),
    ],
)
def test_split_refuses_tables_it_cannot_split(iris, rows, change, message):
    X, y = iris
    with pytest.raises(ValueError, match=message):
        split(X.iloc[rows], y.iloc[rows], random_state=0, **change)


def test_split_refuses_lengths_that_differ_and_missing_classes(iris):
    X, y = iris
    for function in (explore, lambda X, y: split(X, y, random_state=0)):
        with pytest.raises(ValueError, match="equally many rows, got 150, 149"):
            function(X, y.iloc[1:])
        with pytest.raises(ValueError, match="no missing classes, got 1 of 150"):
            function(X, y.mask(y.index == 5))


@pytest.mark.parametrize("kind", ["knn", "svm", "tree", "forest"])
def test_all_four_classify_flowers_they_have_not_seen(iris, kind):
    held = split(*iris, random_state=0)
    evaluation = score_once(fit(make_classifier(kind), held), held)
    low, high = evaluation.interval
    assert evaluation.accuracy >= 0.9
    assert low < evaluation.accuracy <= high
    assert evaluation.table.to_numpy().sum() == 30
    with pytest.raises(HoldOutError, match="scored already"):
        score_once(fit(make_classifier(kind), held), held)


def test_fit_leaves_the_given_model_alone(iris):
    model = make_classifier("knn")
    fit(model, split(*iris, random_state=0))
    assert not hasattr(model.named_steps["scale"], "mean_")


def test_scale_matters_only_to_those_that_measure_distances():
    X, y = load("wine")
    stretched = X.assign(proline=1000 * X["proline"])
    for kind in ("knn", "svm", "tree", "forest"):
        model = make_classifier(kind)
        np.testing.assert_array_equal(
            model.fit(X, y).predict(X), model.fit(stretched, y).predict(stretched)
        )
    raw = KNeighborsClassifier()
    assert (raw.fit(X, y).predict(X) != raw.fit(stretched, y).predict(stretched)).any()


def test_unknown_kinds_and_settings_are_answered_with_the_known():
    with pytest.raises(ValueError, match="kind must be one of knn, svm"):
        make_classifier("perceptron")
    with pytest.raises(ValueError, match=r"no setting neighbours; it has .*n_neigh"):
        make_classifier("knn", neighbours=3)


@pytest.mark.parametrize(
    "measure",
    [
        lambda X, y: fold_scores(make_classifier("tree"), X, y, n_splits=5),
        lambda X, y: parameter_impact(
            make_classifier("tree"), "model__max_depth", [1], X, y
        ),
        lambda X, y: nested_scores(
            make_classifier("tree"), {"model__max_depth": [1]}, X, y
        ),
    ],
)
def test_a_class_with_too_few_rows_for_the_folds_is_named(iris, measure):
    X, y = (part.iloc[:103] for part in iris)
    with pytest.raises(ValueError, match="'virginica' has 3 rows, too few for 5 folds"):
        measure(X, y)


def test_folds_are_at_least_two(iris):
    with pytest.raises(
        ValueError, match="n_splits must be a whole number of at least 2, got 1"
    ):
        fold_scores(make_classifier("tree"), *iris, n_splits=1)
    with pytest.raises(ValueError, match="at least one row, got none"):
        fold_scores(make_classifier("tree"), iris[0].iloc[:0], iris[1].iloc[:0])


def test_published_iris_figures_are_reproduced():
    # scikit-learn's user guide, "Cross-validation: evaluating estimator performance".
    X, y = load("iris")
    model = SVC(kernel="linear", C=1)
    scores = cross_val_score(model, X, y, cv=5)
    np.testing.assert_allclose(scores, np.array([29, 30, 29, 29, 30]) / 30)
    parts = train_test_split(X, y, test_size=0.4, random_state=0)
    assert f"{model.fit(parts[0], parts[2]).score(parts[1], parts[3]):.4f}" == "0.9667"


def test_grid_scores_equal_grid_search(iris):
    X, y = iris
    grid = {"model__C": [0.1, 1, 10], "model__gamma": [0.01, 0.1]}
    folds = list(StratifiedKFold(4, shuffle=True, random_state=1).split(X, y))
    ours = grid_scores(make_classifier("svm"), grid, X, y, folds)
    search = GridSearchCV(make_classifier("svm"), grid, cv=folds).fit(
        X.to_numpy(), y.to_numpy()
    )
    np.testing.assert_allclose(ours["mean"], search.cv_results_["mean_test_score"])
    np.testing.assert_allclose(ours["sd"], search.cv_results_["std_test_score"])


def test_nested_scores_equal_sklearns_nested_cross_validation(iris):
    X, y = (part.to_numpy() for part in iris)
    grid = {"C": [1, 10, 100], "gamma": [0.01, 0.1]}
    folds = KFold(4, shuffle=True, random_state=2)
    ours = nested_scores(SVC(), grid, X, y, outer=folds, inner=folds)
    search = GridSearchCV(SVC(), grid, cv=folds)
    np.testing.assert_allclose(ours.outer, cross_val_score(search, X, y, cv=folds))
    assert len(ours.chosen) == 4
    assert all(set(settings) == set(grid) for settings in ours.chosen)


def test_nested_scores_are_the_same_each_time(iris):
    grid = {"model__n_neighbors": [1, 9]}
    first, again = (nested_scores(make_classifier("knn"), grid, *iris) for _ in "ab")
    np.testing.assert_array_equal(first.outer, again.outer)


class Oracle(ClassifierMixin, BaseEstimator):
    """Guesses by a seed; the first column is the number of the row."""

    def __init__(self, seed=0):
        self.seed = seed

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        guesses = np.random.default_rng(self.seed).integers(0, 2, 1000)
        return guesses[np.asarray(X)[:, 0].astype(int)]


def test_nested_search_never_sees_the_outer_test_fold():
    # Some of 40 guessers are lucky on the rows that the search sees. A search that
    # saw the outer rows too would find those that are lucky there.
    rng = np.random.default_rng(0)
    worlds = [
        nested_scores(
            Oracle(),
            {"seed": list(range(first, first + 40))},
            np.arange(60).reshape(-1, 1),
            rng.permutation(np.repeat([0, 1], 30)),
        )
        for first in range(0, 10_000, 1000)
    ]
    assert np.mean([world.inner.mean() for world in worlds]) > 0.6
    outer = np.mean([world.outer.mean() for world in worlds])
    assert abs(outer - 0.5) < 3.5 * 0.5 / np.sqrt(600)


def test_parameter_impact_shows_memory_and_blindness(iris):
    impact = parameter_impact(
        make_classifier("knn"), "model__n_neighbors", [1, 100], *iris
    )
    assert impact.loc[1, "train"] == 1.0
    assert impact.loc[100, "validation"] < impact.loc[1, "validation"]


# --- leaks: each stays a leak, and each is caught ------------------------------------


def prepare_scaled_before(X, y, train, test):
    return StandardScaler().fit_transform(X)[train]


def prepare_imputed_before(X, y, train, test):
    return SimpleImputer().fit_transform(X)[train]


def prepare_selected_before(X, y, train, test):
    scores = np.abs((X - X.mean(axis=0)).T @ (y - y.mean())) / X.std(axis=0)
    return X[train][:, np.sort(np.argsort(scores)[-5:])]


def prepare_honestly(X, y, train, test):
    return StandardScaler().fit(X[train]).transform(X[train])


@pytest.fixture
def noise():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(50, 200)), rng.permutation(np.repeat([0.0, 1.0], 25))
    X[3, 7] = X.mean()
    return X, y, np.arange(40), np.arange(40, 50), rng


@pytest.mark.parametrize(
    "prepare",
    [prepare_scaled_before, prepare_selected_before],
    ids=lambda f: f.__name__,
)
def test_preparing_before_the_split_is_caught(noise, prepare):
    with pytest.raises(LeakError, match="fitted on all rows"):
        check_training_ignores_test(prepare, *noise)


def test_imputing_before_the_split_is_caught(noise):
    X, *rest = noise
    X[3, 7] = np.nan
    X = np.where(np.isnan(X), np.nan, X)
    with np.errstate(invalid="ignore"), pytest.raises(LeakError, match="changed"):
        check_training_ignores_test(prepare_imputed_before, X, *rest)


def test_a_leak_through_the_labels_alone_is_caught(noise):
    def with_class_shares(X, y, train, test):
        return np.column_stack([X[train], np.full(len(train), y.mean())])

    rng = np.random.default_rng(3)
    with pytest.raises(LeakError, match="changed 40 of 8040 numbers"):
        check_training_ignores_test(with_class_shares, *noise[:4], rng)


def test_a_change_of_shape_is_a_leak_too(noise):
    def drop_quiet_columns(X, y, train, test):
        return X[train][:, X.std(axis=0) < 2]

    with pytest.raises(LeakError, match="changed the shape"):
        check_training_ignores_test(drop_quiet_columns, *noise)


def test_honest_preparation_passes_and_nothing_is_changed(noise):
    X, y, *_ = noise
    before = X.copy(), y.copy()
    check_training_ignores_test(prepare_honestly, *noise)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(y, before[1])


def test_the_inclusive_slice_shares_a_row_and_is_caught(iris):
    table = iris[0].drop_duplicates().reset_index(drop=True)
    with pytest.raises(
        LeakError, match=r"1 of 50 test rows has an index label .*\(99\)"
    ):
        check_split(table.loc[:99], table.loc[99:])
    check_split(table.iloc[:99], table.iloc[99:])


def test_duplicates_across_the_split_are_caught(iris):
    X, _ = iris
    train, test = X.drop(index=142), X.loc[[142]]
    assert shared_rows(train, test).tolist() == [True]
    with pytest.raises(LeakError, match=r"1 of 1 test rows has a twin .*\(142\)"):
        check_split(train, test)


def test_duplicates_are_found_whatever_the_order_of_columns_and_with_holes():
    train = pd.DataFrame({"a": [1.0, np.nan], "b": ["x", "y"]})
    test = pd.DataFrame({"b": ["y", "x", "y"], "a": [np.nan, 2.0, np.nan]})
    assert shared_rows(train, test).tolist() == [True, False, True]
    twice = pd.concat([train, train])
    assert shared_rows(twice, test).tolist() == [True, False, True]
    with pytest.raises(ValueError, match="the same columns"):
        shared_rows(train, test.drop(columns="a"))


def test_hold_out_says_what_the_check_says(iris):
    X, y = iris
    for seed in range(30):
        held = split(X, y, random_state=seed)
        test = X.drop(index=held.X_train.index)
        assert held.duplicates_across == shared_rows(held.X_train, test).sum()


def test_selecting_before_splitting_still_makes_noise_look_like_skill():
    """The failing run of the page must keep failing."""
    rng = np.random.default_rng(0)
    wrong, right = [], []
    for seed in range(5):
        X, y = rng.normal(size=(50, 2000)), np.repeat([0, 1], 25)
        folds = StratifiedKFold(5, shuffle=True, random_state=seed)

        def top(X, y):
            Z = (X - X.mean(axis=0)) / X.std(axis=0)
            return np.argsort(-np.abs(Z.T @ (y - y.mean())))[:50]

        everywhere = top(X, y)
        for train, test in folds.split(X, y):
            for columns, scores in (
                (everywhere, wrong),
                (top(X[train], y[train]), right),
            ):
                predicted = knn_predict(
                    X[train][:, columns], y[train], X[test][:, columns], 1
                )
                scores.append(np.mean(predicted == y[test]))
    assert np.mean(wrong) > 0.85
    assert abs(np.mean(right) - 0.5) < 0.15


# --- pictures ------------------------------------------------------------------------


def test_regions_are_coloured_by_what_the_model_says(iris):
    X, y = iris
    X = X[["petal_length", "petal_width"]]
    ax = plot_regions(make_classifier("tree").fit(X, y), X, y, resolution=20)
    assert ax.get_ylabel() == "petal_width"
    codes = ax.collections[0].get_array()
    assert codes.size == 400
    assert set(np.unique(codes)) == {0, 1, 2}
    assert codes.ravel()[0] == 0  # small petals are setosa
    assert [line.get_label() for line in ax.lines] == list(y.unique())


def test_regions_need_two_columns_and_a_colour_each(iris):
    X, y = iris
    model = make_classifier("knn").fit(X, y)
    with pytest.raises(ValueError, match="two columns to be drawn, got 4"):
        plot_regions(model, X, y)
    with pytest.raises(ValueError, match="labels must hold at most 4 classes, got 5"):
        plot_regions(model, X.iloc[:, :2], y, labels=list("abcde"))


# --- old names ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        (iris_classifier, "plot_confusion", plot_confusion),
        (workflow, "grid_scores", grid_scores),
        (workflow, "NestedScores", NestedScores),
    ],
)
def test_old_names_still_work(module, old, new):
    with pytest.warns(FutureWarning, match=f"{old} is now "):
        assert getattr(module, old) is new
