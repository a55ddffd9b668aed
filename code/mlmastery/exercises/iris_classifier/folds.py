"""Exercise 2.5: Deal the rows into stratified folds."""

# %% stub
import numpy as np


def folds(y, n_folds):
    """Return for each row the number of its fold, 0 to n_folds - 1.

    Deal like cards: the rows of a class, in their order, go to fold 0, 1, ... and then
    0 again. The first class (in sorted order) starts at fold 0, and each next class
    goes on where the one before stopped, so that the folds are of equal size.
    y is an array of shape (m,); return an array of shape (m,).
    """
    raise NotImplementedError


# %% solution
def folds(y, n_folds):
    number, dealt = np.empty(len(y), dtype=int), 0
    for name in np.unique(y):
        rows = np.flatnonzero(y == name)
        number[rows] = (dealt + np.arange(len(rows))) % n_folds
        dealt += len(rows)
    return number


# %% wrong: "You dealt the rows without looking at their classes, so a fold may miss a class."
def folds(y, n_folds):
    return np.arange(len(y)) % n_folds


# %% wrong: "Each class started at fold 0 again, so the first folds become larger than the last."
def folds(y, n_folds):
    number = np.empty(len(y), dtype=int)
    for name in np.unique(y):
        rows = np.flatnonzero(y == name)
        number[rows] = np.arange(len(rows)) % n_folds
    return number


# %% wrong: "You cut each class into blocks. Deal the rows one at a time."
def folds(y, n_folds):
    number, dealt = np.empty(len(y), dtype=int), 0
    for name in np.unique(y):
        rows = np.flatnonzero(y == name)
        number[rows] = (dealt + np.arange(len(rows)) * n_folds // len(rows)) % n_folds
        dealt += len(rows)
    return number


# %% check
import numpy as np

CASES = [
    Case(
        "two classes in turn",
        args=(np.array(["a", "b", "a", "b"]), 2),
        want=np.array([0, 0, 1, 1]),
    ),
    # a: rows 0, 2, 3 go to 0, 1, 2; b goes on at 0: rows 1, 4, 5, 6 go to 0, 1, 2, 0
    Case(
        "seven rows, three folds",
        args=(np.array(["a", "b", "a", "a", "b", "b", "b"]), 3),
        want=np.array([0, 0, 1, 2, 1, 2, 0]),
    ),
    # 1: rows 0, 1, 2, 3 go to 0, 1, 2, 0; 2 goes on at 1: rows 4, 5 go to 1, 2
    Case(
        "sorted rows of unequal classes",
        args=(np.array([1, 1, 1, 1, 2, 2]), 3),
        want=np.array([0, 1, 2, 0, 1, 2]),
    ),
]
