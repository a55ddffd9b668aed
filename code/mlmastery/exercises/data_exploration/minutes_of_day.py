"""Exercise 1.4: Clock times that are no numbers."""

# %% stub
import numpy as np


def minutes_of_day(clock):
    """Return the minutes since midnight of times written as numbers, 517 for 5:17.

    clock is a 1-D array of floats; NaN stays NaN, and 2400 is the end of the day, 1440.
    """
    raise NotImplementedError


# %% solution
def minutes_of_day(clock):
    hours, minutes = np.divmod(clock, 100)
    return 60 * hours + minutes


# %% wrong: "You treated 517 as 5.17 hours. The last two digits are minutes, not hundredths."
def minutes_of_day(clock):
    return clock / 100 * 60


# %% wrong: "You divided by 60. The hours are what stands before the last two digits: divide by 100."
def minutes_of_day(clock):
    hours, minutes = np.divmod(clock, 60)
    return 60 * hours + minutes


# %% wrong: "Your hours are right, but the minutes are lost: add the remainder."
def minutes_of_day(clock):
    return 60 * (clock // 100)


# %% wrong: "2400 is the end of the day, minute 1440, and not its beginning."
def minutes_of_day(clock):
    hours, minutes = np.divmod(clock % 2400, 100)
    return 60 * hours + minutes


# %% check
import numpy as np

CASES = [
    Case(
        "morning and evening",
        args=(np.array([517.0, 600.0, 1759.0, 1800.0]),),
        want=np.array([317.0, 360.0, 1079.0, 1080.0]),
    ),
    Case(
        "around midnight, and a cancelled flight",
        args=(np.array([0.0, 1.0, 2359.0, 2400.0, np.nan]),),
        want=np.array([0.0, 1.0, 1439.0, 1440.0, np.nan]),
    ),
]
