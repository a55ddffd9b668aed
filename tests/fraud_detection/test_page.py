"""The runs of the first page that go wrong keep going wrong, and the cures cure."""

import numpy as np
import pytest

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


def test_the_recorded_features_differ_in_two_rows_of_the_card():
    parity = recorded_table("fraud_detection", "handbook_features")
    assert parity["differ"].tolist() == [0, 0] + 6 * [2] + 6 * [0]
    assert set(parity["rows"]) == {201_295}


@pytest.fixture(scope="module")
def half_year():
    return simulate(200, 400, 140, random_state=0).transactions


def test_the_table_holds_each_model_and_the_oracle(half_year):
    from mlmastery.fraud_detection import card_precision_oracle, day_of
    from mlmastery.fraud_detection.handbook import handbook_fold, handbook_table

    table, oracle = handbook_table(half_year)
    fold = handbook_fold(half_year)
    day = day_of(half_year["time"])
    assert (day[fold.train].min(), day[fold.test].min()) == (115, 129)
    test = half_year.iloc[fold.test]
    best = card_precision_oracle(day[fold.test], test["customer"], test["fraud"])
    assert oracle == pytest.approx(best.mean())
    assert (table["CP"] <= oracle + 1e-9).all()
    assert (table.loc[0, "AUC pub."], table.loc[4, "AP pub."]) == (0.871, 0.639)


def test_both_defaults_of_boosting_are_varied(half_year):
    from xgboost import XGBClassifier

    from mlmastery.fraud_detection import HANDBOOK
    from mlmastery.fraud_detection.handbook import boosting_defaults, handbook_fold

    table = boosting_defaults(half_year).set_index(["tree_method", "base_score"])
    train, test = handbook_fold(half_year)
    x = batch_features(half_year)[list(HANDBOOK)].to_numpy()
    y = half_year["fraud"].to_numpy()
    x = (x - x[train].mean(axis=0)) / np.where(
        x[train].std(axis=0), x[train].std(axis=0), 1
    )
    model = XGBClassifier(random_state=0, tree_method="exact", base_score=0.5)
    own = model.fit(x[train], y[train]).predict_proba(x[test])[:, 1]
    wanted = average_precision(y[test], own)
    assert table.loc[("exact", "0.5"), "AP"] == pytest.approx(wanted, abs=0.01)
    assert len(table) == table.index.nunique() == 4
    assert table["AP"].nunique() > 2


def test_luck_varies_what_should_not_matter():
    import pandas as pd

    from mlmastery.fraud_detection.cards_in_time import _harmless, luck_table

    x, y = rare(6000)
    time = np.arange(6000) * 10.0
    for _, columns, train in _harmless(x, y, time):
        assert y[train].sum() == y[:4200].sum()
        assert train.max() < 4200
        assert len(columns) == len(y)
    frame = pd.DataFrame(x).assign(Time=time, Class=y)
    frame.columns = frame.columns.astype(str)
    table = luck_table(frame).set_index("change")
    assert np.ptp(table["logistic"]) < 0.05
    assert np.ptp(table["braked"]) < 0.3
    assert table.index.is_unique


def test_the_diagnosis_varies_one_parameter():
    import pandas as pd

    from mlmastery.fraud_detection.cards_in_time import VARIED, diagnosis_table

    x, y = rare(6000)
    frame = pd.DataFrame(x).assign(Time=np.arange(6000) * 10.0, Class=y)
    frame.columns = frame.columns.astype(str)
    table = diagnosis_table(frame).set_index("varied")
    assert list(table.index) == list(VARIED)
    assert all(len(settings) <= 1 for settings in VARIED.values())
    assert table["AP"].between(0, 1).all()
    assert table["above half"].max() < 0.1
    assert table.loc["from log-odds 0", "first leaf"] < 1
