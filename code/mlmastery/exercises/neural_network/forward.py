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


# %% wrong: "np.max(Z, 0) takes the largest entry of each column. np.maximum compares every entry with 0."
def forward(X, W1, b1, W2, b2):
    return np.max(X @ W1 + b1, 0) @ W2 + b2


# %% wrong: "The output layer has a bias, too: b2 is missing."
def forward(X, W1, b1, W2, b2):
    return np.maximum(X @ W1 + b1, 0) @ W2


# %% wrong: "The hidden layer has a bias, too: b1 is missing."
def forward(X, W1, b1, W2, b2):
    return np.maximum(X @ W1, 0) @ W2 + b2


# %% wrong: "Your hidden units use the sigmoid. A ReLU passes positive values on unchanged."
def forward(X, W1, b1, W2, b2):
    return 1 / (1 + np.exp(-(X @ W1 + b1))) @ W2 + b2


# %% wrong: "Your hidden units use the hyperbolic tangent. A ReLU has no upper limit."
def forward(X, W1, b1, W2, b2):
    return np.tanh(X @ W1 + b1) @ W2 + b2


# %% wrong: "The scores themselves are asked for. The softmax belongs to the loss."
def forward(X, W1, b1, W2, b2):
    Z = np.maximum(X @ W1 + b1, 0) @ W2 + b2
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# %% wrong: "A hidden unit whose sum is negative answers 0, not its absolute value."
def forward(X, W1, b1, W2, b2):
    return np.abs(X @ W1 + b1) @ W2 + b2


# %% wrong: "You stopped at the hidden layer: its activations still have to go through W2 and b2."
def forward(X, W1, b1, W2, b2):
    return np.maximum(X @ W1 + b1, 0)


# %% wrong: "The inputs enter as they are. The ReLU comes after the first weights and bias."
def forward(X, W1, b1, W2, b2):
    return (np.maximum(X, 0) @ W1 + b1) @ W2 + b2


# %% wrong: "Return all scores of a row, not the class with the largest one."
def forward(X, W1, b1, W2, b2):
    return (np.maximum(X @ W1 + b1, 0) @ W2 + b2).argmax(axis=1)


# %% wrong: "The ReLU keeps what is above 0. You kept what is below."
def forward(X, W1, b1, W2, b2):
    return np.minimum(X @ W1 + b1, 0) @ W2 + b2


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
    Case(
        "a unit that is off leaves the bias of the output",
        args=(
            np.array([[-1.0], [2.0]]),
            np.array([[1.0]]),
            np.array([0.5]),
            np.array([[2.0]]),
            np.array([7.0]),
        ),
        want=np.array([[7.0], [12.0]]),
    ),
    Case("five rows, unit by unit in loops", args=_args, want=_slowly(*_args)),
]
