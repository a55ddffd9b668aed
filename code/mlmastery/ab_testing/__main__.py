"""Serve A/B tests over HTTP, assign users offline, export what was counted.

python -m mlmastery.ab_testing serve --url sqlite:///events.db --port 8000
python -m mlmastery.ab_testing assign plan.json user-1 user-2
python -m mlmastery.ab_testing export checkout --url sqlite:///events.db --out users.csv

A plan is JSON: name, hypothesis, metric, minimum_effect, and what else an Experiment
takes. Export prints the counts of each arm and the faults of the events; with --out it
also writes one row per user, for the tests. Ends with status 0, or 1 with the reason in
one sentence.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa

from mlmastery.ab_testing.experiment import Experiment
from mlmastery.ab_testing.registry import UnknownExperimentError
from mlmastery.storage import replacing

DATABASE = "sqlite:///experiments.db"


def main(
    arguments: Sequence[str] | None = None, prog: str = "python -m mlmastery.ab_testing"
) -> int:
    """Do what the arguments ask and return the exit status."""
    args = _parser(prog).parse_args(arguments)
    try:
        args.action(args)
    except (ValueError, TypeError, OSError, UnknownExperimentError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except sa.exc.OperationalError as error:
        print(f"error: the database does not answer: {error.orig}", file=sys.stderr)
        return 1
    return 0


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=prog, description="Run A/B tests.")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    serve = actions.add_parser("serve", help="assign and count over HTTP")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.set_defaults(action=_serve)
    assign = actions.add_parser("assign", help="print the arms of users, by hash alone")
    assign.add_argument("plan", metavar="PLAN.json")
    assign.add_argument("units", metavar="USER", nargs="+")
    assign.set_defaults(action=_assign)
    export = actions.add_parser("export", help="print the counts of an experiment")
    export.add_argument("name", metavar="EXPERIMENT")
    export.add_argument("--out", metavar="CSV", help="write one row per user")
    export.set_defaults(action=_export)
    for one in (serve, export):
        one.add_argument("--url", default=DATABASE, help=f"default: {DATABASE}")
    return parser


def _serve(args: argparse.Namespace) -> None:
    from mlmastery.ab_testing.service import serve

    print(f"Serving at http://{args.host}:{args.port}", flush=True)
    serve(args.url, args.host, args.port)


def _assign(args: argparse.Namespace) -> None:
    plan = Experiment.from_dict(json.loads(Path(args.plan).read_text(encoding="utf-8")))
    for unit in args.units:
        print(unit, plan.assign(unit) or "-", sep="\t")


def _export(args: argparse.Namespace) -> None:
    from mlmastery.ab_testing.service import AssignmentService

    service = AssignmentService(args.url)
    try:
        print(json.dumps(service.results(args.name), indent=2))
        if args.out:
            with replacing(args.out, "w") as file:
                service.events.outcomes(args.name).to_csv(file, index=False)
    finally:
        service.close()


if __name__ == "__main__":
    sys.exit(main())
