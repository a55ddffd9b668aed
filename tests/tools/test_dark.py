"""Figures for the dark theme: legible there, and each colour still itself."""

import colorsys
import io
from types import SimpleNamespace

import bookdark
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


@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_of_the_palette_is_legible_as_a_line_on_white(colour):
    assert dark.contrast(dark.read(colour), (1, 1, 1)) >= 3


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


@pytest.fixture
def site(tmp_path):
    """A site with one drawing among its sources and one that Graphviz has written."""
    (tmp_path / "made.svg").write_text('<svg><path style="fill: #000000"/></svg>')
    (tmp_path / "photo.svg").write_text('<svg><image href="data:"/></svg>')
    (tmp_path / "out" / "_images").mkdir(parents=True)
    graph = tmp_path / "out" / "_images" / "graphviz-1.svg"
    graph.write_text('<svg><path fill="none" stroke="#000000"/></svg>')
    images = {"made.svg": "ab.svg", "photo.svg": "cd.svg"}
    builder = SimpleNamespace(format="html", images=images)
    return SimpleNamespace(
        builder=builder, outdir=tmp_path / "out", srcdir=tmp_path, images=images
    )


def page(site, body):
    context = {"body": body}
    bookdark.with_dark_figures(site, "page", "page.html", context, None)
    return context["body"]


@pytest.mark.parametrize("name", ["ab", "graphviz-1"])
def test_a_page_names_the_dark_drawing_beside_the_figure(site, name):
    body = page(site, f'<p><img alt="a > b" class="x" src="_images/{name}.svg" /></p>')
    assert f'src="_images/{name}.svg" data-dark="_images/{name}-dark.svg"' in body
    written = (site.outdir / "_images" / f"{name}-dark.svg").read_text()
    assert dark.on_dark("000000") in written


def test_a_photograph_and_a_logo_stay_as_they_are(site):
    body = '<img src="_images/cd.svg"/><img src="_static/logo.svg"/>'
    assert page(site, body) == body
    assert not list(site.outdir.rglob("*-dark.svg"))


def test_a_page_without_a_body_is_left_alone(site):
    bookdark.with_dark_figures(site, "genindex", "genindex.html", {}, None)
