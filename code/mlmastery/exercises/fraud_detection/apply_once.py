"""Exercise 19.11: Once, however often it comes."""


# %% stub
def apply_once(table, position, batch):
    """Return the new table and the new position, as a pair.

    table maps ids to amounts, position is the offset up to which all was applied. batch
    is a list of (offset, id, amount) in the order of the log. An event at or before the
    position was applied already. An id that the table holds came before: the first
    amount stays, and the position moves on all the same.
    """
    raise NotImplementedError


# %% solution
def apply_once(table, position, batch):
    table = dict(table)
    for offset, number, amount in batch:
        if offset > position:
            table.setdefault(number, amount)
            position = offset
    return table, position


# %% wrong: "An id that came before keeps its first amount."
def apply_once(table, position, batch):
    table = dict(table)
    for offset, number, amount in batch:
        if offset > position:
            table[number] = amount
            position = offset
    return table, position


# %% wrong: "Amounts are not added: a repetition has no effect."
def apply_once(table, position, batch):
    table = dict(table)
    for offset, number, amount in batch:
        if offset > position:
            table[number] = table.get(number, 0) + amount
            position = offset
    return table, position


# %% wrong: "Events at or before the position were applied already."
def apply_once(table, position, batch):
    table = dict(table)
    for offset, number, amount in batch:
        table.setdefault(number, amount)
        position = offset
    return table, position


# %% wrong: "The event at the position itself was applied already."
def apply_once(table, position, batch):
    table = dict(table)
    for offset, number, amount in batch:
        if offset >= position:
            table.setdefault(number, amount)
            position = offset
    return table, position


# %% wrong: "The table comes first."
def apply_once(table, position, batch):
    table = dict(table)
    for offset, number, amount in batch:
        if offset > position:
            table.setdefault(number, amount)
            position = offset
    return position, table


# %% wrong: "The position moves on behind a repeated id, too, or the reader never gets past it."
def apply_once(table, position, batch):
    table = dict(table)
    for offset, number, amount in batch:
        if offset > position and number not in table:
            table[number] = amount
            position = offset
    return table, position


# %% wrong: "The position is the offset of the last event, not the number of rows."
def apply_once(table, position, batch):
    table = dict(table)
    for offset, number, amount in batch:
        if offset > position:
            table.setdefault(number, amount)
    return table, max(position, len(table))


# %% wrong: "Without new events the position stays; it never goes back."
def apply_once(table, position, batch):
    table, before = dict(table), position
    for offset, number, amount in batch:
        if offset > before:
            table.setdefault(number, amount)
    return table, batch[-1][0] if batch else position


# %% wrong: "An empty batch changes nothing, the position neither."
def apply_once(table, position, batch):
    table, before = dict(table), position
    for offset, number, amount in batch:
        if offset > before:
            table.setdefault(number, amount)
    return table, max([o for o, _, _ in batch if o > before], default=0)


# %% wrong: "The offset is no id: rows are kept by the id."
def apply_once(table, position, batch):
    table = dict(table)
    for offset, _, amount in batch:
        if offset > position:
            table.setdefault(offset, amount)
            position = offset
    return table, position


# %% check
CASES = [
    Case(
        "two new events",
        args=({}, 0, [(1, 7, 5.0), (2, 8, 6.0)]),
        want=({7: 5.0, 8: 6.0}, 2),
    ),
    Case(
        "the batch again",
        args=({7: 5.0, 8: 6.0}, 2, [(1, 7, 5.0), (2, 8, 6.0)]),
        want=({7: 5.0, 8: 6.0}, 2),
    ),
    Case(
        "an old event that the table has lost",
        args=({}, 2, [(1, 7, 5.0), (2, 8, 6.0), (3, 9, 1.0)]),
        want=({9: 1.0}, 3),
    ),
    Case("sent twice", args=({7: 5.0}, 4, [(5, 7, 9.0)]), want=({7: 5.0}, 5)),
    Case(
        "sent twice in one batch",
        args=({}, 0, [(1, 7, 5.0), (2, 7, 9.0), (3, 8, 1.0)]),
        want=({7: 5.0, 8: 1.0}, 3),
    ),
    Case("nothing", args=({1: 2.0}, 9, []), want=({1: 2.0}, 9)),
    Case("only old events", args=({1: 2.0}, 9, [(4, 3, 1.0)]), want=({1: 2.0}, 9)),
    Case(
        "offsets with gaps",
        args=({}, 10, [(15, 3, 1.0), (40, 4, 2.0)]),
        want=({3: 1.0, 4: 2.0}, 40),
    ),
]
