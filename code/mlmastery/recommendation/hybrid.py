"""A hybrid: two rankings on one scale, and their weighted mean."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd

from mlmastery.validation import check_number

from .content import ContentModel
from .ranking import EASE

__all__ = ["HybridRanker"]


class HybridRanker:
    """Blend EASE with the content of films, user by user.

    Each model's scores of a user are standardised over the films; a film that EASE
    cannot score has its lowest.

    Parameters
    ----------
    content : ContentModel
    ranker : EASE
    weight : float, default=0.1
        Of the content, from 0 to 1.
    """

    def __init__(
        self, content: ContentModel, ranker: EASE, weight: float = 0.1
    ) -> None:
        self.content = content
        self.ranker = ranker
        self.weight = weight

    def fit(self, ratings: pd.DataFrame) -> Self:
        """Fit both models."""
        check_number(self.weight, "weight", 0, 1)
        self.content.fit(ratings)
        self.ranker.fit(ratings)
        return self

    @property
    def items_(self) -> pd.Index:
        """All films that the content describes."""
        return self.content.items_

    def scores(self, users: Any) -> np.ndarray:
        """Return a weighted mean of standard scores, shape (n_users, n_films)."""
        films = self.ranker.items_[self.ranker.kept_]
        known = self.ranker.scores(users)[:, self.ranker.kept_]
        together = np.repeat(known.min(axis=1, keepdims=True), len(self.items_), axis=1)
        together[:, self.items_.get_indexer(films)] = known
        ours, theirs = _standard(together), _standard(self.content.scores(users))
        return (1 - self.weight) * ours + self.weight * theirs


def _standard(scores: np.ndarray) -> np.ndarray:
    spread = scores.std(axis=1, keepdims=True)
    return (scores - scores.mean(axis=1, keepdims=True)) / np.where(
        spread > 0, spread, 1
    )
