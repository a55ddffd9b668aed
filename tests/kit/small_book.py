"""A copy of the build tools beside a page or two of a test's own."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FRONT = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
chapter: {number: 3, title: Small, part: Foundations, level: Beginner, difficulty: 3,
  hours: 5, week: 2, notebook: 03_small, summary: A page for a test.}
---
(ch-small)=
# Small
"""

TOC = """\
format: jb-book
root: index
parts:
- caption: Start here
  chapters:
  - file: about
- caption: Foundations
  numbered: 2
  chapters:
{}- caption: Back matter
  chapters:
  - file: claims
"""


class SmallBook:
    """A copy of the build tools beside a page of the test's own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("tools", "book/_ext"):
            shutil.copytree(ROOT / folder, root / folder)
        (root / "code" / "own").mkdir(parents=True)
        (root / "code" / "own" / "__init__.py").write_text("")
        self.module = root / "code" / "own" / "thing.py"
        self.module.write_text("VALUE = 1\n")
        (root / "requirements.txt").write_text("")
        self.page = root / "book" / "small.md"

    def write(self, *cells: str, front: str = FRONT) -> None:
        fences = [f"```{{code-cell}} ipython3\n{cell}\n```\n" for cell in cells]
        self.page.write_text("\n".join([front, *fences]))

    def furnish(self, *chapters: str) -> None:
        """Add what a site needs beside its chapters."""
        pages, assets = self.root / "book", ROOT / "book" / "assets"
        (pages / "index.md").write_text("(page-curriculum)=\n# Index\n")
        (pages / "about.md").write_text("# About\n\nIt.\n")
        (pages / "claims.md").write_text("# Claims\n\n```{claims}\n```\n")
        (pages / "references.bib").write_text("")
        ignore = shutil.ignore_patterns("vendor")
        shutil.copytree(assets, pages / "assets", ignore=ignore)
        (self.root / "pyproject.toml").write_text(
            '[project]\nversion = "1.0"\n[project.optional-dependencies]\n'
        )
        shutil.copy2(ROOT / "_config.yml", self.root)
        files = "".join(f"  - file: {name}\n" for name in chapters)
        (self.root / "_toc.yml").write_text(TOC.format(files))

    def python(self, code: str) -> str:
        """Run code with this book's own tools and return what it prints."""
        head = f"import sys; sys.path[:0] = [{str(self.root / 'tools')!r}]\n"
        done = subprocess.run(
            [sys.executable, "-c", head + code],
            capture_output=True,
            text=True,
            cwd=self.root,
            timeout=180,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def command(self, *options: str) -> list[str]:
        return [sys.executable, str(self.root / "tools" / "execute.py"), *options]

    def execute(self, *options: str) -> tuple[int, str]:
        """Run the tool and return its exit status and all it said."""
        done = subprocess.run(
            self.command(*options),
            capture_output=True,
            text=True,
            timeout=120,
            cwd=self.root,
        )
        assert "Traceback (most recent call last)" not in done.stderr, done.stderr
        return done.returncode, done.stdout

    def build(self, *options: str, first: str = "") -> tuple[int, str]:
        """Run the build as where there is no TeX and no right to install it.

        ``first`` is code that runs before, for instance to have a step fail.
        """
        script = self.root / "run.py"
        script.write_text(
            "import sys; sys.path.insert(0, 'tools'); import tex, build\n"
            "tex.lacking = lambda: ['lualatex']; tex.apt = lambda: None\n"
            f"{first}\nsys.exit(build.main())\n"
        )
        done = subprocess.run(
            [sys.executable, str(script), *options],
            capture_output=True,
            text=True,
            cwd=self.root,
            timeout=200,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout

    def ledger(self) -> dict:
        return json.loads((self.root / "_build" / "run" / "small.json").read_text())
