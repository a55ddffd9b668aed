"""Rates of open-set identification, against counts by hand and simple loops."""

import numpy as np
import pytest

from mlmastery.face_recognition.openset import (
    OpenSetTrial,
    det_curve,
    growth_of_false_alarms,
    independent_false_alarms,
    miss_by_person,
    open_set_rates,
    open_set_trial,
    rank_rates,
    threshold_for_false_alarms,
    vote_errors,
)

# Rows: two of person 0 (found; below 0.5), one of person 1 (called 0), two strangers.
SCORES = np.array([[0.9, 0.1], [0.4, 0.2], [0.8, 0.6], [0.5, 0.3], [0.1, 0.2]])
TRUTH = np.array([0, 0, 1, -1, -1])


def random_trial(seed=0, n=200, people=7):
    rng = np.random.default_rng(seed)
    truth = rng.integers(-1, people, n)
    scores = rng.normal(size=(n, people)).round(1)
    scores[truth >= 0, truth[truth >= 0]] += 1.5
    return OpenSetTrial(scores, truth, truth)


def test_rates_count_what_the_paper_counts():
    rates = open_set_rates(SCORES, TRUTH, 0.5)
    assert rates.false_alarms == 0.5  # the stranger at exactly 0.5
    assert rates.misses == pytest.approx(2 / 3)  # one too low, one called another
    assert (rates.strangers, rates.enrolled) == (2, 3)


def test_a_right_score_below_a_wrong_one_is_a_miss_at_every_threshold():
    for threshold in (-1, 0.5, 0.61, 1):
        assert open_set_rates([[0.8, 0.6], [0, 0]], [1, -1], threshold).misses == 1


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.1, 0.5, 0.9])
def test_the_threshold_is_the_smallest_that_keeps_the_rate(rate):
    scores, truth, _ = random_trial()
    threshold = threshold_for_false_alarms(scores, truth, rate)
    assert open_set_rates(scores, truth, threshold).false_alarms <= rate
    lower = np.nextafter(threshold, -np.inf)
    assert open_set_rates(scores, truth, lower).false_alarms > rate


def test_tied_scores_do_not_break_the_promise():
    scores = [[0.3]] * 10
    threshold = threshold_for_false_alarms(scores, [-1] * 10, 0.5)
    assert (np.array(scores) >= threshold).mean() == 0


def test_the_curve_is_the_rates_at_each_threshold_and_monotone():
    scores, truth, _ = random_trial()
    curve = det_curve(scores, truth)
    for row in curve.itertuples(index=False):
        rates = open_set_rates(scores, truth, row[0])
        assert row[1:] == (rates.false_alarms, rates.misses)
    assert (curve["threshold"].diff()[1:] > 0).all()
    assert (curve["false alarms"].diff()[1:] <= 0).all()
    assert (curve["misses"].diff()[1:] >= 0).all()


def test_ranks_equal_those_of_a_sort():
    scores, truth, _ = random_trial(3)
    scores = scores + np.random.default_rng(0).normal(0, 1e-6, scores.shape)  # no ties
    ranks = [
        np.argsort(-row).tolist().index(t) + 1
        for row, t in zip(scores, truth, strict=True)
        if t >= 0
    ]
    expected = [np.mean(np.array(ranks) <= k) for k in range(1, 8)]
    np.testing.assert_allclose(rank_rates(scores, truth), expected)
    assert rank_rates(scores, truth)[-1] == 1


def test_a_tie_counts_against_the_person():
    assert rank_rates([[0.5, 0.5]], [0]).tolist() == [0, 1]


def test_a_trial_never_probes_with_an_enrolled_photograph():
    rows = np.eye(12)  # each photograph resembles itself alone
    trial = open_set_trial(rows, np.repeat([5, 7, 9], 4), [5, 9], 3)
    assert trial.scores.shape == (6, 2)
    assert trial.scores.max() == 0
    assert sorted(trial.person.tolist()) == [5, 7, 7, 7, 7, 9]
    assert trial.truth[trial.person == 9].tolist() == [1]
    assert (trial.truth[trial.person == 7] == -1).all()


def test_a_trial_draws_by_its_seed_and_needs_a_photograph_left():
    rng = np.random.default_rng(0)
    rows, people = rng.normal(size=(40, 6)), np.repeat(np.arange(4), 10)
    first, again, other = (
        open_set_trial(rows, people, [0, 1], 2, random_state=seed).scores
        for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    with pytest.raises(ValueError, match="leave a probe of 0, got 10 of 10"):
        open_set_trial(rows, people, [0], 10)


def test_independent_false_alarms_multiply():
    assert independent_false_alarms(0.5, 3) == pytest.approx(1 - 0.5**3)
    assert independent_false_alarms(0.0, 1000) == 0


def test_growth_matches_the_formula_where_alarms_are_independent():
    rng = np.random.default_rng(0)
    scores = rng.random((20_000, 10))
    trial = OpenSetTrial(scores, np.full(20_000, -1), np.arange(20_000))
    growth = growth_of_false_alarms(trial, 0.95, [1, 3, 10], 60)
    np.testing.assert_allclose(growth["measured"], growth["independent"], rtol=0.05)
    np.testing.assert_allclose(growth["measured"].iloc[2], 1 - 0.95**10, rtol=0.05)


def test_growth_stays_below_the_formula_where_alarms_come_together():
    alarm = np.random.default_rng(0).random(5000) < 0.1
    scores = np.repeat(alarm[:, None].astype(float), 10, axis=1)
    trial = OpenSetTrial(scores, np.full(5000, -1), np.arange(5000))
    growth = growth_of_false_alarms(trial, 0.5, [10], 5)
    assert growth["measured"][0] == pytest.approx(alarm.mean())
    assert growth["independent"][0] > 0.5


def test_misses_are_counted_for_each_person():
    trial = OpenSetTrial(SCORES, TRUTH, np.array([4, 4, 6, 8, 9]))
    table = miss_by_person(trial, 0.5)
    assert table["misses"].to_dict() == {4: 1, 6: 1}
    assert table["probes"].to_dict() == {4: 2, 6: 1}


@pytest.mark.parametrize(
    ("scores", "truth", "words"),
    [
        ([[0.1]], [0, 1], "a row for each"),
        ([[0.1]], [1], "truth must be from -1 to 0"),
        ([[0.1], [0.2]], [1, -1], "truth must be from -1 to 0"),
        ([[0.1]], [-2], "truth must be from -1 to 0"),
        ([[0.1]], [0], "strangers"),
        ([[0.1]], [-1], "strangers"),
    ],
)
def test_what_has_no_rates_is_refused(scores, truth, words):
    with pytest.raises(ValueError, match=words):
        open_set_rates(scores, truth, 0.5)


def test_a_vote_needs_more_than_half_and_strangers_should_get_none():
    a, b, neither = [0.9, 0.1], [0.1, 0.9], [0.1, 0.2]
    half, most, alarm, quarrel = [a, b, a, b], [a, a, neither], [a, a, neither], [a, b]
    scores = np.array([*half, *most, *alarm, *quarrel, neither])
    truth = np.array([0] * 4 + [0] * 3 + [-1] * 6)
    person = np.array([5] * 4 + [6] * 3 + [8] * 3 + [9] * 3)
    table = vote_errors(OpenSetTrial(scores, truth, person), 0.5).set_index("person")
    assert table["stranger"].tolist() == [False, False, True, True]
    np.testing.assert_allclose(table["single"], [1 / 2, 1 / 3, 2 / 3, 2 / 3])
    assert table["vote"].tolist() == [1, 0, 1, 0]


def test_votes_help_where_answers_are_independent_and_not_where_they_are_one():
    """The running example of the page: what answers share, no vote removes."""
    rng = np.random.default_rng(0)
    wrong = rng.random((400, 5)) < 0.2
    person = np.repeat(np.arange(400), 5)
    for answers, ratio in ((wrong, 0.058 / 0.2), (wrong[:, :1].repeat(5, axis=1), 1)):
        scores = np.where(answers.reshape(-1, 1), 0.1, 0.9)
        trial = OpenSetTrial(scores, np.zeros(2000, int), person)
        table = vote_errors(trial, 0.5)
        assert table["vote"].mean() / table["single"].mean() == pytest.approx(
            ratio, abs=0.1
        )


def test_a_trial_refuses_people_that_are_none_or_twice():
    for enrolled in ([], [1, 1]):
        with pytest.raises(ValueError, match="enrolled must hold people once each"):
            open_set_trial(np.eye(4), [1, 1, 2, 2], enrolled, 1)
    with pytest.raises(ValueError, match="one length, got 4 and 3"):
        open_set_trial(np.eye(4), [1, 1, 2], [1], 1)


@pytest.mark.parametrize(
    "function",
    [
        lambda scores, truth: open_set_rates(scores, truth, 0.5),
        lambda scores, truth: threshold_for_false_alarms(scores, truth, 0.5),
        det_curve,
        rank_rates,
    ],
)
def test_no_rate_is_computed_from_scores_that_are_none(function):
    with pytest.raises(ValueError, match="scores must be finite"):
        function([[np.nan], [0.2]], [0, -1])
    with pytest.raises(ValueError, match="truth must hold whole numbers"):
        function([[0.1], [0.2]], [0.5, -1])


def test_a_rate_needs_the_people_it_is_about():
    with pytest.raises(ValueError, match="enrolled people"):
        rank_rates([[0.5], [0.2]], [-1, -1])
    alone = OpenSetTrial(np.eye(2), np.array([0, 1]), np.arange(2))
    with pytest.raises(ValueError, match="strangers"):
        growth_of_false_alarms(alone, 0.5, [1])
    with pytest.raises(ValueError, match="threshold"):
        open_set_rates(SCORES, TRUTH, np.nan)
    assert open_set_rates(-SCORES, TRUTH, -0.95).strangers == 2
