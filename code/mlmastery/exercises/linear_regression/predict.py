"""Exercise 3.1: The hypothesis."""

# %% stub
import numpy as np


def predict(X, w, b):
    """Return the predictions of a linear model.

    X has shape (m, n), w has shape (n,), b is a number; return shape (m,).
    """
    raise NotImplementedError


# %% solution
def predict(X, w, b):
    return X @ w + b


# %% wrong: "The intercept b is missing: at x = 0 a line need not be 0. Add it to every row."
def predict(X, w, b):
    return X @ w


# %% wrong: "X * w multiplies without adding up. Each row needs the sum of its products: X @ w."
def predict(X, w, b):
    return X * w + b


# %% wrong: "You added b once for every feature. It belongs outside the sum over features."
def predict(X, w, b):
    return (X * w + b).sum(axis=1)


# %% wrong: "The intercept is added, not subtracted."
def predict(X, w, b):
    return X @ w - b


# %% wrong: "You added b to the weights, so that it is multiplied by the features. It stands alone."
def predict(X, w, b):
    return X @ (w + b)


# %% wrong: "You added b to the features, so that it is multiplied by the weights. It stands alone."
def predict(X, w, b):
    return (X + b) @ w


# %% wrong: "Only the first feature was used. Sum over all of them."
def predict(X, w, b):
    return X[:, 0] * w[0] + b


# %% wrong: "You took the mean over the features. A prediction is the sum of their products."
def predict(X, w, b):
    return (X * w).mean(axis=1) + b


# %% wrong: "The numbers are right, but they stand in a column of shape (m, 1). Return shape (m,): as a column, minus y would give a matrix."
def predict(X, w, b):
    return (X @ w + b).reshape(-1, 1)


# %% wrong: "You added up all rows. There is one prediction for each."
def predict(X, w, b):
    return (X @ w + b).sum()


# %% wrong: "The last row is missing. range stops before its end, so do not subtract one."
def predict(X, w, b):
    return np.array([X[i] @ w + b for i in range(len(X) - 1)])


# %% wrong: "You summed over the rows. Each row has its own prediction: the sum runs over the features, axis=1."
def predict(X, w, b):
    return (X * w).sum(axis=0) + b


# %% wrong: "w stands on the wrong side. With shapes (m, n) and (n,), X comes first."
def predict(X, w, b):
    return w @ X + b


# %% wrong: "The weights are not used: each feature is multiplied by its own."
def predict(X, w, b):
    return X.sum(axis=1) + b


# %% wrong
def predict(X, w, b):
    X *= w
    return X.sum(axis=1) + b


# %% check
import numpy as np

X = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 0.0]])
CASES = [
    Case(
        "three rows, two features",
        args=(X, np.array([10.0, 1.0]), 5.0),
        want=np.array([17.0, 39.0, 5.0]),
    ),
    Case(
        "a model that knows only b",
        args=(X, np.zeros(2), -2.0),
        want=np.array([-2.0, -2.0, -2.0]),
    ),
    Case(
        "one feature",
        args=(np.array([[2.0], [4.0]]), np.array([0.5]), 1.0),
        want=np.array([2.0, 3.0]),
    ),
    Case(
        "one row, three features",
        args=(np.array([[1.0, -1.0, 2.0]]), np.array([4.0, 3.0, 0.5]), 0.0),
        want=np.array([2.0]),
    ),
]
