"""Survival rates of groups of passengers, with their intervals."""

from __future__ import annotations

import pandas as pd

from mlmastery.inference import wilson_interval

__all__ = ["survival_rates"]


def survival_rates(groups: pd.Series, survived: pd.Series) -> pd.DataFrame:
    """Return the share of survivors in each group, with a 95 % Wilson interval.

    Parameters
    ----------
    groups : Series or sequence of shape (n_passengers,)
    survived : Series or sequence of shape (n_passengers,)
        0 and 1; two Series are matched by index. Passengers without a group are left out.

    Returns
    -------
    DataFrame
        One row per group: ``n``, ``rate``, ``low``, ``high``.

    Raises
    ------
    ValueError
        If the lengths differ, no passenger has a group, one with a group has no outcome,
        or an outcome is not 0 or 1.

    Examples
    --------
    >>> rates = survival_rates(pd.Series(["a", "a", "b"]), pd.Series([1, 0, 1]))
    >>> rates["rate"].tolist()
    [0.5, 1.0]
    """
    if not isinstance(groups, pd.Series) and len(groups) != len(survived):
        raise ValueError(
            f"groups and survived must have one length, got {len(groups)} and "
            f"{len(survived)}"
        )
    survived = pd.Series(survived)
    if not survived.isin([0, 1]).all():
        wrong = survived[~survived.isin([0, 1])].iloc[0]
        raise ValueError(f"survived must hold 0 and 1, got {wrong!r}")
    groups = (
        groups if isinstance(groups, pd.Series) else pd.Series(groups, survived.index)
    )
    known = groups[groups.notna()].index
    if known.empty:
        raise ValueError("no passenger has a group")
    lost = int((~known.isin(survived.index)).sum())
    if lost:
        raise ValueError(
            f"{lost} passengers have a group and no outcome: the indexes must match"
        )
    counts = survived.groupby(groups).agg(["sum", "size"])
    ends = [wilson_interval(int(hits), int(n)) for hits, n in counts.to_numpy()]
    low, high = zip(*ends, strict=True)
    rate = counts["sum"] / counts["size"]
    columns = {"n": counts["size"], "rate": rate, "low": low, "high": high}
    return pd.DataFrame(columns, index=counts.index)
