"""Exercise 11.1: Sum of a box."""


# %% stub
def box_total(integral, x, y, width, height):
    """Return the sum of the pixels of a box from four entries of the integral image.

    integral is a list of rows whose first row and first column are zeros; integral[y][x] is the
    sum of all pixels above row y and to the left of column x. The box's left upper pixel is (x, y).
    """
    raise NotImplementedError


# %% solution
def box_total(integral, x, y, width, height):
    below, right = y + height, x + width
    return (
        integral[below][right]
        - integral[y][right]
        - integral[below][x]
        + integral[y][x]
    )


# %% wrong: "The corner above and to the left was taken away twice: add it once."
def box_total(integral, x, y, width, height):
    below, right = y + height, x + width
    return integral[below][right] - integral[y][right] - integral[below][x]


# %% wrong: "The corner was taken away twice: it is added, not taken away a third time."
def box_total(integral, x, y, width, height):
    below, right = y + height, x + width
    return (
        integral[below][right]
        - integral[y][right]
        - integral[below][x]
        - integral[y][x]
    )


# %% wrong: "Rows come first: the entry is integral[y][x]."
def box_total(integral, x, y, width, height):
    flipped = list(zip(*integral))
    below, right = (
        min(y + height, len(flipped) - 1),
        min(x + width, len(flipped[0]) - 1),
    )
    return flipped[below][right] - flipped[y][right] - flipped[below][x] + flipped[y][x]


# %% wrong: "The integral image has one row and one column more than the photograph: the box ends at y + height and x + width."
def box_total(integral, x, y, width, height):
    below, right = y + height - 1, x + width - 1
    return (
        integral[below][right]
        - integral[y][right]
        - integral[below][x]
        + integral[y][x]
    )


# %% wrong: "This is the sum of everything above and to the left, the box and more."
def box_total(integral, x, y, width, height):
    return integral[y + height][x + width]


# %% wrong: "The part above the box is taken away, the part to its left is not."
def box_total(integral, x, y, width, height):
    below, right = y + height, x + width
    return integral[below][right] - integral[y][right]


# %% wrong: "The part to the left of the box is taken away, the part above it is not."
def box_total(integral, x, y, width, height):
    below, right = y + height, x + width
    return integral[below][right] - integral[below][x]


# %% wrong: "This is the mean of the box. The sum is asked."
def box_total(integral, x, y, width, height):
    below, right = y + height, x + width
    return (
        1
        / width
        / height
        * (
            integral[below][right]
            - integral[y][right]
            - integral[below][x]
            + integral[y][x]
        )
    )


# %% wrong: "This adds up entries of the integral image, which are sums already."
def box_total(integral, x, y, width, height):
    return sum(sum(row[x : x + width]) for row in integral[y : y + height])


# %% wrong: "width goes with x, height with y."
def box_total(integral, x, y, width, height):
    below = min(y + width, len(integral) - 1)
    right = min(x + height, len(integral[0]) - 1)
    return (
        integral[below][right]
        - integral[y][right]
        - integral[below][x]
        + integral[y][x]
    )


# %% check
PAPER = [[0, 0, 0, 0], [0, 1, 3, 3], [0, 4, 7, 11], [0, 4, 12, 18]]
WIDE = [[0, 0, 0, 0, 0], [0, 5, 6, 8, 8], [0, 5, 13, 18, 27]]
CASES = [
    Case("the chapter's block", args=(PAPER, 1, 1, 2, 2), want=12),
    Case("the whole", args=(PAPER, 0, 0, 3, 3), want=18),
    Case("one pixel", args=(PAPER, 2, 1, 1, 1), want=4),
    Case("a column", args=(PAPER, 1, 0, 1, 3), want=8),
    Case("a row", args=(PAPER, 0, 1, 3, 1), want=8),
    Case("two rows of four", args=(WIDE, 1, 1, 3, 1), want=19),
    Case("upper right", args=(WIDE, 2, 0, 2, 1), want=2),
]
