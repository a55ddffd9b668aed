"""The LSTM: its cell against Keras, its seeds, several days ahead."""

import numpy as np
import pytest

from mlmastery.stock_prices import (
    OneFeature,
    RecursiveForecaster,
    RepeatMean,
    SequenceLSTM,
    create_sequences,
    lstm_step,
    roll_forward,
)


@pytest.fixture(scope="module")
def waves():
    wave = np.sin(np.arange(240) / 4)
    return create_sequences(
        np.column_stack([wave, np.cos(np.arange(240) / 9)]), 6, 3, 0
    )


def test_the_cell_by_hand_gives_the_forecast_of_keras(waves):
    X, y = waves
    net = SequenceLSTM(units=4, epochs=1).fit(X, y)
    W, U, b, dense, bias = net.model_.get_weights()
    b[:] = np.random.default_rng(0).normal(size=b.shape)  # or a swapped gate passes
    net.model_.set_weights([W, U, b, dense, bias])
    for window, theirs in zip(X[:5], net.predict(X[:5]), strict=True):
        h = c = np.zeros(4)
        for row in window:
            h, c = lstm_step(row, h, c, W, U, b)
        np.testing.assert_allclose(h @ dense + bias, theirs, atol=1e-5)


def test_a_seed_gives_the_same_network_also_in_a_second_fit(waves):
    X, y = waves
    net = SequenceLSTM(units=3, epochs=2, random_state=5).fit(X, y)
    first = net.predict(X)
    model = net.model_
    again = net.fit(X, y)
    assert again.model_ is model  # the compiled graph is kept
    np.testing.assert_allclose(net.predict(X), first, atol=1e-6)
    other = SequenceLSTM(units=3, epochs=2, random_state=6).fit(X, y).predict(X)
    assert np.abs(other - first).max() > 1e-3


def test_another_shape_gets_another_network(waves):
    X, y = waves
    net = SequenceLSTM(units=3, epochs=1).fit(X, y)
    assert net.predict(X).shape == (len(X), 3)
    assert net.fit(X[..., 0], y[:, 0]).predict(X[:7, :, 0]).shape == (7, 1)


def test_training_learns_and_is_watched_on_the_last_windows(waves):
    X, y = waves
    net = SequenceLSTM(units=8, epochs=15, batch_size=32, validation=0.25).fit(X, y)
    assert net.history_["loss"][-1] < 0.5 * net.history_["loss"][0]
    late = slice(round(0.75 * len(X)), None)
    error = ((net.predict(X[late]) - y[late]) ** 2).mean()
    assert net.history_["val_loss"][-1] == pytest.approx(error, rel=1e-3)


def test_bad_windows_are_named():
    with pytest.raises(ValueError, match=r"X must have shape \(n, rows\)"):
        SequenceLSTM().fit(np.zeros(5), np.zeros(5))
    with pytest.raises(ValueError, match="epochs must be a whole number"):
        SequenceLSTM(epochs=0).fit(np.zeros((5, 2)), np.zeros(5))
    with pytest.raises(ValueError, match="validation must be a number"):
        SequenceLSTM(validation=1.5).fit(np.zeros((5, 2)), np.zeros(5))


class Sum:
    """Forecast the sum of a window of two: the numbers of Fibonacci."""

    def fit(self, X, y):
        return self

    def predict(self, X):
        return X.sum(axis=1)


def test_forecasts_are_fed_back_in_order():
    out = roll_forward(Sum(), np.array([[1.0, 1.0], [2.0, 3.0]]), 4)
    assert out.tolist() == [[2, 3, 5, 8], [5, 8, 13, 21]]
    with pytest.raises(ValueError, match="got \\(1, 2, 2\\)"):
        roll_forward(Sum(), np.ones((1, 2, 2)), 2)


def test_recursive_learns_the_first_day_only():
    from sklearn.linear_model import LinearRegression

    X = np.array([[1.0], [2.0], [5.0]])
    y = np.column_stack([3 * X[:, 0], np.full(3, 1e6)])
    out = RecursiveForecaster(LinearRegression(), 2).fit(X, y).predict([[1.0]])
    np.testing.assert_allclose(out, [[3.0, 9.0]])


def test_rivals_of_the_network():
    windows = np.array([[[1.0, 7], [2, 8], [6, 9]]])
    assert OneFeature(RepeatMean(2)).fit(windows, None).predict(windows).tolist() == [
        [6, 6]
    ]
    mean = OneFeature(RepeatMean(2, n_last=2), column=1).fit(windows, None)
    assert mean.predict(windows).tolist() == [[8.5, 8.5]]
