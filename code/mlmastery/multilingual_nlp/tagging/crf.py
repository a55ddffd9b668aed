"""Tag with CRFsuite on the same features: the rival of the perceptron."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pycrfsuite

from mlmastery.validation import check_count, check_number

from .checks import check_sentences
from .features import word_features
from .perceptron import Features

__all__ = ["CRFTagger"]


class CRFTagger:
    """Fit a linear-chain conditional random field by L-BFGS.

    Parameters
    ----------
    features : callable, default=word_features
        As for `AveragedPerceptronTagger`.
    max_iter : int, default=50
        Iterations of L-BFGS.
    min_count : int, default=2
        Features that training saw less often have no weight.
    penalty : float, default=1.0
        Weight of the squared L2 norm, at least 0.

    References
    ----------
    .. [1] Lafferty, McCallum and Pereira (2001), "Conditional Random Fields", ICML.
    .. [2] Okazaki (2007), CRFsuite: a fast implementation of conditional random fields.

    Examples
    --------
    >>> tagger = CRFTagger(min_count=1)
    >>> _ = tagger.fit([["in", "Lima"], ["a", "day"]], [["O", "B-LOC"], ["O", "O"]])
    >>> tagger.predict([["in", "Lima"]])
    [['O', 'B-LOC']]
    """

    def __init__(
        self,
        features: Features = word_features,
        *,
        max_iter: int = 50,
        min_count: int = 2,
        penalty: float = 1.0,
    ) -> None:
        self.features = features
        self.max_iter = max_iter
        self.min_count = min_count
        self.penalty = penalty

    def fit(
        self, sentences: Sequence[Sequence[str]], tags: Sequence[Sequence[str]]
    ) -> CRFTagger:
        """Learn the weights; the arguments are those of the perceptron's ``fit``."""
        check_sentences(sentences, tags)
        trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
        trainer.set_params(
            {
                "max_iterations": check_count(self.max_iter, "max_iter"),
                "feature.minfreq": check_count(self.min_count, "min_count"),
                "c2": check_number(self.penalty, "penalty"),
            }
        )
        for tokens, row in zip(sentences, tags, strict=True):
            if len(tokens):
                trainer.append(self.features(tokens), list(row))
        with tempfile.TemporaryDirectory() as folder:  # the library writes files only
            path = Path(folder) / "model"
            trainer.train(str(path))
            self.model_ = path.read_bytes()
        return self

    def predict(self, sentences: Iterable[Sequence[str]]) -> list[list[str]]:
        """Return the best sequence of tags for each sentence."""
        tagger = pycrfsuite.Tagger()
        tagger.open_inmemory(self.model_)
        return [tagger.tag(self.features(tokens)) for tokens in sentences]
