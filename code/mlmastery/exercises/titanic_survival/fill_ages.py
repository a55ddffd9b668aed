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


# %% wrong: "The ages that you were given have changed. Fill a copy."
def fill_ages(train_ages, train_titles, ages, titles):
    for i in np.flatnonzero(np.isnan(ages)):
        alike = train_ages[(train_titles == titles[i]) & ~np.isnan(train_ages)]
        ages[i] = np.median(alike) if len(alike) else np.nanmedian(train_ages)
    return ages


# %% wrong: "Training has gaps too, and a median over a gap is NaN. Leave the missing training ages out."
def fill_ages(train_ages, train_titles, ages, titles):
    filled = np.array(ages, dtype=float)
    for i in np.flatnonzero(np.isnan(filled)):
        alike = train_ages[train_titles == titles[i]]
        filled[i] = np.median(alike) if len(alike) else np.nanmedian(train_ages)
    return filled


# %% wrong: "Known ages of the new passengers take part in the medians. Only training may."
def fill_ages(train_ages, train_titles, ages, titles):
    filled = np.array(ages, dtype=float)
    known = np.concatenate([train_ages, ages])
    words = np.concatenate([train_titles, titles])
    for i in np.flatnonzero(np.isnan(filled)):
        alike = known[(words == titles[i]) & ~np.isnan(known)]
        filled[i] = np.median(alike) if len(alike) else np.nanmedian(train_ages)
    return filled


# %% wrong: "A title without a known age falls back on the median of all ages, not on their mean."
def fill_ages(train_ages, train_titles, ages, titles):
    filled = np.array(ages, dtype=float)
    for i in np.flatnonzero(np.isnan(filled)):
        alike = train_ages[(train_titles == titles[i]) & ~np.isnan(train_ages)]
        filled[i] = np.median(alike) if len(alike) else np.nanmean(train_ages)
    return filled


# %% wrong: "A title without a known age falls back on the median of all passengers, not on the median of the titles' medians."
def fill_ages(train_ages, train_titles, ages, titles):
    known = ~np.isnan(train_ages)
    medians = {
        t: np.median(train_ages[known & (train_titles == t)])
        for t in np.unique(train_titles[known])
    }
    rest = np.median(list(medians.values()))
    pairs = zip(ages, titles)
    return np.array([medians.get(t, rest) if np.isnan(a) else a for a, t in pairs])


# %% wrong: "A passenger whose title has no known age in training still has no age. Use the median of all known training ages."
def fill_ages(train_ages, train_titles, ages, titles):
    known = ~np.isnan(train_ages)
    medians = {
        t: np.median(train_ages[known & (train_titles == t)])
        for t in np.unique(train_titles[known])
    }
    pairs = zip(ages, titles)
    return np.array([medians.get(t, np.nan) if np.isnan(a) else a for a, t in pairs])


# %% wrong: "A title that stands in training, but with no known age, stays missing. The fallback is for it, too."
def fill_ages(train_ages, train_titles, ages, titles):
    filled = np.array(ages, dtype=float)
    for i in np.flatnonzero(np.isnan(filled)):
        seen = (train_titles == titles[i]).any()
        alike = train_ages[(train_titles == titles[i]) & ~np.isnan(train_ages)]
        if not seen:
            filled[i] = np.nanmedian(train_ages)
        elif len(alike):
            filled[i] = np.median(alike)
    return filled


# %% wrong: "Of an even number of ages you took the upper of the two in the middle. Their median is halfway between them."
def fill_ages(train_ages, train_titles, ages, titles):
    filled = np.array(ages, dtype=float)
    known = ~np.isnan(train_ages)
    for i in np.flatnonzero(np.isnan(filled)):
        alike = np.sort(train_ages[(train_titles == titles[i]) & known])
        alike = alike if len(alike) else np.sort(train_ages[known])
        filled[i] = alike[len(alike) // 2]
    return filled


# %% wrong: "The medians lost their fractions. Do not round the ages."
def fill_ages(train_ages, train_titles, ages, titles):
    filled = np.array(ages, dtype=float)
    for i in np.flatnonzero(np.isnan(filled)):
        alike = train_ages[(train_titles == titles[i]) & ~np.isnan(train_ages)]
        filled[i] = int(np.median(alike) if len(alike) else np.nanmedian(train_ages))
    return filled


# %% wrong
def fill_ages(train_ages, train_titles, ages, titles):
    return np.nan_to_num(ages)


# %% check
import numpy as np

AGES = np.array([30.0, 40.0, 65.0, 4.0, 7.0, np.nan, np.nan])
TITLES = np.array(["Mr", "Mr", "Mr", "Master", "Master", "Master", "Dr"])
CASES = [
    # Mr: 30, 40, 65; Master: 4, 7 and a gap
    Case(
        "two gaps among known ages",
        args=(
            AGES,
            TITLES,
            np.array([np.nan, 1.0, np.nan, 50.0]),
            np.array(["Mr", "Master", "Master", "Mr"]),
        ),
        want=np.array([40.0, 1.0, 5.5, 50.0]),
    ),
    Case(
        "titles without a known age in training",
        args=(AGES, TITLES, np.array([np.nan, np.nan]), np.array(["Dr", "Lady"])),
        want=np.array([30.0, 30.0]),
    ),
    Case(
        "nothing to fill",
        args=(AGES, TITLES, np.array([22.5, 3.0]), np.array(["Mr", "Master"])),
        want=np.array([22.5, 3.0]),
    ),
]
