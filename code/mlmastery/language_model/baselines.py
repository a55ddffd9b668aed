"""Baselines: a model that counts pairs, and one that reads a few tokens."""

import torch
from torch import Tensor, nn
from torch.nn.functional import pad


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
        self.context = context
        uniform = torch.zeros(vocab_size, vocab_size).log_softmax(dim=1)
        self.register_buffer("log_probabilities", uniform)

    def fit(self, ids: Tensor, smoothing: float = 0.1) -> "BigramModel":
        """Count which token follows which in ids, (n,), and return self.

        ``smoothing`` is added to every count, so that nothing is impossible.
        """
        size = len(self.log_probabilities)
        pairs = torch.bincount(ids[:-1] * size + ids[1:], minlength=size**2)
        counts = pairs.view(size, size) + smoothing
        self.log_probabilities = (counts / counts.sum(dim=1, keepdim=True)).log()
        return self

    def forward(self, ids: Tensor, cache: None = None) -> Tensor:
        """Return the logits of every next token, (B, T, V), for ids of (B, T)."""
        return self.log_probabilities[ids]


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
    size = int(ids.max()) + 1
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
        padded = pad(ids, (self.reach - 1, 0), value=self.blank)
        seen = self.tokens(padded.unfold(1, self.reach, 1))  # (B, T, reach, width)
        return self.head(self.hidden(seen.flatten(2)).tanh())
