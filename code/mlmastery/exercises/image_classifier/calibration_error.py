"""Exercise 6.9: Calibration error."""

# %% stub
import numpy as np


def calibration_error(p, y, bins):
    """Return the mean of |stated - observed| over bins, weighted by their sizes.

    p (n,) are probabilities, y (n,) is 0 or 1. Bin k holds k/bins <= p < (k+1)/bins,
    the last one 1 as well; stated and observed are the bin's means of p and y. A bin
    without any p counts nothing.
    """
    raise NotImplementedError


# %% solution
def calibration_error(p, y, bins):
    which = np.minimum((p * bins).astype(int), bins - 1)
    total = 0.0
    for k in np.unique(which):
        inside = which == k
        total += inside.sum() * abs(p[inside].mean() - y[inside].mean())
    return total / len(p)


# %% wrong: "Each bin counted the same. A bin of one image must weigh less than a bin of a hundred."
def calibration_error(p, y, bins):
    which = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [abs(p[which == k].mean() - y[which == k].mean()) for k in np.unique(which)]
    return float(np.mean(gaps))


# %% wrong: "You averaged |p - y| image by image. A stated 0.5 that is right half of the time is perfect; compare means within the bin."
def calibration_error(p, y, bins):
    return float(np.mean(np.abs(p - y)))


# %% wrong: "Too high and too low cancelled each other: take the absolute value within each bin."
def calibration_error(p, y, bins):
    return float(abs(np.mean(p) - np.mean(y)))


# %% wrong: "The gaps kept their signs, so too sure and not sure enough cancel. Take the absolute value within each bin."
def calibration_error(p, y, bins):
    return float(np.mean(p) - np.mean(y))


# %% wrong: "You squared the gaps. The task asks for their absolute values."
def calibration_error(p, y, bins):
    which = np.minimum((p * bins).astype(int), bins - 1)
    masks = [which == k for k in np.unique(which)]
    return sum(m.mean() * (p[m].mean() - y[m].mean()) ** 2 for m in masks)


# %% wrong: "This is the largest gap of any bin. The mean over the bins is asked for, weighted by their sizes."
def calibration_error(p, y, bins):
    which = np.minimum((p * bins).astype(int), bins - 1)
    return max(
        abs(p[which == k].mean() - y[which == k].mean()) for k in np.unique(which)
    )


# %% wrong: "You took the middle of each bin for what was stated. Stated is the mean of the probabilities in it."
def calibration_error(p, y, bins):
    which = np.minimum((p * bins).astype(int), bins - 1)
    masks = [(k, which == k) for k in np.unique(which)]
    return sum(m.mean() * abs((k + 0.5) / bins - y[m].mean()) for k, m in masks)


# %% wrong: "A probability on an edge went to the bin below. It belongs to the bin that begins there."
def calibration_error(p, y, bins):
    which = np.maximum(np.ceil(p * bins).astype(int) - 1, 0)
    masks = [which == k for k in np.unique(which)]
    return sum(m.mean() * abs(p[m].mean() - y[m].mean()) for m in masks)


# %% wrong: "A probability of 1 got a bin of its own. It belongs to the last one."
def calibration_error(p, y, bins):
    which = (p * bins).astype(int)
    masks = [which == k for k in np.unique(which)]
    return sum(m.mean() * abs(p[m].mean() - y[m].mean()) for m in masks)


# %% wrong: "The gaps were multiplied by the sizes of their bins, and the sum was not divided by the number of images."
def calibration_error(p, y, bins):
    which = np.minimum((p * bins).astype(int), bins - 1)
    masks = [which == k for k in np.unique(which)]
    return sum(m.sum() * abs(p[m].mean() - y[m].mean()) for m in masks)


# %% wrong: "Your bins hold equally many images. They should be equally wide."
def calibration_error(p, y, bins):
    parts = np.array_split(np.argsort(p, kind="stable"), bins)
    return sum(
        len(i) / len(p) * abs(p[i].mean() - y[i].mean()) for i in parts if len(i)
    )


# %% wrong: "A bin without images has no means, and its NaN spoiled the sum. Leave empty bins out."
def calibration_error(p, y, bins):
    which = np.minimum((p * bins).astype(int), bins - 1)
    masks = [which == k for k in range(bins)]
    return sum(
        m.mean() * abs(p[m].mean() - y[m].mean()) if m.any() else np.nan for m in masks
    )


# %% wrong: "You averaged the squares of p - y image by image, which is the Brier score. Compare means within the bin."
def calibration_error(p, y, bins):
    return float(np.mean((p - y) ** 2))


# %% wrong: "You compared the certainty of each decision with how often it is right. Here p is compared with y as it is."
def calibration_error(p, y, bins):
    right, sure = (p >= 0.5) == y, np.maximum(p, 1 - p)
    which = np.minimum((sure * bins).astype(int), bins - 1)
    masks = [which == k for k in np.unique(which)]
    return sum(m.mean() * abs(sure[m].mean() - right[m].mean()) for m in masks)


# %% wrong: "You divided by the number of bins. The weights are the shares of the images, which add up to 1 already."
def calibration_error(p, y, bins):
    which = np.minimum((p * bins).astype(int), bins - 1)
    masks = [which == k for k in np.unique(which)]
    return sum(m.mean() * abs(p[m].mean() - y[m].mean()) for m in masks) / bins


# %% wrong
def calibration_error(p, y, bins):
    which = np.round(p * bins).astype(int)
    masks = [which == k for k in np.unique(which)]
    return sum(m.mean() * abs(p[m].mean() - y[m].mean()) for m in masks)


# %% wrong: "Your bins are open below, so an image with a probability of 0 is in none of them. A bin holds its lower edge."
def calibration_error(p, y, bins):
    total = 0.0
    for k in range(bins):
        inside = (p > k / bins) & (p <= (k + 1) / bins)
        if inside.any():
            total += inside.mean() * abs(p[inside].mean() - y[inside].mean())
    return total


# %% wrong: "An image with a probability of 1 is in none of your bins. The last one holds it."
def calibration_error(p, y, bins):
    total = 0.0
    for k in range(bins):
        inside = (p >= k / bins) & (p < (k + 1) / bins)
        if inside.any():
            total += inside.mean() * abs(p[inside].mean() - y[inside].mean())
    return total


# %% check
import numpy as np

CASES = [
    # gaps |0.25 - 0.5| and |0.9 - 1|
    Case(
        "two in each bin",
        args=(np.array([0.2, 0.3, 0.9, 0.9]), np.array([1, 0, 1, 1]), 2),
        want=0.175,
    ),
    # gaps |0.1 - 1/3| of three and 0.8 of one
    Case(
        "bins of different sizes",
        args=(np.array([0.1, 0.1, 0.1, 0.8]), np.array([0, 1, 0, 0]), 2),
        want=0.375,
    ),
    # {0, 0.2} states 0.1 and sees 1; {0.8, 1} states 0.9 and sees 0.5
    Case(
        "gaps in both directions",
        args=(np.array([0.2, 0.8, 1.0, 0.0]), np.array([1, 0, 1, 1]), 2),
        want=0.65,
    ),
    # {0.25} states 0.25 and sees 0; {0.5} states 0.5 and sees 1
    Case("on an edge", args=(np.array([0.25, 0.5]), np.array([0, 1]), 2), want=0.375),
    # {0.75, 1.0} states 0.875 and sees 0.5
    Case(
        "certain, and wrong",
        args=(np.array([0.75, 1.0]), np.array([1, 0]), 2),
        want=0.375,
    ),
    # gaps 0.125, 0.375 and 0.25 in bins of 2, 1 and 1; the second bin is empty
    Case(
        "an empty bin",
        args=(np.array([0.0625, 0.1875, 0.625, 0.75]), np.array([0, 0, 1, 1]), 4),
        want=0.21875,
    ),
]
