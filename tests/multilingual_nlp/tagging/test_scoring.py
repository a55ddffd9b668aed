"""Strict and conlleval by name, beside nervaluate."""

import numpy as np
import pandas as pd
import pytest
from nervaluate import Evaluator

from mlmastery.multilingual_nlp.tagging import (
    EntityScores,
    bio_spans,
    bio_tags,
    entity_counts,
    f1_difference,
    f1_interval,
    label_scores,
    score_entities,
)
from mlmastery.multilingual_nlp.tagging.spans import Span

LABELS = ["LOC", "PER"]


def random_tags(rng, n_sentences=40, well_formed=True):
    choices = ["O", *(f"{p}-{label}" for p in "BI" for label in LABELS)]
    sentences = [list(rng.choice(choices, 6)) for _ in range(n_sentences)]
    if not well_formed:
        return sentences
    return [bio_tags(bio_spans(tags), len(tags)) for tags in sentences]


def nervaluate_strict(gold, predicted):
    results = Evaluator(gold, predicted, tags=LABELS, loader="list").evaluate()
    return results["overall"]["strict"]


@pytest.mark.parametrize("seed", range(5))
def test_strict_equals_nervaluate_on_well_formed_tags(seed):
    rng = np.random.default_rng(seed)
    gold, predicted = random_tags(rng), random_tags(rng)
    ours, theirs = score_entities(gold, predicted), nervaluate_strict(gold, predicted)
    assert (ours.correct, ours.gold, ours.predicted) == (
        theirs.correct,
        theirs.possible,
        theirs.actual,
    )
    assert ours[:3] == pytest.approx((theirs.precision, theirs.recall, theirs.f1))


@pytest.mark.parametrize("seed", range(5))
def test_nervaluate_reads_loose_insides_as_conlleval_does(seed):
    rng = np.random.default_rng(seed)
    gold = random_tags(rng, well_formed=False)
    predicted = random_tags(rng, well_formed=False)
    ours = score_entities(gold, predicted, "conlleval")
    theirs = nervaluate_strict(gold, predicted)
    assert (ours.correct, ours.gold, ours.predicted) == (
        theirs.correct,
        theirs.possible,
        theirs.actual,
    )
    assert score_entities(gold, predicted, "strict").predicted < ours.predicted


def test_both_readings_of_an_entity_without_its_beginning():
    gold, predicted = [["B-LOC", "I-LOC"]], [["I-LOC", "I-LOC"]]
    assert score_entities(gold, predicted, "strict").f1 == 0
    assert score_entities(gold, predicted, "conlleval").f1 == 1


@pytest.mark.parametrize(
    ("tags", "strict", "conlleval"),
    [
        ("B-LOC B-LOC", 2, 2),  # a beginning ends what stands before it
        ("B-LOC I-PER", 1, 2),  # another label does not go on
        ("B-LOC O I-LOC", 1, 2),
        ("I-LOC I-LOC B-LOC I-LOC", 1, 2),
        ("O O", 0, 0),
        ("", 0, 0),
    ],
)
def test_number_of_spans(tags, strict, conlleval):
    assert len(bio_spans(tags.split())) == strict
    assert len(bio_spans(tags.split(), "conlleval")) == conlleval


def test_label_and_both_ends_must_agree():
    gold = [["B-LOC", "I-LOC", "O"]]
    for wrong in (
        ["B-PER", "I-PER", "O"],
        ["B-LOC", "O", "O"],
        ["B-LOC", "I-LOC", "I-LOC"],
    ):
        assert score_entities(gold, [wrong]) == (0, 0, 0, 0, 1, 1)


def test_precision_is_of_the_predicted_and_recall_of_the_gold():
    scores = EntityScores.of_counts(correct=2, gold=8, predicted=4)
    assert scores[:3] == pytest.approx((0.5, 0.25, 1 / 3))
    assert all(type(share) is float for share in scores[:3])
    assert EntityScores.of_counts(0, 0, 0)[:3] == (0, 0, 0)


def test_same_span_in_another_sentence_is_not_found():
    counts = entity_counts([["B-LOC"], ["O"]], [["O"], ["B-LOC"]])
    assert counts.tolist() == [[0, 1, 0], [0, 0, 1]]


def test_label_scores_add_up():
    rng = np.random.default_rng(1)
    gold, predicted = random_tags(rng), random_tags(rng)
    table = label_scores(gold, predicted)
    assert table.index.tolist() == LABELS
    totals = table[["correct", "gold", "predicted"]].sum()
    assert tuple(totals) == score_entities(gold, predicted)[3:]
    only = [[tag if tag.endswith("LOC") else "O" for tag in tags] for tags in gold]
    loc = [[tag if tag.endswith("LOC") else "O" for tag in tags] for tags in predicted]
    assert table.loc["LOC", "f1"] == score_entities(only, loc).f1


def test_label_scores_without_any_entity_is_an_empty_table():
    table = label_scores([["O"]], [["O"]])
    assert isinstance(table, pd.DataFrame)
    assert table.empty


def test_interval_holds_f1_and_shrinks_with_sentences():
    rng = np.random.default_rng(0)
    gold, predicted = random_tags(rng, 400), random_tags(rng, 400)
    f1 = score_entities(gold, predicted).f1
    wide = f1_interval(gold[:40], predicted[:40], n_resamples=200)
    narrow = f1_interval(gold, predicted, n_resamples=200)
    assert narrow.low < f1 < narrow.high
    assert narrow.high - narrow.low < (wide.high - wide.low) / 1.5


def test_difference_is_paired():
    # Both find the same half: unpaired resamples would differ, paired ones do not.
    gold = [["B-LOC"]] * 40
    half = [["B-LOC"]] * 20 + [["O"]] * 20
    assert f1_difference(gold, half, half) == (0, (0, 0))
    gap, (low, high) = f1_difference(gold, gold, half, n_resamples=200)
    assert 0 < low < gap < high
    assert gap == pytest.approx(1 - 2 / 3)


@pytest.mark.parametrize("tag", ["X", "B", "I-", "LOC", "b-LOC", "O-LOC", "BLOC", ""])
def test_malformed_tags_are_refused(tag):
    with pytest.raises(ValueError, match=f"must be O, B-label or I-label, got '{tag}'"):
        bio_spans(["O", tag])


def test_unequal_lengths_and_unknown_modes_are_refused():
    with pytest.raises(
        ValueError, match="gold and predicted must have one length, got 1 and 2"
    ):
        score_entities([["O"]], [["O"], ["O"]])
    with pytest.raises(
        ValueError, match="predicted tags must have one length, got 1 and 2"
    ):
        score_entities([["O"]], [["O", "O"]])
    with pytest.raises(
        ValueError, match="mode must be one of strict, conlleval, got 'iob1'"
    ):
        score_entities([["O"]], [["O"]], "iob1")


@pytest.mark.parametrize("spans", [[(0, 0)], [(0, 4)], [(-1, 1)], [(0, 2), (1, 3)]])
def test_spans_that_cannot_be_tags_are_refused(spans):
    with pytest.raises(ValueError, match="spans must lie apart in 0 to 3, got LOC"):
        bio_tags([Span("LOC", *span) for span in spans], 3)


def test_spans_and_tags_are_inverse():
    for tags in random_tags(np.random.default_rng(3)):
        assert bio_tags(bio_spans(tags), len(tags)) == tags


@pytest.mark.parametrize(
    ("gold", "predicted", "message"),
    [
        (["O"], ["O"], "must hold lists of tags, got a text"),
        ([["O"]], [[float("nan")]], "a tag must be O, B-label or I-label, got nan"),
    ],
)
def test_tags_that_are_none_are_refused(gold, predicted, message):
    with pytest.raises(ValueError, match=message):
        score_entities(gold, predicted)
