"""Exercise 11.4: Non-maximum suppression."""


# %% stub
def keep_best(boxes, scores, limit):
    """Return the positions of the boxes that non-maximum suppression keeps, best first.

    boxes are lists (x, y, width, height), scores are all different. A box is dropped if its
    intersection over union with a better box that is kept is above the limit.
    """
    raise NotImplementedError


# %% solution
def keep_best(boxes, scores, limit):
    def overlap(a, b):
        width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(width, 0) * max(height, 0)
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    kept = []
    for i in sorted(range(len(boxes)), key=lambda i: -scores[i]):
        if all(overlap(boxes[i], boxes[j]) <= limit for j in kept):
            kept.append(i)
    return kept


# %% wrong: "An overlap equal to the limit is allowed."
def keep_best(boxes, scores, limit):
    def overlap(a, b):
        width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(width, 0) * max(height, 0)
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    kept = []
    for i in sorted(range(len(boxes)), key=lambda i: -scores[i]):
        if all(overlap(boxes[i], boxes[j]) < limit for j in kept):
            kept.append(i)
    return kept


# %% wrong: "Begin with the best score, not with the worst."
def keep_best(boxes, scores, limit):
    def overlap(a, b):
        width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(width, 0) * max(height, 0)
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    kept = []
    for i in sorted(range(len(boxes)), key=lambda i: scores[i]):
        if all(overlap(boxes[i], boxes[j]) <= limit for j in kept):
            kept.append(i)
    return kept


# %% wrong: "Go through the boxes by score, not in the order given."
def keep_best(boxes, scores, limit):
    def overlap(a, b):
        width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(width, 0) * max(height, 0)
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    kept = []
    for i in range(len(boxes)):
        if all(overlap(boxes[i], boxes[j]) <= limit for j in kept):
            kept.append(i)
    return kept


# %% wrong: "A box that was dropped drops no other: compare with the kept ones only."
def keep_best(boxes, scores, limit):
    def overlap(a, b):
        width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(width, 0) * max(height, 0)
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    order = sorted(range(len(boxes)), key=lambda i: -scores[i])
    return [
        i
        for rank, i in enumerate(order)
        if all(overlap(boxes[i], boxes[j]) <= limit for j in order[:rank])
    ]


# %% wrong: "Divide by the union, not by the smaller box."
def keep_best(boxes, scores, limit):
    def overlap(a, b):
        width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(width, 0) * max(height, 0)
        return shared / min(a[2] * a[3], b[2] * b[3])

    kept = []
    for i in sorted(range(len(boxes)), key=lambda i: -scores[i]):
        if all(overlap(boxes[i], boxes[j]) <= limit for j in kept):
            kept.append(i)
    return kept


# %% wrong: "The shared part is counted twice in the sum of the areas: take it away once."
def keep_best(boxes, scores, limit):
    def overlap(a, b):
        width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(width, 0) * max(height, 0)
        return shared / (a[2] * a[3] + b[2] * b[3])

    kept = []
    for i in sorted(range(len(boxes)), key=lambda i: -scores[i]):
        if all(overlap(boxes[i], boxes[j]) <= limit for j in kept):
            kept.append(i)
    return kept


# %% wrong: "The third and fourth number are width and height, not the opposite corner."
def keep_best(boxes, scores, limit):
    def overlap(a, b):
        width = min(a[2], b[2]) - max(a[0], b[0])
        height = min(a[3], b[3]) - max(a[1], b[1])
        shared = max(width, 0) * max(height, 0)
        areas = [(c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)]
        return shared / max(sum(areas) - shared, 1e-9)

    kept = []
    for i in sorted(range(len(boxes)), key=lambda i: -scores[i]):
        if all(overlap(boxes[i], boxes[j]) <= limit for j in kept):
            kept.append(i)
    return kept


# %% wrong: "Compare with every box that is kept, not with the last one alone."
def keep_best(boxes, scores, limit):
    def overlap(a, b):
        width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(width, 0) * max(height, 0)
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    kept = []
    for i in sorted(range(len(boxes)), key=lambda i: -scores[i]):
        if all(overlap(boxes[i], boxes[j]) <= limit for j in kept[-1:]):
            kept.append(i)
    return kept


# %% wrong: "Boxes apart share nothing: two negative sides have a positive product."
def keep_best(boxes, scores, limit):
    def overlap(a, b):
        width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = width * height
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    kept = []
    for i in sorted(range(len(boxes)), key=lambda i: -scores[i]):
        if all(overlap(boxes[i], boxes[j]) <= limit for j in kept):
            kept.append(i)
    return kept


# %% wrong: "Positions are asked, not the boxes."
def keep_best(boxes, scores, limit):
    def overlap(a, b):
        width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(width, 0) * max(height, 0)
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    kept = []
    for i in sorted(range(len(boxes)), key=lambda i: -scores[i]):
        if all(overlap(boxes[i], boxes[j]) <= limit for j in kept):
            kept.append(i)
    return [boxes[i] for i in kept]


# %% wrong: "Boxes are dropped when they overlap more than the limit, not less."
def keep_best(boxes, scores, limit):
    def overlap(a, b):
        width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(width, 0) * max(height, 0)
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    kept = []
    for i in sorted(range(len(boxes)), key=lambda i: -scores[i]):
        if all(overlap(boxes[i], boxes[j]) > limit for j in kept):
            kept.append(i)
    return kept


# %% check
CASES = [
    Case(
        "two boxes on one face",
        args=([[0, 0, 10, 10], [1, 0, 10, 10], [30, 30, 10, 10]], [0.8, 0.9, 0.7], 0.4),
        want=[1, 2],
    ),
    # intersection over union of neighbours: 60 / 140; of the outer two: 20 / 180
    Case(
        "a chain",
        args=([[0, 0, 10, 10], [4, 0, 10, 10], [8, 0, 10, 10]], [0.9, 0.8, 0.7], 0.4),
        want=[0, 2],
    ),
    Case(
        "the limit itself",
        args=([[0, 0, 2, 4], [0, 0, 4, 4]], [0.5, 0.6], 0.5),
        want=[1, 0],
    ),
    Case(
        "a small box in a large one",
        args=([[0, 0, 10, 10], [2, 3, 4, 4]], [0.9, 0.8], 0.3),
        want=[0, 1],
    ),
    Case(
        "just above the limit",
        args=([[0, 0, 4, 4], [1, 0, 4, 4]], [0.9, 0.8], 0.5),
        want=[0],
    ),
    Case(
        "the third meets the first",
        args=([[0, 0, 8, 8], [50, 0, 8, 8], [0, 1, 8, 8]], [0.9, 0.8, 0.7], 0.5),
        want=[0, 1],
    ),
    Case(
        "shifted upwards",
        args=([[5, 9, 6, 10], [5, 2, 6, 12], [40, 60, 9, 2]], [0.3, 0.4, 0.2], 0.2),
        want=[1, 2],
    ),
    # width 3, height 4: 12 / (60 + 56 - 12) = 0.115
    Case(
        "unequal boxes",
        args=([[5, 4, 6, 10], [8, 0, 7, 8]], [0.3, 0.4], 0.11),
        want=[1],
    ),
    Case(
        "unequal boxes, a higher limit",
        args=([[5, 4, 6, 10], [8, 0, 7, 8]], [0.3, 0.4], 0.12),
        want=[1, 0],
    ),
    Case(
        "apart in both directions",
        args=([[0, 0, 10, 10], [15, 15, 10, 10]], [0.2, 0.1], 0.1),
        want=[0, 1],
    ),
    Case(
        "side by side", args=([[0, 0, 4, 4], [4, 0, 4, 4]], [0.2, 0.1], 0), want=[0, 1]
    ),
    Case(
        "one below the other",
        args=([[0, 0, 4, 4], [0, 4, 4, 4]], [0.2, 0.1], 0),
        want=[0, 1],
    ),
    Case(
        "a tall one first",
        args=([[0, 0, 4, 10], [2, 0, 10, 10]], [0.9, 0.1], 0.2),
        want=[0, 1],
    ),
    Case(
        "a wide one first",
        args=([[7, 1, 6, 10], [7, 0, 6, 5]], [0.9, 0.1], 0.4),
        want=[0, 1],
    ),
    Case("no box", args=([], [], 0.5), want=[]),
]
