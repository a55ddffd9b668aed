"""The runs of the page that must keep failing."""

from itertools import pairwise

import numpy as np
import pytest

from mlmastery.datasets import load_mnist
from mlmastery.neural_network import (
    SGD,
    DivergenceError,
    NeuralNetwork,
    build_network,
    diagnose,
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
