"""Viterbi against every sequence there is, and the rules of BIO."""

from itertools import pairwise, product

import numpy as np
import pytest

from mlmastery.multilingual_nlp.tagging import bio_rules, viterbi

TAGS = ["B-LOC", "B-PER", "I-LOC", "I-PER", "O"]


def brute_force(emissions, transitions, start):
    n_tokens, n_tags = emissions.shape

    def score(path):
        total = start[path[0]] + sum(emissions[t, k] for t, k in enumerate(path))
        return total + sum(transitions[j, k] for j, k in pairwise(path))

    return list(max(product(range(n_tags), repeat=n_tokens), key=score))


@pytest.mark.parametrize("seed", range(20))
def test_viterbi_finds_the_best_of_all_sequences(seed):
    rng = np.random.default_rng(seed)
    rules, start_rules = bio_rules(TAGS)
    emissions = rng.normal(size=(rng.integers(1, 6), len(TAGS)))
    transitions = rng.normal(size=rules.shape) + rules
    start = rng.normal(size=len(TAGS)) + start_rules
    path = viterbi(emissions, transitions, start)
    assert path.tolist() == brute_force(emissions, transitions, start)


@pytest.mark.parametrize("seed", range(5))
def test_rules_forbid_an_inside_without_its_beginning(seed):
    emissions = np.random.default_rng(seed).normal(size=(50, len(TAGS)))
    emissions[:, 2:4] += 3  # what is inside scores best everywhere
    tags = [TAGS[k] for k in viterbi(emissions, *bio_rules(TAGS))]
    assert any(tag[0] == "I" for tag in tags)
    for old, new in pairwise(["O", *tags]):
        assert new[0] != "I" or (old != "O" and old[2:] == new[2:])


def test_every_other_pair_is_allowed():
    transitions, start = bio_rules(TAGS)
    forbidden = {
        (old, new)
        for old, row in zip(TAGS, transitions, strict=True)
        for new, penalty in zip(TAGS, row, strict=True)
        if penalty < 0
    }
    assert forbidden == {
        *((old, "I-LOC") for old in ("B-PER", "I-PER", "O")),
        *((old, "I-PER") for old in ("B-LOC", "I-LOC", "O")),
    }
    assert np.isneginf(start).tolist() == [False, False, True, True, False]


def test_parts_of_speech_are_free():
    transitions, start = bio_rules(["NOUN", "VERB", "INTJ"])
    assert not transitions.any()
    assert not start.any()


def test_no_token_has_no_tag():
    assert viterbi(np.zeros((0, 2)), np.zeros((2, 2)), np.zeros(2)).tolist() == []
