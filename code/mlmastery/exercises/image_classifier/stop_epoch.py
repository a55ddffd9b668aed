"""Exercise 6.7: Early stopping."""

# %% stub
import numpy as np


def stop_epoch(losses, patience):
    """Return (epoch at which training stops, epoch whose weights are restored).

    losses are the validation losses of the epochs, one or more, numbered from 1. Training
    stops when patience epochs in a row (at least 1) have brought no new minimum, or when
    the losses end. A loss equal to the minimum is no new one.
    """
    raise NotImplementedError


# %% solution
def stop_epoch(losses, patience):
    best, at = losses[0], 1
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


# %% wrong: "A loss below the one before set the count back. Only a new minimum does."
def stop_epoch(losses, patience):
    best, at, waited, before = float("inf"), 0, 0, float("inf")
    for epoch, loss in enumerate(losses, start=1):
        waited = 0 if loss < before else waited + 1
        before = loss
        if loss < best:
            best, at = loss, epoch
        if waited >= patience:
            return epoch, at
    return len(losses), at


# %% wrong: "A loss equal to the best counted as progress. It is no new minimum."
def stop_epoch(losses, patience):
    best, at = float("inf"), 0
    for epoch, loss in enumerate(losses, start=1):
        if loss <= best:
            best, at = loss, epoch
        elif epoch - at >= patience:
            return epoch, at
    return len(losses), at


# %% wrong: "The epochs are numbered from 0. The first is number 1."
def stop_epoch(losses, patience):
    best, at = float("inf"), 0
    for epoch, loss in enumerate(losses):
        if loss < best:
            best, at = loss, epoch
        elif epoch - at >= patience:
            return epoch, at
    return len(losses) - 1, at


# %% wrong: "The weights of the last epoch were kept. Restore those of the best."
def stop_epoch(losses, patience):
    best, at = float("inf"), 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, at = loss, epoch
        elif epoch - at >= patience:
            return epoch, epoch
    return len(losses), len(losses)


# %% wrong: "The count of epochs without progress was never set back. After a new minimum it begins again at zero."
def stop_epoch(losses, patience):
    best, at, waited = float("inf"), 0, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, at = loss, epoch
        else:
            waited += 1
        if waited >= patience:
            return epoch, at
    return len(losses), at


# %% wrong: "You stopped one epoch too early: the epoch of the minimum itself is not one without progress."
def stop_epoch(losses, patience):
    best, at = float("inf"), 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, at = loss, epoch
        if epoch - at >= patience - 1 and epoch > at:
            return epoch, at
    return len(losses), at


# %% wrong: "The two epochs have changed places: first where training stops, then what is restored."
def stop_epoch(losses, patience):
    best, at = float("inf"), 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, at = loss, epoch
        elif epoch - at >= patience:
            return at, epoch
    return at, len(losses)


# %% wrong: "You stopped at the first epoch without a new minimum. Wait for as many as patience says."
def stop_epoch(losses, patience):
    best, at = float("inf"), 0
    for epoch, loss in enumerate(losses, start=1):
        if loss >= best:
            return epoch, at
        best, at = loss, epoch
    return len(losses), at


# %% wrong: "You looked for the largest loss. Less is better."
def stop_epoch(losses, patience):
    best, at = -float("inf"), 0
    for epoch, loss in enumerate(losses, start=1):
        if loss > best:
            best, at = loss, epoch
        elif epoch - at >= patience:
            return epoch, at
    return len(losses), at


# %% wrong: "Nothing is returned when the losses end before patience does. Training stops at the last epoch then."
def stop_epoch(losses, patience):
    best, at = float("inf"), 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, at = loss, epoch
        elif epoch - at >= patience:
            return epoch, at


# %% wrong: "The best loss was returned. The number of its epoch is asked for."
def stop_epoch(losses, patience):
    best, at = float("inf"), 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, at = loss, epoch
        elif epoch - at >= patience:
            return epoch, best
    return len(losses), best


# %% wrong: "Going back by patience epochs finds the best only where patience ran out. If the losses end first, it is elsewhere."
def stop_epoch(losses, patience):
    best, at = float("inf"), 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, at = loss, epoch
        elif epoch - at >= patience:
            return epoch, epoch - patience
    return len(losses), len(losses) - patience


# %% check
CASES = [
    Case("one hill", args=([0.7, 0.5, 0.6, 0.65, 0.66, 0.67, 0.4], 2), want=(4, 2)),
    Case("a small hill", args=([0.7, 0.5, 0.6, 0.4, 0.5, 0.6], 2), want=(6, 4)),
    Case(
        "down, but not below the best",
        args=([0.5, 0.9, 0.8, 0.7, 0.6, 0.55], 3),
        want=(4, 1),
    ),
    Case("never worse", args=([0.9, 0.8, 0.7], 5), want=(3, 3)),
    Case("as good as the best", args=([0.5, 0.6, 0.5, 0.4], 2), want=(3, 1)),
    Case("the losses end in a wait", args=([0.6, 0.4, 0.5], 4), want=(3, 2)),
    Case("no patience to speak of", args=([0.6, 0.7, 0.1], 1), want=(2, 1)),
    Case("one epoch", args=([0.6], 1), want=(1, 1)),
]
