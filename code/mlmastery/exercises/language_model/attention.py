"""Exercise 14.4: Attention."""

# %% stub
import torch


def attention(q, k, v):
    """Return causal self-attention of one head, shape (T, E).

    q and k have shape (T, D), v has shape (T, E). Position t may look at the positions
    0 to t and at no later one.
    """
    raise NotImplementedError


# %% solution
def attention(q, k, v):
    T, D = q.shape
    scores = q @ k.T / D**0.5
    scores = scores.masked_fill(~torch.ones(T, T).tril().bool(), -torch.inf)
    return scores.softmax(dim=1) @ v


# %% wrong: "The first position sees the later ones. Set the scores above the diagonal to minus infinity."
def attention(q, k, v):
    return (q @ k.T / q.shape[1] ** 0.5).softmax(dim=1) @ v


# %% wrong: "The scores are too large: divide them by the square root of the width of the keys."
def attention(q, k, v):
    T = len(q)
    scores = (q @ k.T).masked_fill(~torch.ones(T, T).tril().bool(), -torch.inf)
    return scores.softmax(dim=1) @ v


# %% wrong: "A weight of zero is a score of minus infinity. A score of zero still gets a weight."
def attention(q, k, v):
    scores = (q @ k.T / q.shape[1] ** 0.5).tril()
    return scores.softmax(dim=1) @ v


# %% wrong: "Each query's weights must add up to one: apply the softmax along the keys, the last dimension."
def attention(q, k, v):
    T, D = q.shape
    scores = q @ k.T / D**0.5
    scores = scores.masked_fill(~torch.ones(T, T).tril().bool(), -torch.inf)
    return scores.softmax(dim=0) @ v


# %% check
import math

import torch


def _close(got, want):
    return (
        torch.is_tensor(got)
        and got.shape == want.shape
        and torch.allclose(got, want, atol=1e-5)
    )


_log3 = math.log(3)
CASES = [
    # equal keys: the mean of the past
    Case(
        "equal keys, by hand",
        args=(torch.ones(3, 4), torch.ones(3, 4), torch.tensor([[3.0], [5.0], [10.0]])),
        want=torch.tensor([[3.0], [4.0], [6.0]]),
        compare=_close,
    ),
    # D = 4: the second query scores log 3 against 0, so the weights are 3/4 and 1/4
    Case(
        "a key three times as likely, by hand",
        args=(
            torch.tensor([[0.0, 0, 0, 0], [2 * _log3, 0, 0, 0]]),
            torch.tensor([[1.0, 0, 0, 0], [0.0, 0, 0, 0]]),
            torch.tensor([[4.0, 0.0], [0.0, 8.0]]),
        ),
        want=torch.tensor([[4.0, 0.0], [3.0, 2.0]]),
        compare=_close,
    ),
]
