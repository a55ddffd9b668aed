"""Exercise 6.4: A convolution with a stride."""

# %% stub
import numpy as np


def convolve(image, kernel, stride):
    """Slide kernel (K, L) over image (H, W) by stride; return the array of sums.

    There is no padding and no bias: the window stays inside the image.
    """
    raise NotImplementedError


# %% solution
def convolve(image, kernel, stride):
    height = (image.shape[0] - kernel.shape[0]) // stride + 1
    width = (image.shape[1] - kernel.shape[1]) // stride + 1
    out = np.empty((height, width))
    for i in range(height):
        for j in range(width):
            top, left = i * stride, j * stride
            patch = image[top : top + kernel.shape[0], left : left + kernel.shape[1]]
            out[i, j] = np.sum(patch * kernel)
    return out


# %% wrong: "You flipped the kernel, as mathematicians do. In the equation it stays as it is."
def convolve(image, kernel, stride):
    from numpy.lib.stride_tricks import sliding_window_view

    windows = sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return np.einsum("ijkl,kl->ij", windows, kernel[::-1, ::-1]).astype(float)


# %% wrong: "The stride is the step of the window: position i looks at row i * stride."
def convolve(image, kernel, stride):
    from numpy.lib.stride_tricks import sliding_window_view

    windows = sliding_window_view(image, kernel.shape)
    n = [(s - k) // stride + 1 for s, k in zip(image.shape, kernel.shape)]
    return np.einsum("ijkl,kl->ij", windows[: n[0], : n[1]], kernel).astype(float)


# %% wrong: "Rows and columns went astray: the kernel need not be a square."
def convolve(image, kernel, stride):
    from numpy.lib.stride_tricks import sliding_window_view

    windows = sliding_window_view(image, kernel.T.shape)[::stride, ::stride]
    return np.einsum("ijkl,kl->ij", windows, kernel.T).astype(float)


# %% wrong: "The last row and the last column of positions are missing: there is one position more than there are steps."
def convolve(image, kernel, stride):
    height = (image.shape[0] - kernel.shape[0]) // stride
    width = (image.shape[1] - kernel.shape[1]) // stride
    out = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            top, left = i * stride, j * stride
            patch = image[top : top + kernel.shape[0], left : left + kernel.shape[1]]
            out[i, j] = np.sum(patch * kernel)
    return out


# %% wrong: "The stride is used in one direction only. The window moves by it down as well as across."
def convolve(image, kernel, stride):
    from numpy.lib.stride_tricks import sliding_window_view

    windows = sliding_window_view(image, kernel.shape)[::stride]
    return np.einsum("ijkl,kl->ij", windows, kernel).astype(float)


# %% wrong: "You padded the image with zeros. The window stays inside it, so the result is smaller."
def convolve(image, kernel, stride):
    from numpy.lib.stride_tricks import sliding_window_view

    rows, columns = kernel.shape
    padded = np.pad(image, ((0, rows - 1), (0, columns - 1)))
    windows = sliding_window_view(padded, kernel.shape)[::stride, ::stride]
    return np.einsum("ijkl,kl->ij", windows, kernel).astype(float)


# %% wrong: "You averaged the products. A convolution sums them."
def convolve(image, kernel, stride):
    from numpy.lib.stride_tricks import sliding_window_view

    windows = sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return (windows * kernel).mean(axis=(2, 3))


# %% wrong: "@ is the product of matrices. Here each pixel is multiplied by the weight that lies on it."
def convolve(image, kernel, stride):
    from numpy.lib.stride_tricks import sliding_window_view

    windows = sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return (windows @ kernel).sum(axis=(2, 3))


# %% wrong: "The sums were cut to whole numbers: the array for the result took over the type of the image."
def convolve(image, kernel, stride):
    from numpy.lib.stride_tricks import sliding_window_view

    windows = sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return np.einsum("ijkl,kl->ij", windows, kernel).astype(image.dtype)


# %% wrong: "Each product replaced the one before it. Add them up."
def convolve(image, kernel, stride):
    height = (image.shape[0] - kernel.shape[0]) // stride + 1
    width = (image.shape[1] - kernel.shape[1]) // stride + 1
    out = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            for k in range(kernel.shape[0]):
                for m in range(kernel.shape[1]):
                    out[i, j] = image[i * stride + k, j * stride + m] * kernel[k, m]
    return out


# %% wrong: "The window moved by the size of the kernel. It moves by the stride."
def convolve(image, kernel, stride):
    from numpy.lib.stride_tricks import sliding_window_view

    windows = sliding_window_view(image, kernel.shape)
    windows = windows[:: kernel.shape[0], :: kernel.shape[1]]
    return np.einsum("ijkl,kl->ij", windows, kernel).astype(float)


# %% wrong: "The stride was applied to the pixels inside the window, which makes it a dilation. It moves the window as a whole."
def convolve(image, kernel, stride):
    rows, columns = kernel.shape
    height = image.shape[0] - stride * (rows - 1)
    width = image.shape[1] - stride * (columns - 1)
    out = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            down = slice(i, i + stride * rows, stride)
            across = slice(j, j + stride * columns, stride)
            out[i, j] = np.sum(image[down, across] * kernel)
    return out


# %% wrong: "The products of each row of the window stand apart. Sum over its rows and its columns."
def convolve(image, kernel, stride):
    from numpy.lib.stride_tricks import sliding_window_view

    windows = sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return (windows * kernel).sum(axis=3)


# %% wrong
def convolve(image, kernel, stride):
    from numpy.lib.stride_tricks import sliding_window_view

    windows = sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return (windows * kernel).max(axis=(2, 3))


# %% check
import numpy as np

_image = np.arange(20.0).reshape(4, 5)
CASES = [
    Case(
        "an edge, by hand",
        args=(np.array([[0.0, 0, 5, 5]]), np.array([[-1.0, 1]]), 1),
        want=np.array([[0.0, 5, 0]]),
    ),
    Case(
        "steps of two",
        args=(_image, np.array([[1.0, 0], [0, 2]]), 2),
        want=np.array([[12.0, 18], [42, 48]]),
    ),
    Case(
        "a kernel that is no square",
        args=(_image, np.array([[1.0, 2, 3]]), 1),
        want=np.array([[8.0, 14, 20], [38, 44, 50], [68, 74, 80], [98, 104, 110]]),
    ),
    # 0.5 * (1 + 2) and so on, at columns 0, 2 and 4
    Case(
        "whole numbers under a kernel of halves",
        args=(np.array([[1, 2, 3, 5, 7, 9]]), np.array([[0.5, 0.5]]), 2),
        want=np.array([[1.5, 4.0, 8.0]]),
    ),
    # 1 * 0 + 2 * 1 + 3 * 2, then the same at rows 2 and 4
    Case(
        "a tall kernel in steps of two",
        args=(np.arange(7.0)[:, None], np.array([[1.0], [2], [3]]), 2),
        want=np.array([[8.0], [20], [32]]),
    ),
]
