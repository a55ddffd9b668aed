"""What people pass to the tools of chapter 4."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, ShuffleSplit, TimeSeriesSplit

from mlmastery.datasets import load_titanic
from mlmastery.inference import paired_interval
from mlmastery.titanic_survival import (
    COLUMNS,
    GroupImputer,
    TargetEncoder,
    TitanicFeatures,
    ablation,
    age_group,
    columns_by_model,
    deck_of,
    difference_table,
    make_model,
    party_model,
    predict_passenger,
    repeated_scores,
    shrunken_means,
    survival_rates,
    title_of,
)
from mlmastery.titanic_survival.explain import reasons
from mlmastery.titanic_survival.figures import plot_log_loss


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


@pytest.mark.parametrize("port", ["X", "Southampton", "s"])
def test_an_unknown_port_is_noted(model, people, port):
    prediction = predict_passenger(model, {**BRANDEIS, "Embarked": port}, people)
    assert any(f"port {port!r} is new" in note for note in prediction.notes)
    known = predict_passenger(model, {**BRANDEIS, "Embarked": "S"}, people)
    assert not any("port" in note for note in known.notes)


def test_a_table_without_any_port_is_named(people):
    with pytest.raises(ValueError, match="Embarked must be known"):
        TitanicFeatures().fit(people.assign(Embarked=None))


def test_lists_are_columns():
    assert title_of(["Doe, Mr. J", None]).tolist() == ["Mr", "none"]
    assert deck_of(["C85", None]).tolist() == ["C", "none"]
    assert age_group([12, 13.0, None]).tolist() == ["Child", "Teen", "none"]
    assert title_of([]).tolist() == deck_of([]).tolist() == []
    listed = shrunken_means([0, 0, 1], [1, 1, 0], 2, smooth=1)
    assert listed == pytest.approx([8 / 9, 1 / 3])
    rates = survival_rates(["a", "a", "b"], [1, 0, 1])
    assert rates["rate"].tolist() == [0.5, 1.0]


@pytest.mark.parametrize(
    ("codes", "y", "message"),
    [
        ([-1, 0], [1, 1], "codes must be whole numbers from 0 to 1"),
        ([0, 2], [1, 1], "codes must be whole numbers from 0 to 1"),
        ([0.0, 1.0], [1, 1], "codes must be whole numbers from 0 to 1"),
        ([0], [1, 1], "codes must have the shape of y"),
        ([0, 1], [1, np.nan], "y must hold"),
        ([], [], "y must hold"),
    ],
)
def test_means_of_impossible_codes_are_refused(codes, y, message):
    with pytest.raises(ValueError, match=message):
        shrunken_means(np.array(codes), np.array(y), 2)


def test_rates_of_some_passengers_are_matched_by_index():
    some = pd.Series(["a", "a"], index=[2, 0])
    rates = survival_rates(some, pd.Series([1, 0, 1]))
    assert rates.loc["a", ["n", "rate"]].tolist() == [2, 1.0]


@pytest.mark.parametrize(
    ("groups", "survived", "message"),
    [
        (["a"], [1, 0], "one length, got 1 and 2"),
        (["a", "b"], [2, 0], "survived must hold 0 and 1, got"),
        (pd.Series(["a", "b"], index=[5, 6]), pd.Series([1, 0]), "indexes must match"),
        ([None, None], [1, 0], "no passenger"),
    ],
)
def test_rates_of_impossible_tables_are_refused(groups, survived, message):
    with pytest.raises(ValueError, match=message):
        survival_rates(groups, survived)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Fare": np.inf}, "Fare must be at least 0 and at most 1,000,000, got inf"),
        ({"Fare": 1e300}, "Fare must be at least 0 and at most"),
        ({"Age": "abc"}, "column 'Age' must hold numbers"),
    ],
)
def test_impossible_values_are_named(model, people, change, message):
    with pytest.raises(ValueError, match=message):
        predict_passenger(model, {**BRANDEIS, **change}, people)


def test_missing_may_be_written_in_many_ways(model, people):
    expected = predict_passenger(model, BRANDEIS, people).probability
    for missing in (None, np.nan, pd.NA, pd.NaT):
        person = {**BRANDEIS, "Age": missing, "Embarked": missing, "Cabin": missing}
        assert predict_passenger(model, person, people).probability == expected


def test_a_port_that_is_a_number_is_noted(model, people):
    prediction = predict_passenger(model, {**BRANDEIS, "Embarked": 3}, people)
    assert any("port '3' is new" in note for note in prediction.notes)


def test_a_model_without_probabilities_is_refused(people, survived):
    svc = make_model("svc").fit(people, survived)
    with pytest.raises(TypeError, match="model must have predict_proba, which SVC"):
        predict_passenger(svc, BRANDEIS, people)


@pytest.mark.parametrize("n_walks", [0, 1.5, -2])
def test_the_number_of_walks_is_checked(model, people, n_walks):
    with pytest.raises(ValueError, match="n_walks must be a whole number"):
        predict_passenger(model, BRANDEIS, people, n_walks=n_walks)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"n_bins": 0}, "n_bins must be a whole number of at least 1, got 0"),
        ({"min_count": "a"}, "min_count must be a whole number"),
        ({"columns": "Title"}, "columns must be a list of features, got the text"),
        ({"age_imputer": "drop"}, "age_imputer must be one of keep, got 'drop'"),
    ],
)
def test_impossible_settings_are_named(people, settings, message):
    with pytest.raises(ValueError, match=message):
        TitanicFeatures(**settings).fit(people)


def test_tables_without_passengers_are_refused(people):
    features = TitanicFeatures().fit(people)
    for ask in (features.transform, TitanicFeatures().fit):
        with pytest.raises(ValueError, match="X must hold at least one passenger"):
            ask(people.head(0))


def test_comparisons_refuse_what_they_cannot_compare(people, survived):
    few = people.head(100), survived.head(100)
    with pytest.raises(ValueError, match="kind must be one of logistic"):
        ablation(*few, kind="oracle", n_splits=2)
    with pytest.raises(ValueError, match=r"got \['Sex'\] in both"):
        ablation(*few, extra=["Sex"], n_splits=2)
    with pytest.raises(TypeError, match="scores must be a DataFrame, got dict"):
        difference_table({"a": [1, 2]}, "a", 1)
    with pytest.raises(ValueError, match=r"missing, as they are in \['a'\]"):
        difference_table(pd.DataFrame({"a": [1, np.nan], "b": [1, 2]}), "b", 1)
    models = {"a": DummyClassifier(), "b": DummyClassifier()}
    with pytest.raises(ValueError, match="vote_of must be a list of names"):
        repeated_scores(models, *few, 2, 1, vote_of="ab")


def test_passengers_may_be_dicts_for_the_ablation(people, survived):
    table, labels = people.head(120), survived.head(120)
    asked = {"extra": ["Title"], "n_splits": 2, "n_repeats": 1}
    rows = ablation(table.to_dict("records"), labels.tolist(), **asked)
    pd.testing.assert_frame_equal(rows, ablation(table, labels, **asked))


def test_a_target_encoding_flatters_only_the_rows_that_it_transforms(people, survived):
    model = party_model("cross-fitted")
    learned = model[0].fit_transform(people, survived)
    fitted = model[-1].fit(learned, survived)
    on_transformed = fitted.score(model[0].transform(people), survived)
    assert on_transformed > fitted.score(learned, survived) + 0.05


def test_the_default_forest_has_the_default_settings(people, survived):
    some = people.head(300), survived.head(300).to_numpy()
    scores = columns_by_model(*some, n_splits=2, n_repeats=1)
    assert not scores["default forest"].equals(scores["forest"])


class SaysWhetherFemale:
    """Stand for a fitted pipeline, and for its part after the features."""

    def __getitem__(self, part):
        return self

    def predict_proba(self, table):
        p = (table["Sex"] == "female").to_numpy(float)
        return np.column_stack([1 - p, p])


def test_a_fact_that_decides_alone_gets_the_whole_reason():
    columns = ["Pclass", "Sex", "Age", "Embarked"]
    woman = pd.DataFrame([[3, "female", 24.0, "S"]], columns=columns)
    men = pd.DataFrame([[1, "male", 40.0, "C"], [2, "male", 9.0, "Q"]], columns=columns)
    effects, average = reasons(SaysWhetherFemale(), woman, men, n_walks=20)
    assert average == 0
    assert effects["sex and title"] == pytest.approx(1)
    assert effects.drop("sex and title").abs().max() == 0


def test_the_loss_of_a_victim_mirrors_that_of_a_survivor():
    fig, ax = plt.subplots()
    plot_log_loss(ax=ax)
    lived, died = (line.get_xydata() for line in ax.lines[:2])
    plt.close(fig)
    assert lived[:, 1] == pytest.approx(-np.log(lived[:, 0]))
    assert died[:, 1] == pytest.approx(-np.log(1 - died[:, 0]))


def test_a_row_that_trains_its_own_encoding_is_refused():
    rows = np.arange(40)
    folds = [(rows, rows[20:]), (rows[20:], rows[:20])]
    with pytest.raises(ValueError, match="trains on 20 rows that it tests"):
        TargetEncoder(cv=folds).fit_transform(WORDS, OUTCOMES)


def test_folds_that_were_used_up_are_named():
    encoder = TargetEncoder(cv=KFold(2).split(WORDS))
    encoder.fit_transform(WORDS, OUTCOMES)
    with pytest.raises(ValueError, match="cv must test each row exactly once"):
        encoder.fit_transform(WORDS, OUTCOMES)


def test_dates_are_no_target():
    with pytest.raises(ValueError, match="y must hold numbers"):
        TargetEncoder().fit(WORDS, pd.date_range("2020", periods=40))


def test_a_smoothing_for_each_category_is_refused_by_name():
    with pytest.raises(ValueError, match="smooth must be 'auto' or at least 0"):
        TargetEncoder(smooth=np.array([1.0, 2.0])).fit(WORDS, OUTCOMES)


def test_a_model_called_vote_is_not_overwritten_by_the_vote():
    models = {"vote": DummyClassifier(), "other": DummyClassifier()}
    with pytest.raises(ValueError, match="averages must have other names than models"):
        repeated_scores(models, WORDS, OUTCOMES, 2, 1, vote_of=["vote", "other"])


def test_the_members_of_a_vote_may_come_one_by_one():
    models = {"a": DummyClassifier(), "b": DummyClassifier()}
    scores = repeated_scores(models, WORDS, OUTCOMES, 2, 1, vote_of=iter(models))
    assert scores.columns.tolist() == ["a", "b", "vote"]


@pytest.mark.parametrize("blank", ["", "  "])
def test_an_empty_text_is_missing(people, blank):
    empty = people.head(3).assign(Ticket=blank, Cabin=blank, Embarked=blank)
    features = TitanicFeatures().fit(people)
    made = features.transform(empty)
    missing = empty.assign(Ticket=None, Cabin=None, Embarked=None)
    pd.testing.assert_frame_equal(made, features.transform(missing))
    strangers = TitanicFeatures(["TicketGroup"]).fit(people.assign(Ticket=blank))
    assert (strangers.transform(people.assign(Ticket=blank)) == 1).all(axis=None)


def test_blanks_around_a_ticket_are_no_part_of_it(people):
    spaced = people.assign(Ticket=" " + people["Ticket"].astype(str) + " ")
    features = TitanicFeatures(["TicketGroup"]).fit(people)
    pd.testing.assert_frame_equal(
        features.transform(spaced), features.transform(people)
    )


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ((name for name in ["Title"]), "columns must be a list of features"),
        ([], "columns must name at least one feature"),
        (["Title", "Title"], r"columns names \['Title'\] twice"),
    ],
)
def test_features_that_give_no_table_are_refused(people, columns, message):
    with pytest.raises(ValueError, match=message):
        TitanicFeatures(columns).fit(people)


def test_titles_may_have_accents():
    assert title_of(["Pérez, Señorita. Ana"]).tolist() == ["Señorita"]


def test_ages_below_zero_are_not_missing_ages():
    with pytest.raises(ValueError, match="ages must be at least 0, got -1"):
        age_group(pd.Series([3, -1]))


TWO = pd.DataFrame({"age": [1.0, 5.0, None], "sex": ["f", "m", "m"]})


@pytest.mark.parametrize("dtype", ["category", "str", "string", "object"])
def test_groups_may_be_of_any_type_of_words(dtype):
    table = TWO.astype({"sex": dtype})
    imputer = GroupImputer("age", by=["sex"], min_size=1)
    assert imputer.fit_transform(table)["age"].tolist() == [1.0, 5.0, 5.0]


@pytest.mark.parametrize(
    ("settings", "table", "message"),
    [
        ({"by": "sex"}, TWO, "by must be a list of columns, got the text 'sex'"),
        ({"by": ["age"]}, TWO, "by must not hold the column to impute, 'age'"),
        ({"by": ["sex"], "min_size": "3"}, TWO, "min_size must be a whole number"),
        ({"column": True}, TWO, "X has no column True"),
        ({"column": "sex"}, TWO, "column 'sex' must hold numbers"),
        ({}, TWO.replace(5.0, np.inf), "column 'age' must be finite"),
    ],
)
def test_impossible_imputers_are_named(settings, table, message):
    with pytest.raises(ValueError, match=message):
        GroupImputer(**{"column": "age", **settings}).fit(table)


def test_passengers_with_a_group_and_without_an_outcome_are_not_dropped():
    groups = pd.Series(list("aab"), index=[5, 6, 0])
    with pytest.raises(ValueError, match="2 passengers have a group and no outcome"):
        survival_rates(groups, pd.Series([1, 0, 1]))
