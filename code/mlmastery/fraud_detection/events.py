"""Events on the wire: transactions and labels as JSON, checked when they are read.

>>> event = parse(to_json({"kind": "label", "id": 17, "time": 700_000,
...     "transaction_time": 95_200, "terminal": 8, "customer": 3, "fraud": 1}))
>>> event["fraud"]
1
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mlmastery.validation import check_count

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EventError", "events_of", "parse", "partition_of", "to_json"]

DAY = 86_400  # seconds
LARGEST = 1_000_000.0  # an amount above it is a mistake of a terminal
LATEST = 2**40  # seconds since 1970; what is later would not fit a date
WHOLE = ("id", "time", "customer", "terminal")
FIELDS = {
    "transaction": (*WHOLE, "amount"),
    "label": (*WHOLE, "transaction_time", "fraud"),
}


class EventError(ValueError):
    """An event that cannot be scored; the message says why in one sentence.

    Examples
    --------
    >>> parse(b"{")
    Traceback (most recent call last):
        ...
    mlmastery.fraud_detection.events.EventError: the event must be a JSON object
    """


def to_json(event: Mapping[str, Any]) -> bytes:
    """Return an event as the bytes of one line.

    Examples
    --------
    >>> to_json({"kind": "transaction", "id": 1})
    b'{"kind":"transaction","id":1}'
    """
    return json.dumps(dict(event), separators=(",", ":"), allow_nan=False).encode()


def parse(payload: bytes) -> dict[str, Any]:
    """Return the event in a payload, with ``arrived`` filled in where it is absent.

    Parameters
    ----------
    payload : bytes
        JSON in UTF-8.

    Raises
    ------
    EventError
        If a field is absent or cannot be what it says.

    Examples
    --------
    >>> parse(b'{"kind":"transaction","id":1,"time":9,"customer":3,"terminal":8,'
    ...       b'"amount":-5}')
    Traceback (most recent call last):
        ...
    mlmastery.fraud_detection.events.EventError: amount must be from 0 to 1000000, got -5
    """
    event = _object(payload)
    fields = FIELDS.get(str(event.get("kind")))
    if fields is None:
        raise EventError(
            f"kind must be transaction or label, got {event.get('kind')!r:.40}"
        )
    for name in fields:
        if name not in event:
            raise EventError(f"{name} is absent")
        if name != "amount":
            _check_whole(event[name], name)
    event.setdefault("arrived", event["time"])
    _check_whole(event["arrived"], "arrived")
    if event["kind"] == "transaction":
        event["amount"] = _amount(event["amount"])
    elif event["fraud"] not in (0, 1):
        raise EventError(f"fraud must be 0 or 1, got {event['fraud']}")
    return event


def _object(payload: bytes) -> dict[str, Any]:
    try:
        event = json.loads(payload)
    except (ValueError, RecursionError):  # a UnicodeDecodeError is a ValueError
        raise EventError("the event must be a JSON object") from None
    if not isinstance(event, dict):
        raise EventError("the event must be a JSON object")
    return event


def _check_whole(value: Any, name: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise EventError(f"{name} must be a whole number, got {value!r:.40}")
    if not 0 <= value < LATEST:
        raise EventError(f"{name} must be from 0 to {LATEST - 1}, got {value!s:.40}")


def _amount(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise EventError(f"amount must be a number, got {value!r:.40}")
    # Not math.isfinite, which fails on a whole number of 400 digits; NaN is not in range.
    if not 0 <= value <= LARGEST:
        raise EventError(f"amount must be from 0 to {LARGEST:.0f}, got {value!s:.40}")
    return float(value)


def partition_of(customer: int, partitions: int) -> int:
    """Return the partition of a card: the same in each process and each year.

    Python's own ``hash`` of a text differs between processes.

    Examples
    --------
    >>> [partition_of(card, 4) for card in range(6)]
    [2, 0, 2, 0, 3, 1]
    """
    check_count(partitions, "partitions")
    return zlib.crc32(b"card-%d" % customer) % partitions


def events_of(
    transactions: pd.DataFrame, delay_days: float = 7
) -> Iterator[dict[str, Any]]:
    """Yield transactions and, after a delay, their labels, in the order of time.

    At equal times labels come first, then the smaller id.

    Parameters
    ----------
    transactions : DataFrame
        Columns id, time, customer, terminal, amount, fraud.
    delay_days : float, default=7
        From a transaction to its label.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"id": [0, 1], "customer": 3, "terminal": 8,
    ...     "time": pd.to_datetime(["2018-04-01", "2018-04-08"]), "amount": 5.0,
    ...     "fraud": 0})
    >>> [(event["kind"], event["id"]) for event in events_of(table)]
    [('transaction', 0), ('label', 0), ('transaction', 1), ('label', 1)]
    """
    delay = round(delay_days * DAY)
    seconds = transactions["time"].to_numpy("datetime64[s]").astype(int).tolist()
    names = ("id", "customer", "terminal", "amount", "fraud")
    columns = (transactions[name].tolist() for name in names)
    rows = sorted(zip(seconds, *columns, strict=True), key=lambda row: row[:2])
    waiting: int = 0  # the first row whose label is still to come
    for row in rows:
        while rows[waiting][0] + delay <= row[0]:
            yield _label(rows[waiting], delay)
            waiting += 1
        time, number, customer, terminal, amount, _ = row
        yield {
            "kind": "transaction",
            "id": number,
            "time": time,
            "customer": customer,
            "terminal": terminal,
            "amount": amount,
            "arrived": time,
        }
    yield from (_label(row, delay) for row in rows[waiting:])


def _label(row: tuple, delay: int) -> dict[str, Any]:
    time, number, customer, terminal, _, fraud = row
    return {
        "kind": "label",
        "id": number,
        "time": time + delay,
        "transaction_time": time,
        "customer": customer,
        "terminal": terminal,
        "fraud": fraud,
    }


def route(lines: Iterable[bytes], partitions: int) -> list[list[bytes]]:
    """Return the payloads of each partition: cards by hash, labels everywhere.

    What cannot be read goes to partition 0, whose scorer will say why.

    Examples
    --------
    >>> route([b"broken", b'{"kind":"label"}'], 2)
    [[b'broken', b'{"kind":"label"}'], [b'{"kind":"label"}']]
    """
    logs: list[list[bytes]] = [[] for _ in range(partitions)]
    for line in lines:
        for number in _targets(line, partitions):
            logs[number].append(line)
    return logs


def _targets(line: bytes, partitions: int) -> Iterable[int]:
    try:
        event = _object(line)
    except EventError:
        return (0,)
    if event.get("kind") == "label":
        return range(partitions)
    card = event.get("customer")
    if isinstance(card, int) and not isinstance(card, bool):
        return (partition_of(card, partitions),)
    return (0,)
