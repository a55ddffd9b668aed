"""Check an exercise at a shell; exit 0 if passed, 1 if not, 2 if asked wrongly."""

import argparse
import difflib
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from mlmastery.check.exercise import (
    ExerciseError,
    UnknownExerciseError,
    find_exercises,
    load_exercise,
)
from mlmastery.check.judge import describe_error, judge


class AnswerError(Exception):
    """The answer's file cannot be used; the text says why."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    args = _parser().parse_args(argv)
    try:
        if args.id is None:
            for key, (title, _) in find_exercises(args.exercises).items():
                print(f"{key:>5}  {title}")
            return 0
        exercise = load_exercise(args.id, args.exercises)
        if args.stub:
            print(exercise.stub_text, end="")
            return 0
        if args.answer is None:
            return _usage("give the file with your answer, or --stub to see the start")
        if not args.answer.is_file():
            return _usage(f"there is no file {args.answer}")
        if not args.here:
            return _in_subprocess(args)
        report = judge(exercise, load_answer(args.answer, exercise.function))
    except (ExerciseError, UnknownExerciseError) as error:
        return _usage(str(error))
    except AnswerError as error:
        print(f"✗ Exercise {args.id}: {error}.")
        return 1
    print(report)
    return 0 if report.passed else 1


def load_answer(path: Path, name: str) -> Callable:
    """Run a reader's file and return its function ``name``.

    Raises
    ------
    AnswerError
        With a sentence: a syntax error, an error while running, no such function.
    """
    namespace = {"__name__": "answer", "__file__": str(path)}
    try:
        code = compile(path.read_bytes(), str(path), "exec")
        exec(code, namespace)
    except SyntaxError as error:
        line = f": `{error.text.strip()}`" if error.text else ""
        raise AnswerError(f"{path}, line {error.lineno}: {error.msg}{line}") from error
    except (Exception, SystemExit) as error:
        told = describe_error(error, str(path))
        raise AnswerError(f"{path} cannot be run: {told}") from error
    function = namespace.get(name)
    if callable(function):
        return function
    raise AnswerError(
        f"expected a function {name} in {path}, {_found(namespace, name)}"
    )


def _found(namespace: dict, name: str) -> str:
    """Say which functions there are instead of the one asked for."""
    if name in namespace:
        return f"found {name} to be a {type(namespace[name]).__name__}"
    names = [
        key for key, value in namespace.items() if key[0] != "_" and callable(value)
    ]
    near = difflib.get_close_matches(name, names, n=1)
    found = f"found {', '.join(names)}" if names else "found no function"
    return found + (f"; is {near[0]} misspelt" if near else "")


def _in_subprocess(args: argparse.Namespace) -> int:
    """Check in a process that can be stopped: the answer may never end."""
    command = [sys.executable, "-m", "mlmastery.check", "--here", args.id, args.answer]
    if args.exercises:
        command += ["--exercises", args.exercises]
    sys.stdout.flush()
    try:
        status = subprocess.run(command, timeout=args.limit, check=False).returncode
    except subprocess.TimeoutExpired:
        print(
            f"✗ Exercise {args.id}: stopped after {args.limit:g} s without an end; "
            "is there a loop whose condition never becomes false?"
        )
        return 1
    if status not in (0, 1, 2):
        print(f"✗ Exercise {args.id}: the answer ended Python itself, status {status}.")
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mlmastery.check",
        description="Check your answer to an exercise; without arguments, list them.",
    )
    parser.add_argument("id", nargs="?", help='such as "3.2"')
    parser.add_argument("answer", nargs="?", type=Path, help="file with your function")
    parser.add_argument("--stub", action="store_true", help="print what to start from")
    parser.add_argument(
        "--limit", type=float, default=10.0, metavar="SECONDS", help="10 by default"
    )
    parser.add_argument(
        "--exercises", type=Path, metavar="FOLDER", help=argparse.SUPPRESS
    )
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return parser


def _usage(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
