"""Data frames as tables: HTML for the site, Markdown for print, the same digits."""

import re
from typing import Any

import pandas as pd
from tabulate import tabulate


def register_tables(shell: Any) -> None:
    """Let the notebook show frames and series by this module, 4 decimals at most."""
    pd.set_option("display.precision", 4)
    for mime, function in (("text/html", to_html), ("text/markdown", to_markdown)):
        formatter = shell.display_formatter.formatters[mime]
        formatter.for_type(pd.DataFrame, function)
        formatter.for_type(pd.Series, function)


def to_html(
    data: pd.DataFrame | pd.Series, index: bool = True, escape: bool = True
) -> str:
    """Return an HTML table as pandas makes it, its headers scoped, without its style.

    Examples
    --------
    >>> print(to_html(pd.DataFrame({"error": [0.25]}, index=["ridge"])))
    <table class="dataframe">
      <thead>
        <tr style="text-align: right;">
          <td></td>
          <th scope="col">error</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">ridge</th>
          <td>0.25</td>
        </tr>
      </tbody>
    </table>
    """
    frame = _as_frame(data)
    max_rows = _rows_shown(frame)
    max_cols = pd.get_option("display.max_columns")
    html = frame.to_html(
        index=index, border=0, max_rows=max_rows, max_cols=max_cols, escape=escape
    )
    head, body = html.split("</thead>", 1)
    head = head.replace("<th></th>", "<td></td>")
    return f"{_scoped(head, 'col')}</thead>{_scoped(body, 'row')}"


def _scoped(html: str, scope: str) -> str:
    """Say of each header cell what it heads, for those who hear the table."""
    html = re.sub(r"<th (?=(?:col|row)span=)", f'<th scope="{scope}group" ', html)
    return html.replace("<th>", f'<th scope="{scope}">')


def to_markdown(data: pd.DataFrame | pd.Series, index: bool = True) -> str:
    """Return a Markdown table with the digits of :func:`to_html`.

    Examples
    --------
    >>> frame = pd.DataFrame({"model": ["ridge", "lasso"], "error": [0.25, 0.5]})
    >>> print(to_markdown(frame, index=False))
    | model   |   error |
    |:--------|--------:|
    | ridge   |    0.25 |
    | lasso   |    0.50 |
    """
    frame = _as_frame(data)
    half = (_rows_shown(frame) or 0) // 2
    if half:
        frame = pd.concat([frame.head(half), frame.tail(half)])
    columns = [_cells(frame.iloc[:, i]) for i in range(frame.shape[1])]
    headers = [_label(name) for name in frame.columns]
    align = ["right" if t.kind in "iufc" else "left" for t in frame.dtypes]
    if index:
        columns.insert(0, _index_cells(frame.index))
        headers.insert(0, _label(tuple(name or "" for name in frame.index.names)))
        align.insert(0, "left")
    rows = list(zip(*columns, strict=True))
    if half:
        rows.insert(half, ("…",) * len(headers))
    # tabulate cannot align the columns of a table without rows
    colalign = align if rows else None
    return tabulate(rows, headers, "pipe", disable_numparse=True, colalign=colalign)


def _as_frame(data: pd.DataFrame | pd.Series) -> pd.DataFrame:
    if isinstance(data, pd.DataFrame):
        return data
    return data.to_frame("" if data.name is None else data.name)


def _rows_shown(frame: pd.DataFrame) -> int | None:
    """Return how many rows to show of a frame too long to show whole, else None."""
    too_long = len(frame) > pd.get_option("display.max_rows")
    return pd.get_option("display.min_rows") if too_long else None


def _cells(column: pd.Series) -> list[str]:
    """Format a column as pandas does: as many decimals as its values need."""
    precision = pd.get_option("display.precision")
    if column.dtype.kind == "f":
        return _float_cells(column.astype(float), precision)
    if (
        column.dtype.kind == "M"
        and (column.dropna() == column.dropna().dt.normalize()).all()
    ):
        return [str(value)[:10] for value in column]
    return [_label(_trimmed(value, precision)) for value in column]


def _float_cells(column: pd.Series, precision: int) -> list[str]:
    size = column.dropna().abs()
    if ((size > 0) & (size < 10.0**-precision)).any():
        spec = f".{precision}e"
    else:
        same = (
            d
            for d in range(1, precision)
            if (size.round(d) == size.round(precision)).all()
        )
        spec = f".{next(same, precision)}f"
    return ["NaN" if pd.isna(value) else format(value, spec) for value in column]


def _trimmed(value: object, precision: int) -> object:
    """Round a float that stands among other objects, keeping one decimal."""
    if not isinstance(value, float) or pd.isna(value):
        return value
    text = f"{value:.{precision}f}".rstrip("0")
    return text + "0" if text.endswith(".") else text


def _index_cells(index: pd.Index) -> list[str]:
    if isinstance(index, pd.MultiIndex):
        return [_label(key) for key in index]
    return _cells(index.to_series())


def _label(name: object) -> str:
    """Return text for a cell, levels joined and what Markdown would read escaped."""
    text = " / ".join(map(str, name)) if isinstance(name, tuple) else str(name)
    return re.sub(r"([\\`*_$<|\[\]~])", r"\\\1", text).replace("\n", " ")
