"""What more images, and each part of the recipe, are worth."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd

from mlmastery.ledger import recorded_table
from mlmastery.renamed import renamed


def recorded_ablation(epochs: int) -> pd.DataFrame:
    """Return what `benchmarks/image_ablation.py` measured: accuracies after some epochs.

    Parameters
    ----------
    epochs : {8, 40}

    Returns
    -------
    DataFrame of shape (10, 5)
        One row per seed, one column per setting of the network.

    Raises
    ------
    ValueError
        If nothing was recorded after so many epochs.

    Examples
    --------
    >>> recorded_ablation(8).columns[0]
    'plain'
    """
    table = recorded_table("image_classifier", "ablation")
    found = table[table["epochs"] == epochs]
    if found.empty:
        known = sorted(set(table["epochs"]))
        raise ValueError(f"epochs must be one of {known}, got {epochs}")
    return found.pivot(index="seed", columns="setting", values="accuracy")[
        found["setting"].unique()
    ]


def learning_curve(
    fit: Callable[[np.ndarray, int], Callable[[np.ndarray], np.ndarray]],
    order: Sequence[np.ndarray],
    y: np.ndarray,
    sizes: Iterable[int],
    watched: np.ndarray,
) -> pd.DataFrame:
    """Train on ever more rows and score on rows that are never trained on.

    Parameters
    ----------
    fit : callable
        ``fit(rows, seed)`` returns a function from rows to predicted classes.
    order : sequence of arrays
        For each seed the training rows in some order; the first n are used.
    y : ndarray
        Classes of all rows.
    sizes : iterable of int
    watched : ndarray
        Rows to score on.

    Returns
    -------
    DataFrame
        ``n``, ``seed`` and ``accuracy``.
    """
    found = []
    for seed, rows in enumerate(order):
        for n in sizes:
            predict = fit(rows[:n], seed)
            accuracy = float(np.mean(predict(watched) == y[watched]))
            found.append({"n": n, "seed": seed, "accuracy": accuracy})
    return pd.DataFrame(found)


__getattr__ = renamed(
    __name__,
    {
        "Entrants": "mlmastery.contest.ModelPanel",
        "mean_intervals": "mlmastery.inference.mean_intervals",
        "with_intervals": "mlmastery.inference.accuracy_intervals",
    },
)
