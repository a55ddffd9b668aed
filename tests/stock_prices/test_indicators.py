"""Indicators by hand: TA-Lib's rows, five RSIs, warm-up, deviation."""

import numpy as np
import pandas as pd
import pytest
import talib

from mlmastery.stock_prices import (
    bollinger_bands,
    ema,
    indicator_features,
    macd,
    rsi,
    rsi_variants,
    sma,
    warm_up,
)

CLOSES = np.array(
    """44.34 44.09 44.15 43.61 44.33 44.83 45.10 45.42 45.84 46.08 45.89 46.03 45.61
    46.28 46.28 46.00 46.03 46.41 46.22 45.64 46.21 46.25 45.71 46.45 45.78 45.35 44.03
    44.18 44.22 44.57 43.42 42.66 43.13""".split(),
    dtype=float,
)


@pytest.fixture(scope="module")
def walk():
    steps = np.random.default_rng(0).normal(scale=0.02, size=600)
    return 50 * np.exp(np.cumsum(steps))


@pytest.mark.parametrize("period", [2, 5, 14, 30])
def test_averages_and_rsi_equal_talib(walk, period):
    pairs = (
        (sma(walk, period), talib.SMA(walk, period)),
        (ema(walk, period), talib.EMA(walk, period)),
        (rsi(walk, period), talib.RSI(walk, period)),
    )
    for ours, theirs in pairs:
        np.testing.assert_allclose(ours, theirs, rtol=1e-10)


@pytest.mark.parametrize("periods", [(12, 26, 9), (3, 10, 4), (5, 6, 1)])
def test_macd_equals_talib(walk, periods):
    # TA-Lib wants a signal of at least one day, as ours.
    for ours, theirs in zip(
        macd(walk, *periods), talib.MACD(walk, *periods), strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-10)


def test_bollinger_bands_equal_talib(walk):
    theirs = talib.BBANDS(walk, 20, 2.5, 2.5)
    for ours, other in zip(bollinger_bands(walk, 20, 2.5), theirs, strict=True):
        np.testing.assert_allclose(ours, other, rtol=1e-8)


def test_the_five_rsis_of_the_standard_closes():
    table = rsi_variants(CLOSES, 14)
    assert table.iloc[:14].isna().all(axis=None)
    np.testing.assert_allclose(
        table["Wilder"].iloc[14:19],
        [70.4641, 66.2496, 66.4809, 69.3469, 66.2947],
        atol=1e-4,
    )
    first = {"Wilder": 70.4641, "ewm": 50.6574, "adjusted": 71.8024, "span": 64.3474}
    np.testing.assert_allclose(table.iloc[14][[*first]], [*first.values()], atol=1e-4)
    assert table["Wilder"].iloc[-1] == pytest.approx(37.7888, abs=1e-4)
    np.testing.assert_allclose(
        table["means"].iloc[14:16], [70.4641, 70.0210], atol=1e-4
    )


def test_averages_start_with_a_mean_and_not_with_the_first_value():
    assert ema([1.0, 2, 2, 1], 4)[-1] == 1.5
    plain = pd.Series([1.0, 2, 2, 1]).ewm(span=4, adjust=False).mean().iloc[-1]
    assert plain == pytest.approx(1.384)
    np.testing.assert_allclose(
        ema(CLOSES, 10)[9:12], [44.7790, 44.9810, 45.1717], atol=1e-4
    )


def test_macd_is_first_valid_in_row_33(walk):
    for values in macd(walk):
        assert np.flatnonzero(np.isfinite(values))[0] == 33


def test_the_deviation_of_the_bands_divides_by_n_unless_told():
    upper, middle, lower = (x[19] for x in bollinger_bands(CLOSES))
    assert (upper, middle) == pytest.approx((47.115328, 45.409), abs=1e-6)
    assert lower == pytest.approx(2 * middle - upper)
    assert bollinger_bands(CLOSES, ddof=1)[0][19] == pytest.approx(47.159656, abs=1e-6)
    assert bollinger_bands(CLOSES, ddof=0)[0][19] == upper


def test_after_the_warm_up_it_does_not_matter_where_history_starts(walk):
    late, rows = rsi(walk[-300:]), 14 + warm_up(1 / 14)
    assert np.abs(late[rows:] - rsi(walk)[-300:][rows:]).max() < 1e-4
    assert np.abs(late[14:20] - rsi(walk)[-300:][14:20]).max() > 0.1
    assert (
        (1 - 1 / 14) ** warm_up(1 / 14) < 1e-6 < (1 - 1 / 14) ** (warm_up(1 / 14) - 1)
    )
    late = rsi(walk[-300:])[15 * 14 :]
    assert np.abs(late - rsi(walk)[-300:][15 * 14 :]).max() < 1e-4


def test_a_market_without_moves_is_neutral():
    assert rsi([5.0] * 20)[14:].tolist() == [50.0] * 6
    assert rsi(np.arange(20.0))[-1] == 100
    assert rsi(-np.arange(20.0))[-1] == 0


@pytest.mark.parametrize("function", [sma, ema, rsi, bollinger_bands])
def test_too_short_a_series_has_no_values(function):
    out = np.asarray(function([1.0, 2.0, 3.0], 5))
    assert out.shape[-1] == 3
    assert np.isnan(out).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sma([1.0, np.nan], 1), "values must hold"),
        (lambda: sma([1.0], 0), "period must be a whole number of at least 1, got 0"),
        (lambda: ema([1.0], 2.5), "period must be a whole number"),
        (lambda: rsi([1.0, 2.0], 0), "period must be"),
        (lambda: macd(CLOSES, 26, 12), "fast must be below slow, got 26 and 12"),
        (lambda: macd(CLOSES, 12, 12), "fast must be below slow"),
        (
            lambda: bollinger_bands(CLOSES, 5, ddof=5),
            "ddof must be a whole number from 0 to 4",
        ),
        (
            lambda: bollinger_bands(CLOSES, width=-1),
            "width must be a number of at least 0",
        ),
        (lambda: warm_up(1.0), "alpha must lie between 0 and 1, got 1.0"),
        (lambda: warm_up(0.1, 0), "tolerance must lie between 0 and 1, got 0"),
    ],
)
def test_bad_arguments_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_features_look_back_only(walk):
    returns = 100 * np.diff(np.log(walk))
    whole = indicator_features(returns)
    for last in (40, 100, 333):
        np.testing.assert_array_equal(indicator_features(returns[:last]), whole[:last])
    assert np.isnan(whole[32]).any()
    assert np.isfinite(whole[33:]).all()


def test_features_have_their_units(walk):
    returns = 100 * np.diff(np.log(walk))
    price = 100 * np.exp(np.cumsum(returns) / 100)
    strength, place, line, distance, moved = indicator_features(returns)[-1]
    upper, middle, _ = (x[-1] for x in bollinger_bands(price))
    assert strength == pytest.approx(rsi(price)[-1] / 100 - 0.5)
    assert place == pytest.approx((price[-1] - middle) / (upper - middle))
    assert line == pytest.approx(100 * macd(price)[0][-1] / price[-1])
    assert distance == pytest.approx(100 * (price[-1] / sma(price, 20)[-1] - 1))
    assert moved == pytest.approx(returns[-21:].std(ddof=1))
