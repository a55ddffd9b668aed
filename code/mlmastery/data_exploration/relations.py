"""How columns go together: correlations, association, and views of many at once."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

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
        Symmetric; 1 on the diagonal, NaN for constant columns.

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
    find = _pearson if method == "pearson" else _spearman
    return pd.DataFrame(find(values.to_numpy()), index=values.columns, columns=names)


def _pearson(X: np.ndarray) -> np.ndarray:
    """Correlate each pair of columns over the rows that have both, by products only."""
    known = ~np.isnan(X)
    with np.errstate(all="ignore"):  # a column without values, or without variance
        centre = np.nansum(X, axis=0) / known.sum(axis=0)
        size = np.nanmax(np.abs(np.where(known, X - centre, 0.0)), axis=0)
        Z = np.where(known, (X - centre) / size, 0.0)
    M = known.astype(float)
    with np.errstate(all="ignore"):
        n, sums, squares = M.T @ M, Z.T @ M, (Z * Z).T @ M
        covariance = Z.T @ Z - sums * sums.T / n
        variance = squares - sums**2 / n  # of the row's column, where both are known
        variance = np.where(variance > 1e-12 * squares, variance, np.nan)
        r = covariance / np.sqrt(variance * variance.T)
    return np.clip((r + r.T) / 2, -1, 1)


def _complete_pearson(rows: np.ndarray) -> np.ndarray:
    """Correlate the rows of an array without gaps; NaN where one does not vary."""
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
    counts = _crossed(first, second)
    n, (r, c) = counts.sum(), counts.shape
    if min(r, c) < 2 or n < 2:
        return float("nan")
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    phi2 = ((counts - expected) ** 2 / expected).sum() / n
    phi2 = max(0.0, phi2 - (r - 1) * (c - 1) / (n - 1))
    size = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    return (
        float(round(min(1.0, np.sqrt(phi2 / size)), 12)) if size > 0 else float("nan")
    )


def _crossed(first: pd.Series, second: pd.Series) -> np.ndarray:
    """Count each pair of categories: shape (categories of first, of second)."""
    both = (first.notna() & second.notna()).to_numpy()
    rows, row_names = pd.factorize(first[both])
    columns, column_names = pd.factorize(second[both])
    shape = len(row_names), len(column_names)
    flat = np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1])
    return flat.reshape(shape).astype(float)


def _cramers_table(df: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame(np.eye(df.shape[1]), index=df.columns, columns=df.columns)
    for i, first in enumerate(df.columns):
        for second in df.columns[i + 1 :]:
            value = cramers_v(df[first], df[second])
            table.loc[first, second] = table.loc[second, first] = value
    return table


def correlation_ratio(groups: pd.Series, values: pd.Series) -> float:
    """Return the share of a number's variance that lies between groups, in [0, 1].

    The square of the "correlation ratio" eta; NaN if the number does not vary.

    Examples
    --------
    >>> correlation_ratio(pd.Series(list("aabb")), pd.Series([1.0, 1.0, 5.0, 5.0]))
    1.0
    """
    both = groups.notna() & values.notna() & np.isfinite(values.astype(float))
    codes, names = pd.factorize(groups[both])
    numbers = values[both].to_numpy(float)
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
