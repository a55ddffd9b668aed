"""Render a video of moving photographs, with the truth about every frame.

>>> import tempfile
>>> import numpy as np
>>> people = {"Ada": [np.full((112, 92), 90, np.uint8)]}
>>> path = tempfile.mkdtemp() + "/film.avi"
>>> truth = render_video(path, people, n_frames=3)
>>> truth.columns.tolist()
['frame', 'name', 'left', 'top', 'width', 'height', 'visible']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import check_count, check_number

from .images import add_noise, as_rgb

__all__ = ["from_afar", "paste_photograph", "render_frames", "render_video"]


def render_video(
    path: str | Path,
    people: Mapping[str, Sequence[Any]],
    n_frames: int = 120,
    *,
    size: tuple[int, int] = (480, 320),
    rate: float = 20.0,
    noise: float = 4.0,
    random_state: int | None = 0,
) -> pd.DataFrame:
    """Write a video file in which photographs of people move, grow and shrink.

    Parameters
    ----------
    path : str or Path
        Ends in .avi; its folder exists.
    people : mapping of str to sequence of arrays (h, w) of uint8
        Photographs that a person shows one after the other.
    n_frames : int, default=120
    size : (int, int), default=(480, 320)
        Width and height in pixels.
    rate : float, default=20
        Frames a second.
    noise : float, default=4
        Standard deviation of the grey values' noise.
    random_state : int or None, default=0

    Returns
    -------
    DataFrame
        A row for each person and frame: the rectangle of the photograph in pixels, and
        the share of it that no other photograph covers.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    import cv2

    path = Path(path)
    code = cv2.VideoWriter.fourcc(*"MJPG")
    writer = cv2.VideoWriter(
        str(path), code, check_number(rate, "rate", open=True), size
    )
    if not writer.isOpened():
        raise OSError(f"{path} cannot be written as a video")
    rows = []
    try:
        for image, truth in render_frames(
            people, n_frames, size=size, noise=noise, random_state=random_state
        ):
            writer.write(np.ascontiguousarray(image[..., ::-1]))
            rows.append(truth)
    finally:
        writer.release()
    return pd.concat(rows, ignore_index=True)


def render_frames(
    people: Mapping[str, Sequence[Any]],
    n_frames: int = 120,
    *,
    size: tuple[int, int] = (480, 320),
    noise: float = 4.0,
    random_state: int | None = 0,
) -> Iterator[tuple[np.ndarray, pd.DataFrame]]:
    """Yield the frames of `render_video`, each with its rows of the truth.

    Parameters
    ----------
    people : mapping of str to sequence of arrays (h, w) of uint8
    n_frames : int, default=120
    size : (int, int), default=(480, 320)
    noise : float, default=4
    random_state : int or None, default=0

    Yields
    ------
    (ndarray of shape (height, width, 3), DataFrame)
    """
    check_count(n_frames, "n_frames")
    check_number(noise, "noise")
    if not people or not all(len(photos) for photos in people.values()):
        raise ValueError("people must have at least one photograph each")
    for name, photos in people.items():
        for photo in photos:
            check_grey(photo, f"photographs of {name}")
    for side in size:
        check_count(side, "size", 16)
    rng = np.random.default_rng(random_state)
    width, height = size
    walks = [_Walk(i, len(people), size, rng) for i in range(len(people))]
    wall = _wall(width, height, rng)
    for number in range(n_frames):
        canvas, rows, covers = wall.copy(), [], np.full((height, width), -1)
        for i, ((name, photos), walk) in enumerate(
            zip(people.items(), walks, strict=True)
        ):
            left, top, w = walk.at(number / max(n_frames - 1, 1))
            photo = np.asarray(photos[(number // 12) % len(photos)])
            h = round(w * photo.shape[0] / photo.shape[1])
            paste_photograph(canvas, photo, left, top, w, h)
            covers[max(top, 0) : max(top + h, 0), max(left, 0) : max(left + w, 0)] = i
            rows.append((number, name, left, top, w, h))
        table = pd.DataFrame(
            rows, columns=["frame", "name", "left", "top", "width", "height"]
        )
        areas = table["width"] * table["height"]
        seen = np.array([(covers == i).sum() for i in range(len(people))])
        table["visible"] = seen / areas
        yield as_rgb(add_noise(canvas, noise, rng)), table


def check_grey(photo: Any, name: str) -> None:
    """Refuse what is no grey picture of uint8.

    Parameters
    ----------
    photo : array of uint8, shape (h, w)
    name : str
        For the message.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> check_grey(np.zeros((2, 2), np.uint8), "photo")
    """
    values = np.asarray(photo)
    if values.ndim != 2 or values.dtype != np.uint8 or not values.size:
        raise ValueError(
            f"{name} must be grey pictures of uint8, "
            f"got shape {values.shape} of {values.dtype}"
        )


class _Walk:
    """A smooth way of one photograph through the picture."""

    def __init__(
        self, index: int, n_people: int, size: tuple[int, int], rng: Any
    ) -> None:
        width, height = size
        self._lane = (index + 0.5) / n_people
        self._phase = rng.uniform(0, 2 * np.pi, 3)
        self._turns = rng.uniform(0.5, 1.0, 3)
        self._size = (width, height)
        # Photographs of several people still fit beside each other.
        self._base = min(0.4 * height, 0.62 * width / n_people)

    def at(self, time: float) -> tuple[int, int, int]:
        """Return left, top and width of the photograph at a time from 0 to 1."""
        width, height = self._size
        waves = np.sin(2 * np.pi * self._turns * time + self._phase)
        w = self._base * (1 + 0.2 * waves[2])
        left = width * self._lane - w / 2 + 0.75 * self._base * waves[0]
        h = w * 112 / 92
        top = (height - h) / 2 + 0.8 * (height - h) / 2 * waves[1]
        return round(left), round(top), round(w)


def _wall(width: int, height: int, rng: Any) -> np.ndarray:
    """Return a background: a slope of light with panels."""
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    panels = 12 * (np.floor(6 * x) % 2) + 8 * (np.floor(4 * y) % 2)
    return np.asarray(110 + 40 * x - 30 * y + panels)


def paste_photograph(
    canvas: np.ndarray, photo: np.ndarray, left: int, top: int, width: int, height: int
) -> None:
    """Draw a photograph into a grey picture, cut at the picture's edges.

    Parameters
    ----------
    canvas : ndarray of shape (H, W)
        Changed in place.
    photo : ndarray of shape (h, w)
    left, top, width, height : int
        Where it goes, in pixels of the canvas.

    Examples
    --------
    >>> canvas = np.zeros((4, 4))
    >>> paste_photograph(canvas, np.full((2, 2), 9, np.uint8), 3, 3, 2, 2)
    >>> int((canvas == 9).sum())
    1
    """
    import cv2

    how = cv2.INTER_AREA if width < photo.shape[1] else cv2.INTER_LINEAR
    scaled = cv2.resize(photo, (width, height), interpolation=how)
    rows = slice(max(top, 0), min(top + height, canvas.shape[0]))
    columns = slice(max(left, 0), min(left + width, canvas.shape[1]))
    if rows.start < rows.stop and columns.start < columns.stop:
        canvas[rows, columns] = scaled[
            rows.start - top : rows.stop - top,
            columns.start - left : columns.stop - left,
        ]


def from_afar(
    photo: np.ndarray, width: int, noise: float, rng: np.random.Generator
) -> np.ndarray:
    """Return a photograph as a camera far away would have taken it.

    The picture is reduced to few pixels, noise is added, and it is enlarged again.

    Parameters
    ----------
    photo : ndarray of uint8, shape (h, w)
    width : int
        Pixels across.
    noise : float
        Standard deviation in grey levels.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of uint8, shape (h, w)

    Examples
    --------
    >>> photo = np.full((112, 92), 100, np.uint8)
    >>> from_afar(photo, 16, 0.0, np.random.default_rng(0)).shape
    (112, 92)
    """
    import cv2

    check_grey(photo, "photo")
    check_count(width, "width", 2, photo.shape[1])
    height = max(round(width * photo.shape[0] / photo.shape[1]), 2)
    small = cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA)
    small = add_noise(small, check_number(noise, "noise"), rng)
    return np.asarray(
        cv2.resize(small, photo.shape[::-1], interpolation=cv2.INTER_LINEAR)
    )
