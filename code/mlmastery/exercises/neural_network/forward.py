"""Exercise 10.1: Forward through two layers."""

# %% stub
import numpy as np


def forward(X, W1, b1, W2, b2):
    """Return the scores (m, k) of a network with one hidden ReLU layer.

    X is (m, n), W1 is (n, h), b1 is (h,), W2 is (h, k), b2 is (k,).
    """
    raise NotImplementedError


# %% solution
def forward(X, W1, b1, W2, b2):
    A1 = np.maximum(X @ W1 + b1, 0)
    return A1 @ W2 + b2


# %% wrong: "There is no nonlinearity between the layers, so two layers do the work of one."
def forward(X, W1, b1, W2, b2):
    return (X @ W1 + b1) @ W2 + b2


# %% wrong: "The scores must be free to be negative: no ReLU after the last layer."
def forward(X, W1, b1, W2, b2):
    return np.maximum(np.maximum(X @ W1 + b1, 0) @ W2 + b2, 0)


# %% wrong: "The bias belongs inside the ReLU: add b1 before, not after."
def forward(X, W1, b1, W2, b2):
    return (np.maximum(X @ W1, 0) + b1) @ W2 + b2


# %% check
import numpy as np


def _slowly(X, W1, b1, W2, b2):
    scores = np.zeros((len(X), len(b2)))
    for i, x in enumerate(X):
        hidden = [max(sum(x * W1[:, j]) + b1[j], 0) for j in range(len(b1))]
        for k in range(len(b2)):
            scores[i, k] = sum(a * w for a, w in zip(hidden, W2[:, k])) + b2[k]
    return scores


_rng = np.random.default_rng(101)
_args = tuple(_rng.normal(size=s) for s in [(5, 3), (3, 4), 4, (4, 2), 2])
CASES = [
    Case(
        "one row, one unit that is on",
        args=(
            np.array([[1.0, 2.0]]),
            np.array([[3.0], [-1.0]]),
            np.array([0.5]),
            np.array([[2.0, -4.0]]),
            np.array([0.0, 1.0]),
        ),
        want=np.array([[3.0, -5.0]]),
    ),
    Case("five rows, unit by unit in loops", args=_args, want=_slowly(*_args)),
]
