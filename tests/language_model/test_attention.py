"""Attention and positions against PyTorch and by hand."""

import itertools
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from language_model.helpers import heads, loud
from torch.nn import functional as F

from mlmastery.language_model import (
    MultiHeadAttention,
    attention_weights,
    causal_mask,
    rotate,
    self_attention,
    sinusoidal_positions,
    wave_angles,
)
from mlmastery.language_model.reference import torch_attention


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


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"width": 10, "heads": 3}, "heads must divide width"),
        ({"width": 10, "heads": 0}, "heads must be a whole number"),
        ({"width": 0, "heads": 1}, "width must be a whole number"),
        ({"width": 8, "heads": 2, "dropout": 1.5}, "dropout must be"),
    ],
    ids=str,
)
def test_attention_refuses(sizes, message):
    with pytest.raises(ValueError, match=message):
        MultiHeadAttention(**sizes)


def test_three_vectors_on_paper():
    x = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    root = math.sqrt(2)
    q, k, v = x @ torch.tensor([[root, 0.0], [0.0, root]]), x, x * 2 - 1
    weights = attention_weights(q, k, causal_mask(3))
    e = math.e  # scores of the last row: 1, 1, 2
    torch.testing.assert_close(
        weights,
        torch.tensor([[1, 0, 0], [1 / (1 + e), e / (1 + e), 0], [1, 1, e]])
        / torch.tensor([[1.0], [1.0], [2 + e]]),
    )
    mixed = self_attention(q, k, v, causal_mask(3))
    share = e / (2 + e)
    torch.testing.assert_close(mixed[2], torch.full((2,), share))
    torch.testing.assert_close(mixed[0], torch.tensor([1.0, -1.0]))


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


def test_fewer_keys_than_queries_are_refused():
    with pytest.raises(ValueError, match=r"n_keys must be .* at least 5, got 3"):
        causal_mask(5, 3)


def test_keys_without_values_are_refused():
    q, k, v = torch.ones(1, 2), torch.ones(3, 2), torch.ones(2, 2)
    with pytest.raises(ValueError, match="a row for each key"):
        self_attention(q, k, v)


def test_angles_belong_to_pairs_of_features():
    with pytest.raises(ValueError, match="half as many as the features"):
        rotate(torch.ones(3, 4), wave_angles(3, 2))


def test_the_page_s_three_vectors():
    x = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    w_q = torch.tensor([[1.0, 1.0], [0.0, 1.0]])
    w_k = torch.tensor([[1.0, 0.0], [1.0, 1.0]])
    w_v = torch.tensor([[2.0, 0.0], [0.0, 4.0]])
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    assert q.tolist() == [[1, 1], [0, 1], [1, 2]]
    assert k.tolist() == [[1, 0], [1, 1], [2, 1]]
    assert v.tolist() == [[2, 0], [0, 4], [2, 4]]
    assert (q @ k.T)[2].tolist() == [1, 3, 4]
    weights = attention_weights(q, k, causal_mask(3))[2].tolist()
    assert weights == pytest.approx([0.074, 0.306, 0.620], abs=5e-4)
    out = self_attention(q, k, v, causal_mask(3))[2].tolist()
    assert out == pytest.approx([1.39, 3.70], abs=5e-3)


@pytest.mark.parametrize("causal", [True, False])
def test_weights_of_a_layer_are_those_that_it_uses(causal):
    layer = loud(MultiHeadAttention(width=16, heads=2, causal=causal))
    (x,) = heads(3, 7, 16, n=1)
    weights = layer.weights(x)
    assert weights.shape == (3, 2, 7, 7)
    mixed = weights @ layer.split(x)[2]
    torch.testing.assert_close(layer.out(mixed.transpose(1, 2).flatten(2)), layer(x))
    assert bool((weights.triu(1) == 0).all()) == causal
