"""Count words and n-grams, and weigh the counts: bag of words and TF-IDF by hand.

>>> bag = BagOfWords().fit(["good movie", "bad bad movie"])
>>> bag.transform(["bad bad"]).toarray()
array([[2., 0., 0.]])
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from mlmastery.validation import as_numbers, check_choice, check_count

__all__ = [
    "IDF",
    "BagOfWords",
    "TfidfWeights",
    "as_counts",
    "as_flags",
    "check_labels",
    "check_texts",
    "idf_table",
    "ngrams",
]

# Inverse document frequency in five tools: n documents, df of them with the term.
IDF: dict[str, Callable[[Any, int], Any]] = {
    "scikit-learn": lambda df, n: np.log((1 + n) / (1 + df)) + 1,
    "Spark ML": lambda df, n: np.log((1 + n) / (1 + df)),
    "tidytext": lambda df, n: np.log(n / df),
    "textrecipes": lambda df, n: np.log(1 + n / df),
    "gensim": lambda df, n: np.log2(n / df),
}


def check_texts(texts: Iterable[str], name: str = "texts") -> list[str]:
    """Return the texts as a list, or raise where one is no text.

    Raises
    ------
    TypeError
        If ``texts`` is one str, a table, a dict or a set, or an entry is not a str.

    Examples
    --------
    >>> check_texts("one text")
    Traceback (most recent call last):
        ...
    TypeError: texts must be a list of str, got one str: put it into a list
    """
    if isinstance(texts, str):
        raise TypeError(
            f"{name} must be a list of str, got one str: put it into a list"
        )
    # A table and a dict would give the names of their columns, a set has no order.
    named = isinstance(texts, (pd.DataFrame, Mapping, Set))
    if named or not isinstance(texts, Iterable):
        kind = type(texts).__name__
        raise TypeError(f"{name} must be a list or one column of str, got a {kind}")
    listed = list(texts)
    for i, text in enumerate(listed):
        if not isinstance(text, str):
            raise TypeError(
                f"{name} must hold str only, got {type(text).__name__} at row {i}"
            )
    return listed


def check_labels(labels: Any, n: int, name: str = "labels") -> np.ndarray:
    """Return one label for each text as an array, or raise.

    Raises
    ------
    ValueError
        If there are not ``n`` in one row, or one is missing.

    Examples
    --------
    >>> check_labels(["good", None], 2)
    Traceback (most recent call last):
        ...
    ValueError: labels must not be missing, got None at row 1
    """
    values = np.asarray(labels, dtype=object)
    if values.ndim != 1:
        raise ValueError(f"{name} must be one row of labels, got shape {values.shape}")
    if len(values) != n:
        raise ValueError(
            f"{name} must be one per text, got {len(values)} for {n} texts"
        )
    for row in np.flatnonzero(pd.isna(values))[:1]:
        raise ValueError(
            f"{name} must not be missing, got {values[row]!r} at row {row}"
        )
    array = np.asarray(labels)
    return np.array(values.tolist()) if array.dtype == object else array


def as_flags(values: Any, name: str, n: int | None = None) -> np.ndarray:
    """Return one row of truth values, or raise: NumPy takes "no" and NaN for true.

    Raises
    ------
    ValueError
        If a value is not true, false, 1 or 0, or there are not ``n`` in one row.

    Examples
    --------
    >>> as_flags([0.2, 0.9], "predicted")
    Traceback (most recent call last):
        ...
    ValueError: predicted must hold true or false only, got 0.2 at row 0
    """
    array = np.asarray(values)
    if array.ndim != 1 or (n is not None and len(array) != n):
        wanted = "" if n is None else f"{n} "
        raise ValueError(
            f"{name} must be {wanted}truth values in one row, got shape {array.shape}"
        )
    if array.dtype != bool:
        for row, value in enumerate(array.tolist()):
            if not (isinstance(value, (Real, np.bool_)) and value in (0, 1)):
                raise ValueError(
                    f"{name} must hold true or false only, got {value!r} at row {row}"
                )
    return array.astype(bool)


def as_counts(counts: Any, name: str = "counts") -> sparse.csr_matrix:
    """Return counts as a sparse matrix with a row for each text, or raise.

    Raises
    ------
    ValueError
        If there is not one row a text, or a count is not a number of 0 or more.

    Examples
    --------
    >>> as_counts([[1, -1]])
    Traceback (most recent call last):
        ...
    ValueError: counts must be finite and 0 or more, got -1
    """
    if not sparse.issparse(counts):
        counts = as_numbers(counts, name)
        if counts.ndim != 2:
            raise ValueError(
                f"{name} must have a row for each text, got shape {counts.shape}"
            )
    table = sparse.csr_matrix(counts, dtype=float)
    for value in table.data[~((table.data >= 0) & (table.data < np.inf))][:1]:
        raise ValueError(f"{name} must be finite and 0 or more, got {value:g}")
    return table


def ngrams(tokens: list[str], longest: int) -> list[str]:
    """Return all runs of one to ``longest`` neighbouring tokens.

    Examples
    --------
    >>> ngrams(["not", "very", "good"], 2)
    ['not', 'very', 'good', 'not very', 'very good']
    """
    if isinstance(tokens, str):
        raise TypeError(f"tokens must be a list of str, got one str: {tokens!r}")
    last = len(tokens) + 1
    return [
        " ".join(tokens[i : i + n])
        for n in range(1, longest + 1)
        for i in range(last - n)
    ]


class BagOfWords(TransformerMixin, BaseEstimator):
    """Count how often each n-gram of the training texts occurs in a text.

    Parameters
    ----------
    longest : int, default=1
        Tokens in the longest n-gram.
    min_df : int, default=1
        Texts in which an n-gram must occur to get a column.
    binary : bool, default=False
        Whether to note only that an n-gram occurs.
    preprocess : callable, optional
        From a text to tokens joined by spaces; by default the text is split at white
        space as it is.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Column of each n-gram, in alphabetical order.

    Examples
    --------
    >>> bag = BagOfWords(longest=2).fit(["not good"])
    >>> list(bag.vocabulary_)
    ['good', 'not', 'not good']
    """

    def __init__(
        self,
        longest: int = 1,
        min_df: int = 1,
        binary: bool = False,
        preprocess: Callable[[str], str] | None = None,
    ) -> None:
        self.longest = longest
        self.min_df = min_df
        self.binary = binary
        self.preprocess = preprocess

    def fit(self, texts: Iterable[str], y: Any = None) -> BagOfWords:
        """Learn the columns and return self.

        Raises
        ------
        TypeError
            If an entry is not a str.
        ValueError
            If a setting is out of its range or no n-gram is frequent enough.
        """
        check_count(self.longest, "longest")
        check_count(self.min_df, "min_df")
        df: Counter[str] = Counter()
        for terms in self._terms(texts):
            df.update(set(terms))
        kept = sorted(term for term, count in df.items() if count >= self.min_df)
        if not kept:
            raise ValueError(
                f"texts must hold an n-gram that occurs in {self.min_df} of them, "
                "got none"
            )
        self.vocabulary_ = {term: column for column, term in enumerate(kept)}
        return self

    def transform(self, texts: Iterable[str]) -> sparse.csr_matrix:
        """Return counts, a sparse matrix of shape (n_texts, n_terms)."""
        check_is_fitted(self)
        rows, columns, values = [], [], []
        n = 0
        for row, terms in enumerate(self._terms(texts)):
            counts = Counter(t for t in terms if t in self.vocabulary_)
            rows += [row] * len(counts)
            columns += [self.vocabulary_[term] for term in counts]
            values += [1 if self.binary else count for count in counts.values()]
            n = row + 1
        shape = (n, len(self.vocabulary_))
        return sparse.csr_matrix((np.array(values, float), (rows, columns)), shape)

    def fit_transform(
        self, texts: Iterable[str], y: Any = None, **fit_params: Any
    ) -> sparse.csr_matrix:
        """Learn the columns and return the counts, also of texts that come once only."""
        listed = check_texts(texts)
        return self.fit(listed).transform(listed)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the n-grams in the order of the columns."""
        check_is_fitted(self)
        return np.array(list(self.vocabulary_), dtype=object)

    def _terms(self, texts: Iterable[str]) -> Iterator[list[str]]:
        prepare = self.preprocess or str
        for text in check_texts(texts):
            prepared = prepare(text)
            if not isinstance(prepared, str):
                kind = type(prepared).__name__
                raise TypeError(
                    f"preprocess must return tokens joined by spaces, got a {kind}"
                )
            yield ngrams(prepared.split(), self.longest)


class TfidfWeights(TransformerMixin, BaseEstimator):
    """Multiply counts by the rarity of their terms, then scale rows to length one.

    Parameters
    ----------
    formula : str, default="scikit-learn"
        A key of `IDF`.

    Attributes
    ----------
    idf_ : ndarray of shape (n_terms,)
        Inverse document frequency.

    Raises
    ------
    ValueError
        From ``fit``, if the formula is unknown, or divides by the zero texts of a term.

    Examples
    --------
    >>> counts = np.array([[1.0, 0.0], [1.0, 1.0]])
    >>> TfidfWeights().fit(counts).idf_.round(3)
    array([1.   , 1.405])
    """

    def __init__(self, formula: str = "scikit-learn") -> None:
        self.formula = formula

    def fit(self, counts: Any, y: Any = None) -> TfidfWeights:
        """Learn the document frequencies and return self."""
        check_choice(self.formula, "formula", IDF)
        counts = as_counts(counts)
        n, df = counts.shape[0], np.asarray((counts > 0).sum(axis=0)).ravel()
        if self.formula not in ("scikit-learn", "Spark ML") and not df.all():
            raise ValueError(
                f"the formula of {self.formula} must see each term in a text, got a "
                "term in none"
            )
        self.idf_ = IDF[self.formula](df, n)
        return self

    def transform(self, counts: Any) -> sparse.csr_matrix:
        """Return the weights, a sparse matrix of the shape of ``counts``."""
        check_is_fitted(self)
        counts = as_counts(counts)
        if counts.shape[1] != len(self.idf_):
            raise ValueError(
                f"counts must have the {len(self.idf_)} columns of the fit, "
                f"got {counts.shape[1]}"
            )
        weights = counts @ sparse.diags(self.idf_)
        length = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
        # A text without a known term has length zero and stays zero.
        return sparse.diags(1 / np.where(length == 0, 1, length)) @ weights


def idf_table(df: dict[str, int], n: int) -> pd.DataFrame:
    """Return the inverse document frequencies of some terms by the five formulas.

    Parameters
    ----------
    df : dict of str to int
        In how many of the ``n`` texts each term occurs.
    n : int

    Examples
    --------
    >>> idf_table({"good": 2, "the": 3}, 3).loc["good", "gensim"].round(3)
    np.float64(0.585)
    """
    check_count(n, "n")
    counts = np.array([check_count(d, f"df[{t!r}]", 1, n) for t, d in df.items()])
    table = {name: formula(counts, n) for name, formula in IDF.items()}
    return pd.DataFrame(table, index=list(df))
