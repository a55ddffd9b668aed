"""The cache of executed pages, which holds an entry only while our code is unchanged.

jupyter-cache keys a notebook on its code cells and kernel alone: the fingerprint of our
code joins the key here, for Sphinx and for tools/execute.py.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

from cells import ChapterError, Page, read_page
from chapters import ROOT, Chapter, written
from fingerprint import fingerprint
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.cache.main import JupyterCacheBase

CACHE = ROOT / "_build" / ".jupyter_cache"


def key_on_code() -> None:
    """Have jupyter-cache's key include the fingerprint."""
    plain = JupyterCacheBase.create_hashed_notebook
    if getattr(plain, "on_code", False):
        return

    def create_hashed_notebook(self, nb, *args, **kwargs):
        hashed, key = plain(self, nb, *args, **kwargs)
        source = "\n".join(c.source for c in nb.cells if c.cell_type == "code")
        both = f"{key}:{fingerprint(source)}".encode()
        return hashed, hashlib.md5(both, usedforsecurity=False).hexdigest()

    create_hashed_notebook.on_code = True  # type: ignore[attr-defined]
    JupyterCacheBase.create_hashed_notebook = create_hashed_notebook


def open_cache() -> JupyterCacheAbstract:
    key_on_code()
    return get_cache(str(CACHE))


def load_from_cache(cache: JupyterCacheAbstract, page: Page) -> bool:
    """Fill the page from the cache, where it is there and whole."""
    try:
        record = cache.match_cache_notebook(page.notebook)
        _, notebook = cache.merge_match_into_notebook(page.notebook)
    except (KeyError, OSError, ValueError):  # absent, or left half written by a kill
        return False
    page.notebook, page.usage = notebook, record.data
    return "cpu_s" in page.usage


def store(cache: JupyterCacheAbstract, page: Page) -> None:
    bundle = CacheBundleIn(page.notebook, str(page.path), data=page.usage)
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def stale(docs: Collection[str] | None = None) -> list[str]:
    """Return the names of the pages, of these or of all, that would be executed."""
    cache = open_cache()
    paths = [(chapter, path) for chapter in written() for path in chapter.files]
    if docs is not None:
        paths = [(chapter, path) for chapter, path in paths if path.stem in docs]
    return [path.stem for chapter, path in paths if not current(cache, chapter, path)]


def current(cache: JupyterCacheAbstract, chapter: Chapter, path: Path) -> bool:
    try:
        return load_from_cache(cache, read_page(chapter, path))
    except ChapterError:
        return False
