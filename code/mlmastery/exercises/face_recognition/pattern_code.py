"""Exercise 11.2: A local binary pattern."""


# %% stub
def pattern_code(patch):
    """Return the local binary pattern of the middle of a patch of three rows of three grey levels.

    A neighbour counts if it is at least as bright as the middle. The left upper one is worth 1, and
    each next one, clockwise, twice as much.
    """
    raise NotImplementedError


# %% solution
def pattern_code(patch):
    ring = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    centre = patch[1][1]
    return sum(
        2**k for k, (row, column) in enumerate(ring) if patch[row][column] >= centre
    )


# %% wrong: "A neighbour as bright as the middle counts too."
def pattern_code(patch):
    ring = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    centre = patch[1][1]
    return sum(
        2**k for k, (row, column) in enumerate(ring) if patch[row][column] > centre
    )


# %% wrong: "This counts the darker neighbours."
def pattern_code(patch):
    ring = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    centre = patch[1][1]
    return sum(
        2**k for k, (row, column) in enumerate(ring) if patch[row][column] < centre
    )


# %% wrong: "The left upper neighbour is worth 1, the last one 128."
def pattern_code(patch):
    ring = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    centre = patch[1][1]
    return sum(
        2 ** (7 - k)
        for k, (row, column) in enumerate(ring)
        if patch[row][column] >= centre
    )


# %% wrong: "Go clockwise: after the left upper neighbour comes the one above the middle."
def pattern_code(patch):
    ring = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    centre = patch[1][1]
    return sum(
        2**k
        for k, (row, column) in enumerate([ring[-k] for k in range(8)])
        if patch[row][column] >= centre
    )


# %% wrong: "Go around the middle, not row by row."
def pattern_code(patch):
    ring = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1), (2, 2)]
    centre = patch[1][1]
    return sum(
        2**k for k, (row, column) in enumerate(ring) if patch[row][column] >= centre
    )


# %% wrong: "The first neighbour is worth 1: powers start at 0."
def pattern_code(patch):
    ring = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    centre = patch[1][1]
    return sum(
        2 ** (k + 1)
        for k, (row, column) in enumerate(ring)
        if patch[row][column] >= centre
    )


# %% wrong: "Start at the left upper neighbour, not above the middle."
def pattern_code(patch):
    ring = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    centre = patch[1][1]
    return sum(
        2**k
        for k, (row, column) in enumerate(ring[1:] + ring[:1])
        if patch[row][column] >= centre
    )


# %% wrong: "This counts the bright neighbours; the code also says which they are."
def pattern_code(patch):
    ring = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    centre = patch[1][1]
    return sum(
        1 for k, (row, column) in enumerate(ring) if patch[row][column] >= centre
    )


# %% wrong: "The middle pixel decides, not the mean of the patch."
def pattern_code(patch):
    ring = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    centre = sum(map(sum, patch)) / 9
    return sum(
        2**k for k, (row, column) in enumerate(ring) if patch[row][column] >= centre
    )


# %% wrong: "The middle is not its own neighbour."
def pattern_code(patch):
    ring = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    centre = patch[1][1]
    return 256 + sum(
        2**k for k, (row, column) in enumerate(ring) if patch[row][column] >= centre
    )


# %% check
CASES = [
    Case("the chapter's patch", args=([[6, 5, 2], [7, 6, 1], [9, 8, 7]],), want=241),
    Case("all equal", args=([[3, 3, 3], [3, 3, 3], [3, 3, 3]],), want=255),
    Case("only the first", args=([[9, 0, 0], [0, 5, 0], [0, 0, 0]],), want=1),
    Case("only the left one", args=([[0, 0, 0], [9, 5, 0], [0, 0, 0]],), want=128),
    Case("only the right one", args=([[0, 0, 0], [0, 5, 9], [0, 0, 0]],), want=8),
    Case("upper right and below", args=([[0, 0, 9], [0, 5, 0], [0, 9, 0]],), want=36),
    Case("above and right below", args=([[1, 8, 1], [1, 7, 1], [1, 1, 7]],), want=18),
    Case("darker than the mean", args=([[2, 9, 1], [1, 2, 1], [1, 1, 9]],), want=19),
    Case("left below", args=([[1, 1, 1], [1, 2, 1], [3, 1, 1]],), want=64),
]
