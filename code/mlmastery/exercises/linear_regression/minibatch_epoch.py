"""Exercise 3.14: One epoch of mini-batch descent."""

# %% stub
import numpy as np


def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    """Return (w, b) after one step for each batch of the given order.

    order holds each row number once; the first batch_size of them are the first batch,
    and so on. The last batch may be smaller. Each step follows the mean gradient of the
    rows of its batch, both parts at the old (w, b). X has shape (m, n), y and order have
    shape (m,), w has shape (n,).
    """
    raise NotImplementedError


# %% solution
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        w = w - learning_rate * X[rows].T @ residuals / len(rows)
        b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong: "The last batch was divided by batch_size. It may be smaller: take the mean over its own rows."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        w = w - learning_rate * X[rows].T @ residuals / batch_size
        b = b - learning_rate * residuals.sum() / batch_size
    return w, b


# %% wrong: "You added the gradients of the batch: the step takes their mean, or its length grows with the batch."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        w = w - learning_rate * X[rows].T @ residuals
        b = b - learning_rate * residuals.sum()
    return w, b


# %% wrong: "You divided by the number of all rows. The mean is over the rows of the batch."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        w = w - learning_rate * X[rows].T @ residuals / len(y)
        b = b - learning_rate * residuals.sum() / len(y)
    return w, b


# %% wrong: "Every step used the residuals from the start of the epoch. Recompute those of the batch with the current w and b."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    residuals = X @ w + b - y
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        w = w - learning_rate * X[rows].T @ residuals[rows] / len(rows)
        b = b - learning_rate * residuals[rows].mean()
    return w, b


# %% wrong: "You cut the table into batches and not the order. Take the rows that order names."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(0, len(order), batch_size):
        rows = np.arange(len(y))[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        w = w - learning_rate * X[rows].T @ residuals / len(rows)
        b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong: "The rows that are left over at the end got no step: the last batch may be smaller than the others."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(0, len(order) - batch_size + 1, batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        w = w - learning_rate * X[rows].T @ residuals / len(rows)
        b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong: "This is one step with all rows at once. Make a step for each batch."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    residuals = X @ w + b - y
    return w - learning_rate * X.T @ residuals / len(
        y
    ), b - learning_rate * residuals.mean()


# %% wrong: "This steps after every single row, as stochastic descent does. Use the mean gradient of a batch."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(len(order)):
        rows = order[start : start + 1]
        residuals = X[rows] @ w + b - y[rows]
        w = w - learning_rate * X[rows].T @ residuals / len(rows)
        b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong: "You stopped after the first batch: return after the loop, not inside it."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        w = w - learning_rate * X[rows].T @ residuals / len(rows)
        b = b - learning_rate * residuals.mean()
        return w, b


# %% wrong: "You move uphill: subtract the gradient."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        w = w + learning_rate * X[rows].T @ residuals / len(rows)
        b = b + learning_rate * residuals.mean()
    return w, b


# %% wrong: "A factor 2 too many: half a square has the derivative 1 times the residual."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        w = w - 2 * learning_rate * X[rows].T @ residuals / len(rows)
        b = b - 2 * learning_rate * residuals.mean()
    return w, b


# %% wrong: "b moved along residuals taken after w had moved. Compute them once per batch, before either update."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        w = w - learning_rate * X[rows].T @ residuals / len(rows)
        residuals = X[rows] @ w + b - y[rows]
        b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong: "The two parts changed places: (w, b)."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        w = w - learning_rate * X[rows].T @ residuals / len(rows)
        b = b - learning_rate * residuals.mean()
    return b, w


# %% wrong: "b never moves. Its gradient is the mean residual."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        w = w - learning_rate * X[rows].T @ residuals / len(rows)
    return w, b


# %% wrong: "b is missing in the prediction of the batch."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w - y[rows]
        w = w - learning_rate * X[rows].T @ residuals / len(rows)
        b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong: "The learning rate is missing: a step is the rate times the gradient."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        w = w - X[rows].T @ residuals / len(rows)
        b = b - residuals.mean()
    return w, b


# %% wrong: "Your function changed the array w that it was given (w -= ...). Write w = w - ... instead."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        w -= learning_rate * X[rows].T @ residuals / len(rows)
        b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong: "Each batch started again at the first (w, b). Go on from where the batch before has left them."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        new_w = w - learning_rate * X[rows].T @ residuals / len(rows)
        new_b = b - learning_rate * residuals.mean()
    return new_w, new_b


# %% wrong: "You followed order from its end."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    order = order[::-1]
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        w = w - learning_rate * X[rows].T @ residuals / len(rows)
        b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong: "batch_size is the number of rows in a batch, not the number of batches."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for rows in np.array_split(order, batch_size):
        if len(rows):
            residuals = X[rows] @ w + b - y[rows]
            w = w - learning_rate * X[rows].T @ residuals / len(rows)
            b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong: "The batches have nearly equal sizes. The statement fills each batch with batch_size rows and leaves the rest for the last."
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    for rows in np.array_split(order, -(-len(order) // batch_size)):
        residuals = X[rows] @ w + b - y[rows]
        w = w - learning_rate * X[rows].T @ residuals / len(rows)
        b = b - learning_rate * residuals.mean()
    return w, b


# %% wrong
def minibatch_epoch(X, y, w, b, learning_rate, order, batch_size):
    order.sort()
    for start in range(0, len(order), batch_size):
        rows = order[start : start + batch_size]
        residuals = X[rows] @ w + b - y[rows]
        w = w - learning_rate * X[rows].T @ residuals / len(rows)
        b = b - learning_rate * residuals.mean()
    return w, b


# %% check
import numpy as np

X = np.array([[1.0], [2.0], [3.0]])
y = np.array([1.0, 3.0, 4.0])
_rng = np.random.default_rng(314)
_X, _w = _rng.normal(size=(5, 2)), np.array([1.5, -0.5])
CASES = [
    # rows 0 and 1: residuals -1 and -3, w = 0.35, b = 0.2; row 2: residual -2.75
    Case(
        "three rows in batches of two, done by hand",
        args=(X, y, np.zeros(1), 0.0, 0.1, np.array([0, 1, 2]), 2),
        want=(np.array([1.175]), 0.475),
    ),
    # rows 2 and 0: residuals -4 and -1, w = 0.65, b = 0.25; row 1: residual -1.45
    Case(
        "another order",
        args=(X, y, np.zeros(1), 0.0, 0.1, np.array([2, 0, 1]), 2),
        want=(np.array([0.94]), 0.395),
    ),
    # row 0: residual -1, w = b = 0.1; row 1: residual -2.7, w = 0.64, b = 0.37;
    # row 2: residual -1.71
    Case(
        "batches of one row",
        args=(X, y, np.zeros(1), 0.0, 0.1, np.array([0, 1, 2]), 1),
        want=(np.array([1.153]), 0.541),
    ),
    Case(
        "a batch larger than the table",
        args=(X, y, np.zeros(1), 0.0, 0.3, np.array([0, 1, 2]), 5),
        want=(np.array([1.9]), 0.8),
    ),
    # rows 2 and 0: residuals 4 and 6, w = (0.5, 0), b = 0.5; rows 1 and 3: 0.5 and 0
    Case(
        "two features, from a start that is not zero",
        args=(
            np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 2.0], [1.0, 1.0]]),
            np.array([-1.0, 0.0, 3.0, 1.0]),
            np.array([2.0, 2.0]),
            3.0,
            0.5,
            np.array([2, 0, 1, 3]),
            2,
        ),
        want=(np.array([0.5, -0.125]), 0.375),
    ),
    # rows 0 to 2: one step of 0.1 from zero, w = 19/30, b = 8/30; row 3: residual
    # 4 * 19/30 + 8/30 - 4 = -1.2
    Case(
        "four rows in batches of three",
        args=(
            np.array([[1.0], [2.0], [3.0], [4.0]]),
            np.array([1.0, 3.0, 4.0, 4.0]),
            np.zeros(1),
            0.0,
            0.1,
            np.array([0, 1, 2, 3]),
            3,
        ),
        want=(np.array([19 / 30 + 0.48]), 8 / 30 + 0.12),
    ),
    Case(
        "a perfect line stays where it is",
        args=(_X, _X @ _w + 2, _w, 2.0, 0.1, np.array([3, 1, 4, 0, 2]), 2),
        want=(np.array([1.5, -0.5]), 2.0),
    ),
]
