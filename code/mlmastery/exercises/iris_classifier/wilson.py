"""Exercise 2.9: An interval for an accuracy."""

# %% stub
import math


def wilson(hits, n):
    """Return (low, high), the 95 % Wilson interval for hits right answers out of n.

    Use z = 1.959964. With p = hits / n the ends are
    (p + z**2 / (2 n) -+ z * sqrt(p (1 - p) / n + z**2 / (4 n**2))) / (1 + z**2 / n).
    """
    raise NotImplementedError


# %% solution
def wilson(hits, n):
    z, p = 1.959964, hits / n
    middle = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


# %% wrong: "That is the simple interval p -+ z sqrt(p (1 - p) / n). It has no width at 30 of 30 and leaves the range."
def wilson(hits, n):
    z, p = 1.959964, hits / n
    half = z * math.sqrt(p * (1 - p) / n)
    return p - half, p + half


# %% wrong: "Only the middle was divided by 1 + z**2 / n. The half-width is divided too."
def wilson(hits, n):
    z, p = 1.959964, hits / n
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return middle - half, middle + half


# %% wrong: "z = 1.645 leaves 5 % on each side. For 95 % inside it is 1.959964."
def wilson(hits, n):
    z, p = 1.645, hits / n
    middle = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


# %% check
from scipy.stats import binomtest


def _reference(hits, n):
    interval = binomtest(hits, n).proportion_ci(0.95, method="wilson")
    return interval.low, interval.high


CASES = [
    Case(
        "147 of 150, against SciPy",
        args=(147, 150),
        want=_reference(147, 150),
        rtol=1e-5,
    ),
    Case(
        "all 30 right, against SciPy", args=(30, 30), want=_reference(30, 30), rtol=1e-5
    ),
    Case(
        "half of 20, against SciPy", args=(10, 20), want=_reference(10, 20), rtol=1e-5
    ),
]
