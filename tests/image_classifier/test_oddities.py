"""Odd files are read, or left out with their reason."""

import io
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mlmastery.datasets import DataError, DataMissingError, load_cats_dogs, verify
from mlmastery.datasets.images import ImageError, label_of, read_folder, read_image


def test_every_odd_file_is_read_or_listed_with_its_reason(odd: Path):
    found = read_folder(odd, 32)
    assert found.images.shape == (7, 32, 32, 3)
    assert found.images.dtype == np.uint8
    reasons = {s.file: s.reason for s in found.skipped}
    for file, reason in {
        "cat.truncated.jpg": "truncated",
        "dog.text.jpg": "cannot identify",
        "dog.empty.jpg": "cannot identify",
        "cat.pixel.png": "1 x 1 pixels",
        "cat.huge.png": "10000 x 5000 pixels",
        "cat/dog.wrong_folder.jpg": "cat and dog",
        "holiday.jpg": "neither cat nor dog",
        "cat.plain.jpg": "the same bytes as cat.copy.jpg",
    }.items():
        assert reason in reasons.pop(file)
    assert not reasons
    labels = dict(zip(found.files, found.labels, strict=True))
    assert labels["dog.cmyk.jpg"] == "dog"
    assert labels["cat.palette.gif"] == "cat"


def test_the_camera_s_rotation_is_applied():
    corner = np.zeros((40, 60, 3), np.uint8)
    corner[:20, :20] = 255  # bright at the top left as stored
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    Image.fromarray(corner).save(buffer, "PNG", exif=exif)
    upright = read_image(buffer.getvalue())
    assert upright.shape == (60, 40, 3)
    assert upright[5, -5].min() > 200
    assert upright[5, 5].max() < 50


@pytest.mark.parametrize(
    ("mode", "colour", "want"),
    [
        ("L", 128, (128, 128, 128)),
        ("LA", (0, 0), (255, 255, 255)),
        ("RGBA", (255, 0, 0, 0), (255, 255, 255)),
        ("RGBA", (255, 0, 0, 255), (255, 0, 0)),
        ("CMYK", (0, 255, 255, 0), (255, 0, 0)),
        ("1", 1, (255, 255, 255)),
    ],
)
def test_colour_modes_become_rgb(mode, colour, want):
    buffer = io.BytesIO()
    Image.new(mode, (20, 20), colour).save(buffer, "TIFF")
    assert np.abs(read_image(buffer.getvalue())[9, 9].astype(int) - want).max() <= 1


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch):
    buffer = io.BytesIO()
    Image.new("1", (10_000, 5_000)).save(buffer, "PNG")
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(ImageError, match="10000 x 5000 pixels"):
        read_image(buffer.getvalue())


def test_squares_keep_the_shape_of_things():
    wide = np.zeros((40, 120, 3), np.uint8)
    wide[:, 40:80] = 200  # a square in the middle
    buffer = io.BytesIO()
    Image.fromarray(wide).save(buffer, "PNG")
    assert (read_image(buffer.getvalue(), 40) == 200).all()


def test_names_are_words_not_letters():
    assert label_of("Cats/0001.JPG") == "cat"
    for file in ("category/1.jpg", "hotdogs.jpg"):
        with pytest.raises(ImageError):
            label_of(file)


def test_cache_gives_the_same_and_sees_a_change(odd: Path, tmp_path: Path):
    first = read_folder(odd, 16, cache=tmp_path)
    second = read_folder(odd, 16, cache=tmp_path, progress=pytest.fail)
    np.testing.assert_array_equal(first.images, second.images)
    assert (first.files, first.labels, first.skipped) == (
        *(second.files, second.labels),
        second.skipped,
    )
    content = (odd / "dog.grey.png").read_bytes()
    (odd / "dog.new.png").write_bytes(content + b" ")
    try:
        assert len(read_folder(odd, 16, cache=tmp_path).files) == 8
    finally:
        (odd / "dog.new.png").unlink()


@pytest.mark.skipif(os.name != "posix", reason="no devices, and links only for some")
def test_devices_folders_and_broken_links_are_left_out(odd: Path, tmp_path: Path):
    folder = tmp_path / "odd"
    shutil.copytree(odd, folder)
    (folder / "cat.device.jpg").symlink_to("/dev/null")
    (folder / "dog.gone.jpg").symlink_to(folder / "absent")
    (folder / "dog.folder.jpg").mkdir()
    found = read_folder(folder, 16, cache=tmp_path / "cache")
    assert found.files == read_folder(odd, 16).files
    left_out = {s.file for s in found.skipped if s.reason == "not a file with content"}
    assert left_out == {"cat.device.jpg", "dog.gone.jpg", "dog.folder.jpg"}


def test_cache_sees_a_file_that_was_changed_in_place(tmp_path: Path):
    folder = tmp_path / "photographs"
    folder.mkdir()
    for name, grey in (("cat.png", 10), ("dog.png", 20), ("cat.png", 250)):
        Image.new("RGB", (20, 20 + grey), (grey,) * 3).save(folder / name)
        if len(list(folder.iterdir())) == 2:
            found = read_folder(folder, 16, cache=tmp_path / "cache")
    assert found.images[0].mean() == 250


def test_progress_and_workers_change_nothing(odd: Path):
    seen = []

    def progress(items, total):
        seen.append(total)
        return items

    ours = read_folder(odd, 16, workers=1, progress=progress)
    assert seen == [15]
    np.testing.assert_array_equal(ours.images, read_folder(odd, 16, workers=4).images)


def test_local_tier_is_the_same_loader(odd: Path, tmp_path, monkeypatch):
    monkeypatch.setenv("MLMASTERY_DATA", str(odd))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    frame = load_cats_dogs(size=24)
    assert frame["image"].iloc[0].shape == (24, 24, 3)
    assert list(frame) == ["file", "animal", "image"]
    assert len(frame.attrs["skipped"]) == 8
    assert verify("cats_dogs").state == "intact"


def test_folders_without_both_classes_are_refused(odd: Path, tmp_path: Path):
    with pytest.raises(DataMissingError, match="no readable photograph"):
        read_folder(tmp_path)
    (tmp_path / "dog.1.png").write_bytes((odd / "dog.grey.png").read_bytes())
    with pytest.raises(DataError, match="none of a cat"):
        read_folder(tmp_path)
    with pytest.raises(ValueError, match="size must be a whole number of at least 8"):
        read_folder(odd, 4)


def test_images_too_narrow_for_the_convolutions_are_named_with_both_sides():
    from mlmastery.image_classifier.networks import _check_side

    with pytest.raises(ValueError, match=r"at least 10 pixels .*, got 40 x 9"):
        _check_side((40, 9), (8, 16))
    _check_side((40, 10), (8, 16))
