"""Data as people have them: the right answer, or which argument is wrong and how."""

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError

from mlmastery.sentiment_analysis import (
    BagOfWords,
    LSTMClassifier,
    MeanVectors,
    SentimentModel,
    SkipGram,
    TfidfWeights,
    VaderModel,
    WordVectors,
    accuracy,
    accuracy_by_group,
    against,
    contrast_with_rest,
    grade_counts,
    idf_table,
    load_glove,
    log_count_ratio,
    mark_negations,
    ngrams,
    phenomena,
    platt_scaling,
    preprocess_text,
    rank_correlation,
    run_suite,
    tokenize,
    vader_scores,
)
from mlmastery.sentiment_analysis.__main__ import main
from mlmastery.sentiment_analysis.model import FORMAT

TEXTS = ["good film", "a good one", "bad film", "a bad one"] * 3
LABELS = [1, 1, 0, 0] * 3
TABLE = pd.DataFrame({"text": TEXTS, "label": LABELS})
VECTORS = WordVectors(["good", "bad"], np.eye(2))
READER = LSTMClassifier(vectors=VECTORS, epochs=1, hidden=2)
COUNTS = [[1, 0], [0, 1]]


@pytest.fixture(scope="module")
def model():
    return SentimentModel().fit(TEXTS, LABELS)


@pytest.mark.parametrize(
    "take",
    [
        vader_scores,
        phenomena,
        load_glove,
        BagOfWords().fit,
        BagOfWords().fit(TEXTS).transform,
        MeanVectors(VECTORS).transform,
        READER.fit(TEXTS, LABELS).predict,
        SentimentModel().fit(TEXTS, LABELS).predict_proba,
    ],
    ids=["vader", "phenomena", "glove", "fit", "count", "mean", "lstm", "model"],
)
@pytest.mark.parametrize(
    ("texts", "came"),
    [
        ("good film", "one str"),
        (TABLE[["text"]], "a DataFrame"),
        ({"good": 1}, "a dict"),
        ({"good"}, "a set"),
        (None, "a NoneType"),
        (["good", None], "NoneType at row 1"),
        (pd.Series(["good", None], dtype="string"), "NAType at row 1"),
        ([float("nan")], "float at row 0"),
    ],
)
def test_texts_are_a_list_of_texts(take, texts, came):
    with pytest.raises(TypeError, match=rf"^(texts|words) must .*{came}"):
        take(texts)


@pytest.mark.parametrize("make", [SentimentModel, lambda: READER, VaderModel])
@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (LABELS[:3], "must be one per text, got 3 for 12 texts"),
        ([*LABELS, 1], "must be one per text, got 13 for 12 texts"),
        (TABLE[["label"]], r"must be one row of labels, got shape \(12, 1\)"),
        (1, r"must be one row of labels, got shape \(\)"),
        ([1.0, np.nan] * 6, "must not be missing, got nan at row 1"),
        (["good", np.nan] * 6, "must not be missing, got nan at row 1"),
        ([1, None] * 6, "must not be missing, got None at row 1"),
        (pd.Series([0, pd.NA] * 6, dtype="Int64"), "missing, got <NA> at row 1"),
        ([1] * 12, "must hold two classes"),
    ],
)
def test_labels_are_one_per_text(make, labels, message):
    with pytest.raises(ValueError, match=rf"^(labels|y) .*{message}"):
        make().fit(TEXTS, labels)


@pytest.mark.parametrize(
    "labels",
    [
        pd.Series(LABELS, index=range(50, 62), dtype="Int64"),
        pd.Series(LABELS, dtype=bool).astype("boolean"),
        pd.Series(LABELS, dtype="category"),
        np.array(LABELS, dtype=object),
        tuple(LABELS),
    ],
    ids=["Int64", "boolean", "category", "object", "tuple"],
)
def test_labels_in_other_containers_are_the_same(model, labels):
    other = SentimentModel().fit(TABLE["text"].astype("string"), labels)
    assert other.classes_.tolist() == [0, 1]
    np.testing.assert_array_equal(other.coef_, model.coef_)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["no", "yes"], "got 'no' at row 0"),
        ([0.2, 0.9], "got 0.2 at row 0"),
        ([1, 2], "got 2 at row 1"),
        ([True, np.nan], "got nan at row 1"),
        (pd.Series([True, None], dtype="boolean"), "got <NA> at row 1"),
        ([True], r"2 truth values in one row, got shape \(1,\)"),
        ([[True, False]], r"in one row, got shape \(1, 2\)"),
    ],
)
@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda f: log_count_ratio(COUNTS, f), "positive"),
        (lambda f: platt_scaling([0.0, 1.0], f), "positive"),
        (lambda f: grade_counts([-1.0, 1.0], f), "predicted"),
        (lambda f: accuracy_by_group({"a": f}, [True, False]), r"groups\['a'\]"),
        (lambda f: contrast_with_rest({"a": f}, [True, False]), r"groups\['a'\]"),
    ],
    ids=["ratio", "platt", "grades", "group", "contrast"],
)
def test_what_is_not_true_or_false_is_refused(call, name, flags, message):
    with pytest.raises(ValueError, match=rf"^{name} must .*{message}"):
        call(flags)


def test_correct_must_be_true_or_false():
    groups = pd.DataFrame({"a": [True, False]})
    for call in (accuracy_by_group, contrast_with_rest):
        with pytest.raises(ValueError, match=r"^correct must .* got 0.2 at row 0"):
            call(groups, [0.2, 0.9])


def test_groups_of_zeros_and_ones_are_masks():
    right, ones = [True, False, True, True], pd.DataFrame({"a": [1, 0, 1, 0]})
    assert accuracy_by_group(ones, right).loc["a", "accuracy"] == 1
    assert contrast_with_rest(ones, right).loc["a", "difference"] == 0.5
    pd.testing.assert_frame_equal(
        contrast_with_rest(ones, right), contrast_with_rest(ones == 1, right)
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: log_count_ratio([[-3, 0], [0, 1]], [1, 0]), "X must be .* got -3"),
        (lambda: log_count_ratio([[np.nan], [1]], [1, 0]), "X must be .* got nan"),
        (lambda: log_count_ratio([1, 0], [1]), r"X must have a row .* shape \(2,\)"),
        (lambda: TfidfWeights().fit(["a b"]), "counts must be numbers, got 'a b'"),
        (lambda: TfidfWeights().fit([[1, np.nan]]), "counts must be .* got nan"),
        (
            lambda: TfidfWeights().fit(np.eye(2)).transform(np.eye(3)),
            "counts must have the 2 columns of the fit, got 3",
        ),
        (lambda: idf_table({"a": 0}, 3), r"df\['a'\] must be .* from 1 to 3, got 0"),
        (lambda: idf_table({"a": 5}, 3), r"df\['a'\] must be .* from 1 to 3, got 5"),
        (lambda: platt_scaling([1, np.nan], [1, 0]), "scores must .* 1 not finite"),
        (lambda: platt_scaling([1, 2], [1, 1]), "positive must hold both classes"),
        (lambda: accuracy([0, 1], [0]), r"y_true and y_pred .*\(2,\) and \(1,\)"),
        (lambda: accuracy([], []), r"y_true and y_pred .*\(0,\) and \(0,\)"),
        (lambda: grade_counts([np.nan, 1], [1, 0]), "scores must .* 1 not finite"),
        (lambda: grade_counts([-1, 1], [1, 0], 3), "limit must lie between 0 and 2"),
        (lambda: rank_correlation([1, np.nan], [0, 1]), "scores must .* not finite"),
        (lambda: rank_correlation([1, 2], [[0, 1]] * 2), "probabilities must"),
        (lambda: rank_correlation(["a", "b"], [0, 1]), "scores must"),
        (lambda: against(pd.DataFrame({"a": [1.0, 2]}), "b", 0.25), "base must"),
        (
            lambda: against(pd.DataFrame({"a": [1, np.nan], "b": [1, 2]}), "a", 0.25),
            "scores must not be missing, got 1 NaN",
        ),
        (lambda: WordVectors(["a", "b"], np.eye(3)), r"vectors must .*\(3, 3\) for 2"),
        (lambda: WordVectors(["a", "a"], np.eye(2)), "vectors must .* 1 different"),
        (lambda: SkipGram(window=0).fit([["a", "b"]]), "window must"),
        (lambda: SkipGram(n_negative=0).fit([["a", "b"]]), "n_negative must"),
        (lambda: SkipGram(learning_rate=-1).fit([["a"]]), "learning_rate must"),
        (
            lambda: LSTMClassifier(validation=1.0).fit(TEXTS, LABELS),
            "validation must",
        ),
        (lambda: preprocess_text("good", stop=True), "^stop must be one of"),
        (lambda: run_suite(lambda texts: [], []), "suite must hold at least one"),
    ],
)
def test_impossible_values_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tokenize(None), "text must be a str, got NoneType"),
        (lambda: tokenize(["a"]), "text must be a str, got list"),
        (lambda: mark_negations("not good"), "tokens must be .* got one str"),
        (lambda: mark_negations(["not", 1]), "tokens must .* int at row 1"),
        (lambda: ngrams("ab", 2), "tokens must be .* got one str"),
        (lambda: SkipGram().fit(["good film"]), r"sentences\[0\] .* got one str"),
        (lambda: SkipGram().fit([["a", np.nan]]), r"sentences\[0\] .* float at row 1"),
        (
            lambda: BagOfWords(preprocess=tokenize).fit(TEXTS),
            "preprocess must return tokens joined by spaces, got a list",
        ),
        (
            lambda: SentimentModel(steps=["negations"]).fit(TEXTS, LABELS),
            "steps must be a dict of switches, got list",
        ),
        (lambda: run_suite(VaderModel()), "score must be a function .* VaderModel"),
    ],
)
def test_other_kinds_are_named(call, message):
    with pytest.raises(TypeError, match=message):
        call()


@pytest.mark.parametrize("model", [SentimentModel, LSTMClassifier, VaderModel])
def test_a_model_must_be_fitted_first(model):
    with pytest.raises(NotFittedError):
        model().predict(TEXTS)
    with pytest.raises(NotFittedError):
        BagOfWords().get_feature_names_out()


def test_no_text_gives_no_row():
    assert MeanVectors(VECTORS).transform([]).shape == (0, 2)
    assert READER.fit(TEXTS, LABELS).predict([]).shape == (0,)


def test_a_file_without_weights_is_refused(tmp_path):
    path = tmp_path / "model.json"
    path.write_text(f'{{"format": "{FORMAT}"}}')
    with pytest.raises(
        ValueError, match=r"must hold 'settings', got only \['format'\]"
    ):
        SentimentModel.load(path)


def test_the_command_trains_the_chapters_model(tmp_path):
    data, path = tmp_path / "reviews.csv", tmp_path / "model.json"
    TABLE.rename(columns={"label": "positive"}).to_csv(data, index=False)
    assert main(["train", "--data", str(data), "--out", str(path)]) == 0
    assert SentimentModel.load(path).steps == {"negations": True}
