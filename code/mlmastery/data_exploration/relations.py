"""Relate columns: correlations, associations, and views of many at once."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from mlmastery.data_exploration.chance import cramers_association, crossed
from mlmastery.validation import check_choice

METHODS = ("pearson", "spearman", "cramers_v")


def correlation_table(df: pd.DataFrame, method: str = "pearson") -> pd.DataFrame:
    """Return how strongly each pair of columns goes together.

    Parameters
    ----------
    df : DataFrame
        Missing cells leave out a row for the pairs they concern; infinities count as
        missing.
    method : str, default="pearson"
        ``pearson`` for straight lines and ``spearman`` for any rising or falling
        relation, both of the number columns, in [-1, 1]; ``cramers_v`` of all the
        others, in [0, 1].

    Returns
    -------
    DataFrame of shape (n_columns, n_columns)
        Symmetric; 1 on the diagonal, NaN for constant columns and for pairs that
        share fewer than three rows, since two points always lie on a line.

    Raises
    ------
    ValueError
        If the method is unknown, or fewer than two columns suit it.

    Examples
    --------
    >>> df = pd.DataFrame({"x": [1, 2, 3, 4], "y": [1, 4, 9, 16]})
    >>> correlation_table(df, "spearman").loc["x", "y"].round(2)
    np.float64(1.0)
    """
    check_choice(method, "method", METHODS)
    numbers = _number_columns(df)
    names = numbers if method != "cramers_v" else df.columns.difference(numbers, False)
    if len(names) < 2:
        kind = "categories" if method == "cramers_v" else "numbers"
        raise ValueError(
            f"{method} needs two columns of {kind}, got {list(map(str, names))}"
        )
    if method == "cramers_v":
        return _cramers_table(df[list(names)])
    values = df[list(names)].astype(float).replace([np.inf, -np.inf], np.nan)
    find = pearson if method == "pearson" else _spearman
    table = pd.DataFrame(find(values.to_numpy()), index=values.columns, columns=names)
    return table.where(shared_rows(values).to_numpy() > 2)


def shared_rows(df: pd.DataFrame) -> pd.DataFrame:
    """Count the rows in which both columns of each pair are known and finite.

    Examples
    --------
    >>> shared_rows(pd.DataFrame({"a": [1.0, None, 3.0], "b": [1, 2, 3]})).loc["a", "b"]
    np.int64(2)
    """
    values = df.astype(float).replace([np.inf, -np.inf], np.nan).to_numpy(float)
    known = ~np.isnan(values)
    if known.all():
        n = np.full((df.shape[1],) * 2, len(df))
    else:
        n = np.rint(known.T.astype(float) @ known).astype(np.int64)
    return pd.DataFrame(n, index=df.columns, columns=df.columns)


def pearson(X: np.ndarray) -> np.ndarray:
    """Correlate each pair of columns over the rows that have both, by products only.

    Parameters
    ----------
    X : float array of shape (n_rows, n_columns)
        NaN where a cell is missing.

    Returns
    -------
    ndarray of shape (n_columns, n_columns)

    Examples
    --------
    >>> pearson(np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]])).round(3).tolist()
    [[1.0, -1.0], [-1.0, 1.0]]
    """
    known = ~np.isnan(X)
    M = known.astype(float)
    Z = np.where(known, X, 0.0)
    Z /= np.maximum(_peaks(Z), 1.0)  # sums of the largest numbers stay finite
    Z -= Z.sum(axis=0) / np.maximum(M.sum(axis=0), 1.0)
    Z *= M
    peaks = _peaks(Z)
    Z /= np.where(peaks > 0, peaks, 1.0)
    with np.errstate(all="ignore"):  # columns without values, or without variance
        n, sums, squares = M.T @ M, Z.T @ M, (Z * Z).T @ M
        covariance = Z.T @ Z - sums * sums.T / n
        variance = squares - sums**2 / n  # of the row's column, where both are known
        variance = np.where(variance > 1e-12 * squares, variance, np.nan)
        r = covariance / np.sqrt(variance * variance.T)
    return np.clip((r + r.T) / 2, -1, 1)


def _peaks(Z: np.ndarray) -> np.ndarray:
    """Return the largest absolute value of each column."""
    return np.maximum(Z.max(axis=0, initial=0.0), -Z.min(axis=0, initial=0.0))


def _complete_pearson(rows: np.ndarray) -> np.ndarray:
    """Correlate the rows of an array without gaps; NaN where one does not vary."""
    if not rows.shape[1]:
        return np.full((len(rows), len(rows)), np.nan)
    centred = rows - rows.mean(axis=1, keepdims=True)
    products = centred @ centred.T
    lengths = np.sqrt(np.diag(products))
    with np.errstate(all="ignore"):
        return np.clip(products / np.outer(lengths, lengths), -1, 1)


def _spearman(X: np.ndarray) -> np.ndarray:
    """Correlate ranks, ranked anew among the rows that a pair of columns shares.

    Columns with the same gaps share their rows, and so their ranks.
    """
    known = ~np.isnan(X)
    alike: dict[bytes, list[int]] = {}
    for column, rows in enumerate(known.T):
        alike.setdefault(rows.tobytes(), []).append(column)
    groups = [np.array(columns) for columns in alike.values()]
    codes = np.column_stack([pd.factorize(x, sort=True)[0] for x in X.T])  # -1 is NaN
    table = np.full((X.shape[1], X.shape[1]), np.nan)
    for i, first in enumerate(groups):
        for second in groups[i:]:
            columns = np.unique(np.concatenate([first, second]))
            rows = known[:, first[0]] & known[:, second[0]]
            ranks = [_ranks(codes[rows, column]) for column in columns]
            r = _complete_pearson(np.stack(ranks))
            here = np.ix_(np.isin(columns, first), np.isin(columns, second))
            table[np.ix_(first, second)] = r[here]
            table[np.ix_(second, first)] = r[here].T
    return table


def _number_columns(df: pd.DataFrame) -> pd.Index:
    numeric = [
        name
        for name in df.columns
        if pd.api.types.is_numeric_dtype(df[name])
        and not pd.api.types.is_bool_dtype(df[name])
        and not pd.api.types.is_complex_dtype(df[name])
    ]
    return pd.Index(numeric)


def _ranks(codes: np.ndarray) -> np.ndarray:
    """Return mean ranks of values that are known by their order, 0 for the smallest."""
    counts = np.bincount(codes)
    return (np.cumsum(counts) - (counts - 1) / 2)[codes]


def cramers_v(first: pd.Series, second: pd.Series) -> float:
    """Return the association of two columns of categories, 0 for none, 1 for perfect.

    Corrected for the bias that makes unrelated columns with many categories look
    related.

    Parameters
    ----------
    first, second : Series of shape (n,)
        Categories; rows in which either is missing are left out.

    Returns
    -------
    float
        NaN if either has fewer than two categories.

    References
    ----------
    .. [1] Cramér (1946), "Mathematical Methods of Statistics", section 21.9.
    .. [2] Bergsma (2013), "A Bias-Correction for Cramér's V and Tschuprow's T",
       Journal of the Korean Statistical Society 42(3).

    Examples
    --------
    >>> a = pd.Series(list("xxyy") * 50)
    >>> cramers_v(a, a), cramers_v(a, pd.Series(list("xyxy") * 50))
    (1.0, 0.0)
    """
    codes = pd.factorize(first)[0], pd.factorize(second)[0]
    return cramers_association(crossed(*codes)).effect


def _cramers_table(df: pd.DataFrame) -> pd.DataFrame:
    codes = [pd.factorize(df[name])[0] for name in df.columns]
    table = np.eye(df.shape[1])
    for i, j in zip(*np.triu_indices(len(table), k=1), strict=True):
        value = cramers_association(crossed(codes[i], codes[j])).effect
        table[i, j] = table[j, i] = value
    return pd.DataFrame(table, index=df.columns, columns=df.columns)


def correlation_ratio(groups: pd.Series, values: pd.Series) -> float:
    """Return the share of a number's variance that lies between groups, in [0, 1].

    The square of the "correlation ratio" eta; NaN if the number does not vary.

    Examples
    --------
    >>> correlation_ratio(pd.Series(list("aabb")), pd.Series([1.0, 1.0, 5.0, 5.0]))
    1.0
    """
    array = pd.to_numeric(values).to_numpy(dtype=float, na_value=np.nan)
    both = groups.notna().to_numpy() & np.isfinite(array)
    codes, names = pd.factorize(groups[both])
    numbers = array[both]
    total = ((numbers - numbers.mean()) ** 2).sum() if len(numbers) else 0.0
    if not total > 0:
        return float("nan")
    sizes = np.bincount(codes, minlength=len(names))
    means = np.bincount(codes, weights=numbers) / sizes
    return float((sizes * (means - numbers.mean()) ** 2).sum() / total)


def strongest_pairs(table: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of a correlation table, each once, the strongest first.

    Examples
    --------
    >>> table = pd.DataFrame({"a": [1.0, -0.8], "b": [-0.8, 1.0]}, index=["a", "b"])
    >>> strongest_pairs(table)
       first second  value
    0     a      b   -0.8
    """
    i, j = np.triu_indices(len(table), k=1)
    values = table.to_numpy()[i, j]
    pairs = pd.DataFrame(
        {"first": table.columns[i], "second": table.columns[j], "value": values}
    ).dropna()
    order = pairs["value"].abs().sort_values(ascending=False, kind="stable").index
    return pairs.loc[order].reset_index(drop=True)


@dataclass(frozen=True)
class View:
    """A table of many columns seen in two dimensions.

    Parameters
    ----------
    points : DataFrame of shape (n_rows, 2)
        Indexed like the complete rows of the table.
    loadings : DataFrame of shape (n_columns, 2), optional
        How much each column contributes to each axis (PCA only).
    explained : ndarray of shape (2,), optional
        Share of the variance along each axis (PCA only).
    """

    points: pd.DataFrame
    loadings: pd.DataFrame | None = None
    explained: np.ndarray | None = None


def pca_view(df: pd.DataFrame, *, scale: bool = True) -> View:
    """Look at the number columns along the two directions in which they vary most.

    Parameters
    ----------
    df : DataFrame
        Rows with a missing number are left out.
    scale : bool, default=True
        Whether to standardise first. Without it the column with the largest unit
        decides alone.

    Raises
    ------
    ValueError
        If fewer than two number columns vary or fewer than three rows are complete.

    Examples
    --------
    >>> df = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [2.0, 4.1, 6.0]})
    >>> bool(pca_view(df).explained[0] > 0.99)
    True
    """
    numbers = _complete_numbers(df)
    model = PCA(2)
    points = model.fit_transform(_scaled(numbers) if scale else numbers.to_numpy())
    axes = ["first", "second"]
    return View(
        pd.DataFrame(points, index=numbers.index, columns=axes),
        pd.DataFrame(model.components_.T, index=numbers.columns, columns=axes),
        model.explained_variance_ratio_,
    )


def tsne_view(
    df: pd.DataFrame, *, perplexity: float = 30.0, random_state: int = 0
) -> View:
    """Look at the number columns so that close rows stay close.

    Distances between groups, their sizes and the axes mean nothing.

    Parameters
    ----------
    df : DataFrame
        Rows with a missing number are left out; take a sample above some thousands.
    perplexity : float, default=30.0
        About how many neighbours a row tries to keep; below the number of rows.
    random_state : int, default=0

    Raises
    ------
    ValueError
        As `pca_view`, or if the perplexity does not suit the number of rows.
    """
    numbers = _complete_numbers(df)
    if not 1 <= perplexity < len(numbers):
        raise ValueError(
            f"perplexity must be at least 1 and below the {len(numbers)} complete "
            f"rows, got {perplexity}"
        )
    model = TSNE(perplexity=perplexity, random_state=random_state, init="pca")
    points = model.fit_transform(_scaled(numbers))
    return View(pd.DataFrame(points, index=numbers.index, columns=["first", "second"]))


def _complete_numbers(df: pd.DataFrame) -> pd.DataFrame:
    numbers = df[list(_number_columns(df))].astype(float)
    numbers = numbers.replace([np.inf, -np.inf], np.nan).dropna(axis=1, how="all")
    numbers = numbers.dropna()
    numbers = numbers.loc[:, numbers.nunique() > 1]
    if numbers.shape[1] < 2 or len(numbers) < 3:
        raise ValueError(
            "a view needs two number columns that vary and three complete rows, "
            f"got {numbers.shape[1]} and {len(numbers)}"
        )
    return numbers


def _scaled(numbers: pd.DataFrame) -> np.ndarray:
    return ((numbers - numbers.mean()) / numbers.std(ddof=0)).to_numpy()
