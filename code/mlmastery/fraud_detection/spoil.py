"""Bad events among good ones, and how many of each kind.

>>> lines = [b'{"kind":"transaction","id":%d,"time":9,"arrived":9,"customer":3,'
...     b'"terminal":8,"amount":5.0}' % i for i in range(1000)]
>>> spoilt, counts = spoil(lines, each=5)
>>> len(spoilt), counts["duplicate"]
(1025, 5)
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

__all__ = ["spoil"]

KINDS = ("broken", "negative", "ahead", "duplicate", "other content")
AHEAD = 7200  # seconds by which a wrong clock is ahead


def spoil(
    lines: Sequence[bytes], each: int = 10, *, random_state: int = 0
) -> tuple[list[bytes], dict[str, int]]:
    """Insert events that must change nothing: of each kind the same number.

    Parameters
    ----------
    lines : sequence of bytes
        Events in JSON.
    each : int, default=10
    random_state : int, default=0

    Returns
    -------
    spoilt : list of bytes
    counts : dict of str to int
        Number of events inserted, by kind.
    """
    rng = np.random.default_rng(random_state)
    sources = [i for i, line in enumerate(lines) if b'"transaction"' in line]
    chosen = rng.choice(sources[: len(sources) // 2], size=len(KINDS) * each)
    extra: dict[int, list[bytes]] = {}
    for k, source in enumerate(chosen.tolist()):
        kind = KINDS[k % len(KINDS)]
        # Behind its source, so that a duplicate comes second.
        place = int(rng.integers(source + 1, len(lines)))
        extra.setdefault(place, []).append(_bad(kind, lines[source], k))
    out = []
    for i, line in enumerate(lines):
        out += [*extra.get(i, ()), line]
    return out, dict.fromkeys(KINDS, each)


def _bad(kind: str, line: bytes, number: int) -> bytes:
    if kind == "broken":
        return line[: len(line) // 2]
    if kind == "duplicate":
        return line
    event = json.loads(line)
    if kind == "other content":
        event["amount"] = event["amount"] + 1
    elif kind == "negative":
        event |= {"id": 10**9 + number, "amount": -event["amount"] - 1}
    else:
        event |= {"id": 10**9 + number, "time": event["arrived"] + AHEAD}
    return json.dumps(event, separators=(",", ":")).encode()
