"""Exercise 1.5: Scores that outliers cannot hide from."""

# %% stub
import numpy as np


def robust_zscores(values):
    """Return how many robust standard deviations each value is from the median.

    values is a 1-D array without NaN. The robust standard deviation is 1.4826 times the
    median absolute deviation. Scores have a sign.
    """
    raise NotImplementedError


# %% solution
def robust_zscores(values):
    distances = values - np.median(values)
    return distances / (1.4826 * np.median(np.abs(distances)))


# %% wrong: "This is the ordinary z-score. Use the median for the mean, and for the spread too."
def robust_zscores(values):
    return (values - np.mean(values)) / np.std(values)


# %% wrong: "The factor 1.4826 is missing; without it the deviation of a normal column is too small."
def robust_zscores(values):
    distances = values - np.median(values)
    return distances / np.median(np.abs(distances))


# %% wrong: "Half of your scores lost their sign. Take absolute values for the spread only."
def robust_zscores(values):
    distances = np.abs(values - np.median(values))
    return distances / (1.4826 * np.median(distances))


# %% wrong: "The median of signed distances is zero. Take their absolute values first."
def robust_zscores(values):
    distances = values - np.mean(values)
    return distances / (1.4826 * np.median(np.abs(distances)))


# %% check
import numpy as np

CASES = [
    Case(
        "one to five",
        args=(np.array([1.0, 2.0, 3.0, 4.0, 5.0]),),
        want=np.array([-2.0, -1.0, 0.0, 1.0, 2.0]) / 1.4826,
    ),
    Case(
        "an age of 340 years",
        args=(np.array([31.0, 33.0, 34.0, 36.0, 340.0]),),
        want=np.array([-3.0, -1.0, 0.0, 2.0, 306.0]) / (1.4826 * 2.0),
    ),
]
