"""A page's cached outputs hold only while the code of ours that it runs is unchanged.

What the cache's keys are made of is in tools/cache.py. Here pages are read again whose
code has changed, which Sphinx would not do by itself.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from cache import CACHE, key_on_code, stale
from fingerprint import cells_of, fingerprint


def only():
    """Return the pages that `make chapter` makes, or nothing where all are made."""
    return set(filter(None, os.environ.get("BOOK_ONLY", "").split(",")))


def changed_pages(app, env, added, changed, removed):
    """Return the pages whose code of ours has changed, or that were read unexecuted.

    Where one chapter is made, what was read of the others stays, and as old as it was.
    """
    old, docs = getattr(env, "fingerprints", {}), (only() or env.found_docs)
    paths = {d: env.doc2path(d) for d in docs | (env.found_docs - old.keys())}
    new = {
        d: fingerprint(cells_of(p)) for d, p in paths.items() if str(p).endswith("md")
    }
    env.fingerprints = old | new
    stale = {d for d in new if old.get(d, new[d]) != new[d]}
    return stale | (getattr(env, "unexecuted", set()) & docs)


def execute_only_these(app, env, docnames):
    """Read pages of other chapters without outputs, where the cache has none.

    Not by Sphinx's settings: where these change, it reads all pages anew.
    """
    others = set(docnames) - only() if only() else set()
    missed = set(stale(others)) if others else set()
    env.unexecuted = (getattr(env, "unexecuted", set()) - set(docnames)) | missed
    plain = env.mystnb_config
    patterns = [*plain.execution_excludepatterns, *(f"{d}.md" for d in missed)]
    env.mystnb_config = plain.copy(execution_excludepatterns=patterns)


def one_cache(app, config):
    """Give the site and the print the same cache, wherever each is built."""
    config["nb_execution_cache_path"] = str(CACHE)


def setup(app):
    key_on_code()
    app.connect("config-inited", one_cache)
    app.connect("env-get-outdated", changed_pages)
    app.connect("env-before-read-docs", execute_only_these)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
