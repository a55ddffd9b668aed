"""Learning curves, recorded and measured, and the recorded ablation."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.inference import mean_intervals, paired_interval, t_interval
from mlmastery.ledger import recorded_table
from mlmastery.renamed import renamed, renamed_keywords
from mlmastery.validation import as_sample, check_choice, check_count


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
    present = sorted(set(curves["entrant"]))
    for value, argument in ((first, "first"), (second, "second")):
        check_choice(value, argument, present)
    wide = curves.pivot(index=["n", "seed"], columns="entrant", values="accuracy")
    lone = wide.index[wide[[first, second]].isna().any(axis=1)]
    if len(lone):
        n, seed = lone[0]
        raise ValueError(
            f"first and second must have the same draws, but one lacks n={n}, seed={seed}"
        )
    rows = {
        n: paired_interval(pair[first], pair[second], test_to_train)._asdict()
        for n, pair in wide[[first, second]].groupby(level="n")
    }
    return pd.DataFrame(rows).T.rename_axis("n")


def recorded_groups() -> pd.DataFrame:
    """Return what `benchmarks/image_curves.py` measured on groups that share no image.

    Twenty groups of fifty silhouettes each trained the network with augmentation and
    without; all forty networks were scored on the same images.

    Returns
    -------
    DataFrame
        ``unit``: "group", with the accuracy of its two networks, or "image", with the
        share of the twenty networks that are right; ``augmented``, ``not augmented``.

    Examples
    --------
    >>> recorded_groups()["unit"].value_counts().to_dict()
    {'image': 296, 'group': 20}
    """
    table = recorded_table("image_classifier", "groups")
    return table[["unit", "number", "augmented", "not augmented"]]


def crossed_interval(groups: Any, images: Any) -> tuple[float, float, float]:
    """Return the mean of differences and a 95 % interval over trainings and images.

    Each training is scored on every image, so that both are samples: the squared
    standard errors of both add up. What depends on training and image together is
    counted in either, so the interval is too wide rather than too narrow.

    Parameters
    ----------
    groups : array of shape (n_trainings,)
        Difference of each training, averaged over the images.
    images : array of shape (n_images,)
        Difference on each image, averaged over the trainings.

    Returns
    -------
    mean, low, high : float
        By Student's t, with the degrees of freedom of the smaller sample.

    Raises
    ------
    ValueError
        If a sample has fewer than two numbers, or their means differ.

    Examples
    --------
    >>> mean, low, high = crossed_interval([0.1, 0.3], [0.0, 0.2, 0.4])
    >>> round(mean, 2), round(low, 2), round(high, 2)
    (0.2, -1.74, 2.14)
    """
    groups = as_sample(groups, "groups", minimum=2)
    images = as_sample(images, "images", minimum=2)
    mean = float(groups.mean())
    if not np.isclose(mean, images.mean(), atol=1e-3):  # recorded with four digits
        raise ValueError(
            f"groups and images must have equal means, got {mean:g} and {images.mean():g}"
        )
    error = sum(x.var(ddof=1) / len(x) for x in (groups, images)) ** 0.5
    low, high = t_interval(mean, error, min(len(groups), len(images)) - 1)
    return mean, low, high


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
    sizes, orders, scores = list(sizes), list(orders), []
    trained = np.concatenate([np.empty(0, int), *orders])
    if len(twice := np.intersect1d(trained, validation)):
        raise ValueError(
            f"validation must hold none of the training rows, got {twice[:5].tolist()}"
        )
    for seed, rows in enumerate(orders):
        for n in sizes:
            check_count(n, "each of sizes", maximum=len(rows))
            answers = np.asarray(fit(rows[:n], seed)(validation))
            if answers.shape != np.shape(validation):
                raise ValueError(
                    "fit must return a function to one class for each of "
                    f"{len(validation)} rows, got shape {answers.shape}"
                )
            accuracy = float(np.mean(answers == y[validation]))
            scores.append({"n": n, "seed": seed, "accuracy": accuracy})
    return pd.DataFrame(scores)


__getattr__ = renamed(
    __name__,
    {
        "Entrants": "mlmastery.contest.ModelPanel",
        "with_intervals": "mlmastery.inference.accuracy_intervals",
    },
)
