"""The perceptron: its mean weights, its rules, and what it learns."""

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from mlmastery.multilingual_nlp.tagging import (
    AveragedPerceptronTagger,
    CRFTagger,
    bio_rules,
    bio_spans,
    character_features,
    race_taggers,
    score_entities,
    viterbi,
    word_features,
)

CITIES, NAMES = ["Lima", "Quito", "Oslo", "Bonn"], ["Ana", "Olaf", "Mia", "Tom"]


def sentences_of(n, seed):
    """Return "<name> <name> flew to <city>" in many shapes, with its tags."""
    rng = np.random.default_rng(seed)
    sentences, tags = [], []
    for _ in range(n):
        words, row = [], []
        if rng.random() < 0.7:
            words += [*rng.choice(NAMES, 2), "flew"]
            row += ["B-PER", "I-PER", "O"]
        words += [str(rng.choice(["to", "from"])), str(rng.choice(CITIES)), "."]
        row += ["O", "B-LOC", "O"]
        sentences.append([str(word) for word in words])
        tags.append(row)
    return sentences, tags


@pytest.fixture(scope="module")
def data():
    return sentences_of(120, seed=0)


@pytest.fixture(scope="module")
def tagger(data):
    return AveragedPerceptronTagger(epochs=3).fit(*data)


def slow_fit(sentences, tags, epochs, min_count=1, seed=0):
    """Average dense weights after every sentence, as the definition says."""
    names = sorted({tag for row in tags for tag in row})
    rows = [word_features(tokens) for tokens in sentences]
    every = [f for row in rows for token in row for f in token]
    known = sorted({f for f in every if every.count(f) >= min_count})
    ids = {f: n for n, f in enumerate(known)}
    emit, move, first = (
        np.zeros((len(ids), len(names))),
        np.zeros((len(names),) * 2),
        np.zeros(len(names)),
    )
    total = [np.zeros_like(emit), np.zeros_like(move), np.zeros_like(first)]
    rules, start_rules = bio_rules(names)
    rng, steps = np.random.default_rng(seed), 0
    for _ in range(epochs):
        for n in rng.permutation(len(sentences)):
            found = [[ids[f] for f in token if f in ids] for token in rows[n]]
            scores = np.array([emit[f].sum(axis=0) for f in found])
            guess = viterbi(scores, move + rules, first + start_rules)
            true = [names.index(tag) for tag in tags[n]]
            for path, sign in ((true, 1), (guess, -1)):
                first[path[0]] += sign
                for t, k in enumerate(path):
                    emit[found[t], k] += sign
                    if t:
                        move[path[t - 1], k] += sign
            steps += 1
            for sums, now in zip(total, (emit, move, first), strict=True):
                sums += now
    return ids, [sums / steps for sums in total]


@pytest.mark.parametrize("min_count", [1, 3])
def test_mean_weights_equal_the_mean_after_every_sentence(data, min_count):
    sentences, tags = (part[:30] for part in data)
    tagger = AveragedPerceptronTagger(epochs=2, min_count=min_count).fit(
        sentences, tags
    )
    ids, (emit, move, first) = slow_fit(sentences, tags, 2, min_count)
    assert set(ids) == set(tagger.feature_ids_)
    order = [tagger.feature_ids_[f] for f in ids]
    assert sorted(order) == list(range(len(ids)))
    np.testing.assert_allclose(tagger.weights_[order], emit, atol=1e-12)
    allowed = np.isfinite(tagger.transitions_)
    np.testing.assert_allclose(tagger.transitions_[allowed], move[allowed], atol=1e-12)
    begins = np.isfinite(tagger.start_)
    np.testing.assert_allclose(tagger.start_[begins], first[begins], atol=1e-12)


def test_new_sentences_are_tagged(tagger):
    sentences, tags = sentences_of(50, seed=1)
    assert score_entities(tags, tagger.predict(sentences)).f1 == 1
    assert tagger.predict([["to", "Cuzco", "."]]) == [["O", "B-LOC", "O"]]


def test_mistakes_are_counted_by_epoch(tagger, data):
    assert len(tagger.mistakes_) == 3
    assert 0 < tagger.mistakes_[0] < len(data[0])
    assert tagger.mistakes_[-1] < tagger.mistakes_[0]


def test_same_data_same_weights(tagger, data):
    again = AveragedPerceptronTagger(epochs=3).fit(*data)
    assert (again.weights_ == tagger.weights_).all()
    other = AveragedPerceptronTagger(epochs=3, random_state=1).fit(*data)
    assert (other.weights_ != tagger.weights_).any()


def test_predictions_are_well_formed_on_unseen_words(tagger):
    rng = np.random.default_rng(0)
    letters = list("aZ9-.é京ب")
    sentences = [["".join(rng.choice(letters, 3)) for _ in range(6)] for _ in range(30)]
    for tags in tagger.predict(sentences):
        assert bio_spans(tags, "strict") == bio_spans(tags, "conlleval")


def test_sentences_without_tokens(tagger, data):
    assert tagger.predict([[], ["to"]]) == [[], ["O"]]
    assert tagger.predict([]) == []
    sentences, tags = data
    gaps = [[], *sentences[:5], [], *sentences[5:], []]
    with_gaps = AveragedPerceptronTagger(epochs=3).fit(
        gaps, [[], *tags[:5], [], *tags[5:], []]
    )
    assert (with_gaps.weights_ == tagger.weights_).all()


def test_parts_of_speech_can_be_learned():
    sentences = [["the", "cat", "sleeps"], ["a", "dog", "runs"]] * 3
    tags = [["DET", "NOUN", "VERB"]] * 6
    tagger = AveragedPerceptronTagger().fit(sentences, tags)
    assert tagger.predict([["the", "dog", "sleeps"]]) == [["DET", "NOUN", "VERB"]]


def test_crf_learns_the_same(data, tagger):
    sentences, tags = sentences_of(50, seed=1)
    crf = CRFTagger().fit(*data)
    assert crf.predict(sentences) == tags == tagger.predict(sentences)
    assert crf.predict([[]]) == [[]]


def test_race_is_on_one_test_set(data):
    test = sentences_of(60, seed=2)
    table = race_taggers(data, test)
    assert table.index.tolist() == ["perceptron", "CRFsuite"]
    assert (table["low"] <= table["f1"]).all()
    assert table.loc["perceptron", ["gain", "gain low", "gain high"]].tolist() == [
        0,
        0,
        0,
    ]
    assert (table[["train s", "test s"]] >= 0).all(axis=None)


def test_race_shows_who_is_ahead(data):
    class Nothing(CRFTagger):
        def predict(self, sentences):
            return [["O"] * len(tokens) for tokens in sentences]

    race = {"perceptron": AveragedPerceptronTagger, "nothing": Nothing}
    table = race_taggers(data, sentences_of(60, seed=2), taggers=race)
    assert table.loc["nothing", "gain"] == table.loc["perceptron", "f1"] == 1
    assert table.loc["nothing", "gain low"] == 1


@pytest.mark.parametrize("kind", [AveragedPerceptronTagger, CRFTagger])
def test_bad_input_is_refused(kind):
    with pytest.raises(ValueError, match="one length, got 1 and 2"):
        kind().fit([["a"]], [["O"], ["O"]])
    with pytest.raises(
        ValueError, match="tags of sentence 1 must be 2, one a token, got 1"
    ):
        kind().fit([["a"], ["a", "b"]], [["O"], ["O"]])
    with pytest.raises(ValueError, match="must hold at least one token, got none"):
        kind().fit([[]], [[]])
    with pytest.raises(
        TypeError, match="sentence 0 and its tags must be lists, got a text"
    ):
        kind().fit(["ab"], [["O", "O"]])
    with pytest.raises(ValueError, match="min_count must be a whole number"):
        kind(min_count=0).fit([["a"]], [["O"]])


def test_wrong_settings_are_refused():
    with pytest.raises(ValueError, match="epochs must be a whole number of at least 1"):
        AveragedPerceptronTagger(epochs=0).fit([["a"]], [["O"]])
    with pytest.raises(ValueError, match="max_iter must be a whole number"):
        CRFTagger(max_iter=0).fit([["a"]], [["O"]])
    with pytest.raises(ValueError, match="penalty must be a number of at least 0"):
        CRFTagger(penalty=-1).fit([["a"]], [["O"]])


@pytest.mark.parametrize("features", [word_features, character_features])
def test_features_see_two_neighbours_and_no_further(features):
    tokens = list("abcdefgh")
    middle = features(tokens)[3]
    for n in range(8):
        changed = features([*tokens[:n], "Z", *tokens[n + 1 :]])[3]
        assert (changed != middle) == (1 <= n <= 5)
    assert len({len(row) for row in features(["x"]) + features(tokens)}) == 1


@pytest.mark.parametrize("features", [word_features, character_features])
def test_no_two_templates_share_a_name(features):
    for row in features(list("aabbc")):
        assert len({f.partition("=")[0] for f in row}) == len(row)


def test_full_width_digits_count_as_digits():
    assert character_features("１２Ａ") == character_features("12a")


def test_features_of_a_word_by_hand():
    row = dict(f.split("=", 1) for f in word_features(["In", "New", "Lima-2", "we"])[2])
    assert row == {
        "word": "Lima-2",
        "lower": "lima-2",
        "lower-1": "new",
        "lower-2": "in",
        "lower+1": "we",
        "lower+2": "<>",
        "lower-1,0": "new|lima-2",
        "lower0,+1": "lima-2|we",
        "shape": "Xx-9",
        "start3": "lim",
        "end3": "a-2",
        "end2": "-2",
        "end4": "ma-2",
        "end3-1": "new",
        "end3+1": "we",
        "shapes": "Xx|Xx-9|x",
        "lower-1,shape": "new|Xx-9",
        "shape,lower+1": "Xx-9|we",
    }


def test_features_of_a_character_by_hand():
    row = dict(f.split("=", 1) for f in character_features("A９京京。")[2])
    assert row == {
        "c0": "京",
        "c-1": "9",
        "c-2": "a",
        "c+1": "京",
        "c+2": "。",
        "c-2,c-1": "a9",
        "c-1,c0": "9京",
        "c0,c+1": "京京",
        "c+1,c+2": "京。",
        "c-1,c+1": "9京",
        "kind": "han",
        "kinds": "digit|han|han",
        "same-1": "False",
        "same+1": "True",
    }


def test_a_tagger_wants_lists_of_tokens_and_a_fit():
    tagger = AveragedPerceptronTagger()
    with pytest.raises(NotFittedError, match="call fit first"):
        tagger.predict([["a"]])
    tagger.fit([["a", "b"]], [["O", "O"]])
    with pytest.raises(TypeError, match="a sentence must be a list of tokens"):
        tagger.predict(["ab"])
