"""Find the data sets: each module beside this package is one, with card and loader."""

import difflib
from collections import defaultdict
from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from mlmastery import datasets
from mlmastery.datasets.kit.cards import DataCard
from mlmastery.datasets.kit.errors import CardError


def names() -> list[str]:
    """Return the names of the data sets, sorted; imports none of them.

    Examples
    --------
    >>> names()[:2]
    ['ames', 'animal_shapes']
    """
    found = iter_modules(datasets.__path__)
    return sorted(m.name for m in found if not m.ispkg and not m.name.startswith("_"))


def cards() -> tuple[DataCard, ...]:
    """Return the card of every data set, in the order of their names.

    Raises
    ------
    CardError
        If a module has no card, two cards have one name, or a card another than its
        module.

    Examples
    --------
    >>> [card.name for card in cards()][-3:]
    ['shakespeare', 'titanic', 'wine']
    """
    found = {name: _card(_module(name)) for name in names()}
    _check_unique(found)
    return tuple(_named_like(name, card) for name, card in found.items())


def card_of(name: str) -> DataCard:
    """Return the card of one data set; imports no other.

    Raises
    ------
    ValueError
        If there is no such set; the message lists those there are.
    CardError
        If its module has no card, or one of another name.

    Examples
    --------
    >>> card_of("auto_mpg").shape
    (392, 9)
    """
    if name not in names():
        raise ValueError(f"name must be one of {', '.join(names())}, got {name!r}")
    return _named_like(name, _card(_module(name)))


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
        raise ImportError(_unknown(name), name=datasets.__name__)
    module = _module(name)
    loader = getattr(module, f"load_{name}", None)
    if not callable(loader):
        raise CardError(
            f"{module.__name__} must define the function load_{name}, got {loader!r}"
        )
    return loader


def _unknown(name: str) -> str:
    known = names()
    near = difflib.get_close_matches(name, known, n=3) or known
    listed = ", ".join(f"load_{one}" for one in near)
    return (
        f"the loader must be one of those in {datasets.__name__}, such as {listed}; "
        f"got load_{name}"
    )


def _module(name: str) -> ModuleType:
    return import_module(f"{datasets.__name__}.{name}")


def _card(module: ModuleType) -> DataCard:
    card = getattr(module, "CARD", None)
    if not isinstance(card, DataCard):
        raise CardError(f"CARD of {module.__name__} must be a DataCard, got {card!r}")
    return card


def _named_like(name: str, card: DataCard) -> DataCard:
    if card.name != name:
        raise CardError(
            f"the card of {datasets.__name__}.{name} must have the name {name!r}, as "
            f"its module, got {card.name!r}"
        )
    return card


def _check_unique(found: Mapping[str, DataCard]) -> None:
    modules = defaultdict(list)
    for module, card in found.items():
        modules[card.name].append(module)
    for name, owners in modules.items():
        if len(owners) > 1:
            raise CardError(
                f"each card must have a name of its own, got {name!r} in the modules "
                f"{' and '.join(owners)} of {datasets.__name__}"
            )
