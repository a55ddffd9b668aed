"""What is said about the data sets: their cards as Markdown, and their state."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from mlmastery.datasets.cards import CARDS, Column, DataCard
from mlmastery.datasets.files import (
    EMBEDDED,
    FULL,
    LOCAL,
    DataError,
    DataMissingError,
    combined_sha256,
    sha256,
    tier,
)
from mlmastery.datasets.loaders import LOADERS, original_path, require_original


def cards() -> tuple[DataCard, ...]:
    """Return the card of every data set, in the order of the book's data page.

    Examples
    --------
    >>> [card.name for card in cards()]
    ['diabetes', 'auto_mpg', 'flights', 'gapminder', 'penguins', 'diamonds',
     'iris', 'wine', 'mnist', 'titanic', 'ames',
     'california_housing', 'shakespeare',
     'animal_shapes', 'cats_dogs']
    """
    return tuple(CARDS.values())


def card_of(name: str) -> DataCard:
    """Return the card of one data set.

    Raises
    ------
    ValueError
        If there is no such set; the message lists those there are.

    Examples
    --------
    >>> card_of("auto_mpg").shape
    (392, 9)
    """
    if name not in CARDS:
        raise ValueError(f"name must be one of {', '.join(CARDS)}, got {name!r}")
    return CARDS[name]


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
    """Whether a data set can be loaded now.

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
        data = LOADERS[card.name]()
    except DataMissingError as error:
        return "missing", str(error)
    except DataError as error:
        return "faulty", str(error)
    if isinstance(data, str):
        return "intact", f"{len(data)} characters"
    return "intact", f"{len(data)} x {data.shape[1]}"


def _why_not_in_cache(card: DataCard) -> tuple[str, str] | None:
    from mlmastery.datasets.download import cache_folder

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


def cards_markdown(chapters: Collection[str] | None = None, level: int = 2) -> str:
    """Write all data cards as MyST Markdown, for the book's data page.

    Parameters
    ----------
    chapters : collection of str, optional
        Slugs of the chapters that the book has; only these become links. By default
        every chapter that a card names.
    level : int
        Heading level of each card, 1 to 6.

    Returns
    -------
    str
        One section per set, labelled ``data-<name>``.

    Raises
    ------
    ValueError
        If ``level`` is not between 1 and 6.

    Examples
    --------
    >>> print(cards_markdown().splitlines()[0])
    (data-diabetes)=
    """
    if not 1 <= level <= 6:
        raise ValueError(f"level must lie between 1 and 6, got {level}")
    return "\n".join("\n".join(_card_lines(c, chapters, level)) for c in cards())


def _card_lines(
    card: DataCard, chapters: Collection[str] | None, level: int
) -> Iterator[str]:
    yield from (f"(data-{card.name})=", f"{'#' * level} {card.title}", "")
    yield f"`load_{card.name}()` gives {card.extent}. {card.row}"
    yield from ("", f"- **Source:** {card.source}; [page]({card.url}).")
    yield f"- **Licence:** {card.licence}"
    yield f"- **Cite:** {{cite:t}}`{card.citation}`"
    links = ", ".join(_chapter(slug, chapters) for slug in card.chapters)
    yield f"- **Used in:** {links}"
    yield from _tier_lines(card)
    if card.columns:
        yield from ("", "| Column | Unit | Meaning |", "|---|---|---|")
    yield from (_column_line(column) for column in card.columns)
    yield from ("", "Known faults:", "")
    yield from (f"- {fault}" for fault in card.faults)
    yield ""


def _chapter(slug: str, chapters: Collection[str] | None) -> str:
    return f"{{ref}}`ch-{slug}`" if chapters is None or slug in chapters else slug


def _column_line(column: Column) -> str:
    names = column.names
    name = f"`{names[0]}`" + (f" to `{names[-1]}`" if len(names) > 1 else "")
    return f"| {name} | {column.unit or '–'} | {column.about} |"


def _tier_lines(card: DataCard) -> Iterator[str]:
    for file in card.embedded:
        yield f"- **Embedded:** {file.origin}, SHA-256 begins `{file.sha256[:16]}`"
    if not card.embedded:
        yield "- **Embedded:** none; it does not come with the book."
    original = card.original
    if original is None:
        yield "- **Local and full:** none; the embedded data is all there is."
        return
    yield f"- **Local:** your own `{original.path}`. {original.about}"
    if FULL in card.tiers:
        yield f"- **Full:** {original.download}, SHA-256 begins `{original.sha256[:16]}`"
    else:
        yield (
            f"- **Full:** none, as no hash of the original could be verified; fetch "
            f"it from [its page]({original.url}) and use the {LOCAL} tier."
        )
