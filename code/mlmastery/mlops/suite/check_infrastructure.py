"""The infrastructure: registry, service and journal work together."""

import pytest
from fastapi.testclient import TestClient

from mlmastery.mlops.flight_rows import FEATURES
from mlmastery.mlops.journal import BufferedJournal, Journal
from mlmastery.mlops.registry import ModelRegistry
from mlmastery.mlops.service import ServingState, create_app
from mlmastery.mlops.training import probabilities


def test_prediction_goes_through(frame, model, tmp_path):
    """A registered model answers as it did before, and the answer is written down."""
    registry = ModelRegistry(f"sqlite:///{tmp_path}/registry.db", tmp_path / "models")
    version = registry.register(
        model, metrics={}, data_hash="test", example=frame.head(3)
    )
    registry.set_alias("champion", version)
    state, journal = ServingState(registry), Journal(tmp_path / "journal.db")
    client = TestClient(create_app(state, BufferedJournal(journal)))
    assert client.get("/readyz").status_code == 503
    assert state.refresh()
    row = frame[["id", *FEATURES]].head(1).to_dict("records")[0]
    answer = client.post("/predict", json=row).json()
    expected = probabilities(model, frame.head(1))[0]
    assert answer["probability"] == pytest.approx(expected, abs=1e-9)
    assert len(journal) == 1
