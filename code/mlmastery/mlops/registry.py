"""Models with versions, in MLflow's registry: registered, named by alias, loaded.

MLflow's own state for the whole process (its tracking URI, its active run) is never
used: each registry has a client of its own.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from .flight_rows import FEATURES
from .training import probabilities

__all__ = [
    "ModelChangedError",
    "ModelRegistry",
    "ModelVersion",
    "RegistryError",
    "copy_store",
]

ALIASES = ("champion", "challenger")
MODEL, PROBE = "model.skops", "probe.json"
TRUSTED = ("numpy.dtype",)  # what a model may hold beyond scikit-learn's own types
EXPERIMENT = "mlmastery"
PROBE_TOLERANCE = 1e-9


class RegistryError(RuntimeError):
    """The registry does not answer, or knows no such model."""


class ModelChangedError(RegistryError):
    """A model's file is missing, or not the one that was registered."""


@dataclass(frozen=True)
class ModelVersion:
    """One registered model and where it came from.

    Parameters
    ----------
    version : int
        From 1 on.
    sha256 : str
        Of the model's file.
    data_hash, commit : str
        Of the training data and of the code.
    metrics : dict of str to float
    aliases : tuple of str
    source : str
        The folder, or the URL, of the model's files.
    """

    version: int
    sha256: str
    data_hash: str
    commit: str
    metrics: dict[str, float]
    aliases: tuple[str, ...]
    source: str


class ModelRegistry:
    """A registry in a database, with the models' files in a folder or object storage.

    Parameters
    ----------
    uri : str
        SQLAlchemy URL, such as ``sqlite:////tmp/registry.db`` or
        ``postgresql+psycopg://…``. The tables are created where they are missing, by
        one process at a time.
    artefacts : str or Path
        Folder, or a URL such as ``s3://bucket/models``.
    name : str, default="delays"
        Of the registered model.

    Raises
    ------
    RegistryError
        If the database does not answer.
    """

    def __init__(self, uri: str, artefacts: str | Path, name: str = "delays"):
        self.uri, self.artefacts, self.name = uri, str(artefacts), name
        with _answering():
            self._client, self._experiment = self._open()

    def _open(self) -> tuple[Any, str]:
        client_class = _mlflow_client()
        with _creation_lock(self.uri), _quietly():
            client = client_class(tracking_uri=self.uri, registry_uri=self.uri)
            known = client.get_experiment_by_name(EXPERIMENT)
            if known is None:
                place = _as_location(self.artefacts)
                number = client.create_experiment(EXPERIMENT, artifact_location=place)
            else:
                number = known.experiment_id
            if not client.search_registered_models(f"name='{self.name}'"):
                client.create_registered_model(self.name)
        return client, number

    def register(
        self,
        model: Any,
        *,
        metrics: Mapping[str, float],
        data_hash: str,
        example: pd.DataFrame,
        commit: str = "unknown",
    ) -> int:
        """Store a model and return its version.

        Parameters
        ----------
        model : estimator
            Fitted; of scikit-learn's own classes, as skops writes it without pickle.
        metrics : mapping of str to float
        data_hash, commit : str
            Of the training data and of the code.
        example : DataFrame
            A few rows that the model is asked each time it is loaded.

        Raises
        ------
        ValueError
            If the model holds types that are not scikit-learn's own.
        RegistryError
            If the database or the artefacts' storage does not answer.
        """
        tags = {"data_hash": data_hash, "commit": commit}
        with tempfile.TemporaryDirectory() as folder, _quietly():
            path = Path(folder) / "model"
            tags["sha256"] = _save(model, example, path)
            version = self._log(path, tags, metrics)
        return int(version.version)

    def _log(self, path: Path, tags: dict[str, str], metrics: Mapping[str, float]):
        with _answering():
            run = self._client.create_run(self._experiment, tags=tags)
            for key, value in metrics.items():
                self._client.log_metric(run.info.run_id, key, float(value))
            self._client.log_artifacts(run.info.run_id, str(path), "model")
            self._client.set_terminated(run.info.run_id)
            return self._client.create_model_version(
                self.name,
                f"{run.info.artifact_uri}/model",
                run_id=run.info.run_id,
                tags=tags,
            )

    def set_alias(self, alias: str, version: int) -> None:
        """Let an alias name this version from now on."""
        with _answering():
            self._client.set_registered_model_alias(self.name, alias, str(version))

    def remove_alias(self, alias: str) -> None:
        """Let an alias name nothing; without effect where it does not exist."""
        with _answering():
            self._client.delete_registered_model_alias(self.name, alias)

    def aliases(self) -> dict[str, int]:
        """Return each alias with the version that it names."""
        with _answering():
            found = self._client.get_registered_model(self.name).aliases
        return {alias: int(version) for alias, version in found.items()}

    def resolve(self, alias: str | int) -> ModelVersion:
        """Return the version that an alias, or a number, names.

        Raises
        ------
        RegistryError
            If there is none, or the database does not answer.
        """
        with _answering():
            # search_model_versions leaves the aliases out, these two do not.
            if isinstance(alias, str):
                found = self._client.get_model_version_by_alias(self.name, alias)
            else:
                found = self._client.get_model_version(self.name, str(alias))
            metrics = self._client.get_run(found.run_id).data.metrics
        return _described(found, metrics)

    def load(self, alias: str | int) -> Any:
        """Return a model after three checks: its hash, its types, its probe rows.

        Raises
        ------
        ModelChangedError
            If the file is missing or another one, or the probabilities differ.
        RegistryError
            If there is no such version, or the database does not answer.
        """
        return self.load_version(self.resolve(alias))

    def load_version(self, version: ModelVersion) -> Any:
        """Return the model of a version that was resolved before; see ``load``."""
        with self._files(version) as folder:
            return _load(folder, version.sha256)

    def history(self) -> pd.DataFrame:
        """Return one row for each version: metrics, aliases, hashes."""
        with _answering():
            found = self._client.search_model_versions(f"name='{self.name}'")
        versions = [self.resolve(int(v.version)) for v in found]
        rows = [
            {
                "version": v.version,
                "aliases": ", ".join(sorted(v.aliases)),
                **v.metrics,
                "data": v.data_hash[:8],
                "commit": v.commit[:8],
                "sha256": v.sha256[:8],
            }
            for v in sorted(versions, key=lambda v: v.version)
        ]
        return pd.DataFrame(rows).set_index("version") if rows else pd.DataFrame()

    @property
    def client(self) -> Any:
        """MLflow's own client of this registry, for what this class does not offer."""
        return self._client

    def disconnect(self) -> None:
        """Close the idle connections to the database; the next call opens new ones."""
        for part in (
            self._client._tracking_client,
            self._client._get_registry_client(),
        ):
            part.store.engine.dispose()

    @contextlib.contextmanager
    def _files(self, version: ModelVersion) -> Iterator[Path]:
        place = urlsplit(version.source)
        if place.scheme in ("", "file"):
            yield Path(place.path)
            return
        from mlflow.artifacts import download_artifacts

        with tempfile.TemporaryDirectory() as folder:
            with _answering(), _quietly():
                download_artifacts(artifact_uri=version.source, dst_path=folder)
            # MLflow keeps the last part of the source's path.
            inner = Path(folder) / Path(place.path).name
            yield inner if inner.exists() else Path(folder)


def _save(model: Any, example: pd.DataFrame, path: Path) -> str:
    import mlflow.sklearn
    import sklearn
    from mlflow.exceptions import MlflowException
    from mlflow.models import infer_signature

    rows = example[list(FEATURES)]
    try:
        mlflow.sklearn.save_model(
            model,
            str(path),
            serialization_format="skops",
            skops_trusted_types=list(TRUSTED),
            signature=infer_signature(rows, model.predict_proba(rows)),
            pip_requirements=[f"scikit-learn=={sklearn.__version__}"],
        )
    except MlflowException as error:
        raise ValueError(f"model cannot be stored: {error.message}") from error
    probe = {
        "rows": json.loads(rows.to_json(orient="records", double_precision=15)),
        "probabilities": probabilities(model, example).tolist(),
    }
    (path / PROBE).write_text(json.dumps(probe))
    return _sha256(path / MODEL)


def _load(folder: Path, sha256: str) -> Any:
    import skops.io

    path = folder / MODEL
    try:
        found = _sha256(path)
    except OSError as error:
        raise ModelChangedError(f"{path} cannot be read: {error.strerror}") from error
    if found != sha256:
        raise ModelChangedError(
            f"{path} must have the SHA-256 {sha256[:12]}…, got {found[:12]}…"
        )
    # MLmodel lists trusted types too, but whoever can swap a file can edit that list.
    model = skops.io.load(path, trusted=list(TRUSTED))
    _check_probe(model, folder / PROBE)
    return model


def _check_probe(model: Any, path: Path) -> None:
    try:
        probe = json.loads(path.read_text())
        rows = pd.DataFrame(probe["rows"])[list(FEATURES)]
        expected = np.asarray(probe["probabilities"], dtype=float)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelChangedError(f"{path} cannot be read: {error}") from error
    rows = rows.astype({c: float for c in rows if rows[c].isna().any()})
    gap = float(np.abs(probabilities(model, rows) - expected).max())
    if not gap <= PROBE_TOLERANCE:
        raise ModelChangedError(f"the probe rows differ by {gap:.2g} from {path}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _described(found: Any, metrics: Mapping[str, float]) -> ModelVersion:
    tags = found.tags
    return ModelVersion(
        version=int(found.version),
        sha256=tags["sha256"],
        data_hash=tags["data_hash"],
        commit=tags["commit"],
        metrics=dict(sorted(metrics.items())),
        aliases=tuple(found.aliases),
        source=found.source,
    )


def _as_location(artefacts: str) -> str:
    if "://" in artefacts:
        return artefacts
    path = Path(artefacts).resolve()
    path.mkdir(parents=True, exist_ok=True)
    return str(path)


def _mlflow_client() -> Any:
    # Read when MLflow is first imported; users who set them keep their choice.
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("DO_NOT_TRACK", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    with _quietly():
        from mlflow.tracking import MlflowClient
    # It prints the traceback of an error that is raised, and handled, anyway.
    logging.getLogger("mlflow.store.db.utils").setLevel(logging.CRITICAL)
    return MlflowClient


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Silence what MLflow says of its dependencies and its migrations."""
    loggers = [logging.getLogger(name) for name in ("mlflow", "alembic")]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    """Turn the errors of MLflow and of its database into one kind."""
    from sqlalchemy.exc import SQLAlchemyError

    _mlflow_client()  # the first import, without what it says
    from mlflow.exceptions import MlflowException

    try:
        yield
    except (MlflowException, SQLAlchemyError) as error:
        first = str(error).splitlines()[0]
        raise RegistryError(f"the registry does not answer: {first}") from error


@contextlib.contextmanager
def _creation_lock(uri: str) -> Iterator[None]:
    """Let one process at a time create the tables: MLflow's migrations collide."""
    if uri.startswith("sqlite:///"):
        path = Path(uri.removeprefix("sqlite:///").split("?")[0])
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_name(path.name + ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    else:
        import sqlalchemy as sa

        engine = sa.create_engine(uri, poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT pg_advisory_lock(2113)"))
            yield  # the lock goes with the connection


def copy_store(template: Path, place: Path) -> str:
    """Copy a registry's SQLite file, which spares the creation; return its URI."""
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(template, place)
    return f"sqlite:///{place}"
