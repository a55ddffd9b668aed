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


# %% wrong: "Pairs that occur more than once were counted once: with an array of indices, += adds to a repeated place only one time."
def confusion(y_true, y_pred, labels):
    place = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    rows, columns = [place[t] for t in y_true], [place[p] for p in y_pred]
    counts[rows, columns] += 1
    return counts


# %% wrong: "Only the right answers were counted. The mistakes belong in the table, too, off the diagonal."
def confusion(y_true, y_pred, labels):
    place = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    for truth, guess in zip(y_true, y_pred):
        counts[place[truth], place[guess]] += 1
    return np.diag(np.diag(counts))


# %% wrong: "Only the mistakes were counted. The right answers stand on the diagonal."
def confusion(y_true, y_pred, labels):
    place = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    for truth, guess in zip(y_true, y_pred):
        counts[place[truth], place[guess]] += 1
    return counts - np.diag(np.diag(counts))


# %% wrong: "You used a label as the number of its row. Look up where it stands in labels: it may be a text, or a number in another place."
def confusion(y_true, y_pred, labels):
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    for truth, guess in zip(y_true, y_pred):
        counts[truth, guess] += 1
    return counts


# %% wrong: "The rows and columns stand in the order in which the classes first occur. They follow the argument labels."
def confusion(y_true, y_pred, labels):
    order = list(dict.fromkeys([*y_true, *y_pred, *labels]))
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    for truth, guess in zip(y_true, y_pred):
        counts[order.index(truth), order.index(guess)] += 1
    return counts


# %% wrong: "You divided by the number of all rows. The entries are counts."
def confusion(y_true, y_pred, labels):
    place = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    for truth, guess in zip(y_true, y_pred):
        counts[place[truth], place[guess]] += 1
    return counts / max(len(y_true), 1)


# %% wrong: "You divided by the number of times that a class was called. The entries are counts."
def confusion(y_true, y_pred, labels):
    place = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    for truth, guess in zip(y_true, y_pred):
        counts[place[truth], place[guess]] += 1
    return counts / np.maximum(counts.sum(axis=0), 1)


# %% wrong: "Each confusion was counted both ways. A cat called a dog is another mistake than a dog called a cat."
def confusion(y_true, y_pred, labels):
    place = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    for truth, guess in zip(y_true, y_pred):
        counts[place[truth], place[guess]] += 1
        if truth != guess:
            counts[place[guess], place[truth]] += 1
    return counts


# %% wrong: "The counts are right, but they stand in one line. Give them k rows and k columns."
def confusion(y_true, y_pred, labels):
    place = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), dtype=int)
    for truth, guess in zip(y_true, y_pred):
        counts[place[truth], place[guess]] += 1
    return counts.ravel()


# %% wrong
def confusion(y_true, y_pred, labels):
    pairs = list(zip(y_true, y_pred))
    return {pair: pairs.count(pair) for pair in pairs}


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
    Case(
        "labels that are numbers",
        args=([0, 2, 2, 1, 0], [0, 2, 1, 1, 2], [2, 0, 1]),
        want=np.array([[1, 0, 1], [1, 1, 0], [0, 0, 1]]),
    ),
]
