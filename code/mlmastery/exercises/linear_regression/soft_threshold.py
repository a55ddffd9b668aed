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


# %% wrong: "This keeps what lies within the threshold and cuts off the rest. It is the rest that should remain."
def soft_threshold(z, threshold):
    return np.clip(z, -threshold, threshold)


# %% wrong: "The negative entries moved away from 0. They move up, the positive ones down."
def soft_threshold(z, threshold):
    return np.where(np.abs(z) > threshold, z - threshold, 0.0)


# %% wrong: "All entries moved away from 0. Shrink them."
def soft_threshold(z, threshold):
    return z + np.sign(z) * threshold


# %% wrong: "The large entries are right, but the small ones stayed. Those within the threshold become 0."
def soft_threshold(z, threshold):
    return np.where(np.abs(z) > threshold, z - np.sign(z) * threshold, z)


# %% wrong: "You scaled the entries. Each moves by the same amount, whatever its size."
def soft_threshold(z, threshold):
    return z / (1 + threshold)


# %% wrong: "The values are right, but in one line. Return the shape of z."
def soft_threshold(z, threshold):
    return (np.sign(z) * np.maximum(np.abs(z) - threshold, 0)).ravel()


# %% wrong: "`if` needs one truth value, and an array has many. Decide for all entries at once."
def soft_threshold(z, threshold):
    if z > threshold:
        return z - threshold
    if z < -threshold:
        return z + threshold
    return 0.0 * z


# %% wrong: "The positive entries are right, but the negative ones did not shrink. They move up towards 0."
def soft_threshold(z, threshold):
    return np.where(z > threshold, z - threshold, np.where(z < -threshold, z, 0.0))


# %% wrong: "You shrank by twice the threshold."
def soft_threshold(z, threshold):
    return np.sign(z) * np.maximum(np.abs(z) - 2 * threshold, 0)


# %% wrong: "You shrank by half the threshold."
def soft_threshold(z, threshold):
    return np.sign(z) * np.maximum(np.abs(z) - threshold / 2, 0)


# %% wrong: "An entry within the threshold came out as what it lacks to the threshold. It becomes 0."
def soft_threshold(z, threshold):
    return np.sign(z) * np.abs(np.abs(z) - threshold)


# %% wrong: "You shrank the squares. Subtract the threshold from the absolute value."
def soft_threshold(z, threshold):
    return np.sign(z) * np.sqrt(np.maximum(z**2 - threshold**2, 0))


# %% wrong: "The signs are reversed."
def soft_threshold(z, threshold):
    return -np.sign(z) * np.maximum(np.abs(z) - threshold, 0)


# %% wrong
def soft_threshold(z, threshold):
    z[np.abs(z) <= threshold] = 0
    return z - np.sign(z) * threshold


# %% check
import numpy as np

CASES = [
    Case(
        "large, small and negative entries",
        args=(np.array([3.0, 0.5, -0.25, -2.0, 0.0]), 1.0),
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
    Case(
        "entries as large as the threshold",
        args=(np.array([2.0, -2.0, 2.5]), 2.0),
        want=np.array([0.0, 0.0, 0.5]),
    ),
]
