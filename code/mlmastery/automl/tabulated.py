"""Every configuration of a small model, trained on a task: a table with exact regret.

The model is kernel ridge regression. One eigendecomposition of its kernel matrix gives
the answers for all penalties, so that thousands of models cost about a second.

>>> len(KERNEL_SPACE.enumerate())
2176
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist
from scipy.stats import norm

from mlmastery.validation import check_count

from .space import Choice, Integer, Space
from .suite import Task

__all__ = ["KERNEL_SPACE", "Split", "TabulatedTask", "split_task", "tabulate"]

PENALTIES = range(-10, 6)
WIDTHS = range(-4, 4)
KERNEL_SPACE = Space(
    {
        "kernel": Choice("gaussian", "laplace", "linear"),
        "scale": Choice("standard", "rank"),
        "quarters": Integer(1, 4),
        "width": Integer(WIDTHS[0], WIDTHS[-1]),
        "penalty": Integer(PENALTIES[0], PENALTIES[-1]),
    },
    conditions={"width": ("kernel", ("gaussian", "laplace"))},
)
LEVELS = 10  # of a category that become columns; the others share none
SHARES = (0.4, 0.3)  # of the rows, for training and validation
MOST = (240, 200, 1000)  # rows of the three parts


class Split(NamedTuple):
    """Numbers of a task, in three parts; targets have one column per class.

    Examples
    --------
    >>> Split(*[np.zeros((1, 1))] * 6).X_train.shape
    (1, 1)
    """

    X_train: np.ndarray
    Y_train: np.ndarray
    X_validation: np.ndarray
    Y_validation: np.ndarray
    X_test: np.ndarray
    Y_test: np.ndarray


class TabulatedTask:
    """A task on which every configuration was trained.

    Parameters
    ----------
    name : str
    table : DataFrame
        Indexed by `Space.key`; columns ``config``, ``loss``, ``test`` and, for each
        number of training rows, ``loss_<rows>``.
    space : Space

    Attributes
    ----------
    best, worst : float
        Smallest and largest validation loss.
    rows : list of int
        Numbers of training rows, smallest first.
    """

    def __init__(self, name: str, table: pd.DataFrame, space: Space) -> None:
        self.name, self.table, self.space = name, table, space
        self.losses: dict[str, float] = table["loss"].to_dict()
        self.best, self.worst = float(table["loss"].min()), float(table["loss"].max())
        prefix = "loss_"
        columns = [c for c in table.columns if c.startswith(prefix)]
        self.rows = sorted(int(c.removeprefix(prefix)) for c in columns)

    def loss(self, config: dict[str, Any], rows: int | None = None) -> float:
        """Return the validation loss of a configuration, from the table.

        Parameters
        ----------
        config : dict
        rows : int, optional
            Number of training rows, one of ``rows``; all by default.
        """
        key = self.space.key(config)
        if rows is None:
            return self.losses[key]
        return float(self.table.at[key, f"loss_{rows}"])


def split_task(task: Task, random_state: int = 0) -> Split:
    """Turn a task into numbers and split it into training, validation and test part.

    Numbers get the median of the training part where they are missing, categories one
    column for each of their ten most frequent levels there. A target of classes becomes
    a column of 0 and 1 for each class.

    Parameters
    ----------
    task : Task
    random_state : int, default=0

    Returns
    -------
    Split
    """
    order = np.random.default_rng(random_state).permutation(len(task.y))
    counts = [min(m, int(s * len(order))) for m, s in zip(MOST, SHARES, strict=False)]
    ends = np.cumsum([*counts, min(MOST[2], len(order) - sum(counts))])
    train, validation, test = np.split(order[: ends[-1]], ends[:-1])
    X = _as_numbers(task.X, train)
    Y = _targets(task)
    parts = (train, validation, test)
    return Split(*(array[rows] for rows in parts for array in (X, Y)))


def tabulate(task: Task, random_state: int = 0, n_sizes: int = 4) -> TabulatedTask:
    """Train every configuration of `KERNEL_SPACE` on a task.

    Parameters
    ----------
    task : Task
    random_state : int, default=0
        Decides the split.
    n_sizes : int, default=4
        Numbers of training rows: all, a half, a quarter, and so on.

    Returns
    -------
    TabulatedTask
        A loss is the share of the target's variance that is left: 0 is perfect, 1 is
        as good as the mean of the training rows.
    """
    check_count(n_sizes, "n_sizes")
    split = split_task(task, random_state)
    n = len(split.X_train)
    columns: dict[str, dict[str, float]] = {}
    for size in (n // 2**i for i in range(n_sizes)):
        losses, tests = _losses(split, size)
        columns[f"loss_{size}"] = losses
        if size == n:
            columns |= {"loss": losses, "test": tests}
    table = pd.DataFrame(columns)
    configs = {KERNEL_SPACE.key(c): c for c in KERNEL_SPACE.enumerate()}
    table["config"] = pd.Series(configs)
    return TabulatedTask(task.name, table.loc[list(configs)], KERNEL_SPACE)


def _losses(split: Split, size: int) -> tuple[dict[str, float], dict[str, float]]:
    """Return validation and test loss of each configuration, by key."""
    losses: dict[str, float] = {}
    tests: dict[str, float] = {}
    for scale in ("standard", "rank"):
        rotated = _rotated(split, size, scale)
        for quarters in range(1, 5):
            k = -(-rotated[0].shape[1] * quarters // 4)
            parts = [part[:, :k] for part in rotated]
            for kernel, width, K in _kernels(parts):
                config = {"kernel": kernel, "scale": scale, "quarters": quarters}
                config |= {} if kernel == "linear" else {"width": width}
                for penalty, pair in _ridge_losses(K, split, size):
                    key = KERNEL_SPACE.key({**config, "penalty": penalty})
                    losses[key], tests[key] = pair
    return losses, tests


def _rotated(split: Split, size: int, scale: str) -> list[np.ndarray]:
    """Scale all parts by the training rows, and turn them to principal axes."""
    parts = [split.X_train[:size], split.X_validation, split.X_test]
    if scale == "rank":
        parts = _normal_scores(parts)
    sd = parts[0].std(axis=0)
    centre, sd = parts[0].mean(axis=0), np.where(sd > 0, sd, 1.0)
    # A column that is constant in a few training rows must not explode elsewhere.
    parts = [np.clip((part - centre) / sd, -5, 5) for part in parts]
    _, _, axes = np.linalg.svd(parts[0], full_matrices=False)
    return [part @ axes.T for part in parts]


def _normal_scores(parts: list[np.ndarray]) -> list[np.ndarray]:
    """Replace each number by the normal quantile of its rank among training rows."""
    scored = [np.empty_like(part) for part in parts]
    n = len(parts[0])
    for j, column in enumerate(parts[0].T):
        known = np.sort(column)
        for part, out in zip(parts, scored, strict=True):
            below = np.searchsorted(known, part[:, j], "left")
            upto = np.searchsorted(known, part[:, j], "right")
            out[:, j] = norm.ppf(
                np.clip((below + upto) / (2 * n), 0.5 / n, 1 - 0.5 / n)
            )
    return scored


def _kernels(parts: list[np.ndarray]) -> Any:
    """Yield kernel, width, and covariances of training rows with all three parts."""
    train = parts[0]
    k = train.shape[1]
    yield "linear", 0, [part @ train.T / k for part in parts]
    for kernel, metric in (("gaussian", "sqeuclidean"), ("laplace", "cityblock")):
        distances = [cdist(part, train, metric) for part in parts]
        middle = np.median(distances[0])
        power = 2 if kernel == "gaussian" else 1
        for width in WIDTHS:
            at = middle * 2.0 ** (power * width)
            yield kernel, width, [np.exp(-d / at) for d in distances]


def _ridge_losses(K: list[np.ndarray], split: Split, size: int) -> Any:
    """Yield the losses for each penalty from one eigendecomposition."""
    Y = split.Y_train[:size]
    mean = Y.mean(axis=0)
    values, vectors = np.linalg.eigh(K[0])
    turned = vectors.T @ (Y - mean)
    penalties = 2.0 ** np.array(PENALTIES)
    weights = turned[:, None] / (np.maximum(values, 0)[:, None] + penalties)[..., None]
    truths = (split.Y_validation, split.Y_test)
    losses = [
        _unexplained(np.tensordot(k @ vectors, weights, 1), truth - mean)
        for k, truth in zip(K[1:], truths, strict=True)
    ]
    return zip(PENALTIES, zip(*losses, strict=True), strict=True)


def _unexplained(predicted: np.ndarray, truth: np.ndarray) -> list[float]:
    left = ((predicted - truth[:, None]) ** 2).sum(axis=(0, 2))
    return (left / (truth**2).sum()).tolist()


def _as_numbers(X: pd.DataFrame, train: np.ndarray) -> np.ndarray:
    columns = []
    for name in X:
        column = X[name]
        if pd.api.types.is_numeric_dtype(column):
            column = column.astype(float)
            columns.append(column.fillna(column.iloc[train].median()))
        else:
            levels = column.iloc[train].value_counts().index[:LEVELS]
            columns += [(column == level).astype(float) for level in levels]
    return np.array(columns).T


def _targets(task: Task) -> np.ndarray:
    if task.kind == "numbers":
        return task.y.to_numpy(float)[:, None]
    return (task.y.to_numpy()[:, None] == np.unique(task.y)).astype(float)
