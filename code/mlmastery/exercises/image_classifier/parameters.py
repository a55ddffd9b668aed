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


# %% wrong: "The biases of the convolution are missing: one for each filter."
def parameters(kernel, channels, filters, side, dense):
    return kernel * kernel * channels * filters, (side * side * filters + 1) * dense


# %% wrong: "The biases of the dense layer are missing: one for each unit."
def parameters(kernel, channels, filters, side, dense):
    return (kernel * kernel * channels + 1) * filters, side * side * filters * dense


# %% wrong: "The convolution has one bias in all. Every filter has its own."
def parameters(kernel, channels, filters, side, dense):
    convolution = kernel * kernel * channels * filters + 1
    return convolution, (side * side * filters + 1) * dense


# %% wrong: "The dense layer has one bias in all. Every unit has its own."
def parameters(kernel, channels, filters, side, dense):
    convolution = (kernel * kernel * channels + 1) * filters
    return convolution, side * side * filters * dense + 1


# %% wrong: "A filter has one bias, not one for each channel."
def parameters(kernel, channels, filters, side, dense):
    convolution = (kernel * kernel + 1) * channels * filters
    return convolution, (side * side * filters + 1) * dense


# %% wrong: "A kernel is a square, and you counted one side of it."
def parameters(kernel, channels, filters, side, dense):
    convolution = (kernel * channels + 1) * filters
    return convolution, (side * side * filters + 1) * dense


# %% wrong: "A map is a square, and you counted one side of it."
def parameters(kernel, channels, filters, side, dense):
    convolution = (kernel * kernel * channels + 1) * filters
    return convolution, (side * filters + 1) * dense


# %% wrong: "The dense layer comes after the convolution, which has one map for each filter. The channels of the picture are gone."
def parameters(kernel, channels, filters, side, dense):
    convolution = (kernel * kernel * channels + 1) * filters
    return convolution, (side * side * channels + 1) * dense


# %% wrong: "A filter uses the same weights at every place, so its number does not depend on the side of the map."
def parameters(kernel, channels, filters, side, dense):
    convolution = (kernel * kernel * channels + 1) * filters * side * side
    return convolution, (side * side * filters + 1) * dense


# %% wrong: "Return both numbers, not their sum."
def parameters(kernel, channels, filters, side, dense):
    convolution = (kernel * kernel * channels + 1) * filters
    return convolution + (side * side * filters + 1) * dense


# %% wrong: "The two numbers have changed places: the convolution comes first."
def parameters(kernel, channels, filters, side, dense):
    convolution = (kernel * kernel * channels + 1) * filters
    return (side * side * filters + 1) * dense, convolution


# %% check
CASES = [
    # 27 + 1 numbers for each of 32 filters
    Case("a first layer on colour", args=(3, 3, 32, 111, 512), want=(896, 201867776)),
    # 4 + 1 for each of 2 filters, 18 + 1 for each of 4 units
    Case("small enough to draw", args=(2, 1, 2, 3, 4), want=(10, 76)),
    # 2 + 1 numbers for each of 3 filters, 3 + 1 for the one unit
    Case("kernels and maps of one pixel", args=(1, 2, 3, 1, 1), want=(9, 4)),
]
