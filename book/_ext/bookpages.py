"""Directives for what tools/pages.py writes, and the book's own chapter numbers."""

import hashlib
import sys
from copy import deepcopy
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import ReferenceRole, SphinxDirective
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "tools"))

import landing
import pages
from chapters import find, written

logger = logging.getLogger(__name__)
LANDING = ("chapter-grid", "front", "counted", "claim-and-code", "weeks")
WRITTEN = (
    "chapter-card",
    "curriculum",
    "technologies",
    "claims",
    "results",
    "data-cards",
)


class Generated(SphinxDirective):
    """Render the MyST Markdown that a function of tools/pages.py returns."""

    def run(self):
        latex = self.env.app.builder.format == "latex"
        text = markdown(self.name, self.env.docname, latex)
        generated_on(self.env)[self.env.docname, self.name] = digest(text)
        box = nodes.container()
        lines = StringList(text.splitlines(), self.get_source_info()[0])
        self.state.nested_parse(lines, self.content_offset, box, match_titles=True)
        return box.children


def markdown(name, docname, latex):
    function = name.replace("-", "_")
    if name == "chapter-card":
        return pages.chapter_card(find(docname), latex)
    if name in LANDING:
        return getattr(landing, function)(latex)
    return getattr(pages, function)()


def digest(text):
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def generated_on(env):
    """Return what was generated for each (page, directive), as digests."""
    if not hasattr(env, "generated"):
        env.generated = {}
    return env.generated


def outdated(app, env, added, changed, removed):
    """Have a page read again where what is generated for it is not what it was."""
    latex = app.builder.format == "latex"
    return {
        doc
        for (doc, name), was in generated_on(env).items()
        if doc not in changed | removed and digest(markdown(name, doc, latex)) != was
    }


def forget(app, env, docname):
    env.generated = {k: v for k, v in generated_on(env).items() if k[0] != docname}


class claim_text(nodes.inline):
    """A claim of a page, on the page of all claims in print."""


class ClaimLink(ReferenceRole):
    """Link to a claim: an output's id, which only the built page knows."""

    def run(self):
        page, anchor = self.target.split("#")
        builder = self.env.app.builder
        if builder.format != "html":
            return [claim_text("", self.title, page=page)], []
        uri = f"{builder.get_relative_uri(self.env.docname, page)}#{anchor}"
        return [nodes.reference("", self.title, refuri=uri, internal=True)], []


class thumbnail(nodes.General, nodes.Inline, nodes.Element):
    """The place of the first picture of a chapter."""


class Thumbnail(ReferenceRole):
    """Show the first picture of a chapter, which is known once all are read.

    The hero of a chapter's own opener shows what its first section arrives at, and has no
    words of its own: the figure stands below.
    """

    def run(self):
        return [thumbnail(slug=self.target, hero=self.name == "hero")], []


class borrowed_film(nodes.General, nodes.Element):
    """The place of a film of a chapter on another page."""


class shown_film(nodes.figure):
    """A film of another page: a figure without a number."""


def visit_film(self, node):
    self.body.append('<figure class="align-default frames">\n')


def depart_film(self, node):
    self.body.append("</figcaption>\n</figure>\n")  # as docutils ends a figure


class BorrowedFilm(SphinxDirective):
    """Show a film of a chapter, with words of this page; print has it in its chapter."""

    required_arguments = 2
    has_content = True

    def run(self):
        page, name = self.arguments
        words = self.parse_content_to_nodes()
        return [borrowed_film("", *words, page=page, film=name)]


class PutPictures(SphinxPostTransform):
    """Copy each picture and film; its chapter keeps it."""

    default_priority = 3  # before an output's formats are chosen, as in its chapter

    def run(self, **kwargs):
        latex = self.app.builder.format == "latex"
        for place in list(self.document.findall(thumbnail)):
            doctree = self.env.get_doctree(place["slug"])
            image = first_picture(first_section(doctree) if place["hero"] else doctree)
            shown = [as_thumbnail(image, place["hero"], latex)] if image else []
            place.parent.replace(place, shown)
        for place in list(self.document.findall(borrowed_film)):
            place.replace_self([] if latex else self.film(place))

    def film(self, place):
        """Return the film in a list, or none, as of a chapter that was not executed."""
        doctree = self.env.get_doctree(place["page"])
        films = [f for f in doctree.findall(nodes.figure) if place["film"] in f["ids"]]
        if not films:
            logger.warning("%s has no film %s yet", place["page"], place["film"])
        words = nodes.caption("", "", *place.children[0].children)
        return [shown_film("", film[0].deepcopy(), words) for film in films[:1]]


def first_section(doctree):
    """Return the first section below the title, or an empty one."""
    title = next(doctree.findall(nodes.section))
    return next((n for n in title.children if isinstance(n, nodes.section)), title)


def first_picture(doctree):
    """Return the image of the first figure, in a format that browsers show."""
    for figure in doctree.findall(nodes.figure):
        images = list(figure.findall(nodes.image))
        for ending in (".svg", ".png"):  # an output lies there in several formats
            if found := [i for i in images if i["uri"].endswith(ending)]:
                return found[0]
    return None


def as_thumbnail(image, hero=False, latex=False):
    kept = {k: image[k] for k in ("uri", "candidates", "alt") if k in image}
    if hero:
        kept["alt"] = ""
    if latex:
        kept["width"] = "100%"
    return nodes.image(**kept, classes=["hero" if hero else "thumbnail"])


def number_like_the_book(plain):
    """Wrap the assignment of section numbers so that chapter 6 is 6 wherever it stands."""

    def assign_section_numbers(self, env):
        before = deepcopy(env.toc_secnumbers)
        rewrite = plain(self, env)
        place = places(env)
        for doc, numbers in env.toc_secnumbers.items():
            env.toc_secnumbers[doc] = {
                a: renumbered(n, place) for a, n in numbers.items()
            }
            for node in [*env.tocs[doc].findall(nodes.reference), env.titles[doc]]:
                if node.get("secnumber"):
                    node["secnumber"] = list(renumbered(node["secnumber"], place))
        return [d for d in rewrite if before.get(d) != env.toc_secnumbers.get(d)]

    return assign_section_numbers


def places(env):
    """Return, for Sphinx's number of each page, the chapter's and the sections before it.

    A chapter's later pages go on where the one before them ends.
    """
    found = {}
    for c in written():
        sections = 0
        for doc in c.docs:
            numbers = env.toc_secnumbers.get(doc, {})
            if first := numbers.get(""):
                found[first[0]] = c.number, sections
            sections += sum(len(n or ()) == 2 for n in numbers.values())
    return found


def renumbered(old, place):
    if not old:
        return old
    chapter, sections = place.get(old[0], (old[0], 0))
    return (chapter, *(n + sections for n in old[1:2]), *old[2:])


def renumber(app, config):
    """Ours is the last word: sphinx-external-toc's collector numbers after all others."""
    plain = TocTreeCollectorWithStyles.assign_section_numbers
    TocTreeCollectorWithStyles.assign_section_numbers = number_like_the_book(plain)


def setup(app):
    app.connect("config-inited", renumber)
    app.connect("env-get-outdated", outdated)
    app.connect("env-purge-doc", forget)
    app.add_post_transform(PutPictures)
    app.add_node(thumbnail)
    app.add_node(borrowed_film)
    app.add_node(shown_film, html=(visit_film, depart_film))
    app.add_directive("film", BorrowedFilm)
    app.add_node(claim_text, latex=(lambda self, node: None,) * 2)
    app.add_role("claim-link", ClaimLink())
    app.add_role("thumbnail", Thumbnail())
    app.add_role("hero", Thumbnail())
    for name in (*LANDING, *WRITTEN):
        app.add_directive(name, Generated)
    # Keeps notes of the pages that it reads.
    return {"parallel_read_safe": False, "parallel_write_safe": True}
