"""Runs of gradient descent to compare: on a surface, and on an equal number of rows."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from mlmastery.neural_network.functions import cross_entropy
from mlmastery.neural_network.network import (
    Network,
    build_network,
    minibatches,
    train_step,
)
from mlmastery.neural_network.optimizers import OPTIMIZERS, Optimizer
from mlmastery.validation import check_choice, check_count

Rows = tuple[np.ndarray, np.ndarray]

HOPELESS = 1e3  # a loss in nats at which a run is given up


def descent_path(
    optimizer: Optimizer,
    gradient: Callable[[np.ndarray], np.ndarray],
    start: np.ndarray,
    steps: int,
) -> np.ndarray:
    """Follow an optimiser over a surface; return its places, shape (steps + 1, n).

    Parameters
    ----------
    optimizer : Optimizer
        A new one: what it remembers belongs to one run.
    gradient : callable
        Takes a place, returns the gradient there.
    start : array of shape (n,)
        Is not changed.
    steps : int
        At least 1.

    Raises
    ------
    ValueError
        If ``steps`` is not a whole number of at least 1, or a gradient has not the
        shape of ``start``.

    Examples
    --------
    >>> from mlmastery.neural_network import SGD
    >>> descent_path(SGD(0.5), lambda place: place, [8, 4], 2)
    array([[8., 4.],
           [4., 2.],
           [2., 1.]])
    """
    check_count(steps, "steps")
    place = np.array(start, dtype=float)
    path = [place.copy()]
    for _ in range(steps):
        slope = np.asarray(gradient(place), dtype=float)
        if slope.shape != place.shape:
            raise ValueError(
                f"gradient must return one slope for each of the {place.size} "
                f"coordinates, got shape {slope.shape}"
            )
        optimizer.step(place, slope)
        path.append(place.copy())
    return np.array(path)


def tuned_path(
    rule: str,
    rates: Sequence[float] | np.ndarray,
    hessian: np.ndarray,
    start: np.ndarray,
    steps: int,
) -> tuple[np.ndarray, float]:
    """Descend half of x H x with each rate; return the lowest path and its height.

    Parameters
    ----------
    rule : {"sgd", "momentum", "rmsprop", "adam"}
    rates : sequence of float
    hessian : ndarray of shape (n, n)
        Symmetric and positive definite.
    start : array of shape (n,)
    steps : int

    Returns
    -------
    path : ndarray of shape (steps + 1, n)
        The one with the lowest height, averaged over its places.
    height : float
        That average.

    Raises
    ------
    ValueError
        If a name or a number is out of range, the Hessian is not symmetric and
        positive definite, or every rate diverges.

    Examples
    --------
    >>> path, height = tuned_path("sgd", [0.1, 1.0, 3.0], np.eye(2), [4, 2], 1)
    >>> path[-1], height  # a rate of 1 is in the minimum after one step
    (array([0., 0.]), 5.0)
    """
    check_choice(rule, "rule", OPTIMIZERS)
    hessian, found = _check_hessian(hessian, len(start)), []
    with np.errstate(over="ignore", invalid="ignore"):  # rates that are far too long
        for rate in rates:
            optimizer = OPTIMIZERS[rule](float(rate))
            path = descent_path(optimizer, lambda x: hessian @ x, start, steps)
            height = float(np.mean(np.sum(path @ hessian * path, axis=1))) / 2
            found.append((path, height if math.isfinite(height) else math.inf))
    best = min(found, key=lambda run: run[1], default=(np.empty(0), math.inf))
    if best[1] == math.inf:
        raise ValueError(f"rates must hold one that converges, got {list(rates)}")
    return best


def train_on_rows(
    network: Network,
    X: np.ndarray,
    y: np.ndarray,
    optimizer: Optimizer,
    *,
    batch_size: int | None,
    total_rows: int,
    rng: np.random.Generator,
) -> float:
    """Train until ``total_rows`` rows have been seen; return the last batch's loss.

    Runs of equal ``total_rows`` have seen equally many examples, whatever their batch
    size; smaller batches then make more steps. Ends early, with infinity, when a
    loss is beyond `HOPELESS` or not a number.

    Raises
    ------
    ValueError
        If a count is not a whole number of at least 1.

    Examples
    --------
    >>> from mlmastery.neural_network import SGD, build_network
    >>> X, y, rng = np.eye(4), np.array([0, 1, 0, 1]), np.random.default_rng(0)
    >>> network = build_network([4, 2], rng=rng, init=0.0)
    >>> loss = train_on_rows(
    ...     network, X, y, SGD(1.0), batch_size=4, total_rows=8, rng=rng
    ... )
    >>> round(loss, 2)  # the second batch's, after one step from log 2
    0.58
    """
    left, loss = check_count(total_rows, "total_rows"), math.nan
    X, y = _check_part(X, y)
    with np.errstate(over="ignore", invalid="ignore"):  # a loss beyond all bounds
        for rows in _endless_batches(len(y), batch_size, rng):
            rows = rows[:left]
            loss = train_step(network, X[rows], y[rows], optimizer)
            if not loss <= HOPELESS:
                return math.inf
            left -= len(rows)
            if not left:
                return loss
    raise AssertionError("batches never end")


def sweep_learning_rates(
    sizes: Sequence[int],
    train: Rows,
    parts: Sequence[Rows],
    optimizer: str,
    rates: Sequence[float] | np.ndarray,
    *,
    batch_size: int | None,
    total_rows: int,
    seeds: int,
) -> np.ndarray:
    """Train one network for each rate and seed, all on equally many rows.

    Parameters
    ----------
    sizes : sequence of int
        As :func:`build_network` takes them; in float32, with ReLUs.
    train : tuple of ndarray
        ``X, y`` to learn from.
    parts : sequence of such tuples
        Rows to judge on.
    optimizer : {"sgd", "momentum", "rmsprop", "adam"}
    rates : sequence of float
    batch_size, total_rows : int
        See :func:`train_on_rows`.
    seeds : int
        The seeds 0 to ``seeds - 1`` decide initial weights and batches; equal seeds
        start from equal weights, so rates can be compared in pairs.

    Returns
    -------
    ndarray of shape (n_rates, seeds, n_parts)
        Cross-entropy, infinite for runs that diverged.

    Raises
    ------
    ValueError
        If a name or a number is out of range.

    Examples
    --------
    >>> rows = np.eye(4), np.array([0, 1, 0, 1])
    >>> settings = {"batch_size": 2, "total_rows": 8, "seeds": 3}
    >>> sweep_learning_rates([4, 2], rows, [rows], "sgd", [0.1, 1], **settings).shape
    (2, 3, 1)
    """
    check_choice(optimizer, "optimizer", OPTIMIZERS)
    if any(len(part) != 2 for part in parts):
        raise ValueError("parts must hold pairs of X and y, such as [(X, y)]")
    train, parts = _check_part(*train), [_check_part(*part) for part in parts]
    losses = np.empty((len(rates), check_count(seeds, "seeds"), len(parts)))
    for (i, rate), seed in itertools.product(enumerate(rates), range(seeds)):
        rng = np.random.default_rng(seed)
        network = build_network(sizes, rng=rng, dtype="float32")
        train_on_rows(
            network,
            *train,
            OPTIMIZERS[optimizer](float(rate)),
            batch_size=batch_size,
            total_rows=total_rows,
            rng=rng,
        )
        losses[i, seed] = [held_out_loss(network, *part) for part in parts]
    return losses


def held_out_loss(network: Network, X: np.ndarray, y: np.ndarray) -> float:
    """Return the cross-entropy on rows not trained on; infinity if it is not finite.

    Examples
    --------
    >>> from mlmastery.neural_network import build_network
    >>> network = build_network([2, 2], rng=np.random.default_rng(0), init=0.0)
    >>> round(held_out_loss(network, np.eye(2), np.array([0, 1])), 3)
    0.693
    """
    with np.errstate(over="ignore", invalid="ignore"):
        loss = cross_entropy(network.forward(X), y)[0]
    return loss if math.isfinite(loss) else math.inf


def _check_hessian(hessian: np.ndarray, n: int) -> np.ndarray:
    """Return a Hessian whose surface has a minimum, or raise."""
    hessian = np.asarray(hessian, dtype=float)
    if hessian.shape != (n, n):
        raise ValueError(
            f"hessian must have shape ({n}, {n}), as start has {n} coordinates, "
            f"got {hessian.shape}"
        )
    curved = np.allclose(hessian, hessian.T) and np.linalg.eigvalsh(hessian).min() > 0
    if not curved:
        raise ValueError(
            f"hessian must be symmetric and positive definite, got {hessian.tolist()}"
        )
    return hessian


def _check_part(X: np.ndarray, y: np.ndarray) -> Rows:
    """Return arrays of as many rows as labels, or raise."""
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim != 2 or y.shape != (len(X),):
        raise ValueError(
            f"X and y must have shapes (m, n) and (m,), got {X.shape} and {y.shape}"
        )
    return X, y


def _endless_batches(
    m: int, size: int | None, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    return itertools.chain.from_iterable(
        minibatches(m, size, rng) for _ in itertools.count()
    )
