"""Exercise 3.6: One epoch of stochastic gradient descent."""

# %% stub
import numpy as np


def sgd_epoch(X, y, w, b, learning_rate, order):
    """Return (w, b) after one step for each row, in the given order.

    order holds each row number once. The cost of one row is half its squared error, and
    both parameters move along its gradient at the old (w, b). X has shape (m, n), y and
    order have shape (m,), w has shape (n,).
    """
    raise NotImplementedError


# %% solution
def sgd_epoch(X, y, w, b, learning_rate, order):
    for i in order:
        residual = X[i] @ w + b - y[i]
        w = w - learning_rate * residual * X[i]
        b = b - learning_rate * residual
    return w, b


# %% wrong: "Every step used the residuals from the start of the epoch. Recompute the row's residual with the current w and b."
def sgd_epoch(X, y, w, b, learning_rate, order):
    residuals = X @ w + b - y
    for i in order:
        w = w - learning_rate * residuals[i] * X[i]
        b = b - learning_rate * residuals[i]
    return w, b


# %% wrong: "You went through the rows from first to last. Follow order."
def sgd_epoch(X, y, w, b, learning_rate, order):
    for i in range(len(y)):
        residual = X[i] @ w + b - y[i]
        w = w - learning_rate * residual * X[i]
        b = b - learning_rate * residual
    return w, b


# %% wrong: "You divided each step by the number of rows. The step looks at one row, so its mean is over one."
def sgd_epoch(X, y, w, b, learning_rate, order):
    for i in order:
        residual = X[i] @ w + b - y[i]
        w = w - learning_rate * residual * X[i] / len(y)
        b = b - learning_rate * residual / len(y)
    return w, b


# %% wrong: "Your function changed the array w that it was given (w -= ...). Write w = w - ... instead."
def sgd_epoch(X, y, w, b, learning_rate, order):
    for i in order:
        residual = X[i] @ w + b - y[i]
        w -= learning_rate * residual * X[i]
        b -= learning_rate * residual
    return w, b


# %% wrong: "You move uphill: subtract the gradient."
def sgd_epoch(X, y, w, b, learning_rate, order):
    for i in order:
        residual = X[i] @ w + b - y[i]
        w = w + learning_rate * residual * X[i]
        b = b + learning_rate * residual
    return w, b


# %% wrong: "A factor 2 too many: half a square has the derivative 1 times the residual."
def sgd_epoch(X, y, w, b, learning_rate, order):
    for i in order:
        residual = X[i] @ w + b - y[i]
        w = w - 2 * learning_rate * residual * X[i]
        b = b - 2 * learning_rate * residual
    return w, b


# %% wrong: "b moved along a residual taken after w had moved. Compute the residual once per row, before either update."
def sgd_epoch(X, y, w, b, learning_rate, order):
    for i in order:
        residual = X[i] @ w + b - y[i]
        w = w - learning_rate * residual * X[i]
        residual = X[i] @ w + b - y[i]
        b = b - learning_rate * residual
    return w, b


# %% wrong: "You stopped after the first row: return after the loop, not inside it."
def sgd_epoch(X, y, w, b, learning_rate, order):
    for i in order:
        residual = X[i] @ w + b - y[i]
        w = w - learning_rate * residual * X[i]
        b = b - learning_rate * residual
        return w, b
    return w, b


# %% wrong: "This is one step with all rows at once. Stochastic descent moves after every single row."
def sgd_epoch(X, y, w, b, learning_rate, order):
    residuals = X @ w + b - y
    return w - learning_rate * X.T @ residuals / len(
        y
    ), b - learning_rate * residuals.mean()


# %% wrong: "b never moves. Its gradient is the residual."
def sgd_epoch(X, y, w, b, learning_rate, order):
    for i in order:
        residual = X[i] @ w + b - y[i]
        w = w - learning_rate * residual * X[i]
    return w, b


# %% wrong: "The residual is not multiplied by the row's features: they say how much each weight can do about it."
def sgd_epoch(X, y, w, b, learning_rate, order):
    for i in order:
        residual = X[i] @ w + b - y[i]
        w = w - learning_rate * residual
        b = b - learning_rate * residual
    return w, b


# %% wrong: "Each row started again at the first (w, b). Go on from where the row before has left them."
def sgd_epoch(X, y, w, b, learning_rate, order):
    for i in order:
        residual = X[i] @ w + b - y[i]
        new_w = w - learning_rate * residual * X[i]
        new_b = b - learning_rate * residual
    return new_w, new_b


# %% wrong: "You followed order from its end."
def sgd_epoch(X, y, w, b, learning_rate, order):
    for i in order[::-1]:
        residual = X[i] @ w + b - y[i]
        w = w - learning_rate * residual * X[i]
        b = b - learning_rate * residual
    return w, b


# %% wrong: "The last row of order got no step."
def sgd_epoch(X, y, w, b, learning_rate, order):
    for i in order[:-1]:
        residual = X[i] @ w + b - y[i]
        w = w - learning_rate * residual * X[i]
        b = b - learning_rate * residual
    return w, b


# %% wrong: "The two parts changed places: (w, b)."
def sgd_epoch(X, y, w, b, learning_rate, order):
    for i in order:
        residual = X[i] @ w + b - y[i]
        w = w - learning_rate * residual * X[i]
        b = b - learning_rate * residual
    return b, w


# %% wrong: "b is missing in the prediction of the row."
def sgd_epoch(X, y, w, b, learning_rate, order):
    for i in order:
        residual = X[i] @ w - y[i]
        w = w - learning_rate * residual * X[i]
        b = b - learning_rate * residual
    return w, b


# %% wrong: "The learning rate is missing: a step is the rate times the gradient."
def sgd_epoch(X, y, w, b, learning_rate, order):
    for i in order:
        residual = X[i] @ w + b - y[i]
        w = w - residual * X[i]
        b = b - residual
    return w, b


# %% wrong
def sgd_epoch(X, y, w, b, learning_rate, order):
    order.sort()
    for i in order:
        residual = X[i] @ w + b - y[i]
        w = w - learning_rate * residual * X[i]
        b = b - learning_rate * residual
    return w, b


# %% check
import numpy as np

X = np.array([[1.0], [2.0]])
y = np.array([1.0, 4.0])
_rng = np.random.default_rng(36)
_X, _w = _rng.normal(size=(5, 2)), np.array([1.5, -0.5])
CASES = [
    # row 0: residual -1, w = 0.1, b = 0.1; row 1: residual 0.3 - 4 = -3.7
    Case(
        "two rows, done by hand",
        args=(X, y, np.zeros(1), 0.0, 0.1, np.array([0, 1])),
        want=(np.array([0.84]), 0.47),
    ),
    # row 1: residual -4, w = 0.8, b = 0.4; row 0: residual 0.2
    Case(
        "the same rows backwards",
        args=(X, y, np.zeros(1), 0.0, 0.1, np.array([1, 0])),
        want=(np.array([0.78]), 0.38),
    ),
    # row 2: residual 4, w = (2, -2), b = 1; row 0: residual 4, w = (0, -2), b = -1;
    # row 1: residual -3, w = (0, -0.5), b = 0.5
    Case(
        "three rows, two features, from a start that is not zero",
        args=(
            np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 2.0]]),
            np.array([-1.0, 0.0, 3.0]),
            np.array([2.0, 2.0]),
            3.0,
            0.5,
            np.array([2, 0, 1]),
        ),
        want=(np.array([0.0, -0.5]), 0.5),
    ),
    Case(
        "a perfect line stays where it is",
        args=(_X, _X @ _w + 2, _w, 2.0, 0.1, np.array([3, 1, 4, 0, 2])),
        want=(np.array([1.5, -0.5]), 2.0),
    ),
]
