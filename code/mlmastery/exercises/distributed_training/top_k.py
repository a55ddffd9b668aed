"""Exercise 22.5: Top-k with a memory."""

# %% stub
import numpy as np


def top_k(gradient, residual, k):
    """Send the k largest entries of gradient + residual, remember the rest.

    gradient and residual have shape (n,). Largest means in absolute value. Never
    send more than k, which may be 0; of entries equally large, any will do.
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


# %% wrong: "These are the smallest entries. Send the largest."
def top_k(gradient, residual, k):
    total = gradient + residual
    chosen = np.argsort(np.abs(total))[:k]
    sent = np.zeros_like(total)
    sent[chosen] = total[chosen]
    return sent, total - sent


# %% wrong: "Entries as large as the last one are sent, too, so that there are more than k."
def top_k(gradient, residual, k):
    total = gradient + residual
    least = np.sort(np.abs(total))[::-1][k - 1] if k else np.inf
    sent = np.where(np.abs(total) >= least, total, 0)
    return sent, total - sent


# %% wrong: "With k = 0 the slice [-0:] takes everything. Count from the front."
def top_k(gradient, residual, k):
    total = gradient + residual
    chosen = np.argsort(np.abs(total))[-k:]
    sent = np.zeros_like(total)
    sent[chosen] = total[chosen]
    return sent, total - sent


# %% wrong: "What was remembered before and is not sent now is lost: the new residual starts from the sum."
def top_k(gradient, residual, k):
    total = gradient + residual
    chosen = np.argsort(-np.abs(total))[:k]
    sent = np.zeros_like(total)
    sent[chosen] = total[chosen]
    kept = gradient.copy()
    kept[chosen] = 0
    return sent, kept


# %% wrong: "The absolute value is for choosing only. The entries are sent with their signs."
def top_k(gradient, residual, k):
    total = gradient + residual
    chosen = np.argsort(-np.abs(total))[:k]
    sent = np.zeros_like(total)
    sent[chosen] = np.abs(total)[chosen]
    return sent, total - sent


# %% wrong: "First what is sent, then the residual: yours come in the other order."
def top_k(gradient, residual, k):
    total = gradient + residual
    chosen = np.argsort(-np.abs(total))[:k]
    sent = np.zeros_like(total)
    sent[chosen] = total[chosen]
    return total - sent, sent


# %% wrong: "What is sent keeps its shape (n,), with zeros where nothing is sent."
def top_k(gradient, residual, k):
    total = gradient + residual
    chosen = np.argsort(-np.abs(total))[:k]
    kept = total.copy()
    kept[chosen] = 0
    return total[chosen], kept


# %% wrong: "The arrays belong to the caller, and `+=` changes one of them. Add into a new array."
def top_k(gradient, residual, k):
    gradient += residual
    chosen = np.argsort(-np.abs(gradient))[:k]
    sent = np.zeros_like(gradient)
    sent[chosen] = gradient[chosen]
    return sent, gradient - sent


# %% wrong: "You chose by the gradient alone. The memory helps to choose."
def top_k(gradient, residual, k):
    total = gradient + residual
    chosen = np.argsort(-np.abs(gradient))[:k]
    sent = np.zeros_like(total)
    sent[chosen] = total[chosen]
    return sent, total - sent


# %% wrong: "You chose by the sum but sent the gradient's part only. Send the sum."
def top_k(gradient, residual, k):
    total = gradient + residual
    chosen = np.argsort(-np.abs(total))[:k]
    sent = np.zeros_like(total)
    sent[chosen] = gradient[chosen]
    return sent, total - sent


# %% wrong: "What is not sent must be remembered. Your residual is empty."
def top_k(gradient, residual, k):
    total = gradient + residual
    chosen = np.argsort(-np.abs(total))[:k]
    sent = np.zeros_like(total)
    sent[chosen] = total[chosen]
    return sent, np.zeros_like(total)


# %% check
import numpy as np


def _as_good(got, want):
    """Equal, up to which of equally large entries were sent."""
    sizes = [np.sort(np.abs(sent)) for sent, _ in (got, want)]
    everything = [np.sort(np.concatenate(both)) for both in (got, want)]
    return np.allclose(*sizes) and np.allclose(*everything)


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
    Case(
        "two of three that are equally large",
        args=(np.array([1.0, -2.0, 2.0, 0.0]), np.array([0.0, 0.0, 0.0, 2.0]), 2),
        want=(np.array([0.0, -2.0, 2.0, 0.0]), np.array([1.0, 0.0, 0.0, 2.0])),
        compare=_as_good,
    ),
    Case(
        "nothing is sent",
        args=(np.array([1.0, -2.0]), np.array([0.5, 0.5]), 0),
        want=(np.array([0.0, 0.0]), np.array([1.5, -1.5])),
    ),
]
