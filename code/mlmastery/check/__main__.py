"""Check an answer to an exercise, or list the exercises.

Ends with status 0 if the answer passed, 1 if not, 2 if asked wrongly.
"""

import argparse
import difflib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
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


def main(
    arguments: Sequence[str] | None = None, prog: str = "python -m mlmastery.check"
) -> int:
    """Run the command and return its exit status."""
    args = _parser(prog).parse_args(arguments)
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
        if not (args.here or args.verdict):
            return _in_subprocess(args)
        report = judge(exercise, load_answer(args.answer, exercise.function))
    except (ExerciseError, UnknownExerciseError) as error:
        return _usage(str(error))
    except AnswerError as error:
        return _tell(args, f"✗ Exercise {args.id}: {error}.", 1)
    return _tell(args, str(report), 0 if report.passed else 1)


def _tell(args: argparse.Namespace, text: str, status: int) -> int:
    """Print the verdict or, for the process that waits for it, write it to its file."""
    if args.verdict:
        args.verdict.write_text(f"{status}\n{text}", encoding="utf-8")
    else:
        print(text)
    return status


def load_answer(path: Path, name: str) -> Callable:
    """Run a reader's file and return its function ``name``.

    Raises
    ------
    AnswerError
        With a sentence: a syntax error, an error while running, no such function.
    """
    namespace = {"__name__": "answer", "__file__": str(path)}
    source = path.read_bytes()
    if path.suffix == ".ipynb" or b"\0" in source:
        raise AnswerError(
            f"{path} is not Python source; save your function in a file that ends in .py"
        )
    try:
        exec(compile(source, str(path), "exec"), namespace)
    except SyntaxError as error:
        line = f": `{error.text.strip()}`" if error.text else ""
        at = f", line {error.lineno}" if error.lineno else ""
        raise AnswerError(f"{path}{at}: {error.msg}{line}") from error
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
    """Check in a process that can be stopped: the answer may never end, or leave."""
    with tempfile.TemporaryDirectory() as folder:
        said, verdict = Path(folder, "said"), Path(folder, "verdict")
        command = [sys.executable, "-m", "mlmastery.check", args.id, args.answer]
        command += ["--verdict", verdict]
        command += ["--exercises", args.exercises] if args.exercises else []
        status = _run(command, said, args.limit)
        print(_shortened(said.read_text(encoding="utf-8", errors="replace")), end="")
        if verdict.exists():
            passed, _, text = verdict.read_text(encoding="utf-8").partition("\n")
            print(text)
            return int(passed)  # a thread of the answer's may still have run on
    if status is None:
        print(
            f"✗ Exercise {args.id}: stopped after {args.limit:g} s without an end; "
            "is there a loop whose condition never becomes false?"
        )
    else:
        print(f"✗ Exercise {args.id}: the answer ended Python itself, status {status}.")
    return 1


def _run(command: list, said: Path, seconds: float) -> int | None:
    """Run the command, what it prints into a file; return None if it must be stopped."""
    with said.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _stop(process)


def _stop(process: subprocess.Popen) -> None:
    """End the process and, where the system has groups, what it started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _shortened(text: str, most: int = 2000) -> str:
    """Return what the answer printed, without the middle of a very long text."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}\n... {len(text) - most:,} characters ...\n{text[-half:]}\n"


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
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
    parser.add_argument("--verdict", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return parser


def _usage(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
