"""Plant small bugs in an exercise's solution and show which of them its cases miss.

    python tools/mutants.py [3.2 | linear_regression ...]

A mutant changes one operator, comparison, constant, condition or name of the solution. A
survivor passes all cases: either it computes the same, and tests/book/equivalent/ says why,
or the exercise needs another case.
"""

from __future__ import annotations

import argparse
import ast
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import yaml
from chapters import ROOT

from mlmastery.check import Exercise, find_exercises, judge, read_exercise

EQUIVALENT = ROOT / "tests" / "book" / "equivalent"
SWAPPED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
NAMES = {"min": "max", "any": "all", "floor": "ceil", "minimum": "maximum"}
NAMES |= {new: old for old, new in NAMES.items()}


class EndlessError(BaseException):
    """A mutant did not end in time; not an Exception, which the judge would catch."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise EndlessError in the body after so many seconds."""

    def stop(*_: object) -> None:
        raise EndlessError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def mutants(source: str) -> Iterator[tuple[str, str]]:
    r"""Yield (changed line, changed source) for every small bug that can be planted.

    Examples
    --------
    >>> [line for line, _ in mutants("def f(x):\n    return x + 2")]
    ['return (x - 2)', 'return x + (3)']
    """
    for node in ast.walk(ast.parse(source)):
        for new in changes(node):
            start, end = offsets(source, node)
            text = source[:start] + new + source[end:]
            first = source.rfind("\n", 0, start) + 1
            last = text.find("\n", start + len(new))
            yield " ".join(text[first : last if last > 0 else None].split()), text


def changes(node: ast.AST) -> Iterator[str]:
    """Yield what may stand in place of a node."""
    match node:
        case ast.BinOp(op=op) if type(op) in SWAPPED:
            yield f"({ast.unparse(ast.BinOp(node.left, SWAPPED[type(op)](), node.right))})"
        case ast.Compare(ops=[op]) if type(op) in SWAPPED:
            new = ast.Compare(node.left, [SWAPPED[type(op)]()], node.comparators)
            yield f"({ast.unparse(new)})"
        case ast.BoolOp(op=op):
            yield f"({ast.unparse(ast.BoolOp(SWAPPED[type(op)](), node.values))})"
        case ast.Constant(value=bool() as value):
            yield str(not value)
        case ast.Constant(value=int() | float() as value):
            yield f"({value + 1 if value != 1 else 0})"
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield f"({ast.unparse(node.operand)})"
        case ast.Name(id=name) if name in NAMES:
            yield NAMES[name]
        case ast.Attribute(attr=name) if name in NAMES:
            yield f"{ast.unparse(node.value)}.{NAMES[name]}"


def offsets(source: str, node: ast.AST) -> tuple[int, int]:
    """Return where a node begins and ends, in characters."""
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)

    def at(line: int, column: int) -> int:
        text = source.split("\n")[line - 1].encode()
        return starts[line - 1] + len(text[:column].decode())

    first = at(node.lineno, node.col_offset)  # type: ignore[attr-defined]
    return first, at(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]


def survivors(exercise: Exercise, seconds: float = 3.0) -> list[str]:
    """Return the mutants of a solution that pass all its cases, as their changed lines."""
    return [
        line
        for line, source in mutants(exercise.solution_text)
        if passes(exercise, source, seconds)
    ]


def passes(exercise: Exercise, source: str, seconds: float) -> bool:
    namespace: dict = {"__name__": "mutant"}
    try:
        with within(seconds), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(exercise.stub_text, namespace)
            exec(compile(source, "mutant", "exec"), namespace)
            return judge(exercise, namespace[exercise.function]).passed
    except (EndlessError, Exception):
        return False


def equivalent(slug: str) -> dict[str, dict[str, str]]:
    """Return, for each exercise of a chapter, mutants that compute the same and why."""
    path = EQUIVALENT / f"{slug}.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


def missed(exercise: Exercise) -> list[str]:
    """Return the surviving mutants that nobody has explained."""
    known = equivalent(exercise.path.parent.name).get(exercise.id, {})
    return [line for line in survivors(exercise) if line not in known]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("which", nargs="*", help="ids or chapters; all by default")
    which = parser.parse_args().which
    total = 0
    for key, (title, path) in find_exercises().items():
        if which and key not in which and path.parent.name not in which:
            continue
        exercise = read_exercise(path)
        found = missed(exercise)
        total += len(found)
        print(f"{key} {title}: {len(found)} missed", flush=True)
        for line in found:
            print(f"    {line}")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
