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


# %% wrong: "Divide by the share that survives, 1 - rate, not by the share that is dropped."
def dropout(A, rate, U, training):
    if not training:
        return A
    return A * (U >= rate) / rate


# %% wrong: "What survives must grow to make up for the rest: divide by 1 - rate, do not multiply."
def dropout(A, rate, U, training):
    if not training:
        return A
    return A * (U >= rate) * (1 - rate)


# %% wrong: "Scaling down when predicting is the other recipe. Here what survives is scaled up in training."
def dropout(A, rate, U, training):
    if not training:
        return A * (1 - rate)
    return A * (U >= rate)


# %% wrong: "An activation whose number equals rate is not below it, so it survives."
def dropout(A, rate, U, training):
    if not training:
        return A
    return A * (U > rate) / (1 - rate)


# %% wrong: "Scale by the expected share of survivors, 1 - rate, not by the share that happened to survive."
def dropout(A, rate, U, training):
    if not training:
        return A
    kept = U >= rate
    return A * kept / kept.mean()


# %% wrong: "Chance decides, not size: compare U with the rate, not A."
def dropout(A, rate, U, training):
    if not training:
        return A
    return A * (A >= rate) / (1 - rate)


# %% wrong
def dropout(A, rate, U, training):
    if not training:
        return A
    return A * (np.random.default_rng(0).random(A.shape) >= rate) / (1 - rate)


# %% wrong: "A belongs to the caller, and you set entries of it to 0. Make a new array."
def dropout(A, rate, U, training):
    if not training:
        return A
    A[U < rate] = 0
    return A / (1 - rate)


# %% wrong: "It is the other way round: drop in training, and change nothing when predicting."
def dropout(A, rate, U, training):
    if training:
        return A
    return A * (U >= rate) / (1 - rate)


# %% wrong: "Every row has random numbers of its own. You used those of the first row for all."
def dropout(A, rate, U, training):
    if not training:
        return A
    return A * (U[0] >= rate) / (1 - rate)


# %% wrong: "When predicting nothing was dropped, so there is nothing to make up for."
def dropout(A, rate, U, training):
    if not training:
        return A / (1 - rate)
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
    Case(
        "two rows, each with its own numbers",
        args=(
            np.array([[1.0, 0.0, -3.0], [4.0, 5.0, 6.0]]),
            0.5,
            np.array([[0.7, 0.8, 0.6], [0.1, 0.9, 0.2]]),
            True,
        ),
        want=np.array([[2.0, 0.0, -6.0], [0.0, 10.0, 0.0]]),
    ),
]
