"""Every checked exercise of the book tells right from wrong."""

import pytest

from mlmastery.check import find_exercises, judge, read_exercise
from mlmastery.check.exercise import EXERCISES

FILES = sorted(EXERCISES.glob("*/[!_]*.py"))


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


def test_every_wrong_answer_gets_its_own_hint(exercise):
    hints = [hint for hint, _ in exercise.wrong]
    reports = [judge(exercise, function) for _, function in exercise.wrong]
    assert [report.hint for report in reports] == hints
    assert len(set(hints)) == len(hints)
