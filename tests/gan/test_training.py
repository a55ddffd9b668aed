"""The loop: who learns from what, and what samples depend on."""

import copy

import numpy as np
import pandas as pd
import pytest
import torch

from mlmastery.gan import (
    GAN,
    DigitClassifier,
    Judge,
    PCAGaussian,
    discriminator_loss,
    entrant,
    generator_loss,
    gradient_penalty,
    interpolate,
    r1_penalty,
)
from mlmastery.gan.race import ENTRANTS, STEPS, compare, draw, race

KINDS = {
    "mlp": {"architecture": "mlp"},
    "conv": {},
    "saturating": {"objective": "saturating"},
    "R1": {"penalty": 0.5},
    "planes": {"labels": "planes"},
    "projection": {"labels": "projection"},
    "wasserstein": {
        "objective": "wasserstein",
        "penalty": 10.0,
        "discriminator_steps": 2,
    },
    "growing": {"architecture": "growing", "grow": (0.4, 0.4)},
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_trains_and_draws(kind, noise_images, classes):
    model = GAN(n_steps=5, batch_size=8, **KINDS[kind]).fit(noise_images, classes)
    images = model.sample(3, random_state=0)
    assert images.shape == (3, 28, 28)
    assert np.abs(images).max() <= 1
    assert model.history_.shape == (5, 2)
    assert np.isfinite(model.history_).all(axis=None)
    assert model.score(noise_images, classes).shape == (60,)
    assert (model.slopes(noise_images, classes) > 0).all()


@pytest.mark.parametrize("kind", ["conv", "projection", "wasserstein"])
def test_each_update_touches_one_player(kind, noise_images, classes):
    model = GAN(n_steps=1, batch_size=8, **KINDS[kind]).fit(noise_images, classes)
    images, labels = model._training_data(noise_images, classes)

    def snapshot(network):
        return [w.detach().clone() for w in network.parameters()]

    def unchanged(network, before):
        return all(map(torch.equal, snapshot(network), before))

    for network in (model.generator_, model.discriminator_):
        network.zero_grad()
    model.generator_.train()
    before = snapshot(model.generator_), snapshot(model.discriminator_)
    model._update_discriminator(*model._batch(images, labels))
    assert unchanged(model.generator_, before[0])
    assert all(w.grad is None for w in model.generator_.parameters())
    assert not unchanged(model.discriminator_, before[1])
    before = snapshot(model.generator_), snapshot(model.discriminator_)
    model.discriminator_.zero_grad()
    model._update_generator()
    assert unchanged(model.discriminator_, before[1])
    assert all(w.grad is None for w in model.discriminator_.parameters())
    assert all(w.requires_grad for w in model.discriminator_.parameters())
    assert not unchanged(model.generator_, before[0])


def test_an_image_does_not_depend_on_its_batch_mates(noise_images):
    model = GAN(n_steps=3, batch_size=8).fit(noise_images)
    z = torch.randn(64, model.n_latent)
    for averaged in (True, False):
        together = model.draw(z, averaged=averaged)
        alone = model.draw(z[5:6], averaged=averaged)
        assert np.abs(together[5] - alone[0]).max() < 1e-6
    assert model.sample(1).shape == (1, 28, 28)
    assert model.generator_.training  # drawing leaves the mode as it was


def test_samples_follow_their_seed(noise_images):
    model = GAN("mlp", n_steps=1).fit(noise_images)
    first, second, other = (model.sample(2, random_state=s) for s in (1, 1, 2))
    assert (first == second).all()
    assert (first != other).any()
    assert (model.sample(2) != model.sample(2)).any()


def test_training_follows_its_seed_and_not_the_global_one(noise_images):
    torch.manual_seed(1)
    first = (
        GAN("mlp", n_steps=3, random_state=4)
        .fit(noise_images)
        .sample(2, random_state=0)
    )
    torch.manual_seed(2)
    again = (
        GAN("mlp", n_steps=3, random_state=4)
        .fit(noise_images)
        .sample(2, random_state=0)
    )
    other = (
        GAN("mlp", n_steps=3, random_state=5)
        .fit(noise_images)
        .sample(2, random_state=0)
    )
    assert (first == again).all()
    assert (first != other).any()


def test_fit_begins_anew_and_partial_fit_goes_on(noise_images):
    once = GAN("mlp", n_steps=4).fit(noise_images)
    twice = GAN("mlp", n_steps=4).fit(noise_images).fit(noise_images)
    parts = GAN("mlp", n_steps=4).partial_fit(noise_images, n_steps=1)
    parts.partial_fit(noise_images, n_steps=3)
    for model in (twice, parts):
        np.testing.assert_array_equal(
            once.sample(2, random_state=0), model.sample(2, random_state=0)
        )
    assert parts.n_steps_done_ == 4
    assert parts.partial_fit(noise_images).n_steps_done_ == 5


def test_watching_sees_every_step(noise_images):
    seen = []
    GAN("mlp", n_steps=3).fit(
        noise_images, watch=lambda gan: seen.append(gan.n_steps_done_)
    )
    assert seen == [1, 2, 3]


def test_steps_of_each_player_are_counted(noise_images):
    model = GAN("mlp", n_steps=2, discriminator_steps=3, generator_steps=2)
    model.fit(noise_images)
    steps = [next(iter(o.state.values()))["step"].item() for o in model._optimisers]
    assert steps == [4, 6]


def test_growth_follows_its_schedule(noise_images):
    alphas = []

    def watch(gan):
        alphas.append((gan.generator_.small, round(gan.generator_.alpha, 2)))
        assert gan.discriminator_.alpha == gan.generator_.alpha == gan.average_.alpha
        assert gan.sample(1).shape == (1, 28, 28)

    GAN("growing", n_steps=10, batch_size=4, grow=(0.4, 0.4)).fit(
        noise_images, watch=watch
    )
    assert alphas[:4] == [(True, 0.0)] * 4
    assert alphas[4:] == [(False, a) for a in (0, 0.25, 0.5, 0.75, 1, 1)]


def test_average_with_decay_0_is_the_generator(noise_images):
    model = GAN(n_steps=2, batch_size=8, decay=0).fit(noise_images)
    np.testing.assert_array_equal(
        model.sample(4, random_state=0), model.sample(4, random_state=0, averaged=False)
    )


def test_a_class_is_drawn_as_asked(noise_images, classes):
    model = GAN(labels="projection", n_steps=2, batch_size=8).fit(noise_images, classes)
    sevens = model.sample(3, y=7, random_state=0)
    listed = model.sample(3, y=[7, 7, 7], random_state=0)
    ones = model.sample(3, y=1, random_state=0)
    assert (sevens == listed).all()
    assert (sevens != ones).any()


def test_classifier_learns_and_follows_its_seed():
    rng = np.random.default_rng(0)
    y = np.arange(300) % 10
    X = np.full((300, 28, 28), -1.0) + rng.uniform(0, 0.1, (300, 28, 28))
    for k, digit in enumerate(y):
        X[k, 2 * digit : 2 * digit + 4] = 0.9  # a bar whose height is the class
    model = DigitClassifier(n_epochs=5).fit(X, y)
    assert (model.predict(X) == y).mean() > 0.95
    again = DigitClassifier(n_epochs=5).fit(X, y)
    np.testing.assert_array_equal(model.features(X), again.features(X))
    assert (model.features(X) >= 0).all()
    assert model.logits(X).shape == (300, 10)
    assert (model.logits(X).argmax(1) == model.predict(X)).all()


def test_baseline_has_the_mean_and_variance_of_the_data(noise_images):
    drawn = PCAGaussian(20).fit(noise_images * 0.2 - 0.1).sample(4000, random_state=0)
    assert drawn.mean() == pytest.approx((noise_images * 0.2 - 0.1).mean(), abs=0.01)
    model = PCAGaussian(20).fit(noise_images * 0.2)
    scores = model.pca_.transform(model.sample(4000, random_state=0).reshape(4000, -1))
    np.testing.assert_allclose(scores.var(0), model.pca_.explained_variance_, rtol=0.15)
    with pytest.raises(ValueError, match="at least 30 images"):
        PCAGaussian().fit(noise_images[:10])


def test_judge_and_race(noise_images, classes):
    classifier = DigitClassifier(n_epochs=1).fit(noise_images, classes)
    judge = Judge(classifier, noise_images)
    report = judge.measure(noise_images, classifier.predict(noise_images))
    assert report["FD"] < 1e-3
    assert report["precision"] == report["recall"] == 1
    assert report["as asked"] == 1
    assert judge.report() == "The 60 reference images were compared 1 times."
    assert set(ENTRANTS) == set(STEPS)
    table = race(
        ["MLP GAN"],
        noise_images,
        classes,
        {"FD": judge, "two": judge},
        budgets=(0.01, 0.02),
    )
    assert table["budget"].tolist() == [0.01, 0.02]
    assert (table["FD"] == table["two"]).all()


def test_entrants_scale_with_their_seconds():
    assert entrant("DCGAN", 30).n_steps == 3 * entrant("DCGAN", 10).n_steps
    assert entrant("WGAN-GP", 1e-6).n_steps == 1
    with pytest.raises(ValueError, match="name must be one of MLP GAN"):
        entrant("StyleGAN", 10)


def test_draw_asks_for_each_class_equally(noise_images, classes):
    model = GAN(labels="planes", n_steps=1, batch_size=4).fit(noise_images, classes)
    images, asked = draw(model, 20)
    assert len(images) == 20
    assert np.bincount(asked).tolist() == [2] * 10
    assert draw(PCAGaussian(5).fit(noise_images), 20)[1] is None


class Reader:
    """Stands in for a classifier: an image's features and class are in its corner."""

    def features(self, X):
        return np.asarray(X)[:, 0, :2].copy()

    def predict(self, X):
        return (np.asarray(X)[:, 0, 2] * 10).round().astype(int)


def test_a_class_counts_from_one_in_a_hundred():
    images = np.random.default_rng(0).normal(size=(1000, 28, 28))
    images[:, 0, 2] = 0.3
    images[:10, 0, 2] = 0.7  # 1 %
    images[10:19, 0, 2] = 0.9  # 0.9 %
    judge = Judge(Reader(), images)
    report = judge.measure(images, np.full(1000, 3))
    assert report["classes"] == 2
    assert report["as asked"] == pytest.approx(0.981)
    assert np.isnan(judge.measure(images)["as asked"])
    assert judge.distance(images) == pytest.approx(0, abs=1e-9)
    images[:, 0, 0] += 3
    assert judge.distance(images) == pytest.approx(9)
    assert judge.n_scored == 4


def test_models_are_compared_seed_by_seed():
    table = pd.DataFrame(
        {
            "model": ["a", "a", "b", "b", "a", "b"],
            "seed": [1, 2, 1, 2, 1, 1],
            "budget": [5, 5, 5, 5, 9, 9],
            "FD": [4.0, 6.0, 1.0, 4.0, 0.0, 0.0],
        }
    )
    gain = compare(table, "a", "b", "FD", 5)
    assert gain.mean == 2.5
    assert gain.low < 0 < gain.high


@pytest.mark.parametrize("kind", ["R1", "projection", "wasserstein"])
def test_each_loss_is_that_of_its_images_and_classes(kind, noise_images, classes):
    """Both losses, worked out again from the same random numbers."""
    model = GAN(n_steps=3, batch_size=8, **KINDS[kind]).fit(noise_images, classes)
    images, labels = model._training_data(noise_images, classes)
    real, y = model._batch(images, labels)
    rng = torch.Generator()
    rng.set_state(model._rng.get_state())
    critic, game = copy.deepcopy(model.discriminator_), model.objective
    fake = model.generator_(torch.randn(8, 32, generator=rng), y).detach()
    expected = discriminator_loss(critic(real, y), critic(fake, y), game)
    if kind == "wasserstein":
        between = interpolate(real, fake, rng)
        expected = expected + 10 * gradient_penalty(lambda x: critic(x, y), between)
    if kind == "R1":
        expected = expected + 0.5 * r1_penalty(lambda x: critic(x, y), real)
    assert model._update_discriminator(real, y) == pytest.approx(expected.item())

    if kind == "projection":
        y = torch.randint(10, (8,), generator=rng)
    fake = model.generator_(torch.randn(8, 32, generator=rng), y)
    expected = generator_loss(model.discriminator_(fake, y), game)
    assert model._update_generator() == pytest.approx(expected.item())


def test_a_batch_keeps_images_and_classes_together():
    model = GAN(labels="planes", batch_size=16)
    model._start()
    images = torch.arange(100.0).reshape(-1, 1, 1, 1)
    x, y = model._batch(images, torch.arange(100) % 10)
    assert (x.flatten().long() % 10 == y).all()
    assert len(x.unique()) > 8


def test_players_have_their_own_learning_rates(noise_images):
    model = GAN("mlp", n_steps=1, learning_rates=(0.03, 0.02), betas=(0.1, 0.2))
    model.fit(noise_images)
    groups = [optimiser.param_groups[0] for optimiser in model._optimisers]
    assert [group["lr"] for group in groups] == [0.03, 0.02]
    assert [group["betas"] for group in groups] == [(0.1, 0.2)] * 2
    owned = [id(w) for w in model.generator_.parameters()]
    assert [id(w) for w in groups[0]["params"]] == owned


def test_a_model_shows_its_settings(noise_images):
    model = GAN("mlp", labels="planes", n_steps=7)
    assert repr(model) == "GAN('mlp', labels='planes', n_steps=7), 0 steps done"


def test_a_race_goes_on_from_budget_to_budget(noise_images, monkeypatch):
    steps, train = [], GAN.partial_fit

    def counted(self, X, y, *, n_steps):
        steps.append(n_steps)
        return train(self, X, y, n_steps=n_steps)

    monkeypatch.setattr(GAN, "partial_fit", counted)
    monkeypatch.setattr("mlmastery.gan.race.cpu_timed", lambda run: (run(), 1.5))
    reader = DigitClassifier(n_epochs=1).fit(noise_images, np.arange(60) % 10)
    judge = Judge(reader, noise_images)
    table = race(
        ["MLP GAN"], noise_images, None, {"FD": judge}, budgets=(0.01, 0.03, 0.04)
    )
    assert steps == [2, 4, 2]
    assert table["seconds"].tolist() == [1.5, 3.0, 4.5]


def test_classes_are_asked_in_turn(noise_images, classes):
    model = GAN(labels="planes", n_steps=1, batch_size=4).fit(noise_images, classes)
    assert draw(model, 25)[1].tolist() == [k % 10 for k in range(25)]
