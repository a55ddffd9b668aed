"""Load a table from the tier in force, and give its columns their card's types."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import DataCard, Original
from mlmastery.datasets.kit.errors import CardError
from mlmastery.datasets.kit.originals import (
    not_the_original,
    original_path,
    require_original,
)
from mlmastery.datasets.kit.tiers import EMBEDDED, tier

FromContents = Callable[[Sequence[bytes]], pd.DataFrame]
FromPath = Callable[[Path], pd.DataFrame]


def load_frame(
    card: DataCard,
    read_embedded: FromContents | None = None,
    read_original: FromPath | None = None,
) -> pd.DataFrame:
    """Read the files of the tier in force; both readers give the card's columns.

    Parameters
    ----------
    card : DataCard
        Names the files.
    read_embedded : callable, optional
        Makes a frame of the contents of ``card.embedded``, whose hashes were checked.
    read_original : callable, optional
        Makes a frame of the path of ``card.original``.

    Returns
    -------
    DataFrame
        With the columns and types of the card.

    Raises
    ------
    DataError
        If a file is missing, altered, or not what the card says.
    CardError
        If the card names files for which there is no reader.
    """
    chosen = tier()
    if chosen.name == EMBEDDED and card.embedded:
        read = _reader(card, "read_embedded", read_embedded)
        return with_types(read([file.read() for file in card.embedded]), card)
    source, path = require_original(card, chosen), original_path(card, chosen)
    read_path = _reader(card, "read_original", read_original)
    try:
        frame = read_path(path)
        _check(frame, source)
        return with_types(frame, card)
    # What pandas raises for bytes, rows or cells that are not as they should be.
    except (ValueError, pd.errors.ParserError, OSError) as error:
        raise not_the_original(path, source, error) from error


def _reader(card: DataCard, name: str, reader: Callable | None) -> Callable:
    if reader is None:
        raise CardError(
            f"{name} of the data set {card.name!r} must be a function, since its "
            "card names such files; got None"
        )
    return reader


def with_names(frame: pd.DataFrame, card: DataCard) -> pd.DataFrame:
    """Give columns in the order of the card the names that it states."""
    names = list(card.dtypes)
    if frame.shape[1] != len(names):
        raise ValueError(f"expected {len(names)} columns, found {frame.shape[1]}")
    return frame.set_axis(names, axis=1)


def read_csv_of(card: DataCard, path: Path) -> pd.DataFrame:
    """Read a CSV file whose header must be the names that the card states."""
    frame = pd.read_csv(path)
    if list(frame.columns) != list(card.dtypes):
        raise ValueError(f"expected the header {' '.join(card.dtypes)}")
    return frame


def with_types(frame: pd.DataFrame, card: DataCard) -> pd.DataFrame:
    """Give each column the type that its card states, whatever file it came from."""
    columns = {column: _convert(frame[column], t) for column, t in card.dtypes.items()}
    return pd.DataFrame(columns)


def _convert(values: pd.Series, dtype: str) -> pd.Series:
    if dtype in ("str", "object"):
        # pandas 2 would turn a missing cell into the word "nan".
        return values.astype(dtype).where(values.notna())
    if dtype.startswith("datetime64"):
        return values.astype(dtype)
    try:
        numbers = pd.to_numeric(values)
    except ValueError as error:
        raise ValueError(f"column {values.name!r}: {error}") from error
    if dtype.startswith("int") and (numbers % 1 != 0).any():
        raise ValueError(f"column {values.name!r}: expected whole numbers")
    return numbers.astype(dtype)


def _check(frame: pd.DataFrame, original: Original) -> None:
    """Compare the number of rows and of missing cells with the card's."""
    if len(frame) != original.shape[0]:
        raise ValueError(f"expected {original.shape[0]} rows, found {len(frame)}")
    missing = {str(name): int(n) for name, n in frame.isna().sum().items() if n}
    if missing != dict(original.missing):
        raise ValueError(
            f"expected missing cells {dict(original.missing) or 'nowhere'}, "
            f"found {missing or 'none'}"
        )
