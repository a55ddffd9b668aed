import numpy as np
import pytest

from mlmastery.neural_network import Activation, build_network, diagnose
from mlmastery.neural_network.diagnosis import signals


@pytest.mark.parametrize(
    ("activation", "rule", "low", "high"),
    [("relu", "he", 0.5, 2.0), ("tanh", "xavier", 0.2, 1.0), ("relu", 0.01, 0, 1e-6)],
)
def test_initialisation_keeps_or_loses_the_signal(activation, rule, low, high):
    rng = np.random.default_rng(0)
    net = build_network([200] * 9, activation, rng=rng, init=rule)
    report = diagnose(net, rng.normal(size=(300, 200)), rng.integers(0, 200, 300))
    assert low <= report["spread"].iloc[-1] < high


def test_dead_units_are_off_for_every_row_and_duplicates_counted():
    layer = Activation("relu")
    layer.forward(np.array([[-1.0, -1, 2, 2], [-3.0, 4, 5, 5]]), training=True)
    measured = signals(layer)
    assert measured["dead"] == 1 / 4  # the second unit is off for one row only
    assert measured["flat"] == 3 / 8
    assert measured["alike"] == 1 / 4


def test_a_slope_of_exactly_a_hundredth_is_not_flat():
    layer = Activation("leaky_relu")  # its slope on the left is 0.01
    layer.forward(np.array([[-1.0, 2.0]]), training=True)
    assert signals(layer)["flat"] == 0
