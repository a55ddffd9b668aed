"""Exercise 21.2: A percentile of latencies."""


# %% stub
def percentile(values, per_cent):
    """Return the smallest of the values that at least per_cent % of them do not exceed.

    per_cent is a whole number from 1 to 100. The answer is one of the values.
    """
    raise NotImplementedError


# %% solution
def percentile(values, per_cent):
    ordered = sorted(values)
    rank = -(-per_cent * len(ordered) // 100)
    return ordered[rank - 1]


# %% wrong: "The answer must be one of the values: do not interpolate."
def percentile(values, per_cent):
    import numpy as np

    return float(np.percentile(values, per_cent))


# %% wrong: "Sort the values first."
def percentile(values, per_cent):
    rank = -(-per_cent * len(values) // 100)
    return list(values)[rank - 1]


# %% wrong: "Python counts from 0: the value of rank 1 has the index 0."
def percentile(values, per_cent):
    ordered = sorted(values)
    rank = -(-per_cent * len(ordered) // 100)
    return ordered[min(rank, len(ordered) - 1)]


# %% wrong: "Round the rank up: with the rank rounded down fewer than per_cent % lie below."
def percentile(values, per_cent):
    ordered = sorted(values)
    rank = max(1, per_cent * len(ordered) // 100)
    return ordered[rank - 1]


# %% wrong: "The largest value is the 100th percentile only."
def percentile(values, per_cent):
    return max(values)


# %% wrong: "This is the mean; a few slow answers hide in it."
def percentile(values, per_cent):
    return sum(values) / len(values)


# %% wrong: "Sort from the smallest to the largest."
def percentile(values, per_cent):
    ordered = sorted(values, reverse=True)
    rank = -(-per_cent * len(ordered) // 100)
    return ordered[rank - 1]


# %% wrong: "Equal latencies count each: a set drops them."
def percentile(values, per_cent):
    ordered = sorted(set(values))
    rank = -(-per_cent * len(ordered) // 100)
    return ordered[rank - 1]


# %% wrong: "Rounding to the nearest rank can leave fewer than per_cent % below."
def percentile(values, per_cent):
    ordered = sorted(values)
    rank = max(1, round(per_cent * len(ordered) / 100))
    return ordered[rank - 1]


# %% wrong: "This is the median, whatever per_cent says."
def percentile(values, per_cent):
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2]


# %% wrong: "7 / 100 * 100 is a little more than 7 in floating point: stay in whole numbers."
def percentile(values, per_cent):
    import math

    ordered = sorted(values)
    return ordered[math.ceil(per_cent / 100 * len(ordered)) - 1]


# %% wrong: "The rank is one too many where per_cent % of the values is a whole number."
def percentile(values, per_cent):
    ordered = sorted(values)
    return ordered[min(per_cent * len(ordered) // 100, len(ordered) - 1)]


# %% check
CASES = [
    Case("the median of five", args=([5, 1, 4, 2, 3], 50), want=3),
    Case("the 99th of a hundred", args=(list(range(100, 0, -1)), 99), want=99),
    Case("the 25th of nine", args=([9, 8, 7, 6, 5, 4, 3, 2, 1], 25), want=3),
    Case("the largest", args=([2.0, 8.0, 4.0], 100), want=8.0),
    Case("a quarter of seven", args=([7, 6, 5, 4, 3, 2, 1], 25), want=2),
    Case("equal values", args=([1, 1, 1, 9], 75), want=1),
    Case("all of two hundred", args=(list(range(200)), 100), want=199),
    Case("the 7th of a hundred", args=(list(range(1, 101)), 7), want=7),
    Case("one value", args=([7.5], 1), want=7.5),
    Case(
        "a tenth of twelve", args=([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 10), want=2
    ),
]
