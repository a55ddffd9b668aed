"""Convolution and pooling written out in NumPy, to be read beside their formulas."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from mlmastery.validation import check_count


def output_size(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """Return how many positions a window has along one side.

    Parameters
    ----------
    size, kernel : int
        Side of the input and of the window, in pixels.
    stride, padding, dilation : int
        Step of the window, zeros added at each end, distance between its entries.

    Raises
    ------
    ValueError
        If a number is out of range, or the window is larger than the padded input.

    References
    ----------
    .. [1] Dumoulin and Visin (2016), "A Guide to Convolution Arithmetic for Deep
       Learning", arXiv:1603.07285, relationship 15.

    Examples
    --------
    >>> output_size(28, 3), output_size(28, 3, stride=2, padding=1)
    (26, 14)
    """
    for name, value in (("size", size), ("kernel", kernel), ("stride", stride)):
        check_count(value, name)
    check_count(padding, "padding", minimum=0)
    check_count(dilation, "dilation")
    extent = dilation * (kernel - 1) + 1
    if extent > size + 2 * padding:
        raise ValueError(
            f"the window must fit into size {size} with padding {padding}, "
            f"{size + 2 * padding} pixels, got one that covers {extent}"
        )
    return (size + 2 * padding - extent) // stride + 1  # equation 6.2


def conv2d_loops(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Slide one kernel over one grey image: the definition, with no extras.

    ``image`` has shape (H, W), ``kernel`` (K, L); the result (H - K + 1, W - L + 1).

    Raises
    ------
    ValueError
        If the image is not grey: `conv2d` sums over channels, too.

    Examples
    --------
    >>> conv2d_loops(np.array([[1.0, 2.0, 4.0]]), np.array([[-1.0, 1.0]]))
    array([[1., 2.]])
    """
    image, kernel = _grey(image, "image"), _grey(kernel, "kernel")
    height = output_size(image.shape[0], kernel.shape[0])
    width = output_size(image.shape[1], kernel.shape[1])
    out = np.empty((height, width))
    for i in range(height):
        for j in range(width):
            patch = image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
            out[i, j] = (patch * kernel).sum()  # equation 6.1
    return out


def _grey(table: np.ndarray, name: str) -> np.ndarray:
    table = as_floats(table, name)
    if table.ndim != 2:
        raise ValueError(
            f"{name} must be grey, of shape (height, width), got {table.shape}; "
            "for colours use conv2d"
        )
    return table


def as_floats(x: np.ndarray | float, name: str) -> np.ndarray:
    """Return numbers in which sums do not overflow: bytes would wrap at 256.

    Raises
    ------
    TypeError
        If ``x`` holds no numbers.

    Examples
    --------
    >>> as_floats(np.array([200], np.uint8), "x") * 2
    array([400.])
    """
    x = np.asarray(x)
    if x.dtype.kind not in "buif":
        raise TypeError(f"{name} must hold numbers, got {x.dtype}")
    if x.dtype.kind in "bui":
        return x.astype(np.float64)
    return x.astype(np.float32) if x.dtype.itemsize < 4 else x


def windows(
    x: np.ndarray, size: tuple[int, int], stride: int = 1, dilation: int = 1
) -> np.ndarray:
    """Return every window of a batch as a view, without copying a pixel.

    ``x`` has shape (N, H, W, C); the result (N, H', W', C, K, L).
    """
    if x.ndim != 4:
        raise ValueError(f"x must have shape (N, H, W, C), got {x.shape}")
    extent = [dilation * (k - 1) + 1 for k in size]
    for side, kernel in zip(x.shape[1:3], size, strict=True):
        output_size(side, kernel, stride, 0, dilation)  # raises where nothing fits
    view = sliding_window_view(x, extent, axis=(1, 2))
    # Dilation is a step inside the windows, stride one between them.
    return view[:, ::stride, ::stride, :, ::dilation, ::dilation]


def conv2d(
    x: np.ndarray,
    kernel: np.ndarray,
    bias: np.ndarray | float = 0.0,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    groups: int = 1,
) -> np.ndarray:
    """Convolve a batch of images with a bank of filters.

    Parameters
    ----------
    x : ndarray of shape (N, H, W, C)
        Images, channels last. Whole numbers are computed with as floats, since the
        sums of bytes would wrap; NaN stays in every window that holds it.
    kernel : ndarray of shape (K, L, C / groups, D)
        D filters; as in Keras, and as in every framework not flipped.
    bias : ndarray of shape (D,) or float
        One number per filter.
    stride, padding, dilation : int
        As in `output_size`, alike in both directions.
    groups : int, default=1
        Equal parts of the channels; each has D / groups filters, which see it alone.

    Returns
    -------
    ndarray of shape (N, H', W', D)

    Raises
    ------
    ValueError
        If shapes disagree or the window does not fit.

    Examples
    --------
    >>> conv2d(np.ones((1, 5, 5, 1)), np.ones((3, 3, 1, 2)), padding=1).shape
    (1, 5, 5, 2)
    """
    x, kernel = as_floats(x, "x"), as_floats(kernel, "kernel")
    bias = as_floats(bias, "bias")
    _check_shapes(x, kernel, bias, groups)
    check_count(padding, "padding", minimum=0)
    border = (padding, padding)
    padded = np.pad(x, ((0, 0), border, border, (0, 0)))
    patches = windows(padded, kernel.shape[:2], stride, dilation)
    parts = zip(
        np.split(patches, groups, axis=3), np.split(kernel, groups, axis=3), strict=True
    )
    sums = [np.einsum("nijckl,klcd->nijd", *pair, optimize=True) for pair in parts]
    return np.concatenate(sums, axis=3) + bias


def _check_shapes(
    x: np.ndarray, kernel: np.ndarray, bias: np.ndarray, groups: int
) -> None:
    if x.ndim != 4 or kernel.ndim != 4:
        raise ValueError(
            "x must have shape (N, H, W, C) and kernel (K, L, C, D), "
            f"got {x.shape} and {kernel.shape}"
        )
    check_count(groups, "groups")
    channels, filters = x.shape[3], kernel.shape[3]
    if channels % groups or filters % groups:
        raise ValueError(
            f"groups must divide {channels} channels and {filters} filters, got {groups}"
        )
    if channels // groups != kernel.shape[2]:
        raise ValueError(
            "x and kernel must have the same number of channels, "
            f"got {channels // groups} and {kernel.shape[2]}"
            + (" in each group" if groups > 1 else "")
        )
    if bias.shape not in ((), (filters,)):
        raise ValueError(
            f"bias must be a number or have shape ({filters},), got {bias.shape}"
        )


def max_pool2d(x: np.ndarray, size: int = 2, stride: int | None = None) -> np.ndarray:
    """Keep the largest number of each window, channel by channel.

    ``x`` has shape (N, H, W, C); the stride is ``size`` unless given. Rows and
    columns that fill no whole window are dropped.

    Examples
    --------
    >>> max_pool2d(np.arange(16.0).reshape(1, 4, 4, 1))[0, :, :, 0]
    array([[ 5.,  7.],
           [13., 15.]])
    """
    return _pools(x, size, stride).max(axis=(-2, -1))


def average_pool2d(
    x: np.ndarray, size: int = 2, stride: int | None = None
) -> np.ndarray:
    """Average each window, channel by channel; otherwise as `max_pool2d`.

    Examples
    --------
    >>> average_pool2d(np.arange(16.0).reshape(1, 4, 4, 1))[0, :, :, 0]
    array([[ 2.5,  4.5],
           [10.5, 12.5]])
    """
    return _pools(as_floats(x, "x"), size, stride).mean(axis=(-2, -1))


def _pools(x: np.ndarray, size: int, stride: int | None) -> np.ndarray:
    check_count(size, "size")
    x = np.asarray(x)
    if x.dtype.kind not in "buif":
        raise TypeError(f"x must hold numbers, got {x.dtype}")
    return windows(x, (size, size), size if stride is None else stride)
