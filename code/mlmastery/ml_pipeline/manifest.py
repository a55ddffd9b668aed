"""Write what made a run, so that it can be checked and repeated.

>>> import numpy as np
>>> canonical({"b": np.int64(3), "a": np.float32(0.5)})
'{"a":0.5,"b":3}'
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.storage import replacing

__all__ = [
    "ManifestError",
    "canonical",
    "file_hash",
    "frame_hash",
    "package_versions",
    "plain",
    "read_manifest",
    "seal",
    "write_manifest",
]

PACKAGES = ("numpy", "pandas", "scikit-learn", "scipy", "skops")


class ManifestError(ValueError):
    """A manifest, or a file that it lists, is not what it says."""


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: NumPy scalars, arrays, paths and tuples too.

    Raises
    ------
    TypeError
        If a value or a key has no place in JSON.
    ValueError
        If a number is not finite.

    Examples
    --------
    >>> plain({"n": np.int64(3), "shape": (2, 4), "ok": np.bool_(True)})
    {'n': 3, 'shape': [2, 4], 'ok': True}
    """
    if isinstance(value, Mapping):
        wrong = [k for k in value if not isinstance(k, str)]
        if wrong:
            raise TypeError(f"keys must be texts, got {wrong[0]!r}")
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, PurePath):
        return value.as_posix()
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"a number must be finite, got {value}")
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise TypeError(f"JSON has no place for {type(value).__name__}: {value!r}")


def canonical(content: Any) -> str:
    """Return content as JSON with sorted keys and no spaces: equal content, equal text.

    Examples
    --------
    >>> canonical({"b": 1, "a": [1.5]}) == canonical({"a": (1.5,), "b": np.int8(1)})
    True
    """
    text = json.dumps(plain(content), sort_keys=True, separators=(",", ":"))
    return text


def file_hash(path: str | Path) -> str:
    """Return the SHA-256 of a file, 64 hexadecimal digits."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def frame_hash(df: pd.DataFrame) -> str:
    """Return a hash of a table's names, types and values, in their order.

    Examples
    --------
    >>> a, b = pd.DataFrame({"x": [1]}), pd.DataFrame({"x": [1.0]})
    >>> frame_hash(a) == frame_hash(a.copy()), frame_hash(a) == frame_hash(b)
    (True, False)
    """
    names = canonical([[str(n), str(t)] for n, t in df.dtypes.items()])
    digest = hashlib.sha256(names.encode())
    digest.update(pd.util.hash_pandas_object(df, index=False).to_numpy().tobytes())
    return digest.hexdigest()


def package_versions(more: Sequence[str] = ()) -> dict[str, str]:
    """Return the versions that a saved model depends on, Python's first.

    Parameters
    ----------
    more : sequence of str, default=()
        Further packages, such as those of an export.
    """
    python = platform.python_version()
    names = (*PACKAGES, *more)
    return {"python": python, **{name: version(name) for name in names}}


def seal(content: Mapping[str, Any], key: bytes = b"") -> str:
    """Return a keyed hash of the content without its own ``seal``.

    With the empty key everybody can compute it: it shows accidents, not attacks.

    Examples
    --------
    >>> seal({"n": 1}) == seal({"n": 1, "seal": "old"}), seal({"n": 1}, b"k") == seal({"n": 1})
    (True, False)
    """
    body = {k: v for k, v in content.items() if k != "seal"}
    return hmac.new(key, canonical(body).encode(), "sha256").hexdigest()


def write_manifest(
    path: str | Path, content: Mapping[str, Any], key: bytes = b""
) -> None:
    """Write a manifest with its seal, whole or not at all.

    Parameters
    ----------
    path : str or Path
    content : dict
    key : bytes, default=b""
        A secret that the readers share.

    Raises
    ------
    TypeError, ValueError
        If JSON has no place for a value; nothing is written then.
    """
    sealed = {**plain(content), "seal": seal(content, key)}
    text = json.dumps(sealed, indent=2, sort_keys=True) + "\n"
    with replacing(path, "w") as file:
        file.write(text)


def read_manifest(path: str | Path, key: bytes = b"") -> dict[str, Any]:
    """Return a manifest's content if its seal is right.

    Raises
    ------
    ManifestError
        If the file is not JSON, or its seal is missing or wrong.
    FileNotFoundError
        If there is none.
    """
    path = Path(path)
    try:
        content = json.loads(path.read_bytes())
        stated, right = content.pop("seal"), seal(content, key)
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise ManifestError(f"{path.name} is not a sealed manifest: {error}") from None
    if not hmac.compare_digest(str(stated).encode(), right.encode()):
        raise ManifestError(
            f"{path.name} was changed after it was sealed, or sealed with another key"
        )
    for name in ("files", "versions"):
        entries = content.get(name, {})
        if not isinstance(entries, dict) or not all(
            isinstance(value, str) for value in entries.values()
        ):
            raise ManifestError(f"{path.name}: {name} must hold texts by name")
    return content
