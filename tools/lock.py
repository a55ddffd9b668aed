"""Let one build of this book work at a time, and tell what stops it in one message."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from chapters import ROOT

LOCK = ROOT / "_build" / "lock"


@contextmanager
def alone() -> Iterator[None]:
    """Refuse to work while another build of this book does.

    The system lets go of the lock when its holder ends, however that ends.
    """
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise RuntimeError(
                f"another build of this book is running (process {file.read()}); "
                "run again when it is done"
            ) from None
        file.truncate(0)
        print(os.getpid(), end="", file=file, flush=True)
        yield


def guarded(work: Callable[[], int]) -> int:
    """Do the work alone; what stops it gets one clear message and an exit status."""
    try:
        with alone():
            return work()
    except KeyboardInterrupt:
        say("\nstopped. What was executed before is kept; run again to go on.")
        os._exit(130)  # not by return: a thread may wait for a kernel that is gone
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        say(
            "error: the disk is full. What was executed before is kept; make room, run again."
        )
    except (RuntimeError, ValueError) as error:
        say(f"error: {error}")
    return 1


def say(text: str) -> None:
    print(text, flush=True)
