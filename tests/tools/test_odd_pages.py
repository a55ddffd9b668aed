"""Pages that no one should write, and that nothing may run over or across."""

import re
import shutil

import pytest
from chapters import ROOT
from kit.small_book import FRONT, SmallBook
from pypdf import PdfReader
from tex import lacking

pytestmark = pytest.mark.slow
TITLE = "A Title That Fills Three Lines " * 5
CAPTION = "A caption that tells what should stand in the text. " * 20
FIGURE = f"""
```{{figure}} assets/logo.svg
:name: fig-long
:alt: A mark

{CAPTION}
```
"""
WIDE = """import pandas as pd
pd.DataFrame([[1.5] * 40] * 3, columns=[f'column_{i}' for i in range(40)])"""
SECTIONS = """
(sm-first)=
## First

No figure here; {ref}`sm-second`.

(sm-second)=
## Second
"""
OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll('article :is(h1, h2, p, figure, .cell)')]
    .filter(e => !e.parentElement.closest('figure, .cell'))
    .map(e => e.getBoundingClientRect()).filter(b => b.height);
  return boxes.slice(1).filter((b, i) => b.top < boxes[i].bottom - 1).length;
}"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A chapter with all that is odd, and one with neither figure nor output."""
    book = SmallBook(tmp_path_factory.mktemp("odd") / "book")
    front = FRONT.replace("# Small", f"# {TITLE}").replace("Small,", f"{TITLE},")
    book.write("1 + 1", WIDE, front=front + SECTIONS + FIGURE)
    words = FRONT.replace("number: 3", "number: 4").replace("03_small", "04_words")
    words = words.replace("ch-small", "ch-words").replace("Small", "Words")
    book.page.with_name("words.md").write_text(
        words + "\nWords alone, but see {ref}`sm-second`.\n"
    )
    book.furnish("small", "words")
    shutil.copytree(ROOT / "book" / "_tex", book.page.parent / "_tex")
    assert book.execute()[0] == 0
    book.python("import build; build.site()")
    return book


@pytest.mark.parametrize("name", ["small", "words"])
@pytest.mark.parametrize("width", [390, 1300])
def test_nothing_overlaps_and_only_tables_scroll(book, browser, name, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto((book.root / "_build" / "html" / f"{name}.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERLAPS) == 0
    page.close()


@pytest.mark.skipif(bool(lacking()), reason=f"no PDF without {lacking()}")
def test_nothing_runs_over_the_margin(book):
    book.python("import build; build.pdf()")
    pdf = book.root / "_build" / "pdf" / "machine-learning-mastery.pdf"
    folder = book.root / "_build" / "print" / "_build" / "latex"
    log = (folder / "book.log").read_text(encoding="utf-8", errors="replace")
    wide = [float(pt) for pt in re.findall(r"^Overfull \\hbox \(([\d.]+)pt", log, re.M)]
    assert [pt for pt in wide if pt > 1] == []
    text = "\n".join(page.extract_text() for page in PdfReader(pdf).pages)
    assert re.search(r"but see Second \(page \d+\)", text)
    assert "here; Second." in text  # on the same page of the site
