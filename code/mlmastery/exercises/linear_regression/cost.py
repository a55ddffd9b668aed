"""Exercise 3.2: The cost of a line."""

# %% stub
import numpy as np


def mse_cost(X, y, w, b):
    """Return J(w, b), half the mean squared error, as a number.

    X has shape (m, n), y has shape (m,), w has shape (n,), b is a number.
    """
    raise NotImplementedError


# %% solution
def mse_cost(X, y, w, b):
    residuals = X @ w + b - y
    return (residuals**2).sum() / (2 * len(y))


# %% wrong: "This is twice the cost: the definition has the factor 1/2 so that the derivative has none."
def mse_cost(X, y, w, b):
    residuals = X @ w + b - y
    return (residuals**2).mean()


# %% wrong: "This is the sum. Divide by the number of rows too, or the cost grows with the data."
def mse_cost(X, y, w, b):
    residuals = X @ w + b - y
    return (residuals**2).sum() / 2


# %% wrong: "These are absolute errors. The cost squares each residual."
def mse_cost(X, y, w, b):
    residuals = X @ w + b - y
    return np.abs(residuals).mean() / 2


# %% wrong: "You squared the mean residual. Square first: errors of opposite sign must not cancel."
def mse_cost(X, y, w, b):
    residuals = X @ w + b - y
    return residuals.mean() ** 2 / 2


# %% check
import numpy as np

X = np.array([[1.0], [2.0], [4.0]])
y = np.array([2.0, 3.0, 9.0])
CASES = [
    Case("residuals -1, -1, -5", args=(X, y, np.array([1.0]), 0.0), want=4.5),
    Case(
        "two features",
        args=(
            np.array([[1.0, 0.0], [0.0, 2.0]]),
            np.zeros(2),
            np.array([3.0, 2.0]),
            -1.0,
        ),
        want=3.25,
    ),
    Case(
        "a perfect line",
        args=(X, np.array([3.0, 5.0, 9.0]), np.array([2.0]), 1.0),
        want=0.0,
    ),
]
