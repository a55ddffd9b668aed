"""Train on the past, test on what follows, walk on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mlmastery.validation import check_count

__all__ = ["WalkForwardSplit"]


class WalkForwardSplit:
    """Folds in the order of time, with an embargo around each test part.

    Row i has features that are known before it and a label of the rows i to
    ``i + horizon - 1``. Rows whose labels reach into the other part are left out.

    Parameters
    ----------
    n_train : int
        Rows to train on, before gaps.
    n_test : int
        Rows to test on; also the step from fold to fold.
    horizon : int, default=1
        Rows that a label spans.
    embargo : int, default=0
        Rows left out besides, on each side of the test part.
    expanding : bool, default=False
        Whether training starts at the first row in every fold.
    train_after : bool, default=False
        Whether rows after the test part are trained on too. That is for choosing
        settings, not for measuring a forecast.

    Examples
    --------
    >>> cv = WalkForwardSplit(n_train=4, n_test=2, horizon=2)
    >>> [(a.tolist(), b.tolist()) for a, b in cv.split(range(9))]
    [([0, 1, 2], [4, 5]), ([2, 3, 4], [6, 7])]
    """

    def __init__(
        self,
        n_train: int,
        n_test: int,
        *,
        horizon: int = 1,
        embargo: int = 0,
        expanding: bool = False,
        train_after: bool = False,
    ):
        self.n_train = check_count(n_train, "n_train")
        self.n_test = check_count(n_test, "n_test")
        self.horizon = check_count(horizon, "horizon")
        self.embargo = check_count(embargo, "embargo", minimum=0)
        self.expanding = expanding
        self.train_after = train_after
        if self.gap >= n_train:
            raise ValueError(
                f"n_train must be above horizon - 1 + embargo, got {n_train} and "
                f"{self.gap}"
            )

    @property
    def gap(self) -> int:
        """Rows left out on each side of a test part."""
        return self.horizon - 1 + self.embargo

    def split(
        self, X: Any, y: Any = None, groups: Any = None
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the rows to train on and the rows to test on, fold by fold.

        Raises
        ------
        ValueError
            If there are too few rows for one fold.
        """
        n = len(X)
        for k in range(self.get_n_splits(X)):
            start = self.n_train + k * self.n_test
            stop = start + self.n_test
            first = 0 if self.expanding else start - self.n_train
            train = np.arange(first, start - self.gap)
            if self.train_after:
                after = np.arange(stop + self.gap, min(n, stop + self.n_train))
                train = np.concatenate([train, after])
            yield train, np.arange(start, stop)

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Return the number of whole folds in these rows."""
        if X is None:
            raise ValueError("X must be given, got None: the rows give the folds")
        # A test label needs horizon - 1 rows after its own.
        n_folds = (len(X) - self.n_train - self.horizon + 1) // self.n_test
        if n_folds < 1:
            needed = self.n_train + self.n_test + self.horizon - 1
            raise ValueError(f"X must have at least {needed} rows, got {len(X)}")
        return n_folds
