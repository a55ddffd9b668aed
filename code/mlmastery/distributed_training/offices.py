"""The twenty offices of the chapter: who holds which forms, the same on each page."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mlmastery.bookkit import HoldOut
from mlmastery.datasets import load_mnist
from mlmastery.distributed_training.partition import dirichlet

__all__ = ["Offices", "twenty_offices"]


class Offices(NamedTuple):
    """Forms as flat grey pictures, and the offices that hold them."""

    X: np.ndarray  # (3200, 784), float32, from 0 to 1
    y: np.ndarray  # (3200,), the digit of each form
    X_control: np.ndarray  # (800, 784): on these the page watches its models
    y_control: np.ndarray  # (800,)
    parts: list[np.ndarray]  # the rows of X that each office holds
    held: HoldOut  # locks a thousand more away


def twenty_offices() -> Offices:
    """Deal the digits of MNIST out to twenty offices, by Dirichlet shares of 0.1.

    Examples
    --------
    >>> forms = twenty_offices()
    >>> len(forms.parts), sum(len(rows) for rows in forms.parts)
    (20, 3200)
    """
    digits = load_mnist()
    pixels = digits.drop(columns="digit").to_numpy(np.float32) / 255
    y = digits["digit"].to_numpy()
    held = HoldOut(pixels, y, test_size=1000, random_state=22, stratify=y)
    control = np.arange(len(held.X_train)) % 5 == 0
    X, y = held.X_train[~control], held.y_train[~control]
    parts = dirichlet(y, 20, alpha=0.1, rng=np.random.default_rng(22))
    return Offices(X, y, held.X_train[control], held.y_train[control], parts, held)
