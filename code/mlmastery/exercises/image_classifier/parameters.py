"""Exercise 6.3: Counting parameters."""

# %% stub


def parameters(kernel, channels, filters, side, dense):
    """Return (of the convolution, of the dense layer after it), with all biases.

    The convolution has filters of kernel x kernel x channels; its maps, side x side
    each, are flattened and go into dense units.
    """
    raise NotImplementedError


# %% solution
def parameters(kernel, channels, filters, side, dense):
    convolution = (kernel * kernel * channels + 1) * filters
    return convolution, (side * side * filters + 1) * dense


# %% wrong: "The biases are missing: one for each filter, and one for each dense unit."
def parameters(kernel, channels, filters, side, dense):
    return kernel * kernel * channels * filters, side * side * filters * dense


# %% wrong: "A filter looks at all channels at once, so its weights are kernel * kernel * channels."
def parameters(kernel, channels, filters, side, dense):
    return (kernel * kernel + 1) * filters, (side * side * filters + 1) * dense


# %% wrong: "The dense layer sees every pixel of every map: side * side * filters inputs."
def parameters(kernel, channels, filters, side, dense):
    return (kernel * kernel * channels + 1) * filters, (side * side + 1) * dense


# %% check

CASES = [
    Case("a first layer on colour", args=(3, 3, 32, 111, 512), want=(896, 201867776)),
    Case("small enough to draw", args=(2, 1, 2, 3, 4), want=(10, 76)),
]
