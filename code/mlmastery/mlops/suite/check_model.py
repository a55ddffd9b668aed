"""The model: it has learned, keeps its rules of behaviour, and trains the same twice."""

import numpy as np

from mlmastery.mlops.gate import behaviour_check
from mlmastery.mlops.training import log_losses, probabilities, train


def test_better_than_the_rate(frame, model):
    """The model's loss on its own data is below that of the share of late flights."""
    base = log_losses(frame["late"], np.full(len(frame), frame["late"].mean()))
    assert log_losses(frame["late"], probabilities(model, frame)).mean() < base.mean()


def test_behaviour(frame, model):
    """No rule is broken."""
    assert behaviour_check()(None, model, frame).passed


def test_training_repeats(frame, model):
    """The same rows and seed give the same model."""
    again = train(frame, max_rows=5000)
    rows = frame.head(100)
    np.testing.assert_array_equal(
        probabilities(model, rows), probabilities(again, rows)
    )
