"""Every checked exercise of the book tells right from wrong."""

import re

import pytest
from chapters import written
from fingerprint import CELL
from mutants import equivalent, missed, mutants, survivors

from mlmastery.check import find_exercises, judge, read_exercise
from mlmastery.check.exercise import EXERCISES, unchecked_exercises

FILES = sorted(EXERCISES.glob("*/[!_]*.py"))
CHAPTERS = [pytest.param(c, id=c.slug) for c in written()]


@pytest.fixture(params=FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def exercise(request):
    return read_exercise(request.param)  # needs a wrong answer, or it raises


def test_ids_are_unique_and_well_formed():
    assert len(find_exercises()) == len(FILES)  # raises on a double or a bad id


def test_stub_is_not_written_yet(exercise):
    report = judge(exercise, exercise.stub)
    assert not report.passed
    assert report.message.startswith("Not written yet")


def test_solution_passes(exercise):
    report = judge(exercise, exercise.solution)
    assert report.passed, report


def test_ten_likely_wrong_answers_fail(exercise):
    assert len(exercise.wrong) >= 10
    assert not [f for _, f in exercise.wrong if judge(exercise, f).passed]


def test_every_hint_reaches_the_mistake_that_it_is_for(exercise):
    hints = [hint for hint, _ in exercise.wrong if hint]
    reports = [judge(exercise, function) for hint, function in exercise.wrong if hint]
    assert [report.hint for report in reports] == hints
    assert len(set(hints)) == len(hints)


def test_no_small_bug_in_the_solution_passes(exercise):
    assert missed(exercise) == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_bug_that_is_said_to_change_nothing_does_pass(chapter):
    for key, reasons in equivalent(chapter.slug).items():
        exercise = read_exercise(find_exercises()[key][1])
        assert set(reasons) <= set(survivors(exercise)), key
        assert all(len(reason.split()) >= 4 for reason in reasons.values())


def test_bugs_are_planted_in_every_kind_of_place():
    source = "def f(x):\n    if not x or -x[0] < 1:\n        return min(x) * True"
    assert {line for line, _ in mutants(source)} == {
        "if (x) or -x[0] < 1:",
        "if (not x and -x[0] < 1):",
        "if not x or (x[0]) < 1:",
        "if not x or -x[(1)] < 1:",
        "if not x or (-x[0] <= 1):",
        "if not x or -x[0] < (0):",
        "return (min(x) / True)",
        "return max(x) * True",
        "return min(x) * False",
    }


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_exercises_without_a_check_are_listed(chapter):
    """Asked for one of them, the check says so instead of denying that it exists."""
    text = chapter.text
    titles = re.findall(r"^`{3,}\{exercise-start\} (.+)$", text, re.M)
    printed = {f"{chapter.number}.{n}": t for n, t in enumerate(titles, 1)}
    checked = {read_exercise(p).id for p in FILES if p.parent.name == chapter.slug}
    listed = {
        key: title
        for key, title in unchecked_exercises().items()
        if key.split(".")[0] == str(chapter.number)
    }
    plain = {k: re.sub(r"[`*]", "", t) for k, t in printed.items() if k not in checked}
    assert listed == plain


SOLUTION = re.compile(r"^```\{solution-start\}.*?^```\{solution-end\}", re.M | re.S)


def made_by(page: str) -> dict[str, str]:
    """Return the functions that a page's cells define at their top, with their code."""
    code = "\n".join(CELL.findall(page))
    whole = re.finditer(r"^def (\w+).*?(?=^\S|\Z)", code, re.M | re.S)
    return {found[1]: found[0].strip() for found in whole}


@pytest.mark.parametrize(
    "chapter", [pytest.param(c, id=c.slug) for c in written() if c.pages]
)
def test_no_solution_calls_what_a_later_page_makes_anew(chapter):
    """A notebook holds all pages, and the solutions of all of them behind the last."""
    pages = [path.read_text("utf-8") for path in chapter.files]
    for n, page in enumerate(pages):
        own = made_by(page)
        called = set(re.findall(r"\b\w+(?=\()", " ".join(SOLUTION.findall(page))))
        for later in pages[n + 1 :]:
            anew = {f for f, code in made_by(later).items() if own.get(f, code) != code}
            assert not anew & called
