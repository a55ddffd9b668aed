"""What the landing page shows of the chapters' records, as MyST Markdown.

The directives of book/_ext/bookpages.py render these texts.
"""

from __future__ import annotations

import re
from typing import Any

from chapters import PARTS, Chapter, all_chapters, written
from docutils.nodes import make_id
from pages import (
    PDF,
    ROMAN,
    box,
    checked,
    dots,
    link,
    load_of,
    plan_of_weeks,
    run_of,
    shown_claim,
    table,
)

# A claim whose code explains itself: its chapter, and how it begins.
EXAMPLE = "sentiment_analysis", "Without stop words"
FIGURE = re.compile(r"^ *:?name: fig-", re.M)


def state(chapter: Chapter) -> str:
    return "ready to read" if chapter.written else "in preparation"


def chapter_grid(latex: bool = False) -> str:
    """Return the 22 projects by part: cards on the web, tables in print."""
    parts = []
    for number, part in zip(ROMAN, PARTS, strict=True):
        chapters = [c for c in all_chapters() if c.part == part]
        shown = project_table(chapters) if latex else project_cards(chapters)
        parts.append(f"### Part {number}: {part}\n\n{shown}\n")
    return "\n".join(parts)


def project_table(chapters: list[Chapter]) -> str:
    rows = [[link(c), c.level, f"{c.hours} h", state(c)] for c in chapters]
    return table(["Project", "Level", "Time", "State"], rows)


def project_cards(chapters: list[Chapter]) -> str:
    """Return the ready projects as cards, and the planned ones in a line."""
    cards = "\n".join(project_card(c) for c in chapters if c.written)
    grid = f"::::{{grid}} 1 2 2 3\n:gutter: 3\n\n{cards}\n::::" if cards else ""
    coming = ", ".join(link(c) for c in chapters if not c.written)
    later = f"{{.coming}}\n*In preparation:* {coming}." if coming else ""
    return "\n\n".join(filter(None, (grid, later)))


def project_card(c: Chapter) -> str:
    """Return a card that leads to a chapter, with a picture from it."""
    return (
        f":::{{grid-item-card}}\n"
        f":link: ch-{c.slug}\n:link-type: ref\n:class-card: project-ready\n"
        f":link-alt: {c.number}. {c.title}\n\n"
        f"{{thumbnail}}`{c.slug}`\n\n"
        f"{{.card-name}}\n{c.number}\\. {c.title}\n\n{c.summary}\n\n"
        f"{{.card-facts}}\n{c.level} · {c.hours} h "
        f"{dots(c)}\n:::"
    )


def front(latex: bool = False) -> str:
    """Return the buttons of the landing page."""
    if latex:
        return ""
    first = written()[0]
    links = {
        f"Start with chapter {first.number}": f"{first.slug}.html",
        "The ten weeks": "curriculum.html",
    }
    there = " ".join(f'<a href="{url}">{name}</a>' for name, url in links.items())
    pdf = f'<a href="downloads/{PDF}" download>The book as PDF</a>'
    return f"{{.opener-buttons}}\n{there} {pdf}"


def counted(latex: bool = False) -> str:
    """Return what the last execution counted: a strip of figures, or a sentence."""
    if latex:
        return state_of_the_book()
    items = "".join(f"<li><b>{n}</b> {what}</li>" for n, what in counts())
    return f'<ul class="counted">{items}</ul>'


def claim_and_code(latex: bool = False) -> str:
    """Return one claim of the book beside the code that checks it."""
    slug, start = EXAMPLE
    found = (shown_claim(c, start) for c in written() if c.slug == slug)
    if not (claim := next(found, {})):
        return ""
    code = f"```python\n{claim['code']}\n```"
    body = f"{code}\n\n{{.opener-proof}}\n{checked(claim)}"
    return box("claim-and-code", body, colons=4)


def weeks(latex: bool = False) -> str:
    """Return the ten weeks as a track: each one's chapters and hours."""
    if latex:
        return ""
    by_number = {c.number: c for c in all_chapters()}
    loads = ((week, load_of(week, by_number)) for week in plan_of_weeks())
    return f'<ol class="weeks">{"".join(week_item(*load) for load in loads)}</ol>'


def week_item(week: dict[str, Any], load: list[str]) -> str:
    number, chapters, hours, _ = load
    return (
        f'<li><a href="curriculum.html#{week_id(week)}">Week {number}</a> '
        f"<b>{week['title']}</b> <span>chapters {chapters} · {hours} h</span></li>"
    )


def week_id(week: dict[str, Any]) -> str:
    """Return the id that docutils makes of the heading of a week."""
    return make_id(f"Week {week['week']}: {week['title']}")


def counts() -> list[tuple[str, str]]:
    """Return numbers of the book, from the last execution of its chapters."""
    chapters = written()
    runs = [run for c in chapters if (run := run_of(c))]
    claims = sum(len(run["claims"]) for run in runs)
    seconds = sum(run["cpu_s"] for run in runs)
    exercises = sum(c.text.count("```{exercise-start}") for c in chapters)
    figures = sum(len(FIGURE.findall(c.text)) for c in chapters)
    return [
        (f"{len(chapters)} of 22", "projects are ready"),
        (f"{claims:,}", "claims checked"),
        (f"{figures}", "figures drawn"),
        (f"{exercises}", "exercises with a full solution"),
        (f"{seconds / 60:.0f}", "minutes of CPU time for all of it"),
    ]


def state_of_the_book() -> str:
    """Return the state of the book in a sentence, for print."""
    ready, claims, figures, exercises, minutes = (n for n, _ in counts())
    return (
        f"**{ready}** projects are ready. Their last execution checked **{claims}** "
        f"claims and drew **{figures}** figures in **{minutes}** minutes of CPU time; "
        f"**{exercises}** exercises have a full solution."
    )
