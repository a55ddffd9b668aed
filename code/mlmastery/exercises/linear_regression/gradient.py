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


# %% wrong: "The mean runs over the rows; you divided by the number of features."
def mse_gradient(X, y, w, b):
    residuals = X @ w + b - y
    return X.T @ residuals / X.shape[1], residuals.mean()


# %% wrong: "The two parts changed places: (dw, db)."
def mse_gradient(X, y, w, b):
    residuals = X @ w + b - y
    return residuals.mean(), X.T @ residuals / len(y)


# %% wrong: "Each weight's slope is weighted by its feature: multiply the residuals by X before you average."
def mse_gradient(X, y, w, b):
    residuals = X @ w + b - y
    return np.full(len(w), residuals.mean()), residuals.mean()


# %% wrong: "The intercept b is missing in the residuals."
def mse_gradient(X, y, w, b):
    residuals = X @ w - y
    return X.T @ residuals / len(y), residuals.mean()


# %% wrong: "The mean of a product is not the product of the means: multiply row by row, then average."
def mse_gradient(X, y, w, b):
    residuals = X @ w + b - y
    return X.mean(axis=0) * residuals.mean(), residuals.mean()


# %% wrong: "That is the gradient of absolute errors. The square's keeps the size of the residual."
def mse_gradient(X, y, w, b):
    residuals = X @ w + b - y
    return X.T @ np.sign(residuals) / len(y), np.sign(residuals).mean()


# %% wrong: "The 1/2 of the cost has cancelled against the 2 of the square already. You divided by 2 once more."
def mse_gradient(X, y, w, b):
    residuals = X @ w + b - y
    return X.T @ residuals / (2 * len(y)), residuals.mean() / 2


# %% wrong: "The gradient has the residuals themselves, not their squares."
def mse_gradient(X, y, w, b):
    residuals = X @ w + b - y
    return X.T @ residuals**2 / len(y), (residuals**2).mean()


# %% wrong: "dw is right, but db is zero: the cost changes with b as well."
def mse_gradient(X, y, w, b):
    residuals = X @ w + b - y
    return X.T @ residuals / len(y), 0.0


# %% wrong: "db is right, but dw is not divided by the number of rows."
def mse_gradient(X, y, w, b):
    residuals = X @ w + b - y
    return X.T @ residuals, residuals.mean()


# %% wrong: "X has shape (m, n), the residuals have shape (m,): to sum over the rows, transpose X."
def mse_gradient(X, y, w, b):
    residuals = X @ w + b - y
    return X @ residuals / len(y), residuals.mean()


# %% wrong: "You averaged over all entries of X. Each weight has a slope of its own, a mean over the rows."
def mse_gradient(X, y, w, b):
    residuals = X @ w + b - y
    return (X * residuals[:, None]).mean(), residuals.mean()


# %% wrong
def mse_gradient(X, y, w, b):
    residuals = X @ w + b - y
    return np.append(X.T @ residuals, residuals.sum()) / len(y)


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
