"""Child processes that end with their parent, even where the parent is killed.

>>> import sys
>>> child = Child([sys.executable, "-c", "print('works')"])
>>> child.wait(20)
0
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

__all__ = ["Child", "stop_with_parent"]

GRACE = 10.0  # seconds to end in order
TIED = "FRAUD_STREAM_TIED"


class Child:
    """A process whose standard input is a pipe from its parent.

    The pipe ends when the parent ends, in whatever way.

    Parameters
    ----------
    words : sequence of str
        The command.
    log : Path, optional
        Takes what the process prints.
    """

    def __init__(self, words: Sequence[str], log: Path | None = None) -> None:
        env = {**os.environ, "OMP_NUM_THREADS": "1", TIED: "1"}
        with open(log or os.devnull, "ab") as out:
            self.process = subprocess.Popen(
                list(words),
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                env=env,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process' number."""
        return self.process.pid

    @property
    def status(self) -> int | None:
        """The exit status, or None while it runs."""
        return self.process.poll()

    def send(self, number: int) -> None:
        """Send a signal, where the process still runs."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    def wait(self, seconds: float) -> int:
        """Wait for the end; return the exit status."""
        status = self.process.wait(seconds)
        self.close()
        return status

    def stop(self) -> None:
        """Ask the process to end; kill it where it does not."""
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        try:
            self.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End the process as a power cut does."""
        self.send(signal.SIGKILL)
        self.process.wait()
        self.close()

    def close(self) -> None:
        """Close the pipe of a process that has ended."""
        if self.process.stdin is not None:
            self.process.stdin.close()


def stop_with_parent(stopping: threading.Event) -> None:
    """Set an event on SIGTERM, on SIGINT and when the parent is gone.

    Parameters
    ----------
    stopping : threading.Event
    """

    def stop(*_: object) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    if os.environ.pop(TIED, ""):
        threading.Thread(target=_watch, args=(stop,), daemon=True).start()


def _watch(stop: Callable[[], None]) -> None:
    # Not through sys.stdin: its lock would be held when the interpreter ends.
    while os.read(0, 1):
        pass
    stop()
    time.sleep(GRACE)
    os._exit(1)
