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
