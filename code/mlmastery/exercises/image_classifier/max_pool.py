"""Exercise 6.5: Pooling without a loop."""

# %% stub
import numpy as np


def max_pool(image):
    """Return the largest of each 2 x 2 block of image (H, W).

    The blocks begin at the top left; a last row or column without a partner is
    dropped.
    """
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


# %% wrong: "That is the smallest of each block. Max pooling keeps the largest."
def max_pool(image):
    height, width = image.shape[0] // 2, image.shape[1] // 2
    blocks = image[: 2 * height, : 2 * width].reshape(height, 2, width, 2)
    return blocks.min(axis=(1, 3))


# %% wrong: "The blocks were laid out rightly, but the maximum was taken over the wrong two axes. Think which ones run inside a block."
def max_pool(image):
    height, width = image.shape[0] // 2, image.shape[1] // 2
    blocks = image[: 2 * height, : 2 * width].reshape(height, 2, width, 2)
    return blocks.max(axis=(0, 2))


# %% wrong: "reshape reads along the rows, so your blocks are runs of four pixels in a row. Give the two rows of a block an axis of their own."
def max_pool(image):
    height, width = image.shape[0] // 2, image.shape[1] // 2
    blocks = image[: 2 * height, : 2 * width].reshape(height, width, 2, 2)
    return blocks.max(axis=(2, 3))


# %% wrong: "You pooled pairs of rows only. A block is two columns wide as well."
def max_pool(image):
    height, width = image.shape[0] // 2, image.shape[1] // 2
    blocks = image[: 2 * height, : 2 * width].reshape(height, 2, 2 * width)
    return blocks.max(axis=1)


# %% wrong: "The row or column left over became a block of its own. Drop it."
def max_pool(image):
    odd = [(0, side % 2) for side in image.shape]
    padded = np.pad(image, odd, constant_values=-np.inf)
    height, width = padded.shape[0] // 2, padded.shape[1] // 2
    return padded.reshape(height, 2, width, 2).max(axis=(1, 3))


# %% wrong: "An odd side cannot be cut into pairs. Drop what is left over before you reshape."
def max_pool(image):
    height, width = image.shape[0] // 2, image.shape[1] // 2
    return image.reshape(height, 2, width, 2).max(axis=(1, 3))


# %% wrong: "Your maximum starts from 0, so a block of negative numbers gives 0."
def max_pool(image):
    height, width = image.shape[0] // 2, image.shape[1] // 2
    blocks = image[: 2 * height, : 2 * width].reshape(height, 2, width, 2)
    return blocks.max(axis=(1, 3), initial=0)


# %% wrong: "You dropped the first row or column of an odd side. The blocks begin at the top left; what is left over is at the end."
def max_pool(image):
    image = image[image.shape[0] % 2 :, image.shape[1] % 2 :]
    height, width = image.shape[0] // 2, image.shape[1] // 2
    return image.reshape(height, 2, width, 2).max(axis=(1, 3))


# %% wrong: "Rows and columns of the result have changed places."
def max_pool(image):
    height, width = image.shape[0] // 2, image.shape[1] // 2
    blocks = image[: 2 * height, : 2 * width].reshape(height, 2, width, 2)
    return blocks.max(axis=(1, 3)).T


# %% wrong: "This is the largest of the whole picture. Each block has its own."
def max_pool(image):
    return image.max()


# %% wrong: "You added the four pixels up. Keep the largest."
def max_pool(image):
    height, width = image.shape[0] // 2, image.shape[1] // 2
    blocks = image[: 2 * height, : 2 * width].reshape(height, 2, width, 2)
    return blocks.sum(axis=(1, 3))


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
    Case(
        "an odd row is dropped",
        args=(np.array([[1.0, 2], [3, 0], [9, 9]]),),
        want=np.array([[3.0]]),
    ),
    Case(
        "taller than wide",
        args=(np.array([[1.0, 2], [3, 0], [7, 5], [6, 4], [0, 0], [0, 8]]),),
        want=np.array([[3.0], [7.0], [8.0]]),
    ),
    Case(
        "wider than tall",
        args=(np.array([[1.0, 2, 7, 5, 0, 0], [3, 0, 6, 4, 0, 8]]),),
        want=np.array([[3.0, 7.0, 8.0]]),
    ),
]
