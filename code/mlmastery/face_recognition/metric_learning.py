"""A linear map trained so that photographs of one person come together."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import torch

from mlmastery.face_recognition.embedding import unit_length
from mlmastery.face_recognition.losses import (
    arcface_gradient,
    arcface_logits,
    cross_entropy,
    triplet_gradient,
    triplet_losses,
)
from mlmastery.validation import check_choice, check_count, check_number

__all__ = ["ArcFaceHead", "TripletHead", "choose_triplets"]


class _LinearHead:
    """The map, the batches and the steps, which both heads share."""

    def __init__(
        self,
        n_components: int,
        margin: float,
        steps: int,
        learning_rate: float,
        random_state: int,
    ) -> None:
        self.n_components = check_count(n_components, "n_components")
        self.margin = check_number(margin, "margin")
        self.steps = check_count(steps, "steps")
        self.learning_rate = check_number(learning_rate, "learning_rate", open=True)
        self.random_state = random_state

    def fit(self, features: Any, people: Any) -> Self:
        """Learn the map from features of labelled photographs.

        Parameters
        ----------
        features : array of shape (n, n_features)
        people : array of shape (n,)
            At least two people with at least two photographs each.
        """
        X, (names, labels) = _rows(features), np.unique(people, return_inverse=True)
        counts = np.bincount(labels)
        if len(labels) != len(X) or len(names) < 2 or counts.min() < 2:
            raise ValueError(
                "people must name one person per row of features: at least two "
                "people, with at least two photographs each"
            )
        rng = np.random.default_rng(self.random_state)
        self._start(rng, X.shape[1], len(names))
        # The tensors share the arrays' memory: a step moves both.
        tensors = [torch.from_numpy(values) for values in self._parameters]
        adam = torch.optim.Adam(tensors, self.learning_rate)
        self.losses_: list[float] = []
        self.spreads_: list[float] = []
        for _ in range(self.steps):
            batch = _draw_batch(rng, labels)
            gradients = self._step(X[batch], labels[batch])
            for tensor, gradient in zip(tensors, gradients, strict=True):
                tensor.grad = torch.from_numpy(gradient)
            adam.step()
        return self

    def transform(self, features: Any) -> np.ndarray:
        """Return one embedding of length 1 per row, shape (n, n_components)."""
        if not hasattr(self, "map_"):
            raise ValueError("fit must be called first")
        X = _rows(features)
        if X.shape[1] != len(self.map_):
            raise ValueError(
                f"features must have {len(self.map_)} columns as in fit, "
                f"got {X.shape[1]}"
            )
        return unit_length(X @ self.map_)

    def _start(self, rng: np.random.Generator, n_features: int, n_people: int) -> None:
        scale = n_features**-0.5
        self.map_ = rng.normal(0, scale, (n_features, self.n_components))
        self._parameters = [self.map_]

    def _embed(self, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        raw = X @ self.map_
        lengths = np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-12)
        unit = raw / lengths
        self.spreads_.append(float(_distances(unit).mean()))
        return unit, lengths

    def _step(self, X: np.ndarray, labels: np.ndarray) -> list[np.ndarray]:
        raise NotImplementedError


class TripletHead(_LinearHead):
    """Train by triplets: one person's photographs nearer than another's, by a margin.

    Parameters
    ----------
    mining : {"semi-hard", "hardest", "all"}, default="semi-hard"
        Which negative each pair of one person gets: the nearest that is farther than
        the positive, the nearest of all, or each in turn.
    n_components : int, default=32
    margin : float, default=0.2
    steps : int, default=300
    learning_rate : float, default=0.003
    random_state : int, default=0

    Attributes
    ----------
    map_ : ndarray of shape (n_features, n_components)
    losses_ : list of float
        Mean loss of the chosen triplets at each step.
    spreads_ : list of float
        Mean distance of two photographs of a batch at each step: 0 where all
        embeddings have become one point.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> people = np.repeat([0, 1, 2, 3], 5)
    >>> X = rng.normal(size=(20, 6)) + 3 * np.eye(4, 6)[people]
    >>> TripletHead(n_components=2, steps=5).fit(X, people).transform(X).shape
    (20, 2)
    """

    def __init__(
        self,
        mining: str = "semi-hard",
        n_components: int = 32,
        margin: float = 0.2,
        steps: int = 300,
        learning_rate: float = 0.003,
        random_state: int = 0,
    ) -> None:
        super().__init__(n_components, margin, steps, learning_rate, random_state)
        self.mining = check_choice(mining, "mining", ("semi-hard", "hardest", "all"))

    def _step(self, X: np.ndarray, labels: np.ndarray) -> list[np.ndarray]:
        unit, lengths = self._embed(X)
        a, p, n = choose_triplets(_distances(unit), labels, self.mining)
        losses = triplet_losses(unit[a], unit[p], unit[n], self.margin)
        self.losses_.append(float(losses.mean()))
        gradient = np.zeros_like(unit)
        parts = triplet_gradient(unit[a], unit[p], unit[n], self.margin)
        for rows, part in zip((a, p, n), parts, strict=True):
            np.add.at(gradient, rows, part / len(a))
        return [X.T @ _through_length(gradient, unit, lengths)]


class ArcFaceHead(_LinearHead):
    """Train by classes: each person has a direction, with a margin in the angle.

    Parameters
    ----------
    n_components : int, default=32
    margin : float, default=0.5
        In radians.
    scale : float, default=16.0
        Factor of the cosines.
    steps : int, default=300
    learning_rate : float, default=0.003
    random_state : int, default=0

    Attributes
    ----------
    map_ : ndarray of shape (n_features, n_components)
    directions_ : ndarray of shape (n_people, n_components)
        Used in training alone.
    losses_, spreads_ : list of float
        As for `TripletHead`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> people = np.repeat([0, 1, 2, 3], 5)
    >>> X = rng.normal(size=(20, 6)) + 3 * np.eye(4, 6)[people]
    >>> head = ArcFaceHead(n_components=2, steps=50).fit(X, people)
    >>> head.losses_[-1] < head.losses_[0]
    True
    """

    def __init__(
        self,
        n_components: int = 32,
        margin: float = 0.5,
        scale: float = 16.0,
        steps: int = 300,
        learning_rate: float = 0.003,
        random_state: int = 0,
    ) -> None:
        super().__init__(n_components, margin, steps, learning_rate, random_state)
        self.scale = check_number(scale, "scale", open=True)

    def _start(self, rng: np.random.Generator, n_features: int, n_people: int) -> None:
        super()._start(rng, n_features, n_people)
        self.directions_ = rng.normal(size=(n_people, self.n_components))
        self._parameters.append(self.directions_)

    def _step(self, X: np.ndarray, labels: np.ndarray) -> list[np.ndarray]:
        unit, lengths = self._embed(X)
        sizes = np.linalg.norm(self.directions_, axis=1, keepdims=True)
        centres = self.directions_ / sizes
        cosine = np.clip(unit @ centres.T, -1, 1)
        logits = arcface_logits(cosine, labels, self.margin, self.scale)
        self.losses_.append(float(cross_entropy(logits, labels).mean()))
        slope = arcface_gradient(cosine, labels, self.margin, self.scale)
        return [
            X.T @ _through_length(slope @ centres, unit, lengths),
            _through_length(slope.T @ unit, centres, sizes),
        ]


def choose_triplets(
    distances: np.ndarray, labels: np.ndarray, mining: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return rows of anchors, positives and negatives of a batch.

    Parameters
    ----------
    distances : array of shape (n, n)
    labels : array of shape (n,)
    mining : {"semi-hard", "hardest", "all"}
        "hardest" takes for each anchor the farthest positive and the nearest
        negative. "semi-hard" takes for each pair of one person the nearest negative
        beyond the positive, or the farthest one where none is beyond.

    Returns
    -------
    tuple of three ndarrays of int

    Examples
    --------
    >>> distances = np.abs(np.subtract.outer([0.0, 1.0, 3.0], [0.0, 1.0, 3.0]))
    >>> triplets = choose_triplets(distances, np.array([0, 0, 1]), "all")
    >>> [rows.tolist() for rows in triplets]
    [[0, 1], [1, 0], [2, 2]]
    """
    check_choice(mining, "mining", ("semi-hard", "hardest", "all"))
    same = labels[:, None] == labels
    if same.all():
        raise ValueError("labels must name at least two people")
    positives = same & ~np.eye(len(labels), dtype=bool)
    if mining == "hardest":
        farthest = np.where(positives, distances, -np.inf).argmax(axis=1)
        nearest = np.where(same, np.inf, distances).argmin(axis=1)
        return np.arange(len(labels)), farthest, nearest
    if mining == "all":
        a, p, n = np.nonzero(positives[:, :, None] & ~same[:, None, :])
        return a, p, n
    anchor, positive = np.nonzero(positives)
    others = np.where(same, np.nan, distances)[anchor]
    beyond = np.where(others > distances[anchor, positive][:, None], others, np.inf)
    nearest, farthest = beyond.argmin(axis=1), np.nanargmax(others, axis=1)
    some = np.isfinite(beyond).any(axis=1)
    return anchor, positive, np.where(some, nearest, farthest)


def _draw_batch(
    rng: np.random.Generator, labels: np.ndarray, n_people: int = 12, n_photos: int = 4
) -> np.ndarray:
    names = np.unique(labels)
    drawn = rng.choice(names, min(n_people, len(names)), replace=False)
    return np.concatenate(
        [
            rng.choice(rows, min(n_photos, len(rows)), replace=False)
            for rows in (np.flatnonzero(labels == name) for name in drawn)
        ]
    )


def _distances(unit: np.ndarray) -> np.ndarray:
    return np.sqrt(np.maximum(2 - 2 * unit @ unit.T, 0))


def _through_length(
    gradient: np.ndarray, unit: np.ndarray, lengths: np.ndarray
) -> np.ndarray:
    """Carry a gradient of unit vectors back to the vectors before division."""
    along = (gradient * unit).sum(axis=1, keepdims=True)
    return (gradient - along * unit) / lengths


def _rows(features: Any) -> np.ndarray:
    X = np.asarray(features, dtype=float)
    if X.ndim != 2 or not np.isfinite(X).all():
        raise ValueError(
            f"features must be rows of finite numbers, got shape {X.shape}"
        )
    return X
