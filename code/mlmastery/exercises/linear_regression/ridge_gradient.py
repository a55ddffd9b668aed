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


# %% wrong: "The penalty grows with the weights, so its slope points the same way as they do: add it."
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    return X.T @ residuals / len(y) - alpha * w, residuals.mean()


# %% wrong: "The factor alpha is missing in front of the weights."
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    return X.T @ residuals / len(y) + w, residuals.mean()


# %% wrong: "The penalty is missing: this is the gradient of the errors alone."
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    return X.T @ residuals / len(y), residuals.mean()


# %% wrong: "The errors are not divided by the number of rows."
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    return X.T @ residuals + alpha * w, residuals.sum()


# %% wrong: "Each weight is pulled by its own size, not by the sum of all weights."
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    return X.T @ residuals / len(y) + alpha * w.sum(), residuals.mean()


# %% wrong: "That is the penalty itself. Its derivative by each weight is needed."
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    return X.T @ residuals / len(y) + alpha / 2 * (w**2).sum(), residuals.mean()


# %% wrong: "You took half of the slope: the 1/2 of the penalty cancels against the 2 of the square."
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    return X.T @ residuals / len(y) + alpha / 2 * w, residuals.mean()


# %% wrong: "The signs of the errors are wrong: the residual is prediction minus truth."
def ridge_gradient(X, y, w, b, alpha):
    residuals = y - X @ w - b
    return X.T @ residuals / len(y) + alpha * w, residuals.mean()


# %% wrong: "A factor 2 too many in the errors: the 1/2 of the cost cancels against the 2 of the square."
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    return 2 * X.T @ residuals / len(y) + alpha * w, 2 * residuals.mean()


# %% wrong: "The penalty pulls a negative weight up: keep the sign of w."
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    return X.T @ residuals / len(y) + alpha * np.abs(w), residuals.mean()


# %% wrong: "The penalty stands in the wrong part: it belongs to the weights, not to the intercept."
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    return X.T @ residuals / len(y), residuals.mean() + alpha * b


# %% wrong: "The intercept b is missing in the residuals."
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w - y
    return X.T @ residuals / len(y) + alpha * w, residuals.mean()


# %% wrong: "db is the mean of the residuals, not their sum."
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    return X.T @ residuals / len(y) + alpha * w, residuals.sum()


# %% wrong
def ridge_gradient(X, y, w, b, alpha):
    residuals = X @ w + b - y
    w *= alpha
    return X.T @ residuals / len(y) + w, residuals.mean()


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
    # residuals 0, 3, -6: the errors give -4, the penalty 0.5 * -3
    Case(
        "three rows, a negative weight",
        args=(
            np.array([[0.0], [-1.0], [1.5]]),
            np.array([2.0, 2.0, 3.5]),
            np.array([-3.0]),
            2.0,
            0.5,
        ),
        want=(np.array([-5.5]), -1.0),
    ),
    # the same errors
    Case(
        "no penalty",
        args=(
            np.array([[0.0], [-1.0], [1.5]]),
            np.array([2.0, 2.0, 3.5]),
            np.array([-3.0]),
            2.0,
            0.0,
        ),
        want=(np.array([-4.0]), -1.0),
    ),
    Case(
        "at the minimum that scikit-learn finds, the gradient is zero",
        args=(_A, _t, *_minimum(0.3), 0.3),
        want=(np.zeros(3), 0.0),
        atol=1e-8,
    ),
]
