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


# %% wrong: "You averaged absolute differences. Square them, average, then take the root."
def rmsle(y_true, y_pred):
    return np.mean(np.abs(np.log(np.asarray(y_pred) / np.asarray(y_true))))


# %% wrong: "You added 1 to the prices, as scikit-learn's metric does. The equation takes the logarithms of the prices themselves."
def rmsle(y_true, y_pred):
    return np.sqrt(np.mean((np.log1p(y_pred) - np.log1p(y_true)) ** 2))


# %% wrong: "These are logarithms to base 10. The equation has natural ones."
def rmsle(y_true, y_pred):
    return np.sqrt(np.mean((np.log10(y_pred) - np.log10(y_true)) ** 2))


# %% wrong: "These are logarithms to base 2. The equation has natural ones."
def rmsle(y_true, y_pred):
    return np.sqrt(np.mean((np.log2(y_pred) - np.log2(y_true)) ** 2))


# %% wrong: "No logarithm was taken: this is the error in dollars."
def rmsle(y_true, y_pred):
    return np.sqrt(np.mean((np.asarray(y_pred) - np.asarray(y_true)) ** 2))


# %% wrong: "You divided the difference by the true price. For large errors that is not the difference of the logarithms."
def rmsle(y_true, y_pred):
    return np.sqrt(np.mean((np.asarray(y_pred) / np.asarray(y_true) - 1) ** 2))


# %% wrong: "You averaged before squaring, so too high and too low cancel. Square each difference first."
def rmsle(y_true, y_pred):
    return np.sqrt(np.mean(np.log(np.asarray(y_pred) / np.asarray(y_true))) ** 2)


# %% wrong: "A standard deviation subtracts the mean first, so prices that are all twice too high look perfect."
def rmsle(y_true, y_pred):
    return np.std(np.log(np.asarray(y_pred) / np.asarray(y_true)))


# %% wrong: "You summed the squares. Take their mean before the root."
def rmsle(y_true, y_pred):
    return np.sqrt(np.sum(np.log(np.asarray(y_pred) / np.asarray(y_true)) ** 2))


# %% wrong: "You turned the result back into a factor. The error stays on the scale of the logarithms."
def rmsle(y_true, y_pred):
    ratio = np.log(np.asarray(y_pred) / np.asarray(y_true))
    return np.exp(np.sqrt(np.mean(ratio**2))) - 1


# %% wrong: "You divided by m - 1. A mean over m prices divides by m."
def rmsle(y_true, y_pred):
    ratio = np.log(np.asarray(y_pred) / np.asarray(y_true))
    return np.sqrt(np.sum(ratio**2) / (len(ratio) - 1))


# %% wrong: "This is the median of the differences. The task asks for the root of their mean square."
def rmsle(y_true, y_pred):
    return np.median(np.abs(np.log(np.asarray(y_pred) / np.asarray(y_true))))


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
    # logarithms of the ratios 1, -3 and 0: the mean of the squares is 10 / 3
    Case(
        "too high and too low",
        args=(np.full(3, 100.0), 100 * np.array([np.e, np.e**-3, 1.0])),
        want=np.sqrt(10 / 3),
    ),
]
