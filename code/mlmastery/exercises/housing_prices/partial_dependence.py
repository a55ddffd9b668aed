"""Exercise 5.8: Partial dependence."""

# %% stub
import numpy as np


def partial_dependence(predict, X, j, grid):
    """Return the mean prediction over the rows as column j takes each value of grid.

    predict takes an array of shape (m, p) and returns (m,). X has shape (m, p) and must
    not change. The result has shape (len(grid),).
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
]
