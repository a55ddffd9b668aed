"""Exercise 22.6: Rounding without bias."""

# %% stub
import numpy as np


def quantise(values, step, uniform):
    """Round values to multiples of step, up or down by chance.

    uniform holds numbers from 0 to 1, one for each value. A value a third of
    the way from one multiple to the next goes up when its uniform number lies
    below a third, so that the expected result is the value. Return integers:
    the multiples.
    """
    raise NotImplementedError


# %% solution
def quantise(values, step, uniform):
    scaled = values / step
    below = np.floor(scaled)
    return (below + (uniform < scaled - below)).astype(int)


# %% wrong: "This rounds to the nearest multiple, whatever the chance: small values always become 0."
def quantise(values, step, uniform):
    return np.round(values / step).astype(int)


# %% wrong: "astype(int) cuts towards 0, so negative values come out too high. Use np.floor."
def quantise(values, step, uniform):
    scaled = values / step
    below = scaled.astype(int)
    return below + (uniform < scaled - below)


# %% wrong: "Up and down are exchanged: go up when the uniform number is below the fraction."
def quantise(values, step, uniform):
    scaled = values / step
    below = np.floor(scaled)
    return (below + (uniform >= scaled - below)).astype(int)


# %% check
import numpy as np

CASES = [
    Case(
        "up and down",
        args=(np.array([1.3, 1.3]), 1.0, np.array([0.2, 0.4])),
        want=np.array([2, 1]),
    ),
    Case(
        "small values survive at times",
        args=(np.array([0.1, 0.1, 0.1]), 1.0, np.array([0.05, 0.5, 0.9])),
        want=np.array([1, 0, 0]),
    ),
    Case(
        "negative, with another step",
        args=(np.array([-0.65, -0.65]), 0.5, np.array([0.6, 0.8])),
        want=np.array([-1, -2]),
    ),
]
