"""Record returns and volatility of fifty shares: which forecasts beat the naive one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from lightgbm import LGBMRegressor
from scipy import stats
from sklearn.linear_model import Ridge

from mlmastery.datasets import fingerprint, load_sp500_members
from mlmastery.inference import wilson_interval
from mlmastery.ledger import RECORDED, Recorded, cpu_timed
from mlmastery.spread import Spread
from mlmastery.stock_prices.forecasters import (
    DriftForecaster,
    LagForecaster,
    NaiveForecaster,
)
from mlmastery.stock_prices.predictive_accuracy import diebold_mariano
from mlmastery.stock_prices.race import race_returns
from mlmastery.stock_prices.volatility import (
    parkinson_variance,
    qlike,
    race_volatility,
)
from mlmastery.stock_prices.walk_forward import WalkForwardSplit
from mlmastery.storage import replacing

__all__ = ["compare_share", "record"]

TWO_YEARS, MONTH = 504, 21
LEVEL = 0.05  # of each test, two-sided
NAIVE = {"return": "zero", "volatility": "252-day window"}
RETURNS = (
    "daily log returns, each day forecast from the two years before it, refitted every "
    "21 days; better: Diebold–Mariano on squared errors at 5 %, two-sided"
)
VOLATILITY = (
    "daily variances, fitted on all days before, refitted every 21 days; better: "
    "Diebold–Mariano on QLIKE at 5 %, 21 lags"
)
CAVEAT = (
    "; the 50 shares were chosen at the end (survivors), and they move together: the "
    "interval, as if they were independent, is too narrow"
)


def record(data_dir: Path) -> list[Recorded]:
    """Count the shares whose forecasts beat the naive one.

    Also writes each share's t statistics to ``recorded/stock_prices/shares.csv``.

    Parameters
    ----------
    data_dir : Path
        Holds the folder ``sp500_members``.

    Returns
    -------
    list of Recorded
    """
    prices, sha = load_sp500_members(), fingerprint("sp500_members")
    shares = dict(list(prices.groupby("ticker")))
    tables, seconds = {}, {}
    for ticker, share in shares.items():
        tables[ticker], seconds[ticker] = cpu_timed(lambda s=share: compare_share(s))
    table = pd.concat(tables, names=["ticker"]).reset_index(level=0)
    _write(table, RECORDED / "stock_prices" / "shares.csv")
    return _figures(table, sum(seconds.values()), sha)


def compare_share(prices: pd.DataFrame) -> pd.DataFrame:
    """Compare forecasts of one share's returns and variances with the naive ones.

    Parameters
    ----------
    prices : DataFrame
        ``high``, ``low`` and ``adjusted_close`` of consecutive days.

    Returns
    -------
    DataFrame
        One row a model: what it forecasts (``target``), ``model``, mean ``loss``
        relative to the naive one (a difference for QLIKE, a ratio for returns), and
        ``t`` and ``p_value`` of Diebold and Mariano, t positive where it is better.
    """
    returns = 100 * np.diff(np.log(prices["adjusted_close"].to_numpy()))
    errors = _return_losses(returns)
    ranges = 1e4 * parkinson_variance(prices["high"], prices["low"])[1:]
    contest = race_volatility(returns, ranges, first=TWO_YEARS)
    variances = pd.DataFrame(
        {k: qlike(contest.squared_returns, v) for k, v in contest.forecasts.items()}
    )
    rows = [
        *_against("return", errors, lags=None),
        *_against("volatility", variances, lags=MONTH),
    ]
    return pd.DataFrame(rows)


def _return_losses(returns: np.ndarray) -> pd.DataFrame:
    boosting = LGBMRegressor(
        n_estimators=50,
        num_leaves=4,
        learning_rate=0.05,
        min_child_samples=40,
        random_state=0,
        n_jobs=1,
        verbose=-1,
    )
    models = {
        "zero": NaiveForecaster(),
        "running mean": DriftForecaster(),
        "ridge on 20 lags": LagForecaster(Ridge(alpha=100.0)),
        "boosting on 20 lags": LagForecaster(boosting),
    }
    return race_returns(models, returns, WalkForwardSplit(TWO_YEARS, MONTH)).losses


def _against(
    target: str, losses: pd.DataFrame, lags: int | None
) -> list[dict[str, Any]]:
    naive = losses[NAIVE[target]]
    rows = []
    for model in losses.columns.drop(NAIVE[target]):
        test = diebold_mariano(naive, losses[model], lags=lags)
        loss = losses[model].mean()
        loss = loss / naive.mean() if target == "return" else loss - naive.mean()
        row = {"target": target, "model": model, "loss": loss}
        rows.append(row | {"t": test.statistic, "p_value": test.p_value})
    return rows


def _figures(table: pd.DataFrame, seconds: float, sha: str) -> list[Recorded]:
    """Return for each model the share of shares where it is better, and worse."""
    figures = []
    for (target, model), tests in table.groupby(["target", "model"], sort=False):
        protocol = (RETURNS if target == "return" else VOLATILITY) + CAVEAT
        significant = tests["p_value"] < LEVEL
        for word, side in (("better", tests["t"] > 0), ("worse", tests["t"] < 0)):
            label = f"{target}, {model}: {word} than {NAIVE[target]}"
            hits = int((significant & side).sum())
            figures.append(_share(label, hits, len(tests), protocol, sha))
    returns = table[table["target"] == "return"]
    better = (returns["p_value"] < LEVEL) & (returns["t"] > 0)
    hits = int(better.groupby(returns["ticker"]).any().sum())
    label = "return, any of three models: better than zero"
    n = returns["ticker"].nunique()
    figures.append(_share(label, hits, n, RETURNS + CAVEAT, sha, seconds))
    p = float(stats.binomtest(hits, n, 3 * LEVEL / 2, alternative="greater").pvalue)
    label = "return, p-value of so many shares by chance (7.5 % expected at most)"
    figures.append(Recorded(label, p, None, "p-value", RETURNS + CAVEAT, 0.0, sha))
    return figures


def _share(
    label: str, hits: int, n: int, protocol: str, sha: str, seconds: float = 0.0
) -> Recorded:
    spread = Spread.interval(*wilson_interval(hits, n))
    return Recorded(label, hits / n, spread, "share of shares", protocol, seconds, sha)


def _write(table: pd.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, "w") as file:
        table.round(6).to_csv(file, index=False)
