"""Films: the pictures of a cell, for a slider on the site and a strip in print."""

import base64
import json
import re

import matplotlib.pyplot as plt
import pytest

from mlmastery.bookkit import film, frames


def draw(ax, power):
    ax.plot([0, 1, 2], [0, 1, 2**power])


@pytest.fixture
def shown(monkeypatch):
    """Return what frames would leave for the page."""
    kept = {}
    monkeypatch.setattr(
        film, "_show", lambda name, pictures: kept.update({name: pictures})
    )
    return kept


def test_every_value_has_a_picture_and_print_has_six_of_them(shown):
    frames("powers", draw, range(1, 10), label="power {}")
    pictures = shown["powers"]
    assert [p["label"] for p in pictures] == [f"power {k}" for k in range(1, 10)]
    printed = [p["label"] for p in pictures if "pdf" in p]
    assert len(printed) == 6
    assert printed[0] == "power 1"
    assert printed[-1] == "power 9"
    pdf = base64.b64decode(pictures[0]["pdf"])
    assert pdf.startswith(b"%PDF")
    assert b"CreationDate" not in pdf
    json.dumps(pictures)  # it goes into a notebook


def test_two_runs_draw_the_same_bytes(shown):
    with plt.rc_context({"svg.hashsalt": "book"}):
        frames("a", draw, [1, 2])
        frames("b", draw, [1, 2])
    assert shown["a"] == shown["b"]
    assert "date" not in shown["a"][0]["svg"]


def test_numbers_are_shortened_without_moving_the_picture(shown, monkeypatch):
    frames("short", draw, [1, 2])
    monkeypatch.setattr(film, "_LONG_NUMBER", re.compile(r"(?!)(x)"))
    frames("long", draw, [1, 2])
    short, long = (
        [float(x) for x in re.findall(r"-?\d+\.\d+", shown[name][0]["svg"])]
        for name in ("short", "long")
    )
    assert len(shown["short"][0]["svg"]) < len(shown["long"][0]["svg"])
    assert max(abs(a - b) for a, b in zip(short, long, strict=True)) <= 0.01


def test_a_label_may_be_a_function_and_a_picture_may_have_several_axes(shown):
    def both(axes, k):
        axes[0].plot([k])
        axes[1].plot([k])

    frames("a", both, [1, 2], label=lambda k: f"{k} of 2", ncols=2, figsize=(4, 2))
    assert shown["a"][1]["label"] == "2 of 2"
    assert 'width="288pt"' in shown["a"][0]["svg"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([], "expected 2 to 40 values, got 0"),
        ([1], "expected 2 to 40 values, got 1; a single picture is an ordinary figure"),
        (range(100), "expected 2 to 40 values, got 100"),
        ([1, 1], "two pictures have the label '1'"),
    ],
)
def test_too_few_too_many_and_equal_labels_are_refused(values, message):
    with pytest.raises(ValueError, match=f"frames 'a': {message}"):
        frames("a", draw, values)


def test_a_film_that_is_too_large_says_how_large(shown):
    def noisy(ax, k):
        ax.plot([(i * 7919 * k) % 1009 for i in range(30_000)], ".", markersize=1)

    with plt.rc_context({"path.simplify": False}):
        with pytest.raises(
            ValueError, match=r"2 pictures take [\d.]+ kB, may take 400"
        ):
            frames("a", noisy, [1, 2])


def test_no_figure_stays_open_even_after_an_error(shown):
    def broken(ax, k):
        raise KeyError(k)

    before = plt.get_fignums()
    frames("a", draw, [1, 2])
    with pytest.raises(KeyError):
        frames("a", broken, [1, 2])
    assert plt.get_fignums() == before


def test_outside_a_notebook_nothing_is_shown(capsys):
    frames("a", draw, [1, 2])
    assert capsys.readouterr().out == ""
