"""Measure what dropout, batch normalisation and augmentation do to chapter 6's network.

    python benchmarks/image_ablation.py [--seeds N] [--out FILE]

For each seed 200 training silhouettes are drawn; one network per setting learns from
them for forty epochs and is judged on other silhouettes of the training set after eight
and after forty. The hold-out is not touched. Ten seeds take some seven minutes.
"""

import argparse
import datetime
import os
import platform
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "code"))
os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "1", "TF_ENABLE_ONEDNN_OPTS": "0"}
os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}

import keras  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import psutil  # noqa: E402
import tensorflow as tf  # noqa: E402

from mlmastery.bookkit import HoldOut  # noqa: E402
from mlmastery.datasets import load_cats_dogs  # noqa: E402
from mlmastery.image_classifier.networks import CNNClassifier  # noqa: E402

SETTINGS = {
    "plain": {"dropout": 0.0},
    "dropout": {"dropout": 0.5},
    "batch normalisation": {"dropout": 0.0, "batch_norm": True},
    "augmentation": {"dropout": 0.0, "augment": 1.0},
    "dropout and augmentation": {"dropout": 0.5, "augment": 1.0},
}
EVALUATED_AFTER = (8, 40)


def training_set() -> tuple[np.ndarray, np.ndarray]:
    """Return the page's training images and classes."""
    animals = load_cats_dogs()
    images, labels = np.stack(animals["image"]), animals["animal"].to_numpy()
    held = HoldOut(images, labels, test_size=0.2, random_state=6, stratify=labels)
    return held.X_train, held.y_train


class Evaluation(keras.callbacks.Callback):
    """Note the accuracy on validation images after some of the epochs."""

    def __init__(self, model: CNNClassifier, X: np.ndarray, y: np.ndarray) -> None:
        super().__init__()
        self.classifier, self.X, self.y = model, X, y
        self.accuracies: dict[int, float] = {}

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        """Score after some of the epochs."""
        if epoch + 1 in EVALUATED_AFTER:
            self.accuracies[epoch + 1] = self.classifier.score(self.X, self.y)


def rows_of(name: str, seeds: int, X: np.ndarray, y: np.ndarray) -> list[dict]:
    """Train one setting once per seed, each time on 200 images of its own draw."""
    model = CNNClassifier(
        epochs=max(EVALUATED_AFTER), batch_size=16, validation=0, **SETTINGS[name]
    )
    train, rows = model.fit, []
    for seed in range(seeds):
        order = np.random.default_rng(seed).permutation(len(X))
        learn, validation = order[:200], order[200:]
        model.set_params(random_state=seed)
        evaluation = Evaluation(model, X[validation], y[validation])
        started = time.process_time()
        train(X[learn], y[learn], callbacks=[evaluation])
        cpu = round(time.process_time() - started, 1)
        print(name, seed, evaluation.accuracies, cpu, flush=True)
        rows += [
            {"setting": name, "seed": seed, "epochs": n, "accuracy": round(a, 4)}
            for n, a in evaluation.accuracies.items()
        ]
        train = model.refit
    return rows


def main() -> None:
    """Measure and write the table."""
    home = ROOT / "code/mlmastery/recorded/image_classifier/ablation.csv"
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--out", type=Path, default=home)
    asked = parser.parse_args()
    X, y = training_set()
    table = pd.DataFrame(
        [row for name in SETTINGS for row in rows_of(name, asked.seeds, X, y)]
    )
    memory = round(psutil.virtual_memory().total / 2**30)
    table["date"] = datetime.date.today().isoformat()
    table["hardware"] = f"{platform.machine()}, {os.cpu_count()} cores, {memory} GiB"
    table["tensorflow"] = tf.__version__
    table.to_csv(asked.out, index=False)


if __name__ == "__main__":
    main()
