"""Write a report on a table that nobody has prepared.

python -m mlmastery.data_exploration FILE --out report.html [--target COLUMN]

FILE is anything that load_table reads: CSV, Excel, JSON, Parquet, a database's URL with
--table or --query, or the address of an API. The findings are printed, too. Ends with
status 0, or 1 if the table cannot be read or explored, with the reason in one sentence.
"""

import argparse
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from mlmastery.data_exploration.loading import (
    TableTooLargeError,
    hidden_password,
    load_table,
)
from mlmastery.data_exploration.report import comprehensive_eda

SAMPLE = 200_000  # rows of a table too large for memory


def main(
    arguments: Sequence[str] | None = None,
    prog: str = "python -m mlmastery.data_exploration",
) -> int:
    """Read the table, write the report and return the exit status."""
    warnings.showwarning = _show  # one line, not a place in the code
    args = _parser(prog).parse_args(arguments)
    try:
        table, note = _load(args)
        report = comprehensive_eda(table, args.target, note=note)
        name = hidden_password(args.source)
        title = f"Report on {name if '://' in name else Path(name).name}"
        path = report.to_html(args.out, title)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(report)
    print(f"Written: {path}")
    return 0


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Write a report on a table.",
    )
    parser.add_argument("source", metavar="FILE", help="a file, database URL or API")
    parser.add_argument("--out", default="report.html", help="default: report.html")
    parser.add_argument("--target", help="the column that is to be predicted")
    parser.add_argument("--table", help="table of a database")
    parser.add_argument("--query", help="SQL query to a database")
    parser.add_argument("--encoding", default="utf-8", help="of a text file")
    parser.add_argument("--sample", type=int, help="read so many rows at random")
    return parser


def _load(args: argparse.Namespace) -> tuple[pd.DataFrame, str]:
    options = {"query": args.query, "table": args.table, "encoding": args.encoding}
    note = f"A random sample of {args.sample:,} rows." if args.sample else ""
    try:
        return load_table(args.source, sample=args.sample, **options), note
    except TableTooLargeError as error:
        print(f"note: {error}", file=sys.stderr)
        note = (
            f"The table is too large for memory: this is a sample of {SAMPLE:,} rows."
        )
        return load_table(args.source, sample=SAMPLE), note


def _show(message: Warning | str, *args: object, **kwargs: object) -> None:
    print(f"note: {message}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
