"""Execute the chapters that are not in the cache, in parallel, and note what each measured.

    python tools/execute.py [--only CHAPTER] [--jobs N] [--timeout SECONDS] [--force]

A chapter enters the cache when all its cells ran without error, without a word on stderr
and within its budget. Jupyter Book then finds every page there and executes nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

import budget
import cache
import kernel
from cells import ChapterError, Page, read
from chapters import find, written
from jupyter_cache.base import JupyterCacheAbstract
from ledger import write_ledger
from lock import guarded, say


def execute(only: str | None, jobs: int, timeout: int, force: bool) -> int:
    """Bring the cache up to date; return the exit status."""
    kernel.prepare_homes()
    store = cache.open_cache()
    took = {r.uri: r.data.get("cpu_s", 60) for r in store.list_cache_records()}
    chapters = [find(only)] if only else written()
    pages = [page for chapter in chapters for page in read(chapter)]
    todo = [p for p in pages if force or not cache.load_from_cache(store, p)]
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
    kernel.list_fonts(todo)
    failed = work_through(store, todo, jobs, timeout)
    failed = failed or budget.overruns(chapters, pages)
    for message in failed:
        say(f"\n{'-' * 72}\n{message}")
    say(f"executed in {time.monotonic() - start:.1f} s, {len(failed)} failed")
    return 1 if failed else 0


def work_through(
    store: JupyterCacheAbstract, pages: list[Page], jobs: int, timeout: int
) -> list[str]:
    """Execute the pages and return one message for each that failed."""
    failed: list[str] = []
    pool = ThreadPoolExecutor(jobs)
    tasks: dict[Future[Page], Page] = {pool.submit(run, p, timeout): p for p in pages}
    try:
        for done, task in enumerate(as_completed(tasks), 1):
            page = tasks[task]
            try:
                finish(store, task.result())
                state = (
                    f"{page.usage['cpu_s']:6.1f} s CPU {page.usage['peak_mb']:6.0f} MB"
                )
            except ChapterError as error:
                failed.append(str(error))
                state = "FAILED"
            say(f"[{done}/{len(pages)}] {state}  {page.name}")
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        kernel.stop_kernels()
        raise
    return failed


def run(page: Page, timeout: int) -> Page:
    """Execute a page, and refuse it if it did what it must not."""
    kernel.run(page, timeout)
    budget.check_page(page)
    return page


def finish(store: JupyterCacheAbstract, page: Page) -> None:
    cache.store(store, page)
    write_ledger(page)


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
