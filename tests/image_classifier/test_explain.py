"""Explanations against finite differences; calibration."""

import numpy as np
import pytest

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 on NumPy 2: __array__ without copy=
    "ignore:__array__ implementation:DeprecationWarning"
)


def test_grad_cam_is_the_gradient_of_the_logit(silhouettes):
    """Grad-CAM's weights, by finite differences of a uniform change of one map."""
    import keras

    from mlmastery.image_classifier.explain import grad_cam
    from mlmastery.image_classifier.networks import as_batch, build_cnn

    model = build_cnn((28, 28, 1), filters=(4, 6), dense=8, random_state=5)
    images = silhouettes[0][:1]
    cut = max(i for i, x in enumerate(model.layers) if isinstance(x, keras.layers.ReLU))
    maps = as_batch(images)
    for layer in model.layers[: cut + 1]:
        maps = layer(maps)
    maps = np.asarray(maps)

    def logit(m):
        for layer in model.layers[cut + 1 :]:
            m = layer(m)
        p = float(np.asarray(m)[0, 0])
        return np.log(p / (1 - p))

    def slope(k):
        step = np.zeros_like(maps)
        step[..., k] = 1e-2
        area = maps.shape[1] * maps.shape[2]
        return (logit(maps + step) - logit(maps - step)) / 2e-2 / area

    weights = np.array([slope(k) for k in range(6)])
    np.testing.assert_allclose(grad_cam(model, images)[0], maps[0] @ weights, atol=2e-2)


def test_temperature_recovers_the_one_that_was_applied():
    from mlmastery.image_classifier.explain import at_temperature, fit_temperature

    rng = np.random.default_rng(0)
    honest = rng.uniform(0.02, 0.98, 20_000)
    y = rng.uniform(size=20_000) < honest
    boastful = at_temperature(honest, 1 / 3)
    assert fit_temperature(boastful, y) == pytest.approx(3, rel=0.05)


@pytest.mark.parametrize(
    ("p", "y", "message"),
    [
        ([0.2, 0.8], [-1, 1], "y must hold 0 and 1, got -1"),
        ([0.2, 0.8], [1, 2], "y must hold 0 and 1, got 2"),
        ([0.2, 0.8], [0.5, 1], "y must hold 0 and 1, got 0.5"),
        ([0.2, 0.8], [1], "one label per probability, 2, got 1"),
        ([0.2, 0.8], [[1], [0]], "y must hold"),
        ([0.2, 0.8], [1, np.nan], "y must hold"),
        ([0.2, np.nan], [0, 1], "p must hold"),
        ([0.2, 1.8], [0, 1], "between 0 and 1, got 0.2 to 1.8"),
        ([[0.2, 0.8]], [[0, 1]], "p must hold"),
        ([], [], "p must hold"),
        (["a", "b"], [0, 1], "p must"),
    ],
)
def test_temperatures_want_probabilities_and_as_many_labels(p, y, message):
    from mlmastery.image_classifier.explain import fit_temperature

    with pytest.raises(ValueError, match=message):
        fit_temperature(p, y)


def test_temperatures_take_booleans_as_labels():
    from mlmastery.image_classifier.explain import fit_temperature

    p = [0.9, 0.9, 0.2]
    assert fit_temperature(p, [True, False, False]) == fit_temperature(p, [1, 0, 0])


def test_probabilities_and_temperature_are_checked():
    from mlmastery.image_classifier.explain import at_temperature

    for temperature in (0, -1, np.nan, np.inf):
        with pytest.raises(ValueError, match="temperature must be a number above 0"):
            at_temperature(np.array([0.5]), temperature)
    for p in ([-0.1], [np.nan]):
        with pytest.raises(ValueError, match="p must lie between 0 and 1"):
            at_temperature(np.array(p), 1.0)


def test_a_perfect_model_s_error_is_what_honest_labels_give():
    """Labels drawn from the probabilities, by another generator and one at a time."""
    from mlmastery.calibration import expected_calibration_error
    from mlmastery.image_classifier.explain import perfect_calibration_error

    p = np.random.default_rng(1).uniform(size=295)
    rng = np.random.default_rng(2)
    by_hand = [
        expected_calibration_error(rng.random(295) < p, p, 8) for _ in range(200)
    ]
    ours = perfect_calibration_error(p, 8, repeats=200)
    assert ours.mean() == pytest.approx(np.mean(by_hand), abs=0.004)
    assert ours.mean() > 0.03
    more = perfect_calibration_error(np.tile(p, 16), 8, repeats=50)
    assert more.mean() < 0.5 * ours.mean()  # chance alone: it falls with the number
    with pytest.raises(ValueError, match="p must"):
        perfect_calibration_error([0.5, np.nan])


def test_squares_that_do_not_fit_are_named():
    from mlmastery.image_classifier.explain import occlusion_map

    image = np.zeros((4, 6), np.uint8)
    with pytest.raises(ValueError, match="patch must be a whole number from 1 to 4"):
        occlusion_map(lambda x: np.zeros(len(x)), image, patch=5)
    with pytest.raises(ValueError, match="stride"):
        occlusion_map(lambda x: np.zeros(len(x)), image, patch=2, stride=0)
