"""Exercise 10.6: A gradient checker."""

# %% stub
import numpy as np


def numerical_gradient(cost, theta, h=1e-5):
    """Return the slope of cost in each entry of theta (n,).

    By central differences. theta must come out as it went in.
    """
    raise NotImplementedError


# %% solution
def numerical_gradient(cost, theta, h=1e-5):
    gradient = np.zeros(len(theta))
    for i in range(len(theta)):
        step = np.zeros(len(theta))
        step[i] = h
        gradient[i] = (cost(theta + step) - cost(theta - step)) / (2 * h)
    return gradient


# %% wrong: "The two points are 2h apart, so divide by 2h."
def numerical_gradient(cost, theta, h=1e-5):
    gradient = np.zeros(len(theta))
    for i in range(len(theta)):
        step = np.zeros(len(theta))
        step[i] = h
        gradient[i] = (cost(theta + step) - cost(theta - step)) / h
    return gradient


# %% wrong: "Move one entry at a time: moving all at once gives one slope, in one direction."
def numerical_gradient(cost, theta, h=1e-5):
    slope = (cost(theta + h) - cost(theta - h)) / (2 * h)
    return np.full(len(theta), slope)


# %% wrong: "A one-sided difference errs in proportion to h. Step to both sides: the error then goes with h squared."
def numerical_gradient(cost, theta, h=1e-5):
    gradient = np.zeros(len(theta))
    for i in range(len(theta)):
        step = np.zeros(len(theta))
        step[i] = h
        gradient[i] = (cost(theta + step) - cost(theta)) / h
    return gradient


# %% check
import numpy as np


def _cubic(t):
    return float((np.asarray(t) ** 3).sum())


def _mixed(t):
    return float(np.sin(t[0]) * t[1] + np.exp(t[2]))


CASES = [
    Case(
        "a sum of cubes, with a wide step",
        args=(_cubic, np.array([1.0, 2.0])),
        kwargs={"h": 0.1},
        want=np.array([3.01, 12.01]),
        rtol=1e-9,
    ),
    Case(
        "three entries that interact",
        args=(_mixed, np.array([0.5, 2.0, -1.0])),
        want=np.array([2 * np.cos(0.5), np.sin(0.5), np.exp(-1.0)]),
        rtol=1e-7,
    ),
]
