"""Explanations of single answers, and the calibration of probabilities."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit, logit

from mlmastery.calibration import expected_calibration_error
from mlmastery.image_classifier.networks import as_batch
from mlmastery.validation import as_numbers, as_sample, check_count, check_number


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

    if not isinstance(model, keras.Sequential):
        raise TypeError(
            "model must be a keras.Sequential, such as model_ of a CNNClassifier, "
            f"got {type(model).__name__}"
        )
    relus = [i for i, x in enumerate(model.layers) if isinstance(x, keras.layers.ReLU)]
    cut = relus[-1] + 1
    batch = as_batch(images)
    if batch.shape[1:] != model.input_shape[1:]:
        raise ValueError(
            f"images must be as in training, of shape {model.input_shape[1:]}, "
            f"got {batch.shape[1:]}"
        )
    maps = tf.convert_to_tensor(batch)
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

    Raises
    ------
    ValueError
        If the square does not fit into the image, the grey is not a byte, or ``predict``
        does not return one number for each image.

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
    image = np.asarray(image)
    if image.ndim not in (2, 3):
        raise ValueError(f"image must have shape (H, W[, C]), got {image.shape}")
    if image.dtype.kind == "f":
        raise TypeError(f"image must hold bytes from 0 to 255, got {image.dtype}")
    check_count(patch, "patch", maximum=min(image.shape[:2]))
    check_count(stride, "stride")
    check_count(fill, "fill", 0, 255)
    rows = range(0, image.shape[0] - patch + 1, stride)
    columns = range(0, image.shape[1] - patch + 1, stride)
    covered = np.repeat(image[None], len(rows) * len(columns), axis=0)
    for k, (i, j) in enumerate((i, j) for i in rows for j in columns):
        covered[k, i : i + patch, j : j + patch] = fill
    p = np.asarray(predict(covered), dtype=float)
    if p.shape != (len(covered),):
        raise ValueError(
            f"predict must return one number for each of {len(covered)} images, "
            f"got shape {p.shape}"
        )
    drop = float(predict(image[None])[0]) - p
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

    Raises
    ------
    ValueError
        If a probability is outside 0 to 1 or NaN, a label is neither 0 nor 1, or
        there are not as many of one as of the other.

    References
    ----------
    .. [1] Guo, Pleiss, Sun and Weinberger (2017), "On Calibration of Modern Neural
       Networks", ICML.

    Examples
    --------
    >>> fit_temperature([0.9] * 10, [1, 1, 1, 1, 1, 1, 0, 0, 0, 0]) > 5
    True
    """
    p = as_sample(p, "p", minimum=1)
    scores, signs = _logits(p), 2 * _checked_labels(y, len(p)) - 1

    # On a logarithmic scale, so that 1/2 is as far from 1 as 2 is.
    def cross_entropy(log_temperature: float) -> float:
        return float(np.logaddexp(0, -signs * scores * np.exp(-log_temperature)).mean())

    best = minimize_scalar(cross_entropy, bounds=np.log([0.05, 20]), method="bounded")
    return float(np.exp(best.x))


def at_temperature(p: np.ndarray, temperature: float) -> np.ndarray:
    """Return the probabilities after their logits were divided by the temperature.

    Raises
    ------
    ValueError
        If a probability is outside 0 to 1 or NaN, or the temperature not above 0.

    Examples
    --------
    >>> at_temperature(np.array([0.5, 0.9]), 2.0).round(2)
    array([0.5 , 0.75])
    """
    check_number(temperature, "temperature", open=True)
    return expit(_logits(p) / temperature)


def perfect_calibration_error(
    p: np.ndarray, n_bins: int = 8, repeats: int = 500, random_state: int = 0
) -> np.ndarray:
    """Simulate the calibration error of a model that is right as often as it says.

    Labels are drawn from the stated probabilities themselves, so that each error is
    chance alone.

    Parameters
    ----------
    p : ndarray of shape (n,)
        Stated probabilities.
    n_bins : int, default=8
        As in `expected_calibration_error`.
    repeats : int, default=500
    random_state : int, default=0

    Returns
    -------
    ndarray of shape (repeats,)

    Examples
    --------
    >>> p = np.full(300, 0.5)
    >>> bool(0.01 < perfect_calibration_error(p).mean() < 0.05)
    True
    """
    p = _checked_probabilities(as_sample(p, "p", minimum=1))
    check_count(repeats, "repeats")
    rng = np.random.default_rng(random_state)
    labels = rng.uniform(size=(repeats, len(p))) < p
    return np.array([expected_calibration_error(y, p, n_bins) for y in labels])


def _logits(p: np.ndarray) -> np.ndarray:
    # float32 sigmoids reach 0 and 1 exactly, where the logit is infinite.
    return logit(np.clip(_checked_probabilities(p), 1e-7, 1 - 1e-7))


def _checked_probabilities(p: np.ndarray) -> np.ndarray:
    p = as_numbers(p, "p")
    if not ((p >= 0) & (p <= 1)).all():  # false for NaN, too
        raise ValueError(f"p must lie between 0 and 1, got {p.min():g} to {p.max():g}")
    return p


def _checked_labels(y: np.ndarray, n: int) -> np.ndarray:
    y = as_sample(y, "y", minimum=1)
    if len(y) != n:
        raise ValueError(f"y must hold one label per probability, {n}, got {len(y)}")
    others = np.setdiff1d(y, [0, 1])
    if len(others):
        raise ValueError(f"y must hold 0 and 1, got {others[0]:g}")
    return y
