"""What a change costs: only what depends on it is read, written and exported again."""

import json
import re
from types import SimpleNamespace

import onceonly
import pytest
import reading
from build import COLOUR
from kit.small_book import FRONT, SmallBook
from sphinx.domains.std import StandardDomain

OTHER = FRONT.replace("number: 3", "number: 4").replace("03_small", "04_other")
OTHER = OTHER.replace("ch-small", "ch-other").replace("Small", "Other")
CELL = "```{{code-cell}} ipython3\nprint({!r})\n```\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    book = SmallBook(tmp_path_factory.mktemp("rebuild") / "book")
    book.write("print('first')")
    other_page(book).write_text(OTHER + CELL.format("kept"))
    book.furnish("small", "other")
    assert book.execute()[0] == 0
    book.python("import build; build.site(); build.export_changed(build.DOWNLOADS)")
    return book


def other_page(book):
    return book.page.with_name("other.md")


def built(book, name):
    return (book.root / "_build" / "html" / f"{name}.html").read_text()


def read_anew(book):
    """Return the pages that the last build of the site read."""
    log = (book.root / "_build" / "logs" / "site.log").read_text()
    log = COLOUR.sub("", log)
    return re.findall(r"reading sources\.\.\. \[ *\d+%\] (\w+)", log)


def chapter(book, name):
    book.python(
        f"import build, sys; sys.argv = ['', 'chapter', {name!r}]; sys.exit(build.main())"
    )


def test_an_edit_reads_one_page_by_make_chapter_and_none_by_the_next_make_book(book):
    book.page.write_text(book.page.read_text() + "\nOne more sentence.\n")
    chapter(book, "small")
    assert read_anew(book) == ["small"]
    assert "One more sentence." in built(book, "small")
    book.python("import build; build.site()")
    assert read_anew(book) == []


FIGURE = """
```{{figure}} assets/logo.svg
:name: fig-{0}
:alt: A mark

Figure {0}.
```
"""


def test_a_new_figure_moves_the_numbers_that_other_pages_show(book):
    text, other = book.page.read_text(), other_page(book)
    other.write_text(other.read_text() + "\nSee {numref}`fig-b`.\n")
    book.page.write_text(text + FIGURE.format("b"))
    book.python("import build; build.site()")
    assert "Figure 3.1" in built(book, "other")
    book.page.write_text(text + FIGURE.format("a") + FIGURE.format("b"))
    book.python("import build; build.site()")
    assert "Figure 3.2" in built(book, "small")
    other.write_text(other.read_text() + "\nMore.\n")
    book.python("import build; build.site()")
    assert "Figure 3.2" in built(book, "other")


def test_lists_of_claims_are_read_again_when_a_claim_changed(book):
    path = book.root / "_build" / "run" / "other.json"
    run = json.loads(path.read_text())
    run["claims"] = [{"text": "Four is even.", "id": "claim-1", "code": ""}]
    path.write_text(json.dumps(run))
    book.python("import build; build.site()")
    assert read_anew(book) == ["claims"]
    assert "Four is even." in built(book, "claims")


def test_a_page_that_was_read_without_outputs_is_read_again_with_them(book):
    other_page(book).write_text(OTHER + CELL.format("new"))
    chapter(book, "small")
    assert read_anew(book) == ["other"]
    assert ">new\n" not in built(book, "other")
    assert book.execute()[0] == 0
    book.python("import build; build.site()")
    assert "other" in read_anew(book)
    assert ">new\n" in built(book, "other")


def test_only_the_notebook_of_a_changed_chapter_is_exported_again(book):
    def times():
        folder = book.root / "_build" / "html" / "downloads"
        return {p.stem: p.stat().st_mtime_ns for p in folder.glob("*.ipynb")}

    book.python("import build; build.export_changed(build.DOWNLOADS)")
    before = times()
    book.page.write_text(book.page.read_text() + "\nAnd another.\n")
    book.python("import build; build.export_changed(build.DOWNLOADS)")
    assert [name for name in before if times()[name] != before[name]] == ["03_small"]
    before = times()
    other_page(book).write_text(other_page(book).read_text() + "\n(new)=\n## New\n")
    book.python("import build; build.export_changed(build.DOWNLOADS)")
    # Its title may be shown by a link anywhere.
    assert all(times()[name] != before[name] for name in before)


def test_a_chapter_is_rendered_and_exported_where_no_other_was_executed(book):
    """As in a fresh clone, where `make chapter` is an editor's first command."""
    (book.root / "_build" / "run" / "other.json").unlink()
    book.page.write_text(book.page.read_text() + "\nThe last sentence.\n")
    chapter(book, "small")
    assert "The last sentence." in built(book, "small")
    notebook = book.root / "_build" / "html" / "downloads" / "03_small.ipynb"
    assert "The last sentence." in notebook.read_text()


def test_numbered_references_to_one_page_read_it_once(monkeypatch):
    read = []
    env = SimpleNamespace(get_doctree=lambda doc: read.append(doc) or doc, config="all")

    def plain(domain, env, doc):
        return env.get_doctree(doc), env.config

    monkeypatch.setattr(StandardDomain, "_resolve_numref_xref", plain)
    onceonly.read_targets_once(SimpleNamespace(env=env))
    for _ in range(3):
        found = StandardDomain._resolve_numref_xref(None, env, "a")
        assert found == ("a", "all")
    assert read == ["a"]


def test_the_work_of_showing_cells_grows_with_their_number(monkeypatch):
    """Not with its square, although a folded cell asks all cells below it."""
    parsed = []
    plain = reading.parse
    monkeypatch.setattr(reading, "parse", lambda s: parsed.append(s) or plain(s))

    def parses(n):
        parsed.clear()
        figure = {"mystnb": {"figure": {"name": "f"}}}
        cells = [(f"a{n}_{i} = {i}", figure if i % 2 else {}) for i in range(n)]
        reader = reading.Reader(cells)
        for i in range(n):
            reader.shown(i)
        return len(parsed)

    assert parses(40) < 2.2 * parses(20)
