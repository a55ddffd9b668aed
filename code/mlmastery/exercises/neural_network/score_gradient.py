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


# %% wrong: "P[:, y] picks whole columns for every row. Pair each row with its own class: P[np.arange(m), y]."
def score_gradient(P, y):
    gradient = P.copy()
    gradient[:, y] -= 1
    return gradient / len(y)


# %% wrong: "Divide by the number of rows, not by the number of cells."
def score_gradient(P, y):
    gradient = P.copy()
    gradient[np.arange(len(y)), y] -= 1
    return gradient / P.size


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
        "five rows, against finite differences",
        args=(np.exp(_log_softmax(_Z, axis=1)), _y),
        want=_by_differences(_Z, _y),
        rtol=1e-5,
        atol=1e-8,
    ),
]
