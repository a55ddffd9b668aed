"""Exercise 12.4: Each user's last ratings."""


# %% stub
def last_ratings(users, times, share):
    """Return the rows to hold out, ascending: the last share of each user's ratings by time.

    users and times are lists with one entry per rating. A user with n ratings has share · n of
    them held out, rounded down as on paper: 0.58 · 50 is 29. Of ratings at the same time the later row is the later one.
    """
    raise NotImplementedError


# %% solution
def last_ratings(users, times, share):
    import math

    held = []
    for user in set(users):
        own = [row for row in range(len(users)) if users[row] == user]
        own.sort(key=lambda row: (times[row], row))
        n = math.floor(share * len(own) + 1e-9)
        held += own[len(own) - n :]
    return sorted(held)


# %% wrong: "These are the first ratings. Hold out the last."
def last_ratings(users, times, share):
    import math

    held = []
    for user in set(users):
        own = [row for row in range(len(users)) if users[row] == user]
        own.sort(key=lambda row: (times[row], row))
        n = math.floor(share * len(own) + 1e-9)
        held += own[:n]
    return sorted(held)


# %% wrong: "The share is of all ratings together, a split by time. Take it user by user."
def last_ratings(users, times, share):
    import math

    order = sorted(range(len(users)), key=lambda row: (times[row], row))
    return sorted(order[len(order) - math.floor(share * len(order) + 1e-9) :])


# %% wrong: "With n = 0, [-n:] is the whole list: users with few ratings lose all of them."
def last_ratings(users, times, share):
    import math

    held = []
    for user in set(users):
        own = [row for row in range(len(users)) if users[row] == user]
        own.sort(key=lambda row: (times[row], row))
        n = math.floor(share * len(own) + 1e-9)
        held += own[-n:]
    return sorted(held)


# %% wrong: "The rows are not sorted by time: the table's order is another one."
def last_ratings(users, times, share):
    import math

    held = []
    for user in set(users):
        own = [row for row in range(len(users)) if users[row] == user]
        own.sort(key=lambda row: row)
        n = math.floor(share * len(own) + 1e-9)
        held += own[len(own) - n :]
    return sorted(held)


# %% wrong: "Round down: a user with too few ratings has none held out."
def last_ratings(users, times, share):
    import math

    held = []
    for user in set(users):
        own = [row for row in range(len(users)) if users[row] == user]
        own.sort(key=lambda row: (times[row], row))
        n = math.ceil(share * len(own) - 1e-9)
        held += own[len(own) - n :]
    return sorted(held)


# %% wrong: "Round down and not to the nearest: 0.2 of 4 ratings is none."
def last_ratings(users, times, share):

    held = []
    for user in set(users):
        own = [row for row in range(len(users)) if users[row] == user]
        own.sort(key=lambda row: (times[row], row))
        n = round(share * len(own))
        held += own[len(own) - n :]
    return sorted(held)


# %% wrong: "One rating per user is another split, leave one out."
def last_ratings(users, times, share):

    held = []
    for user in set(users):
        own = [row for row in range(len(users)) if users[row] == user]
        own.sort(key=lambda row: (times[row], row))
        n = 1
        held += own[len(own) - n :]
    return sorted(held)


# %% wrong: "Return rows, ascending."
def last_ratings(users, times, share):
    import math

    held = []
    for user in set(users):
        own = [row for row in range(len(users)) if users[row] == user]
        own.sort(key=lambda row: (times[row], row))
        n = math.floor(share * len(own) + 1e-9)
        held += own[len(own) - n :]
    return sorted(held, reverse=True)


# %% wrong: "These are the training rows. Return the rows held out."
def last_ratings(users, times, share):
    import math

    held = []
    for user in set(users):
        own = [row for row in range(len(users)) if users[row] == user]
        own.sort(key=lambda row: (times[row], row))
        n = math.floor(share * len(own) + 1e-9)
        held += own[len(own) - n :]
    return [row for row in range(len(users)) if row not in held]


# %% wrong: "Of ratings at the same time the later row is the later one; here it is the earlier."
def last_ratings(users, times, share):
    import math

    held = []
    for user in set(users):
        own = [row for row in range(len(users)) if users[row] == user]
        own.sort(key=lambda row: (times[row], -row))
        n = math.floor(share * len(own) + 1e-9)
        held += own[len(own) - n :]
    return sorted(held)


# %% wrong: "These are times. Return the numbers of the rows."
def last_ratings(users, times, share):
    import math

    held = []
    for user in set(users):
        own = [row for row in range(len(users)) if users[row] == user]
        own.sort(key=lambda row: (times[row], row))
        n = math.floor(share * len(own) + 1e-9)
        held += own[len(own) - n :]
    return sorted(times[row] for row in held)


# %% wrong: "This is the share that stays. Hold the other part out."
def last_ratings(users, times, share):
    import math

    held = []
    for user in set(users):
        own = [row for row in range(len(users)) if users[row] == user]
        own.sort(key=lambda row: (times[row], row))
        n = math.floor((1 - share) * len(own) + 1e-9)
        held += own[len(own) - n :]
    return sorted(held)


# %% wrong: "Every user has at least one rating held out here. Rounded down can be none."
def last_ratings(users, times, share):
    import math

    held = []
    for user in set(users):
        own = [row for row in range(len(users)) if users[row] == user]
        own.sort(key=lambda row: (times[row], row))
        n = max(1, math.floor(share * len(own) + 1e-9))
        held += own[len(own) - n :]
    return sorted(held)


# %% wrong: "Floating point: 0.58 · 50 is 28.999… here and 29 on paper. Add a tiny number before rounding down."
def last_ratings(users, times, share):
    import math

    held = []
    for user in set(users):
        own = [row for row in range(len(users)) if users[row] == user]
        own.sort(key=lambda row: (times[row], row))
        n = math.floor(share * len(own))
        held += own[len(own) - n :]
    return sorted(held)


# %% check
CASES = [
    Case("one user", args=([1] * 5, [50, 10, 20, 30, 40], 0.2), want=[0]),
    Case(
        "two users",
        args=(["a", "b"] * 5, [9, 1, 7, 2, 5, 3, 3, 4, 1, 5], 0.4),
        want=[0, 2, 7, 9],
    ),
    Case(
        "too few ratings",
        args=([1, 1, 2, 2, 2, 2, 2], [1, 2, 5, 4, 3, 2, 1], 0.2),
        want=[2],
    ),
    Case("four ratings", args=([1] * 4, [4, 3, 2, 1], 0.2), want=[]),
    Case("six ratings", args=([1] * 6, [1, 2, 3, 4, 5, 6], 0.4), want=[4, 5]),
    Case("on paper", args=([1] * 50, list(range(50)), 0.58), want=list(range(21, 50))),
    Case("at the same time", args=([7] * 5, [3, 3, 3, 3, 3], 0.4), want=[3, 4]),
]
