"""What the printed book needs beyond sphinx-jupyterbook-latex.

LuaLaTeX (its fonts fall back to others for scripts and emoji), the seed's part and
chapter numbers, long outputs cut in the middle, no empty chapters.
"""

import re
from importlib.metadata import version

import yaml
from chapters import BOOK, PARTS, all_chapters, chapter_of, written
from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform


def use_lualatex(app, config):
    """After sphinx-jupyterbook-latex (priority 500) has forced xelatex."""
    config["latex_engine"] = "lualatex"
    preamble = config["latex_elements"]["preamble"]
    config["latex_elements"]["preamble"] = preamble.replace(
        r"\usepackage[Latin,Greek]{ucharclasses}", ""
    ) + (rf"\renewcommand{{\bookversion}}{{{version('mlmastery')}}}")


def raw(text):
    return nodes.raw("", text, format="latex")


def part_opener(part):
    """Return what the page of a part says below its title."""
    path = BOOK / "_parts.yml"
    texts = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    told = texts.get(part, "")
    chapters = "".join(map(line_of, (c for c in all_chapters() if c.part == part)))
    return rf"{escape(told)}\bookpartlist{{{chapters}}}"


def line_of(chapter):
    """Return a chapter's line on the page of its part."""
    place = rf"\detokenize{{{chapter.slug}::doc}}"
    number = rf"\hyperref[{{{place}}}]{{{chapter.number}}}"
    hours = f"{chapter.hours} h" if chapter.written else "in preparation"
    number = number if chapter.written else str(chapter.number)
    return rf"\bookpartline{{{number}}}{{{escape(chapter.title)}}}{{{hours}}}"


def escape(text):
    return text.strip().replace("&", r"\&").replace("%", r"\%")


class NumbersOfTheBook(SphinxPostTransform):
    """Parts and chapters get the book's own numbers, the rest none.

    LaTeX numbers a chapter only where secnumdepth is above -1, a part above -2.
    """

    default_priority = 710  # after LatexRootDocPostTransforms has made the parts
    formats = ("latex",)

    def run(self, **kwargs):
        self.join_pages()
        number = {c.slug: c.number for c in written()}
        for file in list(self.document.findall(addnodes.start_of_file)):
            name = file["docname"]
            if name in number:
                file.insert(0, raw(rf"\setcounter{{chapter}}{{{number[name] - 1}}}"))
            elif name in PARTS:
                part = rf"\setcounter{{part}}{{{PARTS.index(name)}}}"
                opener = rf"\bookpart{{{part_opener(name)}}}"
                file.insert(0, raw(rf"\setcounter{{secnumdepth}}{{1}}{part}{opener}"))
            elif chapter_of(name) is None and file.parent.parent is self.document:
                file.insert(0, raw(r"\setcounter{secnumdepth}{-2}"))

    def join_pages(self):
        """Let a chapter's later pages go on in it: their titles open no chapter."""
        files = {f["docname"]: f for f in self.document.findall(addnodes.start_of_file)}
        for chapter in written():
            for doc in chapter.docs[1:]:
                self.go_on(next(files[chapter.slug].findall(nodes.section)), files[doc])

    def go_on(self, chapter, file):
        page = next(file.findall(nodes.section))
        title, *rest = page.children
        for target in list(file.findall(nodes.target)):
            if target.get("refid") in page["ids"]:  # the page's own labels stay
                target.parent.remove(target)
        heading = nodes.rubric("", "", *title.children, classes=["page-title"])
        page.replace_self([nodes.target(ids=page["ids"]), heading, *rest])
        file.parent.remove(file)
        chapter += file


class NoTrailingBlankLines(SphinxPostTransform):
    """An included section ends with the blank lines before its end mark."""

    default_priority = 398
    formats = ("latex",)

    def run(self, **kwargs):
        for block in self.document.findall(nodes.literal_block):
            text = block.astext().strip("\n")
            block.rawsource, block.children = text, [nodes.Text(text)]


class CutLongOutputs(SphinxPostTransform):
    """An output of more than ``bookpdf_max_lines`` lines loses its middle, an empty one goes."""

    default_priority = 399
    formats = ("latex",)

    def run(self, **kwargs):
        for cell in list(self.document.findall(nodes.container)):
            if "cell_output" not in cell.get("classes", []):
                continue
            if not cell.astext().strip() and not any(cell.findall(nodes.image)):
                cell.parent.remove(cell)
            for block in cell.findall(nodes.literal_block):
                self.cut(block, block.astext().split("\n"))

    def cut(self, block, lines):
        most = self.config.bookpdf_max_lines
        head, tail = most * 2 // 3, most - most * 2 // 3 - 1
        if len(lines) > most:
            gap = f"... ({len(lines) - head - tail} lines not printed) ..."
            text = "\n".join([*lines[:head], gap, *lines[-tail:]])
            block.rawsource, block.children = text, [nodes.Text(text)]
            block["language"] = "none"


class LinkExercisesOfOtherPages(SphinxPostTransform):
    """sphinx-exercise labels an exercise so that only its own page finds it in print."""

    default_priority = 23  # after it has made the links within a page
    formats = ("latex",)

    def run(self, **kwargs):
        known = getattr(self.env, "sphinx_exercise_registry", {})
        for link in list(self.document.findall(addnodes.number_reference)):
            label = link.get("refuri", "").partition("#")[2]
            if label in known:
                doc = known[label]["docname"]
                number = self.env.toc_fignumbers[doc]["exercise"][label]
                text = f"Exercise {'.'.join(map(str, number))}"
                link.replace_self(raw(rf"\hyperref[exercise:{label}]{{{text}}}"))


class KeepListingsTogether(SphinxPostTransform):
    """A short listing goes to the next page rather than break."""

    default_priority = 400
    formats = ("latex",)
    most = 20  # lines
    line, around = 11.5, 14  # points, of the listings' type

    def run(self, **kwargs):
        for block in list(self.document.findall(nodes.literal_block)):
            lines = block.astext().count("\n") + 1
            if lines <= self.most and block.parent is not None:
                height = self.line * lines + self.around
                at = block.parent.index(block)
                block.parent.insert(at, raw(rf"\Needspace{{{height:.0f}pt}}"))


class BreakLongWords(SphinxPostTransform):
    """In a narrow cell of a table, names and addresses may go on in the next line."""

    default_priority = 761
    formats = ("latex",)
    seam = re.compile(
        r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[0-9])(?=[a-z])"
        r"|(?<=[/_.-])(?=\w)"
    )

    def run(self, **kwargs):
        for text in list(self.document.findall(nodes.Text)):
            if "https://" in text and isinstance(text.parent, nodes.paragraph):
                self.split(text)
        for entry in self.document.findall(nodes.entry):
            for text in list(entry.findall(nodes.Text)):
                long = any(len(word) > 7 for word in text.split())
                if long and not isinstance(text.parent, nodes.literal | nodes.math):
                    self.split(text)

    def split(self, text):
        seam = raw(r"\hspace{0pt}")
        parts = [
            n for p in self.seam.split(text) for n in (nodes.Text(p), seam.deepcopy())
        ]
        text.parent.replace(text, parts[:-1])


class NoEmptyChapters(SphinxPostTransform):
    """Once Sphinx has moved the bibliography to the end, its page is only a title."""

    default_priority = 760
    formats = ("latex",)

    def run(self, **kwargs):
        empty = (nodes.title, nodes.target, nodes.comment)
        for section in list(self.document.findall(nodes.section)):
            rest = [c for c in section.children if not isinstance(c, empty)]
            if not any(c.astext().strip() or any(c.findall(nodes.image)) for c in rest):
                section.parent.remove(section)


def depth(value):
    """sphinx-jupyterbook-latex sets numfig_secnum_depth to 2 for the part's sake.

    Numbers are assigned with 1, as on the web, and written with 2. What is stored between
    two builds must be 1 again, or the second takes it for a change and reads all pages anew.
    """

    def set_depth(app, *_):
        if app.builder.format == "latex":
            app.config["numfig_secnum_depth"] = value
        return []

    return set_depth


def setup(app):
    app.add_config_value("bookpdf_max_lines", 30, "env")
    app.connect("config-inited", use_lualatex, priority=900)
    app.connect("builder-inited", depth(1), priority=900)
    app.connect("doctree-resolved", depth(2), priority=900)
    for transform in (
        NumbersOfTheBook,
        NoTrailingBlankLines,
        CutLongOutputs,
        LinkExercisesOfOtherPages,
        KeepListingsTogether,
        NoEmptyChapters,
        BreakLongWords,
    ):
        app.add_post_transform(transform)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
