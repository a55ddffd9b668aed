"""The tests' own frame: how they are dealt out to the workers."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_snippets_of_a_page_run_on_one_worker(tmp_path: Path):
    (tmp_path / "book").mkdir()
    for conftest in ("conftest.py", "book/conftest.py"):
        shutil.copy(ROOT / conftest, tmp_path / conftest)
    snippets = ["```python\n>>> x = 0\n\n```\n"]
    snippets += [f"```python\n>>> x += 1; x\n{i}\n\n```\n" for i in range(1, 9)]
    (tmp_path / "book" / "page.md").write_text("\n".join(snippets))
    command = [sys.executable, *"-m pytest -q -n 2 -p no:cacheprovider".split()]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert "9 passed" in done.stdout, done.stdout


def collected(folder: Path, *arguments: str) -> list[str]:
    """Return the tests that a run would choose; without plugins it starts sooner."""
    command = [sys.executable, *"-m pytest -q --collect-only".split(), *arguments]
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    return [line for line in done.stdout.splitlines() if "::" in line]


SLOW = """
import pytest

@pytest.mark.slow
@pytest.mark.parametrize("n", range(30))
def test_slow(n):
    print("slow", n)

def test_fast():
    print("fast")
"""


@pytest.mark.parametrize(
    ("slow", "expected"), [("none", 1), ("turn", 1.5), ("all", 31)]
)
def test_slow_tests_are_left_out_but_for_those_asked_for(tmp_path, slow, expected):
    shutil.copy(ROOT / "conftest.py", tmp_path)
    (tmp_path / "test_slow.py").write_text(SLOW)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = slow: takes minutes\n")
    chosen = collected(tmp_path, "--slow", slow)
    assert len(chosen) == pytest.approx(expected, abs=0.5)
    assert "test_slow.py::test_fast" in chosen


VISIT = """
import pytest

@pytest.mark.visit
@pytest.mark.parametrize("name", ["index", *"abcdefgh"])
def test_page(name):
    pass
"""


def visited(folder: Path, *arguments: str) -> set[str]:
    return {line.split("[")[1].rstrip("]") for line in collected(folder, *arguments)}


def commit(folder: Path, file: str, text: str) -> None:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    who = ["-c", "user.name=A", "-c", "user.email=a@b"]
    subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
    subprocess.run(["git", *who, "commit", "-qm", file], cwd=folder, check=True)


def test_a_third_of_the_pages_is_visited_and_each_that_was_changed(tmp_path):
    pages = {"index", *"abcdefgh"}
    frame = (ROOT / "conftest.py").read_text()
    assert "LATELY = 25" in frame
    frame = frame.replace("LATELY = 25", "LATELY = 1").replace("FEW = 20", "FEW = 0")
    (tmp_path / "conftest.py").write_text(frame)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  slow: s\n  visit: v\n")
    assert visited(tmp_path) == set()  # no tests yet
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    commit(tmp_path, "test_visit.py", VISIT)
    assert visited(tmp_path) == pages  # there is no commit before
    turns = []
    for file in ("notes.md", "more.md", "most.md"):
        commit(tmp_path, file, "")
        turns.append(visited(tmp_path))
    assert [len(turn) for turn in turns] == [3, 3, 3]
    assert set().union(*turns) == pages
    assert visited(tmp_path, "--slow", "all") == pages
    for n, file in enumerate(("book/a.md", "code/a/model.py", "tests/a/test_a.py")):
        commit(tmp_path, file, str(n))
        assert "a" in visited(tmp_path)
    commit(tmp_path, "notes.md", "x")
    (tmp_path / "book" / "a.md").write_text("not committed")
    assert "a" in visited(tmp_path)


def test_as_many_commits_as_there_are_parts_run_every_slow_test():
    spec = importlib.util.spec_from_file_location("frame", ROOT / "conftest.py")
    frame = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(frame)
    names = [f"test_{n}" for n in range(30)]
    parts = [frame.in_turn(names, turn) for turn in range(100, 100 + frame.SHARE)]
    assert sorted(name for part in parts for name in part) == sorted(names)
    assert frame.commits(ROOT) > 100  # a clone without its past would have no turns
