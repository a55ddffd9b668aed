"""River's drift detectors behind the same one method as ours.

>>> RiverChart(river.drift.ADWIN()).update(0.0)
False
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import river.drift
import river.drift.binary

from .sequential import Chart

__all__ = ["RiverChart", "river_detectors"]


class RiverChart:
    """One of River's detectors; it begins again by itself after an alarm.

    Parameters
    ----------
    detector : object
        With ``update`` and ``drift_detected``.
    """

    def __init__(self, detector: Any) -> None:
        self.detector = detector

    def update(self, x: float) -> bool:
        """Take one value; return whether it raises an alarm."""
        self.detector.update(x)
        return bool(self.detector.drift_detected)


def river_detectors(own: bool = False) -> dict[str, Callable[[], Chart]]:
    """Return makers of River's detectors with their default settings.

    Parameters
    ----------
    own : bool, default=False
        Whether to return those two that this chapter writes by hand, instead of the
        others; Page–Hinkley then with a threshold of 10.

    Examples
    --------
    >>> sorted(river_detectors())
    ['ADWIN', 'EDDM', 'HDDM-A', 'HDDM-W']
    """
    binary = river.drift.binary
    if own:
        return {
            "Page–Hinkley": lambda: RiverChart(river.drift.PageHinkley(threshold=10)),
            "DDM": lambda: RiverChart(binary.DDM()),
        }
    return {
        "ADWIN": lambda: RiverChart(river.drift.ADWIN()),
        "HDDM-A": lambda: RiverChart(binary.HDDMA()),
        "HDDM-W": lambda: RiverChart(binary.HDDMW()),
        "EDDM": lambda: RiverChart(binary.EDDM()),
    }
