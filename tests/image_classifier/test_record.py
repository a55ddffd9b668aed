"""The recording on photographs and its intervals."""

from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 on NumPy 2: __array__ without copy=
    "ignore:__array__ implementation:DeprecationWarning"
)


def test_recording_goes_on_where_it_was_cut_off(album: Path, monkeypatch):
    from mlmastery.image_classifier import record

    def cut_off(photos):
        raise KeyboardInterrupt

    first, second, third = record.ENTRANTS[:3]
    broken = record.Entrant(second.name, second.protocol, second.repeats, cut_off)
    monkeypatch.setattr(record, "ENTRANTS", (first, broken))
    with pytest.raises(KeyboardInterrupt):
        record.record(album)
    again = record.Entrant(first.name, first.protocol, first.repeats, cut_off)
    other = record.Entrant(first.name, "another", first.repeats, third.scores)
    monkeypatch.setattr(record, "ENTRANTS", (again, second))
    found = record.record(album)  # the first is read, not measured again
    assert [f.name for f in found] == [first.name, second.name]
    assert found[0].value > 0.9
    assert found[0].protocol == "40 photographs, 28 grey pixels, 5 folds"
    monkeypatch.setattr(record, "ENTRANTS", (other,))
    assert record.record(album)[0].protocol == "40 photographs, another"


def test_recording_is_on_stratified_folds_that_share_no_test_photograph(album: Path):
    from mlmastery.image_classifier.record import Photos

    photos = Photos()
    assert all(photos.y[test].mean() == 0.5 for _, test in photos.folds)
    assert sorted(np.concatenate([test for _, test in photos.folds])) == list(range(40))
    assert not any(np.intersect1d(*fold).size for fold in photos.folds)


def test_recorded_intervals_are_those_of_the_repeats(monkeypatch):
    from scipy import stats

    from mlmastery import ledger
    from mlmastery.image_classifier import record

    entrant = record.ENTRANTS[0]
    figure = {
        "name": entrant.name,
        "value": 0.7,
        "spread": {"kind": "standard deviation", "size": 0.05},
        "metric": "accuracy",
        "protocol": "p",
        "cpu_seconds": 1.0,
        "data_sha256": "0" * 64,
    }
    monkeypatch.setattr(ledger, "read_ledger", lambda slug: {"figures": [figure]})
    row = record.recorded_race().loc[entrant.name]
    want = stats.t.interval(0.95, 4, loc=0.7, scale=0.05 / 5**0.5)
    assert (row["low"], row["high"]) == pytest.approx(want)


def test_what_is_recorded_is_what_would_be_measured():
    from mlmastery.image_classifier import record
    from mlmastery.ledger import read_ledger

    figures = {
        f["name"]: f["protocol"] for f in read_ledger("image_classifier")["figures"]
    }
    assert figures == {
        e.name: f"1,399 photographs, {e.protocol}" for e in record.ENTRANTS
    }


def test_a_recording_cut_off_while_it_writes_leaves_no_half_file(album, monkeypatch):
    from mlmastery.image_classifier import record

    def full(figure, file):
        file.write("{")
        raise OSError("no space left on device")

    monkeypatch.setattr(record, "ENTRANTS", record.ENTRANTS[:1])
    with monkeypatch.context() as broken:
        broken.setattr(record.json, "dump", full)
        with pytest.raises(OSError, match="no space"):
            record.record(album)
    assert record.record(album)[0].value > 0.9


def test_networks_of_keras_are_recorded_where_their_weights_are(tmp_path, monkeypatch):
    from mlmastery.datasets import DataMissingError
    from mlmastery.image_classifier import record
    from mlmastery.image_classifier.transfer import backbone

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert record.entrants_with_weights() == ()
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / record.KERAS_WEIGHTS["vgg16"]).touch()
    (entrant,) = record.entrants_with_weights()
    assert entrant.name == "frozen features, vgg16"
    # The file's name is Keras' own: it asks for it.
    asked = []

    def get_file(name, *args, **kwargs):
        asked.append(name)
        raise OSError("no network")

    for name in record.KERAS_WEIGHTS:
        module = f"keras.src.applications.{name.replace('50', '')}.file_utils.get_file"
        monkeypatch.setattr(module, get_file)
        with pytest.raises(DataMissingError, match="no network"):
            backbone(name, 32)
    assert asked == list(record.KERAS_WEIGHTS.values())
