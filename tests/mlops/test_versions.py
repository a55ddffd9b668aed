import hashlib
import json
import subprocess
import sys
from functools import partial

import pytest
import yaml

from mlmastery.mlops import (
    Journal,
    Prediction,
    ToolError,
    Workspace,
    content_address,
    manifest_hashes,
    trace,
)
from mlmastery.mlops.ci import (
    STEPS,
    WORKFLOW,
    Pipeline,
    StepError,
    code_commit,
    main,
)
from mlmastery.mlops.load import load_rounds, load_test, percentile


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    return Workspace(tmp_path_factory.mktemp("versions") / "project")


@pytest.fixture(scope="module")
def commits(space):
    made = {}
    for content in (b"a,b\n1,2\n", b"a,b\n1,3\n"):
        md5 = space.add_data("data.csv", content)
        made[content] = (space.commit(f"Data {md5[:4]}"), md5)
    return made


def test_address_is_where_dvc_puts_it(space, commits):
    remote = space.folder / "../remote/files/md5"
    for content, (_, md5) in commits.items():
        address = content_address(content)
        assert address.replace("/", "") == md5 == hashlib.md5(content).hexdigest()
        assert (remote / address).read_bytes() == content


def test_an_old_commit_brings_the_old_data_even_from_the_remote(space, commits):
    import shutil

    (old, (commit, md5)), (new, _) = commits.items()
    shutil.rmtree(space.folder / ".dvc" / "cache")
    # DVC would not overwrite data that it has nowhere else.
    (space.folder / "data.csv").unlink()
    space.restore(commit)
    assert (space.folder / "data.csv").read_bytes() == old
    space.restore("main")
    assert (space.folder / "data.csv").read_bytes() == new
    assert space.data_hash("data.csv", commit) == md5


def test_commits_repeat(commits, tmp_path):
    again = Workspace(tmp_path / "project")
    content, (commit, _) = next(iter(commits.items()))
    md5 = again.add_data("data.csv", content)
    assert again.commit(f"Data {md5[:4]}") == commit


def test_a_tool_that_fails_says_why(space):
    with pytest.raises(ToolError, match=r"git show nothing: .*nothing"):
        space.git("show", "nothing")


def run_stages(space, stages, parameters=None):
    (space.folder / "params.yaml").write_text(json.dumps(parameters or {"a": 1}))
    (space.folder / "dvc.yaml").write_text(json.dumps({"stages": stages}))
    return space.reproduce(), manifest_hashes(space.folder)


def test_a_removed_parameter_is_not_seen_by_dvc_but_by_the_manifest(tmp_path):
    """The failing run of the page."""
    space = Workspace(tmp_path / "p")
    (space.folder / "in.txt").write_text("x")
    copy = {"cmd": "cp in.txt out.txt", "deps": ["in.txt"], "outs": ["out.txt"]}
    ran, first = run_stages(space, {"copy": copy | {"params": ["a"]}})
    assert ran == ["copy"]
    ran, changed = run_stages(space, {"copy": copy | {"params": ["a"]}}, {"a": 2})
    assert ran == ["copy"]
    assert changed != first
    ran, removed = run_stages(space, {"copy": copy}, {"a": 2})
    assert ran == []
    assert removed != changed
    (space.folder / "in.txt").write_text("y")
    assert manifest_hashes(space.folder) != removed


def test_stages_without_inputs_and_always_changed_run_each_time(tmp_path):
    space = Workspace(tmp_path / "p")
    stages = {
        "alone": {"cmd": "echo ran"},
        "forced": {"cmd": "echo x > f.txt", "outs": ["f.txt"], "always_changed": True},
    }
    (_, first), (again, second) = (run_stages(space, stages) for _ in range(2))
    assert again == ["alone", "forced"]
    assert first == second  # the manifest says that nothing is different


def test_trace_goes_from_prediction_to_commit(
    registry, champion, later, space, commits
):
    (_, (commit, md5)), (_, (other, _)) = commits.items()
    for version_of in (commit, other):
        registry.register(
            champion,
            metrics={},
            data_hash=md5,
            example=later.head(2),
            commit=version_of,
        )
    journal = Journal(space.folder.parent / "j.db")
    journal.append([Prediction("f", v, "champion", 0.1 * v) for v in (1, 2)])
    table = trace("f", journal, registry, space, "data.csv")
    assert table["agrees"].tolist() == [True, False]  # the second commit has other data
    assert table["commit"].tolist() == [commit, other]
    assert table.loc[1, "subject"] == f"Data {md5[:4]}"
    with pytest.raises(LookupError, match="no prediction for g"):
        trace("g", journal, registry, space, "data.csv")


# --- delivery ---------------------------------------------------------------------


def test_workflow_runs_exactly_the_steps(tmp_path):
    jobs = yaml.safe_load(WORKFLOW.read_text())["jobs"]
    commands = [s["run"] for s in jobs["deliver"]["steps"] if "run" in s]
    assert commands[0].startswith("python -m pip install")
    expected = [f"python -m mlmastery.mlops ci {s} --state state" for s in STEPS]
    assert commands[1:] == expected


@pytest.mark.slow
def test_the_workflows_own_commands_deliver(tmp_path):
    jobs = yaml.safe_load(WORKFLOW.read_text())["jobs"]
    for step in jobs["deliver"]["steps"]:
        command = step.get("run", "")
        if "mlmastery.mlops" in command:
            words = [sys.executable, *command.split()[1:]]
            subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
    assert Pipeline(tmp_path / "state").registry().aliases()["champion"] == 1


def test_delivery_promotes_and_a_refused_gate_changes_nothing(
    tmp_path, template, monkeypatch, capsys
):
    import shutil

    shutil.copy(template, tmp_path / "registry.db")
    days = {"training": "2013-01-01:2013-01-20", "validation": "2013-01-20:2013-01-27"}
    pipeline = Pipeline(tmp_path, **days)
    pipeline.train()
    assert pipeline.deploy() == "version 1 is the champion"
    assert (tmp_path / "deployed.txt").read_text() == "1\n"
    pipeline.train()
    from mlmastery.mlops import ci
    from mlmastery.mlops.gate import CHECKS, Check, judge

    refusing = {**CHECKS, "log loss": lambda *_: Check(2.0, 1.0)}
    monkeypatch.setattr(ci, "judge", partial(judge, checks=refusing))
    with pytest.raises(StepError, match="the gate refuses: log loss"):
        pipeline.deploy()
    aliases = pipeline.registry().aliases()
    assert aliases == {"champion": 1, "challenger": 2}
    words = ["--state", str(tmp_path), "--validation", days["validation"]]
    assert main(["validate", *words]) == 1
    assert "validate failed: the gate refuses: log loss" in capsys.readouterr().err


def test_the_commit_is_gits_and_says_what_is_not_committed(tmp_path, monkeypatch):
    assert code_commit(tmp_path) == "unknown"
    space = Workspace(tmp_path / "p")
    (space.folder / "a.py").write_text("1")
    commit = space.commit("One")
    assert code_commit(space.folder) == commit
    (space.folder / "notes.txt").write_text("not of the code")
    assert code_commit(space.folder) == commit
    (space.folder / "a.py").write_text("2")
    assert code_commit(space.folder) == commit + "-dirty"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert code_commit(space.folder) == "unknown"


def test_delivered_models_carry_the_commit_and_each_delivery_is_a_version(
    tmp_path, template, monkeypatch, capsys
):
    import shutil

    from mlmastery.mlops import ci

    monkeypatch.setattr(ci, "code_commit", lambda: "abc-dirty")
    shutil.copy(template, tmp_path / "registry.db")
    words = ["--state", str(tmp_path), "--training", "2013-01-01:2013-01-20"]
    words += ["--validation", "2013-01-20:2013-01-27"]
    for version in (1, 2):
        for step in ("train", "deploy"):
            assert main([step, *words]) == 0
        assert f"version {version} is the champion" in capsys.readouterr().out
    found = Pipeline(tmp_path).registry().resolve("champion")
    assert (found.version, found.commit) == (2, "abc-dirty")
    assert main(["train", *words, "--commit", "mine"]) == 0
    assert Pipeline(tmp_path).registry().resolve(3).commit == "mine"


def test_steps_without_a_challenger_say_so(tmp_path, template, capsys):
    import shutil

    shutil.copy(template, tmp_path / "registry.db")
    for step in ("validate", "deploy"):
        assert main([step, "--state", str(tmp_path)]) == 1
        said = capsys.readouterr().err
        assert said.startswith(f"{step} failed: the registry does not answer")


def test_nonsense_days_are_said_in_a_sentence(tmp_path, capsys):
    assert main(["train", "--state", str(tmp_path), "--training", "January"]) == 1
    assert "days must look like" in capsys.readouterr().err


@pytest.mark.slow
def test_the_suite_refuses_a_fortnight_without_a_storm(tmp_path):
    # The model of that fortnight takes a storm for a reason to be punctual.
    with pytest.raises(StepError, match=r"tests failed:(.|\n)*test_behaviour"):
        Pipeline(tmp_path, "2013-01-01:2013-01-15").test()


# --- load -------------------------------------------------------------------------


def test_percentile_is_the_nearest_rank():
    values = list(range(100, 0, -1))
    assert [percentile(values, s) for s in (0.01, 0.5, 0.99)] == [1, 50, 99]
    assert percentile([7.0], 0.99) == 7.0
    with pytest.raises(ValueError, match="share"):
        percentile(values, 1.0)


def test_load_test_counts_every_answer_once():
    from fastapi import FastAPI
    from starlette.responses import JSONResponse

    from mlmastery.web import serving_app

    app, seen = FastAPI(), []

    @app.post("/x")
    async def x(body: dict) -> JSONResponse:
        seen.append(body["i"])
        return JSONResponse({}, status_code=200 if body["i"] % 2 else 503)

    with serving_app(app) as address:
        result = load_test(address, "/x", [{"i": i} for i in range(40)], concurrency=4)
    assert sorted(seen) == list(range(40))
    assert (len(result.latencies), result.statuses.count(503)) == (40, 20)
    assert result.rate == pytest.approx(40 / result.seconds)


def test_load_test_without_a_server_says_so():
    with pytest.raises(ConnectionError, match="no answer"):
        load_test("http://127.0.0.1:9", "/x", [{}], concurrency=1, retries=1)
    with pytest.raises(
        ConnectionError, match="ended early: ConnectionError: no answer"
    ):
        load_rounds("http://127.0.0.1:9", {"x": ("/x", {}, 1, 1)}, rounds=1)


def test_load_rounds_go_through_the_plan_in_turn():
    from fastapi import FastAPI
    from starlette.responses import JSONResponse

    from mlmastery.web import serving_app

    app, seen = FastAPI(), []

    @app.post("/{name}")
    async def x(name: str, body: dict) -> JSONResponse:
        seen.append(name)
        return JSONResponse(body)

    plan = {"one": ("/a", {"i": 1}, 3, 1), "two": ("/b", {}, 2, 2)}
    with serving_app(app) as address:
        results = load_rounds(address, plan, rounds=2)
    assert "".join(seen) == "aaabbaaabb"
    assert {n: [len(r.latencies) for r in rs] for n, rs in results.items()} == {
        "one": [3, 3],
        "two": [2, 2],
    }
    assert all(r.rate > 0 and set(r.statuses) == {200} for r in results["one"])
