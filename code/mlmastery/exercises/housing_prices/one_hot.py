"""Exercise 5.5: Rare words, unseen words."""

# %% stub
import numpy as np


def one_hot(words, known):
    """Return a table of 0.0 and 1.0 with one row per word.

    The first columns stand for the words in known, in their order. A last column is 1
    for any other word. words (m of them) and known are lists; the result
    has shape (m, len(known) + 1).
    """
    raise NotImplementedError


# %% solution
def one_hot(words, known):
    words, known = np.asarray(words), np.asarray(known)
    own = words[:, None] == known[None, :]
    return np.column_stack([own, ~own.any(axis=1)]).astype(float)


# %% wrong: "A word outside known got zeros everywhere. It belongs in the last column."
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


# %% wrong: "You sorted the known words. Their columns keep the order of known."
def one_hot(words, known):
    names = np.sort(np.asarray(known))
    own = np.asarray(words)[:, None] == names[None, :]
    return np.column_stack([own, ~own.any(axis=1)]).astype(float)


# %% wrong: "The column of the other words stands first. It comes last."
def one_hot(words, known):
    own = np.asarray(words)[:, None] == np.asarray(known)[None, :]
    return np.column_stack([~own.any(axis=1), own]).astype(float)


# %% wrong: "The last column is there only if some word is unseen. It must always be, or tables would differ in width."
def one_hot(words, known):
    own = np.asarray(words)[:, None] == np.asarray(known)[None, :]
    other = ~own.any(axis=1)
    return np.column_stack([own, other]).astype(float) if other.any() else own


# %% wrong: "The last column is missing: the table has one column more than there are known words."
def one_hot(words, known):
    return np.asarray(words)[:, None] == np.asarray(known)[None, :]


# %% wrong: "Every unseen word got a column of its own. They all share the last one."
def one_hot(words, known):
    names = list(known) + sorted(set(words) - set(known))
    return np.array([[float(w == name) for name in names] for w in words])


# %% wrong: "Rows and columns have changed places: a row for each word."
def one_hot(words, known):
    own = np.asarray(words)[:, None] == np.asarray(known)[None, :]
    return np.column_stack([own, ~own.any(axis=1)]).astype(float).T


# %% wrong: "The last column is 1 for every word. It is 1 only for a word outside known."
def one_hot(words, known):
    own = np.asarray(words)[:, None] == np.asarray(known)[None, :]
    return np.column_stack([own, np.ones(len(words))]).astype(float)


# %% wrong: "The last column is the wrong way round: it is 1 for the known words and 0 for the others."
def one_hot(words, known):
    own = np.asarray(words)[:, None] == np.asarray(known)[None, :]
    return np.column_stack([own, own.any(axis=1)]).astype(float)


# %% wrong: "An unseen word is an error here. It belongs in the last column."
def one_hot(words, known):
    known = list(known)
    return np.eye(len(known) + 1)[[known.index(w) for w in words]]


# %% wrong: "An unseen word was counted as the first known one. It belongs in the last column."
def one_hot(words, known):
    known = list(known)
    codes = [known.index(w) if w in known else 0 for w in words]
    return np.eye(len(known) + 1)[codes]


# %% wrong: "A word counts as every known word that it contains. Compare whole words."
def one_hot(words, known):
    own = np.array([[k in w for k in known] for w in words])
    return np.column_stack([own, ~own.any(axis=1)]).astype(float)


# %% wrong: "The rows of unseen words are gone. Every word has a row."
def one_hot(words, known):
    known = list(known)
    codes = [known.index(w) for w in words if w in known]
    return np.eye(len(known) + 1)[codes]


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
    Case(
        "known words in no alphabetical order",
        args=(["Flat", "Dome", "Hip"], ["Hip", "Flat"]),
        want=np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]),
    ),
    Case(
        "a word inside another",
        args=(["HipRoof"], ["Hip", "Gable"]),
        want=np.array([[0.0, 0.0, 1.0]]),
    ),
]
