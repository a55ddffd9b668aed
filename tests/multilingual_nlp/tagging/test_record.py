"""Recorded figures: each language's own rows, its official test part, both taggers."""

import pandas as pd
import pytest

from mlmastery.ledger import read_ledger
from mlmastery.multilingual_nlp.tagging import record as module
from mlmastery.multilingual_nlp.tagging.record import LANGUAGES, record_tagging

PARTS = {
    "conll2002": ("train", "testa", "testb"),
    "masakhaner": ("train", "dev", "test"),
}


def table(source):
    """Return sentences "in <city>", whose city is a name in train and test parts only."""
    rows = []
    for name, code, test in LANGUAGES.values():
        for part in PARTS[name] if name == source else ():
            tag = "B-LOC" if part in ("train", test) else "B-PER"
            for n in range(6):
                rows += [
                    (code, part, n, "in", "O"),
                    (code, part, n, f"{code}City", tag),
                ]
    return pd.DataFrame(rows, columns=["language", "part", "sentence", "token", "tag"])


@pytest.fixture
def figures(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "load_conll2002", lambda: table("conll2002"))
    monkeypatch.setattr(module, "load_masakhaner", lambda: table("masakhaner"))
    monkeypatch.setattr(module, "fingerprint", lambda name: name[0].encode().hex() * 32)
    return {figure.name: figure for figure in record_tagging(tmp_path)}


def test_three_figures_for_each_language(figures):
    assert list(figures) == [
        f"{language} names, {what}"
        for language in LANGUAGES
        for what in ("perceptron", "CRFsuite", "perceptron − CRFsuite")
    ]
    for name, figure in figures.items():
        gained = "−" in name
        assert figure.value == (0 if gained else 1), name
        assert figure.metric == ("F1 gained" if gained else "F1")
        assert figure.spread.kind == "interval"
        assert (figure.cpu_seconds == 0) == gained


def test_each_figure_names_its_data(figures):
    assert figures["Dutch names, CRFsuite"].protocol == "CoNLL-2002, train and testb"
    assert figures["Hausa names, CRFsuite"].protocol == "MasakhaNER 2, train and test"
    hashes = {
        name.split()[0]: figure.data_sha256[:2] for name, figure in figures.items()
    }
    assert hashes == {
        "Spanish": "63",
        "Dutch": "63",
        "Hausa": "6d",
        "Swahili": "6d",
        "Yoruba": "6d",
    }


def test_ledger_holds_what_the_book_says_of_2002():
    recorded = {
        figure["name"]: figure for figure in read_ledger("multilingual_nlp")["figures"]
    }
    spanish, dutch = (
        recorded[f"{name} names, perceptron"]["value"] for name in ("Spanish", "Dutch")
    )
    assert 0.77 < spanish < 0.8139
    assert dutch > 0.7705
