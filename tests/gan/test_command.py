"""The command: files of a digit, from a training or a file, and errors in a sentence."""

import matplotlib.image
import numpy as np
import pytest

from mlmastery.gan import GAN
from mlmastery.gan.__main__ import main


@pytest.fixture(scope="module")
def saved(tmp_path_factory, noise_images, classes):
    path = tmp_path_factory.mktemp("gan") / "gan.pt"
    GAN("mlp", labels="projection", n_steps=2).fit(noise_images, classes).save(path)
    return path


def test_files_hold_what_the_model_draws(saved, tmp_path, capsys):
    out = tmp_path / "new" / "sevens"
    command = ["sample", "--digit", "7", "--n", "3", "--seed", "4", "--out", str(out)]
    assert main([*command, "--model", str(saved)]) == 0
    assert capsys.readouterr().out == f"3 images of a 7 in {out}\n"
    names = sorted(path.name for path in out.iterdir())
    assert names == [f"digit-7-{k}.png" for k in range(3)]
    drawn = GAN.load(saved).sample(3, y=7, random_state=4)
    for name, image in zip(names, drawn, strict=True):
        pixels = matplotlib.image.imread(out / name)[..., 0] * 2 - 1
        np.testing.assert_allclose(pixels, image, atol=0.02)


def test_a_training_is_reported_and_kept(tmp_path, capsys):
    one = ["sample", "--digit", "1", "--n", "1", "--seed", "3", "--out"]
    command = [*one, str(tmp_path / "a")]
    kept = str(tmp_path / "gan.pt")
    assert main([*command, "--steps", "100", "--save", kept]) == 0
    assert capsys.readouterr().err == "training: step 100 of 100\n"
    assert GAN.load(kept).random_state == 3
    assert main([*one, str(tmp_path / "b"), "--model", kept]) == 0
    first, second = (tmp_path / f / "digit-1-0.png" for f in "ab")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (["--digit", "10"], "--digit must be a whole number from 0 to 9, got 10"),
        (["--n", "0"], "--n must be a whole number"),
        (["--seed", "-1"], "--seed must be a whole number"),
        (["--steps", "0"], "n_steps must be a whole number"),
        (["--model", "none.pt"], "No such file"),
        (["--model", __file__], "is not a checkpoint of kind GAN"),
        (["--out", __file__], "File exists"),
    ],
)
def test_errors_are_one_sentence(change, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["sample", "--digit", "7", "--out", "out", *change]) == 1
    said = capsys.readouterr()
    assert words in said.err
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
    assert not said.out


def test_a_model_without_classes_cannot_be_asked(noise_images, tmp_path, capsys):
    GAN("mlp", n_steps=1).fit(noise_images).save(tmp_path / "plain.pt")
    command = ["sample", "--digit", "7", "--out", str(tmp_path / "out")]
    assert main([*command, "--model", str(tmp_path / "plain.pt")]) == 1
    assert "built without labels" in capsys.readouterr().err
