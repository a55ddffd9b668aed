"""The book's chapters: one record each.

It comes from a page's front matter or, before the page is written, from the plan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "book"
RUNS = ROOT / "_build" / "run"  # what the last execution of each chapter measured
PARTS = [
    "Foundations",
    "Deep Learning & Computer Vision",
    "Natural Language Processing",
    "Business & Time Series",
    "Recommendations & Reinforcement Learning",
    "Production & Systems",
]
FRONT = re.compile(r"\A---\n.*?\n---\n", re.S)
LEVELS = {"Beginner": 60, "Intermediate": 90, "Advanced": 150, "Expert": 180}  # CPU s
REPOSITORY = "https://github.com/aniktahabilder/ml-portfolio"
SITE = "https://aniktahabilder.github.io/ml-portfolio"


@dataclass(frozen=True)
class Chapter:
    """What every page, table and card says of a chapter."""

    number: int
    slug: str
    title: str
    part: str
    level: str
    difficulty: int
    hours: float
    week: int
    notebook: str
    summary: str
    prerequisites: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    budget_mb: int = 2000
    written: bool = True
    pages: tuple[str, ...] = ()
    builds: tuple[str, ...] = ()
    proof: str = ""

    @property
    def page(self) -> Path:
        return BOOK / f"{self.slug}.md"

    @property
    def docs(self) -> list[str]:
        """The names of all its pages: the first, and those its front matter lists."""
        return [self.slug, *(f"{self.slug}-{part}" for part in self.pages)]

    @property
    def files(self) -> list[Path]:
        return [BOOK / f"{doc}.md" for doc in self.docs]

    @property
    def text(self) -> str:
        """The Markdown of all its pages in a row, without the later ones' front matter."""
        first, *rest = (path.read_text(encoding="utf-8") for path in self.files)
        return "\n".join([first, *(FRONT.sub("", text, count=1) for text in rest)])

    @property
    def budget_s(self) -> int:
        return LEVELS[self.level]


def front_matter(path: Path) -> dict[str, Any]:
    """Return the YAML between the two ``---`` lines that open the page.

    It is read once as long as the page is unchanged: every page asks for all of them.
    """
    return read_front_matter(path, path.stat().st_mtime_ns)


@cache
def read_front_matter(path: Path, mtime: int) -> dict[str, Any]:
    text = path.read_text(encoding="utf-8")
    if not text.startswith("---\n") or "\n---\n" not in text[4:]:
        raise ValueError(f"{path}: a page starts with YAML between two lines of ---")
    try:
        return yaml.safe_load(text[4 : text.index("\n---\n", 4)]) or {}
    except yaml.YAMLError as error:
        raise ValueError(f"{path}: the front matter is not YAML: {error}") from error


def as_chapter(entry: Any, where: str, **more: Any) -> Chapter:
    """Return a Chapter, or say which key of the entry is missing, unknown or wrong."""
    if not isinstance(entry, dict):
        raise ValueError(f"{where}: expected keys and values, got {entry!r}")
    entry = {**entry, **more}
    known = {f.name: f for f in fields(Chapter)}
    needed = [n for n in known if n not in entry and n in list(known)[:10]]
    unknown = sorted(set(entry) - set(known))
    if needed or unknown:
        raise ValueError(f"{where}: missing {needed or 'nothing'}, unknown {unknown}")
    for key, allowed in (("part", PARTS), ("level", list(LEVELS))):
        if entry[key] not in allowed:
            raise ValueError(f"{where}: {key} is {entry[key]!r}, not one of {allowed}")
    for key, top in (("number", 22), ("difficulty", 10), ("week", 10)):
        if not isinstance(entry[key], int) or not 1 <= entry[key] <= top:
            raise ValueError(f"{where}: {key} is {entry[key]!r}, expected 1 to {top}")
    return Chapter(
        **{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    )


def written() -> list[Chapter]:
    """Return the chapters that have a page, by number."""
    paths = sorted(BOOK.glob("*.md"))
    known = [chapter_at(path, path.stat().st_mtime_ns) for path in paths]
    found = [chapter for chapter in known if chapter]
    for chapter in found:
        check_pages(chapter)
    return sorted(found, key=lambda c: c.number)


@cache
def chapter_at(path: Path, mtime: int) -> Chapter | None:
    """Return the chapter that a page opens, if it does."""
    if "\nchapter:" not in path.read_text(encoding="utf-8")[:3000]:
        return None
    entry = front_matter(path).get("chapter")
    return as_chapter(entry, f"{path.name}, chapter:", slug=path.stem)


def check_pages(chapter: Chapter) -> None:
    """Refuse a chapter whose further pages are not those that it lists."""
    there = {path.stem for path in BOOK.glob(f"{chapter.slug}-*.md")}
    listed = set(chapter.docs[1:])
    for doc in sorted(there ^ listed):
        fault = (
            f"lists {doc} under pages:, but there is no {doc}.md"
            if doc in listed
            else f"does not list {doc.removeprefix(chapter.slug + '-')} under pages:, "
            f"but there is {doc}.md"
        )
        raise ValueError(f"{chapter.page.name} {fault}")


def chapter_of(doc: str) -> Chapter | None:
    """Return the written chapter that a page belongs to, or None."""
    return next((c for c in written() if doc in c.docs), None)


def planned() -> list[Chapter]:
    """Return the chapters in preparation, by number."""
    path = BOOK / "_plan.yml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else []
    found = [
        as_chapter(e, f"_plan.yml, entry {i}", written=False)
        for i, e in enumerate(entries)
    ]
    return sorted(found, key=lambda c: c.number)


def all_chapters() -> list[Chapter]:
    """Return every chapter, written or not, by number."""
    return sorted(written() + planned(), key=lambda c: c.number)


def find(name: str) -> Chapter:
    """Return the written chapter of that slug or number, or say which there are."""
    for chapter in written():
        if name in (chapter.slug, str(chapter.number)):
            return chapter
    for chapter in planned():
        if name in (chapter.slug, str(chapter.number)):
            raise ValueError(
                f"chapter {chapter.number}, {chapter.slug}, is in preparation"
            )
    names = ", ".join(f"{c.slug} ({c.number})" for c in written())
    raise ValueError(f"no chapter is called {name!r}; written chapters: {names}")
