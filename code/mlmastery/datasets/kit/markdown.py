"""Write the data cards as MyST Markdown, for the book's data page."""

from collections.abc import Collection, Iterator

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.catalogue import cards
from mlmastery.datasets.kit.tiers import FULL, LOCAL


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
    (data-afrisenti)=
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
    yield f"- **Local:** `{original.path}` of your own. {original.about}"
    if FULL in card.tiers:
        yield f"- **Full:** {original.download}, SHA-256 begins `{original.sha256[:16]}`"
    else:
        yield (
            f"- **Full:** none, as no hash of the original could be verified; fetch "
            f"it from [its page]({original.url}) and use the {LOCAL} tier."
        )
