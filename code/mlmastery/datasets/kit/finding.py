"""Find the data sets: each module beside this package is one."""

import difflib
import sys
from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from mlmastery.datasets.kit.errors import CardError

DATASETS = __name__.rpartition(".kit.")[0]


def names() -> list[str]:
    """Return the names of the data sets, sorted; imports none of them.

    Examples
    --------
    >>> names()[:2]
    ['afrisenti', 'ames']
    """
    found = iter_modules(sys.modules[DATASETS].__path__)
    return sorted(m.name for m in found if not m.ispkg and not m.name.startswith("_"))


def module_of(name: str) -> ModuleType:
    """Return the module of the data set ``name``, imported.

    Raises
    ------
    ValueError
        If there is no such set; the message lists those there are.

    Examples
    --------
    >>> module_of("iris").__name__
    'mlmastery.datasets.iris'
    """
    if name not in names():
        raise ValueError(f"name must be one of {', '.join(names())}, got {name!r}")
    return import_module(f"{DATASETS}.{name}")


def loader_of(name: str) -> Callable[..., Any]:
    """Return the function ``load_<name>`` of the data set ``name``.

    Raises
    ------
    ImportError
        If there is no such set; the message names those with a similar name.
    CardError
        If its module has no such function.

    Examples
    --------
    >>> loader_of("auto_mpg")().shape
    (392, 9)
    """
    if name not in names():
        raise ImportError(_unknown(name), name=DATASETS)
    loader = getattr(module_of(name), f"load_{name}", None)
    if not callable(loader):
        raise CardError(
            f"{DATASETS}.{name} must define the function load_{name}, got {loader!r}"
        )
    return loader


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, names(), n=3)
    listed = ", ".join(f"load_{one}" for one in near or names())
    return f"a loader of {DATASETS} must be one of {listed}, got load_{name}"
