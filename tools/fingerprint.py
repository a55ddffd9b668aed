"""Hash what decides a page's outputs beside its cells.

That is the source of every module under ``code/`` that the cells import, directly or
through one another, the data files beside those modules, the exercises where the page
checks some, ``requirements.txt`` and Python's version.
"""

import ast
import hashlib
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "code"


def imports(tree, package=""):
    """Yield the dotted names that a module's import statements mention."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            up = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(up if node.level else []), *filter(None, [node.module])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def files_of(name):
    """Yield (package, file) for what importing ``name`` runs."""
    at, package = CODE, []
    for part in name.split("."):
        at = at / part
        if (at / "__init__.py").exists():
            package.append(part)
            yield ".".join(package), at / "__init__.py"
        elif at.with_suffix(".py").exists():
            yield ".".join(package), at.with_suffix(".py")
            return
        else:
            return


@cache
def imports_of(path, package, mtime):
    return list(imports(ast.parse(path.read_bytes()), package))


def modules(source):
    """Return our files that running this source leads to, sorted."""
    lines = source.splitlines()
    plain = "\n".join(x for x in lines if not x.lstrip().startswith(("%", "!", "?")))
    todo, seen = list(imports(ast.parse(plain))), set()
    while todo:
        for package, path in files_of(todo.pop()):
            if path not in seen:
                seen.add(path)
                todo += imports_of(path, package, path.stat().st_mtime_ns)
    return sorted(seen)


def data_beside(files):
    """Return what a package's modules may read: its files that are not Python."""
    folders = {f.parent for f in files if f.name == "__init__.py"} - {
        CODE / "mlmastery"
    }
    every = (p for folder in folders for p in folder.rglob("*") if p.is_file())
    return sorted({p for p in every if p.suffix not in (".py", ".pyc")})


def fingerprint(source):
    """Hash all that decides what these cells print, beside the cells."""
    try:
        files = modules(source)
    except SyntaxError:  # the page will fail when it runs, and say where
        files = sorted(CODE.rglob("*.py"))
    # A checked exercise is found by its number, which no import shows.
    if any(f.parent.name == "check" for f in files):
        files += sorted(CODE.glob("mlmastery/exercises/*/*.py"))
    # So is what was recorded: by the chapter's name.
    if CODE / "mlmastery" / "record.py" in files:
        files += sorted(CODE.glob("mlmastery/recorded/*.json"))
    digest = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for path in [*files, *data_beside(files), ROOT / "requirements.txt"]:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
