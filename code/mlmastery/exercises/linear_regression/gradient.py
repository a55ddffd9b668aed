"""Exercise 3.4: The gradient of the cost."""

# %% stub
import numpy as np


def mse_gradient(X, y, w, b):
    """Return (dw, db), the gradient of half the mean squared error.

    X has shape (m, n), y has shape (m,), w has shape (n,), b is a number;
    dw has shape (n,), db is a number.
    """
    raise NotImplementedError


# %% solution
def mse_gradient(X, y, w, b):
    residuals = X @ w + b - y
    return X.T @ residuals / len(y), residuals.mean()


# %% wrong: "You forgot to divide by the number of rows."
def mse_gradient(X, y, w, b):
    residuals = X @ w + b - y
    return X.T @ residuals, residuals.sum()


# %% wrong: "The sign is wrong: the residual is prediction minus truth, so that the gradient points uphill."
def mse_gradient(X, y, w, b):
    residuals = y - X @ w - b
    return X.T @ residuals / len(y), residuals.mean()


# %% wrong: "A factor 2 too many: the 1/2 of the cost cancels the 2 of the square."
def mse_gradient(X, y, w, b):
    residuals = X @ w + b - y
    return 2 * X.T @ residuals / len(y), 2 * residuals.mean()


# %% wrong: "dw is right, but db is not: the derivative of the prediction by b is 1, so average the residuals."
def mse_gradient(X, y, w, b):
    residuals = X @ w + b - y
    return X.T @ residuals / len(y), residuals.sum()


# %% check
import numpy as np


def _cost(X, y, theta):
    return np.mean((X @ theta[:-1] + theta[-1] - y) ** 2) / 2


def _by_differences(X, y, w, b, h=1e-5):
    theta, steps = np.append(w, b), h * np.eye(len(w) + 1)
    slopes = [
        (_cost(X, y, theta + s) - _cost(X, y, theta - s)) / (2 * h) for s in steps
    ]
    return np.array(slopes[:-1]), slopes[-1]


_rng = np.random.default_rng(34)
_random = (_rng.normal(size=(6, 3)), _rng.normal(size=6), _rng.normal(size=3), 0.7)
CASES = [
    Case(
        "two rows, one feature",
        args=(np.array([[1.0], [2.0]]), np.array([1.0, 4.0]), np.array([1.0]), 0.0),
        want=(np.array([-2.0]), -1.0),
    ),
    Case(
        "six rows, three features, against finite differences",
        args=_random,
        want=_by_differences(*_random),
        rtol=1e-5,
        atol=1e-7,
    ),
]
