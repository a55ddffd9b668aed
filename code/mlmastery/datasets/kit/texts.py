"""Read a text of the user's own."""

from pathlib import Path

from mlmastery.datasets.kit.cards import Original
from mlmastery.datasets.kit.originals import not_the_original


def read_text(path: Path, source: Original) -> str:
    """Return the text of a file, if it has the original's number of characters.

    Raises
    ------
    DataError
        If it has not, or is not UTF-8 text.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        if len(text) != source.shape[0]:
            raise ValueError(
                f"expected {source.shape[0]} characters, found {len(text)}"
            )
    except (ValueError, OSError) as error:
        raise not_the_original(path, source, error) from error
    return text
