"""The build on a book of one small page: what goes wrong gets one clear message."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from budget import check_page
from cells import ChapterError, read
from chapters import find
from kernel import MemoryWatch
from kit.small_book import FRONT, SmallBook

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def small(tmp_path: Path) -> SmallBook:
    return SmallBook(tmp_path / "book of one page")


def test_executes_once_and_again_only_after_its_module_changed(small):
    small.write("from own.thing import VALUE\nprint(VALUE)")
    assert "1 to execute" in small.execute()[1]
    status, said = small.execute()
    assert status == 0
    assert "1 page(s) unchanged, 0 to execute" in said
    small.module.write_text("VALUE = 2\n")
    assert "0 page(s) unchanged, 1 to execute" in small.execute()[1]


def test_stale_pages_are_those_that_would_be_executed(small):
    def stale():
        code = f"import sys; sys.path.insert(0, {str(small.root / 'tools')!r})\n"
        code += "import cache; print(cache.stale())"
        return subprocess.check_output([sys.executable, "-c", code], text=True).strip()

    small.write("from own.thing import VALUE")
    assert stale() == "['small']"
    small.execute()
    assert stale() == "[]"
    small.module.write_text("VALUE = 2\n")
    assert stale() == "['small']"
    small.execute()
    small.write("---\ntags: [\n---\nx = 1")  # can't be read
    assert stale() == "['small']"


def test_a_failing_cell_is_named_with_its_traceback(small):
    small.write("x = 1", "x = {}\nx['absent']")
    status, said = small.execute()
    assert status == 1
    assert "book/small.md:1" in said  # the line of the cell, in two digits
    assert "chapter 3, code cell 2" in said
    assert "x['absent']" in said
    assert "KeyError: 'absent'" in said
    assert "\x1b" not in said


def test_a_cell_that_takes_too_long_is_stopped(small):
    small.write("while True: pass")
    status, said = small.execute("--timeout", "2")
    assert status == 1
    assert "ran longer than 2 s" in said
    assert "code cell 1" in said


def test_a_kernel_that_dies_is_said(small):
    small.write("import os\nos._exit(1)")
    status, said = small.execute()
    assert status == 1
    assert "kernel died" in said


def test_a_kernel_that_crashes_says_where(small):
    small.write("import os\nos.abort()")
    status, said = small.execute()
    assert status == 1
    assert "Fatal Python error: Aborted" in said
    assert "line 2 in" in said


def test_what_a_kernel_says_while_it_stops_is_no_word_of_the_build(small):
    late = "import atexit, sys\natexit.register(lambda: print('late', file=sys.__stderr__))"
    small.write(late)
    done = subprocess.run(
        small.command(), capture_output=True, text=True, cwd=small.root
    )
    assert done.returncode == 0
    assert done.stderr == ""


def test_stderr_is_refused_unless_shown_on_purpose(small):
    small.write("import warnings\nwarnings.warn('old')")
    status, said = small.execute()
    assert status == 1
    assert "wrote to stderr" in said
    assert "UserWarning: old" in said
    small.write(":tags: [shows-stderr]\nimport warnings\nwarnings.warn('old')")
    assert small.execute()[0] == 0


def test_a_budget_overrun_fails_with_the_number(small):
    front = FRONT.replace("summary:", "budget_mb: 20, summary:")
    small.write("x = 1", front=front)
    status, said = small.execute()
    assert status == 1
    assert "over its budget" in said
    assert "may take 20" in said


@pytest.mark.parametrize("slower", [1.0, 1.5])
def test_a_slower_machine_gets_more_time_in_proportion(slower):
    [page] = read(find("linear_regression"))
    page.usage = {"cpu_s": 59 * slower, "peak_mb": 100, "slower": slower}
    check_page(page)
    page.usage["cpu_s"] = 61 * slower
    with pytest.raises(ChapterError, match=f"may take {60 * slower:.0f}"):
        check_page(page)


def test_the_ledger_says_how_slow_the_machine_was(small):
    small.write("x = 1")
    assert small.execute()[0] == 0
    assert 1 <= small.ledger()["slower"] < 10


def test_what_the_cache_gives_back_makes_the_same_ledger(small):
    """Else every page that lists claims would be read anew by every build."""
    small.write("from mlmastery.bookkit import claim\nclaim('A.', 1 < 2)")
    path = small.root / "_build" / "run" / "small.json"
    small.execute()
    written = path.stat().st_mtime_ns
    assert small.execute()[0] == 0
    assert path.stat().st_mtime_ns == written


def test_pages_have_no_network(small):
    small.write(
        "import urllib.request\nurllib.request.urlopen('http://192.0.2.1', timeout=3)"
    )
    status, said = small.execute()
    assert status == 1
    assert "SocketConnectBlockedError" in said


def test_loopback_is_open(small):
    small.write(
        "import socket\nserver = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname()).close()\nserver.close()"
    )
    assert small.execute()[0] == 0


def test_the_same_name_glued_twice_is_refused(small):
    glue = (
        "display({{'application/papermill.record/text/plain': '{0}'}}, raw=True, metadata="
        "{{'scrapbook': {{'name': 'v', 'mime_prefix': 'application/papermill.record/'}}}})"
    )
    small.write(glue.format(1), glue.format(2))
    status, said = small.execute()
    assert status == 1
    assert "glued more than once: v" in said


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        (FRONT.replace("week: 2, ", ""), "missing ['week']"),
        (FRONT.replace("Beginner", "Easy"), "level is 'Easy'"),
        (FRONT.replace("number: 3", "number: 33"), "number is 33, expected 1 to 22"),
        (FRONT.replace("hours", "hour"), "unknown ['hour']"),
        (FRONT.replace("{number", "[number"), "front matter is not YAML"),
    ],
)
def test_broken_front_matter_is_named(small, front, expected):
    small.write("x = 1", front=front)
    status, said = small.execute()
    assert status == 1
    assert "small.md" in said
    assert expected in said


def test_an_unknown_chapter_lists_those_there_are(small):
    small.write("x = 1")
    status, said = small.execute("--only", "smal")
    assert status == 1
    assert "no chapter is called 'smal'; written chapters: small (3)" in said


def test_a_killed_build_leaves_a_usable_cache(small):
    small.write("print('kept')")
    assert small.execute()[0] == 0
    slow = small.page.with_name("slow.md")
    slow.write_text(
        small.page.read_text().replace("number: 3", "number: 4")
        + "```{code-cell}\nimport time; time.sleep(60)\n```\n"
    )
    process = subprocess.Popen(
        small.command(), stdout=subprocess.DEVNULL, cwd=small.root
    )
    time.sleep(4)
    process.kill()
    process.wait()
    slow.unlink()
    assert "1 page(s) unchanged, 0 to execute" in small.execute()[1]


def test_a_damaged_cache_entry_is_executed_again(small):
    small.write("print('again')")
    small.execute()
    for notebook in (small.root / "_build/.jupyter_cache/executed").rglob("*.ipynb"):
        notebook.write_text("{")
    status, said = small.execute()
    assert (status, "1 to execute" in said) == (0, True)
    assert "1 page(s) unchanged" in small.execute()[1]


def hears_ctrl_c():
    """Undo what a shell does to commands in the background, and thus to all of theirs."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("after_s", [0.3, 1.5, 5])  # kernels start, are probed, run
def test_ctrl_c_stops_the_kernels_and_says_so(small, after_s):
    small.write("import time\ntime.sleep(60)")
    process = subprocess.Popen(
        small.command(),
        stdout=subprocess.PIPE,
        text=True,
        cwd=small.root,
        start_new_session=True,
        preexec_fn=hears_ctrl_c,
    )
    process.stdout.readline()  # how many chapters there are to execute
    time.sleep(after_s)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "stopped. What was executed before is kept" in said


def test_a_full_disk_is_said(small):
    small.write("x = 1")
    full = small.root / "full.py"
    full.write_text(
        "import errno, sys\nsys.argv = ['execute.py']\nsys.path.insert(0, 'tools')\n"
        "import cache, execute\n"
        "def store(*a): raise OSError(errno.ENOSPC, 'No space left on device')\n"
        "cache.store = store\nsys.exit(execute.main())\n"
    )
    done = subprocess.run(
        [sys.executable, str(full)], capture_output=True, text=True, cwd=small.root
    )
    assert done.returncode == 1
    assert "the disk is full" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_ledger_holds_usage_and_claims(small):
    small.write(
        "display({'text/markdown': '✓ **Claim.** It holds.', 'text/plain': ''}, raw=True,\n"
        "        metadata={'mlmastery': {'kind': 'claim', 'id': 'claim-1', 'text': 'It holds.'}})"
    )
    assert small.execute()[0] == 0
    ledger = small.ledger()
    assert ledger["cpu_s"] > 0
    assert ledger["peak_mb"] > 10
    assert [c["text"] for c in ledger["claims"]] == ["It holds."]


def test_without_tex_one_sentence_says_what_is_missing(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import tex

    monkeypatch.setattr(tex, "lacking", lambda: ["lualatex"])
    monkeypatch.setattr(tex, "apt", lambda: None)
    said = tex.provide()
    assert "lualatex is missing" in said
    assert "apt-get install" in said
    assert "\n" not in said


@pytest.mark.parametrize("name", ["nvidia-cublas-cu12", "triton", "NVIDIA_nccl_cu12"])
def test_cuda_packages_are_found(monkeypatch, name):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    from check_environment import cuda_build, cuda_packages

    assert cuda_packages(["numpy", name]) == [name]
    assert cuda_packages(["numpy", "torch"]) == []
    assert cuda_build({"torch": "2.13.0+cu130"})
    assert not cuda_build({"torch": "2.13.0+cpu"})


def test_this_environment_holds_no_cuda_package():
    tool = ROOT / "tools" / "check_environment.py"
    done = subprocess.run([sys.executable, str(tool)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.fixture
def small_site(small: SmallBook) -> SmallBook:
    """The small page with what a site needs beside it."""
    small.furnish("small")
    return small


def test_a_broken_reference_stops_the_build_and_is_named(small_site):
    small_site.write("x = 1", front=FRONT + "\nSee {ref}`nowhere`.\n")
    status, said = small_site.build("book")
    assert status == 1
    assert "book/small.md" in said
    assert "nowhere" in said


def test_without_tex_the_site_is_built_and_the_last_line_says_what_is_missing(
    small_site,
):
    small_site.write("x = 1")
    status, said = small_site.build("book")
    assert status == 3
    assert (small_site.root / "_build/html/small.html").exists()
    assert "lualatex is missing" in said.splitlines()[-1]


def test_a_build_with_nothing_changed_does_nothing(small_site):
    small_site.write("x = 1")
    assert "building the site" in small_site.build("book")[1]
    status, said = small_site.build("book")
    assert status == 3
    assert "nothing has changed since the last build" in said
    assert "building the site" not in said
    assert "lualatex is missing" in said.splitlines()[-1]
    small_site.write("x = 2")
    assert "building the site" in small_site.build("book")[1]


def test_without_a_network_the_environment_says_so(tmp_path):
    index = {"PIP_INDEX_URL": "http://127.0.0.1:9", "PIP_CONFIG_FILE": os.devnull}
    env = {**os.environ, **index, "PIP_FIND_LINKS": "", "PIP_RETRIES": "0"}
    venv = tmp_path / "venv"
    done = subprocess.run(
        ["sh", "tools/environment.sh", sys.executable, str(venv)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert "could not be installed. Is there a network?" in done.stderr
    assert not (venv / "ready").exists()


FORKED = """
import os, sys
shared = bytearray(200 << 20)
if not os.fork():
    own = bytearray(100 << 20)
    print(1, flush=True)
    sys.stdin.readline()
else:
    os.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux divides what is shared")
def test_memory_of_children_counts_and_that_of_the_parent_only_once():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", FORKED], **pipes) as process:
        process.stdout.readline()
        with MemoryWatch(process.pid) as watch:
            together = watched(watch)
        process.communicate(b"\n")
    assert 300 < together < 400  # 300 MB and two interpreters, not 500 MB


def watched(watch):
    """Return the peak after at least one further look."""
    time.sleep(1.2)
    return watch.peak_mb
