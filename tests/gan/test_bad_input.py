"""Images, classes and settings that cannot be right."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from mlmastery.gan import (
    GAN,
    DigitClassifier,
    Judge,
    PCAGaussian,
    compare,
    covered_modes,
    dcgan_generator,
    discriminator_loss,
    entrant,
    generator_loss,
    generator_slopes,
    lerp,
    make_networks,
    slerp,
    split_digits,
    to_images,
    train_on_a_line,
    train_ring,
    update_average,
)


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


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"learning_rates": 1e-3}, "learning_rates must be a pair"),
        ({"learning_rates": (1e-3, 1e-3, 1e-3)}, "learning_rates must be a pair"),
        ({"betas": (0.5,)}, "betas must be a pair"),
        ({"betas": (0.5, 1.0)}, "betas must be a number"),
        ({"grow": (0.4, 0.3)}, "grow must be two shares"),
        ({"architecture": "growing", "grow": (0.8, 0.3)}, "grow must be two shares"),
        ({"architecture": "growing", "grow": (-0.1, 0.3)}, "grow must be a number"),
        ({"n_latent": 0}, "n_latent must be"),
    ],
)
def test_pairs_and_shares(settings, message, noise_images):
    with pytest.raises(ValueError, match=message):
        GAN(**{"architecture": "mlp", "n_steps": 1, **settings}).fit(noise_images)


def test_growth_may_fill_all_steps(noise_images):
    model = GAN("growing", n_steps=4, batch_size=4, grow=(0.5, 0.5)).fit(noise_images)
    assert model.n_steps_done_ == 4


@pytest.mark.parametrize("use", ["score", "slopes", "save", "history_", "draw"])
def test_no_use_before_training(use, noise_images):
    model = GAN("mlp")
    assert model.n_steps_done_ == 0
    with pytest.raises(ValueError, match="call fit first"):
        getattr(model, use)(noise_images)  # the property fails before the call


def test_models_that_are_not_fitted(noise_images):
    with pytest.raises(ValueError, match="call fit first"):
        DigitClassifier().predict(noise_images)
    with pytest.raises(ValueError, match="call fit first"):
        PCAGaussian().sample(2)


def test_noise_and_seeds(noise_images):
    model = GAN("mlp", n_steps=1).fit(noise_images)
    for z, message in (
        (np.full((2, 32), np.nan), "z must be finite"),
        (np.zeros((0, 32)), "z must have shape"),
        ([["a"] * 32], "z must be numbers"),
    ):
        with pytest.raises(ValueError, match=message):
            model.draw(z)
    for seed in (-1, 0.5, "a", 2**64):
        with pytest.raises(ValueError, match="random_state must be"):
            model.sample(1, random_state=seed)
    assert model.sample(1, random_state=2**63 - 1).shape == (1, 28, 28)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: train_ring("R1", random_state=-1), "random_state must be"),
        (lambda: train_ring("R1", watch_every=-1), "watch_every must be"),
        (lambda: covered_modes(np.zeros((0, 2))), "points must be finite"),
        (lambda: lerp([1.0, 0.0], [0.0, 1.0], 1.5), "t must be a number"),
        (lambda: slerp([1.0, 0.0], [0.0, 1.0], np.nan), "t must be a number"),
        (lambda: generator_slopes(1.5), "d must be a number"),
        (lambda: generator_slopes([0.5, 1.5, 0.5]), "d must be a number"),
        (lambda: generator_slopes([0.5, -0.5, 0.5]), "d must be a number"),
        (lambda: train_on_a_line([0.0, 1.0], random_state=-1), "random_state must"),
        (lambda: discriminator_loss(ONE, ONE, "hinge"), "objective must be one of"),
        (lambda: generator_loss(ONE, "hinge"), "objective must be one of"),
        (lambda: make_networks("mlp", n_latent=0), "n_latent must be"),
        (lambda: make_networks("mlp", n_latent=1, seed=-1), "seed must be"),
        (lambda: dcgan_generator(8, 0), "channels must be"),
        (
            lambda: update_average(nn.Linear(1, 1), nn.Linear(2, 1), 0.5),
            "one architecture",
        ),
        (lambda: entrant("DCGAN", 0), "seconds must be a number above 0"),
        (lambda: entrant("DCGAN", np.nan), "seconds must be a number"),
        (lambda: compare(TABLE, "a", "b", "FD", 5), "model must be one of a, got 'b'"),
        (lambda: compare(TABLE, "a", "a", "FD", 7), "budget must be one of 5, got 7"),
        (lambda: DigitClassifier(n_epochs=0).fit(BLACK, [0, 1]), "n_epochs must be"),
        (lambda: DigitClassifier(n_features=0).fit(BLACK, [0, 1]), "n_features must"),
        (lambda: Judge(DigitClassifier(), BLACK), "call fit first"),
    ],
)
def test_functions(call, message):
    with pytest.raises(ValueError, match=message):
        call()


ONE, BLACK = torch.ones(1, 1), np.full((2, 28, 28), -1.0)
TABLE = pd.DataFrame({"model": ["a"], "seed": [1], "budget": [5], "FD": [1.0]})


def test_the_judge_wants_one_class_an_image(noise_images, classes):
    judge = Judge(DigitClassifier(n_epochs=1).fit(noise_images, classes), noise_images)
    for y, message in ((classes[:5], r"shape .60,."), (np.full(60, np.nan), "got nan")):
        with pytest.raises(ValueError, match=message):
            judge.measure(noise_images, y)
    assert judge.n_scored == 0


@pytest.mark.parametrize("n_train", [0, 9, -1, 2.0])
def test_a_part_needs_an_image(n_train):
    table = pd.DataFrame(np.zeros((10, 784))).add_prefix("pixel_").assign(digit=1)
    with pytest.raises(ValueError, match="n_train must be a whole number from 1 to 8"):
        split_digits(table, n_train)
