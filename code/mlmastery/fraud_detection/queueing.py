"""Waiting in front of a scorer: the formula, and a queue that is simulated.

>>> round(float(mean_time_in_system(0.9)), 6)
10.0
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mlmastery.validation import check_count, check_share

__all__ = ["mean_time_in_system", "simulate_queue"]


def mean_time_in_system(utilisation: Any) -> Any:
    """Return the mean time from arrival to the end of service, in service times.

    Parameters
    ----------
    utilisation : float or ndarray
        Arrivals over services a second, from 0 to below 1.

    References
    ----------
    .. [1] Kleinrock (1975), "Queueing Systems", volume 1.

    Examples
    --------
    >>> mean_time_in_system(np.array([0.0, 0.5])).tolist()
    [1.0, 2.0]
    """
    return 1 / (1 - np.asarray(utilisation, dtype=float))


def simulate_queue(
    utilisation: float, n: int = 100_000, *, random_state: int = 0
) -> np.ndarray:
    """Return the times in the system of a queue with random gaps and services.

    Each event waits until all before it are done; gaps and services are exponential.

    Parameters
    ----------
    utilisation : float
        Strictly between 0 and 1.
    n : int, default=100000
    random_state : int, default=0

    Returns
    -------
    ndarray of shape (n,)
        In mean service times.

    Examples
    --------
    >>> bool(simulate_queue(0.9, 1000).mean() > simulate_queue(0.1, 1000).mean())
    True
    """
    check_share(utilisation, "utilisation")
    rng = np.random.default_rng(random_state)
    service = rng.exponential(1.0, check_count(n, "n"))
    gap = rng.exponential(1 / utilisation, n)
    # Lindley: an event waits for what its predecessor still had to wait and to do.
    steps = np.cumsum(np.concatenate([[0.0], service[:-1] - gap[1:]]))
    waiting = steps - np.minimum.accumulate(steps)
    return waiting + service
