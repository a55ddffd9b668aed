"""Exercise 7.5: The log-count ratio."""


# %% stub
def count_ratio(X, positive, alpha):
    """Return r of the chapter's equation for each column of X.

    X is an array of counts, shape (n_texts, n_words); positive is an array of bool, shape
    (n_texts,); alpha is added to the sums of both classes. The result has shape (n_words,).
    """
    raise NotImplementedError


# %% solution
import numpy as np


def count_ratio(X, positive, alpha):
    p = X[positive].sum(axis=0) + alpha
    q = X[~positive].sum(axis=0) + alpha
    return np.log((p / p.sum()) / (q / q.sum()))


# %% wrong: "Divide by the sums: a class with more text must not win for that alone."
import numpy as np


def count_ratio(X, positive, alpha):
    p = X[positive].sum(axis=0) + alpha
    q = X[~positive].sum(axis=0) + alpha
    return np.log(p / q)


# %% wrong: "alpha is missing: a word of one class only has an infinite ratio."
import numpy as np


def count_ratio(X, positive, alpha):
    p = X[positive].sum(axis=0)
    q = X[~positive].sum(axis=0)
    return np.log((p / p.sum()) / (q / q.sum()))


# %% wrong: "alpha must be the argument, not 1."
import numpy as np


def count_ratio(X, positive, alpha):
    p = X[positive].sum(axis=0) + 1
    q = X[~positive].sum(axis=0) + 1
    return np.log((p / p.sum()) / (q / q.sum()))


# %% wrong: "The positive class stands above the line."
import numpy as np


def count_ratio(X, positive, alpha):
    p = X[positive].sum(axis=0) + alpha
    q = X[~positive].sum(axis=0) + alpha
    return np.log((q / q.sum()) / (p / p.sum()))


# %% wrong: "The logarithm is missing."
import numpy as np


def count_ratio(X, positive, alpha):
    p = X[positive].sum(axis=0) + alpha
    q = X[~positive].sum(axis=0) + alpha
    return (p / p.sum()) / (q / q.sum())


# %% wrong: "Sum over the texts of a class (axis 0), not over its words."
import numpy as np


def count_ratio(X, positive, alpha):
    p = X[positive].sum(axis=1).sum() + alpha
    q = X[~positive].sum(axis=1).sum() + alpha
    return np.log((p / p.sum()) / (q / q.sum()))


# %% wrong: "Add alpha once to the sum over texts, not to each text and not to a mean."
import numpy as np


def count_ratio(X, positive, alpha):
    p = (X[positive] + alpha).sum(axis=0)
    q = (X[~positive] + alpha).sum(axis=0)
    return np.log((p / p.sum()) / (q / q.sum()))


# %% wrong: "Divide by the sum of the smoothed counts, not by the number of texts."
import numpy as np


def count_ratio(X, positive, alpha):
    p = X[positive].sum(axis=0) + alpha
    q = X[~positive].sum(axis=0) + alpha
    return np.log((p / positive.sum()) / (q / (~positive).sum()))


# %% wrong: "The second class is the texts that are not positive, not all texts."
import numpy as np


def count_ratio(X, positive, alpha):
    p = X[positive].sum(axis=0) + alpha
    q = X.sum(axis=0) + alpha
    return np.log((p / p.sum()) / (q / q.sum()))


# %% wrong: "Use the counts, not only whether a word occurs."
import numpy as np


def count_ratio(X, positive, alpha):
    p = (X[positive] > 0).sum(axis=0) + alpha
    q = (X[~positive] > 0).sum(axis=0) + alpha
    return np.log((p / p.sum()) / (q / q.sum()))


# %% wrong: "Use the natural logarithm."
import numpy as np


def count_ratio(X, positive, alpha):
    p = X[positive].sum(axis=0) + alpha
    q = X[~positive].sum(axis=0) + alpha
    return np.log2((p / p.sum()) / (q / q.sum()))


# %% wrong: "Return one ratio per word, not their sum."
import numpy as np


def count_ratio(X, positive, alpha):
    p = X[positive].sum(axis=0) + alpha
    q = X[~positive].sum(axis=0) + alpha
    return np.log((p / p.sum()) / (q / q.sum())).sum()


# %% wrong: "Both classes enter: this is the log probability in the positive texts alone."
import numpy as np


def count_ratio(X, positive, alpha):
    p = X[positive].sum(axis=0) + alpha
    return np.log(p / p.sum())


# %% wrong: "Divide by the sums of the smoothed counts: alpha is in them too."
import numpy as np


def count_ratio(X, positive, alpha):
    p = X[positive].sum(axis=0)
    q = X[~positive].sum(axis=0)
    return np.log((p + alpha) / p.sum() / ((q + alpha) / q.sum()))


# %% check
import numpy as np

CASES = [
    Case(
        "two words",
        args=(np.array([[1, 0], [0, 1], [0, 1]]), np.array([False, True, True]), 1.0),
        want=[-0.9808292530117262, 0.8109302162163288],
    ),
    # sums 3 + 1 and 0 + 1 of 5; sums 1 + 1 and 3 + 1 of 6
    Case(
        "counts above one",
        args=(np.array([[3, 0], [1, 1], [0, 2]]), np.array([True, False, False]), 1.0),
        want=[0.8754687373538999, -1.2039728043259361],
    ),
    Case(
        "alpha one half",
        args=(np.array([[3, 0], [1, 3]]), np.array([True, False]), 0.5),
        want=[1.0704414117014134, -1.7227665977411035],
    ),
]
