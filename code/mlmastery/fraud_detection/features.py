"""What a model sees of a transaction: one definition, computed for whole tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mlmastery.validation import check_count

from .geography import distance, lookup, needed_speed, places
from .simulator import DAY
from .windows import GroupWindows

__all__ = [
    "BEHAVIOUR",
    "FEATURES",
    "GEOGRAPHY",
    "HANDBOOK",
    "HOUR",
    "LARGEST",
    "LONGEST",
    "VELOCITY",
    "WINDOW_DAYS",
    "batch_features",
    "check_transactions",
    "seconds_of",
]

HOUR = 3600
WINDOW_DAYS = (1, 7, 30)
LONGEST = 30 * DAY
LARGEST = 1e12  # sums of more cents are not exact
_CARD = [f"card_{what}_{d}d" for d in WINDOW_DAYS for what in ("count", "mean")]
_TERMINAL = [f"terminal_{what}_{d}d" for d in WINDOW_DAYS for what in ("count", "risk")]
HANDBOOK: tuple[str, ...] = ("amount", "weekend", "night", *_CARD, *_TERMINAL)
GEOGRAPHY: tuple[str, ...] = ("home_distance", "last_distance", "speed")
_OWN = ("card_count_1h", "hours_since_last", "amount_ratio")
FEATURES: tuple[str, ...] = (*HANDBOOK, *_OWN, *GEOGRAPHY)
VELOCITY: tuple[str, ...] = (
    *(name for name in _CARD if "count" in name),
    "card_count_1h",
    "hours_since_last",
)
BEHAVIOUR: tuple[str, ...] = (*(n for n in _CARD if "mean" in n), "amount_ratio")
COLUMNS = {"id", "time", "customer", "terminal", "amount"}


def batch_features(
    transactions: pd.DataFrame,
    *,
    customers: pd.DataFrame | None = None,
    terminals: pd.DataFrame | None = None,
    delay_days: int = 7,
) -> pd.DataFrame:
    """Compute the features of all transactions of a table.

    Amounts are rounded to cents. A card's windows hold the row itself and what came
    before it. A terminal's windows end ``delay_days`` before the row, because no label
    is known sooner.

    Parameters
    ----------
    transactions : DataFrame
        id, time, customer, terminal, amount and fraud, sorted by (time, id).
    customers, terminals : DataFrame, optional
        Places: customer or terminal, x and y in km. Without both, the three features of
        geography are 0, as are distances to a card or terminal that is not listed.
    delay_days : int, default=7
        Days from a transaction to its label.

    Returns
    -------
    DataFrame of shape (n, 21)
        float64, the columns of `FEATURES`, indexed by id.

    Raises
    ------
    ValueError
        As `check_transactions`, or if ``delay_days`` is not a whole number.

    Examples
    --------
    >>> from mlmastery.fraud_detection import simulate
    >>> world = simulate(50, 100, 10)
    >>> table = batch_features(world.transactions)
    >>> table.shape[1], table["card_count_1d"].min()
    (21, np.float64(1.0))
    """
    check_transactions(transactions, labels=True)
    check_count(delay_days, "delay_days", minimum=0)
    time = seconds_of(transactions["time"])
    cents = np.rint(transactions["amount"].to_numpy() * 100).astype(np.int64)
    table = _clock(time, cents)
    cards = GroupWindows(transactions["customer"].to_numpy(), time)
    table.update(_card_columns(cards, time, cents))
    table.update(_terminal_columns(transactions, time, delay_days * DAY))
    last = cards.previous(transactions["terminal"].to_numpy(), -1)
    since = time - cards.previous(time, np.iinfo(np.int64).min // 2)
    table["hours_since_last"] = np.minimum(since, LONGEST) / HOUR
    table.update(_geography(transactions, customers, terminals, last, since))
    index = pd.Index(transactions["id"].to_numpy(), name="id")
    matrix = np.empty((len(index), len(FEATURES)), order="F")
    for k, name in enumerate(FEATURES):
        matrix[:, k] = table.pop(name)  # each column is let go as soon as it is copied
    return pd.DataFrame(matrix, index=index, columns=list(FEATURES), copy=False)


def _clock(time: np.ndarray, cents: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "amount": cents / 100,
        "weekend": (time // DAY + 3) % 7 >= 5,  # 1 January 1970 was a Thursday
        "night": time % DAY // HOUR <= 6,
    }


def _card_columns(
    cards: GroupWindows, time: np.ndarray, cents: np.ndarray
) -> dict[str, np.ndarray]:
    table = {"card_count_1h": cards.counts(HOUR)}
    for days in WINDOW_DAYS:
        count = cards.counts(days * DAY)
        total = cards.sums(cents, days * DAY)
        table[f"card_count_{days}d"] = count
        table[f"card_mean_{days}d"] = total / 100 / count
    earlier, before = total - cents, count - 1
    known = (before > 0) & (earlier > 0)
    habit = np.where(known, earlier, cents) / np.where(known, before, 1)
    table["amount_ratio"] = np.where(known, cents / np.maximum(habit, 1e-9), 1.0)
    return table


def _terminal_columns(
    transactions: pd.DataFrame, time: np.ndarray, delay: int
) -> dict[str, np.ndarray]:
    windows = GroupWindows(transactions["terminal"].to_numpy(), time)
    fraud = transactions["fraud"].to_numpy(dtype=np.int64)
    table = {}
    for days in WINDOW_DAYS:
        count = windows.counts(days * DAY, delay)
        found = windows.sums(fraud, days * DAY, delay)
        table[f"terminal_count_{days}d"] = count
        table[f"terminal_risk_{days}d"] = found / np.maximum(count, 1)
    return table


def _geography(
    transactions: pd.DataFrame,
    customers: pd.DataFrame | None,
    terminals: pd.DataFrame | None,
    last: np.ndarray,
    since: np.ndarray,
) -> dict[str, np.ndarray]:
    if customers is None or terminals is None:
        return dict.fromkeys(GEOGRAPHY, np.zeros(len(transactions)))
    card = transactions["customer"].to_numpy()
    here = transactions["terminal"].to_numpy()
    home = lookup(places(customers, "customer"), card)
    spots = places(terminals, "terminal")
    spot = lookup(spots, here)
    step = distance(*spot, *lookup(spots, np.where(last < 0, here, last)))
    step = np.nan_to_num(step)
    return {
        "home_distance": np.nan_to_num(distance(*spot, *home)),
        "last_distance": step,
        "speed": needed_speed(step, since),
    }


def seconds_of(times: pd.Series) -> np.ndarray:
    """Return times as whole seconds since 1970.

    Times with a zone are counted in UTC; a part of a second is cut off.

    Examples
    --------
    >>> seconds_of(pd.Series(pd.to_datetime(["1970-01-01 00:01"])))
    array([60])
    """
    if isinstance(times.dtype, pd.DatetimeTZDtype):
        times = times.dt.tz_convert(None)
    return times.to_numpy().astype("datetime64[s]").astype(np.int64)


def check_transactions(transactions: pd.DataFrame, *, labels: bool = False) -> None:
    """Refuse a table of transactions that the windows would misread.

    Parameters
    ----------
    transactions : DataFrame
    labels : bool, default=False
        Whether the column fraud is needed.

    Raises
    ------
    ValueError
        If a column is missing, the rows are not sorted by (time, id), an id comes twice,
        a number of a card or terminal is not whole, an amount is negative or not finite,
        or a label is neither 0 nor 1.

    Examples
    --------
    >>> check_transactions(pd.DataFrame({"id": [1]}))
    Traceback (most recent call last):
    ValueError: transactions lack the columns ['amount', 'customer', 'terminal', 'time']
    """
    if not isinstance(transactions, pd.DataFrame):
        kind = type(transactions).__name__
        raise TypeError(f"transactions must be a DataFrame, got {kind}")
    missing = (COLUMNS | ({"fraud"} if labels else set())) - set(transactions.columns)
    if missing:
        raise ValueError(f"transactions lack the columns {sorted(missing)}")
    for name in ("id", "customer", "terminal"):
        if transactions[name].dtype.kind not in "iu":
            kind = transactions[name].dtype
            raise ValueError(f"{name} must hold whole numbers, got {kind}")
    _check_amounts(transactions["amount"])
    if labels and not transactions["fraud"].isin((0, 1)).all():
        raise ValueError("fraud must hold 0 and 1 only")
    if transactions["time"].isna().any():
        raise ValueError("each transaction must have a time")
    time, number = seconds_of(transactions["time"]), transactions["id"].to_numpy()
    step = np.diff(time)
    if (step < 0).any() or ((step == 0) & (np.diff(number) <= 0)).any():
        raise ValueError("transactions must be sorted by (time, id)")
    if not transactions["id"].is_unique:
        raise ValueError("each transaction must have an id of its own")


def _check_amounts(amounts: pd.Series) -> None:
    if amounts.dtype.kind not in "iuf" or amounts.isna().any():
        raise ValueError("amounts must be numbers, and none may be missing")
    if not amounts.between(0, LARGEST).all():
        raise ValueError(f"amounts must be from 0 to {LARGEST:.0e}")
