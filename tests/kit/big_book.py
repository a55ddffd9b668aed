"""A book of all 22 chapters, to measure what the whole one will cost.

    python -m kit.big_book TARGET      (in tests/)

The repository is copied, and each chapter in preparation becomes a copy of a written one:
page, labels, exercises and outputs under its own name. Nothing is executed: the outputs
come from this repository's cache, and each copy's pictures get bytes of their own, so
that as many files are written and printed as a real book has.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools")]

from chapters import (  # noqa: E402
    FRONT,
    PARTS,
    Chapter,
    front_matter,
    planned,
    written,
)

LABEL = re.compile(
    r"^\(([\w-]+)\)=|^\$\$ *\(([\w-]+)\)|^ *:(?:label|name): *([\w-]+)$"
    r"|^    name: ((?:fig|tab)-[\w-]+)$|^`{3,}\{frames\} ([\w-]+)",
    re.M,
)
EXERCISE = r'((?:check\(["\']|mlmastery\.check |^"""Exercise ))%d\.'
MAKER = b"https://matplotlib.org"  # in each printed picture; LuaTeX takes no bytes after its end
OF_THE_COPY = "number title part week hours difficulty notebook summary".split()


class Names:
    """The names of one written chapter's copy."""

    def __init__(self, source: Chapter, copy: Chapter) -> None:
        self.source, self.copy = source, copy
        found = {next(filter(None, m)) for m in LABEL.findall(source.text)}
        longest_first = sorted(found, key=len, reverse=True)
        any_of = "|".join(map(re.escape, longest_first))
        self.known = re.compile(rf"(?<![\w.])({any_of})(?![\w(]|-\w|\.\w)")

    def new(self, match: re.Match[str]) -> str:
        own = match[0].replace(self.source.slug, self.copy.slug)
        return own if own != match[0] else f"{own}-{self.copy.number:02}"

    def text(self, text: str) -> str:
        exercise = re.compile(EXERCISE % self.source.number, re.M)
        return exercise.sub(
            rf"\g<1>{self.copy.number}.", self.known.sub(self.new, text)
        )

    def page(self, path: Path) -> str:
        """Return a page of the copy: its front matter is the plan's."""
        front, body = front_matter(path), FRONT.sub("", path.read_text("utf-8"))
        if "chapter" in front:
            own = {k: getattr(self.copy, k) for k in OF_THE_COPY}
            front = {**front, "chapter": {**front["chapter"], **own}}
            body = re.sub(r"^# .*$", f"# {self.copy.title}", body, count=1, flags=re.M)
        matter = yaml.safe_dump(front, sort_keys=False, allow_unicode=True)
        return f"---\n{matter}---\n{self.text(body)}"

    def output(self, output: Any) -> Any:
        """Return a cell's output, its pictures with a mark of the copy."""
        renamed = self.text(json.dumps(output))
        return marked(json.loads(renamed), self.copy.slug)


def marked(node: Any, mark: str) -> Any:
    if isinstance(node, list):
        return [marked(item, mark) for item in node]
    if not isinstance(node, dict):
        return node
    return {k: picture(k, v, mark) for k, v in node.items()}


def picture(kind: str, value: Any, mark: str) -> Any:
    match kind:
        case "image/svg+xml" | "svg":
            return f"{value}<!-- {mark} -->"
        case "application/pdf" | "pdf" if value:
            made_by = mark.encode().ljust(len(MAKER))
            return encode(base64.b64decode(value).replace(MAKER, made_by))
        case "image/png":
            return encode(base64.b64decode(value) + mark.encode())
    return marked(value, mark)


def encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def copies() -> list[Names]:
    """Return the names of each copy: the written chapters take turns as its source."""
    return [
        Names(source, copy)
        for source, copy in zip(itertools.cycle(written()), planned(), strict=False)
    ]


def copy_repository(target: Path) -> None:
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def write_copy(target: Path, names: Names) -> None:
    source, copy = names.source, names.copy
    for path in source.files:
        new = target / "book" / path.name.replace(source.slug, copy.slug, 1)
        new.write_text(names.page(path), encoding="utf-8")
    exercises = target / "code" / "mlmastery" / "exercises"
    for path in sorted((exercises / source.slug).rglob("*.py")):
        new = exercises / copy.slug / path.relative_to(exercises / source.slug)
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(names.text(path.read_text("utf-8")), encoding="utf-8")


def write_toc(target: Path, chapters: list[Chapter]) -> None:
    path = target / "_toc.yml"
    toc = yaml.safe_load(path.read_text(encoding="utf-8"))
    first, *_, last = toc["parts"]
    toc["parts"] = [first, *(part(name, chapters) for name in PARTS), last]
    path.write_text(yaml.safe_dump(toc, sort_keys=False), encoding="utf-8")


def part(name: str, chapters: list[Chapter]) -> dict[str, Any]:
    chosen = sorted((c for c in chapters if c.part == name), key=lambda c: c.number)
    files = [{"file": doc} for c in chosen for doc in c.docs]
    return {"caption": name, "numbered": 2, "chapters": files}


def executed() -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    """Yield name, outputs and usage of each written page, from this book's cache."""
    import cache
    from cells import read

    store = cache.open_cache()
    for chapter in written():
        for page in read(chapter):
            if not cache.load_from_cache(store, page):
                raise ValueError(
                    f"{page.name} is not in the cache: run make book first"
                )
            code = [c for c in page.notebook.cells if c.cell_type == "code"]
            yield page.path.stem, [c.outputs for c in code], page.usage


FILL = """
import json, sys
sys.path[:0] = ["tools"]
import cache, cells, nbformat
from chapters import written
store = cache.open_cache()
for page in [p for c in written() for p in cells.read(c)]:
    with open(f"_build/outputs/{page.path.stem}.json") as file:
        outputs, page.usage = json.load(file)
    code = [c for c in page.notebook.cells if c.cell_type == "code"]
    for n, (cell, found) in enumerate(zip(code, outputs, strict=True), 1):
        cell.outputs, cell.execution_count = list(map(nbformat.from_dict, found)), n
    cache.store(store, page)
"""


def fill_cache(target: Path, made: list[Names]) -> None:
    """Store each page's outputs under the keys that the target's own tools compute."""
    folder = target / "_build" / "outputs"
    folder.mkdir(parents=True)
    for stem, outputs, usage in executed():
        (folder / f"{stem}.json").write_text(json.dumps([outputs, usage]))
        for names in (n for n in made if stem in n.source.docs):
            new = stem.replace(names.source.slug, names.copy.slug, 1)
            copied = [names.output(deepcopy(output)) for output in outputs]
            (folder / f"{new}.json").write_text(json.dumps([copied, usage]))
    subprocess.run([sys.executable, "-c", FILL], cwd=target, check=True)
    shutil.rmtree(folder)


def make(target: Path) -> None:
    """Write the book of 22 chapters into a folder that is empty or absent."""
    if target.exists() and any(target.iterdir()):
        raise ValueError(f"{target}: expected an empty folder or none")
    made = copies()
    copy_repository(target)
    for names in made:
        write_copy(target, names)
    plan = [c for c in planned() if c.number not in {n.copy.number for n in made}]
    (target / "book" / "_plan.yml").write_text(yaml.safe_dump(plan))
    write_toc(target, [*written(), *(n.copy for n in made)])
    fill_cache(target, made)


if __name__ == "__main__":
    make(Path(sys.argv[1]).resolve())
