"""Decide what the texts of a column mean, and turn all of them into it or none.

Evidence is collected cell by cell, so that a file may pass by in parts: whether it is
held whole, sampled or only counted, the same cells lead to the same reading.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mlmastery.data_exploration.amounts import (
    FORMATS,
    NumberEvidence,
    NumberFormat,
    parse_number,
    split_amount,
)
from mlmastery.data_exploration.dates import date_formats

# No text but a gap, in whatever column it stands.
SURE = frozenset(
    "NaN nan -NaN -nan NULL null #N/A #NA N/A n/a <NA> #N/A! #DIV/0! #REF! #VALUE! #NAME? "
    "#NUM! #NULL!".split()
)
# A gap where all other cells are numbers or dates.
LIKELY = SURE | frozenset(
    "NA None none NONE - -- --- ? . .. * missing k.A. n.a. na".split()
)
TRUE, FALSE = (
    frozenset(("True", "TRUE", "true")),
    frozenset(("False", "FALSE", "false")),
)
_PLAIN = (
    r"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$"
    r"|^\s*[+-]?(inf|Infinity)\s*$"
)
_DATED = re.compile(
    r"\d{1,4}([-/.]|\.? )\s?(\d{1,2}|[^\W\d_]{3,10}\.?)[-/. ]\s?\d{1,4}([T ]\s?\d\d?[:.]\d\d.*)?"
)
LOOK = 200  # cells of a part from which a doubt is told
_EIGHT_DIGITS = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
SMALL = 2000  # cells below which Python is faster than a column's methods
_EXACT = 2**53  # whole numbers that a float still tells apart


@dataclass(frozen=True)
class Choices:
    """Decisions taken before a file is read.

    Parameters
    ----------
    decimal, thousands : str, optional
    dayfirst : bool, optional
    date_format : str, optional
    na_values : frozenset of str
        Further texts that mean "missing", in every column.
    keep_default_na : bool
        Whether the usual ones mean so, too.
    separator : str
        Of the file; where it is a comma, a point is decimal.
    """

    decimal: str | None = None
    thousands: str | None = None
    dayfirst: bool | None = None
    date_format: str | None = None
    na_values: frozenset[str] = frozenset()
    keep_default_na: bool = True
    separator: str = ","

    def formats(self) -> list[NumberFormat]:
        """Return the formats of numbers that these choices leave."""
        kept = [f for f in FORMATS if self.decimal in (None, f.decimal)]
        if self.thousands is not None:
            wanted = _plain_space(self.thousands)
            kept = [f for f in kept if f.thousands in ("", wanted)]
            kept = [f for f in kept if wanted != f.decimal]
        return kept


def _plain_space(sign: str) -> str:
    return (
        " " if sign in "\u00a0\u202f\u2009\u2007" and sign else sign.replace("’", "'")
    )


@dataclass(frozen=True)
class ColumnReading:
    """Reading of a column: a kind, its format, its gaps, and a note if one is due.

    Parameters
    ----------
    kind : {"text", "number", "date", "boolean", "empty"}
    number : NumberFormat, optional
    date : str, optional
        A format for `pandas.to_datetime`.
    missing : frozenset of str
        Texts that stand for a missing cell.
    whole : bool
        Whether all numbers are whole and none is missing: they become integers.
    note : str
        What a reader of the table should know.
    doubtful : bool
        Whether the note asks for a decision.
    """

    kind: str
    number: NumberFormat | None = None
    date: str | None = None
    missing: frozenset[str] = frozenset()
    whole: bool = False
    note: str = ""
    doubtful: bool = False


@dataclass
class ColumnEvidence:
    """Collect what is known of a column, however many parts its cells come in."""

    choices: Choices = field(default_factory=Choices)
    known: int = 0
    blank: int = 0
    tokens: Counter[str] = field(default_factory=Counter)
    numbers: NumberEvidence = field(init=False)
    plain: bool = True  # all cells read as numbers without any effort
    three_digits: bool = True  # ... but each with exactly three digits after a point
    points: bool = False
    dates: list[str] | None = None
    late_days: Counter[str] = field(default_factory=Counter)
    truths: bool = True
    capitals: bool = True
    zero_first: bool = False
    infinite: bool = False
    decimals: bool = False
    largest: float = 0.0
    texts: Counter[str] = field(
        default_factory=Counter
    )  # some cells that are not numbers
    numeric: int = 0
    looked: int = 0  # distinct cells looked at more closely, and what they resemble
    amounts: int = 0
    dated: int = 0
    unlike: dict[str, str] = field(default_factory=dict)  # a cell unlike the others
    phones: bool = True
    _forms: list[str] = field(default_factory=list)  # of the first cell like a date

    def __post_init__(self) -> None:
        self.numbers = NumberEvidence(self.choices.formats())

    def update(self, cells: pd.Series) -> None:
        """Look at the next cells of the column, texts all of them."""
        counts = _counts(cells)
        gaps = list(counts.index[counts.index.isin(self._gaps)])
        self.blank += int(counts.get("", 0))
        self.tokens.update({t: int(counts[t]) for t in gaps if t})
        counts = counts.drop(gaps)
        if len(counts):
            self.known += int(counts.sum())
            self._look(counts)

    @cached_property
    def _gaps(self) -> frozenset[str]:
        default = LIKELY if self.choices.keep_default_na else frozenset()
        return default | self.choices.na_values | {""}

    def _look(self, counts: pd.Series) -> None:
        distinct = counts.index.to_series().astype(str)
        words = set(distinct.iloc[:100])
        self.truths &= words <= TRUE | FALSE and set(distinct) <= TRUE | FALSE
        self.capitals &= bool(_matches(distinct, r"[A-Z]{2,3}$").all())
        self._look_at_dates(distinct, counts)
        plain = _matches(distinct, _PLAIN)
        self.numeric += int(counts[plain].sum())
        if plain.all():
            self._look_at_plain(distinct)
        elif len(self.texts) < 5:
            self.texts.update(distinct[~plain].iloc[:3].tolist())
        if not plain.all() and not self.dates and self.looked < 5 * LOOK:
            self._resemble(distinct.iloc[:LOOK])
        if self.plain and not plain.all():
            self._leave_plain()
        if self.numbers.odd is None and self._may_be_numbers(plain):
            self.numbers.update(distinct.iloc[:20])
            if self.numbers.odd is None:
                self.numbers.update(distinct.iloc[20:])

    def _resemble(self, distinct: pd.Series) -> None:
        """Count cells that look like numbers or dates, in whatever format."""
        for cell in distinct:
            amount = split_amount(cell)
            is_number = amount is not None and any(
                f.read(amount.body) is not None for f in FORMATS
            )
            is_date = bool(_DATED.fullmatch(cell))
            self.amounts, self.dated = self.amounts + is_number, self.dated + is_date
            if not is_number:
                self.unlike.setdefault("number", cell)
            if not is_date:
                self.unlike.setdefault("undated", cell)
            if is_date and "first" not in self.unlike:
                self.unlike["first"] = cell
                self._forms = date_formats([cell])
            elif is_date and "date" not in self.unlike:
                if not set(date_formats([cell])) & set(self._forms):
                    self.unlike["date"] = cell
        self.looked += len(distinct)

    def _leave_plain(self) -> None:
        """Hand over what earlier parts of the column have shown."""
        self.plain = False
        if self.points:
            self.numbers.keep_decimal(".")
        self.numbers.leading_zero |= self.zero_first

    def _may_be_numbers(self, plain: np.ndarray) -> bool:
        # Plain numbers that are not ambiguous need no closer look, which is slow.
        sure = bool(plain.all()) and not self.three_digits and self.plain
        return not sure or bool(self.numbers.units)

    def _look_at_plain(self, distinct: pd.Series) -> None:
        three = r"^[+-]?[1-9]\d{0,2}(\.\d{3})+$|^[+-]?\d{1,3}$"
        self.three_digits &= bool(_matches(distinct, three).all())
        self.points |= bool(_matches(distinct, r".*\.").any())
        self.decimals |= bool(_matches(distinct, r".*[.eE]").any())
        self.zero_first |= bool(_matches(distinct, r"[+-]?0\d").any())
        self.phones &= bool(_matches(distinct, r"\+[0-9]{8,}$").all())
        named = _matches(distinct, ".*[iI]nf")
        self.infinite |= bool(named.any())
        sizes = distinct[~named].map(float).abs()  # of any number of digits
        self.largest = max(self.largest, float(sizes.max()) if len(sizes) else 0.0)

    def _look_at_dates(self, distinct: pd.Series, counts: pd.Series) -> None:
        if self.dates == []:
            return
        if self.choices.date_format is not None:
            fitting = [self.choices.date_format]
        else:
            fitting = date_formats(distinct.iloc[:50])
        before = self.dates or fitting
        if self.dates is not None:
            fitting = [form for form in self.dates if form in fitting]
        if len(distinct) > 50 and fitting and self.choices.date_format is None:
            whole = date_formats(distinct)
            fitting = [form for form in fitting if form in whole]
        possible = before or fitting
        self.dates = [form for form in fitting if self._all_dates(distinct, form)]
        if possible and not self.dates:
            self._note_odd_date(distinct, possible[0])
        for form in self.dates:
            days = pd.to_datetime(
                distinct, format=form, errors="coerce", utc=True
            ).dt.day
            self.late_days[form] += int(counts[(days > 12).to_numpy()].sum())

    def _note_odd_date(self, distinct: pd.Series, form: str) -> None:
        read = pd.to_datetime(distinct, format=form, errors="coerce", utc=True)
        good, bad = distinct[read.notna()], distinct[read.isna()]
        if len(good) and len(bad):
            self.unlike.setdefault("first", str(good.iloc[0]))
            self.unlike.setdefault("undated", str(bad.iloc[0]))

    @staticmethod
    def _all_dates(distinct: pd.Series, form: str) -> bool:
        read = pd.to_datetime(distinct, format=form, errors="coerce", utc=True)
        return bool(read.notna().all())


def _counts(cells: pd.Series) -> pd.Series:
    """Count the distinct cells of a column, without spaces around them."""
    if len(cells) <= SMALL:
        tally = Counter("" if cell is None else str(cell).strip() for cell in cells)
        return pd.Series(list(tally.values()), index=list(tally), dtype=int)
    counts = cells.value_counts(sort=False, dropna=False)
    distinct = counts.index.fillna("").str.strip()
    if distinct.has_duplicates:  # they differed in spaces alone
        return counts.groupby(distinct.to_numpy(), sort=False).sum()
    counts.index = distinct
    return counts


def _matches(texts: pd.Series, pattern: str) -> np.ndarray:
    """Return which texts a pattern matches at their beginning."""
    if len(texts) > SMALL:
        return texts.str.match(pattern).to_numpy(bool)
    match = re.compile(pattern).match
    return np.fromiter((bool(match(text)) for text in texts), bool, len(texts))


@dataclass(frozen=True)
class FileFacts:
    """Evidence of some columns that may decide others.

    Parameters
    ----------
    decimal : str, optional
        The decimal sign of the columns in which it is certain, if they agree.
    dayfirst : dict of str to bool
        By the sign between its parts, whether a certain date has the day first.
    na_is_gap : bool
        Whether "NA" stands for a missing number in this file.
    """

    decimal: str | None = None
    dayfirst: Mapping[str, bool] = field(default_factory=dict)
    na_is_gap: bool = False


def facts_of(columns: Iterable[ColumnEvidence]) -> FileFacts:
    """Return what is certain in some columns and may decide others."""
    columns = list(columns)
    decimals = {d for c in columns if (d := _certain_decimal(c))}
    first: dict[str, bool] = {}
    for column in columns:
        forms = _likely_dates(column.dates or [])
        if column.known and len(forms) == 1 and re.match(r"%[dm]\W%[dm]", forms[0]):
            first.setdefault(forms[0][2], forms[0].startswith("%d"))
    gaps = [c for c in columns if c.tokens["NA"]]
    na_is_gap = any(c.known and (_is_number(c) or c.dates) for c in gaps)
    no_blank = not any(c.blank for c in columns)
    return FileFacts(
        decimals.pop() if len(decimals) == 1 else None,
        first,
        na_is_gap or (len(gaps) > 1 and no_blank),
    )


def _is_number(column: ColumnEvidence) -> bool:
    return column.plain or bool(column.numbers.readings())


def _certain_decimal(column: ColumnEvidence) -> str | None:
    if not column.known:
        return None
    if column.plain and not column.three_digits:
        return "." if column.points and not column.zero_first else None
    readings = column.numbers.readings()
    seen = column.numbers.grouped and column.numbers.odd is None
    return readings[0].decimal if seen and len(readings) == 1 else None


def _likely_dates(forms: Sequence[str]) -> list[str]:
    """Leave out two digits of a year at the front, and months before a point."""
    forms = [f for f in forms if not f.startswith("%y")] or list(forms)
    dotted = [f for f in forms if f.startswith("%d.%m.")]
    return (dotted or forms) if len(forms) > 1 else forms


def read_column(column: ColumnEvidence, facts: FileFacts) -> ColumnReading:
    """Decide how a column is to be read."""
    gaps = frozenset(column.tokens)
    if not column.known:
        if column.tokens["NA"] and not facts.na_is_gap and set(gaps) == {"NA"}:
            note = "all cells are missing or 'NA', taken as missing"
            return ColumnReading("empty", missing=gaps, note=note)
        return ColumnReading("empty", missing=gaps)
    if column.truths:
        return _noted(ColumnReading("boolean", missing=gaps), column)
    date = _read_dates(column, facts)
    if date is not None:
        return _noted(date, column)
    number = _read_numbers(column, facts)
    if number is not None:
        return _noted(number, column)
    return _read_text(column, facts)


def _noted(reading: ColumnReading, column: ColumnEvidence) -> ColumnReading:
    """Add which texts were taken as missing."""
    if reading.kind == "text" or not column.tokens:
        return reading
    shown = ", ".join(map(repr, column.tokens))
    gaps = f"{shown} taken as missing in {_cells(column.tokens.total())}"
    note = f"{reading.note}; {gaps}" if reading.note else gaps
    return replace(reading, missing=frozenset(column.tokens), note=note)


def _read_dates(column: ColumnEvidence, facts: FileFacts) -> ColumnReading | None:
    if not column.dates:
        return None
    forms = _likely_dates(column.dates)
    swapped = len(forms) > 1 and re.match(r"%[dm]\W%[dm]", forms[0])
    if not swapped:
        return _date(forms[0], _day_reason(column, forms[0]))
    first = column.choices.dayfirst
    why = "as you said"
    if first is None:
        first, why = facts.dayfirst.get(forms[0][2]), "as in another column"
    chosen = [f for f in forms if first is not None and f.startswith("%d") == first]
    if chosen:
        return _date(chosen[0], f"{'day' if first else 'month'} first, {why}")
    fit = " and ".join(forms[:2])
    note = (
        f"two formats fit every date, {fit}: left as text; choose one with "
        "date_format= or dayfirst="
    )
    return replace(_text(column, facts), note=note, doubtful=True)


def _day_reason(column: ColumnEvidence, form: str) -> str:
    if not re.match(r"%[dm]\W%[dm]", form):
        return ""
    word = "day" if form.startswith("%d") else "month"
    n = column.late_days[form]
    if not n:
        return f"{word} first, as always where points stand between"
    rows = "1 row has" if n == 1 else f"{n:,} rows have"
    return f"{word} first because {rows} a day above 12"


def _date(form: str, reason: str) -> ColumnReading:
    iso = form.startswith("%Y-%m-%d")
    note = "" if iso else f"date {form}" + (f", {reason}" if reason else "")
    return ColumnReading("date", date=form, note=note)


def _read_numbers(column: ColumnEvidence, facts: FileFacts) -> ColumnReading | None:
    numbers = column.numbers
    decided = column.choices.decimal or column.choices.thousands
    if column.plain and (column.infinite or not column.three_digits) and not decided:
        return _plain_number(column, facts)
    readings = numbers.readings()
    if column.plain and not readings:
        return _plain_number(column, facts) if column.infinite else None
    if not readings:
        return None
    if numbers.leading_zero:
        return _leading_zeros(column, facts)
    if len(numbers.units - {""}) > 1:
        units = ", ".join(sorted(numbers.units - {""}))
        note = f"several units ({units}): left as text"
        return replace(_text(column, facts), note=note, doubtful=True)
    chosen, note, doubtful = _one_reading(column, facts, readings)
    if chosen is None:
        return replace(_text(column, facts), note=note, doubtful=True)
    shows = numbers.grouped or numbers.unit
    said = f"number, {chosen}" if shows and chosen != FORMATS[0] else ""
    said = ", ".join(
        filter(
            None,
            [
                said or ("number" if numbers.unit or numbers.minuses else ""),
                numbers.unit,
                *sorted(numbers.minuses),
            ],
        )
    )
    whole = chosen not in numbers.decimals_in and not numbers.exponents
    whole = whole and not column.decimals
    largest = max(numbers.largest, column.largest)
    return _number(column, facts, chosen, whole, largest, note or said, doubtful)


def _one_reading(
    column: ColumnEvidence, facts: FileFacts, readings: list[NumberFormat]
) -> tuple[NumberFormat | None, str, bool]:
    """Choose between readings that fit every cell and differ, if anything allows it."""
    if len(readings) == 1:
        return readings[0], "", False
    by_file = [f for f in readings if f.decimal == facts.decimal]
    if len(by_file) == 1:
        return by_file[0], "", False
    example = column.numbers.example
    plain = readings[0] == FORMATS[0]
    if plain and column.choices.separator != ";":
        note = (
            f"the point in {example!r} is taken as decimal; if not, say thousands='.'"
        )
        return readings[0], note, False
    sign = "." if plain else ","
    note = (
        f"{example!r} can be read in two ways: left as text; choose decimal={sign!r} or "
        f"thousands={sign!r}"
    )
    return None, note, True


def _plain_number(column: ColumnEvidence, facts: FileFacts) -> ColumnReading | None:
    if column.zero_first:
        return _leading_zeros(column, facts)
    if column.phones:
        note = "digits behind a plus sign, as in telephone numbers: kept as text"
        return replace(_text(column, facts), note=note)
    return _number(
        column, facts, FORMATS[0], not column.decimals, column.largest, "", False
    )


def _leading_zeros(column: ColumnEvidence, facts: FileFacts) -> ColumnReading:
    note = "digits with leading zeros: kept as text"
    return replace(_text(column, facts), note=note)


def _number(
    column: ColumnEvidence,
    facts: FileFacts,
    form: NumberFormat,
    whole: bool,
    largest: float,
    note: str,
    doubtful: bool,
) -> ColumnReading:
    gaps = column.blank + column.tokens.total()
    if whole and largest >= (_EXACT if gaps or column.infinite else 2**63 - 1024):
        note = "whole numbers too long for the computer's type: kept as text"
        return replace(_text(column, facts), note=note)
    as_integers = whole and not gaps and not column.infinite
    return ColumnReading(
        "number", number=form, whole=as_integers, note=note, doubtful=doubtful
    )


def _text(column: ColumnEvidence, facts: FileFacts) -> ColumnReading:
    given = frozenset(column.choices.na_values)
    missing = given | (SURE if column.choices.keep_default_na else frozenset())
    na_is_gap = facts.na_is_gap and not column.capitals
    if column.choices.keep_default_na and na_is_gap:
        missing |= {"NA"}
    return ColumnReading("text", missing=missing)


def _read_text(column: ColumnEvidence, facts: FileFacts) -> ColumnReading:
    reading = _text(column, facts)
    gone = {t: n for t, n in column.tokens.items() if t in reading.missing}
    kept = {t: n for t, n in column.tokens.items() if t not in reading.missing}
    notes = []
    if gone:
        shown = ", ".join(map(repr, gone))
        notes.append(f"{shown} taken as missing in {_cells(sum(gone.values()))}")
    if "NA" in kept:
        notes.append(
            f"'NA' kept as text in {_cells(kept['NA'])}; na_values='NA' changes it"
        )
    if "None" in kept:
        notes.append(f"'None' kept as text in {_cells(kept['None'])}")
    share = column.numeric / column.known
    if share > 0.8 and column.texts:
        odd = next(iter(column.texts))
        n = column.known - column.numeric
        cells = "1 cell is not a number" if n == 1 else f"{n:,} cells are not numbers"
        notes.append(f"left as text: {cells}, such as {odd!r}")
        return replace(reading, note="; ".join(notes), doubtful=True)
    doubt, grave = _resemblance(column)
    return replace(reading, note="; ".join([*notes, *doubt]), doubtful=grave)


def _resemblance(column: ColumnEvidence) -> tuple[list[str], bool]:
    """Say what a column of text resembles, and whether nearly all of it does."""
    if column.dated > 0.5 * column.looked:
        grave = column.dated > 0.8 * column.looked
        first, other = column.unlike["first"], column.unlike.get("date")
        known, undated = date_formats([first]), column.unlike.get("undated")
        if not known:
            what = f"no known format of dates reads {first!r}"
            if re.search(r"[^\W\d_]{3}", first):
                what += "; months are read by their English names only"
        elif other:
            what = f"no format of dates fits both {first!r} and {other!r}"
        else:
            what = f"most cells are dates, but {undated!r} is none"
        return [f"left as text: {what}"], grave
    share = max(column.amounts / max(column.looked, 1), column.numeric / column.known)
    if share < 0.5:
        return [], False
    odd = column.unlike.get("number") or next(iter(column.texts), "")
    words = f"most cells are numbers, but {odd!r} is none"
    if column.amounts == column.looked:
        words = "the cells are numbers, but no one format fits them all"
    return [f"left as text: {words}"], share > 0.8


def _cells(n: int) -> str:
    return "1 cell" if n == 1 else f"{n:,} cells"


def convert(cells: pd.Series, reading: ColumnReading) -> pd.Series:
    """Turn the texts of a column into what they mean.

    Parameters
    ----------
    cells : Series of str
    reading : ColumnReading

    Returns
    -------
    Series
        Of integers, floats, datetimes, truth values or texts; same index and name.
    """
    texts = cells.fillna("").astype(str)
    bare = texts.str.strip()
    gone = bare.isin({"", *reading.missing})
    if reading.kind == "empty":
        values = pd.Series(np.nan, index=cells.index, dtype=float)
    elif reading.kind == "text":
        values = texts.mask(gone, np.nan)
    elif reading.kind == "boolean":
        values = _truths(bare, gone)
    elif reading.kind == "date":
        values = _dates(bare.mask(gone), str(reading.date))
    else:
        values = _numbers(bare, gone, reading)
    return values.rename(cells.name)


def _truths(bare: pd.Series, gone: pd.Series) -> pd.Series:
    truths = bare.isin(TRUE)
    return truths.astype(object).mask(gone, np.nan) if gone.any() else truths


def _dates(bare: pd.Series, form: str) -> pd.Series:
    return pd.to_datetime(bare, format=form, utc=True if "%z" in form else False)


def _numbers(bare: pd.Series, gone: pd.Series, reading: ColumnReading) -> pd.Series:
    form = reading.number or FORMATS[0]
    cells = pa.array(bare.mask(gone), from_pandas=True)
    if form == FORMATS[0]:
        try:
            wanted = pa.int64() if reading.whole else pa.float64()
            plain = pc.replace_substring_regex(cells, r"^\+", "")
            values = pc.cast(plain, wanted).to_numpy(zero_copy_only=False)
            return pd.Series(values, index=bare.index)
        except pa.ArrowInvalid:
            pass
    read = {text: parse_number(text, form) for text in bare[~gone].unique()}
    values = bare.map(read).astype(float)
    return values.astype("int64") if reading.whole else values
