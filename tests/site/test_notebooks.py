"""The exported notebooks run anywhere the package is installed, and read well there."""

import json
import os
import re
import subprocess
import sys

import nbformat
import pytest
from chapters import REPOSITORY, written
from execute import ENVIRONMENT
from nbclient import NotebookClient
from notebooks import export
from pages import run_of

from mlmastery.check import read_exercise
from mlmastery.check.exercise import EXERCISES

CHAPTERS = [pytest.param(c, id=c.slug) for c in written()]


def affordable(seconds: float) -> list:
    """Return the chapters that cost least, as many as fit; all of them on request."""
    cost = {c: run_of(c).get("cpu_s", c.budget_s) for c in written()}
    chosen = []
    for chapter in sorted(cost, key=cost.__getitem__):
        seconds -= cost[chapter]
        if seconds > 0 or not chosen or os.environ.get("MLMASTERY_ALL_NOTEBOOKS"):
            chosen.append(pytest.param(chapter, id=chapter.slug))
    return chosen


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bare")
    export(folder)
    return folder


def read(folder, chapter):
    return nbformat.read(folder / f"{chapter.notebook}.ipynb", as_version=4)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_has_the_badge_on_top_and_no_raw_myst(folder, chapter):
    cells = read(folder, chapter).cells
    assert cells[0].source.startswith("[![Open in Colab]")
    assert f"{chapter.notebook}.ipynb" in cells[0].source
    assert REPOSITORY in cells[1].source
    for cell in cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"```python.*?```", "", cell.source, flags=re.S)
            assert not re.search(
                r"^[`:]{3,}\{|\{[\w:-]+\}`|^\([\w-]+\)=|^:\w+:", text, re.M
            ), text
        assert "mystnb" not in cell.metadata


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_values_and_numbers_are_filled_in(folder, chapter):
    text = "\n".join(
        c.source for c in read(folder, chapter).cells if c.cell_type == "markdown"
    )
    used = re.findall(r"\{glue:text\}`([^`]+)`", chapter.text)
    assert used
    values = run_of(chapter)["glue"]
    for name in used:
        assert values[name] in text
    assert f"Figure {chapter.number}.1" in text
    assert f"\\tag{{{chapter.number}.1}}" in text
    assert f"Exercise {chapter.number}.1" in text


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_bookkeeping_is_gone_and_claims_have_collapsed_cells(folder, chapter):
    cells = [c for c in read(folder, chapter).cells if c.cell_type == "code"][1:]
    claims = 0
    for cell in cells:
        assert not re.search(r"^(glue|set_up)\(", cell.source, re.M)
        claims += len(re.findall(r"^ *claim\(", cell.source, re.M))
        if re.search(r"^(claim|result)\(", cell.source, re.M):
            assert cell.metadata["jupyter"]["source_hidden"]
    assert claims == len(re.findall(r"^ *claim\(", chapter.text, re.M))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_checked_exercise_has_a_cell_for_its_answer(folder, chapter):
    cells = read(folder, chapter).cells
    paths = (EXERCISES / chapter.slug).glob("[!_]*.py")
    for exercise in map(read_exercise, paths):
        [at] = [
            i
            for i, cell in enumerate(cells)
            if cell.cell_type == "code" and cell.source.startswith(exercise.stub_text)
        ]
        assert f'check("{exercise.id}", {exercise.function})' in cells[at].source
        assert f"Exercise {exercise.id}. " in cells[at - 1].source, exercise.id


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_solutions_stand_at_the_end(folder, chapter):
    cells = read(folder, chapter).cells
    heads = [i for i, c in enumerate(cells) if c.source.startswith("### Solution to ")]
    last_check = max(i for i, c in enumerate(cells) if "import check\n" in c.source)
    assert len(heads) == len(re.findall(r"^`+\{solution-start\}", chapter.text, re.M))
    assert min(heads) > last_check
    assert cells[min(heads) - 1].source == "## Solutions"
    assert not any("\x00" in c.source for c in cells)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_same_page_gives_the_same_bytes(folder, chapter, tmp_path):
    export(tmp_path)
    name = f"{chapter.notebook}.ipynb"
    assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize("chapter", affordable(120))
def test_runs_in_a_bare_directory(folder, chapter, monkeypatch):
    for key, value in ENVIRONMENT.items():
        monkeypatch.setenv(key, value)
    monkeypatch.delenv("PYTHONPATH")  # only the installed package
    notebook = read(folder, chapter)
    NotebookClient(
        notebook, timeout=180, resources={"metadata": {"path": str(folder)}}
    ).execute()
    assert not [
        o
        for c in notebook.cells
        for o in c.get("outputs", [])
        if o.get("name") == "stderr"
    ]


@pytest.mark.parametrize("chapter", affordable(60))
def test_two_cold_executions_give_the_same_text(chapter, tmp_path):
    """Timings differ, all else is equal: the cells tagged ``timing`` are left out."""
    code = f"""
import json, sys
sys.path[:0] = ["tools"]
import execute
from chapters import find
pages = [execute.run(page, 180) for page in execute.read(find("{chapter.slug}"))]
cells = [c for page in pages for c in page.notebook.cells
         if "timing" not in c.metadata.get("tags", [])]
text = [[o.get("text") or o.get("data", {{}}).get("text/plain") for o in c.get("outputs", [])]
        for c in cells]
print(json.dumps(text))
"""
    root = chapter.page.parents[1]
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=root,
            env={**os.environ},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    ]
    first, second = (json.loads(r) for r in runs)
    assert len(first) > 20
    for one, other in zip(first, second, strict=True):
        assert one == other
