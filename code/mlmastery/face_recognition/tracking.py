"""Follow faces from frame to frame, so that not every frame needs every computation.

>>> tracker = Tracker()
>>> [track.id for track in tracker.update([(0, 0, 10, 10), (50, 0, 10, 10)])]
[1, 2]
>>> [track.id for track in tracker.update([(51, 0, 10, 10), (1, 0, 10, 10)])]
[2, 1]
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlmastery.validation import check_choice, check_count, check_number

from .boxes import box_iou
from .gallery import Identification, majority

__all__ = ["Track", "Tracker", "assign_greedily", "assign_optimally", "vote"]

Box = tuple[float, float, float, float]


def assign_greedily(overlaps: Any, minimum: float = 0.3) -> list[tuple[int, int]]:
    """Pair rows with columns, the largest overlap first.

    Parameters
    ----------
    overlaps : array of shape (n_tracks, n_detections)
    minimum : float, default=0.3
        Smaller overlaps make no pair.

    Returns
    -------
    list of (int, int)
        Row and column of each pair, no row or column twice.

    Examples
    --------
    >>> assign_greedily([[0.8, 0.7], [0.7, 0.1]], minimum=0.3)
    [(0, 0)]
    """
    remaining = _checked_overlaps(overlaps).copy()
    pairs = []
    while remaining.size and remaining.max() >= minimum:
        row, column = map(int, np.unravel_index(remaining.argmax(), remaining.shape))
        pairs.append((row, column))
        remaining[row] = remaining[:, column] = -1
    return pairs


def assign_optimally(overlaps: Any, minimum: float = 0.3) -> list[tuple[int, int]]:
    """Pair rows with columns so that the sum of overlaps is largest.

    Parameters
    ----------
    overlaps : array of shape (n_tracks, n_detections)
    minimum : float, default=0.3
        Smaller overlaps make no pair.

    Returns
    -------
    list of (int, int)

    References
    ----------
    .. [1] Kuhn (1955), "The Hungarian Method for the Assignment Problem", Naval
       Research Logistics Quarterly 2.

    Examples
    --------
    >>> assign_optimally([[0.8, 0.7], [0.7, 0.1]], minimum=0.3)
    [(0, 1), (1, 0)]
    """
    from scipy.optimize import linear_sum_assignment

    values = _checked_overlaps(overlaps)
    # A pair that is not allowed must not push an allowed one aside.
    allowed = np.where(values >= minimum, values, 0)
    rows, columns = linear_sum_assignment(allowed, maximize=True)
    return [
        (int(r), int(c))
        for r, c in zip(rows, columns, strict=True)
        if values[r, c] >= minimum
    ]


def _checked_overlaps(overlaps: Any) -> np.ndarray:
    values = np.asarray(overlaps, dtype=float)
    if values.size and (values.ndim != 2 or np.isnan(values).any()):
        raise ValueError(
            f"overlaps must be a table of numbers without NaN, got shape {values.shape}"
        )
    return values


ASSIGNMENTS = {"greedy": assign_greedily, "optimal": assign_optimally}


@dataclass
class Track:
    """One face over time.

    Parameters
    ----------
    id : int
    box : tuple of float
        Left, top, width, height in the last frame.
    velocity : ndarray of shape (2,)
        Pixels a frame.
    missed : int
        Detections in a row that did not find it.
    seen : int
        Detections that found it.
    due : int
        The value of ``seen`` at which it is embedded next.
    votes : deque of Identification
        The last answers about who it is.
    samples : deque of ndarray
        The embeddings behind these answers.

    Examples
    --------
    >>> Track(1, (0, 0, 10, 10)).name is None
    True
    """

    id: int
    box: Box
    velocity: np.ndarray = field(default_factory=lambda: np.zeros(2))
    missed: int = 0
    seen: int = 1
    due: int = 1
    votes: deque[Identification] = field(default_factory=lambda: deque(maxlen=5))
    samples: deque[np.ndarray] = field(default_factory=lambda: deque(maxlen=5))

    @property
    def name(self) -> str | None:
        """The name that the votes agree on, None if unknown."""
        return vote(self.votes)

    @property
    def score(self) -> float | None:
        """The similarity of the last answer."""
        return self.votes[-1].score if self.votes else None


def vote(answers: Sequence[Identification] | deque[Identification]) -> str | None:
    """Return the name with more than half of the answers, or None.

    Parameters
    ----------
    answers : sequence of Identification

    Examples
    --------
    >>> ada, unknown = Identification("known", "Ada", 0.6), Identification("unknown")
    >>> vote([ada, unknown, ada]), vote([ada, unknown])
    ('Ada', None)
    """
    name: str | None = majority([answer.name for answer in answers])
    return name


class Tracker:
    """Constant velocity, overlap of boxes, and patience with faces that vanish.

    Parameters
    ----------
    min_overlap : float, default=0.3
        Smallest intersection over union of a prediction and a detection.
    max_missed : int, default=5
        Detections in a row without a face after which a track ends.
    gain : float, default=0.5
        Weight of the newest displacement in the velocity, above 0 and at most 1.
    assignment : {"greedy", "optimal"}, default="greedy"

    Attributes
    ----------
    tracks : list of Track
        All that have not ended.

    Examples
    --------
    >>> tracker = Tracker(gain=1.0)
    >>> for left in (0, 4):
    ...     track, = tracker.update([(left, 0, 10, 10)])
    >>> tracker.predict()  # a frame in which no detector ran
    >>> track.box
    (8.0, 0.0, 10.0, 10.0)
    """

    def __init__(
        self,
        min_overlap: float = 0.3,
        max_missed: int = 5,
        gain: float = 0.5,
        assignment: str = "greedy",
    ) -> None:
        self.min_overlap = check_number(min_overlap, "min_overlap", 0, 1, open=True)
        self.max_missed = check_count(max_missed, "max_missed", 0)
        self.gain = check_number(gain, "gain", 0, 1, open=True)
        check_choice(assignment, "assignment", ASSIGNMENTS)
        self._assign = ASSIGNMENTS[assignment]
        self.tracks: list[Track] = []
        self._next = 1
        self._steps = 0  # frames since the last detection

    def predict(self) -> None:
        """Move every track by its velocity: one frame has passed."""
        self._steps += 1
        for track in self.tracks:
            x, y, w, h = track.box
            dx, dy = track.velocity
            track.box = (float(x + dx), float(y + dy), float(w), float(h))

    def update(self, boxes: Sequence[Any]) -> list[Track]:
        """Pass one frame and match its detections to the tracks.

        Parameters
        ----------
        boxes : sequence of (left, top, width, height)

        Returns
        -------
        list of Track
            Of each detection, in the order of the boxes; new where none matched.
        """
        found = [tuple(map(float, box)) for box in boxes]
        for box in found:
            if len(box) != 4 or not np.isfinite(box).all():
                raise ValueError(f"boxes must be four finite numbers each, got {box}")
        self.predict()
        pairs = []
        if found and self.tracks:
            overlaps = box_iou([track.box for track in self.tracks], found)
            pairs = self._assign(overlaps, self.min_overlap)
        matched = {column: self.tracks[row] for row, column in pairs}
        for column, track in matched.items():
            self._correct(track, found[column])  # type: ignore[arg-type]
        for track in self.tracks:
            if not any(track is other for other in matched.values()):
                track.missed += 1
        self.tracks = [t for t in self.tracks if t.missed <= self.max_missed]
        self._steps = 0
        return [
            matched.get(i) or self._begin(box)  # type: ignore[arg-type]
            for i, box in enumerate(found)
        ]

    def _correct(self, track: Track, box: Box) -> None:
        # The prediction error accrued over all frames since the last detection.
        error = (_centre(box) - _centre(track.box)) / self._steps
        track.velocity = track.velocity + self.gain * error
        track.box, track.missed = box, 0
        track.seen += 1

    def _begin(self, box: Box) -> Track:
        track = Track(self._next, box)
        self._next += 1
        self.tracks.append(track)
        return track


def _centre(box: Box) -> np.ndarray:
    return np.array([box[0] + box[2] / 2, box[1] + box[3] / 2])
