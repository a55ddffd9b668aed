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


# %% wrong: "Clipping makes 1000 and 999 the same score. Subtracting a row's maximum changes no probability."
def softmax(Z):
    E = np.exp(np.clip(Z, -500, 500))
    return E / E.sum(axis=1, keepdims=True)


# %% wrong: "Your columns add up to one. A row holds the scores of one sample, so its entries must: axis 1."
def softmax(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


# %% wrong: "Without keepdims=True the row maxima line up with the columns."
def softmax(Z):
    E = np.exp(Z - Z.max(axis=1))
    return E / E.sum(axis=1)


# %% wrong: "Scores may be negative, so their shares of the sum are no probabilities. Take exponentials first."
def softmax(Z):
    with np.errstate(all="ignore"):
        return Z / Z.sum(axis=1, keepdims=True)


# %% wrong: "The exponentials do not add up to one yet: divide them by their sum."
def softmax(Z):
    return np.exp(Z - Z.max(axis=1, keepdims=True))


# %% wrong: "Subtract the largest score of a row, not the smallest: exp of the largest is what overflows."
def softmax(Z):
    with np.errstate(all="ignore"):
        E = np.exp(Z - Z.min(axis=1, keepdims=True))
        return E / E.sum(axis=1, keepdims=True)


# %% wrong: "Subtract the largest score of a row, not the mean: the largest may lie far above the mean, and overflow."
def softmax(Z):
    with np.errstate(all="ignore"):
        E = np.exp(Z - Z.mean(axis=1, keepdims=True))
        return E / E.sum(axis=1, keepdims=True)


# %% wrong: "These are the logarithms of the probabilities."
def softmax(Z):
    Z = Z - Z.max(axis=1, keepdims=True)
    return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))


# %% wrong: "You gave everything to the largest score. The softmax leaves the others a share."
def softmax(Z):
    return (Z == Z.max(axis=1, keepdims=True)).astype(float)


# %% wrong: "Dividing by the maximum changes the probabilities. Subtract it."
def softmax(Z):
    with np.errstate(all="ignore"):
        E = np.exp(Z / Z.max(axis=1, keepdims=True))
        return E / E.sum(axis=1, keepdims=True)


# %% wrong: "The larger score must get the larger probability: the sign in the exponential is wrong."
def softmax(Z):
    E = np.exp(Z.min(axis=1, keepdims=True) - Z)
    return E / E.sum(axis=1, keepdims=True)


# %% wrong: "Z belongs to the caller, and `-=` changes it. Put the difference into a new array."
def softmax(Z):
    Z -= Z.max(axis=1, keepdims=True)
    E = np.exp(Z)
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
        "a thousand and a little more",
        args=(np.array([[1000.0, 1000.0 + np.log(3)]]),),
        want=np.array([[0.25, 0.75]]),
        rtol=1e-4,
    ),
    Case(
        "scores far apart",
        args=(np.array([[0.0, 1000.0]]),),
        want=np.array([[0.0, 1.0]]),
    ),
    Case(
        "scores three times as far apart",
        args=(np.array([[0.0, 3000.0]]),),
        want=np.array([[0.0, 1.0]]),
    ),
    Case(
        "two rows of very different size",
        args=(np.array([[900.0, 900.0], [0.0, 0.0]]),),
        want=np.full((2, 2), 0.5),
    ),
]
