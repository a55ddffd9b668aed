"""Exercise 13.4: Codes out of fold."""


# %% stub
def out_of_fold(categories, y, fold, m):
    """Return the code of each row: the smoothed mean target of its category in other folds.

    categories, y and fold are lists of one length; fold holds the number of each row's fold,
    and there are at least two folds. m is a number above 0, the weight of the mean target of
    all rows of the other folds. A category that the other folds do not have gets that mean.
    """
    raise NotImplementedError


# %% solution
def out_of_fold(categories, y, fold, m):
    codes = []
    for name, own in zip(categories, fold):
        others = [i for i, other in enumerate(fold) if other != own]
        prior = sum(y[i] for i in others) / len(others)
        same = [y[i] for i in others if categories[i] == name]
        codes.append((sum(same) + m * prior) / (len(same) + m))
    return codes


# %% wrong: "The row's own fold enters the mean of its category: leave the whole fold out."
def out_of_fold(categories, y, fold, m):
    codes = []
    for name, own in zip(categories, fold):
        others = [i for i, other in enumerate(fold) if other != own]
        prior = sum(y[i] for i in others) / len(others)
        same = [y[i] for i in range(len(y)) if categories[i] == name]
        codes.append((sum(same) + m * prior) / (len(same) + m))
    return codes


# %% wrong: "The overall mean must be out of fold too."
def out_of_fold(categories, y, fold, m):
    codes = []
    prior = sum(y) / len(y)
    for name, own in zip(categories, fold):
        same = [t for t, c, f in zip(y, categories, fold) if c == name and f != own]
        codes.append((sum(same) + m * prior) / (len(same) + m))
    return codes


# %% wrong: "Only the row itself is left out: leave its whole fold out."
def out_of_fold(categories, y, fold, m):
    codes = []
    for row, name in enumerate(categories):
        others = [i for i in range(len(y)) if i != row]
        prior = sum(y[i] for i in others) / len(others)
        same = [y[i] for i in others if categories[i] == name]
        codes.append((sum(same) + m * prior) / (len(same) + m))
    return codes


# %% wrong: "The mean is not smoothed: add m rows of the overall mean."
def out_of_fold(categories, y, fold, m):
    codes = []
    for name, own in zip(categories, fold):
        others = [i for i, other in enumerate(fold) if other != own]
        prior = sum(y[i] for i in others) / len(others)
        same = [y[i] for i in others if categories[i] == name]
        codes.append(sum(same) / len(same) if same else prior)
    return codes


# %% wrong: "m is added to the denominator only: the numerator needs m times the overall mean."
def out_of_fold(categories, y, fold, m):
    codes = []
    for name, own in zip(categories, fold):
        others = [i for i, other in enumerate(fold) if other != own]
        same = [y[i] for i in others if categories[i] == name]
        codes.append(sum(same) / (len(same) + m))
    return codes


# %% wrong: "The weight m is taken as 1."
def out_of_fold(categories, y, fold, m):
    codes = []
    for name, own in zip(categories, fold):
        others = [i for i, other in enumerate(fold) if other != own]
        prior = sum(y[i] for i in others) / len(others)
        same = [y[i] for i in others if categories[i] == name]
        codes.append((sum(same) + prior) / (len(same) + 1))
    return codes


# %% wrong: "The row's own fold is used and the others are left out: it is the other way round."
def out_of_fold(categories, y, fold, m):
    codes = []
    for name, own in zip(categories, fold):
        inside = [i for i, other in enumerate(fold) if other == own]
        prior = sum(y[i] for i in inside) / len(inside)
        same = [y[i] for i in inside if categories[i] == name]
        codes.append((sum(same) + m * prior) / (len(same) + m))
    return codes


# %% wrong: "A category that the other folds do not have gets their overall mean, not 0."
def out_of_fold(categories, y, fold, m):
    codes = []
    for name, own in zip(categories, fold):
        others = [i for i, other in enumerate(fold) if other != own]
        prior = sum(y[i] for i in others) / len(others)
        same = [y[i] for i in others if categories[i] == name]
        codes.append((sum(same) + m * prior) / (len(same) + m) if same else 0)
    return codes


# %% wrong: "Return a code for each row, in the order of the rows, not one per category."
def out_of_fold(categories, y, fold, m):
    prior = sum(y) / len(y)
    codes = {}
    for name in categories:
        same = [t for t, c in zip(y, categories) if c == name]
        codes[name] = (sum(same) + m * prior) / (len(same) + m)
    return codes


# %% wrong: "These are codes from all rows: the target of the row itself is in them."
def out_of_fold(categories, y, fold, m):
    prior = sum(y) / len(y)
    codes = []
    for name in categories:
        same = [t for t, c in zip(y, categories) if c == name]
        codes.append((sum(same) + m * prior) / (len(same) + m))
    return codes


# %% check
CASES = [
    Case(
        "two categories, two folds",
        args=(["a", "a", "b", "b"], [0, 1, 1, 1], [0, 1, 0, 1], 2),
        # Fold 1 has a: 1, b: 1, mean 1; fold 0 has a: 0, b: 1, mean 1/2.
        want=[1.0, 1 / 3, 1.0, 2 / 3],
    ),
    Case(
        "five categories of one row",
        args=(list("abcde"), [0, 1, 1, 0, 1], [0, 1, 2, 3, 4], 1),
        want=[0.75, 0.5, 0.5, 0.75, 0.5],
    ),
    Case(
        "two rows of a category in one fold",
        args=(["a", "a", "a", "b"], [4, 8, 2, 6], [0, 0, 1, 1], 0.5),
        # Fold 1: a: 2, mean 4. Fold 0: a: 4 + 8, mean 6; b is new there.
        want=[8 / 3, 8 / 3, 6.0, 6.0],
    ),
]
