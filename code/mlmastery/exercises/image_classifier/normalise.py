"""Exercise 6.1: Bytes to numbers near zero."""

# %% stub
import numpy as np


def normalise(images):
    """Return images of shape (N, H, W), uint8, as (N, H, W, 1), float32 in [0, 1]."""
    raise NotImplementedError


# %% solution
def normalise(images):
    return images[..., None].astype(np.float32) / 255


# %% wrong: "The axis of channels is missing: a grey picture has one channel."
def normalise(images):
    return images.astype(np.float32) / 255


# %% wrong: "Divide by 255, the largest byte, not by 256: white should become 1."
def normalise(images):
    return images[..., None].astype(np.float32) / 256


# %% wrong: "You divided by the largest pixel of these images. A dark batch would come out as bright as a bright one."
def normalise(images):
    return images[..., None].astype(np.float32) / images.max()


# %% check
import numpy as np

CASES = [
    Case(
        "black, grey and white",
        args=(np.array([[[0, 51], [102, 255]]], dtype=np.uint8),),
        want=np.array([[[[0.0], [0.2]], [[0.4], [1.0]]]]),
        rtol=1e-5,
    ),
    Case(
        "a dark picture stays dark",
        args=(np.full((1, 1, 2), 51, dtype=np.uint8),),
        want=np.full((1, 1, 2, 1), 0.2),
        rtol=1e-5,
    ),
]
