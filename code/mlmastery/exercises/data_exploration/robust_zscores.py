"""Exercise 1.5: Scores that outliers cannot hide from."""

# %% stub
import numpy as np


def robust_zscores(values):
    """Return how many robust standard deviations each value is from the median.

    values is a 1-D array without NaN. The robust standard deviation is 1.4826 times the
    median absolute deviation, which is not zero here. Scores have a sign.
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


# %% wrong: "Your distances start at the mean, which an outlier drags along. Start at the median."
def robust_zscores(values):
    distances = values - np.mean(values)
    return distances / (1.4826 * np.median(np.abs(distances)))


# %% wrong: "The factor 1.4826 is on the wrong side: it makes the deviation larger, and so the scores smaller."
def robust_zscores(values):
    distances = values - np.median(values)
    return 1.4826 * distances / np.median(np.abs(distances))


# %% wrong: "This is the mean absolute deviation, which one far value makes large. Take the median of the distances."
def robust_zscores(values):
    distances = values - np.median(values)
    return distances / (1.4826 * np.mean(np.abs(distances)))


# %% wrong: "The centre is right, but the spread is the ordinary standard deviation, in which the outlier hides."
def robust_zscores(values):
    return (values - np.median(values)) / np.std(values)


# %% wrong: "These are distances in the units of the column. Divide by the robust standard deviation."
def robust_zscores(values):
    return values - np.median(values)


# %% wrong: "The spread was measured from the mean. Its distances start at the median, as the others do."
def robust_zscores(values):
    spread = np.median(np.abs(values - np.mean(values)))
    return (values - np.median(values)) / (1.4826 * spread)


# %% wrong: "The signs are reversed: a value above the median has a positive score."
def robust_zscores(values):
    distances = np.median(values) - values
    return distances / (1.4826 * np.median(np.abs(distances)))


# %% wrong: "This spread is the length of the box. It is another robust measure; the exercise asks for the median absolute deviation."
def robust_zscores(values):
    q25, q75 = np.quantile(values, [0.25, 0.75])
    return (values - np.median(values)) / ((q75 - q25) / 1.349)


# %% wrong: "With an even number of values the median lies between the two in the middle."
def robust_zscores(values):
    def middle(numbers):
        return np.sort(numbers)[len(numbers) // 2]

    distances = values - middle(values)
    return distances / (1.4826 * middle(np.abs(distances)))


# %% wrong: "The scores come out sorted. Each belongs at the place of its value."
def robust_zscores(values):
    distances = np.sort(values) - np.median(values)
    return distances / (1.4826 * np.median(np.abs(distances)))


# %% wrong: "The median of the signed distances is zero. Take absolute values before the median."
def robust_zscores(values):
    distances = values - np.median(values)
    with np.errstate(all="ignore"):
        return distances / (1.4826 * np.abs(np.median(distances)))


# %% wrong
def robust_zscores(values):
    values -= np.median(values)
    return values / (1.4826 * np.median(np.abs(values)))


# %% check
import numpy as np

# 0.6745, the inverse of 1.4826 in other books, differs from it in the fifth digit
CASES = [
    Case(
        "one to five",
        args=(np.array([1.0, 2.0, 3.0, 4.0, 5.0]),),
        want=np.array([-2.0, -1.0, 0.0, 1.0, 2.0]) / 1.4826,
        rtol=1e-4,
    ),
    Case(
        "an age of 340 years",
        args=(np.array([31.0, 33.0, 34.0, 36.0, 340.0]),),
        want=np.array([-3.0, -1.0, 0.0, 2.0, 306.0]) / (1.4826 * 2.0),
        rtol=1e-4,
    ),
    # the median is 4, the distances are 5, 3, 1, 1, 2 and 6, and their median is 2.5
    Case(
        "six values, in no order",
        args=(np.array([9.0, 1.0, 3.0, 5.0, 2.0, 10.0]),),
        want=np.array([5.0, -3.0, -1.0, 1.0, -2.0, 6.0]) / (1.4826 * 2.5),
        rtol=1e-4,
    ),
]
