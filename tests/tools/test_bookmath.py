"""Formulas in a line keep what touches them."""

import bookmath
import pytest
from docutils import nodes


def wrapped(*parts):
    """Return the children of a line of texts and formulas, its formulas wrapped."""
    line = nodes.paragraph("", "", *parts)
    for formula in list(line.findall(nodes.math)):
        bookmath.keep_together(formula)
    return [(type(child).__name__, child.astext()) for child in line]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("both hold ", ".", [("Text", "both hold "), ("inline", "x.")]),
        ("(", ") so", [("inline", "(x)"), ("Text", " so")]),
        ("the ", "-th row", [("Text", "the "), ("inline", "x-th"), ("Text", " row")]),
        ("of ", " here.", [("Text", "of "), ("math", "x"), ("Text", " here.")]),
    ],
)
def test_only_what_touches_a_formula_stays_with_it(before, after, expected):
    assert (
        wrapped(nodes.Text(before), nodes.math("", "x"), nodes.Text(after)) == expected
    )


def test_the_comma_between_two_formulas_stays_with_the_first():
    first, second = nodes.math("", "x"), nodes.math("", "y")
    line = wrapped(first, nodes.Text(", "), second, nodes.strong("", "."))
    assert line == [("inline", "x,"), ("Text", " "), ("math", "y"), ("strong", ".")]


def test_a_formula_alone_is_left_alone():
    assert wrapped(nodes.math("", "x")) == [("math", "x")]
