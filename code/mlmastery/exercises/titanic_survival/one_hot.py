"""Exercise 4.5: One-hot, with strangers."""

# %% stub
import numpy as np


def one_hot(train, new):
    """Return a column of 0 and 1 for each category of train, sorted, for the rows of new.

    train and new are lists of words; the result has shape (len(new), n_categories).
    A word that train lacks gives a row of zeros.
    """
    raise NotImplementedError


# %% solution
import numpy as np


def one_hot(train, new):
    categories = sorted(set(train))
    return np.array([[int(word == c) for c in categories] for word in new])


# %% wrong: "The columns come from the new words. They must be those of training."
import numpy as np


def one_hot(train, new):
    categories = sorted(set(new))
    return np.array([[int(word == c) for c in categories] for word in new])


# %% wrong: "Unknown words got a column of their own; they should give zeros."
import numpy as np


def one_hot(train, new):
    categories = sorted(set(train) | set(new))
    return np.array([[int(word == c) for c in categories] for word in new])


# %% wrong: "These are ordinal codes, one column. Give each category its own."
import numpy as np


def one_hot(train, new):
    categories = sorted(set(train))
    codes = [categories.index(w) if w in categories else -1 for w in new]
    return np.array(codes).reshape(-1, 1)


# %% wrong: "An unknown word is an error here. It should give a row of zeros."
import numpy as np


def one_hot(train, new):
    categories = sorted(set(train))
    return np.eye(len(categories), dtype=int)[[categories.index(w) for w in new]]


# %% check
import numpy as np

CASES = [
    Case(
        "three ports",
        args=(["S", "C", "S", "Q"], ["Q", "S"]),
        want=np.array([[0, 1, 0], [0, 0, 1]]),
    ),
    Case("a stranger", args=(["S", "C"], ["X", "C"]), want=np.array([[0, 0], [1, 0]])),
]
