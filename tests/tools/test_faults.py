"""What a machine does to a build: each fault is told in one sentence, and breaks nothing."""

import errno
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from kit.small_book import SmallBook
from machine import peak_mb

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def small(tmp_path: Path) -> SmallBook:
    return SmallBook(tmp_path / "book")


@pytest.mark.parametrize(("platform", "unit"), [("darwin", 1), ("linux", 1024)])
def test_peak_memory_is_in_the_unit_of_the_system(platform, unit):
    assert peak_mb(300 * 2**20 // unit, platform) == 300


def test_a_home_that_cannot_be_written_to_is_no_fault_of_a_page(small, monkeypatch):
    for name in ("MPLCONFIGDIR", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/dev/null/home")
    small.write("import matplotlib.pyplot as plt\nprint(plt.rcParams['font.size'])")
    status, said = small.execute()
    assert status == 0, said


def python_that_says(version: str, path: Path) -> Path:
    """Write a program that is this Python under another version."""
    patch = f"import sys; sys.version_info = ({version.replace('.', ', ')}, 0)\n"
    path.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo Python {version}.0 && exit\n'
        f'exec {shlex.quote(sys.executable)} -c "{patch}$2"\n'
    )
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("version", ["3.10", "3.14", "4.0"])
def test_a_python_without_wheels_is_refused_at_once(tmp_path, version):
    python = python_that_says(version, tmp_path / "python")
    done = subprocess.run(
        ["sh", "tools/environment.sh", python, tmp_path / "venv"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "the book needs Python 3.11, 3.12 or 3.13" in done.stderr
    assert f"is Python {version}.0" in done.stderr
    assert "network" not in done.stderr
    assert not (tmp_path / "venv").exists()


def test_of_two_builds_at_once_the_second_is_refused_and_a_killed_one_blocks_none(
    small,
):
    small.write("import time\ntime.sleep(6)")
    first = subprocess.Popen(
        small.command(), stdout=subprocess.PIPE, text=True, cwd=small.root
    )
    first.stdout.readline()  # how many pages there are to execute
    status, said = small.execute()
    assert status == 1
    assert said.splitlines() == [
        f"error: another build of this book is running (process {first.pid}); "
        "run again when it is done"
    ]
    first.send_signal(signal.SIGKILL)
    first.communicate()
    small.write("x = 1")
    assert small.execute()[0] == 0


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_the_next_build_writes_all_pages(small, error):
    small.write("x = 1")
    small.furnish("small")
    known = small.root / "_build" / "html" / ".buildinfo"
    known.parent.mkdir(parents=True)
    known.touch()
    code = f"import os; raise OSError({error}, os.strerror({error}))"
    fails = f"build.logged('site', [sys.executable, '-c', {code!r}])"
    status, said = small.build("book", first=f"build.sphinx = lambda *a, **k: {fails}")
    assert status == 1
    assert said.splitlines()[-1].startswith("error: the disk is full.")
    assert not known.exists()  # Sphinx's record of what it wrote


def test_a_log_that_the_full_disk_cut_off_says_it_too(tmp_path, monkeypatch):
    import build

    log = tmp_path / "site.log"
    log.write_text("writing output... [ 50%] sma")
    build.refuse_full_disk(log)  # there is room: the log says why it failed
    monkeypatch.setattr(build.shutil, "disk_usage", lambda path: Nothing)
    with pytest.raises(OSError, match="No space left"):
        build.refuse_full_disk(log)


class Nothing:
    free = 0


def test_without_tex_the_tests_go_on_and_what_is_missing_is_the_last_line(small):
    small.write("x = 1")
    small.furnish("small")
    assert small.build("book", "--go-on")[0] == 0
    status, said = small.build("missing")
    assert status == 3
    assert said.startswith("PDF:  not made, because lualatex is missing")
    assert said.count("\n") == 1
