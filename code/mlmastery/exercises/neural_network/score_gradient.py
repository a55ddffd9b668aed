"""Exercise 10.4: The gradient of cross-entropy."""

# %% stub
import numpy as np


def score_gradient(P, y):
    """Return the gradient (m, k) of the mean cross-entropy by the scores.

    P (m, k) holds the softmax probabilities, y (m,) the right classes.
    """
    raise NotImplementedError


# %% solution
def score_gradient(P, y):
    gradient = P.copy()
    gradient[np.arange(len(y)), y] -= 1
    return gradient / len(y)


# %% wrong: "The loss is a mean over the rows, so divide by their number."
def score_gradient(P, y):
    gradient = P.copy()
    gradient[np.arange(len(y)), y] -= 1
    return gradient


# %% wrong: "The sign is wrong: probability minus label, so that a step against it raises the right score."
def score_gradient(P, y):
    gradient = -P.copy()
    gradient[np.arange(len(y)), y] += 1
    return gradient / len(y)


# %% wrong: "P[:, y] picks whole columns for every row. Pair each row with its own class."
def score_gradient(P, y):
    gradient = P.copy()
    gradient[:, y] -= 1
    return gradient / len(y)


# %% wrong: "Divide by the number of rows, not by the number of cells."
def score_gradient(P, y):
    gradient = P.copy()
    gradient[np.arange(len(y)), y] -= 1
    return gradient / P.size


# %% wrong: "The loss is a mean over the rows: the number of classes does not divide it."
def score_gradient(P, y):
    gradient = P.copy()
    gradient[np.arange(len(y)), y] -= 1
    return gradient / P.shape[1]


# %% wrong: "The labels are missing: for the right class the slope is the probability minus one."
def score_gradient(P, y):
    return P / len(y)


# %% wrong: "P belongs to the caller, and `-=` changes it. Work on a copy."
def score_gradient(P, y):
    P[np.arange(len(y)), y] -= 1
    return P / len(y)


# %% wrong: "The slope of the softmax is counted twice: in probability minus label it is already included."
def score_gradient(P, y):
    gradient = P.copy()
    gradient[np.arange(len(y)), y] -= 1
    return gradient * P * (1 - P) / len(y)


# %% wrong: "This is the gradient by the probabilities. Go on through the softmax to the scores."
def score_gradient(P, y):
    rows = np.arange(len(y))
    gradient = np.zeros_like(P)
    gradient[rows, y] = -1 / P[rows, y]
    return gradient / len(y)


# %% wrong: "The scores of the wrong classes count, too: raising one of them lowers the right probability."
def score_gradient(P, y):
    rows = np.arange(len(y))
    gradient = np.zeros_like(P)
    gradient[rows, y] = P[rows, y] - 1
    return gradient / len(y)


# %% wrong: "P[y] picks the rows with the numbers in y. Pair each row with its class instead."
def score_gradient(P, y):
    gradient = P.copy()
    gradient[y] -= 1
    return gradient / len(y)


# %% wrong: "y holds class numbers, not one column per class: they cannot be subtracted from P as they are."
def score_gradient(P, y):
    return (P - y) / len(y)


# %% wrong: "This is the loss. Its slopes are asked for, one for each score."
def score_gradient(P, y):
    return -np.log(P[np.arange(len(y)), y]).mean()


# %% wrong: "Each row keeps its own slopes. Do not add the rows up."
def score_gradient(P, y):
    gradient = P.copy()
    gradient[np.arange(len(y)), y] -= 1
    return gradient.sum(axis=0) / len(y)


# %% wrong: "A label of k is column k, counted from 0: you subtracted in the column before."
def score_gradient(P, y):
    gradient = P.copy()
    gradient[np.arange(len(y)), y - 1] -= 1
    return gradient / len(y)


# %% check
import numpy as np
from scipy.special import log_softmax as _log_softmax


def _by_differences(Z, y, h=1e-6):
    rows, gradient = np.arange(len(y)), np.zeros_like(Z)
    for at in np.ndindex(Z.shape):
        step = np.zeros_like(Z)
        step[at] = h
        up, down = (-_log_softmax(Z + s, axis=1)[rows, y].mean() for s in (step, -step))
        gradient[at] = (up - down) / (2 * h)
    return gradient


_rng = np.random.default_rng(104)
_Z, _y = _rng.normal(size=(5, 3)), np.array([0, 2, 1, 1, 0])
CASES = [
    Case(
        "one row by hand",
        args=(np.array([[0.2, 0.8]]), np.array([0])),
        want=np.array([[-0.8, 0.8]]),
    ),
    Case(
        "two rows of the same class, by hand",
        args=(np.array([[0.5, 0.25, 0.25], [0.0, 0.0, 1.0]]), np.array([2, 2])),
        want=np.array([[0.25, 0.125, -0.375], [0.0, 0.0, 0.0]]),
    ),
    Case(
        "five rows, against finite differences",
        args=(np.exp(_log_softmax(_Z, axis=1)), _y),
        want=_by_differences(_Z, _y),
        rtol=1e-5,
        atol=1e-7,
    ),
]
