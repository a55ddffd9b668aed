"""Run a page's cells in a kernel of its own, offline, and measure what they use."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

import machine
import psutil
from cells import ChapterError, Page, where
from chapters import BOOK, ROOT
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

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
CRASHES = (  # sys.stderr is a pipe that ends with the kernel
    "import faulthandler as _f, sys as _s; "
    "_f.enable(getattr(_s.stderr, '_original_stdstream_copy', 2), all_threads=False); "
    "del _f, _s"
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
        with (
            tempfile.TemporaryFile() as aside,
            client.setup_kernel(env={**os.environ, **ENVIRONMENT}, stderr=aside),
        ):
            with MemoryWatch(client.km.provisioner.pid) as watch:  # type: ignore[union-attr]
                run_hidden(client, OFFLINE)
                run_hidden(client, CRASHES)
                probes = [float(run_hidden(client, machine.PROBE))]
                for index, cell in enumerate(page.notebook.cells):
                    run_cell(page, client, cell, index, aside)
            page.usage = json.loads(run_hidden(client, USAGE))
            alone_mb = machine.peak_mb(page.usage.pop("maxrss"), sys.platform)
            page.usage["peak_mb"] = max(alone_mb, watch.peak_mb)
            probes.append(float(run_hidden(client, machine.PROBE)))
            page.usage["slower"] = machine.slower(*probes)
    finally:
        RUNNING.discard(client)
    page.usage |= {"seconds": time.monotonic() - start, "cores": os.cpu_count()}
    return page


def run_cell(
    page: Page, client: NotebookClient, cell: NotebookNode, index: int, aside: IO[bytes]
) -> None:
    """Run one cell. ``aside`` holds what the kernel, not a cell, wrote to stderr."""
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
            f"{where(page, index)}\nThe kernel died in this cell.\n{last_words(aside)}"
        ) from None


def last_words(aside: IO[bytes]) -> str:
    """Return the beginning of what a kernel wrote that died: where it crashed."""
    aside.seek(0)
    return aside.read().decode(errors="replace")[:2000]


def run_hidden(client: NotebookClient, code: str) -> str:
    """Run code in the kernel that is no cell, and return what it prints."""
    out: list[str] = []

    def hear(message: dict) -> None:
        out.append(message["content"].get("text", ""))

    ask = run_sync(client.kc.execute_interactive)  # type: ignore[union-attr]
    ask(code, output_hook=hear, store_history=False, timeout=60)
    return "".join(out)


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def stop_kernels() -> None:
    for client in list(RUNNING):
        pid = getattr(getattr(client.km, "provisioner", None), "pid", None)
        if pid and psutil.pid_exists(pid):
            for process in [
                *psutil.Process(pid).children(recursive=True),
                psutil.Process(pid),
            ]:
                process.kill()


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
