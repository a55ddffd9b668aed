"""Exercise 1.4: Clock times that are not numbers."""

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


# %% wrong: "Hours and minutes were added as they are. An hour is 60 minutes."
def minutes_of_day(clock):
    hours, minutes = np.divmod(clock, 100)
    return hours + minutes


# %% wrong: "NaN cannot be turned into a whole number. Calculate with floats, and it passes through."
def minutes_of_day(clock):
    hours, minutes = np.divmod(clock.astype(int), 100)
    return 60 * hours + minutes


# %% wrong: "The missing times became midnight. NaN stays NaN."
def minutes_of_day(clock):
    hours, minutes = np.divmod(np.nan_to_num(clock), 100)
    return 60 * hours + minutes


# %% wrong: "The missing times are gone, so the result no longer lines up with the table. Keep an entry for each row."
def minutes_of_day(clock):
    hours, minutes = np.divmod(clock[~np.isnan(clock)], 100)
    return 60 * hours + minutes


# %% wrong: "You rounded to the nearest hour, so 17:59 counts as 18 hours. Round down instead."
def minutes_of_day(clock):
    return 60 * np.round(clock / 100) + clock % 100


# %% wrong: "The first two digits are not always the hours: 517 has only one digit for them."
def minutes_of_day(clock):
    texts = ["" if np.isnan(time) else str(int(time)) for time in clock]
    return np.array([60 * int(t[:2]) + int(t[2:] or 0) if t else np.nan for t in texts])


# %% wrong: "These are hours. Minutes are asked for."
def minutes_of_day(clock):
    hours, minutes = np.divmod(clock, 100)
    return hours + minutes / 60


# %% wrong: "The minutes are the remainder by 100, not by 60, for the number is written in hundreds."
def minutes_of_day(clock):
    return 60 * (clock // 100) + clock % 60


# %% wrong: "Your day has twelve hours. Minutes after noon go on counting."
def minutes_of_day(clock):
    hours, minutes = np.divmod(clock, 100)
    return np.where(clock == 2400, 1440, 60 * (hours % 12) + minutes)


# %% wrong: "Midnight at the beginning of the day is minute 0. Only 2400 is its end."
def minutes_of_day(clock):
    hours, minutes = np.divmod(np.where(clock == 0, 2400, clock), 100)
    return 60 * hours + minutes


# %% wrong: "2400 was thrown away as no time of day. It counts as the end of the day, 1440."
def minutes_of_day(clock):
    hours, minutes = np.divmod(np.where(clock < 2400, clock, np.nan), 100)
    return 60 * hours + minutes


# %% wrong
def minutes_of_day(clock):
    clock -= 40 * (clock // 100)
    return clock


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
    Case(
        "around noon",
        args=(np.array([59.0, 1159.0, 1200.0, 1259.0]),),
        want=np.array([59.0, 719.0, 720.0, 779.0]),
    ),
]
