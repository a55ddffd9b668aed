"""Record a chapter's headline figures on the original data, in a small ledger.

``python -m mlmastery.record <slug>`` runs the chapter's headline protocol on the
originals in the folder that ``MLMASTERY_DATA`` names, and writes
``recorded/<slug>.json`` beside this module, which is committed, shown in the book and
read back by :func:`ledger`.

A chapter takes part by offering ``record(data_dir: Path) -> list[Recorded]``, in
``mlmastery.<slug>`` or, if the chapter is a package, in ``mlmastery.<slug>.record``.
"""

import argparse
import contextlib
import json
import math
import os
import platform
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import import_module, metadata
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import mlmastery
from mlmastery.datasets import DataError, tier

# What a figure may depend on: its version is recorded if the protocol imported it.
PACKAGES = {
    "catboost": "catboost",
    "cv2": "opencv-python-headless",
    "lightgbm": "lightgbm",
    "numpy": "numpy",
    "pandas": "pandas",
    "scipy": "scipy",
    "sklearn": "scikit-learn",
    "statsmodels": "statsmodels",
    "tensorflow": "tensorflow-cpu",
    "torch": "torch",
    "transformers": "transformers",
    "xgboost": "xgboost-cpu",
}
NOT_CHAPTERS = {"bookkit", "check", "datasets", "exercises", "record"}


class RecordError(RuntimeError):
    """The figures cannot be recorded; the message says why and what to do."""


@dataclass(frozen=True)
class Recorded:
    """One figure measured on the original data.

    Parameters
    ----------
    name : str
        What was measured, unique in its chapter.
    value, spread : float
        The figure and its standard deviation, in the metric's unit.
    metric : str
        For example ``"RMSE"``.
    protocol : str
        How it was measured, so that somebody can repeat it.
    seconds : float
        How long it took.
    data_sha256 : str
        Hash of the data, as `mlmastery.datasets.fingerprint` gives it.

    Raises
    ------
    ValueError
        If a text is empty, a number is not finite or negative where it cannot be, or
        the hash is not 64 hexadecimal digits.

    Examples
    --------
    >>> Recorded("ridge", 54.1, -1.0, "RMSE", "5 folds", 0.2, "0" * 64)
    Traceback (most recent call last):
        ...
    ValueError: spread must be finite and at least 0, got -1.0
    """

    name: str
    value: float
    spread: float
    metric: str
    protocol: str
    seconds: float
    data_sha256: str

    def __post_init__(self) -> None:
        for field in ("name", "metric", "protocol"):
            if not getattr(self, field).strip():
                raise ValueError(f"{field} must not be empty")
        if not math.isfinite(self.value):
            raise ValueError(f"value must be finite, got {self.value}")
        for field in ("spread", "seconds"):
            number = getattr(self, field)
            if not (math.isfinite(number) and number >= 0):
                raise ValueError(f"{field} must be finite and at least 0, got {number}")
        if not re.fullmatch("[0-9a-f]{64}", self.data_sha256):
            raise ValueError(
                f"data_sha256 must be 64 hexadecimal digits, got {self.data_sha256!r}"
            )


Recorder = Callable[[Path], Sequence[Recorded]]


def chapters() -> list[str]:
    """Return the slugs of the chapters that the package has.

    Examples
    --------
    >>> "datasets" in chapters()
    False
    """
    names = (module.name for module in iter_modules(mlmastery.__path__))
    return sorted(name for name in names if name not in NOT_CHAPTERS)


def recorder_of(slug: str) -> Recorder:
    """Return the function that records the chapter ``slug``.

    Raises
    ------
    RecordError
        If there is no such chapter, or it has no figures on originals.
    """
    if slug not in chapters():
        known = ", ".join(chapters()) or "none yet"
        raise RecordError(f"unknown chapter {slug!r}; known: {known}")
    chapter = import_module(f"mlmastery.{slug}")
    if "record" in {m.name for m in iter_modules(getattr(chapter, "__path__", []))}:
        chapter = import_module(f"mlmastery.{slug}.record")
    function = getattr(chapter, "record", None)
    if not callable(function):
        raise RecordError(
            f"the chapter {slug!r} has no figures on original data to record: "
            f"{chapter.__name__} offers no function record(data_dir)"
        )
    return function


def run(slug: str, data_dir: Path) -> dict[str, Any]:
    """Run a chapter's headline protocol on the originals and return the ledger.

    Parameters
    ----------
    slug : str
        The chapter.
    data_dir : Path
        The folder with the user's originals.

    Returns
    -------
    dict
        ``chapter``, ``date`` (UTC), ``seconds``, ``python``, ``machine``,
        ``versions`` and ``figures``, a list with the fields of `Recorded`.

    Raises
    ------
    RecordError
        If there is no such chapter, or what it returned cannot be recorded.
    DataError
        If an original is missing or faulty.
    """
    record = recorder_of(slug)
    start = time.perf_counter()
    figures = _valid(slug, record(data_dir))
    return {
        "chapter": slug,
        "date": datetime.now(UTC).date().isoformat(),
        "seconds": round(time.perf_counter() - start, 2),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "versions": _versions(),
        "figures": [asdict(figure) for figure in figures],
    }


def _valid(slug: str, figures: object) -> list[Recorded]:
    """Return the figures if they can be recorded."""
    origin = f"record() of the chapter {slug!r}"
    if not isinstance(figures, list | tuple) or not figures:
        raise RecordError(
            f"{origin} must return at least one Recorded, got {figures!r}"
        )
    for figure in figures:
        if not isinstance(figure, Recorded):
            raise RecordError(f"{origin} must return Recorded only, got {figure!r}")
    counts = Counter(figure.name for figure in figures)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        raise RecordError(f"{origin} returned a name twice: {', '.join(twice)}")
    return list(figures)


def _versions() -> dict[str, str]:
    versions = {"mlmastery": mlmastery.__version__}
    for module, package in PACKAGES.items():
        if module in sys.modules:
            with contextlib.suppress(metadata.PackageNotFoundError):
                versions[package] = metadata.version(package)
    return versions


def write_ledger(ledger: dict[str, Any], path: Path) -> None:
    """Write the ledger as JSON: the whole file, or nothing and the old one stays.

    Parameters
    ----------
    ledger : dict
        As `run` gives it.
    path : Path
        Where; its folder is made.

    Raises
    ------
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> path = Path(tempfile.mkdtemp()) / "recorded" / "fake.json"
    >>> write_ledger({"chapter": "fake"}, path)
    >>> print(path.read_text())
    {
      "chapter": "fake"
    }
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _replacing(path) as file:
        json.dump(ledger, file, indent=2, ensure_ascii=False, allow_nan=False)
        file.write("\n")


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[Any]:
    """Open a file beside ``path`` that takes its place only when all went well."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)  # mkstemp's own mode would hide it from others
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def default_path(slug: str) -> Path:
    """Return where a chapter's ledger lies: ``recorded/<slug>.json`` in the package."""
    return Path(__file__).with_name("recorded") / f"{slug}.json"


def ledger(slug: str) -> dict[str, Any]:
    """Return what was recorded for a chapter, as `run` gave it.

    Raises
    ------
    RecordError
        If nothing was recorded for this chapter.

    Examples
    --------
    >>> ledger("titanic_survival")["chapter"]
    'titanic_survival'
    """
    path = default_path(slug)
    if not path.is_file():
        raise RecordError(f"nothing is recorded for {slug!r}: there is no {path}")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _originals() -> Path:
    """Return the user's folder of originals, which recording cannot do without."""
    chosen = tier()
    if chosen.folder is None:
        raise RecordError(
            "recording needs the original data: set MLMASTERY_DATA to the folder that "
            f"holds it (the tier in force is {chosen.name!r})"
        )
    return chosen.folder


def main(
    arguments: Sequence[str] | None = None, prog: str = "python -m mlmastery.record"
) -> int:
    """Record one chapter from the command line and return the exit status.

    Returns
    -------
    int
        0; 1 if the figures could not be recorded. A wrong command line ends with 2.
    """
    parser = argparse.ArgumentParser(prog, description=__doc__)
    parser.add_argument("slug", help="the chapter, for example linear_regression")
    parser.add_argument("--out", type=Path, help="write the ledger to this file")
    options = parser.parse_args(arguments)
    try:
        recorder_of(options.slug)
        path = options.out or default_path(options.slug)
        write_ledger(run(options.slug, _originals()), path)
    except (RecordError, DataError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Recorded {options.slug} in {path}\n")
    return 0


if __name__ == "__main__":
    # Run as a script this module is __main__, and its Recorded is not the class that
    # the chapter imports: hand over to the module of the right name.
    from mlmastery.record import main as main_of_module

    sys.exit(main_of_module())
