"""Offsets point into the text as it was typed, in every script."""

import time

import pytest

from mlmastery.multilingual_nlp.tagging import (
    EntityFinder,
    entities_in_text,
    spacy_entities,
    token_offsets,
)
from mlmastery.multilingual_nlp.tagging.finder import split_words

TEXTS = {
    "Arabic": "وُلد  نجيب محفوظ في القاهرة.\nثم عاش هناك؟",
    "Hebrew": "ירושלים, תל־אביב",
    "Persian": "مشکل‌ها در تهران",
    "Hindi": "क़लम दिल्ली में है। वह मुंबई गया।",
    "Thai": "กรุงเทพมหานคร",
    "Chinese": "他在北京。她在上海，我们在家！",
    "Decomposed": "Cafe\u0301 de Flore, A\u030angstro\u0308m",
    "Emoji": "👨‍👩‍👧 in Łódź 🇵🇱 now",
    "Joiner": "\u200dMichael \u200d İzmir",
    "Control": "a\x00b \u202eLima\u202c \ufeffRome\r\n\tOslo",
    "Nothing": "",
    "Space": " \n\t ",
    "Signs": "...!?",
    "Unassigned": "\u0378 \U000e0fff x",
}


class EveryToken:
    def predict(self, sentences):
        return [["B-X"] * len(tokens) for tokens in sentences]


class Everything:
    def predict(self, sentences):
        return [["B-X"] + ["I-X"] * (len(s) - 1) if s else [] for s in sentences]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("split", [split_words, list])
@pytest.mark.parametrize("tagger", [EveryToken(), Everything()])
def test_offsets_give_the_name_itself(text, split, tagger):
    entities = EntityFinder(tagger, split).find(text)
    for entity in entities:
        assert text[entity.start : entity.end] == entity.text != ""
    ends = [0, *(entity.end for entity in entities)]
    assert all(e.start >= end for e, end in zip(entities, ends, strict=False))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_words_leave_out_spaces_alone(text):
    kept = "".join(split_words(text))
    assert [c for c in kept if not c.isspace()] == [
        c for c in text if c in kept and not c.isspace()
    ]
    assert all(c.isspace() or c in kept for c in text)


def test_second_of_two_equal_names_has_its_own_place():
    found = EntityFinder(EveryToken()).find("Lima Lima. Lima")
    assert [e[1:3] for e in found if e.text == "Lima"] == [(0, 4), (5, 9), (11, 15)]


def test_words_keep_their_joiners_marks_and_hyphens():
    assert split_words("مشکل‌ها") == ["مشکل‌ها"]
    assert split_words("क़लम मुंबई") == ["क़लम", "मुंबई"]
    assert split_words("L'Aquila Saint-Denis") == ["L'Aquila", "Saint-Denis"]
    assert split_words("e\u0301t\u00e9, 12") == ["e\u0301t\u00e9", ",", "12"]


def test_sequences_end_where_training_ended_them():
    class Counter(EveryToken):
        def predict(self, sentences):
            self.lengths = [len(s) for s in sentences]
            return super().predict(sentences)

    counter = Counter()
    EntityFinder(counter, list).find("来，去。\n好")
    assert counter.lengths == [2, 3, 1]
    EntityFinder(counter, list, ends="。").find("来，去。\n好")
    assert counter.lengths == [5, 1]
    EntityFinder(counter, list, ends="^]-\\").find("a^b]c-d\\e")
    assert counter.lengths == [2, 2, 2, 2, 1]


def test_a_name_between_tokens_keeps_the_spaces_that_were_typed():
    (entity,) = entities_in_text(
        "in  New   York", ["in", "New", "York"], ["O", "B-LOC", "I-LOC"]
    )
    assert entity == ("LOC", 4, 14, "New   York")


def test_tokens_that_were_changed_are_refused():
    with pytest.raises(ValueError, match="must occur in the text in order, got 'lima'"):
        token_offsets("Lima", ["lima"])
    with pytest.raises(ValueError, match="got 'to'"):
        token_offsets("to be", ["to", "be", "to"])
    with pytest.raises(
        ValueError, match="tokens and tags must have one length, got 1 and 0"
    ):
        entities_in_text("a", ["a"], [])


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        (
            "  Marie Curie lived in Paris.",
            "en",
            {("PERSON", "Marie Curie"), ("GPE", "Paris")},
        ),
        (
            "Victor Hugo est mort à Paris.",
            "fr",
            {("PER", "Victor Hugo"), ("LOC", "Paris")},
        ),
        ("", "en", set()),
        ("👨‍👩‍👧 \u200d\x00", "fr", set()),
    ],
)
def test_spacy_models_know_these_names(text, language, expected):
    entities = spacy_entities(text, language)
    assert {(e.label, e.text) for e in entities} == expected
    assert all(text[e.start : e.end] == e.text for e in entities)


def test_spacy_refuses_other_languages_and_books():
    with pytest.raises(ValueError, match="language must be one of en, fr, got 'de'"):
        spacy_entities("Berlin", "de")
    with pytest.raises(ValueError, match="at most 100000 characters, got 100001"):
        spacy_entities("a" * 100_001, "en")


@pytest.mark.parametrize("sign", ["-", "'", "\u0301", "\u200d", "a-", "-a"])
def test_a_long_run_of_signs_is_split_in_linear_time(sign):
    started = time.process_time()
    split_words(sign * 20_000)
    assert time.process_time() - started < 2  # it took 45 seconds


@pytest.mark.parametrize("wrong", [None, b"a", "a\ud800"])
def test_what_is_no_text_has_no_names(wrong):
    with pytest.raises(ValueError, match="text must"):
        EntityFinder(tagger=None).find(wrong)
    with pytest.raises(ValueError, match="text must"):
        spacy_entities(wrong, "en")
