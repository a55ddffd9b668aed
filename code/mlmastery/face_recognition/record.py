"""Record verification on pairs of Labeled Faces in the Wild, which is never shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pandas as pd

from mlmastery.datasets import fingerprint, load_lfw_pairs
from mlmastery.face_recognition.detection import (
    Detector,
    Face,
    HogDetector,
    YuNetDetector,
)
from mlmastery.face_recognition.eigenfaces import Eigenfaces, as_rows
from mlmastery.face_recognition.embedding import (
    DlibEmbedder,
    SFaceEmbedder,
    unit_length,
)
from mlmastery.face_recognition.lbp import chi_square_similarity, lbp_histograms
from mlmastery.face_recognition.verification import error_rates, fold_accuracies
from mlmastery.ledger import Recorded, cpu_timed, write_recorded_table
from mlmastery.spread import Spread

__all__ = ["record"]

PROTOCOL = "1,130 pairs, 10 folds, threshold from the other nine"
PUBLISHED_THRESHOLDS = {"SFace": 0.363, "dlib": -0.6}

Photos = list[np.ndarray]


def record(data_dir: Path) -> list[Recorded]:
    """Measure five ways to compare faces on pairs of Labeled Faces in the Wild.

    Writes the table ``lfw`` to ``recorded/face_recognition``.

    Parameters
    ----------
    data_dir : Path
        Holds the folder of the pairs.

    Returns
    -------
    list of Recorded
    """
    pairs = load_lfw_pairs()
    photos, first, second = _distinct(pairs)
    same, folds = pairs["same"].to_numpy(dtype=bool), pairs["fold"].to_numpy()
    found = _find_faces(photos)
    rows, figures = [], []
    for name, scorer in _scorers(photos, found, folds).items():
        scores, seconds = cpu_timed(partial(scorer, first, second))
        judged = fold_accuracies(scores, same, folds)["accuracy"]
        rows.append(_row(name, scores, same, judged) | {"seconds": seconds})
        figures.append(_figure(name, judged, seconds))
    write_recorded_table(pd.DataFrame(rows).round(4), "face_recognition", "lfw")
    return figures


def _distinct(pairs: pd.DataFrame) -> tuple[Photos, np.ndarray, np.ndarray]:
    """Return each photograph once, and which two a pair has."""
    places: dict[bytes, int] = {}
    photos: Photos = []
    rows = []
    for image in [*pairs["first"], *pairs["second"]]:
        key = image.tobytes()
        if key not in places:
            places[key] = len(photos)
            photos.append(image)
        rows.append(places[key])
    first, second = np.array(rows).reshape(2, -1)
    return photos, first, second


def _find_faces(photos: Photos) -> dict[str, list[Face]]:
    yunet, hog = YuNetDetector(), HogDetector()
    points = [_middle(photo, [yunet, YuNetDetector(0.3)]) for photo in photos]
    boxes = [_middle(photo, [hog, HogDetector(1), yunet]) for photo in photos]
    return {"YuNet": points, "HOG": boxes}


def _middle(photo: np.ndarray, detectors: list[Detector]) -> Face:
    """Return the face nearest the middle, by the first detector that finds one."""
    centre = np.array(photo.shape[1::-1]) / 2
    for detector in detectors:
        faces = detector.detect(photo)
        if faces:
            return min(faces, key=lambda face: _distance(face, centre))
    return Face((75.0, 65.0, 100.0, 120.0), 0.0)  # where LFW's faces are


def _distance(face: Face, centre: np.ndarray) -> float:
    x, y, width, height = face.box
    return float(np.hypot(*(np.array([x + width / 2, y + height / 2]) - centre)))


Scorer = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _scorers(
    photos: Photos, found: dict[str, list[Face]], folds: np.ndarray
) -> dict[str, Scorer]:
    size = (50, 60)
    cut = [
        cv2.resize(p[65:185, 75:175], size, interpolation=cv2.INTER_AREA)
        for p in photos
    ]
    crops = np.array(cut)
    sface, raw = SFaceEmbedder(), SFaceEmbedder(align=False)
    dlib = DlibEmbedder(normalise=False)
    return {
        "eigenfaces": lambda a, b: _eigenface_scores(crops, a, b, folds, False),
        "whitened": lambda a, b: _eigenface_scores(crops, a, b, folds, True),
        "LBP": lambda a, b: _lbp_scores(crops, a, b),
        "dlib": lambda a, b: _distances(dlib.embed_many(photos, found["HOG"]), a, b),
        "SFace, not aligned": lambda a, b: _cosines(
            raw.embed_many(photos, found["YuNet"]), a, b
        ),
        "SFace": lambda a, b: _cosines(sface.embed_many(photos, found["YuNet"]), a, b),
    }


def _eigenface_scores(
    crops: np.ndarray, a: np.ndarray, b: np.ndarray, folds: np.ndarray, whiten: bool
) -> np.ndarray:
    """Score each fold by components of the photographs that it does not hold."""
    rows, scores = as_rows(crops), np.zeros(len(folds))
    for fold in np.unique(folds):
        held = folds == fold
        own = np.union1d(a[held], b[held])
        others = np.setdiff1d(np.arange(len(rows)), own)
        weights = Eigenfaces(100, whiten).fit(rows[others]).transform(rows)
        score = _cosines if whiten else _distances
        scores[held] = score(weights, a[held], b[held])
    return scores


def _lbp_scores(crops: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    histograms = np.array([lbp_histograms(crop) for crop in crops])
    pairs = zip(histograms[a], histograms[b], strict=True)
    return np.array([chi_square_similarity(x, y)[0, 0] for x, y in pairs])


def _distances(vectors: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return -np.linalg.norm(vectors[a] - vectors[b], axis=1)


def _cosines(vectors: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    unit = unit_length(vectors)
    return (unit[a] * unit[b]).sum(axis=1)


def _row(
    name: str, scores: np.ndarray, same: np.ndarray, judged: pd.Series
) -> dict[str, Any]:
    row: dict[str, Any] = {"method": name, "accuracy": judged.mean()}
    row["standard error"] = _standard_error(judged)
    row |= {"lowest fold": judged.min(), "highest fold": judged.max()}
    if name in PUBLISHED_THRESHOLDS:
        threshold = PUBLISHED_THRESHOLDS[name]
        row |= error_rates(scores[same], scores[~same], threshold)._asdict()
    return row


def _standard_error(judged: pd.Series) -> float:
    return float(judged.std(ddof=1) / np.sqrt(len(judged)))


def _figure(name: str, judged: pd.Series, seconds: float) -> Recorded:
    return Recorded(
        f"LFW pairs, {name}",
        float(judged.mean()),
        Spread.standard_error(_standard_error(judged)),
        "accuracy",
        PROTOCOL,
        seconds,
        fingerprint("lfw_pairs"),
    )
