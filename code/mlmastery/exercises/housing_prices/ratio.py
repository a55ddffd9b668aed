"""Exercise 5.3: A ratio that may have no divisor."""

# %% stub
import numpy as np


def area_per_room(area, rooms):
    """Return area / rooms, and NaN where rooms is zero or missing; no warnings.

    area and rooms are float arrays of shape (m,).
    """
    raise NotImplementedError


# %% solution
def area_per_room(area, rooms):
    out = np.full(len(area), np.nan)
    return np.divide(area, rooms, out=out, where=rooms > 0)


# %% wrong: "A house without rooms has no area per room. You gave 0, which says that its rooms are tiny."
def area_per_room(area, rooms):
    out = np.zeros(len(area))
    return np.divide(area, rooms, out=out, where=rooms > 0)


# %% wrong: "You divided by at least 1, so a house without rooms has its whole area per room. It should be NaN."
def area_per_room(area, rooms):
    return np.asarray(area) / np.maximum(rooms, 1)


# %% wrong: "The other way round: area divided by rooms."
def area_per_room(area, rooms):
    out = np.full(len(area), np.nan)
    return np.divide(rooms, area, out=out, where=rooms > 0)


# %% check
import numpy as np

CASES = [
    Case(
        "two houses",
        args=(np.array([120.0, 90.0]), np.array([6.0, 3.0])),
        want=np.array([20.0, 30.0]),
    ),
    Case(
        "no rooms",
        args=(np.array([120.0, 90.0]), np.array([0.0, 3.0])),
        want=np.array([np.nan, 30.0]),
    ),
    Case(
        "rooms not known",
        args=(np.array([120.0]), np.array([np.nan])),
        want=np.array([np.nan]),
    ),
]
