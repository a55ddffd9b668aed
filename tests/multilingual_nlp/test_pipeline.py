"""One call for a text; every offset points into the original."""

import json

import numpy as np
import pytest

from mlmastery.datasets import load_udhr
from mlmastery.multilingual_nlp import MultilingualPipeline, words
from mlmastery.multilingual_nlp.tagging import Entity
from mlmastery.multilingual_nlp.training import make_identifier


def capitals(text):
    """Find words in capitals: names, as offsets into the text that is given."""
    spans = [s for s in words(text) if text[s[0]].isupper()]
    return [Entity("X", a, b, text[a:b]) for a, b in spans]


class Cheerful:
    def predict_proba(self, texts):
        share = np.array([text.count("!") / max(len(text), 1) for text in texts])
        return np.column_stack([1 - share, share])


@pytest.fixture(scope="module")
def pipeline():
    texts = load_udhr()
    part = texts[texts["passage"].str.split(".").str[0].astype(int) < 10]
    identifier = make_identifier(part, sizes=(1, 5))
    finders = dict.fromkeys(("en", "fr", "de"), capitals)
    return MultilingualPipeline(identifier, finders, Cheerful())


ACCENTED = "Toute personne a droit a\u0300 la liberte\u0301 d'opinion. E\u0301lise et Andre\u0301!"


def test_names_are_cut_from_the_original(pipeline):
    found = pipeline.process(ACCENTED)
    assert found.language == "fr"
    assert [n.text for n in found.entities] == ["Toute", "E\u0301lise", "Andre\u0301"]
    assert all(ACCENTED[n.start : n.end] == n.text for n in found.entities)


def test_sentences_and_words_are_cut_from_the_original(pipeline):
    found = pipeline.process(ACCENTED)
    first, second = found.sentences
    assert ACCENTED[first.start : first.end].endswith("d'opinion.")
    assert ACCENTED[second.start : second.end] == "E\u0301lise et Andre\u0301!"
    assert [ACCENTED[a:b] for a, b in second.words] == [
        "E\u0301lise",
        "et",
        "Andre\u0301",
    ]
    assert [first.language, found.n_graphemes] == ["fr", len(ACCENTED) - 4]


def test_each_sentence_has_its_language_and_direction(pipeline):
    text = "Everyone has the right to life. لكل فرد حق في الحياة والحرية. 人人有权享有生命。"
    parts = pipeline.process(text).sentences
    assert [p.language for p in parts] == ["en", "ar", "zh"]
    assert [p.direction for p in parts] == ["ltr", "rtl", "ltr"]
    assert [p.script for p in parts] == ["Latin", "Arabic", "Han"]
    assert all(text[p.start : p.end].strip() == text[p.start : p.end] for p in parts)


def test_right_to_left(pipeline):
    found = pipeline.process("لكل فرد حق في الحياة والحرية")
    assert (found.language, found.direction, found.script) == ("ar", "rtl", "Arabic")


def test_tone_where_the_encoder_knows_the_language(pipeline):
    text = "Everyone has the right to life!!"
    assert pipeline.process(text).positive == pytest.approx(2 / len(text))
    hindi = load_udhr().query("language == 'hi' and passage == '1.1'")["text"].iloc[0]
    found = pipeline.process(hindi)
    assert found.positive is None
    assert found.notes == ("tone: the encoder was not trained on hi",)


def test_analysis_is_json(pipeline):
    told = json.loads(json.dumps(pipeline.process(ACCENTED).to_dict()))
    assert told["sentences"][0]["words"][0] == [0, 5]
    assert told["entities"][0]["label"] == "X"
    assert told["text"] == ACCENTED


@pytest.mark.parametrize(
    ("text", "script", "graphemes"),
    [
        ("", "none", 0),
        (" \n", "none", 2),
        ("?!…", "none", 3),
        ("2026", "none", 4),
        ("\u200d", "none", 1),
        ("\u0378\uffff", "none", 2),
        ("😀", "none", 1),
    ],
)
def test_without_a_letter_there_is_no_language(pipeline, text, script, graphemes):
    found = pipeline.process(text)
    assert (found.language, found.probability) == (None, 0.0)
    assert (found.script, found.n_graphemes) == (script, graphemes)
    assert found.notes == ("language: no known letter",)
    assert found.entities == ()


def test_one_letter_gets_no_language_but_a_guess(pipeline):
    found = pipeline.process("a")
    assert found.language is None
    assert 0 < found.probability < 0.5
    assert found.notes[0].startswith("language: not sure enough, best guess")


def test_a_joiner_first_and_a_letter_that_nfc_cuts(pipeline):
    assert pipeline.process("\u200dMichael").sentences[0].words == ((1, 8),)
    found = pipeline.process("\u0958 ok")
    assert found.sentences[0].words == ((0, 1), (2, 4))


def test_capitals_keep_the_language(pipeline):
    text = "Everyone has the right to life"
    assert pipeline.process(text.upper()).language == "en"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (None, "NoneType"),
        (b"a", "bytes"),
        (["a"], "list"),
        ("a\ud800", r"U\+D800 at 1"),
        ("x" * 100_001, "at most 100,000 characters, got 100,001"),
    ],
)
def test_what_cannot_be_processed_is_refused(pipeline, wrong, message):
    with pytest.raises(ValueError, match=message):
        pipeline.process(wrong)


def test_the_longest_text_is_processed(pipeline):
    assert pipeline.process("x" * 100_000).n_graphemes == 100_000


def test_least_decides(pipeline):
    strict = MultilingualPipeline(pipeline.identifier, least=0.999999)
    assert strict.process("Everyone has").language is None
    with pytest.raises(ValueError, match="least must lie between 0 and 1"):
        MultilingualPipeline(pipeline.identifier, least=1.0)


def broken(text):
    raise RuntimeError("no model here")


def outside(text):
    return [Entity("X", 0, 10**6, "")]


@pytest.mark.parametrize(
    ("finder", "told"),
    [
        (broken, "RuntimeError: no model here"),
        (outside, "ValueError: start and end must satisfy"),
        (lambda text: 3, "TypeError"),
    ],
)
def test_a_finder_that_fails_leaves_the_rest(pipeline, finder, told):
    found = MultilingualPipeline(
        pipeline.identifier, {"en": finder}, Cheerful()
    ).process("Everyone has the right to life!")
    assert (found.language, found.entities) == ("en", ())
    assert found.positive > 0
    assert len(found.sentences[0].words) == 6
    (note,) = found.notes
    assert note.startswith("names: the finder for en failed, ")
    assert told in note


def test_a_classifier_that_fails_leaves_the_rest(pipeline):
    found = MultilingualPipeline(
        pipeline.identifier, {"en": capitals}, object()
    ).process("Everyone has the right to life!")
    assert (found.positive, len(found.entities)) == (None, 1)
    assert found.notes[0].startswith("tone: the classifier failed, AttributeError")


PIECES = [
    "E\u0301lise",
    "me\u0301decin",
    "\u0958\u0915\u094d\u200d\u0937",
    "مُحَمَّـــد",
    "שָׁלוֹם",
    "한글",
    "\u1112\u1161\u11ab",
    "\u3131\u314f",
    "北京",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f1e9\U0001f1ea",
    "A\u030a\u0327\u0301",
    "\u0378\uffff",
    "\u200f",
    "\u2067abc\u2069",
    "\r\n",
    "\r",
    ". ",
    " ",
    "İı",
    "2026",
    "\u0301",
]


def test_offsets_point_into_any_mixture_of_scripts(pipeline):
    everything = dict.fromkeys(pipeline.identifier.languages_, capitals_or_any)
    model = MultilingualPipeline(pipeline.identifier, everything, least=1e-9)
    rng = np.random.default_rng(0)
    n_names = 0
    for _ in range(300):
        text = "".join(rng.choice(PIECES, size=rng.integers(1, 12)))
        found = model.process(text)
        n_names += len(found.entities)
        assert not found.notes or found.notes == ("language: no known letter",)
        assert all(text[n.start : n.end] == n.text for n in found.entities)
        ends = [0]
        for part in found.sentences:
            assert ends[-1] <= part.start < part.end <= len(text)
            assert all(part.start <= a < b <= part.end for a, b in part.words)
            ends.append(part.end)
        kept = "".join(text[p.start : p.end] for p in found.sentences)
        assert "".join(kept.split()) == "".join(text.split())
    assert n_names > 300


def capitals_or_any(text):
    return [Entity("X", a, b, text[a:b]) for a, b in words(text)]
