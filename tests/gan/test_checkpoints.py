"""Resume to the bit, and refuse what is not ours."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from mlmastery.checkpoints import CheckpointError, load_checkpoint, save_checkpoint
from mlmastery.gan import GAN

KINDS = [
    {"architecture": "mlp"},
    {"labels": "projection"},
    {"objective": "wasserstein", "penalty": 10.0},
    {"architecture": "growing", "grow": (0.5, 0.25)},
]


@pytest.mark.parametrize(
    "settings", KINDS, ids=lambda s: "-".join(map(str, s.values()))
)
def test_resume_to_the_bit(settings, noise_images, classes, tmp_path):
    settings = settings | {"n_steps": 8, "batch_size": 8, "random_state": 3}
    whole = GAN(**settings).fit(noise_images, classes)
    half = GAN(**settings).partial_fit(noise_images, classes, n_steps=5)
    half.save(tmp_path / "gan.pt")
    resumed = GAN(**settings).restore(tmp_path / "gan.pt")
    np.testing.assert_array_equal(
        resumed.sample(2, random_state=0), half.sample(2, random_state=0)
    )
    resumed.partial_fit(noise_images, classes, n_steps=3)
    for averaged in (True, False):
        np.testing.assert_array_equal(
            resumed.sample(20, random_state=0, averaged=averaged),
            whole.sample(20, random_state=0, averaged=averaged),
        )
    assert resumed.history_.equals(whole.history_)
    np.testing.assert_array_equal(
        resumed.score(noise_images, classes), whole.score(noise_images, classes)
    )


CHILD = """
import sys, numpy as np
from mlmastery.gan import GAN
X = np.random.default_rng(0).uniform(-1, 1, (60, 28, 28)).astype(np.float32)
model = GAN("mlp", n_steps=10**6, random_state=3)
def watch(gan):
    gan.save(sys.argv[1])
model.fit(X, watch=watch)
"""


@pytest.mark.skipif(os.name != "posix", reason="sends SIGKILL")
def test_a_killed_training_goes_on(noise_images, tmp_path):
    path = tmp_path / "gan.pt"
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(path)])
    try:
        deadline = time.monotonic() + 60
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.3)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    resumed = GAN("mlp", n_steps=10**6, random_state=3).restore(path)
    done = resumed.n_steps_done_
    resumed.partial_fit(noise_images, n_steps=2)
    whole = GAN("mlp", n_steps=10**6, random_state=3)
    whole.partial_fit(noise_images, n_steps=done + 2)
    np.testing.assert_array_equal(
        resumed.sample(5, random_state=0), whole.sample(5, random_state=0)
    )


@pytest.fixture
def saved(noise_images, tmp_path):
    path = tmp_path / "gan.pt"
    GAN(n_steps=1, batch_size=4).fit(noise_images).save(path)
    return path


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        (
            {"architecture": "mlp"},
            "architecture='conv', this one has architecture='mlp'",
        ),
        ({"labels": "planes"}, "labels=None, this one has labels='planes'"),
        ({"n_latent": 8}, "n_latent=32, this one has n_latent=8"),
    ],
)
def test_another_architecture_is_refused_by_both_names(saved, settings, names):
    with pytest.raises(CheckpointError, match=names):
        GAN(**({"batch_size": 4} | settings)).restore(saved)


def test_a_growing_gan_comes_back_at_the_size_of_its_last_step(noise_images, tmp_path):
    settings = {"architecture": "growing", "n_steps": 10, "grow": (0.1, 0.2)}
    model = GAN(batch_size=4, **settings).partial_fit(noise_images, n_steps=1)
    model.save(tmp_path / "gan.pt")
    assert model.average_.small
    assert GAN.load(tmp_path / "gan.pt").average_.small


def test_more_steps_may_be_planned_on_resume(saved):
    assert GAN(n_steps=50, batch_size=4).restore(saved).n_steps_done_ == 1


def test_a_truncated_file_is_refused(saved):
    saved.write_bytes(saved.read_bytes()[:4000])
    for read in (GAN(n_steps=1, batch_size=4).restore, GAN.load):
        with pytest.raises(CheckpointError, match="truncated or altered"):
            read(saved)


@pytest.mark.parametrize(
    "state",
    [
        {"step": 3},
        {"settings": {"n_steps": 3}},
    ],
)
def test_a_file_of_another_version_is_refused(state, tmp_path):
    save_checkpoint(tmp_path / "s.pt", state, "GAN")
    with pytest.raises(CheckpointError, match="of another version"):
        GAN.load(tmp_path / "s.pt")
    with pytest.raises(CheckpointError, match="of another version"):
        GAN().restore(tmp_path / "s.pt")


def test_load_takes_settings_and_state(saved):
    model = GAN.load(saved)
    assert (model.n_steps, model.batch_size, model.n_steps_done_) == (1, 4, 1)
    same = GAN(n_steps=1, batch_size=4).restore(saved)
    assert (model.sample(2, random_state=0) == same.sample(2, random_state=0)).all()


def test_every_setting_comes_back(noise_images, tmp_path):
    settings = {
        **{"architecture": "mlp", "labels": "planes", "objective": "saturating"},
        **{"n_steps": 1, "batch_size": 3, "n_latent": 5, "penalty": 0.5, "decay": 0.9},
        **{"learning_rates": (0.1, 0.2), "betas": (0.3, 0.4), "random_state": 7},
        **{"discriminator_steps": 2, "generator_steps": 3},
    }
    GAN(**settings).fit(noise_images, [1] * 60).save(tmp_path / "s.pt")
    model = GAN.load(tmp_path / "s.pt")
    assert {name: getattr(model, name) for name in settings} == settings
    with pytest.raises(CheckpointError, match="random_state=7, this one has"):
        GAN(**settings | {"random_state": 8}).restore(tmp_path / "s.pt")


def test_settings_alone_are_no_checkpoint(saved, tmp_path):
    state = load_checkpoint(saved, "GAN")
    del state["networks"]
    save_checkpoint(tmp_path / "s.pt", state, "GAN")
    with pytest.raises(CheckpointError, match="of another version"):
        GAN.load(tmp_path / "s.pt")
