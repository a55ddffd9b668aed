"""Execute the chapters that are not in the cache, in parallel, and note what each measured.

    python tools/execute.py [--only CHAPTER] [--jobs N] [--timeout SECONDS] [--force]

A chapter enters the cache when all its cells ran without error, without a word on stderr
and within its budget. Jupyter Book then finds every page there and executes nothing.
"""

from __future__ import annotations

import argparse
import ast
import errno
import fcntl
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# jsonschema, below nbformat, takes three seconds to build a grammar of addresses. It does
# without where the package is absent, and no notebook needs it.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

import machine
import psutil
from chapters import BOOK, ROOT, RUNS, Chapter, find, written
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_core.utils import run_sync
from myst_nb.core.read import myst_nb_reader_plugin
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

sys.path.insert(0, str(BOOK / "_ext"))
import execcache

LOCK = ROOT / "_build" / "lock"
# What programs keep for their user goes here: a home may be read-only, and then they say so
# on stderr, which fails a page.
HOME = ROOT / "_build" / "home"
HOMES = {
    "IPYTHONDIR": str(HOME / "ipython"),
    "JUPYTER_RUNTIME_DIR": str(HOME / "jupyter"),
    "KERAS_HOME": str(HOME / "keras"),
    "MPLCONFIGDIR": str(HOME / "matplotlib"),
}
# Small models are many times slower with two threads on a busy machine.
ENVIRONMENT = {
    "MLMASTERY_BUILD": "1",  # a claim that does not hold stops the build
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "TF_CPP_MIN_LOG_LEVEL": "1",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "PYTHONPATH": str(ROOT / "code"),
}
OFFLINE = (
    "import pytest_socket as _s; "
    "_s.socket_allow_hosts(['127.0.0.1', '::1', 'localhost'], allow_unix_socket=True); "
    "del _s"
)
USAGE = (
    "import json as _j, resource as _r; "
    "_a, _b = (_r.getrusage(w) for w in (_r.RUSAGE_SELF, _r.RUSAGE_CHILDREN)); "
    "print(_j.dumps({'cpu_s': _a.ru_utime + _a.ru_stime + _b.ru_utime + _b.ru_stime, "
    "'maxrss': _a.ru_maxrss}))"
)
RUNNING: set[NotebookClient] = set()


class MemoryWatch(threading.Thread):
    """Look twice a second how much memory a process holds together with its children.

    The system's own peak of a child will not do: it begins with the peak of its parent.
    While there are no children, nothing is looked at, for looking takes time.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.root, self.done, self.peak_mb = psutil.Process(pid), threading.Event(), 0.0

    def __enter__(self) -> MemoryWatch:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.done.set()

    def run(self) -> None:
        while not self.done.wait(0.5):
            with suppress(psutil.Error):
                if children := self.root.children(recursive=True):
                    held = sum(map(megabytes, [self.root, *children]))
                    self.peak_mb = max(self.peak_mb, held)


def megabytes(process: psutil.Process) -> float:
    """Return a process's memory; what it shares with others is divided among them."""
    try:
        memory = process.memory_full_info()
    except psutil.Error:  # it has ended meanwhile, or is not ours to look at
        return 0.0
    return getattr(memory, "pss", memory.rss) / 2**20


class ChapterError(RuntimeError):
    """A chapter did not run as it must; the message says where and how."""


@dataclass
class Page:
    """A chapter's page and its notebook, executed or not."""

    chapter: Chapter
    path: Path
    notebook: NotebookNode
    usage: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))


def read(chapter: Chapter) -> list[Page]:
    """Return the chapter's pages as notebooks, or say which line can't be read."""
    return [read_page(chapter, path) for path in chapter.files]


def read_page(chapter: Chapter, path: Path) -> Page:
    try:
        return Page(chapter, path, myst_nb_reader_plugin(str(path)))
    except Exception as error:
        raise ChapterError(f"{path.name}: not a page of cells: {error}") from error


def open_cache() -> JupyterCacheAbstract:
    execcache.key_on_code()
    return get_cache(str(execcache.CACHE))


def stored(cache: JupyterCacheAbstract, page: Page) -> bool:
    """Fill the page from the cache, where it is there and whole."""
    try:
        record = cache.match_cache_notebook(page.notebook)
        _, notebook = cache.merge_match_into_notebook(page.notebook)
    except (KeyError, OSError, ValueError):  # absent, or left half written by a kill
        return False
    page.notebook, page.usage = notebook, record.data
    return "cpu_s" in page.usage


def store(cache: JupyterCacheAbstract, page: Page) -> None:
    bundle = CacheBundleIn(page.notebook, str(page.path), data=page.usage)
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def silent(client: NotebookClient, code: str) -> str:
    """Run code in the kernel that is no cell, and return what it prints."""
    out: list[str] = []

    def hear(message: dict) -> None:
        out.append(message["content"].get("text", ""))

    ask = run_sync(client.kc.execute_interactive)  # type: ignore[union-attr]
    ask(code, output_hook=hear, store_history=False, timeout=60)
    return "".join(out)


def run(page: Page, timeout: int) -> Page:
    """Execute the page's cells in a kernel of its own, offline."""
    client = NotebookClient(
        page.notebook,
        timeout=timeout,
        resources={"metadata": {"path": str(BOOK)}},
        coalesce_streams=True,  # else a print falls into one output or two, by chance
        record_timing=False,  # it would go into the cells' metadata, so into the cache's key
        extra_arguments=["--log-level=50"],
    )
    RUNNING.add(client)
    start = time.monotonic()
    try:
        with client.setup_kernel(env={**os.environ, **ENVIRONMENT}):
            with MemoryWatch(client.km.provisioner.pid) as watch:  # type: ignore[union-attr]
                silent(client, OFFLINE)
                probes = [float(silent(client, machine.PROBE))]
                for index, cell in enumerate(page.notebook.cells):
                    run_cell(page, client, cell, index)
            page.usage = json.loads(silent(client, USAGE))
            alone_mb = machine.peak_mb(page.usage.pop("maxrss"), sys.platform)
            page.usage["peak_mb"] = max(alone_mb, watch.peak_mb)
            probes.append(float(silent(client, machine.PROBE)))
            page.usage["slower"] = machine.slower(*probes)
    finally:
        RUNNING.discard(client)
    page.usage |= {"seconds": time.monotonic() - start, "cores": os.cpu_count()}
    check(page)
    return page


def run_cell(
    page: Page, client: NotebookClient, cell: NotebookNode, index: int
) -> None:
    try:
        client.execute_cell(cell, index)
    except CellExecutionError:
        error = next(o for o in cell.outputs if o.output_type == "error")
        lines = "\n".join(error.traceback)
        raise ChapterError(f"{where(page, index)}\n{plain(lines)}") from None
    except CellTimeoutError:
        raise ChapterError(
            f"{where(page, index)}\nThe cell ran longer than {client.timeout} s and was stopped."
        ) from None
    except DeadKernelError:
        raise ChapterError(
            f"{where(page, index)}\nThe kernel died in this cell."
        ) from None


def where(page: Page, index: int) -> str:
    """Return the page, line and source of a cell."""
    line = page.notebook.metadata.get("source_map", [0] * (index + 1))[index] + 1
    nth = sum(c.cell_type == "code" for c in page.notebook.cells[: index + 1])
    source = page.notebook.cells[index].source
    return f"{page.name}:{line}, chapter {page.chapter.number}, code cell {nth}:\n{indent(source)}"


def indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def check(page: Page) -> None:
    """Refuse a page that wrote to stderr, or alone is more than its chapter may be."""
    for index, cell in enumerate(page.notebook.cells):
        shown = "shows-stderr" in cell.metadata.get("tags", [])
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr" and not shown:
                raise ChapterError(
                    f"{where(page, index)}\nIt wrote to stderr:\n{indent(output.text)}"
                )
    check_whole(page.chapter, [page])


def check_whole(chapter: Chapter, pages: list[Page]) -> None:
    """Refuse pages that glued a name twice or overran their chapter's one budget."""
    where = ", ".join(page.name for page in pages)
    names = [name for page in pages for name, _ in glued(page)]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise ChapterError(f"{where}: glued more than once: {', '.join(twice)}")
    slower = max(page.usage["slower"] for page in pages)
    took = sum(page.usage["cpu_s"] for page in pages)
    held = max(page.usage["peak_mb"] for page in pages)
    for used, limit, unit in (
        (took, chapter.budget_s * slower, "s of CPU time"),
        (held, chapter.budget_mb, "MB of memory"),
    ):
        if used > limit:
            raise ChapterError(
                f"{where}: over its budget: took {used:.0f} {unit}, may take {limit:.0f}"
            )


def outputs(page: Page) -> list[tuple[str, NotebookNode]]:
    """Return every output with the heading it stands under."""
    found, heading = [], ""
    for cell in page.notebook.cells:
        heads = (
            re.findall(r"^#+ +(.+)$", cell.source, re.M)
            if cell.cell_type == "markdown"
            else []
        )
        heading = heads[-1] if heads else heading
        found += [(heading, out) for out in cell.get("outputs", [])]
    return found


def glued(page: Page) -> list[tuple[str, str]]:
    pairs = []
    for _, out in outputs(page):
        book = out.get("metadata", {}).get("scrapbook")
        literal = out.data.get(book["mime_prefix"] + "text/plain") if book else None
        if literal:  # a film is stored in the same way, and is no value of the text
            pairs.append((book["name"], str(ast.literal_eval(literal))))
    return pairs


def ledger(page: Page) -> dict[str, Any]:
    """Return what the page measured: usage, claims, results, test-set scores, glued values."""
    notes: dict[str, list] = {"claim": [], "result": [], "holdout": []}
    for heading, out in outputs(page):
        note = dict(out.get("metadata", {}).get("mlmastery", {}))
        if note:
            note["heading"] = heading
            note["page"] = page.path.stem
            note["markdown"] = out.data.get("text/markdown", "")
            notes[note.pop("kind")].append(note)
    return {
        **page.usage,
        "claims": notes["claim"],
        "results": notes["result"],
        "holdouts": notes["holdout"],
        "glue": dict(glued(page)),
    }


def write_ledger(page: Page) -> None:
    """Write the ledger where it changed, so that an unchanged one makes no work."""
    RUNS.mkdir(parents=True, exist_ok=True)
    path = RUNS / f"{page.path.stem}.json"
    # Sorted, since the cache gives metadata back in that order.
    text = json.dumps(ledger(page), indent=1, ensure_ascii=False, sort_keys=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def stop_kernels() -> None:
    for client in list(RUNNING):
        pid = getattr(getattr(client.km, "provisioner", None), "pid", None)
        if pid and psutil.pid_exists(pid):
            for process in [
                *psutil.Process(pid).children(recursive=True),
                psutil.Process(pid),
            ]:
                process.kill()


def work_through(
    cache: JupyterCacheAbstract, pages: list[Page], jobs: int, timeout: int
) -> list[str]:
    """Execute the pages and return one message for each that failed."""
    failed: list[str] = []
    pool = ThreadPoolExecutor(jobs)
    tasks: dict[Future[Page], Page] = {pool.submit(run, p, timeout): p for p in pages}
    try:
        for done, task in enumerate(as_completed(tasks), 1):
            page = tasks[task]
            try:
                finish(cache, task.result())
                state = (
                    f"{page.usage['cpu_s']:6.1f} s CPU {page.usage['peak_mb']:6.0f} MB"
                )
            except ChapterError as error:
                failed.append(str(error))
                state = "FAILED"
            say(f"[{done}/{len(pages)}] {state}  {page.name}")
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        stop_kernels()
        raise
    return failed


def finish(cache: JupyterCacheAbstract, page: Page) -> None:
    store(cache, page)
    write_ledger(page)


def say(text: str) -> None:
    print(text, flush=True)


def execute(only: str | None, jobs: int, timeout: int, force: bool) -> int:
    """Bring the cache up to date; return the exit status."""
    prepare_homes()
    cache = open_cache()
    took = {r.uri: r.data.get("cpu_s", 60) for r in cache.list_cache_records()}
    chapters = [find(only)] if only else written()
    pages = [page for chapter in chapters for page in read(chapter)]
    todo = [p for p in pages if force or not stored(cache, p)]
    for page in pages:
        if page not in todo:
            write_ledger(page)
    todo.sort(  # the longest first
        key=lambda p: -took.get(str(p.path), p.chapter.budget_s)
    )
    say(
        f"{len(pages) - len(todo)} page(s) unchanged, {len(todo)} to execute, {jobs} at a time"
    )
    start = time.monotonic()
    list_fonts(todo)
    failed = work_through(cache, todo, jobs, timeout) or overruns(chapters, pages)
    for message in failed:
        say(f"\n{'-' * 72}\n{message}")
    say(f"executed in {time.monotonic() - start:.1f} s, {len(failed)} failed")
    return 1 if failed else 0


def prepare_homes() -> None:
    """Give this process and those that it starts the folders of ``HOMES``."""
    os.environ.update(HOMES)
    for folder in HOMES.values():
        Path(folder).mkdir(parents=True, exist_ok=True)


def list_fonts(pages: list[Page]) -> None:
    """Have Matplotlib list the fonts before a page does, since it says so on stderr."""
    listed = any(Path(HOMES["MPLCONFIGDIR"]).glob("fontlist-*.json"))
    sources = (cell.source for page in pages for cell in page.notebook.cells)
    if not listed and any("matplotlib" in source for source in sources):
        list_them = [sys.executable, "-c", "import matplotlib.font_manager"]
        # What may be wrong with Matplotlib, its page will say.
        subprocess.run(list_them, stderr=subprocess.DEVNULL, check=False)


def overruns(chapters: list[Chapter], pages: list[Page]) -> list[str]:
    """Return a message for each chapter of several pages that together are too much."""
    failed = []
    for chapter in chapters:
        try:
            check_whole(chapter, [p for p in pages if p.chapter == chapter])
        except ChapterError as error:
            failed.append(str(error))
    return failed


def stale(docs: Collection[str] | None = None) -> list[str]:
    """Return the names of the pages, of these or of all, that would be executed."""
    cache = open_cache()
    paths = [(chapter, path) for chapter in written() for path in chapter.files]
    if docs is not None:
        paths = [(chapter, path) for chapter, path in paths if path.stem in docs]
    return [path.stem for chapter, path in paths if not current(cache, chapter, path)]


def current(cache: JupyterCacheAbstract, chapter: Chapter, path: Path) -> bool:
    try:
        return stored(cache, read_page(chapter, path))
    except ChapterError:
        return False


@contextmanager
def alone() -> Iterator[None]:
    """Refuse to work while another build of this book does.

    The system lets go of the lock when its holder ends, however that ends.
    """
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise RuntimeError(
                f"another build of this book is running (process {file.read()}); "
                "run again when it is done"
            ) from None
        file.truncate(0)
        print(os.getpid(), end="", file=file, flush=True)
        yield


def guarded(work: Callable[[], int]) -> int:
    """Do the work alone; what stops it gets one clear message and an exit status."""
    try:
        with alone():
            return work()
    except KeyboardInterrupt:
        say("\nstopped. What was executed before is kept; run again to go on.")
        os._exit(130)  # not by return: a thread may wait for a kernel that is gone
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        say(
            "error: the disk is full. What was executed before is kept; make room, run again."
        )
    except (RuntimeError, ValueError) as error:
        say(f"error: {error}")
    return 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--only", metavar="CHAPTER", help="one chapter, by slug or number"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--timeout", type=int, default=180, help="for one cell, in seconds"
    )
    parser.add_argument(
        "--force", action="store_true", help="execute what is cached too"
    )
    args = parser.parse_args()
    return guarded(lambda: execute(args.only, args.jobs, args.timeout, args.force))


if __name__ == "__main__":
    sys.exit(main())
