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


# %% wrong: "One equal value makes no twin, and (row in X_train) asks for no more. Every column must agree, in one row."
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


# %% wrong: "Each value of the row occurs somewhere in training, in any column. A twin agrees in every column of one row."
def twins(X_train, X_test):
    return int(np.isin(X_test, X_train).all(axis=1).sum())


# %% wrong: "Equal rows of the test part were counted as one. Each of them is a row with a twin."
def twins(X_train, X_test):
    return len(set(map(tuple, X_train)) & set(map(tuple, X_test)))


# %% wrong: "This is a share of the test rows. Their number is asked for."
def twins(X_train, X_test):
    known = set(map(tuple, X_train))
    return sum(tuple(row) in known for row in X_test) / max(len(X_test), 1)


# %% wrong: "The values agree, but in other columns. Do not sort a row, or make a set of it: each column is compared with itself."
def twins(X_train, X_test):
    known = {tuple(sorted(row)) for row in X_train}
    return sum(tuple(sorted(row)) in known for row in X_test)


# %% wrong: "Rows with equal sums need not be equal. Compare every column."
def twins(X_train, X_test):
    return int(np.isin(X_test.sum(axis=1), X_train.sum(axis=1)).sum())


# %% wrong: "You rounded the values first. Rows that are nearly equal are no twins here."
def twins(X_train, X_test):
    known = set(map(tuple, X_train.round(1)))
    return sum(tuple(row) in known for row in X_test.round(1))


# %% wrong: "You counted the test rows that have no twin."
def twins(X_train, X_test):
    known = set(map(tuple, X_train))
    return sum(tuple(row) not in known for row in X_test)


# %% wrong: "You only said whether there is a twin. Count the rows that have one."
def twins(X_train, X_test):
    known = set(map(tuple, X_train))
    return any(tuple(row) in known for row in X_test)


# %% wrong: "A repetition within the test part is no twin across the split. Compare with the rows of X_train alone."
def twins(X_train, X_test):
    rows = [*map(tuple, X_train), *map(tuple, X_test)]
    return sum(rows.count(tuple(row)) > 1 for row in X_test)


# %% wrong: "Only the first column was compared."
def twins(X_train, X_test):
    return int(np.isin(X_test[:, 0], X_train[:, 0]).sum())


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
    Case(
        "two different twins",
        args=(train, np.array([[1.0, 2.0], [7.0, 7.0], [5.0, 6.0]])),
        want=2,
    ),
    Case("the values in other columns", args=(train, np.array([[2.0, 1.0]])), want=0),
    Case("the same sum", args=(train, np.array([[0.0, 3.0], [9.0, -2.0]])), want=0),
    Case("nearly equal", args=(train, np.array([[1.004, 2.0]])), want=0),
    Case(
        "two equal rows within the test part",
        args=(train, np.array([[8.0, 8.0], [8.0, 8.0], [5.0, 6.0]])),
        want=1,
    ),
    Case("no test row", args=(train, np.empty((0, 2))), want=0),
]
