"""Learning curves and the recorded ablation."""

import numpy as np
import pytest


def test_learning_curve_uses_the_first_n_of_its_order():
    from mlmastery.image_classifier.race import learning_curve

    seen = []

    def fit(rows, seed):
        seen.append((seed, rows.tolist()))
        return lambda r: np.zeros(len(r))

    y, orders = np.array([0, 0, 1, 1]), [np.array([3, 1, 0]), np.array([0, 1, 3])]
    curve = learning_curve(fit, orders, y, (1, 2), np.array([0, 2]))
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
