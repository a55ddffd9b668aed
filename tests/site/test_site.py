"""The site as a reader meets it: offline, in a browser, at a desk and on a phone."""

import json
import pickle
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from chapters import ROOT, written
from links import broken_links

pytestmark = pytest.mark.site
TOC = [
    line.split("file:")[1].strip()
    for line in (ROOT / "_toc.yml").read_text().splitlines()
    if "file:" in line
]
PAGES = ["index", *TOC]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
CHAPTERS = [c.slug for c in written()]
FIRST = written()[0]


@pytest.mark.parametrize("name", PAGES)
def test_page_loads_offline_without_an_error(watched, address, name):
    page = watched.open(f"{address}/{name}.html")
    assert page.title()
    raw = page.locator("span.math, div.math").count()
    assert page.locator("mjx-container").count() >= raw  # all maths is set
    assert watched.trouble == []


def test_site_works_from_disk(watched, html):
    page = watched.open(f"file://{html}/{FIRST.slug}.html")
    page.wait_for_selector("mjx-container")
    assert page.locator("mjx-container").count() > 10
    assert watched.trouble == []


def test_every_inside_link_leads_somewhere_and_nothing_is_loaded_from_outside(html):
    assert broken_links(html) == []


def test_a_changed_chapter_has_no_other_read_again_that_does_not_build_on_it(
    monkeypatch, html
):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    made = pickle.loads((html.parent / ".doctrees" / "environment.pickle").read_bytes())
    for chapter in written():
        read = {Path(d).stem for d in made.dependencies[chapter.slug]}
        others = set(CHAPTERS) - {chapter.slug, *chapter.prerequisites}
        assert chapter.slug in read
        assert not read & others


def test_chapter_numbers_are_the_books_own(watched, address):
    for chapter in written():
        page = watched.open(f"{address}/{chapter.slug}.html")
        start = f"{chapter.number}. {chapter.title}"
        assert page.locator("article h1").first.inner_text().startswith(start)
        assert start in page.locator(".bd-sidebar-primary .active").last.inner_text()
        captions = page.locator("figcaption .caption-number").all_inner_texts()
        figures = [caption.strip() for caption in captions]
        assert figures == [
            f"Figure {chapter.number}.{n}" for n in range(1, len(figures) + 1)
        ]
        assert len(figures) >= 8
        assert (
            page.locator(".eqno").first.inner_text().startswith(f"({chapter.number}.1)")
        )


def test_images_have_alternatives(watched, address):
    for name in CHAPTERS:
        page = watched.open(f"{address}/{name}.html")
        alts = page.locator("article img").evaluate_all("all => all.map(i => i.alt)")
        assert all(len(alt) > 20 for alt in alts)


def test_search_finds_gradient_descent(watched, address):
    page = watched.open(f"{address}/search.html?q=gradient+descent")
    page.wait_for_selector("#search-results li a")
    found = page.locator("#search-results li a").all_inner_texts()
    assert any("Linear Regression" in text for text in found)


def test_dark_mode_turns_the_page_and_its_figures(watched, address):
    page = watched.open(f"{address}/{CHAPTERS[0]}.html")
    figure = page.locator(".cell_output img[src$='.svg']").first
    backgrounds = []
    for wanted in ("light", "dark"):
        for _ in range(3):
            if page.locator("html").get_attribute("data-theme") == wanted:
                break
            page.locator("button.theme-switch-button:visible").first.click()
        assert page.locator("html").get_attribute("data-theme") == wanted
        backgrounds.append(
            page.evaluate("getComputedStyle(document.body).backgroundColor")
        )
        inverted = "invert" in figure.evaluate("i => getComputedStyle(i).filter")
        assert inverted == (wanted == "dark")
    assert backgrounds[0] != backgrounds[1]


def test_a_solution_opens(watched, address):
    page = watched.open(f"{address}/{CHAPTERS[0]}.html")
    solution = page.locator(".solution").first
    code = solution.locator(".solution-content, .highlight, p").last
    assert not code.is_visible()
    solution.locator("button, summary").first.click()
    code.wait_for(state="visible")


def test_a_curriculum_tick_survives_a_reload(watched, address):
    page = watched.open(f"{address}/curriculum.html")
    box = page.locator("input[type=checkbox]").nth(2)
    assert page.locator(".tick-total").inner_text().startswith("0 of")
    box.check()
    page.reload(wait_until="networkidle")
    assert page.locator("input[type=checkbox]").nth(2).is_checked()
    assert page.locator(".tick-total").inner_text().startswith("1 of")
    assert page.locator("input[type=checkbox]").count() >= 10 + 22


def test_the_curriculum_reads_without_javascript(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/curriculum.html")
    assert "Milestone" in page.inner_text("article")
    assert (
        page.locator("input[type=checkbox]:not(.toctree-checkbox)").count() <= 2
    )  # the theme's own
    context.close()


@pytest.mark.parametrize(
    ("label", "start"),
    [("Notebook", b"{"), ("The book as PDF", b"%PDF-")],
)
def test_downloads(watched, address, label, start):
    page = watched.open(f"{address}/{CHAPTERS[0]}.html")
    with page.expect_download() as download:
        page.get_by_role("link", name=label, exact=True).click()
    content = download.value.path().read_bytes()
    assert content.startswith(start)
    if start == b"{":
        assert json.loads(content)["nbformat"] == 4


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(browser, address, name):
    page = browser.new_page()
    page.goto(f"{address}/{name}.html", wait_until="networkidle")
    seen = []
    for theme, width, rules in (
        ("light", 1300, WCAG),
        ("light", 390, WCAG),
        ("dark", 1300, ["color-contrast"]),  # all that the dark theme changes
    ):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(1000)  # the theme's columns move
        found = Axe().run(page, options={"runOnly": rules}).response["violations"]
        seen += [(theme, width, v["id"], v["nodes"][0]["html"][:200]) for v in found]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
            seen.append((theme, width, "scrolls sideways", ""))
    page.close()
    assert seen == []
