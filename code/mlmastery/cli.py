"""One command in front of those of the package and of its chapters.

A command is a module of the package, ``<name>/__main__.py`` or ``<name>.py`` with a
``main`` of its own: nothing lists the commands, and none is imported before it is
asked for. Its function ``main(arguments, prog)`` returns the exit status.
"""

import argparse
import ast
import difflib
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from mlmastery import __version__

PACKAGE = Path(__file__).parent


def commands() -> dict[str, Path]:
    """Return the file of each command, by name, without importing any.

    Returns
    -------
    dict of str to Path
        In alphabetical order; a name has hyphens where its module has underscores.

    Examples
    --------
    >>> [name for name in commands() if name in {"check", "record"}]
    ['check', 'record']
    """
    files = {path.parent.name: path for path in PACKAGE.glob("*/__main__.py")}
    files |= {path.stem: path for path in PACKAGE.glob("*.py") if _is_script(path)}
    return {name.replace("_", "-"): files[name] for name in sorted(files)}


def _is_script(path: Path) -> bool:
    """Return whether ``python -m`` would do something with this module."""
    guard = '\nif __name__ == "__main__":\n'
    own = path.name.startswith("__") or path == Path(__file__)
    return not own and guard in path.read_text(encoding="utf-8")


def summary(path: Path) -> str:
    """Return the first line of a module's docstring, read without running it."""
    text = ast.get_docstring(ast.parse(path.read_bytes())) or ""
    return text.partition("\n")[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments begin with.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default those of this process.

    Returns
    -------
    int
        The command's own exit status; 2 if there is no such command.
    """
    asked, *rest = (sys.argv[1:] if arguments is None else arguments) or [""]
    parser = _parser(known := commands())
    if not asked:
        parser.print_help(sys.stderr)
        return 2
    name = parser.parse_args([asked]).command
    if name not in known:
        return _complain(f"unknown command {name!r}; {_hint(name, known)}", 2)
    try:
        return _module_of(known[name]).main(rest, prog=f"mlmastery {name}")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "mlmastery":
            raise
        return _complain(f"{name} needs the package {error.name!r}, not installed", 1)


def _parser(known: dict[str, Path]) -> argparse.ArgumentParser:
    """Return a parser of the first argument; the command itself parses the others."""
    width = max(map(len, known), default=0)
    lines = [f"  {name:{width}}  {summary(path)}" for name, path in known.items()]
    parser = argparse.ArgumentParser(
        prog="mlmastery",
        usage="mlmastery COMMAND [ARGUMENT ...]",
        description="The commands of the book's package and of its chapters.",
        epilog="\n".join(
            ["commands:", *lines, "", "mlmastery COMMAND --help says more of each."]
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", metavar="COMMAND", help="one of the commands below")
    version = f"%(prog)s {__version__}"
    parser.add_argument("--version", action="version", version=version)
    return parser


def _module_of(path: Path) -> ModuleType:
    inner = path.relative_to(PACKAGE).with_suffix("").parts
    return import_module(".".join([PACKAGE.name, *inner]))


def _hint(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), 1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"


def _complain(message: str, status: int) -> int:
    sys.stderr.write(f"mlmastery: {message}\n")
    return status
