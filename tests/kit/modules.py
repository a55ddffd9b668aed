"""The package's modules as syntax trees, for what all of them must keep."""

import ast
from collections.abc import Iterator
from pathlib import Path

CODE = Path(__file__).parents[2] / "code" / "mlmastery"
MODULES = [p for p in sorted(CODE.rglob("*.py")) if "exercises" not in p.parts]


def described(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the functions and classes of a module that have a docstring."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    for node in ast.walk(tree):
        if isinstance(node, kinds) and ast.get_docstring(node):
            yield node
