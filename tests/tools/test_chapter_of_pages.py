"""A chapter of several pages: one number, one count, one notebook, one budget."""

import re

import pytest
from kit.small_book import FRONT, SmallBook

FIRST = (
    FRONT.replace("summary:", "pages: [more], summary:")
    + """
```{chapter-card}
```

## One

$$a$$ (eq-one)

## Two

```{code-cell} ipython3
---
mystnb:
  figure:
    name: fig-one
    caption: The first.
  image: {alt: One line}
---
import matplotlib.pyplot as plt
from mlmastery.bookkit import claim, glue
_ = plt.plot([1, 2])
```

```{code-cell} ipython3
glue("first", 1)
claim("One is less than two.", 1 < 2)
claim("Two is less than three.", 2 < 3, quiet=True)
```

```{exercise-start} A
:label: ex-small-a
```
Do it.
```{exercise-end}
```
```{predict} Which comes next?
The one after it.
```
"""
)
SECOND = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
(small-more)=
# More

See {numref}`fig-one`, {eq}`eq-one`, {numref}`fig-two` and {ref}`the card <ch-small>`.

## Three

$$b$$ (eq-two)

```{code-cell} ipython3
---
mystnb:
  figure:
    name: fig-two
    caption: The second.
  image: {alt: Another line}
---
import matplotlib.pyplot as plt
from mlmastery.bookkit import claim, glue
_ = plt.plot([2, 1])
```

```{code-cell} ipython3
glue("second", 2)
claim("Three is less than four.", 3 < 4)
```

{glue:text}`second`

```{exercise-start} B
:label: ex-small-b
```
Do that.
```{exercise-end}
```
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    book = SmallBook(tmp_path_factory.mktemp("pages") / "book")
    book.page.write_text(FIRST)
    (book.root / "book" / "small-more.md").write_text(SECOND)
    book.furnish("small", "small-more")
    assert book.execute()[0] == 0
    book.python("import build; build.site(strict=False)")
    return book


@pytest.fixture(scope="module")
def html(book):
    return {
        name: (book.root / f"_build/html/{name}.html").read_text()
        for name in ("small", "small-more", "claims")
    }


def test_sections_figures_equations_and_exercises_count_on(html):
    first, second = html["small"], html["small-more"]
    heads = [
        re.findall(r'<h2><span class="section-number">([\d.]+) ', t)
        for t in html.values()
    ]
    assert heads[:2] == [["3.1.", "3.2."], ["3.3."]]
    for n, page in ((1, first), (2, second)):
        assert re.findall(r'"caption-number">Figure (3\.\d) ', page) == [f"3.{n}"]
        assert re.findall(r'"eqno">\((3\.\d)\)', page) == [f"3.{n}"]
        assert re.findall(r'"caption-number">Exercise (3\.\d) ', page) == [f"3.{n}"]


def test_the_second_page_refers_to_the_first_by_its_numbers(html):
    text = re.sub(r"<[^>]+>", "", html["small-more"])
    assert re.search(r"See Figure 3\.1, \(3\.1\), Figure 3\.2", text)


def test_the_card_and_the_claims_are_the_chapters(book, html):
    card = book.python(
        "import pages, chapters\nc = chapters.find('small')\n"
        "print(pages.chapter_card(c)); print(len(pages.run_of(c)['claims']))",
    )
    assert card.count("Measured") == 1
    assert card.splitlines()[-1] == "3"
    assert 'href="small.html#claim-1"' in html["claims"]
    assert 'href="small-more.html#claim-1"' in html["claims"]
    assert 'id="claim-2"' in html["small"]  # a quiet claim has its place too
    assert "Two is less than three" not in html["small"]
    assert "Two is less than three" in html["claims"]


def test_one_notebook_holds_both_pages(book):
    book.python("import notebooks, pathlib; notebooks.export(pathlib.Path('out'))")
    [path] = (book.root / "out").glob("*.ipynb")
    text = path.read_text()
    for part in ("# Small", "# More", "Exercise 3.2", "Figure 3.2", "tag{3.2}"):
        assert part in text
    assert "jupytext" not in text


def test_in_print_the_second_page_opens_no_chapter(book):
    code = (
        "import build\nbuild.sphinx('PDF', '--path-output', str(build.PRINT), "
        "'--builder', 'latex', strict=False)"
    )
    book.python(code)
    tex = (book.root / "_build/print/_build/latex/book.tex").read_text()
    assert re.findall(r"\\chapter\{(\w+)\}", tex).count("Small") == 1
    assert r"\chapter{More}" not in tex
    assert re.findall(r"\\section\{(\w+)\}", tex) == ["One", "Two", "Three"]
    assert "Show the code" not in tex
    assert tex.index("Which comes next?") < tex.index("The one after it.")
    assert tex.index("Three") < tex.index("The one after it.")
    assert r"\pageref{predict-3.1}" in tex
    assert r"\label{predict-3.1}" in tex
    assert "plt.plot" not in tex  # what only draws is left out


def test_the_budget_is_for_both_pages_together(book):
    front = FIRST.replace("pages:", "budget_mb: 20, pages:")
    try:
        book.page.write_text(front)
        status, said = book.execute()
    finally:
        book.page.write_text(FIRST)
    assert status == 1
    assert "book/small.md, book/small-more.md: over its budget" in said


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        (
            "more, none",
            "small.md lists small-none under pages:, but there is no small-",
        ),
        ("", "small.md does not list more under pages:, but there is small-more.md"),
    ],
)
def test_a_page_that_is_missing_or_not_listed_is_named(book, listed, message):
    try:
        book.page.write_text(FIRST.replace("pages: [more]", f"pages: [{listed}]"))
        status, said = book.execute()
    finally:
        book.page.write_text(FIRST)
    assert status == 1
    assert message in said


def test_cells_that_cannot_be_shown_are_each_named(tmp_path):
    book = SmallBook(tmp_path / "book")
    book.write(
        "import matplotlib.pyplot as plt\nfrom mlmastery.bookkit import claim, glue",
        "def f(x):\n    claim('A.', x)",
        "x = 1; glue('x', x)",
        "_ = plt.subplots()",
    )
    with book.page.open("a") as page:
        page.write("```{frames} none\n:name: fig-a\n:alt: b\n\nA caption.\n```\n")
    book.furnish("small")
    assert book.execute()[0] == 0
    said = book.python(
        "import build\ntry:\n    build.site()\nexcept build.BuildError as e:\n    print(e)"
    )
    for message in (
        "code cell 2: f calls claim in line 2 of its cell",
        "code cell 3: line 1 of a cell holds bookkeeping beside other code",
        "code cell 4: it draws a figure without metadata",
        "no cell of this page calls frames('none', ...)",
    ):
        assert message in said
