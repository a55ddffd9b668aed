"""Exercise 4.6: A rate, shrunken."""

# %% stub
import numpy as np


def shrunken_rate(values, y, m):
    """Return a dict: for each value, its mean of y, shrunken as in the equation.

    values and y are arrays of the same length; m is the number of imagined rows that
    have the overall mean.
    """
    raise NotImplementedError


# %% solution
import numpy as np


def shrunken_rate(values, y, m):
    return {
        v: (y[values == v].sum() + m * y.mean()) / ((values == v).sum() + m)
        for v in np.unique(values)
    }


# %% wrong: "These are plain means: m has no effect."
import numpy as np


def shrunken_rate(values, y, m):
    return {v: y[values == v].mean() for v in np.unique(values)}


# %% wrong: "The imagined rows count below the line but bring no outcome: add m times the overall mean above it."
import numpy as np


def shrunken_rate(values, y, m):
    return {
        v: y[values == v].sum() / ((values == v).sum() + m) for v in np.unique(values)
    }


# %% wrong: "Shrink towards the mean of y, not towards one half."
import numpy as np


def shrunken_rate(values, y, m):
    return {
        v: (y[values == v].sum() + m * 0.5) / ((values == v).sum() + m)
        for v in np.unique(values)
    }


# %% check
import numpy as np

VALUES = np.array(["a", "a", "a", "b"])
Y = np.array([1.0, 1.0, 1.0, 0.0])
CASES = [
    Case("no smoothing", args=(VALUES, Y, 0), want={"a": 1.0, "b": 0.0}),
    Case("one imagined row", args=(VALUES, Y, 1), want={"a": 3.75 / 4, "b": 0.75 / 2}),
    Case("many", args=(VALUES, Y, 96), want={"a": 75 / 99, "b": 72 / 97}),
]
