"""Test, train, judge and deploy a model, and serve it.

python -m mlmastery.mlops ci [test|train|validate|deploy] --state state
python -m mlmastery.mlops serve --state state --workers 2 --port 8000
python -m mlmastery.mlops up --folder state --port 8021 --speed 1 --prometheus
python -m mlmastery.mlops status --folder state
python -m mlmastery.mlops down --folder state
"""

import sys
from collections.abc import Callable, Sequence

ACTIONS = ("ci", "serve", "up", "down", "status")
STOPPED = 130  # as a shell says after Ctrl-C


def main(
    arguments: Sequence[str] | None = None, prog: str = "python -m mlmastery.mlops"
) -> int:
    """Do what the arguments ask and return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] in ([], ["-h"], ["--help"]):
        print(__doc__)
        return 0 if words else 2
    if words[0] not in ACTIONS:
        known = ", ".join(ACTIONS)
        print(f"error: expected one of {known}, got {words[0]}", file=sys.stderr)
        return 2
    try:
        return _action(words[0])(words[1:], f"{prog} {words[0]}")
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return STOPPED


def _action(name: str) -> Callable[[Sequence[str], str], int]:
    # The imports take a second, in which Ctrl-C may come.
    from mlmastery.mlops import ci, serving, system, tether

    if name == "serve":
        tether.tie()
    return {"ci": ci.main, "serve": serving.main}.get(name, system.main)


if __name__ == "__main__":
    sys.exit(main())
