"""Data sets of the book: one loader and one data card each.

>>> from mlmastery.datasets import load_diabetes
>>> load_diabetes().shape
(442, 11)
"""

from mlmastery.datasets.cards import CARDS, Column, DataCard, Original
from mlmastery.datasets.files import DataError, DataMissingError, Tier, tier
from mlmastery.datasets.loaders import load_auto_mpg, load_diabetes

__all__ = [
    "Column",
    "DataCard",
    "DataError",
    "DataMissingError",
    "Original",
    "Tier",
    "cards",
    "load_auto_mpg",
    "load_diabetes",
    "tier",
]


def cards() -> tuple[DataCard, ...]:
    """Return the card of every data set, in the order of the book's data page.

    Examples
    --------
    >>> [card.name for card in cards()]
    ['diabetes', 'auto_mpg']
    """
    return tuple(CARDS.values())
