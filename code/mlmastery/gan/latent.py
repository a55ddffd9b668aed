"""Ways between two vectors of noise."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlmastery.validation import as_sample, check_choice, check_count, check_number

__all__ = ["latent_walk", "lerp", "slerp"]


def lerp(a: Any, b: Any, t: float) -> np.ndarray:
    """Return the point at share ``t`` of the straight line from ``a`` to ``b``.

    Examples
    --------
    >>> lerp([1.0, 0.0], [0.0, 1.0], 0.5).tolist()
    [0.5, 0.5]
    """
    a, b = _ends(a, b)
    check_number(t, "t", 0, 1)
    return (1 - t) * a + t * b


def slerp(a: Any, b: Any, t: float) -> np.ndarray:
    """Return the point at share ``t`` of the arc from ``a`` to ``b``.

    The angle between them is walked evenly. Opposite vectors have no single arc.

    Parameters
    ----------
    a, b : array of shape (d,)
        Neither is zero.
    t : float
        From 0 to 1.

    Raises
    ------
    ValueError
        If a vector is zero, or both point in opposite directions.

    References
    ----------
    .. [1] Shoemake (1985), "Animating Rotation with Quaternion Curves", SIGGRAPH.

    Examples
    --------
    >>> slerp([1.0, 0.0], [0.0, 1.0], 0.5).round(4).tolist()
    [0.7071, 0.7071]
    """
    a, b = _ends(a, b)
    check_number(t, "t", 0, 1)
    lengths = np.linalg.norm(a), np.linalg.norm(b)
    if not all(lengths):
        raise ValueError("a and b must not be zero: a zero vector has no direction")
    angle = np.arccos(np.clip(a @ b / (lengths[0] * lengths[1]), -1, 1))
    if np.isclose(angle, np.pi):
        raise ValueError("a and b must not point in opposite directions")
    if np.isclose(angle, 0):
        return lerp(a, b, t)
    return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)


def latent_walk(a: Any, b: Any, n: int, how: str = "arc") -> np.ndarray:
    """Return ``n`` points from ``a`` to ``b``, shape (n, d).

    Parameters
    ----------
    a, b : array of shape (d,)
    n : int
        At least 2.
    how : {"arc", "line"}

    Examples
    --------
    >>> latent_walk([1.0, 0.0], [0.0, 1.0], 3, "line").tolist()
    [[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]]
    """
    check_choice(how, "how", ("arc", "line"))
    step = {"arc": slerp, "line": lerp}[how]
    shares = np.linspace(0, 1, check_count(n, "n", minimum=2))
    return np.array([step(a, b, t) for t in shares])


def _ends(a: Any, b: Any) -> tuple[np.ndarray, np.ndarray]:
    a, b = as_sample(a, "a", minimum=1), as_sample(b, "b", minimum=1)
    if a.shape != b.shape:
        raise ValueError(f"a and b must have one length, got {len(a)} and {len(b)}")
    return a, b
