"""Baselines: models that count, and one that reads a few tokens by a hidden layer."""

import math
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from mlmastery.validation import check_count, check_number


class BigramModel(nn.Module):
    """Predict the next token from the present one, by counting.

    Parameters
    ----------
    vocab_size : int
        Number of tokens.
    context : int, default=64
        Longest sequence accepted, for comparison with other models.

    Examples
    --------
    >>> model = BigramModel(2).fit(torch.tensor([0, 1, 0, 1, 0]))
    >>> int(model(torch.tensor([[0]])).argmax())
    1
    """

    log_probabilities: Tensor

    def __init__(self, vocab_size: int, context: int = 64) -> None:
        super().__init__()
        check_count(vocab_size, "vocab_size")
        self.context = check_count(context, "context")
        uniform = torch.zeros(vocab_size, vocab_size).log_softmax(dim=1)
        self.register_buffer("log_probabilities", uniform)

    def fit(self, ids: Tensor, smoothing: float = 0.1) -> "BigramModel":
        """Count which token follows which in ids, (n,), and return self.

        ``smoothing`` is added to every count, so that nothing is impossible. Ids that
        are no text of at least two known tokens raise ValueError.
        """
        size = len(self.log_probabilities)
        ids = as_ids(ids, size, minimum=2)
        check_number(smoothing, "smoothing")
        pairs = torch.bincount(ids[:-1] * size + ids[1:], minlength=size**2)
        counts = pairs.view(size, size) + smoothing
        p = counts / counts.sum(dim=1, keepdim=True)
        self.log_probabilities = p.nan_to_num(1 / size).log()  # nothing seen: all alike
        return self

    def forward(self, ids: Tensor, cache: None = None) -> Tensor:
        """Return the logits of every next token, (B, T, V), for ids of (B, T)."""
        return self.log_probabilities[as_batch(ids, len(self.log_probabilities))]


class _Level(NamedTuple):
    """Counts after each past of one length: its entries begin at start."""

    pasts: Tensor  # sorted
    starts: Tensor  # one more than there are pasts
    tokens: Tensor
    counts: Tensor


class NGramModel(nn.Module):
    """Predict the next token from the last few, by interpolated counts.

    The counts after the last token, after the last two and so on are mixed by
    `witten_bell`, beginning with no past at all and with all tokens alike.

    Parameters
    ----------
    vocab_size : int
        Number of tokens.
    reach : int, default=4
        How many tokens it sees.
    context : int, default=64
        Longest sequence accepted, for comparison with other models.

    Raises
    ------
    ValueError
        If a number is below one, or the past is too long for its number to fit into
        64 bits.

    References
    ----------
    .. [1] Witten and Bell (1991), "The zero-frequency problem", IEEE Transactions on
       Information Theory 37(4), method C.

    Examples
    --------
    >>> model = NGramModel(2, reach=1).fit(torch.tensor([0, 1, 0, 1, 0]))
    >>> model(torch.tensor([[0]])).exp()
    tensor([[[0.1905, 0.8095]]])
    """

    def __init__(self, vocab_size: int, *, reach: int = 4, context: int = 64) -> None:
        super().__init__()
        self.vocab_size = check_count(vocab_size, "vocab_size")
        self.reach = check_count(reach, "reach")
        self.context = check_count(context, "context")
        if (reach + 1) * math.log2(max(2, vocab_size)) > 63:
            raise ValueError(
                f"reach must be shorter for {vocab_size} tokens: "
                f"runs of {reach} + 1 cannot be numbered in 64 bits"
            )
        self.levels: list[_Level] = []

    def fit(self, ids: Tensor) -> "NGramModel":
        """Count what follows the pasts of every length in ids, (n,), and return self."""
        ids = as_ids(ids, self.vocab_size, minimum=self.reach + 2)
        self.levels = [self._count(ids, k) for k in range(self.reach + 1)]
        return self

    def _count(self, ids: Tensor, k: int) -> _Level:
        runs = self._numbers(ids[None], k + 1)[0, k:]
        runs, counts = runs.unique(return_counts=True)
        pasts, sizes = (runs // self.vocab_size).unique_consecutive(return_counts=True)
        starts = pad(sizes.cumsum(0), (1, 0))
        return _Level(pasts, starts, runs % self.vocab_size, counts)

    def _numbers(self, ids: Tensor, k: int) -> Tensor:
        """Return a number for the last k tokens at each place of ids, (B, T)."""
        number = torch.zeros_like(ids)
        for back in range(k - 1, -1, -1):
            shifted = pad(ids, (back, 0))[:, : ids.size(1)]
            number = number * self.vocab_size + shifted
        return number

    def forward(self, ids: Tensor, cache: None = None) -> Tensor:
        """Return the logits of every next token, (B, T, V), for ids of (B, T)."""
        return self.by_reach(ids)[-1].log()

    def by_reach(self, ids: Tensor) -> list[Tensor]:
        """Return the probabilities of the next token by how many tokens are seen.

        Parameters
        ----------
        ids : Tensor of int, shape (B, T)

        Returns
        -------
        list of Tensor, each of shape (B, T, V)
            For no past, for one token, and so on to ``reach``. Places with a shorter
            past before them use what there is.

        Raises
        ------
        ValueError
            If the model was not fitted, or a token is not in its table.
        """
        if not self.levels:
            raise ValueError("call fit first: nothing was counted yet")
        ids = as_batch(ids, self.vocab_size)
        p = torch.full((*ids.shape, self.vocab_size), 1 / self.vocab_size).double()
        found = []
        for k, level in enumerate(self.levels):
            long_enough = slice(max(0, k - 1), None)
            counts = self._counts(level, self._numbers(ids, k)[:, long_enough])
            p = p.clone()
            p[:, long_enough] = witten_bell(counts, p[:, long_enough])
            found.append(p)
        return [p.float() for p in found]

    def _counts(self, level: _Level, pasts: Tensor) -> Tensor:
        """Return how often each token followed pasts of (B, T), as (B, T, V)."""
        flat = pasts.flatten()
        place = torch.searchsorted(level.pasts, flat).clamp(max=len(level.pasts) - 1)
        known = level.pasts[place] == flat
        sizes = (level.starts[place + 1] - level.starts[place]) * known
        row = torch.arange(len(flat)).repeat_interleave(sizes)
        first = sizes.cumsum(0) - sizes
        entry = level.starts[place][row] + torch.arange(len(row)) - first[row]
        counts = torch.zeros(len(flat), self.vocab_size, dtype=torch.float64)
        counts[row, level.tokens[entry]] = level.counts[entry].double()
        return counts.view(*pasts.shape, self.vocab_size)


def witten_bell(counts: Tensor, lower: Tensor) -> Tensor:
    """Mix counts after a past with the probabilities after a shorter past.

    Parameters
    ----------
    counts : Tensor of shape (..., V)
        How often each token came after the past.
    lower : Tensor of shape (..., V)
        Probabilities after the shorter past; they add up to one.

    Returns
    -------
    Tensor of shape (..., V)
        ``(c + u p) / (n + u)``: n is the sum of the counts c, u the number of different
        tokens among them, p the lower probabilities. Where n is zero, ``lower``.

    Examples
    --------
    >>> witten_bell(torch.tensor([3.0, 1.0, 0.0]), torch.full((3,), 1 / 3))
    tensor([0.6111, 0.2778, 0.1111])
    """
    n = counts.sum(dim=-1, keepdim=True)
    different = (counts > 0).sum(dim=-1, keepdim=True)
    mixed = (counts + different * lower) / (n + different).clamp(min=1)
    return torch.where(n > 0, mixed, lower)


def as_ids(ids: Any, vocab_size: int, minimum: int) -> Tensor:
    """Return token ids as a tensor of whole numbers, or say what is wrong with them.

    Parameters
    ----------
    ids : Tensor of int, or sequence of int, shape (n,)
    vocab_size : int
        Ids must be smaller.
    minimum : int
        The smallest n.

    Raises
    ------
    ValueError
        If there are too few, or one is not a whole number of the range.

    Examples
    --------
    >>> as_ids([1, 0, 5], vocab_size=4, minimum=2)
    Traceback (most recent call last):
    ValueError: ids must lie between 0 and 3, got 0 to 5
    """
    try:
        ids = torch.as_tensor(ids)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(f"ids must be whole numbers, got {ids!r:.40}") from error
    if ids.dim() != 1 or len(ids) < minimum:
        raise ValueError(
            f"ids must be a row of at least {minimum} tokens, got shape "
            f"{tuple(ids.shape)}"
        )
    if ids.is_floating_point() or ids.is_complex() or ids.dtype == torch.bool:
        raise ValueError(f"ids must be whole numbers, got {ids.dtype}")
    low, high = int(ids.min()), int(ids.max())
    if not 0 <= low <= high < vocab_size:
        raise ValueError(
            f"ids must lie between 0 and {vocab_size - 1}, got {low} to {high}"
        )
    return ids.long()


def as_batch(ids: Any, vocab_size: int) -> Tensor:
    """Return a batch of texts, (B, T), as whole numbers, or say what is wrong.

    Parameters
    ----------
    ids : Tensor of int, or nested sequence of int, shape (B, T)
    vocab_size : int
        Ids must be smaller.

    Raises
    ------
    ValueError
        If there is no token, or one is not a whole number of the range.

    Examples
    --------
    >>> as_batch([0, 1], vocab_size=4)
    Traceback (most recent call last):
    ValueError: ids must have the shape (texts, tokens), got (2,)
    """
    ids = torch.as_tensor(ids)
    if ids.dim() != 2:
        raise ValueError(
            f"ids must have the shape (texts, tokens), got {tuple(ids.shape)}"
        )
    return as_ids(ids.flatten(), vocab_size, minimum=1).view(ids.shape)


def bigram_entropy(ids: Tensor) -> float:
    """Return the entropy of a text's tokens given the token before, in nats.

    No model that sees one token can have a lower loss on this text, not even one
    that was made from the text itself.

    Parameters
    ----------
    ids : Tensor of int, shape (n,)

    Examples
    --------
    >>> bigram_entropy(torch.tensor([0, 1, 0, 1, 0]))
    0.0
    """
    ids = torch.as_tensor(ids)
    size = int(ids.nan_to_num().max()) + 1 if ids.numel() else 1
    ids = as_ids(ids, size, minimum=2)
    pairs = torch.bincount(ids[:-1] * size + ids[1:], minlength=size**2).double()
    pairs = pairs.view(size, size)
    share = pairs / pairs.sum(dim=1, keepdim=True).clamp(min=1)
    entropy = -torch.xlogy(pairs, share).sum() / pairs.sum()  # 0 log 0 counts as 0
    return abs(float(entropy))


class MLPModel(nn.Module):
    """Predict the next token from the last few, by one hidden layer.

    Parameters
    ----------
    vocab_size : int
        Number of tokens.
    reach : int, default=8
        How many tokens it sees.
    width, hidden : int, default=24, 256
        Features per token, and units in the hidden layer.
    context : int, default=64
        Longest sequence accepted, for comparison with other models.
    generator : torch.Generator, optional
        Source of the initial weights.

    References
    ----------
    .. [1] Bengio et al. (2003), "A Neural Probabilistic Language Model".

    Examples
    --------
    >>> MLPModel(65)(torch.zeros(2, 10, dtype=torch.long)).shape
    torch.Size([2, 10, 65])
    """

    def __init__(
        self,
        vocab_size: int,
        *,
        reach: int = 8,
        width: int = 24,
        hidden: int = 256,
        context: int = 64,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        sizes = (vocab_size, reach, width, hidden, context)
        for size, name in zip(
            sizes, ("vocab_size", "reach", "width", "hidden", "context"), strict=True
        ):
            check_count(size, name)
        self.context, self.reach, self.blank = context, reach, vocab_size
        # One token more, which stands for the places before the text.
        self.tokens = nn.Embedding(vocab_size + 1, width)
        self.hidden = nn.Linear(reach * width, hidden)
        self.head = nn.Linear(hidden, vocab_size)
        for parameter in self.parameters():
            std = parameter.size(-1) ** -0.5 if parameter.dim() == 2 else 0.0
            nn.init.normal_(parameter, std=std, generator=generator)

    def forward(self, ids: Tensor, cache: None = None) -> Tensor:
        """Return the logits of every next token, (B, T, V), for ids of (B, T)."""
        ids = as_batch(ids, self.blank)
        padded = pad(ids, (self.reach - 1, 0), value=self.blank)
        seen = self.tokens(padded.unfold(1, self.reach, 1))  # (B, T, reach, width)
        return self.head(self.hidden(seen.flatten(2)).tanh())
