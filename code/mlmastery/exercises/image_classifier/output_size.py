"""Exercise 6.2: How many positions."""

# %% stub


def output_size(size, kernel, stride, padding, dilation):
    """Return how many positions the kernel has along one side, a whole number.

    size is the side in pixels, padding the pixels added at each end; the padded side
    is at least as long as the kernel reaches.
    """
    raise NotImplementedError


# %% solution
def output_size(size, kernel, stride, padding, dilation):
    reach = dilation * (kernel - 1) + 1
    return (size + 2 * padding - reach) // stride + 1


# %% wrong: "Padding is added at both ends, so it counts twice."
def output_size(size, kernel, stride, padding, dilation):
    return (size + padding - dilation * (kernel - 1) - 1) // stride + 1


# %% wrong: "The first position counts too: add 1 after dividing."
def output_size(size, kernel, stride, padding, dilation):
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride


# %% wrong: "A dilated kernel reaches further: over dilation * (kernel - 1) + 1 pixels."
def output_size(size, kernel, stride, padding, dilation):
    return (size + 2 * padding - kernel) // stride + 1


# %% wrong: "You rounded up. A window that hangs over the end is no position, so round down."
def output_size(size, kernel, stride, padding, dilation):
    return -(-(size + 2 * padding - dilation * (kernel - 1) - 1) // stride) + 1


# %% wrong: "You rounded to the nearest whole number. Round down: a part of a step is no position."
def output_size(size, kernel, stride, padding, dilation):
    return round((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1


# %% wrong: "A number of positions is whole: round down after dividing."
def output_size(size, kernel, stride, padding, dilation):
    return (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1


# %% wrong: "Between the first and the last of its pixels a kernel makes one step fewer than it has pixels. Dilation stretches those steps."
def output_size(size, kernel, stride, padding, dilation):
    return (size + 2 * padding - dilation * kernel) // stride + 1


# %% wrong: "The 1 for the first position is added before the division. Add it afterwards."
def output_size(size, kernel, stride, padding, dilation):
    return (size + 2 * padding - dilation * (kernel - 1)) // stride


# %% wrong: "The stride has no effect. Divide by it."
def output_size(size, kernel, stride, padding, dilation):
    return size + 2 * padding - dilation * (kernel - 1)


# %% wrong: "There is one position too many where the stride is 1: the pixel on which the kernel begins is part of its reach."
def output_size(size, kernel, stride, padding, dilation):
    return (size + 2 * padding - dilation * (kernel - 1)) // stride + 1


# %% wrong: "The padding was subtracted. It makes the picture larger."
def output_size(size, kernel, stride, padding, dilation):
    return (size - 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


# %% wrong: "The padding has no effect. It is added at both ends."
def output_size(size, kernel, stride, padding, dilation):
    return (size - dilation * (kernel - 1) - 1) // stride + 1


# %% wrong: "Dilation was added to the kernel once. It stretches every gap between two of its pixels."
def output_size(size, kernel, stride, padding, dilation):
    return (size + 2 * padding - (kernel + dilation - 1)) // stride + 1


# %% wrong
def output_size(size, kernel, stride, padding, dilation):
    return -(-size // stride)


# %% check
CASES = [
    Case("a plain window", args=(28, 3, 1, 0, 1), want=26),
    Case("padding keeps the side", args=(28, 3, 1, 1, 1), want=28),
    Case("a stride that does not divide", args=(28, 3, 2, 0, 1), want=13),
    # windows begin at 0, 4, 8, ..., 24
    Case("nearly one more step", args=(30, 3, 4, 0, 1), want=7),
    Case("gaps in the kernel", args=(28, 3, 1, 0, 2), want=24),
    Case("a kernel as large as the picture", args=(7, 7, 3, 0, 1), want=1),
    Case("everything at once", args=(32, 5, 3, 2, 2), want=10),
]
