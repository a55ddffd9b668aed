"""Read off a Python source what it asks for: modules, files, and by which keys."""

import ast
import re
import threading
from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatch

OURS = re.compile(r"mlmastery(\.\w+)+")
ALL = "*"
PARSER = threading.Lock()


def syntax_tree(source):
    """Return the syntax tree of a source, one thread at a time.

    CPython 3.11 keeps the depth of the parser for all threads together, and stops with a
    SystemError when two of them parse at once.
    """
    with PARSER:
        return ast.parse(source)


def imports(nodes, package=""):
    """Yield (module, name, alias) of what is imported, wherever in the source.

    Without a name it is the module itself. A star, or a module whose name is made when
    the package runs, is `ALL`. A text that names a module of ours counts as well:
    `import_module` or another process may be given it.
    """
    for node in nodes:
        match node:
            case ast.Import():
                yield from ((a.name, None, a.asname or a.name) for a in node.names)
            case ast.ImportFrom():
                base = base_of(node, package)
                yield from ((base, a.name, a.asname or a.name) for a in node.names)
            case ast.Constant(value=str(text)) if OURS.fullmatch(text):
                yield from ((text, None, text), (f"{text}.__main__", None, text))
            case ast.JoinedStr(
                values=[ast.FormattedValue(value=ast.Name("__name__")), _, *_]
            ):
                yield package, ALL, ALL


def packages(sources):
    """Return the top-level names of all that these sources import."""
    nodes = (node for source in sources for node in ast.walk(syntax_tree(source)))
    return {module.split(".")[0] for module, *_ in imports(nodes, "mlmastery")}


def base_of(node, package):
    """Return the dotted module that a `from … import` names."""
    parts = package.split(".")
    up = parts[: len(parts) - node.level + 1] if node.level else []
    return ".".join([*up, *filter(None, [node.module])])


def patterns(nodes):
    """Yield patterns of the file names that the texts of a source could make."""
    for node in nodes:
        match node:
            case ast.Constant(value=str(text)) if len(text) < 100:
                yield f"*{text}" if text.startswith(".") else text
            case ast.JoinedStr(values=values):
                yield "".join(
                    getattr(v, "value", "") if plain(v) else "*" for v in values
                )


def plain(value):
    return isinstance(value, ast.Constant)


def keys(nodes):
    """Return, by function, the literal first arguments of its calls.

    None where it is not known: another argument, or not a call.
    """
    calls, uses = defaultdict(list), defaultdict(int)
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                uses[name] += 1
            case ast.Call(
                func=ast.Name(id=name), args=[ast.Constant(value=str(key)), *_]
            ):
                calls[name].append(key)
    return {name: calls[name] for name, n in uses.items() if len(calls[name]) == n}


def leading_to(tree, text):
    """Return the functions and names of a module that lead to this text in it."""
    words = {}
    for node in tree.body:
        for name in defined(node):
            words[name] = {
                getattr(n, "id", getattr(n, "value", None))
                for n in ast.walk(node)
                if isinstance(n, ast.Name | ast.Constant)
            }
    found = {text}
    while more := {n for n, said in words.items() if n not in found and said & found}:
        found |= more
    return found - {text}


def defined(node):
    """Return the names that a statement defines."""
    targets = getattr(node, "targets", [getattr(node, "target", None)])
    names = [getattr(target, "id", None) for target in targets]
    return [name for name in (getattr(node, "name", None), *names) if name]


@dataclass(frozen=True)
class Facts:
    """What a source asks for."""

    module: str  # its dotted name, "" for a page's cells
    imports: tuple
    texts: frozenset
    gaps: frozenset  # patterns of texts with gaps
    keys: dict
    has_file: bool  # whether it asks where it lies itself

    def within(self, room):
        """Whether the source is a module of this package, or the module itself."""
        return f"{self.module}.".startswith(f"{room}.")

    def may_name(self, file):
        """Whether a text with gaps could be the name of this file."""
        return any(fnmatch(file, pattern) for pattern in self.gaps)


def facts(tree, parts=()):
    """Read off the facts; ``parts`` are those of the module's dotted name."""
    nodes = list(ast.walk(tree))
    texts = frozenset(patterns(nodes))
    return Facts(
        ".".join(parts),
        tuple(dict.fromkeys(imports(nodes, ".".join(parts[:-1])))),
        texts,
        frozenset(p for p in texts if "*" in p and p.strip("*")),
        keys(nodes),
        any(isinstance(n, ast.Name) and n.id == "__file__" for n in nodes),
    )
