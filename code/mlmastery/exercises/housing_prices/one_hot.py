"""Exercise 5.5: Rare words, unseen words."""

# %% stub
import numpy as np


def one_hot(words, known):
    """Return a table of 0.0 and 1.0 with one row per word.

    The first columns stand for the words in known, in their order. A last column is 1
    for any other word. words is a list of length m; the result has shape
    (m, len(known) + 1).
    """
    raise NotImplementedError


# %% solution
def one_hot(words, known):
    words, known = np.asarray(words), np.asarray(known)
    own = words[:, None] == known[None, :]
    return np.column_stack([own, ~own.any(axis=1)]).astype(float)


# %% wrong: "A word outside known got zeros everywhere. It belongs into the last column."
def one_hot(words, known):
    own = np.asarray(words)[:, None] == np.asarray(known)[None, :]
    return np.column_stack([own, np.zeros(len(words))]).astype(float)


# %% wrong: "You numbered the words in one column. A line would read them as an order; give each its own column."
def one_hot(words, known):
    known = list(known)
    return np.array(
        [[known.index(w) if w in known else len(known)] for w in words], float
    )


# %% wrong: "The columns follow the words of this table, sorted. They must follow known, or a new table would get other columns."
def one_hot(words, known):
    names = np.unique(np.asarray(words))
    own = np.asarray(words)[:, None] == names[None, :]
    return np.column_stack([own, np.zeros(len(words))]).astype(float)


# %% check
import numpy as np

CASES = [
    Case(
        "one of each",
        args=(["Hip", "Gable"], ["Gable", "Hip"]),
        want=np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]),
    ),
    Case(
        "a roof nobody knows",
        args=(["Dome", "Hip"], ["Gable", "Hip"]),
        want=np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]),
    ),
    Case("all unseen", args=(["a", "b"], ["z"]), want=np.array([[0.0, 1.0]] * 2)),
]
