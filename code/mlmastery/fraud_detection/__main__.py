"""Run the stream, and ask it.

python -m mlmastery.fraud_detection init FOLDER
python -m mlmastery.fraud_detection run CONFIG
python -m mlmastery.fraud_detection status CONFIG
python -m mlmastery.fraud_detection swap CONFIG MODEL_FOLDER
python -m mlmastery.fraud_detection dead-letters CONFIG
python -m mlmastery.fraud_detection replay CONFIG --from OFFSET --into FOLDER
"""

import argparse
import sys
from collections.abc import Sequence

ACTIONS = {
    "init": "write an example: a simulated world, a model, a configuration",
    "run": "start producer, scorers and the live page",
    "status": "print what the store holds",
    "swap": "ask the scorers for another model",
    "dead-letters": "print the events that could not be scored, with the reasons",
    "replay": "score the log again, into a new store",
    "produce": "be the producer (started by run)",
    "score": "be the scorer of a partition (started by run)",
}
STOPPED = 130  # as a shell says after Ctrl-C


def main(
    arguments: Sequence[str] | None = None,
    prog: str = "python -m mlmastery.fraud_detection",
) -> int:
    """Do what the arguments ask and return the exit status."""
    args = _parser(prog).parse_args(arguments)
    try:
        # The imports take a second, in which Ctrl-C may come.
        from mlmastery.fraud_detection import commands

        return int(commands.do(args))
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return STOPPED


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        usage=f"{prog} [-h] ACTION ...",
        description="Detect fraud in a stream of transactions.",
        epilog="ACTION --help names the options of an action.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, text in ACTIONS.items():
        _options(name, actions.add_parser(name, help=text, prog=f"{prog} {name}"))
    return parser


def _options(name: str, action: argparse.ArgumentParser) -> None:
    if name == "init":
        action.add_argument("folder")
        action.add_argument("--days", type=int, default=60)
        action.add_argument("--cards", type=int, default=500)
        return
    action.add_argument("config", help="a YAML file, as init writes it")
    if name == "swap":
        action.add_argument("model", help="folder of the new model")
    if name == "score":
        action.add_argument("partition", type=int)
    if name == "run":
        action.add_argument("--until-done", action="store_true")
    if name == "replay":
        action.add_argument("--from", dest="start", type=int, default=0)
        action.add_argument("--into", required=True, help="folder of the new store")


if __name__ == "__main__":
    sys.exit(main())
