"""Find the best sequence of tags by dynamic programming, and learn from mistakes.

The compiled functions stand in one file, since numba compiles a function again only when
its own file changes, not when that of a function does which it calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numba
import numpy as np

# Untyped, as numba leaves the functions that it compiles.
njit: Any = numba.njit

__all__ = ["bio_rules", "emission_scores", "train_epoch", "viterbi"]


@njit(cache=True)
def viterbi(emissions, transitions, start):
    """Return the sequence of tags with the largest sum of scores.

    The best path that ends in tag k at position t goes through the best path to some
    tag j at t − 1: best[t, k] = emission[t, k] + max over j of
    (best[t − 1, j] + transition[j, k]).

    Parameters
    ----------
    emissions : ndarray of shape (n_tokens, n_tags)
        Score of each tag at each position.
    transitions : ndarray of shape (n_tags, n_tags)
        Score of a tag (column) after another (row); ``-inf`` where it is forbidden.
    start : ndarray of shape (n_tags,)
        Score of each tag at the first position.

    Returns
    -------
    ndarray of int, shape (n_tokens,)
        Of equal sequences, the one with the lower tags at the end.

    References
    ----------
    .. [1] Viterbi (1967), "Error Bounds for Convolutional Codes and an Asymptotically
       Optimum Decoding Algorithm", IEEE Transactions on Information Theory 13(2).

    Examples
    --------
    >>> emissions = np.array([[1.0, 0.0], [0.0, 0.4], [0.0, 0.0]])
    >>> transitions = np.array([[0.5, 0.0], [0.0, 0.5]])
    >>> viterbi(emissions, transitions, np.zeros(2)).tolist()
    [0, 0, 0]
    """
    n_tokens, n_tags = emissions.shape
    path = np.zeros(n_tokens, dtype=np.int64)
    if n_tokens == 0:
        return path
    came_from = np.zeros((n_tokens, n_tags), dtype=np.int64)
    best = start + emissions[0]
    for t in range(1, n_tokens):
        reached = np.empty(n_tags)
        for k in range(n_tags):
            through = best + transitions[:, k]
            j = np.argmax(through)
            came_from[t, k] = j
            reached[k] = through[j] + emissions[t, k]
        best = reached
    path[-1] = np.argmax(best)
    for t in range(n_tokens - 1, 0, -1):
        path[t - 1] = came_from[t, path[t]]
    return path


@njit(cache=True)
def emission_scores(rows, weights):
    """Return the sum of the weights of each token's known features.

    Parameters
    ----------
    rows : ndarray of int, shape (n_tokens, n_templates)
        Numbers of features; -1 where a feature has no weight.
    weights : ndarray of shape (n_features, n_tags)

    Returns
    -------
    ndarray of shape (n_tokens, n_tags)

    Examples
    --------
    >>> emission_scores(np.array([[0, 1], [-1, 1]]), np.array([[2.0], [1.0]])).tolist()
    [[3.0], [1.0]]
    """
    scores = np.zeros((rows.shape[0], weights.shape[1]))
    for t in range(rows.shape[0]):
        for feature in rows[t]:
            if feature >= 0:
                for k in range(weights.shape[1]):
                    scores[t, k] += weights[feature, k]
    return scores


@njit(cache=True)
def train_epoch(
    rows, gold, bounds, order, rules, start_rules, weights, stamped, n_steps
):
    """Go through the sentences once, in place, and return how many were mistaken.

    An update counts in the mean from its own step on only. So ``stamped`` collects
    each update times its step, and the mean weights are
    ``weights - stamped / n_steps`` at the end: no step touches the weights that it does
    not change.

    Parameters
    ----------
    rows : ndarray of int, shape (n_tokens, n_templates)
    gold : ndarray of int, shape (n_tokens,)
        True tags.
    bounds : ndarray of int, shape (n_sentences + 1,)
        Where each sentence begins, and the end.
    order : ndarray of int, shape (n_sentences,)
    rules, start_rules : ndarray
        As `bio_rules` gives them.
    weights, stamped : ndarray of shape (n_features + n_tags + 1, n_tags)
        Features' rows, then those of the previous tag, then that of the start.
    n_steps : int
        Sentences seen before.
    """
    n_tags = weights.shape[1]
    first_tag = weights.shape[0] - n_tags - 1
    mistakes = 0
    for step, sentence in enumerate(order):
        low, high = bounds[sentence], bounds[sentence + 1]
        true = gold[low:high]
        guess = viterbi(
            emission_scores(rows[low:high], weights),
            weights[first_tag:-1] + rules,
            weights[-1] + start_rules,
        )
        if (guess == true).all():
            continue
        mistakes += 1
        time = n_steps + step
        for t in range(high - low):
            before = first_tag + true[t - 1] if t else weights.shape[0] - 1
            before_guess = first_tag + guess[t - 1] if t else weights.shape[0] - 1
            move(weights, stamped, time, before, true[t], 1)
            move(weights, stamped, time, before_guess, guess[t], -1)
            if guess[t] != true[t]:
                for feature in rows[low + t]:
                    if feature >= 0:
                        move(weights, stamped, time, feature, true[t], 1)
                        move(weights, stamped, time, feature, guess[t], -1)
    return mistakes


@njit(cache=True)
def move(weights, stamped, time, row, column, amount):
    """Change one weight and note when."""
    weights[row, column] += amount
    stamped[row, column] += time * amount


def bio_rules(tags: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return what to add to scores so that an I-X follows only B-X or I-X.

    Parameters
    ----------
    tags : sequence of str
        In the order of the scores. A tag without ``I-`` may stand anywhere, so that
        parts of speech are not restricted.

    Returns
    -------
    transitions : ndarray of shape (n_tags, n_tags)
        0 where the column's tag may follow the row's, else ``-inf``.
    start : ndarray of shape (n_tags,)
        The same for the first position.

    Examples
    --------
    >>> bio_rules(["O", "B-LOC", "I-LOC"])[0][0].tolist()
    [0.0, 0.0, -inf]
    """
    may_follow = np.array([[_may_follow(new, old) for new in tags] for old in tags])
    may_start = np.array([_may_follow(new, "O") for new in tags])
    return _penalty(may_follow), _penalty(may_start)


def _may_follow(new: str, old: str) -> bool:
    inside, label = new[:2] == "I-", new[2:]
    return not inside or old in (f"B-{label}", f"I-{label}")


def _penalty(allowed: np.ndarray) -> np.ndarray:
    return np.where(allowed, 0.0, -np.inf)
