"""Run a configuration step by step, keep each step, and publish the result whole.

Load, validate, split, fit, evaluate, export: a step is done again only when what it
reads, its code, its parameters or a package's version changed.
"""

from __future__ import annotations

import difflib
import json
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.model_selection import train_test_split

from mlmastery.inference import paired_interval
from mlmastery.storage import replacing

from .artefact import dump_bytes, load_bytes
from .builder import build_pipeline, split_target
from .config import ConfigError, RunConfig
from .kinds import check_table, infer_kinds, infer_task
from .manifest import (
    canonical,
    file_hash,
    frame_hash,
    package_versions,
    read_manifest,
    write_manifest,
)
from .schema import TableSchema, learn_schema
from .store import LIST, StepStore

__all__ = ["STEPS", "PipelineRunner", "RunReport", "read_table", "step_key"]

STEPS = ("load", "validate", "split", "fit", "evaluate", "export")
HERE = Path(__file__).parent
# A change in one of these files makes the step's old results unusable. A test follows
# each step line by line and fails if a file of the book ran that is not in its list.
COMMON = ("kinds", "manifest", "runner", "../validation")
CODE = {
    "validate": (*COMMON, "schema"),
    "split": COMMON,
    "fit": (*COMMON, "artefact", "builder", "schema", "transformers"),
    "evaluate": (*COMMON, "artefact", "schema", "transformers", "../inference"),
    "export": (*COMMON, "artefact", "onnx_export", "transformers"),
}
# Packages that a step needs beside those of every saved model.
PACKAGES = {
    "validate": ("pandera", "PyYAML"),
    "fit": ("pandera", "PyYAML"),
    "evaluate": ("pandera", "PyYAML"),
    "export": ("onnx", "skl2onnx"),
}
PARAMETERS = {
    "validate": ("target",),
    "split": ("target", "test_size", "random_state"),
    "fit": ("target", "model", "select", "extra", "unknown", "margin", "random_state"),
    "evaluate": ("target",),
    "export": ("onnx",),
}
PARENTS = {
    "validate": ("load",),
    "split": ("load", "validate"),
    "fit": ("load", "split"),
    "evaluate": ("load", "split", "fit"),
    "export": ("fit",),
}
Loader = Callable[[], pd.DataFrame]


def step_key(
    step: str, inputs: Mapping[str, Any], parameters: Mapping[str, Any], code: str
) -> str:
    """Return the hash of all that a step's result depends on.

    Parameters
    ----------
    step : str
    inputs : dict
        The hashes of what it reads.
    parameters : dict
    code : str
        Hash of the source files.

    Examples
    --------
    >>> a = step_key("fit", {"load": "1"}, {"model": "linear"}, "c")
    >>> a == step_key("fit", {"load": "1"}, {"model": "linear"}, "c")
    True
    >>> a == step_key("fit", {"load": "1"}, {"model": "forest"}, "c")
    False
    """
    content = {
        "step": step,
        "inputs": inputs,
        "parameters": parameters,
        "code": code,
        "versions": package_versions(PACKAGES.get(step, ())),
    }
    return sha256(canonical(content).encode()).hexdigest()


def _code_hash(step: str) -> str:
    files = [HERE / f"{name}.py" for name in CODE[step]]
    return sha256("".join(map(file_hash, files)).encode()).hexdigest()


def read_table(
    source: str, loaders: Mapping[str, Loader], name: str = "data"
) -> pd.DataFrame:
    """Return the table of a CSV or Parquet file, or of a loader by its name.

    Parameters
    ----------
    source : str
    loaders : dict of callables
    name : str, default="data"
        For the messages.

    Raises
    ------
    ConfigError
        If there is neither such a file nor such a loader, or the file cannot be read.
    """
    if Path(source).suffix.lower() in (".csv", ".parquet"):
        return check_table(_read_file(Path(source), name), name)
    if source not in loaders:
        near = difflib.get_close_matches(source, list(loaders), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        known = ", or the name of a loader" if loaders else ""
        raise ConfigError(
            f"{name} must be a .csv or .parquet file{known}, got {source!r}{hint}"
        )
    return check_table(loaders[source](), name)


def _read_file(path: Path, name: str) -> pd.DataFrame:
    if not path.is_file():
        raise ConfigError(f"{name} must be a file that exists, got {str(path)!r}")
    csv = path.suffix.lower() == ".csv"
    try:
        df = pd.read_csv(path) if csv else pd.read_parquet(path)
    except ValueError as error:  # empty, not a table, not UTF-8
        raise ConfigError(f"{name}: {path.name} cannot be read: {error}") from None
    if csv and len(df.columns) == 1 and any(s in str(df.columns[0]) for s in ";\t|"):
        raise ConfigError(
            f"{name}: {path.name} has a single column {df.columns[0]!r}; "
            "its values must be separated by commas"
        )
    return df


@dataclass(frozen=True)
class RunReport:
    """The result of a run.

    Parameters
    ----------
    folder : Path
        Its published files, ``manifest.json`` among them.
    steps : DataFrame
        Per step: its key, whether it was cached, wall seconds.
    metrics : dict
    """

    folder: Path
    steps: pd.DataFrame
    metrics: Mapping[str, Any]


@dataclass
class PipelineRunner:
    """Do the steps of a configuration that are not done yet, and publish the run.

    Parameters
    ----------
    config : RunConfig
    loaders : dict of callables, default={}
        By the names that ``data`` may have.
    key : bytes, default=b""
        Secret of the manifest's seal.

    Examples
    --------
    >>> import tempfile
    >>> columns = {"x": [0.5, 1, 2, 3] * 10, "y": ["n", "n", "y", "y"] * 10}
    >>> table = lambda: pd.DataFrame(columns)
    >>> config = RunConfig("table", "y", directory=tempfile.mkdtemp())
    >>> runner = PipelineRunner(config, {"table": table})
    >>> runner.run().steps["cached"].tolist()
    [False, False, False, False, False]
    >>> runner.run().steps["cached"].tolist()
    [False, True, True, True, True]
    """

    config: RunConfig
    loaders: Mapping[str, Loader] = field(default_factory=lambda: MappingProxyType({}))
    key: bytes = b""

    def __post_init__(self) -> None:
        self.directory = Path(self.config.directory)

    def run(self) -> RunReport:
        """Do what is missing, publish, and return the report.

        Raises
        ------
        ConfigError, SchemaFault, TypeError, ValueError
            If configuration or table cannot be used.
        OSError
            If a file cannot be written; the last published run stays.
        """
        store = StepStore(self.directory / "steps")
        began = time.perf_counter()
        df = read_table(self.config.data, self.loaders)
        outputs = {"load": {"data": frame_hash(df)}}
        done = [("load", frame_hash(df), False, time.perf_counter() - began)]
        places: dict[str, Path] = {}
        for step in self._steps():
            began = time.perf_counter()
            key = self._key(step, outputs)
            work = _Work(step, self.config, df, places)
            places[step], cached = store.get(step, key, work)
            outputs[step] = dict(store.files(places[step]) or {})
            done.append((step, key, cached, time.perf_counter() - began))
        steps = pd.DataFrame(done, columns=["step", "key", "cached", "seconds"])
        folder = self._publish(steps, places, df)
        metrics = json.loads((places["evaluate"] / "metrics.json").read_text())
        return RunReport(folder, steps.set_index("step"), metrics)

    def _steps(self) -> list[str]:
        return [s for s in STEPS[1:] if s != "export" or self.config.onnx]

    def _key(self, step: str, outputs: Mapping[str, Any]) -> str:
        inputs = {parent: outputs[parent] for parent in PARENTS[step]}
        parameters = {n: getattr(self.config, n) for n in PARAMETERS[step]}
        if step == "validate" and self.config.schema is not None:
            parameters["schema"] = file_hash(self.config.schema)
        return step_key(step, inputs, parameters, _code_hash(step))

    def _publish(
        self, steps: pd.DataFrame, places: Mapping[str, Path], df: pd.DataFrame
    ) -> Path:
        content = self._content(steps, df)
        number = sha256(canonical(content).encode() + self.key).hexdigest()
        store = StepStore(self.directory / "runs")

        def copy(folder: Path) -> None:
            for place in places.values():
                for path in place.iterdir():
                    if path.name != LIST:
                        shutil.copy(path, folder / path.name)
            files = {p.name: file_hash(p) for p in sorted(folder.iterdir())}
            facts = {**content, "files": files}
            write_manifest(folder / "manifest.json", facts, self.key)

        folder, _ = store.get("run", number, copy)
        with replacing(self.directory / "current", "w") as file:
            file.write(folder.name)
        return folder

    def _content(self, steps: pd.DataFrame, df: pd.DataFrame) -> dict[str, Any]:
        """Return what the manifest says: no time and no place, so that runs compare."""
        entries = self.config.entries()
        entries.pop("directory")
        if entries["schema"] is not None:
            entries["schema"] = file_hash(entries["schema"])
        data = {
            "source": Path(entries["data"]).name,
            "shape": df.shape,
            "sha256": frame_hash(df),
        }
        return {
            "config": {**entries, "data": data["source"]},
            "data": data,
            "steps": dict(zip(steps["step"], steps["key"], strict=True)),
            "code": {step: _code_hash(step) for step in self._steps()},
            "versions": package_versions(
                sorted({p for step in self._steps() for p in PACKAGES.get(step, ())})
            ),
            "seeds": {
                "split": self.config.random_state,
                "fit": self.config.random_state,
            },
        }

    def current(self) -> Path:
        """Return the folder of the last published run.

        Raises
        ------
        FileNotFoundError
            If there is none.
        """
        path = self.directory / "current"
        if not path.is_file():
            raise FileNotFoundError(f"no run was published in {self.directory}")
        folder = self.directory / "runs" / Path(path.read_text().strip()).name
        if not (folder / "manifest.json").is_file():
            raise FileNotFoundError(
                f"the run that {path} names is not there: run the configuration again"
            )
        return folder

    def status(self) -> pd.DataFrame:
        """Return which steps the stated configuration has results for.

        Returns
        -------
        DataFrame
            ``step`` and ``state``: "done", or "to do" from the first one missing.
        """
        df = read_table(self.config.data, self.loaders)
        store, outputs = (
            StepStore(self.directory / "steps"),
            {"load": {"data": frame_hash(df)}},
        )
        rows, missing = [], False
        for step in self._steps():
            files = None
            if not missing:
                files = store.files(store.path(step, self._key(step, outputs)))
            missing = files is None
            outputs[step] = dict(files or {})
            rows.append({"step": step, "state": "to do" if missing else "done"})
        return pd.DataFrame(rows)

    def manifest(self) -> dict[str, Any]:
        """Return the manifest of the last published run, if its seal is right."""
        return read_manifest(self.current() / "manifest.json", self.key)


@dataclass(frozen=True)
class _Work:
    """One step: reads the folders of its parents, writes its files into a folder."""

    step: str
    config: RunConfig
    df: pd.DataFrame
    places: Mapping[str, Path]

    def __call__(self, folder: Path) -> None:
        getattr(self, f"_{self.step}")(folder)

    def _validate(self, folder: Path) -> None:
        kinds = infer_kinds(self.df, self.config.target)
        if self.config.schema is not None:
            rules = TableSchema.from_yaml(Path(self.config.schema).read_text("utf-8"))
            rules.check(self.df.drop(columns=self.config.target))
        report = {
            "rows": len(self.df),
            "task": infer_task(self.df[self.config.target]),
            "kinds": dict(
                zip(*kinds.table()[["column", "kind"]].T.to_numpy(), strict=True)
            ),
            "dropped": kinds.dropped,
        }
        _write_json(folder / "validation.json", report)

    def _split(self, folder: Path) -> None:
        y = self.df[self.config.target]
        train, test = train_test_split(
            np.arange(len(self.df)),
            test_size=self.config.test_size,
            random_state=self.config.random_state,
            stratify=y if infer_task(y) == "classification" else None,
        )
        _write_json(
            folder / "split.json", {"train": np.sort(train), "test": np.sort(test)}
        )

    def _part(self, part: str) -> pd.DataFrame:
        rows = json.loads((self.places["split"] / "split.json").read_text())[part]
        return self.df.iloc[rows]

    def _fit(self, folder: Path) -> None:
        train = self._part("train")
        X, y = split_target(train, self.config.target)
        options = {
            n: getattr(self.config, n)
            for n in ("model", "select", "extra", "random_state")
        }
        pipeline = build_pipeline(train, self.config.target, **options)
        kinds = infer_kinds(train, self.config.target)
        used = list(kinds.used)
        schema = learn_schema(
            X[used],
            margin=self.config.margin,
            unknown=self.config.unknown,
            extra=self.config.extra,
            unread=tuple(kinds.dropped),
        )
        pipeline.fit(X[used], y)
        (folder / "model.skops").write_bytes(dump_bytes(pipeline))
        (folder / "schema.yaml").write_text(schema.to_yaml(), encoding="utf-8")

    def _evaluate(self, folder: Path) -> None:
        train, test = self._part("train"), self._part("test")
        y_train, y = train[self.config.target], test[self.config.target]
        schema = TableSchema.from_yaml(
            (self.places["fit"] / "schema.yaml").read_text("utf-8")
        )
        X = test[list(schema.columns)]
        predicted = self._model().predict(X)
        classes = infer_task(y_train) == "classification"
        dummy = DummyClassifier() if classes else DummyRegressor(strategy="median")
        guess = dummy.fit(train[[]].assign(a=0), y_train).predict(X)
        ours, theirs = (_losses(y, p, classes) for p in (predicted, guess))
        gain = paired_interval(theirs, ours, 0)
        metrics = {
            "loss": "share wrong" if classes else "mean absolute error",
            "model": ours.mean(),
            "dummy": theirs.mean(),
            "gain": {"mean": gain.mean, "low": gain.low, "high": gain.high},
            "rows": len(y),
            "refused": int(schema.refuses(X).sum()),
        }
        _write_json(folder / "metrics.json", metrics)

    def _export(self, folder: Path) -> None:
        from .onnx_export import export_onnx

        (folder / "model.onnx").write_bytes(export_onnx(self._model()))

    def _model(self) -> Any:
        return load_bytes((self.places["fit"] / "model.skops").read_bytes())


def _losses(y: pd.Series, predicted: np.ndarray, classes: bool) -> np.ndarray:
    if classes:
        return (y.to_numpy() != predicted).astype(float)
    return np.abs(y.to_numpy(dtype=float) - predicted)


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(canonical(content) + "\n", encoding="utf-8")
