"""The printed book holds what the site holds, and nothing runs over its margins."""

import re
import shutil
import subprocess
from itertools import pairwise

import numpy as np
import pytest
from bookpdf import KeepListingsTogether, letters
from chapters import BOOK, ROOT, written
from PIL import Image
from pypdf import PdfReader
from tex import lacking

PDF = ROOT / "_build" / "pdf" / "machine-learning-mastery.pdf"
LOG = ROOT / "_build" / "print" / "_build" / "latex" / "book.log"
pytestmark = [
    pytest.mark.pdf,
    pytest.mark.skipif(bool(lacking()), reason=f"no PDF without {lacking()}"),
]


@pytest.fixture(scope="module")
def pdf() -> PdfReader:
    if not PDF.exists():
        pytest.fail("there is no PDF: run make book first")
    return PdfReader(PDF)


@pytest.fixture(scope="module")
def pages(pdf) -> list[str]:
    return [page.extract_text() for page in pdf.pages]


@pytest.fixture(scope="module")
def text(pages) -> str:
    return "\n".join(pages)


def flat(text: str) -> str:
    return re.sub(r"[\s\u00ad-]+", "", text)


@pytest.fixture(scope="module")
def run_on(text) -> str:
    """All text without blanks and hyphens, as lines may break anywhere."""
    return flat(text)


@pytest.fixture(scope="module")
def titles(pdf) -> list[str]:
    def walk(outline):
        for item in outline:
            if isinstance(item, list):
                yield from walk(item)
            else:
                yield item.title

    return list(walk(pdf.outline))


def source(chapter) -> str:
    return chapter.page.read_text(encoding="utf-8")


def test_bookmarks_lead_to_every_chapter_with_its_number(titles):
    for chapter in written():
        first = next(title for title in titles if title.endswith(chapter.title))
        assert first == f"{chapter.number} {chapter.title}"
    assert "Glossary" in titles
    assert not [
        t for t in titles if re.match(r"\d+ (About|Setting|Notation|Glossary)", t)
    ]


def test_every_section_of_every_chapter_is_there(run_on):
    for chapter in written():
        code = re.sub(r"^```.*?^```", "", source(chapter), flags=re.M | re.S)
        for heading in re.findall(r"^#{2,3} (.+)$", code, re.M):
            plain = re.sub(r"[`$*]|\{[\w:]+\}", "", heading).replace("'", "’")
            assert flat(plain) in run_on, heading


def test_every_figure_equation_exercise_and_solution_is_there(text, run_on):
    for chapter in written():
        page, n = chapter.text, chapter.number  # all its pages
        figures = len(re.findall(r"^ {4}name: fig-|^:name: fig-", page, re.M))
        equations = len(re.findall(r"^\$\$ *\([\w-]+\)$", page, re.M))
        exercises = len(re.findall(r"^:label: ex-", page, re.M))
        assert figures >= 8
        for k in range(1, figures + 1):
            assert f"Figure{n}.{k}." in run_on
        for k in range(1, equations + 1):
            assert f"({n}.{k})" in text
        for k in range(1, exercises + 1):
            assert f"Exercise{n}.{k}" in run_on
            assert f"SolutiontoExercise{n}.{k}page" in run_on


def test_exercise_and_solution_name_each_others_page(pdf, pages):
    labels = pdf.page_labels
    asked = (
        r"Exercise (\d+\.\d+) \((?:(?!Exercise \d+\.\d+ \().)*?"
        r"Solution on page (\d+)\s"
    )
    told = {
        number: page
        for one, two in pairwise(pages)
        for number, page in re.findall(asked, f"{one}\n{two}\n", re.S)
    }
    solved = {
        number: labels[i]
        for i, text in enumerate(pages)
        for number in re.findall(r"Solution to Exercise (\d+\.\d+)\s*page", text)
    }
    assert len(solved) > 100
    assert {k: told[k] for k in solved if k in told and told[k] != solved[k]} == {}
    assert len(told) > len(solved) * 0.9  # but for those over more than two pages


def test_no_page_ends_with_the_heading_of_a_solution(pages):
    ends = [page.strip().splitlines()[-2:] for page in pages]
    assert [e for e in ends if any("Solution to Exercise" in line for line in e)] == []


def test_no_page_ends_with_a_heading(pages, titles):
    headings = {letters(title) for title in titles}
    ends = [page.strip().splitlines()[-1:] for page in pages]
    assert [end for end in ends if end and letters(end[0]) in headings - {""}] == []


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler is not installed")
def test_few_pages_end_with_a_quarter_empty(tmp_path):
    """Floats that wait for a place leave gaps; the ends of chapters cannot be helped."""
    command = ["pdftoppm", "-r", "15", "-gray", str(PDF), str(tmp_path / "p")]
    subprocess.run(command, check=True)
    filled = []
    for path in sorted(tmp_path.glob("*.pgm")):
        page = np.asarray(Image.open(path))
        body = page[len(page) * 25 // 297 : len(page) * 269 // 297]
        rows = np.flatnonzero((body < 230).any(axis=1))
        filled.append(rows.max() / len(body) if len(rows) else 0)
    assert len(filled) > 300
    assert np.mean(np.array(filled) < 0.75) < 0.08


def test_answers_to_predictions_are_not_beside_the_question(pages):
    pages = list(map(flat, pages))
    for chapter in written():
        for k in range(
            1, len(re.findall(r"^`{3,}\{predict\}", chapter.text, re.M)) + 1
        ):
            name = f"Predict{chapter.number}.{k}."
            asked, answered = (i for i, text in enumerate(pages) if name in text)
            told = re.search(
                re.escape(name) + r".*?\(Answeronpage(\d+)\.\)", pages[asked]
            )
            assert answered > asked + 1
            assert pages[answered].endswith(told[1]) or told[1] in pages[answered]


def test_bookkeeping_is_not_printed(text):
    assert not re.search(r"^ *(claim|glue|result|set_up)\(", text, re.M)
    assert not re.search(r"^\W*Show the code", text, re.M)


def test_fonts_are_embedded(pdf):
    bare = set()
    for page in pdf.pages:
        fonts = page["/Resources"].get("/Font", {})
        for font in (f.get_object() for f in fonts.values()):
            kids = [k.get_object() for k in font.get("/DescendantFonts", [font])]
            for kid in kids:
                described = kid.get("/FontDescriptor", {})
                if kid.get("/Subtype") != "/Type3" and not any(
                    k.startswith("/FontFile") for k in described
                ):
                    bare.add(str(font.get("/BaseFont")))
    assert not bare


def images(holder):
    """Yield width and height of the images on a page, those inside its figures too."""
    for thing in holder.get("/Resources", {}).get("/XObject", {}).values():
        thing = thing.get_object()
        if thing["/Subtype"] == "/Image":
            yield thing["/Width"], thing["/Height"]
        else:
            yield from images(thing)


def size_of(path):
    with Image.open(path) as picture:
        return picture.size


def test_figures_are_vectors(pdf):
    """A figure printed as pixels would be an image of the page."""
    found = [size for page in pdf.pages for size in images(page)]
    assert found  # photographs and heat maps: the search does find images
    screenshots = {size_of(path) for path in (BOOK / "assets").glob("*.png")}
    assert not [size for size in found if min(size) > 500 and size not in screenshots]


def test_no_overfull_box_and_no_missing_character():
    log = LOG.read_text(encoding="utf-8", errors="replace")
    over = re.findall(r"Overfull \\([hv])box \(([\d.]+)pt", log)
    # A listing that is split over two pages may stand lower by half a line's space.
    most = {"h": 2, "v": 4}
    assert [pt for box, pt in over if float(pt) > most[box]] == []
    assert "Missing character" not in log
    assert "undefined references" not in log


def test_names_its_author_and_title(pdf):
    assert pdf.metadata.author == "Anik Tahabilder"
    assert pdf.metadata.title == "Machine Learning Mastery"


def test_the_index_leads_to_chapters_and_not_only_to_the_glossary():
    entry = re.compile(r"\\indexentry\{(.*?)@.*?\|(.*?)\}\{(\d+)\}\n")
    places = entry.findall(LOG.with_name("book.idx").read_text(encoding="utf-8"))
    terms = {term for term, _, _ in places}
    several = {term for term in terms if sum(t == term for t, _, _ in places) > 1}
    explained = {term for term, style, _ in places if "spxpagem" in style}
    assert len(terms) > 150
    assert len(several) > 0.8 * len(terms)
    assert len(explained) > 0.4 * len(terms)


def test_a_term_stands_once_in_the_index():
    index = LOG.with_name("book.ind").read_text(encoding="utf-8")
    items = re.findall(
        r"\\item \\spxentry\{(.*?)\},", index.replace(r"\sphinxhyphen {}", "-")
    )
    assert len(items) == len(set(items))


def test_links_to_other_pages_name_their_sheet(text):
    numbers = re.findall(r"\(page (\w+|\?+)\)", re.sub(r"\s+", " ", text))
    assert len(numbers) > 200
    assert [number for number in numbers if not number.isdigit()] == []


def test_claims_name_the_page_on_which_they_are_shown(pdf, pages):
    """Told on the page of all claims, checked on the page that is told."""
    start, end = (
        next(i for i, t in enumerate(pages) if re.match(rf"\s*{title}\s", t))
        for title in ("Claims", "The data")
    )
    labels = dict(zip(pdf.page_labels, map(letters, pages), strict=True))
    told = re.findall(
        r"•\s*([^•]{20,400}?)\s*\(page\s(\d+)\)", "\n".join(pages[start:end]), re.S
    )
    assert len(told) > 100
    wrong = [s for s, page in told if letters(s)[-30:] not in labels.get(page, "")]
    assert len(wrong) < len(told) / 20  # but for those that go on over a page's end


def test_every_running_head_has_a_name_beside_the_number(pages):
    """The glossary and the list of claims have no sections to name."""
    heads = [page.strip().partition("\n")[0].strip() for page in pages]
    assert [i + 1 for i, head in enumerate(heads) if head.isdigit()] == []


def test_a_line_of_prose_has_about_seventy_characters(pages):
    """Where lines are longer, the eye loses the way back to the next one."""
    lines = [line for page in pages for line in page.splitlines()]
    prose = [n for n in map(len, filter(PROSE.fullmatch, lines)) if n > 40]
    assert len(prose) > 5000
    assert 60 <= np.median(prose) <= 76


PROSE = re.compile(r"[A-Za-z][a-z]+( [\w’“”(),;:.-]+)+ [a-z]+-?")


def test_only_long_listings_go_on_over_a_page(pages):
    tex = LOG.with_name("book.tex").read_text(encoding="utf-8")
    listings = re.findall(
        r"\\begin\{sphinxVerbatim\}.*?\\end\{sphinxVerbatim\}", tex, re.S
    )
    long = [t for t in listings if t.count("\n") - 1 > KeepListingsTogether.most]
    broken = [i for i, page in enumerate(pages) if "continues on next page" in page]
    assert 0 < len(broken) <= len(long)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not installed")
def test_notes_in_the_margin_lie_on_nothing(tmp_path):
    """Code and tables are as wide as text and margin together."""
    command = ["pdftotext", "-bbox", str(PDF), str(tmp_path / "words.html")]
    subprocess.run(command, check=True)
    text = (tmp_path / "words.html").read_text(encoding="utf-8")
    over = {
        number: pair
        for number, page in enumerate(text.split("<page ")[1:], 1)
        if (pair := overlapping(list(map(box, WORD.findall(page)))))
    }
    assert over == {}


WORD = re.compile(r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)<')


def box(word):
    return *map(float, word[:4]), word[4]


def overlapping(words):
    """Return a word of a note and another that share more than a point each way."""
    edge = NOTES_FROM
    notes = [w for w in words if w[0] > edge and w[3] - w[1] < 9.5]
    others = [w for w in words if w[3] - w[1] >= 9.5]  # labels of figures are small too
    for x, y, right, low, word in notes:
        for a, b, c, d, other in others:
            apart = a >= right - 1 or c <= x + 1 or b >= low - 1 or d <= y + 1
            if not apart:
                return word, other
    return None


NOTES_FROM = (210 - 25 - 34 - 0.5) / 25.4 * 72  # points: left edge of the notes
