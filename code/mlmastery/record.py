"""Record a chapter's headline figures on the original data, in a small ledger.

``python -m mlmastery.record <slug>`` runs the chapter's headline protocol on the
originals in the folder that ``MLMASTERY_DATA`` names, and writes
``recorded/<slug>.json`` beside this module, which is committed, shown in the book and
read back by `mlmastery.ledger.read_ledger`.

A chapter takes part by offering ``record(data_dir: Path) -> list[Recorded]``, in
``mlmastery.<slug>`` or, if the chapter is a package, in ``mlmastery.<slug>.record``.
"""

import argparse
import contextlib
import json
import platform
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module, metadata
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import mlmastery
from mlmastery.datasets import DataError, tier
from mlmastery.ledger import LedgerError, Recorded, cpu_timed, ledger_path
from mlmastery.renamed import renamed
from mlmastery.storage import replacing

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

Recorder = Callable[[Path], Sequence[Recorded]]


def chapters() -> list[str]:
    """Return the slugs of the chapters that the package has: those with exercises.

    Examples
    --------
    >>> "titanic_survival" in chapters(), "datasets" in chapters()
    (True, False)
    """
    places = [Path(root) / "exercises" for root in mlmastery.__path__]
    folders = (f for place in places if place.is_dir() for f in place.iterdir())
    return sorted({f.name for f in folders if f.is_dir() and f.name.isidentifier()})


def recorder_of(slug: str) -> Recorder:
    """Return the function that records the chapter ``slug``.

    Raises
    ------
    LedgerError
        If there is no such chapter, or it has no figures on originals.
    """
    if slug not in chapters():
        known = ", ".join(chapters()) or "none yet"
        raise LedgerError(f"unknown chapter {slug!r}; known: {known}")
    chapter = import_module(f"mlmastery.{slug}")
    if "record" in {m.name for m in iter_modules(getattr(chapter, "__path__", []))}:
        chapter = import_module(f"mlmastery.{slug}.record")
    function = getattr(chapter, "record", None)
    if not callable(function):
        raise LedgerError(
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
        As `mlmastery.ledger.read_ledger` gives it.

    Raises
    ------
    LedgerError
        If there is no such chapter, or what it returned cannot be recorded.
    DataError
        If an original is missing or faulty.
    """
    record = recorder_of(slug)
    returned, seconds = cpu_timed(lambda: record(data_dir))
    figures = _valid(slug, returned)
    return {
        "chapter": slug,
        "date": datetime.now(UTC).date().isoformat(),
        "cpu_seconds": round(seconds, 2),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "versions": _versions(),
        "figures": [figure.fields() for figure in figures],
    }


def _valid(slug: str, figures: object) -> list[Recorded]:
    """Return the figures if they can be recorded."""
    origin = f"record() of the chapter {slug!r}"
    if not isinstance(figures, list | tuple) or not figures:
        raise LedgerError(
            f"{origin} must return at least one Recorded, got {figures!r}"
        )
    for figure in figures:
        if not isinstance(figure, Recorded):
            raise LedgerError(f"{origin} must return Recorded only, got {figure!r}")
    counts = Counter(figure.name for figure in figures)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        raise LedgerError(f"{origin} returned a name twice: {', '.join(twice)}")
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
    with replacing(path, "w") as file:
        json.dump(ledger, file, indent=2, ensure_ascii=False, allow_nan=False)
        file.write("\n")


def _originals() -> Path:
    """Return the user's folder of originals, which recording cannot do without."""
    chosen = tier()
    if chosen.folder is None:
        raise LedgerError(
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
        path = options.out or ledger_path(options.slug)
        write_ledger(run(options.slug, _originals()), path)
    except (LedgerError, DataError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Recorded {options.slug} in {path}\n")
    return 0


__getattr__ = renamed(
    __name__,
    {
        "RecordError": "mlmastery.ledger.LedgerError",
        "default_path": "mlmastery.ledger.ledger_path",
        "ledger": "mlmastery.ledger.read_ledger",
    },
)


if __name__ == "__main__":
    # Run as a script this module is __main__, and its Recorded is not the class that
    # the chapter imports: hand over to the module of the right name.
    from mlmastery.record import main as main_of_module

    sys.exit(main_of_module())
