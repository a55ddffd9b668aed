"""The two losses that embeddings are trained with: triplets and angular margins."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlmastery.validation import check_choice, check_number

__all__ = [
    "arcface_gradient",
    "arcface_logits",
    "cross_entropy",
    "triplet_gradient",
    "triplet_losses",
]


def triplet_losses(
    anchor: Any, positive: Any, negative: Any, margin: float = 0.2, power: int = 2
) -> np.ndarray:
    """Return by how much each triplet misses its margin.

    Parameters
    ----------
    anchor, positive, negative : array of shape (n, dimension)
        Two faces of one person, and one of another.
    margin : float, default=0.2
        By how much farther the other person shall be.
    power : {2, 1}, default=2
        Squared distances, as in FaceNet, or plain ones.

    Returns
    -------
    ndarray of float, shape (n,)
        ``max(d(a, p) - d(a, n) + margin, 0)``.

    References
    ----------
    .. [1] Schroff, Kalenichenko and Philbin (2015), "FaceNet: A Unified Embedding for
       Face Recognition and Clustering", CVPR.

    Examples
    --------
    >>> triplet_losses([[0.0, 0.0]], [[0.6, 0.0]], [[0.0, 0.7]]).round(2).tolist()
    [0.07]
    """
    check_choice(power, "power", (1, 2))
    near, far = _lengths(anchor, positive), _lengths(anchor, negative)
    return np.maximum(near**power - far**power + check_number(margin, "margin"), 0)


def triplet_gradient(
    anchor: Any, positive: Any, negative: Any, margin: float = 0.2, power: int = 2
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradient of the summed losses for anchors, positives and negatives.

    With squared distances a gradient is as short as the distance is: a negative that
    lies on the anchor is not pushed at all.

    Parameters
    ----------
    anchor, positive, negative, margin, power
        As for `triplet_losses`.

    Returns
    -------
    tuple of three ndarrays of shape (n, dimension)

    Examples
    --------
    >>> triplet_gradient([[0.0, 0.0]], [[0.6, 0.0]], [[0.0, 0.7]])[1].tolist()
    [[1.2, 0.0]]
    """
    a, p, n = (np.asarray(v, dtype=float) for v in (anchor, positive, negative))
    active = triplet_losses(a, p, n, margin, power)[:, None] > 0
    pull, push = _slope(p - a, power) * active, _slope(n - a, power) * active
    return push - pull, pull, -push


def arcface_logits(
    cosine: Any, labels: Any, margin: float = 0.5, scale: float = 64.0
) -> np.ndarray:
    """Return scaled cosines, with the margin added to the angle of the true person.

    Parameters
    ----------
    cosine : array of shape (n, n_people)
        Of each embedding with the direction of each person.
    labels : array of int, shape (n,)
        The true person's column.
    margin : float, default=0.5
        In radians, from 0 to 3.
    scale : float, default=64.0
        Above 0.

    Returns
    -------
    ndarray of float, shape (n, n_people)
        ``scale * cos(angle + margin)`` in the true column. Where that sum would pass
        half a turn, and the cosine rise again, a line goes on falling.

    References
    ----------
    .. [1] Deng et al. (2019), "ArcFace: Additive Angular Margin Loss for Deep Face
       Recognition", CVPR.

    Examples
    --------
    >>> arcface_logits([[0.5, 0.5]], [0], scale=4).round(3).tolist()
    [[0.094, 2.0]]
    """
    check_number(margin, "margin", 0, 3)
    check_number(scale, "scale", open=True)
    values = _cosines(cosine)
    rows, labels = np.arange(len(values)), _columns(labels, values)
    true = values[rows, labels]
    lowered = np.where(
        true > -np.cos(margin),
        np.cos(np.arccos(true) + margin),
        true - margin * np.sin(margin),
    )
    logits = scale * values
    logits[rows, labels] = scale * lowered
    return logits


def cross_entropy(logits: Any, labels: Any) -> np.ndarray:
    """Return minus the logarithm of the true person's probability, per row.

    Examples
    --------
    >>> cross_entropy([[0.0, 0.0]], [0]).round(3).tolist()
    [0.693]
    """
    values = np.asarray(logits, dtype=float)
    if values.ndim != 2 or not np.isfinite(values).all():
        raise ValueError(
            f"logits must be rows of finite numbers, got shape {values.shape}"
        )
    shifted = values - values.max(axis=1, keepdims=True)
    true = shifted[np.arange(len(values)), _columns(labels, values)]
    return np.log(np.exp(shifted).sum(axis=1)) - true


def arcface_gradient(
    cosine: Any, labels: Any, margin: float = 0.5, scale: float = 64.0
) -> np.ndarray:
    """Return the gradient of the mean cross-entropy with respect to the cosines.

    Parameters
    ----------
    cosine, labels, margin, scale
        As for `arcface_logits`.

    Returns
    -------
    ndarray of float, shape (n, n_people)

    Examples
    --------
    >>> arcface_gradient([[0.5, 0.5]], [0], margin=0, scale=1).round(3).tolist()
    [[-0.5, 0.5]]
    """
    values = _cosines(cosine)
    rows, labels = np.arange(len(values)), _columns(labels, values)
    logits = arcface_logits(values, labels, margin, scale)
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    gradient = scale * odds / odds.sum(axis=1, keepdims=True)
    gradient[rows, labels] -= scale
    angle = np.arccos(values[rows, labels])
    inside = values[rows, labels] > -np.cos(margin)
    sine = np.maximum(np.sin(angle), 1e-7)
    gradient[rows, labels] *= np.where(inside, np.sin(angle + margin) / sine, 1)
    return gradient / len(values)


def _lengths(first: Any, second: Any) -> np.ndarray:
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if a.ndim != 2 or a.shape != b.shape:
        raise ValueError(
            "anchor, positive and negative must have one shape (n, dimension), "
            f"got {a.shape} and {b.shape}"
        )
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise ValueError("anchor, positive and negative must hold finite numbers")
    return np.linalg.norm(a - b, axis=1)


def _slope(step: np.ndarray, power: int) -> np.ndarray:
    if power == 2:
        return 2 * step
    lengths = np.linalg.norm(step, axis=1, keepdims=True)
    return np.divide(step, lengths, out=np.zeros_like(step), where=lengths > 0)


def _columns(labels: Any, values: np.ndarray) -> np.ndarray:
    columns = np.asarray(labels)
    whole = columns.dtype.kind in "iu" and columns.shape == (len(values),)
    if not whole or not ((columns >= 0) & (columns < values.shape[1])).all():
        raise ValueError(
            f"labels must be one column of {values.shape[1]} for each of "
            f"{len(values)} rows, got {labels!r}"
        )
    return columns


def _cosines(values: Any) -> np.ndarray:
    cosines = np.asarray(values, dtype=float)
    if cosines.ndim != 2 or not (np.abs(cosines) <= 1 + 1e-9).all():
        raise ValueError("cosine must have rows of numbers from -1 to 1")
    return np.clip(cosines, -1, 1)
