"""Every chapter's page keeps the contract: what it must hold, and what it must not."""

import ast
import functools
import re
from pathlib import Path

import jupytext
import pages
import pytest
import yaml
from chapters import BOOK, ROOT, Chapter, written
from fingerprint import cells_of, without_magics

CHAPTERS = [pytest.param(c, id=c.slug) for c in written()]
CONSTANTS = BOOK / "_constants.yml"
LEVELS = {"### Warm-up", "### Practice", "### Challenge"}
METRIC = re.compile(
    r"(?<![\w.$^_{/])[-−+]?\d+(?:,\d{3})*(?:"
    r"\.\d+"  # 0.83
    r"|\s?%"  # 83 %
    r"|(?:\.\d+)?\s?(?:×|times|s\b|ms\b|seconds?\b|minutes?\b|MB\b|GB\b)"  # 12 s, 100×
    r")(?!\w|\.\d)"
)


def strip(text: str, *patterns: str) -> str:
    for pattern in patterns:
        text = re.sub(pattern, " ", text, flags=re.M | re.S)
    return text


SPOKEN = re.compile(
    r"\{(exercise|solution|admonition|note|tip|warning|important|hint|seealso|dropdown"
    r"|predict|frames|margin|sidebar|figure|container|prf:|toggle|tab|grid|card)"
)


def without_code(text: str) -> str:
    """Return the lines that stand in no fence but those of directives that speak."""
    out, fences = [], []  # a fence is (its marks, whether its body is prose)
    for line in text.splitlines():
        mark = re.match(r"^\s*(`{3,}|:{3,})(.*)$", line)
        if (
            mark
            and fences
            and not mark[2].strip()
            and len(mark[1]) >= len(fences[-1][0])
        ):
            fences.pop()
        elif mark and mark[2].strip() and (not fences or fences[-1][1]):
            fences.append((mark[1], bool(SPOKEN.match(mark[2].strip()))))
            out.append(mark[2].partition("}")[2])  # the title
        elif mark and not fences:
            fences.append((mark[1], False))
        elif all(spoken for _, spoken in fences):
            out.append(line)
    assert not fences, f"never closed: {fences}"
    return "\n".join(out)


def prose(text: str) -> str:
    """Return a page's sentences: no front matter, code, maths, roles, links or options."""
    text = without_code(re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S))
    return strip(
        text,
        r"\$\$.*?\$\$",
        r"\$[^$\n]+\$",
        r"\{[\w:-]+\}`[^`]*`",
        r"``[^`]*``|`[^`\n]*`",
        r"\]\([^)]*\)",
        r"^:[\w-]+:.*?$",
        r"^\([\w-]+\)=$",
    )


def free_numbers(text: str, allowed: list[str]) -> list[str]:
    """Return the metric-like numbers that were typed into the prose."""
    text = prose(text)
    for phrase in allowed:
        text = text.replace(phrase, " ")
    return [m.group().strip() for m in METRIC.finditer(text)]


def allowed(slug: str) -> list[str]:
    lists = yaml.safe_load(CONSTANTS.read_text()) if CONSTANTS.exists() else {}
    return list((lists or {}).get(slug) or {})


def cells(chapter: Chapter) -> list:
    notebook = jupytext.reads(chapter.text, fmt="md:myst")
    return [c for c in notebook.cells if c.cell_type == "code"]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("The error fell to 57.2 on the test set.", ["57.2"]),
        ("It is 31 % faster.", ["31 %"]),
        ("It took 12 s on a laptop.", ["12 s"]),
        ("The vectorised form is 140 times faster.", ["140 times"]),
        ("It used 1,200 MB.", ["1,200 MB"]),
        ("The penalty is $\\alpha = 0.1$ and `tol=1e-3`.", []),
        ("The error fell to {glue:text}`rmse` here.", []),
        ("Galton wrote in 1886; see chapter 4 and 442 patients.", []),
        ("```python\nx = 0.5\n```", []),
        (
            "```{exercise-start} A\n:label: a\n```\nIt is 0.5.\n```{exercise-end}\n```",
            ["0.5"],
        ),
        ("````{admonition} B\nIt is 0.5.\n```python\nx = 0.7\n```\n````", ["0.5"]),
    ],
)
def test_the_test_for_free_numbers_works(sentence, found):
    assert free_numbers(sentence, []) == found


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_number_is_typed_into_the_prose(chapter):
    text = chapter.text
    found = free_numbers(text, allowed(chapter.slug))
    assert not found, (
        f"glue these, or list them in {CONSTANTS.name} with a reason: {found}"
    )


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_number_is_glued_that_no_run_gave(chapter):
    typed = re.findall(r"""glue\(\s*"[^"]+",\s*[-+]?[\d.]+\s*[,)]""", chapter.text)
    assert typed == [], "it is typed all the same: write it, with a constant's reason"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_page_imports_nothing_in_vain(chapter):
    for path in chapter.files:
        nodes = list(ast.walk(ast.parse(without_magics(cells_of(path)))))
        named = {
            (alias.asname or alias.name).split(".")[0]
            for node in nodes
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert named - {n.id for n in nodes if isinstance(n, ast.Name)} == set()


@functools.cache
def entries() -> frozenset[str]:
    text = (BOOK / "references.bib").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^@\w+\{([^,\s]+),", text, re.M))


def sources(source: str) -> list[str]:
    """Return the sources of the published figures that are written as literals."""
    calls = (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call))
    found = [
        [*call.args[2:3], *(k.value for k in call.keywords if k.arg == "source")]
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "Published"
    ]
    return [n.value for values in found for n in values if isinstance(n, ast.Constant)]


def test_sources_are_found_by_place_and_by_name():
    page = (
        "a = Published(1, 'p', 'doe')\nPublished(value=1, protocol='p', source='roe')"
    )
    assert sources(page) == ["doe", "roe"]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_published_figure_names_an_entry_of_the_bibliography(chapter):
    used = [key for f in chapter.files for key in sources(without_magics(cells_of(f)))]
    assert [key for key in used if key not in entries()] == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_exercises_have_one_of_three_levels(chapter):
    level, wrong = None, []
    for line in chapter.text.splitlines():
        level = line if re.match("#{2,3} ", line) else level
        if line.startswith("```{exercise-start}"):
            wrong += [level] if level not in LEVELS else []
    assert wrong == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_allowed_constant_is_used_and_has_a_reason(chapter):
    lists = yaml.safe_load(CONSTANTS.read_text()) if CONSTANTS.exists() else {}
    text = chapter.text
    for phrase, reason in ((lists or {}).get(chapter.slug) or {}).items():
        assert phrase in text, f"{phrase!r} is allowed but not in the page"
        assert len(reason.split()) >= 3, f"{phrase!r} is allowed without a reason"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_starts_with_label_title_and_card(chapter):
    text = chapter.text.split("\n---\n", 1)[1].lstrip()
    start = f"(ch-{chapter.slug})=\n# {chapter.title}\n\n```{{chapter-card}}\n```"
    assert text.startswith(start)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_says_what_is_built_and_which_claim_proves_it(chapter):
    assert len(chapter.builds) == 3
    assert max(map(len, chapter.builds)) <= 80
    if run := pages.run_of(chapter):
        shown = [c["text"] for c in run["claims"] if not c["quiet"]]
        assert sum(t.startswith(chapter.proof) for t in shown) == 1, chapter.proof
    assert chapter.proof


@pytest.mark.parametrize("page", sorted(BOOK.glob("*.md")), ids=lambda p: p.stem)
def test_no_title_of_a_fence_holds_a_backtick(page):
    """Markdown then sees no fence: it, and the cells after it, become text."""
    assert not re.findall(r"^`{3,}\{.*`.*$", page.read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_has_the_parts_of_the_contract(chapter):
    text = chapter.text.lower()
    heads = " | ".join(re.findall(r"^##+ (.+)$", text, re.M))
    for part in (
        "learn",
        "wrong",
        "production",
        "exercises",
        "takeaways",
        "further reading",
    ):
        assert part in heads, f"no heading speaks of {part!r}: {heads}"
    assert ".report()" in text, "the page ends with how often the test set was scored"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_cells_are_short(chapter):
    sizes = sorted(len(c.source.splitlines()) for c in cells(chapter))
    assert sizes[-1] <= 25
    assert sizes[len(sizes) // 2] <= 8


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_figures_have_names_captions_and_alternatives(chapter):
    for cell in cells(chapter):
        meta = cell.metadata.get("mystnb", {})
        draws = re.search(r"\bplt\.(subplots|figure)\(", cell.source)
        if draws or "figure" in meta:
            missing = lacks(meta)
            assert not missing, (
                f"{chapter.slug}: a figure without {missing}:\n{cell.source}"
            )
    text = chapter.text
    for body in re.findall(r"^```\{(?:figure|image)\}.*?^```", text, re.M | re.S):
        assert ":alt:" in body, f"{chapter.slug}: a picture without alt text:\n{body}"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_film_is_shown_with_a_name_a_text_and_a_caption(chapter):
    made = re.findall(r"^frames\(\s*\"([\w-]+)\"", chapter.text, re.M)
    shown = re.findall(
        r"^`{3,}\{frames\} (\S+)\n:name: (fig-\S+)\n:alt: (.+)\n\n([^`]+)`{3,}$",
        chapter.text,
        re.M,
    )
    assert [name for name, *_ in shown] == made
    for _, _, alt, caption in shown:
        assert len(alt.split()) >= 5
        assert len(caption.split()) >= 4


def lacks(meta: dict) -> str:
    """Return what the metadata of a figure's cell leaves out."""
    figure, alt = meta.get("figure", {}), meta.get("image", {}).get("alt", "")
    if not figure.get("name", "").startswith("fig-"):
        return "a name (figure: name: fig-...)"
    if len(figure.get("caption", "").split()) < 4:
        return "a caption (figure: caption:)"
    return (
        ""
        if len(alt.split()) >= 5
        else "alt text (image: alt:) that says what it shows"
    )


def test_a_missing_alternative_is_named():
    figure = {"name": "fig-a", "caption": "The cost falls slowly."}
    alt = "A curve that falls to the right"
    assert lacks({"figure": figure, "image": {"alt": alt}}) == ""
    assert "alt text" in lacks({"figure": figure})
    assert "caption" in lacks({"figure": {"name": "fig-a"}, "image": {"alt": alt}})
    assert "name" in lacks({})


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_figure_is_asked_for(chapter):
    text = chapter.text
    names = re.findall(r"name: (fig-[\w-]+)", text)
    unused = [n for n in names if f"`{n}`" not in text and f"<{n}>" not in text]
    assert not unused, f"no sentence refers to {unused}"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_exercises_are_enough_and_solved(chapter):
    text = chapter.text
    labels = re.findall(
        r"\{exercise(?:-start)?\}[^\n]*\n(?::[\w-]+:[^\n]*\n)*?:label: (\S+)", text
    )
    solved = re.findall(r"\{solution(?:-start)?\} (\S+)", text)
    assert len(labels) >= 8
    assert labels == solved, "each exercise is followed by its solution"
    checked = list((ROOT / "code/mlmastery/exercises" / chapter.slug).glob("[!_]*.py"))
    assert len(checked) >= 5


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_checked_exercises_have_the_number_of_the_page(chapter):
    text = chapter.text
    labels = re.findall(r"^:label: (ex-\S+)$", text, re.M)
    for path in (ROOT / "code/mlmastery/exercises" / chapter.slug).glob("[!_]*.py"):
        number = re.match(r'"""Exercise (\d+)\.(\d+)', path.read_text(encoding="utf-8"))
        assert number, f"{path.name} does not begin with its number"
        label = f"ex-{chapter.slug}-{path.stem}"
        assert labels[int(number[2]) - 1] == label, (
            f"{path.name} is not exercise {number[0]}"
        )
        assert int(number[1]) == chapter.number
        assert text.count(f"exercises/{chapter.slug}/{path.name}") >= 2, (
            "stub and solution are shown"
        )


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_cites_claims_and_refers_enough(chapter):
    text = chapter.text
    keys = {
        k.strip()
        for body in re.findall(r"\{cite[\w:]*\}`([^`]+)`", text)
        for k in body.split(",")
    }
    assert len(keys) >= 8
    assert len(re.findall(r"^claim\(", text, re.M)) >= 10
    assert len(re.findall(r"\{(?:numref|ref|eq|term|doc)\}", text)) >= 15


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_objectives_link_to_a_section_and_an_exercise(chapter):
    text = chapter.text
    part = re.search(r"^## [^\n]*learn[^\n]*\n(.*?)^## ", text, re.M | re.S | re.I)
    items = re.findall(
        r"^(?:[-*]|\d+\.) (.+?)(?=^(?:[-*]|\d+\.) |\Z|\n\n)", part[1], re.M | re.S
    )
    assert len(items) >= 4
    for item in items:
        assert "`ex-" in item or "<ex-" in item, f"no exercise answers: {item}"
        assert re.search(r"`sec-|<sec-|\{(?:num)?ref\}`(?!ex-)", item), (
            f"no section teaches: {item}"
        )


@pytest.mark.parametrize("page", sorted(BOOK.glob("*.md")), ids=lambda p: p.stem)
def test_no_trap_of_the_toolchain(page: Path):
    text = page.read_text(encoding="utf-8")
    assert "\\begin{align" not in text.replace("\\begin{aligned", ""), (
        "number it as aligned in $$"
    )
    assert not re.search(r"^\s*- \[[ xX]\]", text, re.M), "task lists break the parser"
    assert "remove-input" not in text, "live code needs its input"
    assert "hide-input" not in text, "the PDF drops it"


@functools.cache
def package() -> set[tuple[str, ...]]:
    """Return each five lines in a row, among those that say something, of a module."""
    files = (ROOT / "code/mlmastery").rglob("*.py")
    texts = [p.read_text() for p in files if "exercises" not in p.parts]
    return {run for text in texts for run in runs_of_five(text)}


def runs_of_five(source: str) -> list[tuple[str, ...]]:
    """Return each five lines in a row that say something."""
    lines = [x.strip() for x in source.splitlines() if "import" not in x]
    lines = [x for x in lines if len(x) > 12]
    return [tuple(lines[i : i + 5]) for i in range(len(lines) - 4)]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_library_code_is_copied_into_the_page(chapter):
    """A definition of the package stands in the package; the page includes it."""
    for cell in cells(chapter):
        assert not package() & set(runs_of_five(cell.source)), cell


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_text_refers_back_to_a_table_by_its_number(chapter):
    """A table above is another one once a cell is added."""
    told = re.findall(r"[^.\n]*\btable above\b[^.\n]*", chapter.text)
    assert told == []
