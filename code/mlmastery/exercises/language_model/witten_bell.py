"""Exercise 14.1: Interpolated counts."""


# %% stub
def interpolated(counts, lower):
    """Return the probability of each character after a past, as a list.

    `counts` says how often each character came after the past, and `lower` holds
    their probabilities after a past that is one character shorter. Both are lists in
    the same order. After a past that was never seen, the result is `lower`.
    """
    raise NotImplementedError


# %% solution
def interpolated(counts, lower):
    n = sum(counts)
    different = sum(c > 0 for c in counts)
    if n == 0:
        return list(lower)
    return [(c + different * lower[i]) / (n + different) for i, c in enumerate(counts)]


# %% wrong: "The shares of the counts alone make unseen characters impossible: mix in `lower`."
def interpolated(counts, lower):
    n = sum(counts)
    if n == 0:
        return list(lower)
    return [c / n for c in counts]


# %% wrong: "u is the number of different characters that came, not of all characters."
def interpolated(counts, lower):
    n, u = sum(counts), len(counts)
    if n == 0:
        return list(lower)
    return [(c + u * p) / (n + u) for c, p in zip(counts, lower, strict=True)]


# %% wrong: "A past that was never seen has n + u = 0: return `lower` for it."
def interpolated(counts, lower):
    n = sum(counts)
    u = sum(c > 0 for c in counts)
    return [(c + u * p) / (n + u) for c, p in zip(counts, lower, strict=True)]


# %% wrong: "The result does not add up to one: divide by n + u, not by n."
def interpolated(counts, lower):
    n = sum(counts)
    u = sum(c > 0 for c in counts)
    if n == 0:
        return list(lower)
    return [(c + u * p) / n for c, p in zip(counts, lower, strict=True)]


# %% wrong: "You add `lower` once. It is weighted by u, the number of different characters."
def interpolated(counts, lower):
    n = sum(counts)
    if n == 0:
        return list(lower)
    return [(c + p) / (n + 1) for c, p in zip(counts, lower, strict=True)]


# %% wrong: "You mix in equal shares, one over the number of characters, not `lower`."
def interpolated(counts, lower):
    n = sum(counts)
    u = sum(c > 0 for c in counts)
    if n == 0:
        return list(lower)
    return [(c + u / len(counts)) / (n + u) for c in counts]


# %% wrong: "Half and half is not the rule: the shorter past has the weight u / (n + u)."
def interpolated(counts, lower):
    n = sum(counts)
    if n == 0:
        return list(lower)
    return [c / n / 2 + p / 2 for c, p in zip(counts, lower, strict=True)]


# %% wrong: "The weights are the wrong way round: many different characters give weight to `lower`."
def interpolated(counts, lower):
    n = sum(counts)
    u = sum(c > 0 for c in counts)
    if n == 0:
        return list(lower)
    return [(n * p + u * c / n) / (n + u) for c, p in zip(counts, lower, strict=True)]


# %% wrong: "Characters that came fall back on `lower` as well: this takes it for the unseen only."
def interpolated(counts, lower):
    n = sum(counts)
    u = sum(c > 0 for c in counts)
    if n == 0:
        return list(lower)
    return [
        c / (n + u) if c else u * p / (n + u)
        for c, p in zip(counts, lower, strict=True)
    ]


# %% wrong: "u counts characters that came once only. All that came count, however often."
def interpolated(counts, lower):
    n = sum(counts)
    u = sum(c == 1 for c in counts)
    if n == 0:
        return list(lower)
    return [(c + u * p) / (n + u) for c, p in zip(counts, lower, strict=True)]


# %% wrong: "`//` rounds the probabilities down to 0. Divide with `/`."
def interpolated(counts, lower):
    n = sum(counts)
    u = sum(c > 0 for c in counts)
    if n == 0:
        return list(lower)
    return [(c + u * p) // (n + u) for c, p in zip(counts, lower, strict=True)]


# %% check
CASES = [
    Case(
        "a in abaca",
        args=([0, 1, 1], [1 / 2, 1 / 4, 1 / 4]),
        want=[1 / 4, 3 / 8, 3 / 8],
    ),
    Case(
        "c in abaca",
        args=([1, 0, 0], [1 / 2, 1 / 4, 1 / 4]),
        want=[3 / 4, 1 / 8, 1 / 8],
    ),
    # 4 counts of 2 letters: 3, 1, 0 and twice 0.2, 0.3, 0.5, by 6
    Case(
        "unequal counts",
        args=([3, 1, 0], [0.2, 0.3, 0.5]),
        want=[3.4 / 6, 1.6 / 6, 1.0 / 6],
    ),
    Case("a past never seen", args=([0, 0], [0.9, 0.1]), want=[0.9, 0.1]),
    Case("one character only", args=([7], [1.0]), want=[1.0]),
]
