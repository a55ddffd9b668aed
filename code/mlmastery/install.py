"""Install what a chapter needs where a notebook service lacks it, and replace nothing.

A notebook's first cell calls this. Colab and Kaggle bring NumPy, PyTorch, TensorFlow and
their relatives in versions that fit each other: only what is not there is installed.
"""

import re
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Collection, Iterable
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

# Distributions that bring the same module: where one is there, the other is not missing.
SAME = {"tensorflow-cpu": "tensorflow", "xgboost-cpu": "xgboost"}
NOT_INSTALLED = (
    "These packages are missing or too old, and could not be installed: {names}. Turn on "
    "Internet in the notebook's settings and run this cell again; or attach a dataset "
    "with their wheels and run: %pip install --no-index --find-links "
    "/kaggle/input/NAME {names}\npip said: {reason}"
)
RESTART = (
    "Restart the session (in the menu Runtime or Run) and run all cells again: it had "
    "imported an older version of what was now installed: {names}"
)


def install_missing(
    chapter: str = "", no_deps: Collection[str] = (), pip: Callable | None = None
) -> None:
    """Install the requirements of a chapter that are missing or too old.

    Parameters
    ----------
    chapter : str
        Its slug; without one, what most chapters import.
    no_deps : collection of str
        Requirements to install without what these ask for in turn.
    pip : callable, optional
        Called with the arguments of ``pip install``, returns what went wrong, or "".

    Raises
    ------
    SystemExit
        With one message, if pip could not install them, or if what it replaced has been
        imported, so that Python must be started again.

    Examples
    --------
    >>> install_missing()  # does nothing where all is there
    """
    pip = pip or run_pip
    wanted = lacking(requirements(chapter))
    bare = lacking(map(Requirement, no_deps))
    if wanted:
        replaced = [r for r in wanted if version_of(r.name)]
        with tempfile.TemporaryDirectory() as folder:
            # pip would replace what is there to please a package that it brings along.
            kept = Path(folder) / "kept.txt"
            kept.write_text("\n".join(pins(without={r.name for r in replaced})))
            pip_or_stop(pip, wanted, "--constraint", str(kept))
        stop_if_imported(replaced)
    if bare:
        pip_or_stop(pip, bare, "--no-deps")
    hide_false_alarms()


def hide_false_alarms() -> None:
    """Hide what Colab's LightGBM and scikit-learn say of arrays, which have no names."""
    warnings.filterwarnings("ignore", "X does not have valid feature names, but LGBM")


def requirements(chapter: str = "") -> list[Requirement]:
    """Return what the package declares for a chapter on this platform."""
    try:
        declared = map(Requirement, metadata.requires("mlmastery") or [])
    except metadata.PackageNotFoundError:  # a checkout on the path, not an installation
        return []
    places: list[dict[str, str]] = [{"extra": ""}, {"extra": chapter}]
    return [
        r
        for r in declared
        if r.marker is None or any(r.marker.evaluate(place) for place in places)
    ]


def lacking(wanted: Iterable[Requirement]) -> list[Requirement]:
    """Return the requirements that no installed distribution meets."""
    return [r for r in wanted if not meets(version_of(r.name), r)]


def meets(version: str | None, wanted: Requirement) -> bool:
    """Tell whether an installed version is there and within the bounds."""
    return version is not None and wanted.specifier.contains(version, prereleases=True)


def version_of(name: str) -> str | None:
    """Return the installed version of a distribution, or of one with the same module."""
    for each in filter(None, (name, SAME.get(name))):
        try:
            return metadata.version(each)
        except metadata.PackageNotFoundError:
            continue
    return None


def pins(without: Collection[str] = ()) -> list[str]:
    """Return ``name==version`` for what is installed.

    Examples
    --------
    >>> any(pin.startswith("numpy==") for pin in pins())
    True
    """
    normal = {canonical(name) for name in without}
    there = {
        canonical(d.metadata["Name"]): d.version
        for d in metadata.distributions()
        if d.metadata["Name"]
    }
    return [f"{n}=={v}" for n, v in sorted(there.items()) if n not in normal]


def canonical(name: str) -> str:
    """Return a distribution's name as the index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pip_or_stop(pip: Callable, wanted: list[Requirement], *options: str) -> None:
    """Install, or stop the cell with the one message that says what to do."""
    plain = [str(Requirement(str(r).partition(";")[0])) for r in wanted]
    if reason := pip(*options, *plain):
        raise SystemExit(NOT_INSTALLED.format(names=" ".join(plain), reason=reason))


def stop_if_imported(replaced: list[Requirement]) -> None:
    """Stop where Python goes on with the modules of a version that is gone."""
    modules = metadata.packages_distributions()
    names = {canonical(r.name) for r in replaced}
    stale = {
        canonical(name)
        for module, there in modules.items()
        for name in there
        if module in sys.modules and canonical(name) in names
    }
    if stale:
        raise SystemExit(RESTART.format(names=", ".join(sorted(stale))))


def run_pip(*arguments: str) -> str:
    """Run ``pip install`` and return its last complaint if it failed."""
    command = [sys.executable, "-m", "pip", "install", "-qq", "--retries", "1"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True)
    lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
    return lines[-1] if done.returncode else ""
