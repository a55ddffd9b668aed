"""What a reader sees of a cell: the code that teaches, without the book's bookkeeping.

The site, the print and the notebooks all show a page through this module. It never
changes what is executed.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from facts import syntax_tree

BOOKKEEPING = frozenset({"glue", "claim", "result", "set_up"})
UNSEEN = frozenset({"glue", "set_up"})  # these leave nothing for a reader to look at
KIT = "mlmastery.bookkit"
DRAWING = "Show the code that draws this"
IMPORTS = "Show the imports"
MAGIC = re.compile(r"^(\s*)[%!?].*$", re.M)
OTHER_LANGUAGE = re.compile(r"\s*%%(?!time|capture|prun)")
FILM = re.compile(r"^frames\(", re.M)
# Blank lines that are too many, unless a definition follows, which has two before it.
BLANKS = re.compile(r"\n{3,}(?!def |class |@|\s)")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
PICTURE = {"fig", "ax", "axes"}  # each drawing cell binds these anew
COMPOUND = (ast.For, ast.While, ast.If, ast.With, ast.Try)


class ReadingError(ValueError):
    """A cell is written so that its bookkeeping cannot be told from its lesson."""


@dataclass(frozen=True)
class Shown:
    """What of a cell is shown.

    Attributes
    ----------
    code : str
        The lines that teach or draw; empty if there is nothing but bookkeeping.
    fold : str
        Empty, or the words on the fold that hides the code until it is asked for.
    needed : bool
        Whether visible code of later cells uses a name that this cell defines. Print
        leaves out folded code unless it is needed.
    """

    code: str
    fold: str = ""
    needed: bool = True


class Reader:
    """Show the cells of one page, of which it must know all.

    Parameters
    ----------
    cells : sequence of (source, metadata)
        All code cells of the page, in order.
    show_plots : bool, default=False
        Whether the page is about drawing, so that drawing code stays open.
    """

    def __init__(
        self, cells: Sequence[tuple[str, Mapping[str, Any]]], show_plots: bool = False
    ) -> None:
        self.cells = cells
        self.show_plots = show_plots
        self.faults: dict[int, str] = {}
        # Each cell's source without bookkeeping, imports not yet thinned.
        self.taught = [self.teach(i, source) for i, (source, _) in enumerate(cells)]

    def teach(self, index: int, source: str) -> str:
        try:
            return without_bookkeeping(source)
        except ReadingError as error:  # told when this cell is asked for
            self.faults[index] = str(error)
            return source

    @cached_property
    def used(self) -> list[set[str]]:
        """The names that each cell's visible code uses."""
        return [names_used(source) for source in self.taught]

    def shown(self, index: int) -> Shown:
        """Return what is shown of the cell at this place among the code cells.

        Raises
        ------
        ReadingError
            If this cell's bookkeeping cannot be told from its lesson.
        """
        if index in self.faults:
            raise ReadingError(self.faults[index])
        code = thin_imports(self.taught[index], set().union(*self.used))
        fold = self.fold(index, code)
        return Shown(code, fold, not fold or self.needed(index))

    def segments(self, index: int) -> list[tuple[bool, str]]:
        """Return a cell in parts, in order: what is shown, and the claims between.

        Each is (True, code that is shown) or (False, claims and results, that a notebook
        keeps in a cell of their own). What is glued is in the text and needs no cell.
        """
        source, _ = self.cells[index]
        used, parts = set().union(*self.used), []
        for kept, text in split(source):
            text = thin_imports(text, used) if kept else text
            if text.strip():
                parts.append((kept, text))
        return parts

    def fold(self, index: int, code: str) -> str:
        source, metadata = self.cells[index]
        if not code or "show" in metadata.get("tags", []):
            return ""
        if draws(source, metadata):
            return "" if self.show_plots else DRAWING
        return IMPORTS if index == 0 and only_imports(code) else ""

    def needed(self, index: int) -> bool:
        """Tell whether open code further down uses a name that this cell defines."""
        pending = names_defined(self.taught[index])
        for i in range(index + 1, len(self.cells)):
            if not draws(*self.cells[i]) and pending & free_names(self.taught[i]):
                return True
            pending -= names_defined(self.taught[i])
        return False


def draws(source: str, metadata: Mapping[str, Any]) -> bool:
    """Tell whether a cell makes a figure or the pictures of a film."""
    return "figure" in metadata.get("mystnb", {}) or bool(FILM.search(source))


def parse(source: str) -> ast.Module | None:
    """Return the tree, IPython's magics taken for ``pass``; None if it is not Python."""
    if OTHER_LANGUAGE.match(source):
        return None
    try:
        return syntax_tree(MAGIC.sub(r"\1pass", source))
    except SyntaxError:
        return None


def without_bookkeeping(source: str, gone: frozenset[str] = BOOKKEEPING) -> str:
    r"""Return a cell's source without the statements that only keep the book's records.

    Raises
    ------
    ReadingError
        If a function calls ``claim``, ``glue`` or another of them: no page could show
        the function without it, and no claim's condition would stand where it is read.

    Examples
    --------
    >>> without_bookkeeping("error = 0.5\nglue('error', error)")
    'error = 0.5'
    """
    tree = parse(source)
    if tree is None:
        return source
    refuse_hidden(tree)
    found, to_pass = records(tree.body, gone), emptied(tree.body, gone)
    return cut(source, list(found), list(to_pass)).strip("\n")


def refuse_hidden(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, (*DEFINITIONS, ast.Lambda)):
            inside = next((n for n in ast.walk(node) if is_record(n)), None)
            if inside is not None:
                name = getattr(node, "name", "a lambda")
                raise ReadingError(
                    f"{name} calls {ast.unparse(inside.func)} in line {inside.lineno} of its "  # type: ignore[attr-defined]
                    "cell; call it at the cell's top level, in a loop or an if, where "
                    "the page can tell it from the code that teaches"
                )


def is_record(node: ast.AST, gone: frozenset[str] = BOOKKEEPING) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in gone
    )


def records(body: Iterable[ast.stmt], gone: frozenset[str]) -> Iterator[ast.stmt]:
    """Yield the statements that do nothing but bookkeeping, the outermost of them."""
    for node in body:
        if only_records(node, gone):
            yield node
        elif isinstance(node, COMPOUND):
            yield from (n for part in bodies(node) for n in records(part, gone))


def emptied(body: list[ast.stmt], gone: frozenset[str]) -> Iterator[ast.stmt]:
    """Yield the first statement of each branch that holds records alone, beside others.

    Python wants a branch to have a body, so these become ``pass``.
    """
    for node in body:
        if isinstance(node, COMPOUND) and not only_records(node, gone):
            for part in bodies(node):
                whole = all(only_records(n, gone) for n in part)
                yield from part[:1] if whole else emptied(part, gone)


def bodies(node: ast.stmt) -> list[list[ast.stmt]]:
    parts = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
    parts += [handler.body for handler in getattr(node, "handlers", [])]
    return [part for part in parts if part]


def only_records(node: ast.stmt, gone: frozenset[str] = BOOKKEEPING) -> bool:
    """Tell whether a statement, or a loop or a condition, holds records alone."""
    if isinstance(node, ast.Expr):
        value = node.value
        if isinstance(value, ast.ListComp):
            value = value.elt
        return is_record(value, gone)
    if isinstance(node, COMPOUND):
        return all(only_records(n, gone) for part in bodies(node) for n in part)
    return False


def cut(source: str, found: list[ast.stmt], to_pass: list[ast.stmt]) -> str:
    """Return the source without some of its statements and the comments that lead them."""
    lines = source.split("\n")
    gone: set[int] = set()
    for node in found:
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        tail = lines[last].encode()[node.end_col_offset :].decode()
        head = lines[first].encode()[: node.col_offset].decode()
        if head.strip() or tail.strip(" ;").partition("#")[0]:
            raise ReadingError(
                f"line {node.lineno} of a cell holds bookkeeping beside other code; "
                "give each statement a line of its own"
            )
        gone.update(range(first, last + 1))
    for node in found:
        drop_comments(lines, node, gone)
    for node in to_pass:
        lines[node.lineno - 1] = " " * node.col_offset + "pass"
        gone.discard(node.lineno - 1)
    kept = "\n".join(line for i, line in enumerate(lines) if i not in gone)
    return BLANKS.sub("\n\n", kept) if gone else kept


def split(source: str) -> Iterator[tuple[bool, str]]:
    """Yield a cell's source in order as (True, taught code) and (False, claims, results).

    A claim in a loop that also teaches stays in it.
    """
    tree = parse(source)
    lines = source.split("\n")
    start = 0
    for node in tree.body if tree else []:
        if only_records(node) and names(node, ast.Load) & {"claim", "result"}:
            end = node.end_lineno or node.lineno
            before = "\n".join(lines[start : node.lineno - 1])
            yield True, without_bookkeeping(before, UNSEEN)
            yield False, "\n".join(lines[node.lineno - 1 : end])
            start = end
    yield True, without_bookkeeping("\n".join(lines[start:]), UNSEEN)


def drop_comments(lines: list[str], node: ast.stmt, gone: set[int]) -> None:
    """Take the comment above a record with it, where it heads nothing else."""
    after = node.end_lineno or node.lineno
    while after < len(lines) and after in gone:
        after += 1
    if after < len(lines) and lines[after].strip():
        return
    above = node.lineno - 2
    while above in gone or (above >= 0 and lines[above].lstrip().startswith("#")):
        gone.add(above)
        above -= 1


def thin_imports(source: str, used: set[str]) -> str:
    """Return the source whose import from the kit names only what visible code uses.

    Examples
    --------
    >>> thin_imports("from mlmastery.bookkit import HoldOut, claim", {"HoldOut"})
    'from mlmastery.bookkit import HoldOut'
    """
    tree = parse(source)
    for node in reversed(tree.body if tree else []):
        if isinstance(node, ast.ImportFrom) and node.module == KIT:
            kept = [a for a in node.names if (a.asname or a.name) in used]
            if len(kept) < len(node.names):
                lines = source.split("\n")
                new = [import_line(node.module, kept)] if kept else []
                lines[node.lineno - 1 : node.end_lineno] = new
                source = "\n".join(lines).strip("\n")
    return BLANKS.sub("\n\n", source)


def import_line(module: str, names: list[ast.alias]) -> str:
    line = ast.unparse(ast.ImportFrom(module, names, 0))
    if len(line) <= 88:
        return line
    head, _, tail = line.partition(" import ")
    return f"{head} import (\n    " + ",\n    ".join(tail.split(", ")) + ",\n)"


def names(node: ast.AST, context: type) -> set[str]:
    """Return the names that a tree loads, or stores."""
    found = (n for n in ast.walk(node) if isinstance(n, ast.Name))
    return {n.id for n in found if isinstance(n.ctx, context)}


def names_used(source: str) -> set[str]:
    return names(parse(source) or ast.Module([], []), ast.Load)


@cache  # for each folded cell, all cells below it are asked
def free_names(source: str) -> frozenset[str]:
    """Return the names that a cell uses and has from an earlier cell.

    Examples
    --------
    >>> sorted(free_names("x = 1; y = x + a; z = [b * k for k in c]"))
    ['a', 'b', 'c']
    """
    tree, bound, free = parse(source), set(), set()
    for node in tree.body if tree else []:
        own = set() if isinstance(node, ast.Assign) else names(node, ast.Store)
        inner = [n for n in ast.walk(node) if isinstance(n, ast.comprehension)]
        own |= set().union(*(names(n.target, ast.Store) for n in inner))
        own |= {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
        free |= names(node, ast.Load) - bound - own
        bound |= names_bound(node) - PICTURE
    return frozenset(free)


@cache
def names_defined(source: str) -> frozenset[str]:
    """Return what a cell's top level binds, but for its picture."""
    tree = parse(source)
    bound = map(names_bound, tree.body if tree else [])
    return frozenset().union(*bound) - PICTURE


def names_bound(node: ast.stmt) -> set[str]:
    """Return what a statement binds: by import, definition or assignment."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(a.asname or a.name).split(".")[0] for a in node.names}
    if isinstance(node, DEFINITIONS):
        return {node.name}
    return names(node, ast.Store)


def imports_in(source: str) -> dict[str, str]:
    """Return, for each name that a cell imports from a module, the line that does it."""
    tree, found = parse(source), {}
    for node in ast.walk(tree) if tree else []:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                line = ast.unparse(ast.ImportFrom(node.module, [alias], node.level))
                found[alias.asname or alias.name] = line
    return found


def only_imports(source: str) -> bool:
    tree = parse(source)
    return bool(tree) and all(
        isinstance(n, ast.Import | ast.ImportFrom)
        for n in tree.body  # type: ignore[union-attr]
    )


def excerpt(source: str, name: str) -> str:
    r"""Return a function or class of a module, its docstrings cut to their first lines.

    Parameters
    ----------
    source : str
        The module's text.
    name : str
        Such as ``"mse_cost"`` or ``"Network.fit"``.

    Examples
    --------
    >>> module = "def f(x):\n    '''Double x.\n\n    More.\n    '''\n    return 2 * x"
    >>> print(excerpt(module.replace("'", '"'), "f").replace('"', "'"))
    def f(x):
        '''Double x.'''
        return 2 * x
    """
    node = definition(syntax_tree(source).body, name.split("."), name)
    lines = source.split("\n")
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)]) - 1
    inner = [n for n in ast.walk(node) if isinstance(n, DEFINITIONS)]
    for each in sorted(inner, key=lambda n: -n.lineno):  # from below: lines move up
        shorten_docstring(lines, each)
    shown = lines[first : node.end_lineno - source.count("\n") - 1 + len(lines)]
    return textwrap.dedent("\n".join(shown))


def definition(body: list[ast.stmt], names: list[str], whole: str) -> Any:
    for node in body:
        if getattr(node, "name", None) == names[0]:
            return definition(node.body, names[1:], whole) if names[1:] else node  # type: ignore[attr-defined]
    raise ReadingError(f"the module has no {whole}")


def shorten_docstring(lines: list[str], node: Any) -> None:
    """Replace a docstring of several lines by its first, with the quotes that close it."""
    text = ast.get_docstring(node)
    doc = node.body[0]
    if text and doc.end_lineno > doc.lineno:
        head = lines[doc.lineno - 1]
        opening = head[: head.index('"""') + 3]
        summary = opening + text.split("\n")[0] + '"""'
        lines[doc.lineno - 1 : doc.end_lineno] = [summary]
