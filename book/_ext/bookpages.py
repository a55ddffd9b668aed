"""What pages show of the chapters' records: cards, curriculum, data, results, claims.

Each directive writes MyST Markdown, so links, tables and print need no code of ours.
Chapters' numbers are the book's own, not their place in the table of contents.
"""

import json
import sys
from copy import deepcopy
from pathlib import Path

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import ReferenceRole, SphinxDirective
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "tools"))

from chapters import BOOK, PARTS, RUNS, all_chapters, find, planned, written
from launch import binder, colab, kaggle

PDF = "machine-learning-mastery.pdf"
ROMAN = ["I", "II", "III", "IV", "V", "VI"]


def run_of(slug):
    """Return what the last execution of a page measured, or an empty record."""
    path = RUNS / f"{slug}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def link(chapter):
    """Return a reference to a chapter's page, or its name while it has none."""
    name = f"{chapter.number}. {chapter.title}"
    # A bare "4." would begin a numbered list.
    plain = name.replace(". ", "\\. ", 1)
    return f"{{ref}}`{name} <ch-{chapter.slug}>`" if chapter.written else plain


def table(head, rows):
    """Return a Markdown table."""
    lines = [head, [":--"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def state(chapter):
    return "ready to read" if chapter.written else "in preparation"


class Generated(SphinxDirective):
    """Render the MyST Markdown that ``markdown`` returns."""

    has_content = False

    def run(self):
        for path in [BOOK / "_plan.yml", BOOK / "_curriculum.yml", *RUNS.glob("*.json")]:
            self.env.note_dependency(str(path))
        for chapter in written():
            self.env.note_dependency(str(chapter.page))
        box = nodes.container()
        lines = StringList(self.markdown().splitlines(), self.get_source_info()[0])
        self.state.nested_parse(lines, self.content_offset, box, match_titles=True)
        return box.children

    def markdown(self):
        raise NotImplementedError


class ChapterCard(Generated):
    def markdown(self):
        c = find(self.env.docname)
        before = ", ".join(link(find_any(s)) for s in c.prerequisites) or "none"
        data = ", ".join(f"{{ref}}`{d} <data-{d}>`" for d in c.data) or "none"
        rows = {
            "Project": f"{c.number} of 22, Part {ROMAN[PARTS.index(c.part)]}: {c.part}",
            "Level": f"{c.level}, {c.difficulty}/10",
            "Time": f"{c.hours} hours; {{ref}}`week {c.week} <page-curriculum>`",
            "Before this": before,
            "Data": data,
            "Measured": measured(c),
            "Run it": f"[Binder]({binder(c)}) · [Colab]({colab(c)}) · [Kaggle]({kaggle(c)})",
        }
        if self.env.app.builder.format == "latex":
            del rows["Run it"]
            return table(["", ""], [[f"**{key}**", text] for key, text in rows.items()])
        body = "\n".join(f":{key}: {text}" for key, text in rows.items())
        return f":::{{container}} chapter-card\n\n{body}\n{downloads(c)}\n:::"


def find_any(slug):
    return next(c for c in all_chapters() if c.slug == slug)


def measured(chapter):
    run = run_of(chapter.slug)
    if not run:
        return "not yet executed"
    return (
        f"{run['cpu_s']:.0f} s of CPU time and {run['peak_mb']:,.0f} MB at most, "
        f"offline, on {run['cores']} cores"
    )


def downloads(chapter):
    """The links to files that only the site has."""
    return (
        "\n```{raw} html\n"
        f'<p><a href="downloads/{chapter.notebook}.ipynb" download>Notebook</a> · '
        f'<a href="downloads/{PDF}" download>The book as PDF</a></p>\n```\n'
    )


class ChapterGrid(Generated):
    def markdown(self):
        parts = []
        for number, part in zip(ROMAN, PARTS, strict=True):
            chapters = [c for c in all_chapters() if c.part == part]
            latex = self.env.app.builder.format == "latex"
            shown = self.rows(chapters) if latex else self.cards(chapters)
            parts.append(f"**Part {number}: {part}**\n\n{shown}\n")
        return "\n".join(parts)

    def rows(self, chapters):
        rows = [[link(c), c.level, f"{c.hours} h", state(c)] for c in chapters]
        return table(["Project", "Level", "Time", "State"], rows)

    def cards(self, chapters):
        cards = "\n".join(self.card(c) for c in chapters)
        return f"::::{{grid}} 1 2 2 3\n:gutter: 3\n\n{cards}\n::::"

    def card(self, c):
        open_ = f":link: ch-{c.slug}\n:link-type: ref\n" if c.written else ""
        style = "project-ready" if c.written else "project-planned"
        return (
            f":::{{grid-item-card}} {c.number}. {c.title}\n{open_}:class-card: {style}\n\n"
            f"{c.summary}\n\n{c.level} · {c.difficulty}/10 · {c.hours} h · *{state(c)}*\n:::"
        )


class Curriculum(Generated):
    def markdown(self):
        text = (BOOK / "_curriculum.yml").read_text(encoding="utf-8")
        return "\n".join(self.week(w) for w in yaml.safe_load(text))

    def week(self, w):
        n, by_number = w["week"], {c.number: c for c in all_chapters()}
        chapters = [(by_number[c["number"]], c["topics"]) for c in w["chapters"]]
        items = [(f"w{n}-ch{c.number}", f"{link(c)}: {topics}") for c, topics in chapters]
        if w.get("review"):
            items.append((f"w{n}-review", f"Review: {w['review']}"))
        items.append((f"w{n}-milestone", f"**Milestone.** {w['milestone']} *{w['reached']}*"))
        ticks = "\n".join(f"{{.tick #tick-{key}}}\n- {text}\n" for key, text in items)
        return f"## Week {n}: {w['title']}\n\n*{w['focus']}*\n\n{ticks}\n"


class Claims(Generated):
    def markdown(self):
        return "\n\n".join(self.chapter(c) for c in written())

    def chapter(self, c):
        claims = run_of(c.slug).get("claims", [])
        rows = [f"- ✓ {text_link(x, c)}" for x in claims]
        return f"## {link(c)}\n\n" + ("\n".join(rows) or "Not yet executed.")


def text_link(claim, chapter):
    """Link to where a claim is shown: cell outputs have ids that only the page knows."""
    return f"{{claim-link}}`{claim['text']} <{chapter.slug}#{claim['id']}>`"


class ClaimLink(ReferenceRole):
    def run(self):
        page, anchor = self.target.split("#")
        if self.env.app.builder.format != "html":
            return [nodes.inline("", self.title)], []
        uri = self.env.app.builder.get_relative_uri(self.env.docname, page)
        return [nodes.reference("", self.title, refuri=f"{uri}#{anchor}", internal=True)], []


class Results(Generated):
    def markdown(self):
        return "\n\n".join(f"## {link(c)}\n\n{self.chapter(c)}" for c in written())

    def chapter(self, c):
        rows = run_of(c.slug).get("results", [])
        recorded = BOOK / "recorded" / f"{c.slug}.json"
        text = "\n\n".join(r["markdown"] for r in rows) or "Not yet executed."
        if recorded.exists():
            text += "\n\n" + recorded_table(json.loads(recorded.read_text()))
        return text


def recorded_table(ledger):
    rows = "\n".join(
        f"| {r['name']} | {r['value']:.4g} ± {r['spread']:.2g} | {r['metric']} | {r['protocol']} | {r['seconds']:.0f} |"
        for r in ledger["results"]
    )
    return (
        f"Recorded on {ledger['date']} on the original data, not re-executed in this build.\n\n"
        f"| Model | Value | Metric | Protocol | Seconds |\n|:--|--:|:--|:--|--:|\n{rows}\n"
    )


class DataCards(Generated):
    def markdown(self):
        from mlmastery.datasets import cards_markdown

        return cards_markdown()


def number_like_the_book(plain):
    """Wrap the assignment of section numbers so that chapter 6 is 6 wherever it stands."""

    def assign_section_numbers(self, env):
        before = deepcopy(env.toc_secnumbers)
        rewrite = plain(self, env)
        place = {}
        for c in written():
            first = env.toc_secnumbers.get(c.slug, {}).get("")
            if first:
                place[first[0]] = c.number
        for doc, numbers in env.toc_secnumbers.items():
            for anchor, old in numbers.items():
                if old:
                    numbers[anchor] = (place.get(old[0], old[0]), *old[1:])
            marked = [*env.tocs[doc].findall(nodes.reference), env.titles[doc]]
            for node in marked:
                if node.get("secnumber"):
                    old = node["secnumber"]
                    node["secnumber"] = [place.get(old[0], old[0]), *old[1:]]
        return [d for d in rewrite if before.get(d) != env.toc_secnumbers.get(d)]

    return assign_section_numbers


def renumber(app, config):
    """Ours is the last word: sphinx-external-toc's collector numbers after all others."""
    plain = TocTreeCollectorWithStyles.assign_section_numbers
    TocTreeCollectorWithStyles.assign_section_numbers = number_like_the_book(plain)


def setup(app):
    app.connect("config-inited", renumber)
    directives = {
        "chapter-card": ChapterCard,
        "chapter-grid": ChapterGrid,
        "curriculum": Curriculum,
        "claims": Claims,
        "results": Results,
        "data-cards": DataCards,
    }
    app.add_role("claim-link", ClaimLink())
    for name, directive in directives.items():
        app.add_directive(name, directive)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
