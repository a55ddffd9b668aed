"""The behavioural suite, and VADER 3.3.2's present answers to its own reports."""

import numpy as np
import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from mlmastery.sentiment_analysis import SUITE, Case, run_cases, run_suite

MINIMUM, SAME, CHANGE = "minimum functionality", "invariance", "direction"


@pytest.fixture(scope="module")
def compound():
    analyser = SentimentIntensityAnalyzer()
    return lambda text: analyser.polarity_scores(text)["compound"]


@pytest.fixture(scope="module")
def vader(compound):
    return lambda texts: [(compound(text) + 1) / 2 for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Not the worst show I've seen", 0.5096),
        ("nobody loves her", 0.5719),
        ("everybody loves her", 0.5719),
        ("This is so bad!!!!!", -0.769),
        ("Not bad", 0.431),
        ("Very clean, no problem", 0.6997),
        ("Kindly improve your performance", 0.7269),
        ("\u2764\ufe0f", 0.0),
    ],
)
def test_vader_answers_today(compound, text, expected):
    assert compound(text) == pytest.approx(expected, abs=1e-4)


def test_vader_passes_what_was_mended_and_fails_the_rest(vader):
    cases = run_cases(vader)
    failed = cases[~cases["passed"]]
    assert set(failed["source"]) == {
        *(f"vaderSentiment {n}" for n in (71, 72, 116, 118, 123, 151, 155, 161)),
        "ours",  # the typographic apostrophe hides its negation
    }
    assert failed.loc[failed["source"] == "ours", "first"].tolist() == [
        "It isn't good."
    ]
    counts = run_suite(vader)
    assert counts.to_dict("index") == {
        MINIMUM: {"cases": 20, "passed": 14},
        CHANGE: {"cases": 7, "passed": 6},
        SAME: {"cases": 8, "passed": 5},
        "all": {"cases": 35, "passed": 25},
    }


def test_a_model_that_never_commits_itself_passes_no_direction_but_one():
    cases = run_cases(lambda texts: np.full(len(texts), 0.5))
    passed = cases[cases["passed"]]
    assert set(passed["expected"]) == {
        "same",
        "not positive",
        "not negative",
        "not down",
    }
    assert (cases["kind"] == SAME).sum() == (passed["kind"] == SAME).sum()


def test_texts_are_scored_in_one_call_and_in_order():
    calls = []

    def score(texts):
        calls.append(texts)
        return np.linspace(0, 1, len(texts))

    cases = run_cases(score)
    assert len(calls) == 1
    assert calls[0] == [text for case in SUITE for text in case.texts]
    n = len(calls[0])
    # Every text scores above the one before it.
    assert cases["first score"].is_monotonic_increasing
    assert cases["last score"].iloc[-1] == 1
    assert cases["first score"].iloc[1] == pytest.approx(1 / (n - 1))
    assert cases.loc[cases["expected"] == "up", "passed"].all()
    assert not cases.loc[cases["expected"] == "down", "passed"].any()


@pytest.mark.parametrize(
    ("expected", "scores", "holds"),
    [
        ("positive", [0.6], True),
        ("positive", [0.5], False),
        ("negative", [0.4], True),
        ("negative", [0.5], False),
        ("not positive", [0.5], True),
        ("not positive", [0.51], False),
        ("not negative", [0.5], True),
        ("not negative", [0.49], False),
        ("same", [0.5, 0.6, 0.4], True),
        ("same", [0.5, 0.55, 0.61], False),
        ("same", [0.45, 0.55, 0.56], False),  # from the first, not from the one before
        ("same", [0.5, 0.39], False),
        ("up", [0.1, 0.2, 0.3], True),
        ("up", [0.1, 0.3, 0.2], False),
        ("up", [0.2, 0.2], False),
        ("down", [0.3, 0.2, 0.1], True),
        ("down", [0.3, 0.3], False),
        ("not down", [0.3, 0.3, 0.4], True),
        ("not down", [0.3, 0.29], False),
        ("stronger", [0.6, 0.6, 0.7], True),
        ("stronger", [0.4, 0.3, 0.3], True),
        ("stronger", [0.6, 0.7, 0.65], False),
        ("stronger", [0.4, 0.3, 0.5], False),
        ("stronger", [0.4, 0.3, 0.9], False),  # farther from neutral, on the other side
        ("stronger", [0.5, 0.5], False),
    ],
)
def test_expectations(expected, scores, holds):
    case = Case("x", expected, tuple("abc"[: len(scores)]), "ours")
    assert case.holds(scores) is holds


def test_tolerance_counts_for_invariance_only():
    case = Case("x", "same", ("a", "b"), "ours")
    assert not case.holds([0.5, 0.7])
    assert case.holds([0.5, 0.7], tolerance=0.2)
    assert run_suite(lambda texts: [0.5, 0.7], [case], 0.2).loc["all", "passed"] == 1
    assert not Case("x", "up", ("a", "b"), "ours").holds([0.5, 0.5], tolerance=0.2)


def test_probabilities_of_both_classes_are_taken():
    case = [Case("x", "positive", ("a",), "ours")]
    assert run_cases(lambda texts: [[0.2, 0.8]], case)["first score"].item() == 0.8


@pytest.mark.parametrize("scores", [[0.5], [0.1, 1.1], [-0.1, 0.5], [np.nan, 0.5], 0.5])
def test_scores_that_are_no_probabilities_are_refused(scores):
    case = [Case("x", "same", ("a", "b"), "ours")]
    with pytest.raises(
        ValueError, match="score must return 2 probabilities from 0 to 1"
    ):
        run_cases(lambda texts: scores, case)


def test_cases_that_say_nothing_are_refused():
    with pytest.raises(ValueError, match="expected must be one of positive, negative"):
        Case("x", "good", ("a",), "ours")
    with pytest.raises(
        ValueError, match="texts of 'up' must be at least two texts, got 1"
    ):
        Case("x", "up", ("a",), "ours")
    with pytest.raises(ValueError, match="texts of 'positive' must be one text, got 2"):
        Case("x", "positive", ("a", "b"), "ours")


def test_counts_can_be_by_phenomenon():
    counts = run_suite(lambda texts: [0.5] * len(texts), by="phenomenon")
    assert counts.loc["all", "cases"] == len(SUITE) == counts["cases"].iloc[:-1].sum()
    assert counts.loc["negation", "cases"] == 15
    with pytest.raises(ValueError, match="by must be one of kind"):
        run_suite(lambda texts: [0.5] * len(texts), by="expected")


def test_no_text_is_twice_a_minimum_test():
    texts = [case.texts for case in SUITE if case.kind == MINIMUM]
    assert len(set(texts)) == len(texts)
    assert all(case.source == "ours" or case.source[-1].isdigit() for case in SUITE)
