"""Learning curves and the recorded ablation."""

import numpy as np
import pandas as pd
import pytest


def test_learning_curve_uses_the_first_n_of_its_order():
    from mlmastery.image_classifier.race import learning_curve

    seen = []

    def fit(rows, seed):
        seen.append((seed, rows.tolist()))
        return lambda r: np.zeros(len(r))

    y, orders = np.array([0, 0, 1, 1, 0]), [np.array([3, 1, 0]), np.array([0, 1, 3])]
    curve = learning_curve(fit, orders, y, (1, 2), np.array([2, 4]))
    assert seen == [(0, [3]), (0, [3, 1]), (1, [0]), (1, [0, 1])]
    assert (curve["accuracy"] == 0.5).all()


def test_the_recorded_ablation_is_whole():
    from mlmastery.image_classifier.race import recorded_ablation

    for epochs in (8, 40):
        table = recorded_ablation(epochs)
        assert table.shape == (10, 5)
        assert table.gt(0.5).all(axis=None)  # false for what is missing, too
        assert table.lt(1).all(axis=None)
    with pytest.raises(ValueError, match="one of 8, 40, got 9"):
        recorded_ablation(9)


def test_the_recorded_curves_are_whole_and_tuned_alike():
    from mlmastery.image_classifier.race import recorded_curves, recorded_settings

    curves, settings = recorded_curves(), recorded_settings()
    counts = curves.groupby(["entrant", "n"]).size()
    assert (counts == 10).all()
    assert len(counts) == 5 * 4
    assert (settings.groupby(["entrant", "n"]).size() == 16).all()
    best = settings.groupby(["entrant", "n"])["accuracy"].transform("max")
    assert (settings["accuracy"] == best)[settings["chosen"]].all()


def test_the_tuned_baseline_no_longer_falls():
    from mlmastery.image_classifier.race import curve_intervals, recorded_curves

    means = curve_intervals(recorded_curves())["mean"]
    for entrant in ("network from scratch", "frozen features"):
        assert means[entrant].is_monotonic_increasing


def test_the_chosen_setting_is_the_best_of_its_size():
    from mlmastery.image_classifier.race import recorded_settings, tuned_setting

    table = recorded_settings()
    rows = table[(table["entrant"] == "network from scratch") & (table["n"] == 500)]
    best = rows.loc[rows["accuracy"].idxmax(), "setting"]
    assert tuned_setting(500) == best
    with pytest.raises(ValueError, match="n must be one of 50, 150, 500, 1000, got 7"):
        tuned_setting(7)
    with pytest.raises(ValueError, match="entrant must be one of"):
        tuned_setting(50, "forest")


def test_differences_pair_the_draws():
    import pandas as pd

    from mlmastery.image_classifier.race import curve_differences, curve_intervals

    curves = pd.DataFrame(
        {
            "entrant": ["b", "a"] * 3,
            "n": 5,
            "seed": [2, 2, 0, 0, 1, 1],
            "accuracy": [0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
        }
    )
    found = curve_differences(curves, "a", "b")
    assert found.loc[5, ["mean", "low", "high"]].tolist() == pytest.approx([0.1] * 3)
    low = curve_intervals(curves).loc[("b", 5), "low"]
    assert low == pytest.approx(0.7 - 4.3027 * 0.2 / 3**0.5, abs=1e-4)


def test_groups_and_images_give_the_same_mean():
    from mlmastery.image_classifier.race import crossed_interval, recorded_groups

    table = recorded_groups().set_index("unit")
    gain = table["augmented"] - table["not augmented"]
    assert gain["group"].mean() == pytest.approx(gain["image"].mean(), abs=1e-4)
    mean, low, high = crossed_interval(gain["group"], gain["image"])
    assert low < gain["group"].mean() == mean < high
    # Both samples count: each alone would give a narrower interval.
    for unit in ("group", "image"):
        error = gain[unit].std() / len(gain[unit]) ** 0.5
        assert (high - low) / 2 > 2.093 * error  # t of 19 degrees of freedom


def test_a_crossed_interval_covers_the_mean_as_often_as_it_says():
    from mlmastery.image_classifier.race import crossed_interval

    rng = np.random.default_rng(0)
    covered = []
    for _ in range(400):
        effects = rng.normal(size=(20, 1)) + rng.normal(size=60)
        _, low, high = crossed_interval(effects.mean(axis=1), effects.mean(axis=0))
        covered.append(low < 0 < high)
    assert 0.92 < np.mean(covered) < 0.99


@pytest.mark.parametrize(
    ("groups", "images", "reason"),
    [
        ([0.1], [0.1, 0.1], "groups must"),
        ([0.1, 0.1], [0.1], "images must"),
        ([0.1, 0.1], [0.2, 0.2], "equal means, got 0.1 and 0.2"),
        ([0.1, np.nan], [0.1, 0.1], "groups must"),
    ],
)
def test_a_crossed_interval_needs_two_of_each(groups, images, reason):
    from mlmastery.image_classifier.race import crossed_interval

    with pytest.raises(ValueError, match=reason):
        crossed_interval(groups, images)


def test_sizes_may_come_one_by_one_and_no_row_is_trained_and_scored():
    from mlmastery.image_classifier.race import learning_curve

    def fit(rows, seed):
        return lambda new: np.zeros(len(new))

    orders, y = [np.arange(4), np.arange(4)[::-1]], np.zeros(6)
    scores = learning_curve(fit, orders, y, iter([2, 4]), np.array([4, 5]))
    assert scores["n"].tolist() == [2, 4, 2, 4]
    with pytest.raises(ValueError, match=r"validation must hold none .*, got \[3\]"):
        learning_curve(fit, orders, y, [2], np.array([3, 4]))
    with pytest.raises(ValueError, match=r"one class for each of 2 rows, got .*\(1,\)"):
        learning_curve(lambda *_: lambda new: [0], orders, y, [2], np.array([4, 5]))


def test_draws_of_one_entrant_alone_are_named():
    from mlmastery.image_classifier.race import curve_differences

    rows = {"entrant": list("aabb"), "n": 5, "accuracy": [0.9, 0.8, 0.7, 0.6]}
    curves = pd.DataFrame({**rows, "seed": [0, 1, 0, 2]})
    with pytest.raises(ValueError, match=r"must have the same draws, .* n=5, seed=1"):
        curve_differences(curves, "a", "b")


def test_numbers_of_numpy_choose_as_python_s():
    from mlmastery.image_classifier.race import recorded_ablation, tuned_setting

    assert tuned_setting(np.int64(50)) == tuned_setting(50)
    assert recorded_ablation(np.int32(8)).equals(recorded_ablation(8))
