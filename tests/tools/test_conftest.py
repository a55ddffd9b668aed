"""The tests' own frame: how they are dealt out to the workers."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_snippets_of_a_page_run_on_one_worker(tmp_path: Path):
    (tmp_path / "book").mkdir()
    for conftest in ("conftest.py", "book/conftest.py"):
        shutil.copy(ROOT / conftest, tmp_path / conftest)
    snippets = ["```python\n>>> x = 0\n\n```\n"]
    snippets += [f"```python\n>>> x += 1; x\n{i}\n\n```\n" for i in range(1, 9)]
    (tmp_path / "book" / "page.md").write_text("\n".join(snippets))
    command = [sys.executable, *"-m pytest -q -n 2 -p no:cacheprovider".split()]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert "9 passed" in done.stdout, done.stdout
