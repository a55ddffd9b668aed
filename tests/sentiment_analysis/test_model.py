"""The served model, its metrics and the race of chapter 7."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import expit, logit
from sklearn.base import clone
from sklearn.metrics import brier_score_loss
from sklearn.model_selection import StratifiedKFold

from mlmastery.datasets import load_vader_movies
from mlmastery.inference import paired_interval, wilson_interval
from mlmastery.ledger import figures_table
from mlmastery.sentiment_analysis import (
    NBSVM,
    BagOfWords,
    MultinomialNaiveBayes,
    SentimentModel,
    VaderModel,
    ablation,
    accuracy,
    accuracy_by_group,
    against,
    choose,
    contrast_with_rest,
    dense_model,
    figures,
    grade_counts,
    phenomena,
    platt_scaling,
    preprocess_text,
    rank_correlation,
    run_race,
    word_models,
)

ODD = ["", "🙂🙂", "прекрасный фильм", "\x00\x00", "<p></p>", "?!", "a" * 100_000]


@pytest.fixture(scope="module")
def sentences():
    table = load_vader_movies().iloc[:1500]
    return table["text"].tolist(), (table["score"] > 0).to_numpy()


@pytest.fixture(scope="module")
def model(sentences):
    texts, y = sentences
    return SentimentModel(steps={"forms": "stem"}).fit(texts[:1200], y[:1200])


@pytest.fixture(scope="module")
def contest(sentences):
    texts, y = sentences
    texts, y = texts[:300], y[:300]
    X = BagOfWords(longest=2).fit_transform(preprocess_text(t) for t in texts)
    entries = {name: (m, X) for name, m in word_models().items()}
    entries["VADER"] = (VaderModel(), np.array(texts, dtype=object))
    cv = StratifiedKFold(3, shuffle=True, random_state=0)
    return run_race(entries, y, cv), entries, y, cv


class TestSentimentModel:
    def test_it_is_better_than_the_majority_on_new_sentences(self, model, sentences):
        texts, y = sentences
        right = model.predict(texts[1200:]) == y[1200:]
        assert wilson_interval(int(right.sum()), len(right)).low > 0.55

    def test_probabilities_agree_with_labels_and_log_odds(self, model, sentences):
        texts = sentences[0][1200:1240]
        p = model.predict_proba(texts)
        assert p.shape == (40, 2)
        np.testing.assert_allclose(p.sum(axis=1), 1)
        np.testing.assert_allclose(logit(p[:, 1]), model.decision_function(texts))
        assert (model.predict(texts) == (p[:, 1] > 0.5)).all()

    def test_new_probabilities_are_calibrated_in_the_large(self, model, sentences):
        texts, y = sentences
        p = model.predict_proba(texts[1200:])[:, 1]
        constant = np.full(300, y[:1200].mean())
        assert brier_score_loss(y[1200:], p) < brier_score_loss(y[1200:], constant)
        error = 3 * np.sqrt(0.25 / 300)
        assert abs(p.mean() - y[1200:].mean()) < error

    def test_scores_of_its_own_rows_would_be_overconfident(self, sentences):
        texts, y = sentences
        model = SentimentModel().fit(texts[:600], y[:600])
        X = model.bag_.transform(texts[:600])
        own = NBSVM().fit(X, y[:600]).decision_function(X)
        slope, _ = platt_scaling(own, y[:600])
        ratio = model.coef_ / NBSVM().fit(X, y[:600]).coef_
        assert 0 < np.median(ratio) < slope / 2

    def test_words_and_base_sum_to_the_log_odds(self, model, sentences):
        for text in [*sentences[0][1200:1210], *ODD]:
            e = model.explain(text)
            total = e.base + sum(e.words.values())
            assert expit(total) == pytest.approx(e.probability)
            assert e.probability == pytest.approx(model.predict_proba([text])[0, 1])
            assert e.label == model.predict([text])[0]

    def test_the_strongest_words_come_first_and_unknown_ones_are_named(self, model):
        e = model.explain("Zzyzx zzyzx is a very dull and boring film")
        sizes = np.abs(list(e.words.values()))
        assert (np.diff(sizes) <= 0).all()
        assert e.unknown == ["zzyzx"]
        assert "dull" in e.words
        assert e.words["dull"] < 0

    @pytest.mark.parametrize("text", ODD, ids=lambda t: repr(t)[:12])
    def test_texts_without_a_known_word_get_the_base(self, model, text):
        if set(preprocess_text(text).split()) & {"?", "!", "emo_pos"}:
            assert 0 < model.predict_proba([text])[0, 1] < 1
        else:
            assert model.decision_function([text])[0] == model.intercept_

    def test_long_texts_markup_and_null_bytes(self, model):
        a, b = model.decision_function(["<b>A dull</b> film", "a dull film"])
        assert a == b
        once, often = model.decision_function(["dull film ", "dull film " * 10_000])
        assert abs(once - often) < 1  # presence counts, not number
        assert model.predict_proba(["dull\x00film"]).shape == (1, 2)
        assert model.predict([]).shape == (0,)

    def test_it_saves_and_loads(self, model, sentences, tmp_path):
        path = tmp_path / "model.json"
        model.save(path)
        again = SentimentModel.load(path)
        texts = sentences[0][1200:1220]
        np.testing.assert_array_equal(
            again.predict_proba(texts), model.predict_proba(texts)
        )
        assert again.explain(texts[0]) == model.explain(texts[0])
        assert again.get_params() == model.get_params()
        assert again.classes_.dtype == model.classes_.dtype

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"\x80\x04pickle", "must be a saved SentimentModel"),
            (b"[1, 2]", "of format"),
            (b'{"format": "other 2"}', "of format"),
        ],
    )
    def test_other_files_are_refused(self, tmp_path, content, message):
        path = tmp_path / "model.json"
        path.write_bytes(content)
        with pytest.raises(ValueError, match=message):
            SentimentModel.load(path)

    def test_a_file_with_a_weight_missing_is_refused(self, model, tmp_path):
        path = tmp_path / "model.json"
        model.save(path)
        content = json.loads(path.read_text())
        content["coef"].pop()
        path.write_text(json.dumps(content))
        with pytest.raises(ValueError, match="one weight per term"):
            SentimentModel.load(path)

    @pytest.mark.parametrize(
        ("texts", "labels", "error", "message"),
        [
            ("good", [1], TypeError, "put it into a list"),
            (["good", None], [0, 1], TypeError, "got NoneType at row 1"),
            (["a", "b", "c"], [1, 1, 1], ValueError, r"got \{1: 3\}"),
            (["a", "b", "c"], [0, 1, 1], ValueError, "two texts each"),
            (["a", "b", "c"], [0, 1, 2], ValueError, "two classes"),
            (["a", "b"], [1], ValueError, "got 1 for 2 texts"),
        ],
    )
    def test_bad_input_is_named(self, texts, labels, error, message):
        with pytest.raises(error, match=message):
            SentimentModel().fit(texts, labels)

    def test_few_texts_get_fewer_folds_and_one_fold_is_refused(self):
        texts, labels = ["good", "fine", "bad", "sad"], [1, 1, 0, 0]
        assert SentimentModel().fit(texts, labels).predict(["good"]).shape == (1,)
        with pytest.raises(ValueError, match="n_folds must be a whole number"):
            SentimentModel(n_folds=1).fit(texts, labels)

    def test_it_can_be_cloned(self, model):
        assert clone(model).get_params() == model.get_params()


def test_platt_scaling_finds_the_log_odds_that_made_the_labels():
    rng = np.random.default_rng(0)
    scores = rng.normal(size=20_000)
    labels = rng.random(20_000) < expit(2 * scores - 0.5)
    slope, offset = platt_scaling(scores, labels)
    assert slope == pytest.approx(2, abs=0.1)
    assert offset == pytest.approx(-0.5, abs=0.1)


class TestEvaluation:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("It is NOT bad", {"negation", "short"}),
            ("I can't say", {"negation", "short"}),
            ("Knotted and noteworthy", {"short"}),
            ("Slow, but fine", {"contrast", "short"}),
            ("Is it good?", {"question", "short"}),
            ("Better than the book", {"comparison", "short"}),
            ("As good as it gets", {"comparison", "short"}),
            ('A so-called "thriller"', {"scare quotes", "short"}),
            ("It should have been cut", {"condition", "short"}),
            ("word " * 28, {"long"}),
            ("word " * 27, set()),
            ("word " * 9, set()),
            ("", {"short"}),
        ],
    )
    def test_phenomena(self, text, found):
        row = phenomena([text]).loc[0]
        assert set(row[row].index) == found

    def test_accuracy_inside_a_group(self):
        groups = pd.DataFrame({"a": [True, True, False], "none": [False] * 3})
        table = accuracy_by_group(groups, [True, False, True])
        low, high = wilson_interval(1, 2)
        assert table.loc["a"].tolist() == [2, 0.5, low, high]
        assert "none" not in table.index

    def test_the_contrast_is_newcombes(self):
        groups = pd.DataFrame({"a": [True] * 70 + [False] * 80})
        right = [True] * 56 + [False] * 14 + [True] * 48 + [False] * 32
        row = contrast_with_rest(groups, right).loc["a"]
        # Newcombe 1998, table II (a): 56/70 against 48/80, method 10.
        assert row["difference"] == pytest.approx(0.2)
        assert row["low"] == pytest.approx(0.0524, abs=1e-4)
        assert row["high"] == pytest.approx(0.3339, abs=1e-4)

    def test_a_group_of_all_has_no_rest(self):
        with pytest.raises(ValueError, match="inside and outside 'a', got 2 and 0"):
            contrast_with_rest(pd.DataFrame({"a": [True, True]}), [True, False])

    def test_grades(self):
        scores = [-4, -2, -1, -0.5, 0.5, 0.6, 2, 2.1]
        table = grade_counts(scores, [False, True, False, True, True, True, True, True])
        assert table["texts"].tolist() == [2, 2, 1, 2, 1]
        assert table["called good"].tolist() == [1, 1, 1, 2, 1]
        assert table["share"].tolist() == [0.5, 0.5, 1, 1, 1]

    def test_rank_correlation_is_spearmans(self):
        rng = np.random.default_rng(0)
        a, b = rng.normal(size=(2, 50))
        expected = stats.spearmanr(a, b).statistic
        assert rank_correlation(a, b) == pytest.approx(expected)
        assert rank_correlation(a, np.exp(a)) == pytest.approx(1)

    @pytest.mark.parametrize(
        ("a", "b"), [([1, 2], [1, 2, 3]), ([1, 1], [1, 2]), ([1, 2], [3, 3])]
    )
    def test_nothing_to_rank_is_refused(self, a, b):
        with pytest.raises(ValueError, match="of one length and each vary"):
            rank_correlation(a, b)


class TestRace:
    def test_all_models_answer_on_the_same_folds(self, contest):
        race, entries, y, cv = contest
        assert list(race.scores) == list(entries)
        assert race.scores.shape == (3, 5)
        assert race.predictions.notna().all().all()
        for name in race.scores:
            by_fold = [
                np.mean(race.predictions[name].to_numpy()[test] == y[test])
                for _, test in cv.split(y, y)
            ]
            np.testing.assert_allclose(race.scores[name], by_fold)

    def test_every_model_has_four_settings_to_choose_from(self):
        for model in [*word_models().values(), dense_model()]:
            searches = [v for v in model.get_params().values() if _is_search(v)]
            searches = searches or [model]
            (grid,) = searches[0].param_grid.values()
            assert len(grid) == 4
            assert searches[0].cv.get_n_splits() == 1

    def test_the_difference_is_paired(self, contest):
        scores = contest[0].scores
        table = against(scores, "VADER", 0.5)
        expected = paired_interval(scores["NB-SVM"], scores["VADER"], 0.5)
        assert table.loc["NB-SVM"].tolist() == pytest.approx(list(expected))
        assert "VADER" not in table.index

    def test_an_ablation_varies_the_texts_alone(self, contest):
        _, entries, y, cv = contest
        X = entries["NB-SVM"][1]
        scores = ablation({"one": X, "same": X}, y, NBSVM(C=0.1), cv)
        assert (scores["one"] == scores["same"]).all()

    def test_the_choice_is_made_on_training_rows(self):
        X = np.array([[1, 0], [0, 1]] * 20)
        search = choose(MultinomialNaiveBayes(), "alpha", [0.1, 1.0])
        assert search.fit(X, [0, 1] * 20).score(X, [0, 1] * 20) == 1

    def test_accuracy_counts_equal_labels(self):
        assert accuracy(["a", "b", "b"], ["a", "b", "a"]) == pytest.approx(2 / 3)


def _is_search(value):
    return hasattr(value, "param_grid")


def test_figures(model):
    fig, axes = plt.subplots(2, 4)
    ax = iter(axes.ravel())
    drawn = figures.plot_effects(
        model.explain("a dull but funny film"), k=3, ax=next(ax)
    )
    assert len(drawn.patches) == 3
    figures.plot_scores([-1, 0, 2], ax=next(ax))
    assert len(figures.plot_idf({"a": lambda d, n: d / n}, 9, ax=next(ax)).lines) == 1
    figures.plot_losses({"a": [3, 2], "b": [1.0]}, ax=next(ax))
    table = grade_counts([-3, -1, 0, 1, 3], [False, False, True, True, True])
    figures.plot_grades({"ours": table}, ax=next(ax))
    figures.plot_lengths([3, 9], 12, ax=next(ax))
    places = np.array([[0.0, 1.0], [1.0, 0.0]])
    figures.plot_word_map(places, ["good", "bad"], [1, -1], ax=next(ax))
    assert all(a.get_xlabel() for a in axes.ravel()[:7])
    plt.close(fig)


def test_the_recorded_figures_reproduce_the_published_ones():
    recorded = figures_table("sentiment_analysis")["value"]
    assert recorded["imdb, NB-SVM, ours"] > 0.9122 - 0.002
    assert abs(recorded["review_polarity, NB-SVM, published settings"] - 0.8945) < 0.015
    assert abs(recorded["rt_polarity, NB-SVM, published settings"] - 0.7938) < 0.015
    assert recorded["rt_polarity, VADER"] == pytest.approx(0.638, abs=0.001)
