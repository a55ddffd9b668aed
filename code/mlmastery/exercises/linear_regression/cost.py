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


# %% wrong: "You took the square root. The cost is half the mean of the squares themselves."
def mse_cost(X, y, w, b):
    residuals = X @ w + b - y
    return np.sqrt((residuals**2).mean()) / 2


# %% wrong: "The intercept b is missing in your predictions."
def mse_cost(X, y, w, b):
    residuals = X @ w - y
    return (residuals**2).sum() / (2 * len(y))


# %% wrong: "The residual is X @ w + b - y: b and y have opposite signs."
def mse_cost(X, y, w, b):
    residuals = X @ w - b - y
    return (residuals**2).sum() / (2 * len(y))


# %% wrong: "Without brackets, / 2 * m divides by 2 and then multiplies by m. Divide by both."
def mse_cost(X, y, w, b):
    residuals = X @ w + b - y
    return (residuals**2).sum() / 2 * len(y)


# %% wrong: "You divided by the number of entries of X. The mean runs over the rows."
def mse_cost(X, y, w, b):
    residuals = X @ w + b - y
    return (residuals**2).sum() / (2 * X.size)


# %% wrong: "You divided by the number of features. The mean runs over the rows."
def mse_cost(X, y, w, b):
    residuals = X @ w + b - y
    return (residuals**2).sum() / (2 * X.shape[1])


# %% wrong: "You divided by the number of rows minus one. The cost takes the plain mean."
def mse_cost(X, y, w, b):
    residuals = X @ w + b - y
    return (residuals**2).sum() / (2 * max(len(y) - 1, 1))


# %% wrong: "This is half the variance of the residuals: a model that is off by the same amount everywhere would cost nothing."
def mse_cost(X, y, w, b):
    residuals = X @ w + b - y
    return np.var(residuals) / 2


# %% wrong: "There is one number for each row here. The cost is their mean, a single number."
def mse_cost(X, y, w, b):
    residuals = X @ w + b - y
    return residuals**2 / 2


# %% wrong: "The predictions are squared, and the truths too, but not their difference."
def mse_cost(X, y, w, b):
    return ((X @ w + b) ** 2 - y**2).sum() / (2 * len(y))


# %% wrong: "The cost is never negative: without the square, errors of opposite sign cancel."
def mse_cost(X, y, w, b):
    residuals = X @ w + b - y
    return residuals.mean() / 2


# %% wrong
def mse_cost(X, y, w, b):
    y -= X @ w + b
    return (y**2).mean() / 2


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
    Case(
        "every prediction is two too high",
        args=(X, np.array([1.0, 3.0, 7.0]), np.array([2.0]), 1.0),
        want=2.0,
    ),
    Case(
        "one row, residual 4",
        args=(np.array([[1.0, 2.0]]), np.array([1.0]), np.array([1.0, 1.0]), 2.0),
        want=8.0,
    ),
]
