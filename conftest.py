"""What all tests share: the tools' modules, the default data tier, one thread."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / folder) for folder in ("tools", "book/_ext", "tests")]
os.environ.pop("MLMASTERY_DATA", None)
os.environ.setdefault("OMP_NUM_THREADS", "1")


SHARE = 36  # each commit runs one of so many parts of the slow tests
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
    config.hook.pytest_deselected(items=[i for i in items if i.nodeid in left_out])
    items[:] = [i for i in items if i.nodeid not in left_out]


@pytest.fixture(autouse=True)
def no_figure_is_left():
    """Close the figures of a test, or a doctest draws into those of another."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


def in_turn(names: list[str], turn: int) -> list[str]:
    """Return one of `SHARE` parts of the names; as many turns as parts give all."""
    return names[turn % SHARE :: SHARE]


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
