"""Each page of a chapter as a PDF of its own, which a screen reader can follow."""

import subprocess
import sys

import pytest
import sheets
from chapters import find, written
from pypdf import PdfReader

pytestmark = pytest.mark.skipif(not sheets.CHROMIUM, reason="no Chromium")
DOCS = [doc for chapter in written() for doc in chapter.docs]
PAGE = """<!doctype html><html lang="en"><title>{0}</title>
<h1>{0}</h1><p>Text.</p><h2>Part</h2><img alt="A mark" src="mark.svg"></html>"""


@pytest.mark.site
@pytest.mark.parametrize("doc", DOCS)
def test_a_page_has_a_tagged_pdf(html, doc):
    pdf = PdfReader(html / "downloads" / sheets.name_of(doc))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("en")
    assert "/StructTreeRoot" in root
    assert len(pdf.outline) > 0
    width, height = (float(x) for x in pdf.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)  # A4


@pytest.mark.site
def test_what_was_folded_is_open_on_paper(html):
    pdf = PdfReader(html / "downloads" / sheets.name_of("linear_regression"))
    text = "\n".join(page.extract_text() for page in pdf.pages)
    assert "import matplotlib.pyplot" in text  # code that is needed
    assert "Show the code that draws" not in text  # code that only draws
    flat = " ".join(text.split())
    assert "a bowl with one bottom" in flat  # a prediction's answer
    assert "NumPy adds the number" in flat  # a solution


def test_a_chapter_of_pages_offers_each():
    assert sheets.links(find("linear_regression")).count("Chapter as PDF") == 1
    links = sheets.links(find("mlops"))
    assert "mlops.pdf" in links
    assert '"downloads/mlops-monitoring.pdf" download>Page 2 as PDF<' in links


def test_without_chromium_nothing_is_offered(monkeypatch):
    monkeypatch.setattr(sheets, "CHROMIUM", None)
    assert sheets.links(find("mlops")) == ""


def test_only_changed_pages_are_printed_again(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.html").write_text(PAGE.format(name))
    mark = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    (tmp_path / "mark.svg").write_text(mark)
    assert printed(tmp_path, "one") == ["a", "b"]
    assert printed(tmp_path, "one") == []
    (tmp_path / "b.html").write_text(PAGE.format("new"))
    assert printed(tmp_path, "one") == ["b"]
    (tmp_path / "a.pdf").unlink()
    assert printed(tmp_path, "one") == ["a"]
    assert printed(tmp_path, "two") == ["a", "b"]
    assert "new" in PdfReader(tmp_path / "b.pdf").pages[0].extract_text()


def printed(folder, style):
    """Print in a process of its own: this one may hold a browser already."""
    command = [sys.executable, sheets.__file__, str(folder), str(folder), style, *"ab"]
    return subprocess.run(
        command, capture_output=True, text=True, check=True
    ).stdout.split()
