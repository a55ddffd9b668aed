"""Exercise 10.8: Dropout."""

# %% stub
import numpy as np


def dropout(A, rate, U, training):
    """Drop the activations A (m, h) whose number in U is below rate.

    U (m, h) holds uniform random numbers from 0 to 1. What survives is
    scaled so that the expected value of each activation stays as it was.
    When not training, A comes back unchanged.
    """
    raise NotImplementedError


# %% solution
def dropout(A, rate, U, training):
    if not training:
        return A
    return A * (U >= rate) / (1 - rate)


# %% wrong: "Scale what survives by 1 / (1 - rate), or the next layer sees weaker signals than when predicting."
def dropout(A, rate, U, training):
    if not training:
        return A
    return A * (U >= rate)


# %% wrong: "You keep what should be dropped: rate is the share of zeros."
def dropout(A, rate, U, training):
    if not training:
        return A
    return A * (U < rate) / (1 - rate)


# %% wrong: "When predicting, nothing is dropped."
def dropout(A, rate, U, training):
    return A * (U >= rate) / (1 - rate)


# %% check
import numpy as np

_A = np.array([[1.0, 2.0, 3.0, 4.0]])
_U = np.array([[0.1, 0.9, 0.3, 0.2]])
CASES = [
    Case(
        "a fifth dropped while training",
        args=(_A, 0.2, _U, True),
        want=np.array([[0.0, 2.5, 3.75, 5.0]]),
    ),
    Case("predicting", args=(_A, 0.2, _U, False), want=_A),
]
