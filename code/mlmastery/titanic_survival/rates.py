"""Survival rates of groups of passengers, with their intervals."""

from __future__ import annotations

import pandas as pd

from mlmastery.inference import wilson_interval

__all__ = ["survival_rates"]


def survival_rates(groups: pd.Series, survived: pd.Series) -> pd.DataFrame:
    """Return the share of survivors in each group, with a 95 % Wilson interval.

    Parameters
    ----------
    groups : Series of shape (n_passengers,)
    survived : Series of shape (n_passengers,)
        0 and 1, matched by index.

    Returns
    -------
    DataFrame
        One row per group: ``n``, ``rate``, ``low``, ``high``.

    Examples
    --------
    >>> rates = survival_rates(pd.Series(["a", "a", "b"]), pd.Series([1, 0, 1]))
    >>> rates["rate"].tolist()
    [0.5, 1.0]
    """
    counts = survived.groupby(groups).agg(["sum", "size"])
    ends = [wilson_interval(int(hits), int(n)) for hits, n in counts.to_numpy()]
    low, high = zip(*ends, strict=True)
    rate = counts["sum"] / counts["size"]
    columns = {"n": counts["size"], "rate": rate, "low": low, "high": high}
    return pd.DataFrame(columns, index=counts.index)
