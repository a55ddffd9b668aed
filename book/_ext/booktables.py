"""Tables: header cells say what they head, columns of numbers stand on the right, captions.

What a cell shows as a table has no caption of its own: `{table-caption} tab-name` before the
cell gives it a number and words, for where the text refers to it.
"""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.latex import Table

PART = re.compile(r"<t(head|body)>.*?</t\1>", re.S)
FRAME = re.compile(r'<table class="dataframe">.*?</table>', re.S)
ROW = re.compile(r"<tr.*?</tr>", re.S)
CELL = re.compile(r"<(t[hd])((?:\s[^>]*)?)>(.*?)</\1>", re.S)
NUMBER = re.compile(r"[-−+]?[\d,  ]*\.?\d+(e[-+]?\d+)?\s?%?|nan|NaN|NaT|…|\.\.\.|–|")


def with_scopes(app, pagename, templatename, context, doctree):
    """Give each header cell of a page's tables a scope, and mark columns of numbers."""
    if app.builder.format == "html" and "body" in context:
        body = PART.sub(scoped, context["body"])
        context["body"] = FRAME.sub(lambda m: numbers_marked(m[0]), body)


def scoped(part):
    scope = "col" if part[1] == "head" else "row"
    return re.sub(r"<th(?= class=|>)", f'<th scope="{scope}"', part[0])


def is_number(text):
    return NUMBER.fullmatch(text.strip()) is not None


def numeric(rows):
    """Return the columns whose cells are all numbers, and not all empty."""
    columns = enumerate(zip(*rows, strict=False))
    return {i for i, c in columns if any(map(str.strip, c)) and all(map(is_number, c))}


def numbers_marked(table):
    """Give the cells of a data frame's columns of numbers a class of their own.

    Columns are counted from the right: names of rows on the left may span several.
    """
    body = table.partition("</thead>")[2]
    rows = [[cell[2] for cell in CELL.findall(row)][::-1] for row in ROW.findall(body)]
    columns = numeric(rows)
    return ROW.sub(lambda row: with_class(row[0], columns), table)


def with_class(row, columns):
    cells = iter(reversed(range(len(CELL.findall(row)))))

    def marked(cell):
        number = next(cells) in columns and "colspan" not in cell[2]
        kind = ' class="num"' if number else ""
        return f"<{cell[1]}{cell[2]}{kind}>{cell[3]}</{cell[1]}>"

    return CELL.sub(marked, row)


class NumbersRight(SphinxPostTransform):
    """A column of numbers, or one that its author put there, stands on the right."""

    default_priority = 400

    def run(self, **kwargs):
        for table in self.document.findall(nodes.table):
            rows = [list(row.findall(nodes.entry)) for row in table.findall(nodes.row)]
            body = [list(r.findall(nodes.entry)) for r in rows_of_body(table)]
            columns = numeric([[e.astext() for e in row] for row in body])
            if any(e.get("morecols") or e.get("morerows") for r in rows for e in r):
                continue
            for row in rows:
                columns |= {i for i, e in enumerate(row) if RIGHT in e["classes"]}
            table["classes"] += [f"{RIGHT}-{i}" for i in sorted(columns)]
            for entry in (row[i] for row in rows for i in columns if i < len(row)):
                entry["classes"] = [c for c in entry["classes"] if c != LEFT]
                entry["classes"] += [] if RIGHT in entry["classes"] else [RIGHT]


RIGHT, LEFT = "text-right", "text-left"  # what MyST makes of --: and :--


def rows_of_body(table):
    return [row for body in table.findall(nodes.tbody) for row in body.children]


def right_in_print(plain):
    """Wrap the choice of column types: tabulary's R where the numbers stand."""

    def get_colspec(self):
        spec = plain(self)
        letters = iter(range(spec.count("T")))
        return re.sub("T", lambda _: self.letter(next(letters)), spec)

    return get_colspec


def letter(self, column):
    return "R" if f"{RIGHT}-{column}" in self.classes else "T"


class table_caption(nodes.General, nodes.TextElement):
    """The number of the table below, and what it shows."""


class TableCaption(SphinxDirective):
    """Name the table that the next cell shows."""

    required_arguments = 1
    has_content = True

    def run(self):
        self.assert_has_content()
        words, messages = self.state.inline_text("\n".join(self.content), self.lineno)
        caption = table_caption("", "", *words)
        self.set_source_info(caption)
        self.options["name"] = nodes.fully_normalize_name(self.arguments[0])
        self.add_name(caption)
        return [caption, *messages]


class CaptionsAboveTables(SphinxTransform):
    """A caption stands between the cell's code and the table that it shows."""

    default_priority = 6  # after bookcells.ShowCells

    def apply(self, **kwargs):
        for caption in list(self.document.findall(table_caption)):
            cell = caption.next_node(descend=False, siblings=True)
            inside = cell.children if isinstance(cell, nodes.container) else []
            outputs = [c for c in inside if c.get("nb_element") == "cell_code_output"]
            if not outputs:
                self.document.reporter.error(
                    f"the caption {caption['names'][0]} has no table below it",
                    base_node=caption,
                )
                continue
            caption.parent.remove(caption)
            cell.insert(cell.index(outputs[0]), caption)


def visit_html(self, node):
    self.body.append(self.starttag(node, "p", "", CLASS="table-caption"))
    self.add_fignumber(node)


def depart_html(self, node):
    self.body.append("</p>\n")


def visit_latex(self, node):
    self.body.append("\n\n\\booktablecaption{")


def depart_latex(self, node):
    self.body.append(f"}}{self.hypertarget_to(node)}\n")


def setup(app):
    app.add_enumerable_node(
        table_caption,
        "table",
        title_getter=nodes.TextElement.astext,
        html=(visit_html, depart_html),
        latex=(visit_latex, depart_latex),
    )
    app.add_directive("table-caption", TableCaption)
    app.add_transform(CaptionsAboveTables)
    if not hasattr(Table, "letter"):
        Table.letter = letter
        Table.get_colspec = right_in_print(Table.get_colspec)
    app.connect("html-page-context", with_scopes)
    app.add_post_transform(NumbersRight)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
