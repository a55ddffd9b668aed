"""Find the translation of a text among many, by the cosine of their vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from mlmastery.multilingual_nlp.characters import check_texts
from mlmastery.validation import as_numbers, check_count

__all__ = ["cosine_similarity", "is_found", "nearest"]


def cosine_similarity(first: Any, second: Any) -> np.ndarray:
    """Return the cosine of the angle of each pair of rows.

    Parameters
    ----------
    first : array of shape (n, n_dimensions)
    second : array of shape (m, n_dimensions)

    Returns
    -------
    ndarray of shape (n, m)
        A vector of length zero has a cosine of 0 with all.

    Examples
    --------
    >>> cosine_similarity([[3.0, 4.0]], [[3.0, 4.0], [0.0, 2.0], [0.0, 0.0]])
    array([[1. , 0.8, 0. ]])
    """
    a, b = check_rows(first, "first"), check_rows(second, "second")
    if a.shape[1] != b.shape[1]:
        raise ValueError(
            "first and second must have equally many columns, "
            f"got {a.shape[1]} and {b.shape[1]}"
        )
    return _unit(a) @ _unit(b).T


def check_rows(values: Any, name: str) -> np.ndarray:
    """Return vectors, one a row, or raise.

    Raises
    ------
    ValueError
        If the values are no table of finite numbers.

    Examples
    --------
    >>> check_rows([1.0, 2.0], "queries")
    Traceback (most recent call last):
        ...
    ValueError: queries must have one vector a row, got shape (2,)
    """
    rows = as_numbers(values, name)
    if rows.ndim != 2:
        raise ValueError(f"{name} must have one vector a row, got shape {rows.shape}")
    if not np.isfinite(rows).all():
        raise ValueError(
            f"{name} must be finite numbers, got {rows[~np.isfinite(rows)][0]}"
        )
    return rows


def _unit(rows: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, length, out=np.zeros_like(rows), where=length > 0)


def nearest(queries: Any, targets: Any, k: int = 1) -> np.ndarray:
    """Return the rows of the k targets nearest to each query, nearest first.

    Of equally near ones the earlier comes first.

    Parameters
    ----------
    queries : array of shape (n, n_dimensions)
    targets : array of shape (m, n_dimensions)
    k : int, default=1

    Returns
    -------
    ndarray of int, shape (n, k)

    Examples
    --------
    >>> nearest([[1.0, 0.1]], [[0.0, 1.0], [1.0, 0.0]], k=2)
    array([[1, 0]])
    """
    similarity = cosine_similarity(queries, targets)
    check_count(k, "k", maximum=similarity.shape[1])
    return np.argsort(-similarity, axis=1, kind="stable")[:, :k]


def is_found(queries: Any, targets: Any, texts: Sequence[str] | None = None) -> Any:
    """Say of each query whether its own target is the nearest; the mean is recall@1.

    Parameters
    ----------
    queries, targets : array of shape (n, n_dimensions)
        Target i is the translation of query i.
    texts : sequence of str, optional
        The targets. If given, a target with the same text is as right as one's own:
        no method can tell the two apart.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    ValueError
        If the numbers of queries, targets or texts differ, or there is none.

    Examples
    --------
    >>> same = [[1.0, 0.0], [1.0, 0.0]]
    >>> is_found(same, same).tolist(), is_found(same, same, ["a", "a"]).tolist()
    ([True, False], [True, True])
    """
    n = len(queries)
    names = None if texts is None else np.array(check_texts(texts), dtype=object)
    n_texts = n if names is None else len(names)
    if len(targets) != n or n_texts != n or not n:
        raise ValueError(
            "queries, targets and texts must be equally many, at least one, "
            f"got {n}, {len(targets)} and {n_texts}"
        )
    best = nearest(queries, targets)[:, 0]
    if names is None:
        return best == np.arange(n)
    return names[best] == names
