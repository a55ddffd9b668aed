"""LuaLaTeX runs only as often as needed: each run takes seconds for every chapter."""

import re
import subprocess
from pathlib import Path

import build
import pytest
import sphinx
from chapters import ROOT
from sphinx.highlighting import PygmentsBridge
from tex import lacking

pytestmark = pytest.mark.skipif(bool(lacking()), reason=f"no PDF without {lacking()}")
DOCUMENT = r"""
\def\sphinxdocclass{report}
\documentclass[english]{sphinxmanual}
\usepackage{amsmath,fontspec}
\usepackage[bidi=basic,english]{babel}
\usepackage{bookfonts,sphinx,hyperref,sphinxmessages,booklook}
\title{A book}\author{Somebody}\date{}
\makeindex
\begin{document}
\booktitlepage
\sphinxtableofcontents
\chapter{One}\label{one}\index{number} See \ref{two} on page~\pageref{two}.
\chapter{Two}\label{two}\index{number} After \ref{one}.
\printindex
\end{document}
"""
SETTINGS = """
$pdflatex = 'lualatex %O %S';
$makeindex = 'makeindex -s python.ist %O -o %D %S';
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder as Sphinx leaves it; logs go there too."""
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "LOGS", tmp_path / "logs")
    styles = f"{ROOT / 'book/_tex'}:{Path(sphinx.__file__).parent / 'texinputs'}:"
    for name in ("TEXINPUTS", "LUAINPUTS", "INDEXSTYLE", "TTFONTS"):
        monkeypatch.setenv(name, styles)
    for name in ("sphinxmessages.sty", "sphinxhighlight.sty"):  # Sphinx writes them
        (tmp_path / name).write_text("")
    (tmp_path / "latexmkrc").write_text(SETTINGS)
    (tmp_path / "book.tex").write_text(DOCUMENT)
    return tmp_path


def runs(folder: Path) -> int:
    """Typeset the book and count LuaLaTeX's runs."""
    assert build.typeset(folder).exists()
    said = (folder / "logs" / "PDF.log").read_text(encoding="utf-8", errors="replace")
    return len(re.findall(r"^Run number \d+ of rule 'pdflatex'", said, re.M))


@pytest.mark.slow
def test_two_runs_from_nothing_and_one_after_an_edit(folder):
    assert runs(folder) == 2
    contents = (folder / "book.toc").read_text()
    assert all(title in contents for title in ("One", "Two", "Index"))
    assert runs(folder) == 0
    (folder / "book.tex").write_text(DOCUMENT.replace("After", "Behind"))
    assert runs(folder) == 1
    moved = DOCUMENT.replace(r"\chapter{Two}", r"\newpage more\newpage on\chapter{Two}")
    (folder / "book.tex").write_text(moved)
    assert runs(folder) == 2


def test_an_error_of_tex_is_told(folder):
    (folder / "book.tex").write_text(DOCUMENT.replace("After", r"\unheard"))
    with pytest.raises(
        build.BuildError, match=r"Undefined control sequence(.|\n)*unheard"
    ):
        build.typeset(folder)


CODE = (
    "from a.b import C  # a comment, which is set in italics\n"
    'def f(x: int = 3) -> str:\n    """Say it."""\n    return f"{x!r}\\n" * 2 + \'é\'\n\n'
    f"y = {{{', '.join(f'{i}: {i * i}' for i in range(40))}}}\n"
    "w = a--b << 1 >> c, '' ,, ... ?! fi ffl `` -> //\n"
    f"z = '{'x' * 150}'\n"
)
LISTING = r"""
\def\sphinxdocclass{report}
\documentclass[english]{sphinxmanual}
\usepackage{amsmath,fontspec}
\usepackage[bidi=basic,english]{babel}
\usepackage{bookfonts,sphinx,hyperref,sphinxmessages,booklook}
\sphinxsetup{verbatimwithframe=false,pre_border-radius=0pt,
  verbatimwrapslines=true,verbatimforcewraps=true,verbatimmaxunderfull=3}
\fvset{fontsize=\small}
\begin{document}
%s

Text between.
\begin{sphinxtip}{A box}
%s
\end{sphinxtip}
%s
\end{document}
"""


def test_code_looks_as_sphinx_sets_it(folder):
    """A line that fits, breaks at blanks or within a word, in a box, in every style."""
    bridge = PygmentsBridge("latex", "sphinx")
    (folder / "sphinxhighlight.sty").write_text(
        "\\ProvidesPackage{sphinxhighlight}\n" + bridge.get_stylesheet()
    )
    listing = bridge.highlight_block(CODE, "python").replace(
        "Verbatim}", "sphinxVerbatim}"
    )
    document = LISTING % (listing, listing, listing)
    ours = document.replace("booklook}", "booklook,bookcode}")
    assert looks(folder, "ours", ours) == looks(folder, "sphinx", document)


def looks(folder: Path, name: str, text: str) -> list[bytes]:
    """Return the pages of a document, drawn."""
    (folder / "book.tex").write_text(text)
    made = build.typeset(folder)
    subprocess.run(["pdftoppm", "-r", "60", made, folder / name], check=True)
    pages = [path.read_bytes() for path in sorted(folder.glob(f"{name}-*.ppm"))]
    assert pages
    return pages
