"""Export the chapters as plain notebooks for Jupyter, Colab and Kaggle.

    python tools/notebooks.py [--out notebooks]

MyST that those would show raw becomes Markdown: directives turn into quotations and code,
references into the numbers of the book, glued values into the values of the last run.
Cells lose their bookkeeping, by the same module as the site's; claims keep a collapsed cell.
A checked exercise gets a cell with its stub and its check; solutions stand at the end.
Cells keep what they gave in the book's run, so a notebook reads well before it is run.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import outputs
from chapters import BOOK, REPOSITORY, ROOT, SITE, Chapter, all_chapters, written
from nbformat import NotebookNode
from pages import colab, kaggle, run_of
from pins import NO_DEPS, pins
from pybtex.database import Entry, parse_file
from reading import Reader, excerpt, free_names, imports_in

from mlmastery.check import Exercise, read_exercise

DIRECTIVE = re.compile(r"^( *)(`{3,}|:{3,}) *\{([\w:+.-]+)\} *(.*)$")
ROLE = re.compile(r"\{([\w:]+)\}`(?:([^`<]+?) *<([^`>]+)>|([^`]+))`")
SILENT = {"chapter-card", "bibliography", "tableofcontents", "raw", "exercise-end"}
# Where in a cell's Markdown something else begins: an exercise's stub, a solution.
MARK = re.compile(r"^\x00(stub|solution|end) ?(.*)$", re.M)
# Jupyter, Colab and Kaggle have each their own word for a cell whose code is hidden.
COLLAPSED = {
    "jupyter": {"source_hidden": True},
    "cellView": "form",
    "_kg_hide-input": True,
}
WRAPPERS = {"tab-set", "grid", "container", "table"}
LABELLED_MATH = re.compile(r"\$\$(.+?)\$\$ *\(([\w-]+)\)", re.S)
COLAB_BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
KAGGLE_BADGE = "https://kaggle.com/static/images/open-in-kaggle.svg"
MOST_BYTES = 3_000_000
ZOOMS = (
    2.0,
    1.5,
    1.0,
)  # pixels for each of a figure's own, the next where it is too large
INSTALL = """\
# Installs what is missing on Colab and Kaggle; where all is there, it does nothing.
import subprocess
import sys

try:
    import mlmastery
except ImportError:
    source = "{source}"
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--retries", "1"]
    if subprocess.run([*pip, source]).returncode:
        raise SystemExit(
            "The book's package could not be fetched. Turn on Internet in the notebook's "
            "settings and run this cell again; without Internet, see\\n{site}"
        ) from None

from mlmastery.install import install_missing

install_missing({arguments})

from mlmastery.bookkit import Published, Spread, claim, result, set_up

set_up()  # the look of the book's figures
"""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]


def install(slug: str) -> str:
    """Return the first cell: it installs what this chapter needs where that is missing."""
    package = ROOT / "code" / "mlmastery"
    files = [*package.glob(f"{slug}.py"), *package.glob(f"{slug}/*.py")]
    source = "".join(f.read_text(encoding="utf-8") for f in files)
    bare = [
        f"{name}=={version}"
        for name, version in pins(NO_DEPS).items()
        if name.replace("-", "_") in source
    ]
    arguments = f'"{slug}"' if slug in PROJECT["optional-dependencies"] else ""
    if bare:
        arguments += f", no_deps={bare}".replace("'", '"')
    return INSTALL.format(
        source=archive(), site=f"{SITE}/setup.html#setup-cloud", arguments=arguments
    )


def archive() -> str:
    """Return the address of the package as it was when the notebook was exported."""
    return f"mlmastery @ {REPOSITORY}/archive/{revision()}.zip"


@cache
def revision() -> str:
    """Return the tag of this version if it is checked out, else the commit."""
    tag = f"v{PROJECT['version']}"
    tags, commit = git("tag", "--points-at", "HEAD"), git("rev-parse", "HEAD")
    return tag if tag in tags.split() or not commit else commit


def git(*arguments: str) -> str:
    """Return what git says of this checkout; nothing where there is none."""
    command = ["git", "-C", str(ROOT), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()
    except FileNotFoundError:
        return ""


class Exporter:
    """Turn one chapter's MyST into what every notebook program shows."""

    def __init__(
        self,
        chapter: Chapter,
        values: dict[str, str],
        made: list[list[NotebookNode]] | None = None,
        zoom: float = ZOOMS[0],
    ) -> None:
        self.chapter = chapter
        self.values = values
        self.made = made or []  # the outputs of each code cell
        self.zoom = zoom
        self.text = chapter.text
        self.bibliography = parse_file(str(BOOK / "references.bib")).entries
        self.cited: list[str] = []
        self.numbers = numbers(self.text, chapter.number)
        self.titles = titles()
        self.body: list[NotebookNode] = []
        self.solutions: list[NotebookNode] = []
        self.imports: dict[str, str] = {}  # the line that imports each name
        self.answers: set[str] = set()  # names of the stubs so far

    def notebook(self) -> NotebookNode:
        """Return the chapter as a notebook."""
        install_cell = collapsed(nbformat.v4.new_code_cell(install(self.chapter.slug)))
        self.read()
        cells = [markdown(self.head()), install_cell, *self.body]
        if self.solutions:
            cells += [markdown("## Solutions"), *self.solutions]
        if self.cited:
            references = "\n".join(map(self.reference, self.cited))
            cells.append(markdown(f"## References\n\n{references}"))
        for i, cell in enumerate(cells):
            cell.id = f"{self.chapter.slug}-{i}"
        notebook = nbformat.v4.new_notebook(cells=cells)
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook.metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
        nbformat.validate(notebook)
        return notebook

    def read(self) -> None:
        """Fill the body and, from where one begins to where it ends, the solutions."""
        source = jupytext.reads(self.text, fmt="md:myst").cells
        code = [cell for cell in source if cell.cell_type == "code"]
        reader = Reader([(cell.source, cell.metadata) for cell in code])
        place = self.body
        for cell in source:
            if cell.cell_type == "code":
                place += self.code(cell, reader, code.index(cell))
                continue
            kind, rest = "", self.markdown(cell.source)
            while rest or kind:
                mark = MARK.search(rest)
                text, rest = (
                    (rest[: mark.start()], rest[mark.end() :]) if mark else (rest, "")
                )
                if text.strip():
                    place.append(markdown(text.strip()))
                kind, name = (mark[1], mark[2]) if mark else ("", "")
                if kind == "stub":
                    exercise = read_exercise(self.chapter.page.parent / name)
                    place.append(stub(exercise))
                    self.answers.add(exercise.function)
                elif kind:
                    place = self.solutions if kind == "solution" else self.body

    def head(self) -> str:
        c = self.chapter
        return (
            f"[![Open in Colab]({COLAB_BADGE})]({colab(c)}) "
            f"[![Open in Kaggle]({KAGGLE_BADGE})]({kaggle(c)})\n\n"
            f"*Chapter {c.number} of [Machine Learning Mastery]({SITE}/{c.slug}.html) "
            f"by Anik Tahabilder. "
            f"Numbers in the text are from the book's own run.*"
        )

    def code(
        self, cell: NotebookNode, reader: Reader, index: int
    ) -> list[NotebookNode]:
        """Return what stands for a code cell: its lesson, its claims, its caption."""
        figure = cell.metadata.get("mystnb", {}).get("figure")
        fold = reader.shown(index).fold
        made = self.restored(cell.source)
        self.imports |= imports_in(cell.source)
        parts = reader.segments(index)
        dealt = outputs.deal(parts, self.made[index] if self.made else [])
        for (kept, source), given in zip(parts, dealt, strict=True):
            part = nbformat.v4.new_code_cell(source)
            part.outputs = outputs.plain(given, self.zoom)
            made.append(collapsed(part) if fold or not kept else part)
        if figure:
            made.append(
                markdown(self.caption(figure.get("name"), figure.get("caption")))
            )
        return made

    def restored(self, source: str) -> list[NotebookNode]:
        """Return a cell that imports again what an answer of the same name has hidden."""
        hidden = sorted(free_names(source) & self.answers & set(self.imports))
        if not hidden:
            return []
        lines = "\n".join(self.imports[name] for name in hidden)
        note = "# The chapter's own again, which an answer to an exercise has replaced."
        return [collapsed(nbformat.v4.new_code_cell(f"{note}\n{lines}"))]

    def caption(self, name: str | None, text: str | None) -> str:
        number = self.numbers.get(name or "", "Figure")
        return f"*{number}. {self.inline(text or '').strip()}*"

    def markdown(self, text: str) -> str:
        text = "\n".join(self.block(text.split("\n")))
        text = re.sub(r"^\(([\w:-]+)\)=$", r'<a id="\1"></a>\n', text, flags=re.M)
        text = LABELLED_MATH.sub(self.tagged, text)
        return re.sub(r"\n{3,}", "\n\n", self.inline(text)).strip()

    def tagged(self, match: re.Match[str]) -> str:
        number = self.numbers[match[2]].strip("()")
        return f"$${match[1].rstrip()} \\tag{{{number}}}\n$$"

    def block(self, lines: list[str]) -> list[str]:
        """Rewrite the directives of a block, those inside others too."""
        out, i = [], 0
        while i < len(lines):
            opened = DIRECTIVE.match(lines[i])
            if not opened:
                out.append(lines[i])
                i += 1
                continue
            end = closing(lines, i, opened[2])
            options, body = split_options(lines[i + 1 : end])
            out += self.directive(opened[3], opened[4], options, body)
            i = end + 1
        return out

    def directive(
        self, kind: str, title: str, options: dict, body: list[str]
    ) -> list[str]:
        if kind in SILENT:
            return []
        if kind.startswith("solution"):
            return self.solution(kind, title, body)
        if kind == "predict":
            summary = f"<summary>Predict, then open: {self.inline(title)}</summary>"
            return ["<details>", summary, "", *self.block(body), "", "</details>", ""]
        if kind == "frames":
            return [self.caption(options.get("name"), " ".join(body))]
        if kind == "table-caption":
            return [self.caption(title, " ".join(body))]
        if kind == "math":
            label = options.get("label")
            tail = f" ({label})" if label else ""
            return ["$$", *body, f"$${tail}"]
        if kind == "literalinclude" and "stub" in options.get("start-after", ""):
            return [f"\x00stub {title}"]
        if kind in ("code-block", "code", "doctest", "literalinclude"):
            code = (
                included(self.chapter.page, title, options)
                if kind == "literalinclude"
                else body
            )
            return ["```python", *code, "```"]
        if kind in ("figure", "image"):
            return [
                f"![{options.get('alt', '')}]({REPOSITORY}/raw/main/book/{title})",
                *body,
            ]
        if kind in WRAPPERS:
            return self.block(body)
        if kind in ("graphviz", "list-table", "glue:figure"):
            return [f"*(See it on [the page]({SITE}/{self.chapter.slug}.html).)*"]
        return quoted(self.heading(kind, title, options), self.block(body))

    def solution(self, kind: str, label: str, body: list[str]) -> list[str]:
        """Mark where a solution begins and ends: it goes to the end of the notebook."""
        if kind == "solution-end":
            return ["\x00end"]
        name = self.numbers.get(label, "Exercise")
        start = [
            "\x00solution",
            f"### {name.replace('Exercise', 'Solution to exercise')}",
        ]
        whole = [*self.block(body), "\x00end"] if kind == "solution" else []
        return [*start, "", *whole]

    def heading(self, kind: str, title: str, options: dict) -> str:
        if kind.startswith("exercise"):
            name = self.numbers.get(options.get("label", ""), "Exercise")
            return f"{name}. {title}".rstrip()
        return self.inline(title) or kind.split(":")[-1].capitalize()

    def inline(self, text: str) -> str:
        return ROLE.sub(self.role, text)

    def role(self, match: re.Match[str]) -> str:
        kind, label, target = match[1], match[2], (match[3] or match[4]).strip()
        if kind.startswith("glue"):
            return self.values.get(target, f"`{target}`")
        if kind.startswith("cite"):
            return self.cite([key.strip() for key in target.split(",")], kind)
        if kind in ("term", "download", "abbr"):
            return label or target
        if kind == "lang":
            return match[0].strip("`").split(":", 1)[1]
        number = self.numbers.get(target)
        if kind == "ref" and not target.startswith("ex-"):
            number = self.titles.get(target) or number
        name = label or number or self.titles.get(target, target)
        if target in headings(self.text):
            return f"[{name}](#{target})"
        if target in self.numbers:
            return name
        return f"[{name}]({SITE}/{page_of(target, self.chapter)}.html)"

    def cite(self, keys: list[str], kind: str) -> str:
        self.cited += [key for key in keys if key not in self.cited]
        names = [short(self.bibliography[key]) for key in keys]
        return (
            "; ".join(f"{n} ({y})" for n, y in names)
            if kind == "cite:t"
            else ("(" + "; ".join(f"{n} {y}" for n, y in names) + ")")
        )

    def reference(self, key: str) -> str:
        entry = self.bibliography[key]
        name, year = short(entry, most=9)
        field = entry.fields.get
        home = (
            field("journal")
            or field("publisher")
            or field("booktitle")
            or field("url")
            or ""
        )
        return plain_tex(f"- {name} ({year}). {field('title', '')}. *{home}*.")


def plain_tex(text: str) -> str:
    return re.sub(r"[{}]", "", text).replace("--", "–").replace(r"\&", "&")


def short(entry: Entry, most: int = 2) -> tuple[str, str]:
    """Return (authors, year), the authors past ``most`` left out."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [plain_tex(" ".join(p.last_names)) for p in people]
    if len(names) > most or names[-1] == "others":
        shown = f"{names[0]} et al."
    else:
        shown = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return shown, entry.fields.get("year", "n.d.")


def markdown(text: str) -> NotebookNode:
    return nbformat.v4.new_markdown_cell(text)


def collapsed(cell: NotebookNode) -> NotebookNode:
    """Hide a cell's code until it is asked for; it runs like any other."""
    cell.metadata.update(COLLAPSED)
    return cell


def stub(exercise: Exercise) -> NotebookNode:
    """Return the cell in which a reader answers an exercise, with its check below."""
    return nbformat.v4.new_code_cell(
        f"{exercise.stub_text}\n\nfrom mlmastery.check import check\n\n"
        f'check("{exercise.id}", {exercise.function})'
    )


def quoted(heading: str, body: list[str]) -> list[str]:
    return [f"> **{heading}**", ">", *(f"> {line}".rstrip() for line in body), ""]


def closing(lines: list[str], start: int, fence: str) -> int:
    """Return the index of the line that closes the fence opened at ``start``."""
    for i in range(start + 1, len(lines)):
        line = lines[i].strip()
        if line and set(line) == {fence[0]} and len(line) >= len(fence):
            return i
    raise ValueError(f"the directive is never closed: {lines[start]}")


def split_options(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    options, i = {}, 0
    while i < len(lines) and (found := re.match(r"^ *:([\w-]+): *(.*)$", lines[i])):
        options[found[1]] = found[2].strip("\"'")
        i += 1
    return options, lines[i:]


def included(page: Path, name: str, options: dict[str, str]) -> list[str]:
    """Return what a literalinclude shows."""
    path = (page.parent / name).resolve()
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines()
    if "pyobject" in options:
        return excerpt(source, options["pyobject"]).split("\n")
    if "start-after" in options:
        lines = lines[
            next(i for i, x in enumerate(lines) if options["start-after"] in x) + 1 :
        ]
    if "end-before" in options:
        lines = lines[
            : next(i for i, x in enumerate(lines) if options["end-before"] in x)
        ]
    return "\n".join(lines).strip("\n").split("\n")


def numbers(text: str, chapter: int) -> dict[str, str]:
    """Return what Sphinx will call each labelled equation, figure, exercise and section."""
    text = re.sub(r"^---\n.*?\n---\n", "", text, count=1, flags=re.S)
    found = {}
    patterns = {
        "({})": r"\$\$ *\(([\w-]+)\)|^```\{math\}\n:label: ([\w-]+)",
        "Figure {}": r"^ {4}name: (fig[\w-]*)|^:name: (fig[\w-]*)",
        "Table {}": r"^`{3,}\{table-caption\} ([\w-]+)|^`{3,}\{table\}[^\n]*\n:name: ([\w-]+)",
        "Exercise {}": (
            r"^`{3,}\{exercise(?:-start)?\}[^\n]*\n"
            r"(?::[\w-]+:[^\n]*\n)*?:label: ([\w-]+)"
        ),
    }
    for form, pattern in patterns.items():
        matches = re.finditer(pattern, text, re.M)
        for n, match in enumerate(matches, 1):
            label = next(g for g in match.groups() if g)
            found[label] = form.format(f"{chapter}.{n}")
    code = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    section = 0
    for match in re.finditer(r"(?:^\(([\w-]+)\)=\n+)?^## ", code, re.M):
        section += 1
        if match[1]:
            found[match[1]] = f"Section {chapter}.{section}"
    return found


def headings(text: str) -> dict[str, str]:
    """Return the title of each labelled section of a page."""
    return dict(re.findall(r"^\(([\w-]+)\)=\n+#+ (.+)$", text, re.M))


def titles() -> dict[str, str]:
    """Return the title of each labelled section of every page, and of every chapter."""
    texts = (path.read_text(encoding="utf-8") for path in BOOK.glob("*.md"))
    sections = {
        label: title for text in texts for label, title in headings(text).items()
    }
    chapters = {
        f"ch-{c.slug}": f"chapter {c.number}, {c.title}" for c in all_chapters()
    }
    return sections | chapters


def page_of(target: str, chapter: Chapter) -> str:
    """Return the page a label of another page is on."""
    for path in BOOK.glob("*.md"):
        if f"({target})=" in path.read_text(encoding="utf-8") or path.stem == target:
            return path.stem
    return "data" if target.startswith("data-") else chapter.slug


def values_of(chapter: Chapter) -> dict[str, str]:
    run = run_of(chapter)
    if not run:
        raise ValueError(f"{chapter.slug} has not been executed: run make book first")
    return run["glue"]


def export(out: Path, chapters: list[Chapter] | None = None) -> list[Path]:
    """Write these chapters' notebooks, or all of them, and return their paths."""
    out.mkdir(parents=True, exist_ok=True)
    paths: list[Any] = []
    for chapter in written() if chapters is None else chapters:
        paths.append(out / f"{chapter.notebook}.ipynb")
        paths[-1].write_text(text_of(chapter), encoding="utf-8")
    return paths


def text_of(chapter: Chapter) -> str:
    """Return the notebook's file, its figures as fine as its size allows."""
    values, made = values_of(chapter), outputs.of_run(chapter)
    for zoom in ZOOMS:
        notebook = Exporter(chapter, values, made, zoom).notebook()
        text = nbformat.writes(notebook) + "\n"
        if len(text.encode()) <= MOST_BYTES:
            return text
    raise ValueError(
        f"{chapter.slug}: the notebook may take {MOST_BYTES:,} bytes, takes "
        f"{len(text.encode()):,} with figures of {zoom:g} pixels a point; show less"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "notebooks")
    try:
        paths = export(parser.parse_args().out)
    except (RuntimeError, ValueError) as error:
        print(f"error: {error}")
        return 1
    print(f"{len(paths)} notebook(s) in {paths[0].parent if paths else 'no folder'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
