"""Read a text file by one dialect, whole, as a sample or part by part."""

import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from mlmastery.data_exploration.amounts import split_amount
from mlmastery.data_exploration.cells import (
    Choices,
    ColumnEvidence,
    ColumnReading,
    convert,
    facts_of,
    read_column,
)
from mlmastery.data_exploration.dates import date_formats
from mlmastery.data_exploration.dialect import (
    TableDialect,
    find_dialect,
    looks_like_data,
    text_blocks,
    text_rows,
    tidy_names,
)
from mlmastery.data_exploration.records import TableError
from mlmastery.validation import check_choice, check_count

CHUNK = 20_000  # rows
THOUSANDS = ("", ".", ",", " ", "'", "’", "\u00a0", "\u202f", "\u2009")
AT_END = 5  # rows that may be a footer
TOTALS = re.compile(
    r"\W*(total|totals|sum|summe|summen|gesamt|saldo|endsaldo|kontostand|closing|balance|"
    r"solde|somme|totale|suma|razem|totaal|summa|итого|合計|合计|end of|generated|exported|"
    r"printed|source|notes?|quelle|stand|erstellt)\b",
    re.IGNORECASE,
)
DIALECT = (
    "encoding sep skiprows header names quotechar escapechar comment doublequote "
    "skipinitialspace"
).split()
CHOICES = "decimal thousands dayfirst date_format na_values keep_default_na".split()
AFTERWARDS = "dtype parse_dates usecols nrows skipfooter index_col on_bad_lines".split()
IGNORED = {"low_memory", "engine", "memory_map", "float_precision", "dtype_backend"}


@dataclass
class Notes:
    """Notes on how a table was read.

    Parameters
    ----------
    said : list of str
        One sentence each.
    doubtful : list of str
        Those that ask for a decision, or tell of rows left out.
    """

    said: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)

    def add(self, text: str, doubtful: bool = False) -> None:
        """Note a sentence."""
        if text:
            self.said.append(text)
            if doubtful:
                self.doubtful.append(text)


def check_options(options: Mapping[str, Any], allowed: list[str], where: str) -> None:
    """Raise where an option would be passed over without a word.

    Raises
    ------
    TypeError
        Naming the option and those that there are.
    """
    odd = [name for name in options if name not in allowed and name not in IGNORED]
    if odd:
        raise TypeError(
            f"{where} takes no option {odd[0]!r}; there are {', '.join(sorted(allowed))}"
        )


def _check_columns(options: Mapping[str, Any], names: Sequence[str]) -> None:
    """Raise where options name a column that is not there, or are no options."""
    check_choice(
        options.get("on_bad_lines", "error"), "on_bad_lines", ("error", "skip", "warn")
    )
    dates = options.get("parse_dates")
    named = {
        "dtype": options.get("dtype"),
        "parse_dates": [dates] if isinstance(dates, str) else dates,
    }
    for option, given in named.items():
        listed = given if isinstance(given, Mapping | list | tuple | set) else ()
        if odd := [name for name in listed if name not in names]:
            raise TableError(f"{option} names {odd[0]!r}, which is not a column")


def _texts_of(value: Any) -> set[str]:
    """Return how a number that means "missing" may be written."""
    if not isinstance(value, Real) or isinstance(value, bool):
        return {str(value)}
    number = float(value)
    whole = {str(int(number))} if number.is_integer() else set()
    return {str(value), repr(number), *whole}


def choices_of(options: Mapping[str, Any], separator: str = ",") -> Choices:
    """Return what the options say of numbers, dates and gaps."""
    values = options.get("na_values")
    if isinstance(values, Mapping):
        raise TypeError("na_values must be a text or a list of texts, got a dict")
    values = [values] if isinstance(values, str | Real) else list(values or ())
    date_format = options.get("date_format")
    if isinstance(date_format, Mapping):
        raise TypeError(
            "date_format must be one format, such as '%d.%m.%Y', got a dict"
        )
    if options.get("decimal") is not None:
        check_choice(options["decimal"], "decimal", (".", ","))
    if options.get("thousands") is not None:
        check_choice(options["thousands"], "thousands", THOUSANDS)
        if options["thousands"] == options.get("decimal"):
            raise ValueError(
                f"thousands must differ from decimal, got {options['decimal']!r} for both"
            )
    return Choices(
        decimal=options.get("decimal"),
        thousands=options.get("thousands"),
        dayfirst=options.get("dayfirst"),
        date_format=date_format,
        na_values=frozenset().union(*map(_texts_of, values)),
        keep_default_na=options.get("keep_default_na", True),
        separator=separator,
    )


class TextTable:
    """A table in a text file, with all that is known of how to read it.

    Parameters
    ----------
    path : str or Path
    **options
        As for `mlmastery.data_exploration.load_table`.

    Attributes
    ----------
    dialect : TableDialect
    notes : Notes
        Complete once the file has passed by.
    """

    def __init__(self, path: str | Path, **options: Any) -> None:
        self.path = Path(path)
        options = dict(options)
        if "delimiter" in options:
            options["sep"] = options.pop("delimiter")
        check_options(options, [*DIALECT, *CHOICES, *AFTERWARDS], "a text file")
        for name in ("nrows", "skipfooter"):
            if options.get(name) is not None:
                check_count(options[name], name, 0)
        self.options = options
        given = {k: v for k, v in options.items() if k in DIALECT}
        self.dialect: TableDialect = find_dialect(self.path, **given)
        _check_columns(options, self.dialect.names)
        self.choices = choices_of(options, self.dialect.separator)
        self.notes = Notes()
        self._short: list[int] = []  # places of rows
        self._left_out: list[int] = []
        self._empty = 0  # lines between the rows, and behind the last one so far
        self._empty_now = 0
        self._warn_of_doubles()
        self._look_before_header()

    def _warn_of_doubles(self) -> None:
        """Say which names were made unlike: pandas does so without a word."""
        if not self.dialect.has_header or self.options.get("names"):
            return
        header = [n for n in self.dialect.names if re.search(r"\.\d+$", n)]
        twice = [n for n in dict.fromkeys(x.rpartition(".")[0] for x in header)]
        twice = [n for n in twice if n in self.dialect.names and self._raw[n] > 1]
        if twice:
            warnings.warn(
                f"{self.path} has several columns named {', '.join(map(repr, twice))}; "
                f"the later ones are now called {twice[0] + '.1'!r} and so on",
                stacklevel=5,
            )

    def _look_before_header(self) -> None:
        """Say that lines before the header hold a table, too, if they do."""
        if self.dialect.skipped < 2 or self.options.get("skiprows") is not None:
            return
        whole = replace(self.dialect, skipped=0)
        rows = []
        for line, cells in text_rows(self.path, whole):
            if line > self.dialect.skipped:
                break
            rows.append([cell.strip() for cell in cells if cell.strip()])
        wide = [row for row in rows if len(row) > 1]
        if len(wide) < 3 or any(map(_is_value, wide[0])):
            return
        if all(any(map(_is_value, row)) for row in wide[1:]):
            self.notes.add(
                f"the {self.dialect.skipped} lines before the header look like another "
                "table, which is left out; nrows= and skiprows=0 read it",
                True,
            )

    @cached_property
    def _raw(self) -> Counter[str]:
        raw = TableDialect(**{**vars(self.dialect), "skipped": self.dialect.skipped})
        _, cells = next(text_rows(self.path, raw), (0, []))
        return Counter(cell.strip() for cell in cells)

    # --- rows --------------------------------------------------------------------

    def blocks(self, size: int = CHUNK) -> Iterator[list[list[str]]]:
        """Yield the next rows: each as wide as the header, without a footer."""
        footer = self.options.get("skipfooter")
        wanted = self.options.get("nrows")
        keep = AT_END if wanted is None else 0  # rows held back: they may be a footer
        keep = keep if footer is None else int(footer)
        left = float("inf") if wanted is None else int(wanted)
        waiting: list[list[str]] = []
        places: list[int] = []
        for rows, numbers in self._even_blocks(size, left + keep):
            waiting, places = waiting + rows, places + list(numbers)
            n = min(len(waiting) - keep, left)
            if n > 0 and (n >= size - keep or wanted is not None):
                yield waiting[: int(n)]
                waiting, places, left = waiting[int(n) :], places[int(n) :], left - n
            if left <= 0:
                return
        if footer is None and wanted is None:
            waiting = self._without_footer(waiting, places)
        else:
            end = max(0, len(waiting) - keep)
            waiting, gone = waiting[:end], places[end:]
            self._short = [place for place in self._short if place not in gone]
        if waiting:
            yield waiting

    def _even_blocks(
        self, size: int, most: float
    ) -> Iterator[tuple[list[list[str]], Sequence[int]]]:
        """Yield rows as wide as the header, with their places in the file.

        Behind so many rows as are wanted at most, none is looked at: it may be odd.
        """
        width, before = len(self.dialect.names), int(self.dialect.has_header)
        self._short, self._left_out = [], []
        self._empty = self._empty_now = 0
        header, again = self._header_cells(), []
        for block in text_blocks(self.path, self.dialect, size, before):
            places: Sequence[int] = range(before, before + len(block))
            before += len(block)
            if header and header in block:
                again += [
                    n for n, row in zip(places, block, strict=True) if row == header
                ]
                gone = set(again)
                places = [n for n in places if n not in gone]
                block = [row for row in block if row != header]
            if set(map(len, block)) != {width}:
                block, places = self._evened(block, places, width, most)
            most -= len(block)
            yield block, places
        if again:
            rows = "1 row repeats" if len(again) == 1 else f"{len(again):,} rows repeat"
            line = self.line_of(again[0])
            text = f"{rows} the header, such as line {line}, and "
            text += "is left out" if len(again) == 1 else "are left out"
            self.notes.add(text, True)
        if self._left_out:
            n = len(self._left_out)
            line = self.line_of(self._left_out[0])
            rows = "row" if n == 1 else "rows"
            text = f"{n:,} {rows} too long left out, such as line {line}"
            self.notes.add(text, True)

    def _header_cells(self) -> list[str]:
        """Return the cells of the header as they stand in the file, if it has one."""
        if not self.dialect.has_header or len(self.dialect.names) < 2:
            return []
        return next(text_rows(self.path, self.dialect), (0, []))[1]

    def _evened(
        self, block: list[list[str]], places: Sequence[int], width: int, most: float
    ) -> tuple[list[list[str]], list[int]]:
        """Fill up short rows, and refuse long ones unless nothing stands at their end."""
        rows: list[list[str]] = []
        kept: list[int] = []
        for place, cells in zip(places, block, strict=True):
            if len(rows) >= most:
                break
            if not cells or (len(cells) == 1 and not cells[0].strip()):
                self._empty_now += 1
                continue
            self._empty, self._empty_now = self._empty + self._empty_now, 0
            if len(cells) < width:
                self._short.append(place)
                cells = cells + [""] * (width - len(cells))
            elif len(cells) > width:
                if any(cell.strip() for cell in cells[width:]):
                    if self.options.get("on_bad_lines", "error") == "error":
                        raise TableError(self._too_long(place, len(cells)))
                    self._left_out.append(place)
                    continue
                cells = cells[:width]
            rows.append(cells)
            kept.append(place)
        return rows, kept

    def line_of(self, place: int) -> int:
        """Return the line of the file at which a row begins."""
        for number, (line, _) in enumerate(text_rows(self.path, self.dialect, True)):
            if number == place:
                return line
        return 0

    def _too_long(self, place: int, n: int) -> str:
        sign = self.dialect.separator
        return (
            f"{self.path} is not a table: line {self.line_of(place)} has {n} cells and "
            f"the header {len(self.dialect.names)}. Is a {sign!r} part of a cell, or a "
            "name missing in the header? sep=, skiprows=, names= and "
            "on_bad_lines='skip' decide"
        )

    def _without_footer(
        self, rows: list[list[str]], places: list[int]
    ) -> list[list[str]]:
        end = len(rows)
        while end > 1 and self._is_footer(rows[end - 1], rows[0]):
            end -= 1
        if end == len(rows) and self._may_be_total(rows):
            text = f"{_first_filled(rows[-1])[:40]!r}"
            self.notes.add(
                f"line {self.line_of(places[-1])}, beginning with {text}, may be a "
                "total; it is kept, and skipfooter=1 leaves it out",
                True,
            )
        for place, cells in zip(places[end:], rows[end:], strict=True):
            text = _first_filled(cells)
            self._short = [number for number in self._short if number != place]
            self.notes.add(
                f"line {self.line_of(place)}, {text[:40]!r}, is taken for a footer and "
                "left out; skipfooter=0 keeps it",
                True,
            )
        return rows[:end]

    @staticmethod
    def _may_be_total(rows: list[list[str]]) -> bool:
        """Return whether the last row says so, or is the only one without a name."""
        if len(rows) < 3:
            return False
        *above, last = rows
        if TOTALS.match(_first_filled(last)):
            return True
        filled = [cell.strip() for cell in last if cell.strip()]
        nameless = not last[0].strip() and all(row[0].strip() for row in above)
        return nameless and bool(filled) and all(map(_is_value, filled))

    @staticmethod
    def _is_footer(cells: list[str], first: list[str]) -> bool:
        """Return whether a last row is a total or a remark, and no record."""
        filled = [cell.strip() for cell in cells if cell.strip()]
        if not filled or _is_value(filled[0]):
            return False
        unlike = _is_value(first[0].strip()) and not _is_value(cells[0].strip())
        if TOTALS.match(filled[0]):
            return unlike or len(filled) <= 0.5 * len(cells)
        return len(filled) == 1 and len(cells) > 2 and unlike

    def chunks(self, size: int = CHUNK) -> Iterator[pd.DataFrame]:
        """Yield the texts of the next rows, a column for each name."""
        names = list(self.dialect.names)
        for part in self.blocks(size):
            columns = zip(*part, strict=True)
            arrays = [pa.array(column, pa.string()) for column in columns]
            frame = pd.DataFrame(dict(enumerate(map(_series, arrays))))
            frame.columns = pd.Index(names)
            yield frame

    # --- what the cells mean -----------------------------------------------------

    def sample(self, n_rows: int | None, seed: int = 0) -> pd.DataFrame:
        """Return all rows, or so many drawn at random, in one pass; as texts."""
        generator = np.random.default_rng(seed)
        evidence = {name: ColumnEvidence(self.choices) for name in self.dialect.names}
        frames: list[pd.DataFrame] = []
        keys = np.array([])
        for chunk in self.chunks():
            for name, found in evidence.items():
                found.update(chunk[name])
            frames.append(chunk)
            if n_rows is not None:
                keys = np.append(keys, generator.random(len(chunk)))
                frames, keys = _smallest(frames, keys, n_rows)
        self._evidence = evidence
        if not frames:
            return pd.DataFrame(columns=list(self.dialect.names), dtype=str)
        return pd.concat(frames, ignore_index=True)

    def study(self) -> None:
        """Let the whole file pass by, to know how its columns are to be read."""
        evidence = {name: ColumnEvidence(self.choices) for name in self.dialect.names}
        for chunk in self.chunks():
            for name, found in evidence.items():
                found.update(chunk[name])
        self._evidence = evidence

    @cached_property
    def readings(self) -> dict[str, ColumnReading]:
        """Return how each column is to be read; `sample` or `study` comes first."""
        facts = facts_of(self._evidence.values())
        readings = {n: read_column(e, facts) for n, e in self._evidence.items()}
        plain = self.options.get("dtype")
        for name in readings:
            wanted = plain.get(name) if isinstance(plain, Mapping) else plain
            if wanted in (str, "str", "string", object, "object"):
                missing = readings[name].missing
                readings[name] = ColumnReading("text", missing=missing)
        for name in self._undated(readings):
            readings[name] = ColumnReading("text")
        return readings

    def _undated(self, readings: Mapping[str, ColumnReading]) -> list[str]:
        """Name the columns of dates that are to stay text, by ``parse_dates``."""
        wanted = self.options.get("parse_dates", True)
        dated = [n for n, reading in readings.items() if reading.kind == "date"]
        if wanted is False:
            return dated
        if wanted is True:
            return []
        if isinstance(wanted, str):
            wanted = [wanted]
        absent = [n for n in wanted if n not in dated]
        if absent:
            both = len(self._evidence[absent[0]].dates or []) > 1
            fit = "two formats of dates fit" if both else "no format of dates fits"
            raise TableError(
                f"{self.path}: {fit} every cell of "
                f"{', '.join(map(repr, absent))}; say date_format= or dayfirst="
            )
        return [n for n in dated if n not in wanted]

    def typed(self, texts: pd.DataFrame) -> pd.DataFrame:
        """Turn texts into what their columns hold."""
        readings = self.readings
        frame = pd.DataFrame({n: convert(texts[n], readings[n]) for n in texts.columns})
        frame = self._without_unnamed(frame)
        usecols = self.options.get("usecols")
        if usecols is not None:
            frame = _chosen(frame, usecols)
        types = self.options.get("dtype")
        if isinstance(types, Mapping):
            kept = [n for n in types if n in frame.columns]
            others = {n: types[n] for n in kept if types[n] not in (str, "str")}
            frame = frame.astype(others)
        elif types is not None and types is not str and types != "str":
            frame = frame.astype(types)
        index = self.options.get("index_col")
        if index is not None and index is not False:
            name = frame.columns[index] if isinstance(index, int) else index
            frame = frame.set_index(name)
        return frame

    def _without_unnamed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Leave out the empty column that separators at the end of each line make."""
        last = self.dialect.names[-1]
        made = last == f"Unnamed: {len(self.dialect.names) - 1}"
        empty = self.readings[last].kind == "empty"
        return frame.drop(columns=last) if made and empty and len(frame) else frame

    def _note_one_column(self) -> None:
        """Say that nothing separates cells, gravely where spaces seem to."""
        rows = [cells[0] for _, cells in islice(text_rows(self.path, self.dialect), 50)]
        aligned = sum(map(_looks_aligned, rows)) > 0.5 * len(rows)
        what = (
            "its lines look aligned by spaces: pandas.read_fwf reads such files"
            if aligned
            else "sep= chooses what separates cells"
        )
        self.notes.add(f"one column only; {what}", aligned)
        if self._empty:
            lines = "line is" if self._empty == 1 else "lines are"
            text = f"{self._empty:,} empty {lines} left out, though a gap would look so"
            self.notes.add(text, True)

    def finish_notes(self) -> Notes:
        """Return the notes, those on columns among them."""
        if self._short:
            n = len(self._short)
            rows = "1 row is" if n == 1 else f"{n:,} rows are"
            self.notes.add(
                f"{rows} shorter than the header, as in line "
                f"{self.line_of(self._short[0])}; the cells at the end are missing"
            )
        if self.dialect.has_header and looks_like_data(self.dialect.names):
            self.notes.add(
                "the first row looks like data; if so, say header=None", True
            )
        if len(self.dialect.names) == 1:
            self._note_one_column()
        for name, reading in self.readings.items():
            if reading.note:
                self.notes.add(f"{name}: {reading.note}", reading.doubtful)
        return self.notes


def _looks_aligned(cell: str) -> bool:
    """Return whether columns may be kept apart by several spaces."""
    return bool(re.search(r"\S\s{2,}\S", cell.strip()))


def _first_filled(cells: Sequence[str]) -> str:
    return next((cell.strip() for cell in cells if cell.strip()), "")


def _series(cells: pa.Array) -> pd.Series:
    return cells.to_pandas()


def _is_value(cell: str) -> bool:
    return split_amount(cell) is not None or bool(date_formats([cell]))


def _smallest(
    frames: list[pd.DataFrame], keys: np.ndarray, n_rows: int
) -> tuple[list[pd.DataFrame], np.ndarray]:
    """Keep the rows with the smallest keys: each row with the same chance."""
    if len(keys) <= n_rows:
        return frames, keys
    kept = np.sort(np.argpartition(keys, n_rows)[:n_rows])
    return [pd.concat(frames, ignore_index=True).iloc[kept]], keys[kept]


def _chosen(frame: pd.DataFrame, usecols: Any) -> pd.DataFrame:
    if callable(usecols):
        return frame[[name for name in frame.columns if usecols(name)]]
    names = [frame.columns[c] if isinstance(c, int) else c for c in usecols]
    absent = [name for name in names if name not in frame.columns]
    if absent:
        raise TableError(f"usecols names {absent[0]!r}, which is not a column")
    return frame[[name for name in frame.columns if name in names]]


__all__ = ["Notes", "TextTable", "check_options", "choices_of", "tidy_names"]
