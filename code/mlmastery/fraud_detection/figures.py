"""Drawings of the first page; what they show is computed elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from .prequential import Fold
from .simulator import DAY, REACH, World

__all__ = ["draw_map", "draw_ranking", "draw_schedule", "draw_window"]

FRAUD, GENUINE = "C3", "C0"


def draw_map(ax: Axes, world: World, card: int) -> None:
    """Draw a card's home, the terminals around it, and those that it used.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from mlmastery.fraud_detection import simulate
    >>> draw_map(plt.gca(), simulate(20, 200, 5), card=3)
    """
    home = world.customers.set_index("customer").loc[card]
    place = world.terminals.set_index("terminal")
    own = world.transactions[world.transactions["customer"] == card]
    used = place.loc[own["terminal"].unique()]
    ax.plot(place["x"], place["y"], ".", color="0.55", ms=3, label="terminal")
    ax.plot(used["x"], used["y"], "o", color=GENUINE, ms=5, label="used by the card")
    ax.plot(home["x"], home["y"], "*", color=FRAUD, ms=13, label="home")
    ax.add_patch(Circle((home["x"], home["y"]), REACH, fill=False, color="black"))
    ax.set(xlim=(home["x"] - 9, home["x"] + 9), ylim=(home["y"] - 9, home["y"] + 9))
    ax.set(xlabel="km", ylabel="km", aspect="equal")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize=8)


def draw_ranking(ax: Axes, score: np.ndarray, fraud: np.ndarray) -> None:
    """Draw the scores of the first cards, in two colours.

    Parameters
    ----------
    ax : Axes
    score, fraud : array of shape (n,)
        In the order of the ranking.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> draw_ranking(plt.gca(), np.array([0.9, 0.2]), np.array([1, 0]))
    """
    place = np.arange(1, len(score) + 1)
    for value, name, colour in ((1, "fraud", FRAUD), (0, "genuine", GENUINE)):
        own = fraud == value
        ax.bar(place[own], score[own], width=1, color=colour, label=name)
    ax.set(xlabel="place of the card", ylabel="score", xlim=(0, len(score) + 1))
    ax.set_ylim(0, 1.02)
    ax.legend()


def draw_schedule(ax: Axes, day: np.ndarray, folds: dict[str, Fold]) -> None:
    """Draw the days that each fold trains on, waits for and is judged on.

    Parameters
    ----------
    ax : Axes
    day : array of shape (n,)
        The day of each row.
    folds : dict of Fold

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> fold = Fold(np.array([0, 1]), np.array([4, 5]))
    >>> draw_schedule(plt.gca(), np.arange(6), {"first": fold})
    """
    for row, (train, test) in enumerate(folds.values()):
        first, end = day[train].min(), day[train].max() + 1
        begin, last = day[test].min(), day[test].max() + 1
        parts = ((first, end, GENUINE), (end, begin, "0.75"), (begin, last, FRAUD))
        names = ("train", "wait for labels", "judge") if row == 0 else 3 * ("_",)
        for (a, b, colour), name in zip(parts, names, strict=True):
            ax.barh(row, b - a, left=a, height=0.6, color=colour, label=name)
    ax.set_yticks(range(len(folds)), list(folds))
    ax.invert_yaxis()
    ax.set_xlabel("day")
    ax.legend(loc="lower left", fontsize=8)


def draw_window(ax: Axes, table: pd.DataFrame, k: int, width: int = DAY) -> None:
    """Draw payments of one card, and the window that ends at payment ``k``.

    Parameters
    ----------
    ax : Axes
    table : DataFrame
        hour and amount of each payment.
    k : int
        Counted from 1.
    width : int, default=86400
        Seconds.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> table = pd.DataFrame({"hour": [0.0, 24.0], "amount": [10.0, 20.0]})
    >>> draw_window(plt.gca(), table, 2)
    >>> plt.gca().get_title()
    '1 payment in 24 h, mean 20.00'
    """
    hour, amount = table["hour"].to_numpy(), table["amount"].to_numpy()
    now = hour[k - 1]
    inside = (hour > now - width / 3600) & (np.arange(len(hour)) < k)
    ax.axvspan(now - width / 3600, now, color="0.85")
    for chosen, colour in ((inside, FRAUD), (~inside, GENUINE)):
        style: dict[str, Any] = {"color": colour, "lw": 2}
        ax.vlines(hour[chosen], 0, amount[chosen], **style)
        ax.plot(hour[chosen], amount[chosen], "o", color=colour)
    ax.set(xlim=(hour.min() - 26, hour.max() + 3), ylim=(0, amount.max() * 1.15))
    ax.set(xlabel="hour", ylabel="amount")
    count = int(inside.sum())
    noun = "payment" if count == 1 else "payments"
    hours = width // 3600
    ax.set_title(f"{count} {noun} in {hours} h, mean {amount[inside].mean():.2f}")
