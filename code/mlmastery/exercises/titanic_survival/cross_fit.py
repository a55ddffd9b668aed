"""Exercise 4.7: Cross-fitting."""

# %% stub
import numpy as np


def cross_fit(values, y, fold):
    """Encode each row by the mean of y among rows of its value in *other* folds.

    values, y and fold are arrays of one length; fold holds the number of each row's
    fold, any whole number. A value that the other folds lack gets the mean of y in the other folds.
    """
    raise NotImplementedError


# %% solution
import numpy as np


def cross_fit(values, y, fold):
    encoded = np.empty(len(y))
    for i in range(len(y)):
        others = fold != fold[i]
        alike = others & (values == values[i])
        encoded[i] = y[alike].mean() if alike.any() else y[others].mean()
    return encoded


# %% wrong: "The row's own outcome is in its mean: leave its whole fold out."
import numpy as np


def cross_fit(values, y, fold):
    return np.array([y[values == v].mean() for v in values])


# %% wrong: "Rows are encoded by their own fold. Take all the others."
import numpy as np


def cross_fit(values, y, fold):
    alike = [(fold == f) & (values == v) for v, f in zip(values, fold)]
    return np.array([y[rows].mean() for rows in alike])


# %% wrong: "For a value that the other folds lack, use the mean of the other folds, not of all rows."
import numpy as np


def cross_fit(values, y, fold):
    encoded = np.empty(len(y))
    for i in range(len(y)):
        alike = (fold != fold[i]) & (values == values[i])
        encoded[i] = y[alike].mean() if alike.any() else y.mean()
    return encoded


# %% wrong: "This leaves out the row only, not its fold."
import numpy as np


def cross_fit(values, y, fold):
    encoded = np.empty(len(y))
    for i in range(len(y)):
        others = np.arange(len(y)) != i
        alike = others & (values == values[i])
        encoded[i] = y[alike].mean() if alike.any() else y[others].mean()
    return encoded


# %% wrong: "A value that the other folds lack became NaN, the mean of nothing. Give it the mean of y in the other folds."
def cross_fit(values, y, fold):
    encoded = np.full(len(y), np.nan)
    for i in range(len(y)):
        alike = (fold != fold[i]) & (values == values[i])
        if alike.any():
            encoded[i] = y[alike].mean()
    return encoded


# %% wrong: "A value that the other folds lack got 0, as if all had died. Give it the mean of y in the other folds."
def cross_fit(values, y, fold):
    encoded = np.zeros(len(y))
    for i in range(len(y)):
        alike = (fold != fold[i]) & (values == values[i])
        if alike.any():
            encoded[i] = y[alike].mean()
    return encoded


# %% wrong: "You averaged the means of the other folds. A fold with more rows of the value must count more: take one mean over all those rows."
def cross_fit(values, y, fold):
    encoded = np.empty(len(y))
    for i in range(len(y)):
        others = fold != fold[i]
        masks = [(fold == f) & (values == values[i]) for f in np.unique(fold[others])]
        means = [y[mask].mean() for mask in masks if mask.any()]
        encoded[i] = np.mean(means) if means else y[others].mean()
    return encoded


# %% wrong: "A value that the other folds lack got the mean of its own fold, which knows its own outcome."
def cross_fit(values, y, fold):
    encoded = np.empty(len(y))
    for i in range(len(y)):
        alike = (fold != fold[i]) & (values == values[i])
        own = fold == fold[i]
        encoded[i] = y[alike].mean() if alike.any() else y[own].mean()
    return encoded


# %% wrong: "Only folds with a smaller number were used. All other folds may be."
def cross_fit(values, y, fold):
    encoded = np.full(len(y), y.mean())
    for i in range(len(y)):
        others = fold < fold[i]
        alike = others & (values == values[i])
        if others.any():
            encoded[i] = y[alike].mean() if alike.any() else y[others].mean()
    return encoded


# %% wrong: "Every row of a fold got the same number. Among the other folds, take only the rows of the same value."
def cross_fit(values, y, fold):
    return np.array([y[fold != f].mean() for f in fold])


# %% wrong: "These are sums. Divide by the number of rows that were added up."
def cross_fit(values, y, fold):
    encoded = np.empty(len(y))
    for i in range(len(y)):
        others = fold != fold[i]
        alike = others & (values == values[i])
        encoded[i] = y[alike].sum() if alike.any() else y[others].mean()
    return encoded


# %% wrong: "Some folds were never reached. Their numbers need not be 0, 1, 2; loop over those that occur."
def cross_fit(values, y, fold):
    encoded = np.zeros(len(y))
    for f in range(len(np.unique(fold))):
        for i in np.flatnonzero(fold == f):
            alike = (fold != f) & (values == values[i])
            encoded[i] = y[alike].mean() if alike.any() else y[fold != f].mean()
    return encoded


# %% wrong: "The numbers came back fold by fold. Each must stand at the place of its row."
def cross_fit(values, y, fold):
    encoded = []
    for i in np.argsort(fold, kind="stable"):
        others = fold != fold[i]
        alike = others & (values == values[i])
        encoded.append(y[alike].mean() if alike.any() else y[others].mean())
    return np.array(encoded)


# %% wrong
def cross_fit(values, y, fold):
    encoded = np.empty(len(y))
    for i in range(len(y)):
        others = fold != fold[i]
        alike = others & (values == values[i])
        encoded[i] = np.median(y[alike]) if alike.any() else y[others].mean()
    return encoded


# %% check
import numpy as np

CASES = [
    Case(
        "two values, two folds",
        args=(
            np.array(["a", "a", "a", "b", "b", "b"]),
            np.array([1.0, 1.0, 0.0, 0.0, 0.0, 1.0]),
            np.array([0, 0, 1, 0, 1, 1]),
        ),
        want=np.array([0.0, 0.0, 1.0, 0.5, 0.0, 0.0]),
    ),
    Case(
        "a value in one fold only",
        args=(
            np.array(["a", "b", "b", "b"]),
            np.array([1.0, 1.0, 1.0, 0.0]),
            np.array([0, 1, 1, 0]),
        ),
        want=np.array([1.0, 0.0, 0.0, 1.0]),
    ),
    # row 0 sees 0, 1, 0; row 2 sees 1, 1, 0; rows 3 and 5 see 1, 0
    Case(
        "three folds of different sizes, numbered from 1",
        args=(
            np.array(["a", "b", "a", "a", "b", "a"]),
            np.array([1.0, 0.0, 0.0, 1.0, 1.0, 0.0]),
            np.array([1, 2, 2, 3, 3, 3]),
        ),
        want=np.array([1 / 3, 1.0, 2 / 3, 0.5, 0.0, 0.5]),
    ),
]
