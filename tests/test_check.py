"""The exercise checker: reading files, judging answers, the command."""

import re
import subprocess
import sys
import time
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from mlmastery.check import (
    Case,
    ExerciseError,
    UnknownExerciseError,
    check,
    difference,
    find_exercises,
    load_exercise,
)
from mlmastery.check.__main__ import AnswerError, load_answer, main

MEAN = '''"""Exercise 3.2: The mean of the columns."""
# %% stub
import numpy as np


def column_means(X):
    """Return the mean of each column of X, shape (n_features,)."""
    raise NotImplementedError


# %% solution
import numpy as np


def column_means(X):
    return X.mean(axis=0)


# %% wrong: "You took the mean of each row: it is axis 0 that has to go."
def column_means(X):
    return X.mean(axis=1)


# %% wrong: "You changed X in place, and its owner still needs it."
def column_means(X):
    X /= len(X)
    return X.sum(axis=0)


# %% wrong: "A one-row X has no second row to look at."
def column_means(X):
    return (X[0] + X[1]) / 2


# %% check
import numpy as np

CASES = [
    Case("two rows", args=(np.array([[1.0, 2], [3, 6]]),), want=np.array([2.0, 4])),
    Case("one row", args=(np.array([[1.0, 5.0]]),), want=np.array([1.0, 5])),
]
'''
GOOD = "def column_means(X):\n    return X.sum(axis=0) / len(X)\n"


@pytest.fixture
def folder(tmp_path):
    chapter = tmp_path / "exercises" / "linear_regression"
    chapter.mkdir(parents=True)
    (chapter / "mean.py").write_text(MEAN)
    other = MEAN.replace(
        "Exercise 3.2: The mean of the columns.", "Exercise 10.1: Other."
    )
    (chapter / "other.py").write_text(other)
    return chapter.parent


def answer(source, folder):
    """Check an answer given as source, in this process."""
    namespace = {}
    exec(source, namespace)
    return check("3.2", namespace["column_means"], folder)


def test_exercises_are_found_in_order(folder):
    found = find_exercises(folder)
    assert [(key, title) for key, (title, _) in found.items()] == [
        ("3.2", "The mean of the columns"),
        ("10.1", "Other"),
    ]


def test_a_right_answer_passes(folder):
    report = answer(GOOD, folder)
    assert report.passed
    assert str(report) == "✓ Exercise 3.2: The mean of the columns. Passed all 2 cases."
    assert 'class="check check-passed"' in report._repr_html_()


def test_each_section_behaves(folder):
    exercise = load_exercise("3.2", folder)
    assert "Not written yet" in check("3.2", exercise.stub, folder).message
    assert check("3.2", exercise.solution, folder).passed
    for hint, function in exercise.wrong:
        assert check("3.2", function, folder).hint == hint


def test_a_known_mistake_written_otherwise_gets_its_hint(folder):
    report = answer("def column_means(X):\n    return X.sum(1) / X.shape[1]", folder)
    assert report.message == (
        "Case “two rows”: expected array [2, 4], got array [1.5, 4.5]."
    )
    assert report.hint.startswith("You took the mean of each row")


def test_a_wrong_answer_may_have_no_hint(folder):
    path = folder / "linear_regression" / "mean.py"
    path.write_text(re.sub(r'wrong: "You took[^"]*"', "wrong", MEAN))
    assert check("3.2", lambda X: X.mean(axis=1), folder).hint == ""


def test_an_unknown_mistake_gets_no_hint(folder):
    # wrong as the row means are on the first case only
    source = """
def column_means(X):
    return X.mean(axis=1) if len(X) == 2 else X.sum(axis=0) + 1
"""
    report = answer(source, folder)
    assert not report.passed
    assert report.hint == ""
    assert "expected array [2, 4], got array [1.5, 4.5]" in report.message


def test_another_error_is_not_the_known_one(folder):
    source = (
        "def column_means(X):\n    return (X[0] + (X[1] if len(X) > 1 else {})) / 2"
    )
    assert answer(source.format("X[1]"), folder).hint.startswith("A one-row X")
    report = answer(source.format("undefined"), folder)
    assert "NameError" in report.message
    assert report.hint == ""


def test_changing_an_input_is_reported_by_name(folder):
    report = answer(
        "def column_means(X):\n    X *= 1.0000001\n    return X.mean(0)", folder
    )
    assert "changed its argument X" in report.message


def test_a_case_gives_fresh_inputs_each_time(folder):
    spoil = "def column_means(X):\n    X[:] = 0\n    return X.mean(0)"
    assert not answer(spoil, folder).passed
    exercise = load_exercise("3.2", folder)
    check("3.2", exercise.wrong[1][1], folder)
    assert exercise.cases[0].args[0].tolist() == [[1.0, 2.0], [3.0, 6.0]]


def test_models_and_generators_may_change(folder):
    path = folder / "linear_regression" / "mean.py"
    text = (
        path.read_text().partition("CASES")[0].replace("X.mean(axis=0)", "rng.normal()")
    )
    text = text.replace("(X)", "(rng)") + (
        "CASES = [Case('a', args=(np.random.default_rng(0),),"
        " want=np.random.default_rng(0).normal())]"
    )
    path.write_text(text)
    assert check("3.2", lambda rng: rng.normal(), folder).passed


@pytest.mark.parametrize(
    ("source", "want"),
    [
        ("return [2, 5]", "expected array [2, 4], got array [2, 5]"),
        (
            "return [2, 'four']",
            "expected an array of numbers, array [2, 4], got a list",
        ),
        ("return (x for x in (2, 4))", "got an iterator, not yet a list"),
        ("return X.mean(0, keepdims=True)", "shape (2,), got shape (1, 2)"),
        (
            "return X.mean()",
            "expected an array of numbers, array [2, 4], got a number, 3.0",
        ),
        ("pass", "got nothing: it is not written yet"),
        ("return undefined", "it raised NameError: name 'undefined' is not defined"),
        ("exit()", "it raised SystemExit"),
        (
            "return X.mean(0) + 1e-5",
            "expected array [2, 4], got array [2.00001, 4.00001]",
        ),
        ("raise NotImplementedError", "Not written yet"),
        ("return np.array(['a', 'b'])", "got an array of texts"),
    ],
)
def test_the_message_says_what_was_expected_and_what_came(folder, source, want):
    report = answer(f"import numpy as np\ndef column_means(X):\n    {source}", folder)
    assert not report.passed
    assert want in report.message
    assert "Traceback" not in str(report)


def test_wrong_number_of_arguments_is_a_sentence(folder):
    report = check("3.2", lambda: None, folder)
    assert "takes 0 positional arguments but 1 was given" in report.message


def test_a_warning_is_a_mistake_where_the_statement_says_so(folder):
    noisy = "def column_means(X):\n    (X - X) / (X - X)\n    return X.mean(0)"
    path = folder / "linear_regression" / "mean.py"
    text = MEAN.replace("want=np.array([2.0, 4])", "want=[2, 4], no_warnings=True")
    path.write_text(text)
    report = answer(noisy, folder)
    assert not report.passed
    assert "must work without a warning, but gave RuntimeWarning" in report.message
    assert answer(GOOD, folder).passed


def test_a_case_may_want_an_error(folder):
    path = folder / "linear_regression" / "mean.py"
    case = "Case('no rows', (np.ones((0, 2)),), raises=ValueError)"
    path.write_text(MEAN.partition("CASES")[0] + f"CASES = [{case}]")
    head = "def column_means(X):\n    "
    assert answer(head + "raise ValueError('no rows')", folder).passed
    assert (
        "expected it to raise ValueError, got 3"
        in answer(head + "return 3", folder).message
    )
    assert "it raised KeyError" in answer(head + "raise KeyError", folder).message


@pytest.mark.parametrize("key", [3.2, 3.1, 3, None])
def test_an_id_that_is_no_string_is_refused(folder, key):
    with pytest.raises(TypeError, match="key must be a string"):
        check(key, len, folder)


def test_an_exercise_without_a_check_is_known(folder):
    path = folder / "linear_regression" / "_unchecked.txt"
    path.write_text("3.3 Read the curves\n")
    with pytest.raises(
        UnknownExerciseError, match=r"3\.3 \(Read the curves\) has no au"
    ):
        check("3.3", len, folder)


def test_a_warning_in_the_answer_is_no_error(folder):
    noisy = "def column_means(X):\n    (X - X) / (X - X)\n    return X.mean(0)"
    assert answer(noisy, folder).passed


def test_what_was_called_already_is_refused(folder):
    with pytest.raises(
        TypeError, match=r"must be your column_means itself.*got int: 3"
    ):
        check("3.2", 3, folder)


def test_html_is_escaped(folder):
    text = answer(
        "def column_means(X):\n    raise ValueError('<b>')", folder
    )._repr_html_()
    assert "&lt;b&gt;" in text


@pytest.mark.parametrize(
    ("key", "near"), [("3.9", r"3\.2 \(The mean"), ("7.1", r"10\.1"), ("mean", r"3\.2")]
)
def test_an_unknown_id_names_the_nearest(folder, key, near):
    with pytest.raises(UnknownExerciseError, match=rf"no exercise {key}.*{near}"):
        check(key, len, folder)


# Comparing


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (np.float64(1.0), 1),
        (np.array(2.0), 2.0),
        (float("nan"), np.nan),
        ([1.0, np.nan], (1, np.nan)),
        ({"a": np.ones(2)}, {"a": np.array([1, 1])}),
        (1 + 1e-8, 1.0),
        ({1, 2}, {2, 1}),
        ("yes", np.str_("yes")),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1.0]})),
        (np.array(["a", "b"]), np.array(["a", "b"])),
        (None, None),
        # equal values in another container
        ([2, 4], np.array([2.0, 4.0])),
        ((2, 4), np.array([2.0, 4.0])),
        (range(3), [0, 1, 2]),
        (pd.Series([2.0, 4.0], index=["a", "b"]), np.array([2.0, 4.0])),
        (pd.DataFrame({"a": [1], "b": [2]}), np.array([[1, 2]])),
        (np.array([[1, 2]]), pd.DataFrame({"a": [1], "b": [2]})),
        (pd.Series([1, 2], index=[5, 6]), pd.Series([1.0, 2.0])),
        (pd.Series(["x", "y"]), ["x", "y"]),
        (pd.Series([1, None], dtype="Int64"), [1.0, np.nan]),
        (np.float32([0.1, 0.2]), np.array([0.1, 0.2])),
        (np.float32(0.1), 0.1),
        (np.float32([1.0, -1e-8]), [1.0, 0.0]),
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (np.array([[True, False]]), np.array([[1.0, 0.0]])),
        (1, True),
        ([np.array([1.0]), 2], (np.array([1.0]), 2.0)),
        (pd.Series({"a": 1.0}), {"a": 1}),
        (Counter("aab"), {"a": 2, "b": 1}),
        (sparse.eye_array(2), np.eye(2)),
        (np.array([1, "a"], dtype=object), [1, "a"]),
        ([1, "a"], np.array([1, "a"], dtype=object)),
    ],
)
def test_equal(got, want):
    assert difference(got, want) == ""


@pytest.mark.parametrize(
    ("got", "want", "text"),
    [
        (1_000_001, 1_000_000, "expected 1000000, got 1000001"),
        (np.array([10**7 + 1]), np.array([10**7]), "expected array [10000000]"),
        (2, True, "expected True, got 2"),
        (np.array([1, 2]), ["a", 2], "item 0: expected a text, 'a', got a number, 1"),
        ({"a": 1}, [1], "expected a list or tuple, [1], got a dictionary"),
        ("ab", ["a", "b"], "expected a list or tuple, ['a', 'b'], got a text"),
        ([0.1], 0.1, "expected a number, 0.1, got a list or tuple"),
        (np.float32(0.1001), 0.1, "expected 0.1, got 0.1001"),
        ([1, [2, 3]], [1, [2, 4]], "item 1: item 1: expected 4, got 3"),
        ([1], [1, 2], "expected 2 items, [1, 2], got [1]"),
        ({"a": 1}, {"b": 1}, "expected the keys ['b'], got ['a']"),
        ({"a": 1}, {"a": 2}, "under 'a': expected 2, got 1"),
        (np.arange(20), np.r_[0:19, 7], "at index (19,): expected 7, got 19"),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [2]}), "expected "),
        (pd.Series([1, 2]), pd.DataFrame({"a": [2]}), "shape (1, 1), got shape (2,)"),
        (np.nan, 1.0, "expected 1.0, got nan"),
        (np.inf, 1.0, "got inf"),
        (1.000002, 1.0, "expected 1.0, got 1"),
        ("a", "b", "expected 'b', got 'a'"),
    ],
)
def test_different(got, want, text):
    assert text in difference(got, want)


def test_a_message_has_digits_enough():
    expected, got = difference(1.000002, 1.000004, rtol=1e-9).split(", ")
    assert expected.split()[1] != got.split()[1]


@pytest.mark.parametrize(
    ("got", "text"),
    [
        (np.array([[1], [2]]), "the values are right, but the result must be a DataFr"),
        (np.array([[1], [3]]), "got array [[1], [3]], but the result must be a DataFr"),
        (pd.DataFrame({"b": [1, 2]}), "expected the columns ['a'], got ['b']"),
        (pd.DataFrame({"a": [1, 2]}, [3, 4]), "expected the index [0, 1], got [3, 4]"),
    ],
)
def test_a_container_that_matters_is_named(got, text):
    want = pd.DataFrame({"a": [1, 2]})
    assert text in difference(got, want, container=pd.DataFrame)
    assert difference(want.astype(float), want, container=pd.DataFrame) == ""


def test_torch_tensors_are_arrays():
    torch = pytest.importorskip("torch")
    assert difference(np.ones(2), torch.ones(2)) == ""
    assert difference(torch.ones(2, dtype=torch.float64), torch.ones(2)) == ""
    assert difference([1.0, 1.0], torch.ones(2)) == ""
    assert difference(torch.ones(2, requires_grad=True), np.ones(2)) == ""
    assert "shape (2,)" in difference(torch.ones(3), torch.ones(2))


def test_own_comparison_decides(folder):
    path = folder / "linear_regression" / "mean.py"
    case = "Case('sign', (-np.ones((1, 1)),), 0, compare=lambda g, w: (g < w).all())"
    path.write_text(MEAN.partition("CASES")[0] + f"CASES = [{case}]")
    assert check("3.2", lambda X: X.mean(0), folder).passed
    assert "expected 0, got array [1]" in check("3.2", lambda X: -X[0], folder).message
    assert "cannot be compared" in check("3.2", lambda X: "text", folder).message


# Errors for the author of an exercise


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('"""Exercise 3.2:', '"""Excercise 3.2:', "must start with"),
        ('"""Exercise 3.2:', '"""Exercise 3.0:', "must start with"),
        ("# %% check", "# %% checks", "unknown section '# %% checks'"),
        ("# %% stub", "# %% solution", "one section '# %% stub', has 0"),
        ('# %% wrong: "You took', '# %% solution\n# %% wrong: "You took', "has 2"),
        ('wrong: "You took', "wrong: You took", "wrong: with a quoted hint"),
        ('wrong: "You took', 'wrong "You took', "wrong: with a quoted hint"),
        ("X.mean(axis=1)", "X.mean(axis=1", "line 21: '(' was never closed"),
        ("CASES = [", "CASE = [", "must set CASES"),
        ('Case("two rows"', 'dict(name="two rows"', "not a Case"),
        ("args=(np.array([[1.0, 5.0]]),)", "args=np.ones(2)", "args of case 'one row'"),
        (
            "def column_means(X):\n    X /=",
            "def means(X):\n    X /=",
            "'wrong' does not",
        ),
        ("    raise NotImplementedError", "    pass\ndef g(): pass", "column_means, g"),
        ("CASES = [", "CASES = [1 / 0,", "ZeroDivisionError"),
    ],
)
def test_a_malformed_file_is_named_with_its_fault(folder, old, new, error):
    path = folder / "linear_regression" / "mean.py"
    assert old in MEAN
    path.write_text(MEAN.replace(old, new))
    with pytest.raises(ExerciseError) as caught:
        load_exercise("3.2", folder)
    assert str(path) in str(caught.value)
    assert error in str(caught.value)


def test_a_file_without_wrong_answers_is_refused(folder):
    path = folder / "linear_regression" / "mean.py"
    head, _, rest = MEAN.partition("# %% wrong")
    path.write_text(head + "# %% check" + rest.partition("# %% check")[2])
    with pytest.raises(ExerciseError, match="needs a section '# %% wrong"):
        load_exercise("3.2", folder)


def test_two_files_with_one_id_are_refused(folder):
    (folder / "linear_regression" / "twice.py").write_text(MEAN)
    with pytest.raises(
        ExerciseError, match=r"twice\.py and .*mean\.py both have the id 3\.2"
    ):
        find_exercises(folder)


def test_arguments_of_a_case_are_a_tuple():
    with pytest.raises(TypeError, match=r"args of case 'a' must be a tuple.*got list"):
        Case("a", args=[1], want=1)


# The command


def run(folder, *args):
    """Run the command as a reader does and return its exit status and output."""
    command = [sys.executable, "-m", "mlmastery.check", *map(str, args)]
    done = subprocess.run(
        [*command, "--exercises", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,  # a check that does not stop must fail, not hang
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def write(tmp_path):
    def write(source):
        path = tmp_path / "answer.py"
        path.write_text(source)
        return path

    return write


@pytest.fixture
def here(folder, capsys):
    """Run the command in this process: the same judgement, without the wait."""

    def here(*args):
        status = main([*map(str, args), "--here", "--exercises", str(folder)])
        return status, "".join(capsys.readouterr())

    return here


def test_command_passes_a_right_answer(folder, write):
    status, out, err = run(folder, "3.2", write(GOOD))
    assert (status, err) == (0, "")
    assert "Passed all 2 cases" in out


def test_command_fails_a_wrong_answer_with_its_hint(folder, write):
    status, out, _ = run(
        folder, "3.2", write("def column_means(X):\n    return X.mean(1)")
    )
    assert status == 1
    assert "Hint: You took the mean of each row" in out


@pytest.mark.parametrize(
    "source", ["while True: pass", "def column_means(X):\n    while True: pass"]
)
def test_command_stops_an_answer_that_never_ends(folder, write, source):
    status, out, _ = run(folder, "3.2", write(source), "--limit", "3")
    assert status == 1
    assert "stopped after 3 s" in out


def test_command_survives_an_answer_that_kills_python(folder, write):
    status, out, _ = run(folder, "3.2", write("import os; os.abort()"))
    assert status == 1
    assert "ended Python itself" in out


@pytest.mark.parametrize("leave", ["import os; os._exit(0)", "import os; os._exit(7)"])
def test_command_is_not_fooled_by_an_answer_that_leaves_early(folder, write, leave):
    status, out, _ = run(folder, "3.2", write(f"{GOOD}{leave}"))
    assert status == 1
    assert "the answer ended Python itself, status" in out


def test_command_shortens_what_the_answer_prints(folder, write):
    status, out, _ = run(folder, "3.2", write(f"{GOOD}print('x' * 1_000_000)"))
    assert status == 0
    assert "Passed all 2 cases" in out
    assert len(out) < 2500


def test_command_ends_what_the_answer_started(folder, write, tmp_path):
    later = tmp_path / "later"
    child = f"import time; time.sleep(2); open({str(later)!r}, 'w')"
    start = (
        f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {child!r}])"
    )
    status, _, _ = run(folder, "3.2", write(f"{GOOD}{start}"))
    assert status == 0
    time.sleep(2.5)
    assert not later.exists()


def test_command_stops_what_goes_on_after_the_verdict(folder, write):
    thread = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()"
    status, out, _ = run(folder, "3.2", write(f"{thread}\n{GOOD}"), "--limit", "4")
    assert status == 0
    assert "Passed all 2 cases" in out


def test_command_lists_the_exercises(here):
    assert here() == (0, "  3.2  The mean of the columns\n 10.1  Other\n")


def test_command_prints_the_stub_alone(here, write):
    status, out = here("3.2", "--stub")
    assert status == 0
    assert out.startswith("import numpy as np\n\n\ndef column_means(X):")
    assert out.endswith("raise NotImplementedError\n")
    assert "Not written yet" in here("3.2", write(out))[1]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = 1\ndef column_means(X:\n", "answer.py, line 2: "),
        ("def colum_means(X): return 1", "found colum_means; is colum_means misspelt"),
        ("x = 3\0", "answer.py is not Python source"),
        ("x = 3", "expected a function column_means"),
        ("column_means = 3", "found column_means to be a int"),
        ("import nowhere", "ModuleNotFoundError: No module named 'nowhere', at line 1"),
        ("import sys\nsys.exit()", "it raised SystemExit, at line 2 `sys.exit()`"),
        (
            "def column_means(X):\n    y = 0\n    return X / y[0]",
            "not subscriptable, at line 3 `return X / y[0]`",
        ),
    ],
)
def test_an_unusable_answer_is_a_sentence(here, write, source, said):
    status, out = here("3.2", write(source))
    assert status == 1
    assert said in out
    assert "Traceback" not in out


def test_the_answer_is_not_run_as_a_script(write):
    path = write(GOOD + "if __name__ == '__main__':\n    raise SystemExit\n")
    assert load_answer(path, "column_means")


def test_an_answer_in_no_known_encoding_is_a_sentence(tmp_path):
    path = tmp_path / "answer.py"
    path.write_bytes(b"x = '\xff'\n")
    with pytest.raises(AnswerError, match=r"answer\.py"):
        load_answer(path, "x")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("3.2", "missing.py"), "there is no file missing.py"),
        (("3.9", "missing.py"), "there is no exercise 3.9; the nearest: 3.2"),
        (("3.2",), "give the file with your answer"),
    ],
)
def test_a_mistaken_command_ends_with_status_2(here, args, said):
    status, out = here(*args)
    assert status == 2
    assert said in out
