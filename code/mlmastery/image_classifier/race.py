"""Learning curves, and the recorded ablation of the network's parts."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd

from mlmastery.ledger import recorded_table
from mlmastery.renamed import renamed, renamed_keywords
from mlmastery.validation import check_choice


def recorded_ablation(epochs: int) -> pd.DataFrame:
    """Return the accuracies that `benchmarks/image_ablation.py` measured.

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
    check_choice(epochs, "epochs", sorted(set(table["epochs"].tolist())))
    rows = table[table["epochs"] == epochs]
    accuracies = rows.pivot(index="seed", columns="setting", values="accuracy")
    return accuracies[rows["setting"].unique()]  # in the order of the benchmark


@renamed_keywords(order="orders", watched="validation")
def learning_curve(
    fit: Callable[[np.ndarray, int], Callable[[np.ndarray], np.ndarray]],
    orders: Sequence[np.ndarray],
    y: np.ndarray,
    sizes: Iterable[int],
    validation: np.ndarray,
) -> pd.DataFrame:
    """Train on ever more rows and score on the same validation rows.

    Parameters
    ----------
    fit : callable
        ``fit(rows, seed)`` returns a function from rows to predicted classes.
    orders : sequence of arrays
        For each seed the training rows in some order; the first n are used.
    y : ndarray
        Classes of all rows.
    sizes : iterable of int
    validation : ndarray
        Rows to score on, none of them in ``orders``.

    Returns
    -------
    DataFrame
        ``n``, ``seed`` and ``accuracy``.
    """
    scores = []
    for seed, rows in enumerate(orders):
        for n in sizes:
            predict = fit(rows[:n], seed)
            accuracy = float(np.mean(predict(validation) == y[validation]))
            scores.append({"n": n, "seed": seed, "accuracy": accuracy})
    return pd.DataFrame(scores)


__getattr__ = renamed(
    __name__,
    {
        "Entrants": "mlmastery.contest.ModelPanel",
        "mean_intervals": "mlmastery.inference.mean_intervals",
        "with_intervals": "mlmastery.inference.accuracy_intervals",
    },
)
