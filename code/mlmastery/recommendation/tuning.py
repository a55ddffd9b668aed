"""Choose settings inside the training part; the test part is not asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import pandas as pd

from mlmastery.validation import check_choice

from .evaluation import judge_ranking
from .metrics import rmse
from .splits import Split, split_by_user, split_random

__all__ = ["choose_settings"]


def choose_settings(
    make: Callable[..., Any],
    grid: Mapping[str, Sequence[Any]],
    train: pd.DataFrame,
    *,
    by: str = "RMSE",
    share: float = 0.1,
    random_state: int = 0,
) -> pd.DataFrame:
    """Try all settings on a part of the training ratings, best first.

    Parameters
    ----------
    make : callable
        A model for settings given by name, such as ``FunkSVD``.
    grid : dict of str to sequence
        Values to try for each setting.
    train : DataFrame
        The training part, which is split once more.
    by : {"RMSE", "NDCG"}, default="RMSE"
        The error of ratings drawn at random, or the NDCG of ten films against each
        user's last ratings.
    share : float, default=0.1
        Of ``train`` to judge by.
    random_state : int, default=0
        Of the draw, for "RMSE".

    Returns
    -------
    DataFrame
        One row per combination: the settings, and ``RMSE`` or ``NDCG`` on the inner part.

    Raises
    ------
    ValueError
        If the grid is empty.
    """
    if not grid or not all(len(values) for values in grid.values()):
        raise ValueError(f"grid must hold at least one value each, got {dict(grid)}")
    check_choice(by, "by", ("RMSE", "NDCG"))
    if by == "RMSE":
        inner = split_random(train, share, random_state=random_state, min_users=1)
    else:
        inner = split_by_user(train, share, min_users=1)
    rows = []
    for values in product(*grid.values()):
        settings = dict(zip(grid, values, strict=True))
        model = make(**settings).fit(inner.train)
        rows.append({**settings, by: JUDGES[by](model, inner)})
    return pd.DataFrame(rows).sort_values(by, ascending=by == "RMSE", ignore_index=True)


def _error(model: Any, inner: Split) -> float:
    return rmse(inner.test["rating"], model.predict_many(inner.test))


def _mean_ndcg(model: Any, inner: Split) -> float:
    return float(judge_ranking(model, inner).by_user["NDCG"].mean())


JUDGES: dict[str, Callable[[Any, Split], float]] = {"RMSE": _error, "NDCG": _mean_ndcg}
