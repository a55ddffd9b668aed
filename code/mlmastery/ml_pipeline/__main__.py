"""Run a pipeline's configuration, show its state, score a table, or verify its files.

python -m mlmastery.ml_pipeline run config.yaml
python -m mlmastery.ml_pipeline status config.yaml
python -m mlmastery.ml_pipeline predict config.yaml new.csv --output scored.csv
python -m mlmastery.ml_pipeline verify config.yaml
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.finding import loader_of, names
from mlmastery.ml_pipeline.config import RunConfig
from mlmastery.ml_pipeline.guard import load_run
from mlmastery.ml_pipeline.runner import PipelineRunner, read_table
from mlmastery.storage import replacing


class _Loaders(Mapping):
    """The loaders of the book's data sets, by name; none is called before it is asked."""

    def __getitem__(self, name: str) -> Callable[[], pd.DataFrame]:
        if name not in list(self):
            raise KeyError(name)
        return loader_of(name.removeprefix("load_"))

    def __iter__(self):
        return (f"load_{name}" for name in names())

    def __len__(self) -> int:
        return sum(1 for _ in self)


def runner_of(args: argparse.Namespace) -> PipelineRunner:
    """Return the runner of a configuration file."""
    key = Path(args.key_file).read_bytes() if args.key_file else b""
    return PipelineRunner(RunConfig.from_yaml(args.config), _Loaders(), key)


def run(args: argparse.Namespace) -> int:
    """Do the steps that are not done yet, and publish the run."""
    report = runner_of(args).run()
    for row in report.steps.itertuples():
        state = "cached" if row.cached else f"{row.seconds:.2f} s"
        print(f"{row.Index:<9}{row.key[:12]}  {state}")
    metrics = report.metrics
    print(f"{metrics['loss']}: {metrics['model']:.4g}, dummy {metrics['dummy']:.4g}")
    print(f"published {report.folder.name}")
    return 0


def status(args: argparse.Namespace) -> int:
    """Show which steps are done for the configuration as it is now."""
    for row in runner_of(args).status().itertuples():
        print(f"{row.step:<9}{row.state}")
    return 0


def predict(args: argparse.Namespace) -> int:
    """Score a table with the published run."""
    runner = runner_of(args)
    scored = load_run(runner.current(), key=runner.key).predict(
        read_table(args.table, {}, "table")
    )
    with replacing(args.output, "w") as file:
        scored.to_csv(file, index=False)
    flagged = int((scored["unknown"] != "").sum())
    print(f"{len(scored)} rows scored, {flagged} with an unknown category")
    return 0


def verify(args: argparse.Namespace) -> int:
    """Check manifest, versions, hashes and types of the published run."""
    runner = runner_of(args)
    load_run(runner.current(), key=runner.key)
    print(f"{runner.current().name}: manifest, versions, hashes and types are right")
    return 0


def parser(prog: str) -> argparse.ArgumentParser:
    """Return the parser of the four verbs."""
    main_parser = argparse.ArgumentParser(
        prog=prog, description="Cached, sealed runs of a table's pipeline."
    )
    verbs = main_parser.add_subparsers(required=True)
    for verb in (run, status, predict, verify):
        sub = verbs.add_parser(verb.__name__, help=verb.__doc__)
        sub.add_argument("config", help="a YAML file")
        sub.add_argument("--key-file", help="a file with the secret of the seal")
        sub.set_defaults(verb=verb)
        if verb is predict:
            sub.add_argument("table", help="a .csv or .parquet file")
            sub.add_argument("--output", required=True, help="a .csv file to write")
    return main_parser


def main(
    arguments: Sequence[str] | None = None,
    prog: str = "python -m mlmastery.ml_pipeline",
) -> int:
    """Do what the command line says; an error is one line on stderr and status 1."""
    args = parser(prog).parse_args(arguments)
    try:
        return args.verb(args)
    except KeyboardInterrupt:
        print("stopped; the same command resumes it", file=sys.stderr)
        return 130
    except (OSError, ValueError, TypeError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
