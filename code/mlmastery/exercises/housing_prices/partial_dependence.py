"""Exercise 5.8: Partial dependence."""

# %% stub
import numpy as np


def partial_dependence(predict, X, j, grid):
    """Return the mean prediction over the rows as column j takes each value of grid.

    predict takes an array of shape (m, p) and returns (m,). X has shape (m, p), holds
    floats and must not change. The result has shape (len(grid),).
    """
    raise NotImplementedError


# %% solution
def partial_dependence(predict, X, j, grid):
    X, means = X.copy(), []
    for value in grid:
        X[:, j] = value
        means.append(predict(X).mean())
    return np.array(means)


# %% wrong: "You predicted one average row. The mean of predictions is not the prediction of the mean."
def partial_dependence(predict, X, j, grid):
    row, found = X.mean(axis=0, keepdims=True), []
    for value in grid:
        row[:, j] = value
        found.append(predict(row)[0])
    return np.array(found)


# %% wrong: "You changed the table that you were given. Work on a copy."
def partial_dependence(predict, X, j, grid):
    means = []
    for value in grid:
        X[:, j] = value
        means.append(predict(X).mean())
    return np.array(means)


# %% wrong: "You kept every row's curve. Average them over the rows."
def partial_dependence(predict, X, j, grid):
    X, curves = X.copy(), []
    for value in grid:
        X[:, j] = value
        curves.append(predict(X))
    return np.array(curves)


# %% wrong: "You averaged over the grid and kept the rows. Average over the rows, for each value of the grid."
def partial_dependence(predict, X, j, grid):
    X, curves = X.copy(), []
    for value in grid:
        X[:, j] = value
        curves.append(predict(X))
    return np.mean(curves, axis=0)


# %% wrong: "You shifted column j by the value. It takes the value, in every row."
def partial_dependence(predict, X, j, grid):
    means = []
    for value in grid:
        moved = X.copy()
        moved[:, j] += value
        means.append(predict(moved).mean())
    return np.array(means)


# %% wrong: "You set row j. Columns are the second index."
def partial_dependence(predict, X, j, grid):
    X, means = X.copy(), []
    for value in grid:
        X[j] = value
        means.append(predict(X).mean())
    return np.array(means)


# %% wrong: "Column 0 was set whatever j is."
def partial_dependence(predict, X, j, grid):
    X, means = X.copy(), []
    for value in grid:
        X[:, 0] = value
        means.append(predict(X).mean())
    return np.array(means)


# %% wrong: "This is the median over the rows. The task asks for the mean."
def partial_dependence(predict, X, j, grid):
    X, medians = X.copy(), []
    for value in grid:
        X[:, j] = value
        medians.append(np.median(predict(X)))
    return np.array(medians)


# %% wrong: "This is the sum over the rows. Divide it by their number."
def partial_dependence(predict, X, j, grid):
    X, sums = X.copy(), []
    for value in grid:
        X[:, j] = value
        sums.append(predict(X).sum())
    return np.array(sums)


# %% wrong: "The curve was shifted so that it begins at zero. Return the mean predictions themselves."
def partial_dependence(predict, X, j, grid):
    X, means = X.copy(), []
    for value in grid:
        X[:, j] = value
        means.append(predict(X).mean())
    return np.array(means) - means[0]


# %% wrong: "This is the curve of the first row alone. Every row counts."
def partial_dependence(predict, X, j, grid):
    X, found = X.copy(), []
    for value in grid:
        X[:, j] = value
        found.append(predict(X)[0])
    return np.array(found)


# %% wrong: "You averaged only the rows that have the value already. Let every row take it."
def partial_dependence(predict, X, j, grid):
    found = []
    for value in grid:
        rows = X[X[:, j] == value]
        found.append(predict(rows).mean() if len(rows) else np.nan)
    return np.array(found)


# %% wrong: "predict takes a table of shape (m, p), and you gave it a single row of shape (p,)."
def partial_dependence(predict, X, j, grid):
    found = []
    for value in grid:
        rows = X.copy()
        rows[:, j] = value
        found.append(np.mean([predict(row) for row in rows]))
    return np.array(found)


# %% wrong
def partial_dependence(predict, X, j, grid):
    X, means = X.copy(), []
    for value in np.linspace(X[:, j].min(), X[:, j].max(), len(grid)):
        X[:, j] = value
        means.append(predict(X).mean())
    return np.array(means)


# %% check
import numpy as np

_X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 9.0]])


def _product(X):
    return X[:, 0] * X[:, 1] ** 2


def _sum(X):
    return X[:, 0] + X[:, 1]


CASES = [
    Case("a sum", args=(_sum, _X, 0, [0.0, 1.0]), want=np.array([5.0, 6.0])),
    # the mean of 4, 16, 81 is 101 / 3
    Case(
        "a product with a square",
        args=(_product, _X, 0, [1.0, 3.0]),
        want=np.array([101 / 3, 101.0]),
    ),
    # the mean of 1, 3, 5 is 3
    Case(
        "the second column, on a longer grid",
        args=(_product, _X, 1, [1.0, 2.0, 0.0, -3.0]),
        want=np.array([3.0, 12.0, 0.0, 27.0]),
    ),
]
