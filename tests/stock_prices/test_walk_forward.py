"""Sequences and folds: what follows what, and what never touches."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV, TimeSeriesSplit, cross_val_score
from sklearn.preprocessing import StandardScaler

from mlmastery.stock_prices import WalkForwardSplit, create_sequences


def test_the_seeds_signature_gives_windows_and_what_follows():
    data = np.arange(10.0) ** 2
    X, y = create_sequences(data, 4)
    assert X.shape == (6, 4)
    for k in range(6):
        assert X[k].tolist() == data[k : k + 4].tolist()
        assert y[k] == data[k + 4]


@pytest.mark.parametrize("horizon", [1, 3])
def test_several_features_and_days(horizon):
    data = np.arange(24).reshape(12, 2)
    X, y = create_sequences(data, 5, horizon=horizon, target=1)
    assert X.shape == (12 - 5 - horizon + 1, 5, 2)
    assert X[1].tolist() == data[1:6].tolist()
    assert np.atleast_1d(y[1]).tolist() == data[6 : 6 + horizon, 1].tolist()
    _, whole = create_sequences(data, 5, horizon=horizon)
    assert np.array_equal(whole[..., 1], y)


def test_windows_are_copies():
    data = np.arange(6.0)
    X, y = create_sequences(data, 2)
    X[0, 0] = y[0] = 99
    assert data.max() == 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2, 3], 3), "data must have at least 4 rows, got 3"),
        (([1, 2, 3], 0), "seq_length must be a whole number of at least 1, got 0"),
        (([1, 2, 3], 1, 0), "horizon must be a whole number"),
        ((np.zeros((2, 2, 2)), 1), "one or two axes, got shape"),
        ((np.zeros((5, 2)), 1, 1, 2), "target must be a column below 2, got 2"),
        ((np.zeros(5), 1, 1, 0), "target must be a column below 0, got 0"),
    ],
)
def test_bad_sequences_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        create_sequences(*arguments)


@pytest.mark.parametrize("embargo", [0, 3])
@pytest.mark.parametrize("after", [False, True])
def test_no_training_label_touches_a_test_day(embargo, after):
    h = 5
    cv = WalkForwardSplit(40, 10, horizon=h, embargo=embargo, train_after=after)
    folds = list(cv.split(range(150)))
    assert len(folds) == 10
    for train, test in folds:
        days_tested = {d + k for d in test for k in range(h)}
        for row in train:
            label = range(row, row + h)
            assert not days_tested.intersection(label)
        before, behind = train[train < test[0]], train[train > test[0]]
        assert test[0] - before[-1] == h + embargo
        if after and len(behind):
            assert behind[0] - test[-1] == h + embargo
        if not after:
            assert not len(behind)


def test_test_parts_follow_each_other_and_windows_move():
    folds = list(WalkForwardSplit(10, 4).split(range(23)))
    assert [t.tolist() for _, t in folds] == [[*range(k, k + 4)] for k in (10, 14, 18)]
    assert [a.tolist() for a, _ in folds] == [[*range(k, k + 10)] for k in (0, 4, 8)]
    grown = list(WalkForwardSplit(10, 4, expanding=True).split(range(23)))
    assert [len(a) for a, _ in grown] == [10, 14, 18]


def test_expanding_folds_equal_those_of_scikit_learn():
    ours = WalkForwardSplit(4, 2, horizon=2, expanding=True).split(range(11))
    theirs = TimeSeriesSplit(n_splits=3, test_size=2, gap=1).split(range(10))
    for (a, b), (c, d) in zip(ours, theirs, strict=True):
        assert (a.tolist(), b.tolist()) == (c.tolist(), d.tolist())


def test_it_is_a_splitter_for_scikit_learn():
    X = np.arange(60.0).reshape(-1, 1)
    y = 3 * X[:, 0]
    cv = WalkForwardSplit(20, 10, horizon=2)
    assert cross_val_score(LinearRegression(), X, y, cv=cv) == pytest.approx([1.0] * 3)
    search = GridSearchCV(LinearRegression(), {"fit_intercept": [True, False]}, cv=cv)
    assert search.fit(X, y).n_splits_ == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_train": 0, "n_test": 1}, "n_train"),
        ({"n_train": 5, "n_test": 0}, "n_test"),
        ({"n_train": 5, "n_test": 1, "horizon": 0}, "horizon"),
        ({"n_train": 5, "n_test": 1, "embargo": -1}, "embargo"),
        (
            {"n_train": 5, "n_test": 1, "horizon": 6},
            "n_train must be above horizon - 1",
        ),
    ],
)
def test_bad_folds_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        WalkForwardSplit(**arguments)


def test_too_few_rows_are_named():
    with pytest.raises(ValueError, match="X must have at least 13 rows, got 12"):
        WalkForwardSplit(8, 4, horizon=2).get_n_splits(range(12))
    assert WalkForwardSplit(8, 4, horizon=2).get_n_splits(range(13)) == 1
    with pytest.raises(ValueError, match="X must be given"):
        WalkForwardSplit(8, 4).get_n_splits()


def test_a_scaler_in_the_fold_does_not_see_the_test_part():
    prices = np.random.default_rng(0).normal(size=60).cumsum() + 100
    train, test = next(WalkForwardSplit(40, 20).split(prices))
    inflated = prices.copy()
    inflated[test] *= 10

    def inputs(series, rows):
        scaler = StandardScaler().fit(series[rows][:, None])
        return create_sequences(scaler.transform(series[train][:, None])[:, 0], 5)[0]

    everything = np.arange(60)
    np.testing.assert_array_equal(inputs(prices, train), inputs(inflated, train))
    assert not np.array_equal(inputs(prices, everything), inputs(inflated, everything))
