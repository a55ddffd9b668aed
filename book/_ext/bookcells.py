"""The reading layer: what a reader sees of cells, library code, predictions and films.

What is shown of a cell is decided by tools/reading.py. Here it becomes nodes, with their
forms on the site and in print.
"""

from __future__ import annotations

import base64
import re
import sys
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from myst_nb.core.variables import RetrievalError
from myst_nb.ext.glue.utils import retrieve_glue_data
from sphinx import addnodes
from sphinx.directives.code import LiteralInclude
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import reading
from chapters import REPOSITORY, front_matter, written
from fingerprint import HEADING

FILM = "application/vnd.mlmastery.frames+json"
DRAWS = re.compile(r"\bplt\.(subplots|figure)\(")
QUIET = re.compile(r'^<span class="claim-quiet" id="[\w-]+"></span>$')
CLAIM = re.compile(r'<(details|div) class="claim')


class fold(nodes.General, nodes.Element):
    """Code that is folded until it is asked for."""


class predict(nodes.General, nodes.Element):
    """A question, and its answer, to be seen after a guess."""


class predict_question(nodes.General, nodes.TextElement):
    pass


class predict_answer(nodes.General, nodes.Element):
    pass


class frame(nodes.General, nodes.Element):
    """One picture of a film, with its label; ``chosen`` ones stand in print."""


class ShowCells(SphinxTransform):
    """Cells lose their bookkeeping, and the code that only draws is folded."""

    default_priority = 5

    def apply(self, **kwargs):
        cells = list(self.document.findall(is_cell))
        if not cells:
            return
        sources = [(source_of(cell), cell["cell_metadata"]) for cell in cells]
        page = front_matter(Path(self.document["source"]))
        reader = reading.Reader(sources, bool(page.get("show_plots")))
        for index, cell in enumerate(cells):
            try:
                show(cell, reader.shown(index))
                refuse_bare_figure(*sources[index])
            except reading.ReadingError as error:
                message = f"{self.env.docname}, code cell {index + 1}: {error}"
                self.document.reporter.error(message, base_node=cell)


def refuse_bare_figure(source, metadata):
    """Refuse a figure that can be neither referred to nor read aloud."""
    if DRAWS.search(source) and not reading.draws(source, metadata):
        raise reading.ReadingError(
            "it draws a figure without metadata; give it mystnb: figure: name and "
            "caption, and image: alt"
        )


def is_cell(node):
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def part(cell, name):
    """Return a cell's code or its output, or None."""
    inside = (c for c in cell.children if isinstance(c, nodes.container))
    return next((c for c in inside if c.get("nb_element") == f"cell_code_{name}"), None)


def source_of(cell):
    code = part(cell, "source")
    return code.astext() if code else ""


def show(cell, shown):
    """Put what is shown of a cell in the place of what was executed."""
    code, output = part(cell, "source"), part(cell, "output")
    marks = anchors(output) if output else []
    if output:
        claims_last(output)
    if code and not shown.code:
        cell.remove(code)
    elif code:
        block = next(code.findall(nodes.literal_block))
        block.rawsource, block.children = shown.code, []
        block += nodes.Text(shown.code)
        if shown.fold:
            folded = fold("", code.deepcopy(), words=shown.fold, needed=shown.needed)
            cell.replace(code, folded)
    if output and not output.children:
        cell.remove(output)
    if cell.children:
        cell[0:0] = marks
    else:
        cell.parent.replace(cell, marks)


def anchors(output):
    """Take the outputs that show nothing away; return the anchors of quiet claims."""
    marks = []
    for bundle in list(output.children):
        raws = [r for r in bundle.findall(nodes.raw) if QUIET.match(r.astext().strip())]
        for raw in raws[:1]:
            output.remove(bundle)
            marks.append(nodes.raw("", raw.astext().strip(), format="html"))
    return marks


def claims_last(output):
    """Put a cell's claims behind its tables and figures, which are their evidence."""
    claims = [b for b in output.children if CLAIM.match(html_of(b))]
    output.children = [b for b in output.children if b not in claims] + claims


def html_of(bundle):
    raws = (r for r in bundle.findall(nodes.raw) if r["format"] == "html")
    return next((raw.astext().strip() for raw in raws), "")


class Excerpt(LiteralInclude):
    """A literalinclude whose ``:pyobject:`` comes with its docstring cut to one line."""

    def run(self):
        if "pyobject" not in self.options:
            return (
                self.stub()
                if "stub" in self.options.get("start-after", "")
                else super().run()
            )
        if "lines" in self.options:
            raise self.error(
                "a literalinclude of a :pyobject: takes no :lines:; its docstring is "
                "shortened by itself"
            )
        relative, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(relative)
        try:
            text = reading.excerpt(
                Path(path).read_text(encoding="utf-8"), self.options["pyobject"]
            )
        except (OSError, reading.ReadingError) as error:
            raise self.error(f"{self.arguments[0]}: {error}") from None
        block = nodes.literal_block(text, text, source=path, language="python")
        self.set_source_info(block)
        return [*file_tab(Path(path)), block]

    def stub(self):
        """Mark the start of an exercise, so that live code can run it with its check."""
        made = super().run()
        path = Path(self.env.relfn2path(self.arguments[0])[1])
        heading = HEADING.match(path.read_bytes())
        if not heading:
            raise self.error(f'{self.arguments[0]}: must start with """Exercise N.k:')
        for block in (b for node in made for b in node.findall(nodes.literal_block)):
            block["classes"] += ["exercise-stub", f"check-{heading[1].decode()}"]
        return made


def file_tab(path):
    """Return the name of an excerpt's file, to stand on its edge."""
    inside = path.resolve().relative_to(ROOT).as_posix()
    url = f"{REPOSITORY}/blob/main/{inside}"
    name = inside.removeprefix("code/mlmastery/")
    tex = name.replace("_", r"\_")
    return [
        nodes.raw(
            "", f'<p class="file-tab"><a href="{url}">{name}</a></p>', format="html"
        ),
        nodes.raw("", rf"\bookfile{{{tex}}}", format="latex", classes=["file-tab"]),
    ]


class Predict(SphinxDirective):
    """A question that the reader answers before the fold is opened."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self):
        self.assert_has_content()
        box = predict("", classes=["predict"])
        inline, messages = self.state.inline_text(self.arguments[0], self.lineno)
        question, answer = predict_question("", "", *inline), predict_answer()
        self.state.nested_parse(self.content, self.content_offset, answer)
        box += [question, answer]
        self.set_source_info(box)
        return [box, *messages]


class Frames(SphinxDirective):
    """A film of the pictures that a cell made by ``frames(name, ...)``."""

    required_arguments = 1
    has_content = True
    option_spec = {"name": directives.unchanged, "alt": directives.unchanged}

    def run(self):
        self.assert_has_content()
        for option in ("name", "alt"):
            if not self.options.get(option):
                raise self.error(f"frames {self.arguments[0]} needs :{option}:")
        figure = nodes.figure("", classes=["frames"], align="default")
        self.set_source_info(figure)
        stage = nodes.container(classes=["frames-stage"])
        stage += list(self.frames(self.film()))
        caption = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, caption)
        first, *rest = caption.children
        figure += [stage, nodes.caption("", "", *first.children)]
        if rest:
            figure += nodes.legend("", *rest)
        self.options["name"] = nodes.fully_normalize_name(self.options["name"])
        self.add_name(figure)
        return [figure]

    def film(self):
        try:
            data = retrieve_glue_data(self.state.document, self.arguments[0])
            return data.nb_renderer, data.data[FILM]
        except (RetrievalError, KeyError):
            raise self.error(
                f"no cell of this page calls frames({self.arguments[0]!r}, ...)"
            ) from None

    def frames(self, film):
        """Yield each picture, its files written for the site and, if chosen, for print."""
        renderer, pictures = film
        for n, picture in enumerate(pictures):
            stem = f"{self.arguments[0]}-{n}"
            uri = renderer.write_file(
                [f"{stem}.svg"], picture["svg"].encode(), overwrite=True
            )
            if picture.get("pdf"):
                pdf = base64.b64decode(picture["pdf"])
                renderer.write_file([f"{stem}.pdf"], pdf, overwrite=True)
                uri = uri.removesuffix("svg") + "*"
            alt = f"{self.options['alt']} ({picture['label']})"
            image = nodes.image("", uri=uri, alt=alt)
            chosen = bool(picture.get("pdf"))
            yield frame("", image, label=picture["label"], chosen=chosen)


# ---- the site ----


def visit_fold(self, node):
    kind = "fold needed" if node["needed"] else "fold"
    self.body.append(f'<details class="{kind}"><summary>{node["words"]}</summary>\n')


def depart_details(self, node):
    self.body.append("</details>\n")


def visit_predict(self, node):
    self.body.append('<details class="predict">')


def visit_question(self, node):
    label = '<span class="predict-label">Predict, then open</span> '
    self.body.append(f"<summary>{label}")


def depart_question(self, node):
    self.body.append("</summary>\n")


def visit_answer(self, node):
    self.body.append('<div class="predict-answer">\n')


def depart_div(self, node):
    self.body.append("</div>\n")


def visit_frame(self, node):
    kind = "frame frame-chosen" if node["chosen"] else "frame"
    self.body.append(f'<div class="{kind}" data-label="{self.attval(node["label"])}">')


def depart_frame(self, node):
    self.body.append(f'<p class="frame-label">{self.encode(node["label"])}</p></div>\n')


def nothing(self, node):
    pass


# ---- print ----


def raw(text):
    return nodes.raw("", text, format="latex")


class LeaveOutInPrint(SphinxPostTransform):
    """Print has no folds: what only draws is left out, a film becomes a strip."""

    default_priority = 150  # before pictures are converted for print
    formats = ("latex",)

    def run(self, **kwargs):
        for folded in list(self.document.findall(fold)):
            folded.replace_self(folded.children if folded["needed"] else [])
        for cell in list(self.document.findall(is_cell)):
            if not cell.children:
                cell.parent.remove(cell)
        for stage in list(self.document.findall(is_stage)):
            row = self.strip([f for f in stage.children if f["chosen"]])
            stage.clear()
            stage += row

    def strip(self, pictures):
        """Return pictures side by side, three in a row, each over its label."""
        width = r"0.32\linewidth" if len(pictures) > 2 else r"0.48\linewidth"
        row = nodes.paragraph()
        for picture in pictures:
            image = picture[0]
            image["width"] = "100%"
            row += [
                raw(rf"\begin{{minipage}}[t]{{{width}}}\centering "),
                image,
                raw(r"\par{\small "),
                nodes.Text(picture["label"]),
                raw(r"\par}\medskip\end{minipage}\hfil{}"),
            ]
        return row


def is_stage(node):
    return isinstance(node, nodes.container) and "frames-stage" in node["classes"]


class AnswersLater(SphinxPostTransform):
    """In print a prediction's answer stands at the end of its chapter, with its page."""

    default_priority = 715  # after a chapter's pages have been joined
    formats = ("latex",)

    def run(self, **kwargs):
        files = {f["docname"]: f for f in self.document.findall(addnodes.start_of_file)}
        for chapter in written():
            boxes = list(files[chapter.slug].findall(predict))
            if boxes:
                section = next(files[chapter.slug].findall(nodes.section))
                section += nodes.rubric("", "Answers to the predictions")
                # The first page holds the later ones by now, so that theirs overwrite its.
                docs = {b: d for d in chapter.docs for b in files[d].findall(predict)}
                for n, box in enumerate(boxes, 1):
                    keep_links(box.children[1], docs[box])
                    section += self.part(box, f"Predict {chapter.number}.{n}")

    def part(self, box, name):
        """Leave the question where it is; return the answer to stand elsewhere."""
        key = name.lower().replace(" ", "-")
        question, answer = box.children
        # No page ends inside a question.
        asked = nodes.paragraph("", "", raw(r"\interlinepenalty=10000 "))
        asked += question.children
        asked += raw(rf" \emph{{(Answer on page~\pageref{{{key}}}.)}}\par")
        box.replace_self(nodes.admonition("", nodes.title("", f"{name}."), asked))
        # The label after the words: before them it may stay on the page before.
        head = nodes.paragraph("", "", nodes.strong("", f"{name}."))
        head += raw(rf"\phantomsection\label{{{key}}}")
        return [head, *answer.children]


def keep_links(node, doc):
    """Have links within a page still lead there once LaTeX meets them on another one."""
    own = {i for part in node.findall(nodes.Element) for i in part.get("ids", [])}
    for kind in (nodes.reference, addnodes.number_reference):
        for link in node.findall(kind):
            if link.get("refid") and link["refid"] not in own:
                link["refuri"] = f"%{doc}#{link['refid']}"
                del link["refid"]


def setup(app):
    for node, html in (
        (fold, (visit_fold, depart_details)),
        (predict, (visit_predict, depart_details)),
        (predict_question, (visit_question, depart_question)),
        (predict_answer, (visit_answer, depart_div)),
        (frame, (visit_frame, depart_frame)),
    ):
        app.add_node(node, html=html, latex=(nothing, nothing), text=(nothing, nothing))
    app.add_directive("literalinclude", Excerpt, override=True)
    app.add_directive("predict", Predict)
    app.add_directive("frames", Frames)
    app.add_transform(ShowCells)
    app.add_post_transform(LeaveOutInPrint)
    app.add_post_transform(AnswersLater)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
