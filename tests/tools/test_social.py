"""The picture of a shared link."""

from types import SimpleNamespace

import booksocial
import numpy as np
from PIL import Image


def test_the_card_has_the_size_that_networks_show(tmp_path):
    (tmp_path / "_static").mkdir()
    builder = SimpleNamespace(format="html")
    booksocial.write_card(SimpleNamespace(builder=builder, outdir=tmp_path), None)
    with Image.open(tmp_path / "_static" / "card.png") as card:
        assert card.size == (1200, 630)


def test_print_and_a_failed_build_get_none(tmp_path):
    for kind, failure in (("latex", None), ("html", ValueError("a page failed"))):
        builder = SimpleNamespace(format=kind)
        booksocial.write_card(
            SimpleNamespace(builder=builder, outdir=tmp_path), failure
        )
    assert list(tmp_path.iterdir()) == []


def test_the_path_is_a_descent_and_all_of_it_is_in_the_picture():
    (ax,) = booksocial.card().axes
    path = ax.lines[-3].get_xydata()
    assert len(path) == booksocial.STEPS + 1
    plane = path @ np.linalg.inv(booksocial.turned(np.eye(2)))
    heights = (plane**2 * booksocial.CURVATURE / 2).sum(axis=1)
    assert (np.diff(heights) < 0).all()
    low, high = np.array([ax.get_xlim(), ax.get_ylim()]).T
    assert ((path > low) & (path < high)).all()
