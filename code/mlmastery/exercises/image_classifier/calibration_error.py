"""Exercise 6.9: Calibration error."""

# %% stub
import numpy as np


def calibration_error(p, y, bins):
    """Return the mean of |stated - observed| over bins, weighted by their sizes.

    p (n,) are probabilities, y (n,) is 0 or 1. Bin k holds k/bins <= p < (k+1)/bins,
    the last one 1 as well; stated and observed are the bin's means of p and y.
    """
    raise NotImplementedError


# %% solution
def calibration_error(p, y, bins):
    which = np.minimum((p * bins).astype(int), bins - 1)
    total = 0.0
    for k in np.unique(which):
        inside = which == k
        total += inside.sum() * abs(p[inside].mean() - y[inside].mean())
    return total / len(p)


# %% wrong: "Each bin counted the same. A bin of one image must weigh less than a bin of a hundred."
def calibration_error(p, y, bins):
    which = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [abs(p[which == k].mean() - y[which == k].mean()) for k in np.unique(which)]
    return float(np.mean(gaps))


# %% wrong: "You averaged |p - y| image by image. A stated 0.5 that is right half of the time is perfect; compare means within the bin."
def calibration_error(p, y, bins):
    return float(np.mean(np.abs(p - y)))


# %% wrong: "Too high and too low cancelled each other: take the absolute value within each bin."
def calibration_error(p, y, bins):
    return float(abs(np.mean(p) - np.mean(y)))


# %% check
import numpy as np

CASES = [
    Case(
        "one bin is right, one is not",
        args=(np.array([0.2, 0.3, 0.9, 0.9]), np.array([0, 0, 1, 0]), 2),
        want=0.325,
    ),
    Case(
        "bins of different sizes",
        args=(np.array([0.1, 0.1, 0.1, 0.8]), np.array([0, 0, 0, 0]), 2),
        want=0.275,
    ),
    Case(
        "gaps in both directions",
        args=(np.array([0.2, 0.8, 1.0, 0.0]), np.array([1, 0, 1, 0]), 2),
        want=0.4,
    ),
]
