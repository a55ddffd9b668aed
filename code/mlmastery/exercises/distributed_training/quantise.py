"""Exercise 22.6: Rounding without bias."""

# %% stub
import numpy as np


def quantise(values, step, uniform):
    """Round values to multiples of step, up or down by chance.

    uniform holds numbers from 0 to 1, one for each value. A value a third of
    the way from one multiple to the next goes up when its uniform number lies
    below a third, so that the expected result is the value. Return integers,
    the numbers of steps: 1.5 is 3 steps of 0.5.
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


# %% wrong: "astype(int) cuts towards 0, and the multiple below a negative value lies further from 0."
def quantise(values, step, uniform):
    scaled = values / step
    below = scaled.astype(int)
    return below + (uniform < scaled - below)


# %% wrong: "Up and down are exchanged: go up when the uniform number is below the fraction."
def quantise(values, step, uniform):
    scaled = values / step
    below = np.floor(scaled)
    return (below + (uniform >= scaled - below)).astype(int)


# %% wrong: "The multiples themselves are asked for: the number of steps, not the value they stand for."
def quantise(values, step, uniform):
    scaled = values / step
    below = np.floor(scaled)
    return (below + (uniform < scaled - below)) * step


# %% wrong: "You rounded to whole numbers. Measure the values in steps first."
def quantise(values, step, uniform):
    below = np.floor(values)
    return (below + (uniform < values - below)).astype(int)


# %% wrong: "Divide by the step, do not multiply: a wide step means few multiples."
def quantise(values, step, uniform):
    scaled = values * step
    below = np.floor(scaled)
    return (below + (uniform < scaled - below)).astype(int)


# %% wrong: "Every value went down, so the expected result is too small. The uniform numbers decide."
def quantise(values, step, uniform):
    return np.floor(values / step).astype(int)


# %% wrong: "Every value went up, so the expected result is too large. The uniform numbers decide."
def quantise(values, step, uniform):
    return np.ceil(values / step).astype(int)


# %% wrong: "A value goes up only if its number lies below the fraction. You went up when they are equal, too."
def quantise(values, step, uniform):
    scaled = values / step
    below = np.floor(scaled)
    return (below + (uniform <= scaled - below)).astype(int)


# %% wrong: "Right on average, but at other numbers than asked for: go up when the number lies below the fraction."
def quantise(values, step, uniform):
    return np.floor(values / step + uniform).astype(int)


# %% wrong: "The chance of going up is the fraction, not one half."
def quantise(values, step, uniform):
    scaled = values / step
    below = np.floor(scaled)
    return (below + ((uniform < 0.5) & (scaled > below))).astype(int)


# %% wrong: "For negative values the fraction counts from the multiple below, too. Yours is negative, and nothing goes up."
def quantise(values, step, uniform):
    scaled = values / step
    return (np.floor(scaled) + (uniform < np.modf(scaled)[0])).astype(int)


# %% wrong: "The fraction is a share of one step: divide what is left by the step as well."
def quantise(values, step, uniform):
    below = np.floor(values / step)
    return (below + (uniform < values - below * step)).astype(int)


# %% wrong: "Up means towards larger values. Yours goes away from 0."
def quantise(values, step, uniform):
    scaled = np.abs(values) / step
    below = np.floor(scaled)
    return (np.sign(values) * (below + (uniform < scaled - below))).astype(int)


# %% wrong: "The array belongs to the caller, and `/=` changes it. Compute a new one."
def quantise(values, step, uniform):
    values /= step
    below = np.floor(values)
    return (below + (uniform < values - below)).astype(int)


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
        args=(np.array([-0.65, -0.65, -0.65]), 0.5, np.array([0.1, 0.6, 0.8])),
        want=np.array([-1, -1, -2]),
    ),
    Case(
        "a number equal to the fraction is not below it",
        args=(np.array([0.5, -0.5]), 2.0, np.array([0.25, 0.75])),
        want=np.array([0, -1]),
    ),
    Case(
        "multiples stay, whatever the number",
        args=(np.array([1.0, -1.5, 0.0]), 0.5, np.array([0.0, 0.9, 0.0])),
        want=np.array([2, -3, 0]),
    ),
]
