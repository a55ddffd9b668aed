"""Models that count pairs or read a few tokens."""

import math

import pytest
import torch
from language_model.helpers import rng, some_ids
from torch.nn import functional as F

from mlmastery.language_model import (
    BigramModel,
    MLPModel,
    NGramModel,
    bigram_entropy,
    witten_bell,
)


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


def test_five_characters_on_paper():
    # a b a b a: after a twice b, nothing else; a 3 and b 2 of 5; two letters
    model = NGramModel(2, reach=1).fit(torch.tensor([0, 1, 0, 1, 0]))
    none, one = model.by_reach(torch.tensor([[0, 1]]))
    single_a = (3 + 2 * 0.5) / (5 + 2)
    assert none[0, 0].tolist() == pytest.approx([single_a, 1 - single_a])
    after_a = [(0 + 1 * single_a) / (2 + 1), (2 + 1 * (1 - single_a)) / (2 + 1)]
    after_b = [(2 + 1 * single_a) / (2 + 1), (0 + 1 * (1 - single_a)) / (2 + 1)]
    assert one[0].flatten().tolist() == pytest.approx([*after_a, *after_b])


@pytest.mark.parametrize("reach", [1, 3, 6])
def test_interpolated_probabilities_add_up_to_one(reach):
    model = NGramModel(11, reach=reach).fit(some_ids(500, 1)[0])
    for p in model.by_reach(some_ids(30, 4, seed=7)):
        assert (p > 0).all()
        torch.testing.assert_close(p.sum(-1), torch.ones(4, 30), atol=1e-5, rtol=0)


def slow_probability(ids, past, token, vocab):
    """Return the formula of one token, by counting in a list."""
    if past is None:
        return 1 / vocab
    shorter = past[1:] if past else None
    after = [
        ids[i + len(past)]
        for i in range(len(ids) - len(past))
        if ids[i : i + len(past)] == past
    ]
    lower = slow_probability(ids, shorter, token, vocab)
    if not after:
        return lower
    u = len(set(after))
    return (after.count(token) + u * lower) / (len(after) + u)


def test_interpolated_counts_are_those_of_a_list():
    ids = some_ids(300, 1, 5)[0]
    model = NGramModel(5, reach=3).fit(ids)
    text = [4, 4, 1, 0, 3, 2, 2, 1]
    p = model(torch.tensor([text])).exp()[0]
    for t in range(8):
        past = text[max(0, t - 2) : t + 1]
        want = [slow_probability(ids.tolist(), past, v, 5) for v in range(5)]
        assert p[t].tolist() == pytest.approx(want, abs=1e-6)


def test_mixture_is_that_of_nltk():
    nltk = pytest.importorskip("nltk.lm")
    from nltk.util import everygrams

    letters = "abcd"
    text = [letters[i] for i in some_ids(400, 1, 4)[0].tolist()]
    theirs = nltk.WittenBellInterpolated(3)
    theirs.fit([list(everygrams(text, max_len=3))], vocabulary_text=list(letters))
    for past in ("ab", "dd", "ca"):
        counts = torch.tensor([text_count(text, past, c) for c in letters]).double()
        lower = [theirs.score(c, [past[1]]) for c in letters]
        ours = witten_bell(counts, torch.tensor(lower, dtype=torch.float64))
        want = [theirs.score(c, list(past)) for c in letters]
        assert ours.tolist() == pytest.approx(want, abs=1e-9)


def text_count(text, past, letter):
    runs = ["".join(text[i : i + 3]) for i in range(len(text) - 2)]
    return runs.count(past + letter)


def test_witten_bell_without_counts_is_the_shorter_past():
    lower = torch.tensor([[0.2, 0.8], [0.5, 0.5]])
    counts = torch.tensor([[0.0, 0.0], [1.0, 1.0]])
    mixed = witten_bell(counts, lower)
    torch.testing.assert_close(mixed, torch.tensor([[0.2, 0.8], [0.5, 0.5]]))


def test_interpolated_counts_see_their_reach_and_no_more():
    model, ids = NGramModel(11, reach=3).fit(some_ids(400, 1)[0]), some_ids()
    other = ids.clone()
    other[:, 5] = (other[:, 5] + 1) % 11
    moved = (model(ids) - model(other)).abs().amax(dim=(0, 2)) > 1e-7
    assert set(moved.nonzero().flatten().tolist()) <= {5, 6, 7}
    assert moved[5]


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([1, 0, 5], "ids must lie between 0 and 3, got 0 to 5"),
        ([1, -1, 0], "got -1 to 1"),
        ([1], "at least"),
        ([], "at least"),
        ([1.5, 2.0, 1.0], "ids must be whole numbers"),
        ([[1, 2], [0, 1]], "ids must be a row"),
    ],
    ids=str,
)
def test_texts_that_cannot_be_counted_are_named(ids, message):
    for model in (BigramModel(4), NGramModel(4, reach=1)):
        with pytest.raises(ValueError, match=message):
            model.fit(torch.tensor(ids))
    if message != "ids must lie between 0 and 3, got 0 to 5":
        with pytest.raises(ValueError, match="ids must"):
            bigram_entropy(torch.tensor(ids))


def test_counting_models_take_lists_and_refuse_bad_sizes():
    assert BigramModel(4).fit([1, 0, 3]).forward(torch.tensor([[1]])).shape == (1, 1, 4)
    for model in (BigramModel, NGramModel, MLPModel):
        with pytest.raises(ValueError, match="vocab_size"):
            model(0)
    with pytest.raises(ValueError, match="smoothing"):
        BigramModel(4).fit([1, 0], smoothing=-1.0)
    with pytest.raises(ValueError, match="reach must be"):
        NGramModel(4, reach=0)
    with pytest.raises(ValueError, match="reach must be shorter for 70 tokens"):
        NGramModel(70, reach=10)
    with pytest.raises(ValueError, match="call fit first"):
        NGramModel(4)(torch.tensor([[1]]))
    with pytest.raises(ValueError, match="between 0 and 3"):
        NGramModel(4, reach=1).fit([0, 1, 2])(torch.tensor([[7]]))
    assert math.isfinite(
        NGramModel(4, reach=1).fit([0, 1, 2])(torch.tensor([[3]])).sum()
    )


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([[-1]], "between 0 and 3, got -1"),
        ([[4]], "between 0 and 3, got 4"),
        ([1, 2], "shape .texts, tokens., got .2,"),
        ([[1.5]], "whole numbers"),
        (torch.zeros(1, 0, dtype=torch.long), "at least 1"),
    ],
    ids=str,
)
def test_batches_that_cannot_be_read_are_named(ids, message):
    counted = [BigramModel(4).fit([0, 1]), NGramModel(4, reach=1).fit([0, 1, 2])]
    for model in (*counted, MLPModel(4, reach=2, generator=rng())):
        with pytest.raises(ValueError, match=message):
            model(torch.as_tensor(ids))


def test_a_token_without_successor_leaves_all_alike():
    p = BigramModel(4).fit([0, 1], smoothing=0.0)(torch.tensor([[3]])).exp()
    assert p.flatten().tolist() == [0.25] * 4


@pytest.mark.parametrize("ids", ["abc", None], ids=str)
def test_what_is_no_text_is_named(ids):
    with pytest.raises(ValueError, match="ids must be whole numbers"):
        BigramModel(4).fit(ids)


def test_shorter_pasts_at_the_start_are_those_of_a_shorter_model():
    ids, text = some_ids(300, 1, 5)[0], torch.tensor([[4, 4, 1, 0]])
    far, near = (NGramModel(5, reach=r).fit(ids)(text) for r in (3, 2))
    torch.testing.assert_close(far[0, :2], near[0, :2])
    assert (far[0, 2] - near[0, 2]).abs().max() > 1e-3


def test_hidden_layer_begins_with_zero_biases_and_small_weights():
    model = MLPModel(50, reach=8, width=24, hidden=256, generator=rng())
    assert not model.hidden.bias.any()
    assert not model.head.bias.any()
    for layer in (model.tokens, model.hidden, model.head):
        scale = layer.weight.size(1) ** -0.5
        assert float(layer.weight.detach().std()) == pytest.approx(scale, rel=0.1)
