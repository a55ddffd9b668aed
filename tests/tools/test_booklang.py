"""Words of other languages keep their code, their direction and their letters."""

import re
import sys

import pandas as pd
import pytest
from chapters import ROOT
from notebooks import ROLE, Exporter
from sphinx.application import Sphinx

from mlmastery.bookkit import show_texts

PAGE = "# Words\n\nThey write {lang}`ar:سلام: <نعم>` and {lang}`zh-Hans:你好` there.\n"


def build(folder, page: str, builder: str) -> None:
    (folder / "conf.py").write_text("extensions = ['myst_parser', 'booklang']")
    (folder / "index.md").write_text(page)
    with (folder / "warnings").open("w") as told:
        places = (folder, folder, folder / builder, folder / "trees", builder)
        Sphinx(*places, warning=told).build()


@pytest.fixture(autouse=True)
def _extensions(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(ROOT / "book/_ext"), *sys.path])


def test_the_site_is_told_the_language_and_isolates_its_direction(tmp_path):
    build(tmp_path, PAGE, "html")
    page = (tmp_path / "html/index.html").read_text(encoding="utf-8")
    assert '<bdi lang="ar">سلام: &lt;نعم&gt;</bdi>' in page
    assert '<bdi lang="zh-Hans">你好</bdi>' in page


def test_print_holds_the_words_alone(tmp_path):
    build(tmp_path, PAGE, "text")
    page = (tmp_path / "text/index.txt").read_text(encoding="utf-8")
    assert "They write سلام: <نعم> and 你好 there." in page


@pytest.mark.parametrize("words", ["سلام", "ar:", "Arabic:سلام"])
def test_words_without_a_code_are_a_fault(words, tmp_path):
    build(tmp_path, f"# Words\n\nA {{lang}}`{words}` here.\n", "html")
    assert "lang must be a language's code" in (tmp_path / "warnings").read_text()


def test_a_notebook_shows_the_words():
    shown = ROLE.sub(lambda match: Exporter.role(None, match), PAGE)
    assert "They write سلام: <نعم> and 你好 there." in shown


def test_cells_are_in_the_language_of_their_row():
    frame = pd.DataFrame({"language": ["ar", "en"], "text": ["<b>", "&"], "n": [1, 2]})
    table = show_texts(frame)
    cells = re.findall(r"<td>(.*?)</td>", table._repr_html_())
    assert cells[1::3] == [
        '<bdi lang="ar">&lt;b&gt;</bdi>',
        '<bdi lang="en">&amp;</bdi>',
    ]
    assert cells[0] == "ar"
    assert table._repr_markdown_().splitlines()[3].startswith("| en ")


def test_a_stop_after_words_from_right_to_left_stays_with_them_in_print(tmp_path):
    build(tmp_path, "# Words\n\n{lang}`he:שלום.` and {lang}`fr:oui.` so\n", "latex")
    printed = next((tmp_path / "latex").glob("*.tex")).read_text(encoding="utf-8")
    assert "שלום.\u200f and oui. so" in printed
    table = show_texts(pd.DataFrame({"language": ["he"], "text": ["123 שלום!"]}))
    assert "123 שלום!\u200f |" in table._repr_markdown_()
    assert "\u200f" not in table._repr_html_()


def test_a_table_with_a_code_too_few_is_refused():
    frame = pd.DataFrame({"text": ["a", "b"]})
    with pytest.raises(ValueError, match="a code for each of 2 rows, got 1"):
        show_texts(frame, language=["ar"])
    with pytest.raises(
        ValueError, match="texts must name columns of the frame, got 'x'"
    ):
        show_texts(frame, texts="x", language=["ar", "ar"])
    with pytest.raises(ValueError, match="language must name columns"):
        show_texts(frame)
