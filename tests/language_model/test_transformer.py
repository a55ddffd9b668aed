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
from mlmastery.language_model.transformer import evaluation_mode


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


def test_one_table_reads_and_writes():
    model = small()
    assert model.head.weight is model.tokens.weight
    sizes = [p.numel() for p in model.parameters()]
    assert sum(sizes) == 11 * 16 + 12 * 16 + 2 * (12 * 16**2 + 13 * 16) + 2 * 16


def test_weights_that_write_into_the_stream_begin_smaller():
    config = TransformerConfig(**{**SMALL, "width": 64, "layers": 8})
    block = Transformer(config, generator=rng()).blocks[0]
    plain, writers = (
        [block.attention.qkv.weight, block.feed_forward[0].weight],
        [block.attention.out.weight, block.feed_forward[2].weight],
    )
    for weight in plain:
        assert float(weight.detach().std()) == pytest.approx(0.02, rel=0.05)
    for weight in writers:
        assert float(weight.detach().std()) == pytest.approx(0.005, rel=0.05)


@pytest.mark.parametrize("fused", [False, True])
def test_dropout_is_off_in_evaluation_and_scales_what_is_left(fused):
    model, plain = small(dropout=0.5, fused=fused), small()
    ids = some_ids()
    torch.testing.assert_close(model(ids), plain(ids), atol=1e-4, rtol=1e-4)
    model.train()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        first, second = model(ids), model(ids)
    assert (first - second).abs().max() > 0.1
    assert not torch.equal(first, plain(ids))


def dropped(model, ids):
    """Return the places where dropout acts, and what it was given and gave."""
    seen = []
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.register_forward_hook(lambda _, x, y: seen.append((x[0], y)))
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model.train()(ids)
    return seen


def test_dropout_acts_after_the_tables_and_on_what_each_half_adds():
    seen = dropped(small(dropout=0.4, layers=2), some_ids())
    assert len(seen) == 1 + 2 * 2
    for given, gave in seen:
        left = gave != 0
        assert 0.5 < left.float().mean() < 0.7
        torch.testing.assert_close(gave[left], given[left] / 0.6)


@pytest.mark.parametrize("fused", [False, True])
def test_dropout_acts_on_attention_weights(fused):
    from mlmastery.language_model import MultiHeadAttention

    layer = loud(MultiHeadAttention(width=16, heads=2, dropout=0.5, fused=fused))
    (x,) = heads(1, 9, 16, n=1)
    still = layer(x)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        moving = torch.stack([layer.train()(x) for _ in range(400)])
    assert (moving[0] - still).abs().max() > 0.1
    # Weights are scaled up, so that the mean over many draws is the full attention.
    torch.testing.assert_close(moving.mean(0), still, atol=0.4, rtol=0)


@pytest.mark.parametrize("fused", [False, True])
def test_without_the_mask_every_position_sees_all(fused):
    model, ids = small(causal=False, fused=fused), some_ids()
    other = ids.clone()
    other[:, 11] = (other[:, 11] + 1) % 11
    moved = (model(ids) - model(other)).abs().amax(dim=(0, 2))
    assert (moved > 1e-4).all()
    weights = model.blocks[0].attention.weights(model.embed(ids))
    assert (weights > 0).all()
    with pytest.raises(ValueError, match="a cache needs a causal model"):
        generate(model, [1, 2], 3)
    assert len(generate(model, [1, 2], 3, use_cache=False)) == 5


def test_evaluation_mode_gives_each_part_its_mode_back():
    model = small(dropout=0.5)
    model.train()
    model.blocks[1].eval()
    with evaluation_mode(model):
        assert not any(module.training for module in model.modules())
    assert model.training
    assert not model.blocks[1].training
    with pytest.raises(KeyError), evaluation_mode(model):
        raise KeyError
    assert model.training


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
    with pytest.raises(TypeError, match=r"whole numbers, got \[1\.5\]"):
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
        ({"positions": "relative"}, "positions must be"),
        ({"dropout": 1.0}, "dropout must be a number of at least 0 and at most 0.99"),
        ({"dropout": -0.1}, "dropout must be"),
        ({"heads": 3}, "heads must divide width, got 3 and 16"),
    ],
)
def test_config_refuses(changes, message):
    with pytest.raises(ValueError, match=message):
        TransformerConfig(**{**SMALL, **changes})


@pytest.mark.parametrize(
    "ids", [[[1, 2]], torch.ones(1, 2), torch.tensor([[True]])], ids=str
)
def test_what_is_no_tensor_of_ids_is_named(ids):
    with pytest.raises(TypeError, match="ids must be a tensor of whole numbers"):
        small()(ids)


def test_one_text_alone_is_no_batch():
    with pytest.raises(ValueError, match=r"shape \(texts, tokens\), got \(3,\)"):
        small()(torch.tensor([1, 2, 3]))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"positions": "rotary", "width": 6}, "features in a head, got 3"),
        ({"positions": "sinusoidal", "width": 5, "heads": 1}, "position, got 5"),
    ],
)
def test_positions_that_pair_features_need_an_even_number(changes, message):
    with pytest.raises(ValueError, match=message):
        TransformerConfig(**{**SMALL, **changes})
