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


# %% wrong: "This is the entropy. Gini adds up squared shares, without a logarithm."
def impurity(x, y, threshold):
    total = 0.0
    for side in (x <= threshold, x > threshold):
        if side.any():
            shares = np.unique(y[side], return_counts=True)[1] / side.sum()
            total -= side.mean() * (shares * np.log2(shares)).sum()
    return total


# %% wrong: "This is the entropy, with natural logarithms. Gini adds up squared shares."
def impurity(x, y, threshold):
    total = 0.0
    for side in (x <= threshold, x > threshold):
        if side.any():
            shares = np.unique(y[side], return_counts=True)[1] / side.sum()
            total -= side.mean() * (shares * np.log(shares)).sum()
    return total


# %% wrong: "This is the purity. The impurity is what it lacks to 1."
def impurity(x, y, threshold):
    total = 0.0
    for side in (x <= threshold, x > threshold):
        if side.any():
            shares = np.unique(y[side], return_counts=True)[1] / side.sum()
            total += side.mean() * (shares**2).sum()
    return total


# %% wrong: "The sides were weighted by their numbers of rows. Weight them by their shares of the rows."
def impurity(x, y, threshold):
    total = 0.0
    for side in (x <= threshold, x > threshold):
        if side.any():
            shares = np.unique(y[side], return_counts=True)[1] / side.sum()
            total += side.sum() * (1 - (shares**2).sum())
    return total


# %% wrong: "Both sides were added without weights. Weight each by its share of the rows."
def impurity(x, y, threshold):
    total = 0.0
    for side in (x <= threshold, x > threshold):
        if side.any():
            shares = np.unique(y[side], return_counts=True)[1] / side.sum()
            total += 1 - (shares**2).sum()
    return total


# %% wrong: "Only the left side was counted. The rows above the threshold have an impurity, too."
def impurity(x, y, threshold):
    side = x <= threshold
    if not side.any():
        return 0.0
    shares = np.unique(y[side], return_counts=True)[1] / side.sum()
    return side.mean() * (1 - (shares**2).sum())


# %% wrong: "This is what the cut gains: the impurity before it minus that after it. The exercise asks for the impurity after it."
def impurity(x, y, threshold):
    def gini(y):
        return 1 - ((np.unique(y, return_counts=True)[1] / len(y)) ** 2).sum()

    gain = gini(y)
    for side in (x <= threshold, x > threshold):
        if side.any():
            gain -= side.mean() * gini(y[side])
    return gain


# %% wrong: "2 p (1 - p) holds for two classes. With three, the squared share of each counts."
def impurity(x, y, threshold):
    total = 0.0
    for side in (x <= threshold, x > threshold):
        if side.any():
            p = (y[side] == y[0]).mean()
            total += side.mean() * 2 * p * (1 - p)
    return total


# %% wrong: "The weights changed sides: each side is weighted by its own share of the rows."
def impurity(x, y, threshold):
    total = 0.0
    for side in (x <= threshold, x > threshold):
        if side.any():
            shares = np.unique(y[side], return_counts=True)[1] / side.sum()
            total += (1 - side.mean()) * (1 - (shares**2).sum())
    return total


# %% wrong: "You took the worse of the two sides. Take their weighted mean."
def impurity(x, y, threshold):
    total = 0.0
    for side in (x <= threshold, x > threshold):
        if side.any():
            shares = np.unique(y[side], return_counts=True)[1] / side.sum()
            total = max(total, 1 - (shares**2).sum())
    return total


# %% wrong: "An empty side has no shares, and dividing by its size gives NaN. It weighs nothing: leave it out."
def impurity(x, y, threshold):
    total = 0.0
    with np.errstate(invalid="ignore"):
        for side in (x <= threshold, x > threshold):
            counts = np.array([(y[side] == name).sum() for name in np.unique(y)])
            total += side.mean() * (1 - ((counts / side.sum()) ** 2).sum())
    return total


# %% wrong: "This is the impurity of all rows together, as if nothing had been asked. Split them by the threshold first."
def impurity(x, y, threshold):
    shares = np.unique(y, return_counts=True)[1] / len(y)
    return 1 - (shares**2).sum()


# %% wrong
def impurity(x, y, threshold):
    total = 0.0
    for side in (x <= threshold, x > threshold):
        if side.any():
            shares = np.unique(y[side], return_counts=True)[1] / side.sum()
            total += side.mean() * (1 - shares.sum() ** 2)
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
    # left a, a, b: 4/9, weighted by 3/4; right b: 0
    Case(
        "two rows on the threshold",
        args=(np.array([2.0, 1.0, 2.0, 3.0]), y, 2.0),
        want=1 / 3,
    ),
    # left a, b: 1/2, weighted by 2/5; right b, b, c: 4/9, weighted by 3/5
    Case(
        "both sides mixed",
        args=(
            np.array([7.0, 1.0, 5.0, 2.0, 9.0]),
            np.array(["b", "a", "b", "b", "c"]),
            3.0,
        ),
        want=1 / 5 + 4 / 15,
    ),
]
