"""Exercise 21.7: The index by hand."""


# %% stub
def stability_index(reference, current, floor=0.0001):
    """Return the population stability index of two lists of counts.

    Bins that are empty in both are left out. Any other share is at least floor. The counts
    of each list have a sum above 0.
    """
    raise NotImplementedError


# %% solution
def stability_index(reference, current, floor=0.0001):
    import math

    total = 0.0
    for a, b in zip(reference, current):
        if a == 0 and b == 0:
            continue
        p = max(a / sum(reference), floor)
        q = max(b / sum(current), floor)
        total += (q - p) * math.log(q / p)
    return total


# %% wrong: "An empty bin needs the floor: the logarithm of 0 does not exist."
def stability_index(reference, current, floor=0.0001):
    import math

    total = 0.0
    for a, b in zip(reference, current):
        if a == 0 and b == 0:
            continue
        p = a / sum(reference)
        q = b / sum(current)
        total += (q - p) * math.log(q / p)
    return total


# %% wrong: "A bin that only one sample fills is the strongest drift of all: do not leave it out."
def stability_index(reference, current, floor=0.0001):
    import math

    total = 0.0
    for a, b in zip(reference, current):
        if a == 0 or b == 0:
            continue
        p = max(a / sum(reference), floor)
        q = max(b / sum(current), floor)
        total += (q - p) * math.log(q / p)
    return total


# %% wrong: "This is one Kullback–Leibler divergence. The index weighs the logarithm by q − p."
def stability_index(reference, current, floor=0.0001):
    import math

    total = 0.0
    for a, b in zip(reference, current):
        if a == 0 and b == 0:
            continue
        p = max(a / sum(reference), floor)
        q = max(b / sum(current), floor)
        total += q * math.log(q / p)
    return total


# %% wrong: "This is the other Kullback–Leibler divergence: the index is the sum of both."
def stability_index(reference, current, floor=0.0001):
    import math

    total = 0.0
    for a, b in zip(reference, current):
        if a == 0 and b == 0:
            continue
        p = max(a / sum(reference), floor)
        q = max(b / sum(current), floor)
        total += p * math.log(p / q)
    return total


# %% wrong: "Divide by the sums first: the samples may differ in size."
def stability_index(reference, current, floor=0.0001):
    import math

    total = 0.0
    for a, b in zip(reference, current):
        if a == 0 and b == 0:
            continue
        p = max(a, floor)
        q = max(b, floor)
        total += (q - p) * math.log(q / p)
    return total


# %% wrong: "Each list is divided by its own sum."
def stability_index(reference, current, floor=0.0001):
    import math

    total = 0.0
    for a, b in zip(reference, current):
        if a == 0 and b == 0:
            continue
        p = max(a / sum(reference), floor)
        q = max(b / sum(reference), floor)
        total += (q - p) * math.log(q / p)
    return total


# %% wrong: "The sign is reversed: the index is never negative."
def stability_index(reference, current, floor=0.0001):
    import math

    total = 0.0
    for a, b in zip(reference, current):
        if a == 0 and b == 0:
            continue
        p = max(a / sum(reference), floor)
        q = max(b / sum(current), floor)
        total += (q - p) * math.log(p / q)
    return total


# %% wrong: "The natural logarithm is asked."
def stability_index(reference, current, floor=0.0001):
    import math

    total = 0.0
    for a, b in zip(reference, current):
        if a == 0 and b == 0:
            continue
        p = max(a / sum(reference), floor)
        q = max(b / sum(current), floor)
        total += (q - p) * math.log2(q / p)
    return total


# %% wrong: "The index is the sum over the bins, and not their mean."
def stability_index(reference, current, floor=0.0001):
    import math

    total = 0.0
    for a, b in zip(reference, current):
        if a == 0 and b == 0:
            continue
        p = max(a / sum(reference), floor)
        q = max(b / sum(current), floor)
        total += (q - p) * math.log(q / p)
    return total / len(reference)


# %% wrong: "The floor is a lower bound of a share. Adding it changes every share."
def stability_index(reference, current, floor=0.0001):
    import math

    total = 0.0
    for a, b in zip(reference, current):
        if a == 0 and b == 0:
            continue
        p = a / sum(reference) + floor
        q = b / sum(current) + floor
        total += (q - p) * math.log(q / p)
    return total


# %% wrong: "The floor holds for both samples."
def stability_index(reference, current, floor=0.0001):
    import math

    total = 0.0
    for a, b in zip(reference, current):
        if a == 0 and b == 0:
            continue
        p = max(a / sum(reference), 1e-9)
        q = max(b / sum(current), floor)
        total += (q - p) * math.log(q / p)
    return total


# %% wrong: "The floor is an argument: use it and not a constant."
def stability_index(reference, current, floor=0.0001):
    import math

    total = 0.0
    for a, b in zip(reference, current):
        if a == 0 and b == 0:
            continue
        p = max(a / sum(reference), 0.0001)
        q = max(b / sum(current), 0.0001)
        total += (q - p) * math.log(q / p)
    return total


# %% check
CASES = [
    Case("the chapter's ten customers", args=([5, 5], [8, 2]), want=0.4158883083359672),
    Case("equal shares, other sizes", args=([5, 5, 10], [50, 50, 100]), want=0.0),
    # (0.4 - 0.5) ln 0.8 + (0.6 - 0.5) ln 1.2
    Case("two bins", args=([10, 10], [8, 12]), want=0.04054651081081642),
    Case(
        "a bin is empty today",
        args=([1, 1], [2, 0]),
        # 0.5 ln 2 + 0.4999 ln 5000
        want=4.60431846666895,
    ),
    Case(
        "a bin was empty before",
        args=([4, 0], [3, 1]),
        # 0.25 ln(4/3) + 0.2499 ln 2500
        want=2.0271496162259326,
    ),
    Case("empty in both", args=([5, 0, 5], [8, 0, 2]), want=0.4158883083359672),
    Case(
        "another floor",
        args=([1, 1], [2, 0], 0.01),
        # 0.5 ln 2 + 0.49 ln 50
        want=2.263464862939764,
    ),
]
