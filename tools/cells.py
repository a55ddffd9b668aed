"""A chapter's pages as notebooks: their cells, and what these have put out."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# jsonschema, below nbformat, takes three seconds to build a grammar of addresses. It does
# without where the package is absent, and no notebook needs it.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

from chapters import ROOT, Chapter
from myst_nb.core.read import myst_nb_reader_plugin
from nbformat import NotebookNode


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


def where(page: Page, index: int) -> str:
    """Return the page, line and source of a cell."""
    line = page.notebook.metadata.get("source_map", [0] * (index + 1))[index] + 1
    nth = sum(c.cell_type == "code" for c in page.notebook.cells[: index + 1])
    source = page.notebook.cells[index].source
    return f"{page.name}:{line}, chapter {page.chapter.number}, code cell {nth}:\n{indent(source)}"


def indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


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
