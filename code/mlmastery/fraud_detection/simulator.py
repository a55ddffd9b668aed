"""Simulated card transactions: the Handbook's generator, written for arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from mlmastery.validation import check_count

__all__ = ["DAY", "World", "simulate"]

DAY = 86_400
SIDE = 100.0  # the map is a square of 100 km by 100 km
REACH = 5.0  # km around a card's home in which its terminals lie
LARGE = 220.0  # scenario 1: every amount above this is fraud
TERMINALS_A_DAY, TERMINAL_DAYS = 2, 28  # scenario 2
CARDS_A_DAY, CARD_DAYS, FACTOR = 3, 14, 5.0  # scenario 3
TRAVEL_DAYS = 14  # scenario 4


@dataclass(frozen=True)
class World:
    """A simulated world: its transactions, its cards and its terminals.

    Attributes
    ----------
    transactions : DataFrame
        Sorted by (time, id), with the columns id, time, customer, terminal, amount,
        fraud (0 or 1) and scenario (0 for genuine).
    customers : DataFrame
        customer, x, y (km), mean_amount, sd_amount, a_day.
    terminals : DataFrame
        terminal, x, y (km).
    """

    transactions: pd.DataFrame
    customers: pd.DataFrame
    terminals: pd.DataFrame


def simulate(
    n_customers: int = 5000,
    n_terminals: int = 10_000,
    n_days: int = 183,
    *,
    start: str = "2018-04-01",
    travel: int = 0,
    random_state: int = 0,
) -> World:
    """Simulate card transactions with the three fraud scenarios of the Handbook.

    Scenario 1 is every amount above 220. In scenario 2, two terminals a day are
    compromised for 28 days. In scenario 3, three cards a day leak; a third of their
    payments in the next 14 days is five times as high. Scenario 4 is ours: of
    ``travel`` stolen cards a day, a third of the payments in the next 14 days is made at
    terminals anywhere on the map.

    Parameters
    ----------
    n_customers, n_terminals, n_days : int
        Sizes. The numbers of scenarios 2 to 4 are absolute numbers a day, so that a
        smaller world has a larger share of fraud.
    start : str, default="2018-04-01"
        The first day.
    travel : int, default=0
        Cards a day that are stolen and used far from home.
    random_state : int, default=0

    Returns
    -------
    World

    Raises
    ------
    ValueError
        If a size is not positive, or there are fewer cards or terminals than are drawn
        in a day.

    References
    ----------
    .. [1] Le Borgne, Siblini, Lebichot and Bontempi (2022), "Reproducible Machine
       Learning for Credit Card Fraud Detection – Practical Handbook", section 3.2.

    Examples
    --------
    >>> world = simulate(50, 100, 10)
    >>> world.transactions.columns.tolist()[:5]
    ['id', 'time', 'customer', 'terminal', 'amount']
    """
    check_count(n_customers, "n_customers", minimum=CARDS_A_DAY)
    check_count(n_terminals, "n_terminals", minimum=TERMINALS_A_DAY)
    check_count(n_days, "n_days")
    check_count(travel, "travel", minimum=0, maximum=n_customers)
    rng = np.random.default_rng(random_state)
    customers = _customers(n_customers, rng)
    terminals = _terminals(n_terminals, rng)
    table = _transactions(customers, terminals, n_days, rng)
    _defraud(table, n_customers, n_terminals, n_days, rng)
    if travel:
        _steal(table, n_customers, n_terminals, n_days, travel, rng)
    first = pd.Timestamp(start).normalize()
    return World(_as_frame(table, first), customers, terminals)


def _customers(n: int, rng: np.random.Generator) -> pd.DataFrame:
    mean = rng.uniform(5, 100, n)
    return pd.DataFrame(
        {
            "customer": np.arange(n),
            "x": rng.uniform(0, SIDE, n),
            "y": rng.uniform(0, SIDE, n),
            "mean_amount": mean,
            "sd_amount": mean / 2,
            "a_day": rng.uniform(0, 4, n),
        }
    )


def _terminals(n: int, rng: np.random.Generator) -> pd.DataFrame:
    x, y = rng.uniform(0, SIDE, n), rng.uniform(0, SIDE, n)
    return pd.DataFrame({"terminal": np.arange(n), "x": x, "y": y})


def _transactions(
    customers: pd.DataFrame,
    terminals: pd.DataFrame,
    n_days: int,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Return genuine transactions as columns, sorted by time in seconds."""
    near = cKDTree(terminals[["x", "y"]]).query_ball_point(
        customers[["x", "y"]], REACH, return_sorted=True
    )
    sizes = np.array([len(row) for row in near])
    rate = np.where(sizes > 0, customers["a_day"], 0.0)
    counts = rng.poisson(rate[:, None], (len(customers), n_days))
    customer, day = np.divmod(np.repeat(np.arange(counts.size), counts.ravel()), n_days)
    second = rng.normal(DAY / 2, 20_000, len(customer)).astype(np.int64)
    kept = (second > 0) & (second < DAY)
    customer, time = customer[kept], (day * DAY + second)[kept]
    order = np.argsort(time, kind="stable")
    customer, time = customer[order], time[order]
    return {
        "time": time,
        "customer": customer,
        "terminal": _choose(near, sizes, customer, rng),
        "amount": _amounts(customers, customer, rng),
    }


def _choose(
    near: np.ndarray, sizes: np.ndarray, customer: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return one terminal in reach for each transaction."""
    flat = np.concatenate([np.asarray(row, dtype=np.int64) for row in near])
    first = np.cumsum(sizes) - sizes
    pick = (rng.random(len(customer)) * sizes[customer]).astype(np.int64)
    return flat[first[customer] + pick]


def _amounts(
    customers: pd.DataFrame, customer: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    mean = customers["mean_amount"].to_numpy()[customer]
    amount = rng.normal(mean, mean / 2)
    again = amount < 0
    amount[again] = rng.uniform(0, 2 * mean[again])
    return amount.round(2)


def _defraud(
    table: dict[str, np.ndarray],
    n_customers: int,
    n_terminals: int,
    n_days: int,
    rng: np.random.Generator,
) -> None:
    """Add the columns fraud and scenario, and raise the amounts of leaked cards."""
    table["scenario"] = np.where(table["amount"] > LARGE, 1, 0)
    rows = _Rows(table["terminal"], table["time"], n_terminals)
    for day in range(n_days):
        for terminal in rng.choice(n_terminals, TERMINALS_A_DAY, replace=False):
            table["scenario"][rows.of(terminal, day, day + TERMINAL_DAYS)] = 2
    rows = _Rows(table["customer"], table["time"], n_customers)
    for day in range(n_days):
        drawn = rng.choice(n_customers, CARDS_A_DAY, replace=False)
        own = np.concatenate([rows.of(c, day, day + CARD_DAYS) for c in drawn])
        third = rng.choice(own, len(own) // 3, replace=False)
        table["amount"][third] = (table["amount"][third] * FACTOR).round(2)
        table["scenario"][third] = 3


def _steal(
    table: dict[str, np.ndarray],
    n_customers: int,
    n_terminals: int,
    n_days: int,
    travel: int,
    rng: np.random.Generator,
) -> None:
    """Move a third of the payments of stolen cards to terminals anywhere."""
    rows = _Rows(table["customer"], table["time"], n_customers)
    for day in range(n_days):
        drawn = rng.choice(n_customers, travel, replace=False)
        own = np.concatenate([rows.of(c, day, day + TRAVEL_DAYS) for c in drawn])
        third = rng.choice(own, len(own) // 3, replace=False)
        table["terminal"][third] = rng.integers(0, n_terminals, len(third))
        table["scenario"][third] = 4


class _Rows:
    """Rows of one card or terminal between two days; rows are sorted by time."""

    def __init__(self, key: np.ndarray, time: np.ndarray, n_keys: int) -> None:
        self.order = np.argsort(key, kind="stable")
        self.bounds = np.searchsorted(key[self.order], np.arange(n_keys + 1))
        self.day = time[self.order] // DAY

    def of(self, key: int, first: int, end: int) -> np.ndarray:
        low, high = self.bounds[key], self.bounds[key + 1]
        a, b = np.searchsorted(self.day[low:high], [first, end])
        return self.order[low + a : low + b]


def _as_frame(table: dict[str, np.ndarray], first: pd.Timestamp) -> pd.DataFrame:
    start = np.datetime64(first, "s")
    return pd.DataFrame(
        {
            "id": np.arange(len(table["time"])),
            "time": start + table["time"].astype("timedelta64[s]"),
            "customer": table["customer"],
            "terminal": table["terminal"],
            "amount": table["amount"],
            "fraud": (table["scenario"] > 0).astype(np.int64),
            "scenario": table["scenario"],
        }
    )
