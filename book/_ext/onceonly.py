"""What Sphinx and its extensions do for each reference anew, they do once.

At nine chapters nine tenths of the time that writing took went into reading whole pages
for the number of one figure, and into looking for the same entry points of packages.
"""

from functools import cache, lru_cache

import pybtex.plugin
from sphinx.domains.std import StandardDomain


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


def setup(app):
    # A citation looks through all installed packages for the style of plain text.
    pybtex.plugin.entry_points = cache(pybtex.plugin.entry_points)
    app.connect("builder-inited", read_targets_once)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
