"""Exercise 5.1: An error in per cent."""

# %% stub
import numpy as np


def rmsle(y_true, y_pred):
    """Return the root mean squared difference of the natural logarithms.

    y_true and y_pred are positive prices of shape (m,).
    """
    raise NotImplementedError


# %% solution
def rmsle(y_true, y_pred):
    ratio = np.log(np.asarray(y_pred) / np.asarray(y_true))
    return np.sqrt(np.mean(ratio**2))


# %% wrong: "That is the logarithm of the error in dollars. Take logarithms of the prices first, then the difference."
def rmsle(y_true, y_pred):
    return np.log(np.sqrt(np.mean((np.asarray(y_pred) - np.asarray(y_true)) ** 2)))


# %% wrong: "The mean of the squares lacks its square root."
def rmsle(y_true, y_pred):
    return np.mean(np.log(np.asarray(y_pred) / np.asarray(y_true)) ** 2)


# %% wrong: "You averaged absolute differences. Square, average, then take the root."
def rmsle(y_true, y_pred):
    return np.mean(np.abs(np.log(np.asarray(y_pred) / np.asarray(y_true))))


# %% check
import numpy as np

_y = np.array([100_000.0, 150_000.0, 400_000.0])
CASES = [
    Case("twice too high everywhere", args=(_y, 2 * _y), want=np.log(2)),
    Case("perfect", args=(_y, _y), want=0.0),
    # ln 2 and 0: the mean of the squares is ln(2)^2 / 2
    Case(
        "half of the prices right",
        args=(np.array([100.0, 100.0]), np.array([50.0, 100.0])),
        want=np.log(2) / np.sqrt(2),
    ),
]
