"""Exercise 6.2: How many positions."""

# %% stub


def output_size(size, kernel, stride, padding, dilation):
    """Return along one side how many positions the kernel has, a whole number."""
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


# %% check

CASES = [
    Case("a plain window", args=(28, 3, 1, 0, 1), want=26),
    Case("padding keeps the side", args=(28, 3, 1, 1, 1), want=28),
    Case("a stride that does not divide", args=(28, 3, 2, 0, 1), want=13),
    Case("gaps in the kernel", args=(28, 3, 1, 0, 2), want=24),
    Case("everything at once", args=(32, 5, 3, 2, 2), want=10),
]
