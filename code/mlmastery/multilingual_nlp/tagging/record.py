"""Record the taggers' scores on the Spanish, Dutch and African originals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from mlmastery.datasets import fingerprint, load_conll2002, load_masakhaner
from mlmastery.ledger import Recorded
from mlmastery.spread import Spread

from .race import race_taggers
from .tables import split_sentences

__all__ = ["LANGUAGES", "record_tagging"]

# Data set, its code of the language, and its test part.
LANGUAGES = {
    "Spanish": ("conll2002", "es", "testb"),
    "Dutch": ("conll2002", "nl", "testb"),
    "Hausa": ("masakhaner", "hau", "test"),
    "Swahili": ("masakhaner", "swa", "test"),
    "Yoruba": ("masakhaner", "yor", "test"),
}
PROTOCOLS = {
    "conll2002": "CoNLL-2002, train and testb",
    "masakhaner": "MasakhaNER 2, train and test",
}


def record_tagging(data_dir: Path) -> list[Recorded]:
    """Race the perceptron against CRFsuite on five languages of two originals.

    Both have the same 18 features and their default settings; no part of speech is
    read. Scores are strict, on the official test part.

    Parameters
    ----------
    data_dir : Path
        Holds the folders ``conll2002`` and ``masakhaner2``.

    Returns
    -------
    list of Recorded
        For each language the F1 of both and the perceptron's lead, with intervals by
        the bootstrap over sentences.
    """
    tables = {"conll2002": load_conll2002(), "masakhaner": load_masakhaner()}
    figures: list[Recorded] = []
    for language, (source, code, part) in LANGUAGES.items():
        rows = tables[source][tables[source]["language"] == code]
        train, test = (
            split_sentences(rows[rows["part"] == name]) for name in ("train", part)
        )
        race = race_taggers(train, test)
        figures.extend(_figures(language, race, PROTOCOLS[source], fingerprint(source)))
    return figures


def _figures(
    language: str, race: pd.DataFrame, protocol: str, sha: str
) -> Iterator[Recorded]:
    for name, row in race.iterrows():
        spread = Spread.interval(row["low"], row["high"])
        seconds = row["train s"] + row["test s"]
        label = f"{language} names, {name}"
        yield Recorded(label, row["f1"], spread, "F1", protocol, seconds, sha)
    rival = race.loc["CRFsuite"]
    spread = Spread.interval(rival["gain low"], rival["gain high"])
    label = f"{language} names, perceptron − CRFsuite"
    yield Recorded(label, rival["gain"], spread, "F1 gained", protocol, 0.0, sha)
