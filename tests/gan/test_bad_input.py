"""Images, classes and settings that cannot be right."""

import numpy as np
import pandas as pd
import pytest

from mlmastery.gan import GAN, DigitClassifier, split_digits, to_images


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda X: (X + 1) / 2, "reach below 0"),
        (lambda X: (X + 1) * 127.5, "scale .0, 255."),
        (lambda X: X * 1.5, "must lie in .-1, 1."),
        (lambda X: X[:, :20], "images of shape"),
        (lambda X: X[:1], "at least 2 images"),
        (lambda X: X[0], "images of shape"),
        (lambda X: np.where(X > 0.999, np.nan, X), "finite"),
        (lambda X: X.astype(str), "X must be numbers"),
    ],
)
def test_images(change, message, noise_images):
    with pytest.raises(ValueError, match=message):
        GAN("mlp", n_steps=1).fit(change(noise_images))


def test_flat_images_are_taken(noise_images):
    flat = GAN("mlp", n_steps=1).fit(noise_images.reshape(60, -1))
    square = GAN("mlp", n_steps=1).fit(noise_images)
    assert (flat.sample(1, random_state=0) == square.sample(1, random_state=0)).all()


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (None, "y must be given"),
        (np.arange(59) % 10, "shape .60,."),
        (np.full(60, 10), "0 to 9, got 10"),
        (np.full(60, -1), "0 to 9, got -1"),
        (np.full(60, 1.5), "got 1.5"),
        (np.full(60, np.nan), "got nan"),
        (["three"] * 60, "y must be numbers"),
    ],
)
def test_classes(y, message, noise_images):
    with pytest.raises(ValueError, match=message):
        GAN("mlp", labels="planes", n_steps=1).fit(noise_images, y)


def test_an_unknown_class_is_refused(noise_images, classes):
    model = GAN("mlp", labels="projection", n_steps=1).fit(noise_images, classes)
    with pytest.raises(ValueError, match="got 10"):
        model.sample(2, y=10)
    with pytest.raises(ValueError, match=r"shape .3,."):
        model.sample(3, y=[1, 2])
    plain = GAN("mlp", n_steps=1).fit(noise_images)
    with pytest.raises(ValueError, match="built without labels"):
        plain.sample(2, y=7)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"architecture": "rnn"}, "architecture must be one of"),
        ({"labels": "text"}, "labels must be one of"),
        ({"objective": "hinge"}, "objective must be one of"),
        ({"n_steps": 0}, "n_steps must be"),
        ({"batch_size": 1}, "batch_size must be"),
        ({"penalty": -1}, "penalty must be"),
        ({"decay": 1.5}, "decay must be"),
        ({"learning_rates": (0, 1e-3)}, "learning_rates must be"),
        ({"random_state": -1}, "random_state must be"),
        ({"generator_steps": 0}, "generator_steps must be"),
    ],
)
def test_settings(settings, message, noise_images):
    with pytest.raises(ValueError, match=message):
        GAN(**{"architecture": "mlp", "n_steps": 1, **settings}).fit(noise_images)


def test_use_before_training(noise_images):
    with pytest.raises(ValueError, match="call fit first"):
        GAN().sample(1)
    model = GAN("mlp", n_steps=1).fit(noise_images)
    with pytest.raises(ValueError, match="z must have shape"):
        model.draw(np.zeros((2, 5)))
    with pytest.raises(ValueError, match="n must be a whole number"):
        model.sample(0)


def test_the_classifier_refuses_another_range(noise_images, classes):
    model = DigitClassifier(n_epochs=1).fit(noise_images, classes)
    with pytest.raises(ValueError, match="reach below 0"):
        model.features((noise_images + 1) / 2)


def test_pixels_become_images_and_parts_do_not_overlap():
    pixels = np.zeros((50, 784))
    pixels[:, 0] = np.arange(50)
    table = pd.DataFrame(pixels, columns=[f"pixel_{k}" for k in range(784)])
    table["digit"] = np.arange(50) % 10
    images = to_images(table)
    assert images[3, 0, 0] == pytest.approx(3 / 127.5 - 1)
    assert images.dtype == np.float32
    X, y, reference, _, other, _ = split_digits(table, n_train=30)
    assert [len(part) for part in (X, reference, other)] == [30, 10, 10]
    first = np.concatenate([X, reference, other])[:, 0, 0]
    assert len(np.unique(first)) == 50
    assert (((X[:, 0, 0] + 1) * 127.5).round() % 10 == y).all()
