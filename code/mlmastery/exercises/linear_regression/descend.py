"""Exercise 3.5: Gradient descent."""

# %% stub
import numpy as np


def descend(X, y, learning_rate, steps):
    """Return (w, b) after a number of gradient steps from w = 0, b = 0.

    Both parameters move at once, along the gradient at the old (w, b) of half the
    mean squared error. X has shape (m, n), y has shape (m,); w has shape (n,). With 0
    steps both are still zero.
    """
    raise NotImplementedError


# %% solution
def descend(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        residuals = X @ w + b - y
        w = w - learning_rate * X.T @ residuals / len(y)
        b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong: "You move uphill: subtract the gradient."
def descend(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        residuals = X @ w + b - y
        w = w + learning_rate * X.T @ residuals / len(y)
        b = b + learning_rate * residuals.mean()
    return w, b


# %% wrong: "b moved along a gradient taken after w had moved. Compute the residuals once per step, before either update."
def descend(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        w = w - learning_rate * X.T @ (X @ w + b - y) / len(y)
        b = b - learning_rate * (X @ w + b - y).mean()
    return w, b


# %% wrong: "b never moves. It has a gradient of its own: the mean residual."
def descend(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        residuals = X @ w + b - y
        w = w - learning_rate * X.T @ residuals / len(y)
    return w, b


# %% wrong: "You took one step only: return after the loop, not inside it."
def descend(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        residuals = X @ w + b - y
        w = w - learning_rate * X.T @ residuals / len(y)
        b = b - learning_rate * residuals.mean()
        return w, b


# %% wrong: "You forgot to divide by the number of rows, so each step is m times too long."
def descend(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        residuals = X @ w + b - y
        w = w - learning_rate * X.T @ residuals
        b = b - learning_rate * residuals.sum()
    return w, b


# %% wrong: "A factor 2 too many: the cost is half the mean squared error, whose gradient has none."
def descend(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        residuals = X @ w + b - y
        w = w - 2 * learning_rate * X.T @ residuals / len(y)
        b = b - 2 * learning_rate * residuals.mean()
    return w, b


# %% wrong: "You took one step too many."
def descend(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps + 1):
        residuals = X @ w + b - y
        w = w - learning_rate * X.T @ residuals / len(y)
        b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong: "You took one step too few."
def descend(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps - 1):
        residuals = X @ w + b - y
        w = w - learning_rate * X.T @ residuals / len(y)
        b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong: "You started at one. The parameters start at zero."
def descend(X, y, learning_rate, steps):
    w, b = np.ones(X.shape[1]), 1.0
    for _ in range(steps):
        residuals = X @ w + b - y
        w = w - learning_rate * X.T @ residuals / len(y)
        b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong: "b moved first, and w along a gradient at the new b. Compute the residuals once per step, before either update."
def descend(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        residuals = X @ w + b - y
        b = b - learning_rate * residuals.mean()
        residuals = X @ w + b - y
        w = w - learning_rate * X.T @ residuals / len(y)
    return w, b


# %% wrong: "The two parts changed places: (w, b)."
def descend(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        residuals = X @ w + b - y
        w = w - learning_rate * X.T @ residuals / len(y)
        b = b - learning_rate * residuals.mean()
    return b, w


# %% wrong: "b is missing in your predictions, so the residuals are those of a line through zero."
def descend(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        residuals = X @ w - y
        w = w - learning_rate * X.T @ residuals / len(y)
        b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong: "The residuals were computed once for all steps. They change with w and b, so compute them anew in each."
def descend(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    residuals = X @ w + b - y
    for _ in range(steps):
        w = w - learning_rate * X.T @ residuals / len(y)
        b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong: "The learning rate is missing: a step is the rate times the gradient."
def descend(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        residuals = X @ w + b - y
        w = w - X.T @ residuals / len(y)
        b = b - residuals.mean()
    return w, b


# %% wrong: "You made the learning rate smaller from step to step. It stays as it is."
def descend(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), 0.0
    for step in range(steps):
        residuals = X @ w + b - y
        rate = learning_rate / (1 + step)
        w = w - rate * X.T @ residuals / len(y)
        b = b - rate * residuals.mean()
    return w, b


# %% wrong: "You started b at the mean of y. That is a good idea, but here both start at zero."
def descend(X, y, learning_rate, steps):
    w, b = np.zeros(X.shape[1]), y.mean()
    for _ in range(steps):
        residuals = X @ w + b - y
        w = w - learning_rate * X.T @ residuals / len(y)
        b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong
def descend(X, y, learning_rate, steps):
    history, w, b = [], np.zeros(X.shape[1]), 0.0
    for _ in range(steps):
        residuals = X @ w + b - y
        history.append((residuals**2).mean() / 2)
        w = w - learning_rate * X.T @ residuals / len(y)
        b = b - learning_rate * residuals.mean()
    return history


# %% check
import numpy as np

X = np.array([[1.0], [3.0]])
y = np.array([2.0, 4.0])
_A = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, -1.0]])
CASES = [
    # residuals -2, -4: dw = -7, db = -3
    Case("one step, done by hand", args=(X, y, 0.1, 1), want=(np.array([0.7]), 0.3)),
    # then residuals -1, -1.6: dw = -2.9, db = -1.3
    Case("two steps, done by hand", args=(X, y, 0.1, 2), want=(np.array([0.99]), 0.43)),
    # residuals -3, 0, -3: dw = (-2, -1), db = -2
    Case(
        "three rows, two features, one step",
        args=(
            np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
            np.array([3.0, 0.0, 3.0]),
            0.5,
            1,
        ),
        want=(np.array([1.0, 0.5]), 1.0),
    ),
    Case("no step at all", args=(X, y, 0.1, 0), want=(np.array([0.0]), 0.0)),
    Case(
        "until it has found y = 3 x1 - x2 + 2",
        args=(_A, _A @ np.array([3.0, -1.0]) + 2, 0.5, 3000),
        want=(np.array([3.0, -1.0]), 2.0),
    ),
]
