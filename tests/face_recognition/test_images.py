"""One form for every photograph, and bad input named."""

import numpy as np
import pytest

from mlmastery.face_recognition import (
    HaarDetector,
    HogDetector,
    MmodDetector,
    MtcnnDetector,
    SFaceEmbedder,
    YuNetDetector,
    as_grey,
    as_rgb,
    find_landmarks,
)
from mlmastery.face_recognition.detection import Face


@pytest.fixture
def colour():
    return np.random.default_rng(0).integers(0, 256, (12, 9, 3)).astype(np.uint8)


def test_grey_is_repeated_in_three_channels(colour):
    grey = colour[:, :, 0]
    assert (as_rgb(grey) == grey[:, :, None]).all()
    assert as_rgb(grey).shape == (12, 9, 3)


@pytest.mark.parametrize("view", [np.s_[:, :, ::-1], np.s_[::-1], np.s_[:, ::2]])
def test_a_view_becomes_contiguous_and_keeps_its_order(colour, view):
    found = as_rgb(colour[view])
    assert found.flags["C_CONTIGUOUS"]
    assert (found == colour[view]).all()


def test_brightness_is_the_usual_weighted_sum():
    pixel = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], dtype=np.uint8)
    assert as_grey(pixel).tolist() == [[76, 150, 29]]
    assert as_grey(np.array([[7]], dtype=np.uint8)).tolist() == [[7]]


@pytest.mark.parametrize(
    ("image", "fault"),
    [
        (np.zeros((4, 4)), "whole numbers from 0 to 255, got float64"),
        (np.full((4, 4), np.nan), "NaN in 16 values"),
        (np.zeros((4, 4), dtype=bool), "got bool"),
        (np.full((4, 4), 256), "got 256 to 256"),
        (np.array([[-1, 3]]), "got -1 to 3"),
        (np.zeros((4, 4, 4), dtype=np.uint8), r"shape .*\(4, 4, 4\)"),
        (np.zeros(4, dtype=np.uint8), r"\(4,\)"),
        (np.zeros((0, 4), dtype=np.uint8), "at least one pixel"),
        (None, "shape"),
        ("face.jpg", "shape"),
    ],
)
def test_other_images_are_refused_by_name(image, fault):
    with pytest.raises(ValueError, match=f"image .*{fault}"):
        as_rgb(image)


def test_whole_numbers_of_another_type_are_taken():
    assert as_rgb(np.array([[0, 255]])).dtype == np.uint8


DETECTORS = [HaarDetector, HogDetector, YuNetDetector, MtcnnDetector, MmodDetector]


@pytest.mark.parametrize("make", DETECTORS)
def test_no_face_is_an_empty_list_whatever_the_size(make):
    detector = make()
    blank = np.full((100, 100), 128, dtype=np.uint8)
    for shape in [(100, 100), (1, 1), (5, 60), (12, 13), (20, 20)]:
        assert detector.detect(blank[: shape[0], : shape[1]]) == []
    assert detector.detect(np.zeros((40, 40, 3), dtype=np.uint8)) == []


@pytest.mark.parametrize("make", DETECTORS)
def test_detectors_refuse_what_is_no_image(make):
    with pytest.raises(ValueError, match="got float64"):
        make().detect(np.zeros((50, 50)))


def test_no_landmarks_where_there_is_no_face():
    blank = np.full((100, 100), 128, dtype=np.uint8)
    face = Face((20.0, 20.0, 50.0, 50.0), 1.0)
    with pytest.raises(ValueError, match="no landmarks were found in the box"):
        SFaceEmbedder().embed(blank, face)
    with pytest.raises(ValueError, match="no landmarks"):
        find_landmarks(blank, Face((300.0, 300.0, 5.0, 5.0), 1.0))
