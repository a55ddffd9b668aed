"""Record the figures that need the originals or a long run."""

from __future__ import annotations

from pathlib import Path

from mlmastery.ledger import Recorded

__all__ = ["record"]


def record(data_dir: Path) -> list[Recorded]:
    """Run what the chapter's three pages show as recorded.

    Parameters
    ----------
    data_dir : Path
        Holds the folders ``card_fraud`` and ``fraud_handbook``.
    """
    return []
