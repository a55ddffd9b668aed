"""Exercise 3.5: Gradient descent."""

# %% stub
import numpy as np


def descend(X, y, learning_rate, steps):
    """Return (w, b) after a number of gradient steps from w = 0, b = 0.

    Both parameters move at once, along the gradient at the old (w, b) of half the
    mean squared error. X has shape (m, n), y has shape (m,); w has shape (n,).
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


# %% check
import numpy as np

X = np.array([[1.0], [3.0]])
y = np.array([2.0, 4.0])
_A = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, -1.0]])
CASES = [
    # residuals -2, -4: dw = -7, db = -3; then residuals -1, -1.6 (w = 0.7, b = 0.3)
    Case("two steps, done by hand", args=(X, y, 0.1, 2), want=(np.array([0.99]), 0.43)),
    Case(
        "no step at all",
        args=(X, y, 0.1, 0),
        want=(np.array([0.0]), 0.0),
        compare=lambda got, want: got is not None and got[0][0] == 0 == got[1],
    ),
    Case(
        "until it has found y = 3 x1 - x2 + 2",
        args=(_A, _A @ np.array([3.0, -1.0]) + 2, 0.5, 3000),
        want=(np.array([3.0, -1.0]), 2.0),
    ),
]
