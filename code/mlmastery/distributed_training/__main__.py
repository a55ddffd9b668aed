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

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from mlmastery.distributed_training.communicator import host_and_port, parse_address
from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.engine import read_secret, train
from mlmastery.distributed_training.packing import UNFIT
from mlmastery.distributed_training.run_files import run_directory
from mlmastery.distributed_training.worker import UNABLE, Worker

LAST = 12  # rounds and faults shown


def table_of_rounds(status: dict) -> Table:
    """Return the last rounds as a table."""
    n_done = status.get("done", len(status["history"]))
    table = Table(title=f"{n_done} of {status['rounds']} rounds")
    private = any("epsilon" in line for line in status["history"])
    names = ("round", "loss", "accuracy", "clients", "missing", "kB", "seconds")
    for name in (*names, "epsilon") if private else names:
        table.add_column(name, justify="right")
    for line in status["history"][-LAST:]:
        table.add_row(*_cells(line, private))
    return table


def _cells(line: dict, private: bool) -> list[str]:
    loss = "diverged" if line["loss"] is None else f"{line['loss']:.4f}"
    sent = f"{line.get('bytes', 0) / 1e3:.0f}"
    seconds = f"{line['seconds']:.2f}" if "seconds" in line else ""
    cells = [str(line["round"]), loss, f"{line['accuracy']:.3f}"]
    cells += [str(line["clients"]), str(line.get("missing", 0))]
    cells += [sent, seconds]
    return [*cells, f"{line['epsilon']:.2f}"] if private else cells


def table_of_workers(status: dict) -> Table:
    """Return every worker's state as a table."""
    table = Table(title="workers")
    for name in ("worker", "state", "updates", "kB", "failures"):
        table.add_column(
            name, justify="left" if name in ("worker", "state") else "right"
        )
    for member in status.get("workers", []):
        received = f"{member['bytes_received'] / 1e3:.0f}"
        counts = str(member["updates"]), received, str(member["failures"])
        table.add_row(escape(member["name"]), member["state"], *counts)
    return table


def show(status: dict) -> Group:
    """Return everything that is known about a run, for the terminal."""
    head = status["phase"]
    if "address" in status and status["phase"] == "running":
        head += f" at {host_and_port(tuple(status['address']))}"
    tables = [table_of_rounds(status)]
    if status.get("workers"):
        tables.append(table_of_workers(status))
    faults = [Text(_fault(fault)) for fault in status["faults"][-LAST:]]
    return Group(Text(head), *tables, *faults)


def _fault(fault: dict) -> str:
    who = " ".join(filter(None, (fault["kind"], fault["worker"])))
    return f"round {fault.get('round')}: {who}: {fault['why']}"


class Progress:
    """Show the status: live in a terminal, else a line for each round and fault.

    With ``announce``, the first line says where workers may join.
    """

    def __init__(self, console: Console, announce: bool = False):
        self.console, self._announce = console, announce
        self.live = Live(console=console) if console.file.isatty() else None
        self._rounds = self._faults = 0

    def __call__(self, status: dict) -> None:
        """Show a status."""
        if self.live is not None:
            self.live.update(show(status))
            return
        if self._announce and "address" in status:
            where = host_and_port(tuple(status["address"]))
            print(f"workers may join at {where}", flush=True)
            self._announce = False
        n_rounds = status.get("done", len(status["history"]))
        n_faults = status.get("n_faults", len(status["faults"]))
        for line in _last(status["history"], n_rounds - self._rounds):
            loss = line["loss"] if line["loss"] is not None else float("nan")
            print(
                f"round {line['round']}: loss {loss:.4f}, accuracy "
                f"{line['accuracy']:.3f}, {line['clients']} clients, "
                f"{line.get('bytes', 0)} bytes"
                + (f", epsilon {line['epsilon']:.2f}" if "epsilon" in line else ""),
                flush=True,
            )
        for fault in _last(status["faults"], n_faults - self._faults):
            print(_fault(fault), flush=True)
        self._rounds, self._faults = n_rounds, n_faults


def _last(records: list, n: int) -> list:
    return records[-n:] if n > 0 else []


def run(args: argparse.Namespace) -> int:
    """Run a configuration, going on from its last checkpoint if there is one."""
    config = DistributedMLConfig.from_yaml(args.config)
    progress = Progress(Console(), announce=config.workers == 0)
    with progress.live or nullcontext():
        result = train(config, progress)
    summary = result.summary()
    print(_in_words(summary))
    return 0


def _in_words(summary: dict) -> str:
    words = (
        f"finished {summary['rounds']} rounds, accuracy {summary['accuracy']:.3f}, "
        f"{summary['bytes'] / 1e3:.0f} kB, {summary['seconds']:.1f} s"
    )
    private = summary["epsilon"] == summary["epsilon"]  # it is NaN without privacy
    return words + (f", epsilon {summary['epsilon']:.2f}" if private else "")


def worker(args: argparse.Namespace) -> int:
    """Work for a server until it says goodbye."""
    address = parse_address(args.address)
    if args.with_parent:
        threading.Thread(target=_leave_with_parent, daemon=True).start()
    secret = read_secret(args.secret_file)
    name = args.name or f"{os.uname().nodename}-{os.getpid()}"
    Worker(address, secret, name=name, patience=args.patience).run()
    return 0


def _leave_with_parent() -> None:
    """End this process when whoever started it is gone."""
    while os.read(sys.stdin.fileno(), 1024):
        continue
    os._exit(1)


def status(args: argparse.Namespace) -> int:
    """Show how the run of a configuration is going, or how it ended."""
    config = DistributedMLConfig.from_yaml(args.config)
    path = run_directory(config) / "status.json"
    if not path.exists():
        raise FileNotFoundError(f"no run has begun in {path.parent.absolute()}")
    try:
        found = json.loads(path.read_text())
        show(found)
    except (*UNFIT, RecursionError) as error:
        raise ValueError(f"{path} is damaged; the run itself may be whole") from error
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
    except UNABLE as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
