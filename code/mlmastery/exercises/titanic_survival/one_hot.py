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


# %% wrong: "A category is missing: you dropped the first column. Here every category keeps its own."
def one_hot(train, new):
    categories = sorted(set(train))[1:]
    return np.array([[int(word == c) for c in categories] for word in new])


# %% wrong: "The columns stand in the order in which the words appear. Sort the categories."
def one_hot(train, new):
    categories = list(dict.fromkeys(train))
    return np.array([[int(word == c) for c in categories] for word in new])


# %% wrong: "A word that stands twice in train got two columns. Each category gets one."
def one_hot(train, new):
    return np.array([[int(word == c) for c in sorted(train)] for word in new])


# %% wrong: "Rows and columns have changed places: a row for each new word, a column for each category."
def one_hot(train, new):
    categories = sorted(set(train))
    return np.array([[int(word == c) for word in new] for c in categories])


# %% wrong: "A stranger became the last category, since -1 as an index means the last one."
def one_hot(train, new):
    categories = sorted(set(train))
    codes = [categories.index(w) if w in categories else -1 for w in new]
    return np.eye(len(categories), dtype=int)[codes]


# %% wrong: "There is a column too many, for strangers. They have none: their row is all zeros."
def one_hot(train, new):
    categories = sorted(set(train))
    codes = [categories.index(w) if w in categories else -1 for w in new]
    return np.eye(len(categories) + 1, dtype=int)[codes]


# %% wrong: "The rows of strangers are gone. Every new word has a row."
def one_hot(train, new):
    categories = sorted(set(train))
    known = [w for w in new if w in categories]
    return np.array([[int(word == c) for c in categories] for word in known])


# %% wrong: "A word counts as every category that it contains. Compare whole words."
def one_hot(train, new):
    categories = sorted(set(train))
    return np.array([[int(c in word) for c in categories] for word in new])


# %% wrong: "These are the rows of train. Encode the words of new."
def one_hot(train, new):
    categories = sorted(set(train))
    return np.array([[int(word == c) for c in categories] for word in train])


# %% wrong: "A stranger got NaN. A row of zeros says that it is none of the categories."
def one_hot(train, new):
    categories = sorted(set(train))
    table = np.array([[float(word == c) for c in categories] for word in new])
    table[table.sum(axis=1) == 0] = np.nan
    return table


# %% check
import numpy as np

CASES = [
    Case(
        "three ports",
        args=(["S", "C", "S", "Q"], ["Q", "S"]),
        want=np.array([[0, 1, 0], [0, 0, 1]]),
    ),
    Case(
        "a stranger",
        args=(["S", "C"], ["M", "C", "S"]),
        want=np.array([[0, 0], [1, 0], [0, 1]]),
    ),
    Case(
        "a word inside another",
        args=(["Mr", "Mrs"], ["Mrs", "Mr"]),
        want=np.array([[0, 1], [1, 0]]),
    ),
]
