"""Exercise 3.11: Where the lasso keeps nothing."""

# %% stub
import numpy as np


def lasso_alpha_max(X, y):
    """Return the smallest alpha at which the lasso sets every weight to 0.

    The objective is half the mean squared error plus alpha * sum(abs(w)), with a free
    intercept. X has shape (m, n), y has shape (m,), both as they are, neither centred
    nor scaled; return a number.
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


# %% wrong: "A factor 2 too many: the objective has half the mean squared error."
def lasso_alpha_max(X, y):
    slopes = X.T @ (y.mean() - y) / len(y)
    return 2 * np.abs(slopes).max()


# %% wrong: "You divided by 2 once too often: the 1/2 of the cost cancels against the 2 of the square."
def lasso_alpha_max(X, y):
    slopes = X.T @ (y.mean() - y) / len(y)
    return np.abs(slopes).max() / 2


# %% wrong: "The weakest slope is held first. To hold all of them, alpha must reach the strongest."
def lasso_alpha_max(X, y):
    slopes = X.T @ (y.mean() - y) / len(y)
    return np.abs(slopes).min()


# %% wrong: "You took the mean of the slopes. The largest decides."
def lasso_alpha_max(X, y):
    slopes = X.T @ (y.mean() - y) / len(y)
    return np.abs(slopes).mean()


# %% wrong: "You took the length of the gradient. The penalty holds each weight by itself, so its largest entry decides."
def lasso_alpha_max(X, y):
    slopes = X.T @ (y.mean() - y) / len(y)
    return np.sqrt((slopes**2).sum())


# %% wrong: "With all weights 0 the best intercept is the mean of y. The median would be best for absolute errors."
def lasso_alpha_max(X, y):
    slopes = X.T @ (np.median(y) - y) / len(y)
    return np.abs(slopes).max()


# %% wrong: "You divided by the number of features. The mean runs over the rows."
def lasso_alpha_max(X, y):
    return np.abs(X.T @ (y.mean() - y)).max() / X.shape[1]


# %% wrong: "You scaled the features first. The objective takes them as they are."
def lasso_alpha_max(X, y):
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    return np.abs(Z.T @ (y.mean() - y) / len(y)).max()


# %% wrong: "These are the weights of least squares. What counts is the gradient where all weights are 0."
def lasso_alpha_max(X, y):
    A = X - X.mean(axis=0)
    return np.abs(np.linalg.lstsq(A, y - y.mean())[0]).max()


# %% wrong: "There is a slope for each feature here. Return the alpha that holds them all, one number."
def lasso_alpha_max(X, y):
    slopes = X.T @ (y.mean() - y) / len(y)
    return np.abs(slopes)


# %% wrong: "That is the position of the feature that holds out longest. Return the size of its slope."
def lasso_alpha_max(X, y):
    slopes = X.T @ (y.mean() - y) / len(y)
    return np.abs(slopes).argmax()


# %% wrong: "Only the first feature was looked at."
def lasso_alpha_max(X, y):
    slopes = X.T @ (y.mean() - y) / len(y)
    return np.abs(slopes[0])


# %% wrong: "These are correlations, which have lost the units. What counts is the gradient of the cost."
def lasso_alpha_max(X, y):
    r = [np.corrcoef(x, y)[0, 1] if y.std() > 0 else 0.0 for x in X.T]
    return np.abs(r).max()


# %% wrong
def lasso_alpha_max(X, y):
    y -= y.mean()
    return np.abs(X.T @ y / len(y)).max()


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
    # the residuals from the mean 4 are 4, 1, -5; the slopes are 2, 3, 1
    Case(
        "three rows, three features, by hand",
        args=(
            np.array([[0.0, 3.0, 1.0], [1.0, 2.0, -1.0], [-1.0, 1.0, 0.0]]),
            np.array([0.0, 3.0, 9.0]),
        ),
        want=3.0,
    ),
    Case(
        "three features, y far from zero, against scikit-learn",
        args=(_X, _y),
        want=_first_empty(_X, _y),
        rtol=1e-5,
    ),
    Case(
        "a y that is constant",
        args=(np.array([[1.0], [5.0], [2.0]]), np.array([4.0, 4.0, 4.0])),
        want=0.0,
    ),
]
