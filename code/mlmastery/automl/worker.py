"""A process that runs one task at a time and can be stopped in the middle of one.

A thread cannot be stopped, and a signal waits until a library's compiled loop returns.
Only a process ends at once.

>>> worker = KillableWorker()
>>> worker.run(abs, -3, timeout=60)
3
>>> worker.close()
"""

from __future__ import annotations

import os
import pickle
import queue
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO, Any

import cloudpickle

__all__ = ["KillableWorker"]

START = 120  # seconds that a new process may take until it has loaded the function


class KillableWorker:
    """One process for tasks; it is replaced when it is stopped or dies."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._function = b""

    def run(self, function: Callable[[Any], Any], task: Any, timeout: float) -> Any:
        """Return ``function(task)``, run in the process.

        Parameters
        ----------
        function : callable
        task : object
        timeout : float
            Seconds for the task itself; the start of the process does not count.

        Raises
        ------
        TimeoutError
            If the task took longer; it was stopped.
        RuntimeError
            If the process died, or the result cannot be sent.
        Exception
            What the function raised.
        """
        sent = cloudpickle.dumps(function)
        if self._process is None or self._process.poll() is not None:
            self._start()
        if sent != self._function:
            self._ask(b"f" + sent, START)
            self._function = sent
        kind, value = self._ask(b"t" + cloudpickle.dumps(task), timeout)
        if kind == "error":
            raise value
        return value

    def _start(self) -> None:
        self.close()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mlmastery.automl.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        self._receive(START)  # it says that it is ready

    def _ask(self, message: bytes, timeout: float) -> Any:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            _send(self._process.stdin, message)
        except BrokenPipeError:
            self._died()
        return self._receive(timeout)

    def _receive(self, timeout: float) -> Any:
        assert self._process is not None
        assert self._process.stdout is not None
        if not select.select([self._process.stdout], [], [], timeout)[0]:
            self.close()
            raise TimeoutError(f"the task was stopped after {timeout:g} s")
        message = _read(self._process.stdout)
        if message is None:
            self._died()
        return pickle.loads(message)  # type: ignore[arg-type]

    def _died(self) -> None:
        assert self._process is not None
        code = self._process.wait()
        self.close()
        raise RuntimeError(f"the task's process died with exit status {code}")

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
        self._process, self._function = None, b""

    def __del__(self) -> None:
        self.close()


def _send(pipe: IO[bytes], message: bytes) -> None:
    view = memoryview(len(message).to_bytes(8, "big") + message)
    while view:
        view = view[pipe.write(view) :]  # an unbuffered pipe may take a part


def _read(pipe: IO[bytes]) -> bytes | None:
    """Return the next message, or None at the end."""
    size = _exactly(pipe, 8)
    return None if size is None else _exactly(pipe, int.from_bytes(size, "big"))


def _exactly(pipe: IO[bytes], n: int) -> bytes | None:
    parts: list[bytes] = []
    while n:
        part = pipe.read(n)
        if not part:
            return None
        parts.append(part)
        n -= len(part)
    return b"".join(parts)


def _main() -> None:
    """Answer the requests that arrive; end with the process that sent them."""
    requests: queue.Queue[bytes] = queue.Queue()
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a task prints must not get between the answers

    # Ctrl+C is for the parent; this process ends when the parent closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def listen() -> None:
        while (message := _read(source)) is not None:
            requests.put(message)
        os._exit(1)  # nobody waits for the answer

    threading.Thread(target=listen, daemon=True).start()
    _send(answers, pickle.dumps("ready"))
    function: Any = None
    while True:
        message = requests.get()
        if message[:1] == b"f":
            function = pickle.loads(message[1:])
            _send(answers, pickle.dumps(("value", None)))
        else:
            _send(answers, _answer(function, message[1:]))


def _answer(function: Callable[[Any], Any], message: bytes) -> bytes:
    try:
        return cloudpickle.dumps(("value", function(pickle.loads(message))))
    except Exception as error:
        try:
            text = cloudpickle.dumps(("error", error))
            pickle.loads(text)  # some errors can be sent and not be read
            return text
        except Exception:
            return pickle.dumps(("error", RuntimeError(f"{error!r}")))


if __name__ == "__main__":
    _main()
