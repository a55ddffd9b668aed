"""Exercise 3.8: The gradient with an L2 penalty."""

# %% stub
import numpy as np


def ridge_gradient(X, y, w, b, alpha):
    """Return (dw, db) for half the mean squared error plus alpha / 2 * sum(w**2).

    X has shape (m, n), y has shape (m,), w has shape (n,); b and alpha are numbers.
    """
    raise NotImplementedError


# %% solution
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    return X.T @ residuals / len(y) + alpha * w, residuals.mean()


# %% wrong: "The intercept is penalised too. Leave it free, or the model depends on where y has its zero."
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    return X.T @ residuals / len(y) + alpha * w, residuals.mean() + alpha * b


# %% wrong: "The penalty is alpha / 2 times the squares, so its derivative is alpha * w, without a 2."
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    return X.T @ residuals / len(y) + 2 * alpha * w, residuals.mean()


# %% wrong: "The penalty is not divided by the number of rows in this objective; only the errors are."
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    return (X.T @ residuals + alpha * w) / len(y), residuals.mean()


# %% wrong: "That is the derivative of an L1 penalty, alpha * sign(w). The square's is alpha * w."
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    return X.T @ residuals / len(y) + alpha * np.sign(w), residuals.mean()


# %% check
import numpy as np

X = np.array([[1.0, 0.0], [0.0, 1.0]])
_rng = np.random.default_rng(38)
_A, _t = _rng.normal(size=(7, 3)), _rng.normal(size=7)


def _minimum(alpha):
    from sklearn.linear_model import Ridge

    model = Ridge(alpha=alpha * len(_t), tol=1e-12).fit(_A, _t)
    return model.coef_, model.intercept_


CASES = [
    # residuals 3 and 6: the errors give 1.5 and 3, the penalty 4 * (2, 5)
    Case(
        "two rows, done by hand",
        args=(X, np.zeros(2), np.array([2.0, 5.0]), 1.0, 4.0),
        want=(np.array([9.5, 23.0]), 4.5),
    ),
    Case(
        "at the minimum that scikit-learn finds, the gradient is zero",
        args=(_A, _t, *_minimum(0.3), 0.3),
        want=(np.zeros(3), 0.0),
        atol=1e-8,
    ),
]
