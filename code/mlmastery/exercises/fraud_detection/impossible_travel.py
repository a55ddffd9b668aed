"""Exercise 19.2: Too fast to be one person."""


# %% stub
def impossible_travel(payments, limit):
    """Return for each payment of a card whether it needs a speed above limit (km/h).

    payments is a list of (seconds, x, y), sorted by time, with x and y in km. The speed
    is the straight distance from the payment before, over the time between them; a time
    below 60 seconds counts as 60. The first payment needs no speed.
    """
    raise NotImplementedError


# %% solution
def impossible_travel(payments, limit):
    flags = [False] * min(1, len(payments))
    for i in range(1, len(payments)):
        (t0, x0, y0), (t1, x1, y1) = payments[i - 1 : i + 1]
        kilometres = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        flags.append(kilometres / max(t1 - t0, 60) * 3600 > limit)
    return flags


# %% wrong: "The time is in seconds, the speed in km/h."
def impossible_travel(payments, limit):
    flags = [False] * min(1, len(payments))
    for i in range(1, len(payments)):
        (t0, x0, y0), (t1, x1, y1) = payments[i - 1 : i + 1]
        kilometres = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        flags.append(kilometres / max(t1 - t0, 60) > limit)
    return flags


# %% wrong: "Measure from the payment before, not from the first."
def impossible_travel(payments, limit):
    flags = []
    for i, (t1, x1, y1) in enumerate(payments):
        t0, x0, y0 = payments[0]
        kilometres = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        flags.append(i > 0 and kilometres / max(t1 - t0, 60) * 3600 > limit)
    return flags


# %% wrong: "The straight distance is asked."
def impossible_travel(payments, limit):
    flags = [False] * min(1, len(payments))
    for i in range(1, len(payments)):
        (t0, x0, y0), (t1, x1, y1) = payments[i - 1 : i + 1]
        kilometres = abs(x1 - x0) + abs(y1 - y0)
        flags.append(kilometres / max(t1 - t0, 60) * 3600 > limit)
    return flags


# %% wrong: "A time below 60 seconds counts as 60."
def impossible_travel(payments, limit):
    flags = [False] * min(1, len(payments))
    for i in range(1, len(payments)):
        (t0, x0, y0), (t1, x1, y1) = payments[i - 1 : i + 1]
        kilometres = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        flags.append(kilometres / max(t1 - t0, 1) * 3600 > limit)
    return flags


# %% wrong: "Longer times stay as they are: only those below 60 seconds are raised."
def impossible_travel(payments, limit):
    flags = [False] * min(1, len(payments))
    for i in range(1, len(payments)):
        (t0, x0, y0), (t1, x1, y1) = payments[i - 1 : i + 1]
        kilometres = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        flags.append(kilometres / (t1 - t0 + 60) * 3600 > limit)
    return flags


# %% wrong: "The first payment has an answer too."
def impossible_travel(payments, limit):
    flags = []
    for i in range(1, len(payments)):
        (t0, x0, y0), (t1, x1, y1) = payments[i - 1 : i + 1]
        kilometres = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        flags.append(kilometres / max(t1 - t0, 60) * 3600 > limit)
    return flags


# %% wrong: "The limit itself is still possible."
def impossible_travel(payments, limit):
    flags = [False] * min(1, len(payments))
    for i in range(1, len(payments)):
        (t0, x0, y0), (t1, x1, y1) = payments[i - 1 : i + 1]
        kilometres = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        flags.append(kilometres / max(t1 - t0, 60) * 3600 >= limit)
    return flags


# %% wrong: "Each pair is judged by itself; a flag does not stay."
def impossible_travel(payments, limit):
    flags = [False] * min(1, len(payments))
    for i in range(1, len(payments)):
        (t0, x0, y0), (t1, x1, y1) = payments[i - 1 : i + 1]
        kilometres = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        flags.append(flags[-1] or kilometres / max(t1 - t0, 60) * 3600 > limit)
    return flags


# %% wrong: "Take the root of the squared distance."
def impossible_travel(payments, limit):
    flags = [False] * min(1, len(payments))
    for i in range(1, len(payments)):
        (t0, x0, y0), (t1, x1, y1) = payments[i - 1 : i + 1]
        kilometres = (x1 - x0) ** 2 + (y1 - y0) ** 2
        flags.append(kilometres / max(t1 - t0, 60) * 3600 > limit)
    return flags


# %% wrong: "The second payment is the one that needs the speed."
def impossible_travel(payments, limit):
    flags = []
    for i in range(1, len(payments)):
        (t0, x0, y0), (t1, x1, y1) = payments[i - 1 : i + 1]
        kilometres = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        flags.append(kilometres / max(t1 - t0, 60) * 3600 > limit)
    return flags + [False] * min(1, len(payments))


# %% check
CASES = [
    Case("none", args=([], 100), want=[]),
    Case("one", args=([(0, 1.0, 1.0)], 100), want=[False]),
    Case("the root", args=([(0, 0, 0), (3600, 3, 4)], 10), want=[False, False]),
    Case("straight", args=([(0, 0, 0), (3600, 3, 4)], 6), want=[False, False]),
    Case(
        "the limit itself", args=([(0, 0, 0), (3600, 60, 80)], 100), want=[False, False]
    ),
    Case("just above", args=([(0, 0, 0), (3600, 60, 80)], 99.9), want=[False, True]),
    Case("the same second", args=([(9, 0, 0), (9, 3, 0)], 150), want=[False, True]),
    Case("a minute at least", args=([(9, 0, 0), (10, 2, 0)], 150), want=[False, False]),
    Case("half a minute", args=([(0, 0, 0), (30, 2, 0)], 119), want=[False, True]),
    Case(
        "and back",
        args=([(0, 0, 0), (600, 30, 0), (9000, 30, 1), (9300, 0, 1)], 100),
        want=[False, True, False, True],
    ),
    Case(
        "from the one before",
        args=([(0, 0, 0), (36000, 90, 0), (36600, 0, 0)], 100),
        want=[False, False, True],
    ),
    Case(
        "up counts like across",
        args=([(0, 5, 5), (3600, 5, -50)], 50),
        want=[False, True],
    ),
    Case(
        "from another corner",
        args=([(0, 7, 2), (3600, 10, 6)], 4.9),
        want=[False, True],
    ),
    Case(
        "a short way far from the corner",
        args=([(0, 7, 2), (3600, 7, 5)], 10),
        want=[False, False],
    ),
]
