"""Target encoding: a category is replaced by its mean outcome in training."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.model_selection import KFold, StratifiedKFold, check_cv
from sklearn.utils.validation import check_is_fitted, validate_data

from mlmastery.validation import as_sample, check_count

__all__ = ["LeakingTargetEncoder", "TargetEncoder", "shrunken_means"]


def shrunken_means(
    codes: np.ndarray, y: np.ndarray, n_categories: int, smooth: float | str = "auto"
) -> np.ndarray:
    """Return the mean of ``y`` in each category, shrunken towards the overall mean.

    Parameters
    ----------
    codes : int array of shape (n_samples,)
        The category of each row, from 0 on.
    y : array of shape (n_samples,)
        The target, in any unit.
    n_categories : int
        Also those without a row here: they get the overall mean.
    smooth : float or "auto", default="auto"
        Pseudo-count m: how many rows with the overall mean are added to each category.
        "auto" takes the ratio of the variance inside the category to that of ``y``.

    Returns
    -------
    ndarray of shape (n_categories,)
        In the unit of ``y``.

    Raises
    ------
    ValueError
        If ``smooth`` is negative or a word other than "auto", a code is not from 0 to
        ``n_categories`` - 1, or ``y`` is empty, holds other than finite numbers or has
        another length.

    References
    ----------
    .. [1] Micci-Barreca (2001), "A Preprocessing Scheme for High-Cardinality
       Categorical Attributes", ACM SIGKDD Explorations 3(1).

    Examples
    --------
    >>> codes, y = np.array([0, 0, 1]), np.array([1.0, 1.0, 0.0])
    >>> shrunken_means(codes, y, 2, smooth=0).round(2)
    array([1., 0.])
    >>> shrunken_means(codes, y, 2, smooth=1).round(2)
    array([0.89, 0.33])
    """
    codes, y = _checked_codes(codes, y, n_categories)
    overall = y.mean()
    counts = np.bincount(codes, minlength=n_categories)
    sums = np.bincount(codes, weights=y, minlength=n_categories)
    means = np.divide(
        sums, counts, out=np.full(n_categories, overall), where=counts > 0
    )
    m = _pseudo_counts(codes, y, means, counts, smooth)
    # Equation 4.2, as a weight so that a category without rows divides nothing.
    weight = np.divide(counts, counts + m, out=np.zeros(n_categories), where=counts > 0)
    return weight * means + (1 - weight) * overall


def _checked_codes(
    codes: Any, y: Any, n_categories: int
) -> tuple[np.ndarray, np.ndarray]:
    codes, y = np.asarray(codes), as_sample(y, "y", 1)
    if codes.shape != y.shape:
        raise ValueError(
            f"codes must have the shape of y, {y.shape}, got {codes.shape}"
        )
    check_count(n_categories, "n_categories")
    if (
        codes.dtype.kind not in "iu"
        or not 0 <= codes.min() <= codes.max() < n_categories
    ):
        raise ValueError(
            f"codes must be whole numbers from 0 to {n_categories - 1}, got {codes!r}"
        )
    return codes, y


def _pseudo_counts(
    codes: np.ndarray,
    y: np.ndarray,
    means: np.ndarray,
    counts: np.ndarray,
    smooth: float | str,
) -> Any:
    """Return m of each category: the constant, or equation 4.3."""
    if not (isinstance(smooth, str) and smooth == "auto"):
        number = float(smooth) if isinstance(smooth, Real) else math.nan
        if isinstance(smooth, bool) or not 0 <= number < math.inf:
            raise ValueError(f"smooth must be 'auto' or at least 0, got {smooth!r}")
        return number
    squares = np.bincount(codes, weights=(y - means[codes]) ** 2, minlength=len(means))
    within = np.divide(squares, counts, out=np.zeros(len(means)), where=counts > 0)
    # A constant y has no variance to divide by; every mean is the same then.
    return within / y.var() if y.var() > 0 else 0.0


class TargetEncoder(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Replace each category by the shrunken mean of the target, without leaking it.

    ``fit_transform`` encodes each training row by the outcomes of *other* rows: those
    outside its fold. ``transform`` encodes new rows by the outcomes of all training
    rows. Encoding the training rows by ``fit(X, y).transform(X)`` is the leaking way.

    Parameters
    ----------
    smooth : float or "auto", default="auto"
        As in `shrunken_means`.
    cv : int or splitter, default=5
        Number of shuffled folds (stratified if ``y`` is 0 and 1), or a splitter that
        tests each row once, such as ``KFold``.
    random_state : int, default=0
        Seed of the folds, if ``cv`` is a number.

    Attributes
    ----------
    target_mean_ : float
        Encoding of an unseen category.
    categories_ : list of Index
        The categories of each column; missing is one of them.
    encodings_ : list of ndarray
        The encoding of each category.

    Raises
    ------
    ValueError
        From ``fit``, if ``y`` does not hold numbers, or ``smooth`` is not valid; from
        ``fit_transform``, if the folds of ``cv`` leave a row out, test it twice, or train
        on it as well.

    References
    ----------
    .. [1] Micci-Barreca (2001), "A Preprocessing Scheme for High-Cardinality
       Categorical Attributes", ACM SIGKDD Explorations 3(1).

    Examples
    --------
    >>> X, y = [["a"], ["a"], ["b"], ["b"]], [1, 1, 0, 0]
    >>> encoder = TargetEncoder(smooth=0, cv=2)
    >>> encoder.fit(X, y).transform([["a"], ["b"], ["new"]]).ravel()
    array([1. , 0. , 0.5])
    """

    def __init__(
        self, smooth: float | str = "auto", cv: Any = 5, random_state: int = 0
    ) -> None:
        self.smooth = smooth
        self.cv = cv
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> TargetEncoder:
        """Compute the encoding of each category from all rows.

        Parameters
        ----------
        X : DataFrame or array of shape (n_samples, n_features)
        y : array of shape (n_samples,)
            Numbers, such as 0 and 1.
        """
        self._fit(X, y)
        return self

    def fit_transform(self, X: Any, y: Any) -> np.ndarray:
        """Fit on all rows, and encode each by the rows outside its fold.

        Returns
        -------
        ndarray of shape (n_samples, n_features)
        """
        codes, y = self._fit(X, y)
        folds = list(self._folds(y).split(codes, y))
        _check_folds(folds, len(y))
        encoded = np.empty(codes.shape)
        for train, test in folds:
            for j, categories in enumerate(self.categories_):
                table = shrunken_means(
                    codes[train, j], y[train], len(categories), self.smooth
                )
                encoded[test, j] = table[codes[test, j]]
        return encoded

    def transform(self, X: Any) -> np.ndarray:
        """Encode rows by the outcomes of all training rows.

        Returns
        -------
        ndarray of shape (n_samples, n_features)
        """
        check_is_fitted(self)
        codes = self._codes(self._validate(X, reset=False))
        columns = zip(codes.T, self.encodings_, strict=True)
        # An unseen category has the code -1, the entry that is appended last.
        encoded = [np.append(table, self.target_mean_)[c] for c, table in columns]
        return np.column_stack(encoded)

    def _fit(self, X: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
        cells, y = self._validate(X, y, reset=True)
        self.target_mean_ = float(y.mean())
        self.categories_ = [pd.Index(pd.unique(column)) for column in cells.T]
        codes = self._codes(cells)
        self.encodings_ = [
            shrunken_means(codes[:, j], y, len(categories), self.smooth)
            for j, categories in enumerate(self.categories_)
        ]
        return codes, y

    def _codes(self, cells: np.ndarray) -> np.ndarray:
        columns = zip(cells.T, self.categories_, strict=True)
        return np.column_stack([known.get_indexer(c) for c, known in columns])

    def _validate(self, X: Any, y: Any = "no_validation", *, reset: bool) -> Any:
        """Return the cells as objects, None where missing, and ``y`` as floats."""
        checked = validate_data(
            self, X, y, reset=reset, dtype=None, ensure_all_finite="allow-nan"
        )
        cells = checked[0] if isinstance(checked, tuple) else checked
        cells = np.where(pd.isna(cells), None, cells.astype(object))
        return (cells, _as_floats(checked[1])) if isinstance(checked, tuple) else cells

    def _folds(self, y: np.ndarray) -> Any:
        if not isinstance(self.cv, Integral):
            return check_cv(self.cv)
        n_folds = check_count(self.cv, "cv", 2)
        kind = StratifiedKFold if set(np.unique(y)) <= {0.0, 1.0} else KFold
        return kind(n_folds, shuffle=True, random_state=self.random_state)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        tags.input_tags.allow_nan = True
        tags.target_tags.required = True
        return tags


class LeakingTargetEncoder(TargetEncoder):
    """Target encoder without folds: a training row's own outcome is in its encoding.

    For the chapter's experiments: on training rows the encoding of a rare category is
    nearly the outcome itself, and on new rows it is not.

    Examples
    --------
    >>> X, y = [["a"], ["b"], ["c"], ["d"]], [1, 1, 0, 0]
    >>> LeakingTargetEncoder(smooth=0).fit_transform(X, y).ravel()
    array([1., 1., 0., 0.])
    >>> TargetEncoder(smooth=0, cv=2).fit_transform(X, y).ravel()
    array([0.5, 0.5, 0.5, 0.5])
    """

    def fit_transform(self, X: Any, y: Any) -> np.ndarray:
        """Fit on all rows and encode the same rows."""
        return self.fit(X, y).transform(X)


def _check_folds(folds: list[Any], n: int) -> None:
    parts = [np.asarray(test) for _, test in folds]
    tested = np.bincount(np.concatenate([np.empty(0, int), *parts]), minlength=n)
    if (tested != 1).any():
        raise ValueError(
            "cv must test each row exactly once, as KFold does, or rows have no "
            f"encoding or several; it leaves out {int((tested == 0).sum())} of {n} "
            f"rows and tests {int((tested > 1).sum())} more than once"
        )
    leaking = sum(int(np.isin(test, train).sum()) for train, test in folds)
    if leaking:
        raise ValueError(
            "cv must encode each row by other rows, or its own outcome leaks; it "
            f"trains on {leaking} rows that it tests in the same fold"
        )


def _as_floats(y: np.ndarray) -> np.ndarray:
    try:
        # NumPy would read a date as its nanoseconds, without a word.
        if np.asarray(y).dtype.kind in "mM":
            raise TypeError
        return np.asarray(y, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(
            f"y must hold numbers, such as 0 and 1, got {np.asarray(y).ravel()[0]!r}"
        ) from None
