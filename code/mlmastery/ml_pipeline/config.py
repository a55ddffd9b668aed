r"""The configuration of a run: one flat YAML file, checked before anything else.

>>> RunConfig.from_yaml_text("data: houses.csv\ntarget: price").model
'linear'
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from mlmastery.validation import (
    check_choice,
    check_count,
    check_number,
    check_share,
)

from .builder import MODELS
from .schema import EXTRA, UNKNOWN

__all__ = ["ConfigError", "RunConfig"]


class ConfigError(ValueError):
    """A configuration that cannot be used; the message names the entry."""


class _OnceLoader(yaml.SafeLoader):
    """Plain YAML that refuses an entry stated twice; YAML keeps the last silently."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict:
        names = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise yaml.YAMLError(f"entry {twice[0]!r} is stated twice")
        return super().construct_mapping(node, deep)


@dataclass(frozen=True)
class RunConfig:
    """The input, the pipeline and the output of a run.

    Parameters
    ----------
    data : str
        A file (``.csv`` or ``.parquet``), or the name of a loader.
    target : str
        Column to predict.
    model : {"linear", "forest", "boosting"}, default="linear"
    select : int, optional
        Number of features to keep.
    test_size : float, default=0.2
        Share of rows for the evaluation.
    margin : float or None, default=0.5
        Margin of the schema's ranges.
    unknown : {"refuse", "flag"}, default="refuse"
        What to do with a category that training did not have.
    extra : {"refuse", "ignore"}, default="refuse"
        What to do with a column that training did not have.
    schema : str, optional
        A YAML file with rules that the table without its target must keep, such as the
        ``schema.yaml`` of an earlier run.
    onnx : bool, default=False
        Whether to export the pipeline too.
    random_state : int, default=0
    directory : str, default="runs"
        Where steps and runs are kept.

    Raises
    ------
    ConfigError
        If an entry is missing, unknown or out of range.

    Examples
    --------
    >>> RunConfig(data="houses.csv", target="price", model="deep")
    Traceback (most recent call last):
        ...
    mlmastery.ml_pipeline.config.ConfigError: model must be one of linear, ..., got 'deep'
    """

    data: str
    target: str
    model: str = "linear"
    select: int | None = None
    test_size: float = 0.2
    margin: float | None = 0.5
    unknown: str = "refuse"
    extra: str = "refuse"
    schema: str | None = None
    onnx: bool = False
    random_state: int = 0
    directory: str = "runs"

    def __post_init__(self) -> None:
        try:
            for name in ("data", "target", "directory"):
                _check_text(getattr(self, name), name)
            check_choice(self.model, "model", MODELS)
            check_choice(self.unknown, "unknown", UNKNOWN)
            check_choice(self.extra, "extra", EXTRA)
            check_choice(self.onnx, "onnx", (True, False))
            check_share(self.test_size, "test_size")
            check_count(self.random_state, "random_state", minimum=0)
            if self.schema is not None:
                _check_text(self.schema, "schema")
            if self.select is not None:
                check_count(self.select, "select")
            if self.margin is not None:
                check_number(self.margin, "margin")
        except ValueError as error:
            raise ConfigError(str(error)) from None

    @classmethod
    def from_yaml_text(cls, text: str) -> RunConfig:
        r"""Return the configuration that a YAML text states.

        Raises
        ------
        ConfigError
            If it is not valid YAML, or an entry is missing, unknown or out of range.

        Examples
        --------
        >>> RunConfig.from_yaml_text("data: a.csv\ntarget: y\nmodle: forest")
        Traceback (most recent call last):
            ...
        mlmastery.ml_pipeline.config.ConfigError: unknown entry 'modle': did you mean 'model'?
        """
        try:
            entries = yaml.load(text, _OnceLoader)
        except yaml.YAMLError as error:
            raise ConfigError(f"not valid YAML: {error}") from None
        if not isinstance(entries, dict):
            raise ConfigError(f"expected entries 'name: value', got {entries!r}")
        known = [field.name for field in fields(cls)]
        for name in entries:
            if name not in known:
                raise ConfigError(f"unknown entry {name!r}: {_hint(str(name), known)}")
        missing = [name for name in ("data", "target") if name not in entries]
        if missing:
            raise ConfigError(f"missing entry: {', '.join(missing)}")
        return cls(**entries)

    @classmethod
    def from_yaml(cls, path: str | Path) -> RunConfig:
        """Return the configuration of a YAML file; its relative paths start there.

        Raises
        ------
        ConfigError
            If it cannot be used.
        FileNotFoundError
            If there is no such file.
        """
        path = Path(path)
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise ConfigError(f"{path.name} must be UTF-8: {error}") from None
        config = cls.from_yaml_text(text)
        here = path.parent
        places = {"directory": str(here / config.directory)}
        if config.schema is not None:
            places["schema"] = str(here / config.schema)
        if config.is_file:
            places["data"] = str(here / config.data)
        return cls(**{**config.entries(), **places})

    @property
    def is_file(self) -> bool:
        """Whether the data are a file and not a loader's."""
        return Path(self.data).suffix.lower() in (".csv", ".parquet")

    def entries(self) -> dict[str, Any]:
        """Return all entries by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def _check_text(value: Any, name: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} must be a text, got {value!r}")


def _hint(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
