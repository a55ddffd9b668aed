"""The data sets of automatic search: what their cards say is so."""

import json

import numpy as np
import pandas as pd
import pytest

from mlmastery.datasets import (
    DataError,
    load_amlb_2019,
    load_attrition,
    load_credit_data,
    load_german_credit,
    load_hpobench_mlp,
    load_hpolib_fcnet,
    load_lending_club,
    load_nas_bench_201,
    load_nas_bench_macro,
    nas_bench_201,
    nas_bench_macro,
)
from mlmastery.datasets.hpobench_mlp import _read_task


@pytest.fixture(autouse=True)
def _embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLMASTERY_DATA", raising=False)


def test_what_the_card_of_the_credit_data_says_of_faults_is_so():
    loans = load_credit_data()
    missing = loans.isna().sum()
    assert missing.sum() == 455
    assert missing["Income"] == 381
    assert loans.duplicated().sum() == 2


def test_what_the_card_of_lending_club_says_of_faults_is_so():
    loans = load_lending_club()
    assert round((loans["Class"] == "bad").mean(), 3) == 0.052
    assert loans["annual_inc"].min() == 0
    assert loans["revol_util"].max() > 100
    by_grade = (loans["Class"] == "bad").groupby(loans["sub_grade"].str[0]).mean()
    assert by_grade["A"] < by_grade["D"]  # the lender's own forecast


def test_what_the_card_of_attrition_says_of_faults_is_so():
    employees = load_attrition()
    assert round((employees["Attrition"] == "Yes").mean(), 3) == 0.161
    rates = employees[["DailyRate", "HourlyRate", "MonthlyRate"]]
    assert rates.corrwith(employees["MonthlyIncome"]).abs().max() < 0.05


def write_nas_bench_201(path, n=15625):
    rng = np.random.default_rng(0)
    codes = np.stack(np.unravel_index(np.arange(n) % 15625, (5,) * 6), axis=1)
    arrays = {"encoding": codes.astype("int8"), "operations": np.array(list("nspqa"))}
    for task in nas_bench_201.TASKS:
        arrays[f"{task}_valid_accuracy"] = rng.random((n, 3))
        arrays[f"{task}_valid_accuracy"][:7456, 2] = np.nan
        for measured in ("train_seconds", "latency_seconds", "params_millions"):
            arrays[f"{task}_{measured}"] = rng.random(n)
    np.savez(path, **arrays)
    return arrays


def test_architectures_keep_their_rows(tmp_path, monkeypatch):
    arrays = write_nas_bench_201(tmp_path / "nas_bench_201.npz")
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    table = load_nas_bench_201()
    assert table.loc[7, [f"edge_{i}" for i in range(6)]].tolist() == list("nnnnsp")
    assert table.loc[9000, "cifar100_accuracy_2"] == pytest.approx(
        arrays["cifar100_valid_accuracy"][9000, 2]
    )
    assert table.loc[3, "imagenet_latency"] == arrays["imagenet_latency_seconds"][3]


def test_a_table_that_was_cut_is_refused(tmp_path, monkeypatch):
    write_nas_bench_201(tmp_path / "nas_bench_201.npz", 15000)
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    with pytest.raises(DataError, match="expected 15625 rows, found 15000"):
        load_nas_bench_201()


def test_an_archive_that_was_cut_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "nas_bench_201.npz"
    write_nas_bench_201(path)
    path.write_bytes(path.read_bytes()[:5000])
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    with pytest.raises(DataError, match="not the original"):
        load_nas_bench_201()


def test_networks_are_read_by_their_blocks(tmp_path):
    networks = {
        "10": {"test_acc": [3.0, 4.0, 5.0], "params": 7, "flops": 9},
        "02": {"test_acc": [1.0, 2.0, 3.0], "params": 8, "flops": 6},
    }
    (tmp_path / "two.json").write_text(json.dumps(networks))
    table = nas_bench_macro._read_original(tmp_path / "two.json")
    expected = {
        "blocks": ["02", "10"],
        "accuracy_0": [1.0, 3.0],
        "accuracy_1": [2.0, 4.0],
        "accuracy_2": [3.0, 5.0],
        "parameters": [8, 7],
        "flops": [6, 9],
    }
    pd.testing.assert_frame_equal(table, pd.DataFrame(expected), check_dtype=False)


def test_a_task_of_hpobench_is_read_by_its_names():
    arrays = {
        "encoding": np.array([[0, 1, 2, 3, 4]]),
        "car_val_acc": np.array([[0.1, 0.2, 0.3, 0.4, 0.5]]),
        "car_train_seconds": np.array([6.0]),
    }
    row = _read_task(arrays, "car").iloc[0]
    assert row.tolist() == ["car", 0, 1, 2, 3, 4, 0.1, 0.2, 0.3, 0.4, 0.5, 6.0]


@pytest.mark.parametrize(
    "load",
    [
        load_amlb_2019,
        load_german_credit,
        load_hpobench_mlp,
        load_hpolib_fcnet,
        load_nas_bench_201,
        load_nas_bench_macro,
    ],
)
def test_what_does_not_come_with_the_book_says_so(load):
    with pytest.raises(DataError, match="does not come with the book"):
        load()


def test_german_credit_of_another_shape_is_refused(tmp_path, monkeypatch):
    (tmp_path / "german.data").write_text("A11 6 A34\n" * 1000)
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    with pytest.raises(DataError, match="expected 21 columns, found 3"):
        load_german_credit()


def test_an_archive_of_objects_is_never_unpickled(tmp_path, monkeypatch):
    class Attack:
        def __reduce__(self):
            return (tmp_path.joinpath("harmed").touch, ())

    np.savez(tmp_path / "hpobench_mlp.npz", car_val_acc=np.array([Attack()], object))
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    with pytest.raises(DataError, match="not the original"):
        load_hpobench_mlp()
    assert not (tmp_path / "harmed").exists()


def test_a_file_that_is_no_archive_is_refused(tmp_path, monkeypatch):
    np.save(tmp_path / "hpolib_fcnet.npy", np.zeros(3))
    (tmp_path / "hpolib_fcnet.npy").rename(tmp_path / "hpolib_fcnet.npz")
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    with pytest.raises(DataError, match="not the original"):
        load_hpolib_fcnet()
