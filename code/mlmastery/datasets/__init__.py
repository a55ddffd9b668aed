"""Data sets of the book: one loader and one data card each.

>>> from mlmastery.datasets import load_diabetes
>>> load_diabetes().shape
(442, 11)

The environment variable ``MLMASTERY_DATA`` chooses where data comes from: unset, what
arrives with the pinned packages (works offline); a folder, your own originals;
``download``, the originals over the network. ``python -m mlmastery.datasets`` lists
the sets and says whether each is present and intact.
"""

from mlmastery.datasets.cards import Column, DataCard, Original
from mlmastery.datasets.files import DataError, DataMissingError, Tier, tier
from mlmastery.datasets.loaders import (
    load_ames,
    load_animal_shapes,
    load_auto_mpg,
    load_california_housing,
    load_cats_dogs,
    load_diabetes,
    load_diamonds,
    load_flights,
    load_gapminder,
    load_iris,
    load_mnist,
    load_penguins,
    load_shakespeare,
    load_titanic,
    load_wine,
)
from mlmastery.datasets.report import (
    Status,
    card_of,
    cards,
    cards_markdown,
    fingerprint,
    verify,
)

__all__ = [
    "Column",
    "DataCard",
    "DataError",
    "DataMissingError",
    "Original",
    "Status",
    "Tier",
    "card_of",
    "cards",
    "cards_markdown",
    "fingerprint",
    "load_ames",
    "load_animal_shapes",
    "load_auto_mpg",
    "load_california_housing",
    "load_cats_dogs",
    "load_diabetes",
    "load_diamonds",
    "load_flights",
    "load_gapminder",
    "load_iris",
    "load_mnist",
    "load_penguins",
    "load_shakespeare",
    "load_titanic",
    "load_wine",
    "tier",
    "verify",
]
