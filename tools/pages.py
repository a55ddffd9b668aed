"""What pages show of the chapters' records, as MyST Markdown.

The directives of book/_ext/bookpages.py render these texts, so that links, tables and
print need no code of ours.
"""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from typing import Any

import sheets
import yaml
from chapters import BOOK, PARTS, REPOSITORY, ROOT, RUNS, Chapter, all_chapters, written
from facts import packages
from fingerprint import cells_of, without_magics
from pins import pins

PDF = "machine-learning-mastery.pdf"
HERE = "*Checked in this chapter:* "
ROMAN = ["I", "II", "III", "IV", "V", "VI"]

# Rows and lines of a table of recorded figures on one page of print.
ONE_PAGE, PAGE_LINES = 10, 40


def colab(chapter: Chapter) -> str:
    """Return the address at which Colab opens the chapter's exported notebook."""
    path = REPOSITORY.removeprefix("https://github.com/")
    return (
        "https://colab.research.google.com/github/"
        f"{path}/blob/notebooks/{chapter.notebook}.ipynb"
    )


def kaggle(chapter: Chapter) -> str:
    notebook = f"{REPOSITORY}/blob/notebooks/{chapter.notebook}.ipynb"
    return f"https://kaggle.com/kernels/welcome?src={notebook}"


def binder(chapter: Chapter) -> str:
    path = REPOSITORY.removeprefix("https://github.com/")
    return f"https://mybinder.org/v2/gh/{path}/main?urlpath=lab/tree/book/{chapter.slug}.md"


def run_of(chapter: Chapter) -> dict[str, Any]:
    """Return what the last execution of a chapter measured, or an empty record.

    The pages of a chapter take their seconds together, and the most memory of one.
    """
    paths = [RUNS / f"{doc}.json" for doc in chapter.docs]
    if not all(path.exists() for path in paths):
        return {}
    runs = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    whole = {k: [x for run in runs for x in run[k]] for k in ("claims", "results")}
    return {
        **runs[0],
        **whole,
        "cpu_s": sum(r["cpu_s"] for r in runs),
        "peak_mb": max(r["peak_mb"] for r in runs),
        "glue": {name: text for r in runs for name, text in r["glue"].items()},
    }


def link(chapter: Chapter) -> str:
    """Return a reference to a chapter's page, or its name while it has none."""
    if chapter.written:
        return f"{{ref}}`{chapter.number}. {chapter.title} <ch-{chapter.slug}>`"
    return f"{chapter.number}\\. {chapter.title}"  # a bare "4." would begin a list


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, [":--"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def chapter_card(chapter: Chapter, latex: bool = False) -> str:
    """Return the opener of a chapter's page: where it stands, its aim, what it needs."""
    place, aim, needs = place_of(chapter), chapter.summary.strip(), needs_of(chapter)
    builds = "\n".join(f"- {point}" for point in chapter.builds)
    built = f"**You will build**\n\n{builds}" if builds else ""
    picture = f"{{hero}}`{chapter.slug}`\n\n{proof(chapter)}"
    if latex:
        return printed_opener(place, aim, built, picture, needs)
    place += f" {dots(chapter)}"
    shown = box("opener-hero", picture)
    work = box("opener-work", f"{built}\n\n{{.opener-buttons}}\n{buttons(chapter)}")
    parts = [
        f"{{.opener-line}}\n{place}",
        f"{{.opener-aim}}\n{aim}",
        box("opener-result", f"{shown}\n\n{work}", colons=4),
        f"{{.opener-needs}}\n{needs}",
    ]
    return box("opener", "\n\n".join(parts), colons=5)


def dots(chapter: Chapter) -> str:
    """Return a chapter's difficulty as ten dots, for the eye alone."""
    drawn = "●" * chapter.difficulty + "○" * (10 - chapter.difficulty)
    return f'<span class="opener-dots" aria-hidden="true">{drawn}</span>'


def box(style: str, body: str, colons: int = 3) -> str:
    """Return a container of Markdown; one that holds others has more colons."""
    fence = ":" * colons
    return f"{fence}{{container}} {style}\n\n{body.strip()}\n{fence}"


def printed_opener(place: str, aim: str, built: str, picture: str, needs: str) -> str:
    """Return the opener in print: what is built on the left, the picture on the right."""
    marks = [
        f"```{{raw}} latex\n\\bookopener{part}\n```" for part in ("", "mid", "end")
    ]
    begin, middle, end = marks
    parts = [place, f"*{aim}*", begin, built, middle, picture, end, needs]
    return "\n\n".join(filter(None, parts))


def proof(chapter: Chapter) -> str:
    """Return the claim that an opener shows below its picture, linked to its place."""
    claim = shown_claim(chapter, chapter.proof) if chapter.proof else {}
    return f"{{.opener-proof}}\n{checked(claim, HERE)}" if claim else ""


def shown_claim(chapter: Chapter, start: str) -> dict[str, Any]:
    """Return the claim of the last run that begins with some words, or nothing."""
    found = (c for c in run_of(chapter).get("claims", []) if not c["quiet"])
    return next((c for c in found if c["text"].startswith(start)), {})


def checked(claim: dict[str, Any], where: str = "") -> str:
    """Return a claim with its check mark, linked to its place."""
    place = f"{claim['page']}#{claim['id']}"
    return f"✓ {where}{{claim-link}}`{claim['text']} <{place}>`"


def place_of(c: Chapter) -> str:
    """Return a chapter's place in the book, its time and its level, in a line."""
    return (
        f"Part {ROMAN[PARTS.index(c.part)]} · Project {c.number} of 22 · "
        f"{{ref}}`week {c.week} <page-curriculum>` · {c.hours} hours · "
        f"{c.level}, {c.difficulty}/10"
    )


def needs_of(c: Chapter) -> str:
    """Return what comes before a chapter, its data, and what its run took."""
    slugs = {other.slug: other for other in all_chapters()}
    before = ", ".join(link(slugs[s]) for s in c.prerequisites) or "none"
    data = ", ".join(f"{{ref}}`{d} <data-{d}>`" for d in c.data) or "none"
    return f"**Before this:** {before}. **Data:** {data}. **Measured:** {measured(c)}."


def buttons(c: Chapter) -> str:
    """Return links that run a chapter or take it home."""
    home = (
        f'<a href="downloads/{c.notebook}.ipynb" download>Notebook</a> '
        f"{sheets.links(c)} "
        f'<a href="downloads/{PDF}" download>The book as PDF</a>'
    )
    run = {"Binder": binder(c), "Colab": colab(c), "Kaggle": kaggle(c)}
    there = " ".join(f'<a href="{url}">{name}</a>' for name, url in run.items())
    return f"{there} {home}"


def measured(chapter: Chapter) -> str:
    run = run_of(chapter)
    if not run:
        return "not yet executed"
    return (
        f"{run['cpu_s']:.0f} s of CPU time and {run['peak_mb']:,.0f} MB at most, "
        f"offline, on {run['cores']} cores"
    )


def technologies() -> str:
    """Return the libraries of all chapters, and those of single ones."""
    named = yaml.safe_load((BOOK / "_technologies.yml").read_text(encoding="utf-8"))
    core = [[x["name"], pins()[x["package"]], x["purpose"]] for x in named["core"]]
    special = [
        [x["name"], x["purpose"], numbered(users)]
        for x in named["special"]
        if (users := importers(x["module"]))
    ]
    return (
        f"{table(['Library', 'Version', 'For'], core)}\n\n"
        f"{table(['Library', 'For', 'Chapters'], special)}"
    )


def numbered(chapters: list[Chapter]) -> str:
    """Return links to chapters by their numbers; three or more in a row as a range."""
    runs: list[list[Chapter]] = []
    for c in chapters:
        if runs and c.number == runs[-1][-1].number + 1:
            runs[-1].append(c)
        else:
            runs.append([c])
    parts = [map(number_of, r) if len(r) < 3 else [range_of(r)] for r in runs]
    return ", ".join(text for part in parts for text in part)


def number_of(chapter: Chapter) -> str:
    return f"[{chapter.number}](#ch-{chapter.slug})"


def range_of(run: list[Chapter]) -> str:
    return f"{number_of(run[0])}–{number_of(run[-1])}"


def importers(module: str) -> list[Chapter]:
    """Return the chapters whose pages or package import a module."""
    return [c for c in written() if module in packages_of(c)]


@cache
def packages_of(chapter: Chapter) -> set[str]:
    """Return what a chapter's pages and its own package import."""
    folder = ROOT / "code" / "mlmastery" / chapter.slug
    paths = sorted(folder.rglob("*.py")) or [folder.with_suffix(".py")]
    pages = [without_magics(cells_of(path)) for path in chapter.files]
    return packages([*pages, *(path.read_text(encoding="utf-8") for path in paths)])


def curriculum() -> str:
    """Return the load of each week, and the weeks, each line with an id to tick."""
    weeks = plan_of_weeks()
    by_number = {c.number: c for c in all_chapters()}
    load = [load_of(week, by_number) for week in weeks]
    head = table(["Week", "Chapters", "Hours", "In preparation"], load)
    return "\n\n".join([head, *(week_text(w, by_number) for w in weeks)])


def plan_of_weeks() -> list[dict[str, Any]]:
    path = BOOK / "_curriculum.yml"
    return list(yaml.safe_load(path.read_text(encoding="utf-8")))


def load_of(week: dict[str, Any], by_number: dict[int, Chapter]) -> list[str]:
    """Return a week's row: its chapters, their hours, and those without a page."""
    chapters = [by_number[c["number"]] for c in week["chapters"]]
    missing = ", ".join(str(c.number) for c in chapters if not c.written)
    return [
        f"{week['week']}",
        ", ".join(str(c.number) for c in chapters),
        f"{sum(c.hours for c in chapters)}",
        missing or "–",
    ]


def week_text(week: dict[str, Any], by_number: dict[int, Chapter]) -> str:
    n = week["week"]
    chapters = [(by_number[c["number"]], c["topics"]) for c in week["chapters"]]
    hours = sum(c.hours for c, _ in chapters)
    items = [(f"ch{c.number}", f"{link(c)}: {topics}") for c, topics in chapters]
    if week.get("review"):
        items.append(("review", f"Review: {week['review']}"))
    milestone = f"**Milestone.** {week['milestone']} *{week['reached']}*"
    items.append(("milestone", milestone))
    ticks = "\n".join(f"{{.tick #tick-w{n}-{key}}}\n- {text}\n" for key, text in items)
    focus = f"*{week['focus']}* About {hours} hours with the exercises."
    return f"## Week {n}: {week['title']}\n\n{focus}\n\n{ticks}\n"


def claims() -> str:
    """Return every claim of the last run, with its condition, linked to its place."""
    return "\n\n".join(f"## {link(c)}\n\n{claims_of(c)}" for c in written())


def claims_of(chapter: Chapter) -> str:
    found = run_of(chapter).get("claims", [])
    items = (claim_item({"page": chapter.slug, "code": "", **c}) for c in found)
    return "\n".join(items) or "Not yet executed."


def claim_item(claim: dict[str, Any]) -> str:
    """Return a claim as an item of a list: the sentence, and what was checked."""
    item = f"- {{claim-link}}`{claim['text']} <{claim['page']}#{claim['id']}>`"
    if not claim["code"]:
        return item
    code = "\n".join(f"  {line}" for line in claim["code"].splitlines())
    return f"{item}\n\n  ```python\n{code}\n  ```\n"


def results() -> str:
    """Return each chapter's headline figures, executed and recorded."""
    return "\n\n".join(f"## {link(c)}\n\n{results_of(c)}" for c in written())


def results_of(chapter: Chapter) -> str:
    """Return a table of a chapter's headline figures, those recorded below the others."""
    found = run_of(chapter).get("results", [])
    ledger = ledger_of(chapter)
    rows = [row for result in found for row in rows_of(result)]
    rows += map(recorded_row, ledger.get("figures", []))
    if not rows:
        return "Not yet executed."
    notes = [f"*{r['name']}*: {r['note']}" for r in found if r["note"]]
    if ledger:
        notes.append(
            f"Recorded on {ledger['date']} on the original data, not re-executed in "
            "this build: the rows that say so."
        )
    head = ["Figure", "Value", "Metric", "Protocol", "Seconds"]
    return "\n\n".join([tables(head, rows), *notes])


def ledger_of(chapter: Chapter) -> dict[str, Any]:
    """Return what was measured once on a chapter's original data, or nothing."""
    path = ROOT / "code" / "mlmastery" / "recorded" / f"{chapter.slug}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def recorded_row(fields: dict[str, Any]) -> list[str]:
    """Return the row of a figure measured once, marked as such."""
    from mlmastery.ledger import Recorded

    figure = Recorded.read(fields)
    mark = "" if "recorded" in figure.name else " *(recorded)*"
    name, seconds = f"{figure.name}{mark}", f"{figure.cpu_seconds:.0f}"
    return [name, with_spread(figure), figure.metric, figure.protocol, seconds]


def rows_of(result: dict[str, Any]) -> list[list[str]]:
    """Return a row of ours in bold, and one for each published figure."""
    from mlmastery.bookkit.notebook import format_seconds
    from mlmastery.spread import Spread

    value = Spread.read(result["spread"]).beside(result["value"])
    ours = [f"**{result['name']}**", value, result["metric"], result["protocol"]]
    seconds = format_seconds(result["seconds"])
    return [[*ours, seconds], *map(cited, result["published"])]


def cited(other: dict[str, Any]) -> list[str]:
    """Return the row of a published figure, with its source as a citation."""
    from mlmastery.bookkit.notebook import rounded

    reason = "" if other["comparable"] else f"; **not comparable**: {other['why_not']}"
    value = rounded(other["value"], other["spread"])
    source = f"{{cite:t}}`{other['source']}`"
    return [source, value, "", f"{other['protocol']}{reason}", ""]


def tables(head: list[str], rows: list[list[str]]) -> str:
    """Return a table, cut into several where it would run out of a page of print."""
    kept = [[r[0], r[1].replace("± ", "±\u00a0"), *r[2:]] for r in rows]
    parts = [table(head, said_once(part)) for part in on_pages(kept)]
    return "\n\n% the next rows\n\n".join(parts)


def on_pages(rows: list[list[str]]) -> list[list[list[str]]]:
    """Cut rows into tables that fit a page: in print a longer one would run out of it.

    A published figure stays in the table of the one that it stands beside.
    """
    parts: list[list[list[str]]] = [[]]
    for group in groups(rows):
        more = [*parts[-1], *group]
        lines = sum(map(lines_of, said_once(more)))
        if parts[-1] and (lines > PAGE_LINES or len(more) > ONE_PAGE):
            parts.append([])
        parts[-1].extend(group)
    return parts


def groups(rows: list[list[str]]) -> list[list[list[str]]]:
    """Return each row of ours with the published ones that follow it."""
    found: list[list[list[str]]] = []
    for row in rows:
        if found and row[0].startswith("{cite"):
            found[-1].append(row)
        else:
            found.append([row])
    return found


def lines_of(row: list[str]) -> int:
    """Estimate the lines of a row, whose cells are wrapped in narrow columns."""
    return max(1 + len(cell) // 12 for cell in row)


def said_once(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows; a protocol that is that of the row above is not repeated."""
    made = [rows[0]]
    for above, row in pairwise(rows):
        protocol = "as above" if row[3] == above[3] else row[3]
        made.append([*row[:3], protocol, *row[4:]])
    return made


def with_spread(figure: Any) -> str:
    """Return the value with what is known of its uncertainty."""
    if figure.spread is None:
        return f"{figure.value:.4g}"
    return str(figure.spread.beside(figure.value))


def data_cards() -> str:
    """Return the card of every data set."""
    from mlmastery.datasets import cards_markdown

    return cards_markdown(chapters=[c.slug for c in written()])
