"""Exercise 3.1: The hypothesis."""

# %% stub
import numpy as np


def predict(X, w, b):
    """Return the predictions of a linear model.

    X has shape (m, n), w has shape (n,), b is a number; return shape (m,).
    """
    raise NotImplementedError


# %% solution
def predict(X, w, b):
    return X @ w + b


# %% wrong: "The intercept b is missing: at x = 0 a line need not be 0. Add it to every row."
def predict(X, w, b):
    return X @ w


# %% wrong: "X * w multiplies without adding up. Each row needs the sum of its products: X @ w."
def predict(X, w, b):
    return X * w + b


# %% wrong: "You added b once for every feature. It belongs outside the sum over features."
def predict(X, w, b):
    return (X * w + b).sum(axis=1)


# %% check
import numpy as np

X = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 0.0]])
CASES = [
    Case(
        "three rows, two features",
        args=(X, np.array([10.0, 1.0]), 5.0),
        want=np.array([17.0, 39.0, 5.0]),
    ),
    Case(
        "a model that knows only b",
        args=(X, np.zeros(2), -2.0),
        want=np.array([-2.0, -2.0, -2.0]),
    ),
    Case(
        "one feature",
        args=(np.array([[2.0], [4.0]]), np.array([0.5]), 1.0),
        want=np.array([2.0, 3.0]),
    ),
]
