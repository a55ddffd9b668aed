import pytest

from mlmastery.fraud_detection import batch_features, simulate


@pytest.fixture(scope="session")
def world():
    return simulate(300, 600, 60, random_state=3)


@pytest.fixture(scope="session")
def cards(world):
    return world.transactions


@pytest.fixture(scope="session")
def places(world):
    return {"customers": world.customers, "terminals": world.terminals}


@pytest.fixture(scope="session")
def features(cards, places):
    return batch_features(cards, **places)
