"""Measure what happens inside a model: attention weights, differences of tokens."""

from typing import Any

import torch
from torch import Tensor

from mlmastery.language_model.transformer import Transformer, evaluation_mode


@torch.no_grad()
def attention_maps(model: Transformer, ids: Tensor) -> list[Tensor]:
    """Return the attention weights of every block for one sequence.

    Parameters
    ----------
    model : Transformer
    ids : Tensor of int, shape (T,)

    Returns
    -------
    list of Tensor, each of shape (heads, T, T)

    Examples
    --------
    >>> from mlmastery.language_model import TransformerConfig
    >>> model = Transformer(TransformerConfig(vocab_size=2, width=8, heads=2, layers=1))
    >>> attention_maps(model, torch.tensor([0, 1, 0]))[0].shape
    torch.Size([2, 3, 3])
    """
    maps: list[Tensor] = []
    layers: list[Any] = [block.attention for block in model.blocks]
    hooks = [
        layer.register_forward_pre_hook(
            lambda layer, inputs: maps.append(layer.weights(inputs[0])[0])
        )
        for layer in layers
    ]
    try:
        with evaluation_mode(model):
            model(torch.as_tensor(ids)[None])
    finally:
        for hook in hooks:
            hook.remove()
    return maps


@torch.no_grad()
def token_share(model: Transformer, ids: Tensor) -> list[float]:
    """Return the share of each block's output that differs from token to token.

    Parameters
    ----------
    model : Transformer
    ids : Tensor of int, shape (B, T)

    Returns
    -------
    list of float
        One per block: 0 if all tokens have become one vector, at most 1.

    Raises
    ------
    ValueError
        If ids are no batch.
    """
    if ids.dim() != 2:
        raise ValueError(
            f"ids must have the shape (texts, tokens), got {tuple(ids.shape)}"
        )
    x, shares = model.embed(ids), []
    for block in model.blocks:
        with evaluation_mode(block):
            x = block(x)
        flat = x.flatten(0, 1)  # (B T, C)
        deviation = flat - flat.mean(dim=0)
        shares.append(float(deviation.square().sum() / flat.square().sum()))
    return shares
