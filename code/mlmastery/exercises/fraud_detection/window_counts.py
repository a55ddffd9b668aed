"""Exercise 19.1: Payments within a day."""


# %% stub
def window_counts(seconds, width=86_400):
    """Return how many payments of one card lie in (t - width, t] for each payment.

    seconds is a sorted list of whole numbers. A payment counts itself and what stands
    before it in the list; a payment exactly width seconds older is out.
    """
    raise NotImplementedError


# %% solution
def window_counts(seconds, width=86_400):
    counts, first = [], 0
    for i, now in enumerate(seconds):
        while seconds[first] <= now - width:
            first += 1
        counts.append(i - first + 1)
    return counts


# %% wrong: "A payment exactly width seconds older is out."
def window_counts(seconds, width=86_400):
    return [
        sum(now - width <= t for t in seconds[: i + 1]) for i, now in enumerate(seconds)
    ]


# %% wrong: "A payment counts itself."
def window_counts(seconds, width=86_400):
    return [sum(now - width < t for t in seconds[:i]) for i, now in enumerate(seconds)]


# %% wrong: "Of two payments in one second, the first does not see the second."
def window_counts(seconds, width=86_400):
    return [sum(now - width < t <= now for t in seconds) for now in seconds]


# %% wrong: "The window slides with the payment; calendar days are something else."
def window_counts(seconds, width=86_400):
    return [
        sum(t // width == now // width for t in seconds[: i + 1])
        for i, now in enumerate(seconds)
    ]


# %% wrong: "Old payments must leave the window."
def window_counts(seconds, width=86_400):
    return [i + 1 for i in range(len(seconds))]


# %% wrong: "Use the width that was given."
def window_counts(seconds, width=86_400):
    return [
        sum(now - 86_400 < t for t in seconds[: i + 1]) for i, now in enumerate(seconds)
    ]


# %% wrong: "Payments of the same second are several payments."
def window_counts(seconds, width=86_400):
    return [
        len({t for t in seconds[: i + 1] if t > now - width})
        for i, now in enumerate(seconds)
    ]


# %% wrong: "The window looks back, not ahead."
def window_counts(seconds, width=86_400):
    return [
        sum(now <= t < now + width for t in seconds[i:])
        for i, now in enumerate(seconds)
    ]


# %% wrong: "One payment may push several old ones out."
def window_counts(seconds, width=86_400):
    counts, first = [], 0
    for i, now in enumerate(seconds):
        if seconds[first] <= now - width:
            first += 1
        counts.append(i - first + 1)
    return counts


# %% wrong: "Return the counts of all payments, not of the last."
def window_counts(seconds, width=86_400):
    return [sum(seconds[-1] - width < t for t in seconds)] if seconds else []


# %% check
HOUR = 3600
CASES = [
    Case("none", args=([],), want=[]),
    Case("one", args=([5],), want=[1]),
    Case(
        "a day old is out",
        args=([0, 10 * HOUR, 24 * HOUR, 30 * HOUR],),
        want=[1, 2, 2, 3],
    ),
    Case("one second less is in", args=([0, 24 * HOUR - 1],), want=[1, 2]),
    Case("the same second", args=([7, 7, 7],), want=[1, 2, 3]),
    Case(
        "the same second as others leave",
        args=([0, 1, 86_400, 86_400],),
        want=[1, 2, 2, 3],
    ),
    Case("several leave at once", args=([0, 1, 2, 200_000],), want=[1, 2, 3, 1]),
    Case("over midnight", args=([80_000, 90_000],), want=[1, 2]),
    Case("a narrow window", args=([0, 50, 100, 101], 100), want=[1, 2, 2, 3]),
]
