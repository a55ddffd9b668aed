"""Exercise 2.4: The nearest neighbours vote."""

# %% stub
import numpy as np


def vote(X_train, y_train, x, k):
    """Return the class of the majority among the k rows of X_train nearest to x.

    Distances are Euclidean. X_train has shape (m, n), y_train holds m classes, x has
    shape (n,), and k is between 1 and m. Of two rows equally far from x the upper one is
    nearer. If classes have equally many votes, the one that sorts first wins.
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


# %% wrong: "One row too many has a vote: the first k are [:k]."
def vote(X_train, y_train, x, k):
    distances = ((X_train - x) ** 2).sum(axis=1)
    nearest = np.argsort(distances, kind="stable")[: k + 1]
    classes, votes = np.unique(y_train[nearest], return_counts=True)
    return classes[np.argmax(votes)]


# %% wrong: "You left out the nearest row. x itself is not in X_train, so the first neighbour counts."
def vote(X_train, y_train, x, k):
    distances = ((X_train - x) ** 2).sum(axis=1)
    nearest = np.argsort(distances, kind="stable")[1 : k + 1]
    classes, votes = np.unique(y_train[nearest], return_counts=True)
    return classes[np.argmax(votes)]


# %% wrong: "At equal votes you took the class of the nearest row. Here the class that sorts first wins."
def vote(X_train, y_train, x, k):
    distances = ((X_train - x) ** 2).sum(axis=1)
    nearest = list(y_train[np.argsort(distances, kind="stable")[:k]])
    return max(nearest, key=nearest.count)


# %% wrong: "These distances add up absolute differences (Manhattan). The Euclidean one adds squares."
def vote(X_train, y_train, x, k):
    distances = np.abs(X_train - x).sum(axis=1)
    nearest = np.argsort(distances, kind="stable")[:k]
    classes, votes = np.unique(y_train[nearest], return_counts=True)
    return classes[np.argmax(votes)]


# %% wrong: "These distances take the largest difference of all columns. The Euclidean one adds the squares of all."
def vote(X_train, y_train, x, k):
    distances = np.abs(X_train - x).max(axis=1)
    nearest = np.argsort(distances, kind="stable")[:k]
    classes, votes = np.unique(y_train[nearest], return_counts=True)
    return classes[np.argmax(votes)]


# %% wrong: "Near rows weighed more than far ones. Here each of the k has one vote."
def vote(X_train, y_train, x, k):
    distances = np.sqrt(((X_train - x) ** 2).sum(axis=1))
    nearest = np.argsort(distances, kind="stable")[:k]
    classes = np.unique(y_train[nearest])
    weights = 1 / np.maximum(distances[nearest], 1e-12)
    votes = [weights[y_train[nearest] == name].sum() for name in classes]
    return classes[np.argmax(votes)]


# %% wrong: "All rows voted. Only the k nearest are asked."
def vote(X_train, y_train, x, k):
    classes, votes = np.unique(y_train, return_counts=True)
    return classes[np.argmax(votes)]


# %% wrong: "That is the number of votes. Return the class that got them."
def vote(X_train, y_train, x, k):
    distances = ((X_train - x) ** 2).sum(axis=1)
    nearest = np.argsort(distances, kind="stable")[:k]
    return np.unique(y_train[nearest], return_counts=True)[1].max()


# %% wrong: "That is the place of the winner among the classes of the neighbours. Return the class itself."
def vote(X_train, y_train, x, k):
    distances = ((X_train - x) ** 2).sum(axis=1)
    nearest = np.argsort(distances, kind="stable")[:k]
    return np.argmax(np.unique(y_train[nearest], return_counts=True)[1])


# %% wrong: "These are the classes of all k neighbours. Count them, and return the one that occurs most often."
def vote(X_train, y_train, x, k):
    distances = ((X_train - x) ** 2).sum(axis=1)
    return y_train[np.argsort(distances, kind="stable")[:k]]


# %% wrong: "Of rows at equal distance you preferred the class that sorts first, as sorting pairs of distance and class does. The upper row is the nearer one."
def vote(X_train, y_train, x, k):
    distances = ((X_train - x) ** 2).sum(axis=1)
    nearest = [name for _, name in sorted(zip(distances, y_train))[:k]]
    return max(sorted(set(nearest)), key=nearest.count)


# %% wrong: "You compared x with the mean of each class. Here single rows are neighbours, and k of them vote."
def vote(X_train, y_train, x, k):
    classes = np.unique(y_train)
    centres = np.array([X_train[y_train == name].mean(axis=0) for name in classes])
    return classes[np.argmin(((centres - x) ** 2).sum(axis=1))]


# %% wrong: "You averaged the neighbours' classes. A class is a name, even where it is written as a number."
def vote(X_train, y_train, x, k):
    distances = ((X_train - x) ** 2).sum(axis=1)
    nearest = y_train[np.argsort(distances, kind="stable")[:k]]
    return nearest.mean() if nearest.dtype.kind == "i" else min(nearest)


# %% check
import numpy as np

X = np.array([[0.0, 0.0], [1.0, 1.0], [1.5, 1.0], [9.0, 9.0], [9.0, 8.0], [3.0, -3.0]])
y = np.array(["b", "a", "a", "b", "b", "b"])
zero = np.zeros(2)
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
    Case(
        "one vote each, and the nearest sorts first",
        args=(np.array([[2.0], [1.0]]), np.array(["b", "a"]), np.zeros(1), 2),
        want="a",
    ),
    Case("all rows vote", args=(X, y, np.array([1.0, 1.0]), 6), want="b"),
    # 18 against 25, where absolute differences give 6 against 5
    Case(
        "one row on the diagonal, one on an axis",
        args=(np.array([[3.0, 3.0], [0.0, 5.0]]), np.array(["a", "b"]), zero, 1),
        want="a",
    ),
    # 32 against 25, where the largest differences are 4 and 5
    Case(
        "the row on the axis is nearer",
        args=(np.array([[4.0, 4.0], [0.0, 5.0]]), np.array(["a", "b"]), zero, 1),
        want="b",
    ),
    Case(
        "two rows equally far",
        args=(
            np.array([[9.0, 0.0], [1.0, 0.0], [-1.0, 0.0]]),
            np.array(["a", "b", "a"]),
            zero,
            1,
        ),
        want="b",
    ),
    Case(
        "classes that are numbers",
        args=(
            np.array([[3.0], [3.5], [4.0], [9.0], [8.0]]),
            np.array([1, 9, 9, 1, 1]),
            np.array([0.0]),
            3,
        ),
        want=9,
    ),
]
