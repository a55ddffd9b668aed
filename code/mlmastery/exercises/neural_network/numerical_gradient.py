"""Exercise 10.6: A gradient checker."""

# %% stub
import numpy as np


def numerical_gradient(cost, theta, h=1e-5):
    """Return the slope of cost in each entry of theta (n,).

    By central differences, h to each side. theta may hold integers and must
    come out as it went in.
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


# %% wrong: "The same step to the left only is still one-sided. Use both sides."
def numerical_gradient(cost, theta, h=1e-5):
    gradient = np.zeros(len(theta))
    for i in range(len(theta)):
        step = np.zeros(len(theta))
        step[i] = h
        gradient[i] = (cost(theta) - cost(theta - step)) / h
    return gradient


# %% wrong: "theta comes out changed: put the old value back after each entry, or work on a copy."
def numerical_gradient(cost, theta, h=1e-5):
    gradient = np.zeros(len(theta))
    for i in range(len(theta)):
        theta[i] += h
        up = cost(theta)
        theta[i] -= 2 * h
        gradient[i] = (up - cost(theta)) / (2 * h)
    return gradient


# %% wrong: "theta may hold integers, and an array of its type cuts the step off to 0. Make an array of floats."
def numerical_gradient(cost, theta, h=1e-5):
    gradient = np.zeros(len(theta))
    for i in range(len(theta)):
        step = np.zeros_like(theta)
        step[i] = h
        gradient[i] = (cost(theta + step) - cost(theta - step)) / (2 * h)
    return gradient


# %% wrong: "The sign is turned round: the cost after the step up comes first."
def numerical_gradient(cost, theta, h=1e-5):
    gradient = np.zeros(len(theta))
    for i in range(len(theta)):
        step = np.zeros(len(theta))
        step[i] = h
        gradient[i] = (cost(theta - step) - cost(theta + step)) / (2 * h)
    return gradient


# %% wrong: "The step must be h for every entry. In proportion to the entry it is 0 where the entry is."
def numerical_gradient(cost, theta, h=1e-5):
    gradient = np.zeros(len(theta))
    for i in range(len(theta)):
        step = np.zeros(len(theta))
        step[i] = h * theta[i]
        gradient[i] = (cost(theta + step) - cost(theta - step)) / (2 * h)
    return gradient


# %% wrong: "The entries before this one are still displaced. Start every entry with a new step."
def numerical_gradient(cost, theta, h=1e-5):
    gradient, step = np.zeros(len(theta)), np.zeros(len(theta))
    for i in range(len(theta)):
        step[i] = h
        gradient[i] = (cost(theta + step) - cost(theta - step)) / (2 * h)
    return gradient


# %% wrong: "You used a step of your own. The step is the argument h."
def numerical_gradient(cost, theta, h=1e-5):
    gradient, h = np.zeros(len(theta)), 1e-5
    for i in range(len(theta)):
        step = np.zeros(len(theta))
        step[i] = h
        gradient[i] = (cost(theta + step) - cost(theta - step)) / (2 * h)
    return gradient


# %% wrong: "Your two points lie h apart. Go the whole of h to each side."
def numerical_gradient(cost, theta, h=1e-5):
    gradient = np.zeros(len(theta))
    for i in range(len(theta)):
        step = np.zeros(len(theta))
        step[i] = h / 2
        gradient[i] = (cost(theta + step) - cost(theta - step)) / h
    return gradient


# %% wrong: "These are differences, not slopes: divide by the distance of the two points."
def numerical_gradient(cost, theta, h=1e-5):
    gradient = np.zeros(len(theta))
    for i in range(len(theta)):
        step = np.zeros(len(theta))
        step[i] = h
        gradient[i] = cost(theta + step) - cost(theta - step)
    return gradient


# %% wrong: "Only the first entry has a slope: the return stands inside the loop."
def numerical_gradient(cost, theta, h=1e-5):
    gradient = np.zeros(len(theta))
    for i in range(len(theta)):
        step = np.zeros(len(theta))
        step[i] = h
        gradient[i] = (cost(theta + step) - cost(theta - step)) / (2 * h)
        return gradient


# %% wrong: "Without brackets, / 2 * h divides by 2 and multiplies by h."
def numerical_gradient(cost, theta, h=1e-5):
    gradient = np.zeros(len(theta))
    for i in range(len(theta)):
        step = np.zeros(len(theta))
        step[i] = h
        gradient[i] = (cost(theta + step) - cost(theta - step)) / 2 * h
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
    Case(
        "integers, one of them zero",
        args=(_cubic, np.array([0, -1])),
        kwargs={"h": 0.1},
        want=np.array([0.01, 3.01]),
        rtol=1e-9,
    ),
]
