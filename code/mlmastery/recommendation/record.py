"""Record the published table of Surprise on MovieLens-100k, then the chapter's models."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import surprise

from mlmastery.contest import Contest
from mlmastery.datasets import fingerprint, load_movielens_100k
from mlmastery.inference import paired_interval
from mlmastery.ledger import Recorded
from mlmastery.spread import Spread

from .factors import FunkSVD, SVDPlusPlus
from .metrics import mae
from .race import PublishedFolds, SurpriseModel, race_ratings
from .tuning import choose_settings

__all__ = ["GRID", "record"]

PROTOCOL = "5 folds of KFold(5, random_state=0), as in Surprise's published table"
GRID = {
    "n_factors": (20, 100),
    "n_epochs": (30, 60),
    "learning_rate": (0.005, 0.008),
    "penalty": (0.02, 0.1),
}
LIBRARY = {
    "Surprise SVD": surprise.SVD,
    "Surprise SVD++": surprise.SVDpp,
    "Surprise NMF": surprise.NMF,
    "Surprise Slope One": surprise.SlopeOne,
    "Surprise k-NN": surprise.KNNBasic,
    "Surprise centred k-NN": surprise.KNNWithMeans,
    "Surprise k-NN baseline": surprise.KNNBaseline,
    "Surprise co-clustering": surprise.CoClustering,
    "Surprise baseline": surprise.BaselineOnly,
    "Surprise random": surprise.NormalPredictor,
}


def record(data_dir: Path) -> list[Recorded]:
    """Run Surprise's ten models, then FunkSVD and SVD++, on the published folds.

    Settings of ours are chosen on a part of the first fold's training part, and kept
    for all five.

    Parameters
    ----------
    data_dir : Path
        Holds the folder ``movielens_100k``.

    Returns
    -------
    list of Recorded
    """
    ratings, sha = load_movielens_100k(), fingerprint("movielens_100k")
    first, _ = next(PublishedFolds().split(ratings))
    ours = {}
    for name, make in (("ours, FunkSVD", FunkSVD), ("ours, SVD++", SVDPlusPlus)):
        best = choose_settings(make, GRID, ratings.iloc[first]).iloc[0]
        settings: dict[str, Any] = {key: _plain(best[key]) for key in GRID}
        ours[name] = make(**settings)
    # The library draws from the global generators of Python and NumPy.
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    contest = race_ratings({**_library(), **ours}, ratings)
    figures = [_error(contest, name, sha) for name in contest.scores]
    figures += [_mean_absolute(contest, name, ratings, sha) for name in contest.scores]
    for name in ours:
        figures.append(_gain(contest, name, "Surprise SVD++", sha))
    return figures


def _plain(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)


def _library() -> dict[str, SurpriseModel]:
    quiet = {"verbose": False}
    loud = ("Slope One", "SVD", "SVD++", "NMF", "co-clustering", "random")
    return {
        name: SurpriseModel(make() if name.endswith(loud) else make(**quiet))
        for name, make in LIBRARY.items()
    }


def _error(contest: Contest, name: str, sha: str) -> Recorded:
    scores = contest.scores[name]
    spread = Spread.sd(scores.std())
    seconds = float(contest.seconds[name])
    value = float(scores.mean())
    return Recorded(f"{name}, RMSE", value, spread, "RMSE", PROTOCOL, seconds, sha)


def _mean_absolute(
    contest: Contest, name: str, ratings: pd.DataFrame, sha: str
) -> Recorded:
    answer = contest.predictions[name].to_numpy()
    stars = ratings["rating"].to_numpy(float)
    folds = [mae(stars[t], answer[t]) for _, t in PublishedFolds().split(ratings)]
    spread = Spread.sd(float(np.std(folds, ddof=1)))
    value = float(np.mean(folds))
    return Recorded(f"{name}, MAE", value, spread, "MAE", PROTOCOL, 0.0, sha)


def _gain(contest: Contest, first: str, second: str, sha: str) -> Recorded:
    gain = paired_interval(contest.scores[first], contest.scores[second], 1 / 4)
    spread = Spread.interval(gain.low, gain.high)
    label = f"{first} − {second}"
    return Recorded(label, gain.mean, spread, "RMSE gained", PROTOCOL, 0.0, sha)
