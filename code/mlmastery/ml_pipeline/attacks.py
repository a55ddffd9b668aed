"""Attack a run's folder in every way of the chapter, and see what each loader does.

The payload of the hostile files makes an empty file and nothing else.
"""

from __future__ import annotations

import io
import pickle
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import skops.io
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from .artefact import load_bytes
from .guard import load_run
from .manifest import read_manifest, write_manifest

__all__ = [
    "ATTACKS",
    "LOADERS",
    "Payload",
    "attack_table",
    "flip_sweep",
    "hostile_pickle",
    "hostile_skops",
    "leave_mark",
]

MODEL, MANIFEST = "model.skops", "manifest.json"


def leave_mark(X: Any, path: str) -> Any:
    """Make an empty file and return X: the code that should never run."""
    Path(path).touch()
    return X


class Payload:
    """An object whose unpickling calls a function.

    Examples
    --------
    >>> pickle.loads(pickle.dumps(Payload(print, "code ran")))
    code ran
    """

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


def hostile_pickle(mark: str | Path) -> bytes:
    """Return a pickle that makes the file ``mark`` when it is loaded."""
    return pickle.dumps(Payload(leave_mark, 0, str(mark)))


def hostile_skops(model: Any, mark: str | Path) -> bytes:
    """Return a skops file of a model that makes the file ``mark`` when it predicts."""
    step = FunctionTransformer(leave_mark, kw_args={"path": str(mark)})
    return skops.io.dumps(make_pipeline(step, model))


def _reseal(folder: Path) -> None:
    """List the files as they are now and seal again, as anybody without the key can."""
    from .manifest import file_hash

    content = read_manifest(folder / MANIFEST, _key_of(folder))
    content["files"] = {n: file_hash(folder / n) for n in content["files"]}
    write_manifest(folder / MANIFEST, content)


def _key_of(folder: Path) -> bytes:
    # The attacker knows what the manifest says; reading it needs no key, sealing does.
    path = folder / ".key"
    return path.read_bytes() if path.exists() else b""


def _put(folder: Path, data: bytes, *, reseal: bool) -> None:
    (folder / MODEL).write_bytes(data)
    if reseal:
        _reseal(folder)


def _pickle(folder: Path, mark: Path) -> None:
    _put(folder, hostile_pickle(mark), reseal=False)


def _pickle_resealed(folder: Path, mark: Path) -> None:
    _put(folder, hostile_pickle(mark), reseal=True)


def _skops(folder: Path, mark: Path) -> None:
    model = load_bytes((folder / MODEL).read_bytes())
    _put(folder, hostile_skops(model, mark), reseal=False)


def _skops_resealed(folder: Path, mark: Path) -> None:
    model = load_bytes((folder / MODEL).read_bytes())
    _put(folder, hostile_skops(model, mark), reseal=True)


def _flipped(folder: Path, mark: Path) -> None:
    data = bytearray((folder / MODEL).read_bytes())
    data[len(data) // 2] ^= 1
    _put(folder, bytes(data), reseal=False)


def _truncated(folder: Path, mark: Path) -> None:
    data = (folder / MODEL).read_bytes()
    _put(folder, data[: len(data) // 2], reseal=False)


def _other_version(folder: Path, mark: Path) -> None:
    content = read_manifest(folder / MANIFEST, _key_of(folder))
    content["versions"]["scikit-learn"] = "0.24.2"
    write_manifest(folder / MANIFEST, content, _key_of(folder))


def _renamed(folder: Path, mark: Path) -> None:
    (folder / MODEL).rename(folder / "model-final.skops")


def _edited(folder: Path, mark: Path) -> None:
    path = folder / MANIFEST
    text = path.read_text().replace('"random_state": 0', '"random_state": 1')
    path.write_text(text)


def _negated(data: bytes) -> bytes:
    """Return the model's file with the opposite coefficients: a valid, wrong model."""
    out = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(data))
    with source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith(".npy"):
                array = np.load(io.BytesIO(content), allow_pickle=False)
                if array.ndim == 2:
                    buffer = io.BytesIO()
                    np.save(buffer, -array)
                    content = buffer.getvalue()
            target.writestr(name, content)
    return out.getvalue()


def _other_model(folder: Path, mark: Path) -> None:
    _put(folder, _negated((folder / MODEL).read_bytes()), reseal=False)


def _other_model_resealed(folder: Path, mark: Path) -> None:
    _put(folder, _negated((folder / MODEL).read_bytes()), reseal=True)


ATTACKS: dict[str, Callable[[Path, Path], None]] = {
    "hostile pickle": _pickle,
    "hostile pickle, resealed": _pickle_resealed,
    "hostile skops": _skops,
    "hostile skops, resealed": _skops_resealed,
    "flipped byte": _flipped,
    "truncated": _truncated,
    "another version": _other_version,
    "renamed file": _renamed,
    "manifest edited": _edited,
    "another model": _other_model,
    "another model, resealed": _other_model_resealed,
}


def _load_trusting(folder: Path, key: bytes) -> Any:
    """Load as many scripts do: unpickle, or trust every type that a file names."""
    data = (folder / MODEL).read_bytes()
    if data[:2] == b"PK":
        trusted = skops.io.get_untrusted_types(data=data)
        return skops.io.loads(data, trusted=trusted)
    return pickle.loads(data)


def _load_unkeyed(folder: Path, key: bytes) -> Any:
    return load_run(folder).pipeline


def _load_keyed(folder: Path, key: bytes) -> Any:
    return load_run(folder, key=key).pipeline


LOADERS: dict[str, Callable[[Path, bytes], Any]] = {
    "trusting": _load_trusting,
    "checked": _load_unkeyed,
    "checked, key": _load_keyed,
}


def attack_table(
    folder: str | Path, X: pd.DataFrame, key: bytes = b"secret"
) -> pd.DataFrame:
    """Make each attack on copies of a run, and return what each loader does.

    Parameters
    ----------
    folder : str or Path
        A published run with the empty key. It is copied; the copies are removed.
    X : DataFrame
        Rows to score after loading.
    key : bytes, default=b"secret"
        For the loader that knows a secret, and whose copy is sealed with it.

    Returns
    -------
    DataFrame of shape (n_attacks, n_loaders)
        "refused: <error>", "code ran", "other answers" or "opened".
    """
    right = load_run(folder).pipeline.predict(X)
    rows = {}
    for name, attack in ATTACKS.items():
        rows[name] = {
            loader: _outcome(
                Path(folder), attack, load, X, right, key * ("key" in loader)
            )
            for loader, load in LOADERS.items()
        }
    return pd.DataFrame(rows).T


def _outcome(
    folder: Path,
    attack: Callable[[Path, Path], None],
    load: Callable[[Path, bytes], Any],
    X: pd.DataFrame,
    right: np.ndarray,
    key: bytes,
) -> str:
    with tempfile.TemporaryDirectory() as place:
        copy, mark = Path(place) / "run", Path(place) / "mark"
        shutil.copytree(folder, copy)
        if key:
            write_manifest(copy / MANIFEST, read_manifest(copy / MANIFEST), key)
            (copy / ".key").write_bytes(key)
        attack(copy, mark)
        answer = _answer(load, copy, key, X, right)
        return "code ran" if mark.exists() else answer


def _answer(
    load: Callable[[Path, bytes], Any],
    folder: Path,
    key: bytes,
    X: pd.DataFrame,
    right: np.ndarray,
) -> str:
    try:
        found = load(folder, key).predict(X)
    except Exception as error:  # whatever a broken file raises is a refusal
        return f"refused: {type(error).__name__}"
    same = np.array_equal(found, right)
    return "opened" if same else "other answers"


def flip_sweep(
    data: bytes, positions: Sequence[int], predict: Callable[[bytes], np.ndarray]
) -> pd.DataFrame:
    """Flip one bit of each byte in turn, and return what a reader without hash does.

    Parameters
    ----------
    data : bytes
    positions : sequence of int
    predict : callable
        Loads bytes and returns predictions.

    Returns
    -------
    DataFrame
        ``position`` and ``outcome``: "zip", "reader", "harmless" or "changed".
    """
    right = predict(data)
    rows = []
    for position in positions:
        broken = bytearray(data)
        broken[position] ^= 1
        rows.append((int(position), _flip_outcome(bytes(broken), predict, right)))
    return pd.DataFrame(rows, columns=["position", "outcome"])


def _flip_outcome(
    data: bytes, predict: Callable[[bytes], np.ndarray], right: np.ndarray
) -> str:
    try:
        found = predict(data)
    except zipfile.BadZipFile:
        return "zip"
    except Exception:  # any other error of the reader refuses the file too
        return "reader"
    return "harmless" if np.array_equal(found, right) else "changed"
