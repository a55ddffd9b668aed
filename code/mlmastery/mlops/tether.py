"""A child process that ends with its parent, even where the parent is killed.

python -m mlmastery.mlops.tether COMMAND …

>>> with_parent({}) == {"MLOPS_PARENT": str(os.getpid())}
True
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence

__all__ = ["main", "tie", "with_parent"]

PARENT = "MLOPS_PARENT"
GRACE = 10.0  # seconds to end in order


def with_parent(env: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that tells a child who its parent is."""
    return {**env, PARENT: str(os.getpid())}


def tie(pause: float = 0.3) -> bool:
    """End this process soon after its parent; return whether it has one to watch.

    A process that was not started with `with_parent` is left alone.

    Parameters
    ----------
    pause : float, default=0.3
        Seconds between two looks.
    """
    parent = os.environ.pop(PARENT, None)
    if parent is None:
        return False
    threading.Thread(target=_watch, args=(int(parent), pause), daemon=True).start()
    return True


def _watch(parent: int, pause: float) -> None:
    # An orphan is given to another process, so that its parent's number changes.
    while os.getppid() == parent:
        time.sleep(pause)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run another program, and end it with this process or with its parent."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    child = subprocess.Popen(words)

    def end(*_: object) -> None:
        child.terminate()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    tie()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main())
