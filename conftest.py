"""What all tests share: the tools' modules, the default data tier, one thread."""

import os
import sys
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / folder) for folder in ("tools", "book/_ext", "tests")]
os.environ.pop("MLMASTERY_DATA", None)
os.environ.setdefault("OMP_NUM_THREADS", "1")


class Together(LoadScopeScheduling):
    """Deal tests out one by one, but in one go what shares names or one live page."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.split("::")[0]
        return path if path.endswith((".md", "test_live.py")) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Schedule by our own rule: xdist's groups do nothing under pytest 9.2."""
    return Together(config, log)
