"""What the printed book needs beyond sphinx-jupyterbook-latex.

LuaLaTeX (its fonts fall back to others for scripts and emoji), the seed's part and
chapter numbers, long outputs cut in the middle, no empty chapters.
"""

import re
from importlib.metadata import version
from pathlib import Path

import yaml
from bookcells import keep_links
from bookpages import claim_text
from chapters import BOOK, PARTS, all_chapters, chapter_of, written
from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import exercise_enumerable_node, solution_node


def use_lualatex(app, config):
    """After sphinx-jupyterbook-latex (priority 500) has forced xelatex."""
    config["latex_engine"] = "lualatex"
    preamble = config["latex_elements"]["preamble"]
    config["latex_elements"]["preamble"] = preamble.replace(
        r"\usepackage[Latin,Greek]{ucharclasses}", ""
    ) + (rf"\renewcommand{{\bookversion}}{{{version('mlmastery')}}}")


def raw(text):
    return nodes.raw("", text, format="latex")


def part_opener(part, document):
    """Return what the page of a part says below its title: words, chapters, a figure."""
    path = BOOK / "_parts.yml"
    parts = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    told = parts.get(part, {"says": "", "figure": ""})
    chapters = "".join(map(line_of, (c for c in all_chapters() if c.part == part)))
    shown = picture_of(document, told["figure"])
    return rf"{escape(told['says'])}\bookpartlist{{{chapters}}}{shown}"


def picture_of(document, name):
    """Return a figure of a chapter without its caption, with its number and page."""
    for figure in document.findall(nodes.figure):
        doc = doc_of(figure)
        if name in figure["ids"] and chapter_of(doc):
            image = next(figure.findall(nodes.image))
            label = rf"\detokenize{{{doc}:{name}}}"
            return rf"\bookpartfigure{{{{{Path(image['uri']).stem}}}}}{{{label}}}"
    return ""


def doc_of(node):
    """Return the page that a node is written on; later pages lie inside the first."""
    while node is not None and not isinstance(node, addnodes.start_of_file):
        node = node.parent
    return "" if node is None else node["docname"]


def line_of(chapter):
    """Return a chapter's line on the page of its part."""
    place = rf"\detokenize{{{chapter.slug}::doc}}"
    number = rf"\hyperref[{{{place}}}]{{{chapter.number}}}"
    hours = f"{chapter.hours} h" if chapter.written else "in preparation"
    number = number if chapter.written else str(chapter.number)
    return rf"\bookpartline{{{number}}}{{{escape(chapter.title)}}}{{{hours}}}"


def escape(text):
    return re.sub(r"([&%#_$])", r"\\\1", text.strip())


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
                opener = rf"\bookpart{{{part_opener(name, self.document)}}}"
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
                text = f"Exercise {exercise_number(self.env, label)}"
                link.replace_self(raw(rf"\hyperref[exercise:{label}]{{{text}}}"))


def exercise_page(env, label):
    return env.sphinx_exercise_registry[label]["docname"]


def exercise_number(env, label):
    numbers = env.toc_fignumbers[exercise_page(env, label)]["exercise"]
    return ".".join(map(str, numbers[label]))


class SolutionsApart(SphinxPostTransform):
    """Solutions stand at the end of the book, by chapter, with pages both ways."""

    default_priority = 711  # after NumbersOfTheBook, among whose chapters it is
    formats = ("latex",)

    def run(self, **kwargs):
        apart = nodes.section("", nodes.title("", "Solutions"), ids=["solutions"])
        for chapter in written():
            apart.extend(self.of_chapter(chapter))
        after = [f for f in self.files() if f["docname"] == "results"]
        if len(apart) > 1 and after:
            number = raw(r"\setcounter{secnumdepth}{-2}")
            file = addnodes.start_of_file("", number, apart, docname="solutions")
            after[0].parent.insert(after[0].parent.index(after[0]), file)

    def files(self):
        return self.document.findall(addnodes.start_of_file)

    def of_chapter(self, chapter):
        """Take a chapter's solutions out, and return them below a heading of their own."""
        title = nodes.title("", f"Chapter {chapter.number}: {chapter.title}")
        section = nodes.section("", title, ids=[f"solutions-{chapter.slug}"])
        for file in (f for f in self.files() if f["docname"] in chapter.docs):
            asked = {e["label"]: e for e in file.findall(exercise_enumerable_node)}
            for solution in list(file.findall(solution_node)):
                label = solution["target_label"]
                keep_links(solution, exercise_page(self.env, label))
                solution.parent.remove(solution)
                asked[label].append(raw(rf"\bookseesolution{{{label}}}"))
                section.append(self.heading(label, solution.children[1:]))
                section.extend(solution.children[1:])
        room = raw(r"\Needspace{.45\textheight}")  # the title goes with a first listing
        return [room, section] if len(section) > 1 else []

    def heading(self, label, content):
        """Return a heading that goes to the next page with the listing below it."""
        first = [b for c in content[:1] for b in c.findall(nodes.literal_block)]
        room = KeepListingsTogether.height(first[0]) if first else 0
        number = exercise_number(self.env, label)
        return raw(rf"\booksolution{{{label}}}{{{number}}}{{{60 + room:.0f}pt}}")


class IndexDefinitions(SphinxPostTransform):
    """The index leads to where a chapter explains or links a term of the glossary.

    A chapter explains a term where it prints it in bold or has it in a heading.
    """

    default_priority = 25  # while the links to the glossary are known as such
    formats = ("latex",)

    def run(self, **kwargs):
        objects = self.env.get_domain("std").get_objects()
        terms = {
            shown.lower(): shown for _, shown, kind, *_ in objects if kind == "term"
        }
        missing = set(terms)
        for file in self.document.findall(addnodes.start_of_file):
            if file["docname"] == "glossary":
                self.demote(file)
            elif chapter_of(file["docname"]):
                found = self.places(file, terms)
                missing -= set(found)
                for term, (node, main) in found.items():
                    self.point(terms[term], node, main)
        for term in missing:
            self.mention(term, terms[term])

    def demote(self, glossary):
        """Print the page of the glossary like any other, not as the main one.

        Below the term instead of in it, where LaTeX would write a hyphen in another way.
        """
        for item in glossary.findall(nodes.definition_list_item):
            for index in list(item.findall(addnodes.index)):
                entries = [(k, v, i, "", key) for k, v, i, _, key in index["entries"]]
                index.parent.remove(index)
                item[-1][0].insert(0, addnodes.index(entries=entries))

    def places(self, file, terms):
        """Return the first node for each term of a page, and whether it is explained."""
        bold = {}
        for kind in (nodes.title, nodes.strong):
            for node in filter(self.is_told, file.findall(kind)):
                for term in self.named(node.astext(), terms):
                    bold.setdefault(term, (node, "main"))
        linked = {}
        for link in file.findall(nodes.reference):
            if "#term-" in link.get("refuri", "") or "term-" in link.get("refid", ""):
                for term in self.named(link.astext(), terms):
                    linked.setdefault(term, (link, ""))
        return {**linked, **bold}

    def is_told(self, node):
        """Whether the author wrote it, not the word before a claim."""
        return node.astext() != "Claim."

    def named(self, text, terms):
        text = " ".join(text.lower().rstrip(".:,").split())
        return [t for t in (text, text.removesuffix("s")) if t in terms][:1]

    def mention(self, term, shown):
        """Point to the first sentence that names a term which no chapter explains."""
        word = re.compile(rf"(?<!\w){re.escape(term)}s?(?!\w)", re.I)
        for file in self.document.findall(addnodes.start_of_file):
            if chapter_of(file["docname"]):
                for paragraph in file.findall(nodes.paragraph):
                    if word.search(paragraph.astext()):
                        return self.point(shown, paragraph, "")
        return None

    def point(self, shown, node, main):
        while not isinstance(node.parent, nodes.section | nodes.container):
            if isinstance(node, nodes.paragraph | nodes.document):
                break
            node = node.parent
        entry = addnodes.index(entries=[("single", shown, "", main, None)])
        if isinstance(node, nodes.title):
            node.parent.insert(node.parent.index(node) + 1, entry)
        elif isinstance(node, nodes.paragraph):
            node.insert(0, entry)


class PagesOfClaims(SphinxPostTransform):
    """The list of all claims names the page of each one that is shown."""

    default_priority = 26
    formats = ("latex",)

    def run(self, **kwargs):
        labels = {}
        for file in self.document.findall(addnodes.start_of_file):
            if chapter_of(file["docname"]):
                for strong in file.findall(nodes.strong):
                    if strong.astext() == "Claim.":
                        label = f"claim-{len(labels)}"
                        words = letters(strong.parent.astext().partition("Claim.")[2])
                        labels[file["docname"], words] = label
                        strong.parent.append(raw(rf"\phantomsection\label{{{label}}}"))
        for claim in list(self.document.findall(claim_text)):
            if label := labels.get((claim["page"], letters(claim.astext()))):
                claim.append(raw(rf" \emph{{(page~\pageref{{{label}}})}}"))


class PagesOfLinks(SphinxPostTransform):
    """In a sentence, a link to another page of the site names the sheet of paper."""

    default_priority = 27
    formats = ("latex",)

    def run(self, **kwargs):
        for file in self.document.findall(addnodes.start_of_file):
            for link in list(file.findall(nodes.reference)):
                doc, _, label = link.get("refuri", "").removeprefix("%").partition("#")
                if label and doc != file["docname"] and self.in_a_sentence(link):
                    place = rf"\pageref{{\detokenize{{{doc}:{label}}}}}"
                    link.parent.insert(
                        link.parent.index(link) + 1, raw(rf" (page~{place})")
                    )

    def in_a_sentence(self, link):
        """Whether it is a link to a section, by its title, and no cell of a table."""
        named = any("std-ref" in text["classes"] for text in link.findall(nodes.inline))
        outer, around = link.parent, []
        while outer is not None:
            around.append(outer)
            outer = outer.parent
        narrow = (nodes.entry, nodes.title, nodes.caption)
        return named and not any(isinstance(node, narrow) for node in around)


def letters(text):
    """Return what a sentence keeps whatever marks its words."""
    return "".join(filter(str.isalnum, text))


class KeepListingsTogether(SphinxPostTransform):
    """A short listing goes to the next page rather than break."""

    default_priority = 400
    formats = ("latex",)
    most = 20  # lines
    line, around = 11.5, 14  # points, of the listings' type

    def run(self, **kwargs):
        for block in list(self.document.findall(nodes.literal_block)):
            if (height := self.height(block)) and block.parent is not None:
                at = block.parent.index(block)
                tab = at and "file-tab" in block.parent[at - 1].get("classes", [])
                block.parent.insert(at - tab, raw(rf"\Needspace{{{height:.0f}pt}}"))

    @classmethod
    def height(cls, block):
        """Return the points that a short listing needs, and 0 for one that may break."""
        lines = block.astext().count("\n") + 1
        return cls.line * lines + cls.around if lines <= cls.most else 0


class BoxesStayWhole(SphinxPostTransform):
    """A box goes to the next page rather than break at its first lines, with its heading."""

    default_priority = 720  # once predictions and exercises are boxes
    formats = ("latex",)
    beside = (nodes.title, nodes.target, nodes.comment, nodes.raw, addnodes.index)

    def run(self, **kwargs):
        for box in list(self.document.findall(nodes.Admonition)):
            if self.below_title(box):
                parent, at = self.place(box.parent)
                parent.insert(at, raw(r"\Needspace{14\baselineskip}"))
            elif isinstance(box, nodes.admonition):
                at = box.parent.index(box)
                box.parent.insert(at, raw(r"\Needspace{8\baselineskip}"))

    def below_title(self, box):
        """Whether a box comes first in its section, where a page would end after the title."""
        above = box.parent.children[: box.parent.index(box)]
        first = all(isinstance(n, self.beside) for n in above)
        return first and isinstance(box.parent, nodes.section)

    def place(self, section):
        """Return where to insert: a label of the section ends the one before it."""
        parent, at = section.parent, section.parent.index(section)
        while at and isinstance(parent[at - 1], nodes.target | nodes.section):
            at -= 1
            if isinstance(parent[at], nodes.section):
                parent, at = parent[at], len(parent[at])
        return parent, at


class BreakLongWords(SphinxPostTransform):
    """In a narrow cell of a table, names and addresses may go on in the next line.

    So may the name of a file that is longer than half a line of text.
    """

    default_priority = 761
    formats = ("latex",)
    most = 35
    seam = re.compile(
        r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[0-9])(?=[a-z])"
        r"|(?<=[/_.-])(?=\w)"
    )

    def run(self, **kwargs):
        for text in list(self.document.findall(nodes.Text)):
            if "https://" in text and isinstance(text.parent, nodes.paragraph):
                self.split(text)
        for literal in self.document.findall(nodes.literal):
            for text in list(literal.findall(nodes.Text)):
                if len(text) > self.most and " " not in text:
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
        SolutionsApart,
        IndexDefinitions,
        PagesOfClaims,
        PagesOfLinks,
        KeepListingsTogether,
        NoEmptyChapters,
        BoxesStayWhole,
        BreakLongWords,
    ):
        app.add_post_transform(transform)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
