"""Exercise 1.9: Cramér's V from a table of counts."""

# %% stub
import numpy as np


def cramers_v(counts):
    """Return the association of two columns of categories, between 0 and 1.

    counts is an array of shape (r, c): how often each pair occurs, no row or column all
    zero. Without the correction for bias.
    """
    raise NotImplementedError


# %% solution
def cramers_v(counts):
    n = counts.sum()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    chi2 = ((counts - expected) ** 2 / expected).sum()
    return np.sqrt(chi2 / (n * (min(counts.shape) - 1)))


# %% wrong: "This is chi-squared itself, which grows with the number of rows. Divide by n (min(r, c) - 1) and take the root."
def cramers_v(counts):
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    return ((counts - expected) ** 2 / expected).sum()


# %% wrong: "The square root is missing at the end."
def cramers_v(counts):
    n = counts.sum()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    chi2 = ((counts - expected) ** 2 / expected).sum()
    return chi2 / (n * (min(counts.shape) - 1))


# %% wrong: "Divide by the smaller of rows and columns minus one, or a perfect association would not give 1."
def cramers_v(counts):
    n = counts.sum()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    chi2 = ((counts - expected) ** 2 / expected).sum()
    return np.sqrt(chi2 / (n * min(counts.shape)))


# %% wrong: "You expect all cells to be equal. Expect row total times column total over n: large rows meet large columns by chance."
def cramers_v(counts):
    n = counts.sum()
    expected = np.full(counts.shape, n / counts.size)
    chi2 = ((counts - expected) ** 2 / expected).sum()
    return np.sqrt(chi2 / (n * (min(counts.shape) - 1)))


# %% check
import numpy as np

CASES = [
    Case("perfect", args=(np.array([[10, 0], [0, 30]]),), want=1.0),
    Case("none at all", args=(np.array([[10, 30], [20, 60]]),), want=0.0),
    # by hand: 10 and 20 are expected, chi-squared is 20 + 10, and 30 / 90 is a third
    Case(
        "two by three",
        args=(np.array([[20.0, 10.0, 0.0], [10.0, 20.0, 30.0]]),),
        want=(1 / 3) ** 0.5,
    ),
]
