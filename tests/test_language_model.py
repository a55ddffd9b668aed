"""Chapter 14: attention, the Transformer, its training and its ways of writing."""

import itertools
import math
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from torch import nn
from torch.nn import functional as F

from mlmastery.datasets import load_shakespeare
from mlmastery.language_model import (
    BigramModel,
    Block,
    CachedDecoder,
    CheckpointError,
    MLPModel,
    MultiHeadAttention,
    Muon,
    Norm,
    Trainer,
    TrainingConfig,
    Transformer,
    TransformerConfig,
    WindowScorer,
    attention_weights,
    beam_search,
    bigram_entropy,
    bits_per_byte,
    causal_mask,
    evaluate,
    fast_model,
    fast_training,
    fixed_windows,
    generate,
    greedy,
    layer_norm,
    log_probability,
    mean_loss,
    next_probabilities,
    orthogonalise,
    perplexity,
    random_windows,
    rate_factor,
    recorded_race,
    rms_norm,
    rotate,
    self_attention,
    shared_windows,
    sinusoidal_positions,
    split_text,
    wave_angles,
    window_start,
)
from mlmastery.language_model.inspection import attention_maps, token_share
from mlmastery.language_model.reference import torch_attention, torch_layer
from mlmastery.language_model.training import make_optimizers

SMALL = {"vocab_size": 11, "context": 12, "width": 16, "heads": 2, "layers": 2}
VARIANTS = [
    {},
    {"positions": "rotary"},
    {"positions": "sinusoidal"},
    {"positions": "none"},
    {"norm": "rms", "activation": "relu2", "bias": False},
    {"norm_first": False},
    {"pairs": True, "tied": False, "normalise_qk": True, "positions": "rotary"},
    {"fused": True, "pairs": True},
]


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def loud(model, seed=0):
    """Give a model weights so large that a wrong connection shows."""
    g = rng(seed)
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.randn(p.shape, generator=g) * 0.3 + (p.dim() == 1))
    return model.eval()


def small(seed=0, **changes):
    return loud(Transformer(TransformerConfig(**{**SMALL, **changes})), seed)


def some_ids(n=12, batch=2, vocab=11, seed=1):
    return torch.randint(vocab, (batch, n), generator=rng(seed))


# --- attention ---------------------------------------------------------------------


def heads(*shape, n=3, **kwargs):
    g = rng(3)
    return [torch.randn(*shape, generator=g, **kwargs) for _ in range(n)]


@pytest.mark.parametrize("causal", [False, True])
def test_attention_is_pytorchs(causal):
    q, k, v = heads(2, 3, 7, 8)
    ours = self_attention(q, k, v, causal_mask(7) if causal else None)
    theirs = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)


def test_attention_gradient():
    q, k, v = (t.requires_grad_() for t in heads(2, 5, 4, dtype=torch.float64))
    mask = causal_mask(5)
    assert torch.autograd.gradcheck(lambda *x: self_attention(*x, mask), (q, k, v))


def test_weights_add_up_to_one_and_respect_the_mask():
    q, k, _ = heads(4, 6, 8)
    weights = attention_weights(q, k, causal_mask(6))
    torch.testing.assert_close(weights.sum(-1), torch.ones(4, 6))
    assert weights.triu(1).abs().max() == 0


def test_attention_refuses_unequal_widths():
    with pytest.raises(ValueError, match="last dimension"):
        self_attention(torch.ones(2, 3), torch.ones(2, 4), torch.ones(2, 4))


def test_queries_of_a_longer_sequence_are_its_last():
    torch.testing.assert_close(causal_mask(3, 7), causal_mask(7)[-3:])


@pytest.mark.parametrize("n_heads", [1, 4])
def test_multi_head_attention_is_pytorchs(n_heads):
    ours = loud(MultiHeadAttention(width=16, heads=n_heads))
    (x,) = heads(2, 9, 16, n=1)
    theirs, _ = torch_attention(ours)(x, x, x, attn_mask=~causal_mask(9))
    torch.testing.assert_close(ours(x), theirs, atol=1e-5, rtol=1e-5)


def test_heads_must_divide_the_width():
    with pytest.raises(ValueError, match="heads must divide width"):
        MultiHeadAttention(width=10, heads=3)


# --- positions ---------------------------------------------------------------------


def test_sinusoids_are_those_of_the_paper():
    table = sinusoidal_positions(50, 8)
    for t, i in itertools.product((0, 1, 17, 49), range(4)):
        angle = t / 10_000 ** (2 * i / 8)
        assert table[t, 2 * i] == pytest.approx(math.sin(angle), abs=1e-5)
        assert table[t, 2 * i + 1] == pytest.approx(math.cos(angle), abs=1e-5)


def test_odd_width_has_no_pairs():
    with pytest.raises(ValueError, match="even"):
        wave_angles(4, 3)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 20))
@settings(max_examples=30, deadline=None)
def test_rotary_agreement_depends_on_distance(t, s, shift):
    q, k = heads(1, 16, n=2)
    angles = wave_angles(64, 16)

    def agreement(a, b):
        return rotate(q, angles[a : a + 1]) @ rotate(k, angles[b : b + 1]).T

    moved = agreement(t + shift, s + shift)
    torch.testing.assert_close(agreement(t, s), moved, atol=1e-4, rtol=1e-4)


def test_rotation_keeps_lengths_and_matches_complex_numbers():
    (x,) = heads(5, 8, n=1)
    angles = wave_angles(5, 8)
    turned = torch.complex(x[:, :4], x[:, 4:]) * torch.polar(torch.ones(5, 4), angles)
    expected = torch.cat([turned.real, turned.imag], dim=1)
    torch.testing.assert_close(rotate(x, angles), expected)


def test_without_positions_the_past_is_a_bag():
    model = small(positions="none", layers=1)
    ids = torch.tensor([[1, 2, 3, 4, 5]])
    mixed = torch.tensor([[4, 2, 1, 3, 5]])
    torch.testing.assert_close(model(ids)[0, -1], model(mixed)[0, -1])
    for positions in ("learned", "sinusoidal", "rotary"):
        told = small(positions=positions, layers=1)
        assert (told(ids) - told(mixed))[0, -1].abs().max() > 1e-3


# --- block and model ---------------------------------------------------------------


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


# --- baselines and data ------------------------------------------------------------


def test_bigram_model_counts():
    ids = torch.tensor([0, 1, 0, 2, 0, 1])
    p = BigramModel(3).fit(ids, smoothing=0.0)(torch.tensor([[0]])).exp()[0, 0]
    torch.testing.assert_close(p, torch.tensor([0.0, 2 / 3, 1 / 3]))


def test_bigram_entropy_is_the_loss_of_the_best_pair_model():
    ids = some_ids(400, 1, 5)[0]
    best = BigramModel(5).fit(ids, smoothing=1e-9)
    loss = F.cross_entropy(best(ids[None, :-1])[0], ids[1:])
    assert bigram_entropy(ids) == pytest.approx(loss.item(), abs=1e-5)
    other = BigramModel(5).fit(some_ids(400, 1, 5, seed=9)[0])
    assert F.cross_entropy(other(ids[None, :-1])[0], ids[1:]) > bigram_entropy(ids)


def test_mlp_sees_its_reach_and_no_more():
    model, ids = MLPModel(11, reach=4, generator=rng()), some_ids()
    other = ids.clone()
    other[:, 5] = (other[:, 5] + 1) % 11
    moved = (model(ids) - model(other)).abs().amax(dim=(0, 2)) > 0
    assert moved.nonzero().flatten().tolist() == [5, 6, 7, 8]


def test_split_is_in_order_and_whole():
    text = load_shakespeare()
    a, b = split_text(text)
    assert a + b == text
    assert len(a) == int(0.9 * len(text))
    with pytest.raises(ValueError, match="share"):
        split_text(text, 1.0)


def test_random_windows_are_shifted_and_reach_both_ends():
    ids = torch.arange(10)
    x, y = random_windows(ids, 500, 4, rng())
    assert torch.equal(y, x + 1)
    assert x.min() == 0
    assert y.max() == 9


@given(st.integers(2, 60), st.integers(1, 20))
@settings(max_examples=40, deadline=None)
def test_fixed_windows_predict_each_token_once(n, context):
    if n <= context:
        with pytest.raises(ValueError, match="more tokens than the context"):
            fixed_windows(torch.arange(n), context)
        return
    x, y = fixed_windows(torch.arange(n), context)
    assert y.flatten().tolist() == list(range(1, y.numel() + 1))
    assert torch.equal(x + 1, y)
    assert n - 1 - y.numel() < context


def test_training_and_validation_share_no_windows():
    train, held = split_text(load_shakespeare()[-60_000:])
    pool = {c: i for i, c in enumerate(sorted(set(train + held)))}
    a, b = ([pool[c] for c in t] for t in (train, held))
    assert shared_windows(a, b, 64) == 0
    assert shared_windows(a, a[100:300], 64) == 1


# --- training ----------------------------------------------------------------------

CYCLE = torch.arange(400) % 7


def trainer(steps=12, seed=0, ids=CYCLE, model=None, **plan):
    g = rng(seed)
    net = Transformer(
        TransformerConfig(11, context=8, width=16, heads=2, layers=1, **(model or {})),
        generator=g,
    )
    plan = TrainingConfig(
        **{"steps": steps, "batch": 4, "warmup": 2, "evaluate_every": 4, **plan}
    )
    return Trainer(net, ids, CYCLE[:100], plan, generator=g)


def weights_of(run):
    return torch.cat([p.detach().flatten() for p in run.model.parameters()])


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_it_learns_a_cycle(optimizer):
    run = trainer(80, learning_rate=0.01, optimizer=optimizer)
    history = run.run()
    assert history[0].validation_loss > 2.2
    assert history[-1].validation_loss < 0.35
    assert [p.step for p in history][:3] == [0, 4, 8]


def test_schedule_rises_peaks_and_falls():
    for schedule in ("cosine", "linear"):
        plan = TrainingConfig(steps=200, warmup=20, final_rate=0.1, schedule=schedule)
        rates = [rate_factor(s, plan) for s in range(201)]
        assert max(rates) == rates[20] == 1
        assert 0 < rates[0] < rates[1] < rates[19] < 1
        assert rates[20:] == sorted(rates[20:], reverse=True)
        assert rates[200] == pytest.approx(0.1)
        assert rates[110] == pytest.approx(0.55)


def test_rates_follow_the_schedule_in_every_group():
    run = trainer(optimizer="muon", learning_rate=0.01, matrix_rate=0.03)
    run.update()
    share = rate_factor(0, run.config)
    rates = [g["lr"] for o in run.optimizers for g in o.param_groups]
    assert rates == pytest.approx([0.01 * share, 0.01 * share, 0.03 * share])


def test_accumulation_equals_a_larger_batch():
    one = trainer(batch=16, clip=1e9)
    four = trainer(batch=4, accumulate=4, clip=1e9)
    for _ in range(3):
        assert one.update() == pytest.approx(four.update(), abs=1e-5)
        assert norm(one) == pytest.approx(norm(four), rel=1e-3)  # Adam hides a factor
    torch.testing.assert_close(weights_of(one), weights_of(four), atol=1e-4, rtol=0)


def test_long_gradients_are_clipped(monkeypatch):
    run = trainer(clip=1e-3)
    seen = []
    monkeypatch.setattr(run.optimizers[0], "step", lambda: seen.append(norm(run)))
    run.update()
    assert seen[0] == pytest.approx(1e-3, rel=1e-3)


def norm(run):
    grads = [p.grad for p in run.model.parameters() if p.grad is not None]
    return float(torch.nn.utils.get_total_norm(grads))


def test_each_parameter_has_one_optimizer():
    for optimizer in ("adamw", "muon"):
        model = Transformer(fast_model(11))
        made = make_optimizers(model, TrainingConfig(optimizer=optimizer))
        ids = [id(p) for o in made for g in o.param_groups for p in g["params"]]
        assert sorted(ids) == sorted(id(p) for p in model.parameters())


def test_weight_decay_spares_biases_and_norms():
    (adam,) = make_optimizers(small(), TrainingConfig(weight_decay=0.3))
    for group in adam.param_groups:
        decay = 0.3 if group["params"][0].dim() == 2 else 0.0
        assert group["weight_decay"] == decay


def test_evaluation_does_not_depend_on_the_batch():
    model = small()
    ids = some_ids(200, 1)[0]
    losses = [evaluate(model, ids, 12, batch=b) for b in (1, 5, 64)]
    assert losses == pytest.approx([losses[0]] * 3, rel=1e-6)
    x, y = fixed_windows(ids, 12)
    assert losses[0] == pytest.approx(
        mean_loss(y, WindowScorer(model).predict(x)), rel=1e-5
    )


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_resumed_run_ends_at_the_same_bits(tmp_path, optimizer):
    through = trainer(optimizer=optimizer)
    through.run()
    trainer(optimizer=optimizer).run(until=4, checkpoint=tmp_path / "run.pt")
    resumed = trainer(seed=99, optimizer=optimizer).load(tmp_path / "run.pt")
    resumed.run()
    assert torch.equal(weights_of(through), weights_of(resumed))
    losses = [[p.validation_loss for p in r.history] for r in (through, resumed)]
    assert losses[0] == losses[1]


KILLED = """
import sys, torch
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_language_model import trainer
run = trainer(steps=4000, learning_rate=0.002)
run.run(checkpoint=Path({place!r}))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal to kill by")
def test_killed_run_resumes_to_the_bit(tmp_path):
    place = tmp_path / "run.pt"
    script = KILLED.format(tests=os.path.dirname(__file__), place=str(place))
    with subprocess.Popen([sys.executable, "-c", script]) as process:
        while not place.exists() and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    resumed = trainer(steps=4000, learning_rate=0.002).load(place)
    reached = resumed.step
    assert 0 < reached < 4000
    through = trainer(steps=4000, learning_rate=0.002)
    through.run(until=reached + 4)
    resumed.run(until=reached + 4)
    assert torch.equal(weights_of(through), weights_of(resumed))


def test_save_that_breaks_off_leaves_the_older_file(tmp_path, monkeypatch):
    place = tmp_path / "run.pt"
    run = trainer()
    run.save(place)
    run.update()

    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space"):
        run.save(place)
    assert trainer().load(place).step == 0
    assert [file.name for file in tmp_path.iterdir()] == ["run.pt"]


def test_bad_checkpoints_are_named(tmp_path):
    place = tmp_path / "run.pt"
    trainer().save(place)
    with pytest.raises(CheckpointError, match="another config"):
        trainer(learning_rate=0.5).load(place)
    with pytest.raises(CheckpointError, match="another model"):
        trainer(model={"bias": False}).load(place)
    place.write_bytes(place.read_bytes()[:-200])
    with pytest.raises(CheckpointError, match="not a readable checkpoint"):
        trainer().load(place)


def test_checkpoint_of_an_earlier_version_is_read(tmp_path):
    place = tmp_path / "run.pt"
    through = trainer()
    through.run()
    trainer().run(until=4, checkpoint=place)
    state = torch.load(place, weights_only=True)
    config = state["config"]
    config["shape"], config["optimiser"] = (
        config.pop("schedule"),
        config.pop("optimizer"),
    )
    state["optimisers"] = state.pop("optimizers")
    for point in state["history"]:
        point["held_loss"] = point.pop("validation_loss")
    torch.save(state, place)
    resumed = trainer(seed=99).load(place)
    resumed.run()
    assert torch.equal(weights_of(through), weights_of(resumed))
    assert resumed.history[0].validation_loss == through.history[0].validation_loss


def test_old_names_and_keywords_still_work():
    from mlmastery import language_model

    with pytest.warns(FutureWarning, match=r"TrainingConfig.__init__\(shape=...\)"):
        plan = TrainingConfig(shape="linear")
    assert plan == TrainingConfig(schedule="linear")
    with pytest.warns(FutureWarning, match="is now optimizer") as caught:
        assert TrainingConfig(optimiser="muon").optimizer == "muon"
    assert caught[0].filename == __file__
    for old, new in (("Judge", WindowScorer), ("Reader", CachedDecoder)):
        with pytest.warns(FutureWarning):
            assert getattr(language_model, old) is new


def test_progress_wraps_the_updates():
    seen = []

    def bar(steps):
        for step in steps:
            seen.append(step)
            yield step

    trainer(6).run(progress=bar)
    assert seen == list(range(6))


@pytest.mark.parametrize(
    "changes",
    [
        {"steps": 0},
        {"batch": 0},
        {"clip": 0.0},
        {"learning_rate": -1.0},
        {"schedule": "square"},
        {"optimizer": "sgd"},
    ],
    ids=str,
)
def test_training_config_refuses(changes):
    with pytest.raises(ValueError, match=next(iter(changes))):
        TrainingConfig(**changes)


def test_orthogonalise_flattens_singular_values_and_keeps_directions():
    for shape in ((8, 8), (8, 24), (24, 8)):
        (m,) = heads(*shape, n=1)
        flat = orthogonalise(m)
        values = torch.linalg.svdvals(flat)
        assert values.min() > 0.3
        assert values.max() < 1.3
        u, _, vt = torch.linalg.svd(m, full_matrices=False)
        mixed = u.T @ flat @ vt.T
        off = mixed - torch.diag(mixed.diag())
        assert off.abs().max() < 1e-4


def test_muon_takes_matrices_only():
    with pytest.raises(ValueError, match="matrices"):
        Muon([torch.zeros(3, requires_grad=True)])


def test_measures():
    assert perplexity(0) == 1
    assert bits_per_byte(math.log(256), 10, 10) == pytest.approx(8)
    with pytest.raises(ValueError, match="at least 1"):
        bits_per_byte(1.0, 0, 5)


# --- the failing run ---------------------------------------------------------------


def test_deep_post_norm_stack_makes_all_tokens_one_vector():
    text = load_shakespeare()[:200_000]
    pool = {c: i for i, c in enumerate(sorted(set(text)))}
    ids = torch.tensor([pool[c] for c in text])
    size = {"context": 32, "width": 32, "heads": 2, "layers": 24, "fused": True}
    plan = TrainingConfig(steps=60, batch=8, learning_rate=3e-3, warmup=1)
    shares = {}
    for norm_first in (True, False):
        g = rng()
        config = TransformerConfig(len(pool), norm_first=norm_first, **size)
        model = Transformer(config, generator=g)
        run = Trainer(model, ids, ids[:2000], plan, generator=g)
        for _ in range(60):
            run.update()
        shares[norm_first] = token_share(model, ids[:640].view(20, 32))[-1]
    assert shares[False] < 0.05
    assert shares[True] > 0.1


# --- generation --------------------------------------------------------------------


def test_temperature_and_cuts_by_hand():
    logits = torch.tensor([0.1, 0.4, 0.2, 0.3]).log()
    by_hand = {
        (1.0, None, None): [0.1, 0.4, 0.2, 0.3],
        (0.5, None, None): [1 / 30, 16 / 30, 4 / 30, 9 / 30],
        (0.0, None, None): [0, 1, 0, 0],
        (1.0, 2, None): [0, 4 / 7, 0, 3 / 7],
        (1.0, None, 0.6): [0, 4 / 7, 0, 3 / 7],
        (1.0, None, 0.75): [0, 4 / 9, 2 / 9, 3 / 9],
        (1.0, None, 1e-9): [0, 1, 0, 0],
        (1.0, 99, 1.0): [0.1, 0.4, 0.2, 0.3],
    }
    for (temperature, top_k, top_p), want in by_hand.items():
        got = next_probabilities(
            logits, temperature=temperature, top_k=top_k, top_p=top_p
        )
        torch.testing.assert_close(
            got, torch.tensor(want).float(), atol=1e-6, rtol=1e-5
        )


@given(
    st.lists(st.floats(-50, 50), min_size=2, max_size=20),
    st.floats(0, 5),
    st.integers(1, 30),
    st.floats(0.01, 1),
)
@settings(max_examples=100, deadline=None)
def test_choices_always_give_probabilities(scores, temperature, top_k, top_p):
    p = next_probabilities(
        torch.tensor(scores), temperature=temperature, top_k=top_k, top_p=top_p
    )
    assert p.isfinite().all()
    assert p.min() >= 0
    assert float(p.sum()) == pytest.approx(1, abs=1e-5)
    assert int((p > 0).sum()) <= top_k


@pytest.mark.parametrize(
    "choices",
    [
        {"temperature": -1.0},
        {"temperature": math.nan},
        {"temperature": math.inf},
        {"top_k": 0},
        {"top_p": 0.0},
        {"top_p": 1.5},
    ],
    ids=str,
)
def test_choices_out_of_range_are_refused(choices):
    with pytest.raises(ValueError, match=next(iter(choices))):
        generate(small(), [1], 2, **choices)


def test_tokens_are_drawn_as_often_as_their_probability_says():
    model = BigramModel(4)
    model.log_probabilities = torch.tensor([[0.1, 0.2, 0.3, 0.4]] * 4).log()
    drawn = generate(model, [0], 4000, generator=rng())[1:]
    for token, p in enumerate((0.1, 0.2, 0.3, 0.4)):
        low, high = stats.binom.interval(1 - 1e-5, 4000, p)
        assert low <= drawn.count(token) <= high


def test_temperature_zero_is_greedy_and_greedy_is_the_likeliest():
    model, ids = small(), [1, 2, 3]
    text = greedy(model, ids, 6)
    assert text == generate(model, ids, 6, temperature=0)
    for i in range(3, 9):
        assert text[i] == int(model(torch.tensor([text[:i]]))[0, -1].argmax())


@pytest.mark.parametrize("length", [1, 5, 12, 13, 30])
@pytest.mark.parametrize(
    "changes", [{}, {"pairs": True, "positions": "rotary"}], ids=str
)
def test_cache_changes_no_text(length, changes):
    model = small(**changes)
    prompt = some_ids(length, 1)[0].tolist()
    texts = [
        generate(model, prompt, 30, generator=rng(), use_cache=c) for c in (True, False)
    ]
    assert texts[0] == texts[1]
    assert texts[0][:length] == prompt
    assert len(texts[0]) == length + 30


@given(st.integers(1, 300), st.integers(1, 64))
@settings(max_examples=100, deadline=None)
def test_window_fits_and_moves_only_forward(n, context):
    start = window_start(n, context)
    assert 1 <= n - start <= context
    assert start == 0 or n > context
    assert window_start(n + 1, context) >= start


def test_cached_decoder_feeds_one_token_at_a_time():
    model, lengths = small(), []
    decode = CachedDecoder(model)
    model.register_forward_pre_hook(lambda _, inputs: lengths.append(inputs[0].size(1)))
    for n in range(3, 16):
        decode(list(range(n % 11)) + [0] * (n - n % 11))
    assert lengths == [3, *[1] * 9, 7, 1, 1]  # at the thirteenth a new window of seven


def test_empty_prompt_is_refused():
    for function in (generate, greedy, beam_search):
        with pytest.raises(ValueError, match="at least one token"):
            function(small(), [], 3)
    with pytest.raises(ValueError, match="max_new_tokens"):
        generate(small(), [1], -1)


def test_no_new_tokens_gives_the_prompt():
    assert generate(small(), [3, 4], 0) == [3, 4] == beam_search(small(), [3, 4], 0)


def test_wide_enough_beams_find_the_best_of_all():
    model = small(vocab_size=4)
    best = max(
        itertools.product(range(4), repeat=4),
        key=lambda tail: log_probability(model, [1, *tail], 1),
    )
    assert beam_search(model, [1], 4, beams=64) == [1, *best]
    assert beam_search(model, [1], 4, beams=1) == greedy(model, [1], 4)
    with pytest.raises(ValueError, match="beams"):
        beam_search(model, [1], 4, beams=0)


def test_log_probability_is_the_sum_of_the_steps():
    model, ids = small(), [1, 2, 3, 4]
    steps = model(torch.tensor([ids])).log_softmax(-1)[0]
    by_hand = steps[1, 3] + steps[2, 4]
    assert log_probability(model, ids, 2) == pytest.approx(by_hand.item(), abs=1e-5)


def test_attention_maps_leave_no_hook_behind():
    model = small()
    maps = attention_maps(model, some_ids(6)[0])
    assert [m.shape for m in maps] == [(2, 6, 6)] * 2
    torch.testing.assert_close(maps[1].sum(-1), torch.ones(2, 6))
    assert not any(block.attention._forward_pre_hooks for block in model.blocks)


# --- the recorded race -------------------------------------------------------------


def test_recorded_race_is_won_after_the_first_fifth():
    race = recorded_race()
    assert "original" in set(race["text"])
    for _, run in race.groupby(["text", "seed"]):
        own, other = (run[run["model"] == m] for m in ("ours", "nanoGPT"))
        late = other[other["cpu_seconds"] >= 0.2 * other["cpu_seconds"].max()]
        ours = np.interp(late["cpu_seconds"], own["cpu_seconds"], own["loss"])
        assert (ours < late["loss"]).all()


def test_recipe_is_a_model_and_a_plan():
    model = Transformer(fast_model(11), generator=rng())
    assert isinstance(model, nn.Module)
    assert fast_training(10).steps == 10


# --- plots -------------------------------------------------------------------------


def test_weights_are_drawn_with_queries_in_rows():
    import matplotlib.pyplot as plt

    from mlmastery.language_model.figures import plot_grids

    weights = torch.tensor([[1.0, 0.0], [0.5, 0.5]])
    (ax,) = plot_grids({"": weights}, "a ").axes
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("query", "key")
    np.testing.assert_array_equal(ax.get_images()[0].get_array(), weights)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["a", "blank"]
    plt.close("all")
