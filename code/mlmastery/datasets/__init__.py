"""Data sets of the book: one loader and one data card each.

>>> from mlmastery.datasets import load_diabetes
>>> load_diabetes().shape
(442, 11)

The environment variable ``MLMASTERY_DATA`` chooses where data comes from: unset, what
arrives with the pinned packages (works offline); a folder, your own originals;
``download``, the originals over the network. ``python -m mlmastery.datasets`` lists
the sets and says whether each is present and intact.

One data set is one module of this folder, ``<name>.py``, with its card, its loader and
the reader of its original. ``load_<name>`` imports it when it is asked for.
"""

from typing import Any

import lazy_loader

_shared, _shared_names, _ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    if not name.startswith("load_"):
        return _shared(name)
    from mlmastery.datasets.kit.finding import loader_of

    return loader_of(name.removeprefix("load_"))


def __dir__() -> list[str]:
    from mlmastery.datasets.kit.finding import names

    return sorted([*_shared_names(), *(f"load_{name}" for name in names())])


__all__ = __dir__()
