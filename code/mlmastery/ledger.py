"""What was measured once, on data that the book cannot ship, and is shown ever since.

A chapter's figures on the originals lie in ``recorded/<slug>.json`` beside this module,
its recorded tables in ``recorded/<slug>/<name>.csv``. `mlmastery.record` writes the
figures.

>>> from mlmastery.ledger import read_ledger
>>> read_ledger("titanic_survival")["chapter"]
'titanic_survival'
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlmastery.spread import Spread, check_spread
from mlmastery.storage import replacing

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "LedgerError",
    "Recorded",
    "cpu_timed",
    "figures_table",
    "read_ledger",
    "recorded_table",
    "write_recorded_table",
]

RECORDED = Path(__file__).with_name("recorded")


class LedgerError(RuntimeError):
    """Figures cannot be recorded or read; the message says why and what to do."""


@dataclass(frozen=True)
class Recorded:
    """One figure measured on the original data.

    Parameters
    ----------
    name : str
        What was measured, unique in its chapter.
    value : float
        The figure.
    spread : Spread or None
        Its uncertainty, in the metric's unit; None where there is none to give, as for
        a count.
    metric : str
        For example ``"RMSE"``.
    protocol : str
        How it was measured, so that a reader can repeat it.
    cpu_seconds : float
        CPU time it took, as `cpu_timed` measures it.
    data_sha256 : str
        Hash of the data, as `mlmastery.datasets.fingerprint` gives it.

    Raises
    ------
    TypeError
        If the spread does not say its kind.
    ValueError
        If a text is empty, a number is not finite or negative where it cannot be, or
        the hash is not 64 hexadecimal digits.

    Examples
    --------
    >>> Recorded("ridge", 54.1, 2.0, "RMSE", "5 folds", 0.2, "0" * 64)
    Traceback (most recent call last):
        ...
    TypeError: spread must be a Spread, such as Spread.sd(2.0), got 2.0
    """

    name: str
    value: float
    spread: Spread | None
    metric: str
    protocol: str
    cpu_seconds: float
    data_sha256: str

    def __post_init__(self) -> None:
        for field in ("name", "metric", "protocol"):
            if not getattr(self, field).strip():
                raise ValueError(f"{field} must not be empty")
        if self.spread is not None:
            check_spread(self.spread)
        if not math.isfinite(self.value):
            raise ValueError(f"value must be finite, got {self.value}")
        if not (math.isfinite(self.cpu_seconds) and self.cpu_seconds >= 0):
            raise ValueError(
                f"cpu_seconds must be finite and at least 0, got {self.cpu_seconds}"
            )
        if not re.fullmatch("[0-9a-f]{64}", self.data_sha256):
            raise ValueError(
                f"data_sha256 must be 64 hexadecimal digits, got {self.data_sha256!r}"
            )

    @classmethod
    def read(cls, fields: dict[str, Any]) -> Recorded:
        """Return what `fields` gave.

        Examples
        --------
        >>> figure = Recorded("n", 5.0, Spread.sd(1.0), "rows", "once", 0.0, "0" * 64)
        >>> Recorded.read(figure.fields()) == figure
        True
        """
        spread = fields["spread"]
        return cls(**{**fields, "spread": spread and Spread.read(spread)})

    def fields(self) -> dict[str, Any]:
        """Return the figure as for JSON."""
        return asdict(self) | {"spread": self.spread and self.spread.fields()}


def cpu_timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what the work returns, and the CPU seconds that this process took for it.

    The one clock of the ledger: wall time on a shared machine measures the others.

    Examples
    --------
    >>> answer, seconds = cpu_timed(lambda: 6 * 7)
    >>> answer, 0 <= seconds < 1
    (42, True)
    """
    start = time.process_time()
    return work(), time.process_time() - start


def ledger_path(slug: str) -> Path:
    """Return where a chapter's figures lie: ``recorded/<slug>.json`` in the package."""
    return RECORDED / f"{slug}.json"


def read_ledger(slug: str) -> dict[str, Any]:
    """Return what was recorded for a chapter.

    Parameters
    ----------
    slug : str
        The chapter.

    Returns
    -------
    dict
        ``chapter``, ``date`` (UTC), ``cpu_seconds``, ``python``, ``machine``,
        ``versions`` and ``figures``, a list of dicts with the fields of `Recorded`.

    Raises
    ------
    LedgerError
        If nothing was recorded for this chapter.

    Examples
    --------
    >>> read_ledger("housing_prices")["figures"][0]["metric"]
    'RMSE (US$)'
    """
    path = ledger_path(slug)
    if not path.is_file():
        raise LedgerError(f"nothing is recorded for {slug!r}: there is no {path}")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def figures_table(slug: str) -> pd.DataFrame:
    """Return a chapter's recorded figures as a table.

    Returns
    -------
    DataFrame
        One row per figure, by name: ``value``, ``spread`` (half the interval where it
        is one; NaN where there is none), ``kind``, ``metric``, ``protocol`` and
        ``cpu_seconds``.

    Raises
    ------
    LedgerError
        If nothing was recorded for this chapter.
    """
    import pandas as pd

    figures = [Recorded.read(fields) for fields in read_ledger(slug)["figures"]]
    rows = [_row(figure) for figure in figures]
    return pd.DataFrame(rows).set_index("name")


def _row(figure: Recorded) -> dict[str, Any]:
    spread = figure.spread
    return {
        "name": figure.name,
        "value": figure.value,
        "spread": spread.half_width if spread else math.nan,
        "kind": spread.kind if spread else "",
        "metric": figure.metric,
        "protocol": figure.protocol,
        "cpu_seconds": figure.cpu_seconds,
    }


def recorded_table(slug: str, name: str) -> pd.DataFrame:
    """Return a table that a chapter's benchmark wrote.

    Parameters
    ----------
    slug : str
        The chapter.
    name : str
        The table, for example ``"ablation"``.

    Raises
    ------
    LedgerError
        If there is no such table; the message lists those there are.

    Examples
    --------
    >>> recorded_table("image_classifier", "ablation").shape[1] > 2
    True
    """
    import pandas as pd

    path = RECORDED / slug / f"{name}.csv"
    if not path.is_file():
        known = sorted(p.stem for p in path.parent.glob("*.csv"))
        raise LedgerError(
            f"{slug} has no recorded table {name!r}; known: {', '.join(known) or 'none'}"
        )
    return pd.read_csv(path)


def write_recorded_table(
    table: pd.DataFrame, slug: str, name: str, float_format: str | None = None
) -> pd.DataFrame:
    """Write a table of a benchmark, without its index, for `recorded_table` to read.

    Parameters
    ----------
    table : DataFrame
        Rounded to what it shall hold.
    slug, name : str
        As for `recorded_table`.
    float_format : str, optional
        As for ``DataFrame.to_csv``, such as ``"%.5g"`` for five significant digits.

    Returns
    -------
    DataFrame
        The table itself.
    """
    path = RECORDED / slug / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, "w") as file:
        table.to_csv(file, index=False, float_format=float_format)
    return table
