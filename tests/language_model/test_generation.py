"""Sampling, greedy decoding, beam search, the cache."""

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from language_model.helpers import rng, small, some_ids
from scipy import stats

from mlmastery.language_model import (
    BigramModel,
    CachedDecoder,
    StopRule,
    beam_drafts,
    beam_search,
    generate,
    greedy,
    length_penalty,
    log_probability,
    next_probabilities,
    window_start,
)
from mlmastery.language_model.samples import SPEECH, chain_model


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


# --- stops ------------------------------------------------------------------------


def test_stop_token_ends_the_text_and_is_kept():
    model = BigramModel(3).fit(torch.tensor([0, 1, 2, 0, 1, 2]), smoothing=0)
    for writer in (greedy, generate):
        assert writer(model, [0], 9, stop=StopRule(ids=[2])) == [0, 1, 2]
        assert writer(model, [2], 9, stop=StopRule(ids=[1, 0])) == [2, 0]
    assert len(greedy(model, [0], 9)) == 10


def test_stop_in_the_prompt_does_not_count():
    model = BigramModel(3).fit(torch.tensor([0, 1, 2, 0, 1, 2]), smoothing=0)
    assert greedy(model, [2, 0], 3, stop=StopRule(ids=[2])) == [2, 0, 1, 2]


def test_stop_text_may_cross_the_borders_of_tokens():
    names = ["", "ab", "ca", "bd"]
    rule = StopRule(texts=["bcab"], decode=lambda ids: "".join(names[i] for i in ids))
    assert [rule(ids) for ids in ([1], [1, 2], [1, 2, 3], [3, 2, 1])] == [
        False,
        False,
        True,
        False,
    ]


def test_stop_text_is_found_at_the_end_of_a_long_text():
    rule = StopRule(
        texts=["é."], decode=lambda ids: bytes(ids).decode("utf-8", "replace")
    )
    written = list(("x" * 50 + "é.").encode())
    assert rule(written)
    assert not rule(written[:-1])


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"texts": ["."]}, "decode must be given"),
        ({"texts": [""], "decode": str}, "not empty"),
        ({"texts": ".", "decode": str}, "collection of strings"),
        ({"ids": 3}, "collection of tokens, got 3"),
    ],
)
def test_stop_rule_that_cannot_work_is_refused(choices, message):
    with pytest.raises(ValueError, match=message):
        StopRule(**choices)


# --- beams ------------------------------------------------------------------------


def test_two_beams_may_be_less_likely_than_greedy():
    model, words = chain_model(SPEECH)
    texts = {
        b: [words[i] for i in beam_search(model, [0], 3, beams=b)] for b in (1, 2, 3)
    }
    assert texts[1] == texts[3] == [".", "the", "king", "sleeps"]
    assert texts[2] == [".", "his", "mother", "speaks"]
    assert log_probability(model, [0, 1, 3, 8], 1) == pytest.approx(math.log(0.212))


def all_endings(model, end: int, n: int, alpha: float) -> list[int]:
    """The best of all texts of at most n tokens that stop at their first end."""
    size = model(torch.tensor([[0]])).size(-1)
    texts = [
        tail
        for length in range(1, n + 1)
        for tail in itertools.product(range(size), repeat=length)
        if end not in tail[:-1] and (length == n or tail[-1] == end)
    ]

    def score(tail):
        ids = [1, *tail]
        return log_probability(model, ids, 1) / length_penalty(len(tail), alpha)

    return [1, *max(texts, key=score)]


@pytest.mark.parametrize("alpha", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("seed", range(3))
def test_wide_enough_beams_find_the_best_text_that_ends(alpha, seed):
    model = small(seed, vocab_size=3)
    best = all_endings(model, end=2, n=4, alpha=alpha)
    found = beam_search(model, [1], 4, beams=100, end_ids=[2], alpha=alpha)
    assert found == best


@pytest.mark.parametrize("seed", range(5))
def test_one_beam_with_an_end_is_greedy_with_a_stop(seed):
    model = small(seed, vocab_size=4)
    assert beam_search(model, [1], 8, beams=1, end_ids=[2]) == greedy(
        model, [1], 8, stop=StopRule(ids=[2])
    )


def test_ended_drafts_keep_their_places():
    model = small(vocab_size=4)
    drafts = beam_drafts(model, [1], 5, beams=6, end_ids=[0, 3])
    assert len(drafts) == 6
    for ids, log_p in drafts:
        assert not {0, 3} & set(ids[1:-1])
        assert len(ids) == 6 or ids[-1] in (0, 3)
        assert log_p == pytest.approx(log_probability(model, ids, 1), abs=1e-4)


def test_length_penalty_by_hand():
    assert [length_penalty(n, 1) for n in (1, 7, 13)] == [1.0, 2.0, 3.0]
    assert length_penalty(13, 2) == 9.0
    assert length_penalty(13, 0) == 1.0
    with pytest.raises(ValueError, match="alpha"):
        beam_search(small(), [1], 3, alpha=-1)


def test_impossible_drafts_are_dropped():
    model = BigramModel(3).fit(torch.tensor([0, 1, 2, 0, 1, 2]), smoothing=0)
    assert beam_drafts(model, [0], 3, beams=4) == [([0, 1, 2, 0], 0.0)]


# --- numbers that are none --------------------------------------------------------


@pytest.mark.parametrize("writer", [greedy, generate, beam_search, beam_drafts])
def test_nan_is_named(writer):
    model = small()
    model.head.weight.data[3] = math.nan
    with pytest.raises(ValueError, match="logits must be numbers, got NaN for"):
        writer(model, [1], 3)


def test_nan_and_infinite_logits_are_named():
    with pytest.raises(ValueError, match="got NaN for 1 of 2 tokens"):
        next_probabilities(torch.tensor([0.0, math.nan]), temperature=0)
    with pytest.raises(ValueError, match="must be finite, got inf"):
        next_probabilities(torch.tensor([0.0, math.inf]))
    with pytest.raises(ValueError, match="must be finite, got -inf"):
        next_probabilities(torch.tensor([-math.inf, -math.inf]))
    allowed = next_probabilities(torch.tensor([0.0, -math.inf]))
    assert allowed.tolist() == [1.0, 0.0]


@pytest.mark.parametrize("n_prompt", [0, -1, 5, 1.5])
def test_prompt_of_log_probability_must_lie_in_the_text(n_prompt):
    with pytest.raises(ValueError, match="n_prompt must be a whole number from 1 to 4"):
        log_probability(small(), [1, 2, 3, 4], n_prompt)


def test_nothing_new_has_a_log_probability_of_zero():
    assert log_probability(small(), [1, 2], 2) == 0.0


# --- what people pass by mistake ----------------------------------------------------


@pytest.mark.parametrize("ends", [2, "2", None, [2.5]])
def test_end_ids_must_be_tokens(ends):
    with pytest.raises(TypeError, match="end_ids must be a collection of tokens"):
        beam_search(small(), [1], 3, end_ids=ends)


@pytest.mark.parametrize("prompt", ["ab", 3, None, torch.tensor([[1, 2]]), [1.5]])
def test_prompt_must_be_whole_numbers(prompt):
    for writer in (greedy, generate, beam_search):
        with pytest.raises(TypeError, match="prompt_ids must be a list of whole"):
            writer(small(), prompt, 3)


@pytest.mark.parametrize("length", [-1, 1.5, None])
def test_length_and_power_of_the_penalty_are_checked(length):
    with pytest.raises(ValueError, match="length must be a whole number"):
        length_penalty(length, 1.0)
    with pytest.raises(ValueError, match="alpha must be a number"):
        length_penalty(3, math.nan)
    assert length_penalty(0, 1) == pytest.approx(5 / 6)


def test_tensor_of_ids_has_the_log_probability_of_the_list():
    model, ids = small(), [1, 2, 3, 4]
    for same in (torch.tensor(ids), np.array(ids), tuple(ids)):
        assert log_probability(model, same, 2) == log_probability(model, ids, 2)
    with pytest.raises(ValueError, match="ids must hold at least one token"):
        log_probability(model, [], 1)


def test_dropout_is_off_while_writing():
    model = small(dropout=0.5)
    calm = [greedy(model, [1], 9), beam_search(model, [1], 9)]
    likely = log_probability(model, calm[0], 1)
    model.train()
    assert [greedy(model, [1], 9), beam_search(model, [1], 9)] == calm
    assert log_probability(model, calm[0], 1) == likely
    assert model.training


@pytest.mark.parametrize("seed", range(5))
def test_one_beam_with_an_end_is_greedy_beyond_the_context(seed):
    model, prompt = small(seed), [1, 2, 3, 4] * 10
    rule = StopRule(ids=[7])
    assert beam_search(model, prompt, 20, beams=1, end_ids=[7]) == greedy(
        model, prompt, 20, stop=rule
    )


def test_end_at_the_first_step_leaves_one_draft():
    model = BigramModel(3).fit(torch.tensor([0, 1, 2, 0, 1, 2]), smoothing=0)
    for beams in (1, 4):
        assert beam_drafts(model, [0], 5, beams=beams, end_ids=[1]) == [([0, 1], 0.0)]


def test_fewer_ways_than_beams():
    drafts = beam_drafts(small(), [1], 1, beams=100)
    assert sorted(ids[-1] for ids, _ in drafts) == list(range(11))
    assert sum(math.exp(log_p) for _, log_p in drafts) == pytest.approx(1, abs=1e-5)
