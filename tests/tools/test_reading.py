"""What a reader sees of a cell: all that teaches, and none of the book's bookkeeping."""

import ast
import re

import jupytext
import pytest
from chapters import ROOT, front_matter, written
from reading import (
    DRAWING,
    IMPORTS,
    Reader,
    ReadingError,
    excerpt,
    free_names,
    split,
    without_bookkeeping,
)

CHAPTERS = [pytest.param(c, id=c.slug) for c in written()]
RECORDS = {"glue", "claim", "result", "set_up"}


def cells(chapter):
    code = jupytext.reads(chapter.text, fmt="md:myst").cells
    return [(c.source, c.metadata) for c in code if c.cell_type == "code"]


def reader(chapter):
    return Reader(cells(chapter), bool(front_matter(chapter.page).get("show_plots")))


def statements(source):
    """Return the statements of a source that are no records, each as one line."""
    tree = ast.parse(re.sub(r"^(\s*)[%!?].*$", r"\1pass", source, flags=re.M))
    keep = [n for n in tree.body if not isinstance(n, ast.ImportFrom | ast.Import)]
    return [ast.unparse(n) for n in keep if not calls_only_records(n)]


def calls_only_records(node):
    names = [
        getattr(n.value.func, "id", "")
        for n in ast.walk(node)
        if isinstance(n, ast.Expr) and isinstance(n.value, ast.Call)
    ]
    if isinstance(node, ast.For | ast.If | ast.With):
        return all(isinstance(n, ast.Expr) for n in node.body) and set(names) <= RECORDS
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.ListComp):
        return getattr(getattr(node.value.elt, "func", None), "id", "") in RECORDS
    return isinstance(node, ast.Expr) and bool(names) and names[0] in RECORDS


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_bookkeeping_is_visible_and_nothing_that_teaches_is_lost(chapter):
    page = reader(chapter)
    for index, (source, _) in enumerate(page.cells):
        code = page.shown(index).code
        called = {
            getattr(n.func, "id", "")
            for n in ast.walk(ast.parse(re.sub(r"^\s*[%!?].*$", "", code, flags=re.M)))
            if isinstance(n, ast.Call)
        }
        assert not called & RECORDS, code
        wanted = [
            s
            for s in statements(source)
            if not re.search(r"\b(claim|glue|result)\(", s)
        ]
        shown = statements(code)
        assert [s for s in wanted if s not in shown] == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_visible_code_runs_by_itself(chapter):
    """Every name that shown code takes from the kit is still imported in shown code."""
    page = reader(chapter)
    shown = [page.shown(i).code for i in range(len(page.cells))]
    imported = {
        alias.name
        for code in shown
        for n in ast.walk(ast.parse(re.sub(r"^\s*[%!?].*$", "", code, flags=re.M)))
        if isinstance(n, ast.ImportFrom) and n.module == "mlmastery.bookkit"
        for alias in n.names
    }
    used = set().union(*map(free_names, shown))
    kit = {"HoldOut", "HoldOutError", "palette", "frames", "use_style"}
    assert used & kit == imported & kit
    assert not imported & RECORDS


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_figures_and_the_first_imports_are_folded(chapter):
    page = reader(chapter)
    assert page.shown(0).fold == IMPORTS, "the first cell holds imports alone"
    for index, (_, metadata) in enumerate(page.cells):
        if "figure" in metadata.get("mystnb", {}):
            tags = metadata.get("tags", [])
            open_ = page.show_plots or "show" in tags or not page.taught[index]
            assert page.shown(index).fold == ("" if open_ else DRAWING)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("x = 1\nglue('x', x)", "x = 1"),
        ("claim('A.', True)", ""),
        ("glue('a', 1)\nclaim(\n    'A.',\n    1 < 2,\n)\nx", "x"),
        ("for k in ks:\n    glue(k, ks[k])", ""),
        ("for k in ks: glue(k, ks[k])", ""),
        ("[glue(k, v) for k, v in ks]", ""),
        ("if ok:\n    claim('A.', ok)\nelse:\n    glue('a', 1)", ""),
        (
            "if ok:\n    claim('A.', ok)\n    glue('a', 1)\nelse:\n    print(1)",
            "if ok:\n    pass\nelse:\n    print(1)",
        ),
        (
            "for k in ks:\n    fit(k)\n    claim('A.', True)\n    print(k)",
            "for k in ks:\n    fit(k)\n    print(k)",
        ),
        ("with box:\n    fit()\n    glue('a', 1)\nx", "with box:\n    fit()\nx"),
        ("x = 1\n\n# how far\nglue('a', x)\n\ny = 2", "x = 1\n\ny = 2"),
        ("x = 1\n\n# both\nglue('a', x)\ny = 2", "x = 1\n\n# both\ny = 2"),
        ("x = 1  # keep\nglue('a', x)  # not", "x = 1  # keep"),
        ("%time fit()\nglue('a', 1)", "%time fit()"),
        ("%%bash\nglue(1)", "%%bash\nglue(1)"),
        ("glue = 1\nprint(glue)", "glue = 1\nprint(glue)"),
        ("x = 1\n\n\nglue('a', x)\n\n\ny = 1", "x = 1\n\ny = 1"),
        ("glue('é', 'é')\nx = 'é'", "x = 'é'"),
    ],
)
def test_bookkeeping_goes_and_the_rest_stays_as_it_is(source, shown):
    assert without_bookkeeping(source) == shown


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(x):\n    claim('A.', x)", "f calls claim in line 2 of its cell"),
        ("f = lambda x: glue('a', x)", "a lambda calls glue in line 1"),
        ("x = 1; glue('x', x)", "line 1 of a cell holds bookkeeping beside other code"),
    ],
)
def test_bookkeeping_that_cannot_be_told_apart_is_refused(source, message):
    with pytest.raises(ReadingError, match=message):
        without_bookkeeping(source)


def test_a_cell_in_parts_keeps_its_order_and_every_claim():
    source = "x = 1\nglue('x', x)\nclaim('A.', x == 1)\nx = 2\nclaim('B.', x == 2)"
    assert [part for part in split(source) if part[1]] == [
        (True, "x = 1"),
        (False, "claim('A.', x == 1)"),
        (True, "x = 2"),
        (False, "claim('B.', x == 2)"),
    ]


def test_a_claim_in_a_loop_that_teaches_stays_in_it():
    source = "for x in xs:\n    fit(x)\n    glue('x', x)\n    claim('A.', x)"
    [(shown, code)] = split(source)
    assert shown
    assert code == "for x in xs:\n    fit(x)\n    claim('A.', x)"


FIGURE = {"mystnb": {"figure": {"name": "fig-a"}}}


@pytest.mark.parametrize(
    ("cells", "fold", "needed"),
    [
        ([("ax.plot(x)", FIGURE)], DRAWING, False),
        ([("ax.plot(x)", {**FIGURE, "tags": ["show"]})], "", True),
        ([("frames('a', draw, x)", {})], DRAWING, False),
        ([("ax.plot(x)", {})], "", True),
        ([("import numpy", {})], IMPORTS, False),
        ([("import numpy\nx = 1", {})], "", True),
        ([("def f(x): return x", FIGURE), ("f(1)", {})], DRAWING, True),
        ([("def f(x): return x", FIGURE), ("f = 2\nf", {})], DRAWING, False),
        ([("x = 1", FIGURE), ("[x for x in y]", {})], DRAWING, False),
        ([("x = 1", FIGURE), ("ax.plot(x)", FIGURE)], DRAWING, False),
    ],
)
def test_what_is_folded_and_what_print_needs_of_it(cells, fold, needed):
    shown = Reader(cells).shown(0)
    assert (shown.fold, shown.needed) == (fold, needed)


def test_show_plots_opens_the_drawing_code_of_a_page():
    assert Reader([("ax.plot(x)", FIGURE)], show_plots=True).shown(0).fold == ""


MODULE = '''
@decorated
def f(x):
    """Double x.

    At length.
    """
    return 2 * x


class A:
    """Hold a.

    More.
    """

    def method(self):
        r"""Return a.

        \\\\ more
        """
        return self.a

    def short(self):
        """Return nothing."""
'''


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("f", '@decorated\ndef f(x):\n    """Double x."""\n    return 2 * x'),
        ("A.method", 'def method(self):\n    r"""Return a."""\n    return self.a'),
    ],
)
def test_a_docstring_is_cut_to_its_first_line_and_closed(name, code):
    assert excerpt(MODULE, name) == code


def test_a_class_is_shown_with_the_docstrings_of_its_methods_cut():
    code = excerpt(MODULE, "A")
    assert "More" not in code
    assert "Return nothing." in code
    assert ast.parse(code).body[0].name == "A"


def test_an_excerpt_that_is_not_there_is_named():
    with pytest.raises(ReadingError, match=r"the module has no A\.none"):
        excerpt(MODULE, "A.none")


INCLUDES = re.compile(r"^```\{literalinclude\} (\S+)\n((?::.*\n)*)", re.M)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_library_code_on_the_page_is_whole(chapter):
    """It parses, and its lines are not counted by hand."""
    for name, options in INCLUDES.findall(chapter.text):
        assert ":lines:" not in options, name
        found = re.search(r":pyobject: (\S+)", options)
        if found:
            source = (ROOT / "book" / name).read_text(encoding="utf-8")
            ast.parse(excerpt(source, found[1]))
