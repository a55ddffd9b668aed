"""Exercise 7.6: A mean without padding."""


# %% stub
def mean_of_real_words(vectors, lengths):
    """Return the mean vector of each sentence, over its real words only.

    vectors is an array of shape (n_sentences, n_steps, D): the words of each sentence, then
    padding, which may hold anything. lengths is an integer array of shape (n_sentences,), each
    at least 1. The result has shape (n_sentences, D).
    """
    raise NotImplementedError


# %% solution
import numpy as np


def mean_of_real_words(vectors, lengths):
    n_steps = vectors.shape[1]
    real = np.arange(n_steps) < lengths[:, None]
    return (vectors * real[:, :, None]).sum(axis=1) / lengths[:, None]


# %% wrong: "The padding is part of the mean: leave it out."
import numpy as np


def mean_of_real_words(vectors, lengths):
    return vectors.mean(axis=1)


# %% wrong: "Divide by the number of real words, not by the number of steps."
import numpy as np


def mean_of_real_words(vectors, lengths):
    n_steps = vectors.shape[1]
    real = np.arange(n_steps) < lengths[:, None]
    return (vectors * real[:, :, None]).sum(axis=1) / n_steps


# %% wrong: "Padding need not be zero: multiply it away before the sum."
import numpy as np


def mean_of_real_words(vectors, lengths):
    return vectors.sum(axis=1) / lengths[:, None]


# %% wrong: "Step 0 is the first word, so that a sentence of length n has the steps 0 to n - 1."
import numpy as np


def mean_of_real_words(vectors, lengths):
    n_steps = vectors.shape[1]
    real = np.arange(n_steps) <= lengths[:, None]
    return (vectors * real[:, :, None]).sum(axis=1) / lengths[:, None]


# %% wrong: "The last real word is left out."
import numpy as np


def mean_of_real_words(vectors, lengths):
    n_steps = vectors.shape[1]
    real = np.arange(n_steps) + 1 < lengths[:, None]
    return (vectors * real[:, :, None]).sum(axis=1) / lengths[:, None]


# %% wrong: "Divide the sum of the words: the mean is asked for."
import numpy as np


def mean_of_real_words(vectors, lengths):
    n_steps = vectors.shape[1]
    real = np.arange(n_steps) < lengths[:, None]
    return (vectors * real[:, :, None]).sum(axis=1)


# %% wrong: "Average over the steps, one vector per sentence; do not mix the sentences."
import numpy as np


def mean_of_real_words(vectors, lengths):
    n_steps = vectors.shape[1]
    real = np.arange(n_steps) < lengths[:, None]
    return (vectors * real[:, :, None]).sum(axis=(0, 1)) / lengths.sum()


# %% wrong: "The maximum is another way to pool; the mean is asked for."
import numpy as np


def mean_of_real_words(vectors, lengths):
    real = np.arange(vectors.shape[1]) < lengths[:, None]
    return np.where(real[:, :, None], vectors, -np.inf).max(axis=1)


# %% wrong: "This is the vector of the last real word only."
import numpy as np


def mean_of_real_words(vectors, lengths):
    return vectors[np.arange(len(vectors)), lengths - 1]


# %% wrong: "A vector of zeros may be a real word: go by lengths, not by the values."
import numpy as np


def mean_of_real_words(vectors, lengths):
    real = (vectors != 0).any(axis=2)
    return (vectors * real[:, :, None]).sum(axis=1) / real.sum(axis=1)[:, None]


# %% wrong: "Each sentence has its own length: do not cut all at the shortest."
import numpy as np


def mean_of_real_words(vectors, lengths):
    return vectors[:, : lengths.min()].mean(axis=1)


# %% wrong: "Each sentence has its own length: do not take the longest for all."
import numpy as np


def mean_of_real_words(vectors, lengths):
    return vectors[:, : lengths.max()].mean(axis=1)


# %% wrong: "Average over the words of a sentence (axis 1), not over the numbers of a vector."
import numpy as np


def mean_of_real_words(vectors, lengths):
    n_steps = vectors.shape[1]
    real = np.arange(n_steps) < lengths[:, None]
    return (vectors * real[:, :, None]).sum(axis=2) / lengths[:, None]


# %% wrong: "This is the first word only."
import numpy as np


def mean_of_real_words(vectors, lengths):
    return vectors[:, 0]


# %% wrong: "The real words stand first and the padding last: take the first steps."
import numpy as np


def mean_of_real_words(vectors, lengths):
    return np.array([v[-n:].mean(axis=0) for v, n in zip(vectors, lengths)])


# %% check
import numpy as np

CASES = [
    Case(
        "padding that is not zero",
        args=(
            np.array(
                [
                    [[3.0, 2.0], [1.0, 4.0], [9.0, 9.0]],
                    [[5.0, 0.0], [7.0, 7.0], [7.0, 7.0]],
                ]
            ),
            np.array([2, 1]),
        ),
        want=[[2.0, 3.0], [5.0, 0.0]],
    ),
    Case(
        "a word of zeros",
        args=(np.array([[[0.0, 0.0], [4.0, 2.0], [8.0, 8.0]]]), np.array([2])),
        want=[[2.0, 1.0]],
    ),
    Case(
        "no padding",
        args=(np.array([[[1.0], [2.0], [6.0]]]), np.array([3])),
        want=[[3.0]],
    ),
]
