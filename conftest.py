"""What all tests share: the tools' modules, the default data tier, one thread."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / folder) for folder in ("tools", "book/_ext", "tests")]
os.environ.pop("MLMASTERY_DATA", None)
os.environ.setdefault("OMP_NUM_THREADS", "1")


# Each commit runs one of so many parts of the slow tests: more than there are notebooks to
# execute, two for each chapter and next to each other, so that a part has one at most.
SHARE = 48
VISITS = 3  # and visits one of so many parts of the site, besides what changed of late
LATELY = 25  # commits of this branch: what is sent in together is seldom more
FEW = 20  # lines of a page and its package, whose change asks for no visit out of turn
# Read one large thing, which each worker would read for itself.
ONE_WORKER = ("test_live.py", "test_rebuild.py", "test_pdf.py", "test_search.py")


def pytest_addoption(parser):
    """Let the command say which slow tests to run."""
    parser.addoption(
        "--slow",
        choices=("none", "turn", "all"),
        default="none",
        help="tests marked slow: none, those whose turn it is at this commit, or all",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Leave out the slow tests but those asked for."""
    slow = sorted(i.nodeid for i in items if i.get_closest_marker("slow"))
    asked = {"none": [], "turn": in_turn(slow, commits(ROOT)), "all": slow}
    left_out = set(slow) - set(asked[config.getoption("--slow")])
    visits = {i: i.callspec.id for i in items if i.get_closest_marker("visit")}
    if config.getoption("--slow") != "all":
        pages = sorted(set(visits.values()))
        due = {*in_turn(pages, commits(ROOT), VISITS), *changed(ROOT, pages)}
        left_out |= {i.nodeid for i, page in visits.items() if page not in due}
    config.hook.pytest_deselected(items=[i for i in items if i.nodeid in left_out])
    items[:] = [i for i in items if i.nodeid not in left_out]


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium; a worker can have only one, which site and chapters share."""
    from sheets import CHROMIUM, OPTIONS

    if not CHROMIUM:
        pytest.skip("no Chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def no_figure_is_left():
    """Close the figures of a test, or a doctest draws into those of another."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


def in_turn(names: list[str], turn: int, share: int = SHARE) -> list[str]:
    """Return one of ``share`` parts of the names; as many turns as parts give all."""
    return names[turn % share :: share]


def changed(root: Path, pages: list[str]) -> list[str]:
    """Return the pages whose chapter was changed in the last `LATELY` commits.

    Where there are not so many, as in a shallow clone, these are all pages. A change of
    `FEW` lines, such as of all front matters at once, waits for the page's turn.
    """
    command = ["git", "diff", "--numstat", f"HEAD~{LATELY}"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if done.returncode:
        return pages
    lines = Counter()
    for added, deleted, name in (x.split("\t") for x in done.stdout.splitlines()):
        size = 1 if added == "-" else int(added) + int(deleted)
        file = Path(name)
        lines.update(dict.fromkeys({*file.parts, file.stem}, size))
    return [page for page in pages if lines[page] > FEW]


def commits(root: Path) -> int:
    """Return how many commits lead to this one: whose turn it is."""
    command = ["git", "rev-list", "--count", "HEAD"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    return int(done.stdout or 0)


class Together(LoadScopeScheduling):
    """Deal tests out one by one, but in one go what shares names or one live page."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.split("::")[0]
        if path.endswith((".md", *ONE_WORKER)):
            return path
        # All that is asked of one built page is answered by one visit to it.
        asked = nodeid.partition("[")[2] if path.endswith("test_site.py") else ""
        return f"{path}[{asked}" if asked else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Schedule by our own rule: xdist's groups do nothing under pytest 9.2."""
    return Together(config, log)
