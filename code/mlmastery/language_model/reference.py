"""PyTorch's own Transformer layer with our weights, as a reference for ours."""

import torch
from torch import nn

from mlmastery.language_model.attention import MultiHeadAttention
from mlmastery.language_model.transformer import Block, TransformerConfig


def torch_attention(ours: MultiHeadAttention) -> nn.MultiheadAttention:
    """Return PyTorch's multi-head attention with the weights of ours.

    Parameters
    ----------
    ours : MultiHeadAttention
        With biases, without rotary positions.

    Examples
    --------
    >>> torch_attention(MultiHeadAttention(width=8, heads=2)).embed_dim
    8
    """
    width = ours.out.in_features
    theirs = nn.MultiheadAttention(width, ours.heads, batch_first=True)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(ours.qkv.weight)
        theirs.in_proj_bias.copy_(ours.qkv.bias)
    theirs.out_proj.load_state_dict(ours.out.state_dict())
    return theirs


def torch_layer(block: Block, config: TransformerConfig) -> nn.TransformerEncoderLayer:
    """Return PyTorch's Transformer layer with the weights of our block.

    Parameters
    ----------
    block : Block
        With the choices of GPT-2: layer norm, biases, GELU.
    config : TransformerConfig
        The block's own.

    Examples
    --------
    >>> config = TransformerConfig(vocab_size=2, width=8, heads=2)
    >>> torch_layer(Block(config), config).norm_first
    True
    """
    layer = nn.TransformerEncoderLayer(
        config.width,
        config.heads,
        4 * config.width,
        dropout=0.0,
        activation="gelu",
        batch_first=True,
        norm_first=config.norm_first,
    )
    layer.self_attn = torch_attention(block.attention)
    up, _, down = block.feed_forward
    pairs: list[tuple[nn.Module, nn.Module]]
    pairs = [(layer.linear1, up), (layer.linear2, down)]
    pairs += [(layer.norm1, block.norm_1), (layer.norm2, block.norm_2)]
    for theirs, ours in pairs:
        theirs.load_state_dict(ours.state_dict())
    return layer
