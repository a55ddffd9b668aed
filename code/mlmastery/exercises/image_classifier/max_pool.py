"""Exercise 6.5: Pooling without a loop."""

# %% stub
import numpy as np


def max_pool(image):
    """Return the largest of each 2 x 2 block of image (H, W); drop what is left over."""
    raise NotImplementedError


# %% solution
def max_pool(image):
    height, width = image.shape[0] // 2, image.shape[1] // 2
    blocks = image[: 2 * height, : 2 * width].reshape(height, 2, width, 2)
    return blocks.max(axis=(1, 3))


# %% wrong: "You took every second pixel. The largest of the block may be one of the other three."
def max_pool(image):
    height, width = image.shape[0] // 2, image.shape[1] // 2
    return image[: 2 * height : 2, : 2 * width : 2]


# %% wrong: "That is the average. Max pooling keeps the largest."
def max_pool(image):
    height, width = image.shape[0] // 2, image.shape[1] // 2
    blocks = image[: 2 * height, : 2 * width].reshape(height, 2, width, 2)
    return blocks.mean(axis=(1, 3))


# %% wrong: "The blocks do not overlap: the window moves by two, not by one."
def max_pool(image):
    from numpy.lib.stride_tricks import sliding_window_view

    return sliding_window_view(image, (2, 2)).max(axis=(2, 3))


# %% check
import numpy as np

CASES = [
    Case(
        "four blocks",
        args=(
            np.array([[1.0, 2, 5, 0], [3, 4, 1, 1], [0, 0, -1, -2], [0, 9, -3, -4]]),
        ),
        want=np.array([[4.0, 5.0], [9.0, -1.0]]),
    ),
    Case(
        "an odd column is dropped",
        args=(np.array([[1.0, 2, 7], [3, 0, 8]]),),
        want=np.array([[3.0]]),
    ),
]
