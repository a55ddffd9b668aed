"""What people hand over by mistake on the first page, refused by name."""

import numpy as np
import pytest

from mlmastery.face_recognition import (
    ArcFaceHead,
    DlibEmbedder,
    Eigenfaces,
    Face,
    HaarCascade,
    HaarDetector,
    PairScores,
    ThresholdVerifier,
    TripletHead,
    accepted_rates,
    arcface_gradient,
    arcface_logits,
    best_threshold,
    box_sum,
    chi_square_similarity,
    choose_triplets,
    cross_entropy,
    error_rates,
    false_positives,
    fold_accuracies,
    found_faces,
    hog_cell,
    hog_cells,
    integral_image,
    orientation_histogram,
    scene_matches,
    split_halves,
    triplet_losses,
    turn,
    weight_path,
)

SUMS = integral_image(np.arange(12).reshape(3, 4))
TRIANGLE = [[1, 0.9, 0.2], [0.9, 1, 0.3], [0.2, 0.3, 1]]
ROWS = np.random.default_rng(0).normal(size=(6, 4))
HALF = [[0.5, 0.5]]


@pytest.mark.parametrize(
    "box", [(-1, 0, 1, 1), (0, -1, 1, 1), (2, 0, 3, 1), (0, 1, 1, 3), (1, 1, -1, 1)]
)
def test_a_box_beyond_the_image_has_no_sum(box):
    with pytest.raises(ValueError, match="inside the image of 3 rows and 4 columns"):
        box_sum(SUMS, *box)


def test_one_box_of_several_beyond_the_image_is_refused():
    with pytest.raises(ValueError, match="inside the image"):
        box_sum(SUMS, np.array([0, 4]), 0, 1, 1)


def test_a_box_up_to_the_border_has_one():
    assert box_sum(SUMS, 0, 0, 4, 3) == 66
    assert box_sum(SUMS.tolist(), 3, 2, 1, 1) == 11
    assert box_sum(SUMS, np.array([0, 3]), 0, 1, 1).tolist() == [0, 3]


def test_gradients_need_one_shape_and_cells_are_squares():
    for size, angle in (([1.0, 2.0], [1.0]), ([np.nan], [1.0]), ([1.0], [np.inf])):
        with pytest.raises(ValueError, match="finite numbers of one shape"):
            orientation_histogram(size, angle)
    with pytest.raises(ValueError, match=r"square cell, got \(8, 6\)"):
        hog_cell(np.zeros((8, 6), dtype=np.uint8))
    with pytest.raises(ValueError, match="side"):
        hog_cells(np.zeros((8, 6), dtype=np.uint8), 0)


def test_a_file_that_is_no_xml_holds_no_cascade(tmp_path):
    file = tmp_path / "photo.xml"
    file.write_bytes(b"\x89PNG")
    with pytest.raises(ValueError, match=r"photo\.xml holds no cascade"):
        HaarCascade(file)
    with pytest.raises(ValueError, match="name must be one of haar, yunet"):
        weight_path("yolo")


def test_eigenfaces_say_what_does_not_fit():
    model = Eigenfaces(2)
    for call in (model.transform, model.inverse_transform):
        with pytest.raises(ValueError, match="fit must be called first"):
            call(ROWS)
    with pytest.raises(ValueError, match="differ from each other"):
        model.fit(np.ones((5, 4)))
    model.fit(ROWS)
    with pytest.raises(ValueError, match="4 pixels as in fit, got 3"):
        model.transform(ROWS[:, :3])
    with pytest.raises(ValueError, match="2 columns, one per component, got 3"):
        model.inverse_transform(ROWS[:, :3])


def test_histograms_and_distances_have_no_missing_numbers():
    with pytest.raises(ValueError, match="histograms"):
        chi_square_similarity([[np.nan]], [[1.0]])
    with pytest.raises(ValueError, match="finite"):
        triplet_losses([[np.nan]], [[1.0]], [[2.0]])
    with pytest.raises(ValueError, match="power"):
        triplet_losses([[0.0]], [[1.0]], [[2.0]], power=3)


@pytest.mark.parametrize("loss", [arcface_logits, arcface_gradient, cross_entropy])
@pytest.mark.parametrize("labels", [[2], [-1], [0, 1], [], [0.0], ["Ann"]])
def test_a_label_is_one_column_per_row(loss, labels):
    with pytest.raises(ValueError, match="labels must be one column of 2 for each"):
        loss(HALF, labels)


def test_losses_refuse_impossible_settings():
    for margin in (-0.1, 3.1):
        with pytest.raises(ValueError, match="margin"):
            arcface_logits(HALF, [0], margin=margin)
    with pytest.raises(ValueError, match="scale"):
        arcface_gradient(HALF, [0], scale=0)
    with pytest.raises(ValueError, match="finite numbers"):
        cross_entropy([[np.nan, 1.0]], [0])


@pytest.mark.parametrize("make", [TripletHead, ArcFaceHead])
def test_a_map_says_what_does_not_fit(make):
    with pytest.raises(ValueError, match="fit must be called first"):
        make().transform(ROWS)
    head = make(steps=1).fit(ROWS, [1, 1, 2, 2, 3, 3])
    with pytest.raises(ValueError, match="4 columns as in fit, got 3"):
        head.transform(ROWS[:, :3])


def test_triplets_need_two_people_and_a_known_rule():
    with pytest.raises(ValueError, match="at least two people"):
        choose_triplets(np.zeros((2, 2)), np.array([0, 0]), "hardest")
    with pytest.raises(ValueError, match="mining"):
        choose_triplets(np.zeros((2, 2)), np.array([0, 1]), "easy")


def test_thresholds_and_pairs_are_checked():
    pairs = PairScores(TRIANGLE, ["a", "a", "b"])
    for call in (pairs.rates, lambda t: error_rates([0.5], [0.5], t)):
        with pytest.raises(ValueError, match="threshold"):
            call(np.nan)
    for counts in ([1], [-1, 1], [1, np.nan]):
        with pytest.raises(ValueError, match="each of 2 people"):
            pairs.auc(counts)
    for counts in ([0, 0], [1, 0], [0, 1]):
        with pytest.raises(ValueError, match="pairs of one person and of two"):
            pairs.tar_at_far(0.1, counts)
    with pytest.raises(ValueError, match="same in either order"):
        PairScores([[1, 0.9, 0.2], [0.1, 1, 0.3], [0.2, 0.3, 1]], ["a", "a", "b"])
    with pytest.raises(ValueError, match="at least two people, got 1"):
        next(split_halves(["a", "a"]))


def test_truth_is_true_or_false():
    for same in (["yes", "no"], [2, 0], [np.nan, 1]):
        with pytest.raises(ValueError, match="True or False"):
            best_threshold([0.1, 0.2], same)
    assert best_threshold([0.1, 0.3], [0, 1]) == pytest.approx(0.2)
    with pytest.raises(ValueError, match="one value per score"):
        fold_accuracies([0.1, 0.2], [True], [1, 2])


def test_a_verifier_knows_its_photographs():
    with pytest.raises(ValueError, match="fit must be called first"):
        ThresholdVerifier().predict(np.ones((2, 20)))
    with pytest.raises(ValueError, match=r"3 embeddings side by side.*\(1, 4\)"):
        ThresholdVerifier(n_photos=3).fit([[1, 0, 1, 0]])
    for people, accepted in (([1, 2], np.eye(3)), ([], np.eye(3)), ([1], [[1, 0]])):
        with pytest.raises(ValueError, match="accepted must be square"):
            accepted_rates(people, accepted)


def test_trials_need_pictures_and_turns_a_number():
    detectors = {"Haar": HaarDetector()}
    for trial in (found_faces, false_positives, scene_matches):
        with pytest.raises(ValueError, match="at least one picture"):
            trial(detectors, [])
    with pytest.raises(ValueError, match="degrees"):
        turn(np.zeros((4, 4), dtype=np.uint8), np.nan)


def test_a_box_outside_the_image_has_no_embedding():
    blank = np.zeros((50, 50), dtype=np.uint8)
    with pytest.raises(ValueError, match="outside the image"):
        DlibEmbedder().embed(blank, Face((500.0, 500.0, 10.0, 10.0), 1.0))
