"""Every script prints in text and in code, in its own letters, without much memory."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass

import pytest
from chapters import ROOT
from pypdf import PdfReader
from tex import lacking

pytestmark = pytest.mark.skipif(bool(lacking()), reason=f"no PDF without {lacking()}")
# One paragraph for each line.
SAMPLES = """
Все люди рождаются, Όλοι οι άνθρωποι, Tiếng Việt, Język łąć, Հայերեն, ქართული.
人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。人人生而自由。
すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。すべての人間は。
모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.
They write يولد جميع الناس أحرارًا there.
They write שלום here.
सभी मनुष्यों को, মানুষ স্বাধীনভাবে, மனிதப் பிறவியினர், ప్రతిపత్తి, ಎಲ್ಲಾ ಮಾನವರೂ, മനുഷ്യരെല്ലാവരും,
પ્રતિષ્ઠા, ਸਾਰਾ ਮਨੁੱਖੀ, සියලු මනුෂ්‍යයෝ, មនុស្សទាំងអស់, ມະນຸດ, လူတိုင်းသည်, የሰው ልጅ, มนุษย์ทั้งหลาย.
😀 🐱 ✓ ✗ ┌─┬─┐ │ █▓░ → ← ⇒ ↦ ∑ ∫ √ ≤ ∈ ∞ ℝ ε λ ⊙ ∂ ∇
"""
DOCUMENT = r"""
\documentclass[a4paper]{article}
\usepackage[bidi=basic,english]{babel}
\usepackage{bookfonts}
\usepackage{fancyvrb,microtype}
\pagestyle{empty}
\setlength{\emergencystretch}{1em}
\begin{document}
%s
\newpage
\begin{Verbatim}
%s
\end{Verbatim}
\newpage
\parbox{3cm}{internationalization characteristically representation}
\end{document}
"""
SIZES = "\n".join(
    rf"\fontsize{{{8 + n / 10}}}{{20}}\selectfont Many sizes \textsf{{of}} \texttt{{it}}\par"
    for n in range(60)
)


@dataclass
class Printed:
    log: str
    pages: list
    megabytes: float

    def fonts(self, page: int) -> str:
        fonts = self.pages[page]["/Resources"]["/Font"].values()
        return " ".join(str(f.get_object()["/BaseFont"]) for f in fonts)


# A process's peak begins with that of who starts it: here with that of a small one.
MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def lualatex(folder, source: str) -> Printed:
    """Print a document with the book's fonts."""
    (folder / "x.tex").write_text(source, encoding="utf-8")
    where = f"{ROOT / 'book' / '_tex'}:"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            MEASURED,
            "lualatex",
            "-interaction=nonstopmode",
            "x.tex",
        ],
        cwd=folder,
        env={
            **os.environ,
            **dict.fromkeys(("TEXINPUTS", "LUAINPUTS", "TTFONTS"), where),
        },
        capture_output=True,
        text=True,
    )
    log = (folder / "x.log").read_text(encoding="utf-8", errors="replace")
    assert "\n!" not in log, log[log.index("\n!") :][:400]
    return Printed(
        log, list(PdfReader(folder / "x.pdf").pages), int(done.stdout) / 1024
    )


@pytest.fixture(scope="module")
def printed(tmp_path_factory) -> Printed:
    text = SAMPLES.replace("\n", "\n\n")
    sans = rf"{{\sffamily {text}}}"
    document = DOCUMENT % (f"{text}\n{sans}", SAMPLES.strip())
    return lualatex(tmp_path_factory.mktemp("fonts"), document)


def test_no_character_is_missing(printed):
    assert re.findall("Missing character.*", printed.log) == []


@pytest.mark.parametrize("page", [0, 1], ids=["text", "code"])
@pytest.mark.parametrize("name", ["Arabic", "CJK", "Devanagari", "Thai"])
def test_each_script_has_its_font(printed, page, name):
    # DejaVu's fonts have Arabic letters too, which would not join.
    assert name in printed.fonts(page)


def test_emoji_are_pictures_in_colour(printed):
    for page in printed.pages[:2]:
        assert len(page["/Resources"]["/XObject"]) == 2


def test_hebrew_runs_from_right_to_left(printed):
    for page in printed.pages[:2]:
        assert "שלום"[::-1] in page.extract_text()


def test_chinese_and_japanese_break_into_lines(printed):
    over = re.findall(r"Overfull .hbox \(([\d.]+)pt", printed.log)
    assert all(float(pt) < 5 for pt in over)  # half a character


def test_english_is_hyphenated(printed):
    assert "internationaliza-\ntion" in printed.pages[2].extract_text()


def test_many_sizes_take_little_memory(tmp_path):
    """Fonts of other scripts are loaded where a letter of theirs is met, not at every size."""
    printed = lualatex(tmp_path, DOCUMENT % (SIZES, "x"))
    assert printed.megabytes < 700
    assert "CJK" not in printed.fonts(0)
