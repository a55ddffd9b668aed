"""Exercise 6.6: Mirrored pictures."""

# %% stub
import numpy as np


def with_mirrors(images, labels):
    """Return all images (N, H, W), then all of them mirrored, with their labels."""
    raise NotImplementedError


# %% solution
def with_mirrors(images, labels):
    mirrored = images[:, :, ::-1]
    return np.concatenate([images, mirrored]), np.concatenate([labels, labels])


# %% wrong: "You turned the animals upside down. Left and right are the last axis."
def with_mirrors(images, labels):
    return np.concatenate([images, images[:, ::-1]]), np.concatenate([labels, labels])


# %% wrong: "You reversed the order of the images, not their pixels, so the labels do not belong to them."
def with_mirrors(images, labels):
    return np.concatenate([images, images[::-1]]), np.concatenate([labels, labels])


# %% wrong: "The labels were mirrored too. A mirrored cat is a cat."
def with_mirrors(images, labels):
    mirrored = images[:, :, ::-1]
    return np.concatenate([images, mirrored]), np.concatenate([labels, 1 - labels])


# %% wrong: "The originals are gone. Return both."
def with_mirrors(images, labels):
    return images[:, :, ::-1], labels


# %% check
import numpy as np

_images = np.array([[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [0, 1, 0]]])
CASES = [
    Case(
        "two small pictures",
        args=(_images, np.array([0, 1])),
        want=(
            np.array(
                [
                    [[1, 2, 3], [4, 5, 6]],
                    [[7, 8, 9], [0, 1, 0]],
                    [[3, 2, 1], [6, 5, 4]],
                    [[9, 8, 7], [0, 1, 0]],
                ]
            ),
            np.array([0, 1, 0, 1]),
        ),
    ),
]
