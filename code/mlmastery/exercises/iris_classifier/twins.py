"""Exercise 2.10: Count the twins across a split."""

# %% stub
import numpy as np


def twins(X_train, X_test):
    """Return how many rows of X_test are equal to some row of X_train.

    Equal means equal in every column. Both arrays have n columns. A test row counts
    once, however many twins it has.
    """
    raise NotImplementedError


# %% solution
def twins(X_train, X_test):
    known = set(map(tuple, X_train))
    return sum(tuple(row) in known for row in X_test)


# %% wrong: "You compared row 0 with row 0, row 1 with row 1. A twin may stand anywhere in X_train."
def twins(X_train, X_test):
    shorter = min(len(X_train), len(X_test))
    return int((X_train[:shorter] == X_test[:shorter]).all(axis=1).sum())


# %% wrong: "You counted pairs. A test row with two twins still counts once."
def twins(X_train, X_test):
    return int((X_train[:, None, :] == X_test[None, :, :]).all(axis=2).sum())


# %% wrong: "One equal value makes no twin: every column must agree, in one row."
def twins(X_train, X_test):
    return int(
        (X_train[:, None, :] == X_test[None, :, :]).any(axis=2).any(axis=0).sum()
    )


# %% wrong: "You counted training rows that have a twin. The question is about test rows."
def twins(X_train, X_test):
    known = set(map(tuple, X_test))
    return sum(tuple(row) in known for row in X_train)


# %% wrong: "The values were compared column by column: each occurs in training, but not in one and the same row."
def twins(X_train, X_test):
    return int(
        np.all(
            [np.isin(X_test[:, j], X_train[:, j]) for j in range(X_test.shape[1])],
            axis=0,
        ).sum()
    )


# %% check
import numpy as np

train = np.array([[1.0, 2.0], [3.0, 4.0], [3.0, 4.0], [5.0, 6.0]])
CASES = [
    Case(
        "one twin, elsewhere in the table",
        args=(train, np.array([[5.0, 6.0], [7.0, 8.0]])),
        want=1,
    ),
    Case("a test row with two twins", args=(train, np.array([[3.0, 4.0]])), want=1),
    Case("one value in common", args=(train, np.array([[1.0, 9.0]])), want=0),
    Case(
        "values of different rows",
        args=(train, np.array([[1.0, 4.0], [3.0, 2.0]])),
        want=0,
    ),
    Case(
        "a twin in the same place",
        args=(train, np.array([[1.0, 2.0], [1.0, 2.0]])),
        want=2,
    ),
]
