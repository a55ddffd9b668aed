"""The plan, the curriculum, the README and Binder agree on every chapter."""

import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions

import pages
import pytest
import yaml
from chapters import (
    BOOK,
    LEVELS,
    PARTS,
    REPOSITORY,
    ROOT,
    all_chapters,
    planned,
    written,
)
from facts import packages
from fingerprint import cells_of, modules, without_magics
from pins import NO_DEPS, pins

# What the outside world knows the projects by: slug, notebook, part, hours and week.
PUBLIC = {
    1: ("data_exploration", "data_exploration_visuals", 0, 4, 1),
    2: ("iris_classifier", "iris_species_classifier", 0, 4, 1),
    3: ("linear_regression", "linear_regression_scratch", 0, 5, 2),
    4: ("titanic_survival", "titanic_survival_prediction", 0, 5, 2),
    5: ("housing_prices", "housing_price_prediction", 0, 6, 3),
    6: ("image_classifier", "cats_dogs_image_classifier", 1, 7, 4),
    7: ("sentiment_analysis", "sentiment_analysis_system", 2, 6, 5),
    8: ("customer_churn", "customer_churn_model", 3, 6, 3),
    9: ("stock_prices", "stock_price_prediction", 3, 7, 6),
    10: ("neural_network", "neural_network_scratch", 1, 8, 4),
    11: ("face_recognition", "real_time_face_recognition", 1, 8, 7),
    12: ("recommendation", "recommendation_system", 4, 7, 8),
    13: ("ml_pipeline", "automated_ml_pipeline", 5, 6, 9),
    14: ("language_model", "language_model_scratch", 2, 10, 5),
    15: ("ab_testing", "ab_testing_framework", 3, 7, 8),
    16: ("gan", "gan_image_generator", 1, 8, 7),
    17: ("multilingual_nlp", "multilingual_nlp_pipeline", 2, 7, 6),
    18: ("reinforcement_learning", "reinforcement_learning_agent", 4, 8, 9),
    19: ("fraud_detection", "real_time_fraud_detection", 3, 7, 9),
    20: ("automl", "automl_system", 5, 10, 10),
    21: ("mlops", "mlops_pipeline", 5, 10, 10),
    22: ("distributed_training", "distributed_ml_training", 5, 12, 10),
}
DIFFICULTY = [1, 2, 3, 3, 4, 5, 5, 5, 6, 6, 7, 7, 7, 8, 7, 8, 7, 8, 8, 9, 9, 10]
PAPERS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")


# Extras that no page needs: an engine for those who outgrow one machine.
OPTIONAL = {"ray"}
NOTEBOOK = {"ipython", "matplotlib-inline"}  # there wherever a notebook runs


def declared() -> dict[str, set[str]]:
    """Return the names of the package's dependencies and of each chapter's extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lists = {"": project["dependencies"], **project["optional-dependencies"]}
    return {
        slug: {re.split(r"[<>=!~ ;\[]", d)[0].lower() for d in deps}
        for slug, deps in lists.items()
        if slug not in OPTIONAL
    }


def curriculum() -> list[dict]:
    return yaml.safe_load((BOOK / "_curriculum.yml").read_text(encoding="utf-8"))


def readme_rows() -> list[list[str]]:
    """Return the cells of the README's rows that begin with a chapter's number."""
    rows = re.findall(
        r"^\| (\d+ \|.*) \|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M
    )
    return [[cell.strip() for cell in row.split("|")] for row in rows]


def test_each_number_is_taken_once():
    assert [c.number for c in all_chapters()] == list(range(1, 23))


def test_public_facts_are_kept():
    for c, difficulty in zip(all_chapters(), DIFFICULTY, strict=True):
        facts = (c.slug, c.notebook[3:], PARTS.index(c.part), c.hours, c.week)
        slug, notebook, *rest = PUBLIC[c.number]
        assert facts == (slug, f"Tahabilder_{notebook}", *rest)
        assert c.notebook.startswith(f"{c.number:02}_")
        assert c.difficulty == difficulty


def test_levels_rise_with_difficulty():
    ranks = [(list(LEVELS).index(c.level), c.difficulty) for c in all_chapters()]
    for level, difficulty in ranks:
        easier = [lv for lv, d in ranks if d < difficulty]
        assert all(lv <= level for lv in easier)


def test_a_planned_chapter_has_no_page():
    assert [c.slug for c in planned() if c.page.exists()] == []


@pytest.mark.parametrize("chapter", planned(), ids=lambda c: c.slug)
def test_summaries_are_one_sentence(chapter):
    assert re.fullmatch(r"[A-Z][^.!]{40,200}[.?]", chapter.summary), chapter.summary


def test_ten_weeks_hold_every_chapter_once():
    weeks = curriculum()
    assert [w["week"] for w in weeks] == list(range(1, 11))
    found = {c["number"]: w["week"] for w in weeks for c in w["chapters"]}
    assert sum(len(w["chapters"]) for w in weeks) == len(found)
    assert found == {c.number: c.week for c in all_chapters()}


@pytest.mark.parametrize("week", curriculum(), ids=lambda w: f"week {w['week']}")
def test_every_week_is_complete(week):
    assert set(week) == {
        "week",
        "title",
        "focus",
        "chapters",
        "review",
        "milestone",
        "reached",
    }
    assert all(len(c["topics"].split(",")) >= 2 for c in week["chapters"])
    assert all(len(week[key].split()) >= 15 for key in ("review", "reached"))


def test_readme_lists_the_chapters_as_they_are():
    rows = readme_rows()
    assert [int(row[0]) for row in rows] == list(range(1, 23))
    for row, c in zip(rows, all_chapters(), strict=True):
        expected = [
            f"book/{c.slug}.md",
            f"code/mlmastery/{c.slug}",
            f"tests/test_{c.slug}",
        ]
        links = LINK.findall(" ".join(row[2:5]))
        # Long tests are a folder of the chapter's name, like long code.
        links = [x.replace(f"tests/{c.slug}", f"tests/test_{c.slug}") for x in links]
        assert row[1] == c.title
        assert row[5] == f"`{c.notebook}.ipynb`"
        assert row[2] == "in preparation" if not c.written else len(links) == 3
        assert [x.removesuffix(".py") for x in links] == (expected if c.written else [])


@pytest.mark.parametrize("paper", PAPERS)
def test_every_path_in_a_paper_exists(paper):
    text = (ROOT / paper).read_text(encoding="utf-8")
    inside = [x for x in LINK.findall(text) if "://" not in x and not x.startswith("#")]
    inside += [
        x.removeprefix(f"{REPOSITORY}/blob/main/")
        for x in LINK.findall(text)
        if "/blob/main/" in x
    ]
    assert [x for x in inside if not (ROOT / x).exists()] == []


@pytest.mark.parametrize("paper", PAPERS)
def test_papers_hold_no_leftover_markup(paper):
    text = re.sub(
        r"`[^`\n]*`|```+ .*? ```+|`` .*? ``",
        "",
        (ROOT / paper).read_text(encoding="utf-8"),
    )
    assert not re.search(
        r"\{\{|\{%|^:::|\{\w[\w:+-]*\}`|\bTODO\b|\bFIXME\b", text, re.M
    )


def test_pages_name_only_verbs_that_make_has():
    verbs = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.M))
    for page in [*BOOK.glob("*.md"), *(ROOT / p for p in PAPERS)]:
        text = page.read_text(encoding="utf-8")
        code = re.findall(
            r"^```(?:bash|sh|console|text)\n.*?^```|`[^`\n]+`", text, re.M | re.S
        )
        named = re.findall(r"(?:`|^)make ([a-z-]+)", "\n".join(code), re.M)
        assert set(named) <= verbs, page.name


def test_terms_are_in_the_glossary():
    glossary = (BOOK / "glossary.md").read_text(encoding="utf-8")
    terms = {t.lower() for t in re.findall(r"^([A-Za-z].*)\n  \S", glossary, re.M)}
    assert len(terms) >= 40
    for page in BOOK.glob("*.md"):
        used = re.findall(
            r"\{term\}`(?:[^`<]*<)?([^`>]+)>?`", page.read_text(encoding="utf-8")
        )
        assert {" ".join(u.lower().split()) for u in used} <= terms, page.name


def test_binder_pins_what_the_book_pins():
    book, binder = pins(), pins(ROOT / "binder" / "requirements.txt")
    assert {k: v for k, v in binder.items() if k in book} == {
        k: book[k] for k in binder if k in book
    }
    assert set(binder) - set(book) <= {"jupyterlab"}
    assert (ROOT / "binder" / "postBuild").stat().st_mode & 0o111, (
        "Binder runs only what may be executed"
    )


def test_binder_has_what_the_package_imports():
    stated = declared()
    needed = set().union(*stated.values()) - {"torch"}  # postBuild, for its CPU build
    assert needed <= set(pins(ROOT / "binder" / "requirements.txt"))
    assert set(stated) <= {"", *(c.slug for c in written())}


def test_packages_without_dependencies_are_the_books_own_pins():
    book, bare = pins(), pins(NO_DEPS)
    assert bare.items() <= book.items()


@pytest.mark.parametrize("chapter", written(), ids=lambda c: c.slug)
def test_what_a_chapter_imports_is_declared(chapter):
    """A notebook on Colab installs what is declared, and nothing else."""
    page = "\n".join(cells_of(path) for path in chapter.files)
    sources = [page, *(f.read_text(encoding="utf-8") for f in modules(page))]
    used = packages(map(without_magics, sources))
    foreign = used - set(sys.stdlib_module_names) - {"mlmastery"}
    owners = packages_distributions()
    owners["dlib"] = ["dlib-bin"]  # its wheel names the compiled half alone
    stated = declared()
    known = stated[""] | stated.get(chapter.slug, set()) | NOTEBOOK
    known |= set(pins(NO_DEPS))
    missing = {
        n
        for n in foreign - OPTIONAL
        if not known & {d.lower().replace("_", "-") for d in owners.get(n, [])}
    }
    assert not missing, f"in pyproject.toml, dependencies or {chapter.slug} = [...]"


def test_citation_agrees_with_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]
    assert citation["repository-code"] == REPOSITORY


@pytest.mark.parametrize(
    "form",
    sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*[!g].yml")),
    ids=lambda p: p.stem,
)
def test_no_issue_can_be_empty(form):
    body = yaml.safe_load(form.read_text(encoding="utf-8"))["body"]
    required = [f for f in body if f.get("validations", {}).get("required")]
    assert len(required) >= 3
    assert len({f["id"] for f in body}) == len(body)


@pytest.mark.skipif(
    not shutil.which("node"), reason="needs Node.js to parse JavaScript"
)
@pytest.mark.parametrize("name", ["book.js", "live.js"])
def test_the_script_parses_and_stays_at_home(name):
    script = BOOK / "assets" / name
    subprocess.run(["node", "--check", str(script)], check=True, timeout=60)
    code = re.sub(r"//[^\n]*", "", script.read_text(encoding="utf-8"))
    assert not re.search(
        r"fetch\(|XMLHttpRequest|import\(|sendBeacon|\beval\b|innerHTML", code
    )


def test_the_page_of_each_part_says_what_it_is_about():
    told = yaml.safe_load((BOOK / "_parts.yml").read_text(encoding="utf-8"))
    assert list(told) == PARTS
    assert min(len(part["says"].split()) for part in told.values()) > 15
    for name, part in told.items():
        texts = [chapter.text for chapter in written() if chapter.part == name]
        assert any(f"name: {part['figure']}\n" in text for text in texts)


def test_every_library_that_is_named_is_imported_by_a_chapter():
    named = yaml.safe_load((BOOK / "_technologies.yml").read_text(encoding="utf-8"))
    libraries = [*named["core"], *named["special"]]
    assert [x["name"] for x in libraries if not pages.importers(x["module"])] == []
    assert {x["package"] for x in libraries} <= set(pins())


def test_chapters_in_a_row_are_a_range():
    chapters = [c for c in all_chapters() if c.number in (1, 2, 4, 5, 6, 22)]
    shown = re.sub(r"\[(\d+)\]\(#[\w-]+\)", r"\1", pages.numbered(chapters))
    assert shown == "1, 2, 4–6, 22"


def test_a_library_is_known_by_its_own_name_and_by_an_import_alone():
    sources = ["import torchvision.io", "from scipy import stats", "'import arch'"]
    assert packages(sources) == {"torchvision", "scipy"}


def test_a_week_names_its_hours_and_the_chapters_without_a_page():
    by_number = {c.number: c for c in all_chapters()}
    for week in curriculum():
        number, _, hours, missing = pages.load_of(week, by_number)
        chapters = [by_number[c["number"]] for c in week["chapters"]]
        assert (int(number), int(hours)) == (
            week["week"],
            sum(c.hours for c in chapters),
        )
        absent = [str(c.number) for c in chapters if not c.written]
        assert missing == (", ".join(absent) or "–")
