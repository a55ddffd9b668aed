"""Figures for the dark theme: legible there, and each colour still itself."""

import colorsys
import io

import dark
import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlmastery.bookkit import palette, use_style

COLOURS = [hexa.removeprefix("#").lower() for hexa in palette.values()]
NAMED = [c for c in COLOURS if c != "000000"]


@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_of_the_palette_stands_out_from_a_dark_page(colour):
    assert dark.contrast(dark.read(dark.on_dark(colour)), dark.PAGE) >= 3.9


@pytest.mark.parametrize("colour", NAMED)
def test_a_colour_keeps_its_name(colour):
    hues = [
        colorsys.rgb_to_hls(*dark.read(c))[0] for c in (colour, dark.on_dark(colour))
    ]
    turned = abs(hues[0] - hues[1])
    assert min(turned, 1 - turned) < 10 / 360


def test_colours_stay_apart():
    changed = np.array([dark.read(dark.on_dark(c)) for c in COLOURS])
    gaps = np.abs(changed[:, None] - changed[None]).sum(axis=2)
    assert gaps[~np.eye(len(COLOURS), dtype=bool)].min() > 0.25


def test_ink_and_paper_change_places():
    ink, paper = (dark.read(dark.on_dark(c)) for c in ("000000", "ffffff"))
    assert dark.contrast(ink, dark.PAGE) > 12
    assert dark.contrast(paper, dark.PAGE) < 1.3
    grid = dark.read(dark.on_dark("d0d0d0"))
    assert 1.2 < dark.contrast(grid, dark.PAGE) < 3


def test_a_light_tint_becomes_a_dark_one():
    assert dark.luminance(dark.read(dark.on_dark("fde9d0"))) < 0.1


def test_contrast_is_that_of_the_guidelines():
    assert dark.contrast((1, 1, 1), dark.read("777777")) == pytest.approx(
        4.478, abs=1e-3
    )


@pytest.fixture
def drawn():
    def draw(plot):
        with plt.rc_context():
            use_style()
            figure, ax = plt.subplots()
            plot(ax)
            content = io.StringIO()
            figure.savefig(content, format="svg")
            plt.close(figure)
        return content.getvalue()

    return draw


def test_lines_are_redrawn_and_text_turns_light(drawn):
    light = drawn(lambda ax: ax.plot([1, 2], label="a"))
    changed = dark.dark_svg(light)
    assert "#0072b2" in light
    assert "#0072b2" not in changed
    assert f'fill="#{dark.on_dark("000000")}"' in changed
    assert "#000000" not in changed
    assert len(changed) == pytest.approx(len(light), abs=40)


@pytest.mark.parametrize(
    "plot",
    [
        lambda ax: ax.imshow(np.eye(3)),
        lambda ax: ax.scatter(range(30), range(30), c=range(30)),
    ],
)
def test_pictures_and_colour_maps_keep_their_colours(drawn, plot):
    assert dark.dark_svg(drawn(plot)) is None
