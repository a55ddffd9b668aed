"""Exercise 2.4: The nearest neighbours vote."""

# %% stub
import numpy as np


def vote(X_train, y_train, x, k):
    """Return the class of the majority among the k rows of X_train nearest to x.

    Distances are Euclidean. X_train has shape (m, n), y_train holds m classes, x has
    shape (n,). If classes have equally many votes, the one that sorts first wins.
    """
    raise NotImplementedError


# %% solution
def vote(X_train, y_train, x, k):
    distances = ((X_train - x) ** 2).sum(axis=1)
    nearest = np.argsort(distances, kind="stable")[:k]
    classes, votes = np.unique(y_train[nearest], return_counts=True)
    return classes[np.argmax(votes)]


# %% wrong: "You took the rows that are farthest away. argsort puts the smallest first."
def vote(X_train, y_train, x, k):
    distances = ((X_train - x) ** 2).sum(axis=1)
    nearest = np.argsort(distances, kind="stable")[-k:]
    classes, votes = np.unique(y_train[nearest], return_counts=True)
    return classes[np.argmax(votes)]


# %% wrong: "Only the nearest row decided. All k have one vote each."
def vote(X_train, y_train, x, k):
    distances = ((X_train - x) ** 2).sum(axis=1)
    return y_train[np.argmin(distances)]


# %% wrong: "The differences were added with their signs, so they cancel. Square them first."
def vote(X_train, y_train, x, k):
    distances = np.abs((X_train - x).sum(axis=1))
    nearest = np.argsort(distances, kind="stable")[:k]
    classes, votes = np.unique(y_train[nearest], return_counts=True)
    return classes[np.argmax(votes)]


# %% wrong: "At equal votes you took the class that sorts last."
def vote(X_train, y_train, x, k):
    distances = ((X_train - x) ** 2).sum(axis=1)
    nearest = np.argsort(distances, kind="stable")[:k]
    classes, votes = np.unique(y_train[nearest], return_counts=True)
    return classes[len(votes) - 1 - np.argmax(votes[::-1])]


# %% check
import numpy as np

X = np.array([[0.0, 0.0], [1.0, 1.0], [1.5, 1.0], [9.0, 9.0], [9.0, 8.0], [3.0, -3.0]])
y = np.array(["b", "a", "a", "b", "b", "b"])
CASES = [
    Case("the nearest row alone", args=(X, y, np.array([1.0, 1.1]), 1), want="a"),
    Case(
        "a row far off with the same sum",
        args=(X, y, np.array([3.0, -1.0]), 1),
        want="b",
    ),
    Case("two outvote the nearest", args=(X, y, np.array([0.1, 0.0]), 3), want="a"),
    Case("a row in the other corner", args=(X, y, np.array([9.0, 9.0]), 3), want="b"),
    Case("one vote each", args=(X, y, np.array([0.4, 0.4]), 2), want="a"),
]
