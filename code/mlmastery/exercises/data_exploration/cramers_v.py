"""Exercise 1.8: Cramér's V from a table of counts."""

# %% stub
import numpy as np


def cramers_v(counts):
    """Return the association of two columns of categories, between 0 and 1.

    counts is an array of shape (r, c) with r and c at least 2: how often each pair
    occurs, no row or column all zero. Without the correction for bias.
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


# %% wrong: "The divisor takes the smaller of rows and columns; you took the larger."
def cramers_v(counts):
    n = counts.sum()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    chi2 = ((counts - expected) ** 2 / expected).sum()
    return np.sqrt(chi2 / (n * (max(counts.shape) - 1)))


# %% wrong: "Each squared distance is divided by what was expected in its cell, not by what was observed."
def cramers_v(counts):
    n = counts.sum()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    chi2 = ((counts - expected) ** 2 / np.where(counts > 0, counts, 1)).sum()
    return np.sqrt(chi2 / (n * (min(counts.shape) - 1)))


# %% wrong: "The squared distances were added as they are. Divide each by its expected count first."
def cramers_v(counts):
    n = counts.sum()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    chi2 = ((counts - expected) ** 2).sum()
    return np.sqrt(chi2 / (n * (min(counts.shape) - 1)))


# %% wrong: "The number of rows of the table of data, n, is missing in the divisor."
def cramers_v(counts):
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    chi2 = ((counts - expected) ** 2 / expected).sum()
    return np.sqrt(chi2 / (min(counts.shape) - 1))


# %% wrong: "The factor min(r, c) - 1 is missing. It is 1 in a table with two rows or two columns only."
def cramers_v(counts):
    n = counts.sum()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    chi2 = ((counts - expected) ** 2 / expected).sum()
    return np.sqrt(chi2 / n)


# %% wrong: "You divided by the degrees of freedom, (r - 1)(c - 1). V divides by the smaller of the two factors alone."
def cramers_v(counts):
    n = counts.sum()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    chi2 = ((counts - expected) ** 2 / expected).sum()
    return np.sqrt(chi2 / (n * (counts.shape[0] - 1) * (counts.shape[1] - 1)))


# %% wrong: "SciPy's chi2_contingency corrects tables of two by two (Yates), unless you tell it not to. V takes the plain chi-squared."
def cramers_v(counts):
    n = counts.sum()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    distances = np.abs(counts - expected)
    if counts.shape == (2, 2):
        distances = distances - np.minimum(0.5, distances)
    chi2 = (distances**2 / expected).sum()
    return np.sqrt(chi2 / (n * (min(counts.shape) - 1)))


# %% wrong: "This is the contingency coefficient, chi-squared over (chi-squared + n), which never reaches 1."
def cramers_v(counts):
    n = counts.sum()
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    chi2 = ((counts - expected) ** 2 / expected).sum()
    return np.sqrt(chi2 / (chi2 + n))


# %% wrong: "This version is corrected for bias. The exercise asks for the plain one."
def cramers_v(counts):
    n, (r, c) = counts.sum(), counts.shape
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    phi2 = ((counts - expected) ** 2 / expected).sum() / n
    phi2 = max(0, phi2 - (r - 1) * (c - 1) / (n - 1))
    r, c = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    return np.sqrt(phi2 / (min(r, c) - 1))


# %% wrong: "Row totals and column totals changed places in the expected counts: axis=1 adds along a row."
def cramers_v(counts):
    n = counts.sum()
    expected = np.outer(counts.sum(axis=0), counts.sum(axis=1)) / n
    chi2 = ((counts - expected) ** 2 / expected).sum()
    return np.sqrt(chi2 / (n * (min(counts.shape) - 1)))


# %% check
import numpy as np
from scipy.stats.contingency import association

_three = np.array([[12, 3, 5], [4, 9, 2], [1, 6, 18]])
CASES = [
    Case("perfect", args=(np.array([[10, 0], [0, 30]]),), want=1.0),
    Case("none at all", args=(np.array([[10, 30], [20, 60]]),), want=0.0),
    # by hand: 10 and 20 are expected, chi-squared is 20 + 10, and 30 / 90 is a third
    Case(
        "two by three",
        args=(np.array([[20.0, 10.0, 0.0], [10.0, 20.0, 30.0]]),),
        want=(1 / 3) ** 0.5,
    ),
    Case("perfect, with three categories", args=(np.diag([5, 7, 9]),), want=1.0),
    Case(
        "three by three, against SciPy",
        args=(_three,),
        want=association(_three, method="cramer"),
    ),
]
