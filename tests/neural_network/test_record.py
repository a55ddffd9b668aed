import numpy as np

from mlmastery.datasets import card_of
from mlmastery.neural_network.record import record


def test_recorder_follows_the_makers_split_on_small_files(tmp_path, monkeypatch):
    from mlmastery.neural_network import record as module

    rng = np.random.default_rng(0)
    frame = module.load_mnist().sample(60, random_state=0).reset_index(drop=True)
    frame.loc[50:, "digit"] = rng.integers(0, 10, 10)
    monkeypatch.setattr(module, "load_mnist", lambda: frame)
    monkeypatch.setattr(module, "fingerprint", lambda name: card_of(name).sha256)
    (figure,) = record(tmp_path, epochs=30, training=50)
    assert figure.value < 0.6  # the last rows are noise: they were not trained on
    assert figure.name == "30 epochs, 100 sigmoid units, L2"
