"""The built site in Debian's Chromium, with every address but loopback refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from chapters import ROOT
from playwright.sync_api import Browser, BrowserContext, Page
from serve import serve_folder

HTML = ROOT / "_build" / "html"
MATHS_IS_SET = """async () => {
  if (!document.querySelector('span.math, div.math')) return true;
  const ready = window.MathJax?.startup?.promise;
  return ready ? ready.then(() => true) : false;
}"""


@pytest.fixture(scope="session")
def html() -> Path:
    if not (HTML / "index.html").exists():
        pytest.fail("there is no site: run make book first")
    return HTML


@pytest.fixture(scope="session")
def address(html: Path) -> Iterator[str]:
    server = serve_folder(html)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Watched:
    """A page whose errors and outside requests are noted."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.trouble: list[str] = []
        self.page.on(
            "console", lambda m: self.note(f"console: {m.text}", m.type == "error")
        )
        self.page.on("pageerror", lambda e: self.note(f"script: {e}", True))
        self.page.on("requestfailed", lambda r: self.note(f"request: {r.url}", True))
        self.page.route("**/*", self.guard)

    def note(self, text: str, bad: bool) -> None:
        if bad:
            self.trouble.append(text)

    def guard(self, route) -> None:
        inside = ("http://127.0.0.1:", "http://localhost:", "data:", "blob:", "file:")
        if route.request.url.startswith(inside):
            route.continue_()
        else:
            route.abort()

    def open(self, url: str) -> Page:
        """Go to the address and wait until all its maths is set."""
        self.page.goto(url, wait_until="networkidle")
        self.page.wait_for_function(MATHS_IS_SET)
        return self.page


@pytest.fixture(scope="session")
def watcher(browser: Browser):
    """Return what opens a page of its own that is watched, and closes it."""

    @contextmanager
    def watch() -> Iterator[Watched]:
        context = browser.new_context(
            viewport={"width": 1300, "height": 900}, accept_downloads=True
        )
        yield Watched(context)
        context.close()

    return watch


@pytest.fixture
def watched(watcher) -> Iterator[Watched]:
    with watcher() as watched:
        yield watched


@pytest.fixture(scope="module")
def watched_throughout(watcher) -> Iterator[Watched]:
    """Yield a page that all tests of a module share."""
    with watcher() as watched:
        yield watched
