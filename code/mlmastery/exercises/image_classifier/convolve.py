"""Exercise 6.4: A convolution with a stride."""

# %% stub
import numpy as np


def convolve(image, kernel, stride):
    """Slide kernel (K, L) over image (H, W) by stride; return the array of sums."""
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


# %% wrong: "You flipped the kernel, as mathematicians do. In networks it stays as it is."
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
]
