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


# %% wrong: "The update goes out as it is: no mask hides it."
def masked(update, rank, masks, modulus):
    return update % modulus


# %% wrong: "The update belongs to the caller, and `+=` changes it. Work on a copy."
def masked(update, rank, masks, modulus):
    for other, mask in masks.items():
        if rank < other:
            update += mask
        else:
            update -= mask
    return update % modulus


# %% wrong: "A sum below 0 must come out between 0 and modulus - 1, too. Here the remainder keeps the minus."
def masked(update, rank, masks, modulus):
    total = update.copy()
    for other, mask in masks.items():
        total = total + mask if rank < other else total - mask
    return np.fmod(total, modulus)


# %% wrong: "Only the last mask is left: each one is added to what the one before has made."
def masked(update, rank, masks, modulus):
    total = update.copy()
    for other, mask in masks.items():
        total = update + mask if rank < other else update - mask
    return total % modulus


# %% wrong: "If all subtract, the masks do not cancel. The lower rank of a pair adds."
def masked(update, rank, masks, modulus):
    return (update - sum(masks.values())) % modulus


# %% wrong: "Cutting off at the limits destroys the sum. Numbers beyond the modulus begin again at 0."
def masked(update, rank, masks, modulus):
    total = update.copy()
    for other, mask in masks.items():
        total = total + mask if rank < other else total - mask
    return np.clip(total, 0, modulus - 1)


# %% wrong: "Remainders of division by the modulus run up to modulus - 1 already. You divided by one less."
def masked(update, rank, masks, modulus):
    total = update.copy()
    for other, mask in masks.items():
        total = total + mask if rank < other else total - mask
    return total % (modulus - 1)


# %% wrong: "Masks are added and subtracted here, not combined bit by bit."
def masked(update, rank, masks, modulus):
    total = update.copy()
    for mask in masks.values():
        total = total ^ mask
    return total % modulus


# %% wrong: "The key of a mask is the other's rank. Its place in the dictionary says nothing."
def masked(update, rank, masks, modulus):
    total = update.copy()
    for place, mask in enumerate(masks.values()):
        total = total + mask if rank <= place else total - mask
    return total % modulus


# %% wrong: "A mask counts once, however far apart the two ranks are."
def masked(update, rank, masks, modulus):
    total = update.copy()
    for other, mask in masks.items():
        total = total + (other - rank) * mask
    return total % modulus


# %% wrong: "Taking away the minus changes the remainder: -60 leaves 40 modulo 100, not 60."
def masked(update, rank, masks, modulus):
    total = update.copy()
    for other, mask in masks.items():
        total = total + mask if rank < other else total - mask
    return np.abs(total) % modulus


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
    Case(
        "the others in any order",
        args=(np.array([50, 50]), 4, {7: _A, 1: _B, 5: _C}, 100),
        want=np.array([18, 64]),
    ),
]
