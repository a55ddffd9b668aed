"""Exercise 10.2: Softmax that survives large scores."""

# %% stub
import numpy as np


def softmax(Z):
    """Turn each row of scores Z (m, k) into probabilities."""
    raise NotImplementedError


# %% solution
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# %% wrong: "exp of a score of 1000 overflows. Subtract each row's maximum first: it cancels."
def softmax(Z):
    with np.errstate(all="ignore"):
        E = np.exp(Z)
        return E / E.sum(axis=1, keepdims=True)


# %% wrong: "Each row must add up to one, so sum over axis 1, not over the whole table."
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum()


# %% wrong: "Subtract the maximum of each row: with one maximum for the table, small rows become 0 / 0."
def softmax(Z):
    with np.errstate(all="ignore"):
        E = np.exp(Z - Z.max())
        return E / E.sum(axis=1, keepdims=True)


# %% check
import numpy as np
from scipy.special import softmax as _reference

_Z = np.random.default_rng(102).normal(0, 2, size=(4, 3))
CASES = [
    Case(
        "one row by hand", args=(np.log([[1.0, 3.0]]),), want=np.array([[0.25, 0.75]])
    ),
    Case("four rows, against SciPy", args=(_Z,), want=_reference(_Z, axis=1)),
    Case(
        "scores of a thousand",
        args=(np.array([[1000.0, 1000.0]]),),
        want=np.array([[0.5, 0.5]]),
    ),
    Case(
        "two rows of very different size",
        args=(np.array([[900.0, 900.0], [0.0, 0.0]]),),
        want=np.full((2, 2), 0.5),
    ),
]
