"""Exercise 4.2: Fill ages from training groups."""

# %% stub
import numpy as np


def fill_ages(train_ages, train_titles, ages, titles):
    """Fill the NaN in ages with the median training age of the same title.

    All four are arrays; NaN marks a missing age, in train_ages as well. A title that
    has no known age in training gets the median of all known training ages.
    """
    raise NotImplementedError


# %% solution
import numpy as np


def fill_ages(train_ages, train_titles, ages, titles):
    filled = np.array(ages, dtype=float)
    for i in np.flatnonzero(np.isnan(filled)):
        alike = train_ages[(train_titles == titles[i]) & ~np.isnan(train_ages)]
        filled[i] = np.median(alike) if len(alike) else np.nanmedian(train_ages)
    return filled


# %% wrong: "The medians come from the new passengers. Take them from training."
import numpy as np


def fill_ages(train_ages, train_titles, ages, titles):
    filled = np.array(ages, dtype=float)
    for i in np.flatnonzero(np.isnan(filled)):
        alike = ages[(titles == titles[i]) & ~np.isnan(ages)]
        filled[i] = np.median(alike) if len(alike) else np.nanmedian(train_ages)
    return filled


# %% wrong: "Every gap got the same age. Take the median of the same title."
import numpy as np


def fill_ages(train_ages, train_titles, ages, titles):
    return np.where(np.isnan(ages), np.nanmedian(train_ages), ages)


# %% wrong: "Known ages have changed: fill only what is missing."
import numpy as np


def fill_ages(train_ages, train_titles, ages, titles):
    filled = np.array(ages, dtype=float)
    for i in range(len(filled)):
        alike = train_ages[(train_titles == titles[i]) & ~np.isnan(train_ages)]
        filled[i] = np.median(alike) if len(alike) else np.nanmedian(train_ages)
    return filled


# %% wrong: "This is the mean. The task asks for the median."
import numpy as np


def fill_ages(train_ages, train_titles, ages, titles):
    filled = np.array(ages, dtype=float)
    for i in np.flatnonzero(np.isnan(filled)):
        alike = train_ages[(train_titles == titles[i]) & ~np.isnan(train_ages)]
        filled[i] = np.mean(alike) if len(alike) else np.nanmedian(train_ages)
    return filled


# %% check
import numpy as np

AGES = np.array([30.0, 40.0, 65.0, 4.0, 6.0, np.nan, np.nan])
TITLES = np.array(["Mr", "Mr", "Mr", "Master", "Master", "Master", "Dr"])
CASES = [
    Case(
        "two gaps among known ages",
        args=(
            AGES,
            TITLES,
            np.array([np.nan, 1.0, np.nan, 50.0]),
            np.array(["Mr", "Master", "Master", "Mr"]),
        ),
        want=np.array([40.0, 1.0, 5.0, 50.0]),
    ),
    Case(
        "titles without a known age in training",
        args=(AGES, TITLES, np.array([np.nan, np.nan]), np.array(["Dr", "Lady"])),
        want=np.array([30.0, 30.0]),
    ),
]
