"""Exercise 2.9: An interval for an accuracy."""

# %% stub
import math


def wilson(hits, n):
    """Return (low, high), the 95 % Wilson interval for hits right answers out of n.

    Use z = 1.959964. n is at least 1, and hits may be anything from 0 to n.
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


# %% wrong: "Neither end was divided by 1 + z**2 / n."
def wilson(hits, n):
    z, p = 1.959964, hits / n
    middle = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return middle - half, middle + half


# %% wrong: "Below the root, the second term has n squared: it is (z / (2 n)) squared."
def wilson(hits, n):
    z, p = 1.959964, hits / n
    middle = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


# %% wrong: "The half-width lacks its factor z."
def wilson(hits, n):
    z, p = 1.959964, hits / n
    middle = p + z**2 / (2 * n)
    half = math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


# %% wrong: "The square root of the half-width is missing."
def wilson(hits, n):
    z, p = 1.959964, hits / n
    middle = p + z**2 / (2 * n)
    half = z * (p * (1 - p) / n + z**2 / (4 * n**2))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


# %% wrong: "The middle moves by z**2 / (2 n), half of what you added."
def wilson(hits, n):
    z, p = 1.959964, hits / n
    middle = p + z**2 / n
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


# %% wrong: "The middle did not move away from p. Before the division, z**2 / (2 n) is added to it."
def wilson(hits, n):
    z, p = 1.959964, hits / n
    middle = p
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


# %% wrong: "The ends are right, but in the wrong order: (low, high)."
def wilson(hits, n):
    z, p = 1.959964, hits / n
    middle = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (middle + half) / (1 + z**2 / n), (middle - half) / (1 + z**2 / n)


# %% wrong: "The simple interval was cut off at 0 and 1. That hides its fault: at 30 of 30 it still has no width."
def wilson(hits, n):
    z, p = 1.959964, hits / n
    half = z * math.sqrt(p * (1 - p) / n)
    return max(0.0, p - half), min(1.0, p + half)


# %% wrong: "The divisor has z squared: 1 + z**2 / n."
def wilson(hits, n):
    z, p = 1.959964, hits / n
    middle = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (middle - half) / (1 + z / n), (middle + half) / (1 + z / n)


# %% wrong: "The variance below the root lacks its division by n, so that more answers would not narrow the interval."
def wilson(hits, n):
    z, p = 1.959964, hits / n
    middle = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) + z**2 / (4 * n**2))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


# %% wrong: "These are percentages. The ends lie between 0 and 1."
def wilson(hits, n):
    z, p = 1.959964, hits / n
    middle = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return 100 * (middle - half) / (1 + z**2 / n), 100 * (middle + half) / (
        1 + z**2 / n
    )


# %% wrong: "The simple formula with a moved middle is the interval of Agresti and Coull. Wilson's has a root of its own."
def wilson(hits, n):
    z, p = 1.959964, hits / n
    middle = p + z**2 / (2 * n)
    middle /= 1 + z**2 / n
    half = z * math.sqrt(middle * (1 - middle) / (n + z**2))
    return middle - half, middle + half


# %% wrong: "These are the middle and the half-width. Return the two ends."
def wilson(hits, n):
    z, p = 1.959964, hits / n
    middle = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return middle / (1 + z**2 / n), half / (1 + z**2 / n)


# %% wrong: "p is a share: divide hits by n before anything else."
def wilson(hits, n):
    z, p = 1.959964, hits
    middle = p + z**2 / (2 * n)
    half = z * math.sqrt(abs(p * (1 - p) / n + z**2 / (4 * n**2)))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


# %% check
from scipy.stats import binomtest


def _reference(hits, n):
    interval = binomtest(hits, n).proportion_ci(0.95, method="wilson")
    return interval.low, interval.high


# the tolerance allows z = 1.96
CASES = [
    Case(f"{name}, against SciPy", args=pair, want=_reference(*pair), rtol=1e-4)
    for name, pair in {
        "147 of 150": (147, 150),
        "all 30 right": (30, 30),
        "half of 20": (10, 20),
        "none of 12 right": (0, 12),
        "a single answer": (1, 1),
    }.items()
]
