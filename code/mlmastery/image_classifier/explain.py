"""Explanations of single answers, and the calibration of probabilities."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit, logit

from mlmastery.image_classifier.networks import as_batch


def grad_cam(model: Any, images: np.ndarray) -> np.ndarray:
    """Weigh the last convolution's maps by how much each moves the answer.

    Parameters
    ----------
    model : keras.Sequential
        From `build_cnn`, one sigmoid output.
    images : ndarray of shape (N, H, W) or (N, H, W, C), uint8

    Returns
    -------
    ndarray of shape (N, h, w)
        Evidence for the second class; negative is evidence for the first. At the
        resolution of the last convolution, in units of the logit.

    References
    ----------
    .. [1] Selvaraju et al. (2017), "Grad-CAM: Visual Explanations from Deep Networks
       via Gradient-Based Localization", ICCV. Without its final ReLU: with two
       classes, the negative part speaks for the other one.
    """
    import keras
    import tensorflow as tf

    relus = [i for i, x in enumerate(model.layers) if isinstance(x, keras.layers.ReLU)]
    cut = relus[-1] + 1
    maps = tf.convert_to_tensor(as_batch(images))
    for layer in model.layers[:cut]:
        maps = layer(maps, training=False)
    with tf.GradientTape() as tape:
        tape.watch(maps)
        scores = _logit(model.layers[cut:], maps)
    gradient = tape.gradient(scores, maps)
    # Equation 6.5: each map counts by its gradient, averaged over the positions.
    weights = tf.reduce_mean(gradient, axis=(1, 2), keepdims=True)
    return tf.reduce_sum(weights * maps, axis=-1).numpy()


def _logit(layers: Any, x: Any) -> Any:
    """Apply the layers; of the last one leave out the sigmoid, which saturates."""
    for layer in layers[:-1]:
        x = layer(x, training=False)
    return x @ layers[-1].kernel + layers[-1].bias


def occlusion_map(
    predict: Callable[[np.ndarray], np.ndarray],
    image: np.ndarray,
    patch: int = 6,
    stride: int = 2,
    fill: int = 0,
) -> np.ndarray:
    """Cover one square after another and return how far the probability falls.

    Parameters
    ----------
    predict : callable
        Takes images (N, ...), returns one probability each, (N,).
    image : ndarray of shape (H, W) or (H, W, C), uint8
    patch, stride, fill : int
        Side of the square, its step, and its grey.

    Returns
    -------
    ndarray of shape (h, w)
        Probability of the whole image minus that of the covered one.

    References
    ----------
    .. [1] Zeiler and Fergus (2014), "Visualizing and Understanding Convolutional
       Networks", ECCV.

    Examples
    --------
    >>> bright = lambda images: images.mean(axis=(1, 2)) / 255
    >>> image = np.zeros((4, 4), np.uint8)
    >>> image[:2, :2] = 255
    >>> occlusion_map(bright, image, patch=2, stride=2)
    array([[0.25, 0.  ],
           [0.  , 0.  ]])
    """
    rows = range(0, image.shape[0] - patch + 1, stride)
    columns = range(0, image.shape[1] - patch + 1, stride)
    covered = np.repeat(image[None], len(rows) * len(columns), axis=0)
    for k, (i, j) in enumerate((i, j) for i in rows for j in columns):
        covered[k, i : i + patch, j : j + patch] = fill
    drop = predict(image[None])[0] - predict(covered)
    return drop.reshape(len(rows), len(columns))


def fit_temperature(p: np.ndarray, y: np.ndarray) -> float:
    """Return the number by which to divide the logits so that they fit ``y`` best.

    Parameters
    ----------
    p : ndarray of shape (n,)
        Probabilities on images that the network was not trained on.
    y : ndarray of shape (n,)
        0 or 1.

    Returns
    -------
    float
        Above 1 where the network is too sure, between 0.05 and 20.

    References
    ----------
    .. [1] Guo, Pleiss, Sun and Weinberger (2017), "On Calibration of Modern Neural
       Networks", ICML.
    """
    scores, signs = _logits(p), 2 * np.asarray(y, dtype=float) - 1

    # On a logarithmic scale, so that 1/2 is as far from 1 as 2 is.
    def cross_entropy(log_temperature: float) -> float:
        return float(np.logaddexp(0, -signs * scores * np.exp(-log_temperature)).mean())

    best = minimize_scalar(cross_entropy, bounds=np.log([0.05, 20]), method="bounded")
    return float(np.exp(best.x))


def at_temperature(p: np.ndarray, temperature: float) -> np.ndarray:
    """Return the probabilities after their logits were divided by the temperature.

    Examples
    --------
    >>> at_temperature(np.array([0.5, 0.9]), 2.0).round(2)
    array([0.5 , 0.75])
    """
    return expit(_logits(p) / temperature)


def _logits(p: np.ndarray) -> np.ndarray:
    # float32 sigmoids reach 0 and 1 exactly, where the logit is infinite.
    return logit(np.clip(np.asarray(p, dtype=float), 1e-7, 1 - 1e-7))
