"""Live code in the page: one Jupyter server and one page, whose cells are run."""

from collections.abc import Iterator

import pytest
from kit.servers import free_port
from playwright.sync_api import Locator, Page
from serve import start_jupyter

from mlmastery.check import load_exercise

pytestmark = pytest.mark.site
SLOW = 90_000  # milliseconds that a busy machine may take to start Python
PAGE, FIGURE, EXERCISE = "linear_regression", "#fig-lr-result", "3.1"


@pytest.fixture(scope="module")
def jupyter(address) -> Iterator[str]:
    port = free_port()
    process = start_jupyter(port, address, "a-token")
    yield f"jupyter=http://127.0.0.1:{port}&token=a-token"
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="module")
def live(watched_throughout, address, jupyter):
    page = watched_throughout.open(f"{address}/{PAGE}.html?{jupyter}")
    page.locator("button[aria-label='Launch interactive content']").click()
    page.get_by_text("Live Code").click()
    page.get_by_text("Python is ready").wait_for(timeout=SLOW)
    return watched_throughout


@pytest.fixture
def page(live) -> Page:
    return live.page


def cells(page: Page) -> Locator:
    """Return the cells that can be run, which are the same after they have run."""
    return page.locator("div.cell", has=page.locator(".thebe-cell"))


def cell_with(page: Page, selector: str) -> Locator:
    """Return the first cell whose output the page shows and that holds this."""
    find = (
        f"all => all.findIndex(cell => cell.querySelector('.cell_output {selector}'))"
    )
    return cells(page).nth(cells(page).evaluate_all(find))


def put(cell: Locator, code: str) -> None:
    cell.locator(".CodeMirror").evaluate(
        "(e, code) => e.CodeMirror.setValue(code)", code
    )


def press(cell: Locator, name: str = "Run") -> None:
    cell.get_by_role("button", name=name, exact=True).click()


def test_each_cell_with_code_has_an_editor_and_its_own_place_for_output(page):
    assert cells(page).count() > 20
    places = "all => all.map(cell => cell.querySelectorAll('.live-output').length)"
    assert set(cells(page).evaluate_all(places)) == {1}
    assert page.locator("details .live-output").count() == 0  # would be folded away
    assert page.locator(".cell:not(:has(.cell_input)) .CodeMirror").count() == 0


def test_an_editor_is_as_high_as_its_code(page):
    measure = "all => all.map(e => [e.CodeMirror.lineCount(), e.offsetHeight])"
    sizes = page.locator(".thebe-input .CodeMirror").evaluate_all(measure)
    shown = [(lines, height) for lines, height in sizes if height]
    assert shown
    assert [s for s in shown if not 14 * s[0] < s[1] < 24 * s[0] + 30] == []
    assert all(height < 120 for lines, height in shown if lines <= 3)


def test_buttons_and_editors_have_names(page):
    buttons = page.locator(".live-bar button, .thebe-controls button")
    names = set(buttons.all_inner_texts())
    assert names == {
        "Stop",
        "Restart Python",
        "Run",
        "Run all up to here",
        "",
    }  # folded
    texts = buttons.evaluate_all("all => all.map(b => b.textContent)")
    assert all(texts)
    editors = page.locator(".thebe-input textarea")
    assert all(
        editors.evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
    )


def test_the_books_figure_style_is_set_before_the_first_cell(page):
    put(
        cells(page).last,
        "import matplotlib as m\nprint('top', m.rcParams['axes.spines.top'])",
    )
    press(cells(page).last)
    cells(page).last.get_by_text("top False").wait_for(timeout=SLOW)


def test_new_output_replaces_the_pages_own(page):
    cell = cell_with(page, "table.dataframe")
    assert cell.locator("table").is_visible()  # until it is run
    code = cell.locator(".CodeMirror").evaluate("e => e.CodeMirror.getValue()")
    put(cell, "no_such_name")
    press(cell)
    cell.get_by_text("NameError: name").wait_for(timeout=SLOW)
    assert cell.locator("table").count() == 0
    put(cell, code)
    press(cell, "Run all up to here")
    cell.locator(".live-output table").wait_for(timeout=SLOW)
    assert "NameError" not in cell.inner_text()


def test_a_folded_figure_is_drawn_anew_outside_of_its_fold(page):
    cell = cells(page).filter(has=page.locator(FIGURE))
    fold = cell.locator("details.fold")
    assert fold.get_attribute("open") is None
    assert cell.locator("img").get_attribute("src").startswith("_images/")
    fold.locator("summary").click()
    press(cell, "Run all up to here")
    drawn = cell.locator(".live-output img")
    drawn.wait_for(timeout=SLOW)
    fold.locator("summary").click()
    assert fold.get_attribute("open") is None
    assert drawn.is_visible()
    assert cell.locator("img").count() == 1
    assert len(drawn.get_attribute("alt")) > 20
    assert cell.locator("figcaption").is_visible()


def test_an_exercise_gives_its_verdict(page):
    stub = page.locator(f"[class~='check-{EXERCISE}']")
    verdict = stub.locator("xpath=following-sibling::div[1]")
    press(stub)
    verdict.get_by_text("Not written yet").wait_for(timeout=SLOW)
    code = stub.locator(".CodeMirror").evaluate("e => e.CodeMirror.getValue()")
    exercise = load_exercise(EXERCISE)
    assert exercise.stub_text.strip() in code
    put(stub, code.replace(exercise.stub_text.strip(), exercise.solution_text))
    press(stub)
    verdict.get_by_text("Passed all").wait_for(timeout=SLOW)
    assert "Not written yet" not in verdict.inner_text()


def test_an_endless_loop_is_stopped_and_a_restart_forgets_all_but_the_style(page):
    cell = cells(page).last
    put(cell, "kept = 1\nprint('in the loop')\nwhile True: pass")
    press(cell)
    cell.locator(".live-output").get_by_text("in the loop").wait_for(timeout=SLOW)
    page.get_by_role("button", name="Stop").click()
    cell.locator(".live-output").get_by_text("KeyboardInterrupt:").wait_for(
        timeout=SLOW
    )
    page.get_by_role("button", name="Restart Python").click()
    page.get_by_text("Python is new").wait_for(timeout=SLOW)
    put(
        cell,
        "import matplotlib as m\nprint('kept' in dir(), m.rcParams['axes.spines.top'])",
    )
    press(cell)
    cell.get_by_text("False False").wait_for(timeout=SLOW)


def test_nothing_went_wrong_or_was_loaded_from_elsewhere(live):
    assert live.trouble == []
