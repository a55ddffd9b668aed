"""Defaults that docstrings state are those of the signature."""

import ast
import re

from kit.modules import MODULES, described

STATED = re.compile(r"^\s*(\w+(?:, \w+)*) : .*\bdefault=(.+)$", re.M)


def literal(source):
    """Return a literal's value, and whether it is a bool; None for names and calls."""
    try:
        value = ast.literal_eval(source)
    except (ValueError, SyntaxError):
        return None
    return value, isinstance(value, bool)


def defaults(node):
    """Return the source of each default of a function, a class or its ``__init__``."""
    if isinstance(node, ast.ClassDef):
        own = {n.name: n for n in node.body if isinstance(n, ast.FunctionDef)}
        if "__init__" in own:
            return defaults(own["__init__"])
        fields = [n for n in node.body if isinstance(n, ast.AnnAssign) and n.value]
        return {n.target.id: ast.unparse(n.value) for n in fields}
    given = node.args
    places = [*given.posonlyargs, *given.args][::-1]
    pairs = [
        *zip(places, given.defaults[::-1], strict=False),
        *zip(given.kwonlyargs, given.kw_defaults, strict=True),
    ]
    return {a.arg: ast.unparse(value) for a, value in pairs if value is not None}


def stated(docstring):
    """Yield each parameter with the default that its line states for it."""
    for names, values in STATED.findall(docstring):
        names = names.split(", ")
        apart = re.split(r", | and ", values)
        each = apart if len(apart) == len(names) else [values] * len(names)
        yield from zip(names, each, strict=True)


def contradictions(tree):
    """Return the parameters whose stated default is another literal than the real one."""
    return [
        f"{node.name}: {name} is {real[name]}, stated {value}"
        for node in described(tree)
        for real in [defaults(node)]
        for name, value in stated(ast.get_docstring(node))
        if name in real
        if None not in (pair := (literal(value), literal(real[name])))
        if pair[0] != pair[1]
    ]


def test_stated_defaults_are_the_signature_s():
    found = {p: contradictions(ast.parse(p.read_text("utf-8"))) for p in MODULES}
    assert {str(path): wrong for path, wrong in found.items() if wrong} == {}


SHIFTED = '''
def shuffle(rows, *, seed=1):
    """Shuffle.

    rows : list
    seed : int, default=0
    """
class Walk:
    """Walk.

    steps, rate : int and float, default=5 and 0.1
    """
    def __init__(self, steps=5, rate=0.2): ...
'''


def test_another_default_than_stated_is_found():
    assert contradictions(ast.parse(SHIFTED)) == [
        "shuffle: seed is 1, stated 0",
        "Walk: rate is 0.2, stated 0.1",
    ]
