"""Dates written as text: which formats fit, and which of them is meant."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import product

import pandas as pd

# Each date with the expression that its text must match, the likeliest first.
_PIECES = {
    "%Y": r"(?:1[5-9]|2[0-2])\d\d",
    "%y": r"\d\d",
    "%m": r"(?:0?[1-9]|1[0-2])",
    "%d": r"(?:0?[1-9]|[12]\d|3[01])",
    "%b": r"[A-Za-z]{3}",
    "%B": r"[A-Za-z]{3,9}",
    "%H": r"(?:[01]?\d|2[0-3])",
    "%I": r"(?:0?[1-9]|1[0-2])",
    "%M": r"[0-5]\d",
    "%S": r"[0-5]\d",
    "%f": r"\d{1,9}",
    "%p": r"[APap][Mm]",
    "%z": r"(?:Z|[+-]\d\d:?\d\d)",
}
_ORDERS = ("%Y{0}%m{0}%d", "%d{0}%m{0}%Y", "%m{0}%d{0}%Y", "%d{0}%m{0}%y")
_RARE_ORDERS = ("%m{0}%d{0}%y", "%y{0}%m{0}%d")
_NAMED = ("%d{0}%b{0}%Y", "%d{0}%B{0}%Y", "%d{0}%b{0}%y", "%Y{0}%b{0}%d")
_DATES = (
    *(order.format(sign) for sign in "-./ " for order in _ORDERS + _RARE_ORDERS),
    *(order.format(sign) for sign in "-./ " for order in _NAMED),
    *("%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%d. %m. %Y", "%d. %B %Y"),
    *("%Y年%m月%d日", "%Y%m%d", "%Y-%m", "%Y/%m"),
)
_CLOCKS = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%H.%M.%S")
_TIMES = (
    "",
    *(f" {clock}" for clock in _CLOCKS),
    *(f"T{clock}{zone}" for clock in _CLOCKS[:3] for zone in ("", "%z")),
    *(f" {clock}{zone}" for clock in _CLOCKS[:3] for zone in ("%z", " %z")),
)


def date_formats(texts: Iterable[object]) -> list[str]:
    """Return all formats that fit every one of these texts, the likeliest first.

    Missing cells are passed over. Where the order of day and month cannot be told,
    two formats come back.

    Parameters
    ----------
    texts : iterable of str

    Returns
    -------
    list of str
        For `pandas.to_datetime`; empty if no format fits all.

    Examples
    --------
    >>> date_formats(["01.01.2021", "13.01.2021"])
    ['%d.%m.%Y']
    >>> date_formats(["01/02/2021", "03/04/2021"])
    ['%d/%m/%Y', '%m/%d/%Y']
    >>> date_formats(["13/01/2021", "tomorrow"])
    []
    """
    cells = pd.Series(list(texts), dtype=object).dropna()
    if cells.empty or not cells.map(lambda cell: isinstance(cell, str)).all():
        return []
    distinct = pd.Series(cells.astype(str).str.strip().unique())
    fitting = [f for f in _matching(distinct.iloc[0]) if _fits(distinct, f)]
    return sorted(fitting, key=lambda form: _unlikely(distinct, form))


def _matching(text: str) -> list[str]:
    """Return the formats whose expression one text matches; a quick first choice."""
    head = re.match(r"^(.*?)((?:T|\s)\d{1,2}[:.]\d\d(?:[:.].*|\s.*|[Z+-].*)?)?$", text)
    date, time = head.groups() if head else (text, None)
    dates = [f for f in _DATES if _expression(f).fullmatch(date)]
    times = [f for f in _TIMES if _expression(f).fullmatch(time or "")]
    whole = [f for f in _DATES if time and _expression(f).fullmatch(text)]
    return whole + [day + clock for day, clock in product(dates, times)]


@cache
def _expression(form: str) -> re.Pattern[str]:
    parts = re.split(r"(%[A-Za-z])", form)
    return re.compile("".join(_PIECES.get(part) or re.escape(part) for part in parts))


def _fits(distinct: pd.Series, form: str) -> bool:
    if not distinct.str.fullmatch(_expression(form).pattern).all():
        return False
    return bool(_parsed(distinct, form).notna().all())


def _parsed(texts: pd.Series, form: str) -> pd.Series:
    """Read dates by one format; months of any spelling, "Z" as UTC."""
    return pd.to_datetime(texts, format=form, errors="coerce", utc="%z" in form or None)


def _unlikely(distinct: pd.Series, form: str) -> tuple[bool, bool]:
    """Sort formats: two digits of a year at the front are rare, and so are leaps."""
    steps = _parsed(distinct, form).diff().dropna()
    in_order = bool(
        (steps >= pd.Timedelta(0)).all() or (steps <= pd.Timedelta(0)).all()
    )
    return form.startswith("%y"), not in_order


@dataclass(frozen=True)
class DateReading:
    """One way to read a column of dates, and how certain it is.

    Parameters
    ----------
    format : str
    reason : str
        What decides between day and month first; empty if nothing had to.
    others : tuple of str
        Formats that fit as well. Not empty means that the reading is a guess.
    """

    format: str
    reason: str = ""
    others: tuple[str, ...] = ()


def read_format(
    texts: Iterable[object], dayfirst: bool | None = None
) -> DateReading | None:
    """Say by which format a column of texts is to be read, or return None.

    Parameters
    ----------
    texts : iterable of str
    dayfirst : bool, optional
        Decides where day and month could be exchanged.

    Examples
    --------
    >>> read_format(["01/02/2021", "13/02/2021"])
    DateReading(format='%d/%m/%Y', reason='1 value has a day above 12', others=())
    >>> read_format(["01/02/2021", "03/02/2021"]).others
    ('%m/%d/%Y',)
    """
    cells = [
        str(text).strip() for text in pd.Series(list(texts), dtype=object).dropna()
    ]
    fitting = date_formats(cells)
    fitting = [f for f in fitting if not f.startswith("%y")] or fitting
    if not fitting:
        return None
    if dayfirst is not None and len(fitting) > 1:
        chosen = [f for f in fitting if _day_first(f) == dayfirst]
        if chosen:
            word = "day" if dayfirst else "month"
            return DateReading(chosen[0], f"{word} first, as you said")
    # No country writes the month first and dots between.
    dotted = [f for f in fitting if f.startswith(("%d.%m.", "%d. "))]
    if dotted and len(fitting) > 1:
        return DateReading(dotted[0], "dates with dots have the day first")
    first = fitting[0]
    same = [f for f in fitting[1:] if not _equal_reading(cells, first, f)]
    return DateReading(first, "" if same else _reason(cells, first), tuple(same))


def _equal_reading(cells: list[str], first: str, second: str) -> bool:
    texts = pd.Series(cells, dtype=object)
    return bool(_parsed(texts, first).equals(_parsed(texts, second)))


def _day_first(form: str) -> bool:
    return 0 <= form.find("%d") < form.find("%m")


def _reason(cells: list[str], form: str) -> str:
    if not re.match(r"%[dm][-/. ]%[dm]", form):
        return ""
    days = _parsed(pd.Series(cells, dtype=object), form).dt.day
    n = int((days > 12).sum())
    return (
        f"{n:,} {'value has' if n == 1 else 'values have'} a day above 12" if n else ""
    )
