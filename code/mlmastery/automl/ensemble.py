"""Ensemble selection: add the model that helps most, again and again.

>>> y = np.array([[0.0], [1.0]])
>>> models = np.array([[[0.0], [0.6]], [[0.4], [1.0]]])
>>> select_ensemble(models, lambda p: float(((p - y) ** 2).mean())).round(2)
array([0.5, 0.5])
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mlmastery.validation import check_count

__all__ = ["select_ensemble"]


def select_ensemble(
    predictions: np.ndarray,
    loss: Callable[[np.ndarray], float],
    n_rounds: int = 25,
) -> np.ndarray:
    """Return weights of a mean that is never worse than the best single model.

    Each round adds, with replacement, the model that lowers the loss of the mean most.
    The weights are those of the best round and not of the last: one more model may make
    the mean worse.

    Parameters
    ----------
    predictions : ndarray of shape (n_models, n_samples, n_outputs)
        Of rows on which no model was trained.
    loss : callable
        Takes an array of shape (n_samples, n_outputs).
    n_rounds : int, default=25

    Returns
    -------
    ndarray of shape (n_models,)
        At least 0, with sum 1.

    Raises
    ------
    ValueError
        If there is no model, or the loss of every model is NaN.

    References
    ----------
    .. [1] Caruana, Niculescu-Mizil, Crew and Ksikes (2004), "Ensemble Selection from
       Libraries of Models", ICML.
    """
    check_count(n_rounds, "n_rounds")
    if not len(predictions):
        raise ValueError("predictions must hold at least one model, got none")
    predictions = np.asarray(predictions, float)
    counts = np.zeros(len(predictions))
    total = np.zeros_like(predictions[0])
    best_loss, best = np.inf, counts
    for size in range(1, n_rounds + 1):
        losses = np.array([loss((total + p) / size) for p in predictions], float)
        if np.isnan(losses).all():
            raise ValueError("predictions must have a loss, got NaN for each model")
        at = int(np.nanargmin(losses))
        total, counts = total + predictions[at], counts.copy()
        counts[at] += 1
        # Equal is not better: the first, which has fewer models, stays.
        if losses[at] < best_loss:
            best_loss, best = losses[at], counts
    return best / best.sum()
