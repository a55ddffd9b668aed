"""The site as a reader meets it: offline, in a browser, at a desk and on a phone."""

import json
import pickle
import re
from pathlib import Path

import pytest
from chapters import ROOT, find, written
from kit.visit import LOOK, Visit, examine
from links import broken_links

pytestmark = pytest.mark.site
TOC = [
    line.split("file:")[1].strip()
    for line in (ROOT / "_toc.yml").read_text().splitlines()
    if "file:" in line
]
PAGES = ["index", *TOC]
CHAPTERS = [c.slug for c in written()]
FIRST = written()[0]


@pytest.fixture(scope="module")
def visit(browser, address, watcher):
    """Return what there was to see on a page: each is opened and examined once."""
    visits: dict[str, Visit] = {}

    def visit(name: str) -> Visit:
        if name not in visits:
            with watcher() as watched:
                page = watched.open(f"{address}/{name}.html")
                seen, trouble = page.evaluate(LOOK), list(watched.trouble)
                visits[name] = Visit(trouble, seen, examine(page))
        return visits[name]

    return visit


@pytest.mark.visit
@pytest.mark.parametrize("name", PAGES)
def test_page_loads_offline_without_an_error(visit, name):
    page = visit(name)
    assert page.title
    assert page.set_maths >= page.raw_maths  # all maths is set
    assert page.trouble == []


@pytest.mark.visit
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(visit, name):
    assert visit(name).faults == []


@pytest.mark.visit
@pytest.mark.parametrize("name", CHAPTERS)
def test_chapter_numbers_are_the_books_own(visit, name):
    chapter = find(name)
    first, *_ = seen = [visit(doc) for doc in chapter.docs]
    start = f"{chapter.number}. {chapter.title}"
    assert first.headings[0].startswith(start)
    assert start in first.active[-1]
    figures = [figure for page in seen for figure in page.figures]
    assert len(figures) >= 8
    assert figures == [f"Figure {chapter.number}.{n + 1}" for n in range(len(figures))]
    equations = [
        re.match(r"\([\d.]+\)", text)[0] for page in seen for text in page.equations
    ]
    assert equations
    assert equations == [f"({chapter.number}.{n + 1})" for n in range(len(equations))]


def test_a_shared_link_has_a_picture(html):
    page = (html / "index.html").read_text("utf-8")
    (address,) = re.findall(r'property="og:image" content="([^"]+)"', page)
    assert (html / "_static" / address.rsplit("/_static/")[1]).is_file()


@pytest.mark.parametrize("name", PAGES)
def test_every_header_cell_says_what_it_heads(html, name):
    heads = re.findall(r"<th\b[^>]*>", (html / f"{name}.html").read_text("utf-8"))
    assert [head for head in heads if " scope=" not in head] == []


@pytest.mark.visit
@pytest.mark.parametrize("name", CHAPTERS)
def test_images_have_alternatives(visit, name):
    assert [alt for alt in visit(name).alternatives if len(alt) <= 20] == []


BAD = {
    "image-alt": "<img src='_static/logo.svg'>",
    "color-contrast": "<p style='color: #eee; background: #fff'>Pale words</p>",
    "label": "<input type='text'>",
    "scrollable-region-focusable": "<div style='width: 200px; height: 50px; overflow:"
    " scroll'><p style='width: 900px'>No link</p><p>nor another</p></div>",
    "scrolls sideways": "<div style='width: 3000px'>Wide</div>",
}


@pytest.mark.parametrize("rule", BAD)
def test_the_examination_finds_what_is_planted(watched, address, rule):
    page = watched.open(f"{address}/notation.html")
    plant = "html => document.querySelector('article').insertAdjacentHTML('beforeend', html)"
    page.evaluate(plant, BAD[rule])
    assert rule in {name for _, name, _ in examine(page)}


def test_a_colour_that_is_pale_in_the_dark_alone_is_found(watched, address):
    page = watched.open(f"{address}/notation.html")
    page.add_style_tag(content="html[data-theme=dark] article p {color: #222}")
    assert {(view, rule) for view, rule, _ in examine(page)} == {
        ("dark", "color-contrast")
    }


def test_a_pale_token_of_code_is_found(watched, address):
    page = watched.open(f"{address}/setup.html")
    tokens = "html[data-theme=light] .highlight pre span"
    page.add_style_tag(content=f"{tokens} {{color: #eee !important}}")
    assert ("light", "color-contrast") in {fault[:2] for fault in examine(page)}


def test_site_works_from_disk(watched, html):
    page = watched.open(f"file://{html}/{FIRST.slug}.html")
    page.wait_for_selector("mjx-container")
    assert page.locator("mjx-container").count() > 10
    assert watched.trouble == []


def test_the_landing_page_shows_a_picture_of_each_chapter(html):
    page = (html / "index.html").read_text(encoding="utf-8")
    pictures = re.findall(r'<img [^>]*class="thumbnail"[^>]* src="([^"]+)"', page)
    assert len(pictures) == len(written())
    assert [p for p in pictures if not (html / p).is_file()] == []
    assert f"<b>{len(written())} of 22</b>" in page


def test_the_landing_page_has_a_film_a_claim_with_its_code_and_ten_weeks(html):
    page = (html / "index.html").read_text(encoding="utf-8")
    assert len(re.findall(r'<div class="frame[ "]', page)) > 5
    claim = re.search(r'class="claim-and-code.*?href="([^"#]+)#([^"]+)"', page, re.S)
    assert f'id="{claim[2]}"' in (html / claim[1]).read_text(encoding="utf-8")
    weeks = re.findall(r'href="curriculum.html#([^"]+)">Week', page)
    curriculum = (html / "curriculum.html").read_text(encoding="utf-8")
    assert len(weeks) == 10
    assert [w for w in weeks if f'id="{w}"' not in curriculum] == []


def test_each_opener_shows_a_claim_that_stands_in_its_chapter(html):
    for chapter in written():
        page = (html / f"{chapter.slug}.html").read_text(encoding="utf-8")
        there = re.search(r'class="opener-proof.*?href="([^"#]*)#([^"]+)"', page, re.S)
        place = html / (there[1] or f"{chapter.slug}.html")
        assert place.stem in chapter.docs
        assert f'id="{there[2]}"' in place.read_text(encoding="utf-8")
        assert page.count('<div class="opener-work') == 1


def test_the_opener_shows_what_the_first_section_arrives_at(html):
    shown = 0
    for slug in CHAPTERS:
        page = (html / f"{slug}.html").read_text(encoding="utf-8")
        heroes = re.findall(r'<img alt="" class="hero" src="([^"]+)"', page)
        first = page.split('<h2><span class="section-number">')[1]
        assert [h for h in heroes if f'src="{h}"' not in first] == []
        shown += len(heroes)
    assert shown >= len(CHAPTERS) * 2 / 3


FORMULAS = """() => [...document.querySelectorAll('mjx-container[display]')].map(f => ({
  share: parseFloat(f.style.fontSize) / parseFloat(f.dataset.size),
  over: f.scrollWidth > f.clientWidth, keys: f.tabIndex}))"""


def test_on_a_phone_wide_formulas_shrink_before_they_scroll(watched, address):
    page = watched.open(f"{address}/linear_regression.html")
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_timeout(300)
    formulas = page.evaluate(FORMULAS)
    shares = [f["share"] for f in formulas]
    assert 0.7 <= min(shares) < 1  # one at least is too wide
    assert max(shares) == 1  # and one is not
    assert all(f["share"] < 0.701 and f["keys"] == 0 for f in formulas if f["over"])


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
        assert read  # figures, modules and exercises
        assert not read & others


def test_search_finds_gradient_descent(watched, address):
    page = watched.open(f"{address}/search.html?q=gradient+descent")
    page.wait_for_selector("#search-results li a")
    found = page.locator("#search-results li a").all_inner_texts()
    assert any("Linear Regression" in text for text in found)


def test_dark_mode_turns_the_page_and_its_figures(watched, address):
    page = watched.open(f"{address}/{CHAPTERS[0]}.html")
    figure = page.locator(".cell_output img[data-dark]").first
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
        drawn_dark = figure.get_attribute("src").endswith("-dark.svg")
        assert drawn_dark == (wanted == "dark")
        assert figure.evaluate("i => i.decode().then(() => i.naturalWidth > 0)")
    assert backgrounds[0] != backgrounds[1]


def test_paper_gets_the_light_figures_of_a_dark_page(watched, address):
    watched.page.emulate_media(color_scheme="dark")
    page = watched.open(f"{address}/{CHAPTERS[0]}.html")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    figure = page.locator(".cell_output img[data-dark]").first
    for event, dark in (("beforeprint", False), ("afterprint", True)):
        page.evaluate("name => window.dispatchEvent(new Event(name))", event)
        assert figure.get_attribute("src").endswith("-dark.svg") == dark


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
