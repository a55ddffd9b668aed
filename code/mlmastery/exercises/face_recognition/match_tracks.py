"""Exercise 11.12: One step of a tracker."""


# %% stub
def match_tracks(predicted, detected, minimum):
    """Return which detection continues which track.

    ``predicted`` and ``detected`` are lists of boxes (left, top,
    width, height). The overlap of two boxes is their intersection
    over their union. Pairs are taken greedily, the largest overlap
    first; a track or detection belongs to one pair at most, and a
    pair with an overlap below ``minimum`` to none. Return a dict from
    the number of the track to that of the detection.
    """
    raise NotImplementedError


# %% solution
def match_tracks(predicted, detected, minimum):
    def overlap(a, b):
        wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        high = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(wide, 0) * max(high, 0)
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    pairs = [
        (overlap(a, b), i, j)
        for i, a in enumerate(predicted)
        for j, b in enumerate(detected)
    ]
    matched = {}
    for value, i, j in sorted(pairs, reverse=True):
        if value >= minimum and i not in matched and j not in matched.values():
            matched[i] = j
    return matched


# %% wrong: "Two tracks share a detection: a detection belongs to one pair at most."
def match_tracks(predicted, detected, minimum):
    def overlap(a, b):
        wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        high = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(wide, 0) * max(high, 0)
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    matched = {}
    for i, a in enumerate(predicted):
        values = [overlap(a, b) for b in detected]
        if values and max(values) >= minimum:
            matched[i] = values.index(max(values))
    return matched


# %% wrong: "You went through the tracks in their order. The largest overlap of all comes first."
def match_tracks(predicted, detected, minimum):
    def overlap(a, b):
        wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        high = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(wide, 0) * max(high, 0)
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    matched = {}
    for i, a in enumerate(predicted):
        free = [j for j in range(len(detected)) if j not in matched.values()]
        best = max(free, key=lambda j: overlap(a, detected[j]), default=None)
        if best is not None and overlap(a, detected[best]) >= minimum:
            matched[i] = best
    return matched


# %% wrong: "Boxes that do not touch have no overlap: two negative sides multiply to a positive area."
def match_tracks(predicted, detected, minimum):
    def overlap(a, b):
        wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        high = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = wide * high
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    pairs = [
        (overlap(a, b), i, j)
        for i, a in enumerate(predicted)
        for j, b in enumerate(detected)
    ]
    matched = {}
    for value, i, j in sorted(pairs, reverse=True):
        if value >= minimum and i not in matched and j not in matched.values():
            matched[i] = j
    return matched


# %% wrong: "The union counts the shared part once: subtract it from the sum of the areas."
def match_tracks(predicted, detected, minimum):
    def overlap(a, b):
        wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        high = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(wide, 0) * max(high, 0)
        return shared / (a[2] * a[3] + b[2] * b[3])

    pairs = [
        (overlap(a, b), i, j)
        for i, a in enumerate(predicted)
        for j, b in enumerate(detected)
    ]
    matched = {}
    for value, i, j in sorted(pairs, reverse=True):
        if value >= minimum and i not in matched and j not in matched.values():
            matched[i] = j
    return matched


# %% wrong: "The boxes are left, top, width and height, not two corners."
def match_tracks(predicted, detected, minimum):
    def overlap(a, b):
        wide = min(a[2], b[2]) - max(a[0], b[0])
        high = min(a[3], b[3]) - max(a[1], b[1])
        shared = max(wide, 0) * max(high, 0)
        areas = [(c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)]
        return shared / max(sum(areas) - shared, 1)

    pairs = [
        (overlap(a, b), i, j)
        for i, a in enumerate(predicted)
        for j, b in enumerate(detected)
    ]
    matched = {}
    for value, i, j in sorted(pairs, reverse=True):
        if value >= minimum and i not in matched and j not in matched.values():
            matched[i] = j
    return matched


# %% wrong: "The minimum is not used: a face far away is another face."
def match_tracks(predicted, detected, minimum):
    def overlap(a, b):
        wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        high = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(wide, 0) * max(high, 0)
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    pairs = [
        (overlap(a, b), i, j)
        for i, a in enumerate(predicted)
        for j, b in enumerate(detected)
    ]
    matched = {}
    for _, i, j in sorted(pairs, reverse=True):
        if i not in matched and j not in matched.values():
            matched[i] = j
    return matched


# %% wrong: "An overlap equal to the minimum is enough."
def match_tracks(predicted, detected, minimum):
    def overlap(a, b):
        wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        high = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(wide, 0) * max(high, 0)
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    pairs = [
        (overlap(a, b), i, j)
        for i, a in enumerate(predicted)
        for j, b in enumerate(detected)
    ]
    matched = {}
    for value, i, j in sorted(pairs, reverse=True):
        if value > minimum and i not in matched and j not in matched.values():
            matched[i] = j
    return matched


# %% wrong: "The smallest overlap came first."
def match_tracks(predicted, detected, minimum):
    def overlap(a, b):
        wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        high = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(wide, 0) * max(high, 0)
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    pairs = [
        (overlap(a, b), i, j)
        for i, a in enumerate(predicted)
        for j, b in enumerate(detected)
    ]
    matched = {}
    for value, i, j in sorted(pairs):
        if value >= minimum and i not in matched and j not in matched.values():
            matched[i] = j
    return matched


# %% wrong: "The dict leads from tracks to detections, not back."
def match_tracks(predicted, detected, minimum):
    def overlap(a, b):
        wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        high = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(wide, 0) * max(high, 0)
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    pairs = [
        (overlap(a, b), i, j)
        for i, a in enumerate(predicted)
        for j, b in enumerate(detected)
    ]
    matched = {}
    for value, i, j in sorted(pairs, reverse=True):
        if value >= minimum and i not in matched and j not in matched.values():
            matched[i] = j
    return {j: i for i, j in matched.items()}


# %% wrong: "You divided by the smaller box. A small box inside a large one then counts as the same."
def match_tracks(predicted, detected, minimum):
    def overlap(a, b):
        wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        high = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(wide, 0) * max(high, 0)
        return shared / min(a[2] * a[3], b[2] * b[3])

    pairs = [
        (overlap(a, b), i, j)
        for i, a in enumerate(predicted)
        for j, b in enumerate(detected)
    ]
    matched = {}
    for value, i, j in sorted(pairs, reverse=True):
        if value >= minimum and i not in matched and j not in matched.values():
            matched[i] = j
    return matched


# %% check
CASES = [
    Case(
        "order turned round",
        args=(
            [(0, 0, 10, 10), (50, 0, 10, 10)],
            [(51, 1, 10, 10), (1, 1, 10, 10)],
            0.3,
        ),
        want={0: 1, 1: 0},
    ),
    # overlaps: track 0 with 0: 8/12, with 1: 7/13; track 1 with 0: 9/11
    Case(
        "the largest first",
        args=([(3, 0, 10, 10), (0, 0, 10, 10)], [(1, 0, 10, 10), (6, 0, 10, 10)], 0.3),
        want={1: 0, 0: 1},
    ),
    # both tracks want detection 0; the second overlaps it more
    Case(
        "two want the same",
        args=([(0, 0, 10, 10), (3, 0, 10, 10)], [(2, 0, 10, 10)], 0.3),
        want={1: 0},
    ),
    # shared 4 of a union of 28: 1/7
    Case("exactly enough", args=([(0, 0, 4, 4)], [(2, 2, 4, 4)], 1 / 7), want={0: 0}),
    Case("not enough", args=([(0, 0, 4, 4)], [(2, 2, 4, 4)], 0.15), want={}),
    Case("corner to corner", args=([(0, 0, 10, 10)], [(18, 18, 10, 10)], 0.1), want={}),
    Case("one above another", args=([(0, 0, 4, 4)], [(0, 20, 4, 4)], 0.1), want={}),
    Case("side by side", args=([(0, 0, 4, 4)], [(20, 0, 4, 4)], 0.1), want={}),
    # shared 25 of 175
    Case("to the left", args=([(5, 5, 10, 10)], [(0, 0, 10, 10)], 0.14), want={0: 0}),
    Case("below", args=([(0, 5, 10, 10)], [(5, 0, 10, 10)], 0.14), want={0: 0}),
    Case("small in large", args=([(0, 0, 10, 10)], [(0, 0, 4, 4)], 0.3), want={}),
    Case("different heights", args=([(0, 0, 4, 8)], [(0, 2, 4, 8)], 0.6), want={0: 0}),
    Case("different widths", args=([(0, 0, 8, 4)], [(2, 0, 8, 4)], 0.6), want={0: 0}),
    # shared 60 of 140
    Case("too far down", args=([(7, 0, 10, 10)], [(7, 4, 10, 10)], 0.5), want={}),
    Case("too far up", args=([(7, 4, 10, 10)], [(7, 0, 10, 10)], 0.5), want={}),
    Case("no detection", args=([(0, 0, 4, 4)], [], 0.3), want={}),
    Case("no track", args=([], [(0, 0, 4, 4)], 0.3), want={}),
]
