"""Exercise 5.7: A promise kept."""

# %% stub
import numpy as np


def half_width(errors, alpha):
    """Return the k-th smallest error, k = ceil((n + 1) * (1 - alpha)).

    errors has shape (n,). If k is larger than n, return infinity.
    """
    raise NotImplementedError


# %% solution
def half_width(errors, alpha):
    n = len(errors)
    k = int(np.ceil(round((n + 1) * (1 - alpha), 9)))
    return np.sort(errors)[k - 1] if k <= n else np.inf


# %% wrong: "That is the quantile of the n errors. The new house counts too: k uses n + 1."
def half_width(errors, alpha):
    k = int(np.ceil(round(len(errors) * (1 - alpha), 9)))
    return np.sort(errors)[k - 1]


# %% wrong: "Python counts from 0: the k-th smallest is at place k - 1."
def half_width(errors, alpha):
    n = len(errors)
    k = int(np.ceil(round((n + 1) * (1 - alpha), 9)))
    return np.sort(errors)[k] if k < n else np.inf


# %% wrong: "With too few errors nothing can be promised, and you promised the largest. Return infinity."
def half_width(errors, alpha):
    n = len(errors)
    k = int(np.ceil(round((n + 1) * (1 - alpha), 9)))
    return np.sort(errors)[min(k, n) - 1]


# %% check
import numpy as np

_nine = np.array([3.0, 1.0, 2.0, 9.0, 8.0, 4.0, 7.0, 5.0, 6.0])
CASES = [
    # (9 + 1) * 0.8 = 8
    Case("nine errors, four in five", args=(_nine, 0.2), want=8.0),
    # 10 * 0.75 = 7.5, rounded up to 8
    Case("nine errors, three in four", args=(_nine, 0.25), want=8.0),
    Case("too few for nineteen in twenty", args=(_nine, 0.05), want=np.inf),
    # 20 * 0.5 = 10
    Case("nineteen errors, the median", args=(np.arange(19.0), 0.5), want=9.0),
]
