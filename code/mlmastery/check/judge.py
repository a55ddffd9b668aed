"""Run a reader's function on an exercise's cases and answer in sentences."""

import copy
import html
import inspect
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from numbers import Number
from pathlib import Path
from typing import Any

import numpy as np

from mlmastery.check.compare import difference, show, unlike
from mlmastery.check.exercise import Case, Exercise, load_exercise


@dataclass(frozen=True)
class CheckReport:
    """The verdict on an answer; shows itself in a notebook, and as text elsewhere.

    Attributes
    ----------
    id, title : str
        Of the exercise.
    passed : bool
    message : str
        One or two sentences: what was expected and what came.
    hint : str
        What to look at, where the mistake is a known one; else empty.
    """

    id: str
    title: str
    passed: bool
    message: str
    hint: str = ""

    @property
    def _lines(self) -> list[str]:
        mark = "✓" if self.passed else "✗"
        hint = [f"Hint: {self.hint}"] if self.hint else []
        return [f"{mark} Exercise {self.id}: {self.title}. {self.message}", *hint]

    def __str__(self) -> str:
        return "\n".join(self._lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        kind = "passed" if self.passed else "failed"
        text = "<br>".join(html.escape(line, quote=False) for line in self._lines)
        return f'<p class="check check-{kind}">{text}</p>'


@dataclass(frozen=True)
class _Outcome:
    """The outcome of one call; equal outcomes are the same mistake."""

    kind: str  # passed, unwritten, nothing, raised, warned, changed or differs
    message: str = ""
    value: Any = None


def check(key: str, function: Callable, folder: Path | None = None) -> CheckReport:
    """Check a reader's answer to the exercise with this id.

    Parameters
    ----------
    key : str
        Such as "3.2"; not a number, for 3.10 would be 3.1.
    function : callable
        The answer: the function itself, not what it returns.
    folder : path, optional
        Where the exercises are; the book's own by default.

    Returns
    -------
    CheckReport
        With ``passed``; a notebook shows it as the cell's result.

    Raises
    ------
    UnknownExerciseError
        If no exercise has this id, with the nearest, or it has no automatic check.
    TypeError
        If ``key`` is not a string or ``function`` cannot be called.
    """
    if not isinstance(key, str):
        raise TypeError(
            f'key must be a string, as in check("3.10", ...), got {key!r}; '
            "as a number, 3.10 is 3.1"
        )
    exercise = load_exercise(key, folder)
    if not callable(function):
        raise TypeError(
            f"function must be your {exercise.function} itself, without calling it; "
            f"got {type(function).__name__}: {show(function)}"
        )
    return judge(exercise, function)


def judge(exercise: Exercise, function: Callable) -> CheckReport:
    """Run the cases; on a failure, look for a known mistake that fails alike."""
    outcomes = [_outcome(function, case) for case in exercise.cases]
    pairs = list(zip(exercise.cases, outcomes, strict=True))
    failed = [(case, outcome) for case, outcome in pairs if outcome.kind != "passed"]
    if not failed:
        count = len(pairs)
        message = "Passed the one case." if count == 1 else f"Passed all {count} cases."
        return CheckReport(exercise.id, exercise.title, True, message)
    case, outcome = failed[0]
    if outcome.kind == "unwritten":
        return CheckReport(exercise.id, exercise.title, False, outcome.message)
    message = f"Case “{case.name}”: {outcome.message}."
    return CheckReport(
        exercise.id, exercise.title, False, message, _hint(exercise, outcomes)
    )


def _hint(exercise: Exercise, outcomes: list[_Outcome]) -> str:
    """Return the hint of the wrong answer that does what the reader's does."""
    for hint, function in (pair for pair in exercise.wrong if pair[0]):
        pairs = zip(exercise.cases, outcomes, strict=True)
        if all(_alike(case, mine, _outcome(function, case)) for case, mine in pairs):
            return hint
    return ""


def _alike(case: Case, mine: _Outcome, other: _Outcome) -> bool:
    if mine.kind != other.kind:
        return False
    if mine.kind in ("raised", "warned"):
        return mine.value == other.value
    if mine.kind != "differs":
        return True
    return _agrees(replace(case, container=None), mine.value, other.value) == ""


def _outcome(function: Callable, case: Case) -> _Outcome:
    """Call the function on copies of the case's inputs and classify what happens."""
    args, kwargs = copy.deepcopy((case.args, case.kwargs or {}))
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            got = function(*args, **kwargs)
    except NotImplementedError:
        return _Outcome(
            "unwritten", "Not written yet: replace the NotImplementedError."
        )
    except (Exception, SystemExit) as error:
        if case.raises and isinstance(error, case.raises):
            return _Outcome("passed")
        message = describe_error(error, _file_of(function))
        return _Outcome("raised", message, type(error))
    if case.raises:
        message = f"expected it to raise {case.raises.__name__}, got {show(got)}"
        return _Outcome("differs", message, got)
    if changed := _changed_inputs(function, case, args, kwargs):
        message = f"the function changed its argument {changed}; work on a copy"
        return _Outcome("changed", message)
    if case.no_warnings and warned:
        told = warned[0].category.__name__, str(warned[0].message)
        message = "it must work without a warning, but gave {}: {}".format(*told)
        return _Outcome("warned", message, told[0])
    if got is None and case.want is not None:
        message = (
            f"expected {show(case.want)}, got nothing: "
            "it is not written yet, or its `return` is missing"
        )
        return _Outcome("nothing", message)
    found = _agrees(case, got, case.want)
    return _Outcome("differs", found, got) if found else _Outcome("passed")


def _agrees(case: Case, got: Any, want: Any) -> str:
    """Return the difference by the case's own comparison, empty if there is none."""
    try:
        if case.compare is None:
            return difference(got, want, case.rtol, case.atol, case.container)
        agrees = bool(case.compare(got, want))
    except Exception as error:  # the reader may return anything at all
        return (
            f"expected {show(want)}, got {show(got)}, which cannot be compared: {error}"
        )
    return "" if agrees else unlike(got, want)


def _changed_inputs(
    function: Callable, case: Case, args: tuple, kwargs: dict[str, Any]
) -> str:
    """Return the name of the first argument that the call changed, or nothing."""
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        names = []
    names += [f"number {i + 1}" for i in range(len(names), len(args))]
    after = [*zip(names, args, strict=False), *kwargs.items()]
    before = [*case.args, *(case.kwargs or {}).values()]
    for (name, now), then in zip(after, before, strict=True):
        if difference(_data(now), _data(then), 0, 0):
            return name
    return ""


def _data(value: Any) -> Any:
    """Keep what must not change; a model may be fitted, a generator drawn from."""
    if isinstance(value, dict):
        return {key: _data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_data(item) for item in value]
    library = type(value).__module__.partition(".")[0]
    known = isinstance(value, np.ndarray | set | Number | str) or hasattr(
        value, "detach"
    )
    return value if known or library == "pandas" else None


def _file_of(function: Callable) -> str:
    return getattr(getattr(function, "__code__", None), "co_filename", "")


def describe_error(error: BaseException, file: str) -> str:
    """Return a sentence with the error and the last line of ``file`` it went through.

    Examples
    --------
    >>> describe_error(ValueError("too few rows"), "answer.py")
    'it raised ValueError: too few rows'
    """
    text = str(error)
    what = f"it raised {type(error).__name__}" + (f": {text}" if text else "")
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if f.filename == file
    ]
    if not frames:
        return what
    code = f" `{frames[-1].line}`" if frames[-1].line else ""
    return f"{what}, at line {frames[-1].lineno}{code}"
