"""Skip-gram, GloVe, the LSTM, MiniLM and VADER of chapter 7."""

import numpy as np
import pytest
import torch
from scipy.optimize import check_grad

from mlmastery.sentiment_analysis import (
    LSTMClassifier,
    MeanVectors,
    MiniLMVectors,
    SentenceLSTM,
    SkipGram,
    VaderModel,
    WordVectors,
    load_glove,
    preprocess_text,
    skip_gram_gradients,
    skip_gram_loss,
    skip_gram_pairs,
    vader_scores,
)

REAL = np.array([1.0, 0.0, 0.0])


@pytest.fixture(scope="module")
def reviews():
    rng = np.random.default_rng(0)
    sides = rng.integers(0, 2, 240)
    words = (("dull", "bad", "mess"), ("warm", "good", "fun"))
    filler = np.array("the film has a plot and some people in it".split())
    texts = []
    for side in sides:
        text = [*rng.choice(filler, rng.integers(2, 8)), rng.choice(words[side])]
        texts.append(" ".join(rng.permutation(text)))
    return texts, sides


@pytest.fixture(scope="module")
def reader(reviews):
    return LSTMClassifier(epochs=8, learning_rate=0.01, random_state=1).fit(*reviews)


class TestSkipGram:
    def test_pairs_are_neighbours_on_both_sides(self):
        assert skip_gram_pairs([1, 2, 3, 4], 2) == [
            (1, 2), (1, 3), (2, 1), (2, 3), (2, 4),
            (3, 1), (3, 2), (3, 4), (4, 2), (4, 3),
        ]  # fmt: skip
        assert skip_gram_pairs([1], 2) == []

    def test_loss_on_paper(self):
        v, u = np.zeros((2, 4)), np.zeros((2, 3, 4))
        assert skip_gram_loss(v, u, REAL) == pytest.approx(3 * np.log(2))
        v, u = np.array([[1.0]]), np.array([[[2.0], [-1.0], [0.0]]])
        expected = np.log1p(np.exp(-2)) + np.log1p(np.exp(-1)) + np.log(2)
        assert skip_gram_loss(v, u, REAL) == pytest.approx(expected)

    def test_loss_is_finite_far_from_zero(self):
        loss = skip_gram_loss(np.full((1, 1), 1e3), np.full((1, 3, 1), 1.0), REAL)
        assert loss == pytest.approx(2000)

    def test_gradients(self):
        rng = np.random.default_rng(0)
        v, u = rng.normal(size=(5, 4)), rng.normal(size=(5, 3, 4))
        to_v, to_u = skip_gram_gradients(v, u, REAL)

        def of_v(x):
            return 5 * skip_gram_loss(x.reshape(v.shape), u, REAL)

        def of_u(x):
            return 5 * skip_gram_loss(v, x.reshape(u.shape), REAL)

        assert check_grad(of_v, lambda _: to_v.ravel(), v.ravel()) < 1e-5
        assert check_grad(of_u, lambda _: to_u.ravel(), u.ravel()) < 1e-5

    def test_gradients_equal_those_of_pytorch(self):
        rng = np.random.default_rng(1)
        v, u = (
            torch.tensor(rng.normal(size=s), requires_grad=True)
            for s in ((6, 3), (6, 3, 3))
        )
        scores = torch.einsum("nd,nkd->nk", v, u)
        target = torch.tensor(REAL).expand(6, 3)
        torch.nn.functional.binary_cross_entropy_with_logits(
            scores, target, reduction="sum"
        ).backward()
        ours = skip_gram_gradients(v.detach().numpy(), u.detach().numpy(), REAL)
        np.testing.assert_allclose(ours[0], v.grad)
        np.testing.assert_allclose(ours[1], u.grad)

    def test_words_used_alike_become_alike(self):
        rng = np.random.default_rng(0)
        groups = [["cat", "dog", "purr", "fur"], ["car", "bus", "road", "fuel"]]
        sentences = [list(rng.choice(groups[i % 2], 5)) for i in range(600)]
        model = SkipGram(n_dimensions=8, epochs=8, subsample=1.0, random_state=0).fit(
            sentences
        )
        assert set(model.vectors_.nearest("cat", 3).index) == {"dog", "purr", "fur"}
        assert model.loss_[-1] < model.loss_[0]

    def test_a_seed_repeats(self):
        sentences = [["a", "b", "c", "a"]] * 30
        first, second = (
            SkipGram(min_count=1, epochs=2, subsample=1.0, random_state=3).fit(
                sentences
            )
            for _ in range(2)
        )
        np.testing.assert_array_equal(first.vectors_.vectors, second.vectors_.vectors)

    @pytest.mark.parametrize(
        ("model", "sentences", "message"),
        [
            (SkipGram(epochs=0), [["a", "b"]], "epochs must be a whole number"),
            (SkipGram(), [["a", "b"]], "two words that occur 5 times, got 0"),
            (SkipGram(min_count=1), [["a"], ["b"]], "neighbouring words, got no pair"),
        ],
    )
    def test_too_little_text(self, model, sentences, message):
        with pytest.raises(ValueError, match=message):
            model.fit(sentences)


class TestVectors:
    def test_similarity_and_neighbours(self):
        vectors = WordVectors(["a", "b", "c"], np.array([[1, 0], [3, 3], [-2, 0.0]]))
        assert vectors.similarity("a", "b") == pytest.approx(2**-0.5)
        assert vectors.similarity("a", "c") == pytest.approx(-1)
        assert vectors.nearest("a", 2).index.tolist() == ["b", "c"]
        with pytest.raises(KeyError, match="one of 3 known, got 'd'"):
            vectors["d"]

    def test_glove_has_the_words_asked_for_and_no_others(self):
        glove = load_glove(["good", "zzzzqq", "bad", "good"])
        assert glove.words == ["good", "bad"]
        assert glove.vectors.shape == (2, 50)
        assert glove.similarity("good", "bad") == pytest.approx(0.796, abs=0.001)

    def test_the_mean_counts_repeats_and_skips_unknown_words(self):
        vectors = WordVectors(["a", "b"], np.array([[3.0, 0.0], [0.0, 6.0]]))
        means = MeanVectors(vectors).fit_transform(["a a b x", "x", ""])
        np.testing.assert_allclose(means, [[2, 2], [0, 0], [0, 0]])


class TestLSTM:
    @pytest.mark.parametrize("pool", ["last", "max"])
    def test_padding_changes_no_score_of_the_masked_network(self, pool):
        torch.manual_seed(0)
        net = SentenceLSTM(torch.randn(9, 5), hidden=6, pool=pool).eval()
        words = torch.tensor([[2, 3, 4, 5], [6, 7, 0, 0]])
        lengths = torch.tensor([4, 2])
        more = torch.nn.functional.pad(words, (0, 30))
        with torch.no_grad():
            before, after = net(words, lengths), net(more, lengths)
            alone = net(words[1:, :2], lengths[1:])
        assert (before - after).abs().max() < 1e-6
        assert (before[1:] - alone).abs().max() < 1e-6

    def test_padding_changes_the_scores_of_the_unmasked_network(self):
        torch.manual_seed(0)
        net = SentenceLSTM(
            torch.randn(9, 5), hidden=6, pool="last", masked=False
        ).eval()
        words, lengths = torch.tensor([[2, 3, 4]]), torch.tensor([3])
        with torch.no_grad():
            before = net(words, lengths)
            after = net(torch.nn.functional.pad(words, (0, 30)), lengths)
        assert (before - after).abs().max() > 1e-3

    def test_max_pooling_is_the_maximum_over_real_words(self):
        torch.manual_seed(0)
        net = SentenceLSTM(torch.randn(9, 5), hidden=4, pool="max").eval()
        words = torch.tensor([[2, 3, 0]])
        with torch.no_grad():
            states, _ = net.lstm(net.embedding(words[:, :2]))
            expected = net.out(states.amax(dim=1)).squeeze(1)
            assert torch.allclose(net(words, torch.tensor([2])), expected)

    def test_it_learns(self, reader, reviews):
        texts, y = reviews
        assert (reader.predict(texts) == y).mean() > 0.9
        assert reader.loss_[-1] < reader.loss_[0]

    def test_the_unmasked_one_fails_where_the_masked_one_learns(self, reviews):
        texts, y = reviews
        scores = {}
        for masked in (True, False):
            model = LSTMClassifier(
                masked=masked,
                pool="last",
                pad_to=60,
                epochs=8,
                dropout=0.0,
                learning_rate=0.01,
            )
            scores[masked] = (model.fit(texts, y).predict(texts) == y).mean()
        assert scores[True] > 0.85
        assert scores[False] < 0.65

    def test_probabilities_are_those_of_the_scores(self, reader, reviews):
        texts = reviews[0][:9]
        p = reader.predict_proba(texts)
        np.testing.assert_allclose(p.sum(axis=1), 1)
        logits = reader.decision_function(texts)
        np.testing.assert_allclose(np.log(p[:, 1] / p[:, 0]), logits, atol=1e-5)
        # Rows are read in batches sorted by length and must come back in order.
        single = [reader.decision_function([t])[0] for t in texts]
        np.testing.assert_allclose(logits, single, atol=1e-5)

    def test_empty_and_unknown_texts_have_a_score(self, reader):
        scores = reader.decision_function(["", "tepid", "word " * 5000])
        assert np.isfinite(scores).all()
        assert scores[0] == pytest.approx(scores[1])

    def test_a_seed_repeats_and_leaves_the_global_one_alone(self, reviews):
        torch.manual_seed(5)
        expected = torch.rand(1)
        torch.manual_seed(5)
        first, second = (
            LSTMClassifier(epochs=1, random_state=2).fit(
                reviews[0][:40], reviews[1][:40]
            )
            for _ in range(2)
        )
        assert torch.rand(1) == expected
        assert first.loss_ == second.loss_

    def test_the_best_epoch_is_kept(self, reviews):
        model = LSTMClassifier(epochs=3, validation=0.25).fit(*reviews)
        assert len(model.accuracy_) == 3
        assert model.accuracy_[model.best_epoch_ - 1] == max(model.accuracy_)

    def test_vectors_start_from_those_given(self, reviews):
        vectors = WordVectors(["good"], np.full((1, 7), 0.25))
        model = LSTMClassifier(vectors, epochs=1, learning_rate=1e-9)
        model.fit(reviews[0][:40], reviews[1][:40])
        start = model.network_.embedding.weight[model.row_["good"]]
        np.testing.assert_allclose(start.detach(), 0.25, atol=1e-6)

    def test_labels_keep_their_names(self, reviews):
        names = np.array(["neg", "pos"])[reviews[1][:40]]
        model = LSTMClassifier(epochs=1).fit(reviews[0][:40], names)
        assert set(model.predict(reviews[0][:9])) <= {"neg", "pos"}

    def test_bad_input(self, reviews):
        with pytest.raises(ValueError, match="two classes, got 1"):
            LSTMClassifier().fit(["a", "b"], [1, 1])
        with pytest.raises(ValueError, match="pool must be one of last, max"):
            LSTMClassifier(pool="mean").fit(["a", "b"], [0, 1])
        with pytest.raises(ValueError, match="epochs must be a whole number"):
            LSTMClassifier(epochs=0).fit(["a", "b"], [0, 1])


class TestMiniLM:
    def test_sentences_of_like_meaning_are_near_and_padding_counts_for_nothing(self):
        texts = [
            "A wonderful, moving film.",
            "A great and touching movie.",
            "The train to the coast leaves at nine o'clock in the morning today.",
        ]
        vectors = MiniLMVectors().fit_transform(texts)
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        cosine = unit @ unit.T
        assert vectors.shape == (3, 384)
        assert cosine[0, 1] > 0.5 > cosine[0, 2]
        alone = MiniLMVectors().transform(texts[:1])
        np.testing.assert_allclose(vectors[:1], alone, atol=1e-4)

    def test_texts_must_be_texts(self):
        with pytest.raises(TypeError, match="one str"):
            MiniLMVectors().transform("good")


class TestVader:
    def test_scores(self):
        scores = vader_scores(["This is so bad!!!!!", "", "Tuesday"])
        np.testing.assert_allclose(scores, [-0.769, 0, 0], atol=1e-3)

    def test_the_model_follows_the_scores(self):
        texts = ["great", "awful", "Tuesday"]
        model = VaderModel().fit(texts, ["pos", "neg", "neg"])
        assert model.predict(texts).tolist() == ["pos", "neg", "neg"]
        p = model.predict_proba(texts)
        np.testing.assert_allclose(p[:, 1] * 2 - 1, vader_scores(texts))
        np.testing.assert_allclose(model.decision_function(texts), vader_scores(texts))
        np.testing.assert_allclose(p.sum(axis=1), 1)

    @pytest.mark.parametrize("text", ["This is so bad", "awesome"])
    def test_exclamation_marks_never_turn_the_sign(self, text):
        scores = vader_scores([text + "!" * k for k in range(21)])
        assert (np.sign(scores) == np.sign(scores[0])).all()
        assert (np.diff(abs(scores)) >= -1e-9).all()


def test_preprocessing_feeds_the_reader(reader):
    assert reader.predict([preprocess_text("The film is GOOD")])[0] == 1
