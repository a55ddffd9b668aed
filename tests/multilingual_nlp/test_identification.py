"""The identifier, its calibration and its rivals."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB

from mlmastery.datasets import load_udhr
from mlmastery.multilingual_nlp import (
    LanguageIdentifier,
    character_ngrams,
    cut_pieces,
    race,
)
from mlmastery.multilingual_nlp.training import (
    hold_out_articles,
    make_identifier,
    without_placeholders,
)


@pytest.fixture(scope="module")
def declaration():
    texts = load_udhr()
    return texts[texts["passage"].str.split(".").str[0].astype(int) < 15]


@pytest.fixture(scope="module")
def model(declaration):
    return make_identifier(declaration, sizes=(1, 5))


def on_paper(alpha=1.0):
    model = LanguageIdentifier(longest=1, alpha=alpha)
    return model.fit(["aab", "bbc"], ["xx", "yy"])


def test_probabilities_on_paper():
    # Features: a, b, c and the script of each letter; V = 4.
    # xx: a 2, b 1, <Latin> 3; yy: b 2, c 1, <Latin> 3. Totals 6 + 4.
    model = on_paper()
    p = model.predict_proba(["a"])[0]
    assert p == pytest.approx([3 / 4, 1 / 4])  # (3/10)(4/10) to (1/10)(4/10)
    assert np.exp(model.log_likelihood_).sum(axis=0) == pytest.approx([1, 1])


def test_equals_scikit_learn(declaration):
    part = declaration[declaration["language"].isin(["da", "nb", "zh", "ar"])]
    model = LanguageIdentifier().fit(part["text"], part["language"])
    vectors = CountVectorizer(analyzer=character_ngrams)
    reference = MultinomialNB(alpha=0.1, fit_prior=False)
    reference.fit(vectors.fit_transform(part["text"]), part["language"])
    texts = [*part["text"][::9], "retten", "權利", "zzz", ""]
    expected = reference.predict_proba(vectors.transform(texts))
    np.testing.assert_allclose(model.predict_proba(texts), expected, atol=1e-10)


def test_ngrams_of_a_word():
    grams = character_ngrams("Go-2", longest=4)
    assert grams[:2] == ["g", "o"]
    assert {" go ", " go", "go ", " g", "o "} <= set(grams)
    assert " " not in grams
    assert grams.count("<Latin>") == 2
    assert character_ngrams("12 !?") == []


def test_calibrated_probabilities_are_probabilities(model, declaration):
    p = model.predict_proba([*declaration["text"][::40], "", "1", "x"])
    assert p.sum(axis=1) == pytest.approx(np.ones(len(p)), abs=1e-9)
    assert ((p >= 0) & (p <= 1)).all()


def test_nothing_known_stays_at_the_prior(model):
    assert model.predict_proba(["", "12", "\u200d"]) == pytest.approx(1 / 20)
    assert [model.identify(t) for t in ("", "?!", "\u200d", "\u0378")] == [None] * 4


def test_one_letter_stays_unsure(model):
    for letter in "aeitno":
        assert model.identify(letter).probability < 0.5


def test_capitals_change_nothing(model, declaration):
    texts = declaration.groupby("language")["text"].first().tolist()
    assert len(texts) == 20
    upper = model.predict_proba([text.upper() for text in texts])
    np.testing.assert_array_equal(upper, model.predict_proba(texts))


def test_a_tie_goes_to_the_first_name_each_time():
    model = LanguageIdentifier().fit(["ab", "ab"], ["yy", "xx"])
    guesses = {model.identify("ab") for _ in range(100)}
    assert len(guesses) == 1
    assert guesses.pop().language == "xx"


CODE = """
from mlmastery.multilingual_nlp import LanguageIdentifier
m = LanguageIdentifier().fit(["der die", "the this", "de la"], ["de", "en", "fr"])
print(m.predict_proba(["de", "th", "d"]).tobytes().hex(), m.identify("de"))
"""


def test_two_processes_agree():
    answers = {
        subprocess.run(
            [sys.executable, "-c", CODE],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in "01"
    }
    assert len(answers) == 1


def test_identify_agrees_with_predict(model, declaration):
    texts = declaration["text"][::50].tolist()
    assert [model.identify(t).language for t in texts] == model.predict(texts)
    p = model.predict_proba(texts).max(axis=1)
    assert [model.identify(t).probability for t in texts] == pytest.approx(p)


def test_calibration_keeps_answers_and_lowers_the_loss(declaration):
    held = hold_out_articles(declaration)
    model = LanguageIdentifier().fit(
        declaration["text"][~held], declaration["language"][~held]
    )
    pieces = cut_pieces(declaration["text"][held], declaration["language"][held], [1])
    texts, labels = pieces["text"].tolist(), pieces["label"].tolist()
    columns = [model.languages_.index(name) for name in labels]

    def losses():
        return -model.predict_log_proba(texts)[range(len(texts)), columns].mean()

    answers, before = model.predict(texts), losses()
    model.calibrate(texts, labels)
    assert model.predict(texts) == answers
    assert losses() < before
    best = losses()
    for change in (0.9, 1.1):  # at a minimum in tau
        model.tau_ *= change
        assert losses() >= best - 1e-7
        model.tau_ /= change


def test_temperature_grows_with_length():
    model = on_paper()
    model.tau_, model.gamma_ = 2.0, 1.0
    # "aa": logits 2 (log 3 + log 4) against 2 (log 1 + log 4), over 2 * 4 features
    assert model.predict_proba(["aa"])[0, 0] == pytest.approx(3**0.25 / (1 + 3**0.25))


def test_repeating_a_word_makes_plain_naive_bayes_surer(declaration):
    model = LanguageIdentifier().fit(declaration["text"], declaration["language"])
    once, ten = model.predict_proba(["mand", " ".join(["mand"] * 10)]).max(axis=1)
    assert ten > once


def test_share_of_known_ngrams():
    model = on_paper()
    assert model.known_share("abzz") == 0.5
    assert model.known_share("12") == 0.0


@pytest.mark.parametrize(
    ("texts", "languages", "message"),
    [
        (["a"], ["x", "y"], "got 1 and 2"),
        ([], [], "at least one"),
        (["a", "12"], ["x", "y"], "got none for y"),
    ],
)
def test_wrong_training_data_is_refused(texts, languages, message):
    with pytest.raises(ValueError, match=message):
        LanguageIdentifier().fit(texts, languages)


@pytest.mark.parametrize("settings", [{"longest": 0}, {"alpha": 0}])
def test_wrong_settings_are_refused(settings):
    with pytest.raises(ValueError, match=next(iter(settings))):
        LanguageIdentifier(**settings).fit(["a"], ["x"])


def test_calibrating_on_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="got 'zz'"):
        on_paper().calibrate(["a"], ["zz"])


def test_pieces_do_not_overlap_and_stay_whole():
    pieces = cut_pieces(["a b c, d e"], ["xx"], sizes=[2, 5, 6])
    assert pieces["text"].tolist() == ["a b", "c, d", "a b c, d e"]
    assert pieces["size"].tolist() == [2, 2, 5]


def test_every_fifth_article_is_held_out():
    texts = pd.DataFrame({"passage": ["0.1", "4.1", "9.2", "10.1", "14.1", "29.3"]})
    assert hold_out_articles(texts).tolist() == [False, True, True, False, True, True]


def test_placeholders_leave():
    assert without_placeholders("%(a_b)s und %d <b>{x}</b>").split() == ["und"]


def test_rivals_answer_in_our_codes(model):
    texts = ["Alle har rett til liv og frihet", "人人有权享有生命", "12"]
    rivals = {
        "ours": race.ours(model),
        "py3langid": race.py3langid(["nb", "zh"]),
        "langdetect": race.langdetect(["nb", "zh"]),
        "lingua": race.lingua(["nb", "zh"]),
    }
    answers, milliseconds = race.race_identifiers(rivals, texts)
    for name in rivals:
        assert answers[name]["language"][:2].tolist() == ["nb", "zh"]
        assert answers[name]["probability"].between(0, 1).all()
    assert answers["ours"]["language"][2] == ""
    assert (milliseconds >= 0).all()


def test_summary_counts_hits():
    answers, _ = race.race_identifiers(
        {"en": lambda text: ("en", 0.75)}, ["a", "b", "c", "d"]
    )
    row = race.summarise(answers, ["en", "en", "en", "de"]).loc["en"]
    assert row.to_dict() == {"accuracy": 0.75, "confidence": 0.75, "ECE": 0.0}


@pytest.mark.parametrize(
    ("texts", "languages", "message"),
    [
        ("der", ["de"] * 3, "texts must be a sequence of texts, got a str"),
        (["der"], "de", "languages must be a sequence of names, got a str"),
        (
            ["der", "the"],
            ["de", np.nan],
            "languages must be names such as 'en', got nan",
        ),
        (["der", "the"], ["de"], "at least one, got 2 and 1"),
        ([], [], "at least one, got 0 and 0"),
    ],
)
def test_texts_and_languages_are_checked_in_fit_and_calibrate(
    texts, languages, message
):
    fitted = LanguageIdentifier().fit(["der die", "the this"], ["de", "en"])
    for learn in (LanguageIdentifier().fit, fitted.calibrate):
        with pytest.raises(ValueError, match=message):
            learn(texts, languages)


def test_an_identifier_that_learned_nothing_says_so():
    model = LanguageIdentifier()
    for call in (
        lambda: model.predict(["a"]),
        lambda: model.identify("a"),
        lambda: model.known_share("a"),
        lambda: model.calibrate(["a"], ["de"]),
    ):
        with pytest.raises(NotFittedError, match="call fit first"):
            call()


def test_one_text_is_no_list_of_texts():
    model = LanguageIdentifier().fit(["der die", "the this"], ["de", "en"])
    with pytest.raises(
        ValueError, match="texts must be a sequence of texts, got a str"
    ):
        model.predict("this")
    with pytest.raises(ValueError, match="longest must be a whole number"):
        character_ngrams("abc", 0)


def test_pieces_need_a_label_each():
    with pytest.raises(ValueError, match="one entry per text, got 1 and 2"):
        cut_pieces(["a b"], ["x", "y"])
