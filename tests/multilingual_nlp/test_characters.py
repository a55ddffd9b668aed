"""Units of a text, normal forms and the way back, scripts and directions."""

import random
import unicodedata

import numpy as np
import pandas as pd
import pytest

from mlmastery.multilingual_nlp import (
    describe_text,
    direction,
    fold_case,
    graphemes,
    main_script,
    normalise,
    script_shares,
    sentences,
    words,
)
from mlmastery.multilingual_nlp.characters import check_texts

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
PERSIAN = "مشکل\u200cها"
FORMS = ("NFC", "NFD", "NFKC", "NFKD")
ALPHABET = [
    *"aeiouAZ ß1!",
    *"\u0301\u0308\u0327\u0323\u00e9\u1e69\ufb01\u0130\u0131",
    *"\u0915\u0958\u093c\u094d\u093e\u09c7\u09be",
    *"\u1112\u1161\u11ab\ud55c\uae00",
    *"\u0627\u0653\u0644\ufefb\u05e9\u05c1",
    *"\u200c\u200d\uff76\uff9e\u3042\u6771\u0378\uffff",
    "\U0001f468",
]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("\u00e9", (1, 1, 2, 1, 2)),
        ("e\u0301", (1, 2, 3, 1, 2)),
        ("\u0958", (1, 1, 3, 2, 2)),
        ("\ud55c\uae00", (2, 2, 6, 2, 6)),
        (FAMILY, (1, 7, 25, 7, 7)),
    ],
)
def test_units_of_known_texts(text, counts):
    units = describe_text(text)
    names = ("graphemes", "code points", "bytes", "NFC", "NFD")
    assert tuple(units[name] for name in names) == counts


def test_ligature_falls_apart_under_compatibility_only():
    units = describe_text("\ufb01")
    assert (units["NFC"], units["NFD"], units["NFKC"], units["NFKD"]) == (1, 1, 2, 2)


def random_texts(n, seed=0):
    rng = random.Random(seed)
    return ["".join(rng.choices(ALPHABET, k=rng.randint(0, 9))) for _ in range(n)]


@pytest.mark.parametrize("form", FORMS)
def test_cluster_by_cluster_equals_the_whole(form):
    for text in random_texts(1500):
        assert normalise(text, form).text == unicodedata.normalize(form, text), ascii(
            text
        )


@pytest.mark.parametrize("form", FORMS)
def test_spans_cover_the_original_in_order(form):
    for text in random_texts(300, seed=1):
        result = normalise(text, form)
        if result.text:
            assert result.span(0, len(result.text)) == (0, len(text))
        spans = [result.span(i, i + 1) for i in range(len(result.text))]
        assert spans == sorted(spans)
        for (start, end), c in zip(spans, result.text, strict=True):
            assert c in unicodedata.normalize(form, text[start:end])


def test_span_maps_past_an_accent():
    result = normalise("cafe\u0301 Zu\u0308rich")
    start = result.text.index("Z")
    assert result.span(start, start + 6) == (6, 13)
    assert normalise("abc").span(1, 2) == (1, 2)


@pytest.mark.parametrize("span", [(0, 0), (2, 1), (-1, 1), (0, 4)])
def test_span_outside_the_text_is_refused(span):
    with pytest.raises(ValueError, match=r"0 <= start < end <= 3"):
        normalise("abc").span(*span)


def test_unknown_form_is_refused():
    with pytest.raises(ValueError, match="form must be one of NFC"):
        normalise("a", "NFX")


@pytest.mark.parametrize("text", ["Straße", "ı", "İstanbul", "ΣΊΣΥΦΟΣ", "ﬁn", "ŉ"])
def test_a_text_and_its_capitals_fold_alike(text):
    assert fold_case(text) == fold_case(text.upper())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (PERSIAN, [PERSIAN]),
        ("don't stop", ["don't", "stop"]),
        ("東京Tower", ["東", "京", "Tower"]),
        ("e\u0301te\u0301 2026!", ["e\u0301te\u0301", "2026"]),
        ("\u200dMichael", ["Michael"]),
        ("\u200d ... \u200c", []),
        ("'quoted'", ["quoted"]),
        ("\u0915\u094d\u200d\u0937", ["\u0915\u094d\u200d\u0937"]),
    ],
)
def test_words(text, found):
    assert [text[start:end] for start, end in words(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two!", ["One.", "Two!"]),
        ("  One.\nTwo ", ["One.", "Two"]),
        ("我来。你去？", ["我来。", "你去？"]),
        ("3.5 apples", ["3.5 apples"]),
        ("\n \n", []),
        ("", []),
    ],
)
def test_sentences(text, found):
    assert [text[start:end] for start, end in sentences(text)] == found


def test_graphemes_join_to_the_text():
    assert graphemes(FAMILY + "e\u0301") == [FAMILY, "e\u0301"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", "ltr"),
        ("12 שלום abc", "rtl"),
        ("abc שלום", "ltr"),
        ("!? مرحبا", "rtl"),
        ("1, 2!", "neutral"),
        ("", "neutral"),
        ("\u2067abc\u2069 שלום", "rtl"),  # the isolate is passed over
        ("\u2069abc", "ltr"),  # an end without a beginning changes nothing
        ("\u2067a\u2067b\u2069c\u2069ש", "rtl"),
    ],
)
def test_direction(text, expected):
    assert direction(text) == expected


def test_scripts():
    assert script_shares("aab\u4e1c!") == {"Latin": 0.75, "Han": 0.25}
    assert main_script("Ⴀ" * 2 + "a") == "Georgian"
    assert main_script("\u13a0") == "other"  # Cherokee is not in the list
    assert main_script("२ + २") == "none"


@pytest.mark.parametrize(
    "function", [graphemes, words, sentences, direction, fold_case]
)
@pytest.mark.parametrize(
    ("wrong", "message"), [(None, "NoneType"), (b"a", "bytes"), ("a\udc00", "U\\+DC00")]
)
def test_what_is_no_text_is_refused(function, wrong, message):
    with pytest.raises(ValueError, match=message):
        function(wrong)


# Compatibility letters of Korean: NFKC joins letters of several clusters.
JAMO = "\u3131\u314f \uffa1\uffc2\uffa1 \u1102\u314fx\u3134"


@pytest.mark.parametrize("form", FORMS)
def test_korean_letters_normalise_as_the_whole(form):
    result = normalise(JAMO, form)
    assert result.text == unicodedata.normalize(form, JAMO)
    assert result.span(0, len(result.text)) == (0, len(JAMO))


def test_a_korean_syllable_comes_from_its_two_letters():
    result = normalise("a\u3131\u314fb", "NFKC")
    assert result.text == "a\uac00b"
    assert [result.span(i, i + 1) for i in range(3)] == [(0, 1), (1, 3), (3, 4)]


def test_an_isolate_ends_with_its_paragraph():
    assert direction("\u2067\nabc") == "ltr"


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("abc", "texts must be a sequence of texts, got a str"),
        (b"abc", "got a bytes"),
        (None, "got a NoneType"),
        ({"a": 1}, "got a dict"),
        (pd.DataFrame({"text": ["a"]}), "got a DataFrame"),
        (["a", None], "text must be a str, got NoneType"),
        (pd.Series(["a", None], dtype="string"), "text must be a str, got NAType"),
    ],
)
def test_what_is_no_sequence_of_texts_is_refused(texts, message):
    with pytest.raises(ValueError, match=message):
        check_texts(texts)


def test_texts_come_in_any_sequence():
    for texts in (["a"], ("a",), pd.Series(["a"], index=[7]), np.array(["a"])):
        assert check_texts(texts) == ["a"]
