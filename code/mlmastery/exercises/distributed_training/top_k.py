"""Exercise 22.5: Top-k with a memory."""

# %% stub
import numpy as np


def top_k(gradient, residual, k):
    """Send the k largest entries of gradient + residual, remember the rest.

    gradient and residual have shape (n,). Largest means in absolute value.
    Return what is sent, of shape (n,) with zeros elsewhere, and the new
    residual.
    """
    raise NotImplementedError


# %% solution
def top_k(gradient, residual, k):
    total = gradient + residual
    chosen = np.argsort(-np.abs(total))[:k]
    sent = np.zeros_like(total)
    sent[chosen] = total[chosen]
    return sent, total - sent


# %% wrong: "The residual of earlier steps is forgotten. Add it before you choose."
def top_k(gradient, residual, k):
    chosen = np.argsort(-np.abs(gradient))[:k]
    sent = np.zeros_like(gradient)
    sent[chosen] = gradient[chosen]
    return sent, gradient - sent


# %% wrong: "A large negative entry is large too: order by absolute value."
def top_k(gradient, residual, k):
    total = gradient + residual
    chosen = np.argsort(-total)[:k]
    sent = np.zeros_like(total)
    sent[chosen] = total[chosen]
    return sent, total - sent


# %% wrong: "What was sent is still in the residual, so it will be sent again. Subtract it."
def top_k(gradient, residual, k):
    total = gradient + residual
    chosen = np.argsort(-np.abs(total))[:k]
    sent = np.zeros_like(total)
    sent[chosen] = total[chosen]
    return sent, total


# %% check
import numpy as np

CASES = [
    Case(
        "nothing remembered yet",
        args=(np.array([1.0, -5.0, 3.0, 0.5]), np.zeros(4), 2),
        want=(np.array([0.0, -5.0, 3.0, 0.0]), np.array([1.0, 0.0, 0.0, 0.5])),
    ),
    Case(
        "the memory decides",
        args=(np.array([1.0, 2.0, 0.0]), np.array([4.0, 0.0, -3.0]), 1),
        want=(np.array([5.0, 0.0, 0.0]), np.array([0.0, 2.0, -3.0])),
    ),
    Case(
        "everything is sent",
        args=(np.array([1.0, -2.0]), np.array([0.5, 0.5]), 2),
        want=(np.array([1.5, -1.5]), np.array([0.0, 0.0])),
    ),
]
