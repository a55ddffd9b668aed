"""The model that is saved without pickle, and the four candidates."""

import hashlib
import json

import numpy as np
import pytest

from mlmastery.fraud_detection import (
    CANDIDATES,
    FraudModel,
    ModelFileError,
    average_precision,
    candidate,
    prequential_folds,
    prequential_scores,
    train_model,
)


@pytest.fixture(scope="module")
def model(cards, features):
    return train_model(cards, features)


def test_a_model_scores_and_ranks(model, cards, features):
    scores = model.score(features.to_numpy())
    assert scores.shape == (len(cards),)
    assert ((scores >= 0) & (scores <= 1)).all()
    assert average_precision(cards["fraud"], scores) > 0.6


def test_what_was_saved_scores_the_same(model, features, tmp_path):
    again = FraudModel.load(model.save(tmp_path / "model"))
    rows = features.to_numpy()[:500]
    assert np.array_equal(again.score(rows), model.score(rows))
    assert (again.version, again.features) == (model.version, model.features)


def test_training_is_reproducible_and_versions_differ(model, cards, features):
    assert train_model(cards, features).sha256 == model.sha256
    assert model.version == model.sha256[:12]
    assert train_model(cards.head(5000), features.head(5000)).version != model.version


def test_a_changed_file_is_refused(model, tmp_path):
    folder = model.save(tmp_path)
    content = bytearray((folder / "model.ubj").read_bytes())
    content[100] ^= 1
    (folder / "model.ubj").write_bytes(content)
    with pytest.raises(ModelFileError, match="the manifest says"):
        FraudModel.load(folder)


@pytest.mark.parametrize("name", ["model.ubj", "manifest.json"])
def test_a_missing_file_is_told(model, tmp_path, name):
    folder = model.save(tmp_path)
    (folder / name).unlink()
    with pytest.raises(ModelFileError, match="no model in"):
        FraudModel.load(folder)


def test_a_manifest_that_is_no_json(model, tmp_path):
    folder = model.save(tmp_path)
    (folder / "manifest.json").write_text("{")
    with pytest.raises(ModelFileError, match="no model in"):
        FraudModel.load(folder)
    (folder / "manifest.json").write_text(json.dumps({"features": []}))
    with pytest.raises(ModelFileError, match="None"):
        FraudModel.load(folder)
    for bad in (b"[]", b"\xff\xfe", b"{}"):
        (folder / "manifest.json").write_bytes(bad)
        with pytest.raises(ModelFileError, match="no model in"):
            FraudModel.load(folder)


def test_a_file_with_the_right_hash_may_still_be_no_model(model, tmp_path):
    folder = model.save(tmp_path)
    fewer = {"sha256": model.sha256, "features": list(model.features[1:])}
    (folder / "manifest.json").write_text(json.dumps(fewer))
    with pytest.raises(ModelFileError, match="takes 21 columns, the manifest names 20"):
        FraudModel.load(folder)
    (folder / "model.ubj").write_bytes(b"junk")
    junk = {"sha256": hashlib.sha256(b"junk").hexdigest(), "features": []}
    (folder / "manifest.json").write_text(json.dumps(junk))
    with pytest.raises(ModelFileError, match="holds no model"):
        FraudModel.load(folder)


def test_columns_of_a_table_are_taken_by_name(model, features):
    some = features.head(50)
    assert np.array_equal(model.score(some.iloc[:, ::-1]), model.score(some.to_numpy()))
    with pytest.raises(ValueError, match=r"lack the columns \['speed'\]"):
        model.score(some.drop(columns="speed"))
    with pytest.raises(ValueError, match="finite"):
        model.score(np.full((1, 21), np.nan))


def test_shapes_are_checked(model):
    with pytest.raises(ValueError, match=r"shape \(n, 21\)"):
        model.score(np.zeros((2, 20)))
    with pytest.raises(ValueError, match="shape"):
        model.score(np.zeros(21))


def test_one_class_is_not_enough(cards, features):
    genuine = cards["fraud"].to_numpy() == 0
    with pytest.raises(ValueError, match="both frauds and genuine"):
        train_model(cards[genuine], features[genuine])
    with pytest.raises(ValueError, match="transactions have"):
        train_model(cards.head(5), features.head(4))


@pytest.mark.parametrize("name", CANDIDATES)
def test_candidates_take_settings(name):
    key, value = {"logistic": ("C", 0.5)}.get(name, ("max_depth", 3))
    model = candidate(name, **{key: value})
    found = {k.split("__")[-1]: v for k, v in model.get_params().items()}
    assert found[key] == value


def test_an_unknown_candidate():
    with pytest.raises(ValueError, match="name"):
        candidate("oracle")


def test_prequential_scores_hold_each_test_row_once(cards, features):
    folds = prequential_folds(cards, 2)
    scored = prequential_scores(
        lambda: candidate("tree", max_depth=3), cards, features, folds
    )
    wanted = np.concatenate([cards["id"].to_numpy()[test] for _, test in folds])
    assert scored["id"].tolist() == wanted.tolist()
    first = candidate("tree", max_depth=3).fit(
        features.to_numpy(np.float32)[folds[1].train],
        cards["fraud"].to_numpy()[folds[1].train],
    )
    own = first.predict_proba(features.to_numpy(np.float32)[folds[1].test])[:, 1]
    assert np.array_equal(scored["score"].tail(len(own)), own)
