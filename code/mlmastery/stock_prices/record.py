"""Record returns and volatility of fifty shares: which forecasts beat the naive one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from lightgbm import LGBMRegressor
from sklearn.linear_model import Ridge

from mlmastery.datasets import fingerprint, load_sp500_members
from mlmastery.inference import wilson_interval
from mlmastery.ledger import Recorded, cpu_timed, write_recorded_table
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

__all__ = ["compare_losses", "record", "share_losses"]

TWO_YEARS, MONTH = 504, 21
LEVEL = 0.05  # of each test, two-sided
NAIVE = {"return": "zero", "volatility": "252-day window"}
PROTOCOL = {
    "return": "daily log returns, each day forecast from the two years before it, "
    "refitted every 21 days; Diebold–Mariano on squared errors at 5 %, two-sided",
    "volatility": "daily variances, fitted on all days before, refitted every 21 days; "
    "Diebold–Mariano on QLIKE at 5 %, two-sided, 21 lags",
}
CHANCE = "; 2.5 % expected by chance"
CAVEAT = (
    "; the 50 shares were chosen at the end (survivors) and move together, so that the "
    "interval, which takes them for independent, is too narrow"
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
    losses, seconds = cpu_timed(
        lambda: {name: share_losses(share) for name, share in prices.groupby("ticker")}
    )
    shares = {name: compare_losses(tables) for name, tables in losses.items()}
    table = pd.concat(shares, names=["ticker"]).reset_index(level=0)
    write_recorded_table(table.round(6), "stock_prices", "shares")
    pooled = compare_losses({target: _mean_loss(losses, target) for target in NAIVE})
    return [*_counts(table, seconds, sha), *_pooled(pooled, sha)]


def share_losses(prices: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Forecast a share's returns and variances, and return each day's losses.

    Parameters
    ----------
    prices : DataFrame
        ``date``, ``high``, ``low`` and ``adjusted_close`` of consecutive days.

    Returns
    -------
    dict of str to DataFrame
        For ``return`` squared errors in squared per cent, for ``volatility`` QLIKE; one
        row a day, one column a model.
    """
    days = prices["date"].to_numpy()[1:]
    returns = 100 * np.diff(np.log(prices["adjusted_close"].to_numpy()))
    ranges = 1e4 * parkinson_variance(prices["high"], prices["low"])[1:]
    contest = race_volatility(returns, ranges, first=TWO_YEARS)
    variances = pd.DataFrame(
        {k: qlike(contest.squared_returns, v) for k, v in contest.forecasts.items()},
        index=days[TWO_YEARS:],
    )
    errors = _return_losses(returns)
    return {"return": errors.set_index(days[errors.index]), "volatility": variances}


def compare_losses(losses: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Compare each model's losses with those of the naive forecast.

    Parameters
    ----------
    losses : dict of str to DataFrame
        As `share_losses` returns them.

    Returns
    -------
    DataFrame
        One row a model: ``target`` and ``model``, the ``loss`` against the naive one (a
        ratio for returns, a difference for volatility), and ``t`` and ``p_value`` of
        Diebold and Mariano; t is positive where the model is better.
    """
    squared = _against("return", losses["return"], lags=None)
    return pd.DataFrame(
        squared + _against("volatility", losses["volatility"], lags=MONTH)
    )


def _mean_loss(losses: dict[str, Any], target: str) -> pd.DataFrame:
    """Return each day's mean over the shares, of the days that all shares have.

    One series for all shares: what moves them together counts once.
    """
    days = pd.concat([tables[target] for tables in losses.values()]).groupby(level=0)
    return days.mean()[days.size() == len(losses)]


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


def _counts(table: pd.DataFrame, seconds: float, sha: str) -> list[Recorded]:
    """Return for each model the share of shares where it is better, and worse."""
    figures = []
    for (target, model), tests in table.groupby(["target", "model"], sort=False):
        significant = tests["p_value"] < LEVEL
        for word, side in (("better", tests["t"] > 0), ("worse", tests["t"] < 0)):
            label = f"{target}, {model}: {word} than {NAIVE[target]}"
            hits = int((significant & side).sum())
            protocol = PROTOCOL[target] + CHANCE + CAVEAT
            figures.append(_share(label, hits, len(tests), protocol, sha))
    returns = table[table["target"] == "return"]
    better = (returns["p_value"] < LEVEL) & (returns["t"] > 0)
    hits = better.groupby(returns["ticker"]).any()
    label = "return, any of three models: better than zero"
    protocol = PROTOCOL["return"] + CHANCE.replace("2.5", "at most 7.5") + CAVEAT
    return [*figures, _share(label, int(hits.sum()), len(hits), protocol, sha, seconds)]


def _pooled(table: pd.DataFrame, sha: str) -> list[Recorded]:
    """Return the tests on the mean loss of all shares, each day one value."""
    return [
        Recorded(
            f"{row.target}, {row.model}: all shares together",
            row.t,
            Spread.standard_error(1.0),
            "t of Diebold and Mariano",
            f"{PROTOCOL[row.target]}; losses of a day averaged over the shares",
            0.0,
            sha,
        )
        for row in table.itertuples()
    ]


def _share(
    label: str, hits: int, n: int, protocol: str, sha: str, seconds: float = 0.0
) -> Recorded:
    spread = Spread.interval(*wilson_interval(hits, n))
    return Recorded(label, hits / n, spread, "share of shares", protocol, seconds, sha)
