"""How slow this machine is now, and what a command may cost on it.

    python tools/machine.py BUDGET COMMAND...

runs the command and fails if it took more than BUDGET seconds of CPU time. Budgets are in
seconds of a quiet machine; where a fixed piece of work takes longer, by build or by
neighbours, a command may take longer in proportion.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass

PROBE = """
def _probe():
    import time, numpy
    start, matrix, table = time.process_time(), numpy.ones((400, 400)), {}
    for i in range(12):
        matrix = matrix @ matrix / 400
    for i in range(400_000):
        table[i % 997] = i * 0.5
    numpy.sort(numpy.arange(1e6)[::-1])
    return time.process_time() - start
print(sorted(_probe() for _ in range(5))[2])
del _probe
"""
QUIET = 0.075  # seconds that the probe takes on the quiet machine


def slower(*probes: float) -> float:
    """Return how many times slower than the quiet machine the slowest probe was."""
    return max(1.0, max(probes) / QUIET)


def probe() -> float:
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", PROBE]
    return float(subprocess.check_output(command, env=one_thread))


@dataclass
class Cost:
    """What a command took: its exit status, CPU seconds and peak memory.

    The system counts the peak of who starts a process as that process's own first peak.
    """

    status: int
    cpu_s: float
    peak_mb: float


def run(command: list[str], **options) -> Cost:
    """Run a command; what it started and waited for counts too."""
    with subprocess.Popen(command, **options) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    peak = peak_mb(used.ru_maxrss, sys.platform)
    return Cost(process.returncode, used.ru_utime + used.ru_stime, peak)


def overrun(cpu_s: float, may_take: float, held_mb: float, may_hold: float) -> str:
    """Return what was used above its limit, with both numbers; nothing if all is within."""
    for used, limit, unit in (
        (cpu_s, may_take, "s of CPU time"),
        (held_mb, may_hold, "MB of memory"),
    ):
        if used > limit:
            return f"over its budget: took {used:.0f} {unit}, may take {limit:.0f}"
    return ""


def own_peak_mb() -> float:
    """Return this process's peak memory, which those that it starts seem to have had."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak_mb(used, sys.platform)


def peak_mb(maxrss: int, platform: str) -> float:
    """Return a process's peak memory: macOS counts it in bytes, others in kilobytes."""
    return maxrss / (2**20 if platform == "darwin" else 2**10)


def main() -> int:
    budget, command = float(sys.argv[1]), sys.argv[2:]
    before = probe()
    cost = run(command)
    may = budget * slower(before, probe())
    print(f"{' '.join(command)}: {cost.cpu_s:.0f} s of CPU time, may take {may:.0f}")
    if cost.cpu_s > may and not cost.status:
        print("error: over its budget")
        return 1
    return cost.status


if __name__ == "__main__":
    sys.exit(main())
