"""Departures and a model for the tests of a delivery."""

import os

import pytest

from mlmastery.mlops.flight_rows import departures
from mlmastery.mlops.training import train


@pytest.fixture(scope="session")
def frame():
    """Return the training days."""
    first, last = os.environ["MLOPS_TRAINING"].split(":")
    return departures(first, last)


@pytest.fixture(scope="session")
def model(frame):
    """Return a model of a sample of them."""
    return train(frame, max_rows=5000)
