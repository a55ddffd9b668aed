"""Models that score transactions, and one that is saved without pickle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.storage import replacing

__all__ = ["CANDIDATES", "FraudModel", "ModelFileError", "candidate", "train_model"]

SETTINGS = {"max_depth": 4, "eta": 0.2, "tree_method": "hist", "nthread": 1}
SETTINGS |= {"objective": "binary:logistic"}
ROUNDS = 60


class ModelFileError(RuntimeError):
    """A model's file is missing or is not the one that its manifest names."""


class FraudModel:
    """Boosted trees over named columns.

    Parameters
    ----------
    booster : xgboost.Booster
    features : sequence of str
        The columns, in their order.

    Attributes
    ----------
    version : str
        The first twelve digits of the SHA-256 of the model's file.
    """

    def __init__(self, booster: Any, features: tuple[str, ...]) -> None:
        self.booster, self.features = booster, tuple(features)
        self._content = bytes(booster.save_raw("ubj"))
        self.sha256 = hashlib.sha256(self._content).hexdigest()
        self.version = self.sha256[:12]

    def score(self, features: Any) -> np.ndarray:
        """Return the probability of fraud of each row.

        Parameters
        ----------
        features : array or DataFrame of shape (n, n_features)
            The columns of a DataFrame are taken by their names.

        Returns
        -------
        ndarray of shape (n,)

        Raises
        ------
        ValueError
            If the columns are others, or a number is not finite.
        """
        if isinstance(features, pd.DataFrame):
            missing = sorted(set(self.features) - set(features.columns))
            if missing:
                raise ValueError(f"features lack the columns {missing}")
            features = features[list(self.features)]
        rows = np.asarray(features, dtype=float)
        if rows.ndim != 2 or rows.shape[1] != len(self.features):
            raise ValueError(
                f"features must be of shape (n, {len(self.features)}), got {rows.shape}"
            )
        if not np.isfinite(rows).all():
            raise ValueError("features must be finite")
        return np.asarray(self.booster.inplace_predict(rows), dtype=float)

    def save(self, folder: str | Path) -> Path:
        """Write the model and its manifest into a folder, and return the folder.

        Parameters
        ----------
        folder : path
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / "model.ubj") as file:
            file.write(self._content)
        manifest = {"sha256": self.sha256, "features": list(self.features)}
        with replacing(folder / "manifest.json", "w") as file:
            json.dump(manifest, file)
        return folder

    @classmethod
    def load(cls, folder: str | Path) -> FraudModel:
        """Read a model whose file has the SHA-256 of its manifest.

        Parameters
        ----------
        folder : path

        Raises
        ------
        ModelFileError
            If a file is missing or was changed; it is then not opened as a model.
        """
        import xgboost

        folder = Path(folder)
        try:
            manifest = json.loads((folder / "manifest.json").read_bytes())
            names = tuple(manifest["features"])
            content = (folder / "model.ubj").read_bytes()
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelFileError(f"no model in {folder.name}: {error}") from None
        found = hashlib.sha256(content).hexdigest()
        if found != manifest.get("sha256"):
            raise ModelFileError(
                f"model.ubj has SHA-256 {found[:12]}…, "
                f"the manifest says {str(manifest.get('sha256'))[:12]}…"
            )
        booster = xgboost.Booster({"nthread": 1})
        try:
            booster.load_model(bytearray(content))
        except xgboost.core.XGBoostError:
            raise ModelFileError("model.ubj holds no model of XGBoost") from None
        if booster.num_features() != len(names):
            raise ModelFileError(
                f"the model takes {booster.num_features()} columns, "
                f"the manifest names {len(names)}"
            )
        return cls(booster, names)


def train_model(
    transactions: pd.DataFrame, features: pd.DataFrame, *, random_state: int = 0
) -> FraudModel:
    """Train boosted trees on transactions whose labels are known.

    Parameters
    ----------
    transactions : DataFrame
        With the column fraud.
    features : DataFrame of shape (n, n_features)
        Of the same rows.
    random_state : int, default=0

    Raises
    ------
    ValueError
        If the lengths differ, or there is one class only.

    Examples
    --------
    >>> from mlmastery.fraud_detection import batch_features, simulate
    >>> table = simulate(50, 100, 10).transactions
    >>> model = train_model(table, batch_features(table))
    >>> model.score(batch_features(table).to_numpy()).shape == (len(table),)
    True
    """
    import xgboost

    fraud = transactions["fraud"].to_numpy()
    if len(fraud) != len(features):
        raise ValueError(f"{len(fraud)} transactions have {len(features)} features")
    if len(np.unique(fraud)) < 2:
        raise ValueError("transactions must hold both frauds and genuine ones")
    matrix = xgboost.DMatrix(features.to_numpy(dtype=float), fraud, nthread=1)
    settings = SETTINGS | {"seed": random_state}
    return FraudModel(xgboost.train(settings, matrix, ROUNDS), tuple(features.columns))


def candidate(name: str, *, random_state: int = 0, **settings: Any) -> Any:
    """Return an untrained scikit-learn classifier by its name in `CANDIDATES`.

    Parameters
    ----------
    name : str
    random_state : int, default=0
    **settings
        Parameters that replace those set here.

    Raises
    ------
    ValueError
        If the name is not known.

    Examples
    --------
    >>> candidate("tree", max_depth=3).get_depth is not None
    True
    """
    from mlmastery.validation import check_choice

    return CANDIDATES[check_choice(name, "name", CANDIDATES)](random_state, settings)


def _logistic(random_state: int, settings: dict[str, Any]) -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = LogisticRegression(**{"max_iter": 1000, **settings})
    return make_pipeline(StandardScaler(), model)


def _tree(random_state: int, settings: dict[str, Any]) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(random_state=random_state, **settings)


def _forest(random_state: int, settings: dict[str, Any]) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(random_state=random_state, n_jobs=1, **settings)


def _boosted(random_state: int, settings: dict[str, Any]) -> Any:
    from xgboost import XGBClassifier

    return XGBClassifier(random_state=random_state, n_jobs=1, **settings)


CANDIDATES: dict[str, Callable[[int, dict[str, Any]], Any]] = {
    "logistic": _logistic,
    "tree": _tree,
    "forest": _forest,
    "boosted": _boosted,
}
