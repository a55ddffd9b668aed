"""Recording a chapter's figures on the originals: the ledger, and what goes wrong."""

import json
import math
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest

import mlmastery
from mlmastery import ledger, record
from mlmastery.ledger import LedgerError, Recorded
from mlmastery.record import main, run, write_ledger
from mlmastery.spread import Spread

ROOT = Path(__file__).parents[1]
CHAPTER = """
from pathlib import Path
import numpy as np
from mlmastery.datasets import DataMissingError
from mlmastery.ledger import Recorded
from mlmastery.spread import Spread

def record(data_dir: Path) -> list[Recorded]:
    path = data_dir / "numbers.txt"
    if not path.exists():
        raise DataMissingError(f"{path} is missing")
    values = np.loadtxt(path)
    return [
        Recorded("mean", float(values.mean()), Spread.sd(values.std()), "units",
                 "mean of the file", 0.1, "a" * 64),
        Recorded("largest", values.max(), None, "units", "maximum", 0.1, "a" * 64),
    ]
"""
GOOD = Recorded("mean", 2.0, Spread.sd(1.0), "units", "mean of the file", 0.1, "a" * 64)

Write = Callable[[str, str], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Add modules to the package ``mlmastery`` for the time of a test."""
    package = tmp_path / "package"
    package.mkdir()
    path = [*mlmastery.__path__, str(package)]
    monkeypatch.setattr(mlmastery, "__path__", path)
    before = set(sys.modules), set(vars(mlmastery))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    (package / "exercises" / "fake_chapter").mkdir(parents=True)

    def write_module(name: str, source: str) -> None:
        file = package / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(source)

    yield write_module
    for name in set(sys.modules) - before[0]:
        if name.startswith("mlmastery."):
            del sys.modules[name]
    for name in set(vars(mlmastery)) - before[1]:
        delattr(mlmastery, name)


@pytest.fixture
def originals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "originals"
    folder.mkdir()
    (folder / "numbers.txt").write_text("1\n2\n3\n")
    monkeypatch.setenv("MLMASTERY_DATA", str(folder))
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "recorded" / "fake_chapter.json"


def test_ledger_holds_what_was_measured(write: Write, originals: Path, out: Path):
    write("fake_chapter.py", CHAPTER)
    assert main(["fake_chapter", "--out", str(out)]) == 0
    written = json.loads(out.read_text())
    assert written["chapter"] == "fake_chapter"
    assert written["figures"] == [
        replace(GOOD, spread=Spread.sd(math.sqrt(2 / 3))).fields(),
        Recorded("largest", 3.0, None, "units", "maximum", 0.1, "a" * 64).fields(),
    ]
    assert written["versions"]["numpy"] == version("numpy")
    assert 0 <= written["cpu_seconds"] < 60
    day = datetime.fromisoformat(written["date"]).replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - day).days) <= 1


@pytest.mark.parametrize("start", ["", "from mlmastery.fake_chapter import record\n"])
def test_chapter_that_is_a_package(start: str, write: Write, originals: Path):
    write("fake_chapter/record.py", CHAPTER)
    # A chapter may re-export the function under the name of its module.
    write("fake_chapter/__init__.py", start)
    assert run("fake_chapter", originals)["figures"][0]["value"] == 2.0


def test_command_records_what_the_chapter_imports(originals: Path, out: Path, tmp_path):
    # In a process of its own, where this module has the name __main__ and a Recorded
    # that is not the chapter's, unless it takes care.
    (tmp_path / "fake_chapter.py").write_text(CHAPTER)
    (tmp_path / "exercises" / "fake_chapter").mkdir(parents=True)
    (tmp_path / "sitecustomize.py").write_text(
        f"import mlmastery; mlmastery.__path__.append({str(tmp_path)!r})\n"
    )
    command = [sys.executable, "-m", "mlmastery.record", "fake_chapter"]
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [*command, "--out", str(out)],
        env=os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"Recorded fake_chapter in {out}\n"
    assert json.loads(out.read_text())["figures"][0]["value"] == 2.0


def test_what_was_written_is_read_back(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(ledger, "RECORDED", tmp_path / "recorded")
    with pytest.raises(LedgerError, match="nothing is recorded for 'fake'"):
        ledger.read_ledger("fake")
    write_ledger({"chapter": "fake"}, ledger.ledger_path("fake"))
    assert ledger.read_ledger("fake") == {"chapter": "fake"}


def test_ledgers_arrive_with_the_package():
    package = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert "**/*.json" in package["package-data"]["mlmastery"]
    assert ledger.ledger_path("x").parent == Path(record.__file__).parent / "recorded"
    assert "**/*.csv" in package["package-data"]["mlmastery"]


def test_unknown_chapter_is_answered_with_the_known(write: Write, originals, capsys):
    write("fake_chapter.py", CHAPTER)
    assert main(["fake_chaptre"]) == 1
    error = capsys.readouterr().err
    assert "unknown chapter 'fake_chaptre'" in error
    assert "fake_chapter" in error
    assert "datasets" not in error


@pytest.mark.parametrize("slug", ["datasets", "record", "../record", "os"])
def test_what_is_no_chapter_is_not_imported(slug: str, originals):
    with pytest.raises(LedgerError, match="unknown chapter"):
        run(slug, originals)


def test_chapter_without_originals_says_so(write: Write, originals, out, capsys):
    write("fake_chapter.py", "")
    assert main(["fake_chapter", "--out", str(out)]) == 1
    assert "no figures on original data to record" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("", "set MLMASTERY_DATA to the folder"),
        ("download", "the tier in force is 'full'"),
        ("/no/such/folder", "'/no/such/folder', but nothing is there"),
    ],
)
def test_needs_a_folder_of_originals(value, complaint, write, out, monkeypatch, capsys):
    write("fake_chapter.py", CHAPTER)
    monkeypatch.setenv("MLMASTERY_DATA", value)
    assert main(["fake_chapter", "--out", str(out)]) == 1
    assert complaint in capsys.readouterr().err
    assert not out.exists()


def test_missing_original_leaves_the_old_ledger(write, originals, out, capsys):
    write("fake_chapter.py", CHAPTER)
    main(["fake_chapter", "--out", str(out)])
    old = out.read_bytes()
    (originals / "numbers.txt").unlink()
    assert main(["fake_chapter", "--out", str(out)]) == 1
    assert "numbers.txt is missing" in capsys.readouterr().err
    assert out.read_bytes() == old


def test_error_in_the_chapter_is_not_hidden(write: Write, originals: Path):
    write("fake_chapter.py", "def record(data_dir):\n    return 1 / 0\n")
    with pytest.raises(ZeroDivisionError):
        main(["fake_chapter"])


@pytest.mark.parametrize(
    ("returned", "complaint"),
    [
        (None, "at least one Recorded, got None"),
        ([], "at least one Recorded"),
        (GOOD, "at least one Recorded"),
        ([GOOD, 0.5], r"Recorded only, got 0\.5"),
        ([GOOD, GOOD], "a name twice: mean"),
    ],
)
def test_what_cannot_be_recorded(returned, complaint, write, originals, monkeypatch):
    write("fake_chapter.py", CHAPTER)
    recorder = record.recorder_of("fake_chapter")
    module = sys.modules[recorder.__module__]
    monkeypatch.setattr(module, "record", lambda data_dir: returned)
    with pytest.raises(LedgerError, match=complaint):
        run("fake_chapter", originals)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("metric", ""),
        ("protocol", ""),
        ("value", math.nan),
        ("value", math.inf),
        ("cpu_seconds", -0.1),
        ("data_sha256", "a" * 63),
        ("data_sha256", "A" * 64),
    ],
)
def test_figure_that_is_none(field: str, value):
    with pytest.raises(ValueError, match=f"^{field} must"):
        replace(GOOD, **{field: value})


class StopsHalfway(dict):
    """A ledger whose writing is interrupted once half of it is in the file."""

    def items(self):
        yield "chapter", "half"
        raise KeyboardInterrupt


@pytest.mark.parametrize("before", [None, "the old ledger"])
def test_interrupted_writing_leaves_no_half_file(before: str | None, out: Path):
    out.parent.mkdir()
    if before:
        out.write_text(before)
    with pytest.raises(KeyboardInterrupt):
        write_ledger(StopsHalfway(a=1), out)
    assert (out.read_text() if out.exists() else None) == before
    assert [p.name for p in out.parent.iterdir()] == ([out.name] if before else [])


def test_folder_in_place_of_the_ledger(write, originals, out, capsys):
    write("fake_chapter.py", CHAPTER)
    out.mkdir(parents=True)
    assert main(["fake_chapter", "--out", str(out)]) == 1
    assert str(out) in capsys.readouterr().err
    assert list(out.parent.iterdir()) == [out]


def test_others_may_read_the_ledger(out: Path):
    write_ledger({}, out)
    assert out.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("spread", [0.1, 1, "sd"])
def test_uncertainty_without_a_kind(spread):
    with pytest.raises(TypeError, match=r"^spread must be a Spread, such as"):
        replace(GOOD, spread=spread)


def test_old_names_still_work_and_warn():
    with pytest.warns(FutureWarning, match=r"now mlmastery\.ledger\.read_ledger"):
        assert record.ledger is ledger.read_ledger


def test_every_ledger_of_the_book_is_read_as_figures():
    slugs = [path.stem for path in ledger.RECORDED.glob("*.json")]
    assert slugs
    for slug in slugs:
        table = ledger.figures_table(slug)
        assert (table["cpu_seconds"] >= 0).all()
        assert table["spread"].isna().eq(table["kind"] == "").all()


def test_unknown_table_is_answered_with_the_known():
    with pytest.raises(LedgerError, match=r"no recorded table 'spead'; known: .*race"):
        ledger.recorded_table("language_model", "spead")
