"""Exercise 2.6: Scale without looking at the test rows."""

# %% stub
import numpy as np


def standardise(X_train, X_test):
    """Return both tables with the training columns at mean 0 and deviation 1.

    The deviation is that of NumPy, with the number of rows below the root. A column
    that is constant in training is only centred. Both tables have n columns and stay as
    they are; return the training table first.
    """
    raise NotImplementedError


# %% solution
def standardise(X_train, X_test):
    mean, varies = X_train.mean(axis=0), np.ptp(X_train, axis=0) > 0
    deviation = np.where(varies, X_train.std(axis=0), 1.0)
    return (X_train - mean) / deviation, (X_test - mean) / deviation


# %% wrong: "The test rows took part in the mean: that is a leak. Learn mean and deviation from X_train alone."
def standardise(X_train, X_test):
    both = np.vstack([X_train, X_test])
    mean, deviation = both.mean(axis=0), both.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1.0)
    return (X_train - mean) / deviation, (X_test - mean) / deviation


# %% wrong: "You scaled each table by itself, so equal flowers become different numbers. Apply the training mean to the test rows."
def standardise(X_train, X_test):
    def scaled(X):
        deviation = X.std(axis=0)
        return (X - X.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)

    return scaled(X_train), scaled(X_test)


# %% wrong: "One mean for the whole table mixes the columns. Each column has its own: axis=0."
def standardise(X_train, X_test):
    mean, deviation = X_train.mean(), X_train.std()
    deviation = deviation if deviation > 0 else 1.0
    return (X_train - mean) / deviation, (X_test - mean) / deviation


# %% wrong: "A constant column must not be divided by its deviation, which is zero."
def standardise(X_train, X_test):
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (X_train - mean) / deviation, (X_test - mean) / deviation


# %% wrong: "You divided by the number of rows minus one below the root (ddof=1, the default of pandas). NumPy's deviation divides by all."
def standardise(X_train, X_test):
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0, ddof=1)
    deviation = np.where(deviation > 0, deviation, 1.0)
    return (X_train - mean) / deviation, (X_test - mean) / deviation


# %% wrong: "You divided by the variance. Its root, the deviation, is in the units of the column."
def standardise(X_train, X_test):
    mean, variance = X_train.mean(axis=0), X_train.var(axis=0)
    variance = np.where(variance > 0, variance, 1.0)
    return (X_train - mean) / variance, (X_test - mean) / variance


# %% wrong: "The columns are centred, but not scaled: their deviations are not 1."
def standardise(X_train, X_test):
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1.0)
    return X_train - mean, X_test - mean


# %% wrong: "The columns are scaled, but not centred: subtract the training mean first."
def standardise(X_train, X_test):
    deviation = X_train.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1.0)
    return X_train / deviation, X_test / deviation


# %% wrong: "This scales each column to lie between 0 and 1. Use mean and deviation, not the smallest and the largest value."
def standardise(X_train, X_test):
    low, width = X_train.min(axis=0), np.ptp(X_train, axis=0)
    width = np.where(width > 0, width, 1.0)
    return (X_train - low) / width, (X_test - low) / width


# %% wrong: "The order is wrong: the training table first, then the test table."
def standardise(X_train, X_test):
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1.0)
    return (X_test - mean) / deviation, (X_train - mean) / deviation


# %% wrong: "The test rows were centred at their own mean. Both numbers come from training."
def standardise(X_train, X_test):
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1.0)
    return (X_train - mean) / deviation, (X_test - X_test.mean(axis=0)) / deviation


# %% wrong: "The test table came back as it was: mean and deviation were taken from a training table that was scaled already."
def standardise(X_train, X_test):
    for _ in range(2):
        mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
        deviation = np.where(deviation > 0, deviation, 1.0)
        X_train = (X_train - mean) / deviation
    return X_train, (X_test - mean) / deviation


# %% wrong: "A column that is constant in training became zero in the test rows, too. Only centre it, so that a new value shows."
def standardise(X_train, X_test):
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1.0)
    return (X_train - mean) / deviation, (X_test - mean) / deviation * (
        X_train.std(axis=0) > 0
    )


# %% wrong: "The column that is constant in training is gone. Both tables keep their n columns."
def standardise(X_train, X_test):
    varies = X_train.std(axis=0) > 0
    X_train, X_test = X_train[:, varies], X_test[:, varies]
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    return (X_train - mean) / deviation, (X_test - mean) / deviation


# %% wrong: "A small number added to the deviation avoids the zero, but blows a constant column up in the test rows. Only centre such a column."
def standardise(X_train, X_test):
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0) + 1e-8
    return (X_train - mean) / deviation, (X_test - mean) / deviation


# %% wrong: "A column that is constant in training was left as it is. It is centred like the others, but not divided."
def standardise(X_train, X_test):
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    mean = np.where(deviation > 0, mean, 0.0)
    deviation = np.where(deviation > 0, deviation, 1.0)
    return (X_train - mean) / deviation, (X_test - mean) / deviation


# %% wrong: "Your means run along the rows, across columns of different units. Each column has its own: axis=0."
def standardise(X_train, X_test):
    def scaled(X):
        deviation = X.std(axis=1, keepdims=True)
        deviation = np.where(deviation > 0, deviation, 1.0)
        return (X - X.mean(axis=1, keepdims=True)) / deviation

    return scaled(X_train), scaled(X_test)


# %% wrong: "Rounding gives a constant column of 0.1 a deviation that is tiny, not zero. Ask whether the values differ, not whether the deviation is zero."
def standardise(X_train, X_test):
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1.0)
    return (X_train - mean) / deviation, (X_test - mean) / deviation


# %% wrong
def standardise(X_train, X_test):
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    X_train -= mean
    X_train /= np.where(deviation > 0, deviation, 1.0)
    return X_train, (X_test - mean) / np.where(deviation > 0, deviation, 1.0)


# %% check
import numpy as np

CASES = [
    # column 1: mean 2, deviation 1; column 2: mean 20, deviation 10
    Case(
        "two columns of different size",
        args=(
            np.array([[1.0, 10.0], [3.0, 30.0]]),
            np.array([[2.0, 40.0], [5.0, 20.0]]),
        ),
        want=(
            np.array([[-1.0, -1.0], [1.0, 1.0]]),
            np.array([[0.0, 2.0], [3.0, 0.0]]),
        ),
    ),
    Case(
        "a column that is constant in training",
        args=(np.array([[0.0, 7.0], [2.0, 7.0]]), np.array([[1.0, 9.0]])),
        want=(np.array([[-1.0, 0.0], [1.0, 0.0]]), np.array([[0.0, 2.0]])),
    ),
    # mean 5, deviation 1/4; the test row is one unit, four deviations, above
    Case(
        "a column with a deviation below one",
        args=(np.array([[4.75], [5.25], [4.75], [5.25]]), np.array([[6.0]])),
        want=(np.array([[-1.0], [1.0], [-1.0], [1.0]]), np.array([[4.0]])),
    ),
    # column 2: constant, but its mean differs from 0.1 by rounding
    Case(
        "a constant column that is no round number",
        args=(
            np.array([[1.0, 0.1], [2.0, 0.1], [3.0, 0.1]]),
            np.array([[2.0, 0.3]]),
        ),
        want=(
            np.array([[-(1.5**0.5), 0.0], [0.0, 0.0], [1.5**0.5, 0.0]]),
            np.array([[0.0, 0.2]]),
        ),
    ),
]
