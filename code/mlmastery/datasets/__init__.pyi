import typing

from .kit.cards import Column, DataCard, Original
from .kit.catalogue import card_of, cards
from .kit.errors import CardError, DataError, DataMissingError
from .kit.markdown import cards_markdown
from .kit.status import Status, fingerprint, verify
from .kit.tiers import Tier, tier

__all__ = [
    "CardError",
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
    "tier",
    "verify",
]

# load_<name>, one of each module of this folder
def __getattr__(name: str) -> typing.Any: ...
