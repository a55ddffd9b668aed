"""The page of the sentiment service in the browser: a sentence, its words, bad input."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from mlmastery.sentiment_analysis import SentimentModel
from mlmastery.sentiment_analysis.service import serving

pytestmark = pytest.mark.site
TEXTS = ["good film", "a good one", "good", "bad film", "a bad one", "so bad"] * 4
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@pytest.fixture(scope="module")
def service():
    with serving(SentimentModel().fit(TEXTS, [1, 1, 1, 0, 0, 0] * 4)) as url:
        yield url


@pytest.fixture
def page(watched, service):
    watched.page.goto(service)
    return watched.page


def judge(page, text):
    page.get_by_label("A sentence in English").fill(text)
    page.get_by_role("button", name="Judge").click()


def test_a_sentence_shows_its_probability_and_signed_coloured_words(page, watched):
    judge(page, "so good, a bad one")
    expect(page.locator("#verdict")).to_contain_text("the probability of praise is")
    rows = {
        row.locator("th").inner_text(): row for row in page.locator("#words tr").all()
    }
    good, bad = rows["good"], rows["bad"]
    assert good.locator("td").inner_text()[0] == "+"
    assert bad.locator("td").inner_text()[0] == "\u2212"
    colours = [row.evaluate("e => getComputedStyle(e).color") for row in (good, bad)]
    assert colours[0] != colours[1]
    assert "(before any word)" in rows
    expect(page.locator("#unknown")).to_have_text("Not known: ,")
    assert watched.trouble == []


def test_typed_markup_is_shown_and_not_run(page, watched):
    page.evaluate("window.ran = false")
    typed = "<img src=x onerror='window.ran=true'><b>good</b>"
    judge(page, typed)
    expect(page.locator("#verdict")).not_to_be_empty()
    assert page.locator("main img, main b").count() == 0
    expect(page.locator("#said")).to_have_text(typed)
    assert page.evaluate("window.ran") is False
    assert watched.trouble == []


def test_refusals_are_said_and_the_old_answer_goes(page):
    judge(page, "good")
    expect(page.locator("#table")).to_be_visible()
    judge(page, "   ")
    expect(page.get_by_role("alert")).to_have_text(
        "text must hold a word or sign, got only spaces or nothing"
    )
    expect(page.locator("#verdict")).to_be_empty()
    expect(page.locator("#table")).to_be_hidden()
    expect(page.locator("#said")).to_have_text("")


def test_control_and_enter_judge(page):
    page.get_by_label("A sentence in English").fill("bad")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#verdict")).to_contain_text("negative")


def test_a_service_that_is_gone_is_said(page):
    page.route("**/predict", lambda route: route.abort())
    judge(page, "good")
    expect(page.get_by_role("alert")).to_have_text("The service does not answer.")


def test_axe_finds_no_violation(page):
    judge(page, "so good, a bad one, " + "x" * 300 + " 好 فيلم")
    expect(page.locator("#table")).to_be_visible()
    for theme, width in (("light", 1300), ("dark", 1300), ("light", 390)):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page, options={"runOnly": WCAG}).response["violations"]
        assert (theme, width, [v["id"] for v in found]) == (theme, width, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
