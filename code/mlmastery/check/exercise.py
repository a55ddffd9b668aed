"""Read exercises from their files: stub, solution, wrong answers, check."""

import ast
import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EXERCISES = Path(__file__).resolve().parents[1] / "exercises"
_TITLE = re.compile(r'"""Exercise ([1-9]\d*\.[1-9]\d*): (.+?)\.?(?:"""|\n)')
_HEADER = re.compile(r"^# %%[ \t]*(.*)$", re.MULTILINE)


UNCHECKED = "_unchecked.txt"


class ExerciseError(ValueError):
    """An exercise file is not written as it should be; the author must mend it."""


class UnknownExerciseError(ValueError):
    """No exercise has this id."""


@dataclass(frozen=True)
class Case:
    """One call of the reader's function and what it should return.

    Parameters
    ----------
    name : str
        What is special about this case, for the message.
    args : tuple
        Positional arguments; each call gets copies.
    want : object
        The answer, found by hand, by a library or by finite differences, but never by
        the exercise's own solution.
    kwargs : dict, optional
        Keyword arguments.
    rtol, atol : float
        Tolerances for numbers, as in ``numpy.isclose``.
    compare : callable, optional
        ``compare(got, want) -> bool`` in place of the usual comparison.
    container : type or tuple of types, optional
        What the result must be, where the statement says so. By default any container
        of equal values is right.
    no_warnings : bool, default=False
        Whether a warning is a mistake, where the statement says so.
    raises : type of exception, optional
        What the call must raise; ``want`` is then ignored.

    Examples
    --------
    >>> Case("two rows", args=([1, 2],), want=3).name
    'two rows'
    """

    name: str
    args: tuple
    want: Any = None
    kwargs: dict[str, Any] | None = None
    rtol: float = 1e-6
    atol: float = 1e-9
    compare: Callable[[Any, Any], bool] | None = None
    container: type | tuple[type, ...] | None = None
    no_warnings: bool = False
    raises: type[Exception] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.args, tuple):
            raise TypeError(
                f"args of case {self.name!r} must be a tuple, as in (x,), "
                f"got {type(self.args).__name__}"
            )


@dataclass(frozen=True)
class Exercise:
    """One exercise file, read: what a reader gets, what is right, what goes wrong.

    ``function`` is the name of the function asked for; ``wrong`` pairs each hint with
    the mistaken function that earns it, where the hint may be empty; the texts are
    sources as the book prints them.
    """

    id: str
    title: str
    path: Path
    function: str
    stub_text: str
    solution_text: str
    stub: Callable
    solution: Callable
    wrong: tuple[tuple[str, Callable], ...]
    cases: tuple[Case, ...]


def find_exercises(folder: Path | None = None) -> dict[str, tuple[str, Path]]:
    """Return title and file of every exercise by its id, in order.

    Parameters
    ----------
    folder : path, optional
        Holds one folder per chapter; the book's own by default.

    Raises
    ------
    ExerciseError
        If a file has no title, or two have the same id.
    """
    found: dict[str, tuple[str, Path]] = {}
    for path in sorted((folder or EXERCISES).glob("*/[!_]*.py")):
        key, title = _heading(path)
        if key in found:
            raise ExerciseError(f"{path} and {found[key][1]} both have the id {key}")
        found[key] = title, path
    return dict(sorted(found.items(), key=lambda item: _order(item[0])))


def unchecked_exercises(folder: Path | None = None) -> dict[str, str]:
    """Return the titles of the exercises that the book prints without a check.

    Each chapter's folder may list them, one ``N.k Title`` a line.
    """
    texts = [
        path.read_text(encoding="utf-8")
        for path in sorted((folder or EXERCISES).glob(f"*/{UNCHECKED}"))
    ]
    lines = (line for text in texts for line in text.splitlines() if line.strip())
    return {key: title for key, _, title in (line.partition(" ") for line in lines)}


def load_exercise(key: str, folder: Path | None = None) -> Exercise:
    """Read the exercise with this id, such as "3.2".

    Raises
    ------
    UnknownExerciseError
        If there is none, with the nearest, or if it has no automatic check.
    ExerciseError
        If its file is not as it should be; names the file and what is wrong.
    """
    known = find_exercises(folder)
    unchecked = unchecked_exercises(folder)
    if key in unchecked:
        raise UnknownExerciseError(
            f"exercise {key} ({unchecked[key]}) has no automatic check: "
            "compare your answer with the solution in the book"
        )
    if key not in known:
        near = [k for k in known if k.split(".")[0] == key.split(".")[0]]
        near = near or difflib.get_close_matches(key, known, n=5, cutoff=0) or []
        names = "; ".join(f"{k} ({known[k][0]})" for k in near) or "none exists yet"
        raise UnknownExerciseError(f"there is no exercise {key}; the nearest: {names}")
    return read_exercise(known[key][1])


def read_exercise(path: Path) -> Exercise:
    """Read one exercise file.

    Raises
    ------
    ExerciseError
        If it is not as it should be; names the file and what is wrong.
    """
    key, title = _heading(path)
    sections = _sections(path)
    text = {kind: body for kind, _, body in sections}
    function = _asked_for(path, text["stub"])
    for kind, _, body in sections:
        if kind != "check" and function not in defined_functions(body):
            raise ExerciseError(f"{path}: section {kind!r} does not define {function}")

    def run(body: str) -> Callable:
        return _execute(path, text["stub"], body)[function]

    return Exercise(
        id=key,
        title=title,
        path=path,
        function=function,
        stub_text=text["stub"].strip() + "\n",
        solution_text=text["solution"].strip() + "\n",
        stub=run(""),
        solution=run(text["solution"]),
        wrong=tuple(
            (hint, run(body)) for kind, hint, body in sections if kind == "wrong"
        ),
        cases=_cases(path, text["check"]),
    )


def defined_functions(source: str) -> list[str]:
    r"""Return the public functions that a source defines at its top level.

    Examples
    --------
    >>> defined_functions("def f(): ...\ndef _g(): ...\nx = 1")
    ['f']
    """
    nodes = ast.parse(source).body
    names = [node.name for node in nodes if isinstance(node, ast.FunctionDef)]
    return [name for name in names if not name.startswith("_")]


def _heading(path: Path) -> tuple[str, str]:
    """Return id and title from the first line of an exercise file."""
    heading = _TITLE.match(path.read_text(encoding="utf-8"))
    if heading is None:
        raise ExerciseError(f'{path}: must start with """Exercise N.k: Title."""')
    return heading[1], heading[2]


def _order(key: str) -> tuple[int, ...]:
    return tuple(map(int, key.split(".")))


def _sections(path: Path) -> list[tuple[str, str, str]]:
    """Split a file into (kind, hint, source), each source on its lines of the file."""
    text = path.read_text(encoding="utf-8")
    headers = list(_HEADER.finditer(text))
    ends = [header.start() for header in headers[1:]] + [len(text)]
    sections = []
    for header, end in zip(headers, ends, strict=True):
        kind, _, hint = header[1].strip().partition(":")
        lines_above = text.count("\n", 0, header.end())
        body = "\n" * lines_above + text[header.end() : end]
        _parse(path, body)
        sections.append((kind, _read_hint(path, kind, hint), body))
    kinds = [kind for kind, _, _ in sections]
    for kind in ("stub", "solution", "check"):
        if kinds.count(kind) != 1:
            raise ExerciseError(
                f"{path}: needs one section '# %% {kind}', has {kinds.count(kind)}"
            )
    if "wrong" not in kinds:
        raise ExerciseError(f"{path}: needs a section '# %% wrong: \"hint\"', has none")
    return sections


def _parse(path: Path, source: str) -> None:
    try:
        ast.parse(source)
    except SyntaxError as error:
        raise ExerciseError(f"{path}, line {error.lineno}: {error.msg}") from None


def _read_hint(path: Path, kind: str, hint: str) -> str:
    """Return the quoted hint of a wrong answer, and nothing for the other kinds."""
    if kind in ("stub", "solution", "check", "wrong") and not hint:
        return ""
    try:
        value = ast.literal_eval(hint.strip())
    except (SyntaxError, ValueError):
        value = None
    if kind != "wrong" or not isinstance(value, str) or not value:
        raise ExerciseError(
            f"{path}: unknown section '# %% {kind}{hint and ':'}{hint}'; there are "
            "stub, solution, check, wrong, and wrong: with a quoted hint"
        )
    return value


def _asked_for(path: Path, stub: str) -> str:
    names = defined_functions(stub)
    if len(names) != 1:
        raise ExerciseError(
            f"{path}: the stub must define one public function (helpers start with _), "
            f"got {', '.join(names) or 'none'}"
        )
    return names[0]


def _execute(path: Path, *sources: str) -> dict[str, Any]:
    """Run sources one after another in one fresh namespace, which has Case."""
    namespace: dict[str, Any] = {"__name__": "exercise", "Case": Case}
    try:
        for source in sources:
            exec(compile(source, str(path), "exec"), namespace)
    except Exception as error:
        raise ExerciseError(f"{path}: {type(error).__name__}: {error}") from error
    return namespace


def _cases(path: Path, source: str) -> tuple[Case, ...]:
    cases = _execute(path, source).get("CASES")
    if not isinstance(cases, list | tuple) or not cases:
        raise ExerciseError(f"{path}: the check must set CASES to a list of Case")
    if not all(isinstance(case, Case) for case in cases):
        raise ExerciseError(f"{path}: CASES holds something that is not a Case")
    return tuple(cases)
