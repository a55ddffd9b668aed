"""Numbers as people write them: decimal signs, thousands signs, currencies and signs."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["Amount", "NumberEvidence", "NumberFormat", "parse_number", "split_amount"]

_CODES = (
    "EUR USD GBP CHF JPY CNY INR SEK NOK DKK ISK PLN CZK HUF RON BGN TRY RUB UAH BRL ARS "
    "CLP COP MXN PEN CAD AUD NZD HKD SGD KRW TWD THB IDR MYR PHP VND ZAR NGN KES EGP MAD "
    "TND AED SAR QAR KWD BHD OMR JOD ILS PKR BDT LKR KZT GEL RSD HRK XOF XAF"
).split()
_SIGNS = (
    "R$ US$ A$ C$ NZ$ HK$ S$ NT$ MX$ € $ £ ¥ ￥ ₹ ₽ ₩ ₺ ₴ ₪ ₫ ₱ ฿ ₦ ₡ ₲ ₸ ₾ kr. kr zł Kč Ft "
    "Fr. Fr lei лв руб. руб р. Rs. Rs RM Rp 元 円 TL DM %"
).split()
_UNIT = "|".join(map(re.escape, sorted([*_CODES, *_SIGNS], key=len, reverse=True)))
_THREE_DECIMALS = {"KWD", "BHD", "OMR", "JOD", "TND", "%"}
_SPACES = re.compile("[\u00a0\u202f\u2009\u2007]")
_ALIKE = {ord(a): b for a, b in zip("’´−–－٫．٬，", "''---..,,", strict=True)}
_ALIKE |= {ord(mark): "" for mark in "\u200e\u200f\u061c"}  # marks of direction
_AMOUNT = re.compile(
    rf"(?P<open>\()?\s*(?P<s1>[+-])?\s*(?P<u1>{_UNIT})?\s*(?P<s2>[+-])?\s*"
    r"(?P<body>(?:\d[\d.,' ]*)?\d[.,]?|[.,]\d+)(?P<exponent>[eE][+-]?\d+)?"
    rf"\s*(?P<s3>[+-])?\s*(?P<u2>{_UNIT})?\s*(?P<s4>[+-])?"
    r"\s*(?P<side>CR|DR|Cr\.?|Dr\.?)?\s*(?P<close>\))?"
)


@dataclass(frozen=True)
class NumberFormat:
    """Format of a number: the signs before decimals and between thousands.

    Examples
    --------
    >>> NumberFormat(",", ".").read("1.815,97")
    1815.97
    >>> NumberFormat(".", ",").read("1.815,97") is None
    True
    """

    decimal: str
    thousands: str = ""
    indian: bool = False

    def read(self, body: str) -> float | None:
        """Return the value of digits and signs, or None where the format doesn't fit."""
        if not _PATTERNS[self].fullmatch(body):
            return None
        digits = body.replace(self.thousands, "") if self.thousands else body
        return float(digits.replace(self.decimal, "."))

    def __str__(self) -> str:
        names = {",": "comma", ".": "point", " ": "space", "'": "apostrophe"}
        decimal = f"decimal {names[self.decimal]}"
        grouped = f", thousands {names[self.thousands]}" if self.thousands else ""
        return decimal + grouped + (" (Indian groups)" if self.indian else "")


FORMATS = (
    NumberFormat("."),
    NumberFormat(","),
    *(NumberFormat(".", t) for t in ", '"),
    *(NumberFormat(",", t) for t in ". '"),
    NumberFormat(".", ",", indian=True),
)


def _pattern(form: NumberFormat) -> re.Pattern[str]:
    decimal, group = re.escape(form.decimal), re.escape(form.thousands)
    whole = r"\d*" if not group else rf"(?:[1-9]\d{{0,2}}(?:{group}\d{{3}})+|\d*)"
    if form.indian:
        whole = rf"(?:[1-9]\d?(?:{group}\d\d)*{group}\d{{3}}|\d*)"
    return re.compile(rf"(?=.*\d){whole}(?:{decimal}\d*)?")


_PATTERNS = {form: _pattern(form) for form in FORMATS}


@dataclass(frozen=True)
class Amount:
    """A cell taken apart: digits with their signs, plus or minus, and the unit."""

    body: str
    negative: bool
    unit: str
    exponent: str = ""
    said: str = field(default="", repr=False)  # a minus written in some other way


def split_amount(cell: str) -> Amount | None:
    """Take a cell apart, or return None if it holds no number.

    Examples
    --------
    >>> split_amount("(1.234,50 EUR)")
    Amount(body='1.234,50', negative=True, unit='EUR', exponent='')
    >>> split_amount("12 apples") is None
    True
    """
    text = _SPACES.sub(" ", cell.strip())
    if not text.isascii():
        text = "".join(map(_western, text.translate(_ALIKE)))
    text = text.replace("-.", "-0.").replace("`", "'")
    match = _AMOUNT.fullmatch(text)
    if not match or bool(match["open"]) != bool(match["close"]):
        return None
    signs = [match[s] for s in ("s1", "s2", "s3", "s4") if match[s]]
    units = [match[u] for u in ("u1", "u2") if match[u]]
    if len(signs) > 1 or len(units) > 1:
        return None
    debit = (match["side"] or "").upper().startswith("DR")
    negative = "-" in signs or bool(match["open"]) or debit
    unit = units[0] if units else ""
    said = "brackets negative" if match["open"] else "Dr negative" if debit else ""
    return Amount(match["body"], negative, unit, match["exponent"] or "", said)


def _western(sign: str) -> str:
    """Return the digit 0 to 9 for one of another script, any other sign as it is."""
    return sign if sign.isascii() else str(unicodedata.decimal(sign, sign))


def parse_number(cell: str, form: NumberFormat) -> float | None:
    """Return the number in a cell that is written in this format, or None.

    Examples
    --------
    >>> parse_number("1 815,97 zł", NumberFormat(",", " "))
    1815.97
    >>> parse_number("(1,234.00)", NumberFormat(".", ","))
    -1234.0
    """
    amount = split_amount(cell)
    value = form.read(amount.body) if amount else None
    if amount is None or value is None:
        return None
    value = float(f"{value!r}{amount.exponent}") if amount.exponent else value
    return -value if amount.negative else value


@dataclass
class NumberEvidence:
    """Collect what the cells of a column say of the format of its numbers.

    Parameters
    ----------
    allowed : iterable of NumberFormat
        The formats to choose from.

    Examples
    --------
    >>> evidence = NumberEvidence()
    >>> evidence.update(["1.234", "12"])
    >>> [str(form) for form in evidence.readings()]
    ['decimal point', 'decimal comma, thousands point']
    >>> evidence.update(["0.5"])
    >>> [str(form) for form in evidence.readings()]
    ['decimal point']
    """

    allowed: Iterable[NumberFormat] = FORMATS
    units: set[str] = field(default_factory=set)
    leading_zero: bool = False
    grouped: bool = False  # a sign stands between digits
    example: str = ""  # a cell with a sign between digits
    exponents: bool = False
    minuses: set[str] = field(default_factory=set)  # how some are written
    decimals_in: set[NumberFormat] = field(default_factory=set)  # formats that see any
    odd: str | None = None  # the first cell that does not fit
    _class: dict[NumberFormat, int] = field(init=False)  # equal: same values so far
    _largest: dict[NumberFormat, float] = field(init=False)

    def __post_init__(self) -> None:
        self._class = dict.fromkeys(self.allowed, 0)
        self._largest = dict.fromkeys(self.allowed, 0.0)

    def update(self, cells: Iterable[str]) -> None:
        """Look at some more cells; stop at the first that no format reads."""
        for cell in cells:
            if self.odd is not None:
                return
            amount = split_amount(cell)
            values = {f: f.read(amount.body) for f in self._class} if amount else {}
            fitting = {f: v for f, v in values.items() if v is not None}
            if amount is None or not fitting:
                self.odd = cell
            else:
                self._note(amount, fitting)

    def _note(self, amount: Amount, values: dict[NumberFormat, float]) -> None:
        self.units.add(amount.unit)
        self.minuses |= {amount.said} - {""}
        self.leading_zero |= bool(re.match(r"0\d", amount.body))
        if not amount.body.isdigit():
            self.grouped, self.example = True, self.example or amount.body
        keys = {form: (self._class[form], value) for form, value in values.items()}
        numbers = {key: i for i, key in enumerate(dict.fromkeys(keys.values()))}
        self._class = {form: numbers[key] for form, key in keys.items()}
        for form, value in values.items():
            self._largest[form] = max(self._largest[form], value)
            if form.decimal in amount.body:
                self.decimals_in.add(form)
        self.exponents |= bool(amount.exponent)

    def keep_decimal(self, sign: str) -> None:
        """Leave the formats with this decimal sign alone: cells unseen here show it."""
        self._class = {f: n for f, n in self._class.items() if f.decimal == sign}

    @property
    def unit(self) -> str:
        """Return the only unit of the column, or nothing."""
        units = self.units - {""}
        return units.pop() if len(units) == 1 else ""

    @property
    def largest(self) -> float:
        """Return the largest absolute value, in the likeliest reading."""
        readings = self.readings()
        return self._largest[readings[0]] if readings else 0.0

    def readings(self) -> list[NumberFormat]:
        """Return one format for each way to read the column, the likeliest first.

        Money has two decimals or none: where a currency stands, three digits after
        the only sign are thousands.
        """
        if self.odd is not None:
            return []
        firsts: dict[int, NumberFormat] = {}
        for form, number in self._class.items():
            firsts.setdefault(number, form)
        chosen = list(firsts.values())
        if len(chosen) > 1 and self.unit and self.unit not in _THREE_DECIMALS:
            top = max(self._largest[form] for form in chosen)
            chosen = [form for form in chosen if self._largest[form] == top]
        return chosen
