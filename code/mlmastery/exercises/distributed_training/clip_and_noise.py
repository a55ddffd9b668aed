"""Exercise 22.8: Clip each row, then add noise."""

# %% stub
import numpy as np


def private_mean(gradients, bound, noise_multiplier, normal):
    """Return the private mean gradient of DP-SGD.

    gradients has one row per sample, (n, p). Rows longer than bound are shortened
    to it, all others stay as they are, also a row of zeros. normal (p,) holds
    standard normal numbers; the noise on the *sum* has a standard deviation of
    noise_multiplier times bound. Return shape (p,).
    """
    raise NotImplementedError


# %% solution
def private_mean(gradients, bound, noise_multiplier, normal):
    lengths = np.linalg.norm(gradients, axis=1)
    factors = np.minimum(1, bound / np.maximum(lengths, 1e-12))
    total = factors @ gradients + noise_multiplier * bound * normal
    return total / len(gradients)


# %% wrong: "You clipped the mean. One sample may then still move it as far as it likes: clip each row before adding up."
def private_mean(gradients, bound, noise_multiplier, normal):
    mean = gradients.mean(axis=0)
    mean = mean * min(1, bound / max(np.linalg.norm(mean), 1e-12))
    return mean + noise_multiplier * bound * normal / len(gradients)


# %% wrong: "Short rows were stretched to the bound. Clipping only shortens."
def private_mean(gradients, bound, noise_multiplier, normal):
    lengths = np.linalg.norm(gradients, axis=1)
    factors = bound / np.maximum(lengths, 1e-12)
    total = factors @ gradients + noise_multiplier * bound * normal
    return total / len(gradients)


# %% wrong: "The noise is added once, to the sum, and is divided by the number of rows with it."
def private_mean(gradients, bound, noise_multiplier, normal):
    lengths = np.linalg.norm(gradients, axis=1)
    factors = np.minimum(1, bound / np.maximum(lengths, 1e-12))
    return factors @ gradients / len(gradients) + noise_multiplier * bound * normal


# %% wrong: "The noise must grow with the bound: what one sample can change is as large as the bound."
def private_mean(gradients, bound, noise_multiplier, normal):
    lengths = np.linalg.norm(gradients, axis=1)
    factors = np.minimum(1, bound / np.maximum(lengths, 1e-12))
    total = factors @ gradients + noise_multiplier * normal
    return total / len(gradients)


# %% wrong: "It is the length of a row that is bounded, not each of its entries."
def private_mean(gradients, bound, noise_multiplier, normal):
    total = np.clip(gradients, -bound, bound).sum(axis=0)
    return (total + noise_multiplier * bound * normal) / len(gradients)


# %% wrong: "A row of zeros has length 0, and dividing by it gives NaN."
def private_mean(gradients, bound, noise_multiplier, normal):
    lengths = np.linalg.norm(gradients, axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        directions = gradients / lengths
    total = (directions * np.minimum(lengths, bound)).sum(axis=0)
    return (total + noise_multiplier * bound * normal) / len(gradients)


# %% wrong: "noise_multiplier times bound is the standard deviation, not the variance: no square root."
def private_mean(gradients, bound, noise_multiplier, normal):
    lengths = np.linalg.norm(gradients, axis=1)
    factors = np.minimum(1, bound / np.maximum(lengths, 1e-12))
    total = factors @ gradients + np.sqrt(noise_multiplier * bound) * normal
    return total / len(gradients)


# %% wrong: "You clipped the columns. A sample is a row: its length runs along axis 1."
def private_mean(gradients, bound, noise_multiplier, normal):
    lengths = np.linalg.norm(gradients, axis=0)
    factors = np.minimum(1, bound / np.maximum(lengths, 1e-12))
    total = (gradients * factors).sum(axis=0) + noise_multiplier * bound * normal
    return total / len(gradients)


# %% wrong: "Length is the root of the sum of squares. You added absolute values."
def private_mean(gradients, bound, noise_multiplier, normal):
    lengths = np.abs(gradients).sum(axis=1)
    factors = np.minimum(1, bound / np.maximum(lengths, 1e-12))
    total = factors @ gradients + noise_multiplier * bound * normal
    return total / len(gradients)


# %% wrong: "This is the private sum. Divide it by the number of rows."
def private_mean(gradients, bound, noise_multiplier, normal):
    lengths = np.linalg.norm(gradients, axis=1)
    factors = np.minimum(1, bound / np.maximum(lengths, 1e-12))
    return factors @ gradients + noise_multiplier * bound * normal


# %% wrong: "You took one length for the whole table. Each row has its own."
def private_mean(gradients, bound, noise_multiplier, normal):
    factor = min(1, bound / max(np.linalg.norm(gradients), 1e-12))
    total = factor * gradients.sum(axis=0) + noise_multiplier * bound * normal
    return total / len(gradients)


# %% wrong: "The table belongs to the caller, and `*=` changes it. Compute a new one."
def private_mean(gradients, bound, noise_multiplier, normal):
    lengths = np.linalg.norm(gradients, axis=1, keepdims=True)
    gradients *= np.minimum(1, bound / np.maximum(lengths, 1e-12))
    total = gradients.sum(axis=0) + noise_multiplier * bound * normal
    return total / len(gradients)


# %% wrong: "A mean over samples divides by the number of rows, not of columns."
def private_mean(gradients, bound, noise_multiplier, normal):
    lengths = np.linalg.norm(gradients, axis=1)
    factors = np.minimum(1, bound / np.maximum(lengths, 1e-12))
    total = factors @ gradients + noise_multiplier * bound * normal
    return total / gradients.shape[1]


# %% wrong: "A row that is too long is shortened to the bound, not left out."
def private_mean(gradients, bound, noise_multiplier, normal):
    lengths = np.linalg.norm(gradients, axis=1)
    total = gradients[lengths <= bound].sum(axis=0) + noise_multiplier * bound * normal
    return total / len(gradients)


# %% wrong: "No row is clipped: one sample may still move the sum as far as it likes."
def private_mean(gradients, bound, noise_multiplier, normal):
    total = gradients.sum(axis=0) + noise_multiplier * bound * normal
    return total / len(gradients)


# %% check
import numpy as np

_G = np.array([[3.0, 4.0], [0.4, -0.3]])
CASES = [
    Case(
        "one row is too long, no noise",
        args=(_G, 2.0, 0.0, np.array([1.0, 1.0])),
        want=np.array([0.8, 0.65]),
    ),
    Case(
        "noise of two bounds",
        args=(_G, 2.0, 2.0, np.array([1.0, -1.0])),
        want=np.array([2.8, -1.35]),
    ),
    # (0.15, 0.2) twice and (0, 0.1), with noise of 0.5 and -0.5
    Case(
        "three rows and a small bound",
        args=(
            np.array([[3.0, 4.0], [0.3, 0.4], [0.0, 0.1]]),
            0.25,
            2.0,
            np.array([1.0, -1.0]),
        ),
        want=np.array([0.8 / 3, 0.0]),
        atol=1e-6,
    ),
    Case(
        "a row of zeros",
        args=(np.zeros((2, 2)), 1.0, 1.0, np.array([0.5, 0.0])),
        want=np.array([0.25, 0.0]),
    ),
]
