"""The margin of the printed book: terms, sources and exercises beside their paragraph.

A paragraph names in the margin the terms that it explains, for readers who come from the
index; who wrote what it cites, and when; the first one of a section also the exercises.
"""

import re

from bookpdf import escape, exercise_number, raw
from chapters import BOOK, chapter_of
from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

OBJECTIVE = re.compile(r"^- .*?(?=^\s*$|^- )", re.M | re.S)
LABEL = re.compile(r"\{ref\}`(?:[^`<]*<)?([\w-]+)>?`")
CITATION = "bibtex-citation"  # class of what sphinxcontrib-bibtex makes of {cite}
LINE, NOTE_LINE = 70, 1.4  # characters of a line of text; lines of notes beside one


class MarginNotes(SphinxPostTransform):
    """Put notes beside paragraphs, never more than a paragraph is high."""

    default_priority = 712  # after SolutionsApart, which has moved what has no margin
    formats = ("latex",)

    def run(self, **kwargs):
        cited = sources(self.env)
        for file in self.document.findall(addnodes.start_of_file):
            if chapter_of(file["docname"]):
                exercises = exercises_of(file["docname"], self.env)
                for paragraph in list(file.findall(nodes.paragraph)):
                    if in_the_text(paragraph):
                        notes = [
                            *pointer(paragraph, exercises),
                            *explained(paragraph),
                            *told(paragraph, cited),
                        ]
                        self.put(paragraph, notes)

    def put(self, paragraph, notes):
        lines = len(paragraph.astext()) // LINE + 1
        if shown := list(dict.fromkeys(notes))[: int(lines * NOTE_LINE)]:
            note = r"\par ".join(shown)
            paragraph.insert(0, raw(rf"\booknote{{{note}}}"))


def in_the_text(paragraph):
    """Whether it stands in the text, not in a box, a table, a list of exercises."""
    node = paragraph.parent
    while isinstance(node, nodes.container | nodes.list_item | nodes.bullet_list):
        node = node.parent
    return isinstance(node, nodes.section)


def pointer(paragraph, exercises):
    """Return links to the exercises of the section that a paragraph begins."""
    section = paragraph.parent
    first = next(section.findall(nodes.paragraph), None) if section else None
    if first is not paragraph or not isinstance(section, nodes.section):
        return []
    return [text for label in section["ids"] for text in exercises.get(label, ())]


def exercises_of(docname, env):
    """Return for each section of the objectives the exercises that they name with it."""
    chapter = chapter_of(docname)
    text = (BOOK / f"{chapter.slug}.md").read_text(encoding="utf-8")
    found = {}
    for line in OBJECTIVE.findall(text):
        labels = LABEL.findall(line)
        asked = [x for x in labels if x in env.sphinx_exercise_registry]
        for section in (x for x in labels if x not in asked):
            texts = found.setdefault(nodes.make_id(section), [])
            texts += [link_to(label, env) for label in asked]
    return found


def link_to(label, env):
    number = exercise_number(env, label)
    return rf"\hyperref[exercise:{label}]{{Exercise {number}}}"


def explained(paragraph):
    """Return the terms that the index sends its readers to this paragraph for."""
    entries = [e for i in paragraph.findall(addnodes.index) for e in i["entries"]]
    return [rf"\textbf{{{escape(e[1])}}}" for e in entries if e[3] == "main"]


def told(paragraph, cited):
    """Return who is cited in a paragraph."""
    citations = (n for n in paragraph.findall(nodes.inline) if CITATION in n["classes"])
    keys = [key for n in citations for key in n.rawsource.split(",")]
    return [cited[key] for key in keys if key in cited]


def sources(env):
    """Return, for the key of each source, its number, author and year."""
    domain = env.get_domain("cite")
    entries = domain.bibdata.data.entries
    return {
        c.key: f"[{c.formatted_entry.label}] {author_and_year(entries[c.key])}"
        for c in domain.citations
    }


def author_and_year(entry):
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [
        " ".join(map(str, p.rich_prelast_names + p.rich_last_names)) for p in people
    ]
    who = " and ".join(names) if len(names) < 3 else f"{names[0]} and others"
    return escape(f"{who} {entry.fields.get('year', '')}")


def setup(app):
    app.add_post_transform(MarginNotes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
