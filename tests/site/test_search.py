"""The search: sections and terms, best first, from a server and from disk."""

import json
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from chapters import written

pytestmark = pytest.mark.site
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
LINKS = "#search-results li a"
STATUS = "#search-results [role=status]"
RATE = "linear_regression.html#choosing-the-learning-rate"


def search(watched, site, query):
    page = watched.open(f"{site}/search.html?q={quote(query)}")
    page.locator(STATUS).filter(has_not_text="Searching").wait_for()
    return page


def addresses(page):
    return page.locator(LINKS).evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )


def index_of(html):
    text = (html / "_static" / "booksections.js").read_text("utf-8")
    return json.loads(text.removeprefix("window.bookSections = ").rstrip(";\n"))[
        "pages"
    ]


@pytest.fixture(params=["server", "disk"])
def site(request, address, html):
    return address if request.param == "server" else f"file://{html}"


def test_a_section_and_a_term_are_found_first(watched, site):
    page = search(watched, site, "learning rate")
    assert RATE in addresses(page)[:2]
    assert "glossary.html#term-learning-rate" in addresses(page)[:3]
    found = page.locator("#search-results li", has_text="Choosing the learning").first
    title = found.locator("a").inner_text()
    assert title.startswith("3. Linear Regression from Scratch › 3.")
    assert title.endswith(". Choosing the learning rate")
    marks = {mark.lower() for mark in found.locator(".context mark").all_inner_texts()}
    assert {"learning", "rate"} <= marks
    assert watched.trouble == []


def test_a_result_leads_to_its_section(watched, site):
    page = search(watched, site, "choosing the learning rate")
    page.locator(LINKS).first.click()
    page.wait_for_url(f"**/{RATE}")
    assert page.locator("#choosing-the-learning-rate h2").is_visible()
    assert watched.trouble == []


def test_the_theme_s_field_leads_to_the_results(watched, address):
    page = watched.open(f"{address}/index.html")
    page.keyboard.press("Control+k")
    page.locator("#pst-search-dialog input").fill("gradient descent")
    page.keyboard.press("Enter")
    page.locator(LINKS).first.wait_for()
    assert addresses(page)[0] == "glossary.html#term-gradient-descent"
    assert any(a.startswith("linear_regression.html#") for a in addresses(page)[:8])
    values = page.locator("input[name=q]").evaluate_all("all => all.map(i => i.value)")
    assert set(values) == {"gradient descent"}


@pytest.mark.parametrize("query", ["momentun", "momentu", "MOMENTUM"])
def test_a_slip_a_beginning_and_capitals_still_find(watched, address, query):
    page = search(watched, address, query)
    assert any(a.startswith("neural_network.html#") for a in addresses(page))
    assert "Momentum" in page.locator("#search-results mark").all_inner_texts()


def test_all_words_are_wanted_and_else_some(watched, address):
    page = search(watched, address, "ridge xylophone")
    assert "No section has all the words" in page.locator(STATUS).inner_text()
    assert any("ridge" in a for a in addresses(page))
    assert page.locator(LINKS).count() <= 50


def test_nonsense_gives_a_message_and_no_error(watched, site):
    page = search(watched, site, "zzzqqqxxx")
    assert "Nothing was found for “zzzqqqxxx”" in page.locator(STATUS).inner_text()
    assert page.locator(LINKS).count() == 0
    assert watched.trouble == []


def test_markup_in_a_query_is_text(watched, address):
    query = "<img src=x onerror=alert(1)><script>document.title='!'</script>"
    page = search(watched, address, query)
    assert query in page.locator(STATUS).inner_text()
    assert page.locator("#search-results :is(img, script)").count() == 0
    assert page.title() != "!"
    assert watched.trouble == []


def test_an_empty_query_shows_the_field_only(watched, address):
    page = watched.open(f"{address}/search.html")
    assert page.locator("#search-results > *").count() == 0
    assert page.evaluate("document.activeElement.name") == "q"
    assert watched.trouble == []


def test_without_javascript_the_page_says_so(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/search.html?q=ridge")
    assert "JavaScript" in page.inner_text("main .admonition.error")
    context.close()


def test_axe_finds_no_violation_in_the_results(watched, address):
    page = search(watched, address, "learning rate")
    for theme, width in (("light", 1300), ("dark", 1300), ("light", 390)):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(1000)  # the theme's columns move
        found = Axe().run(page, options={"runOnly": WCAG}).response["violations"]
        seen = [(v["id"], v["nodes"][0]["html"][:200]) for v in found]
        assert (theme, width, seen) == (theme, width, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


def test_the_index_has_each_page_small_and_every_address_leads_somewhere(html):
    index = index_of(html)
    assert {doc for c in written() for doc in c.docs} <= index.keys()
    assert (html / "_static" / "booksections.js").stat().st_size < 2_400_000
    for page in index.values():
        text = (html / page["url"]).read_text("utf-8")
        ids = {e["id"] for e in BeautifulSoup(text, "html.parser").find_all(id=True)}
        assert {anchor for anchor, *_ in page["sections"]} - {""} <= ids


def test_titles_in_the_index_are_the_page_s(html):
    for page in index_of(html).values():
        soup = BeautifulSoup((html / page["url"]).read_text("utf-8"), "html.parser")
        shown = [h.get_text() for h in soup.select("article :is(h1, h2, h3, h4)")]
        plain = {" ".join(h.removesuffix("#").split()) for h in shown}
        titles = {t[-1] for anchor, t, *_ in page["sections"] if "term-" not in anchor}
        assert {t for t in titles if "…" not in t} <= plain


def test_only_the_search_page_loads_the_index(html):
    for path in html.glob("*.html"):
        loads = "booksections.js" in path.read_text("utf-8")
        assert loads == (path.name == "search.html")
