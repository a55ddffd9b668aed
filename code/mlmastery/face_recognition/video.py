"""Recognise people in a stream of frames: the newest frame first, tracks in between.

>>> simulate_queue(100, interval=0.01, service=0.05)["age"].max().round(3)
np.float64(0.06)
>>> simulate_queue(100, interval=0.01, service=0.05, newest=False)["age"].max().round(3)
np.float64(4.01)
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.ledger import cpu_timed
from mlmastery.validation import check_count, check_number

from .boxes import box_iou
from .detection import Face, YuNetDetector
from .embedding import NoFaceError
from .gallery import Gallery
from .sources import Frame
from .tracking import Track, Tracker, assign_greedily

__all__ = [
    "LatestFrame",
    "Seen",
    "VideoRecognizer",
    "VideoResult",
    "count_switches",
    "score_video",
    "simulate_queue",
    "time_stages",
]

SETTLED = 3  # answers after which a track is embedded rarely
DOUBT = 0.06  # distance from the threshold below which an answer is doubtful


class LatestFrame:
    """Hand frames from one thread to another; a newer frame replaces an older one.

    Attributes
    ----------
    dropped : int
        Frames that were replaced before anyone took them.

    Examples
    --------
    >>> box = LatestFrame()
    >>> for number in range(3):
    ...     box.put(number)
    >>> box.get(), box.dropped
    (2, 2)
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._frame: Any = None
        self._closed = False
        self.dropped = 0

    def __len__(self) -> int:
        return int(self._frame is not None)

    def put(self, frame: Any) -> None:
        """Offer a frame; never waits."""
        with self._condition:
            self.dropped += self._frame is not None
            self._frame = frame
            self._condition.notify()

    def get(self, timeout: float | None = None) -> Any:
        """Wait for a frame and take it; None at the end, or when time is over."""
        with self._condition:
            self._condition.wait_for(
                lambda: self._closed or self._frame is not None, timeout
            )
            frame, self._frame = self._frame, None
            return frame

    def close(self) -> None:
        """Say that no frame will come any more."""
        with self._condition:
            self._closed = True
            self._condition.notify()


@dataclass(frozen=True)
class Seen:
    """One face in one frame.

    Parameters
    ----------
    track : int
    box : tuple of float
        Left, top, width, height in pixels of the frame.
    name : str or None
        None is unknown.
    score : float or None
        Similarity of the last answer.

    Examples
    --------
    >>> Seen(1, (0, 0, 5, 5), None, 0.2).name is None
    True
    """

    track: int
    box: tuple[float, float, float, float]
    name: str | None
    score: float | None


@dataclass(frozen=True)
class VideoResult:
    """The faces seen in a frame, and when that was known.

    Parameters
    ----------
    frame : Frame
    seen : list of Seen
    done : float
        Seconds on the recogniser's clock.
    embedded : int
        Faces that were embedded for this frame.

    Examples
    --------
    >>> frame = Frame(np.zeros((2, 2, 3), np.uint8), 0, at=1.0)
    >>> VideoResult(frame, [], done=1.25, embedded=0).age
    0.25
    """

    frame: Frame
    seen: list[Seen] = field(default_factory=list)
    done: float = 0.0
    embedded: int = 0

    @property
    def age(self) -> float:
        """Seconds from the frame's reading to the answer."""
        return self.done - self.frame.at


class VideoRecognizer:
    """Detect, track, embed where needed, and vote.

    Parameters
    ----------
    database : FaceDatabase
        With an embedder; changes of it count from the next frame on.
    threshold : float
        Smallest cosine similarity of a match.
    detector : object, optional
        By default `YuNetDetector`.
    detect_every : int, default=1
        Frames from one detection to the next; tracks move by their velocity meanwhile.
    scale : float, default=1
        Size of the picture in which faces are detected; they are embedded at full size.
    track : bool, default=True
        Without, every face of every detection is embedded and nothing remembered.
    refresh : int, default=25
        Detections after which a settled track is embedded again.
    clock : callable, default=time.monotonic

    Attributes
    ----------
    captured, processed, dropped : int
        Frames, since the recogniser was made.
    """

    def __init__(
        self,
        database: Any,
        threshold: float,
        detector: Any = None,
        *,
        detect_every: int = 1,
        scale: float = 1.0,
        track: bool = True,
        refresh: int = 25,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.database = database
        self.threshold = check_number(threshold, "threshold", -1, 1)
        self.detector = YuNetDetector() if detector is None else detector
        self.detect_every = check_count(detect_every, "detect_every")
        self.scale = check_number(scale, "scale", 0, 1, open=True)
        self.track = track
        self.refresh = check_count(refresh, "refresh")
        self.clock = clock
        self.tracker = Tracker()
        self.captured, self.processed, self.dropped = 0, 0, 0
        self._gallery: Gallery | None = None
        # The web page enrols from a track while the next frame is worked on.
        self.lock = threading.RLock()

    def process(self, frame: Frame) -> VideoResult:
        """Return the faces of one frame.

        Parameters
        ----------
        frame : Frame
        """
        with self.lock:
            self._notice_changes()
            embedded = 0
            if self.processed % self.detect_every == 0:
                embedded = self._detect(frame.image)
            else:
                self.tracker.predict()
            self.processed += 1
            seen = [
                Seen(track.id, track.box, track.name, track.score)
                for track in self.tracker.tracks
                if track.missed == 0
            ]
        return VideoResult(frame, seen, self.clock(), embedded)

    def _notice_changes(self) -> None:
        """Forget all answers when people were enrolled or deleted."""
        gallery = self.database.gallery()
        if gallery is not self._gallery:
            self._gallery = gallery
            for track in self.tracker.tracks:
                track.votes.clear()
                track.samples.clear()
                track.due = track.seen + 1

    def _detect(self, image: np.ndarray) -> int:
        faces = self._faces(image)
        if not self.track:
            self.tracker.tracks.clear()
        tracks = self.tracker.update([face.box for face in faces])
        embedded = 0
        for face, track in zip(faces, tracks, strict=True):
            if track.seen >= track.due:
                embedded += self._embed(image, face, track)
        return embedded

    def _faces(self, image: np.ndarray) -> list[Face]:
        if self.scale == 1:
            return list(self.detector.detect(image))
        import cv2

        small = cv2.resize(
            image, None, fx=self.scale, fy=self.scale, interpolation=cv2.INTER_AREA
        )
        # Rounding makes the true factor differ a little in each direction.
        factor = np.array(image.shape[1::-1]) / small.shape[1::-1]
        return [_enlarged(face, factor) for face in self.detector.detect(small)]

    def _embed(self, image: np.ndarray, face: Face, track: Track) -> int:
        try:
            sample = self.database.embedder.embed(image, face)
        except NoFaceError:
            return 0
        assert self._gallery is not None
        track.votes.append(self._gallery.identify(sample, self.threshold))
        track.samples.append(sample)
        track.due = track.seen + self._patience(track)
        return 1

    def _patience(self, track: Track) -> int:
        """Return after how many detections a track is embedded again."""
        if len(track.votes) < SETTLED:
            return 1
        names = {answer.name for answer in track.votes}
        score = track.votes[-1].score
        near = score is not None and abs(score - self.threshold) < DOUBT
        return 4 if near or len(names) > 1 else self.refresh

    def run(self, source: Any, newest: bool = True) -> Iterator[VideoResult]:
        """Yield results while frames come.

        Parameters
        ----------
        source : FrameSource
        newest : bool, default=True
            Read in a thread and take the newest frame only; otherwise every frame, in
            order, as fast as they are recognised.

        Yields
        ------
        VideoResult
        """
        if not newest:
            for frame in source:
                self.captured += 1
                yield self.process(frame)
            return
        latest, failures = LatestFrame(), []  # type: ignore[var-annotated]
        thread = threading.Thread(target=self._capture, args=(source, latest, failures))
        thread.start()
        try:
            while (frame := latest.get()) is not None:
                yield self.process(frame)
                self.dropped = latest.dropped
        finally:
            source.stop()
            thread.join()
        if failures:
            raise failures[0]

    def _capture(self, source: Any, latest: LatestFrame, failures: list[Any]) -> None:
        try:
            for frame in source:
                self.captured += 1
                latest.put(frame)
        except Exception as error:
            failures.append(error)
        finally:
            latest.close()


def _enlarged(face: Face, factor: np.ndarray) -> Face:
    x, y, w, h = (float(v) for v in np.asarray(face.box) * np.tile(factor, 2))
    landmarks = None if face.landmarks is None else face.landmarks * factor
    return Face((x, y, w, h), face.score, landmarks)


def simulate_queue(
    n_frames: int, interval: float, service: float, newest: bool = True
) -> pd.DataFrame:
    """Work out when each frame would be answered, without any clock.

    Parameters
    ----------
    n_frames : int
        Frame i arrives after i intervals.
    interval, service : float
        Seconds from frame to frame, and of work on one.
    newest : bool, default=True
        Whether a newer frame replaces those that wait; otherwise they queue.

    Returns
    -------
    DataFrame
        ``frame``, ``arrived``, ``done``, ``age`` and ``waiting``, the frames that wait
        when its work begins; a row for each frame that is worked on.

    Examples
    --------
    >>> simulate_queue(4, interval=1, service=2)["frame"].tolist()
    [0, 2, 3]
    >>> simulate_queue(4, interval=1, service=2, newest=False)["age"].tolist()
    [2.0, 3.0, 4.0, 5.0]
    """
    check_count(n_frames, "n_frames")
    check_number(interval, "interval", open=True)
    check_number(service, "service", open=True)
    rows, free, following = [], 0.0, 0
    while following < n_frames:
        arrived = following * interval
        start = max(free, arrived)
        # A frame that arrives at the very moment is there already.
        last = min(int(np.floor(start / interval + 1e-9)), n_frames - 1)
        chosen = last if newest else following
        free = start + service
        waiting = 0 if newest else last - chosen
        at = chosen * interval
        rows.append((chosen, float(at), float(free), float(free - at), waiting))
        following = chosen + 1
    return pd.DataFrame(rows, columns=["frame", "arrived", "done", "age", "waiting"])


def score_video(
    results: Iterable[VideoResult],
    truth: pd.DataFrame,
    enrolled: Iterable[str],
    min_visible: float = 0.7,
) -> pd.DataFrame:
    """Compare what was seen with the truth of a rendered video.

    Parameters
    ----------
    results : iterable of VideoResult
    truth : DataFrame
        Of `render_video`.
    enrolled : iterable of str
        Names that the recogniser can know.
    min_visible : float, default=0.7
        Share of a photograph that must be visible for it to count.

    Returns
    -------
    DataFrame
        ``frame``, ``name``, ``track`` (0 if not found), ``said`` and ``outcome``: right,
        wrong name, unknown, or not found.

    Examples
    --------
    >>> truth = pd.DataFrame({"frame": [0], "name": ["Ada"], "left": [0], "top": [0],
    ...                       "width": [9], "height": [9], "visible": [1.0]})
    >>> frame = Frame(np.zeros((9, 9, 3), np.uint8), 0, 0.0)
    >>> result = VideoResult(frame, [Seen(1, (1, 1, 8, 8), "Ada", 0.7)])
    >>> score_video([result], truth, ["Ada"])["outcome"].tolist()
    ['right']
    """
    known, rows = set(enrolled), []
    by_frame = dict(tuple(truth.groupby("frame")))
    for result in results:
        people = by_frame[result.frame.number]
        boxes = people[["left", "top", "width", "height"]].to_numpy(float)
        pairs = {}
        if result.seen:
            overlaps = box_iou(boxes, [seen.box for seen in result.seen])
            pairs = dict(assign_greedily(overlaps, 0.1))
        for i, person in enumerate(people.itertuples()):
            if person.visible < min_visible:
                continue
            seen = result.seen[pairs[i]] if i in pairs else None
            expected = person.name if person.name in known else None
            rows.append(
                (
                    result.frame.number,
                    person.name,
                    seen.track if seen else 0,
                    seen.name if seen else None,
                    _outcome(seen, expected),
                )
            )
    columns = ["frame", "name", "track", "said", "outcome"]
    return pd.DataFrame(rows, columns=columns)


def _outcome(seen: Seen | None, expected: str | None) -> str:
    if seen is None:
        return "not found"
    if seen.name == expected:
        return "right"
    return "unknown" if seen.name is None else "wrong name"


def count_switches(scored: pd.DataFrame) -> int:
    """Count how often a person's track changes while the person stays in the picture.

    Parameters
    ----------
    scored : DataFrame
        Of `score_video`.

    Examples
    --------
    >>> count_switches(pd.DataFrame({"name": list("aaabb"), "track": [1, 0, 3, 2, 2]}))
    1
    """
    found = scored[scored["track"] > 0]
    changes = found.groupby("name")["track"].apply(
        lambda ids: (ids.diff()[1:] != 0).sum()
    )
    return int(changes.sum())


def time_stages(stages: dict[str, Callable[[], Any]], repeats: int = 5) -> pd.Series:
    """Return the median CPU milliseconds of each stage.

    Parameters
    ----------
    stages : dict of str to callable
    repeats : int, default=5

    Examples
    --------
    >>> bool(time_stages({"nothing": lambda: None})["nothing"] < 100)
    True
    """
    check_count(repeats, "repeats")
    medians = {}
    for name, stage in stages.items():
        seconds = [cpu_timed(stage)[1] for _ in range(repeats)]
        medians[name] = 1000 * float(np.median(seconds))
    return pd.Series(medians, name="milliseconds")
