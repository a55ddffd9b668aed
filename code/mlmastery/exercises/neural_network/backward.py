"""Exercise 10.5: Backward through two layers."""

# %% stub
import numpy as np


def backward(X, A1, dZ2, W2):
    """Return (dW1, db1, dW2, db2) for a network with one ReLU layer.

    X is (m, n), the hidden activations A1 are (m, h), W2 is (h, k),
    dZ2 (m, k) is the gradient of the mean loss by the scores.
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
        "six rows, against finite differences",
        args=(_X, np.maximum(_X @ _W1 + _b1, 0), _up, _W2),
        want=_by_differences(_X, _W1, _b1, _W2, _b2, _up),
        rtol=1e-5,
        atol=1e-7,
    ),
]
