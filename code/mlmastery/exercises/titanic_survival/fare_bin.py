"""Exercise 4.4: Fare bins that last."""

# %% stub
import numpy as np


def fare_bin(train_fares, fares, n_bins):
    """Return the bin of each fare, 0 to n_bins - 1, by the quantiles of train_fares.

    A fare on an edge belongs to the lower bin. Fares beyond all training fares belong
    to the first or the last bin.
    """
    raise NotImplementedError


# %% solution
import numpy as np


def fare_bin(train_fares, fares, n_bins):
    inner = np.quantile(train_fares, np.arange(1, n_bins) / n_bins)
    return np.searchsorted(inner, fares)


# %% wrong: "The edges moved with the new fares. Compute them from the training fares."
import numpy as np


def fare_bin(train_fares, fares, n_bins):
    inner = np.quantile(fares, np.arange(1, n_bins) / n_bins)
    return np.searchsorted(inner, fares)


# %% wrong: "These bins have equal widths. Quantiles give them equal counts."
import numpy as np


def fare_bin(train_fares, fares, n_bins):
    inner = np.linspace(np.min(train_fares), np.max(train_fares), n_bins + 1)[1:-1]
    return np.searchsorted(inner, fares)


# %% wrong: "Use the inner edges only: with the outer ones, bins run from 0 to n_bins + 1."
import numpy as np


def fare_bin(train_fares, fares, n_bins):
    edges = np.quantile(train_fares, np.arange(n_bins + 1) / n_bins)
    return np.searchsorted(edges, fares)


# %% wrong: "A fare on an edge belongs to the lower bin: look at the argument side."
import numpy as np


def fare_bin(train_fares, fares, n_bins):
    inner = np.quantile(train_fares, np.arange(1, n_bins) / n_bins)
    return np.searchsorted(inner, fares, side="right")


# %% check
import numpy as np

FARES = np.array([1.0, 2.0, 3.0, 4.0, 100.0])
CASES = [
    Case(
        "four bins",
        args=(FARES, np.array([1.5, 2.5, 3.5, 50.0]), 4),
        want=np.array([0, 1, 2, 3]),
    ),
    Case(
        "on an edge",
        args=(FARES, np.array([2.0, 3.0, 4.0]), 4),
        want=np.array([0, 1, 2]),
    ),
    Case(
        "beyond training",
        args=(FARES, np.array([0.0, 900.0]), 2),
        want=np.array([0, 1]),
    ),
]
