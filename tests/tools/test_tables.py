"""Header cells of the site's tables."""

from types import SimpleNamespace

import booktables

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
