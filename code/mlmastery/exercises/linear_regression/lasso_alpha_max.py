"""Exercise 3.11: Where the lasso keeps nothing."""

# %% stub
import numpy as np


def lasso_alpha_max(X, y):
    """Return the smallest alpha at which the lasso sets every weight to 0.

    The objective is half the mean squared error plus alpha * sum(abs(w)), with a free
    intercept. X has shape (m, n), y has shape (m,); return a number.
    """
    raise NotImplementedError


# %% solution
def lasso_alpha_max(X, y):
    slopes = X.T @ (y.mean() - y) / len(y)
    return np.abs(slopes).max()


# %% wrong: "With all weights 0 the best intercept is the mean of y, not 0: take the residuals from there."
def lasso_alpha_max(X, y):
    return np.abs(X.T @ y / len(y)).max()


# %% wrong: "Divide by the number of rows, as the cost does."
def lasso_alpha_max(X, y):
    return np.abs(X.T @ (y.mean() - y)).max()


# %% wrong: "Take the absolute value before the maximum: a feature that pulls down counts as well."
def lasso_alpha_max(X, y):
    return (X.T @ (y - y.mean()) / len(y)).max()


# %% wrong: "Every slope must be held, so the largest decides, not their sum."
def lasso_alpha_max(X, y):
    return np.abs(X.T @ (y.mean() - y) / len(y)).sum()


# %% check
import numpy as np


def _first_empty(X, y):
    """Bisect for the alpha at which scikit-learn's lasso becomes empty."""
    from sklearn.linear_model import Lasso

    low, high = 1e-6, 1e6
    for _ in range(80):
        middle = (low * high) ** 0.5
        empty = not Lasso(alpha=middle, tol=1e-12).fit(X, y).coef_.any()
        low, high = (low, middle) if empty else (middle, high)
    return high


_rng = np.random.default_rng(311)
_X = _rng.normal(size=(20, 3)) + 1
_y = _X @ np.array([1.0, -4.0, 0.0]) + 30 + _rng.normal(size=20)
CASES = [
    Case(
        "one feature, by hand",
        args=(np.array([[-1.0], [1.0]]), np.array([3.0, 7.0])),
        want=2.0,
    ),
    Case(
        "three features, y far from zero, against scikit-learn",
        args=(_X, _y),
        want=_first_empty(_X, _y),
        rtol=1e-5,
    ),
]
