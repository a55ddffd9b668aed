"""Photographs of the ORL set, and faces found in them once."""

import numpy as np
import pytest

from mlmastery.datasets import load_orl_faces
from mlmastery.face_recognition import SFaceEmbedder, YuNetDetector


@pytest.fixture(scope="session")
def orl():
    """Return 400 photographs and who is in each."""
    faces = load_orl_faces()
    return list(faces["image"]), faces["person"].to_numpy()


@pytest.fixture(scope="session")
def sface():
    return SFaceEmbedder()


@pytest.fixture(scope="session")
def yunet():
    return YuNetDetector()


@pytest.fixture(scope="session")
def some_people(orl, yunet, sface):
    """Return SFace's embeddings of four photographs each of ten people."""
    photos, people = orl
    rows = np.flatnonzero((np.arange(400) % 10 < 4) & (people <= 10))
    found = [yunet.detect(photos[i])[0] for i in rows]
    return sface.embed_many([photos[i] for i in rows], found), people[rows]
