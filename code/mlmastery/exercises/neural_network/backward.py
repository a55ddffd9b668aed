"""Exercise 10.5: Backward through two layers."""

# %% stub
import numpy as np


def backward(X, A1, dZ2, W2):
    """Return (dW1, db1, dW2, db2) for a network with one ReLU layer.

    X is (m, n), the hidden activations A1 are (m, h), W2 is (h, k),
    dZ2 (m, k) is the gradient of the mean loss by the scores. The biases are
    vectors, of shapes (h,) and (k,).
    """
    raise NotImplementedError


# %% solution
def backward(X, A1, dZ2, W2):
    dZ1 = (dZ2 @ W2.T) * (A1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


# %% wrong: "The gradient must pass the ReLU too: units that are off pass nothing back."
def backward(X, A1, dZ2, W2):
    dZ1 = dZ2 @ W2.T
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


# %% wrong: "Sum the biases' gradients over the rows: dZ2 is already divided by their number."
def backward(X, A1, dZ2, W2):
    dZ1 = (dZ2 @ W2.T) * (A1 > 0)
    return X.T @ dZ1, dZ1.mean(axis=0), A1.T @ dZ2, dZ2.mean(axis=0)


# %% wrong: "The slope of the ReLU is 0 or 1. You multiplied by the activation itself."
def backward(X, A1, dZ2, W2):
    dZ1 = (dZ2 @ W2.T) * A1
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


# %% wrong: "dW1 must have the shape of W1: the inputs stand transposed on the left, as X.T."
def backward(X, A1, dZ2, W2):
    dZ1 = (dZ2 @ W2.T) * (A1 > 0)
    return dZ1.T @ X, dZ1.sum(axis=0), dZ2.T @ A1, dZ2.sum(axis=0)


# %% wrong: "Nothing is left to divide by: dZ2 belongs to the mean loss and holds the 1 / m already."
def backward(X, A1, dZ2, W2):
    m = len(X)
    dZ1 = (dZ2 @ W2.T) * (A1 > 0)
    return X.T @ dZ1 / m, dZ1.sum(axis=0) / m, A1.T @ dZ2 / m, dZ2.sum(axis=0) / m


# %% wrong: "A bias has one slope per unit: sum over the rows, axis 0."
def backward(X, A1, dZ2, W2):
    dZ1 = (dZ2 @ W2.T) * (A1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=1), A1.T @ dZ2, dZ2.sum(axis=1)


# %% wrong: "The biases are vectors, of shapes (h,) and (k,). Yours are tables of one row: leave out keepdims."
def backward(X, A1, dZ2, W2):
    dZ1 = (dZ2 @ W2.T) * (A1 > 0)
    db1, db2 = dZ1.sum(axis=0, keepdims=True), dZ2.sum(axis=0, keepdims=True)
    return X.T @ dZ1, db1, A1.T @ dZ2, db2


# %% wrong: "W2 was multiplied by the hidden activations, so its gradient is built from A1, not from X."
def backward(X, A1, dZ2, W2):
    dZ1 = (dZ2 @ W2.T) * (A1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), X.T @ dZ2, dZ2.sum(axis=0)


# %% wrong: "The four gradients come in another order: those of the first layer first."
def backward(X, A1, dZ2, W2):
    dZ1 = (dZ2 @ W2.T) * (A1 > 0)
    return A1.T @ dZ2, dZ2.sum(axis=0), X.T @ dZ1, dZ1.sum(axis=0)


# %% wrong: "The shapes do not fit: on the way back W2 stands transposed."
def backward(X, A1, dZ2, W2):
    dZ1 = (dZ2 @ W2) * (A1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


# %% wrong: "Whether a unit is on was decided on the way forward: look at A1, not at the sign of the gradient."
def backward(X, A1, dZ2, W2):
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * (dA1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


# %% wrong: "db1 lies behind the ReLU as well: sum the gradient after it has passed the ReLU."
def backward(X, A1, dZ2, W2):
    dA1 = dZ2 @ W2.T
    return X.T @ (dA1 * (A1 > 0)), dA1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


# %% wrong: "The gradient reaches dW1 before the ReLU: switch off the units that are off there, too."
def backward(X, A1, dZ2, W2):
    dA1 = dZ2 @ W2.T
    return X.T @ dA1, (dA1 * (A1 > 0)).sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


# %% check
import numpy as np


def _by_differences(X, W1, b1, W2, b2, upstream, h=1e-6):
    """Slopes of sum(scores * upstream) by every parameter."""

    def total():
        return (upstream * (np.maximum(X @ W1 + b1, 0) @ W2 + b2)).sum()

    found = []
    for p in (W1, b1, W2, b2):
        slopes = np.zeros_like(p)
        for at in np.ndindex(p.shape):
            old = p[at]
            p[at] = old + h
            up = total()
            p[at] = old - h
            slopes[at] = (up - total()) / (2 * h)
            p[at] = old
        found.append(slopes)
    return tuple(found)


_rng = np.random.default_rng(105)
_X, _W1, _b1, _W2, _b2, _up = (
    _rng.normal(size=s) for s in [(6, 3), (3, 4), 4, (4, 2), 2, (6, 2)]
)
CASES = [
    Case(
        "one row, one unit that is on",
        args=(
            np.array([[2.0]]),
            np.array([[3.0]]),
            np.array([[0.5]]),
            np.array([[4.0]]),
        ),
        want=(np.array([[4.0]]), np.array([2.0]), np.array([[1.5]]), np.array([0.5])),
    ),
    Case(
        "one row, the second unit is off",
        args=(
            np.array([[2.0]]),
            np.array([[3.0, 0.0]]),
            np.array([[0.5]]),
            np.array([[4.0], [8.0]]),
        ),
        want=(
            np.array([[4.0, 0.0]]),
            np.array([2.0, 0.0]),
            np.array([[1.5], [0.0]]),
            np.array([0.5]),
        ),
    ),
    Case(
        "six rows, against finite differences",
        args=(_X, np.maximum(_X @ _W1 + _b1, 0), _up, _W2),
        want=_by_differences(_X, _W1, _b1, _W2, _b2, _up),
        rtol=1e-5,
        atol=1e-6,
    ),
]
