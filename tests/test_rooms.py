"""What chapters share and that is small: checks, safe files, spreads, old names."""

import math
import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from mlmastery.renamed import renamed
from mlmastery.spread import Spread, check_spread, decimals
from mlmastery.storage import replacing
from mlmastery.validation import (
    as_numbers,
    check_choice,
    check_count,
    check_number,
    check_share,
)

# Checks


@pytest.mark.parametrize("value", [True, 2.0, "2", None, 0, -1, np.nan])
def test_what_is_not_a_count(value):
    with pytest.raises(
        ValueError, match=r"^n must be a whole number of at least 1, got"
    ):
        check_count(value, "n")


def test_counts_of_numpy_are_counts_in_their_limits():
    assert type(check_count(np.int64(3), "n")) is int
    assert check_count(0, "n", minimum=0) == 0
    assert check_count(5, "n", maximum=5) == 5
    with pytest.raises(ValueError, match="n must be a whole number from 1 to 5, got 6"):
        check_count(6, "n", maximum=5)


@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf, True, "1", None])
def test_what_is_not_a_number_from_zero(value):
    with pytest.raises(ValueError, match=r"^alpha must be a number of at least 0, got"):
        check_number(value, "alpha")


def test_an_open_limit_refuses_the_limit_itself():
    assert check_number(np.float32(0.5), "rate", open=True) == 0.5
    assert check_number(0, "rate") == 0
    with pytest.raises(ValueError, match="rate must be a number above 0, got 0"):
        check_number(0, "rate", open=True)
    with pytest.raises(ValueError, match=r"a number of at least 2\.5, got 2"):
        check_number(2, "kappa", minimum=2.5)
    with pytest.raises(ValueError, match="of at least 0 and at most 1, got 2"):
        check_number(2, "ratio", maximum=1)
    assert check_number(1, "ratio", maximum=1) == 1


@pytest.mark.parametrize("value", [0, 1, 95, -0.5, math.nan, "half"])
def test_what_is_not_a_share(value):
    with pytest.raises(ValueError, match=r"^power must lie between 0 and 1, got"):
        check_share(value, "power")


def test_choices_are_not_confused_by_equal_values_of_other_types():
    assert check_choice(1, "degree", (0, 1)) == 1
    with pytest.raises(ValueError, match="degree must be one of 0, 1, got True"):
        check_choice(True, "degree", (0, 1))
    assert check_choice(np.str_("b"), "kind", ("a", "b")) == "b"  # as from a grid
    assert check_choice(True, "warm", (True, False)) is True
    with pytest.raises(ValueError, match="must be one of a, b, got array"):
        check_choice(np.array(["a"]), "kind", ("a", "b"))


# Safe files


@pytest.mark.parametrize("before", [None, b"old"])
def test_an_error_while_writing_leaves_what_was_there(before, tmp_path):
    path = tmp_path / "model.bin"
    if before:
        path.write_bytes(before)

    def write_half():
        with replacing(path) as file:
            file.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        write_half()
    assert (path.read_bytes() if path.exists() else None) == before
    assert len(list(tmp_path.iterdir())) == (1 if before else 0)


def test_a_killed_writer_leaves_the_old_file(tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(b"old")
    code = f"""
        import os, signal
        from mlmastery.storage import replacing
        with replacing({str(path)!r}) as file:
            file.write(b"half")
            file.flush()
            os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)])
    assert done.returncode == -9
    assert path.read_bytes() == b"old"


def test_others_may_read_a_new_file_and_an_old_one_keeps_its_mode(tmp_path):
    path = tmp_path / "a.txt"
    for mode in (0o644, 0o600):
        with replacing(path, "w") as file:
            file.write("ünïcode")
        assert path.stat().st_mode & 0o777 == mode
        assert path.read_text(encoding="utf-8") == "ünïcode"
        path.chmod(0o600)


def test_the_content_is_on_the_disk_before_the_name(tmp_path, monkeypatch):
    calls = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda f: (calls.append("fsync"), fsync(f)))
    monkeypatch.setattr(
        os, "replace", lambda a, b: (calls.append("replace"), replace(a, b))
    )
    with replacing(tmp_path / "a") as file:
        file.write(b"a")
    assert calls == ["fsync", "replace", "fsync"]


# Spreads


@pytest.mark.parametrize(
    ("spread", "value", "text"),
    [
        (Spread.sd(0.0123), 0.81234, "0.812 ± 0.012 (sd)"),
        (Spread.standard_error(2.04), 53.1234, "53.1 ± 2.0 (SE)"),
        (Spread.sd(78.9), 1234.56, "1235 ± 79 (sd)"),
        (Spread.sd(0), 5, "5.0000 ± 0.0000 (sd)"),
        (Spread.interval(0.9, 0.99, 0.9), 0.95, "0.950 (90 %: 0.900 to 0.990)"),
    ],
)
def test_a_spread_says_its_kind_beside_the_figure(spread, value, text):
    assert spread.beside(value) == text
    assert Spread.read(spread.fields()) == spread


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Spread("range", 1.0),
            "kind must be one of standard deviation, .*range",
        ),
        (lambda: Spread.sd(math.nan), "standard deviation must be finite"),
        (lambda: Spread.standard_error(-1), "standard error must be finite"),
        (
            lambda: Spread.interval(2, 1),
            "low and high must be finite and in this order",
        ),
        (lambda: Spread.interval(1, math.inf), "low and high must be finite"),
        (lambda: Spread.interval(1, 2, 95), "level must lie between 0 and 1, got 95"),
        (lambda: Spread.read({"size": 1.0}), "spread must have a kind"),
        (lambda: Spread.read({"kind": "interval"}), "level must lie between"),
    ],
)
def test_what_is_not_a_spread(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_bare_number_is_not_a_spread():
    with pytest.raises(TypeError, match=r"such as Spread\.sd\(2\.0\), got 0\.1"):
        check_spread(0.1)


@pytest.mark.parametrize("spread", [3e-7, 0.0999, 0.1, 1, 9.99, 10, 4e5])
def test_two_digits_of_a_spread_are_shown(spread):
    digits = f"{spread:.{decimals(spread)}f}".strip("0.")
    assert decimals(spread) == 0 or 1 <= len(digits.replace(".", "")) <= 3


# Old names


def test_an_old_name_warns_where_it_is_used():
    look_up = renamed("mlmastery.old", {"root": "math.sqrt"})
    with pytest.warns(
        FutureWarning, match=r"mlmastery\.old\.root is now math\.sqrt"
    ) as w:
        assert look_up("root") is math.sqrt
    assert w[0].filename == __file__
    here = renamed("math", {"root": "sqrt"})
    with pytest.warns(FutureWarning, match=r"math\.root is now math\.sqrt;"):
        assert here("root") is math.sqrt


def test_other_names_go_to_the_lookup_that_was_there():
    look_up = renamed("m", {}, {"new": 1}.__getitem__)
    assert look_up("new") == 1
    with pytest.raises(AttributeError, match="module 'm' has no attribute 'x'"):
        renamed("m", {})("x")


OLD_NAMES = [
    ("mlmastery.iris_classifier", "flips_to_tell", "required_test_size"),
    ("mlmastery.titanic_survival", "corrected_t_test", "paired_interval"),
    ("mlmastery.housing_prices", "SideBySide", "ModelPanel"),
    ("mlmastery.image_classifier.race", "with_intervals", "accuracy_intervals"),
]


@pytest.mark.parametrize(("module", "old", "new"), OLD_NAMES)
def test_old_names_of_chapters_still_work(module, old, new):
    from importlib import import_module

    with pytest.warns(FutureWarning):
        assert getattr(import_module(module), old).__name__ == new


@pytest.mark.parametrize("unit", ["M8[ns]", "M8[D]", "m8[ns]"])
@pytest.mark.parametrize("n", [0, 2])
def test_dates_and_durations_are_no_numbers(unit, n):
    with pytest.raises(ValueError, match="score must be numbers, got "):
        as_numbers(np.zeros(n, unit), "score")


def test_a_choice_of_numbers_takes_those_of_numpy_and_no_truth():
    assert check_choice(np.int64(8), "epochs", [8, 40]) == 8
    for wrong in (True, np.True_, 8.0, "8"):
        with pytest.raises(ValueError, match="epochs must be one of 1, 8"):
            check_choice(wrong, "epochs", [1, 8])
