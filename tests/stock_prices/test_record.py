"""The record counts what it says, day by day and share by share."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.ledger import read_ledger, recorded_table
from mlmastery.stock_prices import diebold_mariano
from mlmastery.stock_prices.record import (
    _counts,
    _mean_loss,
    compare_losses,
    share_losses,
)


@pytest.fixture(scope="module")
def losses():
    rng = np.random.default_rng(0)
    days = pd.bdate_range("2015-01-12", periods=700).strftime("%Y-%m-%d")
    close = 50 * np.exp(np.cumsum(rng.normal(scale=0.01, size=700)))
    high, low = close * 1.01, close * 0.99
    prices = {"date": days, "high": high, "low": low, "adjusted_close": close}
    return share_losses(pd.DataFrame(prices)), pd.DataFrame(prices)


def test_losses_are_of_the_days_forecast(losses):
    tables, prices = losses
    returns = 100 * np.diff(np.log(prices["adjusted_close"]))
    zero = tables["return"]["zero"]
    assert zero.index[0] == prices["date"][505]  # the 505th return, after two years
    np.testing.assert_allclose(zero, returns[504 : 504 + len(zero)] ** 2)
    window = tables["volatility"]["252-day window"]
    assert window.index[0] == prices["date"][505]
    assert window.index[-1] == prices["date"].iloc[-1]
    forecast = np.mean(returns[-253:-1] ** 2)
    expected = np.log(forecast) + returns[-1] ** 2 / forecast
    assert window.iloc[-1] == pytest.approx(expected)


def test_t_is_positive_where_the_model_is_better(losses):
    tables, _ = losses
    rng = np.random.default_rng(1)
    naive = tables["return"]["zero"]
    better = naive - rng.exponential(size=len(naive))
    ours = {"return": pd.DataFrame({"zero": naive, "oracle": better})}
    table = compare_losses(ours | {"volatility": tables["volatility"]}).set_index(
        "model"
    )
    assert table.loc["oracle", "t"] > 10
    assert table.loc["oracle", "loss"] == pytest.approx(better.mean() / naive.mean())
    window, garch = (tables["volatility"][k] for k in ("252-day window", "GARCH"))
    test = diebold_mariano(window, garch, lags=21)
    assert table.loc["GARCH", "t"] == pytest.approx(test.statistic)
    assert table.loc["GARCH", "loss"] == pytest.approx(garch.mean() - window.mean())
    assert "252-day window" not in table.index


def test_shares_are_averaged_on_the_days_that_all_have():
    days = ["a", "b", "c"]
    one = pd.DataFrame({"zero": [1.0, 2.0, 3.0]}, index=days)
    two = pd.DataFrame({"zero": [3.0, 5.0]}, index=["a", "c"])
    mean = _mean_loss({"X": {"return": one}, "Y": {"return": two}}, "return")
    assert mean["zero"].to_dict() == {"a": 2.0, "c": 4.0}


def test_only_significant_differences_are_counted():
    rows = [
        ("X", "return", "ridge", 2.5, 0.01),
        ("Y", "return", "ridge", -2.5, 0.01),
        ("Z", "return", "ridge", 1.0, 0.3),
        ("X", "return", "mean", 2.1, 0.04),
        ("Y", "return", "mean", 0.1, 0.9),
        ("Z", "return", "mean", 2.2, 0.03),
        *((name, "volatility", "GARCH", 3.0, 0.003) for name in "XYZ"),
    ]
    columns = ["ticker", "target", "model", "t", "p_value"]
    table = pd.DataFrame(rows, columns=columns)
    shares = {f.name: f.value for f in _counts(table, 1.0, "0" * 64)}
    assert shares["return, ridge: better than zero"] == pytest.approx(1 / 3)
    assert shares["return, ridge: worse than zero"] == pytest.approx(1 / 3)
    assert shares["return, mean: better than zero"] == pytest.approx(2 / 3)
    assert shares["return, any of three models: better than zero"] == pytest.approx(
        2 / 3
    )
    assert shares["volatility, GARCH: better than 252-day window"] == 1


def test_the_ledger_says_what_was_found():
    figures = {f["name"]: f for f in _fields(read_ledger("stock_prices"))}
    assert figures["return, any of three models: better than zero"]["value"] == 0
    assert figures["volatility, HAR on range: all shares together"]["value"] > 2
    protocols = {f["protocol"] for f in figures.values() if "better" in f["name"]}
    assert all("survivors" in p and "expected by chance" in p for p in protocols)


def test_the_table_of_shares_gives_the_ledger_s_counts():
    table = recorded_table("stock_prices", "shares")
    assert table["ticker"].nunique() == 50
    garch = table[table["model"] == "GJR-GARCH"]
    better = ((garch["p_value"] < 0.05) & (garch["t"] > 0)).mean()
    figures = {f["name"]: f["value"] for f in _fields(read_ledger("stock_prices"))}
    name = "volatility, GJR-GARCH: better than 252-day window"
    assert figures[name] == pytest.approx(better)


def _fields(ledger):
    return [f if isinstance(f, dict) else f.fields() for f in ledger["figures"]]
