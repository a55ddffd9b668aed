"""What people pass to the tools of chapter 4."""

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import ShuffleSplit, TimeSeriesSplit

from mlmastery.datasets import load_titanic
from mlmastery.inference import paired_interval
from mlmastery.titanic_survival import (
    COLUMNS,
    TargetEncoder,
    TitanicFeatures,
    difference_table,
    make_model,
    predict_passenger,
    repeated_scores,
    shrunken_means,
)


@pytest.fixture(scope="module")
def people():
    return load_titanic()[list(COLUMNS)]


@pytest.fixture(scope="module")
def survived():
    return load_titanic()["Survived"]


@pytest.fixture(scope="module")
def model(people, survived):
    return make_model().fit(people, survived)


WORDS = pd.DataFrame({"word": list("aabbccdd") * 5})
OUTCOMES = np.array([0, 1] * 20)


@pytest.mark.parametrize(
    ("cv", "message"),
    [
        (ShuffleSplit(3, test_size=0.2, random_state=0), r"leaves out \d+ of 40 rows"),
        (ShuffleSplit(9, test_size=0.5, random_state=0), "more than once"),
        (TimeSeriesSplit(3), "leaves out 10 of 40 rows"),
        ([(np.arange(20), np.arange(20, 40))], "leaves out 20 of 40 rows"),
        (1, "cv must be a whole number of at least 2, got 1"),
    ],
)
def test_folds_that_do_not_test_each_row_once_are_refused(cv, message):
    with pytest.raises(ValueError, match=message):
        TargetEncoder(cv=cv).fit_transform(WORDS, OUTCOMES)


def test_numbers_of_numpy_mean_what_python_s_mean():
    y = np.sort(OUTCOMES)  # sorted classes, which unshuffled folds would separate
    ours = TargetEncoder(smooth=2, cv=2).fit_transform(WORDS, y)
    for two in (np.int64(2), np.int32(2), np.uint8(2)):
        same = TargetEncoder(smooth=two, cv=two).fit_transform(WORDS, y)
        np.testing.assert_array_equal(same, ours)
    for smooth in (np.float32(2), np.int64(2), 2.0):
        means = shrunken_means(np.array([0, 0, 1]), np.array([1.0, 1, 0]), 2, smooth)
        np.testing.assert_allclose(means, [5 / 6, 4 / 9])


@pytest.mark.parametrize("smooth", [np.nan, np.inf, True, "10", [1]])
def test_smoothing_that_is_no_number_is_refused(smooth):
    with pytest.raises(ValueError, match="smooth must be 'auto' or at least 0"):
        TargetEncoder(smooth=smooth).fit(WORDS, OUTCOMES)


def test_the_difference_table_takes_the_ratio_of_the_folds_that_were_used():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(120, 2)), rng.integers(0, 2, 120)
    X[:, 0] += y
    models = {"line": LogisticRegression(), "none": DummyClassifier()}
    for n_splits, n_repeats in ((2, 2), (5, 1), (10, 2)):
        scores = repeated_scores(models, X, y, n_splits, n_repeats)
        expected = paired_interval(scores["line"], scores["none"], 1 / (n_splits - 1))
        row = difference_table(scores, "none").loc["line"]
        np.testing.assert_allclose(row[["difference", "low", "high", "p"]], expected)
    with pytest.raises(ValueError, match="test_to_train must be given"):
        difference_table(pd.DataFrame({"a": [0.8, 0.9], "b": [0.7, 0.9]}), "b")


@pytest.mark.parametrize("labels", [("no", "yes"), (False, True), (1, 2), (-1, 1)])
def test_a_vote_is_scored_whatever_the_two_labels_are(labels):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 100)
    X = rng.normal(size=(100, 1)) + 3 * y[:, None]
    models = {"a": LogisticRegression(), "b": LogisticRegression(C=0.01)}
    plain = repeated_scores(models, X, y, 5, 1, vote_of=("a", "b"))
    named = repeated_scores(models, X, np.array(labels)[y], 5, 1, vote_of=("a", "b"))
    assert plain["vote"].mean() > 0.8
    pd.testing.assert_frame_equal(named, plain)
    with pytest.raises(ValueError, match="vote_of needs two classes in y, got 3"):
        repeated_scores(models, X, np.arange(100) % 3, 5, 1, vote_of=("a", "b"))


BRANDEIS = {
    "Pclass": 1,
    "Name": "Brandeis, Mr. Emil",
    "Sex": "male",
    "SibSp": 0,
    "Parch": 0,
}


def test_a_ticket_read_as_a_number_is_the_ticket(people):
    features = TitanicFeatures().fit(people)
    numbers = people["Ticket"][people["Ticket"].str.fullmatch(r"[1-9]\d*")]
    shared = numbers.value_counts().index[0]
    sizes = {
        features.transform({**_whole(BRANDEIS), "Ticket": ticket})["TicketGroup"].item()
        for ticket in (shared, int(shared), float(shared), np.int64(shared))
    }
    assert len(sizes) == 1
    assert sizes.pop() > 2


def _whole(passenger):
    return {**dict.fromkeys(COLUMNS), **passenger}


@pytest.mark.parametrize("port", ["X", "Southampton", "s", ""])
def test_an_unknown_port_is_noted(model, people, port):
    prediction = predict_passenger(model, {**BRANDEIS, "Embarked": port}, people)
    assert any(f"port {port!r} is new" in note for note in prediction.notes)
    known = predict_passenger(model, {**BRANDEIS, "Embarked": "S"}, people)
    assert not any("port" in note for note in known.notes)


def test_a_table_without_any_port_is_named(people):
    with pytest.raises(ValueError, match="Embarked must be known"):
        TitanicFeatures().fit(people.assign(Embarked=None))
