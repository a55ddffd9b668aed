"""Error rates, curves, thresholds, and intervals over people."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from mlmastery.face_recognition import (
    PairScores,
    ThresholdVerifier,
    accepted_rates,
    best_threshold,
    cosine_similarity,
    error_rates,
    fold_accuracies,
    people_intervals,
    rate_curve,
    split_halves,
    threshold_at_far,
)


@pytest.fixture
def pairs():
    rng = np.random.default_rng(0)
    people = np.repeat(np.arange(6), 4)
    points = rng.normal(size=(6, 3))[people] + rng.normal(size=(24, 3))
    similarity = -np.linalg.norm(points[:, None] - points, axis=2).round(1)
    return PairScores(similarity, people), similarity, people


def test_rates_on_paper():
    assert error_rates([0.9, 0.8, 0.4], [0.5, 0.1], 0.5) == (0.5, 1 / 3)
    assert error_rates([0.5], [0.5], 0.5) == (1.0, 0.0)
    with pytest.raises(ValueError, match="genuine"):
        error_rates([], [0.5], 0.5)
    with pytest.raises(ValueError, match="impostor"):
        error_rates([0.5], [np.nan], 0.5)


def test_pairs_are_counted_once_and_sorted(pairs):
    scores, similarity, people = pairs
    assert len(scores.genuine) == 6 * 6
    assert len(scores.impostor) == 15 * 16
    upper = np.triu(np.ones((24, 24), dtype=bool), 1)
    same = people[:, None] == people
    assert scores.genuine.tolist() == sorted(similarity[upper & same])
    assert scores.impostor.tolist() == sorted(similarity[upper & ~same])


def test_auc_and_curve_equal_scikit_learns(pairs):
    scores = pairs[0]
    truth = np.r_[np.ones(len(scores.genuine)), np.zeros(len(scores.impostor))]
    values = np.r_[scores.genuine, scores.impostor]
    assert scores.auc() == pytest.approx(roc_auc_score(truth, values))
    far, tar, _ = roc_curve(truth, values, drop_intermediate=False)
    ours = rate_curve(scores.genuine, scores.impostor)[::-1]
    assert np.allclose(ours["far"], far)
    assert np.allclose(1 - ours["frr"], tar)


@pytest.mark.parametrize("far", [0.0, 0.004, 0.01, 0.1, 0.5])
def test_tar_is_the_best_that_the_curve_allows(pairs, far):
    scores = pairs[0]
    curve = rate_curve(scores.genuine, scores.impostor)
    best = 1 - curve.loc[curve["far"] <= far + 1e-12, "frr"].min()
    assert scores.tar_at_far(far) == pytest.approx(best)
    threshold = threshold_at_far(scores.impostor, far)
    rates = error_rates(scores.genuine, scores.impostor, threshold)
    assert rates.far <= far + 1e-12
    assert 1 - rates.frr == pytest.approx(best)
    assert scores.rates(threshold) == pytest.approx(rates)


def test_a_far_of_one_lets_everybody_in(pairs):
    assert pairs[0].tar_at_far(1.0) == 1
    with pytest.raises(ValueError, match="far"):
        threshold_at_far([0.1, 0.2], 1.0)
    with pytest.raises(ValueError, match="far"):
        pairs[0].tar_at_far(1.2)


def test_equal_error_rate_is_where_the_curves_meet(pairs):
    scores = pairs[0]
    curve = rate_curve(scores.genuine, scores.impostor)
    closest = (curve["far"] - curve["frr"]).abs().min()
    near = curve[(curve["far"] - curve["frr"]).abs() <= closest + 1e-9]
    assert scores.eer() in [pytest.approx(m) for m in (near["far"] + near["frr"]) / 2]
    perfect = PairScores([[1, 0.9, 0.1], [0.9, 1, 0.2], [0.1, 0.2, 1]], [1, 1, 2])
    assert perfect.eer() == 0


def test_a_person_drawn_twice_counts_twice(pairs):
    """Weights equal to repeating the photographs, without pairs of copies."""
    scores, similarity, people = pairs
    counts = np.array([2, 0, 1, 1, 3, 0])
    genuine, impostor = [], []
    for i in range(24):
        for j in range(i + 1, 24):
            p, q = people[i], people[j]
            if p == q:
                genuine += [similarity[i, j]] * counts[p]
            else:
                impostor += [similarity[i, j]] * (counts[p] * counts[q])
    truth = np.r_[np.ones(len(genuine)), np.zeros(len(impostor))]
    expected = roc_auc_score(truth, np.r_[genuine, impostor])
    assert scores.auc(counts) == pytest.approx(expected)
    for threshold in (-3.0, -2.0, -1.0):
        rates = error_rates(genuine, impostor, threshold)
        assert scores.rates(threshold, counts) == pytest.approx(rates)
    allowed = threshold_at_far(impostor, 0.1)
    tar = 1 - error_rates(genuine, impostor, allowed).frr
    assert scores.tar_at_far(0.1, counts) == pytest.approx(tar)


def test_pairs_need_two_people_and_finite_scores():
    with pytest.raises(ValueError, match="pairs of one person"):
        PairScores(np.eye(3), [1, 2, 3])
    with pytest.raises(ValueError, match="pairs of one person"):
        PairScores(np.eye(3), [1, 1, 1])
    with pytest.raises(ValueError, match="a row and a column per photograph"):
        PairScores(np.eye(2), [1, 1, 2])
    with pytest.raises(ValueError, match="finite"):
        PairScores(np.full((3, 3), np.nan), [1, 1, 2])


def test_intervals_over_people_are_wider_than_over_pairs(pairs):
    """Pairs share people: drawing pairs would promise too much."""
    scores = pairs[0]
    over_people = people_intervals(scores.auc, 6, 300).std()
    rng = np.random.default_rng(0)
    over_pairs = []
    for _ in range(300):
        g, i = (rng.choice(s, len(s)) for s in (scores.genuine, scores.impostor))
        truth = np.r_[np.ones(len(g)), np.zeros(len(i))]
        over_pairs.append(roc_auc_score(truth, np.r_[g, i]))
    assert over_people > 1.2 * np.std(over_pairs)


def test_draws_hold_as_many_people_and_repeat():
    draws = people_intervals(lambda c: c, 7, 20)
    assert (draws.sum(axis=1) == 7).all()
    assert draws.std() > 0
    assert (draws == people_intervals(lambda c: c, 7, 20)).all()
    assert (draws != people_intervals(lambda c: c, 7, 20, random_state=1)).any()


def test_halves_share_nobody():
    people = np.repeat(["a", "b", "c", "d"], 3)
    halves = list(split_halves(people, 20))
    assert len(halves) == 20
    for half in halves:
        assert half.sum() == 6
        assert not set(people[half]) & set(people[~half])
    assert len({tuple(h) for h in halves}) > 1


def test_best_threshold_equals_a_search_of_all():
    rng = np.random.default_rng(0)
    for _ in range(20):
        same = rng.random(30) < 0.5
        scores = (rng.normal(size=30) + same).round(1)
        right = max(((scores >= t) == same).sum() for t in [*scores, scores.max() + 1])
        found = best_threshold(scores, same)
        assert ((scores >= found) == same).sum() == right
    assert best_threshold([0.1, 0.3, 0.7, 0.9], [False, False, True, True]) == 0.5
    with pytest.raises(ValueError, match="one value per score"):
        best_threshold([0.1, 0.2], [True])


def test_a_fold_does_not_choose_its_own_threshold():
    scores = np.array([0.1, 0.9, 0.2, 0.8, 5.1, 5.9])
    same = np.array([False, True] * 3)
    table = fold_accuracies(scores, same, [1, 1, 2, 2, 3, 3])
    assert table["n"].tolist() == [2, 2, 2]
    assert table.loc[3, "accuracy"] == 0.5  # the others' threshold accepts both
    assert table.loc[3, "threshold"] == pytest.approx(0.5)
    with pytest.raises(ValueError, match="at least two folds"):
        fold_accuracies(scores, same, [1] * 6)


def test_decisions_are_counted_once_a_pair_without_the_diagonal():
    accepted = np.eye(4, dtype=bool)
    accepted[0, 1] = accepted[0, 2] = True  # one genuine pair, one impostor pair
    assert accepted_rates([7, 8], accepted) == (0.25, 0.5)


def test_a_verifier_sets_its_threshold_by_pairs_of_two_people():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(6, 1, 5))
    photos = centres + 0.1 * rng.normal(size=(6, 3, 5))
    verifier = ThresholdVerifier(far=0.1, n_photos=3).fit(photos.reshape(6, 15))
    flat = photos.reshape(18, 5)
    people = np.repeat(np.arange(6), 3)
    impostor = PairScores(cosine_similarity(flat, flat), people).impostor
    assert verifier.threshold_ == threshold_at_far(impostor, 0.1)
    rates = accepted_rates(np.arange(6), verifier.predict(photos.reshape(6, 15)))
    assert rates.far <= 0.1
    assert rates.frr == 0
