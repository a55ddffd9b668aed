"""The search finds sections: this writes those of all pages, with their text, as a script.

A script and not a file of data, so that it can be loaded from disk too. Only the search's
page loads it (templates/search.html); assets/booksearch.js looks through it.
"""

import hashlib
import json
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

START = "window.bookSections = "
KEY = hashlib.md5(Path(__file__).read_bytes(), usedforsecurity=False).hexdigest()
MOST_TEXT, MOST_CODE = 6000, 2500  # characters of one section
SILENT = (
    *(nodes.Invisible, nodes.raw, nodes.image, nodes.title, nodes.math_block),
    *(nodes.literal_block, nodes.doctest_block, addnodes.glossary, addnodes.toctree),
)
PLAIN_FORMULA = re.compile(r"[\w\s=+<>(),.-]{1,15}")


def titled(node):
    """Say whether a node is a section that one can point to: an exercise's content is not."""
    return (
        isinstance(node, nodes.section)
        and len(node.children) > 0
        and isinstance(node[0], nodes.title)
    )


def is_output(node):
    return isinstance(node, nodes.container) and "cell_output" in node["classes"]


def prose(node):
    """Return the words of a node, without those of its sections, code and outputs."""
    match node:
        case nodes.Text():
            return str(node)
        case nodes.math():
            formula = node.astext()
            return formula if PLAIN_FORMULA.fullmatch(formula) else "…"
        case _ if is_output(node):
            return "".join(map(prose, node.findall(nodes.caption)))
        case _ if titled(node) or isinstance(node, SILENT):
            return ""
    text = "".join(map(prose, node.children))
    return text if isinstance(node, nodes.Inline) else f"{text} "


def code(node):
    """Return the code that a node shows, without that of its sections."""
    if isinstance(node, nodes.literal_block | nodes.doctest_block):
        return f"{node.astext()}\n"
    if titled(node) or is_output(node):
        return ""
    return "".join(map(code, node.children))


def cut(text, most):
    """Join what whitespace parts, and end after a whole word."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0]


def heading(section, numbers):
    """Return a section's title with its number, as the page shows it."""
    first = not isinstance(section.parent, nodes.section)
    number = numbers.get("" if first else f"#{section['ids'][0]}")
    title = cut("".join(map(prose, section[0].children)), 200)
    return f"{'.'.join(map(str, number))}. {title}" if number else title


def path(node, numbers):
    """Return the titles from the page's own down to the node's."""
    above = path(node.parent, numbers) if node.parent else []
    return [*above, heading(node, numbers)] if titled(node) else above


def section_record(section, numbers):
    anchor = section["ids"][0] if isinstance(section.parent, nodes.section) else ""
    text = cut("".join(map(prose, section.children)), MOST_TEXT)
    shown = cut("".join(map(code, section.children)), MOST_CODE)
    return [anchor, path(section, numbers), text, shown]


def term_record(term, numbers):
    meaning = "".join(map(prose, term.parent.findall(nodes.definition)))
    name = cut(prose(term), 200)
    return [term["ids"][0], [*path(term, numbers), name], cut(meaning, MOST_TEXT), ""]


def records(doctree, numbers):
    """Return anchor, titles, text and code of each section and glossary term of a page."""
    found = [section_record(s, numbers) for s in doctree.findall(titled)]
    for glossary in doctree.findall(addnodes.glossary):
        found += [term_record(t, numbers) for t in glossary.findall(nodes.term)]
    return found


class Sections:
    """The pages' sections: kept from the last build, replaced where a page is written."""

    def __init__(self):
        self.pages = {}

    def load(self, app):
        """Take over what an older build wrote, but for pages that were written since."""
        self.pages = {}
        script = script_of(app)
        if app.builder.format != "html" or not script.exists():
            return
        old = json.loads(script.read_text("utf-8").removeprefix(START).rstrip(";\n"))
        kept = old["pages"] if old["key"] == KEY else {}
        written = script.stat().st_mtime
        for doc, page in kept.items():
            target = Path(app.builder.get_outfilename(doc))
            if target.exists() and target.stat().st_mtime <= written:
                self.pages[doc] = page

    def note(self, app, doctree, docname):
        if app.builder.format == "html":
            numbers = app.env.toc_secnumbers.get(docname, {})
            self.pages[docname] = {
                "url": app.builder.get_target_uri(docname),
                "chapter": bool(numbers.get("")),  # only chapters have numbers
                "sections": records(doctree, numbers),
            }

    def write(self, app, error):
        """Write all pages; one that no build has noted yet is resolved, and so noted, now."""
        if app.builder.format != "html" or error:
            return
        for doc in app.env.found_docs - self.pages.keys():
            app.env.get_and_resolve_doctree(doc, app.builder)
        pages = {doc: self.pages[doc] for doc in sorted(app.env.found_docs)}
        text = json.dumps(
            {"key": KEY, "pages": pages}, ensure_ascii=False, separators=(",", ":")
        )
        script_of(app).write_text(f"{START}{text};\n", encoding="utf-8")


def script_of(app):
    return Path(app.outdir) / "_static" / "booksections.js"


def write_no_index(app):
    """Leave out Sphinx's own index of words: nothing looks into it any more."""
    for step in ("load_indexer", "index_page", "dump_search_index"):
        setattr(app.builder, step, lambda *args: None)


def setup(app):
    sections = Sections()
    app.connect("builder-inited", write_no_index)
    app.connect("builder-inited", sections.load)
    app.connect("doctree-resolved", sections.note, priority=900)
    app.connect("build-finished", sections.write)
    return {"parallel_read_safe": True, "parallel_write_safe": False}  # collects pages
