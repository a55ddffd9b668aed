"""Exercise 14.2: Attention."""

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


# %% wrong: "Masking after the softmax leaves weights that do not add up to one. Mask the scores, before it."
def attention(q, k, v):
    return (q @ k.T / q.shape[1] ** 0.5).softmax(dim=1).tril() @ v


# %% wrong: "Divide by the square root of the width, not by the width."
def attention(q, k, v):
    T, D = q.shape
    scores = q @ k.T / D
    scores = scores.masked_fill(~torch.ones(T, T).tril().bool(), -torch.inf)
    return scores.softmax(dim=1) @ v


# %% wrong: "A position may look at itself: the diagonal stays."
def attention(q, k, v):
    T, D = q.shape
    scores = q @ k.T / D**0.5
    scores = scores.masked_fill(~torch.ones(T, T).tril(-1).bool(), -torch.inf)
    return scores.softmax(dim=1) @ v


# %% wrong: "The mask is upside down: each position sees itself and the later ones."
def attention(q, k, v):
    T, D = q.shape
    scores = q @ k.T / D**0.5
    scores = scores.masked_fill(~torch.ones(T, T).triu().bool(), -torch.inf)
    return scores.softmax(dim=1) @ v


# %% wrong: "Each position sees one later position. The mask begins just above the diagonal."
def attention(q, k, v):
    T, D = q.shape
    scores = q @ k.T / D**0.5
    scores = scores.masked_fill(~torch.ones(T, T).tril(1).bool(), -torch.inf)
    return scores.softmax(dim=1) @ v


# %% wrong: "The keys decide how much, the values what: it is the values that are averaged."
def attention(q, k, v):
    T, D = q.shape
    scores = q @ k.T / D**0.5
    scores = scores.masked_fill(~torch.ones(T, T).tril().bool(), -torch.inf)
    return scores.softmax(dim=1) @ k


# %% wrong: "The spread of a dot product depends on the width of the keys, not on the number of positions."
def attention(q, k, v):
    T = len(q)
    scores = q @ k.T / T**0.5
    scores = scores.masked_fill(~torch.ones(T, T).tril().bool(), -torch.inf)
    return scores.softmax(dim=1) @ v


# %% wrong: "The width that counts is that of queries and keys. You took that of the values."
def attention(q, k, v):
    T = len(q)
    scores = q @ k.T / v.shape[1] ** 0.5
    scores = scores.masked_fill(~torch.ones(T, T).tril().bool(), -torch.inf)
    return scores.softmax(dim=1) @ v


# %% wrong: "You multiplied by the root of the width, which makes large scores larger. Divide by it."
def attention(q, k, v):
    T, D = q.shape
    scores = q @ k.T * D**0.5
    scores = scores.masked_fill(~torch.ones(T, T).tril().bool(), -torch.inf)
    return scores.softmax(dim=1) @ v


# %% wrong: "A row of scores belongs to a query, a column to a key. Yours are exchanged."
def attention(q, k, v):
    T, D = q.shape
    scores = k @ q.T / D**0.5
    scores = scores.masked_fill(~torch.ones(T, T).tril().bool(), -torch.inf)
    return scores.softmax(dim=1) @ v


# %% wrong: "The scores went into the mean as they are. A softmax turns them into weights."
def attention(q, k, v):
    return (q @ k.T / q.shape[1] ** 0.5).tril() @ v


# %% check
import math

import torch

_log3 = math.log(3)
_draw = torch.Generator().manual_seed(144)
_q, _k, _v = (torch.randn(4, width, generator=_draw) for width in (3, 3, 2))
CASES = [
    # equal keys: the mean of the past
    Case(
        "equal keys, by hand",
        args=(torch.ones(3, 4), torch.ones(3, 4), torch.tensor([[3.0], [5.0], [10.0]])),
        want=torch.tensor([[3.0], [4.0], [6.0]]),
        atol=1e-5,
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
        atol=1e-5,
    ),
    Case(
        "four positions, against PyTorch",
        args=(_q, _k, _v),
        want=torch.nn.functional.scaled_dot_product_attention(
            _q[None], _k[None], _v[None], is_causal=True
        )[0],
        rtol=1e-4,
        atol=1e-5,
    ),
    Case(
        "one position gets its own value",
        args=(torch.tensor([[2.0]]), torch.tensor([[-1.0]]), torch.tensor([[7.0]])),
        want=torch.tensor([[7.0]]),
        atol=1e-5,
    ),
]
