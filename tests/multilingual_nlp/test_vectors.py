"""Alignment, retrieval, the encoder, transfer and the cost in tokens."""

import numpy as np
import pandas as pd
import pytest
from scipy.linalg import orthogonal_procrustes
from scipy.stats import ortho_group
from sklearn.exceptions import NotFittedError

from mlmastery.multilingual_nlp import (
    ENCODER_LANGUAGES,
    SentenceClassifier,
    WordSpace,
    cosine_similarity,
    encode_texts,
    is_found,
    load_tokenizer,
    nearest,
    positive_pmi,
    procrustes_rotation,
    tfidf_classifier,
    token_table,
    translations,
)


def test_rotation_equals_scipy():
    rng = np.random.default_rng(0)
    for _ in range(5):
        X, Y = rng.normal(size=(2, 12, 4))
        ours = procrustes_rotation(X, Y)
        np.testing.assert_allclose(ours, orthogonal_procrustes(X, Y)[0], atol=1e-12)
        np.testing.assert_allclose(ours.T @ ours, np.eye(4), atol=1e-12)


def test_rotation_is_found_again_and_none_is_better():
    rng = np.random.default_rng(1)
    turn, X = ortho_group.rvs(5, random_state=0), rng.normal(size=(9, 5))
    np.testing.assert_allclose(procrustes_rotation(X, X @ turn), turn, atol=1e-10)
    Y = rng.normal(size=X.shape)
    best = np.linalg.norm(X @ procrustes_rotation(X, Y) - Y)
    for seed in range(20):
        other = ortho_group.rvs(5, random_state=seed)
        assert np.linalg.norm(X @ other - Y) >= best


def test_unequal_shapes_are_refused():
    with pytest.raises(ValueError, match=r"\(2, 3\) and \(3, 3\)"):
        procrustes_rotation(np.ones((2, 3)), np.ones((3, 3)))


def test_ppmi_on_paper():
    # share 2/6 in a row of 3/6 and a column of 2/6; expected 1/6, ratio 2
    values = positive_pmi([[2, 1], [0, 3]])
    assert values[0] == pytest.approx([np.log(2), 0])
    assert values[1] == pytest.approx([0, np.log(3 / 6 / (3 / 6 * 4 / 6))])


def test_ppmi_of_an_empty_passage_is_zero():
    assert positive_pmi([[0, 0], [1, 1]])[0].tolist() == [0, 0]


TEXTS = ["red apple sweet", "red car fast", "sweet apple pie", "fast car race"] * 2


def test_all_dimensions_give_the_ppmi_back():
    space = WordSpace.learn(TEXTS, 5, least=2)
    assert space.words == sorted(set(" ".join(TEXTS).split()))
    counts = np.array([[t.split().count(w) for w in space.words] for t in TEXTS])
    full = WordSpace.learn(TEXTS, min(counts.shape), least=2)
    np.testing.assert_allclose(
        full.passages @ full.vectors.T, positive_pmi(counts), atol=1e-9
    )


def test_rare_and_short_words_get_no_vector():
    space = WordSpace.learn(["l'eau a 12", "eau b", "eau vin", "vin"], 1, least=2)
    assert space.words == ["eau", "vin"]
    assert WordSpace.learn(["x vin vin", "eau"], 1, least=1).words == ["eau", "vin"]
    with pytest.raises(ValueError, match="n_dimensions"):
        WordSpace.learn(["eau vin", "eau vin"], 3, least=1)


def test_a_turned_copy_of_a_space_is_translated():
    space = WordSpace.learn(TEXTS, 4, least=2)
    other = space.rotated(ortho_group.rvs(4, random_state=2))
    rotation = procrustes_rotation(other.passages, space.passages)
    aligned = other.rotated(rotation)
    found = [translations(aligned, space, w)[0] for w in ("pie", "race", "red")]
    assert found == ["pie", "race", "red"]
    assert len(translations(aligned, space, "pie", k=3)) == 3
    with pytest.raises(ValueError, match="got 'plum'"):
        translations(aligned, space, "plum")


def test_cosine_of_a_zero_vector_is_zero():
    assert cosine_similarity([[0, 0]], [[1, 2]]).tolist() == [[0]]
    assert cosine_similarity([[2, 0]], [[1, 1]])[0, 0] == pytest.approx(0.5**0.5)


def test_nearest_takes_the_earlier_of_equals():
    assert nearest([[1, 0]], [[0, 1], [2, 0], [1, 0]], k=3).tolist() == [[1, 2, 0]]
    with pytest.raises(ValueError, match="k must be"):
        nearest([[1, 0]], [[1, 0]], k=2)


def test_equal_targets_are_right():
    targets = np.array([[1.0, 0], [1, 0], [0, 1]])
    assert is_found(targets, targets).tolist() == [True, False, True]
    assert is_found(targets, targets, ["a", "a", "b"]).tolist() == [True] * 3
    assert is_found(targets[::-1], targets, ["a", "b", "c"]).tolist() == [False] * 3


def test_numbers_of_texts_must_agree():
    with pytest.raises(ValueError, match="got 1, 1 and 2"):
        is_found([[1.0]], [[1.0]], ["a", "b"])
    with pytest.raises(ValueError, match="got 2, 1 and 2"):
        is_found([[1.0], [1.0]], [[1.0]])


def test_encoder_brings_translations_together():
    texts = [
        "The cat sleeps.",
        "Die Katze schläft.",
        "猫在睡觉。",
        "Stocks fell today.",
    ]
    vectors = encode_texts(texts)
    similarity = cosine_similarity(vectors, vectors)
    assert vectors.shape == (4, 512)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-3)
    assert min(similarity[0, 1], similarity[0, 2]) > 0.6 > similarity[0, 3]


def test_encoder_keeps_the_order_of_texts():
    texts = ["a long sentence about the sea and its fish", "sea", "a short text"]
    alone = np.vstack([encode_texts([text]) for text in texts])
    np.testing.assert_allclose(encode_texts(texts), alone, atol=1e-4)


def test_languages_of_the_encoder():
    assert {"de", "zh", "th"} <= ENCODER_LANGUAGES
    assert not {"sv", "hi", "sw", "da", "nb", "cs"} & ENCODER_LANGUAGES


def letters(texts):
    return np.array([[len(text), text.count("!")] for text in texts], float)


def test_classifier_reads_the_first_characters_only():
    model = SentenceClassifier(letters, longest=5)
    model.fit(["yes!!", "no..."] * 6, [True, False] * 6)
    p = model.predict_proba(["yes!!", "yes..!!!!!!"])
    assert p[0, 1] > 0.5 > p[1, 1]
    assert model.predict(["ab!!!"]).tolist() == [True]
    assert p.sum(axis=1) == pytest.approx([1, 1])


def test_baseline_knows_its_own_words_only():
    model = tfidf_classifier().fit(["good tea", "bad tea"] * 3, [True, False] * 3)
    assert model.predict(["so good", "so bad"]).tolist() == [True, False]
    p = model.predict_proba(["很好", "不好"])[:, 1]
    assert p[0] == p[1] == pytest.approx(0.5)


def test_token_table_adds_passages():
    texts = pd.DataFrame(
        {"language": ["en", "en", "xx"], "text": ["ab", "c", "e\u0301"]}
    )
    table = token_table(texts, lambda text: text.encode())
    assert table.loc["en"].to_dict() == {
        "graphemes": 3, "bytes": 3, "tokens": 3, "per grapheme": 1, "ratio": 1,
    }  # fmt: skip
    assert table.loc["xx", "per grapheme"] == 3
    assert token_table(texts, len and list, base="xx").loc["en", "ratio"] == 1.5
    with pytest.raises(ValueError, match="base must be one of en, xx"):
        token_table(texts, list, base="de")


@pytest.mark.slow
def test_tokenizer_is_that_of_chapter_14():
    tokenizer = load_tokenizer()
    assert tokenizer.decode(tokenizer.encode("Zürich 東京")) == "Zürich 東京"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: positive_pmi([[-1, 2], [1, 1]]), "counts must be 0 or more"),
        (lambda: positive_pmi([[0, 0]]), "not all 0"),
        (lambda: positive_pmi([[np.nan, 1]]), "counts must be finite numbers"),
        (lambda: positive_pmi([1, 2]), "counts must have one vector a row"),
        (lambda: procrustes_rotation([[np.nan]], [[1]]), "source must be finite"),
        (lambda: procrustes_rotation(np.ones((0, 2)), np.ones((0, 2))), "one row"),
        (lambda: cosine_similarity([[1, 2]], [[1]]), "equally many columns, got 2"),
        (lambda: cosine_similarity([1, 2], [1, 2]), "first must have one vector"),
        (lambda: nearest([[np.nan, 1]], [[0, 1]]), "must be finite numbers, got nan"),
        (lambda: is_found([[1.0]], [[1.0]], "a"), "texts must be a sequence of texts"),
        (lambda: is_found([[1.0]], [[1.0]], [None]), "text must be a str"),
        (lambda: is_found([], []), "at least one, got 0, 0 and 0"),
        (lambda: WordSpace.learn("red apple", 1), "texts must be a sequence"),
        (lambda: WordSpace.learn(["a b"], 1, least=0), "least must be a whole number"),
    ],
)
def test_vectors_and_counts_are_checked(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_classifier_takes_texts_and_not_a_text():
    model = SentenceClassifier(lambda texts: np.array([[len(t)] for t in texts]))
    with pytest.raises(NotFittedError):
        model.predict(["a"])
    with pytest.raises(ValueError, match="texts must be a sequence of texts"):
        model.fit("good", [1, 0, 1, 0])


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"lang": ["en"], "text": ["a"]}, "must have the columns language, text"),
        ({"language": ["en", "fr"], "text": ["", "a"]}, "a character in en, got none"),
        ({"language": ["en", None], "text": ["a", "b"]}, "language must be known"),
    ],
)
def test_a_table_of_texts_is_checked(texts, message):
    with pytest.raises(ValueError, match=message):
        token_table(pd.DataFrame(texts), list)
