"""Exercise 1.2: The fences of a box plot."""

# %% stub
import numpy as np


def iqr_fences(values):
    """Return (low, high): 1.5 box lengths below the first and above the third quartile.

    values is a 1-D array of numbers, some of which may be NaN.
    """
    raise NotImplementedError


# %% solution
def iqr_fences(values):
    q25, q75 = np.nanquantile(values, [0.25, 0.75])
    box = q75 - q25
    return q25 - 1.5 * box, q75 + 1.5 * box


# %% wrong: "One NaN makes every quantile NaN. np.nanquantile leaves them out."
def iqr_fences(values):
    q25, q75 = np.quantile(values, [0.25, 0.75])
    return q25 - 1.5 * (q75 - q25), q75 + 1.5 * (q75 - q25)


# %% wrong: "Your fences start at the median. They start at the ends of the box."
def iqr_fences(values):
    q25, median, q75 = np.nanquantile(values, [0.25, 0.5, 0.75])
    return median - 1.5 * (q75 - q25), median + 1.5 * (q75 - q25)


# %% wrong: "These are the ends of the box. Go 1.5 box lengths further on either side."
def iqr_fences(values):
    q25, q75 = np.nanquantile(values, [0.25, 0.75])
    return q25, q75


# %% wrong: "This is mean and standard deviation. The fences come from the quartiles alone."
def iqr_fences(values):
    mean, std = np.nanmean(values), np.nanstd(values)
    return mean - 1.5 * std, mean + 1.5 * std


# %% check
import numpy as np

CASES = [
    Case("one to five", args=(np.array([1.0, 2.0, 3.0, 4.0, 5.0]),), want=(-1.0, 7.0)),
    Case(
        "a far value changes nothing",
        args=(np.array([1.0, 2.0, 3.0, 4.0, 500.0]),),
        want=(-1.0, 7.0),
    ),
    Case(
        "a skewed column with a gap",
        args=(np.array([0.0, np.nan, 1.0, 3.0, 13.0]),),
        want=(-6.375, 12.625),
    ),
]
