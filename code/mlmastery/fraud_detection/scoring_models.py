"""Models as a scorer loads them: from a folder, by numbers alone, tried before use.

>>> import tempfile
>>> folder = tempfile.mkdtemp()
>>> LinearModel({"amount": 0.02}, -5.0, version="v1").save(folder)
>>> load_model(folder).version
'v1'
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from mlmastery.storage import replacing

from .features import FEATURES

__all__ = ["LinearModel", "ModelError", "ScoringModel", "load_model"]

FILE = "linear.json"
LIMIT = 30.0  # exp of more changes no digit of a score


class ModelError(ValueError):
    """A model that must not be used; the message says why.

    Examples
    --------
    >>> load_model("/no/folder")
    Traceback (most recent call last):
        ...
    mlmastery.fraud_detection.scoring_models.ModelError: the folder folder holds no model
    """


class ScoringModel(Protocol):
    """A model as a scorer uses it.

    Examples
    --------
    >>> model: ScoringModel = LinearModel({"amount": 1.0}, 0.0, "v1")
    >>> model.version
    'v1'
    """

    version: str

    def score(self, features: Any) -> np.ndarray:
        """Return a number from 0 to 1 for each row."""


class LinearModel:
    """A logistic function of a few features: quick to load, and read by eye.

    Parameters
    ----------
    weights : mapping of str to float
        Weight of each feature that is used, by its name in `FEATURES`.
    intercept : float
    version : str

    Raises
    ------
    ModelError
        If a name is unknown.

    Examples
    --------
    >>> model = LinearModel({"amount": 0.02}, -5.0, "v1")
    >>> rows = np.zeros((2, len(FEATURES)))
    >>> rows[1, FEATURES.index("amount")] = 300.0
    >>> model.score(rows).round(3).tolist()
    [0.007, 0.731]
    """

    def __init__(
        self, weights: Mapping[str, float], intercept: float, version: str
    ) -> None:
        if unknown := sorted(set(weights) - set(FEATURES)):
            raise ModelError(f"weights name unknown features: {unknown}")
        self.weights, self.intercept = dict(weights), float(intercept)
        self.version = version
        self.line = np.array([self.weights.get(name, 0.0) for name in FEATURES])

    def score(self, features: Any) -> np.ndarray:
        """Return the probability of each row."""
        # A sum of products row by row: a matrix product may differ in the last digit
        # with the number of rows, and scores must not depend on the batch.
        z = (np.asarray(features) * self.line).sum(axis=1) + self.intercept
        return 1 / (1 + np.exp(-np.clip(z, -LIMIT, LIMIT)))

    def save(self, folder: str | Path) -> None:
        """Write the model with its checksum."""
        body = {
            "version": self.version,
            "intercept": self.intercept,
            "weights": self.weights,
        }
        Path(folder).mkdir(parents=True, exist_ok=True)
        with replacing(Path(folder) / FILE, "w") as file:
            json.dump(body | {"sha256": _digest(body)}, file)

    @classmethod
    def load(cls, folder: str | Path) -> LinearModel:
        """Return the model in a folder, if its checksum is right."""
        path = Path(folder) / FILE
        try:
            body = json.loads(path.read_text(encoding="utf-8"))
            expected = body.pop("sha256")
            if _digest(body) != expected:
                raise ModelError(f"{path.name} was changed: its checksum is wrong")
            return cls(body["weights"], body["intercept"], body["version"])
        except (OSError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"{path.name} cannot be read: {error}") from error
        except json.JSONDecodeError as error:
            raise ModelError(f"{path.name} is damaged: {error}") from error


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def load_model(folder: str | Path) -> Any:
    """Return the model in a folder, after it has scored two rows.

    Parameters
    ----------
    folder : str or Path
        Holds a `LinearModel` or a ``FraudModel``.

    Raises
    ------
    ModelError
        If there is none, it is damaged, or its scores are no probabilities.
    """
    folder = Path(folder)
    if (folder / FILE).exists():
        model: Any = LinearModel.load(folder)
    elif folder.is_dir() and any(folder.iterdir()):
        model = _load_trees(folder)
    else:
        raise ModelError(f"the folder {folder.name} holds no model")
    return _probed(model, folder)


def _load_trees(folder: Path) -> Any:
    from .models import FraudModel

    try:
        return FraudModel.load(folder)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(f"{folder.name} cannot be loaded: {error}") from error


def _probed(model: Any, folder: Path) -> Any:
    rows = np.stack([np.zeros(len(FEATURES)), np.ones(len(FEATURES))])
    try:
        scores = np.asarray(model.score(rows), dtype=float)
    except (ValueError, TypeError) as error:
        raise ModelError(f"the model in {folder.name} cannot score: {error}") from error
    if scores.shape != (2,) or not ((scores >= 0) & (scores <= 1)).all():
        raise ModelError(f"the model in {folder.name} gives scores outside 0 to 1")
    return model
