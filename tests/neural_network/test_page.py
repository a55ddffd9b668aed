"""The runs of the page that must keep failing."""

from itertools import pairwise

import numpy as np
import pytest

from mlmastery.datasets import load_mnist
from mlmastery.neural_network import (
    SGD,
    Adam,
    DivergenceError,
    NeuralNetwork,
    absolute_error,
    build_network,
    diagnose,
    huber_loss,
    squared_error,
    train_step,
)


def pictures(m=400, n=50, k=5, seed=0):
    """Simulate classes that are far enough apart for any healthy network."""
    rng = np.random.default_rng(seed)
    centres, y = rng.normal(size=(k, n)), rng.integers(0, k, m)
    return centres[y] + 0.5 * rng.normal(size=(m, n)), y


def healthy(**changes):
    settings = {"epochs": 15, "optimizer": "sgd", "learning_rate": 0.1} | changes
    return NeuralNetwork((32, 32), random_state=0, **settings)


def test_the_healthy_network_learns():
    X, y = pictures()
    assert healthy().fit(X, y).score(X, y) > 0.98


def test_symmetric_start_keeps_all_units_alike():
    X, y = pictures()
    model = NeuralNetwork((32,), "tanh", "sgd", 0.1, init=0.0, epochs=15)
    model.fit(X, y)
    assert model.score(X, y) < 0.5
    report = diagnose(model.network_, X, y)
    assert report["alike"].iloc[0] == 31 / 32
    assert report["gradient"].iloc[0] == 0


def test_dead_relus_stay_dead():
    # The page's patient: momentum with a learning rate that suits plain SGD.
    digits = load_mnist().sample(3000, random_state=0)
    X = digits.drop(columns="digit").to_numpy(np.float32) / 255
    y = digits["digit"].to_numpy()
    settings = {"optimizer": "momentum", "learning_rate": 1.0, "batch_size": 64}
    settings |= {"random_state": 1, "dtype": "float32", "epochs": 4}
    model = NeuralNetwork((64, 64), **settings).fit(X, y)
    assert diagnose(model.network_, X[:500], y[:500])["dead"].iloc[-1] >= 0.9
    for _ in range(30):
        train_step(model.network_, X[:500], y[:500], SGD(0.1))
    report = diagnose(model.network_, X[:500], y[:500])
    assert report["dead"].iloc[-1] >= 0.9
    assert model.score(X, y) < 0.5


def test_sigmoid_gradients_vanish_backwards():
    X, y = pictures()
    sizes = [50, *[32] * 6, 5]
    rng = np.random.default_rng(0)
    sick = diagnose(build_network(sizes, "sigmoid", rng=rng), X, y)["gradient"]
    well = diagnose(build_network(sizes, "relu", rng=rng), X, y)["gradient"]
    assert all(late > 2 * early for early, late in pairwise(sick))
    assert sick.iloc[0] < 1e-2 * sick.iloc[-1]
    assert well.iloc[0] > 0.1 * well.iloc[-1]


def test_exploding_rate_is_named_with_its_history():
    X, y = pictures()
    with pytest.raises(DivergenceError, match=r"learning_rate=0\.1.*Scale") as error:
        healthy().fit(1000 * X, y)
    assert error.value.losses[-1] > 1000 * error.value.losses[0] or not np.isfinite(
        error.value.losses[-1]
    )


def reckless(**changes):
    """Train the page's second patient: momentum with a rate that suits plain SGD."""
    digits = load_mnist().sample(3000, random_state=0)
    X = digits.drop(columns="digit").to_numpy(np.float32) / 255
    y = digits["digit"].to_numpy()
    settings = {"optimizer": "momentum", "learning_rate": 1.0, "batch_size": 64}
    settings |= {"random_state": 1, "dtype": "float32", "epochs": 5} | changes
    model = NeuralNetwork((64, 64), **settings).fit(X[:2500], y[:2500])
    return model, model.score(X[2500:], y[2500:]), X, y


def test_a_smaller_rate_cures_dead_units_and_batch_norm_in_part():
    assert reckless(learning_rate=0.1)[1] > 0.8
    model, accuracy, X, y = reckless(batch_norm=True)
    assert accuracy > 0.7
    assert diagnose(model.network_, X[:500], y[:500])["dead"].iloc[-1] > 0.2


def test_leaky_relus_do_not_save_a_rate_that_is_too_long():
    with pytest.raises(DivergenceError):
        reckless(activation="leaky_relu")


def test_confidence_falls_under_a_shift_but_far_less_than_accuracy():
    digits = load_mnist().sample(4000, random_state=0)
    X = digits.drop(columns="digit").to_numpy(np.float32) / 255
    y = digits["digit"].to_numpy()
    settings = {"batch_size": 64, "dtype": "float32", "random_state": 0, "epochs": 10}
    model = NeuralNetwork((64,), **settings).fit(X[:3000], y[:3000])
    shifted = np.roll(X[3000:].reshape(-1, 28, 28), 4, axis=2).reshape(-1, 784)
    before, after = (
        (model.predict_proba(images).max(axis=1).mean(), model.score(images, y[3000:]))
        for images in (X[3000:], shifted)
    )
    assert before[0] - after[0] > 0.05
    assert after[0] - after[1] > 0.3


def test_first_weights_of_pixels_without_ink_do_not_move():
    X, y = pictures()
    X[:, :10] = 0
    model = healthy(optimizer="adam", learning_rate=0.01).fit(X, y)
    rng = np.random.default_rng(0)
    start = build_network([50, 32, 32, 5], rng=rng).first.W
    np.testing.assert_array_equal(model.network_.first.W[:10], start[:10])
    assert (model.network_.first.W[10:] != start[10:]).all()


def test_squared_error_on_a_saturated_sigmoid_learns_slowly():
    def steps(slope):
        z, n = -6.0, 0
        while z < 0:
            z, n = z - slope(1 / (1 + np.exp(-z))), n + 1
        return n

    entropy, squared = steps(lambda p: p - 1), steps(lambda p: (p - 1) * p * (1 - p))
    assert (entropy, squared) == (7, 426)


def test_outliers_bend_the_squared_error_more_than_huber():
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(-3, 3, 100))[:, None]
    lifted = (rng.random((100, 1)) < 0.1) * rng.uniform(3, 6, (100, 1))
    target = np.sin(x) + lifted

    def error(loss):
        net = build_network([1, 16, 1], "tanh", rng=np.random.default_rng(1))
        adam = Adam(0.02)
        for _ in range(400):
            train_step(net, x, target, adam, loss)
        return np.sqrt(np.mean((net.forward(x) - np.sin(x)) ** 2))

    squared = error(squared_error)
    assert error(huber_loss) < 0.5 * squared
    assert error(absolute_error) < 0.5 * squared
