"""Real card payments, split by time: boosters that collapse, and their cure."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.inference import percentile_interval

from .ranking import average_precision

__all__ = [
    "block_interval",
    "collapse_table",
    "default_models",
    "diagnosis_table",
    "luck_table",
    "time_split",
    "tuned_table",
]

_Variant = tuple[str, np.ndarray, np.ndarray]

TRAIN_SHARE = 0.7
BLOCK = 600  # seconds of one block of the bootstrap


def time_split(n_rows: int, share: float = TRAIN_SHARE) -> tuple[slice, slice]:
    """Return the first rows and the last ones.

    Examples
    --------
    >>> time_split(10)
    (slice(0, 7, None), slice(7, 10, None))
    """
    cut = int(share * n_rows)
    return slice(0, cut), slice(cut, n_rows)


def default_models() -> dict[str, Callable[..., Any]]:
    """Return makers of four classifiers with the defaults of their libraries."""
    from lightgbm import LGBMClassifier
    from sklearn.ensemble import HistGradientBoostingClassifier

    from .models import candidate

    return {
        "logistic": lambda: candidate("logistic"),
        "XGBoost": lambda: candidate("boosted"),
        "HistGB": lambda: HistGradientBoostingClassifier(random_state=0),
        "LightGBM": lambda **more: LGBMClassifier(
            random_state=0, n_jobs=1, verbose=-1, **more
        ),
    }


def block_interval(
    time: np.ndarray, fraud: np.ndarray, *scores: np.ndarray, n_resamples: int = 500
) -> np.ndarray:
    """Return the average precision of each resample of blocks of ten minutes.

    Parameters
    ----------
    time : array of shape (n,)
        Seconds, sorted.
    fraud : array of shape (n,)
    *scores : array of shape (n,)
        One for each model: all are judged on the same resamples.
    n_resamples : int, default=500

    Returns
    -------
    ndarray of shape (n_resamples, n_models)
    """
    block = ((time - time.min()) // BLOCK).astype(int)
    count = int(block.max()) + 1
    # A block drawn twice counts twice: weights do the same as copies.
    rng = np.random.default_rng(0)
    out = np.empty((n_resamples, len(scores)))
    orders = [np.argsort(-s, kind="stable") for s in scores]
    for i in range(n_resamples):
        weight = np.bincount(rng.integers(0, count, count), minlength=count)[block]
        out[i] = [
            _weighted_ap(fraud, s, weight, o)
            for s, o in zip(scores, orders, strict=True)
        ]
    return out


def _weighted_ap(
    fraud: np.ndarray, scores: np.ndarray, weight: np.ndarray, order: np.ndarray
) -> float:
    found = np.cumsum((weight * fraud)[order])
    seen = np.cumsum(weight[order])
    ends = np.r_[np.nonzero(np.diff(scores[order]))[0], len(scores) - 1]
    ends = ends[seen[ends] > 0]
    step = np.diff(found[ends], prepend=0.0)
    return float(np.sum(found[ends] / seen[ends] * step) / found[-1])


def _columns(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x = frame.drop(columns=["Time", "Class"]).to_numpy(dtype=float)
    return x, frame["Class"].to_numpy().astype(int), frame["Time"].to_numpy(dtype=float)


def _fit_score(model: Any, x: np.ndarray, y: np.ndarray, train: Any, test: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # LightGBM names columns by itself
        return model.fit(x[train], y[train]).predict_proba(x[test])[:, 1]


def collapse_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Judge default models on the last 30 % of the time, and on a random 30 %.

    Parameters
    ----------
    frame : DataFrame
        From ``load_card_fraud``.

    Returns
    -------
    DataFrame
        model, AP with its interval over blocks, AP minus the logistic regression's with
        its interval, and AP on a random split.
    """
    x, y, time = _columns(frame)
    train, test = time_split(len(y))
    mixed = np.random.default_rng(0).permutation(len(y))
    cut = train.stop
    scores, random_ap = {}, {}
    for name, make in default_models().items():
        scores[name] = _fit_score(make(), x, y, train, test)
        other = _fit_score(make(), x, y, mixed[:cut], mixed[cut:])
        random_ap[name] = average_precision(y[mixed[cut:]], other)
    return _with_intervals(scores, y[test], time[test]).assign(
        random=lambda t: t["model"].map(random_ap)
    )


def _with_intervals(
    scores: dict[str, np.ndarray], fraud: np.ndarray, time: np.ndarray
) -> pd.DataFrame:
    draws = block_interval(time, fraud, *scores.values())
    rows = []
    for i, (name, own) in enumerate(scores.items()):
        low, high = percentile_interval(draws[:, i])
        gap = percentile_interval(draws[:, i] - draws[:, 0])
        rows.append((name, average_precision(fraud, own), low, high, gap.low, gap.high))
    return pd.DataFrame(
        rows, columns=["model", "AP", "low", "high", "gap low", "gap high"]
    )


VARIED: dict[str, dict[str, Any]] = {
    "defaults": {},
    "min_child_samples 200": {"min_child_samples": 200},
    "min_sum_hessian 1": {"min_child_weight": 1.0},
    "min_sum_hessian 10": {"min_child_weight": 10.0},
    "learning rate 0.01": {"learning_rate": 0.01},
    "4 leaves": {"num_leaves": 4},
    "L2 penalty 100": {"reg_lambda": 100.0},
    "largest step 1": {"max_delta_step": 1.0},
    "from log-odds 0": {"boost_from_average": False},
}


def diagnosis_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Vary one parameter of LightGBM at a time.

    Parameters
    ----------
    frame : DataFrame

    Returns
    -------
    DataFrame
        For each variant: AP on the last 30 % and in training, the largest output of a
        leaf (in log-odds) in the first tree and in all, and the share of test rows scored
        above one half.
    """
    x, y, _ = _columns(frame)
    train, test = time_split(len(y))
    make = default_models()["LightGBM"]
    rows = []
    for name, settings in VARIED.items():
        model = make(**settings)
        own = _fit_score(model, x, y, train, test)
        seen = model.predict_proba(pd.DataFrame(x[train]).to_numpy())[:, 1]
        leaf = _largest_leaf(model)
        row = average_precision(y[test], own), average_precision(y[train], seen)
        rows.append((name, *row, *leaf, float((own > 0.5).mean())))
    columns = ["varied", "AP", "AP train", "first leaf", "largest leaf", "above half"]
    return pd.DataFrame(rows, columns=columns)


def _largest_leaf(model: Any) -> tuple[float, float]:
    trees = model.booster_.trees_to_dataframe()
    leaves = trees[trees["left_child"].isna()]
    size = leaves["value"].abs().groupby(leaves["tree_index"]).max()
    return float(size.iloc[0]), float(size.max())


def _harmless(x: np.ndarray, y: np.ndarray, time: np.ndarray) -> Iterator[_Variant]:
    """Yield changes of the data that should not matter: name, columns, training rows."""
    train = np.arange(len(y))[time_split(len(y))[0]]
    yield "as published", x, train
    yield "float32", x.astype(np.float32).astype(float), train
    spread = x[train].std(axis=0)
    yield "standardised", (x - x[train].mean(axis=0)) / spread, train
    yield "with Time", np.column_stack([time, x]), train
    yield "reversed", x[:, ::-1], train
    for seed in range(3):
        rng = np.random.default_rng(seed)
        yield f"columns {seed}", x[:, rng.permutation(x.shape[1])], train
        genuine = train[y[train] == 0]
        gone = rng.choice(genuine, len(genuine) // 2000, replace=False)
        yield f"rows {seed}", x, np.setdiff1d(train, gone)


def luck_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Judge boosters on data that were changed in ways that should not matter.

    Parameters
    ----------
    frame : DataFrame
        From ``load_card_fraud``.

    Returns
    -------
    DataFrame
        For each change: AP on the last 30 % of three default boosters, of a LightGBM
        with a brake and of the logistic regression. A change rounds or standardises the
        numbers, adds the column Time, orders the columns anew, or leaves out one genuine
        training row in 2,000.
    """
    x, y, time = _columns(frame)
    test = time_split(len(y))[1]
    makers = default_models()
    makers["braked"] = lambda: default_models()["LightGBM"](min_child_weight=10.0)
    rows = []
    for change, columns, train in _harmless(x, y, time):
        row: dict[str, Any] = {"change": change}
        for name, make in makers.items():
            scores = _fit_score(make(), columns, y, train, test)
            row[name] = average_precision(y[test], scores)
        rows.append(row)
    return pd.DataFrame(rows)


GRIDS: dict[str, list[dict[str, Any]]] = {
    "logistic": [{"C": c} for c in np.logspace(-5, 2, 10)],
    "XGBoost": [
        {"min_child_weight": w, "learning_rate": e}
        for w in (1, 5, 20, 50, 100)
        for e in (0.3, 0.05)
    ],
    "HistGB": [
        {"l2_regularization": p, "learning_rate": e}
        for p in (0.0, 1.0, 10.0, 100.0, 1000.0)
        for e in (0.1, 0.03)
    ],
    "LightGBM": [
        {"min_child_weight": w, "learning_rate": e}
        for w in (1e-3, 1.0, 5.0, 20.0, 50.0)
        for e in (0.1, 0.03)
    ],
}


def _tunable(name: str, settings: dict[str, Any]) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    from .models import candidate

    if name == "LightGBM":
        return default_models()[name](**settings)
    if name == "HistGB":
        return HistGradientBoostingClassifier(random_state=0, **settings)
    return candidate({"XGBoost": "boosted"}.get(name, name), **settings)


def tuned_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Choose one of ten settings for each model inside the first 70 %, by time.

    The first 50 % of the rows train and the next 20 % choose; the chosen setting is
    trained on all 70 % and judged once on the last 30 %.

    Parameters
    ----------
    frame : DataFrame

    Returns
    -------
    DataFrame
        As `collapse_table`, with the chosen setting.
    """
    x, y, time = _columns(frame)
    train, test = time_split(len(y))
    early, late = slice(0, len(y) // 2), slice(len(y) // 2, train.stop)
    scores, chosen, inside = {}, {}, {}
    for name, grid in GRIDS.items():
        values = [
            average_precision(y[late], _fit_score(_tunable(name, s), x, y, early, late))
            for s in grid
        ]
        best = grid[int(np.argmax(values))]
        inside[name], chosen[name] = max(values), _named(best)
        scores[name] = _fit_score(_tunable(name, best), x, y, train, test)
    table = _with_intervals(scores, y[test], time[test])
    return table.assign(
        inside=table["model"].map(inside), chosen=table["model"].map(chosen)
    )


def _named(settings: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value:.3g}" for key, value in settings.items())
