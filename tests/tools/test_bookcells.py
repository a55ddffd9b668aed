"""The reading layer's nodes: what stands where in a cell's output."""

import bookcells
from docutils import nodes


def bundle(html, text):
    """Return an output in the forms of which a builder takes one."""
    forms = [nodes.raw("", html, format="html"), nodes.paragraph("", text)]
    return nodes.container("", *forms)


def test_claims_follow_the_tables_and_figures_that_show_them():
    printed = nodes.container("", nodes.literal_block("", "0.9"))
    first = bundle('<details class="claim" id="claim-1"></details>', "one")
    table = bundle('<table class="dataframe"></table>', "a table")
    second = bundle('<div class="claim claim-broken" id="claim-2"></div>', "two")
    figure = nodes.container("", nodes.figure("", nodes.image()))
    output = nodes.container("", first, printed, table, second, figure)
    bookcells.claims_last(output)
    assert output.children == [printed, table, figure, first, second]


def test_a_table_of_claims_is_a_table():
    table = bundle('<table><td><div class="claim"></div></td></table>', "a table")
    claim = bundle('<div class="claim" id="claim-1"></div>', "one")
    output = nodes.container("", claim, table)
    bookcells.claims_last(output)
    assert output.children == [table, claim]
