"""Exercise 10.9: Huber's loss."""

# %% stub
import numpy as np


def huber(outputs, targets, delta):
    """Return the Huber loss and its gradient by the outputs.

    outputs and targets have one shape. The loss is a number, the mean over all entries;
    the gradient has the shape of outputs.
    """
    raise NotImplementedError


# %% solution
def huber(outputs, targets, delta):
    d = outputs - targets
    far = np.abs(d) > delta
    loss = np.where(far, delta * (np.abs(d) - delta / 2), d**2 / 2).mean()
    return loss, np.clip(d, -delta, delta) / d.size


# %% wrong: "The loss is a mean over all entries, so each slope is divided by their number."
def huber(outputs, targets, delta):
    d = outputs - targets
    far = np.abs(d) > delta
    loss = np.where(far, delta * (np.abs(d) - delta / 2), d**2 / 2).mean()
    return loss, np.clip(d, -delta, delta)


# %% wrong: "The mean is over all entries, not over the rows."
def huber(outputs, targets, delta):
    d = outputs - targets
    far = np.abs(d) > delta
    loss = np.where(far, delta * (np.abs(d) - delta / 2), d**2 / 2).sum() / len(d)
    return loss, np.clip(d, -delta, delta) / len(d)


# %% wrong: "The sign is wrong: output minus target, so that a step against it lowers the error."
def huber(outputs, targets, delta):
    d = targets - outputs
    far = np.abs(d) > delta
    loss = np.where(far, delta * (np.abs(d) - delta / 2), d**2 / 2).mean()
    return loss, np.clip(d, -delta, delta) / d.size


# %% wrong: "Beyond delta the slope is delta, not 1: the two parts must meet without a corner."
def huber(outputs, targets, delta):
    d = outputs - targets
    far = np.abs(d) > delta
    loss = np.where(far, delta * (np.abs(d) - delta / 2), d**2 / 2).mean()
    return loss, np.where(far, np.sign(d), d) / d.size


# %% wrong: "Negative errors can be far away, too: compare the absolute error with delta."
def huber(outputs, targets, delta):
    d = outputs - targets
    far = d > delta
    loss = np.where(far, delta * (np.abs(d) - delta / 2), d**2 / 2).mean()
    return loss, np.where(far, delta, d) / d.size


# %% wrong: "The loss jumps at delta: beyond it, delta times |d| less half of delta squared."
def huber(outputs, targets, delta):
    d = outputs - targets
    far = np.abs(d) > delta
    loss = np.where(far, delta * np.abs(d), d**2 / 2).mean()
    return loss, np.clip(d, -delta, delta) / d.size


# %% wrong: "Near zero the loss is half of the squared error."
def huber(outputs, targets, delta):
    d = outputs - targets
    far = np.abs(d) > delta
    loss = np.where(far, delta * (np.abs(d) - delta / 2), d**2).mean()
    return loss, np.where(far, delta * np.sign(d), 2 * d) / d.size


# %% wrong: "Beyond delta the slope does not vanish: far errors still pull, with limited force."
def huber(outputs, targets, delta):
    d = outputs - targets
    far = np.abs(d) > delta
    loss = np.where(far, delta * (np.abs(d) - delta / 2), d**2 / 2).mean()
    return loss, np.where(far, 0, d) / d.size


# %% wrong: "The slope has the sign of the error: where the output is too small, it is negative."
def huber(outputs, targets, delta):
    d = np.abs(outputs - targets)
    far = d > delta
    loss = np.where(far, delta * (d - delta / 2), d**2 / 2).mean()
    return loss, np.clip(d, -delta, delta) / d.size


# %% wrong: "Squared and absolute parts are exchanged: the square belongs to the small errors."
def huber(outputs, targets, delta):
    d = outputs - targets
    near = np.abs(d) <= delta
    loss = np.where(near, delta * (np.abs(d) - delta / 2), d**2 / 2).mean()
    return loss, np.where(near, delta * np.sign(d), d) / d.size


# %% wrong: "The loss is one number, the mean over all entries."
def huber(outputs, targets, delta):
    d = outputs - targets
    far = np.abs(d) > delta
    loss = np.where(far, delta * (np.abs(d) - delta / 2), d**2 / 2)
    return loss, np.clip(d, -delta, delta) / d.size


# %% wrong: "delta is an argument: it need not be 1."
def huber(outputs, targets, delta):
    d = outputs - targets
    far = np.abs(d) > 1
    loss = np.where(far, np.abs(d) - 0.5, d**2 / 2).mean()
    return loss, np.clip(d, -1, 1) / d.size


# %% wrong: "Return the loss and the gradient, in this order."
def huber(outputs, targets, delta):
    d = outputs - targets
    far = np.abs(d) > delta
    loss = np.where(far, delta * (np.abs(d) - delta / 2), d**2 / 2).mean()
    return np.clip(d, -delta, delta) / d.size, loss


# %% check
import numpy as np
from scipy.special import huber as _huber


def _by_differences(outputs, targets, delta, h=1e-6):
    gradient = np.zeros_like(outputs)
    for at in np.ndindex(outputs.shape):
        step = np.zeros_like(outputs)
        step[at] = h
        up, down = (_huber(delta, outputs + s - targets).mean() for s in (step, -step))
        gradient[at] = (up - down) / (2 * h)
    return gradient


_rng = np.random.default_rng(109)
_Z, _T = 3 * _rng.normal(size=(5, 3)), _rng.normal(size=(5, 3))
CASES = [
    Case(
        "two errors by hand: 3 and one half, with delta 2",
        args=(np.array([3.0, 0.5]), np.array([0.0, 0.0]), 2.0),
        want=((4.0 + 0.125) / 2, np.array([1.0, 0.25])),
    ),
    Case(
        "a negative error beyond delta, by hand",
        args=(np.array([[1.0], [2.0]]), np.array([[5.0], [2.0]]), 1.0),
        want=(3.5 / 2, np.array([[-0.5], [0.0]])),
    ),
    Case(
        "a table, against SciPy and finite differences",
        args=(_Z, _T, 1.5),
        want=(_huber(1.5, _Z - _T).mean(), _by_differences(_Z, _T, 1.5)),
        rtol=1e-5,
        atol=1e-7,
    ),
]
