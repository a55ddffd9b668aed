"""Exercise 2.6: Scale without looking at the test rows."""

# %% stub
import numpy as np


def standardise(X_train, X_test):
    """Return both tables with the training columns at mean 0 and deviation 1.

    The deviation is that of NumPy, with the number of rows below the root. A column
    that is constant in training is only centred. Both tables have n columns.
    """
    raise NotImplementedError


# %% solution
def standardise(X_train, X_test):
    mean, deviation = X_train.mean(axis=0), X_train.std(axis=0)
    deviation = np.where(deviation > 0, deviation, 1.0)
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
]
