"""Folds, claims, predictions and films in the browser: by mouse, keyboard and without script."""

import re

import pytest
from bs4 import BeautifulSoup
from chapters import written
from pages import run_of

pytestmark = pytest.mark.site
FILMS = [  # of each chapter the first page that has one
    pytest.param(file.stem, id=file.stem)
    for c in written()
    for file in [f for f in c.files if "\n```{frames} " in f.read_text("utf-8")][:1]
]
ASKING = [c.slug for c in written() if "\n```{predict} " in c.text]
VIEWS = {"desk": {"width": 1300, "height": 900}, "phone": {"width": 390, "height": 800}}


def visible(page):
    return page.locator("figure.frames").first.locator(".frame:visible")


def test_claims_stand_behind_their_evidence_and_stops_beside_their_formulas(html):
    text = (html / "neural_network.html").read_text("utf-8")
    soup = BeautifulSoup(text, "html.parser")
    claim = ".output:has(> .claim)"
    assert soup.select(f"{claim} ~ .output:not(:has(> .claim))") == []
    assert len(soup.select(f".output:not(:has(> .claim)) + {claim}")) >= 5
    assert len(soup.select(".together > .math")) > 20


def test_predictions_and_films_are_on_at_least_two_pages():
    assert len(FILMS) >= 2
    assert len(ASKING) >= 2


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("slug", FILMS)
def test_a_film_moves_by_keyboard_and_by_its_button(watched, address, slug, view):
    watched.page.set_viewport_size(VIEWS[view])
    page = watched.open(f"{address}/{slug}.html")
    film = page.locator("figure.frames").first
    slider, label = film.locator("input[type=range]"), film.locator("output")
    assert visible(page).count() == 1
    first = label.inner_text()
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert label.inner_text() != first
    assert slider.get_attribute("aria-valuetext") == label.inner_text()
    assert visible(page).get_attribute("data-label") == label.inner_text()
    page.keyboard.press("End")
    last = label.inner_text()
    button = film.locator("button")
    button.focus()
    page.keyboard.press("Enter")  # from the end it begins again, and plays
    assert (button.inner_text(), label.inner_text()) == ("Pause", first)
    page.wait_for_function(
        "f => f.querySelector('output').textContent !== f.dataset.was",
        arg=film.evaluate_handle("(f, was) => (f.dataset.was = was, f)", first),
    )
    button.click()
    assert button.inner_text() == "Play"
    assert label.inner_text() != last
    box = film.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= VIEWS[view]["width"] + 1
    assert watched.trouble == []


@pytest.mark.parametrize("slug", FILMS)
def test_the_pictures_of_a_film_weigh_at_most_400_kb(html, slug):
    text = (html / f"{slug}.html").read_text(encoding="utf-8")
    for film in re.findall(r'<figure class="[^"]*frames.*?</figure>', text, re.S):
        files = [html / name for name in re.findall(r'src="([^"]+)"', film)]
        assert len(files) >= 2
        assert sum(f.stat().st_size for f in files) <= 400_000


def test_a_film_turns_dark_with_the_page(watched, address):
    watched.page.emulate_media(color_scheme="dark")
    page = watched.open(f"{address}/{FILMS[0].values[0]}.html")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    sources = page.locator(".frames img[data-dark]").evaluate_all(
        "images => images.map((i) => i.getAttribute('src'))"
    )
    assert sources
    assert all(source.endswith("-dark.svg") for source in sources)


def test_on_paper_a_film_is_a_strip(watched, address):
    page = watched.open(f"{address}/{FILMS[0].values[0]}.html")
    page.emulate_media(media="print")
    assert 2 <= visible(page).count() <= 6
    assert not page.locator(".frames-controls").first.is_visible()


@pytest.fixture
def plain(browser):
    """Return a page of a reader who runs no scripts."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_all_reads_without_javascript(plain, address):
    plain.goto(f"{address}/{FILMS[0].values[0]}.html")
    assert 2 <= visible(plain).count() <= 6
    assert visible(plain).locator(".frame-label").first.is_visible()
    for kind, inside in (("fold", "pre"), ("claim", "pre"), ("predict", "p")):
        box = plain.locator(f"details.{kind}").first
        assert not box.locator(inside).first.is_visible()
        box.locator("summary").click()
        assert box.locator(inside).first.is_visible()


@pytest.mark.parametrize("slug", [ASKING[0], ASKING[-1]])
def test_the_keyboard_opens_folds_claims_and_predictions(watched, address, slug):
    page = watched.open(f"{address}/{slug}.html")
    for kind, inside in (("fold", "pre"), ("claim", "pre"), ("predict", "p")):
        box = page.locator(f"details.{kind}").first
        content = box.locator(inside).last
        assert not content.is_visible()
        box.locator("summary").focus()
        page.keyboard.press("Enter")
        assert content.is_visible()
        page.keyboard.press("Enter")
        assert not content.is_visible()


@pytest.mark.parametrize("chapter", [pytest.param(c, id=c.slug) for c in written()])
def test_a_page_shows_no_bookkeeping(html, chapter):
    records = re.compile(
        r'^(<span></span>)?<span class="n">(glue|claim|result|set_up)</span><span class="p">\(',
        re.M,
    )
    total = 0
    for doc in chapter.docs:
        text = (html / f"{doc}.html").read_text(encoding="utf-8")
        assert not records.search(text)
        claims = [c for c in run_of(chapter)["claims"] if c["page"] == doc]
        assert text.count('class="claim-quiet"') == sum(c["quiet"] for c in claims)
        shown = len(re.findall(r'<details class="claim" id="claim-\d+">', text))
        assert shown <= 16, "about twelve claims carry a page"
        total += shown
        assert '<details class="fold"' in text
    assert total >= 8, "about twelve claims carry a chapter"


def test_a_claims_link_leads_to_its_place_even_if_it_is_quiet(html):
    text = (html / "claims.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([\w-]+)\.html#(claim-\d+)"', text)
    pages = {d: (html / f"{d}.html").read_text() for d in {d for d, _ in links}}
    assert len(links) > 20 * len(pages)
    assert [x for x in links if f'id="{x[1]}"' not in pages[x[0]]] == []
