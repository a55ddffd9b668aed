"""Exercise 6.1: Bytes to numbers near zero."""

# %% stub
import numpy as np


def normalise(images):
    """Return images of shape (N, H, W), uint8, as (N, H, W, 1), float32 in [0, 1]."""
    raise NotImplementedError


# %% solution
def normalise(images):
    return images[..., None].astype(np.float32) / 255


# %% wrong: "The axis of channels is missing. A grey picture has one channel, and the shape says so."
def normalise(images):
    return images.astype(np.float32) / 255


# %% wrong: "Divide by 255, the largest byte, not by 256: white should become 1."
def normalise(images):
    return images[..., None].astype(np.float32) / 256


# %% wrong: "You divided by the largest pixel of these images. A dark batch would come out as bright as a bright one."
def normalise(images):
    return images[..., None].astype(np.float32) / images.max()


# %% wrong: "The numbers still run to 255. Divide them, so that white becomes 1."
def normalise(images):
    return images[..., None].astype(np.float32)


# %% wrong: "// divides whole numbers, so every grey became black."
def normalise(images):
    return (images[..., None] // 255).astype(np.float32)


# %% wrong: "The axis of channels stands before height and width. Here it comes last."
def normalise(images):
    return images[:, None].astype(np.float32) / 255


# %% wrong: "These numbers run from -1 to 1. The task asks for 0 to 1."
def normalise(images):
    return images[..., None].astype(np.float32) / 127.5 - 1


# %% wrong: "You subtracted the mean and divided by the deviation, so a dark picture is no longer dark. Only divide, by a fixed number."
def normalise(images):
    x = images[..., None].astype(np.float32)
    return (x - x.mean()) / (x.std() + 1e-7)


# %% wrong: "You divided each picture by its own largest pixel, so all become equally bright."
def normalise(images):
    return images[..., None] / images.max(axis=(1, 2))[:, None, None, None]


# %% wrong: "You stretched the pixels from the darkest to the lightest that occur. Black is 0 and white is 255 whatever occurs."
def normalise(images):
    x = images[..., None].astype(np.float32)
    return (x - x.min()) / max(x.max() - x.min(), 1)


# %% wrong: "This is the negative: black became 1 and white 0."
def normalise(images):
    return 1 - images[..., None].astype(np.float32) / 255


# %% wrong: "The pictures were flattened into rows. Height and width stay as they are."
def normalise(images):
    return images.reshape(len(images), -1).astype(np.float32) / 255


# %% wrong: "The grey picture was repeated in several channels. It has one."
def normalise(images):
    return np.repeat(images[..., None].astype(np.float32) / 255, 3, axis=3)


# %% wrong
def normalise(images):
    return images[None].astype(np.float32) / 255


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
    Case(
        "a dark picture beside a light one",
        args=(np.array([[[0, 51, 51]], [[51, 204, 204]]], dtype=np.uint8),),
        want=np.array([[[[0.0], [0.2], [0.2]]], [[[0.2], [0.8], [0.8]]]]),
        rtol=1e-5,
    ),
]
