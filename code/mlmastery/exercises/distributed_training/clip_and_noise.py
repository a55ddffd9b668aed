"""Exercise 22.7: Clip each row, then add noise."""

# %% stub
import numpy as np


def private_mean(gradients, bound, noise_multiplier, normal):
    """Return the private mean gradient of DP-SGD.

    gradients has one row per sample, (n, p). No row may be longer than bound.
    normal (p,) holds standard normal numbers; the noise on the *sum* has a
    standard deviation of noise_multiplier times bound. Return shape (p,).
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


# %% wrong: "The noise belongs to the sum, before dividing by the number of rows."
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
    Case(
        "a row of zeros",
        args=(np.zeros((2, 2)), 1.0, 1.0, np.array([0.5, 0.0])),
        want=np.array([0.25, 0.0]),
    ),
]
