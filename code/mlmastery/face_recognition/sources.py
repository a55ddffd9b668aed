"""Read frames from a file, a camera, a folder or a function, and survive its faults.

>>> import numpy as np
>>> pictures = [np.zeros((4, 4), np.uint8), "torn", np.ones((4, 4), np.uint8)]
>>> source = FrameSource(lambda: iter(pictures).__next__)
>>> [frame.number for frame in source], source.corrupt, source.ended
([0, 2], 1, 'end of the source')
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mlmastery.validation import check_count, check_number

from .images import as_rgb, read_picture

__all__ = ["CameraLostError", "Frame", "FrameSource"]

PICTURES = (".jpg", ".jpeg", ".png", ".pgm", ".bmp")


class CameraLostError(OSError):
    """The camera gives no more frames."""


@dataclass(frozen=True)
class Frame:
    """One picture of a stream.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        RGB.
    number : int
        Counts the reads, those of corrupt frames included.
    at : float
        Seconds on the source's clock when it was read.

    Examples
    --------
    >>> Frame(np.zeros((2, 2, 3), np.uint8), 0, 1.5).at
    1.5
    """

    image: np.ndarray
    number: int
    at: float


class FrameSource:
    """Frames of a video file, a camera, a folder of pictures, or a function.

    Parameters
    ----------
    source : str, Path, int or callable
        A video file; a folder, read in the order of the names; the number of a camera;
        or a function that opens a stream: it returns another that returns a picture at
        each call, raises `StopIteration` at the end and `OSError` when it is cut off.
    reconnects : int, default=3
        Attempts in a row to open again a stream that was cut off.
    pause : float, default=0.5
        Seconds before each.
    loop : bool, default=False
        Whether a file or folder begins again at its end.
    real_time : bool, default=False
        Whether a file is read no faster than it was recorded.
    clock, wait : callable, optional
        Of time, for tests.

    Attributes
    ----------
    corrupt : int
        Reads that gave no whole picture; they are skipped.
    lost : int
        Times that the stream was cut off.
    reconnecting : bool
        Whether the stream is cut off just now.
    ended : str
        Why the frames stopped, empty until then.

    Raises
    ------
    FileNotFoundError
        If a path does not exist.
    ValueError
        If the number of a camera is negative.
    """

    def __init__(
        self,
        source: Any,
        *,
        reconnects: int = 3,
        pause: float = 0.5,
        loop: bool = False,
        real_time: bool = False,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], Any] | None = None,
    ) -> None:
        self._stop = threading.Event()
        self.reconnects = check_count(reconnects, "reconnects", 0)
        self.pause = check_number(pause, "pause")
        self.loop, self.real_time, self.clock = loop, real_time, clock
        self.wait = wait or self._stop.wait
        self._open = _opener(source)
        self.corrupt, self.lost, self.ended = 0, 0, ""
        self.reconnecting = False

    def stop(self) -> None:
        """End the frames soon, from any thread."""
        self._stop.set()

    def __iter__(self) -> Iterator[Frame]:
        number, failures, due = 0, 0, self.clock()
        reader = None
        while not self._stop.is_set():
            try:
                if reader is None:
                    reader = self._open()
                image = reader()
            except StopIteration:
                if not self.loop or number == 0:
                    self.ended = "end of the source"
                    return
                _close(reader)
                reader = None
                continue
            except OSError as error:
                _close(reader)
                reader = None
                self.lost += failures == 0
                failures += 1
                if failures > self.reconnects:
                    self.ended = (
                        f"camera lost: {error}; {self.reconnects} attempts failed"
                    )
                    self.reconnecting = False
                    return
                self.reconnecting = True
                self.wait(self.pause)
                continue
            number += 1
            pixels = _pixels(image)
            if pixels is None:
                self.corrupt += 1
                continue
            failures, self.reconnecting = 0, False
            due = self._keep_pace(reader, due)
            yield Frame(pixels, number - 1, self.clock())
        _close(reader)
        self.ended = "stopped"

    def _keep_pace(self, reader: Any, due: float) -> float:
        rate = getattr(reader, "rate", 0) if self.real_time else 0
        if not rate:
            return due
        now = self.clock()
        if due > now:
            self.wait(due - now)
        return max(due, now) + 1 / rate


def _opener(source: Any) -> Callable[[], Any]:
    if callable(source):
        return source
    if isinstance(source, int) and not isinstance(source, bool):
        check_count(source, "source", 0)  # OpenCV dies of a negative number
        return lambda: _Capture(source, camera=True)
    if not isinstance(source, str | Path):
        raise TypeError(
            "source must be a path, the number of a camera or a function, "
            f"got {type(source).__name__}"
        )
    path = Path(source)
    if not path.exists():
        raise FileNotFoundError(f"{path} does not exist")
    if path.is_dir():
        return lambda: _folder(path)
    return lambda: _Capture(str(path), camera=False)


class _Capture:
    """A video file or camera of OpenCV, which speaks of both in one way."""

    def __init__(self, what: int | str, camera: bool) -> None:
        import cv2

        self._video = cv2.VideoCapture(what)
        self._camera = camera
        if not self._video.isOpened():
            kind = CameraLostError if camera else ValueError
            raise kind(
                f"{what} cannot be opened as a {'camera' if camera else 'video'}"
            )
        self.rate = 0.0 if camera else self._video.get(cv2.CAP_PROP_FPS)
        self._left = None if camera else int(self._video.get(cv2.CAP_PROP_FRAME_COUNT))

    def __call__(self) -> Any:
        read, image = self._video.read()
        if self._left is not None:
            # OpenCV says the same of a torn frame and of the end of the file.
            self._left -= 1
            if not read and self._left < 0:
                self.close()
                raise StopIteration
        elif not read:
            raise CameraLostError("no frame came")
        return image[..., ::-1] if read else None

    def close(self) -> None:
        """Let go of the device."""
        self._video.release()


def _folder(path: Path) -> Callable[[], Any]:
    files = iter(sorted(f for f in path.iterdir() if f.suffix.lower() in PICTURES))

    def read() -> Any:
        file = next(files)
        try:
            return read_picture(file)
        except ValueError:
            return None

    return read


def _pixels(image: Any) -> np.ndarray | None:
    """Return the pixels of what a stream gave, None if it is no picture."""
    try:
        return as_rgb(image)
    except ValueError:
        return None


def _close(reader: Any) -> None:
    if hasattr(reader, "close"):
        reader.close()
