"""Budgets of commands: CPU seconds, those of their children too."""

import subprocess
import sys

import machine
import pytest

BUSY = "import time\nwhile time.process_time() < {}: pass"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY.format(1)!r}])"


def test_children_count():
    cost = machine.run([sys.executable, "-c", PARENT])
    assert cost.status == 0
    assert 1 <= cost.cpu_s < 3


@pytest.mark.parametrize(
    ("budget", "code", "status"), [(60, "", 0), (60, "exit(7)", 7), (0.1, PARENT, 1)]
)
def test_a_command_over_its_budget_fails_with_the_number(budget, code, status):
    command = [
        sys.executable,
        machine.__file__,
        str(budget),
        sys.executable,
        "-c",
        code,
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == status
    assert "s of CPU time, may take" in done.stdout
    assert ("over its budget" in done.stdout) == (budget < 1)


def test_a_slow_machine_is_slower_than_the_quiet_one_and_none_is_faster():
    assert machine.slower(machine.QUIET / 2) == 1
    assert machine.slower(machine.QUIET, 3 * machine.QUIET) == pytest.approx(3)
