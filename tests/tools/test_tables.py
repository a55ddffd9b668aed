"""Header cells of the site's tables, and the side on which numbers stand."""

from types import SimpleNamespace

import booktables
import pytest
from docutils import nodes
from docutils.core import publish_doctree

HTML = SimpleNamespace(builder=SimpleNamespace(format="html"))
TABLE = """<table><thead><tr><th class="head"><p>model</p></th></tr></thead>
<tbody><tr><th class="stub">ridge</th><td>&lt;th&gt;</td></tr></tbody></table>"""


def page(app, body):
    context = {"body": body}
    booktables.with_scopes(app, "page", "page.html", context, None)
    return context["body"]


def test_header_cells_of_columns_and_rows_are_told_apart():
    body = page(HTML, TABLE)
    assert '<th scope="col" class="head">' in body
    assert '<th scope="row" class="stub">' in body
    assert body.count(" scope=") == 2


def test_a_scope_that_is_there_stays():
    body = page(HTML, '<thead><tr><th scope="colgroup" colspan="2">a</th></tr></thead>')
    assert body.count("scope=") == 1


def test_print_and_pages_without_a_body_are_left_alone():
    latex = SimpleNamespace(builder=SimpleNamespace(format="latex"))
    assert page(latex, TABLE) == TABLE
    booktables.with_scopes(HTML, "genindex", "genindex.html", {}, None)


FRAME = """<table class="dataframe"><thead><tr><td></td><th>name</th><th>mpg</th></tr>
</thead><tbody><tr><th scope="row">0</th><td>datsun 510</td><td>27.0</td></tr>
<tr><th scope="row">1</th><td>80</td><td>NaN</td></tr></tbody></table>"""


def test_columns_of_numbers_are_marked_and_columns_with_a_word_are_not():
    marked = booktables.numbers_marked(FRAME)
    assert '<th class="num">mpg</th>' in marked
    assert '<td class="num">27.0</td>' in marked
    assert "<td>80</td>" in marked  # beside a name
    assert '<th scope="row" class="num">0</th>' in marked


SPANS = """<table class="dataframe"><thead>
<tr><th></th><th></th><th colspan="2">score</th></tr>
<tr><th></th><th></th><th>low</th><th>high</th></tr></thead><tbody>
<tr><th rowspan="2">DQN</th><th>one</th><td>1.0</td><td>2.0</td></tr>
<tr><th>two</th><td>3.0</td><td>4.0</td></tr></tbody></table>"""


def test_names_of_several_rows_do_not_shift_the_columns():
    marked = booktables.numbers_marked(SPANS)
    assert marked.count('<td class="num">') == 4
    assert '<th colspan="2">score</th>' in marked
    assert '<th class="num">low</th>' in marked
    assert "<th>two</th>" in marked


@pytest.mark.parametrize(
    "text", ["12", "-0.5", "1,234", "−3", "4.7e+04", "12 %", "…", ""]
)
def test_numbers_as_they_are_printed(text):
    assert booktables.is_number(text)


@pytest.mark.parametrize("text", ["v2", "1-2", "2026-11-02", "a", "0.5 (sd)"])
def test_words_and_dates_are_no_numbers(text):
    assert not booktables.is_number(text)


RST = """
=====  =====
model  error
=====  =====
ridge  0.25
lasso  10.5
=====  =====
"""


def test_print_sets_a_column_of_numbers_on_the_right():
    document = publish_doctree(RST)
    booktables.NumbersRight(document).run()
    table = next(document.findall(nodes.table))
    assert table["classes"] == ["text-right-1"]
    letters = [
        booktables.letter(SimpleNamespace(classes=table["classes"]), i) for i in (0, 1)
    ]
    assert letters == ["T", "R"]
    aligned = [
        e.astext() for e in table.findall(nodes.entry) if "text-right" in e["classes"]
    ]
    assert aligned == ["error", "0.25", "10.5"]
