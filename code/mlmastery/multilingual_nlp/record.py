"""Record the chapter's figures on the originals."""

from __future__ import annotations

from pathlib import Path

from mlmastery.ledger import Recorded

from .tagging.record import record_tagging

__all__ = ["record"]


def record(data_dir: Path) -> list[Recorded]:
    """Measure taggers on the originals.

    Parameters
    ----------
    data_dir : Path
        Holds the folders of the data sets, each under its own name.

    Returns
    -------
    list of Recorded
    """
    return record_tagging(data_dir)
