"""Detectors and embedders on the same photographs, counted and timed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.face_recognition.detection import Detector, Face
from mlmastery.face_recognition.embedding import Embedder
from mlmastery.face_recognition.scenes import (
    CONDITIONS,
    Scene,
    count_matches,
    face_region,
    spoil,
)
from mlmastery.inference import wilson_interval
from mlmastery.ledger import cpu_timed

__all__ = ["embed_people", "false_positives", "found_faces", "scene_matches"]


def found_faces(
    detectors: Mapping[str, Detector],
    photos: Sequence[np.ndarray],
    conditions: Iterable[str] = CONDITIONS,
) -> pd.DataFrame:
    """Count in how many photographs each detector finds the face.

    Parameters
    ----------
    detectors : dict of str to detector
    photos : sequence of arrays of uint8
        One face each, as in the ORL set.
    conditions : iterable of str
        What is done to the photographs first (`spoil`).

    Returns
    -------
    DataFrame
        ``detector``, ``condition``, ``n``, ``found``, ``false`` (boxes beside the
        face), ``low`` and ``high`` (Wilson, 95 %, of the share found) and ``ms``, the
        CPU milliseconds a photograph.
    """
    _check_some(photos, "photos")
    rows = []
    for condition in conditions:
        spoiled = [spoil(photo, condition, i) for i, photo in enumerate(photos)]
        for name, detector in detectors.items():
            judged = _judged(detector, spoiled, [face_region(p) for p in spoiled])
            rows.append({"detector": name, "condition": condition, **judged})
    return pd.DataFrame(rows)


def false_positives(
    detectors: Mapping[str, Detector], pictures: Sequence[np.ndarray]
) -> pd.DataFrame:
    """Count the pictures without a face in which each detector sees one.

    Returns
    -------
    DataFrame
        One row per detector: ``n``, ``false``, ``low``, ``high`` (Wilson, 95 %).
    """
    _check_some(pictures, "pictures")
    rows = {}
    for name, detector in detectors.items():
        false = sum(bool(detector.detect(picture)) for picture in pictures)
        interval = wilson_interval(false, len(pictures))._asdict()
        rows[name] = {"n": len(pictures), "false": false} | interval
    return pd.DataFrame(rows).T


def scene_matches(
    detectors: Mapping[str, Detector], scenes: Sequence[Scene]
) -> pd.DataFrame:
    """Count the faces found in pictures with several, and the boxes on none.

    Returns
    -------
    DataFrame
        One row per detector: ``n`` faces, ``found``, ``false``, ``low``, ``high``
        (Wilson, 95 %, of the share found) and ``ms`` a picture.
    """
    _check_some(scenes, "scenes")
    images, boxes = ([getattr(s, part) for s in scenes] for part in ("image", "boxes"))
    rows = {name: _judged(d, images, boxes) for name, d in detectors.items()}
    return pd.DataFrame(rows).T


def embed_people(
    photos: Sequence[Any], detector: Detector, embedder: Embedder
) -> np.ndarray:
    """Return one embedding per photograph, of its largest face.

    Parameters
    ----------
    photos : sequence of arrays of uint8
    detector, embedder

    Returns
    -------
    ndarray of float, shape (n, dimension)

    Raises
    ------
    ValueError
        If a photograph has no face; the message says which.
    """
    return embedder.embed_many(
        photos, [largest(p, detector, i) for i, p in enumerate(photos)]
    )


def _judged(
    detector: Detector, images: Sequence[np.ndarray], truths: Sequence[np.ndarray]
) -> dict[str, float]:
    """Count a detector's hits and misses in images whose faces are known, and time it."""
    found, seconds = cpu_timed(lambda: [detector.detect(image) for image in images])
    counts = [count_matches(f, boxes) for f, boxes in zip(found, truths, strict=True)]
    hits, false = (int(total) for total in np.sum(counts, axis=0))
    n = sum(map(len, truths))
    counted = {"n": n, "found": hits, "false": false}
    interval = wilson_interval(hits, n)._asdict()
    return counted | interval | {"ms": 1000 * seconds / len(images)}


def _check_some(items: Sequence[Any], name: str) -> None:
    if not len(items):
        raise ValueError(f"{name} must hold at least one picture")


def largest(photo: Any, detector: Detector, index: int = 0) -> Face:
    """Return the largest face of a photograph, or raise and name the photograph."""
    faces = detector.detect(photo)
    if not faces:
        raise ValueError(f"photograph {index} has no face that the detector finds")
    return faces[0]
