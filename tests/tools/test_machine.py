"""Budgets of commands: CPU seconds, those of their children too."""

import subprocess
import sys

import build
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


@pytest.mark.parametrize(
    ("used", "said"),
    [
        (
            (0, 121, 0),
            "the site is over its budget: took 121 s of CPU time, may take 120",
        ),
        ((0, 119, 2001), "took 2001 MB of memory, may take 2000"),
        ((0, 119, 1999), None),
    ],
)
def test_a_step_of_the_build_over_its_budget_is_refused(monkeypatch, used, said):
    monkeypatch.setattr(machine, "own_peak_mb", lambda: 300)
    monkeypatch.setattr(machine, "probe", lambda: machine.QUIET)
    if said:
        with pytest.raises(build.BuildError, match=said):
            build.refuse_overrun("site", machine.Cost(*used))
    else:
        build.refuse_overrun("site", machine.Cost(*used))


def test_memory_of_who_starts_a_step_is_not_held_against_it(monkeypatch):
    held = machine.own_peak_mb()
    cost = machine.run([sys.executable, "-c", "pass"])
    assert 1 < cost.peak_mb <= held * 1.01
    monkeypatch.setattr(machine, "own_peak_mb", lambda: 2400)
    build.refuse_overrun("site", machine.Cost(0, 1, 2400))
    with pytest.raises(build.BuildError, match="took 2401 MB"):
        build.refuse_overrun("site", machine.Cost(0, 1, 2401))


def test_on_a_slow_machine_a_step_may_take_longer(monkeypatch):
    monkeypatch.setattr(machine, "probe", lambda: 2 * machine.QUIET)
    build.refuse_overrun("site", machine.Cost(0, 239, 0))
    with pytest.raises(build.BuildError, match="took 241 s"):
        build.refuse_overrun("site", machine.Cost(0, 241, 0))


def test_a_slow_machine_is_slower_than_the_quiet_one_and_none_is_faster():
    assert machine.slower(machine.QUIET / 2) == 1
    assert machine.slower(machine.QUIET, 3 * machine.QUIET) == pytest.approx(3)
