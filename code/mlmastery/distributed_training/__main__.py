"""Run a training configuration, be a worker, or show how a run is going.

python -m mlmastery.distributed_training run config.yaml
python -m mlmastery.distributed_training worker HOST:PORT --secret-file FILE
python -m mlmastery.distributed_training status config.yaml
"""

import argparse
import json
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table

from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.engine import train
from mlmastery.distributed_training.worker import Worker

LAST = 12  # rounds and faults shown


def table_of_rounds(status: dict) -> Table:
    """Return the last rounds as a table."""
    table = Table(title=f"{len(status['history'])} of {status['rounds']} rounds")
    for name in ("round", "loss", "accuracy", "clients", "missing", "kB", "seconds"):
        table.add_column(name, justify="right")
    for line in status["history"][-LAST:]:
        loss = "diverged" if line["loss"] is None else f"{line['loss']:.4f}"
        counts = (line["clients"], line.get("missing", 0))
        sent, seconds = line.get("bytes", 0) / 1e3, line.get("seconds", 0.0)
        figures = (f"{line['accuracy']:.3f}", *map(str, counts))
        table.add_row(
            str(line["round"]), loss, *figures, f"{sent:.0f}", f"{seconds:.2f}"
        )
    return table


def table_of_workers(status: dict) -> Table:
    """Return every worker's state as a table."""
    table = Table(title="workers")
    for name in ("worker", "state", "updates", "kB", "failures"):
        table.add_column(
            name, justify="left" if name in ("worker", "state") else "right"
        )
    for member in status["workers"]:
        received = f"{member['bytes_received'] / 1e3:.0f}"
        counts = str(member["updates"]), received, str(member["failures"])
        table.add_row(member["name"], member["state"], *counts)
    return table


def show(status: dict) -> Group:
    """Return everything that is known about a run, for the terminal."""
    faults = [
        f"round {fault.get('round')}: {fault['kind']} {fault['worker']}: {fault['why']}"
        for fault in status["faults"][-LAST:]
    ]
    head = f"{status['phase']} at {status['address'][0]}:{status['address'][1]}"
    return Group(head, table_of_rounds(status), table_of_workers(status), *faults)


class Progress:
    """Show the status: live in a terminal, else a line for each round and fault."""

    def __init__(self, console: Console):
        self.console = console
        self.live = Live(console=console) if console.file.isatty() else None
        self._rounds = self._faults = 0

    def __call__(self, status: dict) -> None:
        """Show a status."""
        if self.live is not None:
            self.live.update(show(status))
            return
        for line in status["history"][self._rounds :]:
            loss = line["loss"] if line["loss"] is not None else float("nan")
            print(
                f"round {line['round']}: loss {loss:.4f}, accuracy "
                f"{line['accuracy']:.3f}, {line['clients']} clients, "
                f"{line.get('bytes', 0)} bytes",
                flush=True,
            )
        for fault in status["faults"][self._faults :]:
            print(f"{fault['kind']} {fault['worker']}: {fault['why']}", flush=True)
        self._rounds, self._faults = len(status["history"]), len(status["faults"])


def run(args: argparse.Namespace) -> int:
    """Run a configuration, going on from its last checkpoint if there is one."""
    config = DistributedMLConfig.from_yaml(args.config)
    progress = Progress(Console())
    with progress.live or nullcontext():
        result = train(config, progress)
    last = result.history[-1]
    print(f"finished {len(result.history)} rounds, accuracy {last['accuracy']:.3f}")
    return 0


def worker(args: argparse.Namespace) -> int:
    """Work for a server until it says goodbye."""
    host, _, port = args.address.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f"address must be HOST:PORT, got {args.address!r}")
    if args.with_parent:
        threading.Thread(target=_leave_with_parent, daemon=True).start()
    secret = Path(args.secret_file).read_bytes()
    name = args.name or f"{os.uname().nodename}-{os.getpid()}"
    Worker((host, int(port)), secret, name=name, patience=args.patience).run()
    return 0


def _leave_with_parent() -> None:
    """End this process when whoever started it is gone."""
    while os.read(sys.stdin.fileno(), 1024):
        continue
    os._exit(1)


def status(args: argparse.Namespace) -> int:
    """Show how the run of a configuration is going, or how it ended."""
    config = DistributedMLConfig.from_yaml(args.config)
    path = Path(config.directory) / "status.json"
    if not path.exists():
        raise FileNotFoundError(f"no run has begun in {config.directory}")
    found = json.loads(path.read_text())
    if found["phase"] == "running" and not _alive(found["pid"]):
        found["phase"] = "killed; the same command resumes it"
    Console().print(show(found))
    return 0


def _alive(pid: int) -> bool:
    import psutil

    return psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie"


def parser(prog: str) -> argparse.ArgumentParser:
    """Return the parser of the three verbs."""
    main_parser = argparse.ArgumentParser(
        prog=prog,
        description="Federated and data-parallel training over processes.",
    )
    verbs = main_parser.add_subparsers(required=True)
    for verb in (run, status):
        sub = verbs.add_parser(verb.__name__, help=verb.__doc__)
        sub.add_argument("config", help="a YAML file")
        sub.set_defaults(verb=verb)
    sub = verbs.add_parser("worker", help=worker.__doc__)
    sub.add_argument("address", help="HOST:PORT of the server")
    sub.add_argument("--secret-file", required=True, help="the file that the run made")
    sub.add_argument("--name", help="under which the server knows this worker")
    sub.add_argument(
        "--patience", type=float, default=30.0, help="seconds to reconnect"
    )
    sub.add_argument("--with-parent", action="store_true", help="end when stdin closes")
    sub.set_defaults(verb=worker)
    return main_parser


def main(
    arguments: Sequence[str] | None = None,
    prog: str = "python -m mlmastery.distributed_training",
) -> int:
    """Do what the command line says; an error is one line on stderr and status 1."""
    args = parser(prog).parse_args(arguments)
    try:
        return args.verb(args)
    except KeyboardInterrupt:
        print("stopped; the same command resumes it", file=sys.stderr)
        return 130
    except (OSError, ValueError, TypeError, RuntimeError, ImportError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
