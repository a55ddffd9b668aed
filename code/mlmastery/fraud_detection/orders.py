"""Five orders of the same two steps, and what a kill between them costs.

>>> truth = list(range(1, 11))
>>> consume(truth, "commit first", kill_at=[4])
[1, 2, 3, 5, 6, 7, 8, 9, 10]
>>> consume(truth, "write first", kill_at=[4])
[1, 2, 3, 4, 4, 5, 6, 7, 8, 9, 10]
>>> consume(truth, "together", kill_at=[4]) == truth
True
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mlmastery.validation import check_choice

__all__ = ["ORDERS", "Killed", "consume", "lost_and_doubled"]

ORDERS = ("commit first", "write first", "mark first", "write by key", "together")


class Killed(Exception):
    """The process ended between two steps, as after kill −9."""


class _Table:
    """A table and a position, on a disk that outlives the process."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.position = 0
        self.marks: set[int] = set()

    def write(self, event: int, *, by_key: bool = False) -> None:
        if not (by_key and event in self.rows):
            self.rows.append(event)


def consume(log: Sequence[int], order: str, kill_at: Collection[int] = ()) -> list[int]:
    """Process a log event by event, with kills, and return the rows written.

    Parameters
    ----------
    log : sequence of int
        Ids of the events.
    order : {"commit first", "write first", "mark first", "write by key", "together"}
        Whether the position is noted before the row is written; after it; after it,
        with a mark that the id was seen set before the row is written; after it, with
        the id as primary key; or in one transaction with it.
    kill_at : collection of int
        Ids at which the process is killed once, between the two steps.

    Returns
    -------
    list of int
    """
    check_choice(order, "order", ORDERS)
    table, kills = _Table(), set(kill_at)
    while table.position < len(log):
        try:
            _process(log, order, table, kills)
        except Killed:
            continue  # a new process reads the position and goes on
    return table.rows


def _process(log: Sequence[int], order: str, table: _Table, kills: set[int]) -> None:
    for place in range(table.position, len(log)):
        event = log[place]

        def between(event: int = event) -> None:
            if event in kills:
                kills.remove(event)
                raise Killed

        if order == "commit first":
            table.position = place + 1
            between()
            table.write(event)
        elif order == "together":
            between()  # what a transaction has not committed is gone
            table.write(event)
            table.position = place + 1
        elif order == "mark first":
            if event not in table.marks:
                table.marks.add(event)
                between()
                table.write(event)
            table.position = place + 1
        else:
            table.write(event, by_key=order == "write by key")
            between()
            table.position = place + 1


def lost_and_doubled(rows: Sequence[int], truth: Sequence[int]) -> tuple[int, int]:
    """Return how many ids are absent, and how many rows are there too often.

    Examples
    --------
    >>> lost_and_doubled([1, 1, 3], [1, 2, 3])
    (1, 1)
    """
    return len(set(truth) - set(rows)), len(rows) - len(set(rows))
