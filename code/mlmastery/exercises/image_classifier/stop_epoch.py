"""Exercise 6.7: Early stopping."""

# %% stub
import numpy as np


def stop_epoch(losses, patience):
    """Return (epoch at which training stops, epoch whose weights are restored).

    losses are the watched losses of the epochs, numbered from 1. Training stops when
    patience epochs in a row have brought no new minimum, or when the losses end.
    """
    raise NotImplementedError


# %% solution
def stop_epoch(losses, patience):
    best, at = float("inf"), 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, at = loss, epoch
        elif epoch - at >= patience:
            return epoch, at
    return len(losses), at


# %% wrong: "A loss below the one before is no progress unless it is below the best so far."
def stop_epoch(losses, patience):
    waited, at = 0, 1
    for epoch in range(2, len(losses) + 1):
        better = losses[epoch - 1] < losses[epoch - 2]
        waited = 0 if better else waited + 1
        at = epoch if better else at
        if waited >= patience:
            return epoch, at
    return len(losses), at


# %% wrong: "You stopped one epoch too late: after patience epochs without progress, not after one more."
def stop_epoch(losses, patience):
    best, at = float("inf"), 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, at = loss, epoch
        elif epoch - at > patience:
            return epoch, at
    return len(losses), at


# %% wrong: "You looked into the future: the minimum of all losses may come after training has stopped."
def stop_epoch(losses, patience):
    at = int(np.argmin(losses)) + 1
    return min(at + patience, len(losses)), at


# %% check
import numpy as np

CASES = [
    Case("one hill", args=([0.7, 0.5, 0.6, 0.65, 0.66, 0.67, 0.4], 2), want=(4, 2)),
    Case("a small hill", args=([0.7, 0.5, 0.6, 0.4, 0.5, 0.6], 2), want=(6, 4)),
    Case("down, but not below the best", args=([0.5, 0.9, 0.8, 0.7], 3), want=(4, 1)),
    Case("never worse", args=([0.9, 0.8, 0.7], 5), want=(3, 3)),
]
