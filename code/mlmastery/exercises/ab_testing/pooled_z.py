"""Exercise 15.1: The z of two rates."""

# %% stub
import math


def pooled_z(hits_a, n_a, hits_b, n_b):
    """Return z of the rate of B minus that of A, with the pooled rate.

    Each arm has n users, at least one, of whom hits converted. If no user converted,
    or all did, z is 0.
    """
    raise NotImplementedError


# %% solution
import math


def pooled_z(hits_a, n_a, hits_b, n_b):
    rate = (hits_a + hits_b) / (n_a + n_b)
    variance = rate * (1 - rate) * (1 / n_a + 1 / n_b)
    difference = hits_b / n_b - hits_a / n_a
    return difference / math.sqrt(variance) if variance else 0.0


# %% wrong: "The sign is turned: the difference is B minus A."
import math


def pooled_z(hits_a, n_a, hits_b, n_b):
    rate = (hits_a + hits_b) / (n_a + n_b)
    variance = rate * (1 - rate) * (1 / n_a + 1 / n_b)
    difference = hits_a / n_a - hits_b / n_b
    return difference / math.sqrt(variance) if variance else 0.0


# %% wrong: "Each arm kept its own variance. Under 'no difference' both have the pooled rate."
import math


def pooled_z(hits_a, n_a, hits_b, n_b):
    a, b = hits_a / n_a, hits_b / n_b
    variance = a * (1 - a) / n_a + b * (1 - b) / n_b
    return (b - a) / math.sqrt(variance) if variance else 0.0


# %% wrong: "The pooled rate is the mean of the two rates here. Add the counts, so that the larger arm weighs more."
import math


def pooled_z(hits_a, n_a, hits_b, n_b):
    a, b = hits_a / n_a, hits_b / n_b
    rate = (a + b) / 2
    variance = rate * (1 - rate) * (1 / n_a + 1 / n_b)
    return (b - a) / math.sqrt(variance) if variance else 0.0


# %% wrong: "Where nobody converted, or everybody did, the variance is 0. Return 0 there, and do not divide."
import math


def pooled_z(hits_a, n_a, hits_b, n_b):
    rate = (hits_a + hits_b) / (n_a + n_b)
    variance = rate * (1 - rate) * (1 / n_a + 1 / n_b)
    return (hits_b / n_b - hits_a / n_a) / math.sqrt(variance)


# %% wrong: "The difference was divided by the variance. Take its root."
def pooled_z(hits_a, n_a, hits_b, n_b):
    rate = (hits_a + hits_b) / (n_a + n_b)
    variance = rate * (1 - rate) * (1 / n_a + 1 / n_b)
    return (hits_b / n_b - hits_a / n_a) / variance if variance else 0.0


# %% wrong: "The variances of two arms are added: 1 / n_a + 1 / n_b, not 1 / (n_a + n_b)."
import math


def pooled_z(hits_a, n_a, hits_b, n_b):
    rate = (hits_a + hits_b) / (n_a + n_b)
    variance = rate * (1 - rate) / (n_a + n_b)
    difference = hits_b / n_b - hits_a / n_a
    return difference / math.sqrt(variance) if variance else 0.0


# %% wrong: "The counts were compared. Divide each by its own number of users first."
import math


def pooled_z(hits_a, n_a, hits_b, n_b):
    rate = (hits_a + hits_b) / (n_a + n_b)
    variance = rate * (1 - rate) * (1 / n_a + 1 / n_b)
    return (hits_b - hits_a) / math.sqrt(variance) if variance else 0.0


# %% wrong: "z has a sign. You returned its size only."
import math


def pooled_z(hits_a, n_a, hits_b, n_b):
    rate = (hits_a + hits_b) / (n_a + n_b)
    variance = rate * (1 - rate) * (1 / n_a + 1 / n_b)
    difference = hits_b / n_b - hits_a / n_a
    return abs(difference) / math.sqrt(variance) if variance else 0.0


# %% wrong: "That is chi-square, the square of z."
def pooled_z(hits_a, n_a, hits_b, n_b):
    rate = (hits_a + hits_b) / (n_a + n_b)
    variance = rate * (1 - rate) * (1 / n_a + 1 / n_b)
    return (hits_b / n_b - hits_a / n_a) ** 2 / variance if variance else 0.0


# %% wrong: "That is the difference of the rates. Divide it by its standard error."
def pooled_z(hits_a, n_a, hits_b, n_b):
    return hits_b / n_b - hits_a / n_a


# %% wrong: "The variance of a rate is rate times (1 - rate). The second factor is missing."
import math


def pooled_z(hits_a, n_a, hits_b, n_b):
    rate = (hits_a + hits_b) / (n_a + n_b)
    variance = rate * (1 / n_a + 1 / n_b)
    difference = hits_b / n_b - hits_a / n_a
    return difference / math.sqrt(variance) if variance else 0.0


# %% wrong: "A continuity correction was subtracted. The plain z of this chapter has none."
import math


def pooled_z(hits_a, n_a, hits_b, n_b):
    rate = (hits_a + hits_b) / (n_a + n_b)
    variance = rate * (1 - rate) * (1 / n_a + 1 / n_b)
    difference = hits_b / n_b - hits_a / n_a
    less = max(0.0, abs(difference) - (1 / n_a + 1 / n_b) / 2)
    return math.copysign(less, difference) / math.sqrt(variance) if variance else 0.0


# %% wrong: "Two arms of one rate give 0, but equal *counts* need not: compare the rates."
import math


def pooled_z(hits_a, n_a, hits_b, n_b):
    if hits_a == hits_b:
        return 0.0
    rate = (hits_a + hits_b) / (n_a + n_b)
    variance = rate * (1 - rate) * (1 / n_a + 1 / n_b)
    return (hits_b / n_b - hits_a / n_a) / math.sqrt(variance)


# %% check
from statsmodels.stats.proportion import proportions_ztest


def _reference(hits_a, n_a, hits_b, n_b):
    return float(proportions_ztest([hits_b, hits_a], [n_b, n_a])[0])


CASES = [
    Case(name, args=counts, want=_reference(*counts))
    for name, counts in {
        "20 of 200 against 30 of 200": (20, 200, 30, 200),
        "B is worse, unequal arms": (30, 100, 40, 400),
        "equal counts of unequal arms": (10, 50, 10, 90),
    }.items()
] + [
    Case("no conversion", args=(0, 10, 0, 12), want=0.0),
    Case("nothing but conversions", args=(7, 7, 9, 9), want=0.0),
]
