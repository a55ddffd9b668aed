"""Exercise 6.6: Mirrored pictures."""

# %% stub
import numpy as np


def with_mirrors(images, labels):
    """Return all images (N, H, W), then all of them mirrored, and their labels (2 N,).

    Left and right change places. Both arguments are arrays and stay as they are.
    """
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


# %% wrong: "There are twice as many images as labels. Each mirror image needs one, too."
def with_mirrors(images, labels):
    return np.concatenate([images, images[:, :, ::-1]]), labels


# %% wrong: "Each image is followed by its mirror image. First come all the originals, then all the mirror images."
def with_mirrors(images, labels):
    pairs = np.stack([images, images[:, :, ::-1]], axis=1)
    return pairs.reshape(-1, *images.shape[1:]), np.repeat(labels, 2)


# %% wrong: "You turned the images by half a turn: left and right have changed places, and up and down as well."
def with_mirrors(images, labels):
    turned = images[:, ::-1, ::-1]
    return np.concatenate([images, turned]), np.concatenate([labels, labels])


# %% wrong: "Height and width were exchanged. A mirror image has the same shape."
def with_mirrors(images, labels):
    turned = images.transpose(0, 2, 1)
    return np.concatenate([images, turned]), np.concatenate([labels, labels])


# %% wrong: "The images that you were given are mirrored now. Leave them as they are."
def with_mirrors(images, labels):
    before = images.copy()
    images[:] = before[:, :, ::-1]
    return np.concatenate([before, images]), np.concatenate([labels, labels])


# %% wrong: "The mirror images come first. The originals should."
def with_mirrors(images, labels):
    mirrored = images[:, :, ::-1]
    return np.concatenate([mirrored, images]), np.concatenate([labels, labels])


# %% wrong: "The second half of the labels runs backwards. The mirror images stand in the order of the originals."
def with_mirrors(images, labels):
    mirrored = images[:, :, ::-1]
    return np.concatenate([images, mirrored]), np.concatenate([labels, labels[::-1]])


# %% wrong: "The mirror images were joined to the sides of the originals. They are images of their own, so join along the first axis."
def with_mirrors(images, labels):
    joined = np.concatenate([images, images[:, :, ::-1]], axis=2)
    return joined, np.concatenate([labels, labels])


# %% wrong: "The labels are missing: return the images and their labels."
def with_mirrors(images, labels):
    return np.concatenate([images, images[:, :, ::-1]])


# %% wrong: "The labels were doubled as numbers. Arrays are joined with concatenate, not with + or *."
def with_mirrors(images, labels):
    return np.concatenate([images, images[:, :, ::-1]]), labels + labels


# %% wrong: "Every image stands there twice, unmirrored."
def with_mirrors(images, labels):
    return np.concatenate([images, images]), np.concatenate([labels, labels])


# %% wrong: "Only the mirrored images came back with all the labels."
def with_mirrors(images, labels):
    return images[:, :, ::-1], np.concatenate([labels, labels])


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
    Case(
        "three pictures of one row",
        args=(np.array([[[1, 2]], [[3, 4]], [[5, 6]]]), np.array([1, 0, 0])),
        want=(
            np.array([[[1, 2]], [[3, 4]], [[5, 6]], [[2, 1]], [[4, 3]], [[6, 5]]]),
            np.array([1, 0, 0, 1, 0, 0]),
        ),
    ),
]
