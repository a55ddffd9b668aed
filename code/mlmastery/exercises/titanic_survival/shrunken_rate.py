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


# %% wrong: "The imagined rows bring an outcome but are not counted below the line."
def shrunken_rate(values, y, m):
    return {
        v: (y[values == v].sum() + m * y.mean()) / (values == v).sum()
        for v in np.unique(values)
    }


# %% wrong: "Above the line stands the mean of the value where the equation has its sum, n times the mean."
def shrunken_rate(values, y, m):
    return {
        v: (y[values == v].mean() + m * y.mean()) / ((values == v).sum() + m)
        for v in np.unique(values)
    }


# %% wrong: "You used m as a share between the two means. It is a number of rows, so a value with many rows must shrink less."
def shrunken_rate(values, y, m):
    return {
        v: (1 - m) * y[values == v].mean() + m * y.mean() for v in np.unique(values)
    }


# %% wrong: "You shrink towards the mean of the values' means. The overall mean is over all rows, so a frequent value counts more."
def shrunken_rate(values, y, m):
    names = np.unique(values)
    overall = np.mean([y[values == v].mean() for v in names])
    return {
        v: (y[values == v].sum() + m * overall) / ((values == v).sum() + m)
        for v in names
    }


# %% wrong: "The result must be a dictionary with one entry for each value, not one number for each row."
def shrunken_rate(values, y, m):
    return np.array(
        [
            (y[values == v].sum() + m * y.mean()) / ((values == v).sum() + m)
            for v in values
        ]
    )


# %% wrong: "Below the line stands the number of all rows. Count only those of the value."
def shrunken_rate(values, y, m):
    return {
        v: (y[values == v].sum() + m * y.mean()) / (len(y) + m)
        for v in np.unique(values)
    }


# %% wrong: "The two means have changed places: the value's own rows carry its own mean, the imagined ones the overall mean."
def shrunken_rate(values, y, m):
    return {
        v: ((values == v).sum() * y.mean() + m * y[values == v].mean())
        / ((values == v).sum() + m)
        for v in np.unique(values)
    }


# %% wrong: "All imagined passengers survived. They should survive as often as the average."
def shrunken_rate(values, y, m):
    return {
        v: (y[values == v].sum() + m) / ((values == v).sum() + m)
        for v in np.unique(values)
    }


# %% wrong: "Above the line m is multiplied by the sum of y. The equation has the overall mean there."
def shrunken_rate(values, y, m):
    return {
        v: (y[values == v].sum() + m * y.sum()) / ((values == v).sum() + m)
        for v in np.unique(values)
    }


# %% wrong
def shrunken_rate(values, y, m):
    return {
        v: (y[values == v].sum() + m) / ((values == v).sum() + 2 * m)
        for v in np.unique(values)
    }


# %% wrong
def shrunken_rate(values, y, m):
    return {
        v: (y[values == v].sum() + m * y.mean()) // ((values == v).sum() + m)
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
    # overall 4 / 5, so two imagined rows bring 1.6
    Case(
        "classes as values",
        args=(np.array([3, 1, 3, 1, 3]), np.array([1.0, 1.0, 0.0, 1.0, 1.0]), 2),
        want={1: 3.6 / 4, 3: 3.6 / 5},
    ),
]
