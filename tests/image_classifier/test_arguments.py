"""Calls as people make them: each error names the argument and what came."""

import numpy as np
import pytest

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 on NumPy 2: __array__ without copy=
    "ignore:__array__ implementation:DeprecationWarning"
)
X = np.random.default_rng(0).integers(0, 256, (8, 28, 28)).astype(np.uint8)
Y = np.array(["cat", "dog"] * 4)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"validation": -1}, "validation must be"),
        ({"validation": 2}, "validation must be"),
        ({"validation": np.nan}, "validation must be"),
        ({"dropout": 1}, "dropout must be"),
        ({"augment": -1}, "augment must be"),
        ({"augment": "yes"}, "augment must be"),
        ({"dense": 0}, "dense must be"),
        ({"filters": 16}, "filters must be a sequence"),
        ({"filters": ()}, "filters must be a sequence"),
        ({"filters": (4, 0)}, "each of filters must be"),
        (
            {"filters": (2, 2, 2, 2)},
            "at least 46 pixels for 4 convolutions, got 28 x 28",
        ),
        ({"random_state": None}, "random_state must be"),
        ({"validation": 0.1}, "leaves too few of 8 images"),
    ],
)
def test_the_network_names_the_setting_that_is_wrong(options, reason):
    from mlmastery.image_classifier.networks import CNNClassifier

    with pytest.raises(ValueError, match=reason):
        CNNClassifier(**{"epochs": 1} | options).fit(X, Y)


def test_the_least_side_is_enough():
    from mlmastery.image_classifier.networks import CNNClassifier

    images = X[:, :22, :22]
    model = CNNClassifier((2, 2, 2), dense=2, epochs=1, validation=0)
    assert model.fit(images, Y).predict(images).shape == (8,)
    with pytest.raises(ValueError, match="at least 22 pixels"):
        model.fit(images[:, 1:], Y)


def test_a_missing_label_among_texts_is_named():
    from mlmastery.image_classifier.networks import two_classes

    for missing in (np.nan, None):
        with pytest.raises(ValueError, match="got one in row 1"):
            two_classes(["cat", missing, "dog"])


def test_no_images_give_no_features(lite):
    assert lite.features(X[:0]).shape == (0, 1280)


def test_activations_come_from_forward_to(lite):
    from mlmastery.image_classifier.transfer import FineTunedClassifier

    activations = lite.forward_to(X, 16)
    model = FineTunedClassifier(lite, epochs=1)
    for stop in (-1, 19, 1.5):
        with pytest.raises(ValueError, match="stop must be a whole number"):
            lite.forward_to(X, stop)
    with pytest.raises(TypeError, match="activations must be a tensor"):
        model.fit_activations(activations.numpy(), Y)
    with pytest.raises(TypeError, match="activations must be a tensor"):
        lite.forward_from(activations.numpy(), 16)
    with pytest.raises(ValueError, match=r"activations must have shape \(N, C, H, W\)"):
        lite.forward_from(activations[0], 16)
    with pytest.raises(ValueError, match="equal lengths, got 8 and 7"):
        model.fit_activations(activations, Y[:-1])
    with pytest.raises(ValueError, match="not fitted"):
        model.predict_proba_activations(activations)
    with pytest.raises(TypeError, match="network must be a LiteNet"):
        FineTunedClassifier("efficientnet_lite0").fit(X, Y)


def test_explanations_name_what_they_want():
    from mlmastery.image_classifier.explain import grad_cam, occlusion_map
    from mlmastery.image_classifier.networks import CNNClassifier

    def bright(images):
        return images.mean(axis=(1, 2))

    with pytest.raises(TypeError, match="model must be a keras"):
        grad_cam(CNNClassifier(), X)
    with pytest.raises(ValueError, match="fill must be"):
        occlusion_map(bright, X[0], fill=300)
    with pytest.raises(ValueError, match="image must have shape"):
        occlusion_map(bright, X[0, 0])
    with pytest.raises(ValueError, match="one number for each of 144 images"):
        occlusion_map(lambda images: np.zeros((len(images), 2)), X[0])
    assert occlusion_map(bright, X[0].tolist()).shape == (12, 12)


def test_curves_name_the_entrant_and_the_size():
    from mlmastery.image_classifier.race import (
        curve_differences,
        learning_curve,
        recorded_curves,
    )

    curves = recorded_curves()
    with pytest.raises(ValueError, match="first must be one of"):
        curve_differences(curves, "x", "frozen features")
    with pytest.raises(ValueError, match="second must be one of"):
        curve_differences(curves, "frozen features", "x")
    with pytest.raises(ValueError, match="each of sizes must be"):
        learning_curve(lambda *_: len, [np.arange(3)], np.zeros(5), [4], np.array([4]))


def test_texts_are_no_pixels_and_a_path_is_no_picture():
    from pathlib import Path

    from mlmastery.datasets.images import label_of, read_image
    from mlmastery.image_classifier.by_hand import max_pool2d

    with pytest.raises(TypeError, match="x must hold numbers"):
        max_pool2d(np.full((1, 2, 2, 1), "a"))
    for content in ("cat.jpg", Path("cat.jpg"), None):
        with pytest.raises(TypeError, match="content must be bytes"):
            read_image(content)
    with pytest.raises(ValueError, match="size must be"):
        read_image(b"", 0)
    assert label_of(Path("Cats") / "1.jpg") == "cat"


def test_features_neither_follow_the_mode_of_training_nor_end_it():
    from mlmastery.image_classifier.transfer import backbone

    net = backbone(size=32)
    want = net.features(X)
    net.train()
    net.steps[0].eval()  # as whoever freezes the first step does
    np.testing.assert_array_equal(net.features(X), want)
    activations = net.forward_to(X, 16)
    np.testing.assert_array_equal(net.forward_from(activations, 16), want)
    assert net.training
    assert net.steps[1].training
    assert not net.steps[0].training


def test_activations_of_another_cut_are_named(lite):
    from mlmastery.image_classifier.transfer import FineTunedClassifier

    activations = lite.forward_to(X, 16)
    with pytest.raises(
        ValueError, match="activations must come from forward_to with stop=10"
    ):
        lite.forward_from(activations, 10)
    with pytest.raises(
        ValueError, match="activations must come from forward_to with stop=10"
    ):
        FineTunedClassifier(lite, frozen=10).fit_activations(activations, Y)
    with pytest.raises(ValueError, match="activations must come from forward_to"):
        lite.forward_from(activations.double(), 16)


@pytest.mark.parametrize("random_state", ["a", -1, None])
def test_fine_tuning_checks_its_seed(lite, random_state):
    from mlmastery.image_classifier.transfer import FineTunedClassifier

    with pytest.raises(ValueError, match="random_state must be a whole number"):
        FineTunedClassifier(lite, random_state=random_state).fit(X, Y)


def test_a_checkpoint_without_validation_would_never_be_written(tmp_path):
    from mlmastery.image_classifier.networks import CNNClassifier

    model = CNNClassifier(epochs=1, validation=0, checkpoint=tmp_path / "best.keras")
    with pytest.raises(ValueError, match="checkpoint needs validation above 0, got 0"):
        model.fit(X, Y)


def test_squares_cover_bytes_and_answers_of_bytes_do_not_wrap():
    from mlmastery.image_classifier.explain import occlusion_map

    def brightest(images):
        return images.max(axis=(1, 2))

    dark = np.zeros((4, 4), np.uint8)
    assert (occlusion_map(brightest, dark, 2, 2, fill=9) == -9).all()
    with pytest.raises(
        TypeError, match="image must hold bytes from 0 to 255, got float"
    ):
        occlusion_map(brightest, dark / 255, 2, 2)


def test_a_map_is_asked_for_images_as_in_training():
    from mlmastery.image_classifier.explain import grad_cam
    from mlmastery.image_classifier.networks import build_cnn

    model = build_cnn((28, 28, 1), filters=(2,), dense=2)
    for images in (X[:, :20], np.stack([X] * 3, axis=-1)):
        with pytest.raises(ValueError, match=r"images must be .*\(28, 28, 1\), got"):
            grad_cam(model, images)


def test_a_damaged_cache_is_noted_in_the_table(album):
    from mlmastery.datasets import load_cats_dogs

    assert load_cats_dogs(size=16).attrs["note"] == ""
    (entry,) = (album.parent / "cache").rglob("*.npz")
    entry.write_bytes(entry.read_bytes()[:100])
    assert "was damaged and is built anew" in load_cats_dogs(size=16).attrs["note"]
