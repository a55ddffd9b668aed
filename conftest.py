"""What all tests share: the tools' modules, the default data tier, one thread."""

import os
import sys
from pathlib import Path

import pytest
from sybil.integration.pytest import SybilItem

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "book" / "_ext")]
os.environ.pop("MLMASTERY_DATA", None)
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Keep a page's snippets on one worker: they share their names."""
    for item in items:
        if isinstance(item, SybilItem):
            item.add_marker(pytest.mark.xdist_group(str(item.path)))
