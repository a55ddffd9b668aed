"""Exercise 19.6: Why this row."""


# %% stub
def odd_columns(row, copy, deviations, names, n):
    """Return the n columns with the largest squared errors, largest first.

    Errors are in squared deviations of the column. Each entry is (name, share of the
    row's whole error); of equal errors the earlier column comes first. At least one
    error is not zero.
    """
    raise NotImplementedError


# %% solution
def odd_columns(row, copy, deviations, names, n):
    errors = {}
    for j, name in enumerate(names):
        errors[name] = ((row[j] - copy[j]) / deviations[j]) ** 2
    total = sum(errors.values())
    order = sorted(names, key=lambda name: -errors[name])
    return [(name, errors[name] / total) for name in order[:n]]


# %% wrong: "Divide by the column's deviation, or euros outweigh shares."
def odd_columns(row, copy, deviations, names, n):
    errors = {}
    for j, name in enumerate(names):
        errors[name] = (row[j] - copy[j]) ** 2
    total = sum(errors.values())
    order = sorted(names, key=lambda name: -errors[name])
    return [(name, errors[name] / total) for name in order[:n]]


# %% wrong: "Square the error: an absolute value weighs large errors less."
def odd_columns(row, copy, deviations, names, n):
    errors = {}
    for j, name in enumerate(names):
        errors[name] = abs(row[j] - copy[j]) / deviations[j]
    total = sum(errors.values())
    order = sorted(names, key=lambda name: -errors[name])
    return [(name, errors[name] / total) for name in order[:n]]


# %% wrong: "The shares are of the whole row, not of the columns that are returned."
def odd_columns(row, copy, deviations, names, n):
    errors = {}
    for j, name in enumerate(names):
        errors[name] = ((row[j] - copy[j]) / deviations[j]) ** 2
    order = sorted(names, key=lambda name: -errors[name])
    total = sum(errors[name] for name in order[:n])
    return [(name, errors[name] / total) for name in order[:n]]


# %% wrong: "The largest error comes first."
def odd_columns(row, copy, deviations, names, n):
    errors = {}
    for j, name in enumerate(names):
        errors[name] = ((row[j] - copy[j]) / deviations[j]) ** 2
    total = sum(errors.values())
    order = sorted(names, key=lambda name: errors[name])
    return [(name, errors[name] / total) for name in order[:n]]


# %% wrong: "The error is between the row and its copy, not the row's distance from zero."
def odd_columns(row, copy, deviations, names, n):
    errors = {}
    for j, name in enumerate(names):
        errors[name] = (row[j] / deviations[j]) ** 2
    total = sum(errors.values())
    order = sorted(names, key=lambda name: -errors[name])
    return [(name, errors[name] / total) for name in order[:n]]


# %% wrong: "Return shares, not errors."
def odd_columns(row, copy, deviations, names, n):
    errors = {}
    for j, name in enumerate(names):
        errors[name] = ((row[j] - copy[j]) / deviations[j]) ** 2
    order = sorted(names, key=lambda name: -errors[name])
    return [(name, errors[name]) for name in order[:n]]


# %% wrong: "Divide the difference by the deviation, then square."
def odd_columns(row, copy, deviations, names, n):
    errors = {}
    for j, name in enumerate(names):
        errors[name] = (row[j] - copy[j]) ** 2 / deviations[j]
    total = sum(errors.values())
    order = sorted(names, key=lambda name: -errors[name])
    return [(name, errors[name] / total) for name in order[:n]]


# %% wrong: "Only n columns are asked for."
def odd_columns(row, copy, deviations, names, n):
    errors = {}
    for j, name in enumerate(names):
        errors[name] = ((row[j] - copy[j]) / deviations[j]) ** 2
    total = sum(errors.values())
    order = sorted(names, key=lambda name: -errors[name])
    return [(name, errors[name] / total) for name in order]


# %% wrong: "Of equal errors the earlier column comes first."
def odd_columns(row, copy, deviations, names, n):
    errors = {}
    for j, name in enumerate(names):
        errors[name] = ((row[j] - copy[j]) / deviations[j]) ** 2
    total = sum(errors.values())
    order = sorted(names, key=lambda name: (-errors[name], name))
    return [(name, errors[name] / total) for name in order[:n]]


# %% wrong: "A copy that is too large is an error too: negative differences count."
def odd_columns(row, copy, deviations, names, n):
    errors = {}
    for j, name in enumerate(names):
        errors[name] = max(0, (row[j] - copy[j]) / deviations[j]) ** 2
    total = sum(errors.values())
    order = sorted(names, key=lambda name: -errors[name])
    return [(name, errors[name] / total) for name in order[:n]]


# %% wrong: "A copy that is too small is an error too."
def odd_columns(row, copy, deviations, names, n):
    errors = {}
    for j, name in enumerate(names):
        errors[name] = max(0, (copy[j] - row[j]) / deviations[j]) ** 2
    total = sum(errors.values())
    order = sorted(names, key=lambda name: -errors[name])
    return [(name, errors[name] / total) for name in order[:n]]


# %% check
NAMES = ["speed", "amount", "night"]
CASES = [
    Case(
        "one column is off",
        args=([1, 5, 0], [1, 3, 0], [1, 1, 1], NAMES, 1),
        want=[("amount", 1.0)],
    ),
    Case(
        "units",
        args=([100, 5, 0], [90, 2, 0], [10, 1, 1], NAMES, 2),
        want=[("amount", 0.9), ("speed", 0.1)],
    ),
    Case(
        "too large and too small",
        args=([0, 4, 3], [3, 0, 3], [1, 1, 1], NAMES, 3),
        want=[("amount", 0.64), ("speed", 0.36), ("night", 0.0)],
    ),
    Case(
        "ties",
        args=([1, 1, 1], [0, 0, 0], [1, 1, 1], NAMES, 2),
        want=[("speed", 1 / 3), ("amount", 1 / 3)],
    ),
    Case(
        "deviations below one",
        args=([0, 0, 1], [0, 1, 0], [1, 2, 0.5], NAMES, 2),
        want=[("night", 16 / 17), ("amount", 1 / 17)],
    ),
    Case(
        "large values are copied",
        args=([9, 1, 0], [9, 0, 1], [1, 0.5, 1], NAMES, 2),
        want=[("amount", 0.8), ("night", 0.2)],
    ),
]
