"""Counts and sums over the recent past of each card or terminal, for whole tables."""

from __future__ import annotations

import numpy as np

from mlmastery.validation import check_count

__all__ = ["GroupWindows"]


class GroupWindows:
    """Counts and sums of a group's values in the window (t − width, t].

    The rows are sorted once by group and time; a window is then the difference of two
    cumulative sums, whose ends a binary search finds.

    Parameters
    ----------
    groups : array of shape (n,)
        The card or terminal of each row, as integers.
    times : array of shape (n,)
        Seconds, not decreasing within a group. Rows of one second count in their order.

    Raises
    ------
    ValueError
        If the lengths differ, or the time of a group goes back.

    Examples
    --------
    Five payments of one card, the second and the fourth exactly 24 hours apart:

    >>> hours = np.array([0, 1, 20, 25, 26])
    >>> windows = GroupWindows(np.zeros(5, int), hours * 3600)
    >>> windows.counts(24 * 3600)
    array([1, 2, 3, 2, 3])
    """

    def __init__(self, groups: np.ndarray, times: np.ndarray) -> None:
        groups, times = np.asarray(groups), np.asarray(times, dtype=np.int64)
        if groups.shape != times.shape or groups.ndim != 1:
            raise ValueError(
                "groups and times must be of one length, got "
                f"{groups.shape} and {times.shape}"
            )
        self._order = np.argsort(groups, kind="stable")
        ordered = groups[self._order]
        self._rank = np.cumsum(np.r_[0, ordered[1:] != ordered[:-1]][: len(groups)])
        self._time = times[self._order]
        same = self._rank[1:] == self._rank[:-1]
        if (same & (np.diff(self._time) < 0)).any():
            raise ValueError("times must not decrease within a group")

    def counts(self, width: int, delay: int = 0) -> np.ndarray:
        """Return the number of rows in (t − delay − width, t − delay] of each row.

        Parameters
        ----------
        width, delay : int
            Seconds. Without delay a row counts itself and what came before it.
        """
        first, end = self._bounds(width, delay)
        return self._unsorted(end - first)

    def sums(self, values: np.ndarray, width: int, delay: int = 0) -> np.ndarray:
        """Return the sums of integer values over the same windows.

        Parameters
        ----------
        values : array of shape (n,)
            Integers, such as cents: their sums are exact.
        width, delay : int
            Seconds.

        Raises
        ------
        ValueError
            If the values are not integers, or not one for each row.
        """
        values = np.asarray(values)
        if values.dtype.kind not in "iub" or values.shape != self._time.shape:
            raise ValueError(
                f"values must be {len(self._time)} integers, "
                f"got {values.dtype} of shape {values.shape}"
            )
        first, end = self._bounds(width, delay)
        total = np.r_[0, np.cumsum(values.astype(np.int64)[self._order])]
        return self._unsorted(total[end] - total[first])

    def previous(self, values: np.ndarray, missing: int) -> np.ndarray:
        """Return the value of the row before in the same group.

        Parameters
        ----------
        values : array of shape (n,)
        missing : int
            What the first row of a group gets.
        """
        ordered = np.asarray(values)[self._order]
        before = np.r_[
            ordered[:0], np.full(min(1, len(ordered)), missing), ordered[:-1]
        ]
        opens = np.r_[True, self._rank[1:] != self._rank[:-1]][: len(ordered)]
        return self._unsorted(np.where(opens, missing, before))

    def _bounds(self, width: int, delay: int) -> tuple[np.ndarray, np.ndarray]:
        check_count(width, "width")
        check_count(delay, "delay", minimum=0)
        rows = np.arange(len(self._time))
        if not len(rows):
            return rows, rows
        span = int(np.ptp(self._time)) + width + delay + 1
        line = self._rank * span + (self._time - self._time.min())
        first = np.searchsorted(line, line - delay - width, side="right")
        if not delay:
            return first, rows + 1
        return first, np.searchsorted(line, line - delay, side="right")

    def _unsorted(self, values: np.ndarray) -> np.ndarray:
        out = np.empty_like(values)
        out[self._order] = values
        return out
