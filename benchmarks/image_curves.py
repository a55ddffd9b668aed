"""Tune chapter 6's entrants alike, then measure their learning curves.

    python benchmarks/image_curves.py [--draws N] [--out FOLDER] [--groups]

Sixteen settings of each entrant are tried at each size, on two draws of training
silhouettes, and scored on the tuning rows. The best setting of each is then trained on
further draws and scored on silhouettes that neither training nor tuning used. The
hold-out is not touched. Two files are written, ``curve_settings.csv`` and
``curves.csv``. It takes some twenty minutes.

With ``--groups`` it takes one minute: the chosen network learns, with augmentation and
without, from twenty groups of fifty silhouettes that share none, and all are scored on
the images that the page judges by. ``groups.csv`` holds each group's and each image's
mean.
"""

import argparse
import datetime
import itertools
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "code"))
os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "1", "TF_ENABLE_ONEDNN_OPTS": "0"}
os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import psutil  # noqa: E402
import tensorflow as tf  # noqa: E402
import torch  # noqa: E402
from image_ablation import training_set  # noqa: E402
from sklearn.neighbors import KNeighborsClassifier  # noqa: E402

from mlmastery.image_classifier.networks import CNNClassifier  # noqa: E402
from mlmastery.image_classifier.race import tuned_setting  # noqa: E402
from mlmastery.image_classifier.transfer import backbone, linear_probe  # noqa: E402

SIZES = (50, 150, 500, 1000)
# Epochs so that the short and the long training make alike many steps at each size.
EPOCHS = {50: (40, 100), 150: (30, 80), 500: (15, 40), 1000: (12, 30)}
TUNING_ROWS = slice(1000, 1295)  # of the page's order: half of its validation part
TUNING_SEEDS = (100, 101)

Data = dict[str, np.ndarray]
Setting = dict[str, Any]


def network_settings(n: int) -> Iterator[Setting]:
    """Yield sixteen settings of the network from scratch."""
    choices = itertools.product((1e-3, 3e-3), EPOCHS[n], (0.0, 0.5), (False, True))
    for rate, epochs, augment, norm in choices:
        yield {
            "learning_rate": rate,
            "epochs": epochs,
            "augment": augment,
            "batch_norm": norm,
        }


def probe_settings(n: int) -> Iterator[Setting]:
    """Yield sixteen strengths of the penalty."""
    yield from ({"C": float(c)} for c in np.logspace(-5, 0, 16).round(7))


def neighbour_settings(n: int) -> Iterator[Setting]:
    """Yield sixteen numbers of neighbours."""
    yield from ({"n_neighbors": k} for k in range(1, 32, 2))


_built: dict[str, CNNClassifier] = {}


def score_network(
    data: Data, learn: np.ndarray, rows: np.ndarray, seed: int, setting: Setting
) -> float:
    """Train the network from scratch and return its accuracy."""
    key = json.dumps([setting["augment"], setting["batch_norm"]])
    model = _built.setdefault(key, CNNClassifier(validation=0, schedule="cosine"))
    model.set_params(random_state=seed, **setting)
    train = model.refit if hasattr(model, "model_") else model.fit
    train(data["X"][learn], data["y"][learn])
    return model.score(data["X"][rows], data["y"][rows])


def scorer(table: str, make: Callable[..., Any]) -> Callable[..., float]:
    """Return a function that fits a model of one table and returns its accuracy."""

    def score(
        data: Data, learn: np.ndarray, rows: np.ndarray, seed: int, setting: Setting
    ) -> float:
        model = make(**setting).fit(data[table][learn], data["y"][learn])
        return model.score(data[table][rows], data["y"][rows])

    return score


ENTRANTS = {
    "frozen features": (probe_settings, scorer("features", linear_probe)),
    "network from scratch": (network_settings, score_network),
    "nearest neighbours": (neighbour_settings, scorer("flat", KNeighborsClassifier)),
}


# The network from scratch as it was chosen, but for one thing.
TWINS = {
    "augmented": {"augment": 0.5},
    "not augmented": {"augment": 0.0},
}


def tables() -> Data:
    """Return images, classes, pixels and frozen features of the training part."""
    X, y = training_set()
    torch.set_num_threads(1)
    features = backbone(size=64).features(X)
    return {"X": X, "y": y, "flat": X.reshape(len(X), -1) / 255, "features": features}


def page_order(n: int) -> np.ndarray:
    """Return the order in which the page divides its training part."""
    return np.random.default_rng(6).permutation(n)


def tune(name: str, n: int, data: Data, pool: np.ndarray, rows: np.ndarray) -> list:
    """Score every setting on the tuning rows."""
    settings, score = ENTRANTS[name]
    results = []
    for setting in settings(n):
        started = time.process_time()
        scores = [
            score(
                data, np.random.default_rng(s).permutation(pool)[:n], rows, s, setting
            )
            for s in TUNING_SEEDS
        ]
        results.append(
            {
                "entrant": name,
                "n": n,
                "setting": json.dumps(setting),
                "accuracy": round(float(np.mean(scores)), 4),
                "cpu_seconds": round(time.process_time() - started, 1),
            }
        )
        print(results[-1], flush=True)
    return results


def measure(
    name: str, n: int, setting: Setting, draws: int, data: Data, pool: np.ndarray
) -> list:
    """Score the chosen setting on draws of its own, each with its own test rows."""
    results = []
    score = ENTRANTS["network from scratch" if name in TWINS else name][1]
    for seed in range(draws):
        rows = np.random.default_rng(seed).permutation(pool)
        accuracy = score(data, rows[:n], rows[max(SIZES) :], seed, setting)
        results.append(
            {"entrant": name, "n": n, "seed": seed, "accuracy": round(accuracy, 4)}
        )
    print(name, n, [r["accuracy"] for r in results], flush=True)
    return results


def measure_groups(data: Data, order: np.ndarray) -> list:
    """Score the network and its twin on groups of training images that share none."""
    learn, rows = order[: max(SIZES)], order[TUNING_ROWS.stop :]
    groups = learn.reshape(-1, min(SIZES))
    setting, right = tuned_setting(min(SIZES)), {}
    for twin, change in TWINS.items():
        model = CNNClassifier(validation=0, schedule="cosine")
        model.set_params(**setting | change)
        answers, train = [], model.fit
        for seed, group in enumerate(groups):
            model.set_params(random_state=seed)
            train(data["X"][group], data["y"][group])
            answers.append(model.predict(data["X"][rows]) == data["y"][rows])
            train = model.refit
        right[twin] = np.array(answers)
    means = {
        unit: pd.DataFrame({twin: r.mean(axis=axis) for twin, r in right.items()})
        for unit, axis in (("group", 1), ("image", 0))
    }
    table = pd.concat(means, names=["unit", "number"]).round(4).reset_index()
    return table.to_dict("records")


def main() -> None:
    """Tune, measure and write both tables."""
    home = ROOT / "code/mlmastery/recorded/image_classifier"
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--out", type=Path, default=home)
    parser.add_argument("--groups", action="store_true")
    asked = parser.parse_args()
    data = tables()
    order = page_order(len(data["y"]))
    if asked.groups:
        write(asked.out, {"groups": measure_groups(data, order)})
        return
    rows, pool = order[TUNING_ROWS], np.delete(order, np.r_[TUNING_ROWS])
    tried, scores = [], []
    for name, n in itertools.product(ENTRANTS, SIZES):
        found = tune(name, n, data, pool, rows)
        best = max(found, key=lambda row: row["accuracy"])
        tried += [{**row, "chosen": row is best} for row in found]
        setting = json.loads(best["setting"])
        scores += measure(name, n, setting, asked.draws, data, pool)
        if "augment" in setting:  # one thing varied: the chosen network, and its twins
            for twin, change in TWINS.items():
                scores += measure(twin, n, setting | change, asked.draws, data, pool)
    write(asked.out, {"curve_settings": tried, "curves": scores})


def write(folder: Path, tables: dict[str, list]) -> None:
    """Write each table, with the day, the machine and the library."""
    memory = round(psutil.virtual_memory().total / 2**30)
    facts = {
        "date": datetime.date.today().isoformat(),
        "hardware": f"{platform.machine()}, {os.cpu_count()} cores, {memory} GiB",
        "tensorflow": tf.__version__,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for file, table in tables.items():
        frame = pd.DataFrame(table).assign(**facts)
        frame.to_csv(folder / f"{file}.csv", index=False)


if __name__ == "__main__":
    main()
