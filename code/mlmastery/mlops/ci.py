"""The steps from a commit to a deployed model, each one command.

python -m mlmastery.mlops ci test --state state
python -m mlmastery.mlops ci train --state state
python -m mlmastery.mlops ci validate --state state
python -m mlmastery.mlops ci deploy --state state
python -m mlmastery.mlops ci --state state     all four

The workflow of the continuous integration runs the same commands. A step that fails
ends with status 1 and its reason, and the model in service stays as it is.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from mlmastery.storage import replacing

from .flight_rows import departures
from .gate import GateReport, judge
from .registry import ModelRegistry, RegistryError
from .training import frame_hash, log_losses, probabilities, train

__all__ = ["STEPS", "WORKFLOW", "Pipeline", "StepError", "code_commit", "main"]

STEPS = ("test", "train", "validate", "deploy")
SUITE = Path(__file__).with_name("suite")
WORKFLOW = Path(__file__).with_name("workflow.yml")


class StepError(RuntimeError):
    """A step has failed: what follows must not run."""


@dataclass
class Pipeline:
    """The four steps on a folder of state.

    Parameters
    ----------
    state : Path
        Holds the registry, the models and the candidate's number.
    training, validation : str
        Days, such as "2013-01-01:2013-03-01"; the end is not included.
    commit : str, default="unknown"
    """

    state: Path
    training: str = "2013-01-01:2013-03-01"
    validation: str = "2013-03-01:2013-03-15"
    commit: str = "unknown"

    def registry(self) -> ModelRegistry:
        """Open the registry in the folder."""
        self.state.mkdir(parents=True, exist_ok=True)
        place = self.state.resolve()
        return ModelRegistry(f"sqlite:///{place}/registry.db", place / "models")

    def test(self) -> str:
        """Test data, code, model and infrastructure, and return pytest's summary."""
        command = [sys.executable, "-m", "pytest", str(SUITE), "-q", "--no-header"]
        command += [
            "-c",
            os.devnull,
            "--rootdir",
            str(SUITE),
            "--import-mode=importlib",
        ]
        command += ["-o", "python_files=check_*.py", "-p", "no:cacheprovider"]
        env = os.environ | {"MLOPS_TRAINING": self.training}
        done = subprocess.run(command, capture_output=True, text=True, env=env)
        if done.returncode:
            raise StepError(f"tests failed:\n{done.stdout}{done.stderr}")
        # The seconds differ from run to run.
        return done.stdout.strip().splitlines()[-1].split(" in ")[0]

    def train(self) -> str:
        """Train a candidate and register it as the challenger."""
        frame = departures(*_days(self.training))
        model = train(frame)
        later = departures(*_days(self.validation))
        losses = log_losses(later["late"], probabilities(model, later))
        registry = self.registry()
        version = registry.register(
            model,
            metrics={"log_loss": float(losses.mean())},
            data_hash=frame_hash(frame),
            example=later.head(5),
            commit=self.commit,
        )
        registry.set_alias("challenger", version)
        return f"version {version} is the challenger"

    def validate(self) -> str:
        """Judge the challenger; without a champion it is compared with itself."""
        report = self.report()
        if not report.passed:
            failed = report.checks.index[~report.checks["passed"]]
            raise StepError(f"the gate refuses: {', '.join(failed)}")
        return f"the gate passed {len(report.checks)} checks"

    def report(self) -> GateReport:
        """Return the gate's table for the challenger."""
        registry = self.registry()
        challenger = registry.load("challenger")
        champion = _optional(registry) or challenger
        return judge(champion, challenger, departures(*_days(self.validation)))

    def deploy(self) -> str:
        """Make the challenger that has passed the gate the champion."""
        self.validate()  # the gate is not somebody's memory of an earlier step
        registry = self.registry()
        version = registry.resolve("challenger").version
        registry.set_alias("champion", version)
        with replacing(self.state / "deployed.txt", "w") as file:
            file.write(f"{version}\n")
        return f"version {version} is the champion"


def code_commit(folder: str | Path = ".") -> str:
    """Return the commit of a folder, with "-dirty" where files differ from it.

    Outside a repository, and without git, it is "unknown".
    """
    run = partial(subprocess.run, cwd=folder, capture_output=True, text=True)
    try:
        head = run(["git", "rev-parse", "HEAD"])
        changed = run(["git", "status", "--porcelain", "--untracked-files=no"])
    except OSError:
        return "unknown"
    if head.returncode:
        return "unknown"
    return head.stdout.strip() + ("-dirty" if changed.stdout.strip() else "")


def _optional(registry: ModelRegistry) -> Any:
    if "champion" in registry.aliases():
        return registry.load("champion")
    return None


def _days(text: str) -> tuple[str, str]:
    first, separator, last = text.partition(":")
    if not separator:
        raise ValueError(f"days must look like 2013-01-01:2013-03-01, got {text!r}")
    for day in (first, last):
        pd.Timestamp(day)
    return first, last


def main(
    arguments: Sequence[str] | None = None, prog: str = "python -m mlmastery.mlops ci"
) -> int:
    """Run one step, or all, and return the exit status."""
    args = _parser(prog).parse_args(arguments)
    commit = args.commit or code_commit()
    pipeline = Pipeline(args.state, args.training, args.validation, commit)
    for step in STEPS if args.step == "all" else (args.step,):
        try:
            sys.stdout.write(f"{step}: {getattr(pipeline, step)()}\n")
        except (StepError, RegistryError, ValueError, OSError) as error:
            sys.stderr.write(f"{step} failed: {error}\n")
            return 1
    return 0


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog, description="Test, train, judge, deploy."
    )
    parser.add_argument("step", nargs="?", default="all", choices=(*STEPS, "all"))
    parser.add_argument("--state", type=Path, default=Path("state"), help="folder")
    parser.add_argument("--training", default=Pipeline.training, help="days, FROM:TO")
    parser.add_argument("--validation", default=Pipeline.validation, help="days")
    parser.add_argument("--commit", help="of the code; git is asked by default")
    return parser
