"""What the search's index takes from a page, and what it keeps from one build to the next."""

import os
from types import SimpleNamespace

import booksearch
import pytest
from docutils import nodes
from sphinx import addnodes


def section(anchor, title, *content):
    return nodes.section("", nodes.title("", title), *content, ids=[anchor])


def cell(source, output, caption):
    shown = nodes.container("", nodes.literal_block("", source), classes=["cell_input"])
    figure = nodes.figure("", nodes.caption("", caption))
    text = nodes.literal_block("", output)
    result = nodes.container("", text, figure, classes=["cell_output"])
    return nodes.container("", shown, result, classes=["cell"])


@pytest.fixture
def page():
    document = nodes.document(None, None)
    words = nodes.paragraph("", "", nodes.Text("We step\n"), nodes.strong("", "down"))
    words += [nodes.Text(" by "), nodes.math("", "x"), nodes.Text(" or ")]
    words += nodes.math("", r"\nabla J")
    exercise = nodes.section("", nodes.paragraph("", "Now you."), ids=["content"])
    deep = section("deep", "Deeper", cell("step(1)", "41 42", "A way down."))
    document += section(
        "page", "Descent", words, section("sub", "A step", exercise, deep)
    )
    return document


NUMBERS = {"": (3,), "#sub": (3, 9), "#deep": None}


def test_each_section_has_its_own_text_and_the_titles_above_it(page):
    assert booksearch.records(page, NUMBERS) == [
        ["", ["3. Descent"], "We step down by x or …", ""],
        ["sub", ["3. Descent", "3.9. A step"], "Now you.", ""],
        ["deep", ["3. Descent", "3.9. A step", "Deeper"], "A way down.", "step(1)"],
    ]


def test_a_term_is_a_section_of_its_own():
    term = nodes.term("", "batch", ids=["term-batch"])
    meaning = nodes.definition("", nodes.paragraph("", "Some rows."))
    item = nodes.definition_list_item("", term, meaning)
    glossary = addnodes.glossary("", nodes.definition_list("", item))
    document = nodes.document(None, None)
    document += section("glossary", "Glossary", glossary)
    assert booksearch.records(document, {}) == [
        ["", ["Glossary"], "", ""],
        ["term-batch", ["Glossary", "batch"], "Some rows.", ""],
    ]


def test_long_text_ends_after_a_word():
    assert booksearch.cut("one  two\nthree", 10) == "one two"
    assert booksearch.cut("one  two\nthree", 13) == "one two three"


@pytest.fixture
def app(tmp_path, page):
    """Stand in for Sphinx with two pages, whose second is only ever resolved."""
    (tmp_path / "_static").mkdir()
    made = SimpleNamespace(outdir=tmp_path, resolved=[])

    def resolve(doc, builder):
        made.resolved.append(doc)
        made.sections.note(made, page, doc)

    made.builder = SimpleNamespace(
        format="html",
        get_outfilename=lambda doc: tmp_path / f"{doc}.html",
        get_target_uri=lambda doc: f"{doc}.html",
    )
    made.env = SimpleNamespace(
        found_docs={"one", "two"},
        toc_secnumbers={"one": NUMBERS},
        get_and_resolve_doctree=resolve,
    )
    made.sections = booksearch.Sections()
    return made


def build(app, page, *written):
    """Write some pages, as a build does, and return which had to be resolved besides."""
    app.sections, app.resolved[:] = booksearch.Sections(), []
    app.sections.load(app)
    for doc in written:
        app.sections.note(app, page, doc)
        (app.outdir / f"{doc}.html").touch()
    app.sections.write(app, None)
    return app.resolved


def test_a_page_not_written_again_is_kept_and_the_index_is_whole(app, page):
    assert build(app, page, "one", "two") == []
    first = booksearch.script_of(app).read_text("utf-8")
    assert build(app, page, "one") == []
    assert booksearch.script_of(app).read_text("utf-8") == first


def test_a_page_written_while_nobody_noted_it_is_read_again(app, page):
    build(app, page, "one", "two")
    later = booksearch.script_of(app).stat().st_mtime + 5
    os.utime(app.outdir / "two.html", (later, later))
    assert build(app, page) == ["two"]


def test_a_removed_page_leaves_the_index(app, page):
    build(app, page, "one", "two")
    app.env.found_docs = {"one"}
    build(app, page)
    assert "two.html" not in booksearch.script_of(app).read_text("utf-8")


def test_what_another_version_wrote_is_not_kept(app, page, monkeypatch):
    build(app, page, "one", "two")
    monkeypatch.setattr(booksearch, "KEY", "another")
    assert sorted(build(app, page)) == ["one", "two"]


def test_the_printed_book_has_no_index(app, page):
    app.builder.format = "latex"
    build(app, page, "one", "two")
    assert not booksearch.script_of(app).exists()
