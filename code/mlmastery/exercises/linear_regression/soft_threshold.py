"""Exercise 3.7: Soft thresholding."""

# %% stub
import numpy as np


def soft_threshold(z, threshold):
    """Move each entry of z towards 0 by threshold, but never past 0.

    z is an array of any shape, threshold a number of at least 0; return z's shape.
    """
    raise NotImplementedError


# %% solution
def soft_threshold(z, threshold):
    return np.sign(z) * np.maximum(np.abs(z) - threshold, 0)


# %% wrong: "Entries within the threshold came out with the opposite sign. Stop at 0."
def soft_threshold(z, threshold):
    return z - np.sign(z) * threshold


# %% wrong: "This is hard thresholding: it deletes the small entries but keeps the large ones whole. The large ones shrink too."
def soft_threshold(z, threshold):
    return np.where(np.abs(z) > threshold, z, 0.0)


# %% wrong: "Negative entries became 0. They move up towards 0 by the threshold."
def soft_threshold(z, threshold):
    return np.maximum(z - threshold, 0)


# %% wrong: "The signs are lost: shrink the absolute value, then put the sign back."
def soft_threshold(z, threshold):
    return np.maximum(np.abs(z) - threshold, 0)


# %% check
import numpy as np

CASES = [
    Case(
        "large, small and negative entries",
        args=(np.array([3.0, 0.5, -0.5, -2.0, 0.0]), 1.0),
        want=np.array([2.0, 0.0, 0.0, -1.0, 0.0]),
    ),
    Case(
        "a threshold of zero changes nothing",
        args=(np.array([1.5, -2.5]), 0.0),
        want=np.array([1.5, -2.5]),
    ),
    Case(
        "a matrix",
        args=(np.array([[4.0, -4.0], [1.0, -7.0]]), 3.0),
        want=np.array([[1.0, -1.0], [0.0, -4.0]]),
    ),
]
