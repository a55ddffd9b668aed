"""What a page must not do: write to stderr, glue a name twice, overrun its budget."""

from __future__ import annotations

from cells import ChapterError, Page, glued, indent, where
from chapters import Chapter
from machine import overrun


def check_page(page: Page) -> None:
    """Refuse a page that wrote to stderr, or alone is more than its chapter may be."""
    for index, cell in enumerate(page.notebook.cells):
        shown = "shows-stderr" in cell.metadata.get("tags", [])
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr" and not shown:
                raise ChapterError(
                    f"{where(page, index)}\nIt wrote to stderr:\n{indent(output.text)}"
                )
    check_chapter(page.chapter, [page])


def check_chapter(chapter: Chapter, pages: list[Page]) -> None:
    """Refuse pages that glued a name twice or overran their chapter's one budget."""
    where = ", ".join(page.name for page in pages)
    names = [name for page in pages for name, _ in glued(page)]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise ChapterError(f"{where}: glued more than once: {', '.join(twice)}")
    slower = max(page.usage["slower"] for page in pages)
    took = sum(page.usage["cpu_s"] for page in pages)
    held = max(page.usage["peak_mb"] for page in pages)
    may_take = chapter.budget_s * slower
    if over := overrun(took, may_take, held, chapter.budget_mb):
        raise ChapterError(f"{where}: {over}")


def overruns(chapters: list[Chapter], pages: list[Page]) -> list[str]:
    """Return a message for each chapter of several pages that together are too much."""
    failed = []
    for chapter in chapters:
        try:
            check_chapter(chapter, [p for p in pages if p.chapter == chapter])
        except ChapterError as error:
            failed.append(str(error))
    return failed
