"""Write synthetic bank statements as banks of several countries would.

No person and no bank stands behind them: the rows are drawn by a seeded generator.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mlmastery.storage import replacing
from mlmastery.validation import check_choice

__all__ = ["COUNTRIES", "make_statement", "write_statement"]

_PAYEES = ("rent", "groceries", "café", "train", "pharmacy", "telephone", "books")


@dataclass(frozen=True)
class Country:
    """Style of a country's banks: signs, names, and what stands around the table."""

    separator: str
    decimal: str
    thousands: str
    date: str
    names: tuple[str, str, str, str]
    unit: Callable[[str], str]
    preamble: str = ""
    encoding: str = "utf-8"


COUNTRIES = {
    "de": Country(
        ";",
        ",",
        ".",
        "%d.%m.%Y",
        ("Buchungstag", "Empfänger", "Betrag", "Referenz"),
        lambda text: text,
        encoding="cp1252",
    ),
    "us": Country(
        ",",
        ".",
        ",",
        "%m/%d/%Y",
        ("Date", "Payee", "Amount", "Reference"),
        lambda text: f"-${text[1:]}" if text.startswith("-") else f"${text}",
    ),
    "fr": Country(
        ";",
        ",",
        "\u202f",
        "%d/%m/%Y",
        ("Date", "Bénéficiaire", "Montant", "Référence"),
        lambda text: f"{text} €",
        preamble="Compte courant;FR76 0000\n\n",
    ),
    "ch": Country(
        "\t",
        ".",
        "’",
        "%d.%m.%Y",
        ("Datum", "Empfänger", "Betrag CHF", "Referenz"),
        lambda text: text,
    ),
}


def make_statement(n_rows: int = 60, random_state: int = 0) -> pd.DataFrame:
    """Draw the rows of a synthetic account: a salary a month, and small payments.

    Parameters
    ----------
    n_rows : int, default=60
    random_state : int, default=0

    Returns
    -------
    DataFrame
        ``date``, ``payee``, ``amount`` (two decimals, negative where money leaves) and
        ``reference``, a text of six digits.

    Examples
    --------
    >>> make_statement(3)["reference"].str.len().tolist()
    [6, 6, 6]
    """
    generator = np.random.default_rng(random_state)
    days = np.sort(generator.integers(0, 180, n_rows))
    payees = generator.choice(_PAYEES, n_rows)
    amounts = -np.round(generator.gamma(2, 20, n_rows) + 1, 2)
    rent = payees == "rent"
    amounts[rent] = -np.round(generator.normal(1100, 30, int(rent.sum())), 2)
    paid = np.arange(n_rows) % 10 == 2
    payees = np.where(paid, "salary", payees)
    amounts[paid] = np.round(generator.normal(2900, 150, int(paid.sum())), 2)
    references = [f"{number:06d}" for number in generator.integers(0, 10**5, n_rows)]
    return pd.DataFrame(
        {
            "date": pd.Timestamp("2024-01-02") + pd.to_timedelta(days, unit="D"),
            "payee": payees,
            "amount": amounts,
            "reference": references,
        }
    )


def write_statement(
    path: str | Path, country: str, n_rows: int = 60, random_state: int = 0
) -> pd.DataFrame:
    """Write a synthetic statement as a bank of this country would, and return its rows.

    Parameters
    ----------
    path : str or Path
    country : {"ch", "de", "fr", "us"}
    n_rows, random_state : int
        As for `make_statement`.

    Returns
    -------
    DataFrame
        What stands in the file: for comparison.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "account.csv"
    >>> rows = write_statement(path, "fr")
    >>> path.read_text(encoding="utf-8").splitlines()[2]
    'Date;Bénéficiaire;Montant;Référence'
    """
    check_choice(country, "country", tuple(COUNTRIES))
    style = COUNTRIES[country]
    rows = make_statement(n_rows, random_state)
    lines = [style.separator.join(style.names)]
    lines += [
        style.separator.join(_cells(row, style)) for row in rows.itertuples(index=False)
    ]
    text = style.preamble + "\n".join(lines) + "\n"
    with replacing(path) as file:
        file.write(text.encode(style.encoding))
    return rows


def _cells(row: tuple[pd.Timestamp, str, float, str], style: Country) -> list[str]:
    date, payee, amount, reference = row
    signs = {",": style.thousands, ".": style.decimal}
    text = style.unit("".join(signs.get(sign, sign) for sign in f"{amount:,.2f}"))
    money = f'"{text}"' if style.separator in text else text
    return [date.strftime(style.date), payee, money, reference]
