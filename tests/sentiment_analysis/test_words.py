"""Preprocessing, counting, TF-IDF, naive Bayes and NB-SVM of chapter 7."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.feature_extraction.text import (
    CountVectorizer,
    TfidfTransformer,
    TfidfVectorizer,
)
from sklearn.feature_selection import VarianceThreshold
from sklearn.naive_bayes import MultinomialNB
from sklearn.svm import LinearSVC
from sklearn.utils.estimator_checks import parametrize_with_checks

from mlmastery.sentiment_analysis import (
    IDF,
    NBSVM,
    BagOfWords,
    MultinomialNaiveBayes,
    TfidfWeights,
    idf_table,
    log_count_ratio,
    mark_negations,
    ngrams,
    preprocess_text,
    step_function,
    stop_words,
    tokenize,
)

THREE = ["the movie was good", "the movie was not good", "bad bad movie"]
PRAISE = [True, False, False]


@pytest.fixture(scope="module")
def texts():
    rng = np.random.default_rng(0)
    words = np.array("good bad film plot the a not dull great story".split())
    return [" ".join(rng.choice(words, rng.integers(1, 9))) for _ in range(60)]


@pytest.fixture(scope="module")
def counts(texts):
    return BagOfWords(longest=2).fit_transform(texts)


@pytest.fixture(scope="module")
def labels(texts):
    return np.array(
        [t.count("good") + t.count("great") > t.count("bad") for t in texts]
    )


class TestPreprocessing:
    def test_the_default_keeps_a_negation(self):
        assert preprocess_text("not a good idea") == "not a good idea"
        assert preprocess_text("It isn't good") == "it isn't good"

    def test_all_stop_words_make_not_good_and_good_the_same(self):
        assert preprocess_text("not good", stop="all") == "good"
        kept = preprocess_text("not a good idea", stop="keep negations")
        assert kept == "not good idea"

    def test_words_that_look_like_contractions_are_no_stop_words(self):
        cleaned = preprocess_text("what the hell, I was ill, she wed well", stop="all")
        assert {"hell", "ill", "wed"} <= set(cleaned.split())

    @pytest.mark.parametrize(
        ("text", "cleaned"),
        [
            ("", ""),
            ("\x00\x07", ""),
            ("gre\x00at", "gre at"),
            ("<b>Good</b> &amp; bad", "good & bad"),
            ("2 < 3 and 5 > 4", "2 < 3 and 5 > 4"),
            ("see https://a.b/c?d=1 now", "see url now"),
            ("see WWW.a.b now", "see url now"),
            ("fine :-) :)", "fine emo_pos emo_pos"),
            ("sad :( ;(", "sad emo_neg emo_neg"),
            ("I <3 it", "i emo_pos it"),
            ("🙂🙂", "emo_pos emo_pos"),
            ("at 8:00 (or so)", "at 8 : 00 ( or so )"),
            ("прекрасный ФИЛЬМ", "прекрасный фильм"),
            ("Don’t go", "don’t go"),
            ("well-acted", "well - acted"),
        ],
    )
    def test_cleans(self, text, cleaned):
        assert preprocess_text(text) == cleaned

    @pytest.mark.parametrize(
        ("switch", "cleaned"),
        [
            ({"markup": False}, "< b > ok < / b > emo_pos"),
            ({"lowercase": False}, "OK emo_pos"),
            ({"symbols": False}, "ok : )"),
            ({"letters_only": True, "symbols": False}, "ok"),
        ],
    )
    def test_each_switch_changes_its_own_step(self, switch, cleaned):
        assert preprocess_text("<b>OK</b> :)", **switch) == cleaned

    def test_stop_words_in_capitals_go_too(self):
        assert preprocess_text("The film", stop="all", lowercase=False) == "film"

    def test_letters_only_glues_as_the_usual_recipe_does(self):
        assert preprocess_text("He'll", letters_only=True) == "hell"

    def test_stems_and_lemmas_differ(self):
        assert preprocess_text("studies of mice", forms="stem") == "studi of mice"
        assert preprocess_text("studies of mice", forms="lemma") == "study of mouse"

    @pytest.mark.parametrize("text", [None, 3, b"good", float("nan")])
    def test_other_types_are_refused_by_name(self, text):
        with pytest.raises(TypeError, match=r"text must be a str, got"):
            preprocess_text(text)

    @pytest.mark.parametrize("switch", [{"stop": "some"}, {"forms": "root"}])
    def test_unknown_switches_are_refused(self, switch):
        with pytest.raises(ValueError, match="must be one of none"):
            preprocess_text("good", **switch)

    def test_lists_of_stop_words(self):
        assert stop_words("none") == frozenset()
        assert stop_words("all") - stop_words("keep negations") == {
            "cannot", "neither", "never", "no", "nobody", "none", "nor", "not",
            "nothing", "nowhere", "without",
        } & stop_words("all")  # fmt: skip

    @given(st.text())
    @settings(max_examples=60, deadline=None)
    def test_cleaning_twice_changes_nothing_of_plain_words(self, text):
        once = preprocess_text(text, markup=False, symbols=False)
        assert preprocess_text(once, markup=False, symbols=False) == once

    def test_a_hundred_thousand_characters_take_no_time(self):
        assert len(preprocess_text("a <dull film :-( " * 6000).split()) > 10_000
        assert preprocess_text("<" * 100_000).count("<") == 100_000

    def test_negation_marks(self):
        marked = mark_negations("i don't like it . never again , ok".split())
        assert marked == "i don't not_like not_it . never not_again , ok".split()
        assert mark_negations(["isn’t", "good", "(", "fine"])[1:] == [
            "not_good",
            "(",
            "fine",
        ]
        assert preprocess_text("NOT good", negations=True) == "not not_good"

    def test_a_step_function_is_the_same_with_its_switches(self):
        assert step_function(forms="stem")("Studies") == "studi"

    def test_tokens(self):
        assert tokenize("a_b it's 3.5!!") == ["a_b", "it's", "3", ".", "5", "!", "!"]


class TestBagOfWords:
    def test_equals_scikit_learn(self, texts):
        theirs = CountVectorizer(token_pattern=r"\S+", ngram_range=(1, 3), min_df=2)
        reference = theirs.fit_transform(texts)
        bag = BagOfWords(longest=3, min_df=2)
        assert (bag.fit_transform(texts) != reference).nnz == 0
        assert bag.get_feature_names_out().tolist() == list(
            theirs.get_feature_names_out()
        )

    def test_dropping_unseen_columns_equals_counting_the_training_rows(self, texts):
        rows = np.arange(0, len(texts), 2)
        all_rows = BagOfWords().fit_transform([*texts, "unseen"])
        kept = VarianceThreshold().fit_transform(all_rows[rows])
        alone = BagOfWords().fit_transform([texts[i] for i in rows])
        assert (kept != alone).nnz == 0

    def test_unknown_words_and_empty_texts_are_rows_of_zeros(self):
        bag = BagOfWords().fit(THREE)
        assert bag.transform(["", "unknown", "bad"]).sum(axis=1).ravel().tolist() == [
            [0, 0, 1]
        ]
        assert bag.transform([]).shape == (0, 6)

    def test_binary_counts_an_occurrence_once(self):
        X = BagOfWords(binary=True).fit_transform(THREE)
        assert X.max() == 1

    def test_texts_from_a_generator_are_counted(self):
        assert BagOfWords().fit_transform(t for t in THREE).shape == (3, 6)

    @pytest.mark.parametrize(
        ("bag", "texts", "message"),
        [
            (BagOfWords(longest=0), THREE, "longest must be a whole number"),
            (BagOfWords(min_df=0), THREE, "min_df must be a whole number"),
            (BagOfWords(), ["", " "], "an n-gram that occurs in 1 of them, got none"),
            (BagOfWords(min_df=4), THREE, "occurs in 4 of them"),
        ],
    )
    def test_impossible_settings(self, bag, texts, message):
        with pytest.raises(ValueError, match=message):
            bag.fit(texts)

    def test_texts_must_be_a_list_of_texts(self):
        with pytest.raises(TypeError, match="put it into a list"):
            BagOfWords().fit("good film")
        with pytest.raises(TypeError, match="got NoneType at row 1"):
            BagOfWords().fit(["good", None])

    def test_ngrams_are_neighbours(self):
        assert ngrams(["a", "b", "c"], 3) == ["a", "b", "c", "a b", "b c", "a b c"]
        assert ngrams([], 2) == []


class TestTfidf:
    def test_the_reference_values(self):
        weights = TfidfWeights().fit(BagOfWords().fit_transform(THREE))
        first = weights.transform(BagOfWords().fit_transform(THREE)).toarray()[0]
        expected = [1.693147, 1.287682, 1.0, 1.693147, 1.287682, 1.287682]
        np.testing.assert_allclose(weights.idf_, expected, atol=1e-6)
        expected = [0, 0.526820, 0.409123, 0, 0.526820, 0.526820]
        np.testing.assert_allclose(first, expected, atol=1e-6)

    def test_equals_scikit_learn(self, texts, counts):
        reference = TfidfTransformer().fit_transform(counts).toarray()
        ours = TfidfWeights().fit_transform(counts).toarray()
        np.testing.assert_allclose(ours, reference)
        theirs = TfidfVectorizer().fit_transform(THREE).toarray()
        ours = TfidfWeights().fit_transform(BagOfWords().fit_transform(THREE))
        np.testing.assert_allclose(ours.toarray(), theirs)

    def test_a_text_without_known_terms_stays_zero(self):
        weights = TfidfWeights().fit(np.array([[1.0, 0.0], [1.0, 1.0]]))
        assert not weights.transform(np.zeros((1, 2))).toarray().any()

    def test_five_formulas_on_paper(self):
        table = idf_table({"all": 4, "half": 2}, 4)
        expected = {
            "scikit-learn": [1, np.log(5 / 3) + 1],
            "Spark ML": [0, np.log(5 / 3)],
            "tidytext": [0, np.log(2)],
            "textrecipes": [np.log(2), np.log(3)],
            "gensim": [0, 1.0],
        }
        pd.testing.assert_frame_equal(table, pd.DataFrame(expected, ["all", "half"]))

    def test_unknown_formulas_and_unseen_terms_are_refused(self):
        with pytest.raises(ValueError, match="formula must be one of scikit-learn"):
            TfidfWeights("lucene").fit(np.eye(2))
        unseen = np.array([[1.0, 0.0]])
        for formula in ("tidytext", "textrecipes", "gensim"):
            with pytest.raises(ValueError, match=f"the formula of {formula} must"):
                TfidfWeights(formula).fit(unseen)
        for formula in ("scikit-learn", "Spark ML"):
            assert np.isfinite(TfidfWeights(formula).fit(unseen).idf_).all()
        assert len(IDF) == 5


class TestNaiveBayes:
    def test_on_paper(self):
        bag = BagOfWords().fit(THREE)
        model = MultinomialNaiveBayes().fit(bag.transform(THREE), PRAISE)
        p = model.predict_proba(bag.transform(["good movie"]))[0, 1]
        assert p == pytest.approx(49 / 124)

    @pytest.mark.parametrize("alpha", [0.01, 1.0, 5.0])
    def test_equals_scikit_learn(self, counts, labels, alpha):
        ours = MultinomialNaiveBayes(alpha).fit(counts, labels)
        theirs = MultinomialNB(alpha=alpha).fit(counts, labels)
        np.testing.assert_allclose(
            ours.predict_log_proba(counts), theirs.predict_log_proba(counts)
        )
        np.testing.assert_allclose(ours.feature_log_prob_, theirs.feature_log_prob_)
        assert (ours.predict(counts) == theirs.predict(counts)).all()

    def test_more_than_two_classes(self, counts):
        y = np.arange(counts.shape[0]) % 3
        ours = MultinomialNaiveBayes().fit(counts, y).predict_proba(counts)
        theirs = MultinomialNB().fit(counts, y).predict_proba(counts)
        np.testing.assert_allclose(ours, theirs)

    @pytest.mark.parametrize("alpha", [0, -1, float("nan")])
    def test_smoothing_of_zero_is_refused_by_name(self, counts, labels, alpha):
        with pytest.raises(ValueError, match="alpha must be a number above 0"):
            MultinomialNaiveBayes(alpha).fit(counts, labels)

    def test_one_class_is_refused(self, counts):
        with pytest.raises(ValueError, match="at least two classes"):
            MultinomialNaiveBayes().fit(counts, np.ones(counts.shape[0]))


class TestNBSVM:
    def test_the_ratio_on_paper(self):
        r = log_count_ratio([[3, 0], [1, 3]], [True, False], alpha=0.5)
        np.testing.assert_allclose(r, [np.log(0.875 / 0.3), np.log(0.125 / 0.7)])

    def test_beta_one_is_the_svm_on_weighed_counts(self, counts, labels):
        X = sparse.csr_matrix(counts > 0, dtype=float)
        r = log_count_ratio(X, labels)
        weighed = X.multiply(r).tocsr()
        svm = LinearSVC(C=0.5, random_state=0).fit(weighed, labels)
        ours = NBSVM(C=0.5, beta=1.0).fit(X, labels)
        np.testing.assert_allclose(
            ours.decision_function(X), svm.decision_function(weighed)
        )

    def test_beta_zero_ranks_as_the_ratio_does(self, counts, labels):
        model = NBSVM(beta=0.0).fit(counts, labels)
        ratio = model.coef_ / model.ratio_
        np.testing.assert_allclose(ratio, ratio[0])
        assert ratio[0] > 0

    def test_beta_between_is_between(self, counts, labels):
        ends = [NBSVM(beta=b).fit(counts, labels).coef_ for b in (0.0, 1.0)]
        middle = NBSVM(beta=0.25).fit(counts, labels).coef_
        np.testing.assert_allclose(middle, 0.75 * ends[0] + 0.25 * ends[1])

    @pytest.mark.parametrize(
        ("model", "message"),
        [
            (NBSVM(C=0), "C must be a number above 0"),
            (NBSVM(beta=1.5), "beta must be a number of at least 0 and at most 1"),
            (NBSVM(alpha=0), "alpha must be a number above 0"),
        ],
    )
    def test_settings_out_of_range(self, counts, labels, model, message):
        with pytest.raises(ValueError, match=message):
            model.fit(counts, labels)

    def test_one_class_is_refused(self, counts):
        with pytest.raises(ValueError, match="must hold two classes"):
            NBSVM().fit(counts, np.zeros(counts.shape[0]))


@parametrize_with_checks([MultinomialNaiveBayes(), NBSVM()])
def test_follows_the_estimator_api(estimator, check):
    check(estimator)
