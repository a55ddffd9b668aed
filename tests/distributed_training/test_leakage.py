"""A gradient gives its image away; what stops that, and what does not."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from mlmastery.distributed_training.leakage import (
    VIEWS,
    infer_label,
    leak_report,
    match_gradient,
    read_input,
    read_units,
    resemblance,
    resemblances,
)
from mlmastery.distributed_training.model import ModelWrapper


@pytest.fixture(scope="module")
def digits():
    X, y = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(X))
    return (X[order] / 16).astype(np.float32), y[order]


@pytest.fixture(scope="module")
def model():
    return ModelWrapper(layers=(64, 32, 10), activation="sigmoid", random_state=1)


@pytest.fixture(scope="module")
def report(model, digits):
    return leak_report(model, *digits, n_images=4)


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_one_gradient_is_the_image_exactly(digits, activation):
    X, y = digits
    model = ModelWrapper(layers=(64, 32, 10), activation=activation, dtype="float64")
    for i in range(5):
        _, gradient = model.loss_and_gradient(X[i : i + 1], y[i : i + 1])
        np.testing.assert_allclose(read_input(gradient, model.layers), X[i], atol=1e-9)
        assert infer_label(gradient, model.layers) == y[i]


def test_a_batch_is_read_as_a_mixture_of_its_images(digits, model):
    """Of two images the weights of the mixture add up to one."""
    X, y = digits
    _, gradient = model.loss_and_gradient(X[:2], y[:2])
    mixture = read_input(gradient, model.layers)
    weights, *_ = np.linalg.lstsq(X[:2].T, mixture, rcond=None)
    np.testing.assert_allclose(weights @ X[:2], mixture, atol=1e-3)
    assert weights.sum() == pytest.approx(1, abs=1e-3)


def test_the_search_finds_the_image_without_reading_it_off(digits, model):
    X, y = digits
    _, gradient = model.loss_and_gradient(X[:1], y[:1])
    found = match_gradient(model, gradient, label=int(y[0]))
    assert resemblance(X[0], found) > 0.95
    assert 0 <= found.min() <= found.max() <= 1


def test_equal_seeds_find_equal_images(digits, model):
    X, y = digits
    _, gradient = model.loss_and_gradient(X[:1], y[:1])
    one, two = (match_gradient(model, gradient, label=3, n_steps=5) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_noise_and_secure_sums_defeat_both_attacks(report):
    best = report.groupby("protection").best.mean()
    assert best["nothing"] > 0.999
    assert best["secure sum"] < 0.35
    assert best["noise 1"] < 0.35


@pytest.mark.parametrize("weak", ["8 bits", "top 10 %", "rank 1", "noise 0.01"])
def test_these_look_like_protection_and_are_none(report, weak):
    """A gradient of one image has rank one: PowerSGD sends it whole."""
    assert report.groupby("protection").best.mean()[weak] > 0.9


def test_every_view_was_attacked(report):
    assert report.groupby("protection").size().to_dict() == dict.fromkeys(VIEWS, 4)


def test_resemblance_of_strangers_is_low_and_blank_is_zero():
    rng = np.random.default_rng(0)
    assert abs(resemblance(rng.random(10_000), rng.random(10_000))) < 0.05
    assert resemblance(rng.random(9), np.ones(9)) == 0.0
    assert resemblance(rng.random(9), np.full(9, np.nan)) == 0.0


def test_a_dead_layer_gives_nothing():
    model = ModelWrapper(layers=(3, 2))
    np.testing.assert_array_equal(read_input(np.zeros(8), model.layers), np.zeros(3))


def test_only_pytorch_differentiates_twice():
    model = ModelWrapper(layers=(3, 2))
    model.framework = "tensorflow"
    with pytest.raises(ValueError, match="pytorch, got tensorflow"):
        match_gradient(model, np.zeros(8), label=0)


def test_units_of_an_update_of_epochs_give_rows_away_and_no_strangers(digits):
    X, y = digits
    model = ModelWrapper(layers=(64, 32, 10), random_state=0)
    start = model.get_parameters()
    model.train(X[:6], y[:6], epochs=2, batch_size=3, learning_rate=0.1)
    update = model.get_parameters() - start
    readings = read_units(update, model.layers)
    own = resemblances(X[:6], readings).max(axis=1)
    assert own.max() > 0.999
    assert resemblances(X[1000:], readings).max() < own.max()
    assert readings.shape[1] == 64


def test_resemblances_are_those_of_pairs_and_zero_for_blank_images():
    rng = np.random.default_rng(0)
    a, b = rng.random((3, 9)), np.vstack([rng.random(9), np.ones(9)])
    expected = [[resemblance(x, g) for g in b] for x in a]
    np.testing.assert_allclose(resemblances(a, b), expected, atol=1e-12)
