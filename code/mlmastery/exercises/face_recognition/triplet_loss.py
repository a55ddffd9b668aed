"""Exercise 11.5: FaceNet's loss."""


# %% stub
def triplet_loss(anchors, positives, negatives, margin):
    """Return the mean triplet loss with squared distances.

    anchors, positives and negatives are lists of equally many vectors, which are lists of numbers.
    """
    raise NotImplementedError


# %% solution
def triplet_loss(anchors, positives, negatives, margin):
    def squared(a, b):
        return sum((x - y) ** 2 for x, y in zip(a, b))

    losses = [
        max(squared(a, p) - squared(a, n) + margin, 0)
        for a, p, n in zip(anchors, positives, negatives)
    ]
    return sum(losses) / len(losses)


# %% wrong: "A triplet that meets the margin has the loss 0, never less."
def triplet_loss(anchors, positives, negatives, margin):
    def squared(a, b):
        return sum((x - y) ** 2 for x, y in zip(a, b))

    losses = [
        squared(a, p) - squared(a, n) + margin
        for a, p, n in zip(anchors, positives, negatives)
    ]
    return sum(losses) / len(losses)


# %% wrong: "The margin is added: the negative shall be farther by it."
def triplet_loss(anchors, positives, negatives, margin):
    def squared(a, b):
        return sum((x - y) ** 2 for x, y in zip(a, b))

    losses = [
        max(squared(a, p) - squared(a, n) - margin, 0)
        for a, p, n in zip(anchors, positives, negatives)
    ]
    return sum(losses) / len(losses)


# %% wrong: "The positive shall be near and the negative far: the two distances are exchanged."
def triplet_loss(anchors, positives, negatives, margin):
    def squared(a, b):
        return sum((x - y) ** 2 for x, y in zip(a, b))

    losses = [
        max(squared(a, n) - squared(a, p) + margin, 0)
        for a, p, n in zip(anchors, positives, negatives)
    ]
    return sum(losses) / len(losses)


# %% wrong: "The distances are squared here; no root."
def triplet_loss(anchors, positives, negatives, margin):
    def squared(a, b):
        return sum((x - y) ** 2 for x, y in zip(a, b)) ** 0.5

    losses = [
        max(squared(a, p) - squared(a, n) + margin, 0)
        for a, p, n in zip(anchors, positives, negatives)
    ]
    return sum(losses) / len(losses)


# %% wrong: "The mean over the triplets is asked, not their sum."
def triplet_loss(anchors, positives, negatives, margin):
    def squared(a, b):
        return sum((x - y) ** 2 for x, y in zip(a, b))

    losses = [
        max(squared(a, p) - squared(a, n) + margin, 0)
        for a, p, n in zip(anchors, positives, negatives)
    ]
    return sum(losses)


# %% wrong: "The loss of each triplet is cut at 0 before the mean, not after it."
def triplet_loss(anchors, positives, negatives, margin):
    def squared(a, b):
        return sum((x - y) ** 2 for x, y in zip(a, b))

    losses = [
        squared(a, p) - squared(a, n) + margin
        for a, p, n in zip(anchors, positives, negatives)
    ]
    return max(sum(losses) / len(losses), 0)


# %% wrong: "Triplets with the loss 0 count in the mean."
def triplet_loss(anchors, positives, negatives, margin):
    def squared(a, b):
        return sum((x - y) ** 2 for x, y in zip(a, b))

    losses = [
        max(squared(a, p) - squared(a, n) + margin, 0)
        for a, p, n in zip(anchors, positives, negatives)
    ]
    return sum(losses) / max(sum(loss > 0 for loss in losses), 1)


# %% wrong: "A squared distance is the sum over the coordinates, not their mean."
def triplet_loss(anchors, positives, negatives, margin):
    def squared(a, b):
        return sum((x - y) ** 2 for x, y in zip(a, b)) / len(a)

    losses = [
        max(squared(a, p) - squared(a, n) + margin, 0)
        for a, p, n in zip(anchors, positives, negatives)
    ]
    return sum(losses) / len(losses)


# %% wrong: "Square the differences; these are absolute values."
def triplet_loss(anchors, positives, negatives, margin):
    def squared(a, b):
        return sum(abs(x - y) for x, y in zip(a, b))

    losses = [
        max(squared(a, p) - squared(a, n) + margin, 0)
        for a, p, n in zip(anchors, positives, negatives)
    ]
    return sum(losses) / len(losses)


# %% wrong: "The margin is missing."
def triplet_loss(anchors, positives, negatives, margin):
    def squared(a, b):
        return sum((x - y) ** 2 for x, y in zip(a, b))

    losses = [
        max(squared(a, p) - squared(a, n), 0)
        for a, p, n in zip(anchors, positives, negatives)
    ]
    return sum(losses) / len(losses)


# %% wrong: "Both distances start at the anchor."
def triplet_loss(anchors, positives, negatives, margin):
    def squared(a, b):
        return sum((x - y) ** 2 for x, y in zip(a, b))

    losses = [
        max(squared(a, p) - squared(p, n) + margin, 0)
        for a, p, n in zip(anchors, positives, negatives)
    ]
    return sum(losses) / len(losses)


# %% check
CASES = [
    Case(
        "the chapter's triplet", args=([[0, 0]], [[0.6, 0]], [[0, 0.7]], 0.2), want=0.07
    ),
    Case("the margin is met", args=([[0, 0]], [[0.6, 0]], [[0, 0.8]], 0.2), want=0.0),
    Case(
        "one met, one missed",
        args=([[0, 0], [1, 1]], [[0, 1], [1, 2]], [[0, 3], [2, 2]], 0.5),
        want=0.0,
    ),
    Case(
        "both missed",
        args=([[0, 0], [1, 1]], [[0, 2], [3, 1]], [[1, 0], [1, 2.5]], 0.5),
        want=2.875,
    ),
    Case(
        "one far beyond",
        args=(
            [[0, 0, 1], [1, 0, 0]],
            [[0, 1, 1], [1, 2, 2]],
            [[9, 0, 1], [2, 0, 0]],
            1,
        ),
        want=4.0,
    ),
    Case("a collapse", args=([[1, 2]] * 3, [[1, 2]] * 3, [[1, 2]] * 3, 0.2), want=0.2),
]
