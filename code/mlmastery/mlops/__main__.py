"""Test, train, judge and deploy a model, and serve it.

python -m mlmastery.mlops ci [test|train|validate|deploy] --state state
python -m mlmastery.mlops serve --state state --workers 2 --port 8000
python -m mlmastery.mlops up --folder state --port 8021 --speed 1 --prometheus
python -m mlmastery.mlops status --folder state
python -m mlmastery.mlops down --folder state
"""

import argparse
import sys
from collections.abc import Callable, Sequence

ACTIONS = ("ci", "serve", "up", "down", "status")
STOPPED = 130  # as a shell says after Ctrl-C


def main(
    arguments: Sequence[str] | None = None, prog: str = "python -m mlmastery.mlops"
) -> int:
    """Do what the arguments ask and return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _parser(prog).parse_args(words[:1])  # the action reads its own options
    try:
        return _action(words[0])(words[1:], f"{prog} {words[0]}")
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return STOPPED


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        usage=f"{prog} [-h] ACTION [OPTIONS]",
        description="Test, train, judge and deploy a model, and serve it.",
        epilog="ACTION --help names the options of an action.",
    )
    about = f"one of {', '.join(ACTIONS)}"
    parser.add_argument("action", metavar="ACTION", choices=ACTIONS, help=about)
    return parser


def _action(name: str) -> Callable[[Sequence[str], str], int]:
    # The imports take a second, in which Ctrl-C may come.
    from mlmastery.mlops import ci, serving, system, tether

    if name == "serve":
        tether.tie()
    return {"ci": ci.main, "serve": serving.main}.get(name, system.main)


if __name__ == "__main__":
    sys.exit(main())
