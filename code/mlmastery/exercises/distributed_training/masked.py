"""Exercise 22.9: Masks that cancel."""

# %% stub
import numpy as np


def masked(update, rank, masks, modulus):
    """Hide an update of whole numbers behind the masks shared with the others.

    masks maps the rank of every other client to the mask (n,) that the two
    share. Of two clients, the one with the lower rank adds the mask and the
    other subtracts it. Return whole numbers from 0 to modulus - 1.
    """
    raise NotImplementedError


# %% solution
def masked(update, rank, masks, modulus):
    total = update.copy()
    for other, mask in masks.items():
        total = total + mask if rank < other else total - mask
    return total % modulus


# %% wrong: "If both add the mask, it does not cancel. One of the two must subtract it."
def masked(update, rank, masks, modulus):
    return (update + sum(masks.values())) % modulus


# %% wrong: "The lower rank adds, the higher subtracts. Two clients that disagree about it cannot be added up."
def masked(update, rank, masks, modulus):
    total = update.copy()
    for other, mask in masks.items():
        total = total - mask if rank < other else total + mask
    return total % modulus


# %% wrong: "Without the remainder, large masks show through in the size of the result. Take it modulo the modulus."
def masked(update, rank, masks, modulus):
    total = update.copy()
    for other, mask in masks.items():
        total = total + mask if rank < other else total - mask
    return total


# %% check
import numpy as np

_A, _B, _C = np.array([5, 90]), np.array([70, 20]), np.array([33, 44])
CASES = [
    Case(
        "the lowest of three adds both",
        args=(np.array([1, 2]), 0, {1: _A, 2: _B}, 100),
        want=np.array([76, 12]),
    ),
    Case(
        "the middle one does one of each",
        args=(np.array([10, 20]), 1, {0: _A, 2: _C}, 100),
        want=np.array([38, 74]),
    ),
    Case(
        "the highest subtracts both",
        args=(np.array([3, 4]), 2, {0: _B, 1: _C}, 100),
        want=np.array([0, 40]),
    ),
]
