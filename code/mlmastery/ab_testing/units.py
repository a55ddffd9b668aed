"""From raw records to one row per unit, with every fault of the records counted."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

__all__ = ["UnitTable", "one_row_per_unit"]


@dataclass(frozen=True)
class UnitTable:
    """One row per randomised unit, and what had to be left out.

    Parameters
    ----------
    table : DataFrame
        ``unit``, ``arm`` and ``value``, the sum of the unit's events; 0 without any.
    faults : dict of int
        How many records were left out, by reason.
    """

    table: pd.DataFrame
    faults: dict[str, int]


def one_row_per_unit(exposures: pd.DataFrame, events: pd.DataFrame) -> UnitTable:
    """Join events to exposures: each event once, after the unit's first exposure.

    Parameters
    ----------
    exposures : DataFrame
        ``unit``, ``arm`` and ``time``, when the unit met the experiment; repeats are
        allowed.
    events : DataFrame
        ``event``, an id that a resent event keeps, ``unit``, ``time`` and ``value``.

    Returns
    -------
    UnitTable
        Without units that were seen in two arms, since their outcome belongs to
        neither; and without events before the exposure, by a wrong clock or not.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> seen = pd.DataFrame({"unit": ["u", "v"], "arm": ["a", "b"], "time": [5, 5]})
    >>> paid = pd.DataFrame(
    ...     {"event": [1, 1], "unit": ["u", "u"], "time": [6, 6], "value": [2.0, 2.0]}
    ... )
    >>> one_row_per_unit(seen, paid).faults["events sent again"]
    1
    """
    _check_columns(exposures, "exposures", ("unit", "arm", "time"))
    _check_columns(events, "events", ("event", "unit", "time", "value"))
    first = exposures.groupby("unit", sort=False).agg(
        arm=("arm", "first"), time=("time", "min"), arms=("arm", "nunique")
    )
    single = first[first["arms"] == 1]
    once = events.drop_duplicates("event")
    known = once[once["unit"].isin(first.index)]
    kept = known[known["unit"].isin(single.index)]
    early = kept["time"] < kept["unit"].map(single["time"])
    totals = kept[~early].groupby("unit")["value"].sum()
    table = single[["arm"]].assign(value=totals).fillna({"value": 0.0}).reset_index()
    faults = {
        "events sent again": len(events) - len(once),
        "events of unknown units": len(once) - len(known),
        "units in two arms": len(first) - len(single),
        "events before exposure": int(early.sum()),
    }
    return UnitTable(table, faults)


def _check_columns(frame: pd.DataFrame, name: str, columns: tuple[str, ...]) -> None:
    missing = [column for column in columns if column not in frame]
    if missing:
        raise ValueError(
            f"{name} must have the columns {', '.join(columns)}, got none called "
            f"{', '.join(missing)}"
        )
