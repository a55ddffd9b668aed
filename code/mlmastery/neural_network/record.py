"""Record the published protocol on all 70,000 digits, given the original files."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mlmastery.datasets import fingerprint, load_mnist
from mlmastery.ledger import Recorded, cpu_timed
from mlmastery.neural_network.estimator import NeuralNetwork
from mlmastery.spread import Spread

TRAINING = 60_000  # the makers' own split: the rest is the test part


def record(
    data_dir: Path, *, epochs: int = 60, training: int = TRAINING
) -> list[Recorded]:
    """Train on the makers' training part and score their test part once.

    Parameters
    ----------
    data_dir : Path
        Holds the four files; `load_mnist` finds them through MLMASTERY_DATA.
    epochs, training : int
        Smaller in tests only.
    """
    digits = load_mnist()
    X = digits.drop(columns="digit").to_numpy(np.float32) / 255
    y = digits["digit"].to_numpy()
    model = NeuralNetwork(
        (100,),
        "sigmoid",
        "sgd",
        learning_rate=0.1,
        epochs=epochs,
        batch_size=10,
        alpha=1e-4,
        dtype="float32",
        random_state=0,
    )
    _, seconds = cpu_timed(lambda: model.fit(X[:training], y[:training]))
    right = model.predict(X[training:]) == y[training:]
    return [
        Recorded(
            f"{epochs} epochs, 100 sigmoid units, L2",
            float(right.mean()),
            Spread.standard_error(right.std() / np.sqrt(len(right))),
            "accuracy",
            "the makers' split, test part scored once",
            seconds,
            fingerprint("mnist"),
        )
    ]
