"""Whether the data sets can be loaded now, and the hash of what would be read."""

from dataclasses import dataclass
from pathlib import Path

from mlmastery.datasets.kit.cards import DataCard
from mlmastery.datasets.kit.catalogue import card_of
from mlmastery.datasets.kit.errors import DataError, DataMissingError
from mlmastery.datasets.kit.files import combined_sha256, sha256
from mlmastery.datasets.kit.finding import loader_of
from mlmastery.datasets.kit.originals import original_path, require_original
from mlmastery.datasets.kit.tiers import EMBEDDED, FULL, tier


def fingerprint(name: str) -> str:
    """Return the SHA-256 of the file that the loader reads in the tier in force.

    Several files, or those of a folder, give one hash: see `combined_sha256`.

    Raises
    ------
    ValueError
        If there is no such data set.
    DataError
        If there is no such file.

    Examples
    --------
    >>> fingerprint("auto_mpg")[:16]
    'eb89e2baa2550aed'
    """
    card, chosen = card_of(name), tier()
    if chosen.name == EMBEDDED and card.embedded:
        return card.sha256
    return _sha256_of(original_path(card, chosen))


def _sha256_of(path: Path) -> str:
    if path.is_file():
        return sha256(path.read_bytes())
    files = sorted(file for file in path.rglob("*") if file.is_file())
    return combined_sha256(
        (file.relative_to(path).as_posix(), sha256(file.read_bytes())) for file in files
    )


@dataclass(frozen=True)
class Status:
    """The state of a data set: whether it can be loaded now.

    Parameters
    ----------
    name, tier : str
        Of the data set, and of the tier in force.
    state : str
        ``intact``, ``missing``, ``faulty``, ``not downloaded`` or ``no such tier``.
    detail : str
        What is wrong and what to do; the shape if nothing is.
    """

    name: str
    tier: str
    state: str
    detail: str


def verify(name: str) -> Status:
    """Load a data set and say whether it is present and intact; downloads nothing.

    Raises
    ------
    ValueError
        If there is no such data set.
    DataError
        If MLMASTERY_DATA names no folder.

    Examples
    --------
    >>> verify("diabetes")
    Status(name='diabetes', tier='embedded', state='intact', detail='442 x 11')
    """
    card, chosen = card_of(name), tier()
    state, detail = _state(card)
    return Status(name, chosen.name, state, detail)


def _state(card: DataCard) -> tuple[str, str]:
    chosen = tier()
    if chosen.name not in card.tiers:
        return "no such tier", f"only {', '.join(card.tiers)}"
    if chosen.name == FULL:
        waiting = _why_not_in_cache(card)
        if waiting:
            return waiting
    try:
        data = loader_of(card.name)()
    except DataMissingError as error:
        return "missing", str(error)
    except DataError as error:
        return "faulty", str(error)
    if isinstance(data, str):
        return "intact", f"{len(data)} characters"
    return "intact", f"{len(data)} x {data.shape[1]}"


def _why_not_in_cache(card: DataCard) -> tuple[str, str] | None:
    from mlmastery.datasets.kit.download import cache_folder

    original = require_original(card, tier())
    path = cache_folder(card.name) / original.path
    if not path.exists():
        return "not downloaded", f"its loader will fetch {original.download}"
    found = _sha256_of(path)
    if found != original.sha256:
        return "faulty", (
            f"{path} was altered or cut short: expected SHA-256 {original.sha256}, "
            f"found {found}. Its loader will fetch it again."
        )
    return None
