"""What Sphinx and its extensions do for each reference or table anew, they do once.

At nine chapters nine tenths of the time that writing took went into reading whole pages
for the number of one figure, and into looking for the same entry points of packages. At
22 chapters a fourth of what was left went into looking for garbage among the nodes of
pages, a tenth into compiling the template of a table for each table.
"""

import gc
from copy import deepcopy
from functools import cache, lru_cache

import pybtex.plugin
import sphinx.writers.latex
from docutils import nodes
from sphinx import addnodes
from sphinx.domains.std import StandardDomain
from sphinx.environment.collectors.toctree import TocTreeCollector


class KeepsPages:
    """An environment that keeps the pages it has read, for who only looks at them."""

    def __init__(self, env):
        self.env = env
        self.get_doctree = lru_cache(16)(env.get_doctree)

    def __getattr__(self, name):
        return getattr(self.env, name)


def read_targets_once(app):
    """Let numbered references share the pages in which they look for one node each."""
    plain = StandardDomain._resolve_numref_xref
    keeps = KeepsPages(app.env)

    def resolve(self, env, *args):
        return plain(self, keeps, *args)

    StandardDomain._resolve_numref_xref = resolve


def outlines(env):
    """Return, for each page that was read, what decides the numbers of its figures."""
    if not hasattr(env, "outlines"):
        env.outlines = {}
    return env.outlines


def note_outline(app, doctree):
    """Keep a page's elements that one can refer to, whether they have a title, its toc."""
    titles = (nodes.caption, nodes.title)
    named = (n for n in doctree.findall(nodes.Element) if n.get("ids"))
    outlines(app.env)[app.env.docname] = (
        [(n.tagname, n["ids"], any(isinstance(c, titles) for c in n)) for n in named],
        [toc["entries"] for toc in doctree.findall(addnodes.toctree)],
    )


def forget_outline(app, env, docname):
    outlines(env).pop(docname, None)


def number_figures_where_changed(plain):
    """Wrap the numbering of figures, which reads all pages, to do so only when needed."""

    def assign_figure_numbers(self, env):
        depth = (env.config.numfig, env.config.numfig_secnum_depth)
        key = deepcopy((outlines(env), env.toc_secnumbers, depth))
        if outlines(env).keys() >= env.found_docs:
            known, numbers = getattr(env, "figure_numbers", (None, None))
            if known == key:
                env.toc_fignumbers = deepcopy(numbers)
                return []
        changed = plain(self, env)
        env.figure_numbers = key, deepcopy(env.toc_fignumbers)
        return changed

    return assign_figure_numbers


def setup(app):
    plain = TocTreeCollector.assign_figure_numbers
    TocTreeCollector.assign_figure_numbers = number_figures_where_changed(plain)
    app.connect("doctree-read", note_outline, priority=990)  # as the page is stored
    app.connect("env-purge-doc", forget_outline)
    # A citation looks through all installed packages for the style of plain text.
    pybtex.plugin.entry_points = cache(pybtex.plugin.entry_points)
    app.connect("builder-inited", read_targets_once)
    sphinx.writers.latex.LaTeXRenderer = cache(sphinx.writers.latex.LaTeXRenderer)
    gc.set_threshold(200_000, 20, 100)  # of 700 new objects, most stay to the end
    # Keeps notes of the pages that it reads.
    return {"parallel_read_safe": False, "parallel_write_safe": True}
