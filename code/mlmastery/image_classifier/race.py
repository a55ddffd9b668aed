"""Learning curves, recorded and measured, and the recorded ablation."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.inference import mean_intervals, paired_interval
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


def recorded_curves() -> pd.DataFrame:
    """Return the accuracies that `benchmarks/image_curves.py` measured.

    Returns
    -------
    DataFrame
        ``entrant``, ``n`` training images, ``seed`` of the draw, and ``accuracy`` on
        silhouettes that neither training nor tuning used.

    Examples
    --------
    >>> sorted(set(recorded_curves()["n"]))
    [50, 150, 500, 1000]
    """
    table = recorded_table("image_classifier", "curves")
    return table[["entrant", "n", "seed", "accuracy"]]


def recorded_settings() -> pd.DataFrame:
    """Return every setting that was tried before `recorded_curves`, and its score.

    Returns
    -------
    DataFrame
        ``entrant``, ``n``, ``setting`` (a dict), ``accuracy`` on the tuning rows, and
        whether it was ``chosen``.

    Examples
    --------
    >>> int(recorded_settings()["chosen"].sum())
    12
    """
    table = recorded_table("image_classifier", "curve_settings")
    table["setting"] = table["setting"].map(json.loads)
    return table[["entrant", "n", "setting", "accuracy", "chosen"]]


def tuned_setting(n: int, entrant: str = "network from scratch") -> dict[str, Any]:
    """Return the setting that did best on the tuning rows with n training images.

    Raises
    ------
    ValueError
        If the entrant was not tuned at this size.

    Examples
    --------
    >>> sorted(tuned_setting(150))
    ['augment', 'batch_norm', 'epochs', 'learning_rate']
    """
    table = recorded_settings()
    check_choice(n, "n", sorted(set(table["n"].tolist())))
    check_choice(entrant, "entrant", table["entrant"].unique().tolist())
    rows = table[(table["entrant"] == entrant) & (table["n"] == n) & table["chosen"]]
    return dict(rows["setting"].iloc[0])


def curve_intervals(curves: pd.DataFrame) -> pd.DataFrame:
    """Summarise `recorded_curves`: a mean and its interval per entrant and size.

    Returns
    -------
    DataFrame
        Index ``entrant`` and ``n``; ``mean``, ``low``, ``high`` (95 %, Student's t).

    Examples
    --------
    >>> curves = pd.DataFrame({"entrant": "a", "n": 5, "seed": [0, 1, 2],
    ...                        "accuracy": [0.8, 0.9, 0.7]})
    >>> curve_intervals(curves).round(2).loc[("a", 5)].tolist()
    [0.8, 0.55, 1.05]
    """
    wide = curves.pivot(index="seed", columns=["entrant", "n"], values="accuracy")
    table = mean_intervals(wide)
    table.index = pd.MultiIndex.from_tuples(table.index, names=["entrant", "n"])
    return table


def curve_differences(
    curves: pd.DataFrame, first: str, second: str, test_to_train: float = 0.0
) -> pd.DataFrame:
    """Compare two entrants draw by draw, at each size.

    Parameters
    ----------
    curves : DataFrame
        From `recorded_curves`.
    first, second : str
        Entrants; the differences are the first minus the second.
    test_to_train : float, default=0.0
        As in `mlmastery.inference.paired_interval`: 0 takes the draws for independent,
        so that the intervals speak of further draws from the same pool.

    Returns
    -------
    DataFrame
        Index ``n``; ``mean``, ``low``, ``high``, ``p_value``.

    Examples
    --------
    >>> curves = pd.DataFrame({"entrant": ["a", "a", "b", "b"], "n": 5,
    ...                        "seed": [0, 1, 0, 1], "accuracy": [0.9, 0.8, 0.7, 0.7]})
    >>> curve_differences(curves, "a", "b", 0)["mean"].round(2).to_dict()
    {5: 0.15}
    """
    wide = curves.pivot(index=["n", "seed"], columns="entrant", values="accuracy")
    rows = {
        n: paired_interval(pair[first], pair[second], test_to_train)._asdict()
        for n, pair in wide[[first, second]].groupby(level="n")
    }
    return pd.DataFrame(rows).T.rename_axis("n")


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
        "with_intervals": "mlmastery.inference.accuracy_intervals",
    },
)
