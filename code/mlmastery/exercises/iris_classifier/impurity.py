"""Exercise 2.7: How pure is a cut?"""

# %% stub
import numpy as np


def impurity(x, y, threshold):
    """Return the weighted Gini impurity after asking "is x at most threshold?".

    The Gini impurity of a side is 1 minus the sum of its squared class shares; the
    sides are weighted by their share of the rows. An empty side weighs nothing.
    x and y have shape (m,).
    """
    raise NotImplementedError


# %% solution
def impurity(x, y, threshold):
    total = 0.0
    for side in (x <= threshold, x > threshold):
        if side.any():
            shares = np.unique(y[side], return_counts=True)[1] / side.sum()
            total += side.mean() * (1 - (shares**2).sum())
    return total


# %% wrong: "Both sides counted alike. Weight each by its share of the rows."
def impurity(x, y, threshold):
    total = 0.0
    for side in (x <= threshold, x > threshold):
        if side.any():
            shares = np.unique(y[side], return_counts=True)[1] / side.sum()
            total += (1 - (shares**2).sum()) / 2
    return total


# %% wrong: "A row with exactly the value of the threshold belongs to the left side: at most, not less."
def impurity(x, y, threshold):
    total = 0.0
    for side in (x < threshold, x >= threshold):
        if side.any():
            shares = np.unique(y[side], return_counts=True)[1] / side.sum()
            total += side.mean() * (1 - (shares**2).sum())
    return total


# %% wrong: "That is the share of rows outside the largest class. Gini sums the squares of all shares."
def impurity(x, y, threshold):
    total = 0.0
    for side in (x <= threshold, x > threshold):
        if side.any():
            shares = np.unique(y[side], return_counts=True)[1] / side.sum()
            total += side.mean() * (1 - shares.max())
    return total


# %% wrong: "The shares of a side are within that side. You divided its counts by all rows."
def impurity(x, y, threshold):
    total = 0.0
    for side in (x <= threshold, x > threshold):
        if side.any():
            shares = np.unique(y[side], return_counts=True)[1] / len(y)
            total += side.mean() * (1 - (shares**2).sum())
    return total


# %% check
import numpy as np

x = np.array([1.0, 2.0, 3.0, 4.0])
y = np.array(["a", "a", "b", "b"])
CASES = [
    Case("a cut that separates", args=(x, y, 2.5), want=0.0),
    # left a: 0; right a, b, b: 1 - 1/9 - 4/9 = 4/9, weighted by 3/4
    Case("one row to the left", args=(x, y, 1.0), want=1 / 3),
    Case("all rows on one side", args=(x, y, 9.0), want=0.5),
    # left a, b, c: 2/3, weighted by 3/4; right c: 0
    Case("three classes", args=(x, np.array(["a", "b", "c", "c"]), 3.5), want=0.5),
]
