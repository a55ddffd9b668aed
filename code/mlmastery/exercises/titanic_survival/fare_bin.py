"""Exercise 4.4: Fare bins that last."""

# %% stub
import numpy as np


def fare_bin(train_fares, fares, n_bins):
    """Return the bin of each fare, 0 to n_bins - 1, by the quantiles of train_fares.

    The quantiles are NumPy's, which may lie between two fares. A fare on an edge belongs
    to the lower bin. Fares beyond all training fares belong to the first or the last
    bin.
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


# %% wrong: "A fare on an edge went to the upper bin. It belongs to the lower one."
import numpy as np


def fare_bin(train_fares, fares, n_bins):
    inner = np.quantile(train_fares, np.arange(1, n_bins) / n_bins)
    return np.searchsorted(inner, fares, side="right")


# %% wrong: "A fare below all training fares got the bin -1, or one above them the bin n_bins. The first and the last bin have no outer end."
def fare_bin(train_fares, fares, n_bins):
    edges = np.quantile(train_fares, np.arange(n_bins + 1) / n_bins)
    return np.searchsorted(edges, fares) - 1


# %% wrong: "Some fares have no bin at all (NaN). The first and the last bin must be open to the outside."
def fare_bin(train_fares, fares, n_bins):
    edges = np.quantile(train_fares, np.arange(n_bins + 1) / n_bins)
    found = np.searchsorted(edges, fares) - 1.0
    found[(found < 0) | (found >= n_bins)] = np.nan
    return found


# %% wrong: "The bins are numbered from 1. They should begin with 0."
def fare_bin(train_fares, fares, n_bins):
    inner = np.quantile(train_fares, np.arange(1, n_bins) / n_bins)
    return np.searchsorted(inner, fares) + 1


# %% wrong: "np.percentile counts from 0 to 100, so all your edges lie at the very bottom."
def fare_bin(train_fares, fares, n_bins):
    inner = np.percentile(train_fares, np.arange(1, n_bins) / n_bins)
    return np.searchsorted(inner, fares)


# %% wrong: "One edge is missing: between n_bins bins there are n_bins - 1 inner edges."
def fare_bin(train_fares, fares, n_bins):
    inner = np.quantile(train_fares, np.arange(1, n_bins - 1) / n_bins)
    return np.searchsorted(inner, fares)


# %% wrong: "The new fares were mixed into the training fares before the edges were computed. Only training may move an edge."
def fare_bin(train_fares, fares, n_bins):
    both = np.concatenate([train_fares, fares])
    inner = np.quantile(both, np.arange(1, n_bins) / n_bins)
    return np.searchsorted(inner, fares)


# %% wrong: "Every edge of yours is a training fare. A quantile may lie between two of them."
def fare_bin(train_fares, fares, n_bins):
    ordered = np.sort(train_fares)
    inner = [ordered[k * len(ordered) // n_bins] for k in range(1, n_bins)]
    return np.searchsorted(inner, fares)


# %% wrong: "The training fares that you were given are sorted now. Leave them in their order."
def fare_bin(train_fares, fares, n_bins):
    train_fares.sort()
    inner = np.quantile(train_fares, np.arange(1, n_bins) / n_bins)
    return np.searchsorted(inner, fares)


# %% wrong: "The bins are numbered from the dearest fare down. Bin 0 holds the cheapest."
def fare_bin(train_fares, fares, n_bins):
    inner = np.quantile(train_fares, np.arange(1, n_bins) / n_bins)
    return n_bins - 1 - np.searchsorted(inner, fares)


# %% wrong
def fare_bin(train_fares, fares, n_bins):
    rank = np.searchsorted(np.sort(train_fares), fares)
    return rank * n_bins // len(train_fares)


# %% check
import numpy as np

FARES = np.array([3.0, 100.0, 1.0, 4.0, 2.0])
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
    # a third of the way from the first to the last of five: 2.333 and 3.667
    Case(
        "edges between two fares",
        args=(FARES, np.array([2.2, 2.5, 3.5, 3.8]), 3),
        want=np.array([0, 1, 1, 2]),
    ),
    Case(
        "new fares dearer than those of training",
        args=(FARES, np.array([3.5, 900.0, 901.0]), 2),
        want=np.array([1, 1, 1]),
    ),
    Case(
        "the ends of training and beyond",
        args=(FARES, np.array([0.0, 1.0, 100.0, 900.0]), 2),
        want=np.array([0, 0, 1, 1]),
    ),
]
