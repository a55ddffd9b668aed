"""A formula in a line keeps what touches it: a bracket, a stop, the rest of a word.

The browser would break the line there: to it a formula is a picture.
"""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

BEFORE, AFTER = re.compile(r"\S+$"), re.compile(r"^\S+")


class KeepTogether(SphinxPostTransform):
    """Put each formula and what touches it into one span."""

    default_priority = 700
    formats = ("html",)

    def run(self, **kwargs):
        for formula in list(self.document.findall(nodes.math)):
            keep_together(formula)


def keep_together(formula):
    """Wrap a formula with the ends of the texts beside it, up to the next space."""
    line = formula.parent
    at = line.index(formula)
    before, opened = cut(line[at - 1] if at else None, BEFORE)
    after, closed = cut(line[at + 1] if at + 1 < len(line) else None, AFTER)
    if opened or closed:
        inside = nodes.Text(opened), formula, nodes.Text(closed)
        together = nodes.inline("", "", *inside, classes=["together"])
        pieces = [nodes.Text(before), together, nodes.Text(after)]
        kept = [piece for piece in pieces if piece.astext()]
        line[at - bool(opened) : at + 1 + bool(closed)] = kept


def cut(neighbour, edge):
    """Return a text without its edge, and the edge."""
    found = edge.search(neighbour) if isinstance(neighbour, nodes.Text) else None
    return (edge.sub("", neighbour), found[0]) if found else ("", "")


def setup(app):
    app.add_post_transform(KeepTogether)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
