"""Exercise 5.3: A ratio that may have no divisor."""

# %% stub
import numpy as np


def area_per_room(area, rooms):
    """Return area / rooms, and NaN where rooms is zero or missing.

    area and rooms are float arrays of shape (m,); a missing number is NaN. NumPy must
    not give a warning.
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


# %% wrong: "A division by zero gave inf, and a warning. Keep the zeros away from the division."
def area_per_room(area, rooms):
    return area / rooms


# %% wrong: "The values are right, but the division was done everywhere before the bad ones were replaced, so it warned. Divide only where there are rooms."
def area_per_room(area, rooms):
    return np.where(rooms > 0, area / rooms, np.nan)


# %% wrong: "You silenced the warning, and the inf is still there."
def area_per_room(area, rooms):
    with np.errstate(divide="ignore", invalid="ignore"):
        return area / rooms


# %% wrong: "A tiny number was added to the rooms, so a house without rooms has a huge area per room."
def area_per_room(area, rooms):
    return area / (rooms + 1e-9)


# %% wrong: "The rooms that you were given have changed. Work on a copy."
def area_per_room(area, rooms):
    rooms[rooms == 0] = np.nan
    return area / rooms


# %% wrong: "Houses without a ratio were left out, so the rows no longer fit the table. Each house keeps its place."
def area_per_room(area, rooms):
    return area[rooms > 0] / rooms[rooms > 0]


# %% wrong: "A missing number of rooms was filled in. Where it is not known the ratio is not known either."
def area_per_room(area, rooms):
    rooms = np.where(np.isnan(rooms), 1, rooms)
    out = np.full(len(area), np.nan)
    return np.divide(area, rooms, out=out, where=rooms > 0)


# %% wrong: "The fractions are gone: // divides whole numbers."
def area_per_room(area, rooms):
    out = np.full(len(area), np.nan)
    return np.floor_divide(area, rooms, out=out, where=rooms > 0)


# %% wrong: "A house with a single room has a ratio as well. Only zero and missing are excluded."
def area_per_room(area, rooms):
    out = np.full(len(area), np.nan)
    return np.divide(area, rooms, out=out, where=rooms > 1)


# %% wrong: "One house without rooms took the ratios of all the others with it. Decide house by house."
def area_per_room(area, rooms):
    if not (rooms > 0).all():
        return np.full(len(area), np.nan)
    return area / rooms


# %% wrong
def area_per_room(area, rooms):
    return np.full(len(area), area.sum() / np.nansum(rooms) if rooms.any() else np.nan)


# %% check
import numpy as np

CASES = [
    Case(
        "two houses",
        args=(np.array([120.0, 90.0]), np.array([6.0, 4.0])),
        want=np.array([20.0, 22.5]),
    ),
    Case(
        "no rooms",
        args=(np.array([120.0, 90.0]), np.array([0.0, 3.0])),
        want=np.array([np.nan, 30.0]),
    ),
    Case(
        "no rooms, and no warning",
        args=(np.array([60.0, 0.0]), np.array([0.0, 0.0])),
        want=np.array([np.nan, np.nan]),
        no_warnings=True,
    ),
    Case(
        "rooms not known",
        args=(np.array([120.0, 80.0]), np.array([np.nan, 4.0])),
        want=np.array([np.nan, 20.0]),
        no_warnings=True,
    ),
    Case(
        "a single room",
        args=(np.array([25.0]), np.array([1.0])),
        want=np.array([25.0]),
        no_warnings=True,
    ),
]
