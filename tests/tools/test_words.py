"""The package in the field's words: what docstrings and messages may not begin or say."""

import ast
import re

import pytest
from kit.modules import CODE, MODULES, described

# A clause is no description: "Return the …" says what a function does, "The result of …"
# what an object is.
CLAUSE = re.compile(r"(What|Who|Whom|How|Where|Why|That)\b")
# "{path} is no image": say what was expected, and what came.
DENIAL = re.compile(
    r"\b(is|are) no (?!longer|more|less)(?=[a-zA-Z]+$|[a-zA-Z]+[,;:. ])"
)


def messages(tree):
    """Yield the texts of the errors that a module raises."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            texts = (n.value for n in ast.walk(node.exc) if isinstance(n, ast.Constant))
            yield " ".join(text for text in texts if isinstance(text, str))


def clauses(tree):
    return [n.name for n in described(tree) if CLAUSE.match(ast.get_docstring(n))]


def denials(tree):
    return [m for m in messages(tree) if DENIAL.search(m) and "there is no" not in m]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(CODE)))
def test_docstrings_describe_and_messages_say_what_came(path):
    tree = ast.parse(path.read_bytes())
    assert clauses(tree) == []
    assert denials(tree) == []


def test_a_clause_and_a_denial_are_noticed():
    tree = ast.parse(
        'def f(x):\n    """What comes."""\n    raise ValueError(f"{x} is no image")\n'
    )
    assert clauses(tree) == ["f"]
    assert denials(tree) == [" is no image"]
