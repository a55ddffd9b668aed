"""Notes in the margin of the printed book."""

import bookmargin
import pytest
from docutils import nodes
from docutils.core import publish_doctree
from docutils.utils import new_document


def notes_beside(paragraph, notes):
    document = new_document("page")
    document += paragraph
    bookmargin.MarginNotes(document).put(paragraph, notes)
    return [n.astext() for n in paragraph.findall(nodes.raw)]


def test_notes_are_never_higher_than_their_paragraph():
    short = nodes.paragraph("", "One line.")
    assert notes_beside(short, ["a", "b", "c"]) == [r"\booknote{a}"]
    long = nodes.paragraph("", "word " * 30)  # three lines
    assert notes_beside(long, ["a", "b", "a", "c"]) == [r"\booknote{a\par b\par c}"]
    assert notes_beside(nodes.paragraph("", "Nothing to note."), []) == []


BOXED = """
First
=====

Other text.

Title
=====

In the text.

- In a list.

.. note:: In a box.

=====
cell
=====
"""


def test_only_the_text_has_a_margin():
    document = publish_doctree(BOXED)
    beside = [
        p.astext()
        for p in document.findall(nodes.paragraph)
        if bookmargin.in_the_text(p)
    ]
    assert "In a box." not in beside
    assert "In a list." in beside


@pytest.mark.parametrize(
    ("authors", "told"),
    [
        ("Gauss, Carl", "Gauss 1809"),
        ("Breiman, Leo and Cutler, Adele", "Breiman and Cutler 1809"),
        ("A, B and C, D and {E & Co}", "A and others 1809"),
        (r"L{\^e}tre, A and {R\&D}", r"Lêtre and R\&D 1809"),
    ],
)
def test_who_wrote_it_and_when(authors, told):
    from pybtex.database import parse_string

    entry = f"@article{{key, author = {{{authors}}}, year = {{1809}}}}"
    assert (
        bookmargin.author_and_year(parse_string(entry, "bibtex").entries["key"]) == told
    )


def test_signs_of_tex_are_escaped():
    assert bookmargin.escape("R&D 50% #1 $") == r"R\&D 50\% \#1 \$"


def test_exercises_are_those_of_the_objectives(monkeypatch):
    monkeypatch.setattr(bookmargin, "link_to", lambda label, env: label)
    env = type(
        "Env", (), {"sphinx_exercise_registry": {"ex-linear_regression-cost": {}}}
    )
    found = bookmargin.exercises_of("linear_regression", env)
    assert found["lr-cost"] == ["ex-linear_regression-cost"]
