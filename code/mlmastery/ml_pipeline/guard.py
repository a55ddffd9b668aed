"""A pipeline behind its schema: what it has not learned, it does not score silently."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from .artefact import ArtefactError, check_versions, load_bytes, read_listed
from .manifest import read_manifest
from .schema import TableSchema

__all__ = ["GuardedPipeline", "load_run"]


class GuardedPipeline:
    """Check each table by the schema, then score it.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted.
    schema : TableSchema
        Of its input columns.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> from mlmastery.ml_pipeline import learn_schema
    >>> X = pd.DataFrame({"x": [0.0, 1.0]})
    >>> model = GuardedPipeline(LinearRegression().fit(X, [0.0, 2.0]), learn_schema(X))
    >>> model.predict(pd.DataFrame({"x": [1]})).round(1).to_dict("list")
    {'prediction': [2.0], 'unknown': ['']}
    """

    def __init__(self, pipeline: Any, schema: TableSchema) -> None:
        self.pipeline = pipeline
        self.schema = schema

    def predict(self, df: pd.DataFrame) -> pd.DataFrame:
        """Return predictions, probabilities of classes, and unknown categories.

        Parameters
        ----------
        df : DataFrame
            With the columns of the schema, in any order.

        Returns
        -------
        DataFrame
            ``prediction``, for classes one column ``p_<class>`` each, and ``unknown``:
            the columns whose category training did not have.

        Raises
        ------
        SchemaFault
            With all faults of the table.
        """
        X = self.schema.check(df)
        out = pd.DataFrame({"prediction": self.pipeline.predict(X)}, index=X.index)
        if hasattr(self.pipeline, "predict_proba"):
            names = [f"p_{c}" for c in self.pipeline.classes_]
            out[names] = self.pipeline.predict_proba(X)
        return out.assign(unknown=self.schema.unknown_in(X))


def load_run(folder: str | Path, *, key: bytes = b"") -> GuardedPipeline:
    """Return the guarded pipeline of a run's folder, after all checks of its files.

    Parameters
    ----------
    folder : str or Path
    key : bytes, default=b""
        Secret of the manifest's seal.

    Raises
    ------
    ManifestError, VersionMismatch, ArtefactError, FileNotFoundError
        As `load_artefact` does.
    """
    folder = Path(folder)
    manifest = read_manifest(folder / "manifest.json", key)
    check_versions(manifest.get("versions", {}))
    model = load_bytes(read_listed(folder, "model.skops", manifest))
    text = read_listed(folder, "schema.yaml", manifest).decode("utf-8")
    try:
        return GuardedPipeline(model, TableSchema.from_yaml(text))
    except ValueError as error:
        raise ArtefactError(f"schema.yaml: {error}") from None
