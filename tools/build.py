"""Build the book: execute, then the site and the PDF at once.

python tools/build.py [book [--go-on] | missing | chapter CHAPTER | notebooks]
"""

from __future__ import annotations

import argparse
import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import machine
import notebooks
import sheets
import tex
from chapters import BOOK, ROOT, RUNS, Chapter, find, written
from execute import execute
from lock import guarded

BUILD = ROOT / "_build"
HTML = BUILD / "html"
DOWNLOADS = HTML / "downloads"
PDF = BUILD / "pdf" / "machine-learning-mastery.pdf"
PRINT = BUILD / "print"
LOGS = BUILD / "logs"
TROUBLE = re.compile(r"WARNING: |ERROR: |CRITICAL: |Traceback|[Ee]rror:|^! |^l\.\d+ ")
# Without the package that cells.py does without, too.
JUPYTER_BOOK = (
    "import sys; sys.modules['rfc3987_syntax'] = None; "
    "from jupyter_book.cli.main import main; main(prog_name='jupyter-book')"
)
FULL = re.compile(r"No space left on device|Disk quota exceeded")
# Seconds of CPU time, on a quiet machine, that each step may take for a book of 22 chapters.
MAY_TAKE = {"site": 120, "sheets": 90, "print": 90, "PDF": 210}
MAY_HOLD_MB = 2_000
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
DONE = BUILD / "done.json"  # what the last build was made from, and did without


class BuildError(RuntimeError):
    """A step failed; the message holds the lines of its log that say why."""


def sphinx(name: str, *options: str, strict: bool = True, **env: str) -> Path:
    """Run Jupyter Book on the pages and return its log."""
    command = [
        *(sys.executable, "-P", "-c", JUPYTER_BOOK),
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
        cost = machine.run(
            [program or command[0], *command[1:]],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**os.environ, **env},
        )
    if cost.status:
        refuse_full_disk(log)
        raise BuildError(
            f"the {name} failed; {log.relative_to(ROOT)} says:\n{trouble(log)}"
        )
    wall_s = time.monotonic() - start
    say(f"{name}: {wall_s:.0f} s, {cost.cpu_s:.0f} s CPU {cost.peak_mb:6.0f} MB")
    refuse_overrun(name, cost)
    return log


def refuse_overrun(name: str, cost: machine.Cost) -> None:
    """Raise if a step took more than its budget; on a slow machine it may take longer."""
    may_take = MAY_TAKE[name]
    if cost.cpu_s > may_take:
        may_take *= machine.slower(machine.probe())
    may_hold = max(MAY_HOLD_MB, machine.own_peak_mb())
    if over := machine.overrun(cost.cpu_s, may_take, cost.peak_mb, may_hold):
        raise BuildError(f"the {name} is {over}")


def refuse_full_disk(log: Path) -> None:
    """Raise what `guarded` knows; the log itself may be cut off where it would say so."""
    said = FULL.search(log.read_text(encoding="utf-8", errors="replace"))
    if said or shutil.disk_usage(log).free < 2**20:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


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
    try:
        sphinx("site", "--path-output", str(ROOT), *changed, strict=strict, **env)
    except OSError:  # pages may be cut off: without this file Sphinx writes all of them
        (HTML / ".buildinfo").unlink(missing_ok=True)
        raise
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


def site_with_downloads() -> None:
    site()
    export_changed(DOWNLOADS)
    if sheets.CHROMIUM:
        style = digest(b"", [HTML / "_static" / "book.css"])
        docs = [doc for chapter in written() for doc in chapter.docs]
        arguments = [str(HTML), str(DOWNLOADS), style, *docs]
        logged("sheets", [sys.executable, sheets.__file__, *arguments])


def offer_pdf() -> None:
    """Put the PDF where the pages link to."""
    if PDF.exists():
        shutil.copy2(PDF, DOWNLOADS / PDF.name)


def export_changed(folder: Path, chapters: list[Chapter] | None = None) -> None:
    """Export the notebooks, of all or these chapters, that are older than their sources."""
    record = folder / "sources.json"
    made = json.loads(record.read_text()) if record.exists() else {}
    # A link shows the title of what it leads to, an include shows any module.
    titles = repr(sorted(notebooks.titles().items())).encode()
    common = digest(titles, [*ROOT.glob("tools/*.py"), *ROOT.glob("code/**/*.py")])
    asked = written() if chapters is None else chapters
    now = {c.notebook: digest(common.encode(), sources_of(c)) for c in asked}
    todo = [c for c in asked if made.get(c.notebook) != now[c.notebook]]
    notebooks.export(folder, todo)
    record.write_text(json.dumps(made | now))


def sources_of(chapter: Chapter) -> list[Path]:
    runs = [RUNS / f"{doc}.json" for doc in chapter.docs]
    return [*chapter.files, *runs, BOOK / "references.bib", ROOT / "pyproject.toml"]


def digest(start: bytes, paths: list[Path]) -> str:
    made = hashlib.md5(start, usedforsecurity=False)
    for path in sorted(filter(Path.exists, paths)):
        made.update(path.read_bytes())
    return made.hexdigest()


def book(args: argparse.Namespace) -> int:
    start = time.monotonic()
    missing = tex.provide()
    state = {"made from": inputs(), "missing": missing}
    if args.force or state != done() or not (HTML / "index.html").exists():
        if status := execute(None, args.jobs, args.timeout, args.force):
            return status
        render(missing)
        DONE.write_text(json.dumps(state), encoding="utf-8")
        say(f"\ndone in {time.monotonic() - start:.0f} s")
    else:
        say("nothing has changed since the last build")
    say(f"site: {HTML / 'index.html'}")
    say(missing or f"PDF:  {PDF}")
    return 3 if missing and not args.go_on else 0


def render(missing: str) -> None:
    """Write the site and, if nothing is missing, the PDF, both at once."""
    DONE.unlink(missing_ok=True)
    say("building the site" + ("" if missing else " and the PDF"))
    with ThreadPoolExecutor(2) as pool:
        todo = [site_with_downloads] + ([] if missing else [pdf])
        steps = [pool.submit(step) for step in todo]
        errors = [e for e in (s.exception() for s in steps) if e]
    if other := [e for e in errors if not isinstance(e, BuildError)]:
        raise other[0]
    if errors:
        raise BuildError("\n".join(map(str, errors)))
    offer_pdf()


def inputs() -> str:
    """Return a digest of all that a build reads: it changes with any file or commit."""
    folders = [BOOK, ROOT / "code", ROOT / "tools"]
    files = [p for folder in folders for p in folder.rglob("*") if p.is_file()]
    files += [*ROOT.glob("_*.yml"), *ROOT.glob("*.toml"), ROOT / "requirements.txt"]
    kept = sorted(p for p in files if "__pycache__" not in p.parts)
    times = [f"{p} {p.stat().st_size} {p.stat().st_mtime_ns}" for p in kept]
    return digest("\n".join([notebooks.git("rev-parse", "HEAD"), *times]).encode(), [])


def done() -> dict[str, str]:
    """Return the state that the last build left, if it came to its end."""
    return json.loads(DONE.read_text(encoding="utf-8")) if DONE.exists() else {}


def say_missing(args: argparse.Namespace) -> int:
    """Say in the last line of `make test` what the book was built without."""
    said = done().get("missing", "")
    if said:
        say(said)
    return 3 if said else 0


def chapter(args: argparse.Namespace) -> int:
    """Execute and render one page; what is wrong elsewhere does not matter now.

    The other pages keep what the cache has of them and are not executed.
    """
    found = find(args.chapter)
    if status := execute(found.slug, args.jobs, args.timeout, args.force):
        return status
    DONE.unlink(missing_ok=True)
    site(strict=False, BOOK_ONLY=",".join(found.docs))
    log = (LOGS / "site.log").read_text(encoding="utf-8")
    for line in log.splitlines():
        if any(f.name in line for f in found.files) and "WARNING" in line:
            say(line)
    export_changed(DOWNLOADS, [found])
    offer_pdf()
    say(f"{HTML / found.slug}.html")
    return 0


def export(args: argparse.Namespace) -> int:
    if status := execute(None, args.jobs, args.timeout, False):
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
    whole = verbs.add_parser("book")
    whole.add_argument(
        "--go-on", action="store_true", help="exit 0 without TeX; `missing` says it"
    )
    whole.set_defaults(run=book)
    verbs.add_parser("missing").set_defaults(run=say_missing)
    verbs.add_parser("notebooks").set_defaults(run=export)
    one = verbs.add_parser("chapter")
    one.add_argument("chapter")
    one.set_defaults(run=chapter)
    args = parser.parse_args()
    return guarded(lambda: args.run(args))


if __name__ == "__main__":
    sys.exit(main())
