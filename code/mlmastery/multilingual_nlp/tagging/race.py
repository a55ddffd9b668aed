"""Train taggers on the same features of the same sentences, and compare them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from mlmastery.ledger import cpu_timed

from .crf import CRFTagger
from .features import word_features
from .perceptron import AveragedPerceptronTagger, Features
from .scoring import f1_difference, f1_interval, score_entities
from .tables import Sentences

__all__ = ["TAGGERS", "race_taggers"]

TAGGERS: dict[str, Any] = {
    "perceptron": AveragedPerceptronTagger,
    "CRFsuite": CRFTagger,
}


def race_taggers(
    train: Sentences,
    test: Sentences,
    features: Features = word_features,
    taggers: Mapping[str, Any] = TAGGERS,
    mode: str = "strict",
) -> pd.DataFrame:
    """Fit each tagger with its defaults and score it on the test sentences.

    Parameters
    ----------
    train, test : tuple of list, list
        Tokens and tags, as `split_sentences` gives them.
    features : callable, default=word_features
        The same for all.
    taggers : mapping of str to class, default=TAGGERS
    mode : {"strict", "conlleval"}

    Returns
    -------
    DataFrame
        ``precision``, ``recall``, ``f1``; ``low`` and ``high`` (95 %, bootstrap over
        sentences); ``gain``, ``gain low``, ``gain high`` of the first tagger's F1 over
        this one's, on the same resamples; ``train s`` and ``test s``, CPU seconds.

    Examples
    --------
    >>> sentences = [["in", "Lima"], ["a", "day"]] * 5, [["O", "B-X"], ["O", "O"]] * 5
    >>> race_taggers(sentences, sentences)["f1"].to_dict()
    {'perceptron': 1.0, 'CRFsuite': 1.0}
    """
    rows, predicted = {}, {}
    for name, kind in taggers.items():
        tagger = kind(features)
        _, train_seconds = cpu_timed(partial(tagger.fit, *train))
        predicted[name], test_seconds = cpu_timed(partial(tagger.predict, test[0]))
        scores = score_entities(test[1], predicted[name], mode)
        low, high = f1_interval(test[1], predicted[name], mode)
        first = next(iter(predicted.values()))
        gain, (least, most) = f1_difference(test[1], first, predicted[name], mode)
        rows[name] = {
            **dict(zip(scores._fields[:3], scores[:3], strict=True)),
            "low": low,
            "high": high,
            "gain": gain,
            "gain low": least,
            "gain high": most,
            "train s": train_seconds,
            "test s": test_seconds,
        }
    return pd.DataFrame(rows).T
