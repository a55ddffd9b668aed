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


# %% wrong: "Your folds go round without regard to the classes. Deal one class after another, and put each number at the place of its row."
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


# %% wrong: "The classes came in the order in which they first occur. Deal them in sorted order."
def folds(y, n_folds):
    number, dealt = np.empty(len(y), dtype=int), 0
    for name in dict.fromkeys(y.tolist()):
        rows = np.flatnonzero(y == name)
        number[rows] = (dealt + np.arange(len(rows))) % n_folds
        dealt += len(rows)
    return number


# %% wrong: "The largest class was dealt first. Deal the classes in sorted order."
def folds(y, n_folds):
    number, dealt = np.empty(len(y), dtype=int), 0
    classes, sizes = np.unique(y, return_counts=True)
    for name in classes[np.argsort(-sizes, kind="stable")]:
        rows = np.flatnonzero(y == name)
        number[rows] = (dealt + np.arange(len(rows))) % n_folds
        dealt += len(rows)
    return number


# %% wrong: "The folds are numbered from 0, not from 1."
def folds(y, n_folds):
    number, dealt = np.empty(len(y), dtype=int), 0
    for name in np.unique(y):
        rows = np.flatnonzero(y == name)
        number[rows] = (dealt + np.arange(len(rows))) % n_folds + 1
        dealt += len(rows)
    return number


# %% wrong: "After the last fold you went backwards. Begin at fold 0 again."
def folds(y, n_folds):
    number, dealt = np.empty(len(y), dtype=int), 0
    cycle = [*range(n_folds), *reversed(range(n_folds))]
    for name in np.unique(y):
        for row in np.flatnonzero(y == name):
            number[row] = cycle[dealt % len(cycle)]
            dealt += 1
    return number


# %% wrong: "A class started at the fold that had the last row of the class before. It starts at the one after."
def folds(y, n_folds):
    number, dealt = np.empty(len(y), dtype=int), 0
    for name in np.unique(y):
        rows = np.flatnonzero(y == name)
        number[rows] = (dealt + np.arange(len(rows))) % n_folds
        dealt += len(rows) - 1
    return number


# %% wrong: "Each class started one fold after the start of the class before. It goes on where that one stopped."
def folds(y, n_folds):
    number = np.empty(len(y), dtype=int)
    for start, name in enumerate(np.unique(y)):
        rows = np.flatnonzero(y == name)
        number[rows] = (start + np.arange(len(rows))) % n_folds
    return number


# %% wrong: "You sorted by class and cut the result into blocks, so that a fold holds few classes. Deal the rows one at a time."
def folds(y, n_folds):
    number = np.empty(len(y), dtype=int)
    number[np.argsort(y, kind="stable")] = np.arange(len(y)) * n_folds // len(y)
    return number


# %% wrong: "These are the rows of each fold. Return the number of the fold for each row."
def folds(y, n_folds):
    order = np.argsort(y, kind="stable")
    return [sorted(order[fold::n_folds].tolist()) for fold in range(n_folds)]


# %% wrong: "The rows of a class were dealt from the last to the first. Keep their order."
def folds(y, n_folds):
    number, dealt = np.empty(len(y), dtype=int), 0
    for name in np.unique(y):
        rows = np.flatnonzero(y == name)[::-1]
        number[rows] = (dealt + np.arange(len(rows))) % n_folds
        dealt += len(rows)
    return number


# %% wrong
def folds(y, n_folds):
    rng = np.random.default_rng(0)
    number, dealt = np.empty(len(y), dtype=int), 0
    for name in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == name))
        number[rows] = (dealt + np.arange(len(rows))) % n_folds
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
    # a: rows 1, 4 go to 0, 1; b goes on at 2: rows 0, 2, 5, 6 go to 2, 0, 1, 2;
    # c goes on at 0: row 3
    Case(
        "the second class occurs first and is the largest",
        args=(np.array(["b", "a", "b", "c", "a", "b", "b"]), 3),
        want=np.array([2, 0, 0, 0, 1, 1, 2]),
    ),
    # a: rows 1, 2 go to 0, 1; b goes on at 2: row 0; c at 3: row 3
    Case(
        "more folds than rows",
        args=(np.array(["b", "a", "a", "c"]), 6),
        want=np.array([2, 0, 1, 3]),
    ),
]
