"""The Transformer: blocks of attention and feed-forward networks, stacked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn

from mlmastery.language_model.attention import (
    KVCache,
    MultiHeadAttention,
    sinusoidal_positions,
    unit_rms,
    wave_angles,
)
from mlmastery.validation import check_choice, check_count, check_number


def layer_norm(
    x: Tensor, weight: Tensor, bias: Tensor | None = None, eps: float = 1e-5
) -> Tensor:
    """Shift and scale each position to mean zero and variance one.

    Parameters
    ----------
    x : Tensor of shape (..., C)
        Features of each position.
    weight : Tensor of shape (C,)
        Scale of each feature, applied afterwards.
    bias : Tensor of shape (C,), optional
        Shift of each feature, applied afterwards.
    eps : float, default=1e-5
        Keeps a constant ``x`` from dividing by zero.

    Returns
    -------
    Tensor of shape (..., C)

    References
    ----------
    .. [1] Ba, Kiros and Hinton (2016), "Layer Normalization".

    Examples
    --------
    >>> layer_norm(torch.tensor([1.0, 3.0]), torch.ones(2))
    tensor([-1.0000,  1.0000])
    """
    variance, mean = torch.var_mean(x, dim=-1, keepdim=True, correction=0)
    scaled = (x - mean) * torch.rsqrt(variance + eps) * weight
    return scaled if bias is None else scaled + bias


def rms_norm(x: Tensor, weight: Tensor, eps: float = 1e-5) -> Tensor:
    """Scale each position to a root mean square of one, without shifting it.

    Parameters
    ----------
    x : Tensor of shape (..., C)
        Features of each position.
    weight : Tensor of shape (C,)
        Scale of each feature, applied afterwards.
    eps : float, default=1e-5
        Keeps a zero ``x`` from dividing by zero.

    Returns
    -------
    Tensor of shape (..., C)

    References
    ----------
    .. [1] Zhang and Sennrich (2019), "Root Mean Square Layer Normalization".

    Examples
    --------
    >>> rms_norm(torch.tensor([1.0, 7.0]), torch.ones(2))
    tensor([0.2000, 1.4000])
    """
    return unit_rms(x, eps) * weight


@contextmanager
def evaluation_mode(model: Any) -> Iterator[None]:
    """Switch dropout off, and back on afterwards where it was on.

    Parameters
    ----------
    model : nn.Module, or any other callable
        One that is no module is left alone.

    Examples
    --------
    >>> model = nn.Dropout(0.5)
    >>> with evaluation_mode(model):
    ...     model(torch.ones(3))
    tensor([1., 1., 1.])
    >>> model.training
    True
    """
    modules = list(model.modules()) if isinstance(model, nn.Module) else []
    modes = [module.training for module in modules]
    try:
        for module in modules:
            module.training = False
        yield
    finally:
        for module, mode in zip(modules, modes, strict=True):
            module.training = mode


class Norm(nn.Module):
    """Layer norm or RMS norm with the weights they multiply by.

    Parameters
    ----------
    width : int
        Features per position.
    kind : {"layer", "rms"}, default="layer"
        Which of the two.
    bias : bool, default=True
        Whether a layer norm adds a bias; an RMS norm never does.
    fused : bool, default=False
        Let PyTorch's own kernel do it.

    Examples
    --------
    >>> Norm(4)(torch.ones(1, 4))
    tensor([[0., 0., 0., 0.]], grad_fn=<AddBackward0>)
    """

    def __init__(
        self,
        width: int,
        kind: str = "layer",
        bias: bool = True,
        fused: bool = False,
    ) -> None:
        super().__init__()
        self.kind, self.fused = kind, fused
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = (
            nn.Parameter(torch.zeros(width)) if bias and kind == "layer" else None
        )

    def forward(self, x: Tensor) -> Tensor:
        """Normalise x, (..., C)."""
        if self.kind == "rms":
            return rms_norm(x, self.weight)
        if self.fused:
            return nn.functional.layer_norm(
                x, self.weight.shape, self.weight, self.bias
            )
        return layer_norm(x, self.weight, self.bias)


class FeedForward(nn.Sequential):
    """Two linear maps with a GELU between, applied to each position alone.

    Parameters
    ----------
    width : int
        Features per position, C; the layer between has 4 C.
    bias : bool, default=True
        Whether the linear maps have one.

    Examples
    --------
    >>> FeedForward(8)(torch.ones(2, 3, 8)).shape
    torch.Size([2, 3, 8])
    """

    def __init__(self, width: int, bias: bool = True) -> None:
        super().__init__(
            nn.Linear(width, 4 * width, bias=bias),
            nn.GELU(),
            nn.Linear(4 * width, width, bias=bias),
        )


@dataclass(frozen=True)
class TransformerConfig:
    """The sizes and choices of a `Transformer`; the defaults are those of GPT-2.

    Parameters
    ----------
    vocab_size : int
        Number of tokens.
    context : int, default=64
        The longest sequence the model accepts.
    width, heads, layers : int, default=128, 4, 4
        Features per position, attention heads, blocks.
    positions : {"learned", "sinusoidal", "rotary", "none"}, default="learned"
        How a token's position enters.
    norm : {"layer", "rms"}, default="layer"
        Layer norm, or RMS norm.
    norm_first : bool, default=True
        Normalise what enters attention and feed-forward (pre-norm), or the sum that
        comes out (post-norm).
    bias : bool, default=True
        Whether linear maps and layer norms have one.
    pairs : bool, default=False
        Add an embedding of the pair of the previous and the present token.
    dropout : float, default=0.0
        Share of the features, and of the attention weights, that training sets to zero
        at random: after the tables, in attention, and of what each half of a block adds.
    causal : bool, default=True
        Whether a position may look only at itself and at those before it.
    fused : bool, default=False
        Let PyTorch's own kernels compute norms and attention: the same numbers,
        sooner.

    Raises
    ------
    ValueError
        If a size is below one, a choice is unknown, ``dropout`` is not a share below
        one, ``heads`` does not divide ``width``, or positions that pair features find
        an odd number of them.

    Examples
    --------
    >>> TransformerConfig(vocab_size=65).width
    128
    >>> TransformerConfig(vocab_size=65, positions="alphabetical")
    Traceback (most recent call last):
    ValueError: positions must be one of learned, sinusoidal, rotary, none, got 'alphabetical'
    """

    vocab_size: int
    context: int = 64
    width: int = 128
    heads: int = 4
    layers: int = 4
    positions: Literal["learned", "sinusoidal", "rotary", "none"] = "learned"
    norm: Literal["layer", "rms"] = "layer"
    norm_first: bool = True
    bias: bool = True
    pairs: bool = False
    dropout: float = 0.0
    causal: bool = True
    fused: bool = False

    def __post_init__(self) -> None:
        for name in ("vocab_size", "context", "width", "heads", "layers"):
            check_count(getattr(self, name), name)
        for name, choices in CHOICES.items():
            check_choice(getattr(self, name), name, choices)
        check_number(self.dropout, "dropout", maximum=0.99)
        if self.width % self.heads:
            raise ValueError(
                f"heads must divide width, got {self.heads} and {self.width}"
            )
        turned = {"rotary": self.width // self.heads, "sinusoidal": self.width}
        if turned.get(self.positions, 0) % 2:
            raise ValueError(
                f"{self.positions} positions need an even number of features in a "
                f"{'head' if self.positions == 'rotary' else 'position'}, "
                f"got {turned[self.positions]}"
            )


CHOICES = {
    "positions": ("learned", "sinusoidal", "rotary", "none"),
    "norm": ("layer", "rms"),
}


class Block(nn.Module):
    """Attention, then a feed-forward network, each added to what came in.

    Parameters
    ----------
    config : TransformerConfig
        Sizes and choices.

    Examples
    --------
    >>> block = Block(TransformerConfig(vocab_size=2, width=8, heads=2))
    >>> block(torch.ones(1, 5, 8)).shape
    torch.Size([1, 5, 8])
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        c = config
        rotary = None
        if c.positions == "rotary":
            rotary = wave_angles(c.context, c.width // c.heads)
        self.norm_first = c.norm_first
        self.norm_1 = Norm(c.width, c.norm, c.bias, c.fused)
        self.attention = MultiHeadAttention(
            width=c.width,
            heads=c.heads,
            bias=c.bias,
            rotary=rotary,
            causal=c.causal,
            dropout=c.dropout,
            fused=c.fused,
        )
        self.norm_2 = Norm(c.width, c.norm, c.bias, c.fused)
        self.feed_forward = FeedForward(c.width, c.bias)
        self.drop = nn.Dropout(c.dropout)

    def forward(self, x: Tensor, cache: KVCache | None = None) -> Tensor:
        """Return x, (B, T, C), with what the block has to add."""
        if self.norm_first:
            x = x + self.drop(self.attention(self.norm_1(x), cache))
            return x + self.drop(self.feed_forward(self.norm_2(x)))
        x = self.norm_1(x + self.drop(self.attention(x, cache)))
        return self.norm_2(x + self.drop(self.feed_forward(x)))


@dataclass
class Cache:
    """Keys and values of each layer for the tokens read so far, and the last token."""

    layers: list[KVCache]
    last: Tensor | None = None

    @property
    def length(self) -> int:
        """Number of tokens read."""
        return self.layers[0].length


class Transformer(nn.Module):
    """A causal language model: token ids in, logits of the next token out.

    Parameters
    ----------
    config : TransformerConfig
        Sizes and choices.
    generator : torch.Generator, optional
        Source of the initial weights.

    Attributes
    ----------
    context : int
        The longest sequence it accepts.

    References
    ----------
    .. [1] Radford et al. (2019), "Language Models are Unsupervised Multitask
       Learners".

    Examples
    --------
    >>> model = Transformer(TransformerConfig(vocab_size=65))
    >>> model(torch.zeros(2, 10, dtype=torch.long)).shape
    torch.Size([2, 10, 65])
    """

    table: Tensor | None

    def __init__(
        self, config: TransformerConfig, *, generator: torch.Generator | None = None
    ) -> None:
        super().__init__()
        c = self.config = config
        self.context = c.context
        self.tokens = nn.Embedding(c.vocab_size, c.width)
        n_pairs = (c.vocab_size + 1) * c.vocab_size  # one more: nothing before
        self.pairs = nn.Embedding(n_pairs, c.width) if c.pairs else None
        self.places = (
            nn.Embedding(c.context, c.width) if c.positions == "learned" else None
        )
        sinusoidal = c.positions == "sinusoidal"
        table = sinusoidal_positions(c.context, c.width) if sinusoidal else None
        self.register_buffer("table", table, persistent=False)
        self.blocks = nn.ModuleList(Block(c) for _ in range(c.layers))
        self.norm = (
            Norm(c.width, c.norm, c.bias, c.fused) if c.norm_first else nn.Identity()
        )
        self.drop = nn.Dropout(c.dropout)
        self.head = nn.Linear(c.width, c.vocab_size, bias=False)
        self.head.weight = self.tokens.weight  # one table for reading and writing
        self._initialise(generator)

    def _initialise(self, generator: torch.Generator | None) -> None:
        """Draw small weights; those that write into the residual stream, smaller."""
        writers = ("attention.out.weight", "feed_forward.2.weight")
        smaller = (2 * self.config.layers) ** -0.5
        for name, parameter in self.named_parameters():
            if name == "pairs.weight":  # most pairs are rare: no noise for them
                nn.init.zeros_(parameter)
            elif parameter.dim() == 2:
                std = 0.02 * (smaller if name.endswith(writers) else 1.0)
                nn.init.normal_(parameter, std=std, generator=generator)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def new_cache(self) -> Cache:
        """Return an empty cache for `forward`.

        Raises
        ------
        ValueError
            If the model is not causal: what was cached would change with each token.
        """
        if not self.config.causal:
            raise ValueError(
                "a cache needs a causal model, got causal=False; write with "
                "use_cache=False"
            )
        return Cache([KVCache() for _ in self.blocks])

    def forward(self, ids: Tensor, cache: Cache | None = None) -> Tensor:
        """Return the logits of every next token.

        Parameters
        ----------
        ids : Tensor of int, shape (B, T)
        cache : Cache, optional
            What `new_cache` gave, for a sequence fed in parts.

        Returns
        -------
        Tensor of shape (B, T, V)

        Raises
        ------
        TypeError
            If the ids are no tensor of whole numbers.
        ValueError
            If they do not have two dimensions, the sequence is longer than the context,
            or a token is not in the table.
        """
        self._check(ids, cache.length if cache else 0)
        x = self.drop(self.embed(ids, cache))
        for i, block in enumerate(self.blocks):
            x = block(x, cache.layers[i] if cache else None)
        if cache is not None:
            cache.last = ids[:, -1:]
        return self.head(self.norm(x))

    def _check(self, ids: Tensor, start: int) -> None:
        if not isinstance(ids, Tensor) or ids.dtype not in (torch.long, torch.int):
            found = getattr(ids, "dtype", type(ids).__name__)
            raise TypeError(f"ids must be a tensor of whole numbers, got {found}")
        if ids.dim() != 2:
            raise ValueError(
                f"ids must have the shape (texts, tokens), got {tuple(ids.shape)}"
            )
        if start + ids.size(1) > self.context:
            raise ValueError(
                f"ids must fit the context of {self.context} tokens, "
                f"got {start + ids.size(1)}"
            )
        size = self.tokens.num_embeddings
        if ids.numel() and not 0 <= ids.min() <= ids.max() < size:
            raise ValueError(
                f"ids must lie between 0 and {size - 1}, got {ids.min()} to {ids.max()}"
            )

    def embed(self, ids: Tensor, cache: Cache | None = None) -> Tensor:
        """Return the features of tokens and places, (B, T, C), for ids of (B, T)."""
        start = cache.length if cache else 0
        here = slice(start, start + ids.size(1))
        x = self.tokens(ids)
        if self.pairs is not None:
            x = x + self.pairs(self._pair_numbers(ids, cache))
        if self.places is not None:
            x = x + self.places.weight[here]
        if self.table is not None:
            x = x + self.table[here]
        return x

    def _pair_numbers(self, ids: Tensor, cache: Cache | None) -> Tensor:
        size = self.config.vocab_size
        first = torch.full_like(ids[:, :1], size)  # stands for: nothing before
        if cache is not None and cache.last is not None:
            first = cache.last
        return torch.cat([first, ids[:, :-1]], dim=1) * size + ids
