"""Exercise 22.8: A mean that one liar cannot move."""

# %% stub
import numpy as np


def trimmed_mean(updates, n_trimmed):
    """Drop the n_trimmed smallest and largest values of each entry, average.

    updates has shape (n_clients, n_parameters), each column is treated for
    itself; return shape (n_parameters,).
    """
    raise NotImplementedError


# %% solution
def trimmed_mean(updates, n_trimmed):
    ordered = np.sort(updates, axis=0)
    return ordered[n_trimmed : len(updates) - n_trimmed].mean(axis=0)


# %% wrong: "With n_trimmed = 0 the slice [0:-0] is empty. Count from the front: len(updates) - n_trimmed."
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
