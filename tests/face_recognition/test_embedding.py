"""Alignment, eigenfaces, local binary patterns and learned embeddings."""

import cv2
import numpy as np
import pytest
from sklearn.decomposition import PCA

from mlmastery.face_recognition import (
    TEMPLATE,
    DlibEmbedder,
    Eigenfaces,
    Face,
    HogDetector,
    SFaceEmbedder,
    align_face,
    as_rgb,
    chi_square_similarity,
    cosine_similarity,
    embed_people,
    find_landmarks,
    lbp_code,
    lbp_histograms,
    lbp_image,
    similarity_transform,
    unit_length,
    weight_path,
)


def test_transform_on_paper():
    # A quarter turn, twice as large: the middle (0, 5) goes to (30, 30).
    matrix = similarity_transform([[0, 0], [0, 10]], [[20, 30], [40, 30]])
    assert np.allclose(matrix, [[0, 2, 20], [-2, 0, 30]])


@pytest.mark.parametrize("seed", range(5))
def test_transform_equals_a_solver_of_least_squares(seed):
    rng = np.random.default_rng(seed)
    source, target = rng.normal(size=(2, 5, 2)) * 30
    x, y = source.T
    one, none = np.ones(5), np.zeros(5)
    A = np.r_[np.c_[x, -y, one, none], np.c_[y, x, none, one]]
    a, b, dx, dy = np.linalg.lstsq(A, target.T.ravel(), rcond=None)[0]
    expected = [[a, -b, dx], [b, a, dy]]
    assert np.allclose(similarity_transform(source, target), expected)


def test_transform_is_never_a_mirror_image():
    corners = np.array([[0, 0], [1, 0], [0, 1], [5, 0]])
    matrix = similarity_transform(corners, corners * [-1, 1])
    assert np.linalg.det(matrix[:, :2]) >= 0


@pytest.mark.parametrize(
    ("source", "target", "fault"),
    [
        ([[1, 1], [1, 1]], [[0, 0], [1, 1]], "two different points"),
        ([[0, 0], [1, np.nan]], [[0, 0], [1, 1]], "finite"),
        ([[0, 0], [1, 1]], [[0, 0], [1, 1], [2, 2]], "one shape"),
        ([[0, 0]], [[0, 0]], r"\(n, 2\)"),
    ],
)
def test_impossible_points_are_refused(source, target, fault):
    with pytest.raises(ValueError, match=fault):
        similarity_transform(source, target)


def test_aligned_face_equals_opencvs(orl, yunet):
    reader = cv2.FaceRecognizerSF.create(str(weight_path("sface")), "")
    for photo in orl[0][::80]:
        face = yunet.detect(photo)[0]
        row = np.r_[face.box, face.landmarks.ravel(), face.score].astype(np.float32)
        theirs = reader.alignCrop(as_rgb(photo), row[None])
        ours = align_face(photo, face.landmarks)
        assert np.abs(ours.astype(int) - theirs).mean() < 0.01


def test_aligned_landmarks_lie_on_the_template(orl, yunet):
    face = yunet.detect(orl[0][0])[0]
    small = align_face(orl[0][0], face.landmarks, size=56)
    assert small.shape == (56, 56, 3)
    again = yunet.detect(align_face(orl[0][0], face.landmarks, size=112))[0]
    assert np.abs(again.landmarks - TEMPLATE).max() < 8
    with pytest.raises(ValueError, match=r"\(5, 2\)"):
        align_face(orl[0][0], face.landmarks[:4])
    with pytest.raises(ValueError, match="size"):
        align_face(orl[0][0], face.landmarks, size=0)


FIVE = np.array([[8, 6, 4, 4, 4], [4, 4, 4, 6, 8], [6, 5, 6, 5, 6], [6, 5, 2, 5, 6]])


def test_eigenfaces_of_five_pixels_on_paper():
    model = Eigenfaces(2).fit(FIVE)
    assert model.mean_.tolist() == [6, 5, 4, 5, 6]
    assert np.allclose(model.variances_, [20 / 3, 8 / 3])
    assert np.allclose(model.share_, [20 / 28, 8 / 28])
    first = model.components_[0] * np.sign(model.components_[0, 0])
    assert np.allclose(first, np.array([2, 1, 0, -1, -2]) / 10**0.5)
    assert np.allclose(model.inverse_transform(model.transform(FIVE)), FIVE)


@pytest.mark.parametrize("whiten", [False, True])
def test_eigenfaces_equal_scikit_learns(orl, whiten):
    images = np.array(orl[0][:60])
    ours = Eigenfaces(20, whiten).fit(images)
    rows = images.reshape(60, -1)
    theirs = PCA(20, whiten=whiten, svd_solver="full").fit(rows)
    assert np.allclose(ours.variances_, theirs.explained_variance_)
    assert np.allclose(ours.share_, theirs.explained_variance_ratio_)
    unseen = np.array(orl[0][60:70])
    found, expected = ours.transform(unseen), theirs.transform(unseen.reshape(10, -1))
    sign = np.sign((found * expected).sum(axis=0))
    assert np.allclose(found, expected * sign, atol=1e-8)
    back = theirs.inverse_transform(expected).reshape(10, -1)
    assert np.allclose(ours.inverse_transform(found), back)


def test_eigenfaces_refuse_what_they_cannot_use():
    with pytest.raises(ValueError, match="n_components"):
        Eigenfaces(4).fit(FIVE)
    with pytest.raises(ValueError, match="n_components"):
        Eigenfaces(0).fit(FIVE)
    with pytest.raises(ValueError, match="finite"):
        Eigenfaces(1).fit([[1, 2], [np.nan, 2], [2, 4]])
    with pytest.raises(ValueError, match="images must have the shape"):
        Eigenfaces(1).fit(np.zeros(5))


def test_pattern_on_paper_and_in_twice_the_light():
    patch = np.array([[6, 5, 2], [7, 6, 1], [9, 8, 7]], dtype=np.uint8)
    assert lbp_code(patch) == lbp_code(2 * patch) == 241
    with pytest.raises(ValueError, match="3 × 3"):
        lbp_code(np.zeros((4, 4), dtype=np.uint8))
    with pytest.raises(ValueError, match="at least 3 × 3"):
        lbp_image(np.zeros((2, 4), dtype=np.uint8))


def test_patterns_at_once_equal_those_one_by_one(orl):
    photo = orl[0][9][20:50, 20:44]
    codes = lbp_image(photo)
    assert codes.shape == (28, 22)
    for row in range(28):
        for column in range(22):
            patch = photo[row : row + 3, column : column + 3]
            assert codes[row, column] == lbp_code(patch)


def test_histograms_count_each_cell_once(orl):
    histograms = lbp_histograms(orl[0][0], grid=5).reshape(25, 59)
    assert np.allclose(histograms.sum(axis=1), 1)
    flat = lbp_histograms(np.full((30, 30), 9, dtype=np.uint8), grid=1)
    assert flat.argmax() == 57
    assert flat.max() == 1
    # 0b01010101 changes eight times around the circle and shares the last bin.
    checks = np.array([[9, 0, 9], [0, 5, 0], [9, 0, 9]], dtype=np.uint8)
    assert lbp_histograms(checks, grid=1)[58] == 1
    with pytest.raises(ValueError, match="grid"):
        lbp_histograms(checks, grid=2)


def test_chi_square_on_paper():
    a, b = [[0.5, 0.5, 0.0]], [[0.5, 0.0, 0.5], [0.5, 0.5, 0.0]]
    assert np.allclose(chi_square_similarity(a, b), [[-1.0, 0.0]])
    with pytest.raises(ValueError, match="same bins"):
        chi_square_similarity(a, [[1.0, 0.0]])
    with pytest.raises(ValueError, match="histograms"):
        chi_square_similarity([[-1.0]], [[1.0]])


def test_lengths_play_no_part_in_cosines(some_people):
    vectors = some_people[0]
    stretched = vectors.copy()
    stretched[::2] *= 7
    change = cosine_similarity(stretched, stretched) - cosine_similarity(
        vectors, vectors
    )
    assert np.abs(change).max() < 1e-12


def test_cosines_refuse_what_has_no_direction():
    with pytest.raises(ValueError, match="length above zero"):
        unit_length([0.0, 0.0])
    with pytest.raises(ValueError, match="finite"):
        cosine_similarity([[np.nan, 1.0]], [[1.0, 0.0]])
    with pytest.raises(ValueError, match="one dimension"):
        cosine_similarity([[1.0]], [[1.0, 0.0]])


@pytest.mark.parametrize("make", [SFaceEmbedder, DlibEmbedder])
def test_reversed_views_equal_copies_and_channels_matter(make, orl, yunet):
    photo = orl[0][0]
    tinted = as_rgb(photo) // np.array([1, 1, 2], dtype=np.uint8)
    face, embedder = yunet.detect(photo)[0], make()
    plain = embedder.embed(tinted, face)
    backwards = np.ascontiguousarray(tinted[:, :, ::-1])[:, :, ::-1]
    assert backwards.strides[2] < 0
    assert (embedder.embed(backwards, face) == plain).all()
    assert np.abs(embedder.embed(tinted[:, :, ::-1], face) - plain).max() > 0.01
    assert plain.shape == (embedder.dimension,)
    assert np.isclose(plain @ plain, 1)


def test_grey_and_its_repetition_have_one_embedding(orl, yunet, sface):
    face = yunet.detect(orl[0][0])[0]
    assert (sface.embed(orl[0][0], face) == sface.embed(as_rgb(orl[0][0]), face)).all()


def test_sface_equals_opencvs_own_pipeline(orl, yunet, sface):
    reader = cv2.FaceRecognizerSF.create(str(weight_path("sface")), "")
    photo = orl[0][17]
    face = yunet.detect(photo)[0]
    row = np.r_[face.box, face.landmarks.ravel(), face.score].astype(np.float32)
    theirs = reader.feature(reader.alignCrop(as_rgb(photo), row[None])).ravel()
    assert sface.embed(photo, face) @ unit_length(theirs) > 0.999


def test_one_persons_photographs_are_nearer_than_two_peoples(some_people):
    vectors, people = some_people
    similarity = cosine_similarity(vectors, vectors)
    same = people[:, None] == people
    off = ~np.eye(len(people), dtype=bool)
    assert similarity[same & off].min() > 0.4 > similarity[~same].max()


def test_dlib_keeps_its_own_lengths_if_asked(orl, yunet):
    face = yunet.detect(orl[0][0])[0]
    raw = DlibEmbedder(normalise=False).embed(orl[0][0], face)
    unit = DlibEmbedder().embed(orl[0][0], face)
    assert np.linalg.norm(raw) > 1.1
    assert np.allclose(unit, raw / np.linalg.norm(raw))
    moved = DlibEmbedder(jitters=2).embed(orl[0][0], face)
    assert 0.95 < moved @ unit < 0.99999


def test_a_box_alone_gets_landmarks(orl, yunet, sface):
    photo = orl[0][0]
    box = HogDetector().detect(photo)[0]
    assert box.landmarks is None
    found = find_landmarks(photo, box)
    assert np.abs(found - yunet.detect(photo)[0].landmarks).max() < 4
    with_points = sface.embed(photo, yunet.detect(photo)[0])
    assert sface.embed(photo, box) @ with_points > 0.9


def test_the_right_face_lends_its_landmarks(orl, yunet):
    both = np.hstack([orl[0][0], orl[0][100]])
    right = Face((100.0, 20.0, 75.0, 80.0), 1.0)
    assert find_landmarks(both, right)[:, 0].min() > 92


def test_embed_many_and_a_photograph_without_a_face(orl, yunet, sface):
    blank = np.full((100, 100), 128, dtype=np.uint8)
    with pytest.raises(ValueError, match="photograph 1 has no face"):
        embed_people([orl[0][0], blank], yunet, sface)
    assert sface.embed_many([], []).shape == (0, 128)
    with pytest.raises(ValueError, match="as many as each other"):
        sface.embed_many([blank], [])
