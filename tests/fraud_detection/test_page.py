"""The runs of the first page that go wrong keep going wrong, and the cures cure."""

import numpy as np
import pytest

from mlmastery.datasets import tier
from mlmastery.fraud_detection import (
    average_precision,
    batch_features,
    candidate,
    prequential_folds,
    prequential_scores,
    simulate,
)
from mlmastery.fraud_detection.cards_in_time import block_interval, time_split
from mlmastery.ledger import recorded_table


def boosted():
    return candidate("boosted", n_estimators=40, max_depth=4, learning_rate=0.2)


def test_risk_without_delay_flatters_and_fails_in_service():
    cards = simulate(1000, 2000, 60, random_state=2).transactions
    honest, leaky = batch_features(cards), batch_features(cards, delay_days=0)
    folds = prequential_folds(cards, 1)
    measured = prequential_scores(boosted, cards, leaky, folds)
    assert average_precision(measured["fraud"], measured["score"]) > 0.95
    train, test = folds[0]
    model = boosted().fit(leaky.to_numpy()[train], cards["fraud"].to_numpy()[train])
    served = model.predict_proba(honest.to_numpy()[test])[:, 1]
    fair = prequential_scores(boosted, cards, honest, folds)
    lost = average_precision(fair["fraud"], served)
    assert lost < average_precision(fair["fraud"], fair["score"]) - 0.1


def rare(n=20_000):
    """Return rare positives that one column tells apart, with some noise."""
    rng = np.random.default_rng(0)
    y = (np.arange(n) % 500 == 0).astype(int)
    x = rng.normal(size=(n, 5))
    x[:, 0] += 5 * y
    return x, y


def test_the_first_step_is_the_learning_rate_over_the_share_of_fraud():
    from lightgbm import LGBMClassifier

    from mlmastery.fraud_detection.cards_in_time import _largest_leaf

    x, y = rare()
    settings = {"random_state": 0, "n_jobs": 1, "verbose": -1, "n_estimators": 2}
    first, _ = _largest_leaf(LGBMClassifier(**settings).fit(x, y))
    start = np.log(y.mean() / (1 - y.mean()))
    assert first == pytest.approx(0.1 / y.mean() + start, rel=0.4)
    braked = LGBMClassifier(**settings, boost_from_average=False).fit(x, y)
    assert _largest_leaf(braked)[0] == pytest.approx(0.2, rel=0.1)


def test_a_split_in_time_keeps_the_order():
    train, test = time_split(1000)
    assert (train.stop, test.start) == (700, 700)


def test_the_bootstrap_of_blocks_is_about_the_whole():
    x, y = rare()
    time = np.arange(len(y)) * 2.0
    draws = block_interval(time, y, x[:, 0], -x[:, 0], n_resamples=200)
    whole = average_precision(y, x[:, 0])
    assert draws.shape == (200, 2)
    assert draws[:, 0].mean() == pytest.approx(whole, abs=0.05)
    assert 0.01 < draws[:, 0].std() < 0.2
    assert draws[:, 1].max() < 0.1


def test_differences_are_taken_from_the_first_model():
    from mlmastery.fraud_detection.cards_in_time import _with_intervals

    x, y = rare(5000)
    scores = {"good": x[:, 0], "same": 2 * x[:, 0], "bad": -x[:, 0]}
    table = _with_intervals(scores, y, np.arange(5000) * 20.0).set_index("model")
    gaps = table[["gap low", "gap high"]]
    assert gaps.loc["good"].tolist() == [0, 0] == gaps.loc["same"].tolist()
    assert gaps.loc["bad"].max() < 0
    assert table.loc["good", "low"] <= table.loc["good", "AP"]
    assert table.loc["bad", "high"] < table.loc["good", "low"]


def test_weights_of_a_bootstrap_are_copies():
    from mlmastery.fraud_detection.cards_in_time import _weighted_ap

    rng = np.random.default_rng(1)
    fraud, scores = rng.integers(0, 2, 60), rng.integers(0, 9, 60) / 9
    weight = rng.integers(0, 4, 60)
    order = np.argsort(-scores, kind="stable")
    copies = np.repeat(np.arange(60), weight)
    wanted = average_precision(fraud[copies], scores[copies])
    assert _weighted_ap(fraud, scores, weight, order) == pytest.approx(wanted)


def test_recorded_tables_say_what_the_page_says():
    models = recorded_table("fraud_detection", "handbook_models").set_index("model")
    assert models.loc["forest", "AP"] == pytest.approx(0.658, abs=5e-4)
    defaults = recorded_table("fraud_detection", "boosting_defaults")
    assert defaults["AP"].round(3).tolist()[0] == 0.563
    assert defaults["AP"].round(3).tolist()[-1] == 0.639
    real = recorded_table("fraud_detection", "real_defaults").set_index("model")
    assert real.loc["logistic", "AP"] == pytest.approx(0.705, abs=5e-4)


@pytest.mark.slow
@pytest.mark.skipif(tier() == "embedded", reason="needs the Handbook's own rows")
def test_the_handbooks_features_and_fold():
    from mlmastery.datasets import load_fraud_handbook, load_fraud_handbook_features
    from mlmastery.fraud_detection.handbook import compare_features, handbook_fold

    cards = load_fraud_handbook()
    parity = compare_features(cards, load_fraud_handbook_features())
    assert parity["differ"].tolist() == [0, 0] + 6 * [2] + 6 * [0]
    fold = handbook_fold(cards)
    fraud = cards["fraud"].to_numpy()
    assert (len(fold.train), fraud[fold.train].sum()) == (67_240, 598)
    assert (len(fold.test), fraud[fold.test].sum()) == (58_264, 385)
