"""Save a fitted pipeline in a file that runs no code, and open it only after checks.

The order matters: the manifest first, then the versions, then the file's hash, then the
types that the file names. Only a file that passed all four is loaded.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import skops.io

from mlmastery.storage import replacing

from .manifest import (
    ManifestError,
    package_versions,
    read_manifest,
    write_manifest,
)

__all__ = [
    "ALLOWED",
    "ArtefactError",
    "TypeRefused",
    "VersionMismatch",
    "check_versions",
    "dump_bytes",
    "load_artefact",
    "load_bytes",
    "save_artefact",
]

PACKAGE = "mlmastery.ml_pipeline.transformers"
# Exact names. Asking the file for its types and passing them back would trust the file.
ALLOWED = (
    f"{PACKAGE}.CategoryIndicators",
    f"{PACKAGE}.ColumnGate",
    f"{PACKAGE}.DateParts",
    f"{PACKAGE}.MedianFill",
    f"{PACKAGE}.QuantileClipper",
    "numpy.dtype",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogLink",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.link.MultinomialLogit",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn._loss.loss.HalfMultinomialLoss",
    "sklearn._loss.loss.HalfSquaredError",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.feature_selection._univariate_selection.f_classif",
    "sklearn.feature_selection._univariate_selection.f_regression",
    "sklearn.tree._tree.Tree",
)
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold
IMMUTABLE = "JsonNode"


class ArtefactError(ValueError):
    """A saved model is not opened; the message says why."""


class TypeRefused(ArtefactError):
    """The file names types that are not on the list."""


class VersionMismatch(ArtefactError):
    """The file was written by other versions than those that are installed."""


def dump_bytes(model: Any) -> bytes:
    """Return a model in the skops format: the same bytes for the same model.

    skops names arrays after their addresses in memory and stamps the hour into the
    zip. Here they are numbered in their order, and the stamp is fixed.

    Parameters
    ----------
    model : estimator

    Returns
    -------
    bytes

    Examples
    --------
    >>> from sklearn.linear_model import Ridge
    >>> dump_bytes(Ridge().fit([[0], [1]], [0, 1])) == dump_bytes(Ridge().fit([[0], [1]], [0, 1]))
    True
    """
    with zipfile.ZipFile(io.BytesIO(skops.io.dumps(model))) as source:
        files = {name: source.read(name) for name in source.namelist()}
    schema = json.loads(files.pop("schema.json"))
    numbers: dict[Any, int] = {}
    names: dict[str, str] = {}
    _renumber(schema, numbers, names)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for old, new in names.items():
            target.writestr(zipfile.ZipInfo(new, EPOCH), files[old])
        text = json.dumps(schema, indent=1)
        target.writestr(zipfile.ZipInfo("schema.json", EPOCH), text)
    return out.getvalue()


def _renumber(node: Any, numbers: dict[Any, int], names: dict[str, str]) -> None:
    """Replace addresses by numbers in order of appearance, in place."""
    if isinstance(node, list):
        for child in node:
            _renumber(child, numbers, names)
    if not isinstance(node, dict):
        return
    if "__id__" in node:
        # Whether two equal texts share an address is chance: each gets its own number.
        own = node.get("__loader__") == IMMUTABLE
        address = ("own", len(numbers)) if own else node["__id__"]
        node["__id__"] = numbers.setdefault(address, len(numbers))
    if isinstance(node.get("file"), str):
        suffix = Path(node["file"]).suffix
        names.setdefault(node["file"], f"{len(names)}{suffix}")
        node["file"] = names[node["file"]]
    for child in node.values():
        _renumber(child, numbers, names)


def load_bytes(data: bytes, allowed: Sequence[str] = ALLOWED) -> Any:
    """Return the model in skops bytes if it names only types on the list.

    Raises
    ------
    ArtefactError
        If the bytes are not a skops file.
    TypeRefused
        If a type is neither one of skops' own trusted ones nor on the list.

    Examples
    --------
    >>> load_bytes(b"not a zip")
    Traceback (most recent call last):
        ...
    mlmastery.ml_pipeline.artefact.ArtefactError: not a skops file: File is not a zip file
    """
    try:
        _check_entries(data)
        unknown = skops.io.get_untrusted_types(data=data)
        refused = sorted(set(unknown) - set(allowed))
        if refused:
            raise TypeRefused(f"types that are not on the list: {', '.join(refused)}")
        return skops.io.loads(data, trusted=list(allowed))
    except ArtefactError:
        raise
    except Exception as error:  # a hostile file may break the reader anywhere
        raise ArtefactError(f"not a skops file: {error}") from None


def _check_entries(data: bytes) -> None:
    """Refuse a zip with entries that no model has, before any entry is unpacked.

    Entries of ours are stored as they are. One that grows when it is unpacked, or
    entries that share bytes, could fill the memory from a small file.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        entries = source.infolist()
    names = [entry.filename for entry in entries]
    odd = sorted(n for n in set(names) if "/" in n or "\\" in n or names.count(n) > 1)
    if odd:
        raise ArtefactError(f"the file has entries that no model has: {odd[0]!r}")
    size = sum(entry.file_size for entry in entries)
    packed = any(entry.compress_type != zipfile.ZIP_STORED for entry in entries)
    if packed or size > len(data):
        raise ArtefactError(
            f"the file must hold its entries unpacked, got {len(data):,} bytes "
            f"that unpack to {size:,}"
        )


def check_versions(stated: Mapping[str, str]) -> None:
    """Compare the versions of a manifest with those installed, before any file is read.

    Raises
    ------
    VersionMismatch
        Naming each package with both versions.

    Examples
    --------
    >>> check_versions({**package_versions(), "scikit-learn": "0.1"})
    ... # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    VersionMismatch: scikit-learn: saved with 0.1, installed is ...
    """
    here = package_versions()
    other = [
        f"{name}: saved with {stated.get(name, 'an unknown version')}, installed is {v}"
        for name, v in here.items()
        if not _same(name, stated.get(name, ""), v)
    ]
    if other:
        raise VersionMismatch("; ".join(other))


def _same(name: str, stated: str, here: str) -> bool:
    # A patch of Python changes no format; a patch of scikit-learn may.
    depth = 2 if name == "python" else None
    return stated.split(".")[:depth] == here.split(".")[:depth]


def save_artefact(
    model: Any,
    folder: str | Path,
    facts: Mapping[str, Any] | None = None,
    *,
    key: bytes = b"",
) -> Path:
    """Write ``model.skops`` and its ``manifest.json`` into a folder.

    Parameters
    ----------
    model : estimator
    folder : str or Path
        Made if it does not exist.
    facts : dict, optional
        What else the manifest shall say.
    key : bytes, default=b""
        Secret of the seal.

    Returns
    -------
    Path
        Of the manifest.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    data = dump_bytes(model)
    with replacing(folder / "model.skops") as file:
        file.write(data)
    content = {
        "files": {"model.skops": hashlib.sha256(data).hexdigest()},
        "versions": package_versions(),
        **(facts or {}),
    }
    write_manifest(folder / "manifest.json", content, key)
    return folder / "manifest.json"


def load_artefact(
    folder: str | Path,
    name: str = "model.skops",
    *,
    key: bytes = b"",
    allowed: Sequence[str] = ALLOWED,
) -> Any:
    """Return a model from a folder with a manifest, or refuse before it is opened.

    Parameters
    ----------
    folder : str or Path
    name : str, default="model.skops"
    key : bytes, default=b""
        Secret of the seal.
    allowed : sequence of str
        Exact names of the types that may be loaded.

    Raises
    ------
    ManifestError
        If the manifest was changed, or the file is not the one that it lists.
    VersionMismatch
        If other versions wrote the file.
    ArtefactError, TypeRefused
        If the file is not a skops file, or names other types.
    FileNotFoundError
        If the manifest or the file is missing.
    """
    folder = Path(folder)
    manifest = read_manifest(folder / "manifest.json", key)
    check_versions(manifest.get("versions", {}))
    # The bytes that were checked are the bytes that are loaded: the file is read once.
    return load_bytes(read_listed(folder, name, manifest), allowed)


def read_listed(folder: Path, name: str, manifest: Mapping[str, Any]) -> bytes:
    """Return the bytes of a file if they have the hash that the manifest lists."""
    listed = manifest.get("files", {}).get(name)
    if listed is None:
        raise ManifestError(f"the manifest does not list {name}")
    data = (Path(folder) / name).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != listed:
        raise ManifestError(
            f"{name} is not the file of the manifest: "
            f"expected sha256 {listed[:12]}…, got {found[:12]}…"
        )
    return data
