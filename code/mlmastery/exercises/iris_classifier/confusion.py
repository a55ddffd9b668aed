"""Exercise 2.1: The table of confusions."""

# %% stub
import numpy as np


def confusion(y_true, y_pred, labels):
    """Return the counts as an array of shape (k, k) for the k given labels.

    Entry (i, j): how many rows of the true class labels[i] were called labels[j].
    y_true and y_pred are lists of equal length; labels may hold an absent class.
    """
    raise NotImplementedError


# %% solution
def confusion(y_true, y_pred, labels):
    place = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    for truth, guess in zip(y_true, y_pred):
        counts[place[truth], place[guess]] += 1
    return counts


# %% wrong: "Rows and columns are swapped: the truth is the row, the prediction the column."
def confusion(y_true, y_pred, labels):
    place = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    for truth, guess in zip(y_true, y_pred):
        counts[place[guess], place[truth]] += 1
    return counts


# %% wrong: "You sorted the labels. Rows and columns follow the order of the argument labels."
def confusion(y_true, y_pred, labels):
    place = {label: i for i, label in enumerate(sorted(labels))}
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    for truth, guess in zip(y_true, y_pred):
        counts[place[truth], place[guess]] += 1
    return counts


# %% wrong: "Your table has no room for a class that does not occur. Its size comes from labels."
def confusion(y_true, y_pred, labels):
    there = [label for label in labels if label in y_true or label in y_pred]
    counts = np.zeros((len(there), len(there)), dtype=int)
    for truth, guess in zip(y_true, y_pred):
        counts[there.index(truth), there.index(guess)] += 1
    return counts


# %% wrong: "The entries are counts, not shares: do not divide by the size of the class."
def confusion(y_true, y_pred, labels):
    place = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)))
    for truth, guess in zip(y_true, y_pred):
        counts[place[truth], place[guess]] += 1
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


# %% check
import numpy as np

CASES = [
    Case(
        "five animals, counted by hand",
        args=(
            ["cat", "cat", "cat", "dog", "dog"],
            ["cat", "cat", "dog", "cat", "dog"],
            ["cat", "dog"],
        ),
        want=np.array([[2, 1], [1, 1]]),
    ),
    Case(
        "all dogs called cats",
        args=(["dog", "dog", "cat"], ["cat", "cat", "cat"], ["cat", "dog"]),
        want=np.array([[1, 0], [2, 0]]),
    ),
    Case(
        "labels in another order, and one that does not occur",
        args=(["b", "a", "b"], ["b", "b", "b"], ["b", "a", "c"]),
        want=np.array([[2, 0, 0], [1, 0, 0], [0, 0, 0]]),
    ),
]
