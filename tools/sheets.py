"""Print the chapters' pages by Chromium: PDFs with tags, which a screen reader needs.

The typeset book has none: LuaLaTeX writes them only in versions that come after Debian's.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from chapters import Chapter
from serve import serve_folder

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking"
FLAGS += " disable-component-update disable-sync"
OPTIONS = [f"--{flag}" for flag in FLAGS.split()]
MATHS_IS_SET = "() => window.MathJax?.startup?.promise?.then(() => true) ?? true"


def name_of(doc: str) -> str:
    """Return the name of a page's own PDF, beside that of the book."""
    return f"{doc}.pdf"


def links(chapter: Chapter) -> str:
    """Return the links to the PDFs of a chapter's pages, where they can be made."""
    if not CHROMIUM:
        return ""
    docs = chapter.docs
    words = [f"Page {i} as PDF" for i in range(1, len(docs) + 1)]
    labelled = zip(docs, words if len(docs) > 1 else ["Chapter as PDF"], strict=True)
    return " ".join(
        f'<a href="downloads/{name_of(doc)}" download>{word}</a>'
        for doc, word in labelled
    )


def print_changed(html: Path, folder: Path, docs: list[str], style: str) -> list[str]:
    """Print the pages that are not those that their PDFs were made from.

    Parameters
    ----------
    html : Path
        The built site.
    folder : Path
        Where the PDFs go.
    docs : list of str
        Names of pages, without ``.html``.
    style : str
        Digest of what the pages share, such as the style sheet.

    Returns
    -------
    list of str
        The names of the pages that were printed.
    """
    record = folder / "sheets.json"
    made = json.loads(record.read_text()) if record.exists() else {}
    now = {doc: [style, (html / f"{doc}.html").stat().st_mtime_ns] for doc in docs}
    there = {doc for doc in docs if (folder / name_of(doc)).exists()}
    todo = [doc for doc in docs if made.get(doc) != now[doc] or doc not in there]
    if todo:
        print_pages(html, folder, todo)
    record.write_text(json.dumps(now))
    return todo


def print_pages(html: Path, folder: Path, docs: list[str]) -> None:
    """Print pages of the site as PDFs of A4 sheets with tags, outline and language."""
    from playwright.sync_api import sync_playwright

    server = serve_folder(html)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
            page = browser.new_page(color_scheme="light")
            for doc in docs:
                page.goto(f"http://127.0.0.1:{server.server_port}/{doc}.html")
                page.evaluate(MATHS_IS_SET)
                target = folder / name_of(doc)
                page.pdf(
                    path=target,
                    tagged=True,
                    outline=True,
                    print_background=True,
                    prefer_css_page_size=True,
                )
            browser.close()
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    site, folder, style, *docs = sys.argv[1:]
    print(*print_changed(Path(site), Path(folder), docs, style), sep="\n")
