"""Excel workbooks: which sheet holds the table, and where on the sheet it begins."""

import datetime as dt
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.data_exploration.cells import (
    LIKELY,
    SURE,
    Choices,
    ColumnEvidence,
    convert,
    facts_of,
    read_column,
)
from mlmastery.data_exploration.dialect import (
    check_layout,
    header_row,
    looks_like_data,
    tidy_names,
)
from mlmastery.data_exploration.records import TableError
from mlmastery.data_exploration.textfile import (
    TOTALS,
    Notes,
    check_options,
    choices_of,
)
from mlmastery.validation import check_count

OPTIONS = (
    "sheet sheet_name skiprows header names usecols nrows dtype na_values "
    "keep_default_na decimal thousands dayfirst date_format skipfooter"
).split()
ZIPPED, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
OTHERS = {
    ".xls": "the format of Excel before 2007",
    ".xlsb": "Excel's binary format",
    ".ods": "an OpenDocument spreadsheet",
    ".numbers": "a Numbers document",
}


def refuse_other_workbook(path: Path, suffix: str) -> None:
    """Raise for spreadsheets that are not read, and say how to go on."""
    raise TableError(
        f"{path} is {OTHERS[suffix]}, which is not read here: save it as .xlsx or .csv"
    )


def compound_file(path: Path) -> str:
    """Say what a file in Microsoft's old container is: locked, or an old workbook."""
    locked = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
    if locked:
        return f"{path} is protected by a password: save a copy without one"
    return (
        f"{path} is {OTHERS['.xls']}, which is not read here: save it as .xlsx or .csv"
    )


@dataclass(frozen=True)
class Sheet:
    """The cells of a worksheet, without empty rows and columns around them.

    Parameters
    ----------
    name : str
    rows : list of list
        Each as wide as the widest.
    merged : list of tuple of int
        First and last row, first and last column of merged cells, from 0.
    percent : frozenset of int
        Columns with a cell that is shown in per cent.
    """

    name: str
    rows: list[list[Any]]
    merged: list[tuple[int, int, int, int]]
    percent: frozenset[int] = frozenset()

    @property
    def filled(self) -> int:
        """Count the cells that hold something."""
        return sum(cell is not None for row in self.rows for cell in row)

    @property
    def is_table(self) -> bool:
        """Return whether there are names, a row below, and few holes."""
        wide = [sum(cell is not None for cell in row) for row in self.rows]
        return len([n for n in wide if n > 1]) > 1 and bool(self.rows)


def read_workbook(path: Path, options: Mapping[str, Any]) -> tuple[pd.DataFrame, Notes]:
    """Read one sheet of an Excel workbook as a table.

    Parameters
    ----------
    path : Path
    options : mapping
        ``sheet`` (a name or a number from 0), ``skiprows``, ``header``, ``names``,
        ``usecols``, ``nrows``, ``dtype``, ``na_values`` and others of `load_table`.

    Raises
    ------
    TableError
        If it is not a workbook, or holds no table.
    """
    check_options(options, OPTIONS, "an Excel workbook")
    for name in ("nrows", "skipfooter"):
        if options.get(name) is not None:
            check_count(options[name], name, 0)
    check_layout(
        options.get("skiprows"), options.get("header", "infer"), options.get("names")
    )
    notes = Notes()
    sheet = _choose(path, _sheets(path), options, notes)
    _note_formulas(path, sheet, notes)
    frame = _frame(path, sheet, options, notes)
    return frame, notes


def _sheets(path: Path) -> list[Sheet]:
    import openpyxl

    try:
        with path.open("rb") as file:  # whatever its name ends in
            book = openpyxl.load_workbook(file, data_only=True)
    except Exception as error:  # zip, XML and value errors, by what is broken
        raise TableError(f"{path} is not an Excel workbook: {error}") from error
    sheets = [_cells_of(sheet) for sheet in book.worksheets]
    book.close()
    return sheets


def _cells_of(sheet: Any) -> Sheet:
    rows, percent = [], set()
    for cells in sheet.iter_rows():
        rows.append([_value(cell.value) for cell in cells])
        percent |= {
            i
            for i, cell in enumerate(cells)
            if cell.value is not None and "%" in (cell.number_format or "")
        }
    merged = [
        (m.min_row - 1, m.max_row - 1, m.min_col - 1, m.max_col - 1)
        for m in sheet.merged_cells.ranges
    ]
    return Sheet(sheet.title, _cut(rows), merged, frozenset(percent))


def _value(cell: Any) -> Any:
    return None if isinstance(cell, str) and not cell.strip() else cell


def _cut(rows: list[list[Any]]) -> list[list[Any]]:
    """Leave out empty rows at the end and empty columns at the right."""
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    width = max(
        (i + 1 for row in rows for i, cell in enumerate(row) if cell is not None),
        default=0,
    )
    return [row[:width] + [None] * (width - len(row)) for row in rows]


def _choose(
    path: Path, sheets: list[Sheet], options: Mapping[str, Any], notes: Notes
) -> Sheet:
    wanted = options.get("sheet", options.get("sheet_name"))
    names = [sheet.name for sheet in sheets]
    if isinstance(wanted, list | tuple) or ("sheet_name" in options and wanted is None):
        raise TableError(f"{path}: choose one sheet by sheet=, not several")
    if wanted is not None:
        return _named(path, sheets, wanted)
    full = [sheet for sheet in sheets if sheet.rows]
    if not full:
        raise TableError(f"{path} holds no table: all {len(sheets)} sheets are empty")
    most = max(sheet.filled for sheet in full)
    tables = [s for s in full if s.is_table and s.filled >= _least_cells(most)]
    chosen = (tables or full)[0]
    if len(names) > 1:
        why = "the first that holds a table" if tables else "the first with any cells"
        notes.add(
            f"{len(names)} sheets, {', '.join(map(repr, names))}: read {chosen.name!r}, "
            f"{why}; sheet= chooses another",
            doubtful=len(tables) > 1,
        )
    return chosen


def _least_cells(most: int) -> float:
    """Return how many cells make a sheet more than the cover of the largest."""
    return max(0.1 * most, min(20, 0.5 * most))


def _named(path: Path, sheets: list[Sheet], wanted: Any) -> Sheet:
    names = [sheet.name for sheet in sheets]
    if str(wanted) in names:
        wanted = names.index(str(wanted))
    elif isinstance(wanted, str) and wanted.isdigit():
        wanted = int(wanted)
    if not isinstance(wanted, int) or not 0 <= wanted < len(sheets):
        shown = ", ".join(map(repr, names))
        raise TableError(f"{path} has no sheet {wanted!r}; there are {shown}")
    if not sheets[wanted].rows:
        raise TableError(f"{path}: the sheet {names[wanted]!r} is empty")
    return sheets[wanted]


def _note_formulas(path: Path, sheet: Sheet, notes: Notes) -> None:
    """Say which cells are formulas whose value no program has stored."""
    import openpyxl

    with zipfile.ZipFile(path) as archive:
        parts = [n for n in archive.namelist() if "worksheets/" in n]
        if not any(b"<f" in archive.read(name) for name in parts):
            return
    with path.open("rb") as file:
        book = openpyxl.load_workbook(file)
    formulas = [
        cell.coordinate
        for row, values in zip(book[sheet.name].iter_rows(), sheet.rows, strict=False)
        for cell, value in zip(row, values, strict=False)
        if cell.data_type == "f" and value is None
    ]
    book.close()
    if formulas:
        n = len(formulas)
        cells = "1 cell holds a formula" if n == 1 else f"{n:,} cells hold formulas"
        notes.add(
            f"{cells} without a value, such as {formulas[0]}: open the file in Excel and "
            "save it, and the values are stored",
            doubtful=True,
        )


# --- from cells to a table --------------------------------------------------------


def _frame(
    path: Path, sheet: Sheet, options: Mapping[str, Any], notes: Notes
) -> pd.DataFrame:
    rows, top = sheet.rows, 0
    skip = options.get("skiprows")
    header = options.get("header", "infer")
    if isinstance(skip, int):
        top = skip
    while top < len(rows) and all(cell is None for cell in rows[top]):
        top += 1
    if header == "infer" and skip is None:
        top += header_row(rows[top:], titles=True) if top < len(rows) else 0
        top = _group_row(sheet, top)
    elif isinstance(header, int):
        top += header
    if top >= len(rows):
        raise TableError(f"{path}: the sheet {sheet.name!r} holds no table")
    if top and skip is None:
        lines = "row" if top == 1 else "rows"
        notes.add(f"{top} {lines} before the header left out")
    names, body = _names(sheet, top, header)
    before = len(sheet.rows) - len(body)
    full = [row for row in body if any(cell is not None for cell in row)]
    if len(full) < len(body):
        n, one = len(body) - len(full), len(names) == 1
        text = f"{n} empty {'row' if n == 1 else 'rows'} left out"
        notes.add(text + (", though a gap would look so" if one else ""), one)
    body = full
    body = _without_footer(body, options, notes)
    _note_merged(sheet, before, notes)
    kept = [
        i
        for i in range(len(names))
        if names[i] is not None or any(row[i] is not None for row in body)
    ]
    raw = [_title(names[i]) for i in kept]
    titles = tidy_names(raw)
    _note_names(raw, header, notes)
    if options.get("names"):
        if len(options["names"]) != len(titles):
            raise ValueError(
                f"names must hold a name for each of the {len(titles)} columns, got "
                f"{options['names']!r}"
            )
        titles = list(options["names"])
    columns = {
        title: [row[i] for row in body] for title, i in zip(titles, kept, strict=True)
    }
    frame = _typed(columns, choices_of(options), options, notes)
    for title, i in zip(titles, kept, strict=True):
        if i in sheet.percent and pd.api.types.is_numeric_dtype(frame[title].dtype):
            notes.add(f"{title}: per cent, read as shares: 25 % is 0.25")
    return _trimmed(frame, options)


def _note_names(names: list[str], header: object, notes: Notes) -> None:
    """Say where names were made unlike, or look like the first row of data."""
    twice = [name for name in dict.fromkeys(names) if name and names.count(name) > 1]
    if twice:
        notes.add(
            f"several columns are named {', '.join(map(repr, twice))}; the later ones are "
            f"now called {twice[0] + '.1'!r} and so on",
            doubtful=True,
        )
    if header is not None and looks_like_data(names):
        notes.add("the first row looks like data; if so, say header=None", True)


def _group_row(sheet: Sheet, top: int) -> int:
    """Return the row above, if merged cells there group the names below."""
    groups = [m for m in sheet.merged if m[0] == m[1] == top - 1 and m[3] > m[2]]
    names = sum(cell is not None for cell in sheet.rows[top]) if groups else 0
    return top - 1 if groups and any(m[3] - m[2] + 1 < names for m in groups) else top


def _names(sheet: Sheet, top: int, header: object) -> tuple[list[Any], list[list[Any]]]:
    """Return the names of the columns, joined where two rows hold them, and the rest."""
    rows = sheet.rows
    if header is None:
        return [str(i) for i in range(len(rows[top]))], rows[top:]
    names = list(rows[top])
    across = [m for m in sheet.merged if m[0] == top and m[3] > m[2]]
    if not (across and top + 1 < len(rows) and _all_texts(rows[top + 1])):
        return names, rows[top + 1 :]
    for _, _, first, last in across:
        names[first : last + 1] = [names[first]] * (
            min(last, len(names) - 1) - first + 1
        )
    below = rows[top + 1]
    joined = [
        " / ".join(_title(part) for part in parts if part is not None) or None
        for parts in zip(names, below, strict=True)
    ]
    return joined, rows[top + 2 :]


def _all_texts(row: Sequence[Any]) -> bool:
    cells = [cell for cell in row if cell is not None]
    return bool(cells) and all(isinstance(cell, str) for cell in cells)


def _title(cell: Any) -> str:
    """Return a name as text: 2013.0 as 2013, a date without midnight."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return re.sub(r"\s+", " ", str(cell)).strip()


def _without_footer(
    body: list[list[Any]], options: Mapping[str, Any], notes: Notes
) -> list[list[Any]]:
    if options.get("skipfooter") is not None:
        return body[: max(0, len(body) - options["skipfooter"])]
    while len(body) > 1:
        filled = [cell for cell in body[-1] if cell is not None]
        text = filled[0] if isinstance(filled[0], str) else ""
        few = len(filled) <= max(1, 0.5 * len(body[-1]))
        alone = len(filled) == 1 and len(body[-1]) > 2 and body[-1][0] is filled[0]
        unlike = not isinstance(body[0][0], str) and body[0][0] is not None
        total = bool(TOTALS.match(text)) and (
            few or (unlike and isinstance(body[-1][0], str))
        )
        if not (text and (total or (alone and unlike))):
            break
        notes.add(
            f"the last row, {text[:40]!r}, is taken for a footer and left out; "
            "skipfooter=0 keeps it",
            True,
        )
        body = body[:-1]
    _note_total(body, notes)
    return body


def _note_total(body: list[list[Any]], notes: Notes) -> None:
    """Say that a last row calls itself a total, though it is kept."""
    first = (
        next((c for c in body[-1] if c is not None), None) if len(body) > 2 else None
    )
    if isinstance(first, str) and TOTALS.match(first):
        notes.add(
            f"the last row, beginning with {first[:40]!r}, may be a total; it is kept, "
            "and skipfooter=1 leaves it out",
            True,
        )


def _note_merged(sheet: Sheet, before: int, notes: Notes) -> None:
    inside = [m for m in sheet.merged if m[0] >= before]
    if inside:
        n = len(inside)
        notes.add(
            f"{n} group{'s' if n > 1 else ''} of merged cells among the rows: each "
            "value stands in the first cell only, the others are missing"
        )


def _typed(
    columns: Mapping[str, list[Any]],
    choices: Choices,
    options: Mapping[str, Any],
    notes: Notes,
) -> pd.DataFrame:
    """Give each column its type: Excel's own where it has one, else as in a text file."""
    evidence = {}
    for name, cells in columns.items():
        texts = [cell for cell in cells if isinstance(cell, str)]
        evidence[name] = ColumnEvidence(choices)
        evidence[name].update(pd.Series(texts, dtype=object))
    facts = facts_of(evidence.values())
    frame = {}
    for name, cells in columns.items():
        values, note, doubtful = _column(cells, evidence[name], facts, options)
        frame[name] = values
        notes.add(f"{name}: {note}" if note else "", doubtful)
    return pd.DataFrame(frame)


def _column(
    cells: list[Any], evidence: ColumnEvidence, facts: Any, options: Mapping[str, Any]
) -> tuple[pd.Series, str, bool]:
    others = [c for c in cells if c is not None and not isinstance(c, str)]
    texts = pd.Series(
        [c if isinstance(c, str) else np.nan for c in cells], dtype=object
    )
    types = options.get("dtype")
    if types in (str, "str"):
        cells = [None if c is None else _title(c) for c in cells]
        return pd.Series(cells), "", False
    if not others:
        reading = read_column(evidence, facts)
        digits = (
            reading.kind == "number" and not evidence.numbers.grouped and reading.whole
        )
        if digits:  # somebody has made text of them on purpose
            return convert(texts, read_text_of(reading)), "", False
        return convert(texts, reading), reading.note, reading.doubtful
    gaps = set(evidence.choices.na_values)
    gaps |= (
        (LIKELY if not evidence.known else SURE)
        if evidence.choices.keep_default_na
        else set()
    )
    taken = sorted(
        {c.strip() for c in cells if isinstance(c, str) and c.strip() in gaps}
    )
    kept = [None if isinstance(c, str) and c.strip() in gaps else c for c in cells]
    note = f"{', '.join(map(repr, taken))} taken as missing" if taken else ""
    return pd.Series(kept).infer_objects(), note, False


def read_text_of(reading: Any) -> Any:
    """Return the reading of the same cells as texts."""
    from dataclasses import replace

    return replace(reading, kind="text", missing=frozenset(reading.missing))


def _trimmed(frame: pd.DataFrame, options: Mapping[str, Any]) -> pd.DataFrame:
    from mlmastery.data_exploration.textfile import _chosen

    if options.get("nrows") is not None:
        frame = frame.head(int(options["nrows"]))
    if options.get("usecols") is not None:
        frame = _chosen(frame, options["usecols"])
    types = options.get("dtype")
    if isinstance(types, Mapping):
        frame = frame.astype(dict(types))
    return frame
