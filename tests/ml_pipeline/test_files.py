"""Every artefact attacked, and refused; exports equal; planted bugs caught."""

import io
import json
import pickle
import shutil
import sys
import tracemalloc
import zipfile

import joblib
import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from mlmastery.ml_pipeline import (
    ALLOWED,
    ATTACKS,
    BUGS,
    CHECKS,
    ArtefactError,
    ManifestError,
    OnnxScorer,
    Payload,
    TypeRefused,
    VersionMismatch,
    attack_table,
    build_pipeline,
    caught_by,
    check_versions,
    column_features,
    dump_bytes,
    export_onnx,
    flip_sweep,
    hostile_pickle,
    hostile_skops,
    infer_kinds,
    leave_mark,
    load_artefact,
    load_bytes,
    load_run,
    package_versions,
    parity,
    save_artefact,
    split_target,
)


@pytest.fixture
def copy(published, tmp_path):
    return shutil.copytree(published, tmp_path / "run")


@pytest.fixture(scope="module")
def model(small):
    X, y = split_target(small, "y")
    return build_pipeline(small, "y").fit(X, y)


# Attacks


def test_pickle_and_joblib_run_code_on_loading(tmp_path):
    for number, load in enumerate((pickle.load, joblib.load)):
        mark = tmp_path / f"mark{number}"
        load(io.BytesIO(hostile_pickle(mark)))
        assert mark.exists()


def test_a_lambda_does_not_pickle():
    with pytest.raises((AttributeError, pickle.PicklingError)):
        pickle.dumps(make_pipeline(FunctionTransformer(lambda x: x)))


@pytest.fixture(scope="module")
def attacked(published, small):
    return attack_table(published, small.drop(columns="y").head(40))


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_attack_is_refused_with_a_key(attacked, attack):
    assert attacked.loc[attack, "checked, key"].startswith("refused: ")


@pytest.mark.parametrize(
    ("attack", "trusting", "checked"),
    [
        ("hostile pickle", "code ran", "refused: ManifestError"),
        ("hostile pickle, resealed", "code ran", "refused: ArtefactError"),
        ("hostile skops", "code ran", "refused: ManifestError"),
        ("hostile skops, resealed", "code ran", "refused: TypeRefused"),
        ("flipped byte", "refused: BadZipFile", "refused: ManifestError"),
        ("truncated", "refused: BadZipFile", "refused: ManifestError"),
        ("another version", "opened", "refused: VersionMismatch"),
        ("renamed file", "refused: FileNotFoundError", "refused: FileNotFoundError"),
        ("manifest edited", "opened", "refused: ManifestError"),
        ("another model", "other answers", "refused: ManifestError"),
        ("another model, resealed", "other answers", "other answers"),
    ],
)
def test_what_each_attack_does_to_each_loader(attacked, attack, trusting, checked):
    assert attacked.loc[attack, ["trusting", "checked"]].tolist() == [trusting, checked]


def test_the_table_has_every_attack(attacked):
    assert list(attacked.index) == list(ATTACKS)


def test_a_good_run_opens_and_scores(published, small):
    guarded = load_run(published)
    out = guarded.predict(small.drop(columns="y"))
    assert (out["prediction"] == small["y"]).mean() > 0.7


def test_the_error_says_what_is_wrong(copy):
    text = (copy / "manifest.json").read_text()
    (copy / "manifest.json").write_text(text.replace('"target": "y"', '"target": "z"'))
    with pytest.raises(
        ManifestError, match=r"manifest\.json was changed after it was sealed"
    ):
        load_run(copy)
    (copy / "manifest.json").write_text(text)
    (copy / "schema.yaml").write_text("unknown: refuse")
    with pytest.raises(
        ManifestError, match=r"schema\.yaml is not the file of the manifest: expected"
    ):
        load_run(copy)
    with pytest.raises(ManifestError, match="does not list other"):
        load_artefact(copy, "other")


def test_swapped_columns_are_harmless_or_refused(published, small):
    guarded, X = load_run(published), small.drop(columns="y").head(30)
    right = guarded.predict(X)
    pd.testing.assert_frame_equal(guarded.predict(X[["job", "b", "a"]]), right)
    with pytest.raises(ValueError, match="a: type str"):
        guarded.predict(X.rename(columns={"a": "job", "job": "a"}))
    with pytest.raises(TypeError, match="DataFrame"):
        guarded.predict(X.to_numpy())


def test_versions_are_compared_before_the_file_is_opened(model, tmp_path, monkeypatch):
    save_artefact(model, tmp_path)
    (tmp_path / "model.skops").unlink()  # a loader that reads it first would say so
    monkeypatch.setattr(
        "mlmastery.ml_pipeline.artefact.package_versions",
        lambda: {"scikit-learn": "9.9"},
    )
    with pytest.raises(
        VersionMismatch, match=r"scikit-learn: saved with \d.*, installed is 9\.9"
    ):
        load_artefact(tmp_path)


def test_a_patch_of_python_is_not_another_version():
    here = package_versions()
    major = ".".join(here["python"].split(".")[:2])
    check_versions({**here, "python": f"{major}.99"})
    for wrong in (
        {**here, "python": "3.1.0"},
        {**here, "numpy": here["numpy"] + "1"},
        {},
    ):
        with pytest.raises(VersionMismatch):
            check_versions(wrong)


def test_the_list_is_of_exact_names(model, tmp_path):
    with pytest.raises(TypeError):
        skops.io.loads(dump_bytes(model), trusted=True)
    data = hostile_skops(model, tmp_path / "mark")
    with pytest.raises(
        TypeRefused, match=r"mlmastery\.ml_pipeline\.attacks\.leave_mark"
    ):
        load_bytes(data)
    opened = load_bytes(data, (*ALLOWED, "mlmastery.ml_pipeline.attacks.leave_mark"))
    assert not (tmp_path / "mark").exists()  # loading alone runs nothing
    assert opened[0].func is leave_mark
    with pytest.raises(TypeRefused, match="QuantileClipper"):
        load_bytes(
            dump_bytes(model), [n for n in ALLOWED if not n.endswith("QuantileClipper")]
        )


@pytest.mark.parametrize("kind", ["linear", "forest", "boosting"])
def test_every_model_of_the_builder_survives_the_trip(small, kind):
    for target in ("y", "a"):
        df = small.dropna()
        X, y = split_target(df, target)
        fitted = build_pipeline(df, target, model=kind, select=3).fit(X, y)
        data = dump_bytes(fitted)
        assert data == dump_bytes(fitted)
        assert (load_bytes(data).predict(X) == fitted.predict(X)).all()


def test_the_file_holds_no_hour_and_no_address(model):
    with zipfile.ZipFile(io.BytesIO(dump_bytes(model))) as file:
        assert {i.date_time for i in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        arrays = [n for n in file.namelist() if n.endswith(".npy")]
        assert arrays == [f"{i}.npy" for i in range(len(arrays))]
        ids = []

        def collect(node):
            if isinstance(node, dict):
                ids.extend([node["__id__"]] if "__id__" in node else [])
                node = list(node.values())
            for child in node if isinstance(node, list) else []:
                collect(child)

        collect(json.loads(file.read("schema.json")))
    assert max(ids) < len(ids)


def test_whether_equal_texts_share_memory_changes_no_byte():
    def filled(first, second):
        return make_pipeline(
            SimpleImputer(strategy=first), SimpleImputer(strategy=second)
        ).fit([[1.0], [2.0]])

    one, equal = "median", "".join(["med", "ian"])
    assert one is not equal
    assert dump_bytes(filled(one, one)) == dump_bytes(filled(one, equal))


@pytest.mark.parametrize("data", [b"", b"x" * 99, b"PK\x03\x04" + b"0" * 50])
def test_bytes_that_are_no_skops_file(data):
    with pytest.raises(ArtefactError, match="not a skops file"):
        load_bytes(data)


def packed(files, how=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return out.getvalue()


@pytest.fixture(scope="module")
def entries(model):
    with zipfile.ZipFile(io.BytesIO(dump_bytes(model))) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_a_zip_that_grows_is_refused_before_it_is_unpacked(entries):
    bomb = {**entries, "schema.json": b" " * 10**8 + entries["schema.json"]}
    data = packed(bomb, zipfile.ZIP_DEFLATED)
    assert len(data) < 10**6
    tracemalloc.start()
    with pytest.raises(ArtefactError, match="must hold its entries unpacked"):
        load_bytes(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10**7


@pytest.mark.parametrize("name", ["../evil.py", "/etc/evil", "a\\b", "a/b.npy"])
def test_entries_outside_the_file_are_refused(entries, name):
    with pytest.raises(ArtefactError, match="entries that no model has"):
        load_bytes(packed({**entries, name: b"x"}))


def test_a_pickle_inside_the_zip_is_not_run(entries, tmp_path):
    mark = tmp_path / "mark"
    array = next(n for n in entries if n.endswith(".npy"))
    buffer = io.BytesIO()
    np.save(buffer, np.array([Payload(leave_mark, 0, str(mark))], dtype=object))
    for content in (hostile_pickle(mark), buffer.getvalue()):
        with pytest.raises(ArtefactError, match="not a skops file"):
            load_bytes(packed({**entries, array: content}))
    with pytest.raises(ArtefactError, match="not a skops file"):
        load_bytes(packed({"model.pkl": hostile_pickle(mark)}))
    assert not mark.exists()


@pytest.mark.parametrize("loader", ["ObjectNode", "FunctionNode", "TypeNode"])
def test_a_refused_type_is_not_even_imported(tmp_path, monkeypatch, loader):
    """Importing a module runs it: the list is asked before."""
    (tmp_path / "foreign_module.py").write_text("raise SystemExit('it was imported')")
    monkeypatch.syspath_prepend(tmp_path)
    keys = {"__class__": "list", "__module__": "builtins", "__loader__": "ListNode"}
    attributes = {
        **{"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode"},
        **{"content": {}, "key_types": {**keys, "content": [], "__id__": 3}},
        "__id__": 2,
    }
    node = {
        **{"__class__": "f", "__module__": "foreign_module", "__loader__": loader},
        **{"content": attributes, "__id__": 1, "protocol": 2},
        "_skops_version": "0.16.0",
    }
    if loader == "TypeNode":
        node["content"] = {"__class__": "f", "__module__": "foreign_module"}
    with pytest.raises(TypeRefused, match="foreign_module"):
        load_bytes(packed({"schema.json": json.dumps(node)}))
    assert "foreign_module" not in sys.modules


def test_no_flipped_byte_changes_an_answer(small):
    X = small[["a", "b"]].fillna(0)
    data = dump_bytes(
        make_pipeline(StandardScaler(), LogisticRegression()).fit(X, small["y"])
    )

    def read(raw):
        return skops.io.loads(raw, trusted=[]).predict_proba(X)

    outcomes = flip_sweep(data, range(0, len(data), 31), read)["outcome"].value_counts()
    assert outcomes["zip"] > 0.8 * outcomes.sum()
    assert "changed" not in outcomes
    assert flip_sweep(b"abc", [1], lambda raw: np.array([len(raw)]))[
        "outcome"
    ].tolist() == ["harmless"]
    assert flip_sweep(b"abc", [1], lambda raw: np.frombuffer(raw, "u1"))[
        "outcome"
    ].tolist() == ["changed"]


def test_the_payload_prints(capsys):
    pickle.loads(pickle.dumps(Payload(print, "ran")))
    assert capsys.readouterr().out == "ran\n"


# ONNX


def hard(X):
    out = X.reset_index(drop=True)
    out.loc[:20, "job"] = "astronaut"
    out.loc[10:30, "job"] = None
    out.loc[25:40, "a"] = np.nan
    return out


@pytest.mark.parametrize("kind", ["linear", "forest", "boosting"])
def test_exports_agree_on_all_rows(small, kind):
    X, y = split_target(small, "y")
    fitted = build_pipeline(small, "y", model=kind).fit(X, y)
    scorer = OnnxScorer(export_onnx(fitted))
    rows = hard(X)
    off = parity(fitted.predict_proba(rows), scorer.predict_proba(rows))
    # The first column is no whole number: 32 bits may put single rows of trees elsewhere.
    assert off["relative"] < 1e-3 if kind == "linear" else off["absolute"] < 0.5
    whole = rows.assign(a=rows["a"].round(1).mul(10).round())
    refit = build_pipeline(whole.assign(y=y), "y", model=kind).fit(whole, y)
    scorer = OnnxScorer(export_onnx(refit))
    assert (
        parity(refit.predict_proba(whole), scorer.predict_proba(whole))["absolute"]
        < 1e-5
    )
    assert (scorer.predict(whole) == refit.predict(whole)).all()
    assert (scorer.predict(whole[whole.columns[::-1]]) == refit.predict(whole)).all()


def test_an_export_of_several_category_columns(small):
    town = np.where(np.arange(len(small)) % 3, "north", "south")
    df = small.assign(town=town)
    X, y = split_target(df, "y")
    fitted = build_pipeline(df, "y").fit(X, y)
    rows = hard(X)
    off = parity(
        fitted.predict_proba(rows), OnnxScorer(export_onnx(fitted)).predict_proba(rows)
    )
    assert off["relative"] < 1e-3


def test_scaled_numbers_move_rows_of_trees_and_unscaled_ones_do_not(small):
    rng = np.random.default_rng(0)
    X = pd.DataFrame(
        {"age": rng.integers(18, 70, 3000), "sum": rng.integers(1, 5000, 3000)}
    )
    y = pd.Series(
        np.where(X["age"] + rng.normal(0, 20, 3000) > 45, "yes", "no"), name="y"
    )
    df, off = X.assign(y=y), {}
    for scale in (True, False):
        model = build_pipeline(df, "y", model="boosting")
        model.set_params(features=column_features(infer_kinds(df, "y"), scale=scale))
        model.fit(X, y)
        off[scale] = parity(
            model.predict_proba(X), OnnxScorer(export_onnx(model)).predict_proba(X)
        )
    assert off[True]["absolute"] > 1e-3
    assert off[False]["absolute"] < 1e-5


def test_only_rows_at_a_threshold_move():
    """A value within 32-bit rounding of a threshold may land on its other side."""
    rng = np.random.default_rng(0)
    X = pd.DataFrame(
        {"age": rng.integers(18, 70, 3000), "sum": rng.integers(1, 5000, 3000)}
    )
    y = pd.Series(np.where(X["age"] + rng.normal(0, 20, 3000) > 45, "yes", "no"))
    df = X.assign(y=y)
    model = build_pipeline(df, "y", model="boosting")
    model.set_params(features=column_features(infer_kinds(df, "y"), scale=True))
    model.fit(X, y)
    exported = OnnxScorer(export_onnx(model)).predict_proba(X)
    moved = abs(model.predict_proba(X) - exported).max(axis=1) > 1e-3
    features = model[:-1].transform(X)
    near = np.zeros(len(X), dtype=bool)
    for tree in (t for trees in model[-1]._predictors for t in trees):
        for node in tree.nodes[tree.nodes["is_leaf"] == 0]:
            gap = abs(features[:, node["feature_idx"]] - node["num_threshold"])
            near |= gap <= 1e-6
    assert 0 < moved.sum() < len(X) / 2
    assert 0.1 < near.mean() < 0.9
    assert near[moved].all()


def test_large_targets_need_relative_tolerances(small):
    X = small[["b", "job"]]
    df = X.assign(
        y=1e5 * small["b"] + 1e4 * (small["job"] == "cook") + small["a"].fillna(0)
    )
    fitted = build_pipeline(df, "y").fit(X, df["y"])
    off = parity(fitted.predict(X), OnnxScorer(export_onnx(fitted)).predict(X))
    assert off["absolute"] > 1e-3
    assert off["relative"] < 1e-5


def test_parity_by_hand():
    assert parity([1000.0, 0.0], [1000.5, 1e-4]) == pytest.approx(
        {"absolute": 0.5, "relative": 0.1}
    )
    with pytest.raises(ValueError, match=r"one shape, got \(1,\) and \(2,\)"):
        parity([1.0], [1.0, 2.0])


def test_exports_that_are_refused(small, model):
    df = small.assign(when=pd.date_range("2024-01-01", periods=len(small)))
    X, y = split_target(df, "y")
    with pytest.raises(
        ValueError, match=r"dates cannot be exported yet, got \['when'\]"
    ):
        export_onnx(build_pipeline(df, "y").fit(X, y))
    with pytest.raises(ValueError, match="X lacks 1 columns: a"):
        OnnxScorer(export_onnx(model)).predict(small[["b", "job"]])


# Checks of pipelines

EXPECTED = {
    "no bug": [],
    "scales by the batch": ["one row"],
    "columns by place": ["column order"],
    "no seed": ["repeatable"],
    "holds a lambda": ["round trip"],
    "selects outside folds": ["shuffled"],
    "encodes outside folds": ["shuffled"],
    "classes swapped": ["dummy"],
    "unknown is baseline": ["unknown"],
    "sleeps": ["latency"],
}


@pytest.mark.parametrize("bug", BUGS)
def test_each_bug_is_caught_by_the_check_that_is_made_for_it(bug):
    failed = caught_by(BUGS[bug])
    if bug in EXPECTED:
        assert failed == EXPECTED[bug]
    assert bool(failed) == (bug != "no bug")


def test_every_check_has_a_bug():
    assert {"missing", "row order"} | {
        c for cs in EXPECTED.values() for c in cs
    } == set(CHECKS)
    assert "missing" in caught_by(BUGS["drops rows with gaps"])
    assert "row order" in caught_by(BUGS["codes by appearance"])
