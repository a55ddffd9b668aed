"""The cards of all data sets."""

from collections import defaultdict
from collections.abc import Mapping

from mlmastery.datasets.kit.cards import DataCard
from mlmastery.datasets.kit.errors import CardError
from mlmastery.datasets.kit.finding import DATASETS, module_of, names


def cards() -> tuple[DataCard, ...]:
    """Return the card of every data set, in the order of their names.

    Raises
    ------
    CardError
        If a module has no card, two cards have one name, or a card another name than
        its module.

    Examples
    --------
    >>> [card.name for card in cards()][-3:]
    ['vader_movies', 'wine', 'zh_reviews']
    """
    found = {name: _card(name) for name in names()}
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
    return _named_like(name, _card(name))


def _card(module: str) -> DataCard:
    card = getattr(module_of(module), "CARD", None)
    if not isinstance(card, DataCard):
        raise CardError(f"CARD of {DATASETS}.{module} must be a DataCard, got {card!r}")
    return card


def _named_like(module: str, card: DataCard) -> DataCard:
    if card.name != module:
        raise CardError(
            f"the card of {DATASETS}.{module} must have its module's name, {module!r}, "
            f"got {card.name!r}"
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
                f"{' and '.join(owners)} of {DATASETS}"
            )
