"""Runs are cached, sealed, byte-identical, and survive kills and full disks."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mlmastery.ml_pipeline import (
    ConfigError,
    ManifestError,
    PipelineRunner,
    RunConfig,
    SchemaFault,
    StepStore,
    canonical,
    frame_hash,
    learn_schema,
    load_run,
    plain,
    read_manifest,
    read_table,
    seal,
    step_key,
    write_manifest,
)
from mlmastery.ml_pipeline import manifest as manifest_module
from mlmastery.ml_pipeline import runner as runner_module
from mlmastery.ml_pipeline.__main__ import main

CODE = str(Path(runner_module.__file__).parents[2])


def files_of(folder):
    return {p.name: p.read_bytes() for p in sorted(Path(folder).iterdir())}


def changed(runner, **entries):
    config = RunConfig(**{**runner.config.entries(), **entries})
    return PipelineRunner(config)


def cached(report):
    return [step for step, row in report.steps.iterrows() if row["cached"]]


# Configuration


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "data: a.csv\ntarget: y\nmodle: forest",
            "unknown entry 'modle': did you mean 'model'",
        ),
        ("data: a.csv\ntarget: y\nzzz: 1", "unknown entry 'zzz': known are data"),
        ("data: a.csv", "missing entry: target"),
        ("- a", "expected entries"),
        ("", "expected entries"),
        ("data: [", "not valid YAML"),
        ("data: a.csv\ntarget: y\ndata: b.csv", "entry 'data' is stated twice"),
        ("data: a.csv\ntarget: y\nselect: [1]", "select must be a whole number"),
        ("data: a.csv\ntarget: y\nmodel: {a: 1}", "model must be one of"),
        ("data: a.csv\ntarget: y\nmargin: .nan", "margin must be a number"),
        ("1: 2\ndata: a.csv\ntarget: y", "unknown entry 1: known are"),
        ("data: a.csv\ntarget: 3", "target must be a text, got 3"),
        ("data: a.csv\ntarget: ''", "target must be a text"),
        ("data: a.csv\ntarget: y\ntest_size: 2", "test_size must lie between 0 and 1"),
        ("data: a.csv\ntarget: y\nonnx: maybe", "onnx must be one of True, False"),
        ("data: a.csv\ntarget: y\nmargin: -1", "margin must be a number of at least 0"),
        ("data: a.csv\ntarget: y\nselect: 0", "select must be a whole number"),
        (
            "data: a.csv\ntarget: y\nunknown: keep",
            "unknown must be one of refuse, flag",
        ),
        ("data: a.csv\ntarget: y\nextra: keep", "extra must be one of refuse, ignore"),
        ("data: a.csv\ntarget: y\nrandom_state: -1", "random_state must be"),
        ("data: !!python/object/apply:os.getcwd []\ntarget: y", "not valid YAML"),
    ],
)
def test_configurations_that_cannot_be_used(text, words):
    with pytest.raises(ConfigError, match=words):
        RunConfig.from_yaml_text(text)


def test_data_that_are_not_there(runner, tmp_path):
    with pytest.raises(ConfigError, match="must be a file that exists"):
        changed(runner, data=str(tmp_path / "none.csv")).run()
    with pytest.raises(ConfigError, match="parquet file, got 'load_x'"):
        changed(runner, data="load_x").run()
    with pytest.raises(FileNotFoundError, match="no run was published"):
        changed(runner, directory=str(tmp_path / "new")).current()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("t.csv", b"", "data: t.csv cannot be read: No columns"),
        ("t.csv", b"\xff\xfe\x00a,b\n", "cannot be read: 'utf-8'"),
        ("t.csv", b'a,b\n1,2,3,4\n5\n"6', "cannot be read"),
        ("t.csv", b"a;b\n1;2\n", "single column 'a;b'; its values must be separated"),
        ("t.csv", b"a\tb\n1\t2\n", "must be separated by commas"),
        ("t.parquet", b"junk", "data: t.parquet cannot be read"),
        ("t.csv", b"a,b\n", "data must hold at least one row"),
    ],
)
def test_files_that_are_no_table(runner, tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=words):
        changed(runner, data=str(tmp_path / name)).run()


def test_a_misspelt_loader_and_an_upper_case_file(runner, tmp_path):
    with pytest.raises(ConfigError, match=r"got 'load_x1'; did you mean 'load_x'\?"):
        read_table("load_x1", {"load_x": small_frame})
    with pytest.raises(
        ConfigError, match=r"table must be a \.csv or \.parquet file, g"
    ):
        read_table("a.xlsx", {}, "table")
    (tmp_path / "SMALL.CSV").write_bytes(Path(runner.config.data).read_bytes())
    (tmp_path / "u.yaml").write_text("data: SMALL.CSV\ntarget: y\n")
    upper = PipelineRunner(RunConfig.from_yaml(tmp_path / "u.yaml"))
    assert upper.run().folder.is_dir()


def test_a_configuration_must_be_utf8(tmp_path):
    (tmp_path / "c.yaml").write_bytes(b"data: \xff")
    with pytest.raises(ConfigError, match=r"c\.yaml must be UTF-8"):
        RunConfig.from_yaml(tmp_path / "c.yaml")


# Steps


def small_frame():
    return pd.DataFrame({"x": [0.5, 1, 2, 3] * 10, "y": ["n", "n", "y", "y"] * 10})


def test_no_file_of_the_book_runs_in_a_step_without_being_in_its_key(
    runner, tmp_path, monkeypatch
):
    """A change in an unlisted file would leave an old result in use."""
    package = Path(runner_module.HERE).parent
    rules = tmp_path / "rules.yaml"
    table = pd.read_csv(runner.config.data)
    rules.write_text(learn_schema(table.drop(columns="y")).to_yaml())
    ran, do = {}, runner_module._Work.__call__

    def followed(work, folder):
        names = set()
        sys.setprofile(lambda frame, *_: names.add(frame.f_code.co_filename))
        try:
            do(work, folder)
        finally:
            sys.setprofile(None)
        ran[work.step] = {Path(n) for n in names if n.startswith(str(package))}

    monkeypatch.setattr(runner_module._Work, "__call__", followed)
    changed(runner, onnx=True, select=3, schema=str(rules)).run()
    assert set(ran) == set(runner_module.CODE)
    for step, files in ran.items():
        listed = {
            (runner_module.HERE / f"{name}.py").resolve()
            for name in runner_module.CODE[step]
        }
        assert files <= listed, step
        assert all(path.is_file() for path in listed)


def test_the_key_of_an_export_holds_the_converters_version(monkeypatch):
    args = ({"fit": "1"}, {"onnx": True}, "code")
    before = {s: step_key(s, *args) for s in ("split", "validate", "export")}
    real = manifest_module.version
    for package, hit in (
        ("scipy", {"split", "validate", "export"}),
        ("skl2onnx", {"export"}),
        ("pandera", {"validate"}),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(
                manifest_module,
                "version",
                lambda n, p=package: "0" if n == p else real(n),
            )
            after = {s: step_key(s, *args) for s in before}
        assert {s for s in before if after[s] != before[s]} == hit


def test_an_edited_comment_repeats_the_step_and_nothing_behind_it(runner, monkeypatch):
    runner.run()
    real = runner_module._code_hash
    monkeypatch.setattr(
        runner_module, "_code_hash", lambda s: "new" if s == "fit" else real(s)
    )
    assert cached(runner.run()) == ["validate", "split", "evaluate"]


def test_a_dropped_column_may_come_or_not(tmp_path):
    df = small_frame().assign(number=range(40), same=1)
    config = RunConfig("t", "y", directory=str(tmp_path))
    report = PipelineRunner(config, {"t": lambda: df}).run()
    assert report.metrics["refused"] == 0
    guarded, new = load_run(report.folder), df.drop(columns="y").assign(number=9999)
    right = guarded.predict(new)
    pd.testing.assert_frame_equal(guarded.predict(new[["x"]]), right)
    with pytest.raises(SchemaFault, match="y: column that the schema does not have"):
        guarded.predict(df)


def test_a_repeated_run_does_nothing_but_load(runner):
    first, again = runner.run(), runner.run()
    assert cached(first) == []
    assert cached(again) == ["validate", "split", "fit", "evaluate"]
    assert first.folder == again.folder == runner.current()
    assert first.metrics == again.metrics
    assert first.metrics["model"] < first.metrics["dummy"]
    assert runner.status()["state"].tolist() == ["done"] * 4


@pytest.mark.parametrize(
    ("entries", "kept"),
    [
        ({"model": "forest"}, ["validate", "split"]),
        ({"margin": 0.1}, ["validate", "split"]),
        ({"random_state": 5}, ["validate"]),
        ({"test_size": 0.3}, ["validate"]),
        ({"onnx": True}, ["validate", "split", "fit", "evaluate"]),
    ],
)
def test_a_change_repeats_what_depends_on_it(runner, entries, kept):
    runner.run()
    assert cached(changed(runner, **entries).run()) == kept


def test_new_data_new_code_and_new_versions_make_old_results_unusable(
    runner, monkeypatch
):
    runner.run()
    with monkeypatch.context() as patch:
        patch.setattr(runner_module, "_code_hash", lambda step: "other")
        assert set(runner.status()["state"]) == {"to do"}
    with monkeypatch.context() as patch:
        patch.setattr(
            runner_module, "package_versions", lambda more=(): {"numpy": "1.0"}
        )
        assert set(runner.status()["state"]) == {"to do"}
    df = pd.read_csv(runner.config.data)
    df.loc[0, "b"] += 1
    df.to_csv(runner.config.data, index=False)
    assert set(runner.status()["state"]) == {"to do"}


def test_a_stated_schema_is_enforced_before_fitting(runner, tmp_path):
    df = pd.read_csv(runner.config.data)
    rules = learn_schema(df.drop(columns="y"))
    path = tmp_path / "rules.yaml"
    path.write_text(rules.to_yaml())
    strict = changed(runner, schema=str(path))
    folder = strict.run().folder
    assert cached(strict.run()) == ["validate", "split", "fit", "evaluate"]
    path.write_text(rules.to_yaml().replace("nurse", "doctor"))
    with pytest.raises(SchemaFault, match="job: 'nurse' in"):
        strict.run()
    assert strict.current() == folder
    with pytest.raises(ConfigError, match="schema must be a text"):
        changed(runner, schema=3)


def test_a_corrupted_result_is_made_again(runner):
    good = runner.run()
    right = files_of(good.folder)
    (place,) = (runner.directory / "steps").glob("fit-*")
    (place / "model.skops").write_bytes(b"broken")
    (good.folder / "metrics.json").write_text("{}")
    report = runner.run()
    assert "fit" not in cached(report)
    assert files_of(report.folder) == right


def test_the_schema_and_the_model_come_from_training_rows_alone(runner):
    report = runner.run()
    rows = json.loads((report.folder / "split.json").read_text())
    assert sorted(rows["train"] + rows["test"]) == list(range(120))
    assert len(rows["test"]) == 24
    df = pd.read_csv(runner.config.data)
    yes = df["y"] == "yes"  # stratified: the shares of the classes are kept
    assert abs(yes[rows["test"]].mean() - yes.mean()) <= 1 / 24
    df.loc[rows["test"], "a"] = 1e6  # test rows alone
    df.to_csv(runner.config.data, index=False)
    other = runner.run()
    for name in ("model.skops", "schema.yaml"):
        assert (other.folder / name).read_bytes() == (report.folder / name).read_bytes()
    assert other.metrics["refused"] == 24
    assert report.metrics["refused"] < 24


def test_regression_tables_run_too(tmp_path):
    rng = np.random.default_rng(0)
    df = pd.DataFrame({"x": rng.normal(size=80)}).assign(
        y=lambda t: 3 * t["x"] + rng.normal(size=80)
    )
    config = RunConfig("t", "y", directory=str(tmp_path))
    report = PipelineRunner(config, {"t": lambda: df}).run()
    assert report.metrics["loss"] == "mean absolute error"
    assert report.metrics["model"] < report.metrics["dummy"]


# Byte-identical


def command(verb, config, *more, **environment):
    return subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            "-m",
            "mlmastery.ml_pipeline",
            verb,
            str(config),
            *more,
        ],
        env={**os.environ, "PYTHONPATH": CODE, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.slow
def test_two_cold_processes_write_the_same_bytes(config, tmp_path):
    config.write_text(config.read_text() + "onnx: true\n")
    produced = []
    for seed in ("1", "2"):
        place = tmp_path / seed
        place.mkdir()
        for name in ("config.yaml", "small.csv"):
            (place / name).write_bytes((tmp_path / name).read_bytes())
        done = command("run", place / "config.yaml", PYTHONHASHSEED=seed)
        assert (done.returncode, done.stderr) == (0, "")
        produced.append(
            files_of(
                PipelineRunner(RunConfig.from_yaml(place / "config.yaml")).current()
            )
        )
    assert produced[0] == produced[1]
    assert {"manifest.json", "model.skops", "model.onnx", "schema.yaml"} <= set(
        produced[0]
    )


# One process imports once, and forks a child for each job: ``before`` is done in it.
JOBS = {
    **{
        f"kill {step}": f"""
def die(self, folder):
    (folder / "half.json").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
runner._Work._{step} = die
"""
        for step in ("validate", "split", "fit", "evaluate")
    },
    "kill publish": "runner.replacing = lambda *_: os.kill(os.getpid(), 9)",
    "twin 1": "",
    "twin 2": "",
    "full disk": """
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
""",
    # A user who may not write; root may write everywhere.
    "no permission": """
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
""",
}
OLD = {"kill publish": "margin: 1", "full disk": "model: forest"}
OLD["no permission"] = "margin: 1"
PARENT = """
import json, os, resource, signal, sys
from mlmastery.ml_pipeline import runner
from mlmastery.ml_pipeline.__main__ import main
pids, ends = {}, {}
for name, (before, config) in json.load(sys.stdin).items():
    pids[name] = os.fork()
    if pids[name] == 0:
        sys.stdout = sys.stderr = open(config + ".out", "w", buffering=1)
        exec(before)
        os._exit(main(["run", config]))
for name, pid in pids.items():
    ends[name] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(json.dumps(ends))
"""


@pytest.fixture(scope="module")
def children(tmp_path_factory, small):
    """Return the exit status and the runner of each job, and its last good folder."""
    root, jobs, runners, old = tmp_path_factory.mktemp("jobs"), {}, {}, {}
    for name, before in JOBS.items():
        place = root / name.split()[0] if "twin" in name else root / name
        place.mkdir(exist_ok=True)
        small.to_csv(place / "small.csv", index=False)
        path = place / "config.yaml"
        path.write_text("data: small.csv\ntarget: y\nunknown: flag\n")
        if name in OLD:
            old[name] = PipelineRunner(RunConfig.from_yaml(path)).run().folder
            path.write_text(path.read_text() + OLD[name] + "\n")
        jobs[name] = (before, str(path))
        runners[name] = PipelineRunner(RunConfig.from_yaml(path))
    # The other user must be able to read, and to write his messages.
    for folder in [root / "no permission", root, *root.parents[:3]]:
        folder.chmod(folder.stat().st_mode | 0o055)
    out = root / "no permission" / "config.yaml.out"
    out.touch()
    out.chmod(0o666)
    if os.getuid() != 0:
        (runners["no permission"].directory / "steps").chmod(0o555)
    done = subprocess.run(
        [sys.executable, "-B", "-c", PARENT],
        input=json.dumps(jobs),
        env={**os.environ, "PYTHONPATH": CODE},
        capture_output=True,
        text=True,
        timeout=300,
    )
    (runners["no permission"].directory / "steps").chmod(0o755)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), runners, old


def said(runner):
    return (runner.directory.parent / "config.yaml.out").read_text()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, small):
    """Return the files of a run that nothing disturbed."""
    place = tmp_path_factory.mktemp("undisturbed")
    small.to_csv(place / "small.csv", index=False)
    config = RunConfig(str(place / "small.csv"), "y", unknown="flag")
    config = RunConfig(**{**config.entries(), "directory": str(place / "runs")})
    return files_of(PipelineRunner(config).run().folder)


@pytest.mark.parametrize("step", ["validate", "split", "fit", "evaluate"])
def test_a_killed_run_goes_on_and_ends_with_the_same_bytes(step, children, undisturbed):
    ends, runners, _ = children
    runner = runners[f"kill {step}"]
    assert ends[f"kill {step}"] == -signal.SIGKILL
    assert list((runner.directory / "steps").glob(".part-*"))
    state = runner.status().set_index("step")["state"]
    steps = list(state.index)
    done = steps.index(step)
    assert state.tolist() == ["done"] * done + ["to do"] * (len(steps) - done)
    report = runner.run()
    assert cached(report) == steps[:done]
    assert list((runner.directory / "steps").glob(".part-*")) == []
    assert files_of(report.folder) == undisturbed


def test_killed_while_publishing(children):
    """The folder of the run and the file that names it are two steps."""
    ends, runners, old = children
    runner = runners["kill publish"]
    assert ends["kill publish"] == -signal.SIGKILL
    assert runner.current() == old["kill publish"]
    load_run(runner.current())
    again = runner.run()
    assert cached(again) == ["validate", "split", "fit", "evaluate"]
    assert runner.current() == again.folder != old["kill publish"]


def test_two_processes_at_once_do_not_mix(children, undisturbed):
    ends, runners, _ = children
    runner = runners["twin 1"]
    assert (ends["twin 1"], ends["twin 2"]) == (0, 0), said(runner)
    assert files_of(runner.current()) == undisturbed
    assert list((runner.directory / "steps").glob(".part-*")) == []


@pytest.mark.parametrize(
    ("job", "words"),
    [("full disk", "OSError: [Errno 27]"), ("no permission", "PermissionError: ")],
)
def test_a_folder_that_takes_no_file_keeps_the_old_run(children, job, words):
    """A limit on the size of files stands for the disk: the same error for a writer."""
    ends, runners, old = children
    assert ends[job] == 1
    assert said(runners[job]).startswith(words), said(runners[job])
    assert runners[job].current() == old[job]
    load_run(runners[job].current())


def test_two_runs_at_once_do_not_mix(runner, tmp_path):
    errors, reports = [], []

    def work():
        try:
            reports.append(PipelineRunner(runner.config).run())
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len({r.folder for r in reports}) == 1
    alone = changed(runner, directory=str(tmp_path / "alone")).run()
    assert files_of(reports[0].folder) == files_of(alone.folder)


def test_a_folder_that_cannot_be_made_or_written(runner, config, capsys):
    place = runner.directory.parent / "file"
    place.write_text("")
    with pytest.raises(OSError, match="file"):
        changed(runner, directory=str(place / "runs")).run()
    config.write_text(config.read_text() + "directory: file/runs\n")
    assert main(["run", str(config)]) == 1
    assert capsys.readouterr().err.startswith("NotADirectoryError")


# Manifest


def test_numpy_scalars_have_a_place_in_the_manifest(tmp_path):
    with pytest.raises(TypeError):
        json.dumps({"n": np.int64(3)})
    content = {
        "n": np.int64(3),
        "x": np.float32(0.5),
        "ok": np.bool_(True),
        "a": np.arange(2),
    }
    write_manifest(
        tmp_path / "m.json", {**content, "t": (1, None), "p": Path("a") / "b"}
    )
    read = read_manifest(tmp_path / "m.json")
    assert read == {
        "n": 3,
        "x": 0.5,
        "ok": True,
        "a": [0, 1],
        "t": [1, None],
        "p": "a/b",
    }
    assert type(read["ok"]) is bool


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (np.nan, ValueError),
        (np.float64("inf"), ValueError),
        ({1: 2}, TypeError),
        ({1}, TypeError),
        (b"x", TypeError),
    ],
)
def test_what_json_cannot_hold_leaves_the_old_manifest(tmp_path, value, error):
    write_manifest(tmp_path / "m.json", {"n": 1})
    with pytest.raises(error):
        write_manifest(tmp_path / "m.json", {"n": [value]})
    assert read_manifest(tmp_path / "m.json") == {"n": 1}


def test_seals():
    content = {"b": 1, "a": [1, 2]}
    assert seal(content) == seal({"a": (1, np.int8(2)), "b": 1, "seal": "x"})
    assert len({seal(content), seal(content, b"k"), seal({"b": 2, "a": [1, 2]})}) == 3
    assert canonical(content) == '{"a":[1,2],"b":1}'
    assert plain(np.str_("a")) == "a"


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "3", "{}", '{"n": 1}', '{"seal": 3}', "\x00"),
        '{"seal": "x", "n": NaN}',
        "[" * 100_000,
    ],
)
def test_files_that_are_no_manifest(tmp_path, text):
    path = tmp_path / "m.json"
    path.write_text(text)
    with pytest.raises(ManifestError, match=r"m\.json"):
        read_manifest(path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"files": ["model.skops"]},
        {"files": None},
        {"files": {"model.skops": 3}},
        {"versions": [1]},
        {"versions": {"numpy": 2}},
    ],
)
def test_a_sealed_manifest_of_another_shape(tmp_path, wrong):
    write_manifest(tmp_path / "manifest.json", wrong)
    with pytest.raises(ManifestError, match="must hold texts by name"):
        load_run(tmp_path)


def test_a_run_that_is_gone_is_made_again(runner):
    report = runner.run()
    for name in report.folder.iterdir():
        name.unlink()
    report.folder.rmdir()
    with pytest.raises(FileNotFoundError, match="run the configuration again"):
        runner.current()
    assert runner.run().folder == runner.current()
    (runner.directory / "current").write_text("../..")
    with pytest.raises(FileNotFoundError, match="is not there"):
        runner.current()


def test_the_hash_of_a_table_sees_names_types_and_values():
    df = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    others = [
        df.rename(columns={"a": "c"}),
        df.astype({"a": float}),
        df[["b", "a"]],
        df[::-1],
        df.assign(b=["x", "y"]),
    ]
    assert frame_hash(df) == frame_hash(df.copy().set_axis([5, 6]))
    assert frame_hash(df) not in {frame_hash(o) for o in others}


def test_the_manifest_says_what_made_the_run(runner):
    runner.run()
    manifest = runner.manifest()
    assert manifest["data"]["shape"] == [120, 4]
    assert manifest["config"]["data"] == "small.csv"
    assert set(manifest["steps"]) == {"load", "validate", "split", "fit", "evaluate"}
    assert {"python", "numpy", "pandas", "scikit-learn", "skops"} <= set(
        manifest["versions"]
    )
    assert manifest["seeds"] == {"split": 0, "fit": 0}
    assert str(runner.directory) not in json.dumps(manifest)


# Store


def test_a_step_that_fails_leaves_nothing(tmp_path):
    store = StepStore(tmp_path)

    def broken(folder):
        (folder / "half").write_text("half")
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        store.get("fit", "k" * 64, broken)
    assert list(tmp_path.iterdir()) == []


def test_parts_of_living_processes_stay(tmp_path):
    mine, dead = tmp_path / f".part-{os.getpid()}-x", tmp_path / ".part-999999999-x"
    odd = tmp_path / ".part-of-a-person"
    for part in (mine, dead, odd):
        part.mkdir()
    StepStore(tmp_path)
    assert mine.exists()
    assert odd.exists()
    assert not dead.exists()


# Command


def test_the_command_from_run_to_scores(config, runner, tmp_path, capsys):
    assert main(["status", str(config)]) == 0
    assert capsys.readouterr().out.count("to do") == 4
    assert main(["run", str(config)]) == 0
    out = capsys.readouterr().out
    assert "share wrong" in out
    assert "published run-" in out
    assert main(["verify", str(config)]) == 0
    new = pd.read_csv(tmp_path / "small.csv").drop(columns="y").head(5)
    new.loc[0, "job"] = "astronaut"
    new.to_csv(tmp_path / "new.csv", index=False)
    scored = tmp_path / "scored.csv"
    arguments = [
        "predict",
        str(config),
        str(tmp_path / "new.csv"),
        "--output",
        str(scored),
    ]
    assert main(arguments) == 0
    assert "5 rows scored, 1 with an unknown category" in capsys.readouterr().out
    table = pd.read_csv(scored)
    assert list(table) == ["prediction", "p_no", "p_yes", "unknown"]
    assert table["unknown"].tolist()[0] == "job"


def test_the_command_says_what_is_wrong_in_one_line(config, tmp_path, capsys):
    config.write_text("data: small.csv\ntarget: z\n")
    assert main(["run", str(config)]) == 1
    err = capsys.readouterr().err
    assert err.startswith("ValueError: target must be a column")
    assert err.count("\n") == 1
    assert main(["verify", str(config)]) == 1
    assert main(["run", str(tmp_path / "none.yaml")]) == 1


def test_the_command_knows_the_books_loaders_and_a_key(tmp_path, capsys):
    (tmp_path / "key").write_bytes(b"secret")
    path = tmp_path / "c.yaml"
    path.write_text("data: load_penguins\ntarget: species\n")
    key = ["--key-file", str(tmp_path / "key")]
    assert main(["run", str(path), *key]) == 0
    assert main(["verify", str(path), *key]) == 0
    assert main(["verify", str(path)]) == 1
    assert "sealed with another key" in capsys.readouterr().err
    path.write_text("data: os\ntarget: species\n")
    assert main(["run", str(path)]) == 1
    assert "ConfigError: data must be" in capsys.readouterr().err
