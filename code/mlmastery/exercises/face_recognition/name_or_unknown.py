"""Exercise 11.10: Name or unknown."""


# %% stub
def name_or_unknown(distances, tolerance):
    """Return the name of the nearest enrolled person, or None.

    ``distances`` maps each name to a list: the distances of the probe
    to that person's photographs. A person counts by the nearest
    photograph, and is named if that distance is at most
    ``tolerance``. The result is None if nobody is near enough or
    nobody is enrolled. Of two equally near people, the one who comes
    first in ``distances`` is named.
    """
    raise NotImplementedError


# %% solution
def name_or_unknown(distances, tolerance):
    best, nearest = None, float("inf")
    for name, values in distances.items():
        if min(values) < nearest:
            best, nearest = name, min(values)
    return best if nearest <= tolerance else None


# %% wrong: "The first match is taken. Another person may be nearer: look at all, then compare with the tolerance."
def name_or_unknown(distances, tolerance):
    for name, values in distances.items():
        if min(values) <= tolerance:
            return name
    return None


# %% wrong: "Somebody is always named. A stranger has a nearest person too: compare with the tolerance."
def name_or_unknown(distances, tolerance):
    if not distances:
        return None
    return min(distances, key=lambda name: min(distances[name]))


# %% wrong: "Small distances are good. You took the farthest person."
def name_or_unknown(distances, tolerance):
    if not distances:
        return None
    best = max(distances, key=lambda name: min(distances[name]))
    return best if min(distances[best]) <= tolerance else None


# %% wrong: "You averaged over a person's photographs. Here the nearest one counts."
def name_or_unknown(distances, tolerance):
    means = {name: sum(v) / len(v) for name, v in distances.items()}
    if not means:
        return None
    best = min(means, key=means.get)
    return best if means[best] <= tolerance else None


# %% wrong: "A person's photographs are several: take the nearest, not the first of the list."
def name_or_unknown(distances, tolerance):
    if not distances:
        return None
    best = min(distances, key=lambda name: distances[name][0])
    return best if distances[best][0] <= tolerance else None


# %% wrong: "A distance equal to the tolerance is near enough: at most, not less than."
def name_or_unknown(distances, tolerance):
    if not distances:
        return None
    best = min(distances, key=lambda name: min(distances[name]))
    return best if min(distances[best]) < tolerance else None


# %% wrong: "The comparison is turned round: near is below the tolerance."
def name_or_unknown(distances, tolerance):
    if not distances:
        return None
    best = min(distances, key=lambda name: min(distances[name]))
    return best if min(distances[best]) >= tolerance else None


# %% wrong: "With nobody enrolled, the answer is None and no error."
def name_or_unknown(distances, tolerance):
    best = min(distances, key=lambda name: min(distances[name]))
    return best if min(distances[best]) <= tolerance else None


# %% wrong: "Unknown is None, not a text: somebody could have that name."
def name_or_unknown(distances, tolerance):
    if not distances:
        return "unknown"
    best = min(distances, key=lambda name: min(distances[name]))
    return best if min(distances[best]) <= tolerance else "unknown"


# %% wrong: "Of two equally near people, the first is named."
def name_or_unknown(distances, tolerance):
    best, nearest = None, float("inf")
    for name, values in distances.items():
        if min(values) <= nearest:
            best, nearest = name, min(values)
    return best if nearest <= tolerance else None


# %% check
CASES = [
    Case("A at 0.55, B at 0.30", args=({"A": [0.55], "B": [0.30]}, 0.6), want="B"),
    Case("all too far", args=({"A": [0.7], "B": [0.7]}, 0.6), want=None),
    Case("nobody enrolled", args=({}, 0.6), want=None),
    Case("exactly at the tolerance", args=({"A": [0.6]}, 0.6), want="A"),
    Case("not the first", args=({"A": [0.7, 0.1], "B": [0.45, 0.45]}, 0.6), want="A"),
    Case("not the mean", args=({"A": [0.1, 0.9], "B": [0.3, 0.3]}, 0.6), want="A"),
    Case("the second", args=({"B": [0.4, 0.4], "A": [0.2, 0.9]}, 0.6), want="A"),
    Case("a tie", args=({"B": [0.5], "A": [0.5]}, 0.6), want="B"),
    Case("a smaller tolerance", args=({"A": [0.3], "B": [0.4]}, 0.2), want=None),
]
