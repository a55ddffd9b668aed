"""One visit to a built page: it is opened once, looked at, and examined by axe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

DESK, PHONE = {"width": 1300, "height": 900}, {"width": 390, "height": 900}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]

LOOK = """() => {
  const texts = (where) => [...document.querySelectorAll(where)].map(e => e.innerText.trim());
  return {
    title: document.title,
    raw_maths: document.querySelectorAll('span.math, div.math').length,
    set_maths: document.querySelectorAll('mjx-container').length,
    headings: texts('article h1'),
    active: texts('.bd-sidebar-primary .active'),
    figures: texts('figcaption .caption-number'),
    equations: texts('.eqno'),
    alternatives: [...document.querySelectorAll('article img:not(.hero)')].map(i => i.alt),
  };
}"""

# axe's time goes with the number of elements; a chapter has 12,000, nearly all of them
# tokens of code and parts of formulas. What looks alike in all cases is kept once.
THIN_CODE_AND_FORMULAS = """() => {
  const seen = new Set();
  const first = (key) => !seen.has(key) && !!seen.add(key);
  const places = '.cell_input, .cell_output, details, .admonition, article';
  const place = (e) => e.closest(places).className;
  for (const token of document.querySelectorAll('.highlight pre span[class]'))
    if (!first(place(token) + token.className)) token.replaceWith(token.textContent);
  for (const formula of document.querySelectorAll('mjx-container'))
    if (!first(place(formula) + formula.parentElement.tagName)) formula.remove();
}"""

# Colours follow from an element's kind, classes and place, never from its words.
THIN_TEXTS = """() => {
  const seen = new Set();
  const kind = (e) => e.tagName + e.className + (e.getAttribute('style') || '')
    + (e.tagName == 'TR' ? e.sectionRowIndex % 2 : '');
  const path = (e) => e === document.body ? '' : path(e.parentElement) + '>' + kind(e);
  const leaves = [...document.body.querySelectorAll('*')].filter(e => !e.children.length);
  for (const leaf of leaves) {
    const key = path(leaf);
    if (seen.has(key)) leaf.remove(); else seen.add(key);
  }
}"""

# Transitions begin with the frame after the change, and the theme lets boxes that now
# scroll have the focus 300 ms after the window got another size. The bar of progress runs
# with the scrolling, not with time: it never finishes.
SETTLED = """() => new Promise(go => setTimeout(go, 500))
  .then(() => Promise.race([
    Promise.allSettled(document.getAnimations()
      .filter(a => a.timeline === document.timeline).map(a => a.finished)),
    new Promise(go => setTimeout(go, 2000)),
  ]))"""


@dataclass
class Visit:
    """What was seen of a page.

    Attributes
    ----------
    trouble : list of str
        Errors of scripts and requests, and addresses outside of loopback.
    seen : dict
        What `LOOK` reads off the page.
    faults : list of tuple of str
        What axe found and where the page scrolls sideways: (view, rule, element).
    """

    trouble: list[str]
    seen: dict[str, Any]
    faults: list[tuple[str, str, str]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["seen"][name]
        except KeyError:
            raise AttributeError(name) from None


def show(page: Page, size: dict[str, int], scheme: str = "light") -> None:
    """Set the window's size and the colours that the system asks for."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(size)
    page.wait_for_selector(f"html[data-theme={scheme}]", state="attached")
    page.evaluate(SETTLED)


def axe(page: Page, view: str, **options: Any) -> list[tuple[str, str, str]]:
    """Return axe's violations as (view, rule, first element)."""
    found = Axe().run(page, options=options).response["violations"]
    return [(view, v["id"], v["nodes"][0]["html"][:200]) for v in found]


def sideways(page: Page, view: str) -> list[tuple[str, str, str]]:
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    return [(view, "scrolls sideways", "")] if wide else []


def examine(page: Page) -> list[tuple[str, str, str]]:
    """Return what is wrong with a page opened at a desk, then on a phone and in the dark.

    The page is thinned on the way.
    """
    faults = sideways(page, "desk")  # as it was opened
    show(page, PHONE)
    faults += sideways(page, "phone")
    page.evaluate(THIN_CODE_AND_FORMULAS)
    faults += axe(page, "phone", runOnly=["scrollable-region-focusable"])
    show(page, DESK)
    rules = {"color-contrast": {"enabled": False}}
    faults += axe(page, "desk", runOnly=WCAG, rules=rules)
    page.evaluate(THIN_TEXTS)
    for scheme in ("light", "dark"):
        show(page, DESK, scheme)
        faults += axe(page, scheme, runOnly=["color-contrast"])
    return faults
