"""List the data sets, and whether each is present and intact in the tier in force.

Ends with status 0, or 1 if a set is faulty (or missing, where it should have arrived
with the package), or 2 if MLMASTERY_DATA is wrong.
"""

import argparse
import sys
from collections.abc import Sequence

from mlmastery.datasets import DataError, Status, cards, tier, verify
from mlmastery.datasets.kit.tiers import EMBEDDED, VARIABLE


def main(
    arguments: Sequence[str] = (), prog: str = "python -m mlmastery.datasets"
) -> int:
    """Print one line per data set and return the exit status."""
    argparse.ArgumentParser(prog, description=__doc__).parse_args(arguments)
    try:
        chosen = tier()
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    where = f" in {chosen.folder}" if chosen.folder else ""
    print(f"Tier: {chosen.name}{where} (chosen by {VARIABLE})")
    statuses = [verify(card.name) for card in cards()]
    for status in statuses:
        print(f"{status.name:20} {status.state:15} {status.detail}")
    return int(any(_is_bad(status) for status in statuses))


def _is_bad(status: Status) -> bool:
    lost = status.state == "missing" and status.tier == EMBEDDED
    return status.state == "faulty" or lost


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
