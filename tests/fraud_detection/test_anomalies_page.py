"""Failing runs of the page on anomalies, and its figures."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from sklearn.ensemble import IsolationForest

from mlmastery.fraud_detection import anomaly_figures as figures
from mlmastery.fraud_detection import average_precision
from mlmastery.fraud_detection.drift import AlarmRate
from mlmastery.fraud_detection.isolation import IsolationTrees, cut_segments, grow_tree
from mlmastery.fraud_detection.one_class import one_class
from mlmastery.inference import paired_interval


def test_contamination_changes_no_score():
    noise = np.random.default_rng(0).normal(size=(2000, 2))
    scores, shares = [], {}
    for share in ("auto", 0.02):
        forest = IsolationForest(contamination=share, random_state=0).fit(noise)
        scores.append(forest.score_samples(noise))
        shares[share] = (forest.predict(noise) < 0).mean()
    np.testing.assert_array_equal(*scores)
    assert shares["auto"] > 0.1
    assert shares[0.02] == pytest.approx(0.02, abs=1e-3)


def test_a_forest_is_constant_beyond_its_rows():
    cloud = np.random.default_rng(0).normal(size=(1000, 2))
    for forest in (IsolationTrees(random_state=0), IsolationForest(random_state=0)):
        score = getattr(forest.fit(cloud), "score", None) or forest.score_samples
        assert np.ptp(score(np.array([[6.0, 0], [10, 0], [1000, 0]]))) < 1e-12


def test_the_svm_is_not_blind_there():
    rng = np.random.default_rng(0)
    near = np.column_stack([rng.uniform(0, 5, 1000), rng.normal(size=1000)])
    svm = one_class(0.05, 0.3).fit(near)
    scores = svm.decision_function([[2.5, 0], [5, 0], [9, 0]])
    assert scores[0] > scores[1] > scores[2]


def test_the_empty_corner_is_a_ghost_of_the_axes():
    def score(seed, angle):
        rng = np.random.default_rng(seed)
        X = np.vstack([rng.normal(c, 0.7, size=(100, 2)) for c in (-4, 4)])
        turn = np.array(
            [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        )
        forest = IsolationTrees(30, 200, seed).fit(X @ turn.T)
        return forest.score(np.array([[4.0, -4.0]]) @ turn.T)[0]

    straight = [score(s, 0) for s in range(6)]
    turned = [score(s, np.pi / 4) for s in range(6)]
    assert paired_interval(turned, straight, 0).low > 0


def test_a_crowd_hides_from_large_samples():
    found = {16: [], 1024: []}
    for size, results in found.items():
        for seed in range(3):
            rng = np.random.default_rng(seed)
            X = np.vstack([rng.normal(size=(1000, 4)), rng.normal(4, 0.15, (40, 4))])
            forest = IsolationForest(max_samples=size, random_state=seed).fit(X)
            fraud = np.arange(1040) >= 1000
            results.append(average_precision(fraud, -forest.score_samples(X)))
    assert min(found[16]) > max(found[1024])


def test_figures_draw_what_they_are_given():
    fig, axes = plt.subplots(3, 3)
    X = np.random.default_rng(0).normal(size=(20, 2))
    segments = cut_segments(grow_tree(X, np.random.default_rng(0), 3), [-3, -3], [3, 3])
    cuts = figures.plot_cuts(X, segments, ax=axes[0, 0])
    assert len(cuts.lines) == 2 + len(segments)
    figures.plot_score_plane(lambda P: P[:, 0], X, ax=axes[0, 1])
    figures.plot_paths([1, 2], [1, 1], [1, 1], ax=axes[0, 2])
    table = pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 3.0]}, index=[10, 20])
    assert len(figures.plot_lines(table, "n", "s", ax=axes[1, 0]).lines) == 2
    figures.plot_loss({"loss": [2, 1], "val_loss": [2, 2]}, ax=axes[1, 1])
    bars = figures.plot_row_errors([1.0, 5, 3], "abc", 2, ax=axes[1, 2])
    assert [t.get_text() for t in bars.get_yticklabels()] == ["c", "b"]
    figures.plot_by_scenario(table, table, table, ax=axes[2, 0])
    assert len(figures.plot_daily(table, 15, "y", ax=axes[2, 1]).lines) == 3
    gap = paired_interval([1.0, 2, 3], [0.0, 2, 1], 0)
    figures.plot_gains({"gap": gap}, "x", ax=axes[2, 2])
    assert isinstance(fig, Figure)
    plt.close(fig)
    rates = pd.DataFrame({"alerts": [10, 11, 9, 10, 10, 90]})
    chart = AlarmRate(rates["alerts"][:5], 0.01)
    (ax,) = figures.plot_alarm_rates(
        rates, {"alerts": chart}, 5, axes=[plt.subplots()[1]]
    )
    assert ax.lines[1].get_ydata().tolist() == [90]
    plt.close("all")
