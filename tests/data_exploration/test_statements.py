"""Chapter 1: bank statements of many countries, each read to the right values."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlmastery.data_exploration import (
    __main__,
    load_table,
    sample_rows,
    summarise_file,
)

DAYS = ["2024-04-19", "2024-05-01", "2024-05-02"]


@dataclass
class Statement:
    """A small synthetic statement, and what is right for it."""

    text: str
    amounts: list[float]
    column: str = "amount"
    day: str | None = "date"
    days: list[str] = field(default_factory=lambda: DAYS)
    encoding: str = "utf-8"
    options: dict[str, Any] = field(default_factory=dict)
    columns: int | None = None


def lines(sign: str, rows: Iterable[Iterable[str]]) -> str:
    return "".join(sign.join(row) + "\n" for row in rows)


def table(
    amounts: list[str],
    days: tuple[str, ...] = ("19.04.2024", "01.05.2024", "02.05.2024"),
    sign: str = ";",
) -> str:
    head = ["date", "text", "amount"]
    texts = ["rent", "tea", "pay"]
    return lines(sign, [head, *zip(days, texts, amounts, strict=True)])


ISO = tuple(DAYS)
US = ("04/19/2024", "05/01/2024", "05/02/2024")
UK = ("19/04/2024", "01/05/2024", "02/05/2024")

BANK = {
    "german": Statement(table(["-18,25", "1.815,97", "7,00"]), [-18.25, 1815.97, 7]),
    "german integers beside": Statement(
        table(["-18", "1.815,97", "7"]), [-18, 1815.97, 7]
    ),
    "austrian space": Statement(
        table(["-18,25", "1 815,97", "7,00"]), [-18.25, 1815.97, 7]
    ),
    "french no-break": Statement(
        table(["-18,25", "1\u00a0815,97", "7,00"]), [-18.25, 1815.97, 7]
    ),
    "french narrow": Statement(
        table(["-18,25", "1\u202f815,97", "12\u202f345\u202f678,90"]),
        [-18.25, 1815.97, 12345678.9],
    ),
    "swiss": Statement(table(["-18.25", "1'815.97", "7.00"]), [-18.25, 1815.97, 7]),
    "swiss typographic": Statement(
        table(["-18.25", "1’815.97", "7.00"]), [-18.25, 1815.97, 7]
    ),
    "american": Statement(
        table(["-18.25", '"1,815.97"', "7.00"], US, ","), [-18.25, 1815.97, 7]
    ),
    "american dollars": Statement(
        table(["-$18.25", '"$1,234.00"', "$7.00"], US, ","), [-18.25, 1234, 7]
    ),
    "american whole dollars": Statement(
        table(["$18", '"$1,234"', "$7"], US, ","), [18, 1234, 7]
    ),
    "accountant": Statement(
        table(["(18.25)", '"(1,234.00)"', "7.00"], US, ","), [-18.25, -1234, 7]
    ),
    "accountant dollars": Statement(
        table(["($18.25)", '"($1,234.00)"', "$7.00"], US, ","), [-18.25, -1234, 7]
    ),
    "indian": Statement(
        table(["-18.25", '"12,34,567.89"', '"1,234.00"'], UK, ","),
        [-18.25, 1234567.89, 1234],
    ),
    "indian rupees": Statement(
        table(["₹18.25", '"₹12,34,567.89"', "₹7.00"], UK, ","), [18.25, 1234567.89, 7]
    ),
    "indian sides": Statement(
        table(["18.25 Dr", '"1,234.00 Cr"', "7.00 Cr"], UK, ","), [-18.25, 1234, 7]
    ),
    "minus behind": Statement(
        table(["18,25-", "1.234,50-", "7,00+"]), [-18.25, -1234.5, 7]
    ),
    "euro before": Statement(
        table(["€ 12,50", "€ 1.234,00", "€ -7,00"]), [12.5, 1234, -7]
    ),
    "euro behind": Statement(
        table(["12,50 €", "1.234,00 €", "-7,00 €"]), [12.5, 1234, -7]
    ),
    "euro code": Statement(
        table(["12,50 EUR", "1.234,00 EUR", "-7,00 EUR"]), [12.5, 1234, -7]
    ),
    "euro whole thousands": Statement(
        table(["€ 1.234", "€ 2.500", "€ 7"]), [1234, 2500, 7]
    ),
    "brazilian": Statement(
        table(["R$ 12,50", "R$ 1.234,56", "-R$ 7,00"], UK), [12.5, 1234.56, -7]
    ),
    "japanese": Statement(
        table(["¥120", '"¥1,200"', '"-¥12,500"'], ISO, ","), [120, 1200, -12500]
    ),
    "polish": Statement(
        table(["-18,25 zł", "1 815,97 zł", "7,00 zł"]), [-18.25, 1815.97, 7]
    ),
    "czech": Statement(
        table(["-18,25 Kč", "1 815,97 Kč", "7,00 Kč"]), [-18.25, 1815.97, 7]
    ),
    "swedish minus": Statement(
        table(["−18,25 kr", "1 815,97 kr", "7,00 kr"], ISO), [-18.25, 1815.97, 7]
    ),
    "hungarian": Statement(table(["-18 Ft", "1 815 Ft", "7 Ft"]), [-18, 1815, 7]),
    "pounds": Statement(
        table(["-£18.25", '"£1,815.97"', "£7.00"], UK, ","), [-18.25, 1815.97, 7]
    ),
    "two-digit year": Statement(
        table(["1,50", "2,50", "3,50"], ("19/04/24", "01/05/24", "02/05/24")),
        [1.5, 2.5, 3.5],
    ),
    "month names": Statement(
        table(
            ["1.50", "2.50", "3.50"], ("19-Apr-2024", "01-May-2024", "02-May-2024"), ","
        ),
        [1.5, 2.5, 3.5],
    ),
    "eight digits": Statement(
        table(["1.50", "2.50", "3.50"], ("20240419", "20240501", "20240502"), ","),
        [1.5, 2.5, 3.5],
    ),
    "iso": Statement(table(["1.50", "2.50", "3.50"], ISO, "\t"), [1.5, 2.5, 3.5]),
    "tabs": Statement(
        table(["-18,25", "1.815,97", "7,00"], sign="\t"), [-18.25, 1815.97, 7]
    ),
    "pipes": Statement(
        table(["-18,25", "1.815,97", "7,00"], sign="|"), [-18.25, 1815.97, 7]
    ),
    "quoted": Statement(
        '"date";"text";"amount"\n"19.04.2024";"rent; flat";"-18,25"\n'
        '"01.05.2024";"a ""b""";"1.815,97"\n"02.05.2024";"pay";"7,00"\n',
        [-18.25, 1815.97, 7],
    ),
    "byte order mark": Statement(
        table(["-18,25", "1.815,97", "7,00"]),
        [-18.25, 1815.97, 7],
        encoding="utf-8-sig",
    ),
    "utf-16": Statement(
        table(["-18,25", "1.815,97 ", "7,00"]), [-18.25, 1815.97, 7], encoding="utf-16"
    ),
    "utf-16 without mark": Statement(
        table(["-18,25", "1.815,97", "7,00"]),
        [-18.25, 1815.97, 7],
        encoding="utf-16-le",
    ),
    "cp1252": Statement(
        table(["-18,25 €", "1.815,97 €", "7,00 €"]).replace("rent", "Müller"),
        [-18.25, 1815.97, 7],
        encoding="cp1252",
        options={"encoding": "auto"},
    ),
    "preamble": Statement(
        "Konto;DE12 3456\nZeitraum;1.4.-2.5.2024\n\n"
        + table(["-18,25", "1.815,97", "7,00"]),
        [-18.25, 1815.97, 7],
    ),
    "preamble of full width": Statement(
        "Statement;;\nAccount 7;;\n;;\n" + table(["-18,25", "1.815,97", "7,00"]),
        [-18.25, 1815.97, 7],
    ),
    "footer with total": Statement(
        table(["-18,25", "1.815,97", "7,00"]) + "Summe;;1.804,72\n",
        [-18.25, 1815.97, 7],
    ),
    "footer of one cell": Statement(
        table(["-18.25", '"1,815.97"', "7.00"], US, ",")
        + "\nClosing balance: 1804.72\n",
        [-18.25, 1815.97, 7],
    ),
    "trailing separator": Statement(
        "".join(f"{x};\n" for x in table(["-18,25", "1.815,97", "7,00"]).splitlines()),
        [-18.25, 1815.97, 7],
        columns=3,
    ),
    "trailing separators in the header only": Statement(
        "date;amount;;\n19.04.2024;-18,25\n01.05.2024;1.815,97\n02.05.2024;7,00\n",
        [-18.25, 1815.97, 7],
        columns=2,
    ),
    "trailing separator in rows only": Statement(
        "date;amount\n19.04.2024;-18,25;\n01.05.2024;1.815,97;\n02.05.2024;7,00;\n",
        [-18.25, 1815.97, 7],
        columns=2,
    ),
    "blank lines": Statement(
        table(["-18,25", "1.815,97", "7,00"]).replace("\n", "\n\n"),
        [-18.25, 1815.97, 7],
    ),
    "windows line ends": Statement(
        table(["-18,25", "1.815,97", "7,00"]).replace("\n", "\r\n"),
        [-18.25, 1815.97, 7],
    ),
    "sep line": Statement(
        "sep=;\n" + table(["-18,25", "1.815,97", "7,00"]), [-18.25, 1815.97, 7]
    ),
    "debit and credit": Statement(
        "date;debit;credit\n19.04.2024;18,25;\n01.05.2024;;1.815,97\n02.05.2024;7,00;\n",
        [np.nan, 1815.97, np.nan],
        "credit",
    ),
    "ambiguous amounts beside certain ones": Statement(
        "date;amount;balance\n19.04.2024;1.234;10,50\n01.05.2024;2.345;20,50\n"
        "02.05.2024;3.456;30,50\n",
        [1234, 2345, 3456],
    ),
    "ambiguous dates beside certain ones": Statement(
        "date;value;amount\n01/05/2024;19/05/2024;1,50\n02/05/2024;20/05/2024;2,50\n"
        "03/05/2024;21/05/2024;3,50\n",
        [1.5, 2.5, 3.5],
        days=["2024-05-01", "2024-05-02", "2024-05-03"],
    ),
    "times": Statement(
        table(
            ["1,50", "2,50", "3,50"],
            ("19.04.2024 00:00", "01.05.2024 00:00", "02.05.2024 00:00"),
        ),
        [1.5, 2.5, 3.5],
    ),
    "dollars with dashes for nothing": Statement(
        table(["-", "$5.00", '"$1,000.00"'], US, ","), [np.nan, 5, 1000]
    ),
}


@pytest.fixture(params=BANK, ids=lambda name: name.replace(" ", "-"))
def statement(request, tmp_path: Path) -> tuple[Path, Statement]:
    right = BANK[request.param]
    path = tmp_path / "statement.csv"
    path.write_bytes(right.text.encode(right.encoding))
    return path, right


def test_statement_has_the_right_values(statement):
    path, right = statement
    frame = load_table(path, **right.options)
    np.testing.assert_allclose(frame[right.column].to_numpy(float), right.amounts)
    days = frame[right.day].dt.strftime("%Y-%m-%d").tolist()
    assert days == right.days
    if right.columns is not None:
        assert frame.shape[1] == right.columns


def test_whole_sample_and_summary_agree(statement):
    path, right = statement
    whole = load_table(path, **right.options)
    sample = sample_rows(path, 100, **right.options)
    pd.testing.assert_frame_equal(sample, whole)
    summary = summarise_file(path, **right.options)
    assert summary["rows"].unique().tolist() == [len(whole)]
    assert summary["missing"].tolist() == whole.isna().sum().tolist()
    mean = whole[right.column].mean()
    assert summary.loc[right.column, "mean"] == pytest.approx(mean)


@pytest.mark.parametrize(
    "name", ["german", "cp1252", "utf-16", "preamble", "footer with total"]
)
def test_command_says_how_it_read(name: str, tmp_path: Path, capsys):
    right = BANK[name]
    path = tmp_path / "statement.csv"
    path.write_bytes(right.text.encode(right.encoding))
    assert __main__.main([str(path), "--out", str(tmp_path / "r.html")]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Read: semicolon-separated")
    assert "amount: number, decimal comma" in out
    assert "date: date %d.%m.%Y, day first because 1 row has a day above 12" in out


def test_every_statement_is_said_as_it_was_read(statement):
    path, right = statement
    notes = load_table(path, **right.options).attrs["notes"]
    assert "separated" in notes[0]
    assert len(notes) >= 1
