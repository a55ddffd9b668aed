"""Exercise 22.11: A mean that one liar cannot move."""

# %% stub
import numpy as np


def trimmed_mean(updates, n_trimmed):
    """Return the mean of each column without its extreme values.

    The n_trimmed smallest and the n_trimmed largest values of a column are
    dropped. updates has shape (n_clients, n_parameters), n_trimmed is 0 or
    more and less than half of n_clients; return shape (n_parameters,).
    """
    raise NotImplementedError


# %% solution
def trimmed_mean(updates, n_trimmed):
    ordered = np.sort(updates, axis=0)
    return ordered[n_trimmed : len(updates) - n_trimmed].mean(axis=0)


# %% wrong: "With n_trimmed = 0 the slice [0:-0] is empty. Count the end of the slice from the front, too."
def trimmed_mean(updates, n_trimmed):
    ordered = np.sort(updates, axis=0)
    kept = ordered[n_trimmed:-n_trimmed]
    return kept.sum(axis=0) / max(1, len(kept))


# %% wrong: "You dropped the smallest but kept the largest: cut at both ends."
def trimmed_mean(updates, n_trimmed):
    return np.sort(updates, axis=0)[n_trimmed:].mean(axis=0)


# %% wrong: "You sorted the parameters of each client. Sort the clients within each column: axis 0."
def trimmed_mean(updates, n_trimmed):
    ordered = np.sort(updates, axis=1)
    return ordered[n_trimmed : len(updates) - n_trimmed].mean(axis=0)


# %% wrong: "You dropped whole clients. A client may be extreme in one entry and ordinary in another."
def trimmed_mean(updates, n_trimmed):
    order = np.argsort(updates.sum(axis=1))
    return updates[order][n_trimmed : len(updates) - n_trimmed].mean(axis=0)


# %% wrong: "This is the median. Of what is left in the middle, take the mean."
def trimmed_mean(updates, n_trimmed):
    return np.median(updates, axis=0)


# %% wrong: "You pulled the extremes in to the nearest value that is kept. Drop them."
def trimmed_mean(updates, n_trimmed):
    ordered = np.sort(updates, axis=0)
    low, high = ordered[n_trimmed], ordered[len(updates) - n_trimmed - 1]
    return np.clip(updates, low, high).mean(axis=0)


# %% wrong: "Divide by the number of values that are left, not by that of all clients."
def trimmed_mean(updates, n_trimmed):
    ordered = np.sort(updates, axis=0)
    return ordered[n_trimmed : len(updates) - n_trimmed].sum(axis=0) / len(updates)


# %% wrong: "n_trimmed values are dropped at each end. You dropped that many in all."
def trimmed_mean(updates, n_trimmed):
    half = n_trimmed // 2
    ordered = np.sort(updates, axis=0)
    return ordered[half : len(updates) - (n_trimmed - half)].mean(axis=0)


# %% wrong: "You dropped the largest but kept the smallest: a liar can lie downwards, too."
def trimmed_mean(updates, n_trimmed):
    return np.sort(updates, axis=0)[: len(updates) - n_trimmed].mean(axis=0)


# %% wrong: "The table belongs to the caller, and you sorted it in place. Sort a copy."
def trimmed_mean(updates, n_trimmed):
    updates.sort(axis=0)
    return updates[n_trimmed : len(updates) - n_trimmed].mean(axis=0)


# %% wrong: "You dropped the first and the last clients of the table. Sort the values first."
def trimmed_mean(updates, n_trimmed):
    return updates[n_trimmed : len(updates) - n_trimmed].mean(axis=0)


# %% wrong: "Smallest and largest are meant with their signs. You sorted by absolute value."
def trimmed_mean(updates, n_trimmed):
    order = np.argsort(np.abs(updates), axis=0)
    ordered = np.take_along_axis(updates, order, axis=0)
    return ordered[n_trimmed : len(updates) - n_trimmed].mean(axis=0)


# %% wrong: "Each column has a mean of its own. You took one of the whole table."
def trimmed_mean(updates, n_trimmed):
    ordered = np.sort(updates, axis=0)
    return ordered[n_trimmed : len(updates) - n_trimmed].mean()


# %% wrong: "One value too many is dropped at the upper end: a slice ends before its last number."
def trimmed_mean(updates, n_trimmed):
    ordered = np.sort(updates, axis=0)
    kept = ordered[n_trimmed : len(updates) - n_trimmed - 1]
    return kept.sum(axis=0) / max(1, len(kept))


# %% check
import numpy as np

CASES = [
    Case(
        "one liar among five",
        args=(
            np.array([[1.0, 5.0], [2.0, 4.0], [3.0, 3.0], [4.0, 2.0], [1e6, -1e6]]),
            1,
        ),
        want=np.array([3.0, 3.0]),
    ),
    # 3 and 5 are left, and 2 and 4
    Case(
        "another client is extreme in each column",
        args=(np.array([[5.0, 0.0], [1.0, 100.0], [3.0, 4.0], [99.0, 2.0]]), 1),
        want=np.array([4.0, 3.0]),
    ),
    # -8, -1 and 2 are left
    Case(
        "values of both signs",
        args=(np.array([[2.0], [-9.0], [-1.0], [3.0], [-8.0]]), 1),
        want=np.array([-7 / 3]),
    ),
    Case(
        "nothing trimmed is the mean",
        args=(np.array([[1.0], [2.0], [6.0]]), 0),
        want=np.array([3.0]),
    ),
    Case(
        "two of five at each end leave the median",
        args=(np.array([[9.0], [1.0], [5.0], [-7.0], [30.0]]), 2),
        want=np.array([5.0]),
    ),
]
