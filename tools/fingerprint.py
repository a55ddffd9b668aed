"""Hash what decides a page's outputs beside its cells.

That is the source of every module of ours that the cells lead to, and the files that
these read: the data that they name, the exercises that are checked, the ledgers and the
cards that are asked for, `requirements.txt` and Python's version.

A file counts only where it may matter. Of a lazy package (one with an `__init__.pyi`)
it is the module that defines the imported name; of `mlmastery.datasets`, for `load_x`,
`datasets/x.py`. `check("3.2", …)`, `ledger("slug")` and `card_of("iris")` ask for one
file; where the key is no literal, all files that it could be count.
"""

import ast
import hashlib
import re
import sys
from functools import cache
from pathlib import Path

from facts import ALL, facts, leading_to, syntax_tree

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "code"
OURS = CODE / "mlmastery"
DATASETS = "mlmastery.datasets"
CELL = re.compile(r"^```\{code-cell\}.*?\n(.*?)^```", re.M | re.S)
OPTIONS = re.compile(r"\A(?:---\n.*?^---\n|(?::\w[^\n]*\n)+)", re.M | re.S)
HEADING = re.compile(rb'"""Exercise ([\d.]+):')


def cells_of(path):
    """Return the code of a page's cells, without their options."""
    cells = CELL.findall(Path(path).read_text(encoding="utf-8"))
    return "\n".join(OPTIONS.sub("", cell) for cell in cells)


def fingerprint(source):
    """Hash all that decides what these cells print, beside the cells."""
    digest = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for path in [*files(source), ROOT / "requirements.txt"]:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def modules(source):
    """Return our modules that running this source leads to, sorted."""
    return [path for path in files(source) if path.suffix == ".py"]


def files(source):
    """Return our files that decide what this source does when it runs, sorted."""
    try:
        page = facts(syntax_tree(without_magics(source)))
    except SyntaxError:  # the page will fail when it runs, and say where
        return [p for p in sorted(OURS.rglob("*")) if p.is_file() and is_source(p)]
    todo, found, done = [page], set(), set()
    while todo:
        asks = todo.pop()
        new = {*imported(asks, done), *asked(asks)} - found
        found |= new
        modules = [path for path in new if path.suffix == ".py"]
        todo += map(facts_of, modules)
        found |= {data for path in modules for data in beside(path)}
    return sorted(found)


def without_magics(source):
    lines = source.splitlines()
    return "\n".join(x for x in lines if not x.lstrip().startswith(("%", "!", "?")))


def is_source(path):
    return path.suffix != ".pyc"


def facts_of(path):
    return parsed(path, path.stat().st_mtime_ns)


@cache
def parsed(path, mtime):
    return facts(
        syntax_tree(path.read_bytes()), path.relative_to(CODE).with_suffix("").parts
    )


# --- modules ------------------------------------------------------------------------


def imported(asks, done):
    """Yield the modules that the imports of a source run; each import once."""
    for module, name, _ in asks.imports:
        if (module, name) not in done:
            done.add((module, name))
            yield from resolved(module, name)


@cache
def resolved(module, name=None):
    """Return the files that importing this name from this module runs.

    They are looked for once: what they hold may change while a build runs, not where
    they lie.
    """
    return list(run_by(module, name))


def run_by(module, name):
    yield from on_the_way(module)
    folder = CODE.joinpath(*module.split("."))
    lazy = (folder / "__init__.pyi").exists()
    if not (folder / "__init__.py").exists():
        return
    if name == ALL or (lazy and not name):
        yield from folder.rglob("*.py")
    elif name:
        yield from resolved(f"{module}.{name}")
        if lazy and not list(submodule(folder, name)):
            yield from defining(module, name, folder)


def defining(module, name, folder):
    """Yield the files that give a lazy package this name; all where none is known."""
    owner = owners(folder).get(name)
    if owner:
        yield from resolved(f"{module}.{owner}", name)
    elif module == DATASETS and name.startswith("load_"):
        yield from resolved(f"{module}.{name.removeprefix('load_')}")
    else:
        yield from folder.rglob("*.py")


def submodule(folder, name):
    return (
        p for p in (folder / f"{name}.py", folder / name / "__init__.py") if p.exists()
    )


def on_the_way(module):
    """Yield the packages that a dotted name goes through, and the module at its end."""
    at = CODE
    for part in module.split("."):
        found = list(submodule(at, part))
        yield from found
        if not found or found[0].name != "__init__.py":
            return
        at = at / part


def owners(folder):
    """Return the module of each name that a lazy package exports, from its stub."""
    tree = syntax_tree((folder / "__init__.pyi").read_bytes())
    return {
        alias.name: node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


# --- files that are asked for by a key ----------------------------------------------


def asked(asks):
    """Yield the exercises, ledgers and data sets that a source asks for by a key."""
    for module, name, alias in asks.imports:
        if module == "mlmastery" and name:  # the module itself, whatever is used of it
            module, name = f"{module}.{name}", None
        room = ".".join(module.split(".")[:2])
        if room in ROOMS and not asks.within(INSIDE.get(room, room)):
            yield from ROOMS[room](module, name, asks.keys.get(alias))


def exercises(module, name, keys):
    """Yield the exercises with these numbers; all where a number is not known."""
    if name and name[0].isupper():
        return
    known = {}
    for path in OURS.glob("exercises/*/[!_]*.py"):
        if heading := HEADING.match(path.read_bytes()):
            known[heading[1].decode()] = path
    if keys and set(keys) <= set(known):
        yield from (known[key] for key in keys)
    else:
        yield from (
            p for p in OURS.glob("exercises/*/*") if p.suffix in (".py", ".txt")
        )


def ledgers(module, name, keys):
    """Yield what is recorded of the chapters that a function reads, if it reads any."""
    tree = syntax_tree(list(on_the_way(module))[-1].read_bytes())
    readers = leading_to(tree, "recorded")
    if not name or not readers or name in readers:
        for key in ["*"] if keys is None else keys:
            yield from OURS.glob(f"recorded/{key}.json")
            yield from OURS.glob(f"recorded/{key}/*.csv")


def sets(module, name, keys):
    """Yield the data sets whose cards a function asks for."""
    loads = (name or "").startswith("load_")
    if loads or not leads_to(list(resolved(module, name))[-1:], CATALOGUE):
        return
    paths = [OURS / "datasets" / f"{key}.py" for key in keys or ()]
    if paths and all(path.exists() for path in paths):
        yield from paths
    else:
        yield from (OURS / "datasets").glob("*.py")


def leads_to(paths, goal):
    """Whether importing these modules imports another one."""
    todo, seen, done = list(paths), set(paths), set()
    while todo:
        new = set(imported(facts_of(todo.pop()), done)) - seen
        seen |= new
        todo += new
    return goal in seen


ROOMS = {
    "mlmastery.check": exercises,
    "mlmastery.record": ledgers,
    "mlmastery.ledger": ledgers,
    DATASETS: sets,
}
INSIDE = {DATASETS: f"{DATASETS}.kit"}  # where such a function is no question


# --- data beside modules ------------------------------------------------------------


def beside(module):
    """Yield the data files beside a module that it names.

    It names a file, or the folder that holds it, by a text, or by one with gaps, such as
    f"{name}.csv". The latter is believed of a module that asks where it lies, or names
    none otherwise; one that asks and names none may read any file that lies there.
    """
    asks, files = facts_of(module), list(data(module.parent))
    parts = {file: file.relative_to(module.parent).parts for file in files}
    named = [file for file in files if asks.texts & set(parts[file])]
    if named and not asks.has_file:
        return named
    named += [file for file in files if any(map(asks.may_name, parts[file]))]
    near = [file for file in files if file.parent == module.parent]
    return named or (near if asks.has_file else [])


def data(folder):
    """Yield the files in a folder that are not Python, and not asked for by a key."""
    for path in folder.iterdir():
        if path.is_dir() and path not in KEYED and not (path / "__init__.py").exists():
            yield from data(path)
        elif path.is_file() and path.suffix not in (".py", ".pyi", ".pyc"):
            yield path


CATALOGUE = OURS / "datasets" / "kit" / "catalogue.py"
KEYED = {OURS / "exercises", OURS / "recorded"}
