"""Folders as people have them: names, suffixes, links, deep pixels, a damaged cache."""

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, features

from mlmastery.datasets import DataMissingError
from mlmastery.datasets.images import ImageError, label_of, read_folder, read_image


def encoded(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def picture(grey: int, kind: str = "PNG") -> bytes:
    """Return a picture of its own for each grey."""
    pixels = np.full((12, 12, 3), grey, np.uint8)
    pixels[:, :6] = 255 - grey
    return encoded(Image.fromarray(pixels), kind)


def fill(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize(
    ("file", "label"),
    [
        ("dogs-vs-cats/train/cat.0.jpg", "cat"),
        ("dogs-vs-cats/train/dog.0.jpg", "dog"),
        ("cats_and_dogs/train/Cats/1.jpg", "cat"),
        ("cats_and_dogs_filtered/validation/dogs/dog.2001.jpg", "dog"),
        ("PetImages/Cat/1.jpg", "cat"),
        ("CATS AND DOGS/DOGS/IMG 1.JPG", "dog"),
        ("Cat vs. Dog/my cat (1).jpeg", "cat"),
        ("Катя/cat.jpg", "cat"),
        ("café/dog_été.png", "dog"),
        ("\uff23\uff21\uff34/1.jpg", "cat"),  # full-width letters
        ("a/b/c/dog1/x.webp", "dog"),
        ("cat", "cat"),
        ("cat.17", "cat"),
        ("cats/cat/cat.1.jpg", "cat"),
        ("hotdog/cat.1.jpg", "cat"),
        ("cats/cat_and_dog.jpg", "cat"),  # the part with both names none
        ("cat's/1.jpg", "cat"),
        ("train/cats/dog_breed_x.jpg", "cat"),  # the folder is the label
        ("Cat/my dog's friend (3).jpg", "cat"),
        ("dog photos/train/cats/IMG_1.jpg", "cat"),  # the nearest folder
        ("dog/cat/1.jpg", "cat"),
        ("dogs/cats_and_dogs/1.jpg", "dog"),
        ("dogs/.cat.jpg", "dog"),
        ("dogs/dog7.jpg", "dog"),
        ("pets/dog_breed_x.jpg", "dog"),
    ],
)
def test_each_part_of_a_path_speaks_for_itself(file, label):
    assert label_of(file) == label


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("cat/dog.7.jpg", "speaks of cat and dog"),
        ("train/cats/Dog (3).JPG", "speaks of cat and dog"),
        ("dogs/cat_12.png", "speaks of dog and cat"),
        ("a dog/train/cats", "speaks of dog and cat"),
        ("cats_and_dogs/IMG_1.jpg", "cat and dog"),
        ("pets/cat and dog.jpg", "cat and dog"),
        ("concatenate.jpg", "neither cat nor dog"),
        ("hotdog/1.jpg", "neither cat nor dog"),
        ("category/dogma.jpg", "neither cat nor dog"),
        ("cat\u00e9gorie/1.jpg", "neither cat nor dog"),
        ("cate\u0301gorie/1.jpg", "neither cat nor dog"),  # an accent of its own
        ("cate\u0301/1.jpg", "neither cat nor dog"),
    ],
)
def test_no_class_or_two_are_refused_with_the_reason(file, reason):
    with pytest.raises(ImageError, match=reason):
        label_of(file)


def test_no_file_vanishes(tmp_path: Path):
    files = {
        "cat.1.jfif": picture(1, "JPEG"),
        "cat.2.jpe": picture(2, "JPEG"),
        "cat.3": picture(3),
        "cat": picture(4),
        "dog.5.JPG": picture(5, "JPEG"),
        "dog.6.tif": picture(6, "TIFF"),
        "dog.7.heic": b"no picture",
        "dog.8.mp4": b"a film",
        "notes.txt": b"cat and dog",
        ".DS_Store": b"\0",
    }
    found = read_folder(fill(tmp_path, files), 8)
    assert found.files == (
        *("cat", "cat.1.jfif", "cat.2.jpe", "cat.3", "dog.5.JPG", "dog.6.tif"),
    )
    reasons = {s.file: s.reason for s in found.skipped}
    assert set(reasons) == set(files) - set(found.files)
    assert "no .heic; save it as JPEG" in reasons["dog.7.heic"]
    assert ".mp4 is not among the suffixes" in reasons["dog.8.mp4"]


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow has no AVIF")
def test_avif_is_read_where_pillow_reads_it(tmp_path: Path):
    files = {"cat.avif": picture(9, "AVIF"), "dog.png": picture(8)}
    assert read_folder(fill(tmp_path, files), 8).files == ("cat.avif", "dog.png")


@pytest.mark.skipif(os.name != "posix", reason="links only for some")
def test_links_are_followed_once_and_circles_are_listed(tmp_path: Path):
    store = fill(tmp_path / "store", {"1.png": picture(1), "2.png": picture(2)})
    folder = fill(tmp_path / "album", {"dog/3.png": picture(3)})
    (folder / "cats").symlink_to(store)
    (folder / "dog" / "again").symlink_to(folder)
    (folder / "up").symlink_to(tmp_path)
    (folder / "dog" / "4.png").symlink_to(folder / "dog" / "3.png")
    found = read_folder(folder, 8)
    assert found.files == ("cats/1.png", "cats/2.png", "dog/3.png")
    reasons = {s.file: s.reason for s in found.skipped}
    assert "read anyway" in reasons["up"]
    assert "read anyway" in reasons["dog/again"]
    assert reasons["dog/4.png"] == "the same bytes as dog/3.png"


def test_the_same_bytes_under_both_names_are_left_out_altogether(tmp_path: Path):
    files = {
        "cat.1.png": picture(1),
        "dog.1.png": picture(1),
        "cat.again.png": picture(1),
        "cat.2.png": picture(2),
        "cat.3.png": picture(2),
        "dog.2.png": picture(3),
    }
    found = read_folder(fill(tmp_path, files), 8)
    assert found.files == ("cat.2.png", "dog.2.png")
    reasons = {s.file: s.reason for s in found.skipped}
    assert reasons == {
        "cat.1.png": "the same bytes as dog.1.png: called cat here and dog there",
        "cat.again.png": "the same bytes as dog.1.png: called cat here and dog there",
        "dog.1.png": "the same bytes as cat.1.png: called dog here and cat there",
        "cat.3.png": "the same bytes as cat.2.png",
    }


@pytest.mark.parametrize("damage", ["half", "empty", "zeros", "text", "other"])
def test_a_damaged_cache_entry_is_built_anew_with_a_note(tmp_path: Path, damage):
    folder = fill(tmp_path / "album", {"cat.png": picture(1), "dog.png": picture(2)})
    first = read_folder(folder, 8, cache=tmp_path / "cache")
    assert first.note == ""
    (entry,) = (tmp_path / "cache").iterdir()
    content = entry.read_bytes()
    other = io.BytesIO()
    np.savez(other, files=np.array(["x"]))
    entry.write_bytes(
        {
            "half": content[: len(content) // 2],
            "empty": b"",
            "zeros": content[:200] + bytes(100) + content[300:],
            "text": b"not an archive",
            "other": other.getvalue(),
        }[damage]
    )
    again = read_folder(folder, 8, cache=tmp_path / "cache")
    np.testing.assert_array_equal(again.images, first.images)
    assert "damaged and is built anew" in again.note
    assert read_folder(folder, 8, cache=tmp_path / "cache").note == ""


def test_a_text_is_a_path_and_other_things_are_named(tmp_path: Path):
    fill(tmp_path, {"cat.png": picture(1), "dog.png": picture(2)})
    assert len(read_folder(str(tmp_path), 8, cache=str(tmp_path / "c")).files) == 2
    with pytest.raises(DataMissingError, match="is not a folder"):
        read_folder(tmp_path / "absent")
    with pytest.raises(DataMissingError, match="is not a folder"):
        read_folder(tmp_path / "cat.png")
    with pytest.raises(TypeError, match="folder must be a path, got NoneType"):
        read_folder(None)
    with pytest.raises(ValueError, match="workers must be a whole number"):
        read_folder(tmp_path, workers=0)


def deep(value: int, dtype=np.uint16) -> Image.Image:
    return Image.fromarray(np.full((10, 10), value, dtype))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize(
    ("value", "want"), [(65535, 255), (0, 0), (32768, 128), (257, 1)]
)
def test_sixteen_bits_are_scaled_by_their_type(kind, value, want):
    assert (read_image(encoded(deep(value), kind)) == want).all()


def test_sixteen_bits_of_a_dark_picture_stay_dark():
    pixels = np.linspace(0, 6553, 100).reshape(10, 10).astype(np.uint16)
    assert read_image(encoded(Image.fromarray(pixels))).max() == 25  # a tenth


def test_a_sixteen_bit_transparent_grey_is_laid_on_white():
    pixels = np.full((10, 10), 1000, np.uint16)
    pixels[:5] = 65535 // 5
    content = encoded(Image.fromarray(pixels), transparency=1000)
    image = read_image(content)
    assert image[0, 0, 0] == 51
    assert image[9, 9, 0] == 255


def test_thirty_two_bits_are_scaled_by_their_type():
    white = encoded(deep(2**31 - 1, np.int32), "TIFF")
    assert (read_image(white) == 255).all()
    with pytest.raises(ImageError, match="brightnesses from -5 to -5"):
        read_image(encoded(deep(-5, np.int32), "TIFF"))


def test_floats_are_brightnesses_from_nought_to_one():
    def tiff(value):
        return encoded(deep(value, np.float32), "TIFF")

    assert (read_image(tiff(1.0)) == 255).all()
    assert (read_image(tiff(0.2)) == 51).all()
    for value in (255.0, -0.1, np.nan, np.inf):
        with pytest.raises(ImageError, match="F pixels go from 0 to 1"):
            read_image(tiff(value))


@pytest.mark.parametrize(
    ("image", "kind", "want"),
    [
        (Image.new("P", (9, 9), 0), "GIF", (0, 0, 0)),
        (Image.new("1", (9, 9), 1), "PNG", (255, 255, 255)),
        (Image.new("LAB", (9, 9), (255, 128, 128)), "TIFF", (255, 255, 255)),
        (Image.new("CMYK", (9, 9), (0, 0, 0, 255)), "JPEG", (0, 0, 0)),
        (Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "WEBP", (255, 255, 255)),
        (Image.new("PA", (9, 9), (0, 0)), "PNG", (255, 255, 255)),
    ],
)
def test_rarer_modes_become_rgb(image, kind, want):
    if image.mode == "PA":
        image = image.convert("LA")
    read = read_image(encoded(image, kind))[4, 4].astype(int)
    assert np.abs(read - want).max() <= 2


def test_of_an_animation_the_first_picture_is_taken():
    pictures = [Image.new("L", (9, 9), grey) for grey in (10, 200)]
    content = encoded(pictures[0], "GIF", save_all=True, append_images=pictures[1:])
    assert (read_image(content) == 10).all()


def test_damaged_exif_data_cost_no_picture():
    content = encoded(Image.new("RGB", (9, 9), "white"), "JPEG", exif=b"Exif\0\0MM\0*x")
    assert read_image(content).min() > 250
