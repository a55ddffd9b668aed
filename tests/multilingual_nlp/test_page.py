"""The failing runs of the page keep failing, and recorded tables make figures."""

import re

import numpy as np
import pytest

from mlmastery.datasets import load_udhr
from mlmastery.ledger import read_ledger, recorded_table
from mlmastery.multilingual_nlp import LanguageIdentifier, normalise, words
from mlmastery.multilingual_nlp import record as recording
from mlmastery.multilingual_nlp.training import hold_out_articles


def test_without_folding_capitals_are_not_recognised():
    texts = load_udhr().query("language in ['en', 'de', 'fr', 'da', 'nb']")
    held = hold_out_articles(texts)
    model = LanguageIdentifier(fold=str)
    model.fit(texts["text"][~held], texts["language"][~held])
    truth, unseen = texts["language"][held], texts["text"][held]
    as_written = np.mean(np.array(model.predict(list(unseen))) == truth)
    upper = [text.upper() for text in unseen]
    in_capitals = np.mean(np.array(model.predict(upper)) == truth)
    assert as_written > 0.95
    assert in_capitals < 0.8


def test_offsets_of_the_normal_form_are_wrong_in_the_original():
    original = "cafe\u0301 in Zu\u0308rich"
    form = normalise(original)
    start = form.text.index("Z")
    assert original[start : start + 6] != "Zu\u0308rich"[:6]
    assert original[slice(*form.span(start, start + 6))] == "Zu\u0308rich"


def test_a_naive_pattern_cuts_a_persian_word():
    word = "مشکل\u200cها"
    assert len(re.findall(r"\w+", word)) == 2
    assert words(word) == [(0, 7)]


def test_recorded_tables_give_the_recorded_figures(monkeypatch):
    monkeypatch.setattr(recording, "fingerprint", lambda name: "0" * 64)
    stored = {f["name"]: f for f in read_ledger("multilingual_nlp")["figures"]}
    figures = [
        *recording.identifier_figures(recorded_table("multilingual_nlp", "race")),
        *recording.retrieval_figures(recorded_table("multilingual_nlp", "retrieval")),
        *recording.tweet_figures(recorded_table("multilingual_nlp", "tweets")),
        *recording.african_figures(recorded_table("multilingual_nlp", "afrisenti")),
    ]
    assert len(figures) == 12 + 4 + 3 + 1
    for figure in figures:
        assert stored[figure.name]["value"] == pytest.approx(figure.value, abs=1e-9)


def test_shares_of_classes_move_in_amharic():
    table = recorded_table("multilingual_nlp", "afrisenti").set_index("language")
    moved = (table["neutral, test"] - table["neutral, train"]).abs()
    assert moved.idxmax() == "amh"
