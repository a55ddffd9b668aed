"""Build the book: execute, then the site and the PDF at once.

python tools/build.py [book | chapter CHAPTER | notebooks]
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import execute
import notebooks
import tex
from chapters import BOOK, ROOT, find

BUILD = ROOT / "_build"
HTML = BUILD / "html"
PDF = BUILD / "pdf" / "machine-learning-mastery.pdf"
PRINT = BUILD / "print"
LOGS = BUILD / "logs"
TROUBLE = re.compile(r"WARNING: |ERROR: |CRITICAL: |Traceback|[Ee]rror:|^! |^l\.\d+ ")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class BuildError(RuntimeError):
    """A step failed; the message holds the lines of its log that say why."""


def sphinx(name: str, *options: str, strict: bool = True, **env: str) -> Path:
    """Run Jupyter Book on the pages and return its log."""
    command = [
        "jupyter-book",
        "build",
        str(BOOK),
        "--config",
        str(ROOT / "_config.yml"),
    ]
    command += ["--toc", str(ROOT / "_toc.yml"), *options]
    command += ["-n", "-W", "--keep-going"] if strict else []
    return logged(name, command, **env)


def logged(name: str, command: list[str], **env: str) -> Path:
    """Run a command with its output in a log; on failure raise with the lines that matter."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log, start = LOGS / f"{name}.log", time.monotonic()
    program = shutil.which(
        command[0], path=f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    )
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(
            [program or command[0], *command[1:]],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**os.environ, **env},
            check=False,
        )
    if done.returncode:
        raise BuildError(
            f"the {name} failed; {log.relative_to(ROOT)} says:\n{trouble(log)}"
        )
    say(f"{name}: {time.monotonic() - start:.1f} s")
    return log


def trouble(log: Path) -> str:
    text = COLOUR.sub("", log.read_text(encoding="utf-8", errors="replace"))
    lines = text.replace(f"{ROOT}/", "").splitlines()
    bad = [f"  {line}" for line in lines if TROUBLE.search(line)]
    return "\n".join(bad[:40] or lines[-20:])


def look_changed(built: Path) -> list[str]:
    """Return ``--all`` where styles, scripts or extensions are newer than what was built.

    Sphinx looks at pages only: with none changed it would not even copy a style sheet.
    """
    folders = [BOOK / "assets", BOOK / "_ext", BOOK / "_tex"]
    files = [p for folder in folders for p in folder.rglob("*") if p.is_file()]
    newest = max(p.stat().st_mtime for p in files if p.suffix != ".pyc")
    return ["--all"] if built.exists() and newest > built.stat().st_mtime else []


def site(strict: bool = True, **env: str) -> None:
    changed = look_changed(HTML / "_static" / "book.css")
    sphinx("site", "--path-output", str(ROOT), *changed, strict=strict, **env)
    (HTML / "_static" / "book.css").touch()


def pdf() -> None:
    """Write the PDF by LuaLaTeX, in a build tree of its own."""
    # Neither the PDF nor its source is written again if they would be the same.
    read = PRINT / "_build" / ".doctrees" / "environment.pickle"
    options = ["--builder", "latex", *look_changed(read)]
    sphinx("print", "--path-output", str(PRINT), *options)
    made = typeset(PRINT / "_build" / "latex")
    PDF.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(made, PDF)


def typeset(folder: Path) -> Path:
    """Run LuaLaTeX as often as the files that it leaves for its next run still change."""
    # The number of the last sheet is left for no one, and would cost a third run.
    last = r"$hash_calc_ignore_pattern{aux} = '^.gdef .@abspage@last';"
    options = ["-interaction=nonstopmode", "-halt-on-error", "-e", last]
    settings = ["-r", str(folder / "latexmkrc"), "-cd", "-pdf"]
    logged("PDF", ["latexmk", *settings, *options, str(folder / "book.tex")])
    return folder / "book.pdf"


def downloads() -> None:
    """Put the notebooks and the PDF where the pages link to."""
    folder = HTML / "downloads"
    notebooks.export(folder)
    if PDF.exists():
        shutil.copy2(PDF, folder / PDF.name)


def book(args: argparse.Namespace) -> int:
    start = time.monotonic()
    missing = tex.provide()
    if status := execute.execute(None, args.jobs, args.timeout, args.force):
        return status
    say("building the site" + ("" if missing else " and the PDF"))
    with ThreadPoolExecutor(2) as pool:
        steps = [pool.submit(site)] + ([] if missing else [pool.submit(pdf)])
        errors = [str(e) for e in (s.exception() for s in steps) if e]
    if errors:
        raise BuildError("\n".join(errors))
    downloads()
    say(f"\ndone in {time.monotonic() - start:.0f} s\nsite: {HTML / 'index.html'}")
    say(missing or f"PDF:  {PDF}")
    return 3 if missing else 0


def chapter(args: argparse.Namespace) -> int:
    """Execute and render one page; what is wrong elsewhere does not matter now.

    The other pages keep what the cache has of them and are not executed.
    """
    found = find(args.chapter)
    if status := execute.execute(found.slug, args.jobs, args.timeout, args.force):
        return status
    site(strict=False, BOOK_DO_NOT_EXECUTE=",".join(execute.stale()))
    log = (LOGS / "site.log").read_text(encoding="utf-8")
    for line in log.splitlines():
        if any(f.name in line for f in found.files) and "WARNING" in line:
            say(line)
    downloads()
    say(f"{HTML / found.slug}.html")
    return 0


def export(args: argparse.Namespace) -> int:
    if status := execute.execute(None, args.jobs, args.timeout, False):
        return status
    paths = notebooks.export(ROOT / "notebooks")
    say("\n".join(str(p.relative_to(ROOT)) for p in paths))
    return 0


def say(text: str) -> None:
    print(text, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--timeout", type=int, default=180, help="for one cell, in seconds"
    )
    parser.add_argument(
        "--force", action="store_true", help="execute what is cached too"
    )
    verbs = parser.add_subparsers(required=True)
    verbs.add_parser("book").set_defaults(run=book)
    verbs.add_parser("notebooks").set_defaults(run=export)
    one = verbs.add_parser("chapter")
    one.add_argument("chapter")
    one.set_defaults(run=chapter)
    args = parser.parse_args()
    return execute.guarded(lambda: args.run(args))


if __name__ == "__main__":
    sys.exit(main())
