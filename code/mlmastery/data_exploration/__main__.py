"""Write a report on a table that nobody has prepared.

mlmastery data-exploration FILE --out report.html [--target COLUMN]

FILE is anything that load_table reads: a text file of any country, Excel, JSON, Parquet,
a database's URL with --table or --query, or the address of an API. How the file was read
and the findings are printed, too. Ends with status 0, or 1 if the table cannot be read
or explored, with the reason in one sentence.
"""

import argparse
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mlmastery.data_exploration.loading import (
    SAMPLERS,
    WORKBOOKS,
    LoadedTable,
    TableTooLargeError,
    hidden_password,
    load_file,
    load_table,
    true_kind,
)
from mlmastery.data_exploration.records import TableError
from mlmastery.data_exploration.report import comprehensive_eda

SAMPLE = 200_000  # rows of a table too large for memory
TEXT = "sep decimal thousands encoding skiprows date_format dayfirst na_values".split()
TEXT = [*TEXT, "skipfooter", "header", "sheet"]


def main(
    arguments: Sequence[str] | None = None,
    prog: str = "python -m mlmastery.data_exploration",
) -> int:
    """Read the table, write the report and return the exit status."""
    warnings.showwarning = _show  # one line, not a place in the code
    args = _parser(prog).parse_args(arguments)
    try:
        _check_out(args)
        loaded, note = _load(args)
        table = loaded.frame
        read = [line for line in (loaded.dialect, *loaded.notes.said) if line]
        note = " ".join(filter(None, [note, _sentence(read)]))
        report = comprehensive_eda(table, _target(table, args.target), note=note)
        name = hidden_password(args.source)
        title = f"Report on {name if '://' in name else Path(name).name}"
        path = report.to_html(args.out, title)
    except (ValueError, TypeError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for line in read:
        print(f"Read: {line}")
    print(report)
    print(f"Written: {path}")
    return 0


def _sentence(read: list[str]) -> str:
    return f"Read as: {'; '.join(read)}." if read else ""


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Write a report on a table.",
    )
    add = parser.add_argument
    add("source", metavar="FILE", help="a file, database URL or API")
    add("--out", default="report.html", help="default: report.html")
    add("--target", help="the column that is to be predicted")
    add("--table", help="table of a database")
    add("--query", help="SQL query to a database")
    add("--encoding", help="of a text file; default: found in the file")
    add("--sep", type=_sign, help="sign between cells; default: found in the file")
    add("--decimal", help="sign before decimals, if it cannot be told")
    add("--thousands", help="sign between thousands, if it cannot be told")
    add("--date-format", dest="date_format", help="of all dates, such as %%d.%%m.%%Y")
    first = parser.add_mutually_exclusive_group()
    first.add_argument(
        "--dayfirst",
        action="store_const",
        const=True,
        help="read 1/2/2024 as 1 February",
    )
    first.add_argument(
        "--monthfirst",
        dest="dayfirst",
        action="store_const",
        const=False,
        help="read 1/2/2024 as 2 January",
    )
    add("--na-values", dest="na_values", nargs="+", help="texts that mean “missing”")
    add("--skiprows", type=int, help="lines before the header")
    add("--skipfooter", type=int, help="rows at the end to leave out")
    add("--no-header", dest="header", action="store_true", help="no names in the file")
    add("--sheet", help="name or number (from 0) of an Excel sheet")
    add("--sample", type=int, help="read so many rows at random")
    return parser


def _sign(text: str) -> str:
    """Return a separator as it is meant: a shell makes a tab hard to type."""
    return {"\\t": "\t", "tab": "\t"}.get(text, text)


def _check_out(args: argparse.Namespace) -> None:
    """Refuse to write the report over the table, by whatever name, or where no file can be.

    Raises
    ------
    ValueError
        If ``--out`` is the file that is read, a folder, or in none.
    """
    out = Path(args.out)
    if out.is_dir():
        raise ValueError(f"--out {out} is a folder: give the name of a file")
    if not out.parent.is_dir():
        raise ValueError(f"--out {out}: there is no folder {out.parent}")
    _scheme, found, path = args.source.partition(":///")
    source = Path(path if found else args.source)
    if "://" in args.source and not found:
        return
    same = source.exists() and out.exists() and out.samefile(source)
    if same or out.resolve() == source.resolve():
        raise ValueError(f"--out {out} is the file that is read: choose another name")


def _target(table: Any, wanted: str | None) -> Any:
    """Return the column that is meant, also where its name is a number."""
    if wanted is None or wanted in table.columns:
        return wanted
    return next((name for name in table.columns if str(name) == wanted), wanted)


def _load(args: argparse.Namespace) -> tuple[LoadedTable, str]:
    if "://" in args.source:
        options = {"query": args.query, "table": args.table}
        given = _given(args)
        if given or args.sample is not None:
            raise ValueError(f"--{(given or ['sample'])[0]} is for files")
        return LoadedTable(load_table(args.source, **options)), ""
    for name in ("query", "table"):
        if getattr(args, name) is not None:
            raise ValueError(f"--{name} is for databases, and {args.source} is a file")
    options = _options(args)
    note = f"A random sample of {args.sample:,} rows." if args.sample else ""
    try:
        return load_file(args.source, options, sample=args.sample), note
    except TableTooLargeError as error:
        if true_kind(Path(args.source))[0] not in SAMPLERS:
            raise
        print(f"note: {error}", file=sys.stderr)
        note = (
            f"The table is too large for memory: this is a sample of {SAMPLE:,} rows."
        )
        return load_file(args.source, options, sample=SAMPLE), note


def _given(args: argparse.Namespace) -> list[str]:
    values = {name: getattr(args, name) for name in TEXT}
    return [
        name
        for name, value in values.items()
        if value is not None and value is not False
    ]


def _options(args: argparse.Namespace) -> dict[str, Any]:
    """Return the options that this kind of file takes.

    Raises
    ------
    TableError
        If one was given that means nothing for it.
    """
    kind, _ = true_kind(Path(args.source))
    workbook, text = kind in WORKBOOKS, kind in SAMPLERS and kind != ".parquet"
    given = [n for n in TEXT if getattr(args, n) is not None and getattr(args, n) != ""]
    given = [n for n in given if not (n == "header" and args.header is False)]
    refused = {"sheet"} if text else {"sep", "encoding"} if workbook else set(TEXT)
    refused -= set() if text or workbook else {"encoding"}
    for name in given:
        if name in refused:
            flag = name.replace("_", "-")
            raise TableError(f"--{flag} means nothing for {args.source}")
    options = {name: getattr(args, name) for name in given}
    if "header" in options:
        options["header"] = None
    if text:
        options.setdefault("encoding", "auto")
    return options


def _show(message: Warning | str, *args: object, **kwargs: object) -> None:
    print(f"note: {message}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
