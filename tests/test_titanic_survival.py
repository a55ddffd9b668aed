"""Features, imputers, encoders, comparisons and explanations of chapter 4."""

import pickle
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import VotingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    RepeatedStratifiedKFold,
    StratifiedKFold,
    cross_val_score,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import TargetEncoder as ReferenceEncoder
from sklearn.utils.estimator_checks import (
    check_estimator,
    estimator_checks_generator,
    parametrize_with_checks,
)

from mlmastery.data_exploration import ColumnFiller
from mlmastery.datasets import load_titanic
from mlmastery.inference import paired_interval
from mlmastery.ledger import read_ledger
from mlmastery.titanic_survival import (
    COLUMNS,
    ENGINEERED,
    STANDARD,
    GroupImputer,
    LeakingTargetEncoder,
    ModelImputer,
    SexOnly,
    TargetEncoder,
    TitanicFeatures,
    ablation,
    age_group,
    as_passengers,
    deck_of,
    difference_table,
    figures,
    make_encoder,
    make_model,
    party_model,
    predict_passenger,
    reasons,
    repeated_scores,
    shrunken_means,
    standard_model,
    survival_rates,
    title_of,
)
from mlmastery.titanic_survival import record as recording

ROOT = Path(__file__).parents[1]
ANNA = {
    "Pclass": 3,
    "Name": "Lindholm, Miss. Anna",
    "Sex": "female",
    "Age": 24,
    "SibSp": 0,
    "Parch": 0,
    "Ticket": "new",
    "Fare": 7.85,
    "Cabin": None,
    "Embarked": "S",
}


@pytest.fixture(scope="session")
def passengers():
    return load_titanic()


@pytest.fixture(scope="session")
def survived(passengers):
    return passengers["Survived"]


@pytest.fixture(scope="session")
def people(passengers):
    return passengers[list(COLUMNS)]


@pytest.fixture(scope="session")
def train_people(people):
    return people.iloc[::2]


@pytest.fixture(scope="session")
def new_people(people):
    return people.iloc[1::2]


# --- the estimators' contract -----------------------------------------------------


@parametrize_with_checks(
    [
        GroupImputer(),
        ModelImputer(0, ColumnFiller("median")),
        TargetEncoder(cv=3),
        LeakingTargetEncoder(smooth=2.0),
    ]
)
def test_follows_the_estimator_api(estimator, check):
    check(estimator)


def test_features_are_checked_as_far_as_any_estimator_of_dicts_is():
    # scikit-learn's checks feed arrays of numbers; what takes words, such as its own
    # DictVectorizer, gets those of the API only. The tests below are the others.
    for estimator in (TitanicFeatures(), DictVectorizer()):
        with pytest.warns(match="requires input"):
            checks = list(estimator_checks_generator(estimator))
        assert len(checks) >= 1
    with pytest.warns(match="requires input"):
        assert all(r["status"] == "passed" for r in check_estimator(TitanicFeatures()))


def test_features_can_be_cloned_and_set():
    features = TitanicFeatures(["Title"], GroupImputer("Age"), min_count=3)
    copy = clone(features).set_params(age_imputer__min_size=2, n_bins=3)
    assert (copy.columns, copy.min_count, copy.n_bins) == (["Title"], 3, 3)
    assert (features.age_imputer.min_size, features.n_bins) == (5, 4)


def test_fit_changes_neither_parameters_nor_data(train_people):
    features, table = (
        TitanicFeatures(age_imputer=GroupImputer("Age")),
        train_people.copy(),
    )
    before = str(features.get_params())
    features.fit_transform(table)
    assert str(features.get_params()) == before
    assert not hasattr(features.age_imputer, "fallback_")
    pd.testing.assert_frame_equal(table, train_people)


def test_fit_transform_is_fit_then_transform_and_rows_do_not_matter_to_each_other(
    train_people, new_people
):
    features = TitanicFeatures().fit(train_people)
    whole = features.transform(new_people)
    pd.testing.assert_frame_equal(
        clone(features).fit_transform(train_people), features.transform(train_people)
    )
    pd.testing.assert_frame_equal(
        pd.concat(
            [features.transform(new_people[:300]), features.transform(new_people[300:])]
        ),
        whole,
    )
    shuffled = new_people.sample(frac=1, random_state=0)
    pd.testing.assert_frame_equal(
        features.transform(shuffled).loc[new_people.index], whole
    )


def test_features_survive_pickling_and_refuse_before_fit(train_people, new_people):
    features = TitanicFeatures().fit(train_people)
    copy = pickle.loads(pickle.dumps(features))
    pd.testing.assert_frame_equal(
        copy.transform(new_people), features.transform(new_people)
    )
    with pytest.raises(NotFittedError):
        TitanicFeatures().transform(new_people)


def test_names_out_are_the_columns_in_order(train_people, new_people):
    for columns in (None, ["Deck", "Age"]):
        features = TitanicFeatures(columns).fit(train_people)
        made = features.transform(new_people)
        assert list(made.columns) == list(features.get_feature_names_out())
        assert made.index.equals(new_people.index)


def test_outcomes_do_not_reach_the_features(
    passengers, survived, train_people, new_people
):
    y = survived[train_people.index]
    with_y = TitanicFeatures().fit(train_people, y).transform(new_people)
    pd.testing.assert_frame_equal(
        with_y, TitanicFeatures().fit(train_people, 1 - y).transform(new_people)
    )
    with_more = (
        TitanicFeatures().fit(passengers.loc[train_people.index]).transform(new_people)
    )
    pd.testing.assert_frame_equal(with_y, with_more)


# --- each feature -----------------------------------------------------------------


def test_titles_of_the_whole_list(passengers):
    counts = title_of(passengers["Name"]).value_counts()
    assert counts[["Mr", "Miss", "Mrs", "Master", "Dr", "Rev"]].tolist() == [
        757,
        264,
        198,
        61,
        8,
        8,
    ]
    assert counts.sum() == 1309
    assert "none" not in counts


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Rothes, the Countess. of (Lucy Noel)", "Countess"),
        ("O. Hara, Miss. Mary", "Miss"),
        ("van St. Claire, Mr. J", "Mr"),
        ("Sagesser, Mlle. Emma", "Miss"),
        ("Aubart, Mme. Leontine", "Mrs"),
        ("Marvin, Mrs. Daniel W. (Mary G.)", "Mrs"),
        ("Cher", "none"),
        (None, "none"),
        ("", "none"),
    ],
)
def test_titles_of_odd_names(name, title):
    assert title_of(pd.Series([name], dtype="str")).tolist() == [title]


def test_a_title_that_is_just_frequent_enough_is_kept(train_people):
    counts = title_of(train_people["Name"]).value_counts()
    title, count = counts.index[-2], int(counts.iloc[-2])
    for min_count, kept in ((count, True), (count + 1, False)):
        features = TitanicFeatures(["Title"], min_count=min_count).fit(train_people)
        assert (title in features.titles_) == kept


@pytest.mark.parametrize("kind", ["forest", "boosting"])
def test_models_are_drawn_from_seed_zero_unless_told(kind):
    assert make_model(kind)["model"].get_params()["random_state"] == 0


def test_rare_and_unseen_titles_and_decks_become_rare(train_people):
    features = TitanicFeatures(["Title", "Deck"], min_count=10).fit(train_people)
    strange = {**ANNA, "Name": "Vetsera, Baroness. Marie", "Cabin": "Q7"}
    assert features.transform(strange).iloc[0].tolist() == ["rare", "rare"]
    counts = features.transform(train_people)["Title"].value_counts()
    assert set(counts.index) == {"Mr", "Miss", "Mrs", "Master", "rare"}


def test_family_and_alone_follow_the_equation(train_people, new_people):
    made = TitanicFeatures().fit(train_people).transform(new_people)
    size = new_people["SibSp"] + new_people["Parch"] + 1
    assert (made["FamilySize"] == size).all()
    assert (made["IsAlone"] == (size == 1)).all()


def test_ticket_groups_count_training_companions_and_oneself_once():
    party = pd.DataFrame(
        [{**ANNA, "Name": f"A, Miss. {n}", "Ticket": "7"} for n in "ab"]
    )
    features = TitanicFeatures(["TicketGroup", "FarePerPerson"], min_count=1).fit(party)
    assert features.transform(party)["TicketGroup"].tolist() == [2, 2]
    new = {**ANNA, "Name": "A, Miss. c", "Ticket": "7"}
    assert features.transform([new, new])["TicketGroup"].tolist() == [3, 3]
    assert features.transform(new)["FarePerPerson"].iloc[0] == pytest.approx(7.85 / 3)
    assert features.transform({**new, "Ticket": None})["TicketGroup"].tolist() == [1]


def test_missing_tickets_make_no_group():
    party = pd.DataFrame(
        [{**ANNA, "Name": f"A, Miss. {n}", "Ticket": None} for n in "ab"]
    )
    features = TitanicFeatures(["TicketGroup"], min_count=1).fit(party)
    assert features.transform(party)["TicketGroup"].tolist() == [1, 1]


def test_fare_edges_are_the_training_quartiles_and_bins_have_no_end(train_people):
    features = TitanicFeatures(["FareBin"]).fit(train_people)
    edges = np.quantile(train_people["Fare"].dropna(), [0.25, 0.5, 0.75])
    np.testing.assert_allclose(features.fare_edges_, edges)
    fares = [0, edges[0], edges[0] + 0.01, edges[2], 9999.0]
    rows = [{**ANNA, "Fare": fare} for fare in fares]
    assert features.transform(rows)["FareBin"].tolist() == [0, 0, 1, 2, 3]


def test_missing_fare_gets_the_median_of_its_class(train_people):
    features = TitanicFeatures(["Fare"]).fit(train_people)
    row = {**ANNA, "Pclass": 1, "Fare": None}
    expected = train_people.loc[train_people["Pclass"] == 1, "Fare"].median()
    assert features.transform(row)["Fare"].iloc[0] == pytest.approx(expected)


def test_missing_port_gets_the_commonest(train_people):
    row = {**ANNA, "Embarked": None}
    assert (
        TitanicFeatures(["Embarked"]).fit(train_people).transform(row).iloc[0, 0] == "S"
    )


def test_decks_are_first_letters():
    cabins = pd.Series(["C85", "C22 C26", "F G73", "T", " ", None], dtype="str")
    assert deck_of(cabins).tolist() == ["C", "C", "F", "T", "none", "none"]


def test_age_groups_close_on_the_right():
    ages = pd.Series([0, 0.17, 12, 12.5, 18, 19, 60, 61, 119, None])
    expected = ["Child"] * 3 + ["Teen"] * 2 + ["Adult"] * 2 + ["Senior"] * 2 + ["none"]
    assert age_group(ages).tolist() == expected


def test_default_ages_are_medians_by_title_and_class(train_people):
    features = TitanicFeatures(["Age", "AgeGroup"]).fit(train_people)
    boy = {**ANNA, "Name": "A, Master. B", "Sex": "male", "Age": None}
    alike = (title_of(train_people["Name"]) == "Master") & (train_people["Pclass"] == 3)
    made = features.transform(boy).iloc[0]
    assert made["Age"] == train_people.loc[alike, "Age"].median()
    assert made["AgeGroup"] == "Child"


def test_ages_can_be_kept_missing(people):
    made = TitanicFeatures(["Age", "AgeGroup"], age_imputer="keep").fit_transform(
        people
    )
    assert made["Age"].isna().sum() == (made["AgeGroup"] == "none").sum() == 263


# --- input that is not right ------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Pclass": 4}, "Pclass must be 1, 2 or 3, got 4"),
        ({"Pclass": None}, "Pclass must be"),
        ({"Sex": "Female"}, "Sex must be 'female' or 'male', got 'Female'"),
        ({"Age": -1}, "Age must be 0 to 120, got -1"),
        ({"Age": float("inf")}, "Age must be"),
        ({"Age": "young"}, "column 'Age' must hold numbers"),
        ({"Fare": -0.5}, "Fare must be at least 0"),
        ({"SibSp": None}, "SibSp must be at least 0, at most 100 and whole, got nan"),
        ({"Parch": -2}, "Parch must be at least 0"),
        ({"Parch": 1.5}, "Parch must be at least 0, at most 100 and whole, got 1.5"),
        ({"SibSp": float("inf")}, "SibSp must be at least 0, at most 100"),
        ({"Age": 3 + 1j}, "column 'Age' must hold numbers"),
    ],
)
def test_impossible_values_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        as_passengers({**ANNA, **change})


def test_a_duplicate_column_is_named(new_people):
    with pytest.raises(ValueError, match="duplicate columns: Age"):
        as_passengers(pd.concat([new_people, new_people[["Age"]]], axis=1))


def test_missing_columns_are_named_by_every_way_in(train_people, new_people):
    features, short = (
        TitanicFeatures().fit(train_people),
        new_people.drop(columns=["Cabin", "Sex"]),
    )
    for call in (features.transform, TitanicFeatures().fit):
        with pytest.raises(ValueError, match="missing columns: Sex, Cabin"):
            call(short)


@pytest.mark.parametrize("wrong", [3, "Anna", np.zeros((2, 10)), ["Anna"]])
def test_what_is_no_passenger_is_a_type_error(wrong):
    with pytest.raises(TypeError, match="X must be a DataFrame, a dict"):
        as_passengers(wrong)


def test_unknown_features_and_kinds_are_named(train_people):
    with pytest.raises(ValueError, match=r"unknown features: \['Hat'\]"):
        TitanicFeatures(["Title", "Hat"]).fit(train_people)
    with pytest.raises(ValueError, match="kind must be one of logistic"):
        make_model("oracle")
    with pytest.raises(ValueError, match="encoding must be one of onehot"):
        make_encoder(STANDARD, "label")
    with pytest.raises(ValueError, match="kind must be one of forest, svc"):
        standard_model("tree")
    with pytest.raises(ValueError, match="party must be one of none"):
        party_model("grouped")


# --- imputers ---------------------------------------------------------------------


def test_group_medians_equal_those_of_pandas(people):
    table = people.assign(Title=title_of(people["Name"]))
    filled = GroupImputer("Age", by=["Title", "Pclass"], min_size=1).fit_transform(
        table
    )
    gone = table["Age"].isna()
    by_group = table.groupby(["Title", "Pclass"])["Age"].transform("median")
    expected = by_group.fillna(table.groupby("Title")["Age"].transform("median"))
    np.testing.assert_allclose(filled.loc[gone, "Age"], expected[gone])
    np.testing.assert_array_equal(filled.loc[~gone, "Age"], table.loc[~gone, "Age"])


def test_small_groups_fall_back_to_coarser_ones():
    frame = pd.DataFrame(
        {
            "t": ["a"] * 6 + ["b"],
            "c": [1, 1, 1, 1, 1, 2, 1],
            "x": [1.0, 1, 1, 1, 1, 9, 50],
        }
    )
    imputer = GroupImputer("x", by=["t", "c"], min_size=3).fit(frame)
    new = pd.DataFrame({"t": ["a", "a", "b"], "c": [1, 2, 1], "x": [np.nan] * 3})
    assert imputer.transform(new)["x"].tolist() == [1.0, 1.0, 1.0]
    assert imputer.set_params(min_size=1).fit(frame).transform(new)["x"].tolist() == [
        1.0,
        9.0,
        50.0,
    ]


def test_imputers_learn_from_training_rows_only():
    train = pd.DataFrame({"g": ["a"] * 5, "x": [1.0] * 5})
    new = pd.DataFrame({"g": ["a"] * 9, "x": [100.0] * 8 + [np.nan]})
    assert GroupImputer("x", by=["g"]).fit(train).transform(new)["x"].iloc[-1] == 1.0


def test_imputer_names_what_is_wrong():
    frame = pd.DataFrame({"a": [np.nan, np.nan], "b": [1.0, 2.0]})
    with pytest.raises(ValueError, match="'a' has no known value in 2 rows"):
        GroupImputer("a").fit(frame)
    with pytest.raises(ValueError, match="no column 'c', only a, b"):
        GroupImputer("b", by=["c"]).fit(frame)


def test_model_imputer_predicts_from_the_other_columns():
    x = np.arange(300.0)
    frame = pd.DataFrame({"x": x, "y": 10 * (x > 150)})
    frame.loc[[20, 280], "y"] = np.nan
    filled = ModelImputer("y").fit_transform(frame)
    np.testing.assert_allclose(filled.loc[[20, 280], "y"], [0, 10], atol=0.5)


# --- target encoding --------------------------------------------------------------


@pytest.mark.parametrize("smooth", ["auto", 0.0, 1.0, 30.0])
@pytest.mark.parametrize("target", ["binary", "continuous", "constant"])
def test_encoder_equals_scikit_learns_on_the_same_folds(smooth, target):
    rng = np.random.default_rng(0)
    X = pd.DataFrame(
        {"a": rng.integers(0, 60, 400).astype(str), "b": rng.integers(0, 3, 400)}
    )
    X.loc[rng.random(400) < 0.05, "a"] = None
    y = {
        "binary": rng.integers(0, 2, 400),
        "continuous": rng.normal(5, 2, 400),
        "constant": np.full(400, 2.5),
    }[target]
    folds = (StratifiedKFold if target == "binary" else KFold)(
        4, shuffle=True, random_state=3
    )
    kind = "binary" if target == "binary" else "continuous"
    ours = TargetEncoder(smooth, cv=folds)
    theirs = ReferenceEncoder(smooth=smooth, cv=folds, target_type=kind)
    np.testing.assert_allclose(
        ours.fit_transform(X, y), theirs.fit_transform(X, y), rtol=1e-12
    )
    new = pd.DataFrame({"a": ["0", "unseen", None], "b": [0, 9, 1]})
    np.testing.assert_allclose(ours.transform(new), theirs.transform(new), rtol=1e-12)


def test_a_number_of_folds_means_stratified_and_shuffled(survived, people):
    X, y = people[["Ticket"]], survived
    folds = StratifiedKFold(5, shuffle=True, random_state=7)
    np.testing.assert_array_equal(
        TargetEncoder(cv=5, random_state=7).fit_transform(X, y),
        TargetEncoder(cv=folds).fit_transform(X, y),
    )


def test_own_outcome_does_not_reach_the_own_row(survived, people):
    folds, X = KFold(5), people[["Ticket"]]
    y = survived.to_numpy(float)
    before = TargetEncoder(cv=folds).fit_transform(X, y)
    fold = next(test for _, test in folds.split(X))
    y[fold] = 1 - y[fold]
    after = TargetEncoder(cv=folds).fit_transform(X, y)
    np.testing.assert_array_equal(before[fold], after[fold])
    assert not np.array_equal(
        LeakingTargetEncoder().fit_transform(X, survived)[fold],
        LeakingTargetEncoder().fit_transform(X, y)[fold],
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.floats(-9, 9)), min_size=1, max_size=30),
    st.floats(0, 50),
)
def test_shrunken_means_lie_between_the_two_means(rows, smooth):
    codes, y = np.array([c for c, _ in rows]), np.array([v for _, v in rows])
    means = shrunken_means(codes, y, 6, smooth)
    for c in range(6):
        own = y[codes == c].mean() if (codes == c).any() else y.mean()
        low, high = sorted([own, y.mean()])
        assert low - 1e-9 <= means[c] <= high + 1e-9


@pytest.mark.parametrize("smooth", [-1, "much", None])
def test_smoothing_that_is_none_is_refused(smooth):
    with pytest.raises(ValueError, match="smooth must be 'auto' or at least 0"):
        TargetEncoder(smooth).fit([["a"], ["b"]], [0, 1])


def test_words_are_no_target():
    with pytest.raises(ValueError, match="y must hold numbers, such as 0 and 1"):
        TargetEncoder().fit([["a"], ["b"]], ["no", "yes"])


# --- comparisons ------------------------------------------------------------------


def test_difference_table_refuses_an_unknown_reference():
    with pytest.raises(ValueError, match="reference must be one of a, got 'b'"):
        difference_table(pd.DataFrame({"a": [1.0, 2.0]}), "b")


def test_repeated_scores_are_those_of_scikit_learn(survived, people):
    models = {
        "a": make_model("logistic"),
        "b": make_model("logistic", ["Title", "Age"]),
        "c": make_model("logistic", age_imputer=GroupImputer("Age")),
        "rule": SexOnly(),
    }
    scores = repeated_scores(models, people, survived, n_splits=3, n_repeats=1)
    folds = RepeatedStratifiedKFold(n_splits=3, n_repeats=1, random_state=0)
    for name, model in models.items():
        expected = cross_val_score(model, people, survived, cv=folds)
        np.testing.assert_array_equal(scores[name], expected)


def test_the_vote_is_the_mean_probability_of_its_members(
    survived, train_people, new_people
):
    y = survived[train_people.index]
    members = [
        make_model(k).fit(train_people, y) for k in ("logistic", "forest", "boosting")
    ]
    mean = np.mean([member.predict_proba(new_people) for member in members], axis=0)
    vote = make_model("vote").fit(train_people, y)
    np.testing.assert_allclose(vote.predict_proba(new_people), mean)


def test_a_tied_vote_goes_to_the_first_class_as_in_the_voting_classifier():
    X, y = np.zeros((20, 1)), np.repeat([0, 1], [12, 8])
    members = {
        f"always {c}": DummyClassifier(strategy="constant", constant=c) for c in (0, 1)
    }
    models = members | {"voting": VotingClassifier([*members.items()], voting="soft")}
    scores = repeated_scores(models, X, y, 2, 1, vote_of=[*members])
    assert scores["vote"].tolist() == scores["voting"].tolist()
    assert scores["vote"].tolist() == scores["always 0"].tolist() == [0.6, 0.6]


def test_the_vote_of_scored_models_is_the_voting_classifier(survived, people):
    members = ("logistic", "forest", "boosting")
    models = {kind: make_model(kind) for kind in members}
    folds = {"n_splits": 2, "n_repeats": 1}
    shared = repeated_scores(models, people, survived, **folds, vote_of=members)
    own = repeated_scores(
        models | {"vote": make_model("vote")}, people, survived, **folds
    )
    np.testing.assert_array_equal(shared, own)


def test_ablation_measures_what_it_says(survived, people):
    table = ablation(people, survived, extra=["Title"], n_splits=3, n_repeats=1)
    models = {
        "base": make_model("logistic", STANDARD),
        "all": make_model("logistic", [*STANDARD, "Title"]),
        "no sex": make_model(
            "logistic", [c for c in (*STANDARD, "Title") if c != "Sex"]
        ),
    }
    scores = repeated_scores(models, people, survived, n_splits=3, n_repeats=1)
    added, kept = "added to the base", "kept among all"
    for key, first, second in (
        (("Title", added), "all", "base"),
        (("Title", kept), "all", "base"),
        (("Sex", kept), "all", "no sex"),
    ):
        expected = paired_interval(scores[first], scores[second], 1 / 2)[:3]
        np.testing.assert_allclose(table.loc[key], expected, atol=1e-12)
    assert table.loc["Sex", added].isna().all()
    assert list(table.index) == [*STANDARD, "Title"]


def test_survival_rates_have_moved():
    with pytest.warns(FutureWarning, match="survival_rates is now"):
        assert figures.survival_rates is survival_rates


def test_differences_are_drawn_in_percentage_points_against_zero():
    table = pd.DataFrame({"difference": [0.02], "low": [-0.01], "high": [0.04]})
    ax = figures.plot_differences(table)
    zero, point = ax.lines[:2]
    assert list(zero.get_xdata()) == [0, 0]
    assert point.get_xdata() == pytest.approx([2])
    plt.close("all")


# --- models -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["logistic", "svc", "forest", "boosting", "vote", "stack"]
)
def test_models_beat_the_rule_of_guessing_and_repeat(
    kind, survived, train_people, new_people
):
    y = survived[train_people.index]
    first, second = (
        make_model(kind).fit(train_people, y).predict(new_people) for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)
    assert (first == survived[new_people.index]).mean() > 0.75


def test_sex_only_is_the_rule(survived, people, train_people):
    model = SexOnly().fit(train_people, survived[train_people.index])
    assert (model.predict(people) == (people["Sex"] == "female")).all()


@pytest.mark.parametrize("encoding", ["onehot", "ordinal", "target"])
def test_encodings_take_categories_that_training_lacks(
    encoding, survived, train_people
):
    made = TitanicFeatures().fit_transform(train_people)
    encoder = make_encoder(made.columns, encoding).fit(
        made, survived[train_people.index]
    )
    new = made.head(1).assign(Title="Queen", Embarked="X")
    assert np.isfinite(encoder.transform(new)).all()


# --- when it goes wrong: kept failing ---------------------------------------------


def test_rate_before_splitting_still_looks_perfect(survived, people):
    rate = survived.groupby(people["Ticket"]).transform("mean")
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    X = people.assign(PartyRate=rate)
    scores = cross_val_score(party_model("before splitting"), X, survived, cv=folds)
    assert scores.mean() > 0.95


def test_leaking_encoder_still_fools_its_model(survived, train_people, new_people):
    y = survived[train_people.index]
    leaking, honest = (
        party_model(way).fit(train_people, y) for way in ("leaking", "cross-fitted")
    )
    y_test = survived[new_people.index]
    assert leaking.score(train_people, y) > 0.95
    assert leaking.score(new_people, y_test) < honest.score(new_people, y_test)


def test_leaking_encoder_learns_from_noise_and_ours_does_not():
    rng = np.random.default_rng(0)
    X, y = rng.integers(0, 250, (500, 1)), rng.integers(0, 2, 500)
    fitted = {
        e: make_pipeline(e, LogisticRegression()).fit(X, y)
        for e in (LeakingTargetEncoder(smooth=1.0), TargetEncoder(smooth=1.0))
    }
    weights = [abs(model[-1].coef_[0, 0]) for model in fitted.values()]
    assert weights[0] > 2
    assert weights[1] < 1


def test_grouped_folds_take_the_companions_away(survived, people):
    folds = list(
        GroupKFold(5, shuffle=True, random_state=0).split(
            people, groups=people["Ticket"]
        )
    )
    for train, test in folds:
        assert not set(people["Ticket"].iloc[train]) & set(people["Ticket"].iloc[test])
    encoder = TargetEncoder().fit(
        people[["Ticket"]].iloc[folds[0][0]], survived.iloc[folds[0][0]]
    )
    encoded = encoder.transform(people[["Ticket"]].iloc[folds[0][1]])
    assert (encoded == encoder.target_mean_).all()


def test_features_take_neither_boat_nor_body(passengers):
    for column in ("Boat", "Body"):
        with pytest.raises(ValueError, match="unknown features"):
            TitanicFeatures([column]).fit(passengers)


# --- one passenger ----------------------------------------------------------------


@pytest.fixture(scope="module")
def model(survived, train_people):
    return make_model("logistic").fit(train_people, survived[train_people.index])


def test_prediction_for_a_dict_agrees_with_the_model(model, train_people):
    prediction = predict_passenger(model, ANNA, train_people)
    expected = model.predict_proba(pd.DataFrame([ANNA]))[0, 1]
    assert prediction.probability == pytest.approx(expected)
    assert prediction.survives == (expected > 0.5)
    assert list(prediction.features.index) == [*STANDARD, *ENGINEERED]
    assert prediction.notes == ()


def test_reasons_add_up_and_come_largest_first(model, train_people):
    prediction = predict_passenger(model, ANNA, train_people, n_walks=30)
    total = prediction.average + prediction.reasons.sum()
    assert total == pytest.approx(prediction.probability)
    assert prediction.reasons.abs().is_monotonic_decreasing


def test_reasons_of_a_linear_score_are_exact():
    class Linear:
        """Probability linear in two features, so that Shapley values are known."""

        def __getitem__(self, _):
            return self

        def predict_proba(self, X):
            p = 0.1 * X["Pclass"] + 0.01 * X["Age"]
            return np.column_stack([1 - p, p])

    background = pd.DataFrame({"Pclass": [1.0, 3.0], "Age": [10.0, 30.0]})
    one = pd.DataFrame({"Pclass": [2.0], "Age": [40.0]})
    effects, average = reasons(Linear(), one, background.iloc[[0]], n_walks=7)
    assert average == pytest.approx(0.2)
    assert effects.to_dict() == pytest.approx({"class": 0.1, "age": 0.3})


def test_notes_say_what_was_assumed(model, train_people):
    strange = {
        "Pclass": 1,
        "Name": "Vetsera, Baroness. Marie",
        "Sex": "female",
        "SibSp": 0,
        "Parch": 0,
        "Cabin": "Q7",
    }
    notes = " | ".join(predict_passenger(model, strange, train_people, n_walks=2).notes)
    for part in ("Age not given", "Fare not given", "'Baroness' is rare", "deck 'Q'"):
        assert part in notes


def test_passengers_that_are_none_are_refused(model, train_people):
    with pytest.raises(TypeError, match="passenger must be a dict, got list"):
        predict_passenger(model, [ANNA], train_people)
    with pytest.raises(ValueError, match="missing columns: Sex"):
        predict_passenger(
            model, {k: v for k, v in ANNA.items() if k != "Sex"}, train_people
        )


# --- the recorded figures ---------------------------------------------------------


def test_ledger_reproduces_the_published_figures():
    values = {f["name"]: f["value"] for f in read_ledger("titanic_survival")["figures"]}
    assert round(values["published forest, repeated"], 4) == 0.8138
    assert round(values["published SVC, repeated"], 4) == 0.8249
    gain = values["ours (vote)"] - values["published SVC, repeated"]
    assert values["ours − published SVC, repeated"] == pytest.approx(gain)


def test_fates_are_found_by_name_and_ticket_whatever_the_quotation_marks(
    passengers, survived
):
    people = passengers[["Name", "Ticket"]].copy()
    people["Name"] = people["Name"].str.replace("'", '"').str.upper()
    fates = recording.fates_of(people)
    assert (fates == survived).mean() > 0.999
    stranger = pd.DataFrame([{"Name": "Lindholm, Miss. Anna", "Ticket": "1"}])
    assert recording.fates_of(stranger).isna().all()


def test_record_runs_on_files_of_the_competitions_shape(
    tmp_path, monkeypatch, passengers
):
    """The protocol on a stand-in: rows of the embedded list, models made quick."""
    rng = np.random.default_rng(0)
    order = rng.permutation(len(passengers))
    table = passengers.drop(columns=["Boat", "Body", "HomeDest"]).iloc[order]
    train = table.iloc[:891]
    train.insert(0, "PassengerId", range(1, 892))
    (tmp_path / "train.csv").write_text(train.to_csv(index=False))
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    with pytest.raises(recording.DataError, match="expected missing cells"):
        recording.record(tmp_path)
    monkeypatch.setattr(recording, "load_titanic", lambda: train.reset_index(drop=True))
    with pytest.raises(recording.DataError, match=r"test\.csv"):
        recording.record(tmp_path)
    (tmp_path / "test.csv").write_text(
        table.iloc[891:].drop(columns="Survived").to_csv(index=False)
    )
    monkeypatch.setattr(recording, "make_model", lambda kind: make_model("logistic"))
    names = [figure.name for figure in recording.record(tmp_path)]
    assert names == [
        figure["name"] for figure in read_ledger("titanic_survival")["figures"]
    ]
