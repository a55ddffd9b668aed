"""The block and the model: parity, no future, the cache."""

import pytest
import torch
from language_model.helpers import SMALL, VARIANTS, heads, loud, rng, small, some_ids
from torch.nn import functional as F

from mlmastery.language_model import (
    Block,
    Norm,
    Transformer,
    TransformerConfig,
    causal_mask,
    generate,
    layer_norm,
    rms_norm,
)
from mlmastery.language_model.reference import torch_layer


def test_without_positions_the_past_is_a_bag():
    model = small(positions="none", layers=1)
    ids = torch.tensor([[1, 2, 3, 4, 5]])
    mixed = torch.tensor([[4, 2, 1, 3, 5]])
    torch.testing.assert_close(model(ids)[0, -1], model(mixed)[0, -1])
    for positions in ("learned", "sinusoidal", "rotary"):
        told = small(positions=positions, layers=1)
        assert (told(ids) - told(mixed))[0, -1].abs().max() > 1e-3


def test_layer_norm_is_pytorchs():
    x, weight, bias = heads(6, 8)
    ours = layer_norm(x, weight[0], bias[0])
    theirs = F.layer_norm(x, (8,), weight[0], bias[0])
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)


def test_rms_norm_is_pytorchs():
    x, weight = heads(6, 8, n=2)
    theirs = F.rms_norm(x, (8,), weight[0], eps=1e-5)
    torch.testing.assert_close(rms_norm(x, weight[0]), theirs, atol=1e-5, rtol=1e-5)


def test_norm_of_a_constant_is_finite():
    for kind in ("layer", "rms"):
        assert Norm(4, kind)(torch.zeros(2, 4)).isfinite().all()


@pytest.mark.parametrize("norm_first", [True, False])
def test_block_is_pytorchs_in_value_and_gradient(norm_first):
    config = TransformerConfig(**{**SMALL, "norm_first": norm_first})
    block = loud(Block(config))
    layer = torch_layer(block, config)
    x, y = (t.requires_grad_() for t in heads(1, 9, 16, n=1) * 2)
    x = x.detach().clone().requires_grad_()
    ours, theirs = block(x), layer(y, src_mask=~causal_mask(9))
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)
    ours.square().sum().backward()
    theirs.square().sum().backward()
    scale = y.grad.abs().max()
    torch.testing.assert_close(x.grad / scale, y.grad / scale, atol=1e-5, rtol=1e-5)
    for mine, other in [
        (block.attention.qkv.weight, layer.self_attn.in_proj_weight),
        (block.attention.out.weight, layer.self_attn.out_proj.weight),
        (block.feed_forward[0].weight, layer.linear1.weight),
        (block.feed_forward[2].bias, layer.linear2.bias),
        (block.norm_1.weight, layer.norm1.weight),
        (block.norm_2.bias, layer.norm2.bias),
    ]:
        scale = other.grad.abs().max()
        torch.testing.assert_close(
            mine.grad / scale, other.grad / scale, atol=1e-5, rtol=1e-5
        )


@pytest.mark.parametrize("changes", VARIANTS, ids=str)
def test_no_position_sees_the_future(changes):
    model, ids = small(**changes), some_ids()
    for place in (1, 6, 11):
        other = ids.clone()
        other[:, place] = (other[:, place] + 1) % 11
        moved = (model(ids) - model(other)).abs().amax(dim=(0, 2))
        assert moved[:place].max() == 0
        assert moved[place] > 1e-4


@pytest.mark.parametrize("changes", VARIANTS, ids=str)
@pytest.mark.parametrize("cuts", [(1,) * 12, (5, 1, 6), (12,)], ids=str)
def test_cached_logits_are_the_uncached(changes, cuts):
    model, ids = small(**changes), some_ids()
    cache = model.new_cache()
    parts = [model(piece, cache) for piece in ids.split(cuts, dim=1)]
    torch.testing.assert_close(torch.cat(parts, 1), model(ids), atol=1e-4, rtol=1e-4)


def test_fused_kernels_give_the_same_numbers():
    plain, fused = small(), small(fused=True)
    torch.testing.assert_close(
        plain(some_ids()), fused(some_ids()), atol=1e-4, rtol=1e-4
    )


def test_tied_model_has_one_table():
    tied, free = small(tied=True), small(tied=False)
    assert tied.head.weight is tied.tokens.weight
    count = [sum(p.numel() for p in m.parameters()) for m in (tied, free)]
    assert count[1] - count[0] == 11 * 16


def test_zero_init_blocks_add_nothing():
    config = TransformerConfig(**SMALL, zero_init=True)
    model = Transformer(config, generator=rng())
    x = model.embed(some_ids())
    torch.testing.assert_close(model.blocks[1](model.blocks[0](x)), x)


def test_same_generator_same_weights():
    a, b, c = (
        Transformer(TransformerConfig(**SMALL), generator=rng(s)) for s in (1, 1, 2)
    )
    assert torch.equal(
        a.blocks[1].attention.qkv.weight, b.blocks[1].attention.qkv.weight
    )
    assert not torch.equal(a.tokens.weight, c.tokens.weight)


@pytest.mark.parametrize("stranger", [-1, 11])
def test_tokens_that_are_not_in_the_table_are_named(stranger):
    net = small()
    with pytest.raises(ValueError, match=f"between 0 and 10, got .*{stranger}"):
        net(torch.tensor([[3, stranger, 4]]))
    with pytest.raises(ValueError, match="between 0 and 10"):
        generate(net, [stranger], 2)
    with pytest.raises(TypeError, match="float"):
        generate(net, [1.5], 2)


def test_too_long_a_sequence_is_refused():
    with pytest.raises(ValueError, match="context of 12 tokens, got 13"):
        small()(some_ids(13))
    cache = (model := small()).new_cache()
    model(some_ids(12), cache)
    with pytest.raises(ValueError, match="got 13"):
        model(some_ids(1), cache)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"layers": 0}, "layers must be a whole number of at least 1"),
        ({"norm": "batch"}, "norm must be one of layer, rms"),
        ({"activation": "tanh"}, "activation must be"),
    ],
)
def test_config_refuses(changes, message):
    with pytest.raises(ValueError, match=message):
        TransformerConfig(**{**SMALL, **changes})
