"""Find how a text file holds its table: encoding, separator, header, surroundings."""

import codecs
import csv
import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO, Any

from mlmastery.data_exploration.amounts import split_amount
from mlmastery.data_exploration.dates import date_formats
from mlmastery.data_exploration.records import TableError
from mlmastery.validation import check_count

__all__ = [
    "TableDialect",
    "find_dialect",
    "find_encoding",
    "find_separator",
    "text_rows",
]

LOOKED_AT = 200  # lines
SPACES = r"\s+"  # one or more spaces or tabs
_YEAR = re.compile(r"(?:19|20)\d\d")  # a name of a column, often enough
PEEK = 1 << 18  # bytes
BROKEN = (OSError, EOFError, zlib.error)  # what a file raises that is cut or damaged
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}
NAMES[SPACES] = "space"
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class TableDialect:
    r"""Layout of a table in its file.

    Parameters
    ----------
    encoding, separator : str
    skipped : int
        Lines before the header, or before the first row where there is no header.
    names : tuple of str
        Of the columns.
    has_header : bool
        Whether the names stand in the file.
    quotechar, escapechar, comment : str or None
    doublequote, skipinitialspace : bool
        As for `pandas.read_csv`.

    Examples
    --------
    >>> print(TableDialect("utf-8", ";", 2, ("date", "amount")))
    semicolon-separated, utf-8, 2 lines before the header
    """

    encoding: str
    separator: str
    skipped: int
    names: tuple[str, ...]
    has_header: bool = True
    quotechar: str = '"'
    escapechar: str | None = None
    comment: str | None = None
    doublequote: bool = True
    skipinitialspace: bool = False

    def __str__(self) -> str:
        sign = NAMES.get(self.separator, repr(self.separator))
        parts = [f"{sign}-separated", self.encoding.removesuffix("-sig")]
        if self.skipped:
            lines = "line" if self.skipped == 1 else "lines"
            what = "header" if self.has_header else "first row"
            parts.append(f"{self.skipped} {lines} before the {what}")
        if not self.has_header:
            parts.append("no header")
        return ", ".join(parts)


def open_text(path: Path, encoding: str) -> IO[str]:
    """Open a text file, which may be packed by gzip."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    if packed:
        return gzip.open(path, "rt", encoding=encoding, newline="")
    return path.open("r", encoding=encoding, newline="")


def first_bytes(path: Path, n: int = PEEK) -> bytes:
    """Return the beginning of a file, unpacked if it is packed by gzip."""
    with path.open("rb") as file:
        start = file.read(n)
    if start[:2] != b"\x1f\x8b":
        return start
    try:
        with gzip.open(path) as file:
            return file.read(n)
    except BROKEN as error:
        raise TableError(f"{path} is not a table: {error}") from error


def find_encoding(path: Path) -> str:
    """Return the encoding that a file's first bytes show, UTF-8 if they show none.

    A byte order mark is certain, and so are zero bytes at every second place.
    """
    start = first_bytes(path, 4096)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd > 0.3 * len(start) / 2 and even == 0:
        return "utf-16-le"
    if even > 0.3 * len(start) / 2 and odd == 0:
        return "utf-16-be"
    return "utf-8"


def likely_legacy(path: Path) -> str | None:
    """Return the encoding of older Windows programs, if it makes letters of the bytes.

    It never raises an error by itself, so the letters must be such as people write.
    """
    start = first_bytes(path)
    try:
        text = start.decode("cp1252")
    except UnicodeDecodeError:
        return None
    odd = [sign for sign in text if ord(sign) > 127]
    usual = sum(
        sign in "äöüÄÖÜßéèêëàâçîïôûùœæåøÅØÆñáíóúÉÀÇÑãõÃÕ€£°§«»“”„’–ÁÍÓÚìò"
        for sign in odd
    )
    return "cp1252" if odd and usual >= 0.9 * len(odd) else None


def not_text(path: Path, encoding: str, error: UnicodeError) -> str:
    """Return why a file cannot be read in an encoding, and what to try."""
    likely = find_encoding(path)
    name = encoding.removesuffix("-sig")
    if not isinstance(error, UnicodeDecodeError):
        return f"{path} is not {name} text: {error}"
    byte = error.object[error.start]
    start = f"{path} is not {name} text: byte 0x{byte:02x} cannot be read. "
    if likely.startswith(("utf-16", "utf-32")):
        say = likely.upper()
        return start + f"It looks like {say}; try load_table(..., encoding={likely!r})"
    return start + (
        "If it comes from an older Windows program, try "
        "load_table(..., encoding='cp1252'), or 'cp1250' for Central Europe, 'cp1251' "
        "for Cyrillic, 'cp932' for Japan, 'gb18030' for China; the command takes "
        "--encoding"
    )


def _check_signs(sep: str | None, encoding: object) -> None:
    if sep is not None and len(sep) != 1 and sep != SPACES:
        raise ValueError(f"sep must be one sign or {SPACES!r}, got {sep!r}")
    if encoding is not None and not isinstance(encoding, str):
        raise TypeError(f"encoding must be a text such as 'cp1252', got {encoding!r}")


def check_layout(skiprows: object, header: object, names: object) -> None:
    """Raise where these options of a file or a sheet cannot be meant.

    Raises
    ------
    ValueError
        Naming the option, what was expected and what came.
    """
    if skiprows is not None:
        check_count(skiprows, "skiprows", 0)
    if header is not None and header != "infer":
        check_count(header, "header", 0)
    if names is not None:
        wanted = list(names) if isinstance(names, Iterable) else []
        odd = isinstance(names, str) or not wanted
        if odd or len(set(wanted)) < len(wanted):
            raise ValueError(f"names must be a list of different names, got {names!r}")


def _check_encoding(path: Path, encoding: str, found: str) -> None:
    """Raise where zero bytes would be read as letters without any error."""
    wide = ("utf-16", "utf-32")
    if found.startswith(wide) and not encoding.lower().replace("_", "-").startswith(
        (*wide, "utf16", "utf32", "u16", "u32")
    ):
        raise TableError(
            f"{path} is not {encoding.removesuffix('-sig')} text: it looks like "
            f"{found.upper()}; try load_table(..., encoding={found!r})"
        )


def find_separator(lines: Sequence[str], quotechar: str = '"') -> str:
    """Return the sign that cuts most of these lines into the same number of cells.

    Examples
    --------
    >>> find_separator(["name;price", "tea, green;2,50"])
    ';'
    >>> find_separator(["Account 12, Ana", "", "date;amount", "1.2.;2,5", "2.2.;3,5"])
    ';'
    """
    best, score = ",", (0.0, 0)
    for sign in ";\t|,":  # a comma may also stand within numbers
        widths = [
            len(row)
            for row in csv.reader(lines, delimiter=sign, quotechar=quotechar)
            if any(row)
        ]
        many = Counter(n for n in widths if n > 1)
        if not many:
            continue
        width, times = max(many.items(), key=lambda item: (item[1], item[0]))
        share = times / len(widths)
        # A sign inside the cells of a single column is none between them.
        if widths[0] == 1 and share < 0.5:
            continue
        if (share, width) > score:
            best, score = sign, (share, width)
    return best


def find_dialect(
    path: str | Path,
    *,
    encoding: str | None = None,
    sep: str | None = None,
    skiprows: int | None = None,
    header: int | str | None = "infer",
    names: Sequence[str] | None = None,
    quotechar: str = '"',
    escapechar: str | None = None,
    comment: str | None = None,
    doublequote: bool = True,
    skipinitialspace: bool = False,
) -> TableDialect:
    r"""Find out how a text file holds its table; what is given is not guessed.

    Parameters
    ----------
    path : str or Path
    encoding : str, optional
    sep : str, optional
        The sign between cells.
    skiprows : int, optional
        Lines before the header.
    header : int, None or "infer", default="infer"
        None if the file has no names.
    names : sequence of str, optional
        Names to use; with ``header=0`` instead of those in the file.
    quotechar, escapechar, comment, doublequote, skipinitialspace
        As for `pandas.read_csv`.

    Returns
    -------
    TableDialect

    Raises
    ------
    TableError
        If nothing in the file looks like a table.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "account.csv"
    >>> _ = path.write_text("Account;12\n\nDate;Amount;For\n1.2.2024;-5,20;tea\n")
    >>> dialect = find_dialect(path)
    >>> print(dialect)
    semicolon-separated, utf-8, 2 lines before the header
    >>> dialect.names
    ('Date', 'Amount', 'For')
    """
    path = Path(path)
    _check_signs(sep, encoding)
    check_layout(skiprows, header, names)
    likely = find_encoding(path)
    encoding = encoding or likely
    _check_encoding(path, encoding, likely)
    if encoding.lower() in ("utf-8", "utf8"):
        encoding = "utf-8-sig"  # a byte order mark is not part of the first name
    before = int(skiprows or 0) + (header if isinstance(header, int) else 0)
    lines = _first_lines(path, encoding, LOOKED_AT + before)
    said = re.match(r'"?sep=(.)"?\s*$', lines[0]) if lines else None
    sign = sep or (said[1] if said else None)
    body = [
        line for line in lines[int(skiprows or 0) :] if not _is_comment(line, comment)
    ]
    if sign is None:
        sign = find_separator(body[1:] if said else body, quotechar)
    marks = {
        "quotechar": quotechar,
        "escapechar": escapechar,
        "comment": comment,
        "doublequote": doublequote,
        "skipinitialspace": skipinitialspace,
    }
    raw = TableDialect(encoding, sign, int(skiprows or 0), (), **marks)  # type: ignore[arg-type]
    rows = [(n, row) for n, row in _rows_of(iter(lines), raw, 0) if _filled(row)]
    if said and not skiprows:
        rows = rows[1:]
    if not any(any(cells) for _, cells in rows):
        raise TableError(f"{path} is not a table: No columns to parse from file")
    place = _header_place(rows, skiprows, header)
    if place >= len(rows):
        given = f"skiprows={int(skiprows or 0)} and header={header!r}"
        raise TableError(
            f"{path} has only {len(rows)} lines that are not empty: nothing is left "
            f"with {given}"
        )
    line, cells = rows[place]
    cells = _without_trailing(cells, [row for _, row in rows[place + 1 :]])
    if header is None or (names is not None and header == "infer"):
        made = [str(i) for i in range(len(cells))]
        return _with(raw, line - 1, tuple(names or made), False)
    return _with(raw, line - 1, tuple(names or tidy_names(cells)), True)


def _without_trailing(cells: list[str], below: list[list[str]]) -> list[str]:
    """Cut the empty names that a separator at the end of each line makes."""
    while len(cells) > 1 and not cells[-1].strip():
        if any(len(row) >= len(cells) and row[len(cells) - 1].strip() for row in below):
            break
        cells = cells[:-1]
    return cells


def _with(
    raw: TableDialect, skipped: int, names: tuple[str, ...], has_header: bool
) -> TableDialect:
    return replace(raw, skipped=skipped, names=names, has_header=has_header)


def _is_comment(line: str, comment: str | None) -> bool:
    return comment is not None and line.lstrip().startswith(comment)


def _first_lines(path: Path, encoding: str, most: int) -> list[str]:
    lines: list[str] = []
    try:
        with open_text(path, encoding) as file:
            for line in file:
                lines.append(line)
                if len(lines) == most:
                    break
    except UnicodeError as error:
        if not lines:
            raise TableError(not_text(path, encoding, error)) from error
    except BROKEN as error:
        raise TableError(f"{path} is not a table: {error}") from error
    return lines


def text_rows(
    path: Path, dialect: TableDialect, blank: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of the line and the cells of each row.

    Rows without a cell are left out, unless ``blank`` is true.

    Raises
    ------
    TableError
        If the file is not text in this encoding, or its quotes do not match.
    """
    with _reading(path, dialect) as file:
        for line, cells in _rows_of(file, dialect, dialect.skipped):
            if blank or any(cell.strip() for cell in cells):
                yield line, cells


def text_blocks(
    path: Path, dialect: TableDialect, size: int, before: int = 0
) -> Iterator[list[list[str]]]:
    """Yield so many rows at once, empty ones among them, after some at the beginning.

    Raises
    ------
    TableError
        As for `text_rows`.
    """
    with _reading(path, dialect) as file:
        reader = _reader(file, dialect)
        for _ in range(before):
            next(reader, None)
        last: list[str] = []
        while block := list(islice(reader, size)):
            yield block
            last = block[-1]
        if last and "\n" in last[-1] and not _ends_quoted(path, dialect.quotechar):
            raise TableError(
                f"{path} is not a table: a {dialect.quotechar} opens a cell that begins "
                f"with {last[-1][:20]!r} and never closes; quotechar= decides"
            )


def _ends_quoted(path: Path, quotechar: str) -> bool:
    """Return whether the last sign of a file closes a quoted cell."""
    with open_text(path, "latin-1") as file:
        end = ""
        while part := file.read(1 << 20):
            end = (end + part)[-40:]
    return end.replace("\0", "").rstrip().endswith(quotechar)


@contextmanager
def _reading(path: Path, dialect: TableDialect) -> Iterator[Iterator[str]]:
    """Open a file behind its preamble; whatever is wrong with it becomes a sentence."""
    try:
        with open_text(path, dialect.encoding) as file:
            for _ in range(dialect.skipped):
                next(file, "")
            yield file
    except UnicodeError as error:
        raise TableError(not_text(path, dialect.encoding, error)) from error
    except (csv.Error, *BROKEN) as error:
        raise TableError(f"{path} is not a table: {error}") from error


def _reader(lines: Iterator[str], dialect: TableDialect) -> Any:
    comment, sign = dialect.comment, dialect.separator
    if sign == SPACES:
        sign, lines = " ", (" ".join(line.split()) + "\n" for line in lines)
    if comment is not None:
        # A line that is all comment stays, empty, so that lines can be counted.
        lines = (_without(line, comment) for line in lines)
    return csv.reader(
        lines,
        delimiter=sign,
        quotechar=dialect.quotechar,
        escapechar=dialect.escapechar,
        doublequote=dialect.doublequote,
        skipinitialspace=dialect.skipinitialspace,
    )


def _rows_of(
    lines: Iterator[str], dialect: TableDialect, before: int
) -> Iterator[tuple[int, list[str]]]:
    reader = _reader(lines, dialect)
    start = 1
    for cells in reader:
        yield before + start, cells
        start = reader.line_num + 1


def _without(line: str, comment: str) -> str:
    head, found, _ = line.partition(comment)
    return head + "\n" if found else line


def _header_place(
    rows: list[tuple[int, list[str]]], skiprows: int | None, header: int | str | None
) -> int:
    """Return which row holds the names: usually the first."""
    start = next(
        (i for i, (line, _) in enumerate(rows) if line > int(skiprows or 0)), len(rows)
    )
    if isinstance(header, int):
        return start + header
    if skiprows is not None or header is None:
        return start
    return start + header_row([cells for _, cells in rows[start:]])


def header_row(rows: Sequence[Sequence[object]], titles: bool = False) -> int:
    """Return which of these rows holds the names of a table's columns.

    It is the first, unless that is narrower or emptier than the rows that follow, and
    a later one has a text in each of its cells, with other things below. With
    ``titles`` a first row of a single cell is a title, whatever follows.

    Examples
    --------
    >>> header_row([["Account", ""], ["", ""], ["day", "sum"], ["1", "2"], ["3", "4"]])
    2
    """
    filled = [_filled(row) for row in rows]
    width = _usual(filled)
    if width < 2 or filled[0] >= width:
        return 0
    for i, row in enumerate(rows[:-1]):
        names = [str(c).strip() for c in row if not _blank(c)]
        if filled[i] < max(2, 0.75 * width) or len(set(names)) == 1:
            continue
        if any(_is_value(name) and not _YEAR.fullmatch(name) for name in names):
            return 0  # data begin before any names
        below = [
            cell for later in rows[i + 1 : i + 6] for cell in later if not _blank(cell)
        ]
        named = titles and max(filled[:i]) <= 1
        return i if named or any(_is_value(cell) for cell in below) else 0
    return 0


def _usual(filled: Sequence[int]) -> int:
    """Return how many cells the rows of the table fill: where most cells are."""
    many = Counter(n for n in filled if n > 1)
    return max(many, key=lambda n: (n * many[n], n)) if many else 1


def _filled(row: Sequence[object]) -> int:
    return sum(not _blank(cell) for cell in row)


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _is_value(cell: object) -> bool:
    """Return whether a cell is a number or a date, which names of columns seldom are."""
    if not isinstance(cell, str):
        return not _blank(cell)
    return split_amount(cell) is not None or bool(date_formats([cell]))


def looks_like_data(names: Sequence[str]) -> bool:
    """Return whether what stands for names are numbers or dates.

    Examples
    --------
    >>> looks_like_data(["1", "2"]), looks_like_data(["country", "2013"])
    (True, False)
    """
    if any(re.search(r"\d[.,]\d", n) and split_amount(n) for n in names):
        return True
    if any(len(n) > 7 and date_formats([n]) for n in names):
        return True
    plain = [n for n in names if n and not n.startswith("Unnamed: ")]
    numbers = [n for n in plain if n.lstrip("-").isdigit() and not _YEAR.fullmatch(n)]
    return bool(numbers) and len(numbers) == len(plain)


def tidy_names(cells: Sequence[str]) -> list[str]:
    """Return names without spaces around, none twice and none empty, as pandas does.

    Examples
    --------
    >>> tidy_names(["a", " b", "", "a"])
    ['a', 'b', 'Unnamed: 2', 'a.1']
    """
    names: list[str] = []
    for i, cell in enumerate(cells):
        name = base = cell.strip() or f"Unnamed: {i}"
        number = 0
        while name in names or (number and name in cells):
            number += 1
            name = f"{base}.{number}"
        names.append(name)
    return names
