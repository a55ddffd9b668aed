"""Exercise 9.5: Folds with a gap."""


# %% stub
def walk_forward(n, n_train, n_test, gap):
    """Return the folds of n rows as a list of pairs (train, test) of lists of rows.

    The first test part begins at row n_train, and each next one where the last one ended;
    all have n_test rows, and rows left over at the end are not used. A training part has
    the n_train rows before its test part, without the last gap of them.
    """
    raise NotImplementedError


# %% solution
def walk_forward(n, n_train, n_test, gap):
    folds = []
    for start in range(n_train, n - n_test + 1, n_test):
        train = list(range(start - n_train, start - gap))
        folds.append((train, list(range(start, start + n_test))))
    return folds


# %% wrong: "The gap is missing: training ends right before the test part."
def walk_forward(n, n_train, n_test, gap):
    folds = []
    for start in range(n_train, n - n_test + 1, n_test):
        train = list(range(start - n_train, start))
        folds.append((train, list(range(start, start + n_test))))
    return folds


# %% wrong: "The gap is taken off the beginning of the training part. The rows next to the test part overlap with it."
def walk_forward(n, n_train, n_test, gap):
    folds = []
    for start in range(n_train, n - n_test + 1, n_test):
        train = list(range(start - n_train + gap, start))
        folds.append((train, list(range(start, start + n_test))))
    return folds


# %% wrong: "The training part is moved back by the gap. It begins n_train rows before the test part."
def walk_forward(n, n_train, n_test, gap):
    folds = []
    for start in range(n_train, n - n_test + 1, n_test):
        train = list(range(max(start - n_train - gap, 0), start - gap))
        folds.append((train, list(range(start, start + n_test))))
    return folds


# %% wrong: "The test part is moved by the gap: test parts follow each other from row n_train on."
def walk_forward(n, n_train, n_test, gap):
    folds = []
    for start in range(n_train, n - n_test + 1, n_test):
        train = list(range(start - n_train, start - gap))
        folds.append((train, list(range(start + gap, start + n_test + gap))))
    return folds


# %% wrong: "The last whole fold is missing."
def walk_forward(n, n_train, n_test, gap):
    folds = []
    for start in range(n_train, n - n_test, n_test):
        train = list(range(start - n_train, start - gap))
        folds.append((train, list(range(start, start + n_test))))
    return folds


# %% wrong: "The last fold reaches beyond the rows: it is left out unless it is whole."
def walk_forward(n, n_train, n_test, gap):
    folds = []
    for start in range(n_train, n, n_test):
        train = list(range(start - n_train, start - gap))
        folds.append((train, list(range(start, start + n_test))))
    return folds


# %% wrong: "The test parts overlap: the step is n_test rows."
def walk_forward(n, n_train, n_test, gap):
    folds = []
    for start in range(n_train, n - n_test + 1, 1):
        train = list(range(start - n_train, start - gap))
        folds.append((train, list(range(start, start + n_test))))
    return folds


# %% wrong: "Training starts at the first row in each fold. Here the window has n_train rows and moves."
def walk_forward(n, n_train, n_test, gap):
    folds = []
    for start in range(n_train, n - n_test + 1, n_test):
        train = list(range(0, start - gap))
        folds.append((train, list(range(start, start + n_test))))
    return folds


# %% wrong: "The last row of the test part is missing: a range ends before its stop."
def walk_forward(n, n_train, n_test, gap):
    folds = []
    for start in range(n_train, n - n_test + 1, n_test):
        train = list(range(start - n_train, start - gap))
        folds.append((train, list(range(start, start + n_test - 1))))
    return folds


# %% wrong: "One row too many is left out."
def walk_forward(n, n_train, n_test, gap):
    folds = []
    for start in range(n_train, n - n_test + 1, n_test):
        train = list(range(start - n_train, start - gap - 1))
        folds.append((train, list(range(start, start + n_test))))
    return folds


# %% wrong: "Training comes first in each pair."
def walk_forward(n, n_train, n_test, gap):
    folds = []
    for start in range(n_train, n - n_test + 1, n_test):
        train = list(range(start - n_train, start - gap))
        folds.append((list(range(start, start + n_test)), train))
    return folds


# %% wrong: "The step is the length of the training part; it is that of the test part."
def walk_forward(n, n_train, n_test, gap):
    folds = []
    for start in range(n_train, n - n_test + 1, n_train):
        train = list(range(start - n_train, start - gap))
        folds.append((train, list(range(start, start + n_test))))
    return folds


# %% wrong: "The folds come from the last to the first; the order is that of time."
def walk_forward(n, n_train, n_test, gap):
    folds = []
    for start in range(n_train, n - n_test + 1, n_test):
        train = list(range(start - n_train, start - gap))
        folds.append((train, list(range(start, start + n_test))))
    return folds[::-1]


# %% wrong: "The gap is put before the test part by moving the test part. It is taken off the end of the training part: the first test part begins at row n_train."
def walk_forward(n, n_train, n_test, gap):
    folds = []
    for start in range(n_train, n - n_test - gap + 1, n_test):
        train = list(range(start - n_train, start))
        folds.append((train, list(range(start + gap, start + gap + n_test))))
    return folds


# %% check
CASES = [
    Case(
        "two folds", args=(8, 4, 2, 1), want=[([0, 1, 2], [4, 5]), ([2, 3, 4], [6, 7])]
    ),
    Case(
        "rows left over",
        args=(9, 4, 2, 0),
        want=[([0, 1, 2, 3], [4, 5]), ([2, 3, 4, 5], [6, 7])],
    ),
    Case("one fold", args=(10, 6, 4, 2), want=[([0, 1, 2, 3], [6, 7, 8, 9])]),
    Case("too few rows", args=(5, 4, 2, 0), want=[]),
    Case(
        "three folds",
        args=(12, 5, 2, 3),
        want=[([0, 1], [5, 6]), ([2, 3], [7, 8]), ([4, 5], [9, 10])],
    ),
]
