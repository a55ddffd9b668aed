"""Compare models on one text, whose neighbouring windows are not independent."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from mlmastery.inference import t_interval
from mlmastery.language_model.data import fixed_windows
from mlmastery.language_model.transformer import evaluation_mode
from mlmastery.validation import as_sample, check_count


class BlockMean(NamedTuple):
    """A mean over a text, its standard error from blocks, and an interval.

    Examples
    --------
    >>> BlockMean(1.5, 0.1, 1.2, 1.8, 9).blocks
    9
    """

    mean: float
    error: float
    low: float
    high: float
    blocks: int


@torch.no_grad()
def window_losses(
    model: Callable[[Tensor], Tensor], ids: Tensor, context: int, batch: int = 64
) -> np.ndarray:
    """Return the mean loss of each fixed window of a text, without dropout.

    Parameters
    ----------
    model : callable
        Token ids (B, T) in, logits (B, T, V) out.
    ids : Tensor of int, shape (n,)
    context : int
        Tokens per window.
    batch : int, default=64
        Windows per pass.

    Returns
    -------
    ndarray of shape (n_windows,)
        In nats per token, in the order of the text.

    Examples
    --------
    >>> window_losses(lambda x: torch.zeros(*x.shape, 4), torch.arange(9) % 4, 4)
    array([1.38629436, 1.38629436])
    """
    check_count(batch, "batch")
    inputs, targets = fixed_windows(ids, context)
    losses = []
    with evaluation_mode(model):
        for x, y in zip(inputs.split(batch), targets.split(batch), strict=True):
            logits = model(x).transpose(1, 2).double()  # (B, V, T)
            losses.append(cross_entropy(logits, y, reduction="none").mean(dim=1))
    return torch.cat(losses).numpy()


def block_mean(losses: object, block: int = 40, confidence: float = 0.95) -> BlockMean:
    """Return the mean of window losses with an error that counts blocks, not windows.

    Neighbouring windows come from one scene, so they are alike and tell less than as
    many independent ones. Means of blocks of neighbours are nearly independent, and
    Student's t is taken over them.

    Parameters
    ----------
    losses : array of shape (n_windows,)
        Of windows in the order of the text, or differences of two models on them.
    block : int, default=40
        Windows per block; what is left over at the end joins the last one.
    confidence : float, default=0.95

    Raises
    ------
    ValueError
        If there are fewer than two whole blocks.

    Examples
    --------
    >>> found = block_mean([0.0, 0.0, 1.0, 1.0, 2.0, 2.0], block=2)
    >>> found.mean, round(found.error, 3), found.blocks
    (1.0, 0.577, 3)
    """
    values = as_sample(losses, "losses")
    n = len(values) // check_count(block, "block")
    if n < 2:
        raise ValueError(
            f"block must fit twice into the {len(values)} losses, got {block}"
        )
    ends = [block * i for i in range(1, n)]
    parts = np.split(values, ends)
    means, sizes = (np.array([f(p) for p in parts]) for f in (np.mean, len))
    mean = float(values.mean())
    # A ratio of sums: a longer last block weighs more.
    spread = np.sum((sizes * (means - mean)) ** 2) * n / (n - 1)
    error = float(np.sqrt(spread)) / len(values)
    low, high = t_interval(mean, error, n - 1, confidence)
    return BlockMean(mean, error, low, high, n)
